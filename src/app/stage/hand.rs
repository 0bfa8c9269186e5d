//! What a hand does to the stage itself: a line drawn across links, or from one server to another
//! where the cluster is edited; two fingers that spread, the wheel with Ctrl. What else it does to
//! figures is theirs.

use replication::scene::{Xy, within, xy};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, Event, PointerEvent, TouchEvent, WheelEvent};
use yew::html::Scope;

use super::{Act, Stage};

/// How far a pointer must move before it draws a line, in pixels.
const DRAG: f64 = 8.0;
/// What is listened to. The wheel and moving fingers must be listened to here, and not by Yew, so
/// that the browser can be kept from zooming the page.
const EVENTS: [&str; 8] = [
    "wheel",
    "touchstart",
    "touchmove",
    "pointerdown",
    "pointermove",
    "pointerup",
    "pointercancel",
    "scroll",
];

/// Listens for as long as it lives.
pub struct Hand {
    host: Element,
    closure: Closure<dyn FnMut(Event)>,
}

impl Hand {
    /// Listens to an element and tells the stage. Figures can be taken hold of if it `hauls`.
    pub fn new(host: &Element, link: Scope<Stage>, hauls: bool) -> Hand {
        let mut grip = Grip { from: None, held: false, hauls, drawn: false, spread: None };
        let closure = Closure::new(move |event: Event| {
            if let Some(act) = grip.take(&event) {
                link.send_message(act);
            }
        });
        for name in EVENTS {
            let listener = closure.as_ref().unchecked_ref();
            // Adding a listener to an element cannot fail.
            let _ = host.add_event_listener_with_callback(name, listener);
        }
        Hand { host: host.clone(), closure }
    }
}

impl Drop for Hand {
    fn drop(&mut self) {
        for name in EVENTS {
            let listener = self.closure.as_ref().unchecked_ref();
            let _ = self.host.remove_event_listener_with_callback(name, listener);
        }
    }
}

struct Grip {
    from: Option<Xy>,
    /// Whether that was on a figure, and whether it may be.
    held: bool,
    hauls: bool,
    drawn: bool,
    /// How far apart two fingers are.
    spread: Option<f64>,
}

impl Grip {
    fn take(&mut self, event: &Event) -> Option<Act> {
        if let Some(wheel) = event.dyn_ref::<WheelEvent>() {
            if !wheel.ctrl_key() {
                return None;
            }
            wheel.prevent_default();
            let at = xy(f64::from(wheel.client_x()), f64::from(wheel.client_y()));
            return Some(Act::Zoom(turned(wheel), Some(at)));
        }
        if let Some(touch) = event.dyn_ref::<TouchEvent>() {
            return self.pinch(touch);
        }
        let Some(pointer) = event.dyn_ref::<PointerEvent>() else {
            return Some(Act::Scrolled);
        };
        let at = xy(f64::from(pointer.client_x()), f64::from(pointer.client_y()));
        match event.type_().as_str() {
            "pointerdown" => {
                let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
                let figure = target.and_then(|target| target.closest(".figure").ok().flatten());
                self.held = figure.is_some();
                let free = !self.held || self.hauls;
                let free = free && pointer.is_primary() && pointer.button() == 0;
                self.from = free.then_some(at);
                self.drawn = false;
                None
            }
            "pointermove" => {
                let from = self.from?;
                if !self.drawn && (at - from).length() < DRAG {
                    return None;
                }
                if !self.drawn {
                    self.drawn = true;
                    let host = event.current_target()?.dyn_into::<Element>().ok()?;
                    // A pointer that is gone meanwhile cannot be captured, and needs not be.
                    let _ = host.set_pointer_capture(pointer.pointer_id());
                }
                Some(self.line(from, at, false))
            }
            "pointerup" => {
                let from = self.from.take()?;
                self.drawn.then(|| self.line(from, at, true))
            }
            _ => self.lift(),
        }
    }

    /// No line after all.
    fn lift(&mut self) -> Option<Act> {
        let from = self.from.take()?;
        self.drawn.then_some(Act::Knife(from, from, false))
    }

    fn line(&self, from: Xy, to: Xy, done: bool) -> Act {
        if self.held { Act::Haul(from, to, done) } else { Act::Knife(from, to, done) }
    }

    fn pinch(&mut self, touch: &TouchEvent) -> Option<Act> {
        let Some((a, b)) = fingers(touch) else {
            self.spread = None;
            return None;
        };
        touch.prevent_default();
        let spread = (a - b).length().max(1.0);
        match self.spread.replace(spread) {
            Some(before) => Some(Act::Zoom(spread / before, Some(a.toward(b, 0.5)))),
            None => {
                self.from = None;
                Some(Act::Zoom(1.0, None))
            }
        }
    }
}

/// How many times closer a turn of the wheel goes.
pub fn turned(wheel: &WheelEvent) -> f64 {
    let lines = if wheel.delta_mode() == WheelEvent::DOM_DELTA_LINE { 16.0 } else { 1.0 };
    1.0 + within(-wheel.delta_y() * lines, -100.0, 100.0) / 250.0
}

/// Where two fingers are on the page; None if there are not two.
pub fn fingers(touch: &TouchEvent) -> Option<(Xy, Xy)> {
    let touches = touch.touches();
    let place = |nth: u32| {
        let touch = touches.get(nth)?;
        Some(xy(f64::from(touch.client_x()), f64::from(touch.client_y())))
    };
    Some((place(0)?, place(1)?)).filter(|_| touches.length() == 2)
}
