//! The world: everything there is at one instant, as a plain value, and the step to the next.

use std::rc::Rc;

use crate::base::{
    ClientId, Digest, Epoch, KeyId, Luck, NodeId, OpId, Place, PlaceKind, SimTime, Span, digest_of,
};
use crate::data::sql::Site;
use crate::data::{GtidSet, LATEST, Row, Value};
use crate::node::{
    Effect, Fact, Limit, Loss, Message, Node, NodeDials, Reason, Request, Status, Timer, Told,
};
use crate::policy::{Ack, Chain, Count, Isolation, OnTimeout, Point, Rules};
use crate::topology::Topology;

use super::client::Client;
use super::ledger::{Ledger, Outcome};
use super::names::Names;
use super::network::Network;
use super::queue::{Envelope, Event, Queue};
use super::record::{NO_CAUSE, Record};
use super::scenario::Scenario;
use super::scenario::limits::Limits;
use super::servers::nodes;
use super::workload::Workload;

/// Everything there is at one instant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    /// The instant of the latest step.
    pub now: SimTime,
    /// Events and commands so far.
    pub steps: u64,
    /// Records told so far.
    pub records: u32,
    /// The run's luck.
    pub luck: Luck,
    /// The rules that servers follow at present.
    pub rules: Rc<Rules>,
    /// Who replicates from whom in the newest epoch.
    pub topology: Rc<Topology>,
    /// The same in each epoch that began with a promotion, oldest first.
    pub(super) reigns: Vec<(Epoch, Rc<Topology>)>,
    /// What each later primary had when its reign began, oldest first.
    pub(super) forks: Vec<(Epoch, Rc<GtidSet>)>,
    /// Keys by number.
    pub names: Names,
    /// The servers, n1 first, those that have left included.
    pub nodes: Vec<Node>,
    /// The servers that are configured, by number.
    pub(super) members: Vec<NodeId>,
    /// How fast a server is that differs in nothing, as one that joins.
    pub(super) dials: Rc<NodeDials>,
    /// The clients, in the scenario's order.
    pub clients: Vec<Client>,
    /// Who can reach whom, and what that cost.
    pub network: Network,
    /// What clients asked and were told.
    pub ledger: Ledger,
    /// All that is under way.
    pub queue: Queue,
    /// The newest reign there has been.
    pub epoch: u32,
    /// At which size the run stops.
    pub limits: Limits,
    /// The limit that has stopped the run; None while it goes on.
    pub limit: Option<Limit>,
    pub(super) workloads: Vec<Workload>,
    /// What waits at paused servers, in the order in which it came.
    pub(super) held: Vec<Event>,
    pub(super) past: u64,
    /// Room for one reaction's effects; empty between steps.
    pub(super) effects: Vec<Effect>,
}

/// Where records go, and which one is the latest cause.
pub(super) struct Telling<'a> {
    pub(super) take: &'a mut dyn FnMut(Record),
    pub(super) cause: u32,
    arrival: Option<(Place, SimTime)>,
}

