//! Who can reach whom, how long it takes, and what is lost on the way.
//!
//! Who *replicates* from whom is the topology's; this graph never asks. Every draw is keyed by the
//! pair of places and the message's number on it, so that no link's luck depends on another's.

use std::rc::Rc;

use crate::base::{
    ClientId, Delay, Luck, NODES_MAX, NodeId, Place, PlaceKind, Probability, Purpose, SimTime,
};
use crate::node::{Class, Loss, Message};

use super::bandwidth::Bandwidth;
use super::breach::Breach;
use super::client::Client;
use super::queue::{Envelope, Event, Queue};
use super::scenario::{LinkSpec, NetworkSpec};

/// How a link behaves; every one is a dial that can change mid-run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LinkDials {
    /// One-way time.
    pub latency: Delay,
    /// Share lost.
    pub loss: Probability,
    /// Share that arrives twice.
    pub duplicate: Probability,
    /// Share held back, which others may overtake.
    pub reorder: Probability,
    /// Capacity.
    pub bandwidth: Bandwidth,
}

/// One direction between two places, from the first message on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Link {
    /// Where it leads.
    pub to: Place,
    /// How it behaves.
    pub dials: Rc<LinkDials>,
    /// A client's own way to its home, which comes on top.
    pub access: Option<Rc<Delay>>,
    /// Whether nothing gets through.
    pub cut: bool,
    /// Messages sent.
    pub sent: u32,
    /// Bytes sent.
    pub bytes: u64,
    /// Its lane in the queue.
    lane: u32,
    /// When the latest ordered message arrives: later ones come no earlier, as over TCP.
    pub last_due: SimTime,
    /// Until when the link is busy transmitting.
    pub busy_until: SimTime,
}

/// Messages and bytes, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Traffic {
    /// Messages handed to a link, second copies included.
    pub sent: u64,
    /// Messages that arrived.
    pub delivered: u64,
    /// Messages that did not.
    pub lost: u64,
    /// Second copies.
    pub duplicated: u64,
    /// Bytes of log entries and snapshots.
    pub log_bytes: u64,
    /// Bytes of replica acknowledgements.
    pub ack_bytes: u64,
    /// Bytes of everything else between servers.
    pub control_bytes: u64,
}

/// All links, and what lies across them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Network {
    default: Rc<LinkDials>,
    overrides: Vec<((NodeId, NodeId), Rc<LinkDials>)>,
    /// What lies across them.
    pub breach: Breach,
    links: Vec<Vec<Link>>,
    lanes: u32,
    /// Counts over the whole run.
    pub traffic: Traffic,
}

impl Network {
    /// The network that a scenario describes, before any message.
    pub fn new(spec: &NetworkSpec) -> Network {
        let NetworkSpec { latency, loss, duplicate, reorder, bandwidth, link } = spec.clone();
        let default = Rc::new(LinkDials { latency, loss, duplicate, reorder, bandwidth });
        let mut network = Network {
            default,
            overrides: Vec::new(),
            breach: Breach::default(),
            links: Vec::new(),
            lanes: 0,
            traffic: Traffic::default(),
        };
        link.iter().for_each(|link| network.set_link(link));
        network
    }

    /// How messages fare from one server to another.
    pub fn dials(&self, from: NodeId, to: NodeId) -> &Rc<LinkDials> {
        let found = self.overrides.binary_search_by_key(&(from, to), |(pair, _)| *pair);
        found.map_or(&self.default, |at| &self.overrides[at].1)
    }

    /// Changes every link's dials by `change`, those that differ from the rest included.
    pub fn set_all(&mut self, change: impl Fn(&mut LinkDials)) {
        change(Rc::make_mut(&mut self.default));
        self.overrides.iter_mut().for_each(|(_, dials)| change(Rc::make_mut(dials)));
    }

