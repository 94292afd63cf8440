//! The store's worker: nothing but its start.

fn main() {
    #[cfg(target_arch = "wasm32")]
    {
        console_error_panic_hook::set_once();
        thoughtstream::worker::run::start();
    }
}
