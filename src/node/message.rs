//! What travels between places, and what it costs on the wire.

use std::rc::Rc;

use crate::base::{Epoch, KeyId, Lsn, NodeId, OpId, SimTime, Span};
use crate::data::sql::Logged;
use crate::data::{Change, Gtid, GtidSet, LogEntry, Reigns, Store};
use crate::policy::Point;

use super::fact::Told;

/// What a client asks a server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Request {
    /// Change a key.
    Write {
        /// The key.
        key: KeyId,
        /// What becomes of it.
        change: Change,
        /// What the change takes in a log, in bytes.
        bytes: u32,
        /// What its client had seen of the key: what its latest read of it returned, and its own
        /// writes since. None where nobody asks, or it has seen nothing.
        seen: Option<Rc<GtidSet>>,
        /// Whether it asks for no ack, whatever the rule: `SET synchronous_commit = local`.
        local: bool,
    },
    /// Say what a key holds.
    Read {
        /// The key.
        key: KeyId,
        /// What the server must have before it answers; None: it answers at once.
        after: Option<Rc<After>>,
        /// What is asked of the table; None: the key is asked for.
        select: Option<Rc<Logged>>,
    },
}

/// What a client knows of, which the server that answers it must have too.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct After {
    /// The changes.
    pub gtids: GtidSet,
    /// How long the read may wait for them at the server.
    pub patience: Span,
    /// Which moment it is to show.
    pub view: View,
}

/// Which moment a read shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum View {
    /// The present, whatever it is at the server.
    #[default]
    Latest,
    /// The newest snapshot that the server has.
    Newest,
    /// The snapshot of this commit timestamp.
    At(SimTime),
}

/// Entries under way: one by one as they are written, many when a follower catches up.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Entries {
    /// One.
    One(Rc<LogEntry>),
    /// Several in a row.
    Many(Rc<Vec<Rc<LogEntry>>>),
}

impl Entries {
    /// The entries in order.
    pub fn as_slice(&self) -> &[Rc<LogEntry>] {
        match self {
            Entries::One(entry) => std::slice::from_ref(entry),
            Entries::Many(entries) => entries,
        }
    }
}

/// What a follower asks of its source.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Want {
    /// Everything from a position on.
    From {
        /// Which numbering the position belongs to.
        generation: u32,
        /// Position of the next entry waited for.
        lsn: Lsn,
    },
    /// Everything that is not in this set: how a follower connects, as with GTID auto-positioning.
    After(Rc<GtidSet>),
    /// A copy of everything.
    Seed,
    /// A copy of what differs, to rewind by.
    Rewind {
        /// What the follower has, its own surplus included.
        have: Rc<GtidSet>,
        /// The keys that its surplus changed.
        keys: Rc<[KeyId]>,
    },
}