    /// Changes one link's dials, or both directions'.
    pub fn set_link(&mut self, spec: &LinkSpec) {
        let mut pairs = vec![(spec.from, spec.to)];
        pairs.extend(spec.both.then_some((spec.to, spec.from)));
        for (from, to) in pairs {
            let mut dials = LinkDials::clone(self.dials(from, to));
            spec.latency.iter().for_each(|latency| dials.latency = latency.clone());
            spec.loss.iter().for_each(|loss| dials.loss = *loss);
            spec.duplicate.iter().for_each(|duplicate| dials.duplicate = *duplicate);
            spec.reorder.iter().for_each(|reorder| dials.reorder = *reorder);
            spec.bandwidth.iter().for_each(|bandwidth| dials.bandwidth = *bandwidth);
            match self.overrides.binary_search_by_key(&(from, to), |(pair, _)| *pair) {
                Ok(at) => self.overrides[at].1 = Rc::new(dials),
                Err(at) => self.overrides.insert(at, ((from, to), Rc::new(dials))),
            }
        }
    }

    /// Whether messages get from a place to another, clients standing beside their homes.
    fn carries(&self, clients: &[Client], from: Place, to: Place) -> bool {
        let (a, b) = (beside(clients, from), beside(clients, to));
        a == b || self.breach.reaches(a, b)
    }

    /// Takes over what has changed: links learn their dials and cuts, and messages that have not
    /// passed the middle of a link now cut will die there.
    pub fn refresh(&mut self, clients: &[Client], queue: &mut Queue, now: SimTime) {
        for code in 0..self.links.len() {
            let from = place_of(code as u16);
            for index in 0..self.links[code].len() {
                let to = self.links[code][index].to;
                let dials = self.dials_between(clients, from, to);
                let cut = !self.carries(clients, from, to);
                let link = &mut self.links[code][index];
                link.dials = dials;
                link.cut = cut;
            }
        }
        queue.revise(|_, event| {
            let Event::Deliver(envelope) = event else {
                return None;
            };
            let middle = envelope.sent_at.midpoint(envelope.due_at);
            let dies = middle > now && !self.carries(clients, envelope.from, envelope.to);
            dies.then(|| (middle, Event::Lose(envelope.clone(), Loss::Cut)))
        });
    }

    /// Puts a message on its way.
    pub fn send(
        &mut self,
        (now, luck): (SimTime, Luck),
        clients: &[Client],
        (from, to): (Place, Place),
        message: Message,
        cause: u32,
        queue: &mut Queue,
    ) {
        let at = self.link_index(clients, from, to);
        let link = &mut self.links[from.code() as usize][at];
        let nth = link.sent;
        let bytes = message.bytes();
        link.sent += 1;
        link.bytes += u64::from(bytes);
        self.traffic.sent += 1;
        match message.class() {
            Class::Log => self.traffic.log_bytes += u64::from(bytes),
            Class::Ack => self.traffic.ack_bytes += u64::from(bytes),
            Class::Control => self.traffic.control_bytes += u64::from(bytes),
            Class::Client => {}
        }
        let subject = (u64::from(from.code()) << 12) | u64::from(to.code());
        let draw = |purpose| luck.draw(purpose, subject, nth.into());
        let mut latency = link.dials.latency.sample(draw(Purpose::Latency));
        let is_replication = link.access.is_none();
        if let Some(access) = &link.access {
            latency = if beside(clients, from) == beside(clients, to) { 0 } else { latency };
            latency += access.sample(draw(Purpose::AccessLatency));
        }
        let start = now.max(link.busy_until);
        let on_wire = start + link.dials.bandwidth.transmission_us(bytes);
        link.busy_until = on_wire;
        let mut due_at = on_wire + latency;
        let dials = &*link.dials;
        if is_replication
            && !dials.reorder.is_zero()
            && dials.reorder.happens(draw(Purpose::Reorder))
        {
            due_at += dials.latency.sample(draw(Purpose::ReorderLatency));
        } else {
            // Lost messages hold their place too, so that the loss dial moves no latency.
            due_at = due_at.max(link.last_due);
            link.last_due = due_at;
        }
        let (cut, lane) = (link.cut, link.lane);
        let envelope =
            Envelope { from, to, nth, copy: false, sent_at: now, due_at, cause, message };
        if cut {
            queue.push(now.midpoint(due_at), Event::Lose(envelope, Loss::Cut));
        } else if !dials.loss.is_zero() && dials.loss.happens(draw(Purpose::Loss)) {
            let share = draw(Purpose::LossPlace) % 600 + 200;
            queue.push(now + (due_at - now) * share / 1_000, Event::Lose(envelope, Loss::Luck));
        } else {
            if is_replication
                && !dials.duplicate.is_zero()
                && dials.duplicate.happens(draw(Purpose::Duplicate))
            {
                let due_at = due_at + dials.latency.sample(draw(Purpose::DuplicateLatency));
                self.traffic.sent += 1;
                self.traffic.duplicated += 1;
                queue.push(
                    due_at,
                    Event::Deliver(Envelope { copy: true, due_at, ..envelope.clone() }),
                );
            }
            queue.push_in_lane(lane, envelope);
        }
    }

