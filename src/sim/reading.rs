//! Where a client's next read goes and what it carries of its session.
//!
//! Simplification: a client's driver knows at once which servers are up and what each has applied,
//! as a proxy that follows the servers' GTIDs very nearly does.

use std::rc::Rc;

use crate::base::{ClientId, KeyId, NodeId, OpId, Purpose, SimTime, scaled};
use crate::data::{Change, Gtid, GtidSet};
use crate::node::{After, Node, Reason, Request, Told, View};
use crate::policy::{Conflict, ReadPolicy, Token};

use super::ledger::Op;
use super::world::World;

impl World {
    /// What the client's reads carry: what the server that answers must have, and which moment it
    /// is to show if not the one of the client's rule; None if nothing.
    pub(super) fn token_of(&self, client: ClientId, asked: Option<SimTime>) -> Option<Rc<After>> {
        let actor = &self.clients[client.index()];
        let view = match (asked, actor.read, actor.snapshot) {
            (Some(moment), _, _) | (None, ReadPolicy::Snapshot, Some(moment)) => View::At(moment),
            (None, ReadPolicy::Snapshot, None) => View::Newest,
            (None, _, _) => View::Latest,
        };
        let none = Token { written: false, read: false };
        let Token { written, read } = actor.read.token().unwrap_or(none);
        let mut gtids = GtidSet::default();
        let known = [(written, &actor.written), (read, &actor.seen)];
        for gtid in
            known.into_iter().filter(|(counts, _)| *counts).flat_map(|(_, set)| set.newest())
        {
            gtids.insert_through(gtid);
        }
        let patience = actor.wait;
        let carries = !gtids.is_empty() || view != View::Latest;
        carries.then(|| Rc::new(After { gtids, patience, view }))
    }

    /// A client learns of a change: its own acknowledged write, or one whose value it has read.
    ///
    /// It stands for every earlier one of its origin, as a position in a log does.
    pub(super) fn learn(&mut self, op: OpId, told: Told) {
        self.learn_context(op, told);
        let Some(booked) = self.ledger.op(op) else { return };
        let (client, gtid) = (booked.client, booked.gtid);
        let actor = &mut self.clients[client.index()];
        if actor.read == ReadPolicy::Snapshot {
            // As a transaction would: its first read begins it, its write or a failure ends it.
            match told {
                Told::Ok | Told::OkDegraded | Told::Refused(Reason::SnapshotTooOld) => {
                    actor.snapshot = None;
                }
                Told::Value => {
                    let view = match &booked.request {
                        Request::Read { after: Some(after), .. } => after.view,
                        Request::Read { after: None, .. } | Request::Write { .. } => View::Latest,
                    };
                    let taken = booked.stamp.filter(|_| view == View::Newest);
                    actor.snapshot = actor.snapshot.or(taken);
                }
                Told::Refused(_) | Told::TimedOut => {}
            }
        }
        let Some(gtid) = gtid else { return };
        // The others carry nothing, and need not remember.
        let Some(token) = actor.read.token() else { return };
        let note = |counts: bool, set: &mut GtidSet, gtid: Gtid| {
            if counts {
                set.insert_through(gtid);
            }
        };
        match told {
            Told::Ok | Told::OkDegraded => note(token.written, &mut actor.written, gtid),
            Told::Value => note(token.read, &mut actor.seen, gtid),
            Told::Refused(_) | Told::TimedOut => {}
        }
    }

    /// Whether clients' writes say what they had seen.
    fn asks_context(&self, change: &Change) -> bool {
        match self.rules.conflict {
            Conflict::VersionVector => change.is_whole() || matches!(change, Change::Edit(_)),
            Conflict::Ot => matches!(change, Change::Edit(_)),
            Conflict::None
            | Conflict::Lww
            | Conflict::MergeMax
            | Conflict::MergeMin
            | Conflict::MergeSum
            | Conflict::Reject => false,
        }
    }

    /// What a client's write of a key says it had seen; None if nobody asks, or it knows nothing.
    pub(super) fn context_of(
        &self,
        client: ClientId,
        key: KeyId,
        change: &Change,
    ) -> Option<Rc<GtidSet>> {
        if !self.asks_context(change) {
            return None;
        }
        self.clients[client.index()].knows(key)
    }

