//! What holds once every fault is healed, nobody asks for anything and time has passed.

use crate::base::NodeId;
use crate::data::Gtid;
use crate::node::Node;
use crate::policy::Whose;
use crate::sim::{Event, World};

use super::{Holds, Step};

pub fn all_applied(step: &Step) -> Holds {
    for node in &step.world.nodes {
        let waits = |gtid: Gtid| {
            let waiting = &node.memory.waiting;
            gtid.origin == node.id && waiting.iter().any(|write| write.seq == gtid.seq)
        };
        let mut missing = node.disk.log.gtids().difference(&node.disk.applied);
        if let Some(gtid) = missing.find(|gtid| !waits(*gtid)) {
            return Err(format!("{} has {gtid} and has not applied it", node.id));
        }
        if !node.memory.unflushed.is_empty() || node.memory.busy > 0 {
            return Err(format!("{} is still at work", node.id));
        }
    }
    Ok(())
}

pub fn followers_have_all(step: &Step) -> Holds {
    if !step.setting.fenced {
        return Ok(());
    }
    for stream in step.world.topology.streams() {
        let [source, follower] =
            [stream.from, stream.to].map(|node| &step.world.nodes[node.index()].disk);
        let newest = step.world.epoch;
        if source.epoch != newest || follower.epoch != newest {
            continue;
        }
        let (source, follower) = (source.log.gtids(), follower.log.gtids());
        let missing = source.difference(follower).next();
        if let Some(gtid) = missing {
            return Err(format!("{} follows {} and lacks {gtid}", stream.to, stream.from));
        }
    }
    Ok(())
}

pub fn same_rows(step: &Step) -> Holds {
    let world = step.world;
    let settled = world.nodes.iter().all(|node| node.memory.waiting.is_empty());
    if !step.setting.reaches_all || !step.setting.filters || !step.setting.fenced || !settled {
        return Ok(());
    }
    let root = &world.nodes[world.topology.order()[0].index()];
    let rows = |node: &Node| -> Vec<(u32, Option<Gtid>)> {
        let of = |row: &crate::data::Row| row.entry.as_ref().map(|entry| entry.gtid);
        node.disk.store.iter().map(|(key, row)| (key.0, of(row))).collect()
    };
    for node in &world.nodes {
        let [own, of_root] = [node, root].map(|node| node.disk.log.gtids());
        if own != of_root {
            return Err(format!("{} has {own}, {} has {of_root}", node.id, root.id));
        }
        if rows(node) != rows(root) {
            return Err(format!("{} and {} show different rows", node.id, root.id));
        }
    }
    Ok(())
}

pub fn same_order(step: &Step) -> Holds {
    if !step.setting.one_order || !step.setting.filters {
        return Ok(());
    }
    for stream in step.world.topology.streams() {
        let [source, follower] =
            [stream.from, stream.to].map(|node| &step.world.nodes[node.index()].disk.log);
        let shipped = follower.iter().filter(|(_, slot)| slot.source == stream.from);
        let shipped: Vec<Gtid> = shipped.map(|(_, slot)| slot.entry.gtid).collect();
        let mut order = source.iter().map(|(_, slot)| slot.entry.gtid);
        let held = source.iter().map(|(_, slot)| slot.entry.gtid).collect::<Vec<_>>();
        let out_of_order = shipped
            .iter()
            .filter(|gtid| held.contains(gtid))
            .find(|gtid| !order.any(|other| other == **gtid));
        if let Some(gtid) = out_of_order {
            return Err(format!("{} has {gtid} in another place than {}", stream.to, stream.from));
        }
    }
    Ok(())
}

pub fn rows_show_the_log(step: &Step) -> Holds {
    if !step.setting.filters {
        return Ok(());
    }
    for node in step.world.nodes.iter().filter(|node| node.memory.waiting.is_empty()) {
        let mut shown = std::collections::BTreeSet::new();
        for (_, slot) in node.disk.log.iter().rev() {
            let row = node.disk.store.row(slot.entry.key);
            let gtid = row.and_then(|row| row.entry.as_ref()).map(|entry| entry.gtid);
            if shown.insert(slot.entry.key) && gtid != Some(slot.entry.gtid) {
                return Err(format!("{} shows {gtid:?} for {}", node.id, slot.entry.gtid));
            }
        }
    }
    Ok(())
}

/// Servers of the newest epoch. In a custom topology no stream may lead to a server, and it never
/// hears of an epoch.
fn informed(world: &World) -> impl Iterator<Item = &Node> {
    world.nodes.iter().filter(|node| node.disk.epoch == world.epoch)
}

/// How many servers can acknowledge a primary's writes.
fn answering(world: &World, primary: NodeId) -> usize {
    if !world.rules.relay_acks || world.rules.ack.from == Whose::First {
        return world.topology.downstream(primary).count();
    }
    let mut reached = vec![primary];
    let mut next = 0;
    while next < reached.len() {
        for to in world.topology.downstream(reached[next]) {
            if !reached.contains(&to) {
                reached.push(to);
            }
        }
        next += 1;
    }
    reached.len() - 1
}

/// Whether every primary can get the acks that its rule asks for.
fn all_answered(world: &World) -> bool {
    let needed = usize::from(world.rules.ack.needed(world.nodes.len() as u16));
    let mut primaries = world.nodes.iter().filter(|node| node.is_primary());
    let all_informed = informed(world).count() == world.nodes.len();
    all_informed && primaries.all(|node| answering(world, node.id) >= needed)
}

pub fn none_waits_in_vain(step: &Step) -> Holds {
    if !step.setting.fenced {
        return Ok(());
    }
    let needed = usize::from(step.world.rules.ack.needed(step.world.nodes.len() as u16));
    for node in informed(step.world) {
        let count = answering(step.world, node.id);
        if let Some(oldest) = node.memory.waiting.front().filter(|_| count >= needed) {
            return Err(format!("{}:{} has {} acks", node.id, oldest.seq, oldest.acks));
        }
    }
    Ok(())
}

pub fn rearmed(step: &Step) -> Holds {
    if !step.setting.fenced {
        return Ok(());
    }
    let needed = usize::from(step.world.rules.ack.needed(step.world.nodes.len() as u16));
    for node in informed(step.world).filter(|node| node.memory.degraded) {
        if answering(step.world, node.id) >= needed {
            return Err(format!("{} is still degraded", node.id));
        }
    }
    Ok(())
}

pub fn newest_epoch_everywhere(step: &Step) -> Holds {
    let world = step.world;
    if !step.setting.reaches_all || !step.setting.fenced {
        return Ok(());
    }
    let Some(node) = world.nodes.iter().find(|node| node.disk.epoch != world.epoch) else {
        return Ok(());
    };
    let epoch = node.disk.epoch;
    Err(format!("{} is of epoch {epoch}, the newest is {}", node.id, world.epoch))
}

pub fn silent(step: &Step) -> Holds {
    let elects = step.world.rules.failover.is_some();
    if elects || !step.setting.filters || !all_answered(step.world) {
        return Ok(());
    }
    let mut under_way = step.world.queue.iter();
    let talk = under_way.find(|(_, event)| match event {
        Event::Deliver(_) | Event::Lose(..) => true,
        Event::Timer { node, boot, .. } => *boot == step.world.nodes[node.index()].boots,
        Event::Arrival(_) | Event::Patience(_) => false,
    });
    match talk {
        Some((at, event)) => Err(format!("at {at}: {event:?}")),
        None => Ok(()),
    }
}
