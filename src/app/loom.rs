//! The space-time diagram: the library's weave on a canvas, its time axis the tape's to the pixel.
//! Hovering or moving along it with the arrows shows what led to an event and what it led to.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use replication::base::SimTime;
use replication::form::{Decimal, Form};
use replication::player::{Msg, Player, Sieve, us_text};
use replication::recording::{Moment, Narrator, Trace};
use replication::scene::{
    Cloth, Sheet, Size, Thread, Weave, Window, future, past, rifts, weave, xy,
};
use replication::words::stage as say;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlCanvasElement, HtmlElement, KeyboardEvent, MouseEvent};
use yew::NodeRef;
use yew::html::Scope;

use super::charts::Graph;
use super::element::{El, el};
use super::panel::Shown;
use super::root::Root;
use super::sight::{Axis, Sight};
use super::stage::{Surface, View};
use super::tape::{Tape, span};
use super::ui::Act;

/// Records looked through for those about the followed write.
const LOOK_MAX: u32 = 40_000;
/// Between two paintings while time passes, in milliseconds.
const PAUSE_MS: f64 = 40.0;
/// Messages that the table below the diagram names.
const ROWS: usize = 40;

/// The diagram's canvas, and what of it is looked at.
#[derive(Clone, Default)]
pub struct Loom {
    /// The charts of the metrics, on the same axis.
    pub graph: Graph,
    canvas: NodeRef,
    hint: NodeRef,
    state: Rc<State>,
}

#[derive(Default)]
struct State {
    looked_at: Cell<Option<u32>>,
    painted_ms: Cell<f64>,
    woven: RefCell<Option<Woven>>,
    surface: RefCell<Option<Surface>>,
}

/// A wiped canvas, where on it the tape's axis lies, and what is known there.
pub struct Board<'a> {
    /// The canvas.
    pub surface: &'a mut Surface,
    /// The stretch of time, and the room for it.
    pub window: Window,
    /// From the canvas's left edge to the axis.
    pub left: f64,
    /// The latest instant of which something is to be seen, and the world then: at the playhead, or
    /// where the axis ends before it.
    pub t: SimTime,
    /// See `t`.
    pub moment: Moment,
}

impl<'a> Board<'a> {
    /// Ready to be drawn on; None while it is not on the page.
    pub fn ready(
        canvas: &NodeRef,
        kept: &'a mut Option<Surface>,
        axis: Option<Axis>,
        player: &mut Player,
    ) -> Option<Board<'a>> {
        let (canvas, axis) = (canvas.cast::<HtmlCanvasElement>()?, axis?);
        let own = canvas.get_bounding_client_rect();
        let size = Size { w: own.width(), h: own.height() };
        let left = axis.left - own.left();
        if kept.as_ref().is_none_or(|surface| surface.canvas != canvas) {
            *kept = Surface::new(&canvas);
        }
        let surface = kept.as_mut()?;
        surface.read_tones();
        surface.fit(View { size, scale: 1.0, off: xy(-left, 0.0) });
        surface.clear();
        let window = Window { height: size.h, ..axis.window };
        if axis.close {
            window.ticks(surface);
        }
        let t = player.t().min(window.until);
        Some(Board { surface, window, left, t, moment: player.moment_at(t) })
    }
}

/// The way along a diagram that a key means: 1 onward, -1 back, 0 to where one has come; None for a
/// key that is no business of it.
pub fn step(event: &Event) -> Option<i32> {
    let step = match event.unchecked_ref::<KeyboardEvent>().key().as_str() {
        "ArrowRight" => 1,
        "ArrowLeft" => -1,
        "Enter" => 0,
        _ => return None,
    };
    event.prevent_default();
    Some(step)
}

/// What was drawn last.
struct Woven {
    window: Window,
    left: f64,
    t: SimTime,
    weave: Weave,
}

