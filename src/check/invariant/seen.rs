//! What the invariants remember of the steps before: marks, and sets that only grow.

use std::collections::BTreeMap;

use crate::base::{Epoch, KeyId, Lsn, NodeId, OpId, Place, SimTime, Sorted};
use crate::data::{Gtid, GtidSet};
use crate::node::{Fact, Node};
use crate::policy::Point;
use crate::sim::{Record, World};

/// What a GTID was given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    pub op: OpId,
    pub key: KeyId,
    pub epoch: Epoch,
    pub at: SimTime,
}

/// How far a follower was checked against its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Through {
    /// The follower's life and the source's numbering: anything else is checked from the start.
    pub lives: (u32, u32),
    /// Position in the source's log.
    pub lsn: Lsn,
}

/// One server's marks.
#[derive(Clone, Debug, Default)]
pub struct SeenNode {
    pub epoch: Epoch,
    pub promised: Epoch,
    pub boots: u32,
    pub generation: u32,
    pub log_end: Lsn,
    pub applied_through: Lsn,
    pub last_seq: u32,
    /// Everything in its log.
    pub log: GtidSet,
    /// What was applied or committed here since the last copy.
    pub applied: GtidSet,
    /// What reads saw here before its acks had come.
    pub shown: GtidSet,
    /// What has ever been received, flushed, applied here, whatever became of it; from its first
    /// flush on, a write of its own too.
    pub had: [GtidSet; 3],
    /// Since when it knew of which epoch.
    pub epochs: Vec<(SimTime, Epoch)>,
    pub unpaused_at: SimTime,
    /// Since when it is down; None while it is not.
    pub down_since: Option<SimTime>,
}

/// All marks.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    pub nodes: Vec<SeenNode>,
    pub written: BTreeMap<Gtid, Named>,
    /// First and last number that an origin gave in an epoch.
    pub reigns: BTreeMap<(NodeId, Epoch), (u32, u32)>,
    pub arrivals: BTreeMap<(Place, Place), SimTime>,
    pub through: BTreeMap<(NodeId, NodeId), Through>,
    pub rules_changed_at: SimTime,
    /// Cuts and groups, and since when they are so.
    pub network: (Sorted<(NodeId, NodeId)>, Vec<u16>),
    pub network_since: SimTime,
    /// Who voted for whom: by epoch and voter.
    pub votes: BTreeMap<(Epoch, NodeId), NodeId>,
    /// Every write by key and commit timestamp.
    pub versions: BTreeMap<(KeyId, SimTime), Gtid>,
    /// Every write by commit timestamp.
    pub stamps: BTreeMap<SimTime, Gtid>,
    /// What each promoted server had when its epoch began, oldest first.
    pub forks: Vec<(Epoch, GtidSet)>,
}

impl Seen {
    pub fn new(world: &World) -> Seen {
        let mut seen = Seen::default();
        seen.reach(world);
        seen
    }

    /// Servers may have joined.
    pub fn reach(&mut self, world: &World) {
        let node = |node: &Node| SeenNode {
            epoch: node.disk.epoch,
            promised: node.promised(),
            epochs: vec![(0, node.disk.epoch)],
            ..SeenNode::default()
        };
        self.nodes.extend(world.nodes[self.nodes.len()..].iter().map(node));
    }

    /// The newest epoch that a server knew of by the end of an instant.
    pub fn epoch_at(&self, node: NodeId, t: SimTime) -> Epoch {
        let epochs = &self.nodes[node.index()].epochs;
        let known = epochs.partition_point(|(since, _)| *since <= t);
        epochs[known - 1].1
    }

    /// From where a follower is yet to be checked against its source.
    pub fn unchecked(&self, follower: &Node, source: &Node) -> Lsn {
        let through = self.through.get(&(follower.id, source.id));
        let first = source.disk.log.first();
        let same = through.filter(|through| through.lives == lives(follower, source));
        same.map_or(first, |through| through.lsn.max(first))
    }

