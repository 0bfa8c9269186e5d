//! The space-time diagram, drawn: lanes, slanted lines, knots, the playhead and the lanes' names.

use crate::base::SimTime;
use crate::sim::World;

use super::geometry::{Rect, xy};
use super::ink::{Ink, Tone, UPRIGHT};
use super::mark::text_width;
use super::rift::Rift;
use super::weave::{Knot, KnotKind, Weave};
use super::window::Window;

/// Opacity of what has nothing to do with the event looked at.
const DIM: f64 = 0.2;
/// Size of the lanes' names.
const PX: f64 = 12.0;
/// Strokes and gaps of what nothing gets through.
const HATCH: [f64; 2] = [1.5, 6.5];
/// A dot.
const DOT: &str = "M-3 0A3 3 0 1 0 3 0A3 3 0 1 0 -3 0Z";
/// A cross.
const CROSS: &str = "M-5 -5L5 5M5 -5L-5 5";
/// A small cross.
const DEAD: &str = "M-4 -4L4 4M4 -4L-4 4";
/// A plus.
const PLUS: &str = "M-5 0H5M0 -5V5";
/// A square.
const SQUARE: &str = "M-5 -5H5V5H-5Z";

/// A diagram and what is to be seen of it.
#[derive(Clone, Copy, Debug)]
pub struct Cloth<'a> {
    /// What is drawn.
    pub weave: &'a Weave,
    /// Where nothing gets through.
    pub rifts: &'a [Rift],
    /// Of which stretch of time, and how large.
    pub window: Window,
    /// Whose lanes they are.
    pub world: &'a World,
    /// The playhead.
    pub t: SimTime,
    /// The only records that are not dimmed, in order; None dims nothing.
    pub cone: Option<&'a [u32]>,
    /// Room for names left of the axis, in pixels.
    pub left: f64,
}

impl Cloth<'_> {
    /// Draws it.
    pub fn draw(&self, ink: &mut dyn Ink) {
        let Cloth { weave, window, t, .. } = *self;
        let (start, now) = (window.x(window.from), window.edge(t));
        let level = |ink: &mut dyn Ink, y: f64, (from, to): (f64, f64), tone, dash: &[f64]| {
            ink.line(&[xy(from, y), xy(to, y)], tone, 1.5, dash, 0.0);
        };
        stand(ink, 0.3);
        for Rift { x, y } in self.rifts {
            let (middle, height) = ((y.0 + y.1) / 2.0, y.1 - y.0);
            ink.line(&[xy(x.0, middle), xy(x.1, middle)], Tone::Text, height, &HATCH, 0.0);
        }
        for lane in &weave.lanes {
            stand(ink, 1.0);
            let mut from = start;
            for (down, up) in &lane.down {
                level(ink, lane.y, (from, *down), Tone::Neutral, &[]);
                level(ink, lane.y, (*down, *up), Tone::Lost, &[3.0, 5.0]);
                from = *up;
            }
            level(ink, lane.y, (from, now.max(from)), Tone::Neutral, &[]);
            stand(ink, 0.35);
            let ahead = (now.max(from), window.x(window.until));
            level(ink, lane.y, ahead, Tone::Neutral, &[1.0, 6.0]);
        }
        for thread in &weave.threads {
            let tone = if thread.lost { Tone::Lost } else { thread.sort.tone() };
            let width = 1.2 + libm::log2(f64::from(thread.count)) * 0.6;
            let opacity = self.opacity(thread.record, 0.85);
            stand(ink, opacity);
            let ((x, y), to) = (thread.from, xy(thread.to.0, thread.to.1));
            // One that was under way when the window begins comes in at its edge.
            let hidden = (start - x).max(0.0) / (to.x - x).max(1e-9);
            let from = xy(x, y).toward(to, hidden.min(1.0));
            ink.line(&[from, to], tone, width, &[], 0.0);
            if thread.lost {
                ink.stand(to, UPRIGHT, 1.0, opacity);
                ink.stroke(DEAD, tone, width, &[]);
            }
        }
        for knot in &weave.knots {
            self.knot(knot, ink);
        }
        stand(ink, 1.0);
        if window.holds(t) {
            let head = Rect { x: now - 1.0, y: 0.0, w: 2.0, h: window.height };
            ink.plate(head, 0.0, Tone::Text);
        }
        self.names(ink);
    }

    fn opacity(&self, record: u32, usual: f64) -> f64 {
        match self.cone {
            Some(cone) if cone.binary_search(&record).is_err() => DIM,
            Some(_) | None => usual,
        }
    }

    fn knot(&self, knot: &Knot, ink: &mut dyn Ink) {
        let at = xy(knot.at.0, knot.at.1);
        ink.stand(at, UPRIGHT, 1.0, self.opacity(knot.record, 1.0));
        match knot.kind {
            KnotKind::Written => ink.fill(DOT, Tone::Write),
            KnotKind::Crash | KnotKind::Lost => ink.stroke(CROSS, Tone::Lost, 2.5, &[]),
            KnotKind::Restart => ink.stroke(PLUS, Tone::Text, 2.0, &[]),
            KnotKind::Promoted(epoch) => {
                ink.fill(SQUARE, Tone::Text);
                ink.words(xy(18.0, -9.0), PX, &format!("e{epoch}"), Tone::Text);
            }
        }
    }

    fn names(&self, ink: &mut dyn Ink) {
        let Cloth { weave, window, world, left, .. } = *self;
        let start = window.x(window.from);
        let step = window.height / weave.lanes.len().max(1) as f64;
        // Names that would lie on one another help nobody.
        let every = libm::ceil(13.0 / step).max(1.0) as usize;
        for lane in weave.lanes.iter().step_by(every) {
            let client = lane.place.client().map(|client| &world.clients[client.index()].name);
            let name = client.map_or_else(
                || lane.place.node().unwrap_or_default().to_string(),
                |name| name.to_string(),
            );
            let width = text_width(&name, PX, "value");
            let (x, up) = match left > width + 10.0 {
                true => (-width - 10.0, 0.0),
                false => (4.0 - left.max(0.0), -8.0),
            };
            ink.words(xy(start + x + width / 2.0, lane.y + up), PX, &name, Tone::Text);
        }
    }
}

/// Whole pictures have their origin in the upper left corner.
fn stand(ink: &mut dyn Ink, opacity: f64) {
    ink.stand(xy(0.0, 0.0), UPRIGHT, 1.0, opacity);
}
