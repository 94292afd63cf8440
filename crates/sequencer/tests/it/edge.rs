//! The edge: slow clients, too many of them, other origins, the app, settings, health.

use crate::process::program;
use crate::stage::{Kind, NOON, Place};
use crate::stories::push;
use std::fs;
use thoughtstream_caller::{Caller, changes, device};
use thoughtstream_core::wire::Code;
use thoughtstream_sequencer::config::{Command, Config};
use thoughtstream_sequencer::rate::{Rate, Rates, Who};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn who_sends_slowly_is_cut_off_and_nobody_else() {
    let mut place = Place::new(Kind::Sqlite);
    place.config.connections_per_address = 60;
    place.header_patience = std::time::Duration::from_secs(1);
    let server = place.serve().await;
    let (person, incarnation) = server.vault(1).await;
    let mut caller = server.enter(&person, 1).await;
    let mut slow = Vec::new();
    for _ in 0..40 {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(b"GET /v1/limits HTTP/1.1\r\nhost: x\r\nx-slow: ").await.unwrap();
        slow.push(stream);
    }
    caller.push(&push(incarnation, changes(device(1), NOON, 0, 9, 50))).await.unwrap().unwrap();
    // A body that does not come is answered after its time, and the connection is closed.
    let token = caller.token.unwrap().to_hex();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "POST /v1/push HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
         content-length: 1000\r\n\r\n\x01"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&answer));
    // Their heads never come, and hyper's timer ends them.
    for mut stream in slow {
        stream.read_to_end(&mut Vec::new()).await.unwrap();
    }
}

#[tokio::test]
async fn one_address_has_so_many_connections() {
    let mut place = Place::new(Kind::Sqlite);
    place.config.connections_per_address = 3;
    let server = place.serve().await;
    let mut callers: Vec<Caller> = (0..3).map(|_| server.caller()).collect();
    for caller in &mut callers {
        caller.limits().await.unwrap();
    }
    assert!(server.caller().limits().await.is_err(), "a fourth is turned away");
    callers.pop();
    while server.caller().limits().await.is_err() {
        tokio::task::yield_now().await;
    }
}

#[test]
fn buckets_empty_and_fill_again() {
    let rate = |per_second, burst_seconds| Rate { per_second, burst_seconds };
    let rates = Rates::new(rate(10, 2), rate(1, 3), rate(100, 30));
    let (one, other) = (Who::Address([1, 2, 3, 4].into()), Who::Address([1, 2, 3, 5].into()));
    assert!((0..20).all(|_| rates.count(one, NOON).is_ok()));
    assert_eq!(rates.count(one, NOON), Err(1));
    assert_eq!(rates.count(other, NOON), Ok(()), "another address has a bucket of its own");
    assert!((0..10).all(|_| rates.count(one, NOON + 1000).is_ok()));
    assert_eq!(rates.count(one, NOON + 1000), Err(1));
    let neighbours: [std::net::IpAddr; 2] =
        ["2001:db8::1", "2001:db8::ffff:1"].map(|ip| ip.parse().unwrap());
    assert_eq!(Who::address(neighbours[0]), Who::address(neighbours[1]));
    // However many addresses come, memory stays what it is.
    for n in 0..200_000_u32 {
        rates.count(Who::Door(std::net::Ipv4Addr::from_bits(n).into()), NOON).unwrap();
    }
}

/// A first upload of 100,000 changes, a hundred at a time, passes under what is built in.
#[test]
fn a_first_upload_passes() {
    let built_in = Config::default();
    let rates = Rates::new(built_in.rate_address, built_in.rate_door, built_in.rate_vault);
    for who in [Who::Address([1, 2, 3, 4].into()), Who::Vault(1)] {
        assert!((0..1000).all(|_| rates.count(who, NOON).is_ok()), "{who:?}");
    }
}

#[tokio::test]
async fn too_many_logins_are_told_to_wait() {
    let mut place = Place::new(Kind::Sqlite);
    place.config.rate_door = Rate { per_second: 1, burst_seconds: 3 };
    let server = place.serve().await;
    let mut caller = server.caller();
    for _ in 0..3 {
        let reply = caller.send("POST", "/v1/token", vec![1]).await.unwrap();
        assert_eq!(reply.code(), Some(Code::Malformed));
    }
    let reply = caller.send("POST", "/v1/token", vec![1]).await.unwrap();
    assert_eq!(
        (reply.code(), &reply.headers["retry-after"]),
        (Some(Code::TooMany), &"1".parse().unwrap())
    );
    server.clock.forward(1000);
    let reply = caller.send("POST", "/v1/token", vec![1]).await.unwrap();
    assert_eq!(reply.code(), Some(Code::Malformed));
}

