//! Where the page is shown: by itself, inside of another page, or on a wall.
//!
//! `?embed=1` leaves stage, caption and transport, stores nothing, and takes keys only once
//! something in it has the focus. `?projector=1`, or P, makes everything larger and plain.

use replication::base::{SimTime, Span};
use replication::player::Msg;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlElement, IntersectionObserver, IntersectionObserverInit, Node};
use yew::html::Scope;

use super::browser::{document, focused, root, window};
use super::root::Root;
use super::ui::Act;

/// How much larger the stage is drawn on a wall; on a small one.
const LARGER: f64 = 1.7;
const LARGER_SMALL: f64 = 1.3;
/// How wide a wall must be to be no small one, in pixels.
const WALL: &str = "(min-width: 1600px)";
/// The share of an embedded page that must be seen before it plays by itself.
const SEEN: f64 = 0.6;
/// Height to width of an embedded page, in hundredths, and its bounds in pixels.
const ASPECT: i32 = 66;
const HEIGHT: (i32, i32) = (240, 680);

/// The value of a field of the address, after `?`.
fn asked(name: &str) -> Option<String> {
    let search = window().location().search().unwrap_or_default();
    let mut fields = search.trim_start_matches('?').split('&').filter_map(|it| it.split_once('='));
    fields.find(|(field, _)| *field == name).map(|(_, value)| value.to_string())
}

fn is_asked(name: &str) -> bool {
    asked(name).is_some_and(|value| value == "1")
}

/// Whether it is part of another page.
pub fn embedded() -> bool {
    is_asked("embed")
}

/// Whether it begins on a wall.
pub fn projected() -> bool {
    is_asked("projector")
}

/// The instant that the address asks for outside of a link: `?t=1500ms`.
pub fn instant() -> Option<SimTime> {
    asked("t")?.parse::<Span>().ok().map(|span| span.0)
}

/// Marks the page for its style sheet.
pub fn mark(name: &str, on: bool) {
    // Attributes of <html> can always be set and taken away.
    let _ = match on {
        true => root().set_attribute(name, ""),
        false => root().remove_attribute(name),
    };
}

/// Whether the page is marked so.
pub fn marked(name: &str) -> bool {
    root().has_attribute(name)
}

/// How much larger than usual things are drawn.
pub fn larger(projector: bool) -> f64 {
    match projector {
        false => 1.0,
        true if super::browser::matches(WALL) => LARGER,
        true => LARGER_SMALL,
    }
}

/// Whether keys are for the page: in another one, only once something in this one has the focus.
pub fn takes_keys() -> bool {
    let body = document().body();
    let elsewhere =
        focused().is_none_or(|at| at.is_same_node(body.as_deref().map(|it| it as &Node)));
    !embedded() || !elsewhere
}

/// Tells the page around how tall this one would like to be, now and whenever it is resized; and
/// plays once enough of it is seen, if that is asked for.
pub fn settle_in(link: &Scope<Root>) {
    if !embedded() {
        return;
    }
    tell_height();
    let tell = Closure::<dyn Fn()>::new(tell_height);
    // Adding a listener to a window cannot fail; it stays as long as the page.
    let _ = window().add_event_listener_with_callback("resize", tell.as_ref().unchecked_ref());
    tell.forget();
    if !is_asked("autoplay") || super::browser::matches("(prefers-reduced-motion: reduce)") {
        return;
    }
    let link = link.clone();
    let on_seen = Closure::<dyn Fn(js_sys::Array, IntersectionObserver)>::new(
        move |entries: js_sys::Array, observer: IntersectionObserver| {
            let seen = |entry: JsValue| {
                let share = js_sys::Reflect::get(&entry, &"intersectionRatio".into());
                share.ok().and_then(|share| share.as_f64()).is_some_and(|share| share >= SEEN)
            };
            if entries.iter().any(seen) {
                observer.disconnect();
                link.send_message(Act::Player(Msg::Play));
            }
        },
    );
    let options = IntersectionObserverInit::new();
    options.set_threshold(&SEEN.into());
    let watch = on_seen.as_ref().unchecked_ref();
    if let Ok(observer) = IntersectionObserver::new_with_options(watch, &options) {
        observer.observe(&root());
    }
    on_seen.forget();
}

fn tell_height() {
    let height = (root().client_width() * ASPECT / 100).clamp(HEIGHT.0, HEIGHT.1);
    let message = js_sys::Object::new();
    // A plain object takes any property.
    let _ = js_sys::Reflect::set(&message, &"source".into(), &"replicascope".into());
    let _ = js_sys::Reflect::set(&message, &"height".into(), &height.into());
    if let Ok(Some(parent)) = window().parent() {
        // Heights are no secret: whoever embeds the page may know.
        let _ = parent.post_message(&message, "*");
    }
}

/// Lets a link lead to the whole page with everything that is so far: it is made when it is used,
/// and at once, since browsers follow only what they are given while somebody clicks.
pub fn open_full(event: &Event) {
    let part = |of: &JsValue, name: &str| js_sys::Reflect::get(of, &name.into()).ok();
    let url = part(&window(), "replicascope").and_then(|hooks| {
        let url = part(&hooks, "longUrl")?.dyn_into::<js_sys::Function>().ok()?;
        url.call0(&hooks).ok()?.as_string()
    });
    let link = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    if let (Some(link), Some(url)) = (link, url) {
        let page = window().location().pathname().unwrap_or_default();
        let (_, tail) = url.split_once('#').unwrap_or_default();
        // Attributes of links can always be set.
        let _ = link.set_attribute("href", &format!("{page}#{tail}"));
    }
}
