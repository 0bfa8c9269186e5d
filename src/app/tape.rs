//! The tape: the run's history painted from its trace, and the handle that moves the playhead.

use std::cell::RefCell;
use std::rc::Rc;

use replication::base::SimTime;
use replication::player::{Ghost, Mark, MarkKind, Msg, Player};
use replication::scene::{AIR, Window, within};
use replication::words::stage as say;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, Event, HtmlCanvasElement, KeyboardEvent};
use yew::NodeRef;

use super::browser;
use super::control::position;
use super::element::{El, el};
use super::panel::Shown;
use super::sight::{Axis, Sight};
use super::ui::Act;

/// The shortest run that fills the tape.
const SHORTEST_US: SimTime = 800_000;
/// Height of the branch shown in grey, beneath the one looked at, in pixels.
pub const GHOST: f64 = 16.0;
/// Height of the whole run, beneath the part of it that is looked at closely.
pub const WHOLE: f64 = 10.0;

/// What a tape shows: the playhead in quarter pixels, how many marks, from when to when, the end of
/// the run, and whether a branch in grey.
type Painted = (i64, usize, SimTime, SimTime, SimTime, bool);

/// The tape's canvas, its colours, and what it last showed.
#[derive(Clone, Default)]
pub struct Tape {
    canvas: NodeRef,
    colours: Rc<RefCell<Colours>>,
    painted: Rc<RefCell<Option<Painted>>>,
}

/// The theme's colours, as the style sheet gives them.
#[derive(Clone, Default)]
struct Colours {
    text: String,
    text2: String,
    panel: String,
    raised: String,
    edge: String,
    write: String,
    ack: String,
    stale: String,
    conflict: String,
    lost: String,
}

impl Colours {
    fn read() -> Colours {
        let style = browser::window().get_computed_style(&browser::root());
        let style = style.ok().flatten();
        let colour = |name: &str| {
            let value = style.as_ref().and_then(|style| style.get_property_value(name).ok());
            value.unwrap_or_default().trim().to_string()
        };
        Colours {
            text: colour("--text"),
            text2: colour("--text2"),
            panel: colour("--panel"),
            raised: colour("--raised"),
            edge: colour("--edge"),
            write: colour("--write"),
            ack: colour("--ack"),
            stale: colour("--stale"),
            conflict: colour("--conflict"),
            lost: colour("--lost"),
        }
    }
}

/// The instant at the tape's right end.
pub fn span(player: &Player) -> SimTime {
    let ghost = player.ghost().map_or(0, |ghost| ghost.until);
    let heading = player.heading().unwrap_or(0);
    player.end().max(player.t()).max(ghost).max(heading).max(SHORTEST_US)
}

impl Tape {
    /// The slider around the canvas.
    pub fn view(&self, shown: &Shown) -> El {
        let player = shown.player;
        let (t, end) = (player.t(), span(player));
        let link = shown.link.clone();
        let on_key = move |event: Event| {
            let msg = match event.unchecked_ref::<KeyboardEvent>().key().as_str() {
                "ArrowRight" | "ArrowUp" => Msg::StepForward,
                "ArrowLeft" | "ArrowDown" => Msg::StepBack,
                "PageUp" => Msg::Seek((t + end / 10).min(end)),
                "PageDown" => Msg::Seek(t.saturating_sub(end / 10)),
                "Home" => Msg::Home,
                "End" => Msg::Live,
                _ => return,
            };
            event.prevent_default();
            link.send_message(Act::Player(msg));
        };
        let tape = match player.ghost() {
            None => el("div", "tape"),
            Some(ghost) => {
                let name = &ghost.name;
                let title = say::other_branch(name);
                el("div", "tape two").set("title", title)
            }
        };
        tape.set("role", "slider")
            .set("tabindex", "0")
            .label(say::TIMELINE)
            .testid("tape")
            .set("aria-valuemin", "0")
            .set("aria-valuemax", (end / 1_000).to_string())
            .set("aria-valuenow", (t / 1_000).to_string())
            .set("aria-valuetext", position(shown))
            .on("keydown", Box::new(on_key))
            .with(el("canvas", "").known_as(&self.canvas).set("aria-hidden", "true"))
    }

