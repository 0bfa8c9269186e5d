//! What clients may rely on: the session guarantees of Terry et al. (1994) and linearizability,
//! judged after the fact from the ledger and the trace. A run that nobody asks about pays nothing.

mod linearizable;
#[cfg(test)]
mod linearizable_test;
mod session;

use crate::base::{ClientId, KeyId, SimTime, gathered, sort};
use crate::form::{Form, ToForm};
use crate::recording::Recording;
use crate::sim::World;

use session::Sessions;

/// Violations of one guarantee that are told one by one; all are counted.
pub const BREACHES_TOLD: usize = 20;

/// What was found of a guarantee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing contradicts it.
    Holds,
    /// It was violated.
    Broken,
    /// Nothing contradicts it so far, but a limit cut the run short.
    Unknown,
}

impl ToForm for Verdict {
    fn to_form(&self) -> Form {
        match self {
            Verdict::Holds => Form::Bool(true),
            Verdict::Broken => Form::Bool(false),
            Verdict::Unknown => Form::from("unknown"),
        }
    }
}

/// One guarantee of a run.
#[derive(Clone, Debug)]
pub struct Guarantee {
    /// Whether it held.
    pub holds: Verdict,
    /// How often it was violated.
    pub count: u64,
    /// The first violations, in order of time.
    pub violations: Vec<Breach>,
}

/// One violation of a guarantee.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Breach {
    /// When.
    pub at_us: SimTime,
    /// Whose session, or who saw it.
    pub client: String,
    /// Which key.
    pub key: String,
    /// What was seen, and what rules it out.
    pub why: String,
}

/// Every guarantee of a run.
#[derive(Clone, Debug)]
pub struct Guarantees {
    /// Each key behaves as if there were one copy of it.
    pub linearizable: Guarantee,
    /// A client sees its own acknowledged writes.
    pub read_your_writes: Guarantee,
    /// A client never sees less than it has seen.
    pub monotonic_reads: Guarantee,
    /// A client's writes are applied everywhere in its order.
    pub monotonic_writes: Guarantee,
    /// What a client had read when it wrote is applied everywhere before what it wrote.
    pub writes_follow_reads: Guarantee,
    /// All four of these, which is causal consistency (Brzezinski, Sobaniec, Wawrzyniak 2004).
    pub causal: Guarantee,
}

impl Guarantees {
    /// Their names, in the order of `all`.
    pub const NAMES: [&str; 6] = [
        "linearizable",
        "read_your_writes",
        "monotonic_reads",
        "monotonic_writes",
        "writes_follow_reads",
        "causal",
    ];

    /// Each with its name.
    pub fn all(&self) -> [(&'static str, &Guarantee); 6] {
        let [a, b, c, d, e, f] = Self::NAMES;
        [
            (a, &self.linearizable),
            (b, &self.read_your_writes),
            (c, &self.monotonic_reads),
            (d, &self.monotonic_writes),
            (e, &self.writes_follow_reads),
            (f, &self.causal),
        ]
    }
}

impl ToForm for Guarantees {
    fn to_form(&self) -> Form {
        let all = self.all();
        Form::table(&all.map(|(name, guarantee)| (name, guarantee as &dyn ToForm)))
    }
}

impl ToForm for Guarantee {
    fn to_form(&self) -> Form {
        Form::table(&[
            ("holds", &self.holds),
            ("count", &self.count),
            ("violations", &self.violations),
        ])
    }
}

impl ToForm for Breach {
    fn to_form(&self) -> Form {
        Form::table(&[
            ("at_us", &self.at_us),
            ("client", &self.client),
            ("key", &self.key),
            ("why", &self.why),
        ])
    }
}

/// A violation before names are put to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    at: SimTime,
    client: ClientId,
    key: KeyId,
    why: String,
}

/// Violations of one guarantee: all counted, the first ones kept.
#[derive(Clone, Debug, Default)]
struct Found {
    count: u64,
    first: Vec<Finding>,
}

impl Found {
    /// Counts one; `why` is asked for only if it is kept.
    fn add(&mut self, at: SimTime, client: ClientId, key: KeyId, why: impl FnOnce() -> String) {
        self.count += 1;
        if self.first.len() < BREACHES_TOLD {
            self.first.push(Finding { at, client, key, why: why() });
        }
    }

    fn of(mut all: Vec<Finding>) -> Found {
        sort(&mut all, |a, b| a < b);
        let count = all.len() as u64;
        all.truncate(BREACHES_TOLD);
        Found { count, first: all }
    }

    fn guarantee(self, world: &World) -> Guarantee {
        let holds = match (self.count, world.limit) {
            (0, None) => Verdict::Holds,
            (0, Some(_)) => Verdict::Unknown,
            _ => Verdict::Broken,
        };
        let breach = |finding: Finding| Breach {
            at_us: finding.at,
            client: world.clients[finding.client.index()].name.to_string(),
            key: world.names.text(finding.key).to_string(),
            why: finding.why,
        };
        let violations = gathered(self.first.into_iter().map(breach));
        Guarantee { holds, count: self.count, violations }
    }
}

/// Judges everything known of a run.
pub fn guarantees(recording: &Recording) -> Guarantees {
    let world = recording.head();
    let sessions = Sessions::of(recording);
    let four = [
        &sessions.read_your_writes,
        &sessions.monotonic_reads,
        &sessions.monotonic_writes,
        &sessions.writes_follow_reads,
    ];
    let mut causal = Found::of(gathered(four.iter().flat_map(|found| found.first.clone())));
    causal.count = four.iter().map(|found| found.count).sum();
    Guarantees {
        linearizable: Found::of(linearizable::violations(&world.ledger)).guarantee(world),
        causal: causal.guarantee(world),
        read_your_writes: sessions.read_your_writes.guarantee(world),
        monotonic_reads: sessions.monotonic_reads.guarantee(world),
        monotonic_writes: sessions.monotonic_writes.guarantee(world),
        writes_follow_reads: sessions.writes_follow_reads.guarantee(world),
    }
}
