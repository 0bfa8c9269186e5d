//! I21 to I24: votes, who is elected by them, and that majority writes survive it.

use crate::base::NodeId;
use crate::node::{Fact, Status};

use super::{Holds, Step};

pub fn one_vote_an_epoch(step: &Step) -> Holds {
    for (node, fact) in step.facts() {
        let (epoch, candidate) = match fact {
            Fact::Voted { epoch, candidate } => (*epoch, *candidate),
            Fact::Campaigned(epoch) => (*epoch, node.id),
            _ => continue,
        };
        if let Some(other) = step.seen.votes.get(&(epoch, node.id)).filter(|of| **of != candidate) {
            return Err(format!("{} voted for {other} and {candidate} in {epoch}", node.id));
        }
    }
    Ok(())
}

pub fn elected_by_a_majority(step: &Step) -> Holds {
    let Some(failover) = step.world.rules.failover.filter(|failover| failover.quorum) else {
        return Ok(());
    };
    for (node, fact) in step.facts() {
        let Fact::Elected(epoch) = fact else { continue };
        let is_member = |node: &NodeId| step.world.nodes[node.index()].is_member();
        let votes = step
            .seen
            .votes
            .iter()
            .filter(|((of, from), to)| of == epoch && **to == node.id && is_member(from));
        // Its own vote may be in the same step.
        let others = votes.filter(|((_, voter), _)| *voter != node.id).count();
        if !failover.elects(step.world.member_count(), others + 1, 0) {
            return Err(format!("{} leads epoch {epoch} by {} votes", node.id, others + 1));
        }
    }
    Ok(())
}

pub fn majority_writes_survive(step: &Step) -> Holds {
    if !step.setting.majorities {
        return Ok(());
    }
    for (node, fact) in step.facts() {
        match fact {
            Fact::Promoted(epoch) => {
                let had = node.disk.log.gtids();
                if let Some(gtid) = step.world.ledger.acknowledged.difference(had).next() {
                    return Err(format!("{} leads epoch {epoch} without {gtid}", node.id));
                }
            }
            Fact::Committed { gtid, degraded: false, .. } => {
                let missing = |all: &crate::data::GtidSet| !all.contains(*gtid);
                if step.world.surviving().as_ref().is_some_and(missing) {
                    return Err(format!("{} commits {gtid}, which its successor lacks", node.id));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

pub fn somebody_leads(step: &Step) -> Holds {
    let world = step.world;
    let all_up = world.members().all(|node| node.status == Status::Up);
    if world.rules.failover.is_none() || !all_up || !step.setting.fenced {
        return Ok(());
    }
    let leads =
        |epoch| move |node: &&crate::node::Node| node.is_primary() && node.disk.epoch == epoch;
    match world.nodes.iter().filter(leads(world.epoch)).count() {
        1 => Ok(()),
        count => Err(format!("{count} servers lead epoch {}", world.epoch)),
    }
}