    /// The canvas: other views share its time axis.
    pub fn canvas(&self) -> &NodeRef {
        &self.canvas
    }

    /// Where on the page the axis begins, and what it shows; None while it is not on the page.
    pub fn axis(&self, player: &Player, sight: &Sight) -> Option<Axis> {
        let canvas = self.canvas.cast::<HtmlCanvasElement>()?;
        let window = sight.window(player, canvas.client_width().into());
        let close = sight.close.is_some();
        Some(Axis { left: canvas.get_bounding_client_rect().left(), window, close })
    }

    /// Paints the history, if it or its size has changed.
    pub fn paint(&self, player: &Player, sight: &Sight, anew: bool) {
        let (Some(canvas), Some(Axis { window, close, .. })) =
            (self.canvas.cast::<HtmlCanvasElement>(), self.axis(player, sight))
        else {
            return;
        };
        let (width, height) = (window.width, f64::from(canvas.client_height()));
        let (t, end) = (player.t(), span(player));

        let marks = player.marks().until(seen(player));
        let x = (window.x(t) * 4.0) as i64;
        let now = Some((x, marks.len(), window.from, window.until, end, player.ghost().is_some()));
        if !anew && *self.painted.borrow() == now {
            return;
        }
        *self.painted.borrow_mut() = now;
        if anew {
            *self.colours.borrow_mut() = Colours::read();
        }
        let ratio = within(browser::window().device_pixel_ratio(), 1.0, 3.0);
        let (pixels_x, pixels_y) = ((width * ratio) as u32, (height * ratio) as u32);
        if canvas.width() != pixels_x || canvas.height() != pixels_y {
            canvas.set_width(pixels_x);
            canvas.set_height(pixels_y);
        }
        let context = canvas.get_context("2d").ok().flatten();
        let Some(context) = context.and_then(|it| it.dyn_into::<CanvasRenderingContext2d>().ok())
        else {
            return;
        };
        // The canvas is not detached, so scaling it cannot fail.
        let _ = context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
        context.clear_rect(0.0, 0.0, width, height);
        let (ghost, mut brush) =
            (player.ghost(), Brush { context: &context, colours: &self.colours.borrow(), window });
        brush.window.height = height;
        if let Some(ghost) = ghost {
            brush.ghost(ghost);
            brush.window.height -= GHOST;
        }
        if close {
            brush.whole(t, end);
            brush.window.height -= WHOLE;
        }
        brush.paint(player, marks);
    }
}

/// How far the visitor has seen.
fn seen(player: &Player) -> SimTime {
    player.reached()
}

struct Brush<'a> {
    context: &'a CanvasRenderingContext2d,
    colours: &'a Colours,
    /// What is painted, and how much room is left for it.
    window: Window,
}

