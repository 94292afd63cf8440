//! Guests: the vault's side, and their own.

use super::{PAPERS, bearer, enter, read};
use crate::answer::{No, body};
use crate::log::guests::{Coming, ITEM_BYTES, NewGuest, PASS_BYTES, judge_guest};
use crate::router::{Shared, State};
use crate::session::{Session, Standing};
use crate::world::random;
use axum::body::Body as HttpBody;
use axum::http::HeaderMap;
use axum::response::Response;
use thoughtstream_core::wire::{
    Done, DropItems, EndGuest, EnterGuest, GuestsAre, Hash, OpenGuest, PutItem, Secret,
};

/// Bytes of a body besides what is sealed in it.
const AROUND: u64 = 4 << 10;

/// `POST /v1/guests`: a recovery token is used up by it.
pub(crate) async fn open(
    state: Shared,
    headers: HeaderMap,
    request: HttpBody,
) -> Result<Response, No> {
    let session = enter(&state, &headers).await?;
    let open: OpenGuest = read(&state, request, PASS_BYTES + AROUND).await?;
    judge_guest(&open, state.world.now())?;
    state.log.open_guest(NewGuest { vault: session.vault, open }).await?;
    if session.standing == Standing::Recovery {
        state.log.forget(Hash::of(&token(&headers)?.0)).await?;
        state.hub.forget(session.vault);
    }
    Ok(body(&Done {}))
}

/// `GET /v1/guests`
pub(crate) async fn list(state: Shared, headers: HeaderMap) -> Result<Response, No> {
    let session = enter_as_device(&state, &headers).await?;
    Ok(body(&GuestsAre { guests: state.log.guests(session.vault).await? }))
}

/// `POST /v1/guests/end`
pub(crate) async fn end(
    state: Shared,
    headers: HeaderMap,
    request: HttpBody,
) -> Result<Response, No> {
    let session = enter(&state, &headers).await?;
    let EndGuest { guest } = read(&state, request, PAPERS).await?;
    state.log.end_guest(session.vault, guest, state.world.now()).await?;
    Ok(body(&Done {}))
}

/// `GET /v1/inbox`
pub(crate) async fn inbox(state: Shared, headers: HeaderMap) -> Result<Response, No> {
    let session = enter_as_device(&state, &headers).await?;
    Ok(body(&state.log.inbox(session.vault, state.world.now()).await?))
}

/// `POST /v1/inbox/drop`
pub(crate) async fn drop_items(
    state: Shared,
    headers: HeaderMap,
    request: HttpBody,
) -> Result<Response, No> {
    let session = enter_as_device(&state, &headers).await?;
    let DropItems { items } = read(&state, request, PAPERS).await?;
    state.log.drop_items(session.vault, items).await?;
    Ok(body(&Done {}))
}

/// `POST /v1/guest/enter`
pub(crate) async fn come_in(state: Shared, request: HttpBody) -> Result<Response, No> {
    let EnterGuest { right } = read(&state, request, PAPERS).await?;
    let token = Secret(random(&*state.world));
    let coming = Coming { right: Hash::of(&right.0), token, now: state.world.now() };
    let is = state.log.enter_guest(coming).await?.ok_or_else(No::not_found)?;
    Ok(body(&is))
}

/// `GET /v1/guest`
pub(crate) async fn stands(state: Shared, headers: HeaderMap) -> Result<Response, No> {
    let token = Hash::of(&token(&headers)?.0);
    let stands = state.log.guest(token, state.world.now()).await?;
    Ok(body(&stands.ok_or_else(No::unauthorized)?))
}

/// `POST /v1/guest/put`
pub(crate) async fn put(
    state: Shared,
    headers: HeaderMap,
    request: HttpBody,
) -> Result<Response, No> {
    let token = Hash::of(&token(&headers)?.0);
    // Whoever may not is refused before anything is read.
    let open = state.log.guest(token, state.world.now()).await?;
    open.ok_or_else(No::unauthorized)?;
    let item: PutItem = read(&state, request, ITEM_BYTES + AROUND).await?;
    let stands = state.log.put_item(token, item, state.world.now()).await?;
    Ok(body(&stands.ok_or_else(No::unauthorized)?))
}

/// `POST /v1/guest/leave`: says the same to whoever has left already.
pub(crate) async fn leave(state: Shared, headers: HeaderMap) -> Result<Response, No> {
    let token = Hash::of(&token(&headers)?.0);
    state.log.leave_guest(token, state.world.now()).await?;
    Ok(body(&Done {}))
}

fn token(headers: &HeaderMap) -> Result<Secret, No> {
    bearer(headers).ok_or_else(No::unauthorized)
}

/// Who may see guests and what they wrote: whoever can take it in.
async fn enter_as_device(state: &State, headers: &HeaderMap) -> Result<Session, No> {
    let session = enter(state, headers).await?;
    match session.standing {
        Standing::Full(_) => Ok(session),
        Standing::Recovery => Err(No::forbidden("only a device of the vault may do that")),
    }
}
