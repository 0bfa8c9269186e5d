//! Why a server, a client's driver or the simulator says no.

use crate::words::reason as say;

/// Why something was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The server is a replica.
    ReadOnly,
    /// No server takes writes.
    NoPrimary,
    /// No server that may answer is up.
    NoServer,
    /// The server is down.
    Down,
    /// The server has left the cluster.
    HasLeft,
    /// The server is not down.
    NotDown,
    /// The server is not paused.
    NotPaused,
    /// The server already leads.
    AlreadyPrimary,
    /// The server does not lead.
    NotPrimary,
    /// The primary does not hear a majority.
    NoMajority,
    /// The only server cannot leave.
    LastNode,
    /// The only primary cannot leave.
    SolePrimary,
    /// A primary follows nobody.
    PrimaryFollowsNobody,
    /// The server follows that one already.
    FollowsAlready,
    /// Entries would go round in a circle.
    WouldCycle,
    /// The server follows nobody.
    NoSource,
    /// The server is not the tail, which answers all reads.
    NotTail,
    /// The server stands outside the chain and may lack what its tail has answered.
    NotInChain,
    /// A proper chain's streams follow from its order.
    ProperChain,
    /// The server is all there is of the chain.
    LastOfChain,
    /// The root, around which the streams are laid out, is not up.
    NoRoot,
    /// Every server of a ring takes writes already.
    EveryNodeWrites,
    /// The scenario has no such server.
    NoSuchNode,
    /// The scenario has no such client.
    NoSuchClient,
    /// A setting is out of its range here.
    OutOfRange,
    /// No more operations, keys or clients fit.
    LimitReached,
    /// The server did not get in time what the client knows of.
    NotCaughtUp,
    /// The table is not there.
    NoTable,
    /// The statement cannot be read.
    BadStatement,
    /// Vacuum has taken what the snapshot would show.
    SnapshotTooOld,
    /// The servers keep no versions.
    NoVersions,
    /// The key, or a row of that id, is there already.
    DuplicateKey,
    /// The key holds another sort of thing, or one that only grows.
    OtherSort,
    /// The server applies entries.
    NotStopped,
    /// A concurrent write of the key came first.
    Conflict,
    /// As the chapter's code does it: replicas failed, and the write is there all the same.
    Unreplicated,
    /// The server has yet to get the copy it starts from.
    NoCopyYet,
    /// The chapter's code keeps its master and its slaves for good.
    AsWritten,
}

impl Reason {
    /// Its name in reports and traces.
    pub fn name(self) -> &'static str {
        match self {
            Reason::ReadOnly => "read-only",
            Reason::NoPrimary => "no-primary",
            Reason::NoServer => "no-server",
            Reason::Down => "down",
            Reason::HasLeft => "has-left",
            Reason::NotDown => "not-down",
            Reason::NotPaused => "not-paused",
            Reason::AlreadyPrimary => "already-primary",
            Reason::NotPrimary => "not-primary",
            Reason::NoMajority => "no-majority",
            Reason::LastNode => "last-node",
            Reason::SolePrimary => "sole-primary",
            Reason::PrimaryFollowsNobody => "primary-follows-nobody",
            Reason::FollowsAlready => "follows-already",
            Reason::WouldCycle => "would-cycle",
            Reason::NoSource => "no-source",
            Reason::NotTail => "not-tail",
            Reason::NotInChain => "not-in-chain",
            Reason::ProperChain => "proper-chain",
            Reason::LastOfChain => "last-of-chain",
            Reason::NoRoot => "no-root",
            Reason::EveryNodeWrites => "every-node-writes",
            Reason::NoSuchNode => "no-such-node",
            Reason::NoSuchClient => "no-such-client",
            Reason::OutOfRange => "out-of-range",
            Reason::LimitReached => "limit-reached",
            Reason::NotCaughtUp => "not-caught-up",
            Reason::DuplicateKey => "duplicate-key",
            Reason::NoTable => "no-table",
            Reason::BadStatement => "bad-statement",
            Reason::SnapshotTooOld => "snapshot-too-old",
            Reason::NoVersions => "no-versions",
            Reason::OtherSort => "other-sort",
            Reason::NotStopped => "not-stopped",
            Reason::Conflict => "conflict",
            Reason::Unreplicated => "unreplicated",
            Reason::NoCopyYet => "no-copy-yet",
            Reason::AsWritten => "as-written",
        }
    }

    /// The reason in words, as a receipt shows it.
    pub fn text(self) -> &'static str {
        match self {
            Reason::ReadOnly => say::READ_ONLY,
            Reason::NoPrimary => say::NO_PRIMARY,
            Reason::NoServer => say::NO_SERVER,
            Reason::Down => say::DOWN,
            Reason::HasLeft => say::HAS_LEFT,
            Reason::NotDown => say::NOT_DOWN,
            Reason::NotPaused => say::NOT_PAUSED,
            Reason::AlreadyPrimary => say::ALREADY_PRIMARY,
            Reason::NotPrimary => say::NOT_PRIMARY,
            Reason::NoMajority => say::NO_MAJORITY,
            Reason::LastNode => say::LAST_NODE,
            Reason::SolePrimary => say::SOLE_PRIMARY,
            Reason::PrimaryFollowsNobody => say::PRIMARY_FOLLOWS_NOBODY,
            Reason::FollowsAlready => say::FOLLOWS_ALREADY,
            Reason::WouldCycle => say::WOULD_CYCLE,
            Reason::NoSource => say::NO_SOURCE,
            Reason::NotTail => say::NOT_TAIL,
            Reason::NotInChain => say::NOT_IN_CHAIN,
            Reason::ProperChain => say::PROPER_CHAIN,
            Reason::LastOfChain => say::LAST_OF_CHAIN,
            Reason::NoRoot => say::NO_ROOT,
            Reason::EveryNodeWrites => say::EVERY_NODE_WRITES,
            Reason::NoSuchNode => say::NO_SUCH_NODE,
            Reason::NoSuchClient => say::NO_SUCH_CLIENT,
            Reason::OutOfRange => say::OUT_OF_RANGE,
            Reason::LimitReached => say::LIMIT_REACHED,
            Reason::NotCaughtUp => say::NOT_CAUGHT_UP,
            Reason::NoTable => say::TABLE_GONE,
            Reason::BadStatement => say::BAD_STATEMENT,
            Reason::SnapshotTooOld => say::SNAPSHOT_TOO_OLD,
            Reason::NoVersions => say::NO_VERSIONS,
            Reason::DuplicateKey => say::DUPLICATE_KEY,
            Reason::OtherSort => say::OTHER_SORT,
            Reason::NotStopped => say::NOT_STOPPED,
            Reason::Conflict => say::CONFLICT,
            Reason::Unreplicated => say::UNREPLICATED,
            Reason::NoCopyYet => say::NO_COPY_YET,
            Reason::AsWritten => say::AS_WRITTEN,
        }
    }
}
