//! What stretch of the run is looked at. Timeline, diagram and charts show the same one; what
//! hands, wheels, keys and buttons do to it is here, and that it goes with the playhead. The map
//! from time to place is the library's `Window`.

use std::cell::Cell;
use std::rc::Rc;

use replication::base::SimTime;
use replication::player::{Msg, Player, us_text};
use replication::scene::Window;
use replication::words::stage as say;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Event, HtmlCanvasElement, PointerEvent, TouchEvent, WheelEvent};
use yew::NodeRef;
use yew::html::Scope;

use super::control::square;
use super::element::{El, el};
use super::icon::Icon;
use super::panel::Shown;
use super::root::Root;
use super::stage::{fingers, turned};
use super::tape::{GHOST, WHOLE, span};
use super::ui::Act;

/// How much closer a press of a button or key goes.
pub const CLOSER: f64 = 1.5;
/// How far a pointer must move before it drags a diagram, in pixels.
const DRAG: f64 = 4.0;
/// What is listened to: on the canvas, so that the browser can be kept from zooming the page.
const EVENTS: [&str; 5] = ["wheel", "touchstart", "touchmove", "pointerdown", "pointermove"];

/// What a person does to the time shown. Places are pixels from the timeline's left end.
#[derive(Clone, Copy, Debug)]
pub enum Ask {
    /// So many times closer, what lies at the first place to the second one.
    Take(f64, (f64, f64)),
    /// So many times closer, about the playhead.
    Closer(f64),
    /// Later by so many widths.
    Along(f64),
    /// All of it again.
    Fit,
    /// Go with the playhead, or no longer.
    Follow,
    /// A pointer is pressed on the timeline at a place and so far above its foot, or on a diagram.
    Press(f64, Option<f64>),
    /// It has moved, pressed, from a place to another.
    Drag(f64, f64),
}

/// The axis of time, as it lies on the page.
#[derive(Clone, Copy)]
pub struct Axis {
    /// The timeline's left edge, from the page's.
    pub left: f64,
    /// What it shows, and how wide.
    pub window: Window,
    /// Whether that is only a part of the run.
    pub close: bool,
}

/// What lies under a pointer, on the timeline or on a diagram.
#[derive(Clone, Copy, Debug, Default)]
enum Part {
    /// What shares its axis.
    #[default]
    Ground,
    /// What is looked at.
    History,
    /// The whole run, and in it the part that is looked at.
    Whole,
    /// A branch in grey.
    Ghost(usize),
}

/// What is looked at.
#[derive(Clone, Debug, Default)]
pub struct Sight {
    /// From when to when; None is all of the run.
    pub close: Option<(SimTime, SimTime)>,
    /// Whether the playhead may leave it while time passes.
    free: bool,
    /// What a pressed pointer has taken hold of.
    held: Part,
    /// The run and the playhead when they were last looked at.
    seen: (u32, SimTime),
}

impl Sight {
    /// On an axis of this width.
    pub fn window(&self, player: &Player, width: f64) -> Window {
        let end = span(player);
        let (from, until) = self.close.unwrap_or((0, end));
        let window = Window { from, until, width, height: 0.0 };
        if until > end { window.taken(1.0, (0.0, 0.0), end) } else { window }
    }

    fn look(&mut self, window: Window, player: &Player) {
        let Window { from, until, .. } = window;
        let whole = from == 0 && until >= span(player);
        self.close = (!whole).then_some((from, until));
        self.free = player.playing() && !whole && !window.holds(player.t());
    }

    /// Does what is asked; gives what the player is to do for it.
    pub fn carry_out(&mut self, ask: Ask, player: &Player, width: f64) -> Option<Msg> {
        let window = self.window(player, width);
        let (end, t) = (span(player), player.t());
        let whole = Window { from: 0, until: end, ..window };
        let along = |from: f64, to: f64| (1.0, (from, to));
        let middle = width / 2.0;
        let (times, places) = match (ask, self.held) {
            (Ask::Take(times, places), _) => (times, places),
            (Ask::Closer(times), _) => {
                let x = if window.holds(t) { window.x(t) } else { middle };
                (times, (x, x))
            }
            (Ask::Along(widths), _) => along(widths * width, 0.0),
            (Ask::Fit, _) => (0.0, (0.0, 0.0)),
            (Ask::Follow, _) if !self.free && window.holds(t) => {
                self.free = true;
                return None;
            }
            (Ask::Follow, _) => along(window.x(t), middle),
            (Ask::Press(x, up), _) => {
                self.held = up.map_or(Part::Ground, |up| self.part(player, up));
                match self.held {
                    Part::Ghost(branch) => return Some(Msg::SwitchBranch(branch)),
                    Part::History => return Some(Msg::Seek(window.t(x))),
                    Part::Whole if !window.holds(whole.t(x)) => along(window.x(whole.t(x)), middle),
                    Part::Whole | Part::Ground => return None,
                }
            }
            (Ask::Drag(_, x), Part::History) => return Some(Msg::Seek(window.t(x))),
            (Ask::Drag(from, to), Part::Ground) => along(from, to),
            (Ask::Drag(from, to), Part::Whole) => {
                along(window.x(whole.t(to)), window.x(whole.t(from)))
            }
            (Ask::Drag(..), Part::Ghost(_)) => return None,
        };
        self.look(window.taken(times, places, end), player);
        None
    }

    /// What lies so far above the timeline's foot.
    fn part(&self, player: &Player, up: f64) -> Part {
        let ghost = player.ghost();
        let grey = ghost.map_or(0.0, |_| GHOST);
        match ghost {
            Some(ghost) if up < grey => Part::Ghost(ghost.branch),
            Some(_) | None if self.close.is_some() && up < grey + WHOLE => Part::Whole,
            Some(_) | None => Part::History,
        }
    }

