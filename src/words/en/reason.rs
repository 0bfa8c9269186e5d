//! Why something is refused, and what to do at a limit.

// node/fact.rs

pub const READ_ONLY: &str = "a replica takes no writes";
pub const NO_PRIMARY: &str = "no primary";
pub const NO_SERVER: &str = "no server is up";
pub const DOWN: &str = "the node is down";
pub const HAS_LEFT: &str = "the node has left the cluster";
pub const NOT_DOWN: &str = "the node is not down";
pub const NOT_PAUSED: &str = "the node is not paused";
pub const ALREADY_PRIMARY: &str = "it is the primary already";
pub const NOT_PRIMARY: &str = "it is not a primary";
pub const NO_MAJORITY: &str = "no majority";
pub const LAST_NODE: &str = "it is the last node: a cluster needs one";
pub const SOLE_PRIMARY: &str = "it is the only primary: promote another first";
pub const PRIMARY_FOLLOWS_NOBODY: &str = "a primary follows nobody: promote another first";
pub const FOLLOWS_ALREADY: &str = "it follows that node already";
pub const WOULD_CYCLE: &str = "entries would go round in a circle: that node is behind it";
pub const NO_SOURCE: &str = "it follows nobody: repoint it first";
pub const NOT_TAIL: &str = "it is not the tail any more, which answers all reads";
pub const NOT_IN_CHAIN: &str = "it is outside the chain and may lack writes: rebalance first";
pub const PROPER_CHAIN: &str = "a proper chain has one order: rebalance, add or remove nodes";
pub const LAST_OF_CHAIN: &str = "it is all there is of the chain: rebalance first";
pub const NO_ROOT: &str = "the root is not up: restart it or promote another first";
pub const EVERY_NODE_WRITES: &str = "in a ring every node takes writes";
pub const NO_SUCH_NODE: &str = "no such node";
pub const NO_SUCH_CLIENT: &str = "no such client";
pub const OUT_OF_RANGE: &str = "out of range here";
pub const LIMIT_REACHED: &str = "a limit is reached";
pub const NOT_CAUGHT_UP: &str = "the node did not catch up in time";
pub const TABLE_GONE: &str = "the table is gone";
pub const BAD_STATEMENT: &str = "the statement cannot be read";
pub const SNAPSHOT_TOO_OLD: &str = "the snapshot is too old";
pub const NO_VERSIONS: &str = "no versions are kept";
pub const DUPLICATE_KEY: &str = "the key exists already";
pub const OTHER_SORT: &str = "the key holds something that cannot be changed so";
pub const NOT_STOPPED: &str = "the node has not stopped applying";
pub const CONFLICT: &str = "a concurrent write came first";
pub const UNREPLICATED: &str = "the chapter's code says no, and the write is there";
pub const NO_COPY_YET: &str = "the node has no copy of the rows yet";
pub const AS_WRITTEN: &str = "the chapter's code keeps its master and its slaves for good";
pub const IN_FLIGHT: &str =
    "too many messages are under way: lower the rate, or go back and change a setting";
pub const STEPS: &str =
    "the run has as many events as it may have: end it earlier, or lower the rate";
pub const OPS: &str =
    "the run has as many operations as it may have: end it earlier, or lower the rate";
