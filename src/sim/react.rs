//! One server's reaction: what it sees, and what becomes of what it asks for.

use crate::base::{NodeId, OpId};
use crate::node::{Cx, Effect, Message, Node, Status};
use crate::policy::Conflict;

use super::ledger::Op;
use super::queue::Event;
use super::world::{Telling, World};

impl World {
    /// Lets one server react, and carries out what it asks for.
    pub(super) fn with_node(
        &mut self,
        telling: &mut Telling,
        node: NodeId,
        react: impl FnOnce(&mut Node, &mut Cx),
    ) {
        let mut effects = std::mem::take(&mut self.effects);
        let (actor, mut cx) = self.scene(node, &mut effects);
        react(actor, &mut cx);
        self.conclude(telling, node, effects);
    }

    /// A server, and what it sees while it reacts.
    // The page has it once; elsewhere it is part of every reaction, for speed.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn scene<'a>(
        &'a mut self,
        node: NodeId,
        effects: &'a mut Vec<Effect>,
    ) -> (&'a mut Node, Cx<'a>) {
        let cx = Cx {
            now: self.now,
            rules: &self.rules,
            members: &self.members,
            servers: self.nodes.len() as u16,
            chain: self.topology.chain(),
            newest_epoch: self.epoch,
            judge: self.judge(),
            forks: &self.forks,
            luck: self.luck,
            under_way: &self.queue,
            effects,
        };
        (&mut self.nodes[node.index()], cx)
    }

    /// After a reaction: reads that waited for it are answered, and what was asked for happens.
    // The page has it once; elsewhere it is part of every reaction, for speed.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn conclude(&mut self, telling: &mut Telling, node: NodeId, mut effects: Vec<Effect>) {
        let actor = &self.nodes[node.index()];
        let boot = actor.boots;
        if !actor.memory.reads.is_empty() {
            self.turn_away(node, &mut effects);
            let (actor, mut cx) = self.scene(node, &mut effects);
            actor.answer_reads(&mut cx);
        }
        self.carry_out_effects(telling, node, boot, effects);
        if !self.topology.joining().is_empty() {
            self.try_extend(telling, node);
        }
    }

    /// Whether an operation is a read that was sent to the tail of a proper chain, and this server
    /// is not that, or no more.
    pub(super) fn is_astray(&self, node: NodeId, op: OpId) -> bool {
        let directed = |booked: &Op| !booked.pinned && !booked.is_write();
        self.topology.tail().is_some_and(|tail| tail != node)
            && self.ledger.op(op).is_some_and(directed)
    }

    /// Turns down the reads that have waited here for too long to be answered by the tail.
    fn turn_away(&mut self, node: NodeId, effects: &mut Vec<Effect>) {
        if !self.topology.is_proper() || self.nodes[node.index()].status != Status::Up {
            return;
        }
        let waiting = self.nodes[node.index()].memory.reads.iter().map(|read| read.op);
        let astray: Vec<OpId> = waiting.filter(|op| self.is_astray(node, *op)).collect();
        for op in astray {
            let (actor, mut cx) = self.scene(node, effects);
            actor.turn_away(&mut cx, op);
        }
    }

    fn carry_out_effects(
        &mut self,
        telling: &mut Telling,
        node: NodeId,
        boot: u32,
        mut effects: Vec<Effect>,
    ) {
        for effect in effects.drain(..) {
            match effect {
                Effect::Tell(fact) => self.tell(telling, node.into(), fact),
                Effect::Send(to, message) => self.send(telling.cause, node.into(), to, message),
                Effect::Reply(op, told) => {
                    if let Some(client) = self.ledger.op(op).map(|booked| booked.client) {
                        self.send(
                            telling.cause,
                            node.into(),
                            client.into(),
                            Message::Reply(op, told),
                        );
                    }
                }
                Effect::Lead => self.crown(telling, node),
                Effect::Exclude(other) => self.exclude(telling, node, other),
                Effect::Include(other) => self.include(telling, node, other),
                Effect::SetTimer(at, timer) => {
                    self.queue.push(at, Event::Timer { node, boot, timer, cause: telling.cause });
                }
            }
        }
        self.effects = effects;
    }

    /// Who judges all writes, under the rule that one server does.
    fn judge(&self) -> Option<NodeId> {
        let judges = self.rules.conflict == Conflict::Reject && self.rules.several_write;
        judges.then(|| self.primary().map(|primary| primary.id)).flatten()
    }
}
