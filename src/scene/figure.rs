//! One server as it is drawn: its shape, its state, its labels and its accessible name.

use crate::base::{NodeId, SimTime};
use crate::node::{Node, NodeDials, Stage, Status, Timer};
use crate::player::{Selection, us_text};
use crate::sim::{Event, World};
use crate::words::scene as say;

use super::books::{Books, LostWrites};
use super::clash::{Clash, clashes};
use super::detail::{Detail, Labels, Side};
use super::geometry::{Rect, Xy, xy};
use super::glyph;
use super::layout::Place;
use super::mark::{Anchor, Mark, fitted, text_width};
use super::strip::{Cell, Lag, Strips};
use super::svg::svg;

/// From here on a step of a server is slow, in microseconds.
const SLOW_US: u64 = 100_000;

/// What a server does in the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It takes writes.
    Primary,
    /// It follows.
    Replica,
    /// It follows and is followed.
    Relay,
    /// It follows nobody at the moment: it wants to lead, or is about to.
    Candidate,
    /// It is no server: it asks them.
    Client,
}

/// How it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Well.
    Up,
    /// Crashed.
    Down,
    /// Standing still.
    Paused,
    /// Still taking writes in a reign that is over.
    StalePrimary,
}

/// One thing on the stage that can be chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Its identity from picture to picture.
    pub key: String,
    /// What is selected by choosing it.
    pub selects: Selection,
    /// What it is.
    pub kind: Kind,
    /// How it is.
    pub state: State,
    /// Where the origin of its marks is.
    pub at: Xy,
    /// What reacts to a pointer, from there.
    pub hit: Rect,
    /// What a focus ring goes around, from there, and the radius of its corners.
    pub ring: (Rect, f64),
    /// Whether strokes are thinner, for its size.
    pub small: bool,
    /// Its name for those who do not see it.
    pub name: String,
    /// What it is drawn from.
    pub marks: Vec<Mark>,
}

impl Kind {
    /// What a server does. A relay that is down is still a relay.
    pub fn of(world: &World, node: &Node) -> Kind {
        if node.is_primary() {
            Kind::Primary
        } else if node.status == Status::Up && node.memory.election.stage != Stage::Calm {
            Kind::Candidate
        } else if world.topology.downstream(node.id).next().is_some() {
            Kind::Relay
        } else {
            Kind::Replica
        }
    }

    /// As `data-kind` has it.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Primary => "primary",
            Kind::Replica => "replica",
            Kind::Relay => "relay",
            Kind::Candidate => "candidate",
            Kind::Client => "client",
        }
    }

    /// As the accessible name has it.
    pub fn text(self) -> &'static str {
        match self {
            Kind::Primary => say::PRIMARY,
            Kind::Replica => say::REPLICA,
            Kind::Relay => say::RELAY,
            Kind::Candidate => say::CANDIDATE,
            Kind::Client => say::CLIENT,
        }
    }
}

impl State {
    /// How a server is.
    pub fn of(world: &World, node: &Node) -> State {
        match node.status {
            Status::Down | Status::Removed => State::Down,
            Status::Paused => State::Paused,
            Status::Up if node.is_primary() && node.disk.epoch < world.epoch => State::StalePrimary,
            Status::Up => State::Up,
        }
    }

    /// As `data-state` has it.
    pub fn word(self) -> &'static str {
        match self {
            State::Up => "up",
            State::Down => "down",
            State::Paused => "paused",
            State::StalePrimary => "stale-primary",
        }
    }
}

/// Whether a server takes long over what others do in a moment: to apply an entry, to flush or to
/// answer a read.
fn is_slow(node: &Node) -> bool {
    let NodeDials { apply_delay, flush_delay, query_delay, .. } = &*node.dials;
    [apply_delay, flush_delay, query_delay].iter().any(|delay| delay.typical() >= SLOW_US)
}

