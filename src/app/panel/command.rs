//! The command line: any command of the scenario format, as a scenario file has it, carried out at
//! the playhead. What the format can say can be done here, whether or not there is a button for it.

use replication::player::Player;
use replication::recording::{ScenarioError, example, read_live_command};
use replication::sim::Command;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, KeyboardEvent, SubmitEvent};
use yew::{Callback, Html, InputEvent, classes, html};

use super::Shown;
use crate::app::ui::{Act, Line};

/// What the list of suggestions shows at most.
const SUGGESTED_MAX: usize = 8;

/// What the typed text is: a command, or why it is none yet.
pub fn read(player: &Player, text: &str) -> Result<Command, ScenarioError> {
    read_live_command(text, player.recording().scenario())
}

/// A command's name as it begins to be typed.
fn suggestions(text: &str) -> impl Iterator<Item = &'static str> + use<'_> {
    let typed = text.trim();
    let begins = move |name: &&&str| !typed.contains('=') && name.starts_with(typed);
    Command::names().iter().filter(begins).copied()
}

/// A command to begin with, about this run's clients.
fn template(player: &Player, name: &str) -> String {
    let line = example(name).map_or_else(|| format!("{name} = "), str::to_string);
    let client = player.recording().scenario().client.first();
    client.map_or(line.clone(), |client| line.replace("alice", &client.id))
}

/// The line, if it is open.
pub fn command(shown: &Shown) -> Html {
    let Some(line) = &shown.ui.line else {
        return Html::default();
    };
    let read = read(shown.player, &line.text);
    let empty = line.text.trim().is_empty();
    let typing = suggestions(&line.text).next().is_some();
    let oninput = shown.link.callback(|event: InputEvent| {
        let input: Option<HtmlInputElement> =
            event.target().and_then(|target| target.dyn_into().ok());
        Act::Line(input.map(|input| input.value()).unwrap_or_default())
    });
    let onsubmit = shown.link.callback(|event: SubmitEvent| {
        event.prevent_default();
        Act::Run
    });
    let first = suggestions(&line.text).next().filter(|_| !empty);
    let complete = first.map(|name| template(shown.player, name));
    let ask = shown.callback();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let act = match (event.key().as_str(), &complete) {
            ("ArrowUp", _) => Act::Past(true),
            ("ArrowDown", _) => Act::Past(false),
            ("Tab", Some(line)) if !event.shift_key() => Act::Line(line.clone()),
            _ => return,
        };
        event.prevent_default();
        ask.emit(act);
    });
    let offered = suggestions(&line.text).map(|name| {
        let line = template(shown.player, name);
        html! {
            <button type="button" class="quiet" title={line.clone()}
                onclick={shown.ask(move || Act::Line(line.clone()))}>{ name }</button>
        }
    });
    let most = if empty { usize::MAX } else { SUGGESTED_MAX };
    html! {
        <form class="form command" aria-label="Command" data-testid="command" {onsubmit}>
            <label>{ "Command" }
                <input id="command-line" value={line.text.clone()} autocomplete="off"
                    autocapitalize="off" spellcheck="false" placeholder="crash = \"n1\""
                    aria-describedby="command-said" aria-invalid={(line.tried && read.is_err())
                    .to_string()} {oninput} {onkeydown} />
            </label>
            <div class="buttons">
                <button class="primary" type="submit" data-testid="run">{ "Run" }</button>
                <button type="button" onclick={shown.ask(|| Act::Escape)}>{ "Close" }</button>
            </div>
            <div id="command-said" class="said" aria-live="polite" data-testid="command-said">
                { said(line, read.as_ref().err().filter(|_| !empty && (!typing || line.tried))) }
            </div>
            <div class="offered" data-testid="suggestions">{ for offered.take(most) }</div>
        </form>
    }
}

/// What is wrong and where, or what was done.
fn said(line: &Line, error: Option<&ScenarioError>) -> Html {
    let Some(error) = error else {
        return html! { <p class="faint">{ line.said.clone() }</p> };
    };
    let lead: String = line.text.chars().take(error.column.saturating_sub(1) as usize).collect();
    html! {
        <p class={classes!(line.tried.then_some("wrong"))}>
            <code aria-hidden="true"><i>{ lead }</i>{ "\u{25b2}" }</code>
            { format!("Column {}: ", error.column) }
            if !error.path.is_empty() { <b>{ error.path.clone() }{ ": " }</b> }
            { error.message.clone() }
        </p>
    }
}