/// A copy of a server's data at one position of its log.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Copy {
    /// All rows.
    pub store: Store,
    /// Every change they contain.
    pub gtids: GtidSet,
    /// In which reigns these were written.
    pub reigns: Reigns,
    /// The source's log position of the copy.
    pub lsn: Lsn,
    /// What of it is sent, in bytes, if its receiver rewinds; None if all of it is.
    ///
    /// Simplification: the rows that are the same already are in the message and cost nothing.
    pub rewind_bytes: Option<u32>,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// Client to server: please do.
    Request(OpId),
    /// Server to the one that judges all writes: please judge this one.
    Certify {
        /// The client's operation.
        op: OpId,
        /// What the sender's rows contain.
        had: Rc<GtidSet>,
    },
    /// Server to client: done, or why not.
    Reply(OpId, Told),
    /// Source to follower: entries of the source's log.
    Append {
        /// The sender's epoch.
        epoch: Epoch,
        /// Which numbering the position belongs to.
        generation: u32,
        /// Position of the first entry in the source's log.
        first: Lsn,
        /// The entries.
        entries: Entries,
    },
    /// Follower to source, and on to the primary: `of` has everything up to `gtid` at `point`.
    Ack {
        /// The replica spoken of.
        of: NodeId,
        /// The newest entry.
        gtid: Gtid,
        /// Received, flushed or applied.
        point: Point,
        /// How far the sender itself is on this stream; 0 when passing on another's.
        position: Lsn,
    },
    /// Source to follower: my log ends here.
    Heartbeat {
        /// The sender's epoch.
        epoch: Epoch,
        /// Which numbering the position belongs to.
        generation: u32,
        /// Position after the last entry.
        end: Lsn,
        /// How many servers further on are asked too; 0 unless a write waits for their acks.
        hops: u16,
        /// Under MVCC: the log has every commit up to this timestamp; 0 otherwise.
        closed: SimTime,
    },
    /// Follower to source: I am here.
    Status {
        /// The sender's epoch.
        epoch: Epoch,
        /// Which numbering the position belongs to.
        generation: u32,
        /// Position of the next entry waited for.
        position: Lsn,
    },
    /// Follower to source: send.
    Fetch {
        /// In which of its lives the follower asks.
        session: u32,
        /// What.
        want: Want,
    },
    /// Source to follower: I continue here, and this is all I have.
    Resume {
        /// The life in which the follower asked: in a later one it may have forgotten entries.
        session: u32,
        /// The sender's epoch.
        epoch: Epoch,
        /// Which numbering the position belongs to.
        generation: u32,
        /// Position from which entries follow.
        position: Lsn,
        /// Position after the last entry that the source has already.
        end: Lsn,
        /// Everything the source has.
        gtids: Rc<GtidSet>,
    },
    /// Source to follower: start over from this copy.
    Snapshot {
        /// The life in which the follower last asked for something.
        session: u32,
        /// The sender's epoch.
        epoch: Epoch,
        /// Which numbering the copy's position belongs to.
        generation: u32,
        /// The copy.
        copy: Rc<Copy>,
    },
    /// Source to follower: what you lack is gone here, only a copy can help.
    Trimmed {
        /// The life in which the follower last asked for something.
        session: u32,
        /// The sender's epoch.
        epoch: Epoch,
    },
    /// To a server of an older epoch: there is a newer one.
    Fence(Epoch),
    /// To a server that ships here: in this epoch I follow another.
    Unfollow(Epoch),
    /// Primary to every server: I lead.
    Beat {
        /// Its epoch.
        epoch: Epoch,
        /// False while it is elected and has not begun.
        leads: bool,
    },
    /// To a primary: I hear you, and this is my epoch too.
    BeatAnswer(Epoch),
    /// To every server: make me primary.
    VoteRequest {
        /// Of this epoch.
        epoch: Epoch,
        /// Or only say whether you would.
        dry: bool,
        /// This is how advanced I am.
        standing: Standing,
    },
    /// To who asked for a vote.
    Vote {
        /// In this epoch.
        epoch: Epoch,
        /// Whether only that was asked.
        dry: bool,
        /// Yes, or why not.
        verdict: Verdict,
    },
}

/// How advanced a log is: whose newest entry is of a later epoch, or who has more, is ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Standing {
    /// Epoch of the newest entry; 0 if there is none.
    pub epoch: Epoch,
    /// How many entries.
    pub entries: u64,
}

/// What a server answers to a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// You have my vote.
    Granted,
    /// I hear a primary, or have voted already.
    Declined,
    /// I am ahead of you and will ask myself.
    Behind,
}

/// A message's sort, for drawing and counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A client's write on its way in.
    Write,
    /// A client's read on its way in.
    Read,
    /// A server's answer to a write.
    Ack,
    /// A server's refusal.
    Refusal,
    /// A server's answer to a read.
    Value,
    /// Log entries.
    Append,
    /// A replica's acknowledgement.
    ReplicaAck,
    /// A keepalive and its answer.
    Heartbeat,
    /// A request for entries and what it leads to.
    Fetch,
    /// A full copy.
    Snapshot,
    /// Notice of a newer epoch, or of following another in it.
    Fence,
    /// A request for a vote, or the answer.
    Vote,
}

