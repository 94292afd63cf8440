//! What goes back: bodies of the wire, pages in pieces, refusals with the time in them.

use crate::log::{Changes, LogError, Paged};
use crate::rules::Refused;
use axum::body::{Body as HttpBody, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use http_body::{Body as BodyTrait, Frame, SizeHint};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use thoughtstream_core::wire::{Body, Code, Refusal};

/// The type of every body of the protocol.
pub const OCTETS: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// Seconds after which a busy sequencer may be asked again.
const BUSY_SECONDS: u64 = 1;

/// A refusal on its way out. `with_time` puts the body in, as only that knows the time.
#[derive(Debug, Clone)]
pub struct No {
    pub code: Code,
    pub detail: u64,
    pub text: String,
}

impl No {
    pub(crate) fn new(code: Code, detail: u64, text: impl Into<String>) -> Self {
        Self { code, detail, text: text.into() }
    }

    /// The same words for what is not there and for what is somebody else's.
    pub(crate) fn unauthorized() -> Self {
        Self::new(Code::Unauthorized, 0, "log in: no token, or one that has ended")
    }

    pub(crate) fn not_found() -> Self {
        Self::new(Code::NotFound, 0, "there is nothing here for you")
    }

    pub(crate) fn forbidden(text: &str) -> Self {
        Self::new(Code::Forbidden, 0, text)
    }

    pub(crate) fn too_many(seconds: u64) -> Self {
        Self::new(Code::TooMany, seconds, format!("too many requests: wait {seconds} seconds"))
    }
}

impl From<Refused> for No {
    fn from(Refused { code, detail, text }: Refused) -> Self {
        Self { code, detail, text }
    }
}

impl From<LogError> for No {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Refused { code, detail } => Self::new(code, detail, explain(code)),
            LogError::Busy(why) => {
                tracing::warn!(%why, "busy");
                Self::new(Code::Busy, BUSY_SECONDS, "busy: come again in a moment")
            }
            LogError::Fault(why) => {
                tracing::error!(%why, "the store failed");
                Self::new(Code::Fault, 0, "the sequencer failed; its log says why")
            }
        }
    }
}

fn explain(code: Code) -> &'static str {
    match code {
        Code::NotFound => "there is nothing here for you",
        Code::QuotaFull => "the vault is full",
        Code::CursorReplaced => "the log is another one than you know: start from 0, offer again",
        Code::CursorAhead => "the log is shorter than you know: start from 0, offer again",
        Code::CursorDiverged => "the log went another way than you know: start from 0",
        Code::Conflict => "another device was first: read what is in force, then try again",
        Code::NotInvited => "the invitation is unknown, used up or expired",
        Code::Exists => "there is a vault or a recovery key of that id",
        _ => "refused",
    }
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code.status());
        let mut response = Response::new(HttpBody::empty());
        *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        response.extensions_mut().insert(self);
        response
    }
}

/// Fills the body of a refusal in; other responses pass.
pub(crate) fn with_time(response: Response, now: u64) -> Response {
    let Some(No { code, detail, text }) = response.extensions().get::<No>().cloned() else {
        return response;
    };
    let waits = matches!(code, Code::TooMany | Code::Busy);
    let mut filled = octets(Refusal { code, now, detail, text }.encode());
    *filled.status_mut() = response.status();
    if waits {
        filled.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(detail));
    }
    filled
}

/// A body of the protocol.
pub(crate) fn body(body: &impl Body) -> Response {
    octets(body.encode())
}

fn octets(bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, OCTETS)], bytes).into_response()
}

/// A page, without copying its changes behind what opens it.
pub(crate) fn page(page: Paged) -> Response {
    let opening = Bytes::from(page.opening);
    let body = match page.changes {
        Changes::Whole(changes) => HttpBody::new(Pieces(VecDeque::from([opening, changes.into()]))),
        Changes::Coming(mut coming) => {
            let opening = stream::iter([Ok(opening)]);
            let coming = stream::poll_fn(move |context| coming.poll_recv(context));
            HttpBody::from_stream(opening.chain(coming))
        }
    };
    ([(header::CONTENT_TYPE, OCTETS)], body).into_response()
}

/// A body in pieces whose length is known, so that the receiver can show how far it is.
struct Pieces(VecDeque<Bytes>);

impl BodyTrait for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.iter().map(|piece| piece.len() as u64).sum())
    }
}
