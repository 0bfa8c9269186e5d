//! Pure decisions: when a write counts as replicated, where a read goes, who follows a primary.

mod ack;
mod chain;
mod failover;
mod loops;
mod read;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use ack::AckTable;
pub use ack::{Ack, Count, OnTimeout, Point, Preset};
pub use chain::Chain;
pub use failover::{Candidate, Failover, Rejoin};
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
    /// How a primary is replaced; None leaves it to the operator.
    pub failover: Option<Failover>,
}
