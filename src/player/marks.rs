//! What the tape shows: the records of the trace that a person would look for.

use crate::base::{Epoch, SimTime};
use crate::node::{Fact, Told};
use crate::recording::Recording;
use crate::sim::{Command, Outcome, Record};

/// What a mark stands for; each has its own shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// A client sent a write.
    Write,
    /// A client was told that its write is acknowledged.
    Ack,
    /// A client was told no, or gave up waiting.
    Refused,
    /// Something was broken.
    Fault,
    /// Something was repaired.
    Repair,
    /// A client was given an old value.
    Stale,
    /// An acknowledged write is gone.
    Lost,
    /// Changes met that had not seen one another, or one stopped a server.
    Conflict,
    /// A new reign began.
    Promoted(Epoch),
}

/// One mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When.
    pub at: SimTime,
    /// The record's number in the trace.
    pub record: u32,
    /// What.
    pub kind: MarkKind,
}

impl MarkKind {
    /// Whether it is something a person would not have expected.
    pub fn is_surprise(self) -> bool {
        match self {
            MarkKind::Stale | MarkKind::Lost | MarkKind::Conflict | MarkKind::Promoted(_) => true,
            MarkKind::Write
            | MarkKind::Ack
            | MarkKind::Refused
            | MarkKind::Fault
            | MarkKind::Repair => false,
        }
    }

    /// Its name, for `data-kind` and the transcript.
    pub fn name(self) -> &'static str {
        match self {
            MarkKind::Write => "write",
            MarkKind::Ack => "ack",
            MarkKind::Refused => "refused",
            MarkKind::Fault => "fault",
            MarkKind::Repair => "repair",
            MarkKind::Stale => "stale-read",
            MarkKind::Lost => "lost-after-ack",
            MarkKind::Conflict => "conflict",
            MarkKind::Promoted(_) => "promoted",
        }
    }
}

/// The marks of a run as far as it is known; grows with it.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    list: Vec<Mark>,
    seen: u32,
}

impl Marks {
    /// Takes in what is new.
    pub fn follow(&mut self, recording: &Recording) {
        for (number, record) in recording.trace().since(self.seen) {
            if let Fact::CommandRefused(_) = record.fact {
                // What could not be done has broken and repaired nothing.
                if let Some(last) = self.list.iter().rposition(|mark| mark.record == record.cause) {
                    self.list.remove(last);
                }
            }
            if let Some(kind) = kind(recording, &record) {
                self.list.push(Mark { at: record.at, record: number, kind });
            }
        }
        self.seen = recording.trace().len() as u32;
    }

    /// Forgets what was taken in of `t` and later, from this record on.
    pub(super) fn rewind(&mut self, t: SimTime, first: u32) {
        self.list.truncate(self.list.partition_point(|mark| mark.at < t));
        self.seen = self.seen.min(first);
    }

    /// Marks from the first to the last, up to and including `t`.
    pub fn until(&self, t: SimTime) -> &[Mark] {
        let count = self.list.partition_point(|mark| mark.at <= t);
        &self.list[..count]
    }

    /// The newest mark up to and including `t` that is one of those wanted.
    pub fn latest(&self, t: SimTime, wanted: impl Fn(MarkKind) -> bool) -> Option<&Mark> {
        self.until(t).iter().rev().find(|mark| wanted(mark.kind))
    }

    /// The instant of the first surprise after `t`.
    pub fn next_surprise(&self, t: SimTime) -> Option<SimTime> {
        let mut later = self.list[self.until(t).len()..].iter();
        later.find(|mark| mark.kind.is_surprise()).map(|mark| mark.at)
    }

    /// The instant of the last surprise before `t`.
    pub fn previous_surprise(&self, t: SimTime) -> Option<SimTime> {
        let surprise = |mark: &&Mark| mark.at < t && mark.kind.is_surprise();
        self.list.iter().rev().find(surprise).map(|mark| mark.at)
    }
}

