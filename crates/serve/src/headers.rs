//! The headers that every answer carries, errors included.

use hyper::header::{CACHE_CONTROL, HeaderMap, HeaderName, HeaderValue};

/// What the page may load, run and talk to: itself, and nothing else.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; \
    script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; \
    connect-src 'self'; worker-src 'self'; manifest-src 'self'; font-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Every device and power of the browser that a journal has no use for.
pub const PERMISSIONS_POLICY: &str = "accelerometer=(), autoplay=(), camera=(), \
    display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), \
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

/// Sets the headers that belong on the answer for `path`.
pub(crate) fn set(headers: &mut HeaderMap, path: &str, found: bool) {
    for (name, value) in SECURITY {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    let cache = if found && carries_its_hash(path) { FOREVER } else { ASK_AGAIN };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
}

/// Whether a path ends like `boot-0123456789abcdef.js`.
fn carries_its_hash(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let hash = name.rsplit_once('-').and_then(|(_, rest)| rest.split_once('.'));
    hash.is_some_and(|(hash, _)| hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
}
