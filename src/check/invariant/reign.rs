//! I9, I21, I25: epochs, promotions and what they lose.

use crate::data::Gtid;
use crate::node::Fact;

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
        if missing != op.lost && !op.lost {
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
        let before = step.seen.nodes[node.id.index()].epoch;
        if node.disk.epoch < before || node.disk.epoch > step.world.epoch {
            return Err(format!("{} went from {before} to {}", node.id, node.disk.epoch));
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
