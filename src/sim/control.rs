//! Carrying out commands: every fault and every dial has one arm here.

use std::rc::Rc;

use crate::base::{ClientId, Epoch, NodeId, OpId, Place, Span};
use crate::data::{Change, GtidSet, ot};
use crate::node::{After, Fact, Loss, Node, NodeDials, Reason, Request, Status, View};
use crate::policy::Isolation;
use crate::topology::{Shape, Topology};

use super::amend::{IncrementCommand, TextDeleteCommand, TextInsertCommand};
use super::asking::DeleteCommand;
use super::command::{Command, DialsCommand, WriteCommand};
use super::network::LinkDials;
use super::queue::Event;
use super::record::{NO_CAUSE, Record};
use super::scenario::LinkSpec;
use super::world::{Telling, World};

impl World {
    /// Carries out the command with this number in the scenario's list, at this time, which must
    /// not be before `now`. What cannot be done is refused with a reason and changes nothing.
    pub fn execute(
        &mut self,
        at: u64,
        number: u32,
        command: &Command,
        take: &mut dyn FnMut(Record),
    ) {
        if self.limit.is_some() {
            return;
        }
        self.now = at;
        self.steps += 1;
        let mut telling = Telling::new(&mut *take, NO_CAUSE);
        self.tell(&mut telling, Place::OPERATOR, Fact::Command(number));
        if let Err(reason) = self.carry_out(&mut telling, command) {
            self.tell(&mut telling, Place::OPERATOR, Fact::CommandRefused(reason));
        }
        self.check_limits(take);
    }

    fn carry_out(&mut self, telling: &mut Telling, command: &Command) -> Result<(), Reason> {
        if self.rules.code.is_some() && command.rearranges() {
            return Err(Reason::AsWritten);
        }
        match command {
            Command::Write(write) => self.change(telling, write, Change::Put(write.value.clone())),
            Command::Insert(write) => {
                self.change(telling, write, Change::Insert(write.value.clone()))
            }
            Command::SetAdd(write) => {
                let value = write.value.clone();
                self.change(telling, write, Change::Member { value, joins: true })
            }
            Command::SetRemove(write) => {
                let value = write.value.clone();
                self.change(telling, write, Change::Member { value, joins: false })
            }
            Command::Increment(IncrementCommand { client, key, by, to }) => {
                self.change_for(telling, (client, key, *to), Change::Add(*by))
            }
            Command::TextInsert(TextInsertCommand { client, key, at, text, to }) => {
                let edit = Change::Edit(ot::inserting(*at, text).into());
                self.change_for(telling, (client, key, *to), edit)
            }
            Command::TextDelete(TextDeleteCommand { client, key, at, count, to }) => {
                let edit = Change::Edit(ot::deleting(*at, *count).into());
                self.change_for(telling, (client, key, *to), edit)
            }
            Command::Delete(DeleteCommand { client, key, to }) => {
                self.change_for(telling, (client, key, *to), Change::Delete)
            }
            Command::Read(read) => {
                let key = self.names.intern(&read.key).ok_or(Reason::LimitReached)?;
                let view = |at: Span| {
                    let (gtids, patience) = (GtidSet::default(), Span::ZERO);
                    Rc::new(After { gtids, patience, view: View::At(at.0) })
                };
                let after = read.at.map(view);
                let request = Request::Read { key, after, select: None };
                self.submit_for(telling, &read.client, request, read.to)
            }
            Command::Sql(sql) => self.submit_sql(telling, sql),
            Command::Crash(node) => self.crash(telling, *node),
            Command::Restart(node) => self.restart(telling, *node),
            Command::Pause(node) => self.pause(telling, *node),
            Command::Resume(node) => self.resume(telling, *node),
            Command::Partition(_) | Command::Heal(_) => self.breach(command),
            Command::Cut(cut) | Command::Mend(cut) => {
                self.known(cut.from)?;
                self.known(cut.to)?;
                self.breach(command)
            }
            Command::Set(dials) => self.set(telling, dials),
            Command::Promote(node) => self.promote(telling, *node),
            Command::Demote(node) => self.demote(telling, *node),
            Command::Clock(clock) => {
                self.known(clock.node)?;
                Rc::make_mut(&mut self.nodes[clock.node.index()].dials).clock_skew = clock.skew;
                Ok(())
            }
            Command::AddNode(add) => self.add_node(telling, add),
            Command::RemoveNode(node) => self.remove_node(telling, *node),
            Command::Repoint(repoint) => self.repoint(telling, *repoint),
            Command::Rebalance(_) => self.rebalance(telling),
            Command::Reseed(node) => self.reseed(telling, *node),
            Command::Vacuum(node) => self.vacuum(telling, *node),
            Command::Skip(node) => {
                if self.status(*node)? != Status::Up {
                    return Err(Reason::Down);
                }
                let mut skipped = false;
                self.with_node(telling, *node, |node, cx| skipped = node.skip(cx));
                if skipped { Ok(()) } else { Err(Reason::NotStopped) }
            }
        }
    }

