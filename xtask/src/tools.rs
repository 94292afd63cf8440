//! What building and testing need besides Rust: each looked for first, installed where it is
//! missing. This is the one place where their versions stand (Trunk.toml and Cargo.toml repeat
//! wasm-bindgen's, because both refuse any other).

use crate::root::{cargo, npm_tools, program, root, run};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

/// The target that the app is compiled for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// What a build needs.
pub(crate) const BUILD: &[Tool] = &[
    Tool { source: Source::Target(WASM), why: "the app runs in the browser as wasm" },
    Tool { source: Source::Library, why: "compiles the standard library for few bytes" },
    debian("clang", "clang", "compiles SQLite to wasm"),
    debian("llvm", "llvm-ar", "packs the SQLite that clang compiled"),
    debian("nodejs", "node", "runs wasm-opt"),
    debian("npm", "npm", "fetches wasm-opt, and axe for the tests"),
    crates("trunk", "trunk", "0.21.14", true, "builds the page"),
    // Its lock file asks for a version that no longer builds, so it goes without.
    crates("wasm-bindgen-cli", "wasm-bindgen", "0.2.130", false, "joins wasm and JavaScript"),
    npm("binaryen", "132.0.0", "has wasm-opt, which makes the wasm a third smaller"),
];

/// What the tests need besides.
pub(crate) const TEST: &[Tool] = &[
    debian("chromium", "chromium", "one of the browsers that the tests drive"),
    debian("chromium-driver", "chromedriver", "drives Chromium"),
    debian("firefox-esr", "firefox-esr", "one of the browsers that the tests drive"),
    crates("geckodriver", "geckodriver", "0.37.1", true, "drives Firefox"),
    debian("webkit2gtk-driver", "WebKitWebDriver", "a browser that cannot keep a journal"),
    debian("xvfb", "Xvfb", "a screen for the browser that has no headless mode"),
    debian_file(
        "fonts-noto-core",
        "/usr/share/fonts/truetype/noto/NotoSerif-Regular.ttf",
        "the letters of the screenshots",
    ),
    debian_file(
        "fonts-noto-cjk",
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "Chinese, Japanese and Korean letters",
    ),
    debian_file(
        "postgresql",
        "/usr/lib/postgresql/15/bin/initdb",
        "the sequencer is tested on a PostgreSQL of the tests' own",
    ),
    npm("axe-core", "4.14.1", "checks the accessibility of every screen"),
];

/// One thing that is needed, and what for.
pub(crate) struct Tool {
    source: Source,
    why: &'static str,
}

enum Source {
    /// A target of the Rust in use.
    Target(&'static str),
    /// The source of the standard library of the Rust in use.
    Library,
    /// A package of Debian, there if its program or file is, whoever installed it.
    Debian { package: &'static str, there: There },
    /// A program from the Cargo registry, at exactly this version.
    Crates { package: &'static str, program: &'static str, version: &'static str, locked: bool },
    /// A package from npm, kept in the project's own folder.
    Npm { package: &'static str, version: &'static str },
}

enum There {
    Program(&'static str),
    File(&'static str),
}

const fn debian(package: &'static str, program: &'static str, why: &'static str) -> Tool {
    Tool { source: Source::Debian { package, there: There::Program(program) }, why }
}

const fn debian_file(package: &'static str, file: &'static str, why: &'static str) -> Tool {
    Tool { source: Source::Debian { package, there: There::File(file) }, why }
}

const fn crates(
    package: &'static str,
    program: &'static str,
    version: &'static str,
    locked: bool,
    why: &'static str,
) -> Tool {
    Tool { source: Source::Crates { package, program, version, locked }, why }
}

const fn npm(package: &'static str, version: &'static str, why: &'static str) -> Tool {
    Tool { source: Source::Npm { package, version }, why }
}

/// Installs those of the tools that are missing, Debian's packages all at once and first.
pub(crate) fn install(tools: &[Tool]) -> anyhow::Result<()> {
    let missing: Vec<&Tool> = tools.iter().filter(|tool| !tool.source.is_there()).collect();
    for tool in &missing {
        println!("installing {}: {}", tool.source.name(), tool.why);
    }
    let packages: Vec<&str> = missing.iter().filter_map(|tool| tool.source.package()).collect();
    if !packages.is_empty() {
        run(apt_get().arg("update"))?;
        run(apt_get().args(["install", "--yes", "--no-install-recommends"]).args(packages))?;
    }
    missing.iter().try_for_each(|tool| tool.source.install())
}

impl Source {
    fn name(&self) -> String {
        match self {
            Self::Target(name) => (*name).to_owned(),
            Self::Library => "rust-src".to_owned(),
            Self::Debian { package, .. } => (*package).to_owned(),
            Self::Crates { package, version, .. } | Self::Npm { package, version } => {
                format!("{package} {version}")
            }
        }
    }

    fn is_there(&self) -> bool {
        match self {
            Self::Target(name) => answer("rustc", &["--print", "target-libdir", "--target", name])
                .is_some_and(|folder| Path::new(folder.trim()).is_dir()),
            Self::Library => answer("rustc", &["--print", "sysroot"]).is_some_and(|folder| {
                let source =
                    Path::new(folder.trim()).join("lib/rustlib/src/rust/library/Cargo.lock");
                source.exists()
            }),
            Self::Debian { there: There::Program(name), .. } => is_on_path(name),
            Self::Debian { there: There::File(path), .. } => Path::new(path).exists(),
            Self::Crates { program, version, .. } => answer(program, &["--version"])
                .is_some_and(|text| text.split_whitespace().nth(1) == Some(version)),
            Self::Npm { package, version } => {
                let manifest = npm_tools().join("node_modules").join(package).join("package.json");
                fs::read_to_string(manifest)
                    .is_ok_and(|text| text.contains(&format!("\"version\": \"{version}\"")))
            }
        }
    }

    /// The package to ask Debian for.
    fn package(&self) -> Option<&'static str> {
        match self {
            Self::Debian { package, .. } => Some(package),
            _ => None,
        }
    }

    /// Installs what does not come from Debian.
    fn install(&self) -> anyhow::Result<()> {
        match self {
            Self::Target(name) => run(program("rustup").args(["target", "add", name])),
            Self::Library => run(program("rustup").args(["component", "add", "rust-src"])),
            Self::Debian { .. } => Ok(()),
            Self::Crates { package, version, locked, .. } => {
                cargo_install(package, version, *locked)
            }
            Self::Npm { package, version } => {
                let folder = npm_tools();
                fs::create_dir_all(&folder)?;
                run(program("npm")
                    .args(["install", "--no-audit", "--no-fund", "--prefix"])
                    .arg(folder)
                    .arg(format!("{package}@{version}")))
            }
        }
    }
}

/// Compiles a tool the quick way: it runs for seconds, and would else compile for minutes.
fn cargo_install(package: &str, version: &str, locked: bool) -> anyhow::Result<()> {
    let mut command = cargo(&["install", package, "--version", version, "--force"]);
    if locked {
        command.arg("--locked");
    }
    run(command
        .env("CARGO_TARGET_DIR", root().join("target/tools/build"))
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "false"))
}

/// `apt-get` as root, through sudo where that is not who we are.
fn apt_get() -> Command {
    let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    let mut command = program(if is_root { "env" } else { "sudo" });
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    command
}

fn is_on_path(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

/// What a program says, if it is there and content.
fn answer(name: &str, arguments: &[&str]) -> Option<String> {
    let output = program(name).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