impl<'a> Telling<'a> {
    pub(super) fn new(take: &'a mut dyn FnMut(Record), cause: u32) -> Telling<'a> {
        Telling { take, cause, arrival: None }
    }
}

impl World {
    /// The world that a valid scenario describes, before anything has happened.
    pub fn new(scenario: &Scenario) -> World {
        let cluster = &scenario.cluster;
        let rules = Rules {
            conflict: cluster.conflict,
            several_write: cluster.several_write(),
            ack: match cluster.chain {
                Chain::Cascading => cluster.ack,
                // The tail acknowledges, once it has applied: one server, and no other.
                Chain::Proper => Ack {
                    count: Count::Of(1),
                    point: Point::Applied,
                    timeout: None,
                    on_timeout: OnTimeout::Wait,
                    ..Ack::default()
                },
            },
            loop_filter: cluster.loop_filter,
            ignore_origins: cluster.ignore_origins.clone(),
            relay_acks: cluster.relay_acks,
            ship_delay: cluster.ship_delay.clone(),
            keepalive: cluster.keepalive,
            retention: cluster.retention,
            auto_seed: cluster.auto_seed,
            failover: cluster.failover.filter(|rule| !rule.as_written),
            code: cluster.code,
            as_written: cluster.failover.is_some_and(|rule| rule.as_written),
            log_format: cluster.log_format,
            row_image: cluster.row_image,
            auto_increment: cluster.auto_increment,
            isolation: cluster.isolation,
            vacuum: cluster.vacuum,
        };
        let topology =
            Topology::new(cluster.topology, cluster.nodes, cluster.fanout, &cluster.stream);
        let topology = match cluster.chain {
            Chain::Cascading => topology,
            Chain::Proper => topology.proper(),
        };
        let dials = Rc::new(NodeDials {
            query_delay: cluster.query_delay.clone(),
            apply_delay: cluster.apply_delay.clone(),
            apply_workers: cluster.apply_workers,
            flush_delay: cluster.flush_delay.clone(),
            apply_row_delay: cluster.apply_row_delay,
            apply_after: Span::ZERO,
            clock_skew: Default::default(),
        });
        let mut world = World {
            now: 0,
            steps: 0,
            records: 0,
            luck: Luck(scenario.seed),
            rules: Rc::new(rules),
            nodes: nodes(scenario, &topology, &dials),
            members: topology.order().to_vec(),
            dials,
            reigns: Vec::new(),
            forks: Vec::new(),
            topology: Rc::new(topology),
            names: Names::default(),
            clients: Vec::new(),
            network: Network::new(&scenario.network),
            ledger: Ledger::default(),
            queue: Queue::default(),
            epoch: 1,
            limits: scenario.limits,
            limit: None,
            workloads: Vec::new(),
            held: Vec::new(),
            past: 0,
            effects: Vec::new(),
        };
        let specs = scenario.client.iter().enumerate();
        world.clients = specs.map(|(at, spec)| Client::new(ClientId(at as u16), spec)).collect();
        world.reigns.push((world.epoch, Rc::clone(&world.topology)));
        world.begin_workloads(scenario);
        for node in (0..world.nodes.len() as u16).map(NodeId) {
            let mut silent = |_| ();
            let mut telling = Telling::new(&mut silent, NO_CAUSE);
            world.with_node(&mut telling, node, |node, cx| {
                node.mind(cx, true);
                if cx.rules.isolation == Isolation::Mvcc {
                    node.announce(cx);
                }
            });
        }
        world
    }

    fn begin_workloads(&mut self, scenario: &Scenario) {
        for (number, spec) in scenario.workload.iter().enumerate() {
            let Some(client) = self.clients.iter().find(|client| *client.name == *spec.client)
            else {
                continue;
            };
            let client = client.id;
            let keys: Rc<[KeyId]> =
                (1..=spec.keys).filter_map(|key| self.names.intern(&format!("k{key}"))).collect();
            let mut workload = Workload::new(client, keys, spec);
            let number = number as u32;
            if let Some(at) = workload.advance(self.luck, number) {
                self.queue.push(at, Event::Arrival(number));
            }
            self.workloads.push(workload);
        }
    }

    /// When something next happens by itself; None when nothing will, or a limit is reached.
    pub fn next_at(&self) -> Option<SimTime> {
        if self.limit.is_some() { None } else { self.queue.next_at() }
    }

