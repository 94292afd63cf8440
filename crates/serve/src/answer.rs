//! One request, one answer: a file, the shell, or a refusal.

use crate::headers::{self, Policy};
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use hyper::body::Bytes;
use hyper::header::{self, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use std::io;
use std::path::Path;
use tower_http::services::ServeDir;

/// The body of an answer: a file as it is read, or a few words.
pub type Body = UnsyncBoxBody<Bytes, io::Error>;

const SHELL: &str = "/index.html";
const SERVICE_WORKER: &str = "/service-worker.js";

/// Answers one request from the files in `folder`; the request's body is not read.
pub async fn answer<B>(folder: &Path, policy: &Policy, request: Request<B>) -> Response<Body> {
    let asked = request.uri().path().to_owned();
    let mut response = match route(&request) {
        Ok(path) => file(folder, &path, request).await,
        Err(status) => refusal(status),
    };
    // A file is new because its name or its content is, never because of a clock: a roll-back
    // puts an older file in place, and "not modified since" would keep the newer one alive.
    response.headers_mut().remove(header::LAST_MODIFIED);
    let found = response.status().is_success();
    headers::set(response.headers_mut(), &asked, found, policy);
    response
}

/// The file that a request is for, before anyone has looked whether it is there.
fn route<B>(request: &Request<B>) -> Result<String, StatusCode> {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return Err(StatusCode::METHOD_NOT_ALLOWED);
    }
    let path = request.uri().path();
    // Only one script may ever take charge of the whole site.
    if request.headers().contains_key("service-worker") && path != SERVICE_WORKER {
        return Err(StatusCode::FORBIDDEN);
    }
    Ok(if path == "/" || is_screen(request) { SHELL.to_owned() } else { path.to_owned() })
}

/// Whether a browser goes to the address of a screen. A script or an image that is missing is
/// missing: answering it with the shell would only move the error somewhere else.
fn is_screen<B>(request: &Request<B>) -> bool {
    let headers = request.headers();
    let navigates = match headers.get("sec-fetch-mode") {
        Some(mode) => mode == "navigate",
        None => headers
            .get(header::ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html")),
    };
    let path = request.uri().path();
    let extensionless = !path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    navigates && extensionless
}

async fn file<B>(folder: &Path, path: &str, request: Request<B>) -> Response<Body> {
    let (mut parts, _) = request.into_parts();
    let Ok(uri) = path.parse() else { return refusal(StatusCode::BAD_REQUEST) };
    parts.uri = uri;
    parts.headers.remove(header::IF_MODIFIED_SINCE);
    parts.headers.remove(header::IF_UNMODIFIED_SINCE);
    let request = Request::from_parts(parts, Full::<Bytes>::default());
    let mut files =
        ServeDir::new(folder).append_index_html_on_directories(false).precompressed_br();
    match files.try_call(request).await {
        Ok(response) if response.status() == StatusCode::NOT_FOUND => {
            refusal(StatusCode::NOT_FOUND)
        }
        Ok(response) => response.map(BodyExt::boxed_unsync),
        Err(_) => refusal(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

fn refusal(status: StatusCode) -> Response<Body> {
    let text = status.canonical_reason().unwrap_or("refused");
    let mut response =
        Response::new(Full::from(text).map_err(|never| match never {}).boxed_unsync());
    *response.status_mut() = status;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, plain);
    response
}
