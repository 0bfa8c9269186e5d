//! A run as text, in the place of the list of scenarios: typed into, checked, changed by small
//! forms, and run.

use js_sys::Reflect;
use replication::base::NodeId;
use replication::recording::Edit;
use replication::words::scenario as say;
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};
use yew::Html;

use super::Shown;
use crate::app::browser;
use crate::app::element::{Ear, El, el, group, value_of};
use crate::app::script::{Asked, Outline, Script, TEXT};
use crate::app::ui::Act;

/// The dialog.
pub fn script(shown: &Shown) -> Html {
    let script = &shown.ui.script;
    let ask = |asked: Asked| shown.ask(Act::Script(asked));
    let button = |testid: &'static str, name: &'static str, ear: Ear| {
        el("button", "").testid(testid).on_click(ear).text(name)
    };
    let about = say::ABOUT_SCRIPT;
    let back =
        script.before.last().map(|_| button("script-back", say::TAKE_BACK, ask(Asked::Back)));
    let buttons = el("div", "buttons")
        .with(button("script-run", say::RUN_IT, ask(Asked::Run)).set("class", "primary"))
        .with(button("script-afresh", say::THE_RUN_AS_IT_IS, ask(Asked::Afresh)))
        .maybe(back)
        .with(button("script-list", say::ALL_SCENARIOS, ask(Asked::Close)))
        .with(button("close-gallery", say::CLOSE, shown.ask(Act::Gallery)).set("id", "gallery"));
    let panel = el("section", "help gallery script")
        .set("role", "dialog")
        .set("aria-modal", "true")
        .label(say::EDIT_THIS_RUN)
        .testid("script-dialog")
        .with(el("h2", "").text(say::EDIT_THIS_RUN))
        .with(buttons)
        .with(el("p", "faint").set("id", "script-about").text(about))
        .with(says(shown, script))
        .with(text(shown, script))
        .with(forms(shown, script));
    group([el("div", "veil dim").on_click(shown.ask(Act::Gallery)), panel])
}

/// What the text says, or what is wrong with it and where.
fn says(shown: &Shown, script: &Script) -> El {
    let said = el("div", "script-says").set("role", "status").testid("script-says");
    match (&script.refused, &script.wrong) {
        (Some(why), _) => said.with(el("p", "wrong").text(say::not_changed(why))),
        (None, None) if script.unchecked => said.with(el("p", "").text(say::CHECKED_WHEN_RUN)),
        (None, None) => {
            let Outline { nodes, clients, commands, .. } = script.outline;
            let told = say::can_be_run(nodes, clients, commands);
            said.with(el("p", "").text(told))
        }
        (None, Some(error)) => {
            let lead = el("button", "")
                .testid("script-lead")
                .on_click(shown.ask(Act::Script(Asked::Lead)))
                .text(say::go_to_line(error.line));
            let words = el("p", "wrong").set("id", "script-error").text(error.to_string());
            said.with(words).with(lead)
        }
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
    let gutter = el("pre", "").set("aria-hidden", "true");
    let gutter = match wrong {
        None => gutter.text(numbers(1, lines)),
        Some(line) => gutter
            .text(numbers(1, line - 1))
            .with(el("mark", "").text(format!("\u{d7} {line}")))
            .text(format!("\n{}", numbers(line + 1, lines))),
    };
    let link = shown.link.clone();
    let on_key = move |event: Event| {
        let keys = event.unchecked_ref::<KeyboardEvent>();
        if keys.key() == "Enter" && (keys.ctrl_key() || keys.meta_key()) {
            event.prevent_default();
            link.send_message(Act::Script(Asked::Run));
        }
    };
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
        .on("input", shown.hear(|event| Some(Act::Script(Asked::Typed(value_of(event))))))
        .on("keydown", Box::new(on_key));
    el("div", "script-text").with(gutter).with(area)
}

/// The commonest changes, made for the person.
fn forms(shown: &Shown, script: &Script) -> El {
    let change = |testid: &'static str, name: &'static str, read: fn() -> Result<Edit, String>| {
        let link = shown.link.clone();
        let ear = move |_| link.send_message(Act::Script(Asked::Change(read())));
        el("button", "").testid(testid).on_click(Box::new(ear)).text(name)
    };
    let input = |id: &'static str, name: &'static str, value: String| {
        let input = el("input", "").set("id", id).testid(id).set("value", value);
        el("label", "").text(name).with(input.set("autocomplete", "off"))
    };
    let servers = el("div", "")
        .with(change("script-add", say::ADD_A_SERVER, || Ok(Edit::Add)))
        .with(change("script-remove", say::REMOVE_THE_LAST_SERVER, || Ok(Edit::Remove)));
    let links = el("div", "")
        .with(input("script-from", say::FROM, "n1".into()))
        .with(input("script-to", say::TO, "n2".into()))
        .with(change("script-connect", say::REPLICATE, || {
            let (from, to) = between()?;
            Ok(Edit::Connect(from, to))
        }))
        .with(input("script-latency", say::ONE_WAY, "20ms".into()))
        .with(change("script-slow", say::SET_LATENCY, || {
            let (from, to) = between()?;
            Ok(Edit::Latency(from, to, field("script-latency").parse()?))
        }));
    let workloads = &script.outline.workloads;
    let rates = workloads.first().map(|(_, rate)| {
        let options = workloads.iter().enumerate().map(|(number, (client, rate))| {
            let option = el("option", "").set("value", number.to_string());
            option.mark("selected", number == 0).text(format!("{client}, {rate}/s"))
        });
        let whose = el("select", "").set("id", "script-whose").each(options);
        el("div", "")
            .with(el("label", "").text(say::WORKLOAD).with(whose))
            .with(input("script-rate", say::RATE, format!("{rate}/s")))
            .with(change("script-rates", say::SET_RATE, || {
                let number = field("script-whose").parse().unwrap_or(0);
                Ok(Edit::Rate(number, field("script-rate").parse()?))
            }))
    });
    el("div", "script-forms")
        .set("role", "group")
        .label(say::CHANGES_TO_THE_TEXT)
        .with(servers)
        .with(links)
        .maybe(rates)
}

fn between() -> Result<(NodeId, NodeId), String> {
    Ok((field("script-from").parse()?, field("script-to").parse()?))
}

/// What stands in a field of the forms.
fn field(id: &str) -> String {
    let element = browser::document().get_element_by_id(id);
    let value = element.and_then(|element| Reflect::get(&element, &"value".into()).ok());
    value.and_then(|value| value.as_string()).unwrap_or_default()
}
