//! What holds once every fault is healed, nobody asks for anything and time has passed.

use crate::base::NodeId;
use crate::data::Gtid;
use crate::node::Node;
use crate::policy::{Conflict, Isolation, Whose};
use crate::sim::{Event, World};

use super::{Holds, Step};

pub fn all_applied(step: &Step) -> Holds {
    for node in step.world.members() {
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
    if !step.setting.fenced || !step.setting.takes_all {
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
        if step.world.nodes[stream.to.index()].needs_seed() {
            continue;
        }
        if let Some(gtid) = missing {
            return Err(format!("{} follows {} and lacks {gtid}", stream.to, stream.from));
        }
    }
    Ok(())
}

/// Whether every server has come to what one primary's log says, and waits for nothing.
fn one_history(step: &Step) -> bool {
    let settled = step.world.members().all(|node| node.memory.waiting.is_empty());
    let setting = &step.setting;
    setting.reaches_all && setting.filters && setting.fenced && settled && !needs_seed(step.world)
}

pub fn same_tables(step: &Step) -> Holds {
    if !one_history(step) || !step.setting.same_tables {
        return Ok(());
    }
    let root = &step.world.nodes[step.world.topology.order()[0].index()];
    for node in step.world.members() {
        let [own, of_root] = [node, root].map(|node| node.disk.store.users.table());
        let differ = own.diff(of_root);
        if !differ.is_empty() {
            return Err(format!("{} and {} differ in {differ:?}", node.id, root.id));
        }
        if !node.disk.store.users.is_settled() {
            return Err(format!("{} has not settled its table", node.id));
        }
    }
    Ok(())
}

pub fn same_rows(step: &Step) -> Holds {
    let world = step.world;
    if !one_history(step) {
        return Ok(());
    }
    let root = &world.nodes[world.topology.order()[0].index()];
    let rows = |node: &Node| -> Vec<(u32, Option<Gtid>)> {
        let of = |row: &crate::data::Row| row.entry.as_ref().map(|entry| entry.gtid);
        node.disk.store.rows().map(|(key, row)| (key.0, of(row))).collect()
    };
    for node in world.members() {
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
    // Under other rules a row shows what the rule says, not what came last.
    let last_stays = step.setting.conflict.is_some_and(Conflict::shows_last);
    if !step.setting.filters || !last_stays {
        return Ok(());
    }
    for node in step.world.members().filter(|node| node.memory.waiting.is_empty()) {
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

/// Whether somebody waits for the operator to have it start over from a copy.
fn needs_seed(world: &World) -> bool {
    world.members().any(Node::needs_seed)
}

/// Servers of the newest epoch. In a custom topology no stream may lead to a server, and it never
/// hears of an epoch.
fn informed(world: &World) -> impl Iterator<Item = &Node> {
    world.members().filter(|node| node.disk.epoch == world.epoch)
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
    let needed = usize::from(world.rules.ack.needed(world.member_count()));
    let mut primaries = world.nodes.iter().filter(|node| node.is_primary());
    let all_informed = informed(world).count() == usize::from(world.member_count());
    all_informed && primaries.all(|node| answering(world, node.id) >= needed)
}

pub fn none_waits_in_vain(step: &Step) -> Holds {
    if !step.setting.fenced || !step.setting.takes_all || needs_seed(step.world) {
        return Ok(());
    }
    let needed = usize::from(step.world.rules.ack.needed(step.world.member_count()));
    for node in informed(step.world) {
        let count = answering(step.world, node.id);
        if let Some(oldest) = node.memory.waiting.front().filter(|_| count >= needed) {
            return Err(format!("{}:{} has {} acks", node.id, oldest.seq, oldest.acks));
        }
    }
    Ok(())
}

pub fn rearmed(step: &Step) -> Holds {
    if !step.setting.fenced || !step.setting.takes_all || needs_seed(step.world) {
        return Ok(());
    }
    let needed = usize::from(step.world.rules.ack.needed(step.world.member_count()));
    for node in informed(step.world).filter(|node| node.memory.degraded) {
        if answering(step.world, node.id) >= needed {
            return Err(format!("{} is still degraded", node.id));
        }
    }
    Ok(())
}

pub fn newest_epoch_everywhere(step: &Step) -> Holds {
    let world = step.world;
    if !step.setting.reaches_all || !step.setting.fenced || needs_seed(world) {
        return Ok(());
    }
    let Some(node) = world.members().find(|node| node.disk.epoch != world.epoch) else {
        return Ok(());
    };
    let epoch = node.disk.epoch;
    Err(format!("{} is of epoch {epoch}, the newest is {}", node.id, world.epoch))
}

pub fn silent(step: &Step) -> Holds {
    // Elections and snapshots live on hearing from others.
    let rules = &step.world.rules;
    let talks = rules.failover.is_some() || rules.isolation == Isolation::Mvcc;
    if talks
        || !step.setting.filters
        || !step.setting.takes_all
        || !all_answered(step.world)
        || needs_seed(step.world)
    {
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
