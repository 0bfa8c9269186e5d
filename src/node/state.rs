//! What a server is: its disk, which survives a crash, and its memory, which does not.

use std::collections::VecDeque;
use std::rc::Rc;

use smallvec::SmallVec;

use crate::base::{
    Delay, Epoch, KeyId, Lsn, Luck, Map, NodeId, OpId, Place, SimTime, SkewSpan, Sorted, Span,
};
use crate::data::{Change, Gtid, GtidSet, Log, LogEntry, Store};
use crate::policy::{Point, Rules};

use super::chapter::Call;
use super::election::Election;
use super::fact::{Fact, Told};
use super::message::{After, Message};
use super::under_way::UnderWay;

/// Whether a server runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It runs.
    #[default]
    Up,
    /// It stands still; what arrives waits.
    Paused,
    /// It has crashed; what arrives is lost.
    Down,
    /// It has left the cluster for good; its number is given to nobody else.
    Removed,
}

impl Status {
    /// Whether it runs, standing still or not.
    pub fn runs(self) -> bool {
        match self {
            Status::Up | Status::Paused => true,
            Status::Down | Status::Removed => false,
        }
    }
}

/// Whether a server takes writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// It takes writes.
    Primary,
    /// It follows.
    #[default]
    Replica,
}

/// How fast a server is; every one is a dial that can change mid-run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NodeDials {
    /// Time to apply one entry.
    pub apply_delay: Delay,
    /// Entries applied at a time.
    pub apply_workers: u16,
    /// Time to work on a read before it is answered.
    pub query_delay: Delay,
    /// Time for one flush, which covers all that waits when it begins.
    pub flush_delay: Delay,
    /// What applying takes longer for each row: that a statement looks at, or an image changes.
    pub apply_row_delay: Span,
    /// How far its clock is ahead of true time.
    pub clock_skew: SkewSpan,
    /// How long ago a commit must be before it is applied here, as with MySQL's MASTER_DELAY.
    pub apply_after: Span,
}

/// One server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Node {
    /// Which.
    pub id: NodeId,
    /// Whether it runs.
    pub status: Status,
    /// How fast it is.
    pub dials: Rc<NodeDials>,
    /// How often it has started; timers of an earlier life mean nothing.
    pub boots: u32,
    /// Applies begun so far, which number the draws for their delay.
    pub applies: u32,
    /// Flushes begun so far, which number the draws for their delay.
    pub flushes: u32,
    /// What survives a crash.
    pub disk: Disk,
    /// What does not.
    pub memory: Memory,
}

/// What survives a crash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Disk {
    /// The newest reign it knows of.
    pub epoch: Epoch,
    /// The newest epoch it has voted in or was asked to.
    pub promised: Epoch,
    /// Whom it has given its one vote in that epoch; None if nobody.
    pub voted_for: Option<NodeId>,
    /// Whether it takes writes.
    pub role: Role,
    /// The servers it follows.
    pub sources: SmallVec<[NodeId; 2]>,
    /// Whether it is to start over from a copy, because it has just joined or the operator said so.
    pub wants_copy: bool,
    /// Number of its own latest write; never used twice.
    pub last_seq: u32,
    /// Its log.
    pub log: Log,
    /// Its rows.
    pub store: Store,
    /// Every change its rows contain.
    pub applied: GtidSet,
    /// Position up to which every entry that came from others is applied.
    pub applied_through: Lsn,
    /// Entries beyond it that faster workers have applied already.
    pub applied_ahead: Sorted<Lsn>,
    /// In a proper chain: what the tail is known to have answered.
    pub acked: GtidSet,
    /// As a tail: what it must have applied before it answers a read.
    pub owes: GtidSet,
}

