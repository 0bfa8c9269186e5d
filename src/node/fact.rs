//! What can happen: the one closed list from which trace, measures and picture are made.

use crate::base::{Epoch, Lsn, NodeId, OpId, SimTime};
use crate::data::Gtid;
use crate::data::table::Unfit;
use crate::policy::Point;
use crate::words::reason as say;

use super::message::Kind;
use super::reason::Reason;

/// Something that happened at one place at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    /// The operator issued the command with this number in the scenario's list.
    Command(u32),
    /// A command could not be carried out.
    CommandRefused(Reason),
    /// A client sent an operation to a server.
    Sent {
        /// Which.
        op: OpId,
        /// Where to.
        to: NodeId,
    },
    /// A client learned, or gave up on learning, how its operation ended.
    Told {
        /// Which.
        op: OpId,
        /// What it was told.
        told: Told,
    },
    /// A server turned an operation down.
    Refused {
        /// Which.
        op: OpId,
        /// Why.
        reason: Reason,
    },
    /// A primary has carried out a statement.
    Executed {
        /// The client's operation.
        op: OpId,
        /// Rows it changed.
        rows: u32,
        /// What it takes in the log, in bytes.
        bytes: u32,
        /// What the log carries.
        logged: LoggedAs,
    },
    /// A server skipped an entry that does not fit its rows.
    Unfit {
        /// The entry.
        gtid: Gtid,
        /// Why.
        unfit: Unfit,
    },
    /// A server sent a client's write to the one that judges all.
    Passed {
        /// Which.
        op: OpId,
        /// Who judges.
        to: NodeId,
    },
    /// A primary has a new write in its log on disk.
    Written {
        /// The client's operation.
        op: OpId,
        /// Its name from now on.
        gtid: Gtid,
        /// Its position in the primary's log.
        lsn: Lsn,
        /// Its commit timestamp: now, or under MVCC later than all before it.
        stamp: SimTime,
    },
    /// The ack rule is met: the write is visible at its primary and its client is being told.
    Committed {
        /// The client's operation.
        op: OpId,
        /// The entry.
        gtid: Gtid,
        /// When the primary had accepted the request.
        accepted_at: SimTime,
        /// Whether it was acknowledged without the replicas the rule asks for.
        degraded: bool,
    },
    /// A primary lets reads see a write of its own that still waits for acks.
    Shown(Gtid),
    /// A server found its own write in its log after a restart and made it visible.
    Recovered(Gtid),
    /// A follower has an entry in memory.
    Received {
        /// The entry.
        gtid: Gtid,
        /// Whether it is on disk too, at the same instant.
        flushed: bool,
    },
    /// A follower has an entry on disk.
    Flushed(Gtid),
    /// A follower has applied an entry: reads see it.
    Applied {
        /// The entry.
        gtid: Gtid,
        /// When this server had received it.
        received_at: SimTime,
        /// When a worker began to apply it.
        started_at: SimTime,
    },
    /// A server met two changes of one key of which neither had seen the other.
    Conflict {
        /// The client's operation of the one that came.
        op: OpId,
        /// That entry.
        gtid: Gtid,
        /// The one that was there.
        with: Gtid,
    },
    /// A server's rule dropped a change for another.
    Overruled {
        /// The client's operation.
        op: OpId,
        /// The entry that was dropped.
        gtid: Gtid,
        /// The entry that stays.
        by: Gtid,
    },
    /// A follower stopped applying at an insert of a key that it has already.
    ApplierStopped {
        /// The entry.
        gtid: Gtid,
        /// The entry whose value the key has.
        with: Gtid,
    },
    /// The operator let a follower go on after the entry at which it had stopped.
    Skipped(Gtid),
    /// Entries up to this one came again on the same stream and were ignored.
    Duplicate(Gtid),
    /// An entry that this server already has came round and was dropped.
    Filtered(Gtid),
    /// An entry was dropped because the cluster ignores what its origin wrote.
    IgnoredOrigin(Gtid),
    /// A message showed that entries are missing in between.
    Gap {
        /// The position waited for.
        expected: Lsn,
        /// The position that came.
        found: Lsn,
    },
    /// A primary learned how far a replica has come.
    Confirmed {
        /// The replica.
        of: NodeId,
        /// The newest entry it has at that point.
        gtid: Gtid,
        /// Received, flushed or applied.
        point: Point,
    },
    /// A relay passed a confirmation upstream.
    Relayed {
        /// The replica it speaks of.
        of: NodeId,
        /// The newest entry it has at that point.
        gtid: Gtid,
        /// Received, flushed or applied.
        point: Point,
    },
    /// Acks did not come in time: the primary stops waiting for them.
    Degraded,
    /// Replicas have caught up: the primary waits for acks again.
    Rearmed,
    /// A follower heard where its source's log ends.
    Heartbeat(Lsn),
    /// A source heard how far a follower has come.
    Status(Lsn),
    /// A source was asked to send from a position.
    Fetch(Lsn),
    /// A source was asked for what a follower lacks, or for a copy of everything.
    Connect,
    /// A follower learned from which position its source continues.
    Resumed(Lsn),
    /// A follower replaced all it had with a copy of its source.
    Seeded {
        /// Position in the source's log at which the copy was made.
        lsn: Lsn,
        /// Whether only what differed was copied.
        rewound: bool,
    },
    /// A follower learned that this source no longer has what it lacks.
    NeedsSeed(NodeId),
    /// A follower threw away an entry that the present primary never had.
    Discarded {
        /// The client's operation.
        op: OpId,
        /// The entry.
        gtid: Gtid,
    },
    /// A message of an older epoch was turned away.
    Fenced(Epoch),
    /// A message from a server that this one does not follow was ignored.
    Ignored,
    /// A server learned that one it ships to follows another, and ships to it no more.
    Unfollowed(NodeId),
    /// A replica learned of a newer epoch.
    Informed(Epoch),
    /// A primary learned of a newer epoch and became a replica.
    SteppedDown(Epoch),
    /// A server heard that the primary of this epoch is there.
    Beat(Epoch),
    /// A primary heard that a server hears it.
    BeatAnswered,
    /// A server has not heard its primary for too long.
    Suspected,
    /// The chapter's monitor has asked for the primary's health, and found it.
    FoundHealthy,
    /// A server asks who would vote for it.
    Canvassed(Epoch),
    /// A server would vote for a candidate.
    Supported {
        /// In this epoch.
        epoch: Epoch,
        /// Whom.
        candidate: NodeId,
    },
    /// A server asks for votes.
    Campaigned(Epoch),
    /// A server gave its one vote of an epoch.
    Voted {
        /// The epoch.
        epoch: Epoch,
        /// For whom.
        candidate: NodeId,
    },
    /// A server gave a candidate no vote.
    Declined {
        /// The epoch.
        epoch: Epoch,
        /// Whom.
        candidate: NodeId,
    },
    /// A candidate got an answer.
    Vote {
        /// The epoch.
        epoch: Epoch,
        /// Whether it is a vote for it.
        granted: bool,
    },
    /// A candidate has the votes it needs and applies what it has received.
    Elected(Epoch),
    /// A server became primary.
    Promoted(Epoch),
    /// The operator made a primary a replica.
    Demoted,
    /// A server follows another from now on.
    Repointed(NodeId),
    /// A server joined the cluster, with an empty disk.
    Joined,
    /// A server left the cluster for good.
    Left,
    /// A server is the tail of a proper chain from now on.
    TookOver,
    /// A head no longer hears a server of its chain, which closes over it.
    Excluded(NodeId),
    /// A server lost its memory and kept its disk.
    Crashed,
    /// A server runs again.
    Restarted,
    /// A server stands still; its memory is kept.
    Paused,
    /// A server goes on.
    Unpaused,
    /// A read waits until the server has what its client knows of.
    ReadWaits {
        /// Which.
        op: OpId,
        /// The first change that is missing.
        lacks: Gtid,
    },
    /// A server answered a read.
    Served {
        /// Which.
        op: OpId,
        /// The entry whose value it returned; None if the key was never written here.
        version: Option<Gtid>,
        /// The snapshot that it showed, or `LATEST`.
        snapshot: SimTime,
    },
    /// A read waits until the server has the snapshot it asks for.
    SnapshotWaits {
        /// Which.
        op: OpId,
        /// The newest snapshot that the server has.
        newest: SimTime,
    },
    /// A server forgot old versions.
    Vacuumed {
        /// How many.
        versions: u32,
        /// The oldest snapshot that can still be read here.
        horizon: SimTime,
    },
    /// A message did not arrive.
    Lost {
        /// Where it was to go.
        to: crate::base::Place,
        /// When it would have arrived.
        due_at: SimTime,
        /// What it was.
        kind: Kind,
        /// Why.
        loss: Loss,
    },
    /// An acknowledged write is absent from the surviving history.
    LostWrite {
        /// The client's operation.
        op: OpId,
        /// The entry.
        gtid: Gtid,
    },
    /// A named limit was reached and the run stands still.
    LimitReached(Limit),
}

