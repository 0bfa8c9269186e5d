//! What an operator watches of every server: positions, what it answered in the last second, when
//! it heard its source, what is nowhere else.
//!
//! A function of a world, its trace and the instant: nothing is kept from one look to the next. How
//! far a server is behind is not here: `sim::lag` and the scene's strips say that.

use crate::base::{Lsn, NodeId, SimTime, gathered};
use crate::data::{Gtid, GtidSet};
use crate::node::{Node, Told};
use crate::recording::Trace;
use crate::sim::{Outcome, World};

/// What rates are counted over.
pub const SECOND_US: u64 = 1_000_000;
/// Records looked through for a word of a source.
const LOOK_MAX: u32 = 4_096;

/// How one server does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vitals {
    /// Position of the newest entry it has received, on disk or not; None before the first.
    pub received: Option<Lsn>,
    /// Position of the newest in its log.
    pub logged: Option<Lsn>,
    /// Position up to which everything is applied.
    pub applied: Option<Lsn>,
    /// Entries in its log that are not applied; None if it does not run.
    pub to_apply: Option<Lsn>,
    /// Writes and reads sent to it whose clients were told ok, or the value, in the last second;
    /// None if it does not run.
    pub answered: Option<[u64; 2]>,
    /// When a message of a server that it follows last came.
    pub heard: Heard,
    /// Acknowledged writes that are on no other server's disk. What no longer counts as there, as
    /// it is lost, is left out.
    pub alone: u64,
}

/// When a server last heard a source of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It follows nobody, or does not run.
    Nobody,
    /// It never did.
    Never,
    /// Before this; how long before was not looked for.
    Before(SimTime),
    /// Then.
    At(SimTime),
}

/// How every server does at `t`, n1 first, given the world after everything up to then.
pub fn vitals(world: &World, trace: &Trace, t: SimTime) -> Vec<Vitals> {
    let (answered, heard, fullest) = (answered(world, t), heard(world, trace, t), fullest(world));
    gathered(world.nodes.iter().map(|node| {
        let (disk, runs) = (&node.disk, node.status.runs());
        let end = disk.log.end();
        Vitals {
            received: (end + node.memory.unflushed.len() as Lsn).checked_sub(1),
            logged: end.checked_sub(1),
            applied: disk.applied_through.checked_sub(1),
            to_apply: runs.then(|| node.to_apply()),
            answered: runs.then(|| answered[node.id.index()]),
            heard: heard[node.id.index()],
            alone: alone(world, node, &fullest),
        }
    }))
}

/// Writes and reads answered in the second up to `t`, per server.
fn answered(world: &World, t: SimTime) -> Vec<[u64; 2]> {
    let mut counts = vec![[0; 2]; world.nodes.len()];
    let since = (t + 1).saturating_sub(SECOND_US);
    // Nobody is told anything later than this.
    let patience = world.clients.iter().map(|client| client.timeout.0).max().unwrap_or(0);
    let lately = world.ledger.ops.iter().rev();
    for op in lately.take_while(|op| op.sent_at.saturating_add(patience) >= since) {
        if let Outcome::Told(Told::Ok | Told::OkDegraded | Told::Value, at) = op.outcome
            && let Some(target) = op.target.filter(|_| at >= since)
        {
            counts[target.index()][usize::from(!op.is_write())] += 1;
        }
    }
    counts
}

fn heard(world: &World, trace: &Trace, t: SimTime) -> Vec<Heard> {
    let end = trace.first_at(t + 1);
    let first = end.saturating_sub(LOOK_MAX);
    let unknown = match trace.get(first).filter(|_| first > 0) {
        None => Heard::Never,
        Some(record) => Heard::Before(record.at),
    };
    let follows = |node: &Node| node.status.runs() && !node.disk.sources.is_empty();
    let mut left = 0;
    let mut heard = gathered(world.nodes.iter().map(|node| {
        left += u32::from(follows(node));
        if follows(node) { unknown } else { Heard::Nobody }
    }));
    for record in (first..end).rev().filter_map(|number| trace.get(number)) {
        if left == 0 {
            break;
        }
        let (Some(node), Some(from)) = (record.place.node(), record.from.node()) else { continue };
        let at = &mut heard[node.index()];
        if *at == unknown && world.nodes[node.index()].disk.sources.contains(&from) {
            *at = Heard::At(record.at);
            left -= 1;
        }
    }
    heard
}

/// The two servers with the most in their logs.
fn fullest(world: &World) -> [Option<&Node>; 2] {
    let most = |but: Option<NodeId>| {
        let others = world.nodes.iter().filter(|node| node.is_member() && Some(node.id) != but);
        others.max_by_key(|node| node.disk.log.gtids().len())
    };
    let first = most(None);
    [first, most(first.map(|node| node.id))]
}

fn alone(world: &World, node: &Node, fullest: &[Option<&Node>; 2]) -> u64 {
    let ledger = &world.ledger;
    let others = || world.nodes.iter().filter(|other| other.is_member() && other.id != node.id);
    let fullest = fullest.iter().flatten().find(|other| other.id != node.id);
    let nothing = GtidSet::default();
    let most = fullest.map_or(&nothing, |other| other.disk.log.gtids());
    let is_alone = |gtid: &Gtid| {
        ledger.acknowledged.contains(*gtid)
            && !ledger.absent.contains(*gtid)
            && !others().any(|other| other.disk.log.gtids().contains(*gtid))
    };
    match node.is_member() {
        true => node.disk.log.gtids().difference(most).filter(is_alone).count() as u64,
        false => 0,
    }
}
