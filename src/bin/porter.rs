//! The porter: nothing but its start.

fn main() {
    console_error_panic_hook::set_once();
    thoughtstream::porter::run::start();
}