/// As `data-shape` has it: no two kinds or states share a shape.
pub fn shape(kind: Kind, state: State) -> String {
    let base = match kind {
        Kind::Primary => "double-square",
        Kind::Replica => "circle",
        Kind::Relay => "hexagon",
        Kind::Candidate => "dashed-square",
        Kind::Client => "pill",
    };
    let variant = match state {
        State::Up => "",
        State::Down => "-dashed-cross",
        State::Paused => "-bars",
        State::StalePrimary => "-broken",
    };
    format!("{base}{variant}")
}

/// Draws one server.
pub fn figure(
    world: &World,
    node: &Node,
    place: &Place,
    strips: &Strips,
    books: &Books,
    t: SimTime,
) -> Figure {
    let (kind, state) = (Kind::of(world, node), State::of(world, node));
    let lag = strips.lag(world, node, t);
    let mut marks = glyph::body(kind, state, place.detail);
    let name = node.id.to_string();
    name_mark(&name, place.detail, &mut marks);
    if kind == Kind::Primary && place.detail >= Detail::Compact {
        glyph::tab(place.detail, node.disk.epoch, &mut marks);
    }
    let lost = books.lost_at(node.id);
    let clash = Clash::newest(world, node, strips);
    if let Some(lost) = lost
        && place.detail >= Detail::Compact
    {
        glyph::ghost(place.detail, lost.count, &mut marks);
    }
    if let Some(left) = patience(world, node, t) {
        glyph::arc(place.detail, left, &mut marks);
    }
    glyph::badge(state, place.detail, &mut marks);
    if state == State::Up && is_slow(node) {
        glyph::hourglass(place.detail, &mut marks);
    }
    if let Some(labels) = place.detail.labels(place.side) {
        let words = role_words(kind, state, node, place.detail, &labels);
        let px = place.detail.text_px().unwrap_or(12.0);
        if let Some(words) = words {
            let alarming = place.detail == Detail::Small || node.stopped().is_some();
            let class = if alarming { "role alarm" } else { "role" };
            line(labels.role, place, px, words, class, &mut marks);
        } else if let (Detail::Small, Some(lag)) = (place.detail, lag) {
            line(labels.lag, place, px, behind(lag.entries), "lag", &mut marks);
        }
        if let Some(cell) = place.detail.cell() {
            let lagging = strip_marks(world, node, strips, &labels, cell, &mut marks);
            if let (true, Some((from, to))) = (lag.is_some(), lagging) {
                let top = labels.strip.bottom() + 4.0;
                marks.push(Mark::path(svg("M# #v5H#v-5", &[from, top, to]), "bracket"));
            }
            let note = match (lag, lost, &clash) {
                (Some(lag), ..) => Some((lag_words(lag), "lag")),
                (None, Some(lost), _) => Some((say::lost_note(&lost.text), "lost-note")),
                (None, None, Some(clash)) => {
                    clash_marks(clash, labels.lag, place, px, &mut marks);
                    None
                }
                (None, None, None) => None,
            };
            if let Some((text, class)) = note {
                let short = text.strip_suffix(say::LEFT_OUT_OF_LOST_NOTE).unwrap_or(&text);
                let fits = text_width(&text, px, class) <= labels.lag.w;
                let text = fitted(if fits { &text } else { short }, px, class, labels.lag.w);
                line(labels.lag, place, px, text, class, &mut marks);
            }
        }
    }
    let half = place.detail.half();
    let round = if kind == Kind::Primary { half * 0.4 } else { half };
    let air = match place.detail {
        // Off the words below.
        Detail::Full | Detail::Compact | Detail::Small => 4.0,
        Detail::Mini | Detail::Dot(_) => 3.0,
    };
    Figure {
        key: name.clone(),
        selects: Selection::Node(node.id),
        kind,
        state,
        at: place.at,
        hit: place.detail.hit(),
        ring: (Rect::around(Xy::default(), half * 2.0, half * 2.0).grown(air), round + air),
        small: place.detail < Detail::Compact,
        name: spoken(world, node, kind, state, lag, (lost, &clash)),
        marks,
    }
}

