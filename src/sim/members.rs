//! Who belongs to the cluster and who follows whom: servers join and leave, streams are re-pointed
//! and laid out anew, a server starts over from a copy.
//!
//! A server's number is given once: one that has left keeps its place in the list of servers, and
//! takes no part. Simplification: the operator reaches every server that runs, at once; one that is
//! down or stands still learns of the change when it goes on. Members change everywhere at one
//! instant, so no two majorities ever rest on different lists.

use std::rc::Rc;

use crate::base::{Epoch, NODES_MAX, NodeId, OpId, Place};
use crate::data::{Gtid, GtidSet};
use crate::node::{Fact, Loss, Node, Reason, Role, Status};
use crate::topology::{Shape, Topology};

use super::operate::{AddCommand, RepointCommand};
use super::queue::Event;
use super::record::NO_CAUSE;
use super::world::{Telling, World};

impl World {
    /// The servers that belong to the cluster, up or not.
    pub fn members(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(|node| node.is_member())
    }

    /// How many servers are configured.
    pub fn member_count(&self) -> u16 {
        self.members.len() as u16
    }

    /// Whether a server belongs to the cluster; the reason if not.
    pub(super) fn known(&self, node: NodeId) -> Result<(), Reason> {
        self.status(node).map(|_| ())
    }

    pub(super) fn status(&self, node: NodeId) -> Result<Status, Reason> {
        match self.nodes.get(node.index()).map(|node| node.status) {
            None => Err(Reason::NoSuchNode),
            Some(Status::Removed) => Err(Reason::HasLeft),
            Some(status) => Ok(status),
        }
    }

    /// A new server joins, with an empty disk: it takes a copy of its source and follows it.
    pub(super) fn add_node(
        &mut self,
        telling: &mut Telling,
        add: &AddCommand,
    ) -> Result<(), Reason> {
        let source = add.source.unwrap_or_else(|| self.topology.vacancy());
        if self.topology.is_proper() && Some(source) != self.topology.tail() {
            return Err(Reason::ProperChain);
        }
        if !self.status(source)?.runs() {
            return Err(Reason::Down);
        }
        if self.nodes.len() >= usize::from(NODES_MAX) {
            return Err(Reason::LimitReached);
        }
        let id = NodeId(self.nodes.len() as u16);
        let all_write = self.members().all(Node::is_primary);
        let role = match self.topology.shape() {
            Shape::Ring if all_write => Role::Primary,
            Shape::Ring | Shape::Star | Shape::Chain | Shape::Tree | Shape::Custom => Role::Replica,
        };
        let mut node = Node::new(id, role, Rc::clone(&self.dials));
        node.disk.epoch = self.epoch;
        node.disk.wants_copy = true;
        self.nodes.push(node);
        self.members.push(id);
        self.network.breach.admit(id);
        self.with_node(telling, id, |node, cx| {
            cx.tell(Fact::Joined);
            node.mind(cx, false);
        });
        self.restream(telling, Epoch::MIN, |topology| topology.add(id, source));
        self.recount_members(telling);
        Ok(())
    }

    /// A server leaves for good: who followed it follows its source.
    pub(super) fn remove_node(
        &mut self,
        telling: &mut Telling,
        node: NodeId,
    ) -> Result<(), Reason> {
        self.known(node)?;
        if self.members.len() == 1 {
            return Err(Reason::LastNode);
        }
        let own = &self.nodes[node.index()];
        let leads = |other: &Node| {
            other.id != node && other.is_primary() && other.disk.epoch >= own.disk.epoch
        };
        if own.is_primary() && !self.members().any(leads) {
            return Err(Reason::SolePrimary);
        }
        if self.topology.chain() == [node] {
            return Err(Reason::LastOfChain);
        }
        self.drop_held(telling, node, Loss::Left);
        self.with_node(telling, node, |node, cx| node.leave(cx));
        self.members.retain(|member| *member != node);
        self.restream(telling, Epoch::MIN, |topology| topology.remove(node));
        self.nodes.iter_mut().for_each(|other| other.forget(node));
        self.recount_members(telling);
        self.find_losses_of_leaving(telling);
        Ok(())
    }

    /// Loses what waits at a server that stood still.
    pub(super) fn drop_held(&mut self, telling: &mut Telling, node: NodeId, loss: Loss) {
        for held in std::mem::take(&mut self.held) {
            match held {
                Event::Deliver(envelope) if envelope.to == node.into() => {
                    let mut telling = Telling::new(&mut *telling.take, NO_CAUSE);
                    self.lose(&mut telling, envelope, loss);
                }
                Event::Timer { node: of, .. } if of == node => {}
                other => self.held.push(other),
            }
        }
    }