    pub fn learn(&mut self, world: &World, records: &[Record], touched: &[NodeId]) {
        for record in records {
            if record.is_arrival() {
                let latest = self.arrivals.entry((record.from, record.place)).or_default();
                *latest = record.sent_at.max(*latest);
            }
            if matches!(record.fact, Fact::Command(_)) {
                self.rules_changed_at = world.now;
                let network = (world.network.breach.cuts(), world.network.breach.groups());
                if (&self.network.0, &self.network.1[..]) != network {
                    self.network = (network.0.clone(), network.1.to_vec());
                    self.network_since = world.now;
                }
            }
            if let Some(node) = record.place.node() {
                self.learn_fact(world, node, &record.fact);
            }
        }
        for node in touched.iter().map(|node| &world.nodes[node.index()]) {
            self.learn_marks(world, node);
        }
    }

    fn learn_fact(&mut self, world: &World, node: NodeId, fact: &Fact) {
        let seen = &mut self.nodes[node.index()];
        let had = &mut seen.had;
        match fact {
            Fact::Written { op, gtid, stamp, .. } => {
                let key = world.ledger.op(*op).map_or(KeyId(0), |booked| booked.key());
                let log = &world.nodes[node.index()].disk.log;
                let epoch = log.reigns().epoch_of(*gtid).unwrap_or(0);
                self.written.insert(*gtid, Named { op: *op, key, epoch, at: world.now });
                had[Point::Received as usize].insert(*gtid);
                had[Point::Flushed as usize].insert(*gtid);
                self.versions.insert((key, *stamp), *gtid);
                self.stamps.insert(*stamp, *gtid);
                let reign = self.reigns.entry((node, epoch)).or_insert((gtid.seq, gtid.seq));
                reign.1 = gtid.seq;
            }
            Fact::Received { gtid, flushed } => {
                had[Point::Received as usize].insert(*gtid);
                if *flushed {
                    had[Point::Flushed as usize].insert(*gtid);
                }
            }
            Fact::Flushed(gtid) => {
                had[Point::Flushed as usize].insert(*gtid);
            }
            Fact::Applied { gtid, .. } => {
                had[Point::Applied as usize].insert(*gtid);
                seen.applied.insert(*gtid);
            }
            // A proper chain's tail has applied what it answers; that was counted.
            Fact::Committed { gtid, .. } if gtid.origin != node => {}
            Fact::Committed { gtid, .. } | Fact::Recovered(gtid) | Fact::Shown(gtid) => {
                seen.applied.insert(*gtid);
                if matches!(fact, Fact::Shown(_)) {
                    seen.shown.insert(*gtid);
                }
            }
            Fact::Seeded { .. } => {
                let disk = &world.nodes[node.index()].disk;
                had.iter_mut().for_each(|had| had.extend(disk.log.gtids()));
                seen.applied = disk.applied.clone();
            }
            Fact::Voted { epoch, candidate } => {
                self.votes.insert((*epoch, node), *candidate);
            }
            Fact::Campaigned(epoch) => {
                self.votes.insert((*epoch, node), node);
            }
            Fact::Promoted(epoch) => {
                let had = world.nodes[node.index()].disk.log.gtids().clone();
                let at = self.forks.partition_point(|(other, _)| other < epoch);
                self.forks.insert(at, (*epoch, had));
            }
            Fact::Unpaused => seen.unpaused_at = world.now,
            Fact::Crashed => seen.down_since = Some(world.now),
            Fact::Restarted => seen.down_since = None,
            _ => {}
        }
    }

    fn learn_marks(&mut self, world: &World, node: &Node) {
        let seen = &mut self.nodes[node.id.index()];
        let disk = &node.disk;
        if disk.epoch != seen.epoch {
            seen.epochs.push((world.now, disk.epoch));
        }
        seen.epoch = disk.epoch;
        seen.promised = node.promised();
        seen.boots = node.boots;
        seen.generation = disk.log.generation;
        seen.log_end = disk.log.end();
        seen.applied_through = disk.applied_through;
        seen.last_seq = disk.last_seq;
        if seen.log != *disk.log.gtids() {
            seen.log = disk.log.gtids().clone();
        }
        for upstream in &node.memory.upstreams {
            let source = &world.nodes[upstream.node.index()];
            if upstream.generation == Some(source.disk.log.generation) {
                let lives = lives(node, source);
                let through = Through { lives, lsn: upstream.expected };
                self.through.insert((node.id, source.id), through);
            }
        }
    }
}

fn lives(follower: &Node, source: &Node) -> (u32, u32) {
    (follower.boots, source.disk.log.generation)
}
