//! The life of one read or write as a list of stops with times, from the trace.

use crate::base::{OpId, PlaceKind, SimTime};
use crate::node::{Fact, Told};
use crate::recording::Recording;
use crate::words::caption as say;

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
        let place: &str = &match record.place.kind() {
            PlaceKind::Node(node) => node.to_string(),
            PlaceKind::Client(client) => recording.head().clients[client.index()].name.to_string(),
            PlaceKind::Operator => String::new(),
        };
        let (text, kind) = match record.fact {
            Fact::Sent { op: of, to } if of == op => (say::left(place, to), StopKind::Step),
            Fact::Refused { op: of, reason } if of == op => {
                (say::refused_by(place, reason_text(reason)), StopKind::Bad)
            }
            Fact::Passed { op: of, to } if of == op => (say::passed_on(place, to), StopKind::Step),
            Fact::Written { op: of, .. } if of == op => {
                written_on = Some(record.place);
                (say::in_log(place), StopKind::Step)
            }
            Fact::Shown(of) if Some(of) == gtid => (say::read_before_acks(place), StopKind::Step),
            Fact::Committed { op: of, .. } if of == op => {
                (say::acknowledged_by(place), StopKind::Step)
            }
            Fact::ReadWaits { op: of, lacks } if of == op => {
                (say::waits_for(place, lacks), StopKind::Step)
            }
            Fact::SnapshotWaits { op: of, .. } if of == op => {
                (say::waits_for_snapshot(place), StopKind::Step)
            }
            Fact::Served { op: of, .. } if of == op => {
                let fresh = booked.staleness.versions == 0;
                let kind = if fresh { StopKind::Step } else { StopKind::Bad };
                let what = match fresh {
                    true => say::answered_by(place),
                    false => say::answered_behind(place, booked.staleness.versions.into()),
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
                (say::told_by(place, told_text(told, stale)), kind)
            }
            Fact::Received { gtid: of, .. } if Some(of) == gtid => {
                (say::received_by(place), StopKind::Step)
            }
            Fact::Applied { gtid: of, .. } if Some(of) == gtid => {
                (say::applied_on(place), StopKind::Step)
            }
            Fact::Crashed if Some(record.place) == written_on => {
                (say::went_down(place), StopKind::Bad)
            }
            Fact::Promoted(epoch) if written_on.is_some() => {
                (say::promoted(place, epoch), StopKind::Step)
            }
            Fact::LostWrite { op: of, .. } if of == op => {
                (say::LOST_AFTER_ACK.to_string(), StopKind::Lost)
            }
            Fact::Overruled { op: of, by, .. } if of == op => {
                (say::dropped(place, by), StopKind::Lost)
            }
            Fact::Discarded { op: of, .. } if of == op => (say::thrown_away(place), StopKind::Lost),
            _ => continue,
        };
        stops.push(Stop { at: record.at, text, kind });
    }
    stops
}
