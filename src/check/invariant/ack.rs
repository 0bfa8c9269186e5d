//! I11 to I19, I23: what an acknowledgement means, and what clients are told.

use crate::base::{NodeId, OpId, SimTime};
use crate::node::{Fact, Node, Request, Status, Told};
use crate::policy::{Ack, Count, OnTimeout, Point, Whose};
use crate::sim::{Op, Outcome};

use super::{Holds, Step};

/// How many replicas a rule asks for, reckoned here anew so that a slip there is seen.
fn needed(ack: &Ack, servers: usize) -> usize {
    match ack.count {
        Count::None => 0,
        Count::Of(count) => count.into(),
        // With the primary more than half: the fewest others that make it so.
        Count::Majority => (0..servers).find(|others| 2 * (others + 1) > servers).unwrap_or(0),
        Count::All => servers - 1,
    }
}

/// Whether an operation asked for no acks, whatever the rule.
fn is_local(step: &Step, op: OpId) -> bool {
    let request = step.world.ledger.op(op).map(|op| &op.request);
    matches!(request, Some(Request::Write { local: true, .. }))
}

pub fn where_the_rule_asks(step: &Step) -> Holds {
    if step.world.topology.is_proper() {
        return Ok(());
    }
    let ack = step.world.rules.ack;
    let needed = needed(&ack, step.world.member_count().into());
    for (node, fact) in step.facts() {
        let Fact::Committed { op, gtid, degraded: false, .. } = fact else {
            continue;
        };
        if is_local(step, *op) {
            continue;
        }
        let has = |other: &usize| {
            *other != node.id.index()
                && step.world.nodes[*other].is_member()
                && step.seen.nodes[*other].had[ack.point as usize].contains(*gtid)
        };
        let count = (0..step.seen.nodes.len()).filter(has).count();
        if count < needed {
            let point = ack.point.name();
            return Err(format!("{gtid} was {point} at {count} of {needed} when acknowledged"));
        }
    }
    Ok(())
}

pub fn still_on_disk(step: &Step) -> Holds {
    if step.world.topology.is_proper() {
        // The tail answers, and of a chain it asks for more: see `answered_is_everywhere`.
        return Ok(());
    }
    let ack = step.world.rules.ack;
    let needed = needed(&ack, step.world.member_count().into());
    for (node, fact) in step.facts() {
        let Fact::Committed { op, gtid, degraded: false, .. } = fact else {
            continue;
        };
        if is_local(step, *op) {
            continue;
        }
        let others = step.world.members().filter(|other| other.id != node.id);
        let count = others.filter(|other| other.disk.log.gtids().contains(*gtid)).count();
        if ack.point >= Point::Flushed && count < needed {
            return Err(format!("{gtid} is on {count} other disks of {needed} when acknowledged"));
        }
    }
    Ok(())
}

pub fn counts_each_replica_once(step: &Step) -> Holds {
    if step.world.rules.ack.from == Whose::First {
        // Not all who have it count: see `first_ones_have_it`.
        return Ok(());
    }
    let ack = step.world.rules.ack;
    let needed = needed(&ack, step.world.member_count().into());
    for node in step.nodes().filter(|node| node.status == Status::Up) {
        let waiting = &node.memory.waiting;
        for write in waiting.front().into_iter().chain(waiting.back()) {
            let positions = &node.memory.positions;
            let have = |reached: &&[u32; 3]| reached[ack.point as usize] >= write.seq;
            let count = positions.iter().filter(have).count();
            if usize::from(write.acks) != count || count >= needed {
                let (id, seq, acks) = (node.id, write.seq, write.acks);
                return Err(format!(
                    "{id}:{seq} waits with {acks} acks, {count} of {needed} have it"
                ));
            }
        }
    }
    Ok(())
}

/// How many servers can hear of a write at `from` and answer, of those up at `t` or since.
fn in_touch(step: &Step, from: &Node, t: SimTime) -> usize {
    let nodes = &step.world.nodes;
    let gone = |node: NodeId| {
        let down_since = step.seen.nodes[node.index()].down_since;
        down_since.is_some_and(|since| since < t)
    };
    let closure = |back: bool| {
        let (mut reached, mut next) = (vec![from.id], 0);
        while next < reached.len() {
            let at = reached[next];
            next += 1;
            for other in nodes.iter().map(|node| node.id) {
                let (a, b) = if back { (other, at) } else { (at, other) };
                let new = !reached.contains(&other) && !gone(other);
                if new && step.world.network.breach.reaches(a, b) {
                    reached.push(other);
                }
            }
        }
        reached
    };
    let (hear, heard) = (closure(false), closure(true));
    hear.iter().filter(|node| heard.contains(node)).count() - 1
}

pub fn enough_are_in_touch(step: &Step) -> Holds {
    if step.world.topology.is_proper() {
        return Ok(());
    }
    let needed = needed(&step.world.rules.ack, step.world.member_count().into());
    for (node, fact) in step.facts() {
        let Fact::Committed { op, gtid, degraded: false, .. } = fact else {
            continue;
        };
        let written_at = step.seen.written.get(gtid).map(|named| named.at);
        let written_at = written_at.filter(|at| *at >= step.seen.network_since);
        // What asks for no ack waits at most for another write of its row.
        let Some(written_at) = written_at.filter(|_| !is_local(step, *op)) else {
            continue;
        };
        let count = in_touch(step, node, written_at);
        if count < needed {
            return Err(format!("{gtid} is acknowledged where {count} of {needed} can hear of it"));
        }
    }
    Ok(())
}