    /// Lets the next event happen. False if there is none.
    pub fn step(&mut self, take: &mut dyn FnMut(Record)) -> bool {
        if self.limit.is_some() {
            return false;
        }
        let Some((at, tie, event)) = self.queue.pop() else {
            return false;
        };
        self.now = at;
        self.steps += 1;
        let mut digest = Digest::default();
        digest.fold(self.past);
        digest.fold(at);
        digest.fold(tie);
        self.past = std::hash::Hasher::finish(&digest);
        match event {
            Event::Deliver(envelope) => self.deliver(take, envelope),
            Event::Lose(envelope, loss) => {
                self.lose(&mut Telling::new(take, NO_CAUSE), envelope, loss)
            }
            Event::Timer { node, boot, timer, cause } => {
                let Node { boots, status, .. } = self.nodes[node.index()];
                match status {
                    Status::Paused => self.held.push(Event::Timer { node, boot, timer, cause }),
                    Status::Up if boots == boot => {
                        let mut telling = Telling::new(take, cause);
                        if let Timer::Query(op) = timer
                            && self.is_astray(node, op)
                        {
                            self.with_node(&mut telling, node, |node, cx| node.turn_away(cx, op));
                        } else {
                            self.with_node(&mut telling, node, |node, cx| node.on_timer(cx, timer));
                        }
                    }
                    // A timer of an earlier life.
                    Status::Up | Status::Down | Status::Removed => {}
                }
            }
            Event::Arrival(number) => self.arrive(take, number),
            Event::Patience(client) => self.lose_patience(take, client),
        }
        self.check_limits(take);
        true
    }

    pub(super) fn check_limits(&mut self, take: &mut dyn FnMut(Record)) {
        let limit = if self.queue.len() as u64 > self.limits.in_flight {
            Limit::InFlight
        } else if self.steps >= self.limits.steps {
            Limit::Steps
        } else if self.ledger.ops.len() as u64 >= self.limits.ops {
            Limit::Ops
        } else {
            return;
        };
        self.limit = Some(limit);
        self.tell(&mut Telling::new(take, NO_CAUSE), Place::OPERATOR, Fact::LimitReached(limit));
    }

    /// A message has arrived: at a server that is down it is lost, at a paused one it waits.
    fn deliver(&mut self, take: &mut dyn FnMut(Record), envelope: Envelope) {
        let mut telling = Telling::new(take, envelope.cause);
        match envelope.to.kind() {
            PlaceKind::Node(node) => match self.nodes[node.index()].status {
                Status::Down => self.lose(&mut telling, envelope, Loss::Down),
                Status::Removed => self.lose(&mut telling, envelope, Loss::Left),
                Status::Paused => self.held.push(Event::Deliver(envelope)),
                Status::Up => {
                    self.network.traffic.delivered += 1;
                    telling.arrival = Some((envelope.from, envelope.sent_at));
                    self.deliver_to_node(&mut telling, node, &envelope);
                }
            },
            PlaceKind::Client(client) => {
                self.network.traffic.delivered += 1;
                telling.arrival = Some((envelope.from, envelope.sent_at));
                if let Message::Reply(op, told) = envelope.message {
                    self.tell_client(&mut telling, client, op, told);
                }
            }
            PlaceKind::Operator => debug_assert!(false, "nobody sends to the operator"),
        }
    }

    fn deliver_to_node(&mut self, telling: &mut Telling, node: NodeId, envelope: &Envelope) {
        match (&envelope.message, envelope.from.kind()) {
            (&Message::Request(op), _) => {
                let Some(booked) = self.ledger.op(op) else {
                    return;
                };
                let request = booked.request.clone();
                if self.is_astray(node, op) {
                    let reason = Reason::NotTail;
                    self.with_node(telling, node, |_, cx| {
                        cx.tell(Fact::Refused { op, reason });
                        cx.reply(op, Told::Refused(reason));
                    });
                    return;
                }
                self.with_node(telling, node, |node, cx| node.on_request(cx, op, &request));
            }
            (Message::Certify { .. }, _) if envelope.copy => {
                // Judged already: group communication hands each message on once.
                self.with_node(telling, node, |_, cx| cx.tell(Fact::Ignored));
            }
            (&Message::Certify { op, ref had }, PlaceKind::Node(from)) => {
                let Some(request) = self.ledger.op(op).map(|booked| booked.request.clone()) else {
                    return;
                };
                self.with_node(telling, node, |node, cx| {
                    node.on_certify(cx, from, op, &request, had);
                });
            }
            (message, PlaceKind::Node(from)) => {
                let epoch = self.nodes[node.index()].disk.epoch;
                self.with_node(telling, node, |node, cx| node.on_message(cx, from, message));
                if self.nodes[node.index()].disk.epoch > epoch {
                    self.reconfigure(telling, node);
                }
            }
            (_, PlaceKind::Client(_) | PlaceKind::Operator) => {
                debug_assert!(false, "clients send requests only");
            }
        }
    }

