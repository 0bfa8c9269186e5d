//! I24, I27: who has left takes no part, and who needs a copy skips nothing meanwhile.

use crate::base::NodeId;
use crate::node::{Fact, Status};

use super::{Holds, Step};

/// What has left hears nothing, says nothing and follows nobody; nobody follows it.
pub fn gone_takes_no_part(step: &Step) -> Holds {
    let is_gone = |node: NodeId| !step.world.nodes[node.index()].is_member();
    for (node, fact) in step.facts() {
        let says_farewell = matches!(fact, Fact::Left | Fact::Lost { .. });
        if node.status == Status::Removed && !says_farewell {
            return Err(format!("{} has left, and {fact:?}", node.id));
        }
    }
    for node in step.nodes().filter(|node| node.is_member()) {
        let sources = node.memory.upstreams.iter().map(|upstream| upstream.node);
        let followers = node.memory.downstreams.iter().map(|downstream| downstream.node);
        if let Some(gone) = sources.chain(followers).find(|other| is_gone(*other)) {
            return Err(format!("{} holds a stream with {gone}, which has left", node.id));
        }
    }
    Ok(())
}

/// The streams and the list of members name the servers that belong to the cluster, each once.
pub fn members_agree(step: &Step) -> Holds {
    let world = step.world;
    if !step.records.iter().any(|record| matches!(record.fact, Fact::Command(_))) {
        return Ok(());
    }
    let mut order = world.topology.order().to_vec();
    order.sort_unstable();
    let members: Vec<NodeId> = world.members().map(|node| node.id).collect();
    if order != members || members.len() != usize::from(world.member_count()) {
        return Err(format!("arranged are {order:?}, members {members:?}"));
    }
    let strange = |node: &NodeId| members.binary_search(node).is_err();
    let ends = world.topology.streams().iter().flat_map(|stream| [stream.from, stream.to]);
    match ends.into_iter().find(strange) {
        Some(node) => Err(format!("a stream names {node}")),
        None => Ok(()),
    }
}

/// A server that needs a copy takes nothing of the source that cannot help it otherwise.
pub fn needy_skips_nothing(step: &Step) -> Holds {
    for record in step.records.iter().filter(|record| record.is_arrival()) {
        let (Some(at), Some(from)) = (record.place.node(), record.from.node()) else {
            continue;
        };
        let node = &step.world.nodes[at.index()];
        let mut upstreams = node.memory.upstreams.iter();
        let lost = upstreams.any(|upstream| upstream.node == from && upstream.lost);
        if lost && matches!(record.fact, Fact::Received { .. } | Fact::Resumed(_)) {
            return Err(format!("{at} needs a copy of {from}, and {:?}", record.fact));
        }
    }
    Ok(())
}
