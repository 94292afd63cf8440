//! Coming in and leaving.

use super::{PAPERS, enter, read};
use crate::answer::{No, body};
use crate::auth;
use crate::router::Shared;
use axum::body::Body as HttpBody;
use axum::http::HeaderMap;
use axum::response::Response;
use thoughtstream_core::wire::{AskChallenge, AskToken, Done, Leave};

/// `POST /v1/challenge`
pub(crate) async fn challenge(state: Shared, request: HttpBody) -> Result<Response, No> {
    let AskChallenge { who } = read(&state, request, PAPERS).await?;
    Ok(body(&auth::challenge(&*state.world, &state.log.identity().secret, &who)))
}

/// `POST /v1/token`
pub(crate) async fn token(state: Shared, request: HttpBody) -> Result<Response, No> {
    let ask: AskToken = read(&state, request, PAPERS).await?;
    Ok(body(&auth::log_in(&*state.log, &*state.world, &ask).await?))
}

/// `POST /v1/leave`
pub(crate) async fn leave(
    state: Shared,
    headers: HeaderMap,
    request: HttpBody,
) -> Result<Response, No> {
    let session = enter(&state, &headers).await?;
    let Leave { device } = read(&state, request, PAPERS).await?;
    state.log.leave(session.vault, device).await?;
    state.hub.forget(session.vault);
    Ok(body(&Done {}))
}
