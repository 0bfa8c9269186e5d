//! The tape: the run's history painted from its trace, and the handle that moves the playhead.

use std::cell::RefCell;
use std::rc::Rc;

use replication::base::SimTime;
use replication::player::{Ghost, Mark, MarkKind, Msg, Player};
use replication::scene::{AIR, within};
use replication::words::stage as say;
use wasm_bindgen::JsCast;
use web_sys::{
    CanvasRenderingContext2d, Event, HtmlCanvasElement, HtmlElement, KeyboardEvent, PointerEvent,
};
use yew::NodeRef;

use super::browser;
use super::control::position;
use super::element::{El, el};
use super::panel::Shown;
use super::ui::Act;

/// The shortest run that fills the tape.
const SHORTEST_US: SimTime = 800_000;
/// Height of the branch shown in grey, beneath the one looked at, in pixels.
const GHOST: f64 = 16.0;

/// What a tape shows: the playhead in quarter pixels, how many marks, the end of the run, and
/// whether a branch in grey.
type Painted = (i64, usize, SimTime, bool);

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
        let (canvas, link) = (self.canvas.clone(), shown.link.clone());
        let seek_to = Rc::new(move |event: &PointerEvent| {
            let Some(canvas) = canvas.cast::<HtmlCanvasElement>() else {
                return;
            };
            let rect = canvas.get_bounding_client_rect();
            let width = (rect.width() - 2.0 * AIR).max(1.0);
            let off = f64::from(event.client_x()) - rect.left() - AIR;
            let t = (within(off / width, 0.0, 1.0) * end as f64) as SimTime;
            link.send_message(Act::Player(Msg::Seek(t)));
        });
        let seek = Rc::clone(&seek_to);
        let (ask, edge) = (shown.link.clone(), self.canvas.clone());
        let branch = player.ghost().map(|ghost| ghost.branch);
        let on_pointer_down = move |event: Event| {
            let event = event.unchecked_ref::<PointerEvent>();
            let edge = edge.cast::<HtmlCanvasElement>();
            let bottom = edge.map(|edge| edge.get_bounding_client_rect().bottom());
            if let (Some(branch), Some(bottom)) = (branch, bottom)
                && f64::from(event.client_y()) > bottom - GHOST
            {
                ask.send_message(Act::Player(Msg::SwitchBranch(branch)));
                return;
            }
            let slider = event.current_target();
            if let Some(slider) = slider.and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
                // A pointer that has gone meanwhile cannot be captured, and needs not be.
                let _ = slider.set_pointer_capture(event.pointer_id());
            }
            seek(event);
        };
        let on_pointer_move = move |event: Event| {
            let event = event.unchecked_ref::<PointerEvent>();
            if event.buttons() & 1 == 1 {
                seek_to(event);
            }
        };
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
            .on("pointerdown", Box::new(on_pointer_down))
            .on("pointermove", Box::new(on_pointer_move))
            .on("keydown", Box::new(on_key))
            .with(el("canvas", "").known_as(&self.canvas).set("aria-hidden", "true"))
    }

    /// The canvas, once it is on the page: other views share its time axis.
    pub fn canvas(&self) -> Option<HtmlCanvasElement> {
        self.canvas.cast()
    }

    /// Paints the history, if it or its size has changed.
    pub fn paint(&self, player: &Player, anew: bool) {
        let Some(canvas) = self.canvas.cast::<HtmlCanvasElement>() else {
            return;
        };
        let (width, height) = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
        let end = span(player);
        let x = AIR + (width - 2.0 * AIR) * player.t() as f64 / end as f64;

        let marks = player.marks().until(seen(player));
        let now = Some(((x * 4.0) as i64, marks.len(), end, player.ghost().is_some()));
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
        let ghost = player.ghost();
        let whole = height;
        let height = if ghost.is_some() { height - GHOST } else { height };
        let brush =
            Brush { context: &context, colours: &self.colours.borrow(), width, height, end };
        brush.paint(player, marks, x);
        if let Some(ghost) = ghost {
            brush.ghost(ghost, whole);
        }
    }
}

