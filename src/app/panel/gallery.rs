//! The scenarios: those that come with the program, a file of one's own, and ways to keep and share
//! the one that is looked at.

use js_sys::{ArrayBuffer, Uint8Array, encode_uri_component};
use replication::form::{Form, read_toml};
use replication::recording::{BUILTINS, read_bytes, to_toml};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{File, FileReader, HtmlInputElement};
use yew::html::Scope;
use yew::{Callback, Event, Html, html};

use super::Shown;
use crate::app::root::Root;
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
    let link = shown.link.clone();
    let onchange = Callback::from(move |event: Event| {
        let input: Option<HtmlInputElement> =
            event.target().and_then(|target| target.dyn_into().ok());
        let Some(input) = input else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            open(&file, &link);
        }
        // So that the same file can be chosen again once it is mended.
        input.set_value("");
    });
    let list = entries.iter().enumerate().map(|(at, (name, about))| {
        html! {
            <li>
                <button data-testid={format!("open-{}", BUILTINS[at].name)}
                    onclick={shown.ask(move || Act::OpenBuiltin(at))}>
                    <b>{ name.clone() }</b><span>{ about.clone() }</span>
                </button>
            </li>
        }
    });
    let scenario = shown.player.recording().scenario();
    let save = address(&to_toml(scenario));
    html! {
        <>
            <div class="veil dim" onclick={shown.ask(|| Act::Gallery)} />
            <section class="help gallery" role="dialog" aria-modal="true" aria-label="Scenarios"
                data-testid="gallery">
                <h2>{ "Scenarios" }</h2>
                <div class="buttons">
                    <label class="button">
                        { "Open a file\u{2026}" }
                        <input type="file" accept=".toml,.json,text/*" class="hidden"
                            data-testid="open-file" {onchange} />
                    </label>
                    <a class="button" download="scenario.toml" href={save} data-testid="save">
                        { "Save this run" }</a>
                    <button onclick={shown.ask(|| Act::Share)} data-testid="share-here">
                        { "Copy link" }</button>
                    <button id="gallery" onclick={shown.ask(|| Act::Gallery)}
                        data-testid="close-gallery">
                        { "Close" }</button>
                </div>
                if let Some(error) = &shown.ui.not_opened {
                    <p class="wrong" role="alert" data-testid="not-opened">
                        { format!("It was not opened. {error}") }
                    </p>
                }
                <p class="faint">{ "A file can also be dropped anywhere on the page." }</p>
                <ol>{ for list }</ol>
            </section>
        </>
    }
}
