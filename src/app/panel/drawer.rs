//! The drawer above the transport: the cluster as a table, numbers, and what happened line by line.
//!
//! The table is always there for screen readers; the drawer only decides whether it is seen.

use replication::player::{Msg, notable, us_text};
use replication::recording::Narrator;

use super::Shown;
use super::metrics::metrics;
use super::table::table;
use crate::app::element::{El, el};
use crate::app::loom::Loom;
use crate::app::ui::{Act, Drawer};

/// Lines of the log that are shown.
const LINES: usize = 120;

/// The drawer, with the table in it.
pub fn drawer(shown: &Shown, loom: &Loom) -> El {
    let open = shown.ui.drawer;
    let content = match open {
        Some(Drawer::SpaceTime) => Some(loom.view(shown)),
        Some(Drawer::Metrics) => metrics(shown),
        Some(Drawer::Log) => Some(log(shown)),
        Some(Drawer::Table) | None => None,
    };
    let seen = open == Some(Drawer::Table);
    el("section", if open.is_none() { "drawer hidden" } else { "drawer" })
        .set("id", "drawer")
        .label("Details")
        .testid("drawer")
        .with(el("div", if seen { "" } else { "hidden" }).with(table(shown)))
        .maybe(content)
}

fn log(shown: &Shown) -> El {
    let recording = shown.player.recording();
    let narrator = Narrator::of(recording);
    let trace = recording.trace();
    let after = trace.first_at(shown.player.t() + 1);
    let lines = (0..after)
        .rev()
        .filter_map(|number| trace.get(number).map(|record| (number, record)))
        .filter(|(_, record)| notable(record.fact))
        .take(LINES)
        .map(|(number, record)| {
            el("li", "").key(number).with(
                el("button", "line")
                    .on_click(shown.ask(Act::Player(Msg::Seek(record.at))))
                    .with(el("time", "").text(us_text(record.at)))
                    .with(el("span", "").text(narrator.sentence(&record))),
            )
        });
    el("ol", "log").mark("reversed", true).testid("log").each(lines)
}
