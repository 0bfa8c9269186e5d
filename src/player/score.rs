//! A run in a few whole numbers, all counted from the client's side: what two runs are compared by.

use crate::check::{Conflicts, Measures};
use crate::sim::World;
use crate::words::measure as say;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// Writes told ok.
    Acknowledged,
    /// Half of them were told within this many microseconds.
    AckMedian,
    /// 99 % of them were told within this many microseconds.
    AckTail,
    /// Reads answered with a value that had been superseded.
    Stale,
    /// Writes told ok that are gone.
    Lost,
    /// Writes that met a change that had not seen them.
    Conflicts,
    /// Messages between servers.
    Messages,
}

impl Figure {
    /// Every one, in the order in which they are shown.
    pub const ALL: [Figure; 7] = [
        Figure::Acknowledged,
        Figure::AckMedian,
        Figure::AckTail,
        Figure::Stale,
        Figure::Lost,
        Figure::Conflicts,
        Figure::Messages,
    ];

    /// Its name for scripts.
    pub fn id(self) -> &'static str {
        match self {
            Figure::Acknowledged => "writes_acknowledged",
            Figure::AckMedian => "ack_p50_us",
            Figure::AckTail => "ack_p99_us",
            Figure::Stale => "stale_reads",
            Figure::Lost => "lost_after_ack",
            Figure::Conflicts => "conflicts",
            Figure::Messages => "messages_between_servers",
        }
    }

    /// What it is, in a few words.
    pub fn name(self) -> &'static str {
        match self {
            Figure::Acknowledged => say::ACKNOWLEDGED,
            Figure::AckMedian => say::ACK_LATENCY_MEDIAN,
            Figure::AckTail => say::ACK_LATENCY_99,
            Figure::Stale => say::STALE_READS,
            Figure::Lost => say::LOST_AFTER_ACK,
            Figure::Conflicts => say::CONFLICTS,
            Figure::Messages => say::MESSAGES_BETWEEN_NODES,
        }
    }

    /// Whether it is a time, in microseconds.
    pub fn is_time(self) -> bool {
        matches!(self, Figure::AckMedian | Figure::AckTail)
    }

    /// Whether more of it is better.
    pub fn more_is_better(self) -> bool {
        self == Figure::Acknowledged
    }
}

/// The figures of one run up to an instant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    figures: [u64; Figure::ALL.len()],
    /// Reads answered: what the stale ones are a share of.
    pub reads: u64,
}

impl Score {
    /// Of a run, by its measures and its world at the same instant.
    pub fn of(measures: &Measures, world: &World) -> Score {
        let acks = &measures.write_latency_us;
        let links = world.network.links();
        let between =
            links.filter(|(from, link)| from.node().is_some() && link.to.node().is_some());
        let messages = between.map(|(_, link)| u64::from(link.sent)).sum();
        let figure = |figure| match figure {
            Figure::Acknowledged => acks.count(),
            Figure::AckMedian => acks.quantile(0.5),
            Figure::AckTail => acks.quantile(0.99),
            Figure::Stale => measures.told_stale,
            Figure::Lost => measures.lost,
            Figure::Conflicts => Conflicts::of(world).found,
            Figure::Messages => messages,
        };
        Score { figures: Figure::ALL.map(figure), reads: measures.read_latency_us.count() }
    }

    /// One of them; None for the latency of what was never told ok.
    pub fn get(&self, figure: Figure) -> Option<u64> {
        let none = figure.is_time() && self.figures[Figure::Acknowledged as usize] == 0;
        (!none).then_some(self.figures[figure as usize])
    }

    /// How much more of it there is than in another run; None if either has none.
    pub fn more_than(&self, other: &Score, figure: Figure) -> Option<i64> {
        Some(self.get(figure)? as i64 - other.get(figure)? as i64)
    }
}