pub fn degraded_waits_for_nobody(step: &Step) -> Holds {
    for node in step.nodes().filter(|node| node.status == Status::Up && node.memory.degraded) {
        if let Some(oldest) = node.memory.waiting.front() {
            return Err(format!("{} waits for {} all the same", node.id, oldest.seq));
        }
    }
    Ok(())
}

pub fn rearms_once_caught_up(step: &Step) -> Holds {
    let ack = step.world.rules.ack;
    let needed = needed(&ack, step.world.member_count().into());
    for (node, fact) in step.facts() {
        let seq = step.seen.nodes[node.id.index()].last_seq;
        if *fact != Fact::Rearmed || seq == 0 {
            continue;
        }
        let newest = crate::data::Gtid { origin: node.id, seq };
        let others = step.seen.nodes.iter().enumerate().filter(|(at, _)| *at != node.id.index());
        let count =
            others.filter(|(_, seen)| seen.had[ack.point as usize].contains(newest)).count();
        if count < needed {
            return Err(format!("{newest} is at {count} of {needed} when acks are asked again"));
        }
    }
    Ok(())
}

pub fn sync_all_means_all(step: &Step) -> Holds {
    if step.world.topology.is_proper() {
        return Ok(());
    }
    let ack = step.world.rules.ack;
    let servers = step.world.member_count().into();
    if needed(&ack, servers) + 1 < servers {
        return Ok(());
    }
    for (node, fact) in step.facts() {
        let Fact::Committed { op, gtid, degraded: false, .. } = fact else {
            continue;
        };
        if is_local(step, *op) {
            continue;
        }
        for other in step.world.members().filter(|other| other.id != node.id) {
            if !step.seen.nodes[other.id.index()].had[ack.point as usize].contains(*gtid) {
                return Err(format!("{} never had {gtid}", other.id));
            }
        }
    }
    Ok(())
}

pub fn waits_no_longer_than_timeout(step: &Step) -> Holds {
    let (now, ack) = (step.world.now, step.world.rules.ack);
    let (Some(timeout), OnTimeout::Async) = (ack.timeout, ack.on_timeout) else {
        return Ok(());
    };
    if step.records.iter().any(|record| matches!(record.fact, Fact::Command(_))) {
        // A rule just changed, or a server just went on: its timer comes at this instant.
        return Ok(());
    }
    for node in step.world.nodes.iter().filter(|node| node.status == Status::Up) {
        let Some(oldest) = node.memory.waiting.front() else {
            continue;
        };
        let changed_at =
            step.seen.rules_changed_at.max(step.seen.nodes[node.id.index()].unpaused_at);
        if now > changed_at.max(oldest.written_at + timeout.0) {
            let written_at = oldest.written_at;
            return Err(format!("{}:{} waits since {written_at}", node.id, oldest.seq));
        }
    }
    Ok(())
}

pub fn applied_everywhere_reads_fresh(step: &Step) -> Holds {
    if !step.setting.sync_applied {
        return Ok(());
    }
    for (node, fact) in step.facts() {
        if let Fact::Served { op, .. } = fact
            && let Some(read) = step.world.ledger.op(*op)
            && read.staleness.versions > 0
            && read.stamp.is_none()
        {
            let versions = read.staleness.versions;
            return Err(format!("{} served {op:?} {versions} versions behind", node.id));
        }
    }
    Ok(())
}

pub fn answers_have_what_clients_know(step: &Step) -> Holds {
    for (node, fact) in step.facts() {
        if let Fact::Served { op, .. } = fact
            && let Some(Request::Read { after: Some(after), .. }) =
                step.world.ledger.op(*op).map(|booked| &booked.request)
            && let Some(lacks) = after.gtids.first_missing_from(&node.disk.applied)
        {
            return Err(format!("{} answered {op:?} without {lacks}", node.id));
        }
    }
    Ok(())
}

pub fn unknown_is_not_lost(step: &Step) -> Holds {
    for record in step.records {
        let Fact::LostWrite { op, gtid } = record.fact else {
            continue;
        };
        let booked = step.world.ledger.op(op);
        if !booked.is_some_and(Op::acknowledged) {
            return Err(format!("{gtid} of {booked:?}"));
        }
        let survives = step.world.surviving().is_some_and(|all| all.contains(gtid));
        if survives {
            return Err(format!("{gtid} is at a primary"));
        }
    }
    Ok(())
}

pub fn told_the_truth(step: &Step) -> Holds {
    for record in step.records {
        let Fact::Told { op, told: Told::Ok | Told::OkDegraded } = record.fact else {
            continue;
        };
        let ledger = &step.world.ledger;
        let booked = ledger.op(op);
        let committed = booked.is_some_and(|booked| {
            booked.committed_at.is_some_and(|at| at <= record.at)
                && booked.gtid.is_some_and(|gtid| ledger.acknowledged.contains(gtid))
        });
        if !committed {
            return Err(format!("{booked:?}"));
        }
    }
    Ok(())
}

pub fn none_ends_silently(step: &Step) -> Holds {
    let (world, now) = (step.world, step.world.now);
    for client in &world.clients {
        let Some(oldest) = client.pending.front().and_then(|op| world.ledger.op(*op)) else {
            continue;
        };
        let overdue = oldest.sent_at + client.timeout.0 < now;
        if overdue && oldest.outcome == Outcome::Pending {
            return Err(format!("{} still waits: {oldest:?}", client.name));
        }
    }
    Ok(())
}