    /// Goes with the playhead where that has left what is looked at, and to a run that has come.
    pub fn mind(&mut self, player: &Player, plays: bool) {
        let (run, t) = (player.runs(), player.t());
        let before = std::mem::replace(&mut self.seen, (run, t));
        if run != before.0 {
            self.close = None;
        }
        let window = self.window(player, 100.0);
        if t != before.1 && !window.holds(t) && !(plays && self.free) {
            self.look(window.around(t, span(player)), player);
        }
    }

    /// Buttons, and what is looked at in words.
    pub fn view(&self, shown: &Shown) -> El {
        let button = |testid, name, icon, ask| square(shown, testid, name, icon, Act::Sight(ask));
        let range = self.close.map(|(from, until)| {
            let range = format!("{} \u{2013} {}", us_text(from), us_text(until));
            el("span", "").testid("time-range").text(range)
        });
        let follow = self.close.map(|_| {
            el("button", "quiet")
                .testid("time-follow")
                .set("title", say::FOLLOW_THE_PLAYHEAD)
                .is("aria-pressed", !self.free)
                .on_click(shown.ask(Act::Sight(Ask::Follow)))
                .text(say::FOLLOW)
        });
        el("div", "sight")
            .set("role", "group")
            .label(say::TIME_SHOWN)
            .maybe(range)
            .maybe(follow)
            .with(button("time-out", say::LONGER, Icon::Minus, Ask::Closer(1.0 / CLOSER)))
            .with(button("time-in", say::SHORTER, Icon::Plus, Ask::Closer(CLOSER)))
            .with(button("time-fit", say::ALL_OF_THE_RUN, Icon::Fit, Ask::Fit))
    }
}

/// Listens to timeline and diagrams.
pub struct Hands(Closure<dyn FnMut(Event)>);

impl Hands {
    /// Tells the page what hands do, and whoever asks whether one has dragged since it was pressed.
    pub fn new(link: &Scope<Root>, tape: NodeRef, dragged: Rc<Cell<bool>>) -> Hands {
        let mut grip = Grip { tape, dragged, at: 0.0, y: 0.0, fingers: None };
        let link = link.clone();
        Hands(Closure::new(move |event: Event| {
            if let Some(ask) = grip.take(&event) {
                link.send_message(Act::Sight(ask));
            }
        }))
    }

    /// Listens to a canvas too; to one that it listens to already no more than before.
    pub fn listen(&self, canvas: &HtmlCanvasElement) {
        for name in EVENTS {
            let listener = self.0.as_ref().unchecked_ref();
            // Adding a listener to an element cannot fail.
            let _ = canvas.add_event_listener_with_callback(name, listener);
        }
    }
}

struct Grip {
    tape: NodeRef,
    dragged: Rc<Cell<bool>>,
    /// Where the pointer was last, and how far down when it was pressed.
    at: f64,
    y: f64,
    /// Where two fingers are, and how far apart.
    fingers: Option<(f64, f64)>,
}

impl Grip {
    fn take(&mut self, event: &Event) -> Option<Ask> {
        let tape = self.tape.cast::<HtmlCanvasElement>()?;
        let edge = tape.get_bounding_client_rect();
        // On a wall it is drawn larger than it is.
        let shrunk = f64::from(tape.client_width()) / edge.width().max(1.0);
        let place = |x: f64| (x - edge.left()) * shrunk;
        if let Some(wheel) = event.dyn_ref::<WheelEvent>() {
            let at = place(wheel.client_x().into());
            let (across, down) = match (wheel.delta_x(), wheel.delta_y()) {
                (0.0, down) if wheel.shift_key() => (down, 0.0),
                both => both,
            };
            let ask = match wheel.ctrl_key() || wheel.meta_key() {
                true => Ask::Take(turned(wheel), (at, at)),
                false if across.abs() > down.abs() => Ask::Take(1.0, (at, at - across)),
                false => return None,
            };
            wheel.prevent_default();
            return Some(ask);
        }
        if let Some(touch) = event.dyn_ref::<TouchEvent>() {
            let Some((a, b)) = fingers(touch) else {
                self.fingers = None;
                // What moves time does not also fling the page.
                if self.dragged.get() {
                    touch.prevent_default();
                }
                return None;
            };
            touch.prevent_default();
            let now = (place((a.x + b.x) / 2.0), (a - b).length().max(1.0));
            let before = self.fingers.replace(now)?;
            return Some(Ask::Take(now.1 / before.1, (before.0, now.0)));
        }
        let pointer = event.dyn_ref::<PointerEvent>()?;
        let (at, y) = (place(pointer.client_x().into()), f64::from(pointer.client_y()));
        let canvas: HtmlCanvasElement = event.current_target()?.dyn_into().ok()?;
        if !pointer.is_primary() || pointer.buttons() & 1 == 0 {
            return None;
        }
        let on_tape = canvas == tape;
        if event.type_() == "pointerdown" {
            // A pointer that has gone meanwhile cannot be captured, and needs not be.
            let _ = canvas.set_pointer_capture(pointer.pointer_id());
            (self.at, self.y) = (at, y);
            self.dragged.set(false);
            let up = (edge.bottom() - y) * shrunk;
            return Some(Ask::Press(at, on_tape.then_some(up)));
        }
        // One that was pressed elsewhere only passes by.
        let passes = !canvas.has_pointer_capture(pointer.pointer_id());
        let far = (at - self.at).abs();
        let moves = on_tape || self.dragged.get() || far >= DRAG && far > (y - self.y).abs();
        if passes || !moves {
            return None;
        }
        self.dragged.set(true);
        let from = std::mem::replace(&mut self.at, at);
        self.fingers.is_none().then_some(Ask::Drag(from, at))
    }
}