/// The share of its time that a server has left: before it gives up a primary that it has not heard
/// for two beats, and then before its next try to be elected; None while nothing runs out.
fn patience(world: &World, node: &Node, t: SimTime) -> Option<f64> {
    let failover = world.rules.failover.filter(|_| node.status == Status::Up)?;
    let election = &node.memory.election;
    let (left, whole) = match election.stage {
        _ if node.is_primary() => return None,
        Stage::Calm => {
            let silent = t.saturating_sub(election.silent_since);
            if silent <= 2 * failover.heartbeat.0 {
                return None;
            }
            (failover.timeout.0.saturating_sub(silent), failover.timeout.0)
        }
        Stage::Suspecting | Stage::Asking { .. } => {
            let tries = |(at, event): (SimTime, &Event)| match event {
                Event::Timer { node: of, timer: Timer::Campaign(_), .. } if *of == node.id => {
                    Some(at)
                }
                _ => None,
            };
            let due = world.queue.iter().filter_map(tries).max()?;
            (due.saturating_sub(t), failover.heartbeat.0)
        }
        Stage::Draining(_) => return None,
    };
    Some((left as f64 / whole.max(1) as f64).min(1.0))
}

fn name_mark(name: &str, detail: Detail, marks: &mut Vec<Mark>) {
    let Some(px) = detail.name_px() else {
        return;
    };
    let room = detail.body() * 0.86;
    let fitting = [px, px * 0.8, px * 0.66].into_iter().map(|px| px.max(12.0));
    let px = fitting.clone().find(|px| text_width(name, *px, "name") <= room);
    if let Some(px) = px {
        marks.push(Mark::text(xy(0.0, px * 0.36), px, name, "name"));
    }
}

/// A line of words in the room for it, on the side of the body, on a plate that keeps lines and
/// hatching away from it.
fn line(
    room: Rect,
    place: &Place,
    px: f64,
    text: String,
    class: &'static str,
    marks: &mut Vec<Mark>,
) {
    let y = room.y + room.h * 0.5 + px * 0.36;
    let (x, anchor) = match place.side {
        Side::Below | Side::Above => (room.centre().x, Anchor::Middle),
        Side::Right => (room.x, Anchor::Start),
        Side::Left => (room.right(), Anchor::End),
    };
    let words = Mark::anchored(xy(x, y), anchor, px, text, class);
    if let Some(plate) = words.text_box() {
        let plate = Rect { y: room.y, h: room.h, ..plate.grown(1.0) };
        marks.push(Mark::rect(plate, 3.0, "words-plate"));
    }
    marks.push(words);
}

/// A conflict in words, the value that wins underlined and the other struck through.
fn clash_marks(clash: &Clash, room: Rect, place: &Place, px: f64, marks: &mut Vec<Mark>) {
    let (text, strokes) = clash.words(px, "clash", room.w);
    line(room, place, px, fitted(&text, px, "clash", room.w), "clash", marks);
    let Some(words) = marks.last().and_then(Mark::text_box) else { return };
    let base = words.y + px * 0.8;
    for ((from, to), y) in strokes.into_iter().flatten().zip([base + 2.5, base - px * 0.3]) {
        let stroke = svg("M# #H#", &[words.x + from, y, words.x + to]);
        marks.push(Mark::path(stroke, "clash-stroke"));
    }
}

/// The role and, if anything is wrong, the state; None if there is nothing to say at this level.
fn role_words(
    kind: Kind,
    state: State,
    node: &Node,
    detail: Detail,
    labels: &Labels,
) -> Option<String> {
    let promoting = matches!(node.memory.election.stage, Stage::Draining(_));
    let role = match kind {
        Kind::Candidate if promoting => say::PROMOTING.to_string(),
        _ => kind.text().to_ascii_uppercase(),
    };
    let alarm = match state {
        State::Up if node.stopped().is_some() => {
            let small = detail == Detail::Small;
            Some(if small { say::STOPPED_SIGN } else { say::APPLIER_STOPPED_SIGN }.to_string())
        }
        State::Up if is_slow(node) => Some(say::SLOW_SIGN.to_string()),
        State::Up => None,
        State::Down => Some(say::DOWN_SIGN.to_string()),
        State::Paused => Some(say::PAUSED_SIGN.to_string()),
        State::StalePrimary if detail == Detail::Small => Some(format!("e{}?", node.disk.epoch)),
        State::StalePrimary => return Some(say::primary_once(node.disk.epoch)),
    };
    if detail == Detail::Small {
        return alarm;
    }
    let both = match &alarm {
        Some(alarm) => format!("{role} \u{b7} {alarm}"),
        None => role,
    };
    let px = detail.text_px().unwrap_or(12.0);
    let fits = text_width(&both, px, "role") <= labels.role.w;
    if fits { Some(both) } else { alarm.or(Some(both)) }
}

