//! What each route does: read, check, ask the store, answer.

pub(crate) mod files;
pub(crate) mod guests;
pub(crate) mod live;
pub(crate) mod login;
pub(crate) mod rendezvous;
pub(crate) mod sync;
pub(crate) mod vault;

use crate::answer::No;
use crate::rate::Who;
use crate::router::State;
use crate::rules::Refused;
use crate::session::{Session, TOUCH_EVERY};
use axum::body::Body as HttpBody;
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt, Limited};
use thoughtstream_core::wire::{Body, Code, Hash, Secret};

/// The longest body of every route but push: manifests and keyrings grow with the devices.
pub(crate) const PAPERS: u64 = 256 * 1024;

/// Reads a request's body, not longer than `most` bytes and not for longer than is set.
pub(crate) async fn read<T: Body>(state: &State, body: HttpBody, most: u64) -> Result<T, No> {
    let limit = usize::try_from(most).unwrap_or(usize::MAX);
    let whole = tokio::time::timeout(state.body_patience, Limited::new(body, limit).collect());
    let whole = match whole.await {
        Err(_) => return Err(No::new(Code::TooSlow, 0, "the body did not come in time")),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            let text = format!("the body is longer than {most} bytes");
            return Err(No::new(Code::BatchTooLarge, most, text));
        }
        Ok(Err(_)) => return Err(No::new(Code::Malformed, 0, "the body broke off")),
        Ok(Ok(whole)) => whole.to_bytes(),
    };
    Ok(T::decode(&whole).map_err(Refused::from)?)
}

/// Whose request this is. Counts it for the vault.
pub(crate) async fn enter(state: &State, headers: &HeaderMap) -> Result<Session, No> {
    let token = bearer(headers).ok_or_else(No::unauthorized)?;
    let token = Hash::of(&token.0);
    let now = state.world.now();
    let session = match state.hub.session(&token, now) {
        Some(session) => session,
        None => ask_store(state, token, now).await?,
    };
    state.rates.count(Who::Vault(session.vault), now).map_err(No::too_many)?;
    Ok(session)
}

async fn ask_store(state: &State, token: Hash, now: u64) -> Result<Session, No> {
    let session = state.log.session(token, now).await?.ok_or_else(No::unauthorized)?;
    if now.saturating_sub(session.touched) > TOUCH_EVERY {
        state.log.touch(token, now).await?;
    }
    state.hub.remember(token, &session, now);
    Ok(session)
}

/// The token of the request.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    Secret::from_hex(text.strip_prefix("Bearer ")?)
}