    pub(super) fn lose(&mut self, telling: &mut Telling, envelope: Envelope, loss: Loss) {
        self.network.traffic.lost += 1;
        let is_write = self.is_write(&envelope.message);
        let kind = envelope.message.kind(is_write);
        telling.cause = envelope.cause;
        let record = Record {
            at: self.now,
            sent_at: envelope.sent_at,
            cause: telling.cause,
            place: envelope.from,
            from: envelope.from,
            fact: Fact::Lost { to: envelope.to, due_at: envelope.due_at, kind, loss },
        };
        self.records += 1;
        (telling.take)(record);
        if let (Message::Trimmed { session, .. }, Some(source), Some(follower)) =
            (envelope.message, envelope.from.node(), envelope.to.node())
            && self.nodes[source.index()].status.runs()
        {
            self.with_node(telling, source, |node, cx| node.on_unsaid(cx, follower, session));
        }
    }

    /// Whether a client's message is about a write.
    pub fn is_write(&self, message: &Message) -> bool {
        match message {
            Message::Request(op) | Message::Reply(op, _) => {
                self.ledger.op(*op).is_some_and(|op| op.is_write())
            }
            Message::Append { .. }
            | Message::Ack { .. }
            | Message::Heartbeat { .. }
            | Message::Status { .. }
            | Message::Fetch { .. }
            | Message::Resume { .. }
            | Message::Trimmed { .. }
            | Message::Snapshot { .. }
            | Message::Fence(_)
            | Message::Unfollow(_)
            | Message::Beat { .. }
            | Message::BeatAnswer(_)
            | Message::VoteRequest { .. }
            | Message::Vote { .. } => false,
            Message::Certify { .. } => true,
        }
    }

    pub(super) fn send(&mut self, cause: u32, from: Place, to: Place, message: Message) {
        self.network.send(
            (self.now, self.luck),
            &self.clients,
            (from, to),
            message,
            cause,
            &mut self.queue,
        );
    }

    /// Books a fact and hands it to the trace.
    pub(super) fn tell(&mut self, telling: &mut Telling, place: Place, fact: Fact) {
        self.book(place, fact);
        let (from, sent_at) = telling.arrival.take().unwrap_or((place, self.now));
        let record = Record { at: self.now, sent_at, cause: telling.cause, place, from, fact };
        telling.cause = self.records;
        self.records += 1;
        (telling.take)(record);
    }