    /// A server follows another and nobody else.
    pub(super) fn repoint(
        &mut self,
        telling: &mut Telling,
        RepointCommand { node, source }: RepointCommand,
    ) -> Result<(), Reason> {
        self.known(node)?;
        self.known(source)?;
        if self.topology.is_proper() {
            return Err(Reason::ProperChain);
        }
        let goes_round = match self.topology.shape() {
            Shape::Ring | Shape::Custom => true,
            Shape::Star | Shape::Chain | Shape::Tree => false,
        };
        if node == source || !goes_round && self.topology.leads(node, source) {
            return Err(Reason::WouldCycle);
        }
        if self.nodes[node.index()].is_primary() && !goes_round {
            return Err(Reason::PrimaryFollowsNobody);
        }
        if self.topology.upstream(node).eq([source]) {
            return Err(Reason::FollowsAlready);
        }
        self.restream(telling, self.epoch, |topology| topology.repoint(node, source));
        Ok(())
    }

    /// Lays the streams out anew over the servers that are up.
    pub(super) fn rebalance(&mut self, telling: &mut Telling) -> Result<(), Reason> {
        let up: Vec<bool> = self.nodes.iter().map(|node| node.status == Status::Up).collect();
        let root = self.topology.order()[0];
        let possible = match self.topology.shape() {
            Shape::Star | Shape::Chain | Shape::Tree => up[root.index()],
            Shape::Ring => up.contains(&true),
            Shape::Custom => true,
        };
        if !possible {
            return Err(Reason::NoRoot);
        }
        self.restream(telling, self.epoch, |topology| topology.rebalance(|node| up[node.index()]));
        Ok(())
    }

    /// A server starts over from a copy of its source.
    pub(super) fn reseed(&mut self, telling: &mut Telling, node: NodeId) -> Result<(), Reason> {
        if !self.status(node)?.runs() {
            return Err(Reason::Down);
        }
        if self.nodes[node.index()].memory.upstreams.is_empty() {
            return Err(Reason::NoSource);
        }
        self.with_node(telling, node, |node, cx| node.reseed(cx));
        Ok(())
    }

    /// Changes the topologies of an epoch and of all later ones, and gives every server that is up
    /// and whose streams are others now its new place.
    pub(super) fn restream(
        &mut self,
        telling: &mut Telling,
        since: Epoch,
        change: impl Fn(&mut Topology),
    ) {
        let newest = self.reigns.iter().rposition(|(epoch, _)| *epoch <= since).unwrap_or(0);
        let tail = self.topology.tail();
        for (_, topology) in &mut self.reigns[newest..] {
            change(Rc::make_mut(topology));
        }
        self.topology = self.topology_of(self.epoch);
        let cause = telling.cause;
        for at in 0..self.nodes.len() {
            telling.cause = cause;
            if self.nodes[at].status == Status::Up {
                self.replace(telling, NodeId(at as u16));
            }
        }
        telling.cause = cause;
        self.hand_over(telling, tail);
        telling.cause = cause;
    }

    /// Gives a server its place in its epoch's topology, if it has another.
    pub(super) fn replace(&mut self, telling: &mut Telling, node: NodeId) {
        let Node { disk, memory, .. } = &self.nodes[node.index()];
        let topology = self.topology_of(disk.epoch);
        let followers = memory.downstreams.iter().map(|downstream| downstream.node);
        let same = topology.upstream(node).eq(disk.sources.iter().copied())
            && topology.downstream(node).eq(followers);
        if !same {
            self.reconfigure(telling, node);
        }
    }

    /// The configured servers are others: acks and votes are counted by the new list.
    fn recount_members(&mut self, telling: &mut Telling) {
        let cause = telling.cause;
        for node in self.members.clone() {
            telling.cause = cause;
            self.with_node(telling, node, |node, cx| node.on_members(cx));
        }
        telling.cause = cause;
    }

    /// Whether a server of the cluster has an entry, on disk or not yet.
    pub(super) fn is_held(&self, gtid: Gtid) -> bool {
        let mut members = self.members();
        members
            .any(|node| node.disk.log.gtids().contains(gtid) || node.memory.received.contains(gtid))
    }

    /// Tells which acknowledged writes a server took with it when it left.
    fn find_losses_of_leaving(&mut self, telling: &mut Telling) {
        let held = |node: &Node| {
            let mut all = node.disk.log.gtids().clone();
            all.extend(&node.memory.received);
            all
        };
        let everywhere = self.members().map(held).reduce(|mut all, own| {
            all.extend(&own);
            all
        });
        let missing: GtidSet = match everywhere {
            Some(all) => self.ledger.acknowledged.difference(&all).collect(),
            None => return,
        };
        self.ledger.absent.extend(&missing);
        self.tell_losses(telling, &missing);
    }

    /// Tells that acknowledged writes are lost, unless that was told before.
    pub(super) fn tell_losses(&mut self, telling: &mut Telling, missing: &GtidSet) {
        let cause = telling.cause;
        for number in 0..self.ledger.ops.len() {
            let op = OpId(number as u32);
            let Some(booked) = self.ledger.op(op) else {
                continue;
            };
            let newly_lost = booked.is_write() && booked.acknowledged() && !booked.lost;
            if let Some(gtid) = booked.gtid.filter(|gtid| newly_lost && missing.contains(*gtid)) {
                telling.cause = cause;
                self.tell(telling, Place::from(booked.client), Fact::LostWrite { op, gtid });
            }
        }
    }
}
