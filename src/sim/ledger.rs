//! What clients asked and were told, and what the authoritative copy said at each moment.
//!
//! The ledger watches; no server ever looks at it. From it come receipts, staleness and losses.

use std::rc::Rc;

use crate::base::{Chunked, ClientId, KeyId, NodeId, OpId, SimTime};
use crate::data::{Gtid, GtidSet, Value};
use crate::node::{Reason, Request, Told};

/// How an operation stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The client waits.
    #[default]
    Pending,
    /// The client was told this, then.
    Told(Told, SimTime),
}

/// How old a read's value was when the read was served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Staleness {
    /// Acknowledged versions that were newer; 0 when fresh.
    pub versions: u32,
    /// How long the value had been superseded, in microseconds; 0 when fresh.
    pub us: u64,
}

/// One operation of one client.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Op {
    /// Whose.
    pub client: ClientId,
    /// What was asked.
    pub request: Request,
    /// Which server was asked; None if there was none to ask.
    pub target: Option<NodeId>,
    /// Whether the client named that server, whatever its read rule.
    pub pinned: bool,
    /// When the client sent it.
    pub sent_at: SimTime,
    /// How it stands.
    pub outcome: Outcome,
    /// A write: its entry. A read: the entry whose value it returned.
    pub gtid: Option<Gtid>,
    /// A read: the value it returned; None if it found none, or is not served.
    pub found: Option<Value>,
    /// A write: its commit timestamp. A read: the snapshot it saw; None if it saw the latest.
    pub stamp: Option<SimTime>,
    /// What its answer tells the client of the key, where rules for concurrent changes ask for it:
    /// everything that the server had.
    pub seen: Option<Rc<GtidSet>>,
    /// A read: how old its value was. Fresh until served.
    pub staleness: Staleness,
    /// A write: when a primary acknowledged it. The client learns it a little later.
    pub committed_at: Option<SimTime>,
    /// A write: whether it was acknowledged and is absent from the surviving history.
    pub lost: bool,
    /// A write: whether its entry was thrown away by the server that had it, or dropped for another
    /// by the rule for concurrent changes.
    pub discarded: bool,
    /// A write: whether some server met a change of its key that had not seen it, nor it that.
    pub conflicted: bool,
}

impl Op {
    /// The key it reads or writes.
    pub fn key(&self) -> KeyId {
        match &self.request {
            Request::Write { key, .. } | Request::Read { key, .. } => *key,
        }
    }

    /// Whether it writes.
    pub fn is_write(&self) -> bool {
        matches!(self.request, Request::Write { .. })
    }

    /// A write: what it sets its key to; None if it deletes it, or reads.
    pub fn written(&self) -> Option<&Value> {
        match &self.request {
            Request::Write { change, .. } => change.value(),
            Request::Read { .. } => None,
        }
    }

    /// Whether the client was told ok.
    pub fn acknowledged(&self) -> bool {
        matches!(self.outcome, Outcome::Told(Told::Ok | Told::OkDegraded, _))
    }

    /// Why it was refused; None if it was not.
    pub fn refusal(&self) -> Option<Reason> {
        match self.outcome {
            Outcome::Told(Told::Refused(reason), _) => Some(reason),
            Outcome::Told(..) | Outcome::Pending => None,
        }
    }
}

/// One value of one key, as the authoritative copy had it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    /// The entry.
    pub gtid: Gtid,
    /// When it was acknowledged.
    pub committed_at: SimTime,
    /// Number of the version of the same key before it; `NONE` if it is the first.
    before: u32,
}

const NONE: u32 = u32::MAX;

/// The watcher's book.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ledger {
    /// Every operation, in the order of issue.
    pub ops: Chunked<Op>,
    /// Entries whose clients were told ok and that are, or at one time were, absent from the
    /// surviving history.
    pub lost: GtidSet,
    /// Entries committed: whose ack rule was met. The client's answer may have gone astray.
    pub acknowledged: GtidSet,
    /// Of these, the ones absent from the surviving history, whatever their clients were told.
    pub absent: GtidSet,
    versions: Chunked<Version>,
    newest: Chunked<u32>,
}

impl Ledger {
    /// Books a new operation.
    pub fn open(
        &mut self,
        client: ClientId,
        request: Request,
        (target, pinned): (Option<NodeId>, bool),
        sent_at: SimTime,
    ) -> OpId {
        let op = Op {
            client,
            request,
            target,
            pinned,
            sent_at,
            outcome: Outcome::Pending,
            gtid: None,
            found: None,
            stamp: None,
            seen: None,
            staleness: Staleness::default(),
            committed_at: None,
            lost: false,
            discarded: false,
            conflicted: false,
        };
        self.ops.push(op);
        OpId(self.ops.len() as u32 - 1)
    }

    /// An operation; None if there is none of that number.
    pub fn op(&self, op: OpId) -> Option<&Op> {
        self.ops.get(op.0 as usize)
    }

    pub(super) fn op_mut(&mut self, op: OpId) -> Option<&mut Op> {
        self.ops.get_mut(op.0 as usize)
    }

    /// Books that a primary has acknowledged a write: from now on it is the key's newest value.
    pub(super) fn commit(&mut self, op: OpId, gtid: Gtid, now: SimTime) {
        let Some(booked) = self.op_mut(op) else {
            return;
        };
        booked.committed_at = Some(now);
        let key = booked.key().0 as usize;
        self.acknowledged.insert(gtid);
        self.newest.reach(key, &NONE);
        let number = self.versions.len() as u32;
        if let Some(newest) = self.newest.get_mut(key) {
            let before = std::mem::replace(newest, number);
            self.versions.push(Version { gtid, committed_at: now, before });
        }
    }

    /// How old a value is at this moment, given the entry it came from.
    ///
    /// An entry that is not (yet) acknowledged is newer than everything acknowledged.
    pub(super) fn staleness(&self, key: KeyId, version: Option<Gtid>, now: SimTime) -> Staleness {
        if version.is_some_and(|gtid| !self.acknowledged.contains(gtid)) {
            return Staleness::default();
        }
        let mut staleness = Staleness::default();
        let mut superseded_at = now;
        for newer in self.history(key).take_while(|newer| Some(newer.gtid) != version) {
            staleness.versions += 1;
            superseded_at = newer.committed_at;
        }
        staleness.us = now - superseded_at;
        staleness
    }

    /// Everything acknowledged, in order, that did not survive included: what, and when.
    pub fn commits(&self) -> impl DoubleEndedIterator<Item = &Version> {
        self.versions.iter()
    }

    /// A key's acknowledged values, newest first, those that did not survive left out.
    pub fn history(&self, key: KeyId) -> impl Iterator<Item = &Version> {
        let mut number = self.newest.get(key.0 as usize).copied().unwrap_or(NONE);
        let every = std::iter::from_fn(move || {
            let version = self.versions.get(number as usize)?;
            number = version.before;
            Some(version)
        });
        every.filter(|version| !self.absent.contains(version.gtid))
    }
}