/// What a message's bytes are counted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Log entries and copies.
    Log,
    /// Replica acknowledgements.
    Ack,
    /// Everything else between servers.
    Control,
    /// To and from clients; not replication.
    Client,
}

/// Bytes around a message's own content: packet and protocol headers.
pub const HEADER_BYTES: u32 = 40;

impl Message {
    /// What its bytes are counted as.
    pub fn class(&self) -> Class {
        match self {
            Message::Append { .. } | Message::Snapshot { .. } => Class::Log,
            Message::Ack { .. } => Class::Ack,
            Message::Request(_) | Message::Reply(..) => Class::Client,
            Message::Heartbeat { .. }
            | Message::Status { .. }
            | Message::Fetch { .. }
            | Message::Resume { .. }
            | Message::Trimmed { .. }
            | Message::Fence(_)
            | Message::Unfollow(_)
            | Message::Beat { .. }
            | Message::BeatAnswer(_)
            | Message::VoteRequest { .. }
            | Message::Certify { .. }
            | Message::Vote { .. } => Class::Control,
        }
    }

    /// Size on the wire, in bytes. Simplification: a client's request and answer are a header and
    /// a row of 64 bytes, whatever they carry.
    pub fn bytes(&self) -> u32 {
        let content = match self {
            Message::Request(_) | Message::Reply(..) => 64,
            Message::Certify { had, .. } => 64 + had.bytes(),
            Message::Append { entries: Entries::One(entry), .. } => entry.bytes,
            Message::Append { entries: Entries::Many(entries), .. } => {
                entries.iter().fold(0, |sum, entry| entry.bytes.saturating_add(sum))
            }
            Message::Ack { .. }
            | Message::Heartbeat { .. }
            | Message::Status { .. }
            | Message::Trimmed { .. }
            | Message::Fence(_)
            | Message::Unfollow(_)
            | Message::Beat { .. }
            | Message::BeatAnswer(_)
            | Message::VoteRequest { .. }
            | Message::Vote { .. } => 24,
            Message::Fetch { want, .. } => match want {
                Want::After(gtids) => 24 + gtids.bytes(),
                Want::Rewind { have, keys } => 24 + have.bytes() + 4 * keys.len() as u32,
                Want::From { .. } | Want::Seed => 24,
            },
            Message::Resume { gtids, .. } => 24 + gtids.bytes(),
            Message::Snapshot { copy, .. } => {
                let rows = copy.rewind_bytes.unwrap_or_else(|| copy.store.bytes());
                rows.saturating_add(copy.gtids.bytes())
            }
        };
        HEADER_BYTES.saturating_add(content)
    }

    /// Its sort; a request's depends on what is asked.
    pub fn kind(&self, is_write: bool) -> Kind {
        match self {
            Message::Request(_) if is_write => Kind::Write,
            Message::Certify { .. } => Kind::Write,
            Message::Request(_) => Kind::Read,
            Message::Reply(_, Told::Ok | Told::OkDegraded) => Kind::Ack,
            Message::Reply(_, Told::Value) => Kind::Value,
            Message::Reply(_, Told::Refused(_) | Told::TimedOut) => Kind::Refusal,
            Message::Append { .. } => Kind::Append,
            Message::Ack { .. } => Kind::ReplicaAck,
            Message::Heartbeat { .. }
            | Message::Status { .. }
            | Message::Beat { .. }
            | Message::BeatAnswer(_) => Kind::Heartbeat,
            Message::VoteRequest { .. } | Message::Vote { .. } => Kind::Vote,
            Message::Fetch { .. } | Message::Resume { .. } | Message::Trimmed { .. } => Kind::Fetch,
            Message::Snapshot { .. } => Kind::Snapshot,
            Message::Fence(_) | Message::Unfollow(_) => Kind::Fence,
        }
    }
}