impl Loom {
    /// The diagram, its words, and the same as a table.
    pub fn view(&self, shown: &Shown) -> El {
        let loom = self.clone();
        let on_pointer_move = move |event: Event| {
            if !loom.graph.dragged.get() {
                loom.look(&event);
            }
        };
        let loom = self.clone();
        let on_pointer_leave = move |_| loom.state.looked_at.set(None);
        let (loom, link) = (self.clone(), shown.link.clone());
        let trace = shown.player.recording().trace().clone();
        let on_click = move |event: Event| {
            if !loom.graph.dragged.get() {
                loom.look(&event);
                loom.go(&trace, &link);
            }
        };
        let (loom, link) = (self.clone(), shown.link.clone());
        let trace = shown.player.recording().trace().clone();
        let on_key = move |event: Event| {
            let Some(step) = step(&event) else { return };
            match step {
                0 => loom.go(&trace, &link),
                step => loom.walk(step),
            }
            link.send_message(Act::Redraw);
        };
        let lanes = shown.moment.nodes.len() + shown.moment.clients.len();
        let label = say::space_time_label(lanes);
        let heads = [say::SENT, say::ARRIVED, say::WHAT_HAPPENED];
        let heads = heads.map(|head| el("th", "").set("scope", "col").text(head));
        let weave = el("div", "weave")
            .set("tabindex", "0")
            .set("role", "group")
            .label(label)
            .set("aria-describedby", "loom-hint")
            .on("pointermove", Box::new(on_pointer_move))
            .on("pointerleave", Box::new(on_pointer_leave))
            .on("click", Box::new(on_click))
            .on("keydown", Box::new(on_key))
            .with(el("canvas", "").known_as(&self.canvas).set("aria-hidden", "true"));
        let hint = el("p", "loom-hint").set("id", "loom-hint").set("role", "status");
        let table = el("table", "hidden")
            .testid("space-time-table")
            .with(el("caption", "").text(say::THE_NEWEST_MESSAGES))
            .with(el("thead", "").with(el("tr", "").each(heads)))
            .with(el("tbody", "").each(rows(shown)));
        el("div", "loom")
            .testid("space-time")
            .with(weave)
            .with(foot(shown, hint.known_as(&self.hint)))
            .with(table)
    }

    /// Draws it anew for the playhead, if it is open: `at_once`, or unless it has just been drawn.
    pub fn paint(
        &self,
        player: &mut Player,
        (tape, sight): (&Tape, &Sight),
        now_ms: f64,
        at_once: bool,
    ) {
        if !at_once && now_ms - self.state.painted_ms.get() < PAUSE_MS {
            return;
        }
        self.state.painted_ms.set(now_ms);
        let axis = tape.axis(player, sight);
        self.graph.paint(player, axis);
        let mut kept = self.state.surface.borrow_mut();
        let board = Board::ready(&self.canvas, &mut kept, axis, player);
        let Some(Board { surface, window, left, t, moment }) = board else { return };
        let woven = weave(&moment, player.recording().trace(), &window, (t, false));
        let rifts = &rifts(player.recording(), &woven, &window, t);
        let t = player.t();
        let looked_at = self.state.looked_at.get();
        let trace = player.recording().trace();
        let cone = cone(trace, looked_at).or_else(|| followed(player));
        let cone = cone.as_deref();
        Cloth { weave: &woven, rifts, window, world: &moment, t, cone, left }.draw(surface);
        drop(kept);
        if let (Some(hint), Some(number)) = (self.hint.cast::<HtmlElement>(), looked_at) {
            let told = trace.get(number).map(|record| {
                let words = Narrator::of(player.recording()).sentence(&record);
                format!("{} \u{2013} {words}", us_text(record.at))
            });
            let told = told.unwrap_or_default();
            if hint.text_content().as_deref() != Some(&told) {
                hint.set_text_content(Some(&told));
            }
        }
        *self.state.woven.borrow_mut() = Some(Woven { window, left, t, weave: woven });
    }

    /// The canvases on which the axis lies.
    pub fn canvases(&self) -> [&NodeRef; 2] {
        [&self.canvas, &self.graph.canvas]
    }

    /// What is drawn, for scripts: every message with its times and places.
    pub fn drawn(&self, trace: &Trace) -> Form {
        let woven = self.state.woven.borrow();
        let Some(Woven { window, left, t, weave }) = &*woven else {
            return Form::Nothing;
        };
        let pixel = |x: f64| Form::Decimal(Decimal::rounded(x, 3));
        let thread = |thread: &Thread| {
            let record = trace.get(thread.record);
            Form::table(&[
                ("sent_us", &record.map(|record| record.sent_at)),
                ("at_us", &record.map(|record| record.at)),
                ("x0", &pixel(left + thread.from.0)),
                ("y0", &pixel(thread.from.1)),
                ("x1", &pixel(left + thread.to.0)),
                ("y1", &pixel(thread.to.1)),
                ("lost", &thread.lost),
                ("count", &thread.count),
            ])
        };
        let (zero, second) = (window.x(0), window.x(1_000_000));
        Form::table(&[
            ("from_us", &window.from),
            ("until_us", &window.until),
            ("playhead_x", &pixel(left + window.x(*t))),
            ("px_per_s", &pixel(second - zero)),
            ("left_out", &weave.left_out),
            ("messages", &Form::list(weave.threads.iter().map(thread))),
        ])
    }

