//! I13, I18 to I20: who sees a write that waits for acks, what ends the wait, and what no means.

use crate::data::Gtid;
use crate::node::{Fact, Request};
use crate::policy::{OnTimeout, Visible, Whose};

use super::{Holds, Step};

pub fn shown_as_the_rule_says(step: &Step) -> Holds {
    if !step.setting.filters || step.world.topology.is_proper() {
        // In a proper chain it is in the head's history at once. Else it comes back round the ring
        // and is applied as if another's.
        return Ok(());
    }
    let early = step.world.rules.ack.visible == Visible::AfterLog;
    for node in step.nodes() {
        for write in &node.memory.waiting {
            let gtid = Gtid { origin: node.id, seq: write.seq };
            let seen = node.disk.applied.contains(gtid);
            if seen && !early && !step.setting.shows_early {
                return Err(format!("{} shows {gtid}", node.id));
            }
            if seen != write.visible {
                return Err(format!("{} shows {gtid}: {seen}, and books otherwise", node.id));
            }
        }
    }
    Ok(())
}

pub fn first_ones_have_it(step: &Step) -> Holds {
    let (world, rule) = (step.world, step.world.rules.ack);
    let needed = usize::from(rule.needed(world.member_count()));
    let changes = step.records.iter().any(|record| matches!(record.fact, Fact::Command(_)));
    if rule.from == Whose::Any || changes {
        return Ok(());
    }
    for (node, fact) in step.facts() {
        let Fact::Committed { op, gtid, degraded: false, .. } = fact else { continue };
        let asked = world.ledger.op(*op).map(|op| &op.request);
        if matches!(asked, Some(Request::Write { local: true, .. })) {
            continue;
        }
        // Reckoned anew: of those that follow it and were heard of late, the first that many.
        let silence = 2 * world.rules.keepalive.0;
        let connected = node.memory.downstreams.iter().filter(|one| {
            one.connected && one.unheard_since.is_none_or(|since| world.now < since + silence)
        });
        let first: Vec<_> = connected.map(|one| one.node).take(needed).collect();
        let has = |node: crate::base::NodeId| {
            step.seen.nodes[node.index()].had[rule.point as usize].contains(*gtid)
        };
        if let Some(lacks) = first.iter().find(|node| !has(**node)) {
            return Err(format!("{} commits {gtid} without {lacks}", node.id));
        }
        if first.len() < needed {
            return Err(format!("{} commits {gtid} with {} of {needed}", node.id, first.len()));
        }
    }
    Ok(())
}

pub fn nobody_gives_up(step: &Step) -> Holds {
    if !step.setting.waits_for_ever {
        return Ok(());
    }
    for (node, fact) in step.facts() {
        if matches!(fact, Fact::Degraded | Fact::Committed { degraded: true, .. }) {
            return Err(format!("{} goes on without acks: {fact:?}", node.id));
        }
    }
    Ok(())
}

pub fn local_waits_for_its_row_alone(step: &Step) -> Holds {
    if step.world.topology.is_proper() {
        // There the tail answers every write, whatever it asks for.
        return Ok(());
    }
    for (node, fact) in step.facts() {
        // Later it may also wait for others that came before it.
        let Fact::Written { gtid, lsn, .. } = fact else { continue };
        let mut waiting = node.memory.waiting.iter().filter(|write| write.lsn == *lsn);
        if waiting.next().is_some_and(|write| write.local) {
            let key = |lsn| node.disk.log.get(lsn).map(|slot| slot.entry.key);
            let mut before = node.memory.waiting.iter().filter(|write| write.lsn < *lsn);
            if !before.any(|other| key(other.lsn) == key(*lsn)) {
                return Err(format!("{gtid} asks for no acks and waits"));
            }
        }
    }
    Ok(())
}

pub fn told_no_means_no(step: &Step) -> Holds {
    for record in step.records {
        let (Fact::Refused { op, .. } | Fact::Written { op, .. }) = record.fact else { continue };
        let Some(booked) = step.world.ledger.op(op).filter(|op| op.is_write()) else { continue };
        let refused = matches!(record.fact, Fact::Refused { .. }) || booked.refusal().is_some();
        if let Some(gtid) = booked.gtid.filter(|_| refused) {
            return Err(format!("{gtid} is in the log of {:?}", gtid.origin));
        }
    }
    Ok(())
}

/// Whether a rule acknowledges without acks after a while.
pub fn gives_up(ack: &crate::policy::Ack) -> bool {
    ack.timeout.is_some() && ack.on_timeout == OnTimeout::Async
}