/// How far the visitor has seen.
fn seen(player: &Player) -> SimTime {
    player.reached()
}

struct Brush<'a> {
    context: &'a CanvasRenderingContext2d,
    colours: &'a Colours,
    width: f64,
    height: f64,
    end: SimTime,
}

impl Brush<'_> {
    fn x(&self, t: SimTime) -> f64 {
        AIR + (self.width - 2.0 * AIR) * t as f64 / self.end as f64
    }

    fn paint(&self, player: &Player, marks: &[Mark], playhead: f64) {
        let context = self.context;
        context.clear_rect(0.0, 0.0, self.width, self.height);
        self.bands(player);
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
        self.epochs(marks);
        context.set_fill_style_str(&self.colours.text);
        context.fill_rect(playhead - 1.0, 0.0, 2.0, self.height);
        context.begin_path();
        context.move_to(playhead - 6.0, 0.0);
        context.line_to(playhead + 6.0, 0.0);
        context.line_to(playhead, 8.0);
        context.close_path();
        context.fill();
    }

    /// What has been seen, and what is still to come.
    fn bands(&self, player: &Player) {
        let context = self.context;
        let (top, bottom) = (4.0, self.height - 4.0);
        context.set_fill_style_str(&self.colours.panel);
        context.fill_rect(AIR, top, self.width - 2.0 * AIR, bottom - top);
        context.set_fill_style_str(&self.colours.raised);
        let seen_x = self.x(seen(player).min(self.end));
        context.fill_rect(AIR, top, seen_x - AIR, bottom - top);
        self.hatch(player, top, top + 9.0);
        context.set_stroke_style_str(&self.colours.edge);
        context.set_line_width(1.0);
        context.stroke_rect(AIR - 0.5, top - 0.5, self.width - 2.0 * AIR + 1.0, bottom - top + 1.0);
    }

    /// The branch that was left, in grey.
    fn ghost(&self, ghost: &Ghost, bottom: f64) {
        let context = self.context;
        let Colours { edge, text2, .. } = self.colours;
        let (y, end) = (bottom - GHOST / 2.0, self.x(ghost.until));
        context.clear_rect(0.0, bottom - GHOST, self.width, GHOST);
        self.lines(edge, 2.0, &[(AIR + 14.0, y, end, y), (end, y - 5.0, end, y + 5.0)]);
        let mut latest = f64::MIN;
        for mark in ghost.marks.until(ghost.until) {
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
    fn epochs(&self, marks: &[Mark]) {
        let context = self.context;
        context.set_font("600 12px ui-monospace, Menlo, Consolas, monospace");
        let mut after = self.epoch_label(AIR + 3.0, 1, f64::MIN);
        for mark in marks {
            if let MarkKind::Promoted(epoch) = mark.kind {
                let x = self.x(mark.at);
                context.set_fill_style_str(&self.colours.text);
                context.fill_rect(x - 1.0, 4.0, 2.0, self.height - 8.0);
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
            let mut x = self.x(*from);
            let end = self.x((*to).min(self.end));
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
        if x < after || x + width > self.width {
            return after;
        }
        self.context.set_fill_style_str(&self.colours.raised);
        self.context.fill_rect(x - 1.0, self.height - 20.0, width + 2.0, 14.0);
        self.context.set_fill_style_str(&self.colours.text2);
        // Text that cannot be drawn is also in the table and the value text.
        let _ = self.context.fill_text(&text, x, self.height - 9.0);
        x + width + 4.0
    }

    fn mark(&self, kind: MarkKind, x: f64) {
        let Colours { write, ack, stale, conflict, lost, text, panel, .. } = self.colours;
        let (low, high) = (self.height - 14.0, 14.0);
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
