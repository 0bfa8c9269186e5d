//! The bar over the stage when the run cannot be trusted or cannot go on: what happened, and what
//! can be done about it.

use replication::player::{Msg, us_text};
use replication::recording::to_toml;
use replication::words::notice as say;

use super::Shown;
use super::gallery::address;
use crate::app::element::{El, el};
use crate::app::ui::{Act, Alarm};

/// How far back a run is taken that has come to a limit, in microseconds.
const BACK_US: u64 = 1_000_000;

/// Everything that somebody needs who is to look into it: a scenario file with what was found on
/// top, which leads to the very same run.
pub fn report(shown_of: &replication::player::Player, alarm: &Alarm) -> String {
    let scenario = shown_of.recording().scenario();
    say::alarm_report(
        env!("CARGO_PKG_VERSION"),
        alarm.text.replace('\n', " "),
        alarm.at,
        to_toml(scenario),
    )
}

/// The bar, if there is something to say.
pub fn alarm(shown: &Shown) -> Option<El> {
    if let Some(alarm) = &shown.ui.alarm {
        let at = us_text(alarm.at);
        let title = say::broke_a_rule(at);
        let save = address(&report(shown.player, alarm));
        let buttons = el("div", "buttons")
            .with(button(shown, say::COPY_REPORT, Act::CopyReport).testid("copy-report"))
            .with(
                el("a", "button")
                    .set("download", "report.toml")
                    .set("href", save)
                    .text(say::SAVE_REPORT),
            )
            .with(button(shown, say::GO_ON_ANYWAY, Act::Calm).testid("go-on"));
        let text = el("p", "").with(el("b", "").text(title)).text(alarm.text.clone());
        return Some(bar("alarm broken", "alarm").with(text).with(buttons));
    }
    let limit = shown.moment.limit?;
    let back = Act::Player(Msg::Seek(shown.moment.now.saturating_sub(BACK_US)));
    let undo = shown.player.undoable();
    let undo = undo.map(|_| button(shown, say::TAKE_BACK, Act::Player(Msg::Undo)));
    let text = el("p", "").with(el("b", "").text(say::AT_A_LIMIT)).text(limit.text()).text(".");
    let buttons = el("div", "buttons").with(button(shown, say::GO_BACK_A_SECOND, back)).maybe(undo);
    Some(bar("alarm", "limit").with(text).with(buttons))
}

fn bar(class: &'static str, testid: &'static str) -> El {
    el("div", class).set("role", "alert").testid(testid)
}

fn button(shown: &Shown, name: &'static str, act: Act) -> El {
    el("button", "").on_click(shown.ask(act)).text(name)
}
