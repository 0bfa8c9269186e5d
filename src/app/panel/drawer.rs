//! The drawer above the transport: the cluster as a table, numbers, and what happened line by line.
//!
//! The table is always there for screen readers; the drawer only decides whether it is seen.

use replication::player::{Msg, notable, us_text};
use replication::recording::Narrator;
use yew::{Html, classes, html};

use super::Shown;
use super::metrics::metrics;
use super::table::table;
use crate::app::loom::Loom;
use crate::app::ui::{Act, Drawer};

/// Lines of the log that are shown.
const LINES: usize = 120;

/// The drawer, with the table in it.
pub fn drawer(shown: &Shown, loom: &Loom) -> Html {
    let open = shown.ui.drawer;
    let content = match open {
        Some(Drawer::SpaceTime) => loom.view(shown),
        Some(Drawer::Metrics) => metrics(shown),
        Some(Drawer::Log) => log(shown),
        Some(Drawer::Table) | None => Html::default(),
    };
    let seen = open == Some(Drawer::Table);
    html! {
        <section class={classes!("drawer", open.is_none().then_some("hidden"))} id="drawer"
            aria-label="Details" data-testid="drawer">
            <div class={classes!((!seen).then_some("hidden"))}>{ table(shown) }</div>
            { content }
        </section>
    }
}

fn log(shown: &Shown) -> Html {
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
            let at = record.at;
            html! {
                <li key={number}>
                    <button class="line" onclick={shown.ask(move || Act::Player(Msg::Seek(at)))}>
                        <time>{ us_text(at) }</time><span>{ narrator.sentence(&record) }</span>
                    </button>
                </li>
            }
        });
    html! { <ol class="log" reversed=true data-testid="log">{ for lines }</ol> }
}