/// What a crash wipes out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Memory {
    /// Everything in the log or on its way into it.
    pub received: GtidSet,
    /// What waits for the disk, oldest first.
    pub unflushed: VecDeque<Unflushed>,
    /// How many of these the flush now running covers; 0 if none runs.
    pub flushing: u32,
    /// Whether entries wait for the sender.
    pub ship_armed: bool,
    /// Position of the next entry to begin applying.
    pub next_apply: Lsn,
    /// Workers at work.
    pub busy: u16,
    /// When the next entry is old enough to be applied, if a timer waits for that.
    pub due_at: Option<SimTime>,
    /// Position of the entry at which applying has stopped, with an error; None while it goes on.
    pub stopped: Option<Lsn>,
    /// Reads that are being worked on, in the order of arrival.
    pub queries: Vec<(OpId, KeyId, Option<Rc<After>>)>,
    /// Reads that wait for what their clients know of, in the order of arrival.
    pub reads: VecDeque<WaitingRead>,
    /// How many changes its rows contained, and its newest snapshot, when these were last looked
    /// at.
    pub reads_looked_at: (u64, SimTime),
    /// Own writes whose ack rule is not met, oldest first.
    pub waiting: VecDeque<Waiting>,
    /// Per replica, the newest of this server's own writes it has received, flushed, applied.
    pub positions: Vec<[u32; 3]>,
    /// Whether it has stopped waiting for acks.
    pub degraded: bool,
    /// Whether a timer watches the oldest waiting write.
    pub ack_timer: bool,
    /// The servers that follow this one, by number.
    pub downstreams: Vec<Downstream>,
    /// The servers this one follows.
    pub upstreams: SmallVec<[Upstream; 1]>,
    /// As a relay: the newest entry of an origin that a replica was reported to have at a point.
    pub relayed: Map<(NodeId, NodeId, Point), u32>,
    /// Per client, what LAST_INSERT_ID() is on its connection.
    pub last_insert_ids: Vec<i64>,
    /// With automatic failover: who is heard, and votes.
    pub election: Election,
    /// In the chapter's code: the write that holds the lock.
    pub call: Option<Box<Call>>,
}

impl Memory {
    /// A follower by its number; None if it does not follow this server.
    pub(super) fn downstream_mut(&mut self, node: NodeId) -> Option<&mut Downstream> {
        let found = self.downstreams.binary_search_by_key(&node, |downstream| downstream.node);
        found.ok().map(|at| &mut self.downstreams[at])
    }
}

/// Something that waits for the disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Unflushed {
    /// A client's write, which gets its GTID with the flush.
    Own {
        /// The operation.
        op: OpId,
        /// The key.
        key: KeyId,
        /// What becomes of it.
        change: Change,
        /// What it takes in the log, in bytes.
        bytes: u32,
        /// What its client had seen of the key, if anybody asks.
        seen: Option<Rc<GtidSet>>,
        /// Whether it asks for no acks, whatever the rule.
        local: bool,
        /// When the request arrived.
        accepted_at: SimTime,
    },
    /// An entry from a source.
    Foreign {
        /// The entry.
        entry: Rc<LogEntry>,
        /// When it arrived.
        received_at: SimTime,
        /// From whom.
        source: NodeId,
    },
}

/// A write whose ack rule is not yet met.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Waiting {
    /// The operation.
    pub op: OpId,
    /// Its number among this server's own writes.
    pub seq: u32,
    /// Its position in the log.
    pub lsn: Lsn,
    /// How many replicas have acknowledged it.
    pub acks: u16,
    /// Whether it asks for no acks, and waits only for another write of its row.
    pub local: bool,
    /// Whether reads see it already.
    pub visible: bool,
    /// When the request arrived.
    pub accepted_at: SimTime,
    /// When it was on disk, from which the timeout counts.
    pub written_at: SimTime,
}

/// A read that waits for what its client knows of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WaitingRead {
    /// The operation.
    pub op: OpId,
    /// The key.
    pub key: KeyId,
    /// What it waits for.
    pub after: Rc<After>,
    /// When it is turned down.
    pub until: SimTime,
}

