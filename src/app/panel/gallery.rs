//! The scenarios: those that come with the program, a file of one's own, and ways to keep and share
//! the one that is looked at.

use js_sys::{ArrayBuffer, Uint8Array, encode_uri_component};
use replication::form::{Form, read_toml};
use replication::recording::{BUILTINS, read_bytes, to_toml};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Event, File, FileReader, HtmlInputElement};
use yew::Html;
use yew::html::Scope;

use super::Shown;
use super::script::script;
use crate::app::element::{el, group};
use crate::app::root::Root;
use crate::app::script::Asked;
use crate::app::ui::Act;

/// A scenario of the list: its name, and what it shows.
pub type Entry = (String, String);

/// What the built-in scenarios are called and about, in the order of the list.
pub fn entries() -> Vec<Entry> {
    let entry = |text: &str| {
        let form = read_toml(text).unwrap_or_default();
        let field = |name: &str| form.field(name).and_then(Form::text).unwrap_or("").to_string();
        (field("name"), field("about"))
    };
    BUILTINS.iter().map(|builtin| entry(builtin.text)).collect()
}

/// Reads a file and sends what is in it, or why it cannot be run, to the page.
pub fn open(file: &File, link: &Scope<Root>) {
    let Ok(reader) = FileReader::new() else { return };
    let (name, link, ended) = (file.name(), link.clone(), reader.clone());
    let on_end = Closure::once_into_js(move || {
        let buffer = ended.result().ok().and_then(|it| it.dyn_into::<ArrayBuffer>().ok());
        let read = match buffer {
            Some(buffer) => {
                read_bytes(&Uint8Array::new(&buffer).to_vec()).map_err(|error| error.to_string())
            }
            None => Err("the browser could not read it".to_string()),
        };
        link.send_message(match read {
            Ok(scenario) => Act::Opened(Box::new(scenario)),
            Err(error) => Act::NotOpened(format!("{name}, {error}")),
        });
    });
    reader.set_onloadend(Some(on_end.unchecked_ref()));
    // What cannot be read ends the reading too.
    let _ = reader.read_as_array_buffer(file);
}

/// A text as an address to save it from.
pub fn address(text: &str) -> String {
    format!("data:application/toml;charset=utf-8,{}", String::from(encode_uri_component(text)))
}

/// The list, if it is open.
pub fn gallery(shown: &Shown) -> Html {
    let Some(entries) = &shown.ui.gallery else {
        return Html::default();
    };
    if shown.ui.script.open {
        return script(shown);
    }
    let link = shown.link.clone();
    let on_change = move |event: Event| {
        let input: Option<HtmlInputElement> =
            event.target().and_then(|target| target.dyn_into().ok());
        let Some(input) = input else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            open(&file, &link);
        }
        // So that the same file can be chosen again once it is mended.
        input.set_value("");
    };
    let list = entries.iter().enumerate().map(|(at, (name, about))| {
        let button = el("button", "")
            .testid(format!("open-{}", BUILTINS[at].name))
            .on_click(shown.ask(Act::OpenBuiltin(at)))
            .with(el("b", "").text(name.clone()))
            .with(el("span", "").text(about.clone()));
        el("li", "").with(button)
    });
    let button = |testid: &'static str, name: &'static str, act: Act| {
        el("button", "").testid(testid).on_click(shown.ask(act)).text(name)
    };
    let edit = match shown.ui.script.unfinished {
        true => "Go on editing",
        false => "Edit this run",
    };
    let file = el("input", "hidden")
        .set("type", "file")
        .set("accept", ".toml,.json,text/*")
        .testid("open-file")
        .on("change", Box::new(on_change));
    let save = el("a", "button")
        .set("download", "scenario.toml")
        .set("href", address(&to_toml(shown.player.recording().scenario())))
        .testid("save")
        .text("Save this run");
    let error = shown.ui.not_opened.as_ref().map(|error| {
        el("p", "wrong")
            .set("role", "alert")
            .testid("not-opened")
            .text(format!("It was not opened. {error}"))
    });
    let panel = el("section", "help gallery")
        .set("role", "dialog")
        .set("aria-modal", "true")
        .label("Scenarios")
        .testid("gallery")
        .with(el("h2", "").text("Scenarios"))
        .with(
            el("div", "buttons")
                .with(el("label", "button").text("Open a file\u{2026}").with(file))
                .with(save)
                .with(button("edit", edit, Act::Script(Asked::Open)))
                .with(button("share-here", "Copy link", Act::Share))
                .with(button("close-gallery", "Close", Act::Gallery).set("id", "gallery")),
        )
        .maybe(error)
        .with(el("p", "faint").text("A file can also be dropped anywhere on the page."))
        .with(el("ol", "").each(list));
    group([el("div", "veil dim").on_click(shown.ask(Act::Gallery)), panel])
}
