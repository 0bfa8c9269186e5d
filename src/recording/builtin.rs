//! Scenarios that come with the program. Each is a file in `builtin/` and shows one thing.

use crate::sim::Scenario;

use super::file::{ScenarioError, read_scenario};

/// A scenario that comes with the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Builtin {
    /// Its name on the command line and in the page's menu.
    pub name: &'static str,
    /// Its file.
    pub text: &'static str,
}

/// The list, of files' names. `cargo xtask pack` reads it too, for the page.
macro_rules! builtins {
    ($($name:literal)*) => {
        &[$(Builtin { name: $name, text: include_str!(concat!("builtin/", $name, ".toml")) }),*]
    };
}

/// Every one, in the order of the list. None in the page, which fetches them.
pub const BUILTINS: &[Builtin] = if cfg!(feature = "scenarios") { ALL } else { &[] };

const ALL: &[Builtin] = builtins! {
    "first-ten-seconds"
    "async-loses-a-write"
    "semi-sync-keeps-the-write"
    "semi-sync-degrades"
    "quorum-rides-out-a-partition"
    "sync-blocks"
    "slow-replica-serves-old-data"
    "sleeping-is-no-token"
    "consistent-is-not-current"
    "seconds-behind-lies"
    "a-delayed-replica-is-a-backup"
    "acknowledged-is-not-durable"
    "chain-adds-up-lag"
    "chain-cascading"
    "chain-proper"
    "chain-heals-itself"
    "ring-stops-where-it-was-born"
    "ring-without-the-filter"
    "two-masters-end-swapped"
    "duplicate-key-stops-the-applier"
    "lww-slow-clock-loses"
    "version-vectors-keep-both"
    "counter-adds-up"
    "set-add-wins"
    "text-through-one-server"
    "text-among-peers-diverges"
    "merge-max-may-repeat"
    "merge-sum-may-not"
    "reject-one-of-two"
    "tree-with-a-dead-relay"
    "failover-elects-the-most-advanced"
    "split-brain-without-a-quorum"
    "even-split-stalls"
    "statement-uuid-diverges"
    "now-does-not-diverge"
    "mixed-logs-the-unsafe-as-rows"
    "half-a-million-rows"
    "drop-table-replicates"
    "auto-increment-offsets"
    "seen-and-then-gone"
    "first-in-line-dies"
    "chapter-simple-master"
    "chapter-async-keeps-no-order"
    "chapter-semi-sync-waits-for-all"
    "chapter-sync-says-no"
    "chapter-failover-fences-nobody"
    "lossy-link"
    "away-longer-than-the-log"
    "a-replica-joins"
    "a-server-leaves-the-chain"
    "a-tree-is-laid-out-anew"
    "needs-a-fresh-copy"
    "orphan-goes-round"
    "orphan-stopped-by-gtid"
    "orphan-ignored"
    "two-sites"
    "busy-star"
    "large-tree"
};

impl Builtin {
    /// The one of this name; None if there is none.
    pub fn find(name: &str) -> Option<Builtin> {
        BUILTINS.iter().copied().find(|builtin| builtin.name == name)
    }

    /// The scenario. An error here is a bug in the file, which the tests would show.
    pub fn scenario(&self) -> Result<Scenario, ScenarioError> {
        read_scenario(self.text)
    }
}
