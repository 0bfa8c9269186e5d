//! The shapes of the visual language: bodies, badges, tabs, cells, chips. Each is told from the
//! others by its shape alone; words and colours come on top.

use crate::base::Epoch;

use super::detail::Detail;
use super::figure::{Kind, State};
use super::geometry::{Rect, Xy, xy};
use super::mark::Mark;
use super::strip::Cell;
use super::svg::svg;

/// A write: an arrow chip, 42 by 22, that points to the right.
pub const CHIP: &str = "M-17 -11H13L21 0L13 11H-17A4 4 0 0 1 -21 7V-7A4 4 0 0 1 -17 -11Z";
/// The tick in a ring of radius 8.
pub const TICK: &str = "M-3.5 .5L-1 3.5L3.5 -2.5";
/// The cross in a ring of radius 8.
pub const CROSS: &str = "M-3 -3L3 3M3 -3L-3 3";
/// A read on its way out.
pub const DIAMOND: &str = "M0 -11L11 0L0 11L-11 0Z";
/// A stale answer's outline.
pub const STALE: &str = "M0 -13L13 0L0 13L-13 0Z";
/// Not equal.
const UNEQUAL: &str = "M-3.5 -1.5H3.5M-3.5 1.5H3.5M2 -4L-2 4";
/// Clock hands.
pub const HANDS: &str = "M0 -5.5V0L3.8 2.8";

/// A server's outline at a level of detail.
pub fn body(kind: Kind, state: State, detail: Detail) -> Vec<Mark> {
    let half = detail.half();
    if let Detail::Dot(size) = detail
        && size < 14
    {
        return vec![dot(kind, half)];
    }
    match kind {
        Kind::Primary => square(state, half),
        Kind::Replica | Kind::Client => {
            vec![Mark::circle(Xy::default(), half * 0.95 - 1.0, "body")]
        }
        Kind::Relay => vec![Mark::path(hexagon(half), "body")],
        Kind::Candidate => {
            let room = Rect::around(Xy::default(), half * 2.0, half * 2.0).grown(-half * 0.1);
            vec![Mark::rect(room, half * 0.36, "body body-dashed")]
        }
    }
}

fn dot(kind: Kind, half: f64) -> Mark {
    match kind {
        Kind::Primary => {
            Mark::rect(Rect::around(Xy::default(), half * 2.0, half * 2.0), 0.0, "dot")
        }
        Kind::Relay => Mark::path(hexagon(half), "dot"),
        Kind::Candidate => Mark::rect(Rect::around(Xy::default(), half, half), 0.0, "dot"),
        Kind::Replica | Kind::Client => Mark::circle(Xy::default(), half * 0.9, "dot"),
    }
}

fn hexagon(half: f64) -> String {
    let (wide, shoulder, tall) = (half - 1.0, half * 0.5, half * 0.87);
    let corners = [-wide, -shoulder, -tall, shoulder, wide, shoulder, tall, -shoulder];
    svg("M# 0L# #H#L# 0L# #H#Z", &corners)
}

/// Two squares, one in the other; a reign that is over has broken both at the top.
fn square(state: State, half: f64) -> Vec<Mark> {
    let inset = (half * 0.185).max(3.0);
    let outer = Rect::around(Xy::default(), half * 2.0, half * 2.0).grown(-half * 0.05);
    let inner = outer.grown(-inset);
    let radius = half * 0.36;
    if state == State::StalePrimary {
        return vec![
            Mark::rect(outer, radius, "body-fill"),
            Mark::path(broken(outer, radius, half * 0.6), "body-outer"),
            Mark::path(broken(inner, radius * 0.6, half * 0.5), "body-inner"),
        ];
    }
    vec![
        Mark::rect(outer, radius, "body body-outer"),
        Mark::rect(inner, radius * 0.62, "body-inner"),
    ]
}

/// A round rectangle that lacks the middle of its upper edge, with splintered ends.
fn broken(rect: Rect, radius: f64, gap: f64) -> String {
    let (l, t, r, b) = (rect.x, rect.y, rect.right(), rect.bottom());
    let splinter = gap * 0.32;
    // From splinter to splinter, clockwise; each corner is an arc.
    let arc = |x: f64, y: f64| svg("A# # 0 0 1 # #", &[radius, radius, x, y]);
    [
        svg("M# #L# #H#", &[gap - splinter, t + splinter, gap, t, r - radius]),
        arc(r, t + radius),
        svg("V#", &[b - radius]),
        arc(r - radius, b),
        svg("H#", &[l + radius]),
        arc(l, b - radius),
        svg("V#", &[t + radius]),
        arc(l + radius, t),
        svg("H#L# #", &[-gap, -gap + splinter, t - splinter]),
    ]
    .concat()
}

/// Where the badge low on the right stands, and its radius; None if there is no room for one.
fn badge_room(detail: Detail) -> Option<(Xy, f64)> {
    let half = detail.half();
    let radius = match detail {
        Detail::Full => 17.0,
        Detail::Compact => 13.0,
        Detail::Small => 10.5,
        Detail::Mini => 7.5,
        Detail::Dot(size) if size >= 10 => half * 0.7,
        Detail::Dot(_) => return None,
    };
    // As far down as the words below leave room, so that it hides little of the body.
    let at = match detail {
        Detail::Dot(_) => Xy::default(),
        _ => xy(half * 0.8, half + 3.5 - radius),
    };
    Some((at, radius))
}

