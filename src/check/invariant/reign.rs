//! I9, I21, I25, I26: epochs, promotions, what they lose and what is thrown away after them.

use crate::data::Gtid;
use crate::node::Fact;
use crate::policy::Point;

use super::{Holds, Step};

pub fn loses_a_suffix(step: &Step) -> Holds {
    if !step.setting.one_primary || !step.setting.takes_all {
        return Ok(());
    }
    for (node, fact) in step.facts() {
        let Fact::Promoted(_) = fact else {
            continue;
        };
        for ((origin, epoch), (first, last)) in &step.seen.reigns {
            let has =
                |seq: &u32| node.disk.log.gtids().contains(Gtid { origin: *origin, seq: *seq });
            let missing = (*first..=*last).find(|seq| !has(seq));
            if let Some(missing) = missing
                && let Some(later) = (missing..=*last).find(has)
            {
                return Err(format!(
                    "{} of epoch {epoch} lacks {origin}:{missing} and has {origin}:{later}",
                    node.id
                ));
            }
        }
    }
    Ok(())
}

pub fn lost_is_what_is_missing(step: &Step) -> Holds {
    let promoted = step.facts().any(|(_, fact)| matches!(fact, Fact::Promoted(_)));
    let Some(surviving) = step.world.surviving().filter(|_| promoted) else {
        return Ok(());
    };
    for op in step.world.ledger.ops.iter().filter(|op| op.is_write()) {
        let Some(gtid) = op.gtid else {
            continue;
        };
        let missing = op.acknowledged() && !surviving.contains(gtid);
        if missing && !op.lost {
            return Err(format!("{gtid} is missing and not booked as lost: {op:?}"));
        }
    }
    Ok(())
}

pub fn one_primary_an_epoch(step: &Step) -> Holds {
    if !step.setting.one_primary {
        return Ok(());
    }
    let nodes = &step.world.nodes;
    for node in step.nodes().filter(|node| node.is_primary()) {
        let rival = nodes.iter().find(|other| {
            other.id != node.id && other.is_primary() && other.disk.epoch == node.disk.epoch
        });
        if let Some(rival) = rival {
            return Err(format!("{} and {} lead epoch {}", node.id, rival.id, node.disk.epoch));
        }
    }
    Ok(())
}

pub fn epochs_grow(step: &Step) -> Holds {
    for node in step.nodes() {
        let seen = &step.seen.nodes[node.id.index()];
        let (before, epoch) = (seen.epoch, node.disk.epoch);
        if epoch < before || epoch > step.world.epoch {
            return Err(format!("{} went from {before} to {epoch}", node.id));
        }
        let (promised, promises) = (seen.promised, node.promised());
        if promises < promised {
            return Err(format!("{} promised {promised}, and now {promises}", node.id));
        }
    }
    Ok(())
}

pub fn only_primaries_write(step: &Step) -> Holds {
    for (node, fact) in step.facts() {
        if let Fact::Written { gtid, .. } = fact
            && !node.is_primary()
        {
            return Err(format!("{} is no primary and wrote {gtid}", node.id));
        }
    }
    Ok(())
}

pub fn takes_nothing_older(step: &Step) -> Holds {
    for record in step.records.iter().filter(|record| record.is_arrival()) {
        let takes = matches!(
            record.fact,
            Fact::Received { .. } | Fact::Resumed(_) | Fact::Seeded { .. } | Fact::Heartbeat(_)
        );
        let (Some(from), Some(at)) = (record.from.node(), record.place.node()) else {
            continue;
        };
        let own = step.seen.nodes[at.index()].epoch;
        let of_sender = step.seen.epoch_at(from, record.sent_at);
        if takes && of_sender < own {
            return Err(format!("{at} of epoch {own} took {:?} of {of_sender}", record.fact));
        }
    }
    Ok(())
}

pub fn thrown_away_is_gone(step: &Step) -> Holds {
    for (node, fact) in step.facts() {
        let Fact::Discarded { gtid, .. } = fact else { continue };
        if !step.seen.nodes[node.id.index()].log.contains(*gtid) {
            return Err(format!("{} throws away {gtid}, which it did not have", node.id));
        }
        if node.disk.log.gtids().contains(*gtid) {
            return Err(format!("{} throws away {gtid} and keeps it", node.id));
        }
    }
    Ok(())
}

pub fn majority_writes_are_kept(step: &Step) -> Holds {
    if !step.setting.majorities {
        return Ok(());
    }
    for (node, fact) in step.facts() {
        if let Fact::Discarded { gtid, .. } = fact
            && step.world.ledger.acknowledged.contains(*gtid)
        {
            return Err(format!("{} throws away {gtid}, which a majority acknowledged", node.id));
        }
    }
    Ok(())
}

pub fn a_copy_leaves_nothing_old(step: &Step) -> Holds {
    // A copy may bring a newer epoch and with it another source: the sender is the one it is of.
    let Some(source) = step.sender().filter(|_| step.setting.fenced) else {
        return Ok(());
    };
    for (node, fact) in step.facts() {
        let gives_way = !node.is_primary() && node.disk.sources.len() == 1;
        if !gives_way || !matches!(fact, Fact::Seeded { .. }) {
            continue;
        }
        let [own, had] = [&node.disk.log, &step.world.nodes[source.index()].disk.log];
        let ever = &step.seen.nodes[source.index()].had[Point::Flushed as usize];
        // What its epoch began with, the source will get.
        let epoch = node.disk.epoch;
        let fork = step.seen.forks.iter().rev().find(|(of, _)| *of <= epoch);
        let old = |gtid: &Gtid| {
            let is_history = fork.is_some_and(|(_, had)| had.contains(*gtid));
            own.reigns().epoch_of(*gtid) < Some(epoch) && !is_history
        };
        let mut surplus = own.gtids().difference(had.gtids()).filter(|gtid| !ever.contains(*gtid));
        if let Some(gtid) = surplus.find(old) {
            return Err(format!("{} still has {gtid}, which {source} never had", node.id));
        }
    }
    Ok(())
}
