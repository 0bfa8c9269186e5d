//! The servers and the rules they follow.

use crate::base::{Delay, NodeId, Span};
use crate::form::{Field, Fields, may};
use crate::policy::{
    Ack, AutoIncrement, Chain, Code, Conflict, Failover, Isolation, LogFormat, LoopFilter, RowImage,
};
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
    /// What becomes of concurrent changes of one key.
    pub conflict: Conflict,
    /// Whether relays report upstream the acks of the servers behind them.
    pub relay_acks: bool,
    /// Time to apply one entry.
    pub apply_delay: Delay,
    /// Entries a server applies at a time.
    pub apply_workers: u16,
    /// Time for one flush to disk.
    pub flush_delay: Delay,
    /// What applying takes longer for each row that a statement looks at, or an image changes.
    pub apply_row_delay: Span,
    /// What the log carries of a statement.
    pub log_format: LogFormat,
    /// How much of a row it carries.
    pub row_image: RowImage,
    /// Which ids servers give to new rows of the table.
    pub auto_increment: AutoIncrement,
    /// How many rows the table of SQL statements, users, has at the start.
    pub users: u32,
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
    /// What servers keep of the past.
    pub isolation: Isolation,
    /// How far back snapshots can be read under MVCC; absent: vacuum is up to the operator.
    pub vacuum: Option<Span>,
    /// The chapter's code that servers run instead of the engine; absent: the engine.
    pub code: Option<Code>,
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
            conflict: Conflict::None,
            relay_acks: true,
            apply_delay: Delay::Constant(Span(200)),
            apply_workers: 1,
            flush_delay: Delay::NONE,
            apply_row_delay: Span::ZERO,
            log_format: LogFormat::default(),
            row_image: RowImage::default(),
            auto_increment: AutoIncrement::default(),
            users: 0,
            query_delay: Delay::NONE,
            ship_delay: Delay::NONE,
            keepalive: Span::s(1),
            retention: None,
            auto_seed: true,
            failover: None,
            isolation: Isolation::Latest,
            vacuum: None,
            code: None,
            stream: Vec::new(),
        }
    }
}

impl Cluster {
    /// Whether several servers take writes from the start. Two primaries after a split brain do not
    /// count: they do not replicate from one another.
    pub fn several_write(&self) -> bool {
        match (&self.writers, self.topology) {
            (Some(writers), _) => writers.len() > 1,
            (None, Shape::Ring) => self.nodes > 1,
            (None, Shape::Star | Shape::Chain | Shape::Tree | Shape::Custom) => false,
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
            may("conflict", &mut self.conflict),
            may("relay_acks", &mut self.relay_acks),
            may("apply_delay", &mut self.apply_delay),
            may("apply_workers", &mut self.apply_workers),
            may("flush_delay", &mut self.flush_delay),
            may("apply_row_delay", &mut self.apply_row_delay),
            may("log_format", &mut self.log_format),
            may("row_image", &mut self.row_image),
            may("auto_increment", &mut self.auto_increment),
            may("users", &mut self.users),
            may("query_delay", &mut self.query_delay),
            may("ship_delay", &mut self.ship_delay),
            may("keepalive", &mut self.keepalive),
            may("retention", &mut self.retention),
            may("auto_seed", &mut self.auto_seed),
            may("failover", &mut self.failover),
            may("isolation", &mut self.isolation),
            may("vacuum", &mut self.vacuum),
            may("code", &mut self.code),
            may("stream", &mut self.stream),
        ]
    }
}