/// A follower, as its source knows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Downstream {
    /// Which.
    pub node: NodeId,
    /// Whether its position is known, so that entries can be shipped.
    pub connected: bool,
    /// Position of the next entry to ship.
    pub next: Lsn,
    /// Position up to which it has confirmed.
    pub confirmed: Lsn,
    /// In which of its lives it last asked for something.
    pub session: u32,
    /// The newest epoch that it is known to have heard of.
    pub heard: Epoch,
    /// Whether it lacks entries that are gone here and is not sent a copy unasked.
    pub lost: bool,
    /// When something was last sent to it.
    pub sent_at: SimTime,
    /// Since when it has answered nothing; None if nothing is left to answer.
    pub unheard_since: Option<SimTime>,
    /// Whether the keepalive timer runs.
    pub keepalive_armed: bool,
}

/// A source, as its follower knows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Upstream {
    /// Which.
    pub node: NodeId,
    /// The numbering of positions; None before the source has said where it continues.
    pub generation: Option<u32>,
    /// Position of the next entry waited for.
    pub expected: Lsn,
    /// Position up to which what is shipped was in the source's log when this server connected:
    /// of that it takes nothing it has, whatever the loop filter.
    pub caught_up_at: Lsn,
    /// Position up to which the source is known to have entries.
    pub promised: Lsn,
    /// Whether it no longer has entries that are missing here: only a copy helps, and the operator
    /// must ask for one.
    pub lost: bool,
    /// Under MVCC: every commit up to this timestamp has come from it.
    pub closed: SimTime,
    /// Since when no message can come or go; None while it can. The kernel's mark, which the
    /// server itself never looks at.
    pub cut_off_at: Option<SimTime>,
    /// Whether a request is out, so that another would only repeat it.
    pub fetching: bool,
    /// When to ask again, if nothing has come by then.
    pub retry_at: SimTime,
    /// Whether the timer for that runs.
    pub retry_armed: bool,
}

/// What a server can be woken by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timer {
    /// The disk has finished.
    Flush,
    /// The sender takes what waits.
    Ship,
    /// A worker has finished this entry.
    Apply {
        /// Its position.
        lsn: Lsn,
        /// When the worker began.
        started_at: SimTime,
    },
    /// The oldest waiting write has waited long enough.
    AckTimeout,
    /// Nothing was sent to this follower for a while.
    Keepalive(NodeId),
    /// A request to this source may have gone astray.
    FetchRetry(NodeId),
    /// A read has waited long enough, or the snapshot it waits for is there.
    ReadTimeout(OpId),
    /// The next entry is old enough to be applied.
    Due,
    /// A read has been worked on.
    Query(OpId),
    /// A primary says that it is there.
    Beat,
    /// The primary may have been silent for too long.
    Watch,
    /// A pause or the time to answer is over, in this round of elections.
    Campaign(u32),
}

/// What a server asks for in answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Send a message.
    Send(Place, Message),
    /// Answer an operation; the kernel knows whose it is.
    Reply(OpId, Told),
    /// Wake me at this time.
    SetTimer(SimTime, Timer),
    /// This happened.
    Tell(Fact),
    /// I have become primary: arrange the streams around me.
    Lead,
    /// As the head of a proper chain: close it over this server, which I no longer hear.
    Exclude(NodeId),
    /// As its head: I hear this server, in case it stands outside.
    Include(NodeId),
}

/// What a server may look at while it reacts, and where its effects go.
pub struct Cx<'a> {
    /// The present.
    pub now: SimTime,
    /// The cluster's rules.
    pub rules: &'a Rules,
    /// The servers that are configured, by number.
    pub members: &'a [NodeId],
    /// How many numbers servers have been given, those that have left included.
    pub servers: u16,
    /// The servers of a proper chain, head first; empty in any other topology.
    pub chain: &'a [NodeId],
    /// The newest reign there has been.
    pub newest_epoch: Epoch,
    /// Who judges all writes, under the rule that one does.
    pub judge: Option<NodeId>,
    /// What each later primary had in its log when its reign began, oldest first.
    pub forks: &'a [(Epoch, Rc<GtidSet>)],
    /// The run's luck.
    pub luck: Luck,
    /// What is under way, of which only one's own connections are to be asked for.
    pub under_way: &'a dyn UnderWay,
    /// The effects, in order.
    pub effects: &'a mut Vec<Effect>,
}

