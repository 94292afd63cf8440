//! What the commands of the README run: `cargo xtask serve`, `test`, `bench`, `ci`.

mod build;
mod finish;
mod journeys;
mod protocol;
mod root;
mod tasks;
mod tools;

use lexopt::prelude::{Long, Value, ValueExt};

const USAGE: &str = "\
cargo xtask serve [--port 8080]  build the app in release mode and serve it
cargo xtask test                 run every test, those in browsers included
cargo xtask ci                   formatting, lints, documentation, then every test
cargo xtask bench [arguments]    measure the app beside its peers; writes docs/benchmarks.md
cargo xtask build [--old]        build dist/; with --old also dist-old/, the same app with another
                                 version, for tests of the update
cargo xtask simulate [--seed X | --seeds N [--from X]]
                                 live through seeds of the simulation
cargo xtask pictures             take the pictures of the README and the manifest anew
cargo xtask protocol             write docs/protocol.md from the documentation of core::wire
cargo xtask setup                install what building and testing need
cargo xtask finish-dist          (run by trunk) name the files, write boot and service worker";

fn main() -> anyhow::Result<()> {
    let mut arguments = lexopt::Parser::from_env();
    let command = match arguments.next()? {
        Some(Value(command)) => command.string()?,
        Some(Long("help")) | None => {
            println!("{USAGE}");
            return Ok(());
        }
        Some(other) => return Err(other.unexpected().into()),
    };
    match command.as_str() {
        "serve" => tasks::serve(port(arguments)?),
        "test" => none_left(arguments).and_then(|()| tasks::test()),
        "ci" => none_left(arguments).and_then(|()| tasks::ci()),
        "bench" => tasks::bench(&arguments.raw_args()?.collect::<Vec<_>>()),
        "build" => tasks::build(old(arguments)?),
        "setup" => none_left(arguments).and_then(|()| tasks::setup()),
        "simulate" => tasks::simulate(&arguments.raw_args()?.collect::<Vec<_>>()),
        "pictures" => none_left(arguments).and_then(|()| tasks::pictures()),
        "protocol" => none_left(arguments).and_then(|()| protocol::render()),
        "finish-dist" => none_left(arguments).and_then(|()| finish::from_trunk()),
        other => anyhow::bail!("there is no command `{other}`; these are:\n{USAGE}"),
    }
}

fn port(mut arguments: lexopt::Parser) -> anyhow::Result<u16> {
    let mut port = 8080;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("port") => port = arguments.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(port)
}

fn old(mut arguments: lexopt::Parser) -> anyhow::Result<bool> {
    match arguments.next()? {
        Some(Long("old")) => none_left(arguments).map(|()| true),
        Some(other) => Err(other.unexpected().into()),
        None => Ok(false),
    }
}

fn none_left(mut arguments: lexopt::Parser) -> anyhow::Result<()> {
    match arguments.next()? {
        Some(other) => Err(other.unexpected().into()),
        None => Ok(()),
    }
}
