//! The master of a proper chain: it hands the tail on, closes the chain over who fails, and takes
//! in who comes back.
//!
//! The paper assumes such a master and servers that fail by stopping. Simplification: it is the
//! kernel, whose word is known everywhere at once; failures it learns from the operator or, with
//! `cluster.failover`, from a head that no longer hears a server.

use crate::base::NodeId;
use crate::data::GtidSet;
use crate::node::Status;

use super::world::{Telling, World};

impl World {
    /// The chain is another: tells a new tail that it is that. The tail before it, if it still
    /// stands in the chain, says what it has answered; one that failed had answered nothing that
    /// the new one lacks.
    pub(super) fn hand_over(&mut self, telling: &mut Telling, before: Option<NodeId>) {
        let Some(now) = self.topology.tail() else {
            return;
        };
        let before = before.filter(|before| *before != now);
        // What the tail has not got yet is again what all before it have sent on.
        let have = self.nodes[now.index()].disk.log.gtids().clone();
        for other in self.topology.chain().iter().filter(|other| **other != now) {
            if Some(*other) != before {
                self.nodes[other.index()].hand_on(&have);
            }
        }
        let Some(before) = before else {
            return;
        };
        let stands = self.topology.chain().contains(&before);
        let committed = match stands {
            true => self.nodes[before.index()].hand_on(&have),
            false => GtidSet::default(),
        };
        if self.nodes[now.index()].status != Status::Down {
            self.with_node(telling, now, |node, cx| node.take_over(cx, &committed));
        }
    }

    /// A server reacted: if it is joining and has all that the tail has, it becomes the tail.
    pub(super) fn try_extend(&mut self, telling: &mut Telling, id: NodeId) {
        let Some(tail) = self.topology.tail().filter(|_| self.topology.joining().contains(&id))
        else {
            return;
        };
        let [node, tail] = [id, tail].map(|node| &self.nodes[node.index()]);
        let [source] = node.memory.upstreams.as_slice() else {
            return;
        };
        let hears_all = source.node == tail.id
            && source.generation == Some(tail.disk.log.generation)
            && source.expected >= source.promised;
        let used_all = node.memory.unflushed.is_empty()
            && node.disk.applied_through == node.disk.log.end()
            && !node.disk.wants_copy;
        let both_up = node.status == Status::Up && tail.status == Status::Up;
        let informed = node.disk.epoch == self.epoch && tail.disk.epoch == self.epoch;
        let behind = tail.disk.log.gtids().is_superset(node.disk.log.gtids());
        if hears_all && used_all && both_up && informed && behind {
            self.restream(telling, self.epoch, |topology| topology.extend(id));
        }
    }

    /// The head asks that the chain close over a server.
    pub(super) fn exclude(&mut self, telling: &mut Telling, head: NodeId, node: NodeId) {
        if self.leads_chain(head) && self.topology.chain().contains(&node) {
            self.restream(telling, self.epoch, |topology| topology.exclude(node));
        }
    }

    /// The head hears a server that stands outside the chain.
    pub(super) fn include(&mut self, telling: &mut Telling, head: NodeId, node: NodeId) {
        let topology = &self.topology;
        let known = topology.chain().contains(&node) || topology.joining().contains(&node);
        if self.leads_chain(head) && !known && self.known(node).is_ok() {
            self.restream(telling, self.epoch, |topology| topology.include(node));
        }
    }

    fn leads_chain(&self, head: NodeId) -> bool {
        let epoch = self.nodes[head.index()].disk.epoch;
        self.topology.chain().first() == Some(&head) && epoch == self.epoch
    }
}
