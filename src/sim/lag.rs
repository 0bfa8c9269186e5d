//! How far a server is behind, measured three ways that are easily taken for one another: log
//! positions, true staleness, and what database servers report of themselves.
//!
//! Only the first two need somebody who sees every server, and only they tell the truth. MySQL's
//! Seconds_Behind_Source looks at what a replica has received: it is 0 for one that receives
//! nothing. PostgreSQL's `now() - pg_last_xact_replay_timestamp()` grows while nothing is written.

use crate::base::SimTime;
use crate::form::{Form, ToForm};
use crate::node::{Node, Status};

use super::world::World;

/// How far one server is behind at one instant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Behind {
    /// Entries that primaries have in their logs and that are not applied here.
    pub entries: u64,
    /// Their bytes, as far as the logs still hold them.
    pub bytes: u64,
    /// Where these entries are.
    pub parts: Whereabouts,
    /// How long ago the oldest acknowledged write that is not applied here was acknowledged; 0 if
    /// there is none.
    pub staleness_us: SimTime,
    /// What MySQL would report: None where it says NULL, on a primary too.
    pub seconds_behind: Option<u64>,
    /// What PostgreSQL would report: how long ago the latest change applied here was committed.
    /// None if that is not known, or on a primary.
    pub since_last_replay_us: Option<SimTime>,
}

/// Where entries are that a server has not applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Whereabouts {
    /// Not received here yet.
    pub ship: u64,
    /// Received, and not begun.
    pub queue: u64,
    /// Being applied.
    pub apply: u64,
}

impl ToForm for Behind {
    fn to_form(&self) -> Form {
        let Whereabouts { ship, queue, apply } = self.parts;
        let parts = Form::table(&[("ship", &ship), ("queue", &queue), ("apply", &apply)]);
        Form::table(&[
            ("entries", &self.entries),
            ("bytes", &self.bytes),
            ("parts", &parts),
            ("staleness_us", &self.staleness_us),
            ("seconds_behind", &self.seconds_behind),
            ("since_last_replay_us", &self.since_last_replay_us),
        ])
    }
}

/// How far a server is behind at `t`, given the world after everything up to then.
pub fn behind(world: &World, node: &Node, t: SimTime) -> Behind {
    let (entries, bytes) = missing(world, node);
    Behind {
        entries,
        bytes,
        parts: whereabouts(world, node, entries),
        staleness_us: staleness_us(world, node, t),
        seconds_behind: behind_source_us(world, node, t).map(|us| us / 1_000_000),
        since_last_replay_us: since_last_replay(node, t),
    }
}

/// How long ago the oldest acknowledged write that is not applied here was acknowledged; 0 if there
/// is none.
pub fn staleness_us(world: &World, node: &Node, t: SimTime) -> SimTime {
    oldest_unseen(world, node).map_or(0, |at| t.saturating_sub(at))
}

/// The primaries of the newest epoch that has one.
fn leaders(world: &World) -> impl Iterator<Item = &Node> {
    let newest = world.primary().map(|node| node.disk.epoch);
    world.nodes.iter().filter(move |node| node.is_primary() && Some(node.disk.epoch) == newest)
}

/// Entries in primaries' logs that a server has not applied, and their bytes. Where several take
/// writes each counts for its own; what waits for acks at its own primary is not behind anything.
fn missing(world: &World, node: &Node) -> (u64, u64) {
    let applied = &node.disk.applied;
    let sole = leaders(world).nth(1).is_none();
    let (mut entries, mut bytes) = (0, 0);
    for leader in leaders(world).filter(|leader| leader.id != node.id) {
        let log = &leader.disk.log;
        let mut left = log.gtids().count_missing_from(applied);
        for (_, slot) in log.iter().rev() {
            if left == 0 {
                break;
            }
            if applied.contains(slot.entry.gtid) {
                continue;
            }
            left -= 1;
            if sole || slot.source == leader.id {
                entries += 1;
                bytes += u64::from(slot.entry.bytes);
            }
        }
        // What the log has trimmed is still missing.
        entries += if sole { left } else { 0 };
    }
    (entries, bytes)
}

fn whereabouts(world: &World, node: &Node, entries: u64) -> Whereabouts {
    let (log, received) = (node.disk.log.gtids(), &node.memory.received);
    let here = if node.status == Status::Down { log } else { received };
    let not_here = |leader: &Node| leader.disk.log.gtids().count_missing_from(here);
    let leading = leaders(world).filter(|leader| leader.id != node.id);
    let ship = leading.map(not_here).max().unwrap_or(0).min(entries);
    let apply = u64::from(node.memory.busy).min(entries - ship);
    Whereabouts { ship, queue: entries - ship - apply, apply }
}

/// When the oldest acknowledged write was acknowledged that a server does not show and that the
/// surviving history has; None if it shows them all.
fn oldest_unseen(world: &World, node: &Node) -> Option<SimTime> {
    let (ledger, applied) = (&world.ledger, &node.disk.applied);
    let mut left = ledger.acknowledged.count_missing_from(applied);
    let mut oldest = None;
    for commit in ledger.commits().rev() {
        if left == 0 {
            break;
        }
        if !applied.contains(commit.gtid) {
            left -= 1;
            if !ledger.absent.contains(commit.gtid) {
                oldest = Some(commit.committed_at);
            }
        }
    }
    oldest
}

/// What MySQL's Seconds_Behind_Source is made of, in microseconds: the replica's clock less the
/// timestamp of the entry that is being applied; 0 when all that was received is applied; None
/// (NULL) while it does not run or is not connected to a source.
///
/// Simplification: MySQL reckons with the two clocks' difference as it was when they connected,
/// here it is right at every moment.
pub fn behind_source_us(world: &World, node: &Node, t: SimTime) -> Option<SimTime> {
    if node.status != Status::Up || !is_connected(world, node, t) {
        return None;
    }
    let (log, next) = (&node.disk.log, node.disk.applied_through);
    Some(log.get(next).map_or(0, |slot| t.saturating_sub(slot.entry.written_at)))
}

/// Whether a server believes that one of its sources is there. A source that has crashed hangs up;
/// one behind a cut is believed in until two keepalives should have come; a frozen one always.
fn is_connected(world: &World, node: &Node, t: SimTime) -> bool {
    let patience = 2 * world.rules.keepalive.0;
    node.memory.upstreams.iter().any(|upstream| {
        let (source, network) = (&world.nodes[upstream.node.index()], &world.network);
        let reached = network.breach.reaches(source.id, node.id)
            && network.breach.reaches(node.id, source.id);
        let patient = upstream.cut_off_at.is_some_and(|at| t < at + patience);
        source.status != Status::Down && (reached || patient)
    })
}

/// PostgreSQL's `now() - pg_last_xact_replay_timestamp()`.
fn since_last_replay(node: &Node, t: SimTime) -> Option<SimTime> {
    if node.is_primary() || node.status == Status::Down {
        return None;
    }
    let last = node.disk.log.get(node.disk.applied_through.checked_sub(1)?)?;
    Some(t.saturating_sub(last.entry.written_at))
}
