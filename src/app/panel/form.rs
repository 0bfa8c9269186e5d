//! Typing a write or a read: who, which key, which value, which server.

use web_sys::Event;

use super::Shown;
use crate::app::control::option;
use crate::app::element::{El, el, value_of};
use crate::app::ui::{Act, Draft};
use replication::words::inspector as say;

/// The longest key or value that can be typed.
const LENGTH_MAX: &str = "24";

/// The form, if something is being typed.
pub fn form(shown: &Shown) -> Option<El> {
    let draft = shown.ui.draft.as_ref()?;
    let title = if draft.writes { say::WRITE } else { say::READ };
    let wherever = if draft.writes { say::THE_PRIMARY } else { say::ANY_NODE };
    let clients = shown.moment.clients.iter().map(|client| {
        let name = client.name.to_string();
        let selected = name == draft.client;
        option(name.clone(), name, selected)
    });
    let nodes = shown.moment.nodes.iter().map(|node| {
        let name = node.id.to_string();
        option(name.clone(), name, draft.to == Some(node.id))
    });
    let client = |event: &Event| typed(event, |draft, value| draft.client = value);
    let key = |event: &Event| typed(event, |draft, value| draft.key = value);
    let value = |event: &Event| typed(event, |draft, value| draft.value = value);
    let to = |event: &Event| typed(event, |draft, value| draft.to = value.parse().ok());
    let key = text("form-key", "key", &draft.key)
        .set("autocapitalize", "off")
        .mark("required", true)
        .on("input", shown.hear(key));
    let value = draft.writes.then(|| {
        let input = text("form-value", "value", &draft.value);
        label(say::VALUE).with(input.on("input", shown.hear(value)))
    });
    let submit = |event: &Event| {
        event.prevent_default();
        Some(Act::Send)
    };
    let form =
        el("form", "form")
            .key(title)
            .label(title)
            .testid("form")
            .on("submit", shown.hear(submit))
            .with(el("h2", "").text(title))
            .with(label(say::CLIENT).with(list(shown, "client", client).each(clients)))
            .with(label(say::KEY).with(key))
            .maybe(value)
            .with(label(say::AT).with(
                list(shown, "to", to).with(option("", wherever, draft.to.is_none())).each(nodes),
            ))
            .with(
                el("div", "buttons")
                    .with(el("button", "primary").set("type", "submit").testid("send").text(title))
                    .with(
                        el("button", "")
                            .set("type", "button")
                            .on_click(shown.ask(Act::Escape))
                            .text(say::CANCEL),
                    ),
            );
    Some(form)
}

/// What has been typed changes the draft.
fn typed(event: &Event, change: fn(&mut Draft, String)) -> Option<Act> {
    Some(Act::Typed(change, value_of(event)))
}

fn label(words: &'static str) -> El {
    el("label", "").text(words)
}

/// A field for text.
fn text(id: &'static str, name: &'static str, value: &str) -> El {
    el("input", "")
        .set("id", id)
        .set("name", name)
        .value(value.to_string())
        .set("maxlength", LENGTH_MAX)
        .set("autocomplete", "off")
        .set("spellcheck", "false")
}

/// A field for a choice.
fn list(shown: &Shown, name: &'static str, act: fn(&Event) -> Option<Act>) -> El {
    el("select", "").set("name", name).on("change", shown.hear(act))
}