    fn link_index(&mut self, clients: &[Client], from: Place, to: Place) -> usize {
        let code = usize::from(from.code());
        if self.links.len() <= code {
            self.links.resize(code + 1, Vec::new());
        }
        let links = &self.links[code];
        // Followers mostly have numbers in a row: look where this one then is before searching.
        let first = links.first().map_or(0, |first| first.to.code());
        let guess = usize::from(to.code().wrapping_sub(first));
        if links.get(guess).is_some_and(|link| link.to == to) {
            return guess;
        }
        match links.binary_search_by_key(&to, |link| link.to) {
            Ok(at) => at,
            Err(at) => {
                let dials = self.dials_between(clients, from, to);
                let access = from
                    .client()
                    .or(to.client())
                    .map(|client| Rc::new(clients[client.index()].latency.clone()));
                let cut = !self.carries(clients, from, to);
                let lane = self.lanes;
                self.lanes += 1;
                let link = Link {
                    to,
                    dials,
                    access,
                    cut,
                    sent: 0,
                    bytes: 0,
                    lane,
                    last_due: 0,
                    busy_until: 0,
                };
                self.links[code].insert(at, link);
                at
            }
        }
    }

    fn dials_between(&self, clients: &[Client], from: Place, to: Place) -> Rc<LinkDials> {
        Rc::clone(self.dials(beside(clients, from), beside(clients, to)))
    }

    /// Every direction on which a message was ever sent, with its sender.
    pub fn links(&self) -> impl Iterator<Item = (Place, &Link)> {
        let (mut code, mut nth) = (0, 0);
        std::iter::from_fn(move || {
            loop {
                let links = self.links.get(usize::from(code))?;
                if let Some(link) = links.get(nth) {
                    nth += 1;
                    return Some((place_of(code), link));
                }
                (code, nth) = (code + 1, 0);
            }
        })
    }

    /// Bytes that a server has sent to other servers, packet headers included.
    pub fn egress_bytes(&self, node: NodeId) -> u64 {
        let links = self.links.get(node.index()).map_or(&[][..], Vec::as_slice);
        links.iter().filter(|link| link.to.node().is_some()).map(|link| link.bytes).sum()
    }
}

fn place_of(code: u16) -> Place {
    match code {
        code if code < NODES_MAX => NodeId(code).into(),
        code => ClientId(code - NODES_MAX).into(),
    }
}

/// The server whose network position a place shares: itself, or a client's home.
fn beside(clients: &[Client], place: Place) -> NodeId {
    match place.kind() {
        PlaceKind::Node(node) => node,
        PlaceKind::Client(client) => clients[client.index()].home,
        PlaceKind::Operator => NodeId(0),
    }
}
