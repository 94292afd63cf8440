//! The routes, and what every request passes on its way to one.

use crate::answer::{No, with_time};
use crate::handlers::{files, guests, live, login, rendezvous, sync, vault};
use crate::hub::Hub;
use crate::log::Log;
use crate::metrics::Metrics;
use crate::rate::{Rates, Who};
use crate::world::World;
use axum::Router;
use axum::extract::{MatchedPath, Request, State as From};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, delete, get, post, put};
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use thoughtstream_core::wire::{Code, Limits};
use thoughtstream_serve::Policy;
use tokio::sync::watch;
use tower_http::cors::{AllowOrigin, CorsLayer};

/// What the handlers work with.
pub struct State {
    pub log: Arc<dyn Log>,
    pub hub: Arc<Hub>,
    pub world: Arc<dyn World>,
    pub metrics: Arc<Metrics>,
    pub rates: Rates,
    /// What is announced; its `now` is filled in when it is.
    pub limits: Limits,
    /// Bytes of sealed photos and files in a vault.
    pub files_quota: u64,
    pub trusted_proxies: Vec<IpAddr>,
    pub allow_origins: Vec<String>,
    pub dist: Option<PathBuf>,
    /// Where the app may talk to besides.
    pub policy: Policy,
    /// How long a body may take to come.
    pub body_patience: Duration,
    /// Turns true when the server stops: live streams then end.
    pub stopping: watch::Receiver<bool>,
}

/// What the handlers are given.
pub(crate) type Shared = From<Arc<State>>;

/// The address at the other end of the connection.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// A path, and what is done there.
type Route = (&'static str, fn() -> MethodRouter<Arc<State>>);

/// Where whoever has no token yet comes in, or could guess a code: counted apart.
const DOORS: &[Route] = &[
    ("/v1/vaults", || post(vault::create)),
    ("/v1/challenge", || post(login::challenge)),
    ("/v1/token", || post(login::token)),
    ("/v1/guest/enter", || post(guests::come_in)),
    ("/v1/rendezvous", || post(rendezvous::wait)),
    ("/v1/rendezvous/meet", || post(rendezvous::meet)),
];

const INSIDE: &[Route] = &[
    ("/v1/limits", || get(vault::limits)),
    ("/v1/push", || post(sync::push)),
    ("/v1/pull", || get(sync::pull)),
    ("/v1/live", || get(live::live)),
    ("/v1/manifest", || get(vault::manifest).put(vault::put_manifest)),
    ("/v1/keyring", || get(vault::keyring).put(vault::put_keyring)),
    ("/v1/recovery", || put(vault::put_recovery)),
    ("/v1/files", || get(files::limits)),
    ("/v1/files/ask", || post(files::ask)),
    ("/v1/files/part", || post(files::part)),
    ("/v1/files/fetch", || post(files::fetch)),
    ("/v1/files/drop", || post(files::drop_file)),
    ("/v1/rendezvous/say", || post(rendezvous::say)),
    ("/v1/rendezvous/hear", || post(rendezvous::hear)),
    ("/v1/leave", || post(login::leave)),
    ("/v1/guests", || get(guests::list).post(guests::open)),
    ("/v1/guests/end", || post(guests::end)),
    ("/v1/inbox", || get(guests::inbox)),
    ("/v1/inbox/drop", || post(guests::drop_items)),
    ("/v1/guest", || get(guests::stands)),
    ("/v1/guest/put", || post(guests::put)),
    ("/v1/guest/leave", || post(guests::leave)),
    ("/v1/vault", || delete(vault::delete_vault)),
];

const HEALTH: &[Route] = &[("/healthz", || get(healthz)), ("/readyz", || get(readyz))];

/// Every path that is not the app's.
pub fn paths() -> impl Iterator<Item = &'static str> {
    [DOORS, INSIDE, HEALTH].into_iter().flatten().map(|(path, _)| *path)
}

fn routes(routes: &[Route]) -> Router<Arc<State>> {
    routes.iter().fold(Router::new(), |router, (path, method)| router.route(path, method()))
}