    fn change(
        &mut self,
        telling: &mut Telling,
        write: &WriteCommand,
        change: Change,
    ) -> Result<(), Reason> {
        let key = self.names.intern(&write.key).ok_or(Reason::LimitReached)?;
        let mut request = self.write_request(key, change);
        if let Request::Write { local, .. } = &mut request {
            *local = write.ack.is_some();
        }
        self.submit_for(telling, &write.client, request, write.to)
    }

    fn change_for(
        &mut self,
        telling: &mut Telling,
        (client, key, to): (&str, &str, Option<NodeId>),
        change: Change,
    ) -> Result<(), Reason> {
        let key = self.names.intern(key).ok_or(Reason::LimitReached)?;
        let request = self.write_request(key, change);
        self.submit_for(telling, client, request, to)
    }

    fn submit_for(
        &mut self,
        telling: &mut Telling,
        client: &str,
        request: Request,
        to: Option<NodeId>,
    ) -> Result<(), Reason> {
        let client: ClientId = self.client(client).ok_or(Reason::NoSuchClient)?.id;
        to.map_or(Ok(()), |node| self.known(node))?;
        self.submit(telling, client, request, to);
        Ok(())
    }

    fn crash(&mut self, telling: &mut Telling, node: NodeId) -> Result<(), Reason> {
        if self.status(node)? == Status::Down {
            return Err(Reason::Down);
        }
        self.drop_held(telling, node, Loss::Down);
        self.with_node(telling, node, |node, cx| node.crash(cx));
        Ok(())
    }

    fn restart(&mut self, telling: &mut Telling, node: NodeId) -> Result<(), Reason> {
        if self.status(node)? != Status::Down {
            return Err(Reason::NotDown);
        }
        let topology = self.topology_of(self.nodes[node.index()].disk.epoch);
        let sources: Vec<NodeId> = topology.upstream(node).collect();
        let downstreams: Vec<NodeId> = topology.downstream(node).collect();
        self.with_node(telling, node, |node, cx| node.restart(cx, &sources, &downstreams));
        if self.topology.tail() == Some(node) {
            self.with_node(telling, node, |node, cx| node.take_over(cx, &GtidSet::default()));
        }
        Ok(())
    }

    fn pause(&mut self, telling: &mut Telling, node: NodeId) -> Result<(), Reason> {
        if self.status(node)? == Status::Down {
            return Err(Reason::Down);
        }
        self.nodes[node.index()].status = Status::Paused;
        self.tell(telling, node.into(), Fact::Paused);
        Ok(())
    }

    /// A paused server goes on with what has arrived meanwhile, in the order of arrival.
    fn resume(&mut self, telling: &mut Telling, node: NodeId) -> Result<(), Reason> {
        if self.status(node)? != Status::Paused {
            return Err(Reason::NotPaused);
        }
        self.with_node(telling, node, |node, cx| node.unpause(cx));
        let topology = self.topology_of(self.nodes[node.index()].disk.epoch);
        if !topology.upstream(node).eq(self.nodes[node.index()].disk.sources.iter().copied()) {
            self.reconfigure(telling, node);
        }
        for held in std::mem::take(&mut self.held) {
            match held {
                Event::Deliver(envelope) if envelope.to == node.into() => {
                    self.queue.push(self.now, Event::Deliver(envelope));
                }
                Event::Timer { node: of, .. } if of == node => self.queue.push(self.now, held),
                other => self.held.push(other),
            }
        }
        Ok(())
    }

