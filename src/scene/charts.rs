//! Measures over time, on the timeline's own axis: how far each replica is behind, how long each
//! acknowledgement took, and how many there were a second. A function of the run and the instant:
//! nothing is drawn that was not known then.

use crate::base::{NodeId, SimTime, gathered, sort};
use crate::check::{Course, Measures, Step};
use crate::player::us_text;
use crate::sim::World;
use crate::words::scene as say;

use super::geometry::{Rect, within, xy};
use super::ink::{Ink, Tone, UPRIGHT};
use super::mark::text_width;
use super::strip::Strips;
use super::window::{Window, round_up};

/// Replicas that are drawn: the ones that were furthest behind.
const LANES_MAX: usize = 4;
/// Width of a column in which only the largest value is drawn, in pixels.
const COLUMN: f64 = 2.0;
/// Size of words.
const PX: f64 = 12.0;
/// Room for a chart's title above it.
const TITLE: f64 = 18.0;
/// Height of the charts of acknowledgements and of throughput, their titles included.
const BELOW: (f64, f64) = (78.0, 54.0);
/// The most bars of throughput.
const BARS_MAX: u64 = 80;
/// A dot.
const DOT: &str = "M-2.5 0A2.5 2.5 0 1 0 2.5 0A2.5 2.5 0 1 0 -2.5 0Z";

/// How far a replica is behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lagging {
    /// It is down.
    Down,
    /// The oldest entry it lacks was written so many microseconds ago; 0 if it lacks none.
    By(u64),
}

/// One replica's lag up to an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind<'a> {
    /// Which.
    pub node: NodeId,
    /// The most that it was behind.
    pub most_us: u64,
    steps: &'a [Step],
    /// When the oldest entry was written that it still lacks.
    open: Option<SimTime>,
    down: Vec<(SimTime, SimTime)>,
}

/// Every replica that was or is behind at `t`, n1 first.
pub fn behind<'a>(course: &'a Course, world: &World, t: SimTime) -> Vec<Behind<'a>> {
    let strips = Strips::new(world, false);
    let all = world.nodes.iter().map(|node| {
        let at = node.id.index();
        let steps = course.applied.get(at).map_or(&[][..], Vec::as_slice);
        let steps = &steps[..steps.partition_point(|step| step.at <= t)];
        let lag_us = strips.lag(world, node, t).map(|lag| lag.us);
        let mut down = course.down.get(at).cloned().unwrap_or_default();
        down.retain(|(from, _)| *from <= t);
        for (_, until) in down.iter_mut().filter(|(_, until)| *until > t) {
            *until = SimTime::MAX;
        }
        let most_us = steps.last().map_or(0, |last| last.most_us).max(lag_us.unwrap_or(0));
        let open = lag_us.map(|us| t.saturating_sub(us));
        Behind { node: node.id, most_us, steps, open, down }
    });
    let lags = |one: &Behind| !one.steps.is_empty() || one.open.is_some() || !one.down.is_empty();
    gathered(all.filter(lags))
}

impl Behind<'_> {
    /// How far it was behind at an instant.
    pub fn at(&self, at: SimTime) -> Lagging {
        if self.down.iter().any(|(from, until)| *from <= at && at < *until) {
            return Lagging::Down;
        }
        let next = self.steps.partition_point(|step| step.at < at);
        let next = self.steps.get(next).map(|step| step.written_at);
        Lagging::By(next.or(self.open).map_or(0, |written_at| at.saturating_sub(written_at)))
    }

    /// The most in each column up to `t`; None in those in which it was down.
    fn tops(&self, window: &Window, t: SimTime) -> Vec<Option<u64>> {
        let start = window.x(window.from);
        let columns = ((window.edge(t) - start) / COLUMN) as usize + 1;
        let column =
            |at: SimTime| (((window.x(at) - start) / COLUMN).max(0.0) as usize).min(columns - 1);
        let instant = |column: usize| window.t(start + column as f64 * COLUMN).min(t);
        let mut tops: Vec<Option<u64>> =
            gathered((0..columns).map(|column| match self.at(instant(column)) {
                Lagging::Down => None,
                Lagging::By(us) => Some(us),
            }));
        for step in self.steps.iter().filter(|step| step.at >= window.from) {
            let top = &mut tops[column(step.at)];
            *top = Some(top.unwrap_or(0).max(step.us()));
        }
        // One that was down for less than a column is seen to have been.
        for (from, _) in self.down.iter().filter(|(from, _)| *from >= window.from) {
            tops[column(*from)] = None;
        }
        tops
    }
}

