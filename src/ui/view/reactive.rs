//! Effects and memos of boxed closures: Leptos' own are compiled anew for every closure.

use leptos::prelude::{Effect, Memo};

/// Runs after the screen has been painted, and again whenever a signal that it read has changed.
pub fn effect(run: impl FnMut() + 'static) {
    Effect::new(Box::new(run) as Box<dyn FnMut()>);
}

/// A value computed from signals, which tells of changes only when it is another one.
pub fn memo<T: PartialEq + Send + Sync + 'static>(
    compute: impl Fn() -> T + Send + Sync + 'static,
) -> Memo<T> {
    Memo::new(Box::new(move |_: Option<&T>| compute()) as Compute<T>)
}

type Compute<T> = Box<dyn Fn(Option<&T>) -> T + Send + Sync>;