    /// Lets the ledger watch.
    fn book(&mut self, place: Place, fact: Fact) {
        match fact {
            Fact::Written { op, gtid, stamp, .. } => {
                if let Some(booked) = self.ledger.op_mut(op) {
                    booked.gtid = Some(gtid);
                    booked.stamp = Some(stamp);
                }
            }
            Fact::Committed { op, gtid, .. } => {
                if self.topology.is_proper() {
                    // A new tail answers anew what the one before may have answered.
                    if !self.ledger.acknowledged.contains(gtid) {
                        self.ledger.commit(op, gtid, self.now);
                    }
                    return;
                }
                self.ledger.commit(op, gtid, self.now);
                let server = place.node().map(|node| &self.nodes[node.index()]);
                let seen = server.and_then(|node| self.told_of(self.ledger.op(op)?, node));
                if let Some(booked) = self.ledger.op_mut(op).filter(|_| seen.is_some()) {
                    booked.seen = seen;
                }
                let deposed = |node: NodeId| self.nodes[node.index()].disk.epoch < self.epoch;
                if place.node().is_some_and(deposed) {
                    self.ledger.absent.insert(gtid);
                }
            }
            Fact::Served { op, version, snapshot } => {
                let Some(key) = self.ledger.op(op).map(|booked| booked.key()) else {
                    return;
                };
                let server = place.node().map(|node| &self.nodes[node.index()]);
                // Where a rule chooses what is shown, an old value is no sign of an old server.
                let newest = match server.filter(|_| !self.rules.conflict.shows_last()) {
                    Some(node) => {
                        let mut known = self.ledger.history(key);
                        let newest = known.find(|one| node.disk.applied.contains(one.gtid));
                        newest.map(|one| one.gtid)
                    }
                    None => version,
                };
                let staleness = self.ledger.staleness(key, newest, self.now);
                let found = server.and_then(|server| self.found(op, server, key, snapshot));
                let seen = server.and_then(|node| self.told_of(self.ledger.op(op)?, node));
                if let Some(booked) = self.ledger.op_mut(op) {
                    booked.gtid = version;
                    booked.found = found;
                    booked.seen = seen;
                    booked.stamp = Some(snapshot).filter(|snapshot| *snapshot != LATEST);
                    booked.staleness = staleness;
                }
            }
            Fact::Conflict { op, .. } => {
                if let Some(booked) = self.ledger.op_mut(op) {
                    booked.conflicted = true;
                }
            }
            Fact::Discarded { op, .. } | Fact::Overruled { op, .. } => {
                if let Some(booked) = self.ledger.op_mut(op) {
                    booked.discarded = true;
                }
            }
            Fact::LostWrite { op, gtid } => {
                self.ledger.lost.insert(gtid);
                self.ledger.absent.insert(gtid);
                if let Some(booked) = self.ledger.op_mut(op) {
                    booked.lost = true;
                }
            }
            _ => {}
        }
    }

    /// What a read finds at a server.
    fn found(&self, op: OpId, server: &Node, key: KeyId, snapshot: SimTime) -> Option<Value> {
        let store = &server.disk.store;
        match self.ledger.op(op).map(|booked| &booked.request) {
            Some(Request::Read { select: Some(select), .. }) => {
                let clock = (self.now as i64).saturating_add(server.dials.clock_skew.0);
                let site = Site { node: server.id, clock, luck: self.luck };
                select.select(store.users.table(), &site)
            }
            Some(Request::Read { .. } | Request::Write { .. }) | None => {
                if snapshot == LATEST {
                    return store.row(key).and_then(Row::answer);
                }
                store.shown(key, snapshot).and_then(|entry| entry.change.value().cloned())
            }
        }
    }

    pub(super) fn tell_client(
        &mut self,
        telling: &mut Telling,
        client: ClientId,
        op: OpId,
        told: Told,
    ) {
        let now = self.now;
        if let Some(booked) = self.ledger.op_mut(op)
            && booked.outcome == Outcome::Pending
        {
            booked.outcome = Outcome::Told(told, now);
            self.learn(op, told);
        }
        self.tell(telling, client.into(), Fact::Told { op, told });
        self.lose_if_deposed(telling, op);
    }

    /// A key's authoritative server: the primary of the newest epoch; in a ring, the first.
    pub fn primary(&self) -> Option<&Node> {
        let newest =
            self.nodes.iter().filter(|node| node.is_primary()).map(|node| node.disk.epoch).max()?;
        self.nodes.iter().find(|node| node.is_primary() && node.disk.epoch == newest)
    }

    /// The newest snapshot that a server can show at `t`; None if it is down or keeps no versions.
    pub fn newest_snapshot(&self, node: NodeId, t: SimTime) -> Option<SimTime> {
        let node = &self.nodes[node.index()];
        let keeps = node.disk.store.versions().is_some() && node.status != Status::Down;
        keeps.then(|| node.newest_snapshot(t))
    }

    /// What waits at paused servers, in the order in which it came.
    pub fn held(&self) -> &[Event] {
        &self.held
    }

    /// The digest of everything there is and of every event that led here.
    pub fn digest(&self) -> u64 {
        digest_of(self)
    }

    /// The client of a name.
    pub fn client(&self, name: &str) -> Option<&Client> {
        self.clients.iter().find(|client| *client.name == *name)
    }

    /// How long a client waits, for showing.
    pub fn timeout(&self, client: ClientId) -> Span {
        self.clients[client.index()].timeout
    }
}
