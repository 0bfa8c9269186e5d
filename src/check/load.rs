//! What passes on each link between servers: so far, lately, and at this instant.

use crate::base::{NodeId, gathered, sort};
use crate::sim::{Event, World};

/// One direction between two servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Who sends.
    pub from: NodeId,
    /// To whom.
    pub to: NodeId,
    /// Messages sent so far, second copies left out.
    pub messages: u64,
    /// Their bytes, headers included.
    pub bytes: u64,
    /// Bytes sent in the last second; None if the sender does not run.
    pub lately: Option<u64>,
    /// Bytes on their way, those of messages that will be lost and of second copies included.
    pub in_flight: u64,
    /// What was sent in the last second as a share of what the link can carry, in percent; None if
    /// it can carry anything, or its sender does not run.
    pub percent: Option<u64>,
}

/// Every direction between servers on which anything was ever sent, most bytes first, given the
/// world one second before; None if that was before the beginning.
pub fn loads(world: &World, second_ago: Option<&World>) -> Vec<Load> {
    let mut loads = sent(world);
    // In the order of their ends until the last line.
    let place = |loads: &[Load], from: NodeId, to: NodeId| {
        loads.binary_search_by(|load| (load.from, load.to).cmp(&(from, to))).ok()
    };
    for before in second_ago.map(sent).unwrap_or_default() {
        if let Some(at) = place(&loads, before.from, before.to) {
            loads[at].lately = loads[at].lately.map(|bytes| bytes - before.bytes);
        }
    }
    for (_, event) in world.queue.iter() {
        if let Event::Deliver(envelope) | Event::Lose(envelope, _) = event
            && let (Some(from), Some(to)) = (envelope.from.node(), envelope.to.node())
            && let Some(at) = place(&loads, from, to)
        {
            loads[at].in_flight += u64::from(envelope.message.bytes());
        }
    }
    for load in &mut loads {
        let capacity = world.network.dials(load.from, load.to).bandwidth.0;
        load.percent = capacity.zip(load.lately).map(|(bits, bytes)| bytes * 800 / bits);
    }
    sort(&mut loads, |a, b| a.bytes > b.bytes);
    loads
}

/// What was sent on each since the beginning, in the order of their ends.
fn sent(world: &World) -> Vec<Load> {
    gathered(world.network.links().filter_map(|(from, link)| {
        let (from, to) = (from.node()?, link.to.node()?);
        let runs = world.nodes[from.index()].status.runs();
        Some(Load {
            from,
            to,
            messages: link.sent.into(),
            bytes: link.bytes,
            lately: runs.then_some(link.bytes),
            in_flight: 0,
            percent: None,
        })
    }))
}
