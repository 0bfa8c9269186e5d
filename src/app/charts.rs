//! The charts of the metrics: the library's picture on a canvas, its time axis the tape's to the
//! pixel, with the values at the instant looked at, a sentence, and a table of the same.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use replication::base::{NodeId, SimTime};
use replication::check::Course;
use replication::player::{Msg, Player, us_text};
use replication::scene::{Behind, Charts, Lagging, Window, behind, rate};
use replication::words::measure as say;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, MouseEvent};
use yew::NodeRef;
use yew::html::Scope;

use super::element::{El, el};
use super::loom::{Board, foot, step};
use super::panel::{Shown, heads};
use super::root::Root;
use super::sight::Axis;
use super::stage::Surface;
use super::ui::Act;

/// Steps from one end of the axis to the other by the arrow keys.
const STEPS: u64 = 100;
/// Replicas named one by one.
const NAMED: usize = 12;

/// The charts' canvas, and what of it is looked at.
#[derive(Clone, Default)]
pub struct Graph {
    /// Whether a hand has dragged this or the diagram since it was pressed on it.
    pub dragged: Rc<Cell<bool>>,
    /// What it is drawn on.
    pub canvas: NodeRef,
    hint: NodeRef,
    state: Rc<State>,
}

#[derive(Default)]
struct State {
    looked_at: Cell<Option<SimTime>>,
    /// Where the axis lies on the canvas, and how long it is, as last drawn.
    axis: Cell<Option<(f64, Window)>>,
    /// The measures of this past, by the player's count of changes.
    course: RefCell<(u32, Course)>,
    surface: RefCell<Option<Surface>>,
}

impl Graph {
    /// The charts and their words.
    pub fn view(&self, shown: &Shown) -> El {
        self.follow(shown.player);
        let (graph, link) = (self.clone(), shown.link.clone());
        let on_pointer_move = move |event: Event| {
            graph.look(&event);
            link.send_message(Act::Look);
        };
        let (graph, link) = (self.clone(), shown.link.clone());
        let on_pointer_leave = move |_| {
            graph.state.looked_at.set(None);
            link.send_message(Act::Look);
        };
        let (graph, link) = (self.clone(), shown.link.clone());
        let on_click = move |event: Event| {
            if !graph.dragged.get() {
                graph.look(&event);
                graph.go(&link);
            }
        };
        let (graph, link, t) = (self.clone(), shown.link.clone(), shown.player.t());
        let on_key = move |event: Event| {
            let Some(step) = step(&event) else { return };
            match step {
                0 => graph.go(&link),
                step => graph.walk(step, t),
            }
            link.send_message(Act::Look);
        };
        let course = self.state.course.borrow();
        let all = behind(&course.1, shown.moment, shown.player.t());
        let graph = el("div", "weave graph")
            .set("tabindex", "0")
            .set("role", "group")
            .label(sentence(shown, &all))
            .set("aria-describedby", "graph-hint")
            .on("pointermove", Box::new(on_pointer_move))
            .on("pointerleave", Box::new(on_pointer_leave))
            .on("click", Box::new(on_click))
            .on("keydown", Box::new(on_key))
            .with(el("canvas", "").known_as(&self.canvas).set("aria-hidden", "true"));
        let hint = el("p", "loom-hint").set("id", "graph-hint");
        el("div", "graphs")
            .testid("charts")
            .with(graph)
            .with(foot(shown, hint.testid("charts-hint").known_as(&self.hint)))
            .with(table(shown, &all))
    }

    /// Takes in what is new since the last time.
    fn follow(&self, player: &Player) {
        let mut kept = self.state.course.borrow_mut();
        if kept.0 != player.changes() {
            *kept = (player.changes(), Course::new());
            self.state.looked_at.set(None);
        }
        let (recording, head) = (player.recording(), player.recording().head());
        kept.1.follow(recording.trace(), &head.ledger, head.nodes.len(), player.t());
    }