/// The badge that says what is wrong, so that the name stays readable.
pub fn badge(state: State, detail: Detail, marks: &mut Vec<Mark>) {
    let Some((at, radius)) = badge_room(detail) else { return };
    let arm = radius * 0.4;
    match state {
        State::Up | State::StalePrimary => {}
        State::Down => {
            marks.push(Mark::circle(at, radius, "badge down"));
            marks.push(Mark::path(cross(at, arm), "badge-sign"));
        }
        State::Paused => {
            marks.push(Mark::circle(at, radius, "badge paused"));
            let (x, y) = (at.x - arm * 0.75, at.y - arm * 1.1);
            let (apart, tall) = (arm * 1.5, arm * 2.2);
            let bars = svg("M# #v#m# 0v#", &[x, y, tall, apart, -tall]);
            marks.push(Mark::path(bars, "badge-sign"));
        }
    }
}

/// The badge of a server that is slow.
pub fn hourglass(detail: Detail, marks: &mut Vec<Mark>) {
    let Some((at, radius)) = badge_room(detail) else { return };
    let arm = radius * 0.45;
    let (x, y, whole) = (at.x - arm, at.y - arm, arm * 2.0);
    marks.push(Mark::circle(at, radius, "badge paused"));
    let glass = svg("M# #h#l# #h#Z", &[x, y, whole, -whole, whole, whole]);
    marks.push(Mark::path(glass, "badge-sign thin"));
}

/// Two strokes that cross, this far to each side.
fn cross(Xy { x, y }: Xy, arm: f64) -> String {
    let whole = arm * 2.0;
    svg("M# #l# #m0 #l# #", &[x - arm, y - arm, whole, whole, -whole, -whole, whole])
}

/// The arc around a body that shows how much of some time is left, from the top clockwise.
pub fn arc(detail: Detail, left: f64, marks: &mut Vec<Mark>) {
    if detail < Detail::Mini || left <= 0.0 {
        return;
    }
    let radius = detail.half() + 5.0;
    let end = Xy::clockwise(left.min(0.999)) * radius;
    // A flag of an arc is one digit and no number.
    let template = if left > 0.5 { "M0 #A# # 0 1 1 # #" } else { "M0 #A# # 0 0 1 # #" };
    marks.push(Mark::path(svg(template, &[-radius, radius, radius, end.x, end.y]), "arc"));
}

/// The tab with the epoch, at the upper right corner of a primary.
pub fn tab(detail: Detail, epoch: Epoch, marks: &mut Vec<Mark>) {
    let half = detail.half();
    let text = format!("e{epoch}");
    let (w, h, px) = match detail {
        Detail::Full => (34.0, 21.0, 13.0),
        _ => (29.0, 18.0, 12.0),
    };
    let w = f64::max(w, text.len() as f64 * px * 0.62 + 10.0);
    let at = xy(half + 17.0 - w / 2.0, -half + 0.5);
    marks.push(Mark::rect(Rect::around(at, w, h), 5.0, "tab"));
    marks.push(Mark::text(at + xy(0.0, px * 0.36), px, text, "tab-text"));
}

/// The ghost of what was acknowledged here and is lost.
pub fn ghost(detail: Detail, count: u64, marks: &mut Vec<Mark>) {
    let half = detail.half();
    let at = match detail {
        Detail::Full => xy(-half, -half + 0.5),
        _ => xy(-half + 4.0, -half + 1.0),
    };
    marks.push(Mark::path_at(at, CHIP, "ghost"));
    marks.push(Mark::path_at(at, "M-9 -6L3 6M3 -6L-9 6", "ghost-cross"));
    if count > 1 {
        marks.push(Mark::text(at + xy(10.0, 4.0), 12.0, count.to_string(), "ghost-count"));
    }
}

/// One cell of a log strip.
pub fn cell(state: Cell, room: Rect, marks: &mut Vec<Mark>) {
    let inner = room.grown(-1.0);
    match state {
        Cell::Applied => marks.push(Mark::rect(room, 2.5, "cell applied")),
        Cell::Received => {
            marks.push(Mark::rect(inner, 2.0, "cell received"));
            let half = Rect::from_edges(room.x, room.centre().y, room.right(), room.bottom());
            marks.push(Mark::rect(half, 1.5, "cell applied"));
        }
        Cell::Missing => marks.push(Mark::rect(inner, 2.0, "cell missing")),
        Cell::Lost => {
            marks.push(Mark::rect(inner, 2.0, "cell lost"));
            let arm = room.w * 0.22;
            marks.push(Mark::path(cross(room.centre(), arm), "cell lost"));
        }
        Cell::None => {}
    }
}

/// A cell whose entry stands beside another that had not seen it: cut in two.
pub fn clash(room: Rect, marks: &mut Vec<Mark>) {
    let inner = room.grown(-1.0);
    marks.push(Mark::rect(inner, 0.0, "cell clash"));
    let cut = svg("M# #L# #", &[inner.x, inner.bottom(), inner.right(), inner.y]);
    marks.push(Mark::path(cut, "cell clash"));
}

/// The badge of the newest of these.
pub fn unequal(room: Rect, marks: &mut Vec<Mark>) {
    let at = xy(room.right(), room.y + 1.0);
    marks.push(Mark::circle(at, 6.5, "badge clash"));
    marks.push(Mark::path_at(at, UNEQUAL, "badge-sign thin"));
}

/// The notch before the first entry of a reign, and its number where there is room.
pub fn notch(room: Rect, epoch: Epoch, state: Cell, marks: &mut Vec<Mark>) {
    let x = room.x - 1.0;
    let line = svg("M# #V#", &[x, room.y - 4.0, room.bottom() + 3.0]);
    marks.push(Mark::path(line, "notch"));
    if room.w >= 16.0 && epoch < 10 {
        let at = room.centre() + xy(0.0, 4.4);
        let class = if state == Cell::Applied { "cell-ink" } else { "cell-text" };
        marks.push(Mark::text(at, 12.0, epoch.to_string(), class));
    }
}