/// What a log carries of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LoggedAs {
    /// The statement, with all that it depends on.
    Statement,
    /// The statement, though its server warns that it is unsafe (MySQL's 1592).
    UnsafeStatement,
    /// The rows it changed.
    Rows,
}

impl LoggedAs {
    /// Its name in traces.
    pub fn name(self) -> &'static str {
        match self {
            LoggedAs::Statement => "statement",
            LoggedAs::UnsafeStatement => "unsafe-statement",
            LoggedAs::Rows => "rows",
        }
    }
}

/// What a client was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Told {
    /// The write is acknowledged as the rule asks.
    Ok,
    /// The write is acknowledged without the replicas the rule asks for.
    OkDegraded,
    /// Here is the value read.
    Value,
    /// No, and the server or the client's driver says why.
    Refused(Reason),
    /// Nothing: the client stopped waiting. A write may or may not have happened.
    TimedOut,
}

/// Why a message did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Loss {
    /// By luck, as the link's loss says.
    Luck,
    /// The link is cut or a partition lies across it.
    Cut,
    /// The server it was for is down.
    Down,
    /// The server it was for has left the cluster.
    Left,
}

/// A bound of the simulator that a run can reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    /// `IN_FLIGHT_MAX` messages and timers at once.
    InFlight,
    /// `STEPS_MAX` events in one run.
    Steps,
    /// `OPS_MAX` operations in one run.
    Ops,
}

impl Limit {
    /// Its name in reports and traces.
    pub fn name(self) -> &'static str {
        match self {
            Limit::InFlight => "in-flight",
            Limit::Steps => "steps",
            Limit::Ops => "ops",
        }
    }

    /// What it means and what to do, in words.
    pub fn text(self) -> &'static str {
        match self {
            Limit::InFlight => say::IN_FLIGHT,
            Limit::Steps => say::STEPS,
            Limit::Ops => say::OPS,
        }
    }
}
