//! What a browser, a careless client and a hostile one get from the server.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use tempfile::TempDir;
use thoughtstream_serve::{Policy, Server, headers};

const HASHED: &str = "app-0123456789abcdef";

/// What came back: the status, the headers in lower case, the body.
struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Reply {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Sends a request as it is written: a client library would tidy up the paths of an attack.
fn send(server: &Server, method: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut stream = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
    let headers: String =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    write!(stream, "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\r\n")
        .unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    Reply { status, headers, body: body.to_owned() }
}

fn get(server: &Server, path: &str) -> Reply {
    send(server, "GET", path, &[])
}

fn navigate(server: &Server, path: &str) -> Reply {
    send(server, "GET", path, &[("sec-fetch-mode", "navigate"), ("accept", "text/html,*/*")])
}

fn build(label: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("index.html", &format!("<!doctype html><title>{label}</title>"));
    write("service-worker.js", "// worker");
    write("version.json", "{}");
    write("manifest.webmanifest", "{}");
    write(&format!("{HASHED}.js"), "export {};");
    write(&format!("{HASHED}.css"), "@layer base;");
    write(&format!("{HASHED}.wasm"), "raw wasm");
    write(&format!("{HASHED}.wasm.br"), "brotli wasm");
    folder
}

fn serve(folder: &Path) -> Server {
    Server::start(folder.to_owned(), 0).unwrap()
}

#[test]
fn every_answer_carries_the_security_headers() {
    let build = build("one");
    let server = serve(build.path());
    let script = format!("/{HASHED}.js");
    let paths = [
        "/",
        "/timeline",
        "/entry/x",
        "/calendar?year=2022",
        "/service-worker.js",
        "/version.json",
        "/manifest.webmanifest",
        "/missing.js",
        "/icons",
        "/..",
        "/%2e%2e/etc/passwd",
        &script,
    ];
    for path in paths {
        for reply in [get(&server, path), navigate(&server, path), send(&server, "POST", path, &[])]
        {
            for (name, value) in headers::SECURITY {
                assert_eq!(reply.header(name), Some(value), "{name} on {path}: {}", reply.status);
            }
        }
    }
}

#[test]
fn the_policy_is_the_one_that_was_decided() {
    let decided = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
        img-src 'self' blob: data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
        font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    assert_eq!(headers::CONTENT_SECURITY_POLICY, decided);
}

#[test]
fn the_page_talks_to_the_origins_that_were_named_and_to_no_other() {
    let build = build("one");
    let named = ["https://sync.example".to_owned(), "http://localhost:8081".to_owned()];
    let policy = Policy::connecting_to(&named).unwrap();
    let server = Server::start_with(build.path().to_owned(), 0, policy).unwrap();
    let said = get(&server, "/").header("content-security-policy").unwrap().to_owned();
    let named = "connect-src 'self' https://sync.example http://localhost:8081; ";
    let without = headers::CONTENT_SECURITY_POLICY;
    assert_eq!(said, without.replace("connect-src 'self'; ", named));
    for other in [
        "*",
        "https://",
        "sync.example",
        "https://*.example",
        "https://a.example/path",
        "https://a.example; script-src *",
        "https://a.example 'unsafe-inline'",
        "wss://a.example",
    ] {
        assert!(Policy::connecting_to(&[other.to_owned()]).is_err(), "{other}");
    }
}

#[test]
fn only_names_with_a_hash_are_kept_for_ever() {
    let build = build("one");
    let server = serve(build.path());
    let cache = |path: &str| get(&server, path).header("cache-control").unwrap().to_owned();
    assert_eq!(cache(&format!("/{HASHED}.wasm")), headers::FOREVER);
    for path in ["/", "/index.html", "/service-worker.js", "/version.json", "/missing.js"] {
        assert_eq!(cache(path), headers::ASK_AGAIN, "{path}");
    }
    for path in ["/once", "/once/over"] {
        assert_eq!(cache(path), headers::NEVER, "{path}");
    }
    assert_eq!(cache("/oncet"), headers::ASK_AGAIN);
    let missing = cache("/gone-0123456789abcdef.js");
    assert_eq!(missing, headers::ASK_AGAIN, "a missing file must not stay missing for a year");
}

#[test]
fn the_end_of_a_visit_clears_what_the_browser_kept_of_it() {
    let build = build("one");
    let server = serve(build.path());
    let clear = |path: &str| get(&server, path).header("clear-site-data").map(ToOwned::to_owned);
    assert_eq!(clear("/once/over").as_deref(), Some("\"cache\""));
    for path in ["/", "/once", "/once/over/", "/index.html"] {
        assert_eq!(clear(path), None, "{path}");
    }
}

#[test]
fn files_have_the_types_that_browsers_insist_on() {
    let build = build("one");
    let server = serve(build.path());
    let expected = [
        (format!("/{HASHED}.wasm"), "application/wasm"),
        (format!("/{HASHED}.js"), "text/javascript"),
        (format!("/{HASHED}.css"), "text/css"),
        ("/manifest.webmanifest".to_owned(), "application/manifest+json"),
        ("/version.json".to_owned(), "application/json"),
        ("/".to_owned(), "text/html"),
    ];
    for (path, kind) in expected {
        assert_eq!(get(&server, &path).header("content-type"), Some(kind), "{path}");
    }
}

#[test]
fn a_browser_that_reads_brotli_gets_the_small_twin() {
    let build = build("one");
    let server = serve(build.path());
    let path = format!("/{HASHED}.wasm");
    let small = send(&server, "GET", &path, &[("accept-encoding", "gzip, br")]);
    assert_eq!(small.header("content-encoding"), Some("br"));
    assert_eq!(small.header("content-type"), Some("application/wasm"));
    assert_eq!(small.body, "brotli wasm");
    assert_eq!(get(&server, &path).body, "raw wasm");
}

#[test]
fn screens_get_the_shell_and_missing_files_do_not() {
    let build = build("one");
    let server = serve(build.path());
    for path in ["/timeline", "/entry/0f", "/search?q=a.b"] {
        let reply = navigate(&server, path);
        assert_eq!((reply.status, reply.body.contains("<title>one")), (200, true), "{path}");
        assert_eq!(get(&server, path).status, 404, "{path} asked for by a script");
    }
    let old = send(&server, "GET", "/tags", &[("accept", "text/html")]);
    assert_eq!(old.status, 200, "a browser without sec-fetch-mode");
    for path in ["/missing.js", "/gone-0123456789abcdef.wasm", "/entry/x.html"] {
        assert_eq!(navigate(&server, path).status, 404, "{path}");
    }
}

#[test]
fn nothing_outside_the_folder_is_served() {
    let build = build("one");
    let dist = build.path().join("dist");
    fs::create_dir(&dist).unwrap();
    fs::write(dist.join("index.html"), "inside").unwrap();
    fs::write(build.path().join("secret.txt"), "outside").unwrap();
    let server = serve(&dist);
    let paths = [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/./../secret.txt",
        "//../secret.txt",
        "/x/../../secret.txt",
        "/%5c..%5csecret.txt",
    ];
    for path in paths {
        let reply = get(&server, path);
        assert!(reply.status >= 400 && !reply.body.contains("outside"), "{path}");
    }
}

#[test]
fn other_methods_and_other_service_workers_are_refused() {
    let build = build("one");
    let server = serve(build.path());
    assert_eq!(send(&server, "PUT", "/", &[]).status, 405);
    assert_eq!(send(&server, "HEAD", "/", &[]).status, 200);
    let script = [("service-worker", "script")];
    assert_eq!(send(&server, "GET", "/service-worker.js", &script).status, 200);
    assert_eq!(send(&server, "GET", &format!("/{HASHED}.js"), &script).status, 403);
}

#[test]
fn another_build_is_served_at_once_even_if_its_files_are_older() {
    let (old, new) = (build("old"), build("new"));
    let server = serve(new.path());
    assert!(get(&server, "/").body.contains("new"));
    server.serve_folder(old.path().to_owned()).unwrap();
    let since = [("if-modified-since", "Fri, 31 Dec 2100 23:59:59 GMT")];
    assert!(send(&server, "GET", "/", &since).body.contains("old"));
    assert!(server.serve_folder(old.path().join("nowhere")).is_err());
    assert!(get(&server, "/").body.contains("old"));
}

#[test]
fn a_stopped_server_is_gone_and_its_port_free() {
    let build = build("one");
    let server = serve(build.path());
    let port = server.port();
    let mut idle = TcpStream::connect(("127.0.0.1", port)).unwrap();
    server.stop();
    assert_eq!(idle.read(&mut [0]).unwrap_or(0), 0, "open connections are closed");
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    let again = Server::start(build.path().to_owned(), port).unwrap();
    assert_eq!(get(&again, "/").status, 200);
}
