//! Conflicts and what became of them, as they stand at one instant.

use crate::base::Sorted;
use crate::sim::World;

/// Concurrent changes of one key, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conflicts {
    /// Writes that met a change of their key that had not seen them, nor they it.
    pub found: u64,
    /// Of these, the ones that were dropped for another.
    pub dropped: u64,
    /// Keys that hold several values side by side on a server that runs.
    pub open: u64,
    /// Servers that have stopped applying at one.
    pub stopped: u64,
}

impl Conflicts {
    /// Those of a world.
    pub fn of(world: &World) -> Conflicts {
        let mut all = Conflicts::default();
        for op in world.ledger.ops.iter().filter(|op| op.conflicted) {
            all.found += 1;
            all.dropped += u64::from(op.discarded);
        }
        if all.found == 0 {
            return all;
        }
        let mut open = Sorted::default();
        for node in world.nodes.iter().filter(|node| node.status.runs()) {
            all.stopped += u64::from(node.stopped().is_some());
            for (key, _) in node.disk.store.rows().filter(|(_, row)| !row.siblings().is_empty()) {
                open.insert(key);
            }
        }
        all.open = open.iter().count() as u64;
        all
    }
}
