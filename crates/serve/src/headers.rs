//! The headers that every answer carries, errors included.

use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY as HEADER_OF_POLICY, HeaderMap, HeaderName, HeaderValue,
};

/// What the page may load, run and talk to: itself, and nothing else, unless [`Policy`] says so.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; \
    script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; \
    connect-src 'self'; worker-src 'self'; manifest-src 'self'; font-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Where the page may talk to besides: nowhere, or to sequencers on origins that were named.
#[derive(Debug, Clone)]
pub struct Policy(HeaderValue);

/// A text that is no origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not like https://journal.example")]
pub struct NoOrigin(String);

impl Default for Policy {
    fn default() -> Self {
        Self(HeaderValue::from_static(CONTENT_SECURITY_POLICY))
    }
}

impl Policy {
    /// The policy with these origins beside the page's own, each as `https://journal.example`.
    ///
    /// # Errors
    /// If one is not exactly an origin: it could say more than where to talk to.
    pub fn connecting_to(origins: &[String]) -> Result<Self, NoOrigin> {
        if let Some(other) = origins.iter().find(|origin| !is_origin(origin)) {
            return Err(NoOrigin(other.clone()));
        }
        let own = "connect-src 'self'";
        let all = [&[own.to_owned()], origins].concat().join(" ");
        let policy = CONTENT_SECURITY_POLICY.replace(own, &all);
        HeaderValue::from_str(&policy).map(Self).map_err(|_| NoOrigin(all))
    }
}

/// Whether a text is a scheme, a host and perhaps a port, and nothing else.
#[must_use]
pub fn is_origin(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte);
    rest.is_some_and(|host| !host.is_empty() && host.bytes().all(fits))
}

/// Every device and power of the browser that a journal has no use for. Where the person is may be
/// asked by the page itself, for an entry's location; the person is asked by the browser then.
pub const PERMISSIONS_POLICY: &str = "accelerometer=(), autoplay=(), camera=(), \
    display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(self), \
    gyroscope=(), hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), \
    payment=(), picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), \
    serial=(), sync-xhr=(), usb=(), xr-spatial-tracking=()";

/// Name and value of each header that does not depend on the file.
pub const SECURITY: [(&str, &str); 7] = [
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("permissions-policy", PERMISSIONS_POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    // Together these two let the page and its worker share memory, which is how a page that is
    // put away can wait until its worker has saved.
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// For a file whose name carries the hash of its content: another content has another name.
pub const FOREVER: &str = "public, max-age=31536000, immutable";

/// For everything else: ask again each time.
pub const ASK_AGAIN: &str = "no-cache";

/// For the page of a borrowed machine, which must not be brought back.
pub const NEVER: &str = "no-store";

/// Where a visit on a borrowed machine ends.
const OVER: &str = "/once/over";

/// What is cleared there. Not "storage": the machine's owner may keep a journal of their own in the
/// same browser.
pub const CLEARED: &str = "\"cache\"";

/// Whether a path is that page's.
fn is_once(path: &str) -> bool {
    path.strip_prefix("/once").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Sets the headers that belong on the answer for `path`.
pub(crate) fn set(headers: &mut HeaderMap, path: &str, found: bool, policy: &Policy) {
    for (name, value) in SECURITY {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.insert(HEADER_OF_POLICY, policy.0.clone());
    let cache = match path {
        _ if found && carries_its_hash(path) => FOREVER,
        _ if is_once(path) => NEVER,
        _ => ASK_AGAIN,
    };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    if path == OVER {
        let clear = HeaderName::from_static("clear-site-data");
        headers.insert(clear, HeaderValue::from_static(CLEARED));
    }
}

/// Whether a path ends like `boot-0123456789abcdef.js`.
fn carries_its_hash(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let hash = name.rsplit_once('-').and_then(|(_, rest)| rest.split_once('.'));
    hash.is_some_and(|(hash, _)| hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
}
