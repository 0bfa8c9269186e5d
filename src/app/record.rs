//! Recording what the stage shows as a video, while the run plays: a script that is fetched when
//! somebody asks for it draws one picture after the other and lets the browser film them. The run
//! standing still ends it.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Reflect};
use replication::player::{Msg, Player};
use replication::words::notice as say;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;
use yew::html::Scope;

use super::browser::{document, window};
use super::export::stage_svg;
use super::root::Root;
use super::ui::Act;

const SCRIPT: &str = "record.js";
const ENTRY: &str = "recordStage";

/// A recording.
#[derive(Clone, Debug)]
pub struct Reel {
    /// How far it is, or what has become of it.
    pub words: String,
    /// Whether it has ended.
    pub done: bool,
}

impl Reel {
    /// One that has just begun.
    pub fn begun() -> Reel {
        Reel { words: say::RECORDING.to_string(), done: false }
    }
}

/// Lets the run play, and records it from here.
pub fn start(player: &Rc<RefCell<Player>>, link: &Scope<Root>) {
    player.borrow_mut().update(Msg::Play);
    let (player, told) = (Rc::clone(player), link.clone());
    let frame = move |words: JsValue, done: JsValue| -> JsValue {
        let done = done.is_truthy();
        if let Some(words) = words.as_string() {
            told.send_message(Act::Reel(Reel { words, done }));
        }
        let goes_on = !done && player.borrow().playing();
        let svg = if goes_on { stage_svg() } else { None };
        svg.map_or(JsValue::UNDEFINED, |(svg, _)| svg.into())
    };
    let frame: Closure<dyn Fn(JsValue, JsValue) -> JsValue> = Closure::new(frame);
    let frame = frame.into_js_value();
    if film(&frame) {
        return;
    }
    let link = link.clone();
    let on_end = Closure::once_into_js(move || {
        if !film(&frame) {
            link.send_message(Act::Reel(Reel {
                words: say::RECORDER_NOT_FETCHED.to_string(),
                done: true,
            }));
        }
    });
    let script = document().create_element("script").ok();
    if let Some(script) = script.and_then(|script| script.dyn_into::<HtmlElement>().ok()) {
        let on_end: &Function = on_end.unchecked_ref();
        script.set_onload(Some(on_end));
        script.set_onerror(Some(on_end));
        // Plain attributes are always accepted, and a document has a body.
        let _ = script.set_attribute("src", SCRIPT);
        let _ = document().body().map(|body| body.append_child(&script));
    }
}

/// Hands the pictures to the script; false while it is not there.
fn film(frame: &JsValue) -> bool {
    let entry = Reflect::get(&window(), &ENTRY.into()).unwrap_or_default();
    let Some(entry) = entry.dyn_ref::<Function>() else { return false };
    // It tells itself what has become of it.
    let _ = entry.call1(&JsValue::UNDEFINED, frame);
    true
}
