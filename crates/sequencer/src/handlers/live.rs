//! The live stream: how far the log has got, whenever that changes.

use super::{bearer, enter};
use crate::answer::{No, OCTETS};
use crate::hub::Wake;
use crate::metrics::Held;
use crate::router::{Shared, State};
use axum::body::{Body as HttpBody, Bytes};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use thoughtstream_core::wire::{Hash, Nudge};
use tokio::sync::watch;

/// How often a stream with nothing to say says so.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// One listener. There may be ten thousand, so it holds no buffers.
struct Listener {
    state: Arc<State>,
    wakes: watch::Receiver<Wake>,
    token: Hash,
    said: u64,
    access: u64,
    /// What opens the stream, until it has.
    opening: Option<Vec<u8>>,
}

/// `GET /v1/live`
pub(crate) async fn live(state: Shared, headers: HeaderMap) -> Result<Response, No> {
    let session = enter(&state, &headers).await?;
    let token = bearer(&headers).ok_or_else(No::unauthorized)?;
    // Watch first, then look: what comes in between is told, not missed.
    let wakes = state.hub.watch(session.vault);
    let access = wakes.borrow().access;
    let head = state.log.head(session.vault).await?;
    state.metrics.live.fetch_add(1, Relaxed);
    let metrics = Arc::clone(&state.metrics);
    let held = Held::until(move || {
        metrics.live.fetch_sub(1, Relaxed);
    });
    let listener = Listener {
        state: Arc::clone(&state),
        wakes,
        token: Hash::of(&token.0),
        said: head,
        access,
        opening: Some(Nudge::opening(head)),
    };
    let frames = stream::unfold((listener, held), async |(mut listener, held)| {
        let frame = listener.next().await?;
        Some((Ok::<_, Infallible>(Bytes::from(frame)), (listener, held)))
    });
    // Proxies that collect an answer before passing it on would make it useless.
    let unbuffered = [("x-accel-buffering", "no")];
    Ok(([(header::CONTENT_TYPE, OCTETS)], unbuffered, HttpBody::from_stream(frames))
        .into_response())
}

impl Listener {
    /// The next bytes of the stream; `None` ends it.
    async fn next(&mut self) -> Option<Vec<u8>> {
        if let Some(opening) = self.opening.take() {
            return Some(opening);
        }
        let mut stopping = self.state.stopping.clone();
        loop {
            let woken = tokio::select! {
                woken = tokio::time::timeout(KEEP_ALIVE, self.wakes.changed()) => woken,
                _ = stopping.wait_for(|stops| *stops) => return None,
            };
            let Wake { head, access } = *self.wakes.borrow_and_update();
            if access != self.access || woken.is_err() {
                self.access = access;
                self.is_still_allowed().await?;
            }
            match woken {
                Err(_) => return Some(Nudge::StillHere.encode()),
                Ok(Err(_)) => return None,
                Ok(Ok(())) if head > self.said => {
                    self.said = head;
                    return Some(Nudge::Head(head).encode());
                }
                Ok(Ok(())) => {}
            }
        }
    }

    /// Asks the store, unless it was asked a moment ago.
    async fn is_still_allowed(&self) -> Option<()> {
        let now = self.state.world.now();
        if self.state.hub.session(&self.token, now).is_some() {
            return Some(());
        }
        match self.state.log.session(self.token, now).await {
            Ok(Some(session)) => {
                self.state.hub.remember(self.token, &session, now);
                Some(())
            }
            // A store that has no time is no reason to hang up.
            Err(_) => Some(()),
            Ok(None) => None,
        }
    }
}
