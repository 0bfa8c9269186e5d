//! Where the focus goes when something opens over the page, and when it closes.

use super::Root;
use crate::app::{browser, script};

impl Root {
    /// Leads the focus into what has opened over the page, and back when it closes.
    pub(super) fn move_focus(&mut self) {
        let overlay = if self.ui.help {
            Some("close-help")
        } else if self.ui.dialog.is_some() {
            Some("close-dialog")
        } else if self.ui.gallery && self.ui.script.open {
            Some(if script::beside() { script::TEXT } else { "close-script" })
        } else if self.ui.gallery {
            Some("gallery")
        } else if self.ui.course.shelf {
            Some("lessons")
        } else if self.ui.course.reads {
            Some("close-sheet")
        } else if self.ui.line.is_some() {
            Some("command-line")
        } else if let Some(draft) = &self.ui.draft {
            Some(if draft.writes { "form-value" } else { "form-key" })
        } else {
            self.player.borrow().menu().map(|_| "menu")
        };
        if overlay == self.overlay {
            return;
        }
        match (self.overlay, overlay) {
            (None, Some(_)) => self.focus_before = self.focused.take(),
            (_, None) => {
                if let Some(before) = self.focus_before.take() {
                    browser::focus_on(&before);
                }
            }
            (Some(_), Some(_)) => {}
        }
        self.overlay = overlay;
        if let Some(id) = overlay {
            browser::focus(id);
            if id == script::TEXT {
                script::lead(&self.ui.script);
            }
        }
    }
}
