//! Where a client's next read goes and what it carries of its session.
//!
//! Simplification: a client's driver knows at once which servers are up and what each has applied,
//! as a proxy that follows the servers' GTIDs very nearly does.

use std::rc::Rc;

use crate::base::{ClientId, NodeId, OpId, Purpose, scaled};
use crate::data::{Gtid, GtidSet};
use crate::node::{After, Node, Told};
use crate::policy::{ReadPolicy, Token};

use super::world::World;

impl World {
    /// What the client's reads carry: what the server that answers must have; None if nothing.
    pub(super) fn token_of(&self, client: ClientId) -> Option<Rc<After>> {
        let actor = &self.clients[client.index()];
        let Token { written, read } = actor.read.token()?;
        let mut gtids = GtidSet::default();
        let known = [(written, &actor.written), (read, &actor.seen)];
        for gtid in
            known.into_iter().filter(|(counts, _)| *counts).flat_map(|(_, set)| set.newest())
        {
            gtids.insert_through(gtid);
        }
        let patience = actor.wait;
        (!gtids.is_empty()).then(|| Rc::new(After { gtids, patience }))
    }

    /// A client learns of a change: its own acknowledged write, or one whose value it has read.
    ///
    /// It stands for every earlier one of its origin, as a position in a log does.
    pub(super) fn learn(&mut self, op: OpId, told: Told) {
        let Some((client, Some(gtid))) = self.ledger.op(op).map(|op| (op.client, op.gtid)) else {
            return;
        };
        let actor = &mut self.clients[client.index()];
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

    /// The server a client's next read goes to.
    pub(super) fn reader_for(&mut self, client: ClientId, after: Option<&After>) -> Option<NodeId> {
        let actor = &mut self.clients[client.index()];
        let nth = u64::from(actor.reads);
        actor.reads += 1;
        let read = actor.read;
        if let Some(tail) = self.topology.tail() {
            return Some(tail);
        }
        // Nobody is sent to a server that has yet to get its copy.
        let ready = |node: &Node| node.status.runs() && !node.disk.wants_copy;
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
            ReadPolicy::Replica | ReadPolicy::Any | ReadPolicy::WaitForReplication => {
                self.by_luck(client, nth, may)
            }
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
