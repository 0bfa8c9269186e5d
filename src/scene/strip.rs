//! The log strips: the newest entries of the whole cluster as columns, the same at every server,
//! and what each server has of them. And the lag, which is counted from the same sets.

use std::rc::Rc;

use crate::base::{Epoch, NodeId, SimTime, gathered};
use crate::data::{Gtid, GtidSet, LogEntry};
use crate::node::{Node, Unflushed};
use crate::sim::World;

use super::detail::CELLS;

/// The most entries looked through for the oldest one missing.
const LOOK_MAX: usize = 4_096;

/// What a server has of one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Reads see it.
    Applied,
    /// It is here and not yet applied.
    Received,
    /// It is not here and should be.
    Missing,
    /// It is here, was acknowledged, and the surviving history lacks it.
    Lost,
    /// It is not here and need not be.
    None,
}

/// How far a server is behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lag {
    /// Entries that the authoritative history has and reads here do not see.
    pub entries: u64,
    /// How long ago the oldest of them was written, in microseconds.
    pub us: u64,
}

/// One entry of the strips.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The entry.
    pub entry: Rc<LogEntry>,
    /// The reign that begins with it; None if it is that of the column before.
    pub reign: Option<Epoch>,
}

/// What all strips have in common.
#[derive(Clone, Debug, Default)]
pub struct Strips {
    /// The newest entries, oldest first.
    pub columns: Vec<Column>,
    /// Everything that every server should have.
    expected: GtidSet,
}

/// Servers that take writes in the newest reign.
fn leaders(world: &World) -> impl Iterator<Item = &Node> {
    let primaries = world.nodes.iter().filter(|node| node.is_primary());
    let newest = primaries.clone().map(|node| node.disk.epoch).max();
    primaries.filter(move |node| Some(node.disk.epoch) == newest)
}

impl Strips {
    /// The strips of a world; without columns if nobody shows any.
    pub fn new(world: &World, shown: bool) -> Strips {
        let mut expected = GtidSet::default();
        leaders(world).for_each(|node| expected.extend(node.disk.log.gtids()));
        let columns = if shown { columns(world) } else { Vec::new() };
        Strips { columns, expected }
    }

    /// What a server has of an entry.
    pub fn cell(&self, world: &World, node: &Node, gtid: Gtid) -> Cell {
        let here = node.disk.log.gtids().contains(gtid) || node.memory.received.contains(gtid);
        match here {
            true if world.ledger.lost.contains(gtid) => Cell::Lost,
            _ if node.disk.applied.contains(gtid) => Cell::Applied,
            true => Cell::Received,
            false if self.expected.contains(gtid) => Cell::Missing,
            false => Cell::None,
        }
    }

    /// How far a server is behind at `t`; None if it is not, or is down.
    pub fn lag(&self, world: &World, node: &Node, t: SimTime) -> Option<Lag> {
        let applied = &node.disk.applied;
        // Own writes that wait for acks are not behind anything.
        let own = |gtid: &Gtid| gtid.origin == node.id && node.is_primary();
        let missing = self.expected.count_missing_from(applied);
        if missing == 0 || !node.status.runs() {
            return None;
        }
        let waiting = match node.is_primary() {
            true => self.expected.difference(applied).filter(own).count() as u64,
            false => 0,
        };
        let entries = missing - waiting;
        let oldest = leaders(world).filter(|leader| leader.id != node.id);
        let oldest = oldest.filter_map(|leader| oldest_missing(leader, applied, own));
        let written_at = oldest.min().unwrap_or(t);
        let us = t.saturating_sub(written_at);
        (entries > 0).then_some(Lag { entries, us })
    }
}

/// When the oldest entry of a leader's log was written that is not among `applied`.
fn oldest_missing(
    leader: &Node,
    applied: &GtidSet,
    own: impl Fn(&Gtid) -> bool,
) -> Option<SimTime> {
    let mut left = leader.disk.log.gtids().count_missing_from(applied);
    let mut oldest = None;
    for (_, slot) in leader.disk.log.iter().rev().take(LOOK_MAX) {
        if left == 0 {
            break;
        }
        if !applied.contains(slot.entry.gtid) {
            left -= 1;
            if !own(&slot.entry.gtid) {
                oldest = Some(slot.entry.written_at);
            }
        }
    }
    oldest
}

/// How far a server is behind at `t`; None if it is not, or is down.
pub fn lag(world: &World, node: NodeId, t: SimTime) -> Option<Lag> {
    Strips::new(world, false).lag(world, &world.nodes[node.index()], t)
}

fn columns(world: &World) -> Vec<Column> {
    let mut newest: Vec<Rc<LogEntry>> = Vec::new();
    let place = |entry: &LogEntry| (entry.written_at, entry.gtid);
    let mut add = |entry: &Rc<LogEntry>| {
        if let Err(at) = newest.binary_search_by_key(&place(entry), |known| place(known)) {
            newest.insert(at, Rc::clone(entry));
            // Only the newest are kept.
            newest.drain(..newest.len().saturating_sub(CELLS));
        }
    };
    for node in &world.nodes {
        let slots = node.disk.log.iter().rev().take(CELLS);
        slots.for_each(|(_, slot)| add(&slot.entry));
        for unflushed in node.memory.unflushed.iter().rev().take(CELLS) {
            if let Unflushed::Foreign { entry, .. } = unflushed {
                add(entry);
            }
        }
    }
    let mut reign = newest.first().map(|entry| entry.epoch);
    let column = |entry: Rc<LogEntry>| {
        let begins = reign != Some(entry.epoch);
        reign = Some(entry.epoch);
        Column { reign: begins.then_some(entry.epoch), entry }
    };
    gathered(newest.into_iter().map(column))
}
