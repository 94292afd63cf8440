//! `thoughtstream-serve [--dist dist] [--port 8080]`

use lexopt::prelude::{Long, ValueExt};
use std::io;
use std::path::PathBuf;
use thoughtstream_serve::Server;

fn main() -> Result<(), lexopt::Error> {
    let mut dist = PathBuf::from("dist");
    let mut port = 8080;
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("dist") => dist = arguments.value()?.into(),
            Long("port") => port = arguments.value()?.parse()?,
            other => return Err(other.unexpected()),
        }
    }
    let server = Server::start(dist, port).map_err(|error| explain(port, &error))?;
    println!("ThoughtStream is at {}", server.url());
    server.wait();
    Ok(())
}

fn explain(port: u16, error: &io::Error) -> lexopt::Error {
    let advice = match error.kind() {
        io::ErrorKind::AddrInUse => "; choose another one with --port",
        _ => "",
    };
    format!("cannot serve on port {port}: {error}{advice}").into()
}
