//! I44, I45: a proper chain's histories and what its tail says.

use crate::node::{Fact, Node};

use super::{Holds, Step};

/// The servers of a proper chain, head first; none in another topology.
fn chain<'a>(step: &Step<'a>) -> Vec<&'a Node> {
    let world = step.world;
    world.topology.chain().iter().map(|node| &world.nodes[node.index()]).collect()
}

/// Hist_j is a prefix of Hist_i for i before j: no server has what one before it lacks. That each
/// has it in the same order, `same_order` and `prefix_of_reign` say.
pub fn histories_nest(step: &Step) -> Holds {
    for pair in chain(step).windows(2) {
        let [before, after] = [pair[0], pair[1]];
        if before.disk.log.gtids().is_superset(after.disk.log.gtids()) {
            continue;
        }
        let lacking = after.disk.log.gtids().difference(before.disk.log.gtids()).next();
        if let Some(gtid) = lacking {
            return Err(format!("{} has {gtid}, and {} before it has not", after.id, before.id));
        }
    }
    Ok(())
}

/// Hist_i is Hist_j with Sent_i: what a server counts as acknowledged, all behind it have.
pub fn sent_is_the_rest(step: &Step) -> Holds {
    let chain = chain(step);
    for pair in chain.windows(2) {
        let [before, after] = [pair[0], pair[1]];
        let (own, have) = (before.disk.log.gtids(), after.disk.log.gtids());
        if have.is_superset(&before.disk.acked) {
            continue;
        }
        let mut pruned = before.disk.acked.difference(have);
        if let Some(gtid) = pruned.find(|gtid| own.contains(*gtid)) {
            return Err(format!("{} no longer holds {gtid} for {}", before.id, after.id));
        }
    }
    Ok(())
}

/// A write is answered by the tail alone, and when it is, every server of the chain has it.
pub fn answered_is_everywhere(step: &Step) -> Holds {
    let chain = chain(step);
    for (node, fact) in step.facts() {
        let Fact::Committed { gtid, .. } = fact else {
            continue;
        };
        let lacks = |other: &&&Node| !other.disk.log.gtids().contains(*gtid);
        if let Some(other) = chain.iter().find(lacks) {
            return Err(format!("{} answered {gtid}, which {} lacks", node.id, other.id));
        }
    }
    Ok(())
}

/// A read that goes where the rule sends it finds the newest answered write, or a newer one.
pub fn tail_reads_fresh(step: &Step) -> Holds {
    if !step.world.topology.is_proper() {
        return Ok(());
    }
    for (node, fact) in step.facts() {
        if let Fact::Served { op, .. } = fact
            && let Some(read) = step.world.ledger.op(*op)
            && !read.pinned
            && read.staleness.versions > 0
        {
            return Err(format!("{} served {op:?} {} behind", node.id, read.staleness.versions));
        }
    }
    Ok(())
}
