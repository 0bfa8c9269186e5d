//! I3, I4, I5, I27, I31: logs, positions and applies.

use crate::node::{Fact, Node, Unflushed};
use crate::policy::Point;

use super::{Holds, Step};

pub fn stages_nest(step: &Step) -> Holds {
    for node in step.nodes() {
        let (disk, memory) = (&node.disk, &node.memory);
        if !disk.log.gtids().is_superset(&disk.applied) {
            return Err(format!("{} applied {}, has {}", node.id, disk.applied, disk.log.gtids()));
        }
        if !node.status.runs() {
            continue;
        }
        let foreign =
            memory.unflushed.iter().filter(|one| matches!(one, Unflushed::Foreign { .. })).count();
        let nests = memory.received.is_superset(disk.log.gtids());
        let exact = memory.received.len() == disk.log.gtids().len() + foreign as u64;
        if !nests || step.setting.filters && !exact {
            let id = node.id;
            return Err(format!(
                "{id} received {}, has {} and {foreign} not flushed",
                memory.received,
                disk.log.gtids()
            ));
        }
        let (through, next, end) = (disk.applied_through, memory.next_apply, disk.log.end());
        if through > next || next > end {
            let id = node.id;
            return Err(format!("{id} applied to {through}, begins {next}, log ends at {end}"));
        }
    }
    Ok(())
}

pub fn positions_grow(step: &Step) -> Holds {
    for node in step.nodes() {
        let (before, disk) = (&step.seen.nodes[node.id.index()], &node.disk);
        let fresh = disk.log.generation > before.generation;
        let grows = disk.log.generation >= before.generation
            && node.boots >= before.boots
            && disk.last_seq >= before.last_seq
            && (fresh || disk.log.end() >= before.log_end)
            && (fresh || disk.applied_through >= before.applied_through);
        if !grows {
            let (end, through) = (disk.log.end(), disk.applied_through);
            return Err(format!("{} went back to {end}, applied {through}: {before:?}", node.id));
        }
    }
    Ok(())
}

pub fn none_ahead_of_source(step: &Step) -> Holds {
    for (follower, source, expected) in followed(step) {
        if expected > source.disk.log.end() {
            let end = source.disk.log.end();
            let (follower, source) = (follower.id, source.id);
            return Err(format!(
                "{follower} waits for {expected} of {source}, which ends at {end}"
            ));
        }
    }
    for node in step.nodes() {
        let end = node.disk.log.end();
        for downstream in node.memory.downstreams.iter().filter(|one| one.connected) {
            if downstream.next > end || downstream.confirmed > end {
                let (next, confirmed) = (downstream.next, downstream.confirmed);
                return Err(format!(
                    "{} ships {next} to {}, which confirmed {confirmed}, and ends at {end}",
                    node.id, downstream.node
                ));
            }
        }
    }
    Ok(())
}

pub fn shipped_from_disk(step: &Step) -> Holds {
    let Some(sender) = step.sender() else {
        return Ok(());
    };
    let on_disk = &step.seen.nodes[sender.index()].had[Point::Flushed as usize];
    for (node, fact) in step.facts() {
        if let Fact::Received { gtid, .. } = fact
            && !on_disk.contains(*gtid)
        {
            return Err(format!("{} has {gtid} of {sender}, which never had it", node.id));
        }
    }
    Ok(())
}

/// Followers that the step touched, with their sources and the positions they wait for, where both
/// mean the same by a position.
fn followed<'a>(step: &'a Step) -> impl Iterator<Item = (&'a Node, &'a Node, u32)> {
    step.nodes().filter(|node| node.status.runs()).flat_map(move |follower| {
        follower.memory.upstreams.iter().filter_map(move |upstream| {
            let source = &step.world.nodes[upstream.node.index()];
            (upstream.generation == Some(source.disk.log.generation)).then_some((
                follower,
                source,
                upstream.expected,
            ))
        })
    })
}