/// Writes told ok a second around an instant, as far as is known at `t`, and the step that this is
/// counted over.
pub fn rate(course: &Course, window: &Window, at: SimTime, t: SimTime) -> (u64, u64) {
    let step = bucket(window);
    let from = at / step * step;
    let before = |end: SimTime| course.acks.partition_point(|(at, _)| *at < end);
    let count = before((from + step).min(t.saturating_add(1))).saturating_sub(before(from));
    (count as u64 * 1_000_000 / step, step)
}

/// How long each bar of throughput is: 1, 2 or 5 times a power of ten.
fn bucket(window: &Window) -> u64 {
    let span = window.until.saturating_sub(window.from);
    round_up((span / BARS_MAX).max(1_000))
}

/// What is drawn, and where.
#[derive(Clone, Copy, Debug)]
pub struct Charts<'a> {
    /// The measures one by one, up to `t` at least.
    pub course: &'a Course,
    /// Their distributions at `t`, as the report has them.
    pub measures: &'a Measures,
    /// The replicas that were behind, at `t`.
    pub behind: &'a [Behind<'a>],
    /// Of which stretch of time, and how large.
    pub window: Window,
    /// The playhead.
    pub t: SimTime,
    /// The instant looked at.
    pub looked_at: Option<SimTime>,
    /// Room left of the axis, in pixels.
    pub left: f64,
}

