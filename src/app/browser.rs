//! The browser's own things, in one place: window, document, media queries, timed frames.

use replication::api::Later;
use replication::words::notice as say;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlElement, SvgElement, Window, XmlHttpRequest};

/// The window.
///
/// # Panics
/// Outside a page, where this program never runs.
pub fn window() -> Window {
    web_sys::window().expect("the page runs in a window")
}

/// The document.
pub fn document() -> Document {
    window().document().expect("a window shows a document")
}

/// The `<html>` element.
pub fn root() -> Element {
    document().document_element().expect("a document has a root element")
}

/// Whether a media query holds now.
pub fn matches(query: &str) -> bool {
    let list = window().match_media(query).ok().flatten();
    list.is_some_and(|list| list.matches())
}

/// Gives the focus to the element of this id, if there is one.
pub fn focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        focus_on(&element);
    }
}

/// Gives the focus to an element of HTML or of a drawing; one that cannot take it, or is no longer
/// there, leaves it where it is.
pub fn focus_on(element: &Element) {
    let _ = match (element.dyn_ref::<HtmlElement>(), element.dyn_ref::<SvgElement>()) {
        (Some(element), _) => element.focus(),
        (None, Some(element)) => element.focus(),
        (None, None) => Ok(()),
    };
}

/// The element that has the focus; None if none has.
pub fn focused() -> Option<Element> {
    document().active_element()
}

/// Puts a text on the clipboard, and tells whether it is there; it is not where the browser has no
/// clipboard to give, or nobody has clicked.
pub fn copy(text: &str, then: Box<dyn FnOnce(bool)>) {
    let navigator = window().navigator();
    let known = js_sys::Reflect::get(&navigator, &"clipboard".into());
    if !known.is_ok_and(|clipboard| clipboard.is_object()) {
        return then(false);
    }
    let copying = navigator.clipboard().write_text(text);
    let done = Closure::once_into_js(move |why: JsValue| then(why.is_undefined()));
    copying.unchecked_into::<Later>().then(&done, &done);
}

/// Fetches a file beside the page; gives its text, or why it has not come.
pub fn fetch(path: &str, done: Box<dyn FnOnce(Result<String, String>)>) {
    let Ok(request) = XmlHttpRequest::new() else { return };
    let asked = request.clone();
    let on_end = Closure::once_into_js(move || {
        let text = asked.response_text().ok().flatten();
        done(match (asked.status(), text) {
            (Ok(200), Some(text)) => Ok(text),
            (Ok(0) | Err(_), _) => Err(say::HOST_IS_SILENT.to_string()),
            (Ok(status), _) => Err(say::host_answers(status)),
        });
    });
    request.set_onloadend(Some(on_end.unchecked_ref()));
    // What cannot be asked for ends too, without an answer.
    let _ = request.open("GET", path).and_then(|()| request.send());
}

#[wasm_bindgen]
extern "C" {
    /// Milliseconds since the page began, to see how long something takes.
    #[wasm_bindgen(js_namespace = performance)]
    pub fn now() -> f64;
}

/// Asks for the next frame. The closure gets its time in milliseconds.
pub fn on_next_frame(frame: &Closure<dyn FnMut(f64)>) {
    // Refused only when the window is gone, and then nobody waits for a frame.
    let _ = window().request_animation_frame(frame.as_ref().unchecked_ref());
}