impl Brush<'_> {
    fn x(&self, t: SimTime) -> f64 {
        self.window.x(t)
    }

    fn paint(&self, player: &Player, marks: &[Mark]) {
        let (context, Window { height, .. }) = (self.context, self.window);
        self.bands(player);
        let before = marks.partition_point(|mark| mark.at < self.window.from);
        let (before, marks) = marks.split_at(before);
        let after = marks.partition_point(|mark| mark.at <= self.window.until);
        let marks = &marks[..after];
        // Of many writes, one a pixel is enough; what is rare is always drawn, and on top.
        let mut latest = f64::MIN;
        for mark in marks {
            let x = self.x(mark.at);
            let common = matches!(mark.kind, MarkKind::Write | MarkKind::Ack);
            if common && x - latest >= 3.0 {
                latest = x;
                self.mark(mark.kind, x);
            }
        }
        for mark in marks {
            if !matches!(mark.kind, MarkKind::Write | MarkKind::Ack) {
                self.mark(mark.kind, self.x(mark.at));
            }
        }
        self.epochs(before, marks);
        if !self.window.holds(player.t()) {
            return;
        }
        let playhead = self.x(player.t());
        context.set_fill_style_str(&self.colours.text);
        context.fill_rect(playhead - 1.0, 0.0, 2.0, height);
        context.begin_path();
        context.move_to(playhead - 6.0, 0.0);
        context.line_to(playhead + 6.0, 0.0);
        context.line_to(playhead, 8.0);
        context.close_path();
        context.fill();
    }

    /// What has been seen, and what is still to come.
    fn bands(&self, player: &Player) {
        let (context, Window { width, height, .. }) = (self.context, self.window);
        let (top, bottom) = (4.0, height - 4.0);
        context.set_fill_style_str(&self.colours.panel);
        context.fill_rect(AIR, top, width - 2.0 * AIR, bottom - top);
        context.set_fill_style_str(&self.colours.raised);
        context.fill_rect(AIR, top, self.window.edge(seen(player)) - AIR, bottom - top);
        self.hatch(player, top, top + 9.0);
        context.set_stroke_style_str(&self.colours.edge);
        context.set_line_width(1.0);
        context.stroke_rect(AIR - 0.5, top - 0.5, width - 2.0 * AIR + 1.0, bottom - top + 1.0);
    }

    /// All of the run, and in a frame the part that is looked at.
    fn whole(&self, t: SimTime, end: SimTime) {
        let Window { from, until, width, height } = self.window;
        let whole = Window { from: 0, until: end, ..self.window };
        let plate = |colour: &str, x: f64, w: f64| {
            self.context.set_fill_style_str(colour);
            self.context.fill_rect(x, height - 8.0, w, 6.0);
        };
        let Colours { raised, edge, text, .. } = self.colours;
        plate(raised, AIR, width - 2.0 * AIR);
        let x = whole.x(from);
        plate(edge, x, (whole.x(until) - x).max(6.0));
        plate(text, whole.x(t) - 1.0, 2.0);
    }

    /// The branch that was left, in grey.
    fn ghost(&self, ghost: &Ghost) {
        let context = self.context;
        let Colours { edge, text2, .. } = self.colours;
        let (y, end) = (self.window.height - GHOST / 2.0, self.window.edge(ghost.until));
        self.lines(edge, 2.0, &[(AIR + 14.0, y, end, y), (end, y - 5.0, end, y + 5.0)]);
        let mut latest = f64::MIN;
        let marks = ghost.marks.until(ghost.until).iter();
        for mark in marks.filter(|mark| self.window.holds(mark.at)) {
            let (x, r) = (self.x(mark.at), 6.0);
            if mark.kind.is_surprise() {
                self.fill(text2, &[(x, y - r), (x + r, y), (x, y + r), (x - r, y)]);
            } else if x - latest >= 3.0 {
                latest = x;
                self.lines(edge, 2.0, &[(x, y - 4.0, x, y + 4.0)]);
            }
        }
        context.set_fill_style_str(text2);
        // The name is in the list of branches too.
        let _ = context.fill_text(&ghost.name, AIR, y + 4.0);
    }

    /// The numbers of the reigns, and the lines between them.
    fn epochs(&self, before: &[Mark], marks: &[Mark]) {
        let context = self.context;
        context.set_font("600 12px ui-monospace, Menlo, Consolas, monospace");
        let reign = |mark: &Mark| match mark.kind {
            MarkKind::Promoted(epoch) => Some(epoch),
            _ => None,
        };
        let first = before.iter().rev().find_map(reign).unwrap_or(1);
        let mut after = self.epoch_label(AIR + 3.0, first, f64::MIN);
        for mark in marks {
            if let Some(epoch) = reign(mark) {
                let x = self.x(mark.at);
                context.set_fill_style_str(&self.colours.text);
                context.fill_rect(x - 1.0, 4.0, 2.0, self.window.height - 8.0);
                after = self.epoch_label(x + 3.0, epoch, after);
            }
        }
    }

    /// Stretches that passed faster because nothing happened in them.
    fn hatch(&self, player: &Player, top: f64, bottom: f64) {
        let context = self.context;
        context.set_stroke_style_str(&self.colours.edge);
        context.set_line_width(1.0);
        context.begin_path();
        for (from, to) in player.skipped() {
            let mut x = self.window.edge(*from);
            let end = self.window.edge(*to);
            while x + 4.0 <= end {
                context.move_to(x, bottom);
                context.line_to(x + 4.0, top);
                x += 6.0;
            }
        }
        context.stroke();
    }

    /// Writes an epoch's number unless it would run into the one before; gives its right end.
    fn epoch_label(&self, x: f64, epoch: u32, after: f64) -> f64 {
        let text = format!("e{epoch}");
        let width = 8.0 * text.len() as f64;
        if x < after || x + width > self.window.width {
            return after;
        }
        self.context.set_fill_style_str(&self.colours.raised);
        self.context.fill_rect(x - 1.0, self.window.height - 20.0, width + 2.0, 14.0);
        self.context.set_fill_style_str(&self.colours.text2);
        // Text that cannot be drawn is also in the table and the value text.
        let _ = self.context.fill_text(&text, x, self.window.height - 9.0);
        x + width + 4.0
    }

    fn mark(&self, kind: MarkKind, x: f64) {
        let Colours { write, ack, stale, conflict, lost, text, panel, .. } = self.colours;
        let (low, high) = (self.window.height - 14.0, 14.0);
        match kind {
            MarkKind::Write => self.lines(write, 2.0, &[(x, low - 6.0, x, low + 6.0)]),
            MarkKind::Ack => self.ring(ack, x, low, 3.5, 2.0),
            MarkKind::Refused => {
                self.ring(lost, x, low, 4.5, 1.5);
                self.cross(lost, x, low, 2.0, 1.5);
            }
            MarkKind::Fault => self.cross(lost, x, high, 5.0, 3.0),
            MarkKind::Repair => self.lines(
                text,
                2.5,
                &[(x - 5.0, high, x + 5.0, high), (x, high - 5.0, x, high + 5.0)],
            ),
            MarkKind::Stale => {
                let r = 6.5;
                self.fill(panel, &[(x, high - r), (x + r, high), (x, high + r), (x - r, high)]);
                self.lines(
                    stale,
                    2.0,
                    &[
                        (x, high - r, x + r, high),
                        (x + r, high, x, high + r),
                        (x, high + r, x - r, high),
                        (x - r, high, x, high - r),
                        (x, high, x, high - 3.0),
                        (x, high, x + 2.0, high + 1.0),
                    ],
                );
            }
            MarkKind::Lost => {
                let r = 7.0;
                self.fill(
                    lost,
                    &[(x - r, high - r), (x + r, high - r), (x + r, high + r), (x - r, high + r)],
                );
                self.cross(panel, x, high, 4.0, 2.5);
            }
            MarkKind::Conflict => {
                let r = 6.0;
                let (left, right, top, bottom) = (x - r, x + r, high - r, high + r);
                self.lines(
                    conflict,
                    2.0,
                    &[
                        (left, top, right, top),
                        (right, top, right, bottom),
                        (right, bottom, left, bottom),
                        (left, bottom, left, top),
                        (left, bottom, right, top),
                    ],
                )
            }
            MarkKind::Promoted(_) => {
                self.fill(text, &[(x, high - 8.0), (x + 9.0, high - 4.0), (x, high)])
            }
        }
    }

    fn lines(&self, colour: &str, width: f64, lines: &[(f64, f64, f64, f64)]) {
        let context = self.context;
        context.set_stroke_style_str(colour);
        context.set_line_width(width);
        context.begin_path();
        for (x0, y0, x1, y1) in lines {
            context.move_to(*x0, *y0);
            context.line_to(*x1, *y1);
        }
        context.stroke();
    }

    fn cross(&self, colour: &str, x: f64, y: f64, r: f64, width: f64) {
        self.lines(colour, width, &[(x - r, y - r, x + r, y + r), (x - r, y + r, x + r, y - r)]);
    }

    fn ring(&self, colour: &str, x: f64, y: f64, r: f64, width: f64) {
        let context = self.context;
        context.set_stroke_style_str(colour);
        context.set_line_width(width);
        context.begin_path();
        // A positive radius cannot fail.
        let _ = context.arc(x, y, r, 0.0, std::f64::consts::TAU);
        context.stroke();
    }

    fn fill(&self, colour: &str, corners: &[(f64, f64)]) {
        let context = self.context;
        context.set_fill_style_str(colour);
        context.begin_path();
        for (x, y) in corners {
            context.line_to(*x, *y);
        }
        context.close_path();
        context.fill();
    }
}
