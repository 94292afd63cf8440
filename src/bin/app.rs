//! The screen: nothing but its start.

fn main() {
    console_error_panic_hook::set_once();
    if thoughtstream::ui::once::is_here() {
        return thoughtstream::ui::view::mount_to_body(thoughtstream::ui::once::Entrance);
    }
    thoughtstream::ui::view::mount_to_body(thoughtstream::ui::app::App);
}
