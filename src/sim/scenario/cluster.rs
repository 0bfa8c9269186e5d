//! The servers and the rules they follow.

use crate::base::{Delay, NodeId, Span};
use crate::form::{Field, Fields, may};
use crate::policy::{Ack, Chain, Failover, LoopFilter};
use crate::topology::{Shape, Stream};

/// The servers and the rules they follow.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Cluster {
    /// Who replicates from whom.
    pub topology: Shape,
    /// What a chain promises: a cascade of replicas, or chain replication.
    pub chain: Chain,
    /// How many servers, n1 to nN.
    pub nodes: u16,
    /// Servers that each server of a tree ships to.
    pub fanout: u16,
    /// Who takes writes; absent: the root, or every server of a ring.
    pub writers: Option<Vec<NodeId>>,
    /// When a write counts as replicated.
    pub ack: Ack,
    /// Which entries a server drops: those it has (true), those it wrote ("origin"), none (false).
    pub loop_filter: LoopFilter,
    /// Servers whose entries are dropped wherever they come.
    pub ignore_origins: Vec<NodeId>,
    /// Whether relays report upstream the acks of the servers behind them.
    pub relay_acks: bool,
    /// Time to apply one entry.
    pub apply_delay: Delay,
    /// Entries a server applies at a time.
    pub apply_workers: u16,
    /// Time for one flush to disk.
    pub flush_delay: Delay,
    /// Time to work on a read before it is answered.
    pub query_delay: Delay,
    /// How long a flushed entry waits at the sender before it leaves.
    pub ship_delay: Delay,
    /// After how much silence a source tells a follower where its log ends.
    pub keepalive: Span,
    /// How many entries a log keeps; absent: all.
    pub retention: Option<u32>,
    /// Whether a follower that lacks what its source has trimmed gets a copy unasked.
    pub auto_seed: bool,
    /// How a primary is replaced when it is silent; absent: by the operator alone.
    pub failover: Option<Failover>,
    /// The streams of a custom topology.
    pub stream: Vec<Stream>,
}

impl Default for Cluster {
    fn default() -> Cluster {
        Cluster {
            topology: Shape::Star,
            chain: Chain::Cascading,
            nodes: 4,
            fanout: 2,
            writers: None,
            ack: Ack::default(),
            loop_filter: LoopFilter::Gtid,
            ignore_origins: Vec::new(),
            relay_acks: true,
            apply_delay: Delay::Constant(Span(200)),
            apply_workers: 1,
            flush_delay: Delay::NONE,
            query_delay: Delay::NONE,
            ship_delay: Delay::NONE,
            keepalive: Span::s(1),
            retention: None,
            auto_seed: true,
            failover: None,
            stream: Vec::new(),
        }
    }
}

impl Fields for Cluster {
    fn blank() -> Cluster {
        Cluster::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![
            may("topology", &mut self.topology),
            may("chain", &mut self.chain),
            may("nodes", &mut self.nodes),
            may("fanout", &mut self.fanout),
            may("writers", &mut self.writers),
            may("ack", &mut self.ack),
            may("loop_filter", &mut self.loop_filter),
            may("ignore_origins", &mut self.ignore_origins),
            may("relay_acks", &mut self.relay_acks),
            may("apply_delay", &mut self.apply_delay),
            may("apply_workers", &mut self.apply_workers),
            may("flush_delay", &mut self.flush_delay),
            may("query_delay", &mut self.query_delay),
            may("ship_delay", &mut self.ship_delay),
            may("keepalive", &mut self.keepalive),
            may("retention", &mut self.retention),
            may("auto_seed", &mut self.auto_seed),
            may("failover", &mut self.failover),
            may("stream", &mut self.stream),
        ]
    }
}
