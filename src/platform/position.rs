//! Where the device is, asked for only when somebody wants to know.

use futures_channel::oneshot;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Position, PositionError, PositionOptions};

/// How long a receiver may look for satellites: the first time, without a network, takes long.
const PATIENCE_MILLIS: u32 = 60_000;
/// A place found so recently is still the place.
const FRESH_MILLIS: u32 = 300_000;

/// Why the device does not tell where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Untold {
    #[error("This browser may not tell where you are: allow it for this page, or type the place.")]
    Refused,
    #[error("This device cannot find out where it is just now: try again, or type the place.")]
    Unknown,
    #[error("This browser cannot tell where you are: type the place.")]
    Unsupported,
}

type Found = Result<[f64; 2], Untold>;

/// Latitude and longitude in degrees.
///
/// # Errors
/// If the person, the browser or the device does not tell.
pub async fn position() -> Found {
    let geolocation = web_sys::window().and_then(|window| window.navigator().geolocation().ok());
    let geolocation = geolocation.ok_or(Untold::Unsupported)?;
    let (done, found) = oneshot::channel::<Found>();
    // One of two is called; whichever it is takes the way back.
    let done = Rc::new(RefCell::new(Some(done)));
    let other = done.clone();
    let tell = |done: &RefCell<Option<oneshot::Sender<Found>>>, found| {
        if let Some(done) = done.take() {
            // Whoever asked may be gone.
            let _ = done.send(found);
        }
    };
    let success = Closure::<dyn FnMut(Position)>::new(move |at: Position| {
        let at = at.coords();
        tell(&done, Ok([at.latitude(), at.longitude()]));
    });
    let failure = Closure::<dyn FnMut(PositionError)>::new(move |error: PositionError| {
        let refused = error.code() == PositionError::PERMISSION_DENIED;
        let why = if refused { Untold::Refused } else { Untold::Unknown };
        tell(&other, Err(why));
    });
    let options = PositionOptions::new();
    options.set_enable_high_accuracy(true);
    options.set_timeout(PATIENCE_MILLIS);
    options.set_maximum_age(FRESH_MILLIS);
    let asked = geolocation.get_current_position_with_error_callback_and_options(
        success.as_ref().unchecked_ref(),
        Some(failure.as_ref().unchecked_ref()),
        &options,
    );
    asked.map_err(|_| Untold::Unsupported)?;
    found.await.unwrap_or(Err(Untold::Unknown))
}
