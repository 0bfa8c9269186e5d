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

/// Every one, in the order of the list.
pub const BUILTINS: [Builtin; 30] = [
    builtin("first-ten-seconds", include_str!("builtin/first-ten-seconds.toml")),
    builtin("async-loses-a-write", include_str!("builtin/async-loses-a-write.toml")),
    builtin("semi-sync-keeps-the-write", include_str!("builtin/semi-sync-keeps-the-write.toml")),
    builtin("semi-sync-degrades", include_str!("builtin/semi-sync-degrades.toml")),
    builtin(
        "quorum-rides-out-a-partition",
        include_str!("builtin/quorum-rides-out-a-partition.toml"),
    ),
    builtin("sync-blocks", include_str!("builtin/sync-blocks.toml")),
    builtin(
        "slow-replica-serves-old-data",
        include_str!("builtin/slow-replica-serves-old-data.toml"),
    ),
    builtin("sleeping-is-no-token", include_str!("builtin/sleeping-is-no-token.toml")),
    builtin("chain-adds-up-lag", include_str!("builtin/chain-adds-up-lag.toml")),
    builtin("chain-cascading", include_str!("builtin/chain-cascading.toml")),
    builtin("chain-proper", include_str!("builtin/chain-proper.toml")),
    builtin("chain-heals-itself", include_str!("builtin/chain-heals-itself.toml")),
    builtin(
        "ring-stops-where-it-was-born",
        include_str!("builtin/ring-stops-where-it-was-born.toml"),
    ),
    builtin("ring-without-the-filter", include_str!("builtin/ring-without-the-filter.toml")),
    builtin("tree-with-a-dead-relay", include_str!("builtin/tree-with-a-dead-relay.toml")),
    builtin(
        "failover-elects-the-most-advanced",
        include_str!("builtin/failover-elects-the-most-advanced.toml"),
    ),
    builtin(
        "split-brain-without-a-quorum",
        include_str!("builtin/split-brain-without-a-quorum.toml"),
    ),
    builtin("even-split-stalls", include_str!("builtin/even-split-stalls.toml")),
    builtin("lossy-link", include_str!("builtin/lossy-link.toml")),
    builtin("away-longer-than-the-log", include_str!("builtin/away-longer-than-the-log.toml")),
    builtin("a-replica-joins", include_str!("builtin/a-replica-joins.toml")),
    builtin("a-server-leaves-the-chain", include_str!("builtin/a-server-leaves-the-chain.toml")),
    builtin("a-tree-is-laid-out-anew", include_str!("builtin/a-tree-is-laid-out-anew.toml")),
    builtin("needs-a-fresh-copy", include_str!("builtin/needs-a-fresh-copy.toml")),
    builtin("orphan-goes-round", include_str!("builtin/orphan-goes-round.toml")),
    builtin("orphan-stopped-by-gtid", include_str!("builtin/orphan-stopped-by-gtid.toml")),
    builtin("orphan-ignored", include_str!("builtin/orphan-ignored.toml")),
    builtin("two-sites", include_str!("builtin/two-sites.toml")),
    builtin("busy-star", include_str!("builtin/busy-star.toml")),
    builtin("large-tree", include_str!("builtin/large-tree.toml")),
];

const fn builtin(name: &'static str, text: &'static str) -> Builtin {
    Builtin { name, text }
}

impl Builtin {
    /// The one of this name; None if there is none.
    pub fn find(name: &str) -> Option<Builtin> {
        BUILTINS.into_iter().find(|builtin| builtin.name == name)
    }

    /// The scenario. An error here is a bug in the file, which the tests would show.
    pub fn scenario(&self) -> Result<Scenario, ScenarioError> {
        read_scenario(self.text)
    }
}
