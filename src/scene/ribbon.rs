//! Links on which more passes than an eye can follow: a band as wide as the logarithm of what
//! passes, its number beside it. The numbers change four times a second of wall time.

use std::rc::Rc;

use crate::base::{Map, Place as Spot, SimTime, gathered};
use crate::node::Fact;
use crate::recording::Trace;
use crate::sim::{Record, World};

use super::frame::Look;
use super::route::Route;
use super::wires::Ways;

/// Wall time between two counts, in seconds.
const COUNT_S: f64 = 0.25;
/// Counts that a rate is taken over.
const COUNTS: u64 = 4;
/// The most records counted.
const LOOK_MAX: u32 = 16_384;
/// On-screen time of a hop below which it is a ribbon, in seconds.
const HOP_S: f64 = 0.06;
/// How fast dashes move, in pixels a second of wall time.
const DASH_SPEED: f64 = 24.0;

/// A band of what passes on one direction of a link.
#[derive(Clone, Debug)]
pub struct Ribbon {
    /// Its way.
    pub route: Rc<Route>,
    /// Messages a second of simulated time.
    pub rate: f64,
    /// Width in pixels.
    pub width: f64,
    /// Whether it carries answers.
    pub answers: bool,
    /// Whether one of its ends is a client.
    pub client: bool,
}

/// The ribbons of a stretch of time, kept until the next stretch is counted.
#[derive(Clone, Debug, Default)]
pub struct Ribbons {
    all: Rc<Vec<Ribbon>>,
    /// What they were counted from: nothing else changes them.
    of: Option<(SimTime, f64, bool, u32, Option<Record>)>,
}

impl Ribbons {
    /// The ribbons at `t`; in a crowd of everything that passes, however slowly.
    pub fn at(
        &mut self,
        world: &World,
        trace: &Trace,
        ways: &Ways,
        t: SimTime,
        (look, crowd): (&Look, bool),
    ) -> Rc<Vec<Ribbon>> {
        let step = ((COUNT_S * look.us_per_s) as u64).max(1);
        let until = t / step * step;
        let last = trace.first_at(until);
        let newest = last.checked_sub(1).and_then(|number| trace.get(number));
        let of = Some((until, look.us_per_s, crowd, last, newest));
        if self.of != of {
            self.of = of;
            let hop_us = if crowd { f64::INFINITY } else { HOP_S * look.us_per_s };
            self.all = Rc::new(counted(world, trace, ways, (until, step), hop_us));
        }
        Rc::clone(&self.all)
    }
}

/// How far dashes have moved at `t`, in pixels.
pub fn phase(t: SimTime, look: &Look) -> f64 {
    t as f64 / look.us_per_s * DASH_SPEED
}

fn counted(
    world: &World,
    trace: &Trace,
    ways: &Ways,
    (until, step): (SimTime, u64),
    hop_us: f64,
) -> Vec<Ribbon> {
    let since = until.saturating_sub(step * COUNTS);
    if until == since {
        return Vec::new();
    }
    let last = trace.first_at(until);
    let first = trace.first_at(since).max(last.saturating_sub(LOOK_MAX));
    let counted_from = trace.get(first).map_or(since, |record| record.at.max(since));
    let mut counts: Map<(Spot, Spot), u32> = Map::default();
    let records = trace.since(first).take_while(|(number, _)| *number < last);
    for (_, record) in records {
        let hop = (record.at - record.sent_at) as f64;
        let idle = matches!(record.fact, Fact::Heartbeat(_) | Fact::Status(_) | Fact::Lost { .. });
        if record.is_arrival() && hop < hop_us && !idle {
            *counts.or_insert((record.from, record.place), 0) += 1;
        }
    }
    let seconds = until.saturating_sub(counted_from).max(step) as f64 / 1e6;
    let ribbon = |((from, to), count): (&(Spot, Spot), &u32)| {
        let (from, to) = (*from, *to);
        let rate = f64::from(*count) / seconds;
        let answers = to.client().is_some()
            || from.node().zip(to.node()).is_some_and(|(from, to)| {
                world.topology.downstream(to).any(|follower| follower == from)
                    && !world.topology.downstream(from).any(|follower| follower == to)
            });
        Some(Ribbon {
            route: ways.route(from, to)?,
            rate,
            width: 1.5 + (libm::log(1.0 + rate) / std::f64::consts::LN_2).min(10.0),
            answers,
            client: from.client().or(to.client()).is_some(),
        })
    };
    gathered(counts.iter().filter_map(ribbon))
}