    fn vacuum(&mut self, telling: &mut Telling, node: NodeId) -> Result<(), Reason> {
        if self.status(node)? != Status::Up {
            return Err(Reason::Down);
        }
        if self.rules.isolation != Isolation::Mvcc {
            return Err(Reason::NoVersions);
        }
        self.with_node(telling, node, |node, cx| node.vacuum(cx));
        Ok(())
    }

    fn breach(&mut self, command: &Command) -> Result<(), Reason> {
        self.network.breach.obey(command, self.nodes.len())?;
        self.refresh_network();
        Ok(())
    }

    fn refresh_network(&mut self) {
        self.network.refresh(&self.clients, &mut self.queue, self.now);
        let breach = &self.network.breach;
        for node in &mut self.nodes {
            for upstream in &mut node.memory.upstreams {
                let (a, b) = (upstream.node, node.id);
                let cut_off = !breach.reaches(a, b) || !breach.reaches(b, a);
                let since = upstream.cut_off_at.unwrap_or(self.now);
                upstream.cut_off_at = cut_off.then_some(since);
            }
        }
    }

    fn set(&mut self, telling: &mut Telling, dials: &DialsCommand) -> Result<(), Reason> {
        self.set_network(dials)?;
        self.set_nodes(telling, dials)?;
        let rules = Rc::make_mut(&mut self.rules);
        dials.ack.iter().for_each(|ack| rules.ack = *ack);
        dials.conflict.iter().for_each(|rule| rules.conflict = *rule);
        dials.loop_filter.iter().for_each(|filter| rules.loop_filter = *filter);
        dials.ignore_origins.iter().for_each(|these| rules.ignore_origins = these.0.clone());
        dials.relay_acks.iter().for_each(|on| rules.relay_acks = *on);
        dials.ship_delay.iter().for_each(|delay| rules.ship_delay = delay.clone());
        dials.keepalive.iter().for_each(|span| rules.keepalive = *span);
        dials.retention.iter().for_each(|keep| rules.retention = Some(*keep));
        dials.log_format.iter().for_each(|format| rules.log_format = *format);
        dials.row_image.iter().for_each(|image| rules.row_image = *image);
        dials.auto_seed.iter().for_each(|on| rules.auto_seed = *on);
        dials.vacuum.iter().for_each(|span| rules.vacuum = Some(*span));
        if dials.ack.is_some() || dials.relay_acks.is_some() {
            for node in (0..self.nodes.len() as u16).map(NodeId) {
                self.with_node(telling, node, |node, cx| node.on_rules(cx));
            }
        }
        Ok(())
    }

    fn set_network(&mut self, dials: &DialsCommand) -> Result<(), Reason> {
        let DialsCommand { latency, loss, duplicate, reorder, bandwidth, both, .. } = dials.clone();
        let touched =
            latency.is_some() || loss.is_some() || duplicate.is_some() || reorder.is_some();
        if !touched && bandwidth.is_none() {
            return Ok(());
        }
        match (dials.from, dials.to) {
            (Some(from), Some(to)) => {
                self.known(from)?;
                self.known(to)?;
                self.network.set_link(&LinkSpec {
                    from,
                    to,
                    both,
                    latency,
                    loss,
                    duplicate,
                    reorder,
                    bandwidth,
                });
            }
            (None, None) => self.network.set_all(|link: &mut LinkDials| {
                latency.iter().for_each(|latency| link.latency = latency.clone());
                loss.iter().for_each(|loss| link.loss = *loss);
                duplicate.iter().for_each(|duplicate| link.duplicate = *duplicate);
                reorder.iter().for_each(|reorder| link.reorder = *reorder);
                bandwidth.iter().for_each(|bandwidth| link.bandwidth = *bandwidth);
            }),
            (Some(_), None) | (None, Some(_)) => return Err(Reason::OutOfRange),
        }
        self.refresh_network();
        Ok(())
    }

