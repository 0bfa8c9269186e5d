//! Operations in numbers: when the next one comes, what it does, and to which key.

use std::rc::Rc;

use crate::base::{ClientId, Delay, KeyId, Luck, Probability, Purpose, SimTime, Span};

use super::scenario::{Arrivals, Skew, WorkloadSpec};

/// A workload in the world: its plan, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Workload {
    /// Whose.
    pub client: ClientId,
    /// The keys it may touch.
    pub keys: Rc<[KeyId]>,
    /// How many operations it has sent.
    pub sent: u32,
    /// Last moment; None: it goes on for as long as the run does.
    pub until: Option<SimTime>,
    /// When the latest operation was due, in nanoseconds, so that rounding does not bend the rate.
    due_ns: u64,
    plan: Rc<Plan>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Plan {
    from: SimTime,
    rate_per_s: u64,
    gap_ns: Delay,
    arrivals: Arrivals,
    reads: Probability,
    /// Sums of the keys' weights up to each key; empty when every key weighs the same.
    weights: Vec<u64>,
}

impl Workload {
    /// A workload that has sent nothing yet.
    pub fn new(client: ClientId, keys: Rc<[KeyId]>, spec: &WorkloadSpec) -> Workload {
        let together = match spec.arrivals {
            Arrivals::Poisson | Arrivals::Steady => 1,
            Arrivals::Bursts => u64::from(Arrivals::BURST),
        };
        let plan = Plan {
            from: spec.from.0,
            rate_per_s: spec.rate.0,
            gap_ns: Delay::Exponential { mean: Span(together * 1_000_000_000 / spec.rate.0) },
            arrivals: spec.arrivals,
            reads: spec.reads,
            weights: match spec.skew {
                Skew::Uniform => Vec::new(),
                Skew::Zipf => zipf_weights(spec.keys),
            },
        };
        Workload {
            client,
            keys,
            sent: 0,
            until: spec.until.map(|until| until.0),
            due_ns: spec.from.0 * 1_000,
            plan: Rc::new(plan),
        }
    }

    /// Moves on to the next operation and says when it is due; None after the last moment.
    pub fn advance(&mut self, luck: Luck, subject: u32) -> Option<SimTime> {
        let plan = &self.plan;
        let gap = || {
            let draw = luck.draw(Purpose::Arrival, subject.into(), self.sent.into());
            plan.gap_ns.sample(draw)
        };
        self.due_ns = match plan.arrivals {
            Arrivals::Poisson => self.due_ns + gap(),
            Arrivals::Steady => {
                plan.from * 1_000 + u64::from(self.sent) * 1_000_000_000 / plan.rate_per_s
            }
            Arrivals::Bursts if self.sent.is_multiple_of(Arrivals::BURST) => self.due_ns + gap(),
            Arrivals::Bursts => self.due_ns,
        };
        Some(self.due_ns / 1_000).filter(|at| self.until.is_none_or(|until| *at <= until))
    }

    /// Whether the next operation reads, and which key it touches.
    pub fn choose(&self, luck: Luck, subject: u32) -> (bool, KeyId) {
        let draw = |purpose| luck.draw(purpose, subject.into(), self.sent.into());
        let reads = self.plan.reads.happens(draw(Purpose::ReadOrWrite));
        let total = self.plan.weights.last().copied().unwrap_or(self.keys.len() as u64);
        let point = crate::base::scaled(draw(Purpose::Key), total);
        let at = match self.plan.weights.as_slice() {
            [] => point as usize,
            weights => weights.partition_point(|sum| *sum <= point),
        };
        (reads, self.keys[at])
    }
}

/// Integer weights 2^40 / k, summed, so that both targets choose the same keys.
fn zipf_weights(keys: u32) -> Vec<u64> {
    let weights = (1..=u64::from(keys)).map(|k| (1u64 << 40) / k);
    weights
        .scan(0, |sum, weight| {
            *sum += weight;
            Some(*sum)
        })
        .collect()
}
