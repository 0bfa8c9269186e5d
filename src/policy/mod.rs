//! Pure decisions: when a write counts as replicated, where a read goes, who follows a primary.

mod ack;
mod code;
mod failover;
pub mod preset;
mod read;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use ack::AckTable;
pub use ack::{Ack, Count, OnTimeout, Point, Preset, Visible, Whose};
pub use code::Code;
pub use failover::{Candidate, Failover, Rejoin};
pub use read::{ReadPolicy, Token};

use crate::base::{Delay, Span};

/// The cluster-wide rules that servers follow; every one is a dial that can change mid-run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rules {
    /// When a write counts as replicated.
    pub ack: Ack,
    /// Whether a server drops an entry it already has.
    pub loop_filter: bool,
    /// Whether a relay reports upstream the acks of the servers behind it.
    pub relay_acks: bool,
    /// How long a flushed entry waits at the sender before it leaves.
    pub ship_delay: Delay,
    /// After how much silence a source tells a follower where its log ends.
    pub keepalive: Span,
    /// How many entries a log keeps; None keeps all.
    pub retention: Option<u32>,
    /// How a primary is replaced; None leaves it to the operator.
    pub failover: Option<Failover>,
    /// The chapter's code that servers follow instead; None: the real engine.
    pub code: Option<Code>,
    /// Whether the chapter's monitor runs, whose check cannot fail.
    pub as_written: bool,
}