    fn set_nodes(&mut self, telling: &mut Telling, dials: &DialsCommand) -> Result<(), Reason> {
        let DialsCommand { apply_delay, apply_workers, flush_delay, query_delay, .. } = dials;
        let DialsCommand { apply_row_delay, apply_after, .. } = dials;
        let slower = [apply_delay, flush_delay, query_delay].into_iter().any(Option::is_some);
        let later = apply_row_delay.is_some() || apply_after.is_some();
        if !slower && !later && apply_workers.is_none() {
            return Ok(());
        }
        dials.node.map_or(Ok(()), |node| self.known(node))?;
        let change = |own: &mut NodeDials| {
            apply_delay.iter().for_each(|delay| own.apply_delay = delay.clone());
            apply_workers.iter().for_each(|workers| own.apply_workers = (*workers).max(1));
            flush_delay.iter().for_each(|delay| own.flush_delay = delay.clone());
            query_delay.iter().for_each(|delay| own.query_delay = delay.clone());
            apply_row_delay.iter().for_each(|delay| own.apply_row_delay = *delay);
            apply_after.iter().for_each(|span| own.apply_after = *span);
        };
        if dials.node.is_none() {
            change(Rc::make_mut(&mut self.dials));
        }
        for at in 0..self.nodes.len() {
            let id = self.nodes[at].id;
            if dials.node.is_some_and(|node| node != id) {
                continue;
            }
            change(Rc::make_mut(&mut self.nodes[at].dials));
            self.with_node(telling, id, |node, cx| node.on_dials(cx));
        }
        Ok(())
    }

    /// Makes a server primary of a new epoch and re-points every server it can reach.
    ///
    /// Simplification: the operator acts on all reachable servers at once. Those that are down or
    /// cut off keep what they believe until a message of the new epoch reaches them.
    fn promote(&mut self, telling: &mut Telling, node: NodeId) -> Result<(), Reason> {
        if self.status(node)? != Status::Up {
            return Err(Reason::Down);
        }
        if self.topology.shape() == Shape::Ring {
            return Err(Reason::EveryNodeWrites);
        }
        if self.primary().is_some_and(|primary| primary.id == node) {
            return Err(Reason::AlreadyPrimary);
        }
        if self.rules.code.is_some() {
            return self.promote_as_written(telling, node);
        }
        if self.nodes[node.index()].is_blank() {
            return Err(Reason::NoCopyYet);
        }
        if self.topology.is_proper() && !self.topology.chain().contains(&node) {
            return Err(Reason::NotInChain);
        }
        let promised = self.nodes.iter().map(Node::promised).max();
        let epoch = promised.unwrap_or_default().max(self.epoch) + 1;
        self.begin_reign(node, epoch, Rc::clone(&self.topology));
        self.with_node(telling, node, |node, cx| node.promote(cx, epoch));
        self.note_fork(node);
        let promoted = telling.cause;
        let reachable: Vec<NodeId> = self
            .nodes
            .iter()
            .filter(|other| other.status == Status::Up)
            .map(|other| other.id)
            .filter(|other| {
                self.network.breach.reaches(node, *other)
                    && self.network.breach.reaches(*other, node)
            })
            .collect();
        for other in reachable {
            telling.cause = promoted;
            if other != node {
                self.with_node(telling, other, |server, cx| server.join(cx, epoch));
            }
            self.reconfigure(telling, other);
        }
        telling.cause = promoted;
        self.find_losses(telling);
        Ok(())
    }

    /// Arranges the streams of a new epoch around its primary.
    fn begin_reign(&mut self, primary: NodeId, epoch: Epoch, mut topology: Rc<Topology>) {
        Rc::make_mut(&mut topology).promote(primary);
        if epoch > self.epoch {
            self.epoch = epoch;
            self.topology = Rc::clone(&topology);
        }
        let at = self.reigns.partition_point(|(other, _)| *other < epoch);
        self.reigns.insert(at, (epoch, topology));
    }

