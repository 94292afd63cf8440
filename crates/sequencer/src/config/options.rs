//! Each setting: its name, what it is for, and how its text becomes a value.

use super::Config;
use crate::rate::Rate;
use std::fmt::Write as _;
use std::str::FromStr;
use thoughtstream_serve::Policy;
use thoughtstream_serve::headers::is_origin;

/// One setting. `--name`, `THOUGHTSTREAM_NAME` and `name = …` in the file are the same.
pub(super) struct Setting {
    pub(super) name: &'static str,
    value: &'static str,
    help: &'static str,
    pub(super) set: fn(&mut Config, &str) -> Result<(), String>,
}

const fn setting(
    name: &'static str,
    value: &'static str,
    help: &'static str,
    set: fn(&mut Config, &str) -> Result<(), String>,
) -> Setting {
    Setting { name, value, help, set }
}

pub(super) const OPTIONS: &[Setting] = &[
    setting("listen", "ADDRESS:PORT", "where to listen [127.0.0.1:8080]", |config, text| {
        parse(text).map(|value| config.listen = value)
    }),
    setting("data", "FOLDER", "where the embedded database lives [data]", |config, text| {
        parse(text).map(|value| config.data = value)
    }),
    setting(
        "database-url",
        "URL",
        "PostgreSQL in place of the embedded database: postgres://user:password@host/name",
        |config, text| {
            config.database_url = Some(text.to_owned());
            match text.parse::<tokio_postgres::Config>() {
                Ok(_) if text.starts_with("postgres") => Ok(()),
                _ => Err("is not a postgres:// address".to_owned()),
            }
        },
    ),
    setting("database-connections", "N", "connections to PostgreSQL [16]", |config, text| {
        at_least_one(text).map(|value| config.database_connections = value)
    }),
    setting("dist", "FOLDER", "the built app, to serve it as well", |config, text| {
        parse(text).map(|value| config.dist = Some(value))
    }),
    setting(
        "public-url",
        "URL",
        "where people reach the server, for invitation links [http://localhost:PORT]",
        |config, text| {
            origin_like(text)?;
            config.public_url = Some(text.to_owned());
            Ok(())
        },
    ),
    setting(
        "allow-origin",
        "ORIGINS",
        "origins of apps that are served elsewhere, by commas: https://journal.example",
        |config, text| {
            for origin in list(text) {
                origin_like(origin)?;
                config.allow_origins.push(origin.trim_end_matches('/').to_owned());
            }
            Ok(())
        },
    ),
    setting(
        "connect-origin",
        "ORIGINS",
        "sequencers on other origins that the served app may talk to, by commas [none]",
        |config, text| {
            let origin = |item: &str| item.trim_end_matches('/').to_owned();
            let origins: Vec<String> = list(text).map(origin).collect();
            config.policy = Policy::connecting_to(&origins).map_err(|error| error.to_string())?;
            Ok(())
        },
    ),
    setting(
        "trusted-proxy",
        "ADDRESSES",
        "reverse proxies whose X-Forwarded-For is believed, by commas",
        |config, text| {
            for address in list(text) {
                config.trusted_proxies.push(parse(address)?);
            }
            Ok(())
        },
    ),
    setting("metrics", "ADDRESS:PORT", "where Prometheus may ask [nowhere]", |config, text| {
        parse(text).map(|value| config.metrics = Some(value))
    }),
    setting("log", "LEVEL", "error, warn, info, debug or a filter [info]", |config, text| {
        config.log = text.to_owned();
        parse::<tracing_subscriber::EnvFilter>(text).map(drop)
    }),
    setting("quota-bytes", "BYTES", "sealed bytes of one vault [4G]", |config, text| {
        bytes(text).map(|value| config.quota_bytes = value)
    }),
    setting(
        "files-bytes",
        "BYTES",
        "sealed bytes of photos and files of one vault [16G]",
        |config, text| bytes(text).map(|value| config.files_bytes = value),
    ),
    setting("row-bytes", "BYTES", "sealed bytes of one change [1M]", |config, text| {
        bytes(text).map(|value| config.row_bytes = value)
    }),
    setting("batch-changes", "N", "changes in one push [1000]", |config, text| {
        at_least_one(text).map(|value| config.batch_changes = value)
    }),
    setting("batch-bytes", "BYTES", "bytes of one push [4M]", |config, text| {
        bytes(text).map(|value| config.batch_bytes = value)
    }),
    setting("page-bytes", "BYTES", "bytes of one pulled page [4M]", |config, text| {
        bytes(text).map(|value| config.page_bytes = value)
    }),
    setting("invitation-hours", "N", "how long an invitation is good [168]", |config, text| {
        at_least_one(text).map(|value| config.invitation_hours = value)
    }),
    setting("connections", "N", "open connections in all [20000]", |config, text| {
        at_least_one(text).map(|value| config.connections = value)
    }),
    setting(
        "connections-per-address",
        "N",
        "open connections of one address, trusted proxies excepted [256]",
        |config, text| at_least_one(text).map(|value| config.connections_per_address = value),
    ),
    setting("rate-address", "N", "requests of an address, a second [100]", |config, text| {
        rate(text, &mut config.rate_address)
    }),
    setting("rate-vault", "N", "requests of a vault, a second [100]", |config, text| {
        rate(text, &mut config.rate_vault)
    }),
    setting("rate-door", "N", "logins of an address, a second [1]", |config, text| {
        rate(text, &mut config.rate_door)
    }),
];

