//! The vault as a whole: making it, its papers, its end.

use super::{PAPERS, enter, read};
use crate::answer::{No, body};
use crate::log::{NewManifest, NewVault};
use crate::router::Shared;
use crate::rules::{check_manifest, check_successor};
use crate::world::random;
use axum::body::Body as HttpBody;
use axum::http::HeaderMap;
use axum::response::Response;
use thoughtstream_core::id::Incarnation;
use thoughtstream_core::wire::{
    Code, CreateVault, Created, DeleteVault, Done, Hash, KeyringIs, Limits, ManifestIs, PutKeyring,
    PutManifest, PutRecovery,
};

/// `GET /v1/limits`
pub(crate) async fn limits(state: Shared) -> Response {
    body(&Limits { now: state.world.now(), ..state.limits.clone() })
}

/// `POST /v1/vaults`
pub(crate) async fn create(state: Shared, request: HttpBody) -> Result<Response, No> {
    let ask: CreateVault = read(&state, request, 2 * PAPERS).await?;
    let manifest = check_manifest(&ask.manifest)?;
    let incarnation = Incarnation(random(&*state.world));
    let vault = NewVault {
        invitation: Hash::of(&ask.invitation),
        id: ask.vault,
        incarnation,
        version: counted(manifest.version)?,
        manifest: ask.manifest,
        recovery: ask.recovery,
        keyring: ask.keyring,
    };
    state.log.create(vault, state.world.now()).await?;
    tracing::info!("a vault was made");
    Ok(body(&Created { incarnation }))
}

/// The databases count in 63 bits.
fn counted(version: u64) -> Result<u64, No> {
    if i64::try_from(version).is_ok() {
        return Ok(version);
    }
    Err(No::new(Code::ManifestRefused, 0, "the manifest's version is beyond all counting"))
}

/// `GET /v1/manifest`
pub(crate) async fn manifest(state: Shared, headers: HeaderMap) -> Result<Response, No> {
    let session = enter(&state, &headers).await?;
    let (_, manifest) = state.log.manifest(session.vault).await?;
    Ok(body(&ManifestIs { manifest }))
}

/// `PUT /v1/manifest`
pub(crate) async fn put_manifest(
    state: Shared,
    headers: HeaderMap,
    request: HttpBody,
) -> Result<Response, No> {
    let session = enter(&state, &headers).await?;
    let PutManifest { expected, manifest } = read(&state, request, PAPERS).await?;
    let new = check_manifest(&manifest)?;
    let (version, old) = state.log.manifest(session.vault).await?;
    if version != expected {
        return Err(No::new(Code::Conflict, version, "another manifest is in force"));
    }
    check_successor(&new, &check_manifest(&old)?, &old)?;
    let version = counted(new.version)?;
    let new = NewManifest { expected, previous: Hash::of(&old), version, manifest };
    state.log.put_manifest(session.vault, new).await?;
    state.hub.forget(session.vault);
    Ok(body(&Done {}))
}

/// `GET /v1/keyring`
pub(crate) async fn keyring(state: Shared, headers: HeaderMap) -> Result<Response, No> {
    let session = enter(&state, &headers).await?;
    Ok(body(&KeyringIs { keyring: state.log.keyring(session.vault).await? }))
}

/// `PUT /v1/keyring`
pub(crate) async fn put_keyring(
    state: Shared,
    headers: HeaderMap,
    request: HttpBody,
) -> Result<Response, No> {
    let session = enter(&state, &headers).await?;
    let PutKeyring { keyring, expected } = read(&state, request, PAPERS).await?;
    state.log.put_keyring(session.vault, expected, keyring).await?;
    Ok(body(&Done {}))
}

/// `PUT /v1/recovery`
pub(crate) async fn put_recovery(
    state: Shared,
    headers: HeaderMap,
    request: HttpBody,
) -> Result<Response, No> {
    let session = enter(&state, &headers).await?;
    let PutRecovery { recovery } = read(&state, request, PAPERS).await?;
    state.log.put_recovery(session.vault, recovery).await?;
    state.hub.forget(session.vault);
    Ok(body(&Done {}))
}

/// `DELETE /v1/vault`
pub(crate) async fn delete_vault(
    state: Shared,
    headers: HeaderMap,
    request: HttpBody,
) -> Result<Response, No> {
    let session = enter(&state, &headers).await?;
    let DeleteVault { vault } = read(&state, request, PAPERS).await?;
    if vault != session.id {
        return Err(No::not_found());
    }
    state.log.delete(session.vault).await?;
    state.hub.forget(session.vault);
    tracing::info!("a vault was deleted");
    Ok(body(&Done {}))
}