    /// Notes what of earlier reigns is part of the one that this server has just begun.
    fn note_fork(&mut self, primary: NodeId) {
        let disk = &self.nodes[primary.index()].disk;
        let at = self.forks.partition_point(|(other, _)| *other < disk.epoch);
        self.forks.insert(at, (disk.epoch, Rc::new(disk.log.gtids().clone())));
    }

    /// Who replicates from whom in an epoch: as in the latest that began with a promotion.
    pub(super) fn topology_of(&self, epoch: Epoch) -> Rc<Topology> {
        let begun = self.reigns.iter().rev().find(|(other, _)| *other <= epoch);
        Rc::clone(begun.map_or(&self.topology, |(_, topology)| topology))
    }

    /// A server has been elected and leads: its streams start, and what its reign lacks is lost.
    /// The others learn of it from its beats.
    pub(super) fn crown(&mut self, telling: &mut Telling, node: NodeId) {
        let epoch = self.nodes[node.index()].disk.epoch;
        let before = self.topology_of(epoch - 1);
        self.begin_reign(node, epoch, before);
        self.note_fork(node);
        let promoted = telling.cause;
        self.reconfigure(telling, node);
        telling.cause = promoted;
        self.find_losses(telling);
    }

    /// Gives a server that has learned of a newer epoch its place in that epoch's topology.
    ///
    /// Simplification: the cluster's configuration can be read everywhere, at no cost.
    pub(super) fn reconfigure(&mut self, telling: &mut Telling, node: NodeId) {
        let topology = self.topology_of(self.nodes[node.index()].disk.epoch);
        let sources: Vec<NodeId> = topology.upstream(node).collect();
        let downstreams: Vec<NodeId> = topology.downstream(node).collect();
        self.with_node(telling, node, |server, cx| {
            server.set_streams(cx, &sources, &downstreams);
            server.announce(cx);
        });
    }

    fn demote(&mut self, telling: &mut Telling, node: NodeId) -> Result<(), Reason> {
        if self.status(node)? != Status::Up {
            return Err(Reason::Down);
        }
        if !self.nodes[node.index()].is_primary() {
            return Err(Reason::NotPrimary);
        }
        let epoch = self.epoch;
        self.with_node(telling, node, |server, cx| {
            server.demote(cx, epoch);
            cx.tell(Fact::Demoted);
        });
        self.reconfigure(telling, node);
        Ok(())
    }

    /// Tells which acknowledged writes the servers that now lead do not have.
    pub(super) fn find_losses(&mut self, telling: &mut Telling) {
        let Some(surviving) = self.surviving() else {
            return;
        };
        let missing: GtidSet = self.ledger.acknowledged.difference(&surviving).collect();
        self.ledger.absent = missing.clone();
        self.tell_losses(telling, &missing);
    }

    /// A write acknowledged by a primary that has been deposed meanwhile is lost from the start.
    pub(super) fn lose_if_deposed(&mut self, telling: &mut Telling, op: OpId) {
        let all_stayed = self.members.len() == self.nodes.len();
        if self.epoch == 1 && all_stayed {
            return;
        }
        let Some(booked) =
            self.ledger.op(op).filter(|booked| booked.acknowledged() && !booked.lost)
        else {
            return;
        };
        let (client, Some(gtid)) = (booked.client, booked.gtid) else {
            return;
        };
        let missing = booked.is_write() && self.surviving().is_some_and(|all| !all.contains(gtid));
        let left = !self.nodes[gtid.origin.index()].is_member();
        if missing && !(left && self.is_held(gtid)) {
            self.tell(telling, client.into(), Fact::LostWrite { op, gtid });
        }
    }

    /// Everything that the primaries of the newest epoch have on disk, up or down: a disk survives.
    /// None while nobody leads in that epoch: nothing is decided then.
    pub fn surviving(&self) -> Option<GtidSet> {
        let leads = |node: &&crate::node::Node| node.is_primary() && node.disk.epoch == self.epoch;
        let primaries = self.nodes.iter().filter(leads);
        primaries.map(|node| node.disk.log.gtids().clone()).reduce(|mut all, own| {
            all.extend(&own);
            all
        })
    }
}
