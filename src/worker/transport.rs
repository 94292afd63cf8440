//! Requests to the sequencer by the browser's `fetch`, and the stream that does not end.
//!
//! `fetch` itself and no library around it: it is two functions here, and the `http` types that
//! `gloo-net` brings along would be a tenth of what sealing and syncing may weigh.

use crate::platform::timer;
use js_sys::{Reflect, Uint8Array};
use std::cell::Cell;
use std::rc::Rc;
use thoughtstream_core::session::{Reply, Request};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortController, AbortSignal, DedicatedWorkerGlobalScope, Headers, ReadableStream,
    ReadableStreamDefaultReader, RequestCache, RequestCredentials, RequestInit, RequestRedirect,
    Response, SecurityPolicyViolationEvent,
};

/// How long an answer may take; a page of changes over a slow line takes seconds.
const ANSWER_MS: u32 = 60_000;
/// How long after a failure the browser may tell that it was a block.
const BLOCK_MS: u32 = 50;
/// The longest body that a browser sends on behalf of a page that is gone.
const KEPT_ALIVE_BYTES: usize = 60 * 1024;
const VIOLATION: &str = "securitypolicyviolation";

/// Makes a request and waits for its answer.
pub(super) async fn fetch(request: &Request) -> Reply {
    fetch_with(request, false).await
}

/// The same, and sees it through when the page is closed meanwhile.
pub(super) async fn fetch_to_the_end(request: &Request) -> Reply {
    // Browsers keep only short ones alive.
    fetch_with(request, request.body.len() < KEPT_ALIVE_BYTES).await
}

async fn fetch_with(request: &Request, to_the_end: bool) -> Reply {
    let signal = AbortSignal::timeout_with_u32(ANSWER_MS);
    let blocked = Rc::new(Cell::new(false));
    let listener = listen_for_blocks(&request.url, blocked.clone());
    let reply = match answer(request, &signal, to_the_end).await {
        Ok(reply) => reply,
        Err(_) => {
            // The browser tells of a block in a task of its own, which may come after this one.
            timer::sleep(BLOCK_MS).await;
            if blocked.get() { Reply::Blocked } else { Reply::Unreachable }
        }
    };
    scope().remove_event_listener_with_callback(VIOLATION, listener.as_ref().unchecked_ref()).ok();
    reply
}

type Listener = Closure<dyn FnMut(SecurityPolicyViolationEvent)>;

/// Notes that the rules of the page forbid to talk to this address.
fn listen_for_blocks(url: &str, blocked: Rc<Cell<bool>>) -> Listener {
    let url = url.to_owned();
    let listener = Closure::new(move |event: SecurityPolicyViolationEvent| {
        let uri = event.blocked_uri();
        blocked.set(blocked.get() || !uri.is_empty() && url.starts_with(&uri));
    });
    scope()
        .add_event_listener_with_callback(VIOLATION, Listener::as_ref(&listener).unchecked_ref())
        .ok();
    listener
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

async fn answer(
    request: &Request,
    signal: &AbortSignal,
    to_the_end: bool,
) -> Result<Reply, JsValue> {
    let response = send(request, signal, to_the_end).await?;
    let retry_after = response.headers().get("retry-after")?.and_then(|text| text.parse().ok());
    let body = JsFuture::from(response.array_buffer()?).await?;
    let body = Uint8Array::new(&body).to_vec();
    Ok(Reply::Answer { status: response.status(), body, retry_after })
}

async fn send(
    request: &Request,
    signal: &AbortSignal,
    to_the_end: bool,
) -> Result<Response, JsValue> {
    let headers = Headers::new()?;
    let init = RequestInit::new();
    if let Some(token) = &request.token {
        headers.set("authorization", &["Bearer ", token].concat())?;
    }
    if !request.body.is_empty() {
        headers.set("content-type", "application/octet-stream")?;
        init.set_body(&Uint8Array::from(&request.body[..]).into());
    }
    init.set_method(request.method.name());
    init.set_headers(&headers);
    init.set_cache(RequestCache::NoStore);
    init.set_credentials(RequestCredentials::Omit);
    init.set_redirect(RequestRedirect::Error);
    init.set_signal(Some(signal));
    Reflect::set(&init, &"keepalive".into(), &to_the_end.into())?;
    JsFuture::from(scope().fetch_with_str_and_init(&request.url, &init)).await?.dyn_into()
}

/// A stream that is listened to as long as this exists.
pub(super) struct Listening(AbortController);

impl Listening {
    /// Makes a request whose answer does not end; `hear` gets its pieces, and `None` when it does
    /// end after all.
    pub(super) fn start(
        request: Request,
        hear: impl Fn(Option<Vec<u8>>) + 'static,
    ) -> Option<Self> {
        let controller = AbortController::new().ok()?;
        let signal = controller.signal();
        spawn_local(async move {
            // However it ends, it has ended.
            let _ = listen(&request, &signal, &hear).await;
            hear(None);
        });
        Some(Self(controller))
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn listen(
    request: &Request,
    signal: &AbortSignal,
    hear: &impl Fn(Option<Vec<u8>>),
) -> Result<(), JsValue> {
    let response = send(request, signal, false).await?;
    if response.status() != 200 {
        return Ok(());
    }
    let Some(stream) = response.body() else { return Ok(()) };
    let stream: ReadableStream = stream;
    let reader: ReadableStreamDefaultReader = stream.get_reader().dyn_into()?;
    loop {
        let read = JsFuture::from(reader.read()).await?;
        if Reflect::get(&read, &"done".into())?.is_truthy() {
            return Ok(());
        }
        let piece: Uint8Array = Reflect::get(&read, &"value".into())?.dyn_into()?;
        hear(Some(piece.to_vec()));
    }
}