/// What `--help` prints.
#[must_use]
pub fn usage() -> String {
    let mut out = "\
thoughtstream-sequencer [serve]   serve until told to stop
thoughtstream-sequencer invite    print another invitation link
thoughtstream-sequencer doctor    look at database, clock, disk and settings; say what to do
thoughtstream-sequencer health    ask the running server whether it is ready

Each setting is a flag (--quota-bytes 1G), a variable (THOUGHTSTREAM_QUOTA_BYTES=1G) or a line of
the file that --config FILE names (quota-bytes = \"1G\"). The flag wins, then the variable.

"
    .to_owned();
    for Setting { name, value, help, .. } in OPTIONS {
        let flag = format!("--{name} {value}");
        // Writing to a String cannot fail.
        let _ = writeln!(out, "  {flag:<34} {help}");
    }
    out
}

fn parse<T: FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error| format!("`{text}`: {error}"))
}

fn at_least_one<T: FromStr<Err: std::fmt::Display> + Default + PartialEq>(
    text: &str,
) -> Result<T, String> {
    let value = parse(text)?;
    if value == T::default() { Err("must be at least 1".to_owned()) } else { Ok(value) }
}

/// A number of bytes: 4096, 64k, 4M, 2G.
fn bytes(text: &str) -> Result<u64, String> {
    let (digits, unit) = match text.as_bytes().last() {
        Some(b'k' | b'K') => (&text[..text.len() - 1], 1 << 10),
        Some(b'M') => (&text[..text.len() - 1], 1 << 20),
        Some(b'G') => (&text[..text.len() - 1], 1 << 30),
        _ => (text, 1),
    };
    let value: u64 = at_least_one(digits)?;
    // The databases count in 63 bits.
    let value = value.checked_mul(unit).filter(|value| i64::try_from(*value).is_ok());
    value.ok_or_else(|| format!("`{text}` is too much"))
}

fn rate(text: &str, rate: &mut Rate) -> Result<(), String> {
    at_least_one(text).map(|value| rate.per_second = value)
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

/// A scheme and a host: no path, and no `*`, which would let every page in.
fn origin_like(text: &str) -> Result<(), String> {
    let fits = is_origin(text.trim_end_matches('/'));
    fits.then_some(()).ok_or_else(|| format!("`{text}` is not like https://journal.example"))
}
