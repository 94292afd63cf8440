//! Photos and files.

use super::{enter, read};
use crate::answer::{No, body};
use crate::log::files::NewPart;
use crate::router::Shared;
use crate::rules::{PART_BYTES, PARTS, check_part};
use crate::session::Standing;
use axum::body::Body as HttpBody;
use axum::http::HeaderMap;
use axum::response::Response;
use thoughtstream_core::wire::{AskFile, AskPart, Done, DropFile, FileIs, FileLimits, PutPart};

/// The longest body that only asks.
const QUESTION: u64 = 128;

/// `GET /v1/files`
pub(crate) async fn limits(state: Shared, headers: HeaderMap) -> Result<Response, No> {
    let session = enter(&state, &headers).await?;
    let used_bytes = state.log.files_bytes(session.vault).await?;
    let quota_bytes = state.files_quota;
    Ok(body(&FileLimits { part_bytes: PART_BYTES, parts: PARTS, quota_bytes, used_bytes }))
}

/// `POST /v1/files/ask`
pub(crate) async fn ask(
    state: Shared,
    headers: HeaderMap,
    request: HttpBody,
) -> Result<Response, No> {
    let session = enter(&state, &headers).await?;
    let AskFile { address } = read(&state, request, QUESTION).await?;
    let there = state.log.file(session.vault, address).await?;
    Ok(body(&there.unwrap_or(FileIs { there: 0, parts: 0 })))
}

/// `POST /v1/files/part`
pub(crate) async fn part(
    state: Shared,
    headers: HeaderMap,
    request: HttpBody,
) -> Result<Response, No> {
    let session = enter(&state, &headers).await?;
    let put: PutPart = read(&state, request, PART_BYTES + QUESTION).await?;
    check_part(&put, &session)?;
    let PutPart { address, parts, number, sealed } = put;
    let (vault, quota) = (session.vault, state.files_quota);
    let part = NewPart { vault, address, parts, number, sealed, quota };
    Ok(body(&state.log.put_part(part).await?))
}

/// `POST /v1/files/fetch`
pub(crate) async fn fetch(
    state: Shared,
    headers: HeaderMap,
    request: HttpBody,
) -> Result<Response, No> {
    let session = enter(&state, &headers).await?;
    let AskPart { address, number } = read(&state, request, QUESTION).await?;
    Ok(body(&state.log.part(session.vault, address, number).await?))
}

/// `POST /v1/files/drop`
pub(crate) async fn drop_file(
    state: Shared,
    headers: HeaderMap,
    request: HttpBody,
) -> Result<Response, No> {
    let session = enter(&state, &headers).await?;
    if !matches!(session.standing, Standing::Full(_)) {
        return Err(No::forbidden("only a device of the vault may do that"));
    }
    let DropFile { address } = read(&state, request, QUESTION).await?;
    state.log.drop_file(session.vault, address).await?;
    Ok(body(&Done {}))
}
