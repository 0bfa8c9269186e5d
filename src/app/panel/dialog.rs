//! The panels over the page that are about the run as a whole.

use yew::Html;

use super::weigh::Weighed;
use super::{Shown, branches, share, weigh};
use crate::app::element::{el, group};
use crate::app::ui::{Act, Dialog};
use replication::words::bar as say;

/// The one that is open; nothing if none is.
pub fn dialog(shown: &Shown, weighed: &Weighed) -> Html {
    let Some(open) = shown.ui.dialog else {
        return Html::default();
    };
    let content = match open {
        Dialog::Branches => branches::list(shown),
        Dialog::Share => share::list(shown),
        Dialog::Weigh => weigh::table(shown, weighed),
    };
    let title = open.title();
    let close = el("button", "primary")
        .set("id", "close-dialog")
        .testid("close-dialog")
        .on_click(shown.ask(Act::Dialog(open)))
        .text(say::CLOSE);
    let panel = el("section", "help dialog")
        .set("role", "dialog")
        .set("aria-modal", "true")
        .label(title)
        .testid("dialog")
        .with(el("h2", "").text(title))
        .with(content)
        .with(el("div", "buttons").with(close));
    group([el("div", "veil dim").on_click(shown.ask(Act::Dialog(open))), panel])
}
