//! Settings: flags win over the environment, that over the file, that over what is built in.

mod options;

pub use options::usage;

use crate::rate::Rate;
use options::{OPTIONS, Setting};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use thoughtstream_serve::Policy;

/// What the program is told to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Serve until told to stop.
    Serve,
    /// Print another invitation link.
    Invite,
    /// Look whether everything is as it should be, and say what to do.
    Doctor,
    /// Ask a running server whether it is ready: for a container's health check.
    Health,
    /// Print every setting.
    Help,
}

/// A setting that cannot be used, with its name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

/// All settings, as `--help` explains them.
#[derive(Debug, Clone)]
pub struct Config {
    pub listen: SocketAddr,
    pub data: PathBuf,
    pub database_url: Option<String>,
    pub database_connections: usize,
    pub dist: Option<PathBuf>,
    pub policy: Policy,
    pub public_url: Option<String>,
    pub allow_origins: Vec<String>,
    pub trusted_proxies: Vec<IpAddr>,
    pub metrics: Option<SocketAddr>,
    pub log: String,
    pub quota_bytes: u64,
    pub row_bytes: u64,
    pub batch_changes: u64,
    pub files_bytes: u64,
    pub batch_bytes: u64,
    pub page_bytes: u64,
    pub invitation_hours: u64,
    pub connections: usize,
    pub connections_per_address: usize,
    pub rate_address: Rate,
    pub rate_vault: Rate,
    pub rate_door: Rate,
}

impl Default for Config {
    fn default() -> Self {
        let rate = |per_second, burst_seconds| Rate { per_second, burst_seconds };
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data: PathBuf::from("data"),
            database_url: None,
            database_connections: 16,
            dist: None,
            policy: Policy::default(),
            public_url: None,
            allow_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            metrics: None,
            log: "info".to_owned(),
            quota_bytes: 4 << 30,
            row_bytes: 1 << 20,
            batch_changes: 1000,
            files_bytes: 16 << 30,
            batch_bytes: 4 << 20,
            page_bytes: 4 << 20,
            invitation_hours: 7 * 24,
            connections: 20_000,
            connections_per_address: 256,
            // A first upload of 100,000 changes, a hundred at a time, is 1,000 requests at once.
            rate_address: rate(100, 30),
            rate_vault: rate(100, 30),
            rate_door: rate(1, 60),
        }
    }
}

impl Config {
    /// Reads everything there is: the arguments after the program's name, the environment, and
    /// the file that one of them names.
    ///
    /// # Errors
    /// Names the first setting that is unknown or has a value that it cannot have.
    pub fn read(
        arguments: impl IntoIterator<Item = String>,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<(Command, Self), ConfigError> {
        let (command, flags) = read_flags(arguments)?;
        let mut config = Self::default();
        let named = flags.iter().rev().find(|(name, _)| name == "config");
        let file = named.map(|(_, value)| value.clone());
        if let Some(path) = file.or_else(|| environment("THOUGHTSTREAM_CONFIG")) {
            config.read_file(Path::new(&path))?;
        }
        for Setting { name, set, .. } in OPTIONS {
            let variable = format!("THOUGHTSTREAM_{}", name.to_uppercase().replace('-', "_"));
            if let Some(value) = environment(&variable) {
                set(&mut config, &value).map_err(|text| wrong(&variable, &text))?;
            }
        }
        for (name, value) in flags.iter().filter(|(name, _)| name != "config") {
            config.set(name, value).map_err(|text| wrong(&format!("--{name}"), &text))?;
        }
        config.check()?;
        Ok((command, config))
    }

    fn read_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let place = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| wrong(&place, &error))?;
        let table: toml::Table = text.parse().map_err(|error| wrong(&place, &error))?;
        for (name, value) in table {
            let value = match value {
                toml::Value::String(text) => text,
                toml::Value::Array(items) => {
                    let text = |item: &toml::Value| item.as_str().map(ToOwned::to_owned);
                    let items: Option<Vec<String>> = items.iter().map(text).collect();
                    items
                        .ok_or_else(|| wrong(&format!("{place}: {name}"), &"expects texts"))?
                        .join(",")
                }
                toml::Value::Integer(number) => number.to_string(),
                _ => return Err(wrong(&format!("{place}: {name}"), &"expects a text or a number")),
            };
            self.set(&name, &value).map_err(|text| wrong(&format!("{place}: {name}"), &text))?;
        }
        Ok(())
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let setting = OPTIONS.iter().find(|setting| setting.name == name);
        let Some(setting) = setting else {
            return Err("there is no such setting; --help lists them".to_owned());
        };
        (setting.set)(self, value)
    }

    /// What must fit together.
    fn check(&self) -> Result<(), ConfigError> {
        if self.row_bytes + 64 > self.batch_bytes {
            return Err(wrong("batch-bytes", &"must be more than row-bytes, with 64 to spare"));
        }
        if let Some(dist) = self.dist.as_ref().filter(|dist| !dist.join("index.html").is_file()) {
            let text = format!("no index.html in {}: build the app first", dist.display());
            return Err(wrong("dist", &text));
        }
        Ok(())
    }

    /// Where people reach the server, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None if self.listen.ip().is_loopback() || self.listen.ip().is_unspecified() => {
                format!("http://localhost:{}", self.listen.port())
            }
            None => format!("http://{}", self.listen),
        }
    }
}

fn wrong(place: &str, text: &dyn std::fmt::Display) -> ConfigError {
    ConfigError(format!("{place}: {text}"))
}

type Flags = Vec<(String, String)>;

fn read_flags(
    arguments: impl IntoIterator<Item = String>,
) -> Result<(Command, Flags), ConfigError> {
    use lexopt::prelude::{Long, Short, Value};
    let mut parser = lexopt::Parser::from_args(arguments);
    let (mut command, mut flags) = (None, Vec::new());
    while let Some(argument) = parser.next().map_err(|error| wrong("arguments", &error))? {
        match argument {
            Long("help") | Short('h') => return Ok((Command::Help, Vec::new())),
            Long(name) => {
                let name = name.to_owned();
                let value = parser.value().map_err(|error| wrong(&format!("--{name}"), &error))?;
                flags.push((name, value.to_string_lossy().into_owned()));
            }
            Value(word) if command.is_none() => {
                command = Some(match word.to_string_lossy().as_ref() {
                    "serve" => Command::Serve,
                    "invite" => Command::Invite,
                    "doctor" => Command::Doctor,
                    "health" => Command::Health,
                    "help" => Command::Help,
                    other => return Err(wrong(other, &"there is no such command; see --help")),
                });
            }
            other => return Err(wrong("arguments", &other.unexpected())),
        }
    }
    Ok((command.unwrap_or(Command::Serve), flags))
}
