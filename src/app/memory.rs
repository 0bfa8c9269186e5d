//! What the browser remembers for the next visit, and nothing if it refuses.

use web_sys::Storage;

use super::browser::window;
use super::ui::{Theme, Ui};

const THEME: &str = "replicascope.theme";
const KEYS: &str = "replicascope.keys";
const MOTION: &str = "replicascope.less-motion";

fn storage() -> Option<Storage> {
    // Refused in private windows and sandboxed frames.
    window().local_storage().ok().flatten()
}

fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

fn write(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // A full or refusing storage costs the next visit a preference, nothing else.
        let _ = storage.set_item(key, value);
    }
}

/// Fills in what was remembered.
pub fn recall(ui: &mut Ui) {
    if let Some(theme) = read(THEME) {
        ui.theme = Theme::named(&theme);
    }
    ui.keys_on = read(KEYS).is_none_or(|on| on != "off");
    ui.less_motion = read(MOTION).map(|less| less == "on");
}

/// Remembers.
pub fn keep(ui: &Ui) {
    write(THEME, ui.theme.name());
    write(KEYS, if ui.keys_on { "on" } else { "off" });
    if let Some(less) = ui.less_motion {
        write(MOTION, if less { "on" } else { "off" });
    }
}