#[tokio::test]
async fn only_the_origins_that_were_named_may_ask() {
    let mut place = Place::new(Kind::Sqlite);
    place.config.allow_origins = vec!["https://journal.example".to_owned()];
    let server = place.serve().await;
    for (origin, allowed) in [
        ("https://journal.example", true),
        ("https://journal.example.evil", false),
        ("null", false),
    ] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let head = format!(
            "OPTIONS /v1/push HTTP/1.1\r\nhost: x\r\norigin: {origin}\r\nconnection: close\r\n\
             access-control-request-method: POST\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let said = answer.contains(&format!("access-control-allow-origin: {origin}\r\n"));
        assert_eq!(said, allowed, "{answer}");
        assert!(!answer.contains("allow-credentials"), "{answer}");
    }
}

#[tokio::test]
async fn it_serves_the_app_as_the_little_server_does() {
    let mut place = Place::new(Kind::Sqlite);
    let dist = tempfile::tempdir().unwrap();
    fs::write(dist.path().join("index.html"), "<title>the app</title>").unwrap();
    place.config.dist = Some(dist.path().to_owned());
    let server = place.serve().await;
    let mut caller = server.caller();
    let page = caller.send("GET", "/", vec![]).await.unwrap();
    assert_eq!(&page.body[..], b"<title>the app</title>");
    for (name, value) in thoughtstream_serve::headers::SECURITY {
        assert_eq!(page.headers[name], value);
    }
    for (path, status) in [("/missing.js", 404), ("/v1/missing", 404), ("/healthz", 200)] {
        assert_eq!(caller.send("GET", path, vec![]).await.unwrap().status, status, "{path}");
    }
    assert_eq!(caller.send("GET", "/readyz", vec![]).await.unwrap().status, 200);
    let named = ["--connect-origin", "https://a.example/,https://b.example:8443"];
    place.config.policy = read(&named, &[]).unwrap().1.policy;
    let page = place.serve().await.caller().send("GET", "/", vec![]).await.unwrap();
    let said = page.headers["content-security-policy"].to_str().unwrap();
    assert!(
        said.contains("connect-src 'self' https://a.example https://b.example:8443;"),
        "{said}"
    );
}

fn read(flags: &[&str], variables: &[(&str, &str)]) -> Result<(Command, Config), String> {
    let variable = |name: &str| {
        variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    };
    let flags = flags.iter().map(|flag| (*flag).to_owned());
    Config::read(flags, &variable).map_err(|error| error.to_string())
}

#[test]
fn settings_have_an_order_and_bad_ones_their_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.toml");
    fs::write(&file, "quota-bytes = \"3G\"\nbatch-changes = 7\nrow-bytes = 100\n").unwrap();
    let file = file.to_str().unwrap();
    let variables = [("THOUGHTSTREAM_BATCH_CHANGES", "8"), ("THOUGHTSTREAM_ROW_BYTES", "200")];
    let (command, config) =
        read(&["invite", "--config", file, "--row-bytes", "300"], &variables).unwrap();
    assert_eq!(command, Command::Invite);
    assert_eq!((config.quota_bytes, config.batch_changes, config.row_bytes), (3 << 30, 8, 300));
    let none = std::env::temp_dir().join("nowhere").display().to_string();
    let cases: [(&[&str], &str); 10] = [
        (&["--listen", "somewhere"], "--listen"),
        (&["--quota-bytes", "0"], "--quota-bytes"),
        (&["--quota-bytes", "9000000000G"], "--quota-bytes"),
        (&["--allow-origin", "*"], "--allow-origin"),
        (&["--connect-origin", "https://a.example; script-src *"], "--connect-origin"),
        (&["--database-url", "mysql://x"], "--database-url"),
        (&["--speed", "9"], "--speed"),
        (&["--dist", &none], "dist"),
        (&["--config", &none], &none),
        (&["dance"], "dance"),
    ];
    for (flags, name) in cases {
        let error = read(flags, &[]).unwrap_err();
        assert!(error.starts_with(name), "{error}");
    }
    let error = read(&[], &[("THOUGHTSTREAM_CONNECTIONS", "many")]).unwrap_err();
    assert!(error.starts_with("THOUGHTSTREAM_CONNECTIONS"), "{error}");
}

#[test]
fn the_program_explains_itself_and_finds_what_is_wrong() {
    let run = |arguments: &[&str]| {
        let output = program().args(arguments).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(said).unwrap())
    };
    let (fine, said) = run(&["--help"]);
    assert!(fine && said.contains("--quota-bytes BYTES"), "{said}");
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let (fine, said) = run(&["doctor", "--data", data]);
    assert!(fine && said.contains("tables of version 4"), "{said}");
    let (fine, said) = run(&["invite", "--data", data, "--public-url", "https://j.example"]);
    assert!(fine && said.starts_with("https://j.example/#invitation="), "{said}");
    let (fine, said) = run(&["health", "--listen", "127.0.0.1:1"]);
    assert!(!fine && said.contains("not ready"), "{said}");
    let (fine, said) = run(&["--row-bytes", "lots"]);
    assert!(!fine && said.contains("--row-bytes"), "{said}");
}
