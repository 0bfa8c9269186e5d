//! A run as text, in the place of the list of scenarios: typed into, checked, changed by hand on
//! the picture beside it and by forms, and run.

use replication::base::NodeId;
use replication::recording::{Edit, Part};
use replication::words::scenario as say;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent};
use yew::Html;

use super::{Shown, parts};
use crate::app::element::{Ear, El, el, group, value_of};
use crate::app::script::{Asked, Script, Sense, TEXT, Tie};
use crate::app::ui::Act;

/// Lines whose numbers stand in one piece; the style sheet's too.
const PIECE: usize = 200;

/// The dialog.
pub fn script(shown: &Shown) -> Html {
    let script = &shown.ui.script;
    let ask = |asked: Asked| shown.ask(Act::Script(asked));
    let button = |testid: &'static str, name: &'static str, ear: Ear| {
        el("button", "").testid(testid).on_click(ear).text(name)
    };
    let back =
        script.before.last().map(|_| button("script-back", say::TAKE_BACK, ask(Asked::Back)));
    let buttons = el("div", "buttons")
        .with(button("script-run", say::RUN_IT, ask(Asked::Run)).set("class", "primary"))
        .with(button("script-afresh", say::THE_RUN_AS_IT_IS, ask(Asked::Afresh)))
        .maybe(back)
        .with(button("script-list", say::ALL_SCENARIOS, ask(Asked::Close)))
        .with(
            button("close-gallery", say::CLOSE, shown.ask(Act::Gallery)).set("id", "close-script"),
        );
    let picture = el("div", "script-picture")
        .with(parts::picture(shown, script))
        .with(says(shown, script))
        .with(parts::parts(shown, script));
    let sides = el("div", "script-sides").with(picture).with(text(shown, script));
    let panel = el("section", "help gallery script")
        .on("keydown", on_key(shown, script))
        .set("role", "dialog")
        .set("aria-modal", "true")
        .label(say::EDIT_THIS_RUN)
        .testid("script-dialog")
        .with(el("h2", "").text(say::EDIT_THIS_RUN))
        .with(buttons)
        .with(el("p", "faint").set("id", "script-about").text(say::ABOUT_SCRIPT))
        .with(sides);
    group([el("div", "veil dim").on_click(shown.ask(Act::Gallery)), panel])
}

/// The keys of the dialog: nothing that is pressed on its picture is for the run behind it.
fn on_key(shown: &Shown, script: &Script) -> Ear {
    let (link, part, armed) = (shown.link.clone(), script.part, script.armed.is_some());
    Box::new(move |event: Event| {
        let keys = event.unchecked_ref::<KeyboardEvent>();
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let within = |selector: &str| {
            let found = target.as_ref().and_then(|target| target.closest(selector).ok());
            found.flatten().is_some()
        };
        let ctrl = keys.ctrl_key() || keys.meta_key();
        let asked = match keys.key().as_str() {
            "Escape" if armed => Some(Asked::Arm(None)),
            "Enter" if ctrl => Some(Asked::Run),
            _ if within("input, textarea, select") => None,
            "z" if ctrl => Some(Asked::Back),
            "Delete" => removal(part).map(Asked::Change),
            _ => None,
        };
        let on_picture = within(".scene") && !ctrl && !["Tab", "Escape"].contains(&&*keys.key());
        if asked.is_some() || on_picture {
            event.prevent_default();
        }
        if let Some(asked) = asked {
            link.send_message(Act::Script(asked));
        }
    })
}

/// What taking a part away is, where it can be.
pub fn removal(part: Part) -> Option<Edit> {
    match part {
        Part::Node(id) => Some(Edit::Remove(id)),
        Part::Link(from, to) => Some(Edit::Disconnect(from, to)),
        Part::Workload(number) => Some(Edit::RemoveWorkload(number)),
        Part::Cluster | Part::Network | Part::Client(_) => None,
    }
}

/// What the text says, or what is wrong with it and where; or what is to be done next.
fn says(shown: &Shown, script: &Script) -> El {
    let said = el("div", "script-says").set("role", "status").testid("script-says");
    let told = |words: String| el("p", "").text(words);
    if let Some((tie, own)) = script.armed {
        return said.with(told(match tie {
            Tie::Feed => say::choose_follower(own),
            Tie::Move => say::choose_source(own),
        }));
    }
    let pending = script.pending();
    let said =
        said.is("aria-busy", pending).maybe(pending.then(|| el("p", "faint").text(say::CHECKING)));
    match (&script.refused, &script.wrong, &script.sense) {
        (Some((_, why)), ..) => said.with(el("p", "wrong").text(say::not_changed(why))),
        (None, Some(error), _) => {
            let lead = el("button", "")
                .testid("script-lead")
                .on_click(shown.ask(Act::Script(Asked::Lead)))
                .text(say::go_to_line(error.line));
            let words = el("p", "wrong").set("id", "script-error").text(error.to_string());
            said.with(words).with(lead)
        }
        (None, None, Some(sense)) if !pending => {
            let Sense { scenario, unreached, .. } = sense;
            let (nodes, clients) = (scenario.cluster.nodes, scenario.client.len());
            let commands = scenario.at.len();
            let mut words = say::can_be_run(nodes, clients, commands);
            if !unreached.is_empty() {
                let names: Vec<String> = unreached.iter().map(NodeId::to_string).collect();
                words += &say::no_write_reaches(names.join(", "));
            }
            said.with(told(words))
        }
        (None, None, _) => said,
    }
}

/// The text with its lines' numbers; the line that is wrong is marked.
fn text(shown: &Shown, script: &Script) -> El {
    let wrong = script.wrong.as_ref().map(|error| error.line as usize);
    let lines = script.text.matches('\n').count() + 1;
    let numbers = |from: usize, until: usize| {
        let numbers = (from..=until).map(|number| format!("{number}\n"));
        numbers.collect::<String>()
    };
    // In pieces: where a line comes or goes, the browser lays out the last of them anew.
    let mut gutter = el("div", "").set("aria-hidden", "true");
    let mut from = 1;
    while from <= lines {
        let until = lines.min(from + PIECE - 1);
        let piece = el("pre", "");
        gutter = gutter.with(match wrong.filter(|line| from <= *line && *line <= until) {
            None => piece.text(numbers(from, until)),
            Some(line) => piece
                .text(numbers(from, line - 1))
                .with(el("mark", "").text(format!("\u{d7} {line}")))
                .text(format!("\n{}", numbers(line + 1, until))),
        });
        from = until + 1;
    }
    let area = el("textarea", "")
        .set("id", TEXT)
        .testid(TEXT)
        .label(say::AS_TOML)
        .set("aria-describedby", "script-error script-about")
        .is("aria-invalid", wrong.is_some())
        .set("rows", lines.to_string())
        .set("wrap", "off")
        .set("spellcheck", "false")
        .set("autocapitalize", "off")
        .set("autocomplete", "off")
        .value(script.text.clone())
        .on("input", shown.hear(|event| Some(Act::Script(Asked::Typed(value_of(event))))));
    el("div", "script-text").with(gutter).with(area)
}
