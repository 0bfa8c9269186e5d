//! Numbers from the trace: a fold over what happened, and over nothing else.

use crate::base::{OpId, SimTime};
use crate::data::Gtid;
use crate::node::{Fact, Told};
use crate::recording::Trace;
use crate::sim::{Ledger, Outcome, Record};

use super::histogram::Distribution;

/// Significant digits of latencies: percentiles within 0.1 %.
const DIGITS: u8 = 3;
/// Significant digits of each server's lag: within 1 %, since there may be a thousand servers.
const NODE_DIGITS: u8 = 2;

/// How far one server was behind, entry by entry.
#[derive(Clone, Debug)]
pub struct Lag {
    /// Written at its origin -> applied here, in microseconds.
    pub us: Distribution,
    /// Entries written anywhere and not yet applied here, seen at each apply, itself included.
    pub entries: Distribution,
    /// Entries applied here.
    pub applied: u64,
    /// When it last applied an entry; 0 if never.
    pub updated_at: SimTime,
    /// Sum of written -> received.
    pub ship_us: u64,
    /// Sum of received -> begun.
    pub queue_us: u64,
    /// Sum of begun -> applied.
    pub apply_us: u64,
}

/// One change of primary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failover {
    /// When the primary before it had crashed; None if it had not.
    pub crashed_at: Option<SimTime>,
    /// When the first server gave that up; None if the operator acted.
    pub detected_at: Option<SimTime>,
    /// When it had the votes it needed; None if the operator acted.
    pub elected_at: Option<SimTime>,
    /// When the new primary began.
    pub promoted_at: SimTime,
    /// When the last server that was there to be told followed it.
    pub repointed_at: SimTime,
    /// The new primary.
    pub to: crate::base::NodeId,
    /// Its epoch.
    pub epoch: u32,
}

/// A measure with its instant, as it comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sample {
    /// A server applied an entry that had been written then.
    Applied { written_at: SimTime },
    /// A client was told ok, so long after it had sent the write.
    Acked(u64),
}

/// Numbers of a run up to some record.
#[derive(Clone, Debug)]
pub struct Measures {
    folded: u32,
    written_at: Vec<Vec<SimTime>>,
    written: u64,
    sent_at: Vec<SimTime>,
    crashed_at: Option<SimTime>,
    detected_at: Option<SimTime>,
    elected_at: Option<SimTime>,
    /// Servers that have started again since the last promotion: they are told late.
    came_late: Vec<crate::base::NodeId>,
    /// Primary accepts -> ack rule met.
    pub commit_latency_us: Distribution,
    /// Client sends a write -> client is told ok.
    pub write_latency_us: Distribution,
    /// Client sends a read -> client has the value.
    pub read_latency_us: Distribution,
    /// How long a read's value had been superseded when it was served; every read counts.
    pub staleness_us: Distribution,
    /// By how many acknowledged versions; every read counts.
    pub staleness_versions: Distribution,
    /// Per server, n1 first.
    pub lag: Vec<Lag>,
    /// Writes acknowledged without the replicas the rule asks for.
    pub degraded: u64,
    /// Reads whose value had been superseded.
    pub stale: u64,
    /// Reads served.
    pub served: u64,
    /// Of the reads whose clients have their value, those whose value had been superseded.
    pub told_stale: u64,
    /// Writes acknowledged and then absent from the surviving history.
    pub lost: u64,
    /// Changes of primary.
    pub failovers: Vec<Failover>,
}

impl Measures {
    /// Of a run of this many servers that has not begun.
    pub fn new(nodes: usize) -> Measures {
        let mut measures = Measures {
            folded: 0,
            written_at: Vec::new(),
            written: 0,
            sent_at: Vec::new(),
            crashed_at: None,
            detected_at: None,
            elected_at: None,
            came_late: Vec::new(),
            commit_latency_us: Distribution::new(DIGITS),
            write_latency_us: Distribution::new(DIGITS),
            read_latency_us: Distribution::new(DIGITS),
            staleness_us: Distribution::new(DIGITS),
            staleness_versions: Distribution::new(DIGITS),
            lag: Vec::new(),
            degraded: 0,
            stale: 0,
            served: 0,
            told_stale: 0,
            lost: 0,
            failovers: Vec::new(),
        };
        measures.reach(nodes);
        measures
    }

    /// There are so many servers by now.
    pub(super) fn reach(&mut self, nodes: usize) {
        while self.lag.len() < nodes {
            self.written_at.push(Vec::new());
            self.lag.push(Lag {
                us: Distribution::new(NODE_DIGITS),
                entries: Distribution::new(NODE_DIGITS),
                applied: 0,
                updated_at: 0,
                ship_us: 0,
                queue_us: 0,
                apply_us: 0,
            });
        }
    }

    /// How many records have been taken in.
    pub fn folded(&self) -> u32 {
        self.folded
    }

    /// Takes in everything up to and including `t`. The ledger may be of any later instant.
    pub fn follow(&mut self, trace: &Trace, ledger: &Ledger, t: SimTime) {
        self.follow_each(trace, ledger, t, &mut |_, _| {});
    }

