//! What a fact is about: an operation, or an entry of the log. Whoever follows one write, sifts a
//! log or waits for an event asks here.

use crate::base::OpId;
use crate::data::Gtid;

use super::Fact;

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A client's operation.
    Op(OpId),
    /// An entry, where servers know of no client.
    Entry(Gtid),
}

impl Fact {
    /// What it is about; None if that is neither an operation nor an entry.
    pub fn subject(self) -> Option<Subject> {
        match self {
            Fact::Sent { op, .. }
            | Fact::Told { op, .. }
            | Fact::Refused { op, .. }
            | Fact::Executed { op, .. }
            | Fact::Passed { op, .. }
            | Fact::Written { op, .. }
            | Fact::Committed { op, .. }
            | Fact::Conflict { op, .. }
            | Fact::Overruled { op, .. }
            | Fact::Discarded { op, .. }
            | Fact::ReadWaits { op, .. }
            | Fact::Served { op, .. }
            | Fact::SnapshotWaits { op, .. }
            | Fact::LostWrite { op, .. } => Some(Subject::Op(op)),
            Fact::Unfit { gtid, .. }
            | Fact::Shown(gtid)
            | Fact::Recovered(gtid)
            | Fact::Received { gtid, .. }
            | Fact::Flushed(gtid)
            | Fact::Applied { gtid, .. }
            | Fact::ApplierStopped { gtid, .. }
            | Fact::Skipped(gtid)
            | Fact::Duplicate(gtid)
            | Fact::Filtered(gtid)
            | Fact::IgnoredOrigin(gtid)
            | Fact::Confirmed { gtid, .. }
            | Fact::Relayed { gtid, .. } => Some(Subject::Entry(gtid)),
            Fact::Command(..)
            | Fact::CommandRefused(..)
            | Fact::Gap { .. }
            | Fact::Degraded
            | Fact::Rearmed
            | Fact::Heartbeat(..)
            | Fact::Status(..)
            | Fact::Fetch(..)
            | Fact::Connect
            | Fact::Resumed(..)
            | Fact::Seeded { .. }
            | Fact::NeedsSeed(..)
            | Fact::Fenced(..)
            | Fact::Ignored
            | Fact::Unfollowed(..)
            | Fact::Informed(..)
            | Fact::SteppedDown(..)
            | Fact::Beat(..)
            | Fact::BeatAnswered
            | Fact::Suspected
            | Fact::FoundHealthy
            | Fact::Canvassed(..)
            | Fact::Supported { .. }
            | Fact::Campaigned(..)
            | Fact::Voted { .. }
            | Fact::Declined { .. }
            | Fact::Vote { .. }
            | Fact::Elected(..)
            | Fact::Promoted(..)
            | Fact::Demoted
            | Fact::Repointed(..)
            | Fact::Joined
            | Fact::Left
            | Fact::TookOver
            | Fact::Excluded(..)
            | Fact::Crashed
            | Fact::Restarted
            | Fact::Paused
            | Fact::Unpaused
            | Fact::Vacuumed { .. }
            | Fact::Lost { .. }
            | Fact::LimitReached(..) => None,
        }
    }
}
