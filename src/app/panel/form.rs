//! Typing a write or a read: who, which key, which value, which server.

use replication::base::NodeId;
use wasm_bindgen::JsCast;
use web_sys::{EventTarget, HtmlInputElement, HtmlSelectElement, SubmitEvent};
use yew::{Event, Html, InputEvent, html};

use super::Shown;
use crate::app::ui::{Act, Draft};

/// The longest key or value that can be typed.
const LENGTH_MAX: &str = "24";

fn text_of(target: Option<EventTarget>) -> String {
    let input: Option<HtmlInputElement> = target.and_then(|target| target.dyn_into().ok());
    input.map(|input| input.value()).unwrap_or_default()
}

fn choice_of(target: Option<EventTarget>) -> String {
    let select: Option<HtmlSelectElement> = target.and_then(|target| target.dyn_into().ok());
    select.map(|select| select.value()).unwrap_or_default()
}

/// The form, if something is being typed.
pub fn form(shown: &Shown) -> Html {
    let Some(draft) = &shown.ui.draft else {
        return Html::default();
    };
    let typed = |change: fn(&mut Draft, String)| {
        let draft = draft.clone();
        shown.link.callback(move |event: InputEvent| {
            let mut draft = draft.clone();
            change(&mut draft, text_of(event.target()));
            Act::Draft(draft)
        })
    };
    let chosen = |change: fn(&mut Draft, String)| {
        let draft = draft.clone();
        shown.link.callback(move |event: Event| {
            let mut draft = draft.clone();
            change(&mut draft, choice_of(event.target()));
            Act::Draft(draft)
        })
    };
    let onsubmit = shown.link.callback(|event: SubmitEvent| {
        event.prevent_default();
        Act::Send
    });
    let clients = shown.moment.clients.iter().map(|client| {
        let name = client.name.to_string();
        let selected = name == draft.client;
        html! { <option value={name.clone()} {selected}>{ name.clone() }</option> }
    });
    let nodes = shown.moment.nodes.iter().map(|node| {
        let name = node.id.to_string();
        let selected = draft.to == Some(node.id);
        html! { <option value={name.clone()} {selected}>{ name.clone() }</option> }
    });
    let title = if draft.writes { "Write" } else { "Read" };
    let wherever = if draft.writes { "the primary" } else { "any node" };
    html! {
        <form class="form" aria-label={title} data-testid="form" {onsubmit} key={title}>
            <h2>{ title }</h2>
            <label>{ "Client" }
                <select name="client" onchange={chosen(|draft, value| draft.client = value)}>
                    { for clients }
                </select>
            </label>
            <label>{ "Key" }
                <input id="form-key" name="key" value={draft.key.clone()} maxlength={LENGTH_MAX}
                    autocomplete="off" autocapitalize="off" spellcheck="false" required=true
                    oninput={typed(|draft, value| draft.key = value)} />
            </label>
            if draft.writes {
                <label>{ "Value" }
                    <input id="form-value" name="value" value={draft.value.clone()}
                        maxlength={LENGTH_MAX} autocomplete="off" spellcheck="false"
                        oninput={typed(|draft, value| draft.value = value)} />
                </label>
            }
            <label>{ "At" }
                <select name="to"
                    onchange={chosen(|draft, value| draft.to = value.parse::<NodeId>().ok())}>
                    <option value="" selected={draft.to.is_none()}>{ wherever }</option>
                    { for nodes }
                </select>
            </label>
            <div class="buttons">
                <button class="primary" type="submit" data-testid="send">{ title }</button>
                <button type="button" onclick={shown.ask(|| Act::Escape)}>{ "Cancel" }</button>
            </div>
        </form>
    }
}