    /// The same, and tells of every record what was measured there.
    pub(super) fn follow_each(
        &mut self,
        trace: &Trace,
        ledger: &Ledger,
        t: SimTime,
        tell: &mut dyn FnMut(&Record, Option<Sample>),
    ) {
        let mut folded = self.folded;
        for (number, record) in trace.since(self.folded).take_while(|(_, record)| record.at <= t) {
            let sample = self.take(&record, ledger);
            tell(&record, sample);
            folded = number + 1;
        }
        self.folded = folded;
    }

    fn take(&mut self, record: &Record, ledger: &Ledger) -> Option<Sample> {
        match record.fact {
            Fact::Applied { gtid, received_at, started_at } => {
                return self.take_applied(record, gtid, received_at, started_at);
            }
            Fact::Written { gtid, .. } => {
                let of_origin = &mut self.written_at[gtid.origin.index()];
                of_origin.resize(gtid.seq as usize, 0);
                of_origin[gtid.seq as usize - 1] = record.at;
                self.written += 1;
            }
            Fact::Committed { accepted_at, degraded, gtid, .. } => {
                self.commit_latency_us.record(record.at - accepted_at);
                self.degraded += u64::from(degraded);
                if record.place.node() == Some(gtid.origin) {
                    self.count_own(record);
                }
            }
            Fact::Recovered(_) => self.count_own(record),
            Fact::Sent { op, .. } => {
                self.sent_at.resize(op.0 as usize, record.at);
                self.sent_at.push(record.at);
            }
            Fact::Told { op, told } => return self.take_told(record.at, op, told, ledger),
            Fact::Served { op, .. } => {
                let staleness = ledger.op(op).map(|op| op.staleness).unwrap_or_default();
                self.served += 1;
                self.stale += u64::from(staleness.versions > 0);
                self.staleness_us.record(staleness.us);
                self.staleness_versions.record(staleness.versions.into());
            }
            Fact::LostWrite { .. } => self.lost += 1,
            Fact::Joined => {
                let node = record.place.node();
                self.reach(node.map_or(0, |node| node.index() + 1));
            }
            Fact::Crashed => {
                let node = record.place.node();
                let leads = |node| self.failovers.last().is_none_or(|last| last.to == node);
                if node.is_some_and(leads) {
                    self.crashed_at = Some(record.at);
                    self.detected_at = None;
                }
            }
            Fact::Suspected => {
                self.detected_at.get_or_insert(record.at);
            }
            Fact::Elected(_) => self.elected_at = Some(record.at),
            Fact::Promoted(epoch) => {
                if let Some(to) = record.place.node() {
                    let elected_at = self.elected_at.take();
                    self.failovers.push(Failover {
                        crashed_at: self.crashed_at.take(),
                        detected_at: self.detected_at.take().filter(|_| elected_at.is_some()),
                        elected_at,
                        promoted_at: record.at,
                        repointed_at: record.at,
                        to,
                        epoch,
                    });
                    self.came_late.clear();
                }
            }
            Fact::Restarted => self.came_late.extend(record.place.node()),
            Fact::Repointed(_) => {
                let late = record.place.node().is_some_and(|node| self.came_late.contains(&node));
                if let Some(last) = self.failovers.last_mut().filter(|_| !late) {
                    last.repointed_at = record.at;
                }
            }
            _ => {}
        }
        None
    }

    fn take_applied(
        &mut self,
        record: &Record,
        gtid: Gtid,
        received_at: SimTime,
        started_at: SimTime,
    ) -> Option<Sample> {
        let lag = record.place.node().and_then(|node| self.lag.get_mut(node.index()))?;
        let written_at = self.written_at[gtid.origin.index()].get(gtid.seq as usize - 1);
        let written_at = written_at.copied()?;
        lag.us.record(record.at - written_at);
        lag.entries.record(self.written.saturating_sub(lag.applied));
        lag.applied += 1;
        lag.updated_at = record.at;
        lag.ship_us += received_at.saturating_sub(written_at);
        lag.queue_us += started_at - received_at;
        lag.apply_us += record.at - started_at;
        Some(Sample::Applied { written_at })
    }

    /// A server has its own writes without any lag.
    fn count_own(&mut self, record: &Record) {
        if let Some(node) = record.place.node() {
            self.lag[node.index()].applied += 1;
        }
    }

    /// An answer counts when it is the client's first news of the operation: one that comes after
    /// the client gave up does not.
    fn take_told(&mut self, at: SimTime, op: OpId, told: Told, ledger: &Ledger) -> Option<Sample> {
        let sent_at = self.sent_at.get(op.0 as usize)?;
        let booked = ledger.op(op).filter(|op| op.outcome == Outcome::Told(told, at))?;
        match told {
            Told::Ok | Told::OkDegraded => {
                self.write_latency_us.record(at - sent_at);
                return Some(Sample::Acked(at - sent_at));
            }
            Told::Value => {
                self.read_latency_us.record(at - sent_at);
                self.told_stale += u64::from(booked.staleness.versions > 0);
            }
            Told::Refused(_) | Told::TimedOut => {}
        }
        None
    }
}
