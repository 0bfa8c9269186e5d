//! The space-time diagram: the library's weave on a canvas, its time axis the tape's to the pixel.
//! Hovering or moving along it with the arrows shows what led to an event and what it led to.

use std::cell::{Cell, RefCell};
use std::f64::consts::TAU;
use std::rc::Rc;

use replication::base::SimTime;
use replication::form::{Decimal, Form};
use replication::player::{Msg, Player, us_text};
use replication::recording::{Narrator, Trace};
use replication::scene::{KnotKind, Thread, Tone, Weave, Window, future, past, weave, within};
use wasm_bindgen::JsCast;
use web_sys::{
    CanvasRenderingContext2d, Event, HtmlCanvasElement, HtmlElement, KeyboardEvent, PointerEvent,
};
use yew::NodeRef;
use yew::html::Scope;

use super::browser;
use super::element::{El, el};
use super::panel::Shown;
use super::root::Root;
use super::tape::span;
use super::ui::Act;

/// Messages that the table below the diagram names.
const ROWS: usize = 40;
/// Opacity of what has nothing to do with the event looked at.
const DIM: f64 = 0.2;

/// The diagram's canvas, and what of it is looked at.
#[derive(Clone, Default)]
pub struct Loom {
    canvas: NodeRef,
    hint: NodeRef,
    state: Rc<State>,
}

#[derive(Default)]
struct State {
    looked_at: Cell<Option<u32>>,
    woven: RefCell<Option<Woven>>,
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
            let event = event.unchecked_ref::<PointerEvent>();
            loom.look(event.offset_x(), event.offset_y());
        };
        let loom = self.clone();
        let on_pointer_leave = move |_| loom.state.looked_at.set(None);
        let (loom, link) = (self.clone(), shown.link.clone());
        let trace = shown.player.recording().trace().clone();
        let on_click = move |_| loom.go(&trace, &link);
        let (loom, link) = (self.clone(), shown.link.clone());
        let trace = shown.player.recording().trace().clone();
        let on_key = move |event: Event| {
            let step = match event.unchecked_ref::<KeyboardEvent>().key().as_str() {
                "ArrowRight" => 1,
                "ArrowLeft" => -1,
                "Enter" => 0,
                _ => return,
            };
            event.prevent_default();
            match step {
                0 => loom.go(&trace, &link),
                step => loom.walk(step),
            }
            link.send_message(Act::Redraw);
        };
        let lanes = shown.moment.nodes.len() + shown.moment.clients.len();
        let label = format!(
            "Space-time diagram, {lanes} lanes. Arrow keys go from event to event, Enter goes \
             there."
        );
        let heads = ["Sent", "Arrived", "What happened"];
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
            .with(el("caption", "").text("The newest messages"))
            .with(el("thead", "").with(el("tr", "").each(heads)))
            .with(el("tbody", "").each(rows(shown)));
        el("div", "loom")
            .testid("space-time")
            .with(weave)
            .with(hint.known_as(&self.hint))
            .with(table)
    }

    /// Draws it anew for the playhead, if it is open.
    pub fn paint(&self, player: &mut Player, tape: Option<HtmlCanvasElement>) {
        let Some(canvas) = self.canvas.cast::<HtmlCanvasElement>() else {
            return;
        };
        let Some(tape) = tape else { return };
        let (own, axis) = (canvas.get_bounding_client_rect(), tape.get_bounding_client_rect());
        let (width, height) = (own.width(), own.height());
        let ratio = within(browser::window().device_pixel_ratio(), 1.0, 3.0);
        canvas.set_width((width * ratio) as u32);
        canvas.set_height((height * ratio) as u32);
        let context = canvas.get_context("2d").ok().flatten();
        let Some(pen) = context.and_then(|it| it.dyn_into::<CanvasRenderingContext2d>().ok())
        else {
            return;
        };
        let t = player.t();
        let until = span(player);
        let window = Window { from: 0, until, width: axis.width(), height };
        let moment = player.moment();
        let woven = weave(&moment, player.recording().trace(), &window, (t, false));
        let left = axis.left() - own.left();
        // A canvas that is on the page can be scaled and moved.
        let _ = pen.set_transform(ratio, 0.0, 0.0, ratio, left * ratio, 0.0);
        let looked_at = self.state.looked_at.get();
        let trace = player.recording().trace();
        let brush = Brush { pen: &pen, tones: tones(), cone: cone(trace, looked_at) };
        brush.paint(&woven, &moment, &window, left, width, t);
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
            ("playhead_x", &pixel(left + window.x(*t))),
            ("px_per_s", &pixel(second - zero)),
            ("left_out", &weave.left_out),
            ("messages", &Form::list(weave.threads.iter().map(thread))),
        ])
    }

    fn look(&self, x: i32, y: i32) {
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

/// The records that led to the one looked at or follow from it, in order; None if none is.
fn cone(trace: &Trace, looked_at: Option<u32>) -> Option<Vec<u32>> {
    let record = looked_at?;
    let mut cone = past(trace, record);
    cone.reverse();
    cone.pop();
    cone.extend(future(trace, record));
    Some(cone)
}

/// Every tone's colour in the page's theme.
fn tones() -> [String; Tone::ALL.len()] {
    let style = browser::window().get_computed_style(&browser::root()).ok().flatten();
    Tone::ALL.map(|tone| {
        let value = style.as_ref().and_then(|it| it.get_property_value(tone.token()).ok());
        value.unwrap_or_default().trim().to_string()
    })
}

struct Brush<'a> {
    pen: &'a CanvasRenderingContext2d,
    tones: [String; Tone::ALL.len()],
    cone: Option<Vec<u32>>,
}

