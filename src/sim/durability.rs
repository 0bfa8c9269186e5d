//! How safe each write is at one instant: the ledger of durability, judged from the world alone.
//!
//! The rule: an acknowledged write is durable while at least two servers that run have it on disk.
//! Whichever one of them crashes then, another has it; logs of one history are prefixes of each
//! other, so the most advanced of the rest has it too, and promoting that one cannot lose it. With
//! one such server or none the write is at risk. Which links are cut is left out of account.

use crate::data::GtidSet;
use crate::form::{Entry, Form};
use crate::node::{Status, Told};

use super::ledger::{Op, Outcome};
use super::world::World;

/// How a write stands. Every write is exactly one of these at every instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Durability {
    /// Acknowledged, and on the disks of two servers that run.
    Durable,
    /// Acknowledged, and one crash can lose it.
    AtRisk,
    /// Acknowledged, and absent from the surviving history.
    Lost,
    /// Lost once, and in the surviving history again.
    Resurrected,
    /// Its client waits.
    Pending,
    /// Its client was told nothing and gave up: it may be there or not, and both are right.
    Indeterminate,
    /// Its client was told no.
    Refused,
}

impl Durability {
    /// Every one.
    pub const ALL: [Durability; 7] = [
        Durability::Durable,
        Durability::AtRisk,
        Durability::Lost,
        Durability::Resurrected,
        Durability::Pending,
        Durability::Indeterminate,
        Durability::Refused,
    ];

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Durability::Durable => "durable",
            Durability::AtRisk => "at_risk",
            Durability::Lost => "lost",
            Durability::Resurrected => "resurrected",
            Durability::Pending => "pending",
            Durability::Indeterminate => "indeterminate",
            Durability::Refused => "refused",
        }
    }

    /// What it means, in one sentence.
    pub fn summary(self) -> &'static str {
        match self {
            Durability::Durable => "Acknowledged, and on two disks: no single crash loses it.",
            Durability::AtRisk => "Acknowledged, and one crash can lose it.",
            Durability::Lost => "Acknowledged, and gone.",
            Durability::Resurrected => "Was lost, and is back.",
            Durability::Pending => "Its client waits.",
            Durability::Indeterminate => "Nobody was told: it may be there or not.",
            Durability::Refused => "Its client was told no.",
        }
    }
}

/// How many writes stand how, in the order of `Durability::ALL`.
pub type Standings = [u64; 7];

/// The same as a table with names.
pub fn standings_form(standings: &Standings) -> Form {
    let counts = Durability::ALL.iter().zip(standings);
    Form::Table(counts.map(|(kind, count)| Entry::new(kind.name(), (*count).into())).collect())
}

/// Judges the writes of one world.
#[derive(Clone, Debug)]
pub struct Judge<'a> {
    world: &'a World,
    surviving: Option<GtidSet>,
}

impl Judge<'_> {
    /// For the writes of this world.
    pub fn new(world: &World) -> Judge<'_> {
        Judge { world, surviving: world.surviving() }
    }

    /// How an operation stands, which must be a write.
    pub fn judge(&self, op: &Op) -> Durability {
        match op.outcome {
            Outcome::Pending => Durability::Pending,
            Outcome::Told(Told::TimedOut, _) => Durability::Indeterminate,
            Outcome::Told(Told::Refused(_), _) => Durability::Refused,
            Outcome::Told(Told::Ok | Told::OkDegraded | Told::Value, _) => self.acknowledged(op),
        }
    }

    fn acknowledged(&self, op: &Op) -> Durability {
        let Some(gtid) = op.gtid else {
            return Durability::Lost;
        };
        if op.lost {
            let back = self.surviving.as_ref().is_some_and(|all| all.contains(gtid));
            return if back { Durability::Resurrected } else { Durability::Lost };
        }
        let disks = || self.world.nodes.iter().filter(|node| node.disk.log.gtids().contains(gtid));
        match disks().filter(|node| node.status == Status::Up).take(2).count() {
            2 => Durability::Durable,
            _ if disks().next().is_some() => Durability::AtRisk,
            _ => Durability::Lost,
        }
    }

    /// How many writes stand how.
    pub fn count(&self) -> Standings {
        let mut counts = [0; 7];
        for op in self.world.ledger.ops.iter().filter(|op| op.is_write()) {
            counts[self.judge(op) as usize] += 1;
        }
        counts
    }
}
