//! The draws of the scenario generator, and what is drawn the same way everywhere.

use crate::base::{Delay, Luck, NodeId, Probability, Purpose, Span, scaled};
use crate::policy::{Ack, Count, OnTimeout, Point, Preset, Visible, Whose};
use crate::sim::Bandwidth;

/// How long clients and faults go on.
pub const BUSY: Span = Span::s(4);

/// Draws in a row, each with a number of its own.
pub struct Dice {
    luck: Luck,
    nth: u64,
}

impl Dice {
    /// The draws of a seed from this number on.
    pub fn new(seed: u64, nth: u64) -> Dice {
        Dice { luck: Luck(seed), nth }
    }

    /// A number below `below`.
    pub fn roll(&mut self, below: u64) -> u64 {
        self.nth += 1;
        scaled(self.luck.draw(Purpose::Generator, 1, self.nth), below)
    }

    /// A number from `low` to `high`.
    pub fn range(&mut self, low: u64, high: u64) -> u64 {
        low + self.roll(high - low + 1)
    }

    /// True with this chance in a hundred.
    pub fn percent(&mut self, chance: u64) -> bool {
        self.roll(100) < chance
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len() as u64) as usize]
    }

    /// With this chance in a hundred, what `make` makes.
    pub fn maybe<T>(&mut self, chance: u64, make: impl FnOnce(&mut Dice) -> T) -> Option<T> {
        self.percent(chance).then(|| make(self))
    }

    /// One of the servers.
    pub fn node(&mut self, nodes: u16) -> NodeId {
        NodeId(self.roll(nodes.into()) as u16)
    }

    /// A time between two, in microseconds.
    pub fn span(&mut self, low_us: u64, high_us: u64) -> Span {
        Span(self.range(low_us, high_us))
    }

    /// A moment while clients and faults go on, a whole millisecond, so that some coincide.
    pub fn moment(&mut self) -> Span {
        Span::ms(self.roll(BUSY.0 / 1_000))
    }

    /// A delay of any kind.
    pub fn delay(&mut self, longest_us: u64) -> Delay {
        match self.roll(4) {
            0 => Delay::Constant(self.span(0, longest_us)),
            1 => {
                let min = self.span(0, longest_us / 2);
                Delay::Uniform { min, max: Span(min.0 + self.roll(longest_us / 2 + 1)) }
            }
            2 => Delay::Exponential { mean: self.span(1, longest_us / 3 + 1) },
            _ => {
                let mut table: Vec<Span> =
                    (0..self.range(2, 5)).map(|_| self.span(0, longest_us)).collect();
                table.sort_unstable();
                Delay::Quantiles(table)
            }
        }
    }

    /// A share of up to this many percent.
    pub fn share(&mut self, most: u64) -> Probability {
        Probability::percent(self.range(1, most) as u32)
    }

    /// A bandwidth.
    pub fn bandwidth(&mut self) -> Bandwidth {
        Bandwidth(Some(self.range(300_000, 10_000_000)))
    }

    /// An ack rule.
    pub fn ack(&mut self, nodes: u16) -> Ack {
        if self.percent(50) {
            return self.pick(&Preset::ALL).ack();
        }
        let replicas = u64::from(nodes.saturating_sub(1).max(1));
        let count = match self.roll(6) {
            0 => Count::None,
            1 => Count::Majority,
            2 => Count::All,
            _ => Count::Of(self.range(1, replicas) as u16),
        };
        Ack {
            count,
            point: self.pick(&Point::ALL),
            timeout: self.maybe(60, |dice| dice.span(20_000, 500_000)),
            on_timeout: self.pick(&[OnTimeout::Wait, OnTimeout::Async]),
            visible: self.pick(&Visible::ALL),
            from: self.pick(&[Whose::Any, Whose::Any, Whose::First]),
        }
    }
}
