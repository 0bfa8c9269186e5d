//! Pure decisions: when a write counts as replicated, where a read goes, what becomes of concurrent
//! changes, who follows a primary, what the log carries, which ids are given.

mod ack;
mod auto_increment;
mod chain;
mod code;
mod conflict;
#[cfg(test)]
mod conflict_test;
mod failover;
mod isolation;
mod log_format;
mod loops;
pub mod preset;
mod read;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use ack::AckTable;
pub use ack::{Ack, Count, OnTimeout, Point, Preset, Visible, Whose};
pub use auto_increment::{AutoIncrement, Offset};
pub use chain::Chain;
pub use code::Code;
pub use conflict::{Conflict, Laws, Met};
pub use failover::{Candidate, Failover, Rejoin};
pub use isolation::Isolation;
pub use log_format::{LogFormat, RowImage};
pub use loops::{LoopFilter, Origins};
pub use read::{ReadPolicy, Token};

use crate::base::{Delay, NodeId, Span};

/// The cluster-wide rules that servers follow; every one is a dial that can change mid-run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rules {
    /// When a write counts as replicated.
    pub ack: Ack,
    /// Which entries a server drops when they come to it.
    pub loop_filter: LoopFilter,
    /// Servers whose entries are dropped wherever they come.
    pub ignore_origins: Vec<NodeId>,
    /// Whether a relay reports upstream the acks of the servers behind it.
    pub relay_acks: bool,
    /// How long a flushed entry waits at the sender before it leaves.
    pub ship_delay: Delay,
    /// After how much silence a source tells a follower where its log ends.
    pub keepalive: Span,
    /// How many entries a log keeps; None keeps all.
    pub retention: Option<u32>,
    /// Whether a follower that lacks what its source has trimmed gets a copy unasked.
    pub auto_seed: bool,
    /// What becomes of concurrent changes of one key.
    pub conflict: Conflict,
    /// Whether several servers take writes, so that what a change had seen is worth noting.
    pub several_write: bool,
    /// How a primary is replaced; None leaves it to the operator.
    pub failover: Option<Failover>,
    /// What the log carries of a statement.
    pub log_format: LogFormat,
    /// How much of a row it carries.
    pub row_image: RowImage,
    /// Which ids a server gives to new rows.
    pub auto_increment: AutoIncrement,
    /// What servers keep of the past.
    pub isolation: Isolation,
    /// Under MVCC: how far back snapshots can be read; None: as far as there are versions.
    pub vacuum: Option<Span>,
    /// The chapter's code that servers follow instead; None: the real engine.
    pub code: Option<Code>,
    /// Whether the chapter's monitor runs, whose check cannot fail.
    pub as_written: bool,
}
