//! The command line: any command of the scenario format, as a scenario file has it, carried out at
//! the playhead. What the format can say can be done here, whether or not there is a button for it.

use replication::player::Player;
use replication::recording::{ScenarioError, example, read_live_command};
use replication::sim::Command;
use replication::words::scenario as say;
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};

use super::Shown;
use crate::app::element::{El, el, value_of};
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
pub fn command(shown: &Shown) -> Option<El> {
    let line = shown.ui.line.as_ref()?;
    let read = read(shown.player, &line.text);
    let empty = line.text.trim().is_empty();
    let typing = suggestions(&line.text).next().is_some();
    let first = suggestions(&line.text).next().filter(|_| !empty);
    let complete = first.map(|name| template(shown.player, name));
    let link = shown.link.clone();
    let on_key = move |event: Event| {
        let keys = event.unchecked_ref::<KeyboardEvent>();
        let act = match (keys.key().as_str(), &complete) {
            ("ArrowUp", _) => Act::Past(true),
            ("ArrowDown", _) => Act::Past(false),
            ("Tab", Some(line)) if !keys.shift_key() => Act::Line(line.clone()),
            _ => return,
        };
        event.prevent_default();
        link.send_message(act);
    };
    let submit = |event: &Event| {
        event.prevent_default();
        Some(Act::Run)
    };
    let offered = suggestions(&line.text).map(|name| {
        let line = template(shown.player, name);
        el("button", "quiet")
            .set("type", "button")
            .set("title", line.clone())
            .on_click(shown.ask(Act::Line(line)))
            .text(name)
    });
    let most = if empty { usize::MAX } else { SUGGESTED_MAX };
    let error = read.as_ref().err().filter(|_| !empty && (!typing || line.tried));
    let input = el("input", "")
        .set("id", "command-line")
        .value(line.text.clone())
        .set("autocomplete", "off")
        .set("autocapitalize", "off")
        .set("spellcheck", "false")
        .set("placeholder", say::EXAMPLE_COMMAND)
        .set("aria-describedby", "command-said")
        .is("aria-invalid", line.tried && read.is_err())
        .on("input", shown.hear(|event| Some(Act::Line(value_of(event)))))
        .on("keydown", Box::new(on_key));
    let run = el("button", "primary").set("type", "submit").testid("run").text(say::RUN);
    let close =
        el("button", "").set("type", "button").on_click(shown.ask(Act::Escape)).text(say::CLOSE);
    let form = el("form", "form command")
        .label(say::COMMAND)
        .testid("command")
        .on("submit", shown.hear(submit))
        .with(el("label", "").text(say::COMMAND).with(input))
        .with(el("div", "buttons").with(run).with(close))
        .with(
            el("div", "said")
                .set("id", "command-said")
                .set("aria-live", "polite")
                .testid("command-said")
                .with(said(line, error)),
        )
        .with(el("div", "offered").testid("suggestions").each(offered.take(most)));
    Some(form)
}

/// What is wrong and where, or what was done.
fn said(line: &Line, error: Option<&ScenarioError>) -> El {
    let Some(error) = error else {
        return el("p", "faint").text(line.said.clone());
    };
    let lead: String = line.text.chars().take(error.column.saturating_sub(1) as usize).collect();
    let mark = el("code", "").set("aria-hidden", "true");
    let path = Some(&error.path).filter(|path| !path.is_empty());
    el("p", if line.tried { "wrong" } else { "" })
        .with(mark.with(el("i", "").text(lead)).text("\u{25b2}"))
        .text(say::column(error.column))
        .maybe(path.map(|path| el("b", "").text(format!("{path}: "))))
        .text(error.message.clone())
}
