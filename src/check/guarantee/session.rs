//! Read your writes, monotonic reads, monotonic writes, writes follow reads (Terry et al. 1994),
//! from the inside: the trace says what each server's rows contained when it answered and when it
//! applied (SEMANTICS D.1).
//!
//! A session is a client. Clients send without waiting, so one operation comes before another only
//! if its client had been told its end when it sent the other. What nobody was told binds nobody.
//! Reads are judged by key: what a server lacks of other keys cannot be seen in its answer.
//!
//! Of what came before, only the latest is kept: an operation stands for those it came after, and
//! was itself held against them.

use crate::base::{ClientId, KeyId, Map, NodeId, OpId, SimTime};
use crate::data::{Gtid, GtidSet};
use crate::node::{Fact, Told};
use crate::recording::Recording;
use crate::sim::{Ledger, Outcome, Record};

use super::Found;

/// What a client has been told so far.
#[derive(Default)]
struct Session {
    written: Map<KeyId, Vec<Gtid>>,
    read: Map<KeyId, Vec<Gtid>>,
    /// Acknowledged, and not yet carried by a later acknowledged write.
    latest_writes: Vec<Gtid>,
    /// Seen, and not yet carried by a later acknowledged write; the latest of each key.
    latest_reads: Map<KeyId, Gtid>,
}

/// What came before an operation in its session.
#[derive(Default)]
struct Before {
    /// A read: writes of the key. A write: the session's latest ones.
    writes: Vec<Gtid>,
    /// A read: versions of the key seen. A write: the latest versions seen of any key.
    reads: Vec<Gtid>,
    /// What it stands for from its end on. A read: of the versions seen of the key, those its
    /// server had. A write: the client's writes of the key.
    covered: Vec<Gtid>,
}

/// The judge.
pub(super) struct Sessions<'a> {
    ledger: &'a Ledger,
    proper: bool,
    sessions: Vec<Session>,
    /// What came before each operation under way, in the order of issue.
    asked: Vec<(OpId, Before)>,
    /// What came before each write that has a name.
    named: Map<Gtid, (OpId, Before)>,
    /// What each server's rows contain.
    rows: Vec<GtidSet>,
    pub(super) read_your_writes: Found,
    pub(super) monotonic_reads: Found,
    pub(super) monotonic_writes: Found,
    pub(super) writes_follow_reads: Found,
}

