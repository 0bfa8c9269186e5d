//! The scenarios: those that come with the program, a file of one's own, and ways to keep and share
//! the one that is looked at.

use std::cell::OnceCell;

use js_sys::{ArrayBuffer, Uint8Array, encode_uri_component};
use replication::form::{Form, read_toml};
use replication::lesson::{Journal, is_lesson};
use replication::recording::{check_length, read_bytes, to_toml};
use replication::sim::Scenario;
use replication::words::scenario as say;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Event, File, FileReader, HtmlInputElement};
use yew::Html;
use yew::html::Scope;

use super::Shown;
use super::script::script;
use crate::app::browser;
use crate::app::element::{El, el, group};
use crate::app::lesson::Ask;
use crate::app::root::Root;
use crate::app::script::Asked;
use crate::app::stage::{blank, poster};
use crate::app::ui::{Act, Ui};

/// A scenario of the list.
#[derive(Debug)]
pub struct Entry {
    /// What its file is called.
    file: String,
    /// What is in it.
    pub text: String,
    /// Its name.
    name: String,
    /// What it shows.
    about: String,
    /// Its picture, once that is drawn.
    poster: OnceCell<Html>,
}

/// Pictures drawn between two frames: a long list opens at once.
const POSTERS: usize = 3;

/// Draws a few more of the pictures; whether any was missing.
pub fn draws(ui: &Ui) -> bool {
    let open = ui.gallery && !ui.script.open;
    let entries = ui.scenarios.iter().filter(|_| open).flat_map(|entries| entries.iter());
    let missing = entries.filter(|entry| entry.poster.get().is_none()).take(POSTERS);
    let drawn = missing.map(|entry| entry.poster.set(poster(&entry.text)).is_ok());
    drawn.count() > 0
}

/// Asks for the built-in scenarios, unless they are there.
pub fn fetch(ui: &Ui, link: &Scope<Root>) {
    if ui.scenarios.is_none() {
        let link = link.clone();
        let done = move |text| link.send_message(Act::Scenarios(text));
        browser::fetch("scenarios.toml", Box::new(done));
    }
}

/// The built-in scenarios, in the order of the list.
pub fn entries(texts: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    for entry in read_toml(texts).unwrap_or_default().entries() {
        let text = entry.form.text().unwrap_or("");
        let form = read_toml(text).unwrap_or_default();
        let field = |name: &str| form.field(name).and_then(Form::text).unwrap_or("").to_string();
        let (name, about) = (field("name"), field("about"));
        let (file, text) = (entry.name.to_string(), text.to_string());
        entries.push(Entry { file, text, name, about, poster: OnceCell::new() });
    }
    entries
}

/// What is to be done when a scenario was read, or could not be.
pub fn opened(read: Result<Scenario, String>) -> Act {
    match read {
        Ok(scenario) => Act::Opened(Box::new(scenario)),
        Err(why) => Act::NotOpened(say::not_opened(why)),
    }
}

/// Reads a file and sends what is in it, or why it cannot be run, to the page.
pub fn open(file: &File, link: &Scope<Root>) {
    let Ok(reader) = FileReader::new() else { return };
    let (name, link, ended) = (file.name(), link.clone(), reader.clone());
    if let Err(error) = check_length(file.size() as usize) {
        return link.send_message(opened(Err(format!("{name}, {error}"))));
    }
    let on_end = Closure::once_into_js(move || {
        let buffer = ended.result().ok().and_then(|it| it.dyn_into::<ArrayBuffer>().ok());
        let bytes = buffer.map(|buffer| Uint8Array::new(&buffer).to_vec());
        link.send_message(match bytes {
            Some(bytes) => read(&name, &bytes),
            None => opened(Err(say::browser_could_not_read(name))),
        });
    });
    reader.set_onloadend(Some(on_end.unchecked_ref()));
    // What cannot be read ends the reading too.
    let _ = reader.read_as_array_buffer(file);
}

/// What becomes of a file: it is a lesson, or how far somebody came in them, or a scenario.
fn read(name: &str, bytes: &[u8]) -> Act {
    match std::str::from_utf8(bytes) {
        Ok(text) if Journal::is_one(text) || is_lesson(text) => {
            Act::Lesson(Ask::File(name.to_string(), text.to_string()))
        }
        Ok(text) => Act::Incoming(name.to_string(), text.to_string()),
        Err(_) => opened(read_bytes(bytes).map_err(|error| format!("{name}, {error}"))),
    }
}

/// A text as an address to save it from.
pub fn address(text: &str) -> String {
    format!("data:application/toml;charset=utf-8,{}", String::from(encode_uri_component(text)))
}

/// What a file is chosen with.
pub fn picker(shown: &Shown) -> El {
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
    let file = el("input", "hidden")
        .set("type", "file")
        .set("accept", ".toml,.json,text/*")
        .testid("open-file")
        .on("change", Box::new(on_change));
    el("label", "button").text(say::OPEN_A_FILE).with(file)
}

/// The list, if it is open.
pub fn gallery(shown: &Shown) -> Html {
    if !shown.ui.gallery {
        return Html::default();
    }
    if shown.ui.script.open {
        return script(shown);
    }
    let entries = shown.ui.scenarios.iter().flat_map(|entries| entries.iter());
    let list = entries.enumerate().map(|(at, entry)| {
        let button = el("button", "")
            .testid(format!("open-{}", entry.file))
            .on_click(shown.ask(Act::OpenBuiltin(at)))
            .with(entry.poster.get().cloned().unwrap_or_else(blank))
            .with(el("b", "").text(entry.name.clone()))
            .with(el("span", "").text(entry.about.clone()));
        el("li", "").with(button)
    });
    let button = |testid: &'static str, name: &'static str, act: Act| {
        el("button", "").testid(testid).on_click(shown.ask(act)).text(name)
    };
    let edit = match shown.ui.script.unfinished {
        true => say::GO_ON_EDITING,
        false => say::EDIT_THIS_RUN,
    };
    let save = el("a", "button")
        .set("download", "scenario.toml")
        .set("href", address(&to_toml(shown.player.recording().scenario())))
        .testid("save")
        .text(say::SAVE_THIS_RUN);
    let error = shown.ui.not_opened.as_ref().map(|error| {
        el("p", "wrong").set("role", "alert").testid("not-opened").text(error.clone())
    });
    let panel = el("section", "help gallery")
        .set("role", "dialog")
        .set("aria-modal", "true")
        .label(say::SCENARIOS)
        .testid("gallery")
        .with(el("h2", "").text(say::SCENARIOS))
        .with(
            el("div", "buttons")
                .with(picker(shown))
                .with(save)
                .with(button("edit", edit, Act::Script(Asked::Open)))
                .with(button("share-here", say::COPY_LINK, Act::Share))
                .with(button("close-gallery", say::CLOSE, Act::Gallery).set("id", "gallery")),
        )
        .maybe(error)
        .with(el("p", "faint").text(say::FILE_CAN_BE_DROPPED))
        .with(el("ol", "").each(list));
    group([el("div", "veil dim").on_click(shown.ask(Act::Gallery)), panel])
}