impl Charts<'_> {
    /// Draws them.
    pub fn draw(&self, ink: &mut dyn Ink) {
        let Charts { window, t, looked_at, .. } = *self;
        let known = Charts { t: t.min(window.until), ..*self };
        let mut all = gathered(self.behind.iter());
        let more = all.len().saturating_sub(LANES_MAX);
        sort(&mut all, |a, b| (a.most_us, b.node) > (b.most_us, a.node));
        all.truncate(LANES_MAX);
        sort(&mut all, |a, b| a.node < b.node);
        let most = all.iter().map(|one| one.most_us).max().unwrap_or(0);
        let scale = round_up(most.max(1_000));
        let height = (window.height - BELOW.0 - BELOW.1) / all.len().max(1) as f64;
        for (row, one) in all.iter().enumerate() {
            let room = (row as f64 * height, height);
            known.lane(one, scale, room, if row + 1 == all.len() { more } else { 0 }, ink);
        }
        let below = window.height - BELOW.0 - BELOW.1;
        known.acknowledgements((below, BELOW.0), ink);
        known.throughput((below + BELOW.0, BELOW.1), ink);
        ink.stand(xy(0.0, 0.0), UPRIGHT, 1.0, 1.0);
        let line = |at: SimTime, width: f64| Rect {
            x: window.x(at) - width / 2.0,
            y: 0.0,
            w: width,
            h: window.height,
        };
        if window.holds(t) {
            ink.plate(line(t, 2.0), 0.0, Tone::Text);
        }
        if let Some(at) = looked_at.filter(|at| window.holds(*at)) {
            ink.plate(line(at, 1.0), 0.0, Tone::Neutral);
        }
    }

    /// A chart's title and its floor; gives the floor, and how high values may rise above it.
    fn frame(&self, title: &str, (top, height): (f64, f64), ink: &mut dyn Ink) -> (f64, f64) {
        let Charts { window, left, .. } = *self;
        let floor = top + height - 4.0;
        let from = window.x(window.from);
        ink.stand(xy(0.0, 0.0), UPRIGHT, 1.0, 1.0);
        let width = text_width(title, PX, "value");
        // Beside the axis where there is room, else above what is drawn.
        let (x, air) = match left > width + 12.0 {
            true => (from - 10.0 - width, 8.0),
            false => (4.0 - left.max(0.0), TITLE + 4.0),
        };
        ink.words(xy(x + width / 2.0, top + 9.0), PX, title, Tone::Text);
        ink.stand(xy(0.0, 0.0), UPRIGHT, 1.0, 0.35);
        let ends = [xy(from, floor), xy(window.x(window.until), floor)];
        ink.line(&ends, Tone::Neutral, 1.0, &[1.0, 6.0], 0.0);
        (floor, height - air)
    }

    fn lane(&self, one: &Behind, scale: u64, room: (f64, f64), more: usize, ink: &mut dyn Ink) {
        let window = &self.window;
        let more = match more {
            0 => String::new(),
            more => say::lanes_left_out(more),
        };
        let title = say::lag_up_to(one.node, us_text(scale), more);
        let (floor, height) = self.frame(&title, room, ink);
        let start = window.x(window.from);
        ink.stand(xy(0.0, 0.0), UPRIGHT, 1.0, 1.0);
        for (from, until) in &one.down {
            let x = |at: SimTime| window.edge(at.min(self.t));
            ink.line(
                &[xy(x(*from), floor), xy(x(*until), floor)],
                Tone::Lost,
                1.5,
                &[3.0, 5.0],
                0.0,
            );
        }
        let mut run = Vec::new();
        let tops = one.tops(window, self.t);
        for (column, top) in tops.iter().map(Some).chain([None]).enumerate() {
            if let Some(Some(us)) = top {
                let up = height * *us as f64 / scale as f64;
                run.push(xy(start + column as f64 * COLUMN, floor - up));
            } else if !run.is_empty() {
                ink.line(&run, Tone::Stale, 1.5, &[], 0.0);
                run.clear();
            }
        }
    }

    fn acknowledgements(&self, room: (f64, f64), ink: &mut dyn Ink) {
        let Charts { course, measures, window, t, .. } = *self;
        let acks = course.acked(window.from, t);
        let latency = &measures.write_latency_us;
        let (median, slow) = (latency.quantile(0.5), latency.quantile(0.99));
        let most = acks.iter().map(|(_, us)| *us).max().unwrap_or(0);
        let scale = round_up(most.max(slow).max(1_000));
        let title = match latency.count() {
            0 => say::NO_WRITE_TOLD_OK_YET.to_string(),
            _ => say::ack_up_to(us_text(scale), us_text(median), us_text(slow)),
        };
        let (floor, height) = self.frame(&title, room, ink);
        let y = |us: u64| floor - height * us.min(scale) as f64 / scale as f64;
        let (mut last, start) = ((-9.0, -9.0), window.x(window.from));
        for (at, us) in acks {
            let (x, y) = (window.x(*at), y(*us));
            // What would lie on its neighbour is not seen.
            if (x - last.0).abs() + (y - last.1).abs() >= 1.0 {
                ink.stand(xy(x, y), UPRIGHT, 1.0, 0.9);
                ink.fill(DOT, Tone::Ack);
                last = (x, y);
            }
        }
        if latency.count() > 0 {
            ink.stand(xy(0.0, 0.0), UPRIGHT, 1.0, 0.9);
            for (us, dash) in [(median, [6.0, 4.0]), (slow, [2.0, 4.0])] {
                let ends = [xy(start, y(us)), xy(window.edge(t), y(us))];
                ink.line(&ends, Tone::Text, 1.0, &dash, 0.0);
            }
        }
    }

    fn throughput(&self, room: (f64, f64), ink: &mut dyn Ink) {
        let Charts { course, window, t, .. } = *self;
        let step = bucket(&window);
        let first = window.from / step;
        let mut counts: Vec<u64> = vec![0; (t / step).saturating_sub(first) as usize + 1];
        for (at, _) in course.acked(window.from, t) {
            if let Some(count) = counts.get_mut((at / step - first) as usize) {
                *count += 1;
            }
        }
        let most = counts.iter().copied().max().unwrap_or(0) * 1_000_000 / step;
        let scale = round_up(most.max(1));
        let title = say::rate_up_to(scale);
        let (floor, height) = self.frame(&title, room, ink);
        ink.stand(xy(0.0, 0.0), UPRIGHT, 1.0, 0.9);
        for (number, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let from = (first + number as u64) * step;
            let (x, until) = (window.edge(from), window.edge((from + step).min(t)));
            let up = height * (*count * 1_000_000 / step) as f64 / scale as f64;
            let w = within(until - x - 1.0, 1.0, window.width);
            ink.plate(Rect { x, y: floor - up, w, h: up }, 0.0, Tone::Write);
        }
    }
}