/// The cells, and from where to where the server is behind.
fn strip_marks(
    world: &World,
    node: &Node,
    strips: &Strips,
    labels: &Labels,
    cell: f64,
    marks: &mut Vec<Mark>,
) -> Option<(f64, f64)> {
    let (mut behind, mut clashing): (Option<(f64, f64)>, Option<Rect>) = (None, None);
    let used = strips.columns.len() as f64 * (cell + 2.0) - 2.0;
    let left = labels.strip.x + (labels.strip.w - used) * labels.lean;
    for (index, column) in strips.columns.iter().enumerate() {
        let x = left + index as f64 * (cell + 2.0);
        let room = Rect { x, y: labels.strip.y, w: cell, h: cell };
        let state = strips.cell(world, node, column.entry.gtid);
        glyph::cell(state, room, marks);
        if state == Cell::Applied && clashes(node, &column.entry) {
            glyph::clash(room, marks);
            clashing = Some(room);
        }
        if let (Some(epoch), true) = (column.reign, state != Cell::None) {
            glyph::notch(room, epoch, state, marks);
        }
        if matches!(state, Cell::Missing | Cell::Received) {
            let start = behind.map_or(x, |(start, _)| start);
            behind = Some((start, x + cell));
        }
    }
    if let Some(newest) = clashing {
        glyph::unequal(newest, marks);
    }
    behind
}

fn behind(entries: u64) -> String {
    format!("\u{2212}{entries}")
}

/// `-3 . 420 ms`, with a true minus and a middle dot.
pub fn lag_words(lag: Lag) -> String {
    let time = match lag.us {
        us if us < 10_000 => us_text(us),
        us if us < 1_000_000 => format!("{} ms", us / 1_000),
        us => format!("{}.{} s", us / 1_000_000, us % 1_000_000 / 100_000),
    };
    format!("{} \u{b7} {time}", behind(lag.entries))
}

fn spoken(
    world: &World,
    node: &Node,
    kind: Kind,
    state: State,
    lag: Option<Lag>,
    (lost, clash): (Option<&LostWrites>, &Option<Clash>),
) -> String {
    let state = match state {
        State::StalePrimary => say::STALE_PRIMARY,
        State::Up => say::UP,
        State::Down => say::DOWN,
        State::Paused => say::PAUSED,
    };
    let mut spoken = format!("{}, {}, {state}", node.id, kind.text());
    if node.stopped().is_some() {
        spoken.push_str(say::STOPPED);
    } else if is_slow(node) {
        spoken.push_str(say::AND_SLOW);
    }
    if let Some(Lag { entries, .. }) = lag {
        spoken.push_str(&say::writes_behind(entries));
    }
    if let Some(lost) = lost {
        spoken.push_str(&say::writes_lost(lost.count));
    }
    if let Some(Clash { key, values: [one, other], .. }) = clash {
        spoken.push_str(&say::values_met(key, one, other));
    }
    if isolated(world, node.id) {
        spoken.push_str(say::ON_A_SIDE_WITHOUT_QUORUM);
    }
    spoken.push_str(&say::and_epoch(node.disk.epoch));
    spoken
}

/// Whether a partition has put a server on a side that is not a majority.
pub fn isolated(world: &World, node: NodeId) -> bool {
    let groups = world.network.breach.groups();
    let Some(own) = groups.get(node.index()) else {
        return false;
    };
    let side = groups.iter().filter(|group| *group == own).count();
    2 * side <= groups.len()
}
