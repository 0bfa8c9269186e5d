//! I32 to I36: what concurrent changes come to, once everything is everywhere.

use std::collections::BTreeSet;

use crate::data::{Change, Gtid, GtidSet, LogEntry, Sort};
use crate::node::{Fact, Node};
use crate::policy::Conflict;

use super::{Holds, Step};

/// Servers that have exactly the same entries, and every one of them applied.
fn agreeing<'a>(step: &'a Step) -> impl Iterator<Item = (&'a Node, &'a Node)> {
    let whole = |node: &&Node| {
        node.memory.waiting.is_empty()
            && node.disk.applied == *node.disk.log.gtids()
            && !step.setting.trims
    };
    let nodes = &step.world.nodes;
    nodes.iter().filter(whole).flat_map(move |one| {
        let later = nodes[one.id.index() + 1..].iter().filter(whole);
        let same = move |other: &&Node| other.disk.applied == one.disk.applied;
        later.filter(same).map(move |other| (one, other))
    })
}

/// Servers whose logs hold everything that made their rows: no copy, nothing forgotten.
fn with_whole_logs<'a>(step: &'a Step) -> impl Iterator<Item = &'a Node> {
    let whole = |node: &&Node| {
        let log = &node.disk.log;
        log.generation == 0 && log.iter().count() as u64 == log.gtids().len()
    };
    step.world.nodes.iter().filter(whole)
}

/// Rules under which rows depend on what was applied and not on the order.
fn converges(rule: Conflict) -> bool {
    let laws = rule.laws();
    laws.commutative && laws.associative
}

pub fn same_entries_same_rows(step: &Step) -> Holds {
    let Some(rule) = step.setting.conflict.filter(|_| step.setting.filters) else {
        return Ok(());
    };
    for (one, other) in agreeing(step) {
        for (key, row) in one.disk.store.iter() {
            let Some(others) = other.disk.store.row(key) else {
                return Err(format!("{} has no row {}", other.id, key.0));
            };
            // Counters and sets commute whatever the rule; texts are safe in no order but one.
            let whole = row.whole().is_some() || others.whole().is_some();
            let safe = match row.sort() {
                Sort::Counter | Sort::Set => !whole || converges(rule),
                Sort::Text => false,
                Sort::Nothing | Sort::Whole => converges(rule),
            };
            if safe && row.cell() != others.cell() {
                let [own, others] = [row.cell(), others.cell()];
                return Err(format!(
                    "{} shows {own:?} and {} shows {others:?} for key {} under {}",
                    one.id,
                    other.id,
                    key.0,
                    rule.name()
                ));
            }
        }
    }
    Ok(())
}

/// I35: a counter is the sum of all its changes that this server has applied.
pub fn counters_count_once(step: &Step) -> Holds {
    if !step.setting.filters || step.setting.conflict.is_none() {
        return Ok(());
    }
    for node in with_whole_logs(step) {
        for (key, row) in node.disk.store.iter().filter(|(_, row)| row.sort() == Sort::Counter) {
            let amends = row.beside.as_deref().map_or(0, |beside| {
                beside.sums.iter().fold(0i64, |sum, (_, by)| sum.saturating_add(*by))
            });
            let slots = node.disk.log.iter().map(|(_, slot)| &slot.entry);
            let here = slots.filter(|entry| entry.key == key);
            let applied = here.filter(|entry| node.disk.applied.contains(entry.gtid));
            let sum = applied.fold(0i64, |sum, entry| match &entry.change {
                Change::Add(by) => sum.saturating_add(*by),
                Change::Put(_)
                | Change::Delete
                | Change::Insert(_)
                | Change::Member { .. }
                | Change::Edit(_)
                | Change::Statement(_)
                | Change::Rows(_) => sum,
            });
            if sum != amends {
                return Err(format!("{} counts {amends} of {sum}", node.id));
            }
        }
    }
    Ok(())
}

/// I34: what stands side by side is exactly what nothing applied here had seen.
pub fn siblings_are_maximal(step: &Step) -> Holds {
    let setting = step.setting;
    if setting.conflict != Some(Conflict::VersionVector) || !setting.filters {
        return Ok(());
    }
    for node in with_whole_logs(step) {
        for (key, row) in node.disk.store.iter() {
            let slots = node.disk.log.iter().map(|(_, slot)| &slot.entry);
            let here = slots.filter(|entry| entry.key == key && entry.change.is_whole());
            let applied: Vec<_> =
                here.filter(|entry| node.disk.applied.contains(entry.gtid)).collect();
            let seen: BTreeSet<Gtid> = applied
                .iter()
                .filter(|entry| {
                    let knows = |other: &GtidSet| other.contains(entry.gtid);
                    applied.iter().any(|other| other.seen.as_deref().is_some_and(knows))
                })
                .map(|entry| entry.gtid)
                .collect();
            let maximal: BTreeSet<Gtid> = applied
                .iter()
                .map(|entry| entry.gtid)
                .filter(|gtid| !seen.contains(gtid))
                .collect();
            let heads: BTreeSet<Gtid> = row.heads().iter().map(|head| head.gtid).collect();
            if heads != maximal {
                return Err(format!(
                    "{} keeps {heads:?} of key {}, not {maximal:?}",
                    node.id, key.0
                ));
            }
        }
    }
    Ok(())
}

/// I30, I32: a conflict is told of two changes of one key that had not seen one another.
pub fn conflicts_are_concurrent(step: &Step) -> Holds {
    for (node, fact) in step.facts() {
        let Fact::Conflict { gtid, with, .. } = fact else {
            continue;
        };
        let log = &node.disk.log;
        let find = |name: &Gtid| {
            let slots = log.iter().rev().map(|(_, slot)| &slot.entry);
            { slots }.find(|entry| entry.gtid == *name)
        };
        let (Some(one), Some(other)) = (find(gtid), find(with)) else {
            continue;
        };
        let saw = |one: &LogEntry, other: Gtid| {
            one.seen.as_deref().is_some_and(|seen| seen.contains(other))
        };
        if one.key != other.key || saw(one, *with) || saw(other, *gtid) {
            return Err(format!("{} tells a conflict of {gtid} and {with}", node.id));
        }
    }
    Ok(())
}
