//! The screen: nothing but its start.

fn main() {
    console_error_panic_hook::set_once();
    thoughtstream::ui::view::mount_to_body(thoughtstream::ui::app::App);
}