/// The whole service: the protocol, health, and the app if there is one.
pub fn router(state: Arc<State>) -> Router {
    let doors = routes(DOORS).route_layer(from_fn_with_state(Arc::clone(&state), count_door));
    // Before the layers: what they do not wrap, a browser's preflight would not get past.
    let protocol = doors
        .merge(routes(INSIDE))
        .method_not_allowed_fallback(no_such_method)
        .layer(cors(&state.allow_origins))
        .layer(from_fn_with_state(Arc::clone(&state), count_address));
    protocol
        .merge(routes(HEALTH).method_not_allowed_fallback(no_such_method))
        .fallback(app)
        .layer(from_fn_with_state(Arc::clone(&state), answer_for))
        .with_state(state)
}

fn cors(origins: &[String]) -> CorsLayer {
    let origins = origins.iter().filter_map(|origin| origin.parse::<HeaderValue>().ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers([header::RETRY_AFTER])
        .max_age(Duration::from_secs(3600))
}

async fn no_such_method() -> No {
    No::new(Code::Method, 0, "that address knows no such method")
}

async fn healthz() -> &'static str {
    "alive\n"
}

async fn readyz(From(state): Shared) -> Result<&'static str, No> {
    state.log.ping().await?;
    Ok("ready\n")
}

/// Everything else: a file of the app, or a screen's address.
async fn app(From(state): Shared, request: Request) -> Response {
    match &state.dist {
        Some(dist) if !is_protocol(&request) => {
            thoughtstream_serve::answer(dist, &state.policy, request).await.into_response()
        }
        _ => No::not_found().into_response(),
    }
}

fn is_protocol(request: &Request) -> bool {
    request.uri().path().starts_with("/v1/")
}

/// Measures, logs, and finishes every answer.
async fn answer_for(From(state): Shared, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let method = request.method().clone();
    let is_ours = route.is_some() || is_protocol(&request);
    let mut response = with_time(next.run(request).await, state.world.now());
    let route = known(route.as_deref());
    let took = began.elapsed();
    state.metrics.answered(route, response.status().as_u16(), took.as_secs_f64());
    // The route and no more: queries have cursors in them, and who asks is nobody's business.
    tracing::debug!(%method, route, status = response.status().as_u16(), ?took);
    if is_ours {
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let nosniff = HeaderName::from_static("x-content-type-options");
        headers.insert(nosniff, HeaderValue::from_static("nosniff"));
    }
    response
}

/// Files, and addresses that there are not.
const APP: &str = "app";

/// The route's name for the metrics: one of few, whatever was asked for.
fn known(route: Option<&str>) -> &'static str {
    route.and_then(|route| paths().find(|known| *known == route)).unwrap_or(APP)
}

async fn count_address(From(state): Shared, request: Request, next: Next) -> Response {
    let ip = client(&state, &request);
    match state.rates.count(Who::Address(ip), state.world.now()) {
        Ok(()) => next.run(request).await,
        Err(seconds) => No::too_many(seconds).into_response(),
    }
}

async fn count_door(From(state): Shared, request: Request, next: Next) -> Response {
    let ip = client(&state, &request);
    match state.rates.count(Who::Door(ip), state.world.now()) {
        Ok(()) => next.run(request).await,
        Err(seconds) => No::too_many(seconds).into_response(),
    }
}

/// The address that is counted: the peer's, or the last one that a trusted proxy saw.
fn client(state: &State, request: &Request) -> IpAddr {
    let peer = request.extensions().get::<Peer>();
    let peer = peer.map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0);
    let trusted = |ip: &IpAddr| state.trusted_proxies.contains(ip);
    let ip = if trusted(&peer) {
        forwarded(request.headers()).into_iter().rev().find(|ip| !trusted(ip)).unwrap_or(peer)
    } else {
        peer
    };
    Who::address(ip)
}

fn forwarded(headers: &HeaderMap) -> Vec<IpAddr> {
    let lines = headers.get_all("x-forwarded-for").into_iter();
    let texts = lines.filter_map(|line| line.to_str().ok());
    texts.flat_map(|text| text.split(',')).filter_map(|ip| ip.trim().parse().ok()).collect()
}
