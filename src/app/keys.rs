//! The keyboard: which key asks for what. Single keys act outside text fields, and can be switched
//! off; keys that are not characters always act.

use replication::player::Msg;
use replication::sim::{Command, Yes};
use replication::topology::Shape;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, KeyboardEvent};
use yew::html::Scope;

use super::browser::window;
use super::lesson;
use super::root::Root;
use super::sight::{self, CLOSER};
use super::ui::{Act, Dialog, Drawer};
use super::venue;

/// Listens to the window for as long as it lives.
pub struct Listener {
    closure: Closure<dyn FnMut(KeyboardEvent)>,
}

impl Listener {
    /// Sends what keys ask for to the page.
    pub fn new(link: Scope<Root>) -> Listener {
        let closure = Closure::new(move |event: KeyboardEvent| on_key(&link, &event));
        let listener = closure.as_ref().unchecked_ref();
        // Adding a listener to a window cannot fail.
        let _ = window().add_event_listener_with_callback("keydown", listener);
        Listener { closure }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let listener = self.closure.as_ref().unchecked_ref();
        let _ = window().remove_event_listener_with_callback("keydown", listener);
    }
}

fn on_key(link: &Scope<Root>, event: &KeyboardEvent) {
    let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    let within = |selector: &str| {
        let found = target.as_ref().map(|target| target.closest(selector).ok().flatten());
        found.flatten().is_some()
    };
    if event.default_prevented() || event.alt_key() || event.is_composing() {
        return;
    }
    let key = event.key();
    if event.ctrl_key() || event.meta_key() {
        if key.eq_ignore_ascii_case("z") && !within("input, textarea") {
            event.prevent_default();
            let msg = if event.shift_key() { Msg::Redo } else { Msg::Undo };
            link.send_message(Act::Player(msg));
        }
        return;
    }
    if key == "Escape" {
        link.send_message(Act::Escape);
        return;
    }
    if within("input:not([type=range]), textarea, select, [role=menu], dialog") {
        return;
    }
    // Space and Enter press the button that has the focus; only on the stage and beside Play does
    // Space keep meaning play.
    if key == " " && within("button, a, [role=radio], summary") && !within(".stage, .play") {
        return;
    }
    // Arrows, Home and End move a slider that has the focus.
    let moves = key.starts_with("Arrow") || matches!(key.as_str(), "Home" | "End");
    if moves && within("[role=slider], input") {
        return;
    }
    if !venue::takes_keys() {
        return;
    }
    let on_wall = if venue::marked("data-projector") { remote(&key) } else { None };
    if key.starts_with("Page") && on_wall.is_none() && !lesson::open_now() {
        return;
    }
    if let Some(ask) = on_wall.or_else(|| ask(&key)) {
        event.prevent_default();
        link.send_message(match ask {
            Ask::Always(act) => act,
            Ask::IfOn(act) => Act::SingleKey(Box::new(act)),
        });
    }
}

enum Ask {
    Always(Act),
    IfOn(Act),
}

/// What keys mean on a wall, where a remote sends them. Remotes have two keys to turn pages, one
/// that begins, and one that blanks the wall; whichever is pressed first shows a blank wall again.
fn remote(key: &str) -> Option<Ask> {
    let on = |next| {
        Some(Ask::IfOn(match (lesson::open_now(), next) {
            (true, next) => Act::Lesson(lesson::Ask::Turn(next)),
            (false, true) => Act::Player(Msg::NextSurprise),
            (false, false) => Act::Player(Msg::PreviousSurprise),
        }))
    };
    let ask = match key {
        "PageDown" | "ArrowRight" | "ArrowDown" => on(true),
        "PageUp" | "ArrowLeft" | "ArrowUp" => on(false),
        "." | "F5" => Some(Ask::IfOn(Act::Player(Msg::TogglePlay))),
        "b" | "B" => Some(Ask::IfOn(Act::Blank)),
        _ => None,
    };
    if venue::marked("data-blank") { ask.map(|_| Ask::IfOn(Act::Blank)) } else { ask }
}

fn ask(key: &str) -> Option<Ask> {
    let msg = |msg| Ask::IfOn(Act::Player(msg));
    let sight = |ask| Ask::IfOn(Act::Sight(ask));
    let shape = |shape| Ask::IfOn(Act::Player(Msg::Topology(shape)));
    let ask = match key {
        "Home" => Ask::Always(Act::Player(Msg::Home)),
        "End" => Ask::Always(Act::Player(Msg::Live)),
        " " => msg(Msg::TogglePlay),
        "." => msg(Msg::StepForward),
        "," => msg(Msg::StepBack),
        ">" => msg(Msg::NextSurprise),
        "<" => msg(Msg::PreviousSurprise),
        "[" => msg(Msg::Slower),
        "]" => msg(Msg::Faster),
        "+" | "=" => sight(sight::Ask::Closer(CLOSER)),
        "-" => sight(sight::Ask::Closer(1.0 / CLOSER)),
        "0" => sight(sight::Ask::Fit),
        "(" => sight(sight::Ask::Along(-0.25)),
        ")" => sight(sight::Ask::Along(0.25)),
        "1" => shape(Shape::Star),
        "2" => shape(Shape::Chain),
        "3" => shape(Shape::Ring),
        "4" => shape(Shape::Tree),
        "m" | "M" => Ask::IfOn(Act::NextAck),
        "w" | "W" => Ask::IfOn(Act::Type(true)),
        "r" | "R" => Ask::IfOn(Act::Type(false)),
        "f" | "F" => msg(Msg::FollowNewest),
        "k" | "K" => Ask::IfOn(Act::CrashOrRestart),
        "i" | "I" => Ask::IfOn(Act::IsolateOrRejoin),
        "h" | "H" => msg(Msg::Issue(Command::Heal(Yes))),
        "s" | "S" => Ask::IfOn(Act::Drawer(Drawer::SpaceTime)),
        "t" | "T" => Ask::IfOn(Act::Drawer(Drawer::Table)),
        "g" | "G" => Ask::IfOn(Act::Drawer(Drawer::Metrics)),
        "l" | "L" => Ask::IfOn(Act::Drawer(Drawer::Log)),
        "n" | "N" => Ask::IfOn(Act::Lesson(lesson::Ask::Shelf)),
        "v" | "V" => Ask::IfOn(Act::Lesson(lesson::Ask::Sheet)),
        "PageDown" => Ask::Always(Act::Lesson(lesson::Ask::Turn(true))),
        "PageUp" => Ask::Always(Act::Lesson(lesson::Ask::Turn(false))),
        "c" | "C" => Ask::IfOn(Act::Compare),
        "p" | "P" => Ask::IfOn(Act::Projector),
        "b" | "B" => Ask::IfOn(Act::Dialog(Dialog::Branches)),
        "o" | "O" => Ask::IfOn(Act::Gallery),
        ":" => Ask::IfOn(Act::Line(String::new())),
        "?" => Ask::IfOn(Act::Help),
        _ => return None,
    };
    Some(ask)
}