    /// Draws it anew for the playhead, if it is open.
    pub fn paint(&self, player: &mut Player, axis: Option<Axis>) {
        let mut kept = self.state.surface.borrow_mut();
        let board = Board::ready(&self.canvas, &mut kept, axis, player);
        let Some(Board { surface, window, left, t, moment }) = board else { return };
        player.measures();
        self.follow(player);
        let Some(measures) = player.measured() else { return };
        let course = &self.state.course.borrow().1;
        let looked_at = self.state.looked_at.get().filter(|at| *at <= t);
        let all = behind(course, &moment, t);
        let behind = all.as_slice();
        let head = player.t();
        Charts { course, measures, behind, window, t: head, looked_at, left }.draw(surface);
        self.state.axis.set(Some((left, window)));
        let told = values(course, behind, &window, (looked_at.unwrap_or(t), t));
        if let Some(hint) = self.hint.cast::<HtmlElement>()
            && hint.text_content().as_deref() != Some(&told)
        {
            // Said aloud when somebody moves along it, not while time passes.
            let role = if looked_at.is_some() { "status" } else { "note" };
            // Setting an attribute cannot fail.
            let _ = hint.set_attribute("role", role);
            hint.set_text_content(Some(&told));
        }
    }

    /// Looks at the instant under the pointer.
    fn look(&self, event: &Event) {
        let x = f64::from(event.unchecked_ref::<MouseEvent>().offset_x());
        let axis = self.state.axis.get();
        self.state.looked_at.set(axis.map(|(left, window)| window.t(x - left)));
    }

    /// Takes the playhead to the instant looked at.
    fn go(&self, link: &Scope<Root>) {
        if let Some(at) = self.state.looked_at.get() {
            link.send_message(Act::Player(Msg::Seek(at)));
        }
    }

    fn walk(&self, step: i32, t: SimTime) {
        let Some((_, window)) = self.state.axis.get() else { return };
        let far = ((window.until - window.from) / STEPS).max(1) as i64 * i64::from(step);
        let from = self.state.looked_at.get().unwrap_or(t);
        self.state.looked_at.set(Some(from.saturating_add_signed(far).min(t)));
    }
}

fn words(lagging: Lagging) -> String {
    match lagging {
        Lagging::Down => say::DOWN.into(),
        Lagging::By(us) => us_text(us),
    }
}

/// Every value at an instant, with its unit, as far as is known at `t`.
fn values(course: &Course, all: &[Behind], window: &Window, (at, t): (SimTime, SimTime)) -> String {
    let mut told = us_text(at);
    for one in all.iter().take(NAMED) {
        told += &say::and_lag(one.node, words(one.at(at)));
    }
    if let Some((_, us)) = course.acked(0, at).last() {
        told += &say::and_newest_ack(us_text(*us));
    }
    let (rate, _) = rate(course, window, at, t);
    told + &say::and_rate(rate)
}

/// What the charts show, in a sentence.
fn sentence(shown: &Shown, all: &[Behind]) -> String {
    let worst: Option<(u64, NodeId)> = all.iter().map(|one| (one.most_us, one.node)).max();
    let worst = worst.map_or(say::NO_REPLICA_LAGGED.into(), |(us, node)| {
        say::furthest_behind(node, us_text(us))
    });
    let t = us_text(shown.player.t());
    say::charts_label(t, worst)
}

/// The numbers of the charts.
fn table(shown: &Shown, all: &[Behind]) -> El {
    let t = shown.player.t();
    let row = |name: String, now: String, most: String| {
        el("tr", "")
            .with(el("th", "").set("scope", "row").text(name))
            .each([now, most].map(|cell| el("td", "").text(cell)))
    };
    let lags = all
        .iter()
        .take(NAMED)
        .map(|one| row(say::lag_of(one.node), words(one.at(t)), us_text(one.most_us)));
    let latency = shown.measures.map(|measures| {
        let latency = &measures.write_latency_us;
        let (median, slow) = (latency.quantile(0.5), latency.quantile(0.99));
        let of = format!("p50 {}, p99 {}", us_text(median), us_text(slow));
        row(say::ACK_LATENCY.into(), of, us_text(latency.quantile(1.0)))
    });
    let table = el("table", "")
        .testid("charts-table")
        .with(heads(&["", say::NOW, say::MOST]))
        .with(el("tbody", "").each(lags).each(latency));
    el("details", "").with(el("summary", "").text(say::SAME_AS_TABLE)).with(table)
}