impl Cx<'_> {
    /// How many servers are configured: a majority is more than half of these.
    pub fn count(&self) -> u16 {
        self.members.len() as u16
    }

    /// Whether a server is configured.
    pub fn is_member(&self, node: NodeId) -> bool {
        self.members.len() == usize::from(self.servers) || self.members.binary_search(&node).is_ok()
    }

    /// Whether a change of an earlier reign is part of the history of this epoch.
    ///
    /// As the history file of a PostgreSQL timeline says where it forked. Simplification: it can be
    /// read everywhere, at no cost.
    pub fn survives(&self, epoch: Epoch, gtid: Gtid) -> bool {
        let fork = self.forks.iter().rev().find(|(of, _)| *of <= epoch);
        fork.is_some_and(|(_, had)| had.contains(gtid))
    }

    /// Sends a message.
    pub fn send(&mut self, to: impl Into<Place>, message: Message) {
        self.effects.push(Effect::Send(to.into(), message));
    }

    /// Answers an operation.
    pub fn reply(&mut self, op: OpId, told: Told) {
        self.effects.push(Effect::Reply(op, told));
    }

    /// Sets a timer.
    pub fn wake(&mut self, at: SimTime, timer: Timer) {
        self.effects.push(Effect::SetTimer(at, timer));
    }

    /// Tells a fact.
    pub fn tell(&mut self, fact: Fact) {
        self.effects.push(Effect::Tell(fact));
    }
}

impl Node {
    /// A server with an empty disk.
    pub fn new(id: NodeId, role: Role, dials: Rc<NodeDials>) -> Node {
        let disk = Disk { epoch: 1, role, ..Disk::default() };
        Node {
            id,
            status: Status::Up,
            dials,
            boots: 0,
            applies: 0,
            flushes: 0,
            disk,
            memory: Memory::default(),
        }
    }

    /// Whether it belongs to the cluster, up or not.
    pub fn is_member(&self) -> bool {
        self.status != Status::Removed
    }

    /// Whether a source of it has no longer what it lacks, so that it stays behind until the
    /// operator has it start over from a copy.
    pub fn needs_seed(&self) -> bool {
        self.memory.upstreams.iter().any(|upstream| upstream.lost)
    }

    /// Whether it takes writes, up or not.
    pub fn is_primary(&self) -> bool {
        self.disk.role == Role::Primary
    }

    /// Whether others follow it while it follows another.
    pub fn is_relay(&self) -> bool {
        !self.is_primary() && !self.memory.downstreams.is_empty()
    }
}

impl Timer {
    /// Its place among the timers of one server at one instant.
    pub fn rank(self) -> u16 {
        match self {
            Timer::Flush => 0,
            Timer::Apply { .. } => 1,
            Timer::Ship => 2,
            Timer::AckTimeout => 3,
            Timer::Keepalive(_) => 4,
            Timer::FetchRetry(_) => 5,
            Timer::ReadTimeout(_) => 6,
            Timer::Beat => 7,
            Timer::Watch => 8,
            Timer::Campaign(_) => 9,
            Timer::Due => 10,
            Timer::Query(_) => 11,
        }
    }

    /// Its place among the timers of one rank.
    pub fn number(self) -> u64 {
        match self {
            Timer::Flush
            | Timer::Ship
            | Timer::AckTimeout
            | Timer::Beat
            | Timer::Watch
            | Timer::Due => 0,
            Timer::Campaign(round) => round.into(),
            Timer::Apply { lsn, .. } => lsn.into(),
            Timer::Keepalive(node) | Timer::FetchRetry(node) => node.0.into(),
            Timer::ReadTimeout(op) | Timer::Query(op) => op.0.into(),
        }
    }
}