impl<'a> Sessions<'a> {
    /// Judges everything known of a run.
    pub(super) fn of(recording: &'a Recording) -> Sessions<'a> {
        let world = recording.head();
        let mut judge = Sessions {
            ledger: &world.ledger,
            proper: world.topology.is_proper(),
            sessions: world.clients.iter().map(|_| Session::default()).collect(),
            asked: Vec::new(),
            named: Map::default(),
            rows: world.nodes.iter().map(|_| GtidSet::default()).collect(),
            read_your_writes: Found::default(),
            monotonic_reads: Found::default(),
            monotonic_writes: Found::default(),
            writes_follow_reads: Found::default(),
        };
        // Only a copy's content does not stand in the trace; it is looked up where it was made.
        let mut past: Option<Recording> = None;
        for (number, record) in recording.trace().since(0) {
            if let (Fact::Seeded { .. }, Some(node)) = (record.fact, record.place.node()) {
                let past = past.get_or_insert_with(|| recording.clone());
                let rows = past.at(record.at).nodes[node.index()].disk.applied.clone();
                judge.rows[node.index()] = without_later(recording, number, &record, rows);
            } else {
                judge.take(&record);
            }
        }
        judge
    }

    fn take(&mut self, record: &Record) {
        let Record { at, place, fact, .. } = *record;
        match (fact, place.node()) {
            (Fact::Sent { op, .. }, _) => self.sent(op),
            (Fact::Told { op, told }, _) => self.told(at, op, told),
            (Fact::Served { op, version, .. }, Some(node)) => self.served(at, node, op, version),
            (Fact::Written { op, gtid, .. }, _) => {
                if let Ok(at) = self.asked(op) {
                    let before = std::mem::take(&mut self.asked[at].1);
                    self.named.or_insert(gtid, (op, before));
                }
                // In a proper chain it is in its head's rows at once.
                if let Some(node) = place.node().filter(|_| self.proper) {
                    self.applied(at, node, gtid);
                }
            }
            (Fact::Applied { gtid, .. }, Some(node)) | (Fact::Recovered(gtid), Some(node)) => {
                self.applied(at, node, gtid)
            }
            // A proper chain's tail has applied it before it answers.
            (Fact::Committed { gtid, .. }, Some(node)) if gtid.origin == node && !self.proper => {
                self.applied(at, node, gtid);
            }
            (Fact::Shown(gtid), Some(node)) => self.applied(at, node, gtid),
            _ => {}
        }
    }

    /// Where an operation stands among those under way, or would.
    fn asked(&self, op: OpId) -> Result<usize, usize> {
        self.asked.binary_search_by_key(&op, |(asked, _)| *asked)
    }

    fn client_and_key(&self, op: OpId) -> Option<(ClientId, KeyId)> {
        self.ledger.op(op).map(|booked| (booked.client, booked.key()))
    }

    fn sent(&mut self, op: OpId) {
        let Some(booked) = self.ledger.op(op) else { return };
        let session = &self.sessions[booked.client.index()];
        let of_key =
            |all: &Map<KeyId, Vec<Gtid>>| all.get(&booked.key()).cloned().unwrap_or_default();
        let before = if booked.is_write() {
            let reads = session.latest_reads.values().copied().collect();
            let covered = of_key(&session.written);
            Before { writes: session.latest_writes.clone(), reads, covered }
        } else {
            let (writes, reads) = (of_key(&session.written), of_key(&session.read));
            Before { writes, reads, covered: Vec::new() }
        };
        if let Err(at) = self.asked(op) {
            self.asked.insert(at, (op, before));
        }
    }

    /// A server answers a read from the rows it has.
    fn served(&mut self, at: SimTime, node: NodeId, op: OpId, version: Option<Gtid>) {
        let Some((client, key)) = self.client_and_key(op) else { return };
        let rows = &self.rows[node.index()];
        // A snapshot shows of these what was committed by then.
        let snapshot = self.ledger.op(op).and_then(|booked| booked.stamp);
        let (ledger, named) = (self.ledger, &self.named);
        let stamp = |gtid: &Gtid| ledger.op(named.get(gtid)?.0)?.stamp;
        let shows = |gtid: &Gtid| {
            rows.contains(*gtid) && snapshot.is_none_or(|snapshot| stamp(gtid) <= Some(snapshot))
        };
        let Ok(asked) = self.asked(op) else { return };
        let (_, before) = &mut self.asked[asked];
        let returned = || version.map_or("nothing".to_string(), |gtid| gtid.to_string());
        if let Some(lacks) = before.writes.iter().find(|gtid| !shows(gtid)) {
            self.read_your_writes.add(at, client, key, || {
                format!("{node} returned {} and did not have the client's own {lacks}", returned())
            });
        }
        if let Some(lacks) = before.reads.iter().find(|gtid| !shows(gtid)) {
            self.monotonic_reads.add(at, client, key, || {
                format!("{node} returned {} and did not have {lacks}, read before", returned())
            });
        }
        let read = self.sessions[client.index()].read.get(&key);
        before.covered = read.into_iter().flatten().copied().collect();
        before.covered.retain(shows);
    }

    /// A client learns how an operation ended, if it had not given up on it.
    fn told(&mut self, at: SimTime, op: OpId, told: Told) {
        let Some(booked) = self.ledger.op(op) else { return };
        let asked = self.asked(op).ok().map(|at| self.asked.remove(at).1);
        if booked.outcome != Outcome::Told(told, at) {
            return;
        }
        let (Some(gtid), key) = (booked.gtid, booked.key()) else { return };
        let session = &mut self.sessions[booked.client.index()];
        match told {
            Told::Ok | Told::OkDegraded => {
                let Some((_, before)) = self.named.get(&gtid) else { return };
                session.latest_writes.retain(|write| !before.writes.contains(write));
                let left = session.latest_reads.iter().map(|(key, read)| (*key, *read));
                session.latest_reads =
                    left.filter(|(_, read)| !before.reads.contains(read)).collect();
                session.latest_writes.push(gtid);
                let written = session.written.or_insert(key, Vec::new());
                written.retain(|write| !before.covered.contains(write));
                written.push(gtid);
            }
            Told::Value => {
                let covered = asked.map(|asked| asked.covered).unwrap_or_default();
                let read = session.read.or_insert(key, Vec::new());
                read.retain(|seen| *seen != gtid && !covered.contains(seen));
                read.push(gtid);
                *session.latest_reads.or_insert(key, gtid) = gtid;
            }
            Told::Refused(_) | Told::TimedOut => {}
        }
    }

    /// A server's rows get an entry: what came before it must be there.
    fn applied(&mut self, at: SimTime, node: NodeId, gtid: Gtid) {
        let rows = &mut self.rows[node.index()];
        if rows.contains(gtid) {
            // It was shown before it was committed.
            return;
        }
        if let Some((op, before)) = self.named.get(&gtid)
            && let Some(booked) = self.ledger.op(*op)
        {
            let (client, key) = (booked.client, booked.key());
            if let Some(lacks) = before.writes.iter().find(|write| !rows.contains(**write)) {
                self.monotonic_writes.add(at, client, key, || {
                    format!("{node} applied {gtid} and did not have {lacks}, written before it")
                });
            }
            let lacks = |read: &&Gtid| **read != gtid && !rows.contains(**read);
            if let Some(lacks) = before.reads.iter().find(lacks) {
                self.writes_follow_reads.add(at, client, key, || {
                    format!("{node} applied {gtid} and did not have {lacks}, read before it")
                });
            }
        }
        rows.insert(gtid);
    }
}

/// A server's rows at the end of an instant, less what it applied in it after this record.
fn without_later(recording: &Recording, number: u32, record: &Record, rows: GtidSet) -> GtidSet {
    let later: GtidSet = recording
        .trace()
        .since(number + 1)
        .take_while(|(_, later)| later.at == record.at)
        .filter(|(_, later)| later.place == record.place)
        .filter_map(|(_, later)| match later.fact {
            Fact::Applied { gtid, .. } | Fact::Committed { gtid, .. } | Fact::Shown(gtid) => {
                Some(gtid)
            }
            _ => None,
        })
        .collect();
    if later.is_empty() {
        return rows;
    }
    rows.difference(&later).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::generator::generate;

    #[test]
    fn what_rows_contain_is_what_the_trace_says_they_do() {
        let mut copies = 0;
        for seed in 0..300 {
            let mut recording = Recording::new(generate(seed));
            recording.finish();
            let judge = Sessions::of(&recording);
            for (node, rows) in recording.head().nodes.iter().zip(&judge.rows) {
                assert_eq!(&node.disk.applied, rows, "{} of seed {seed}", node.id);
            }
            let seeded = |record: &Record| matches!(record.fact, Fact::Seeded { .. });
            copies += recording.trace().since(0).filter(|(_, record)| seeded(record)).count();
        }
        assert!(copies > 100, "{copies} copies show little");
    }
}