pub fn no_gap_skipped(step: &Step) -> Holds {
    if !step.setting.takes_all {
        return Ok(());
    }
    for (follower, source, expected) in followed(step) {
        for lsn in step.seen.unchecked(follower, source)..expected {
            let slot = source.disk.log.get(lsn);
            if let Some(slot) =
                slot.filter(|slot| !follower.memory.received.contains(slot.entry.gtid))
            {
                return Err(format!(
                    "{} waits for position {expected} of {} and lacks {} at {lsn}",
                    follower.id, source.id, slot.entry.gtid
                ));
            }
        }
    }
    Ok(())
}

pub fn prefix_of_reign(step: &Step) -> Holds {
    if !step.setting.takes_all {
        return Ok(());
    }
    for node in step.nodes() {
        let before = &step.seen.nodes[node.id.index()];
        let log = &node.disk.log;
        let from = if before.generation == log.generation { before.log_end } else { log.first() };
        for lsn in from.max(log.first())..log.end() {
            let Some(entry) = log.get(lsn).map(|slot| &slot.entry) else {
                continue;
            };
            let reign = step.seen.reigns.get(&(entry.gtid.origin, entry.epoch));
            let first = reign.map_or(entry.gtid.seq, |(first, _)| *first);
            let earlier = crate::data::Gtid { seq: entry.gtid.seq.wrapping_sub(1), ..entry.gtid };
            if entry.gtid.seq > first && !log.gtids().contains(earlier) {
                return Err(format!("{} has {} and lacks {earlier}", node.id, entry.gtid));
            }
        }
    }
    Ok(())
}

pub fn applied_once(step: &Step) -> Holds {
    if !step.setting.filters {
        return Ok(());
    }
    let mut news: Vec<(crate::base::NodeId, crate::data::Gtid)> = Vec::new();
    let mut seeded = Vec::new();
    for (node, fact) in step.facts() {
        match fact {
            Fact::Seeded { .. } => seeded.push(node.id),
            // Nothing changes in the rows when a write is committed that they showed before.
            Fact::Committed { gtid, .. } if shown_before(step, node, *gtid) => {}
            Fact::Committed { gtid, .. } if gtid.origin != node.id => {}
            Fact::Applied { gtid, .. }
            | Fact::Committed { gtid, .. }
            | Fact::Shown(gtid)
            | Fact::Recovered(gtid) => {
                let again = step.seen.nodes[node.id.index()].applied.contains(*gtid)
                    || news.contains(&(node.id, *gtid));
                if again && !seeded.contains(&node.id) {
                    return Err(format!("{} applied {gtid} again", node.id));
                }
                news.push((node.id, *gtid));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether a server let reads see an entry before its acks had come.
fn shown_before(step: &Step, node: &Node, gtid: crate::data::Gtid) -> bool {
    let now = |(at, fact): (&Node, &Fact)| at.id == node.id && *fact == Fact::Shown(gtid);
    step.seen.nodes[node.id.index()].shown.contains(gtid) || step.facts().any(now)
}

pub fn gtid_names_one_change(step: &Step) -> Holds {
    for (node, fact) in step.facts() {
        if let Fact::Written { op, gtid, .. } = fact {
            if let Some(named) = step.seen.written.get(gtid) {
                return Err(format!("{gtid} names {op:?} and {:?}", named.op));
            }
            let last = step.seen.nodes[node.id.index()].last_seq;
            if gtid.origin != node.id || gtid.seq <= last {
                return Err(format!("{} gave the name {gtid} after {last}", node.id));
            }
        }
    }
    for node in step.nodes() {
        let before = &step.seen.nodes[node.id.index()];
        let log = &node.disk.log;
        let from = if before.generation == log.generation { before.log_end } else { log.first() };
        for slot in (from..log.end()).filter_map(|lsn| log.get(lsn)) {
            let entry = &slot.entry;
            let named = step.seen.written.get(&entry.gtid);
            if named.is_some_and(|named| {
                (named.op, named.key, named.epoch) != (entry.op, entry.key, entry.epoch)
            }) {
                return Err(format!("{} has {entry:?} for {named:?}", node.id));
            }
            if named.is_none() && slot.source != node.id {
                return Err(format!("{} has {} that nobody wrote", node.id, entry.gtid));
            }
        }
    }
    Ok(())
}
