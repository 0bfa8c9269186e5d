//! The bar over the stage when the run cannot be trusted or cannot go on: what happened, and what
//! can be done about it.

use replication::player::{Msg, us_text};
use replication::recording::to_toml;
use yew::{Html, html};

use super::Shown;
use super::gallery::address;
use crate::app::ui::{Act, Alarm};

/// How far back a run is taken that has come to a limit, in microseconds.
const BACK_US: u64 = 1_000_000;

/// Everything that somebody needs who is to look into it: a scenario file with what was found on
/// top, which leads to the very same run.
pub fn report(shown_of: &replication::player::Player, alarm: &Alarm) -> String {
    let scenario = shown_of.recording().scenario();
    format!(
        "# Replicascope {}: {}\n# At {} us. Open this file to see it happen.\n{}",
        env!("CARGO_PKG_VERSION"),
        alarm.text.replace('\n', " "),
        alarm.at,
        to_toml(scenario)
    )
}

/// The bar, if there is something to say.
pub fn alarm(shown: &Shown) -> Html {
    if let Some(alarm) = &shown.ui.alarm {
        let save = address(&report(shown.player, alarm));
        return html! {
            <div class="alarm broken" role="alert" data-testid="alarm">
                <p><b>{ format!("The simulation broke a rule at {}, and stands still. ",
                    us_text(alarm.at)) }</b>{ alarm.text.clone() }</p>
                <div class="buttons">
                    <button onclick={shown.ask(|| Act::CopyReport)} data-testid="copy-report">
                        { "Copy report" }</button>
                    <a class="button" download="report.toml" href={save}>{ "Save report" }</a>
                    <button onclick={shown.ask(|| Act::Calm)} data-testid="go-on">
                        { "Go on anyway" }</button>
                </div>
            </div>
        };
    }
    let Some(limit) = shown.moment.limit else {
        return Html::default();
    };
    let back = shown.moment.now.saturating_sub(BACK_US);
    html! {
        <div class="alarm" role="alert" data-testid="limit">
            <p><b>{ "The run has come to a limit. " }</b>{ limit.text() }{ "." }</p>
            <div class="buttons">
                <button onclick={shown.ask(move || Act::Player(Msg::Seek(back)))}>
                    { "Go back a second" }</button>
                if shown.player.undoable().is_some() {
                    <button onclick={shown.ask(|| Act::Player(Msg::Undo))}>
                        { "Take back" }</button>
                }
            </div>
        </div>
    }
}