impl Brush<'_> {
    fn tone(&self, tone: Tone) -> &str {
        &self.tones[tone as usize]
    }

    fn paint(
        &self,
        woven: &Weave,
        world: &replication::sim::World,
        window: &Window,
        left: f64,
        width: f64,
        t: SimTime,
    ) {
        let pen = self.pen;
        pen.clear_rect(-left, 0.0, width, window.height);
        let (start, now) = (window.x(window.from), window.x(t));
        for lane in &woven.lanes {
            self.style(Tone::Neutral, 1.5, 1.0, &[]);
            let mut from = start;
            for (down, up) in &lane.down {
                self.line((from, lane.y), (*down, lane.y));
                self.style(Tone::Lost, 1.5, 1.0, &[3.0, 5.0]);
                self.line((*down, lane.y), (*up, lane.y));
                self.style(Tone::Neutral, 1.5, 1.0, &[]);
                from = *up;
            }
            self.line((from, lane.y), (now.max(from), lane.y));
            self.style(Tone::Neutral, 1.0, 0.35, &[1.0, 6.0]);
            self.line((now.max(from), lane.y), (window.x(window.until), lane.y));
        }
        for thread in &woven.threads {
            let tone = if thread.lost { Tone::Lost } else { thread.sort.tone() };
            let width = 1.2 + libm::log2(f64::from(thread.count)) * 0.6;
            self.style(tone, width, self.opacity(thread.record, 0.85), &[]);
            self.line(thread.from, thread.to);
            if thread.lost {
                self.cross(thread.to, 4.0);
            }
        }
        for knot in &woven.knots {
            let opacity = self.opacity(knot.record, 1.0);
            self.knot(knot.at, knot.kind, opacity);
        }
        pen.set_global_alpha(1.0);
        pen.set_fill_style_str(self.tone(Tone::Text));
        pen.fill_rect(now - 1.0, 0.0, 2.0, window.height);
        self.labels(woven, world, window, left);
    }

    fn labels(&self, woven: &Weave, world: &replication::sim::World, window: &Window, left: f64) {
        let pen = self.pen;
        let start = window.x(window.from);
        let step = window.height / woven.lanes.len().max(1) as f64;
        // Names that would lie on one another help nobody.
        let every = (13.0 / step).ceil().max(1.0) as usize;
        pen.set_font("600 12px system-ui, sans-serif");
        pen.set_fill_style_str(self.tone(Tone::Text));
        for lane in woven.lanes.iter().step_by(every) {
            let client = lane.place.client().map(|client| &world.clients[client.index()].name);
            let name = client.map_or_else(
                || lane.place.node().unwrap_or_default().to_string(),
                |name| name.to_string(),
            );
            let room = 8.0 * name.chars().count() as f64 + 10.0;
            let (x, up) = if left > room { (-room, 4.0) } else { (4.0 - left.max(0.0), -3.0) };
            // A name that cannot be drawn is also in the table.
            let _ = pen.fill_text(&name, start + x, lane.y + up);
        }
    }

    fn opacity(&self, record: u32, usual: f64) -> f64 {
        match &self.cone {
            Some(cone) if cone.binary_search(&record).is_err() => DIM,
            Some(_) | None => usual,
        }
    }

    fn style(&self, tone: Tone, width: f64, opacity: f64, dash: &[f64]) {
        let pen = self.pen;
        pen.set_stroke_style_str(self.tone(tone));
        pen.set_line_width(width);
        pen.set_global_alpha(opacity);
        let dash: js_sys::Array =
            dash.iter().map(|part| wasm_bindgen::JsValue::from(*part)).collect();
        // Numbers make a valid pattern.
        let _ = pen.set_line_dash(&dash);
    }

    fn line(&self, from: (f64, f64), to: (f64, f64)) {
        self.pen.begin_path();
        self.pen.move_to(from.0, from.1);
        self.pen.line_to(to.0, to.1);
        self.pen.stroke();
    }

    fn cross(&self, (x, y): (f64, f64), r: f64) {
        self.line((x - r, y - r), (x + r, y + r));
        self.line((x - r, y + r), (x + r, y - r));
    }

    fn knot(&self, at: (f64, f64), kind: KnotKind, opacity: f64) {
        let pen = self.pen;
        let (x, y) = at;
        match kind {
            KnotKind::Written => {
                pen.set_global_alpha(opacity);
                pen.set_fill_style_str(self.tone(Tone::Write));
                pen.begin_path();
                // A positive radius cannot fail.
                let _ = pen.arc(x, y, 3.0, 0.0, TAU);
                pen.fill();
            }
            KnotKind::Crash | KnotKind::Lost => {
                self.style(Tone::Lost, 2.5, opacity, &[]);
                self.cross(at, 5.0);
            }
            KnotKind::Restart => {
                self.style(Tone::Text, 2.0, opacity, &[]);
                self.line((x - 5.0, y), (x + 5.0, y));
                self.line((x, y - 5.0), (x, y + 5.0));
            }
            KnotKind::Promoted(epoch) => {
                pen.set_global_alpha(opacity);
                pen.set_fill_style_str(self.tone(Tone::Text));
                pen.fill_rect(x - 5.0, y - 5.0, 10.0, 10.0);
                pen.set_font("600 12px ui-monospace, monospace");
                // The epoch is also told in the log.
                let _ = pen.fill_text(&format!("e{epoch}"), x + 8.0, y - 5.0);
            }
        }
    }
}
