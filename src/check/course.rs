//! How the measures of a run came about, one by one and in order, so that they can be drawn over
//! time: each is the very number that the report counts.

use crate::base::{NodeId, SimTime};
use crate::node::Fact;
use crate::recording::Trace;
use crate::sim::Ledger;

use super::measures::{Measures, Sample};

/// Every measure that has an instant, up to some instant. What lies before another instant is what
/// was known then.
#[derive(Clone, Debug)]
pub struct Course {
    measures: Measures,
    /// When a write was told ok, and how long that had taken.
    pub acks: Vec<(SimTime, u64)>,
    /// Per server, n1 first: the entries that it applied, in order.
    pub applied: Vec<Vec<Step>>,
    /// Per server: from when to when it was down; to the end of time if it still is.
    pub down: Vec<Vec<(SimTime, SimTime)>>,
}

/// A server applied an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub at: SimTime,
    /// When the entry was written at its origin.
    pub written_at: SimTime,
    /// The most that any took from there to here until now.
    pub most_us: u64,
}

impl Step {
    /// How long the entry took from its origin to here.
    pub fn us(&self) -> u64 {
        self.at.saturating_sub(self.written_at)
    }
}

impl Course {
    /// Of a run that has not begun.
    pub fn new() -> Course {
        Course {
            measures: Measures::new(0),
            acks: Vec::new(),
            applied: Vec::new(),
            down: Vec::new(),
        }
    }

    /// Takes in everything up to and including `t`. The ledger may be of any later instant.
    pub fn follow(&mut self, trace: &Trace, ledger: &Ledger, nodes: usize, t: SimTime) {
        let Course { measures, acks, applied, down } = self;
        measures.reach(nodes);
        applied.resize(nodes.max(applied.len()), Vec::new());
        down.resize(nodes.max(down.len()), Vec::new());
        measures.follow_each(trace, ledger, t, &mut |record, sample| {
            let node = record.place.node().map(NodeId::index);
            match (sample, node) {
                (Some(Sample::Acked(us)), _) => acks.push((record.at, us)),
                (Some(Sample::Applied { written_at }), Some(node)) => {
                    let most_us = applied[node].last().map_or(0, |last| last.most_us);
                    let step = Step { at: record.at, written_at, most_us };
                    applied[node].push(Step { most_us: most_us.max(step.us()), ..step });
                }
                (_, Some(node)) if record.fact == Fact::Crashed => {
                    down[node].push((record.at, SimTime::MAX));
                }
                (_, Some(node)) if record.fact == Fact::Restarted => {
                    if let Some(last) = down[node].last_mut() {
                        last.1 = record.at;
                    }
                }
                (_, _) => {}
            }
        });
    }

    /// The writes told ok after `from`, up to and including `until`.
    pub fn acked(&self, from: SimTime, until: SimTime) -> &[(SimTime, u64)] {
        let place = |t: SimTime| self.acks.partition_point(|(at, _)| *at <= t);
        &self.acks[place(from).min(place(until))..place(until)]
    }
}

impl Default for Course {
    fn default() -> Course {
        Course::new()
    }
}
