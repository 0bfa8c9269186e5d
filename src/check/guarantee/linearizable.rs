//! Linearizability, key by key.
//!
//! A key is a register, and every value carries the write it came from: which read saw which write
//! is known. Then the question has an exact answer in O(n log n), by Gibbons and Korach ("Testing
//! shared memories", SIAM J. Comput. 26, 1997), and needs no search, no memo and no budget, as the
//! general question (Wing and Gong, Lowe) does. Keys are judged one by one, which is enough:
//! linearizability is local (Herlihy and Wing 1990).
//!
//! A write and the reads that saw it are a cluster. If one of its operations ends before another
//! begins, the register must have held the value throughout: a forward zone. Otherwise all overlap
//! and fit at one instant somewhere in between: a backward zone. A history is linearizable if no
//! read ends before its write begins, no two forward zones overlap, and no backward zone lies
//! inside a forward one.
//!
//! A write whose client was told nothing may take effect at any later instant, or never (I19). A
//! refused operation and a read without an answer have no effect. Operations that touch at one
//! microsecond overlap.

use crate::base::{ClientId, KeyId, Map, SimTime, Sorted, gathered, sort};
use crate::data::Gtid;
use crate::node::{Request, Told};
use crate::sim::{Ledger, Op, Outcome};

use super::Finding;

/// Longer than any run: when an operation ends whose end nobody learned.
const NEVER: SimTime = SimTime::MAX;

/// One end of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct End {
    at: SimTime,
    client: Option<ClientId>,
}

/// A write and the reads that saw it. Times are one microsecond later than in the run, so that
/// there is room for the initial value before the run.
#[derive(Clone, Copy, Debug)]
struct Cluster {
    /// None: the value before the first write.
    version: Option<Gtid>,
    written_from: Option<SimTime>,
    /// Whether anybody has seen the value, or was told that it is there.
    counts: bool,
    first_end: End,
    last_begin: End,
}

impl Cluster {
    fn new(version: Option<Gtid>) -> Cluster {
        let none = |at| End { at, client: None };
        let mut cluster = Cluster {
            version,
            written_from: None,
            counts: false,
            first_end: none(NEVER),
            last_begin: none(0),
        };
        if version.is_none() {
            (cluster.written_from, cluster.counts, cluster.first_end) = (Some(0), true, none(0));
        }
        cluster
    }

    fn take(&mut self, client: ClientId, begin: SimTime, end: SimTime) {
        let end_of = |at| End { at, client: Some(client) };
        self.first_end = self.first_end.min(end_of(end));
        self.last_begin = self.last_begin.max(end_of(begin));
    }

    /// Whether the register must have held the value for some time.
    fn is_forward(&self) -> bool {
        self.first_end.at < self.last_begin.at
    }

    fn name(&self) -> String {
        self.version.map_or("nothing".to_string(), |gtid| gtid.to_string())
    }
}

/// Everything that no order of the operations explains, in no particular order.
pub(super) fn violations(ledger: &Ledger) -> Vec<Finding> {
    let mut found = Vec::new();
    let clusters = clusters(ledger);
    let counting: Vec<_> = gathered(clusters.iter().filter(|(_, cluster)| cluster.counts));
    for of_key in counting.chunk_by(|((a, _), _), ((b, _), _)| a == b) {
        let ((key, _), _) = of_key[0];
        let clusters: Vec<&Cluster> = of_key.iter().map(|(_, cluster)| *cluster).collect();
        judge(*key, &clusters, &mut found);
    }
    found
}

/// By key and version.
type Clusters = Map<(KeyId, Option<Gtid>), Cluster>;

fn clusters(ledger: &Ledger) -> Clusters {
    let mut clusters = Clusters::default();
    // Counters, sets and texts are no registers: what a read saw has many writes in it.
    let mut amended = Sorted::default();
    for op in ledger.ops.iter() {
        if let Request::Write { key, change, .. } = &op.request
            && !change.is_whole()
        {
            amended.insert(*key);
        }
        let Some(end) = end(op) else { continue };
        clusters.or_insert((op.key(), None), Cluster::new(None));
        let cluster = clusters.or_insert((op.key(), op.gtid), Cluster::new(op.gtid));
        cluster.take(op.client, op.sent_at + 1, end);
        cluster.counts |= end < NEVER;
        if op.is_write() {
            cluster.written_from = Some(op.sent_at + 1);
        }
    }
    let registers = clusters.iter().filter(|((key, _), _)| !amended.contains(key));
    registers.map(|(key, cluster)| (*key, *cluster)).collect()
}

/// When an operation ended, `NEVER` if nobody knows; None if it had no effect.
fn end(op: &Op) -> Option<SimTime> {
    match (op.is_write(), op.outcome) {
        (true, Outcome::Told(Told::Ok | Told::OkDegraded, at)) => Some(at + 1),
        (true, Outcome::Told(Told::TimedOut, _) | Outcome::Pending) => op.gtid.map(|_| NEVER),
        (false, Outcome::Told(Told::Value, at)) => Some(at + 1),
        (_, Outcome::Told(..) | Outcome::Pending) => None,
    }
}

fn judge(key: KeyId, clusters: &[&Cluster], found: &mut Vec<Finding>) {
    for cluster in clusters {
        let (End { at: end, client }, version) = (cluster.first_end, cluster.name());
        let why = match cluster.written_from {
            Some(from) if end < from => format!("{version} was read before it was written"),
            Some(_) => continue,
            None => format!("{version} was read, and its write was refused"),
        };
        found.push(Finding { at: end - 1, client: client.unwrap_or_default(), key, why });
    }
    let (mut forward, backward): (Vec<&Cluster>, Vec<&Cluster>) =
        clusters.iter().partition(|cluster| cluster.is_forward());
    sort(&mut forward, |a, b| a.first_end < b.first_end);
    // Of the zones up to each one, the one that reaches furthest.
    let mut furthest: Vec<&Cluster> = Vec::with_capacity(forward.len());
    for cluster in &forward {
        match furthest.last() {
            Some(before) => {
                if cluster.first_end.at < before.last_begin.at {
                    found.push(inversion(key, before, cluster));
                }
                let reaches = before.last_begin.at >= cluster.last_begin.at;
                furthest.push(if reaches { before } else { cluster });
            }
            None => furthest.push(cluster),
        }
    }
    for cluster in backward {
        let before = forward.partition_point(|zone| zone.first_end.at < cluster.last_begin.at);
        let around = before.checked_sub(1).map(|at| furthest[at]);
        if let Some(around) = around.filter(|zone| cluster.first_end.at < zone.last_begin.at) {
            found.push(inversion(key, around, cluster));
        }
    }
}

/// The older value was seen again after another one had been there.
fn inversion(key: KeyId, around: &Cluster, within: &Cluster) -> Finding {
    let End { at, client } = around.last_begin;
    let (older, newer) = (around.name(), within.name());
    let (held, there) = (around.first_end.at.saturating_sub(1), within.first_end.at - 1);
    let why = format!(
        "a read sent at {} us returned {older}, which was there by {held} us, although {newer} had \
         come after it by {there} us",
        at - 1
    );
    Finding { at: at - 1, client: client.unwrap_or_default(), key, why }
}
