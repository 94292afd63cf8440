//! Push and pull.

use super::{enter, read};
use crate::answer::{No, body, page};
use crate::log::{PageLimit, Placing};
use crate::router::Shared;
use crate::rules::{Refused, check_push};
use axum::body::Body as HttpBody;
use axum::extract::RawQuery;
use axum::http::HeaderMap;
use axum::response::Response;
use std::sync::atomic::Ordering::Relaxed;
use thoughtstream_core::wire::{Code, Pull, Push};

/// Changes in one page: bounds the rows that a store looks at, however short they are.
const PAGE_CHANGES: u64 = 20_000;

/// `POST /v1/push`
pub(crate) async fn push(
    state: Shared,
    headers: HeaderMap,
    request: HttpBody,
) -> Result<Response, No> {
    let session = enter(&state, &headers).await?;
    let push: Push = read(&state, request, state.limits.batch_bytes).await?;
    let incarnation = push.incarnation;
    let changes = check_push(push, &session, &state.limits, state.world.now())?;
    let count = changes.len() as u64;
    let quota = state.limits.quota_bytes;
    let placing = Placing { vault: session.vault, incarnation, quota, changes };
    let pushed = state.log.push(placing).await?;
    state.metrics.pushed.fetch_add(count, Relaxed);
    state.hub.nudge(session.vault, pushed.head);
    Ok(body(&pushed))
}

/// `GET /v1/pull`
pub(crate) async fn pull(
    state: Shared,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, No> {
    let session = enter(&state, &headers).await?;
    let pull = Pull::from_query(&query.unwrap_or_default());
    let pull = pull.map_err(|error| Refused::new(Code::Malformed, 0, error.to_string()))?;
    let limit = PageLimit { bytes: state.limits.page_bytes, changes: PAGE_CHANGES };
    let read = state.log.pull(session.vault, pull, limit).await?;
    state.metrics.pulled.fetch_add(read.count, Relaxed);
    Ok(page(read))
}
