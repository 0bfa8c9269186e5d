//! The first ten seconds as five pictures to step through, for people who want less motion.

use replication::base::SimTime;
use replication::player::{Mode, Msg};
use replication::words::log as say;

use super::Shown;
use crate::app::element::{El, el};
use crate::app::root::less_motion;
use crate::app::ui::Act;

/// An instant of the story, and what is to be seen there.
const PANELS: [(SimTime, &str); 5] = [
    (160_000, say::FIRST_IS_TOLD_OK),
    (280_000, say::FIRST_ARRIVES),
    (360_000, say::OLD_DATA),
    (528_000, say::SECOND_IS_TOLD_OK),
    (680_000, say::SECOND_IS_LOST),
];

/// The five panels; nothing elsewhere than in the story, or where motion is welcome.
pub fn strip(shown: &Shown) -> Option<El> {
    if shown.player.mode() != Mode::Story || !less_motion(shown.ui) {
        return None;
    }
    let t = shown.player.t();
    let shown_now = PANELS.iter().rposition(|(at, _)| *at <= t);
    let panels = PANELS.iter().enumerate().map(|(number, (at, text))| {
        let button = el("button", "")
            .on_click(shown.ask(Act::Player(Msg::Seek(*at))))
            .with(el("b", "").text((number + 1).to_string()))
            .text(*text);
        el("li", "").with(match shown_now == Some(number) {
            true => button.set("aria-current", "step"),
            false => button,
        })
    });
    Some(el("ol", "strip").testid("strip").each(panels))
}
