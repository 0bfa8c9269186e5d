//! The life of one read or write as a list of stops with times, from the trace.

use crate::base::{OpId, PlaceKind, SimTime};
use crate::node::{Fact, Told};
use crate::recording::Recording;

use super::words::{reason_text, told_text};

/// Records looked through for one life.
const RECORDS_MAX: usize = 20_000;

/// Something that happened to an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// When.
    pub at: SimTime,
    /// What, in a few words.
    pub text: String,
    /// Which sort, for its mark.
    pub kind: StopKind,
}

/// The sorts of stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopKind {
    /// It went on.
    Step,
    /// The client was told ok, or given a fresh value.
    Good,
    /// The client was told no, nothing, or given an old value; or the server died.
    Bad,
    /// It is gone.
    Lost,
}

impl StopKind {
    /// Its name, for `data-kind`.
    pub fn name(self) -> &'static str {
        match self {
            StopKind::Step => "step",
            StopKind::Good => "good",
            StopKind::Bad => "bad",
            StopKind::Lost => "lost",
        }
    }
}

/// The stops of an operation up to and including `t`, oldest first.
pub fn life(recording: &Recording, op: OpId, t: SimTime) -> Vec<Stop> {
    let Some(booked) = recording.head().ledger.op(op) else {
        return Vec::new();
    };
    let gtid = booked.gtid.filter(|_| booked.is_write());
    let records = recording.trace().between(booked.sent_at, t + 1);
    let mut stops = Vec::new();
    let mut written_on = None;
    for (_, record) in records.take(RECORDS_MAX) {
        let place = match record.place.kind() {
            PlaceKind::Node(node) => node.to_string(),
            PlaceKind::Client(client) => recording.head().clients[client.index()].name.to_string(),
            PlaceKind::Operator => String::new(),
        };
        let (text, kind) = match record.fact {
            Fact::Sent { op: of, to } if of == op => {
                (format!("left {place} for {to}"), StopKind::Step)
            }
            Fact::Refused { op: of, reason } if of == op => {
                (format!("{place} refused: {}", reason_text(reason)), StopKind::Bad)
            }
            Fact::Passed { op: of, to } if of == op => {
                (format!("passed on by {place} to {to}"), StopKind::Step)
            }
            Fact::Written { op: of, .. } if of == op => {
                written_on = Some(record.place);
                (format!("in the log of {place}"), StopKind::Step)
            }
            Fact::Shown(of) if Some(of) == gtid => {
                (format!("read on {place} before its acks"), StopKind::Step)
            }
            Fact::Committed { op: of, .. } if of == op => {
                (format!("acknowledged by {place}"), StopKind::Step)
            }
            Fact::ReadWaits { op: of, lacks } if of == op => {
                (format!("waits at {place} for {lacks}"), StopKind::Step)
            }
            Fact::SnapshotWaits { op: of, .. } if of == op => {
                (format!("waits at {place} for its snapshot"), StopKind::Step)
            }
            Fact::Served { op: of, .. } if of == op => {
                let fresh = booked.staleness.versions == 0;
                let kind = if fresh { StopKind::Step } else { StopKind::Bad };
                let what = match fresh {
                    true => format!("answered by {place}"),
                    false => format!(
                        "answered by {place}, {} behind",
                        super::words::count(u64::from(booked.staleness.versions), "write")
                    ),
                };
                (what, kind)
            }
            Fact::Told { op: of, told } if of == op => {
                let stale = booked.staleness.versions > 0;
                let kind = match told {
                    Told::Ok | Told::OkDegraded => StopKind::Good,
                    Told::Value if !stale => StopKind::Good,
                    Told::Value | Told::Refused(_) | Told::TimedOut => StopKind::Bad,
                };
                (format!("{place} told: {}", told_text(told, stale)), kind)
            }
            Fact::Received { gtid: of, .. } if Some(of) == gtid => {
                (format!("received by {place}"), StopKind::Step)
            }
            Fact::Applied { gtid: of, .. } if Some(of) == gtid => {
                (format!("applied on {place}"), StopKind::Step)
            }
            Fact::Crashed if Some(record.place) == written_on => {
                (format!("{place} went down"), StopKind::Bad)
            }
            Fact::Promoted(epoch) if written_on.is_some() => {
                (format!("{place} promoted, e{epoch}"), StopKind::Step)
            }
            Fact::LostWrite { op: of, .. } if of == op => {
                ("LOST after ack".to_string(), StopKind::Lost)
            }
            Fact::Overruled { op: of, by, .. } if of == op => {
                (format!("dropped on {place} for {by}"), StopKind::Lost)
            }
            Fact::Discarded { op: of, .. } if of == op => {
                (format!("thrown away by {place}"), StopKind::Lost)
            }
            _ => continue,
        };
        stops.push(Stop { at: record.at, text, kind });
    }
    stops
}