    /// What the answer to an operation tells its client of the key: all that the server had. None
    /// where nobody asks.
    pub(super) fn told_of(&self, op: &Op, node: &Node) -> Option<Rc<GtidSet>> {
        let tells = match &op.request {
            Request::Read { .. } => {
                matches!(self.rules.conflict, Conflict::VersionVector | Conflict::Ot)
            }
            // An editor gets the text with the answer to its edit.
            Request::Write { change: change @ Change::Edit(_), .. } => self.asks_context(change),
            Request::Write { .. } => false,
        };
        tells.then(|| Rc::new(node.disk.applied.clone()))
    }

    /// A client learns what an answer contained, or that its own write is there.
    fn learn_context(&mut self, op: OpId, told: Told) {
        let Some(booked) = self.ledger.op(op) else { return };
        let (client, key) = (booked.client, booked.key());
        let actor = &mut self.clients[client.index()];
        match (told, &booked.seen, booked.gtid) {
            (Told::Refused(_) | Told::TimedOut, _, _) => {}
            (Told::Ok | Told::OkDegraded | Told::Value, Some(seen), _) => {
                let seen = Rc::clone(seen);
                let known = actor.known_mut(key);
                known.own.retain(|gtid| !seen.contains(*gtid));
                known.seen = seen;
            }
            (Told::Ok | Told::OkDegraded, None, Some(gtid))
                if self.rules.conflict == Conflict::VersionVector =>
            {
                actor.known_mut(key).wrote(gtid);
            }
            (Told::Ok | Told::OkDegraded | Told::Value, None, _) => {}
        }
    }

    /// The server a client's next read goes to.
    pub(super) fn reader_for(&mut self, client: ClientId, after: Option<&After>) -> Option<NodeId> {
        let actor = &mut self.clients[client.index()];
        let nth = u64::from(actor.reads);
        actor.reads += 1;
        let read = actor.read;
        if let Some(first) = self.topology.tail().or_else(|| self.first_slave(read)) {
            return Some(first);
        }
        // Nobody is sent to a server that has yet to get its copy.
        let ready = |node: &Node| node.status.runs() && !node.awaits_copy();
        let may = |node: &&Node| ready(node) && read.allows(node.is_primary());
        match read {
            ReadPolicy::Primary => self.writer_for(client),
            ReadPolicy::RoundRobin => {
                let count = self.nodes.iter().filter(may).count().max(1) as u64;
                let turn = (nth % count) as usize;
                self.nodes.iter().filter(may).nth(turn).map(|node| node.id)
            }
            ReadPolicy::Nearest => {
                let up = self.nodes.iter().filter(may).map(|node| node.id);
                up.min_by_key(|node| (self.way(client, *node), *node))
            }
            ReadPolicy::ReadYourWrites | ReadPolicy::Monotonic | ReadPolicy::Causal => {
                let has = |node: &&Node| {
                    let lacks = |after: &After| after.gtids.first_missing_from(&node.disk.applied);
                    may(node) && after.and_then(lacks).is_none()
                };
                self.by_luck(client, nth, has).or_else(|| self.by_luck(client, nth, may))
            }
            ReadPolicy::Replica
            | ReadPolicy::Any
            | ReadPolicy::WaitForReplication
            | ReadPolicy::Snapshot => self.by_luck(client, nth, may),
        }
    }

    fn by_luck(&self, client: ClientId, nth: u64, may: impl Fn(&&Node) -> bool) -> Option<NodeId> {
        let count = self.nodes.iter().filter(&may).count() as u64;
        let draw = self.luck.draw(Purpose::ReadTarget, client.0.into(), nth);
        let chosen = scaled(draw, count) as usize;
        self.nodes.iter().filter(may).nth(chosen).map(|node| node.id)
    }

    /// The usual time from a client to a server and back, less what is the same for every server.
    fn way(&self, client: ClientId, node: NodeId) -> u64 {
        let home = self.clients[client.index()].home;
        let usual = |from, to| self.network.dials(from, to).latency.typical();
        if node == home { 0 } else { usual(home, node) + usual(node, home) }
    }
}
