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
pub const BUILTINS: &[Builtin] = &[
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
    builtin("consistent-is-not-current", include_str!("builtin/consistent-is-not-current.toml")),
    builtin("seconds-behind-lies", include_str!("builtin/seconds-behind-lies.toml")),
    builtin(
        "a-delayed-replica-is-a-backup",
        include_str!("builtin/a-delayed-replica-is-a-backup.toml"),
    ),
    builtin(
        "acknowledged-is-not-durable",
        include_str!("builtin/acknowledged-is-not-durable.toml"),
    ),
    builtin("chain-adds-up-lag", include_str!("builtin/chain-adds-up-lag.toml")),
    builtin("chain-cascading", include_str!("builtin/chain-cascading.toml")),
    builtin("chain-proper", include_str!("builtin/chain-proper.toml")),
    builtin("chain-heals-itself", include_str!("builtin/chain-heals-itself.toml")),
    builtin(
        "ring-stops-where-it-was-born",
        include_str!("builtin/ring-stops-where-it-was-born.toml"),
    ),
    builtin("ring-without-the-filter", include_str!("builtin/ring-without-the-filter.toml")),
    builtin("two-masters-end-swapped", include_str!("builtin/two-masters-end-swapped.toml")),
    builtin(
        "duplicate-key-stops-the-applier",
        include_str!("builtin/duplicate-key-stops-the-applier.toml"),
    ),
    builtin("lww-slow-clock-loses", include_str!("builtin/lww-slow-clock-loses.toml")),
    builtin("version-vectors-keep-both", include_str!("builtin/version-vectors-keep-both.toml")),
    builtin("counter-adds-up", include_str!("builtin/counter-adds-up.toml")),
    builtin("set-add-wins", include_str!("builtin/set-add-wins.toml")),
    builtin("text-through-one-server", include_str!("builtin/text-through-one-server.toml")),
    builtin("text-among-peers-diverges", include_str!("builtin/text-among-peers-diverges.toml")),
    builtin("merge-max-may-repeat", include_str!("builtin/merge-max-may-repeat.toml")),
    builtin("merge-sum-may-not", include_str!("builtin/merge-sum-may-not.toml")),
    builtin("reject-one-of-two", include_str!("builtin/reject-one-of-two.toml")),
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
    builtin("statement-uuid-diverges", include_str!("builtin/statement-uuid-diverges.toml")),
    builtin("now-does-not-diverge", include_str!("builtin/now-does-not-diverge.toml")),
    builtin(
        "mixed-logs-the-unsafe-as-rows",
        include_str!("builtin/mixed-logs-the-unsafe-as-rows.toml"),
    ),
    builtin("half-a-million-rows", include_str!("builtin/half-a-million-rows.toml")),
    builtin("drop-table-replicates", include_str!("builtin/drop-table-replicates.toml")),
    builtin("auto-increment-offsets", include_str!("builtin/auto-increment-offsets.toml")),
    builtin("seen-and-then-gone", include_str!("builtin/seen-and-then-gone.toml")),
    builtin("first-in-line-dies", include_str!("builtin/first-in-line-dies.toml")),
    builtin("chapter-simple-master", include_str!("builtin/chapter-simple-master.toml")),
    builtin(
        "chapter-async-keeps-no-order",
        include_str!("builtin/chapter-async-keeps-no-order.toml"),
    ),
    builtin(
        "chapter-semi-sync-waits-for-all",
        include_str!("builtin/chapter-semi-sync-waits-for-all.toml"),
    ),
    builtin("chapter-sync-says-no", include_str!("builtin/chapter-sync-says-no.toml")),
    builtin(
        "chapter-failover-fences-nobody",
        include_str!("builtin/chapter-failover-fences-nobody.toml"),
    ),
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
        BUILTINS.iter().copied().find(|builtin| builtin.name == name)
    }

    /// The scenario. An error here is a bug in the file, which the tests would show.
    pub fn scenario(&self) -> Result<Scenario, ScenarioError> {
        read_scenario(self.text)
    }
}