    fn look(&self, event: &Event) {
        let event = event.unchecked_ref::<MouseEvent>();
        let (x, y) = (event.offset_x(), event.offset_y());
        let woven = self.state.woven.borrow();
        let nearest = woven
            .as_ref()
            .and_then(|Woven { left, weave, .. }| weave.nearest(f64::from(x) - left, f64::from(y)));
        self.state.looked_at.set(nearest);
    }

    /// To the next or previous event drawn.
    fn walk(&self, step: i32) {
        let woven = self.state.woven.borrow();
        let Some(Woven { weave, .. }) = &*woven else { return };
        let threads = weave.threads.iter().map(|thread| thread.record);
        let drawn = weave.knots.iter().map(|knot| knot.record).chain(threads);
        let drawn = drawn.filter(|record| *record != u32::MAX);
        let now = self.state.looked_at.get();
        let next = match (now, step > 0) {
            (None, true) => drawn.min(),
            (None, false) => drawn.max(),
            (Some(now), true) => drawn.filter(|record| *record > now).min().or(Some(now)),
            (Some(now), false) => drawn.filter(|record| *record < now).max().or(Some(now)),
        };
        self.state.looked_at.set(next);
    }

    /// Takes the playhead to the event looked at.
    fn go(&self, trace: &Trace, link: &Scope<Root>) {
        let record = self.state.looked_at.get().and_then(|number| trace.get(number));
        if let Some(record) = record {
            link.send_message(Act::Player(Msg::Seek(record.at)));
        }
    }
}

/// The line beneath a diagram: what it says of what is looked at, and what is shown of the run.
pub fn foot(shown: &Shown, hint: El) -> El {
    el("div", "foot").with(hint).with(shown.ui.sight.view(shown))
}

fn rows(shown: &Shown) -> Vec<El> {
    let recording = shown.player.recording();
    let narrator = Narrator::of(recording);
    let trace = recording.trace();
    let after = trace.first_at(shown.player.t() + 1);
    let records = (0..after).rev().take(8 * ROWS).filter_map(|number| trace.get(number));
    let messages = records.filter(|record| record.is_arrival()).take(ROWS);
    let row = |record: replication::sim::Record| {
        let cells = [us_text(record.sent_at), us_text(record.at), narrator.sentence(&record)];
        el("tr", "").each(cells.map(|cell| el("td", "").text(cell)))
    };
    messages.map(row).collect()
}

/// The whole diagram up to the playhead as elements of SVG, in this much room.
pub fn drawn(player: &mut Player, size: Size, left: f64) -> String {
    let (t, until) = (player.t(), span(player));
    let window = Window { from: 0, until, width: size.w - left, height: size.h };
    let moment = player.moment();
    let woven = weave(&moment, player.recording().trace(), &window, (t, false));
    let rifts = &rifts(player.recording(), &woven, &window, t);
    let mut sheet = Sheet::default();
    Cloth { weave: &woven, rifts, window, world: &moment, t, cone: None, left }.draw(&mut sheet);
    sheet.finish()
}

/// The records about the followed write, in order; None if none is followed.
fn followed(player: &Player) -> Option<Vec<u32>> {
    let sieve = Sieve { op: Some(player.follow()?), ..Sieve::default() };
    let (strainer, trace) = (sieve.strainer(player.recording()), player.recording().trace());
    let newest = trace.since((trace.len() as u32).saturating_sub(LOOK_MAX));
    Some(newest.filter(|(_, record)| strainer.passes(record)).map(|(number, _)| number).collect())
}

/// The records that led to the one looked at or follow from it, in order; None if none is.
fn cone(trace: &Trace, looked_at: Option<u32>) -> Option<Vec<u32>> {
    let record = looked_at?;
    let mut cone = past(trace, record);
    cone.reverse();
    cone.pop();
    cone.extend(future(trace, record));
    Some(cone)
}
