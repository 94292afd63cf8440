//! The loop that accepts: header time-outs, caps on connections, an orderly end.
//!
//! Not `axum::serve`: that gives hyper no timer, and without one a client may take for ever to
//! send the head of a request.

use crate::metrics::{Held, Metrics};
use crate::router::Peer;
use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::collections::HashMap;
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::ServiceExt;

/// How long a client may take to send the head of a request; idle connections end after it too.
pub const HEADER_PATIENCE: Duration = Duration::from_secs(10);
/// How long to leave a listener alone that cannot accept, for want of descriptors perhaps.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// How long requests may take to end once the server stops.
const LAST_WORDS: Duration = Duration::from_secs(10);
/// Hyper's own buffer for a connection: enough for any head, and little while it is idle.
const BUFFER: usize = 16 * 1024;

/// How many connections there may be, and how slow.
#[derive(Debug, Clone)]
pub struct Caps {
    pub all: usize,
    pub per_address: usize,
    /// Addresses that many people share: reverse proxies.
    pub exempt: Vec<IpAddr>,
    /// `HEADER_PATIENCE`, unless a test is in a hurry.
    pub header_patience: Duration,
}

#[derive(Debug)]
struct Open {
    all: AtomicUsize,
    by_address: Mutex<HashMap<IpAddr, usize>>,
}

/// Serves until `stopping` turns true, then lets what is under way end.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    caps: Caps,
    metrics: Arc<Metrics>,
    stopping: watch::Receiver<bool>,
) {
    let open = Arc::new(Open { all: AtomicUsize::new(0), by_address: Mutex::default() });
    let mut stop = stopping.clone();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stops| *stops) => break,
        };
        match accepted {
            Ok((stream, peer)) => match admit(&open, &caps, &metrics, peer.ip()) {
                Some(place) => {
                    let router = router.clone();
                    let (stopping, patience) = (stopping.clone(), caps.header_patience);
                    drop(tokio::spawn(async move {
                        converse(stream, peer.ip(), router, patience, stopping).await;
                        drop(place);
                    }));
                }
                None => drop(metrics.turned_away.fetch_add(1, Relaxed)),
            },
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
    drop(listener);
    let ended = async {
        while open.all.load(Relaxed) > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    if tokio::time::timeout(LAST_WORDS, ended).await.is_err() {
        tracing::warn!("some connections had not ended and were cut");
    }
}

/// A place for one more connection, until it is dropped; `None` if there is none.
fn admit(
    open: &Arc<Open>,
    caps: &Caps,
    metrics: &Arc<Metrics>,
    ip: IpAddr,
) -> Option<impl Drop + Send + use<>> {
    if open.all.load(Relaxed) >= caps.all {
        return None;
    }
    let mut by_address = open.by_address.lock().unwrap_or_else(PoisonError::into_inner);
    let count = by_address.entry(ip).or_insert(0);
    if *count >= caps.per_address && !caps.exempt.contains(&ip) {
        return None;
    }
    *count += 1;
    drop(by_address);
    open.all.fetch_add(1, Relaxed);
    metrics.connections.fetch_add(1, Relaxed);
    let (open, metrics) = (Arc::clone(open), Arc::clone(metrics));
    Some(Held::until(move || {
        open.all.fetch_sub(1, Relaxed);
        metrics.connections.fetch_sub(1, Relaxed);
        let mut by_address = open.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = by_address.get_mut(&ip) {
            *count -= 1;
            if *count == 0 {
                by_address.remove(&ip);
            }
        }
    }))
}

async fn converse(
    stream: TcpStream,
    ip: IpAddr,
    router: Router,
    patience: Duration,
    mut stopping: watch::Receiver<bool>,
) {
    // A nudge is a few bytes that must not wait for more.
    stream.set_nodelay(true).ok();
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(Peer(ip));
        let router = router.clone();
        async move { Ok::<_, Infallible>(router.oneshot(request).await.unwrap_or_default()) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    // A client that goes away in the middle is no error of ours.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopping.wait_for(|stops| *stops) => {}
    }
    connection.as_mut().graceful_shutdown();
    connection.await.ok();
}
