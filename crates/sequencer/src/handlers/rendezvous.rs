//! Where a new device meets one of a vault.

use super::{enter, read};
use crate::answer::{No, body};
use crate::log::rendezvous::{Told, Turn, Wish};
use crate::router::{Shared, State};
use crate::session::Standing;
use axum::body::Body as HttpBody;
use axum::http::HeaderMap;
use axum::response::Response;
use thoughtstream_core::id::RendezvousId;
use thoughtstream_core::wire::{
    Await, Awaited, Code, Done, Hear, Heard, Meet, Met, RENDEZVOUS_BYTES, Say, Secret,
};

/// The longest body: what stands around a message takes less than 128 bytes.
const MOST: u64 = RENDEZVOUS_BYTES as u64 + 128;

async fn turn(state: &State, id: RendezvousId, ticket: &Secret, wish: Wish) -> Result<Told, No> {
    Ok(state.log.meet(Turn::new(id, ticket, state.world.now(), wish)).await?)
}

/// An empty message would look like none.
fn some(message: Vec<u8>) -> Result<Vec<u8>, No> {
    if message.is_empty() {
        return Err(No::new(Code::Malformed, 0, "a message has at least one byte"));
    }
    Ok(message)
}

/// `POST /v1/rendezvous`
pub(crate) async fn wait(state: Shared, request: HttpBody) -> Result<Response, No> {
    let Await { id, ticket, message } = read(&state, request, MOST).await?;
    let wish = Wish::Await { message: some(message)? };
    let Told { expires, .. } = turn(&state, id, &ticket, wish).await?;
    Ok(body(&Awaited { expires }))
}

/// `POST /v1/rendezvous/meet`: only who may put a device on the list.
pub(crate) async fn meet(
    state: Shared,
    headers: HeaderMap,
    request: HttpBody,
) -> Result<Response, No> {
    let session = enter(&state, &headers).await?;
    let Meet { id, ticket } = read(&state, request, MOST).await?;
    if !matches!(session.standing, Standing::Full(_)) {
        return Err(No::forbidden("only a device of the vault may let another one in"));
    }
    let Told { expires, message } = turn(&state, id, &ticket, Wish::Meet).await?;
    Ok(body(&Met { expires, message }))
}

/// `POST /v1/rendezvous/say`
pub(crate) async fn say(state: Shared, request: HttpBody) -> Result<Response, No> {
    let Say { id, ticket, number, message } = read(&state, request, MOST).await?;
    let wish = Wish::Say { number, message: some(message)? };
    turn(&state, id, &ticket, wish).await?;
    Ok(body(&Done {}))
}

/// `POST /v1/rendezvous/hear`
pub(crate) async fn hear(state: Shared, request: HttpBody) -> Result<Response, No> {
    let Hear { id, ticket, number } = read(&state, request, MOST).await?;
    let Told { message, .. } = turn(&state, id, &ticket, Wish::Hear { number }).await?;
    Ok(body(&Heard { message }))
}