fn kind(recording: &Recording, record: &Record) -> Option<MarkKind> {
    let ledger = &recording.head().ledger;
    match record.fact {
        Fact::Sent { op, .. } => ledger.op(op)?.is_write().then_some(MarkKind::Write),
        // An answer that comes when nobody waits any more is told to nobody.
        Fact::Told { op, told } if ledger.op(op)?.outcome != Outcome::Told(told, record.at) => None,
        Fact::Told { op, told } => match told {
            Told::Ok | Told::OkDegraded => Some(MarkKind::Ack),
            Told::Value => (ledger.op(op)?.staleness.versions > 0).then_some(MarkKind::Stale),
            Told::Refused(_) | Told::TimedOut => Some(MarkKind::Refused),
        },
        Fact::LostWrite { .. } => Some(MarkKind::Lost),
        Fact::Conflict { .. } | Fact::ApplierStopped { .. } => Some(MarkKind::Conflict),
        Fact::Promoted(epoch) => Some(MarkKind::Promoted(epoch)),
        Fact::Command(number) => {
            let command = &recording.scenario().at.get(number as usize)?.command;
            fault(command)
        }
        Fact::CommandRefused(_)
        | Fact::Refused { .. }
        | Fact::Executed { .. }
        | Fact::Unfit { .. }
        | Fact::Written { .. }
        | Fact::Committed { .. }
        | Fact::Shown(_)
        | Fact::Recovered(_)
        | Fact::Received { .. }
        | Fact::Flushed(_)
        | Fact::Applied { .. }
        | Fact::Passed { .. }
        | Fact::Overruled { .. }
        | Fact::Skipped(_)
        | Fact::Duplicate(_)
        | Fact::Filtered(_)
        | Fact::IgnoredOrigin(_)
        | Fact::Gap { .. }
        | Fact::Confirmed { .. }
        | Fact::Relayed { .. }
        | Fact::Degraded
        | Fact::Rearmed
        | Fact::Heartbeat(_)
        | Fact::Status(_)
        | Fact::Fetch(_)
        | Fact::Connect
        | Fact::Resumed(_)
        | Fact::Seeded { .. }
        | Fact::Discarded { .. }
        | Fact::Fenced(_)
        | Fact::Ignored
        | Fact::Unfollowed(_)
        | Fact::Informed(_)
        | Fact::SteppedDown(_)
        | Fact::Beat(_)
        | Fact::BeatAnswered
        | Fact::Suspected
        | Fact::FoundHealthy
        | Fact::Canvassed(_)
        | Fact::Supported { .. }
        | Fact::Campaigned(_)
        | Fact::Voted { .. }
        | Fact::Declined { .. }
        | Fact::Vote { .. }
        | Fact::Elected(_)
        | Fact::Demoted
        | Fact::Repointed(_)
        | Fact::NeedsSeed(_)
        | Fact::Joined
        | Fact::TookOver
        | Fact::Excluded(_)
        | Fact::Left
        | Fact::Crashed
        | Fact::Restarted
        | Fact::Paused
        | Fact::Unpaused
        | Fact::ReadWaits { .. }
        | Fact::Served { .. }
        | Fact::SnapshotWaits { .. }
        | Fact::Vacuumed { .. }
        | Fact::Lost { .. }
        | Fact::LimitReached(_) => None,
    }
}

fn fault(command: &Command) -> Option<MarkKind> {
    match command {
        Command::Crash(_)
        | Command::Pause(_)
        | Command::Partition(_)
        | Command::Cut(_)
        | Command::Demote(_)
        | Command::RemoveNode(_)
        | Command::Repoint(_)
        | Command::Clock(_) => Some(MarkKind::Fault),
        Command::Restart(_)
        | Command::Resume(_)
        | Command::Heal(_)
        | Command::Mend(_)
        | Command::AddNode(_)
        | Command::Rebalance(_)
        | Command::Reseed(_) => Some(MarkKind::Repair),
        Command::Skip(_) => Some(MarkKind::Repair),
        // A promotion has a fact of its own, with its epoch; the rest breaks nothing.
        Command::Promote(_)
        | Command::Write(_)
        | Command::Insert(_)
        | Command::Increment(_)
        | Command::SetAdd(_)
        | Command::SetRemove(_)
        | Command::TextInsert(_)
        | Command::TextDelete(_)
        | Command::Delete(_)
        | Command::Read(_)
        | Command::Sql(_)
        | Command::Set(_)
        | Command::Vacuum(_) => None,
    }
}
