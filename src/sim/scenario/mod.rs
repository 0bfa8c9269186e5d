//! What a scenario file says: the only input of a run. The same types read and print the file.

mod cluster;
pub mod limits;
mod network;
mod workload;

use crate::base::{Delay, NodeId, SkewSpan, Span};
use crate::form::{Field, Fields, may, must};
use crate::policy::ReadPolicy;

use super::stamped::Stamped;
use limits::Limits;

pub use cluster::Cluster;
pub use network::{LinkSpec, NetworkSpec};
pub use workload::{Arrivals, Rate, Skew, WorkloadSpec};

/// Everything a run depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Scenario {
    /// What it shows, in a few words.
    pub name: String,
    /// What to look for, in a sentence or two.
    pub about: String,
    /// The luck of the run.
    pub seed: u64,
    /// When the run ends.
    pub until: Span,
    /// At which size it stops.
    pub limits: Limits,
    /// The servers and their rules.
    pub cluster: Cluster,
    /// What lies between them.
    pub network: NetworkSpec,
    /// Servers that differ from the rest.
    pub node: Vec<NodeSpec>,
    /// Who reads and writes.
    pub client: Vec<ClientSpec>,
    /// Reads and writes in numbers.
    pub workload: Vec<WorkloadSpec>,
    /// What is done when.
    pub at: Vec<Stamped>,
}

impl Default for Scenario {
    fn default() -> Scenario {
        Scenario {
            name: String::new(),
            about: String::new(),
            seed: 1,
            until: Span::s(10),
            limits: Limits::default(),
            cluster: Cluster::default(),
            network: NetworkSpec::default(),
            node: Vec::new(),
            client: Vec::new(),
            workload: Vec::new(),
            at: Vec::new(),
        }
    }
}

impl Fields for Scenario {
    fn blank() -> Scenario {
        Scenario::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![
            may("name", &mut self.name),
            may("about", &mut self.about),
            may("seed", &mut self.seed),
            may("until", &mut self.until),
            may("limits", &mut self.limits),
            may("cluster", &mut self.cluster),
            may("network", &mut self.network),
            may("node", &mut self.node),
            may("client", &mut self.client),
            may("workload", &mut self.workload),
            may("at", &mut self.at),
        ]
    }
}
/// A server that differs from the rest; what is absent is as elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct NodeSpec {
    /// Which.
    pub id: NodeId,
    /// Where it stands; a label.
    pub region: Option<String>,
    /// How far its clock is ahead.
    pub clock_skew: Option<SkewSpan>,
    /// Time to apply one entry.
    pub apply_delay: Option<Delay>,
    /// Entries applied at a time.
    pub apply_workers: Option<u16>,
    /// Time for one flush to disk.
    pub flush_delay: Option<Delay>,
    /// What applying takes longer for each row.
    pub apply_row_delay: Option<Span>,
    /// How long ago a commit must be before it is applied here: a delayed replica.
    pub apply_after: Option<Span>,
    /// Time to work on a read before it is answered.
    pub query_delay: Option<Delay>,
}

impl Fields for NodeSpec {
    fn blank() -> NodeSpec {
        NodeSpec::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![
            must("id", &mut self.id),
            may("region", &mut self.region),
            may("clock_skew", &mut self.clock_skew),
            may("apply_delay", &mut self.apply_delay),
            may("apply_workers", &mut self.apply_workers),
            may("flush_delay", &mut self.flush_delay),
            may("apply_row_delay", &mut self.apply_row_delay),
            may("apply_after", &mut self.apply_after),
            may("query_delay", &mut self.query_delay),
        ]
    }
}

/// Somebody who reads and writes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct ClientSpec {
    /// Name.
    pub id: String,
    /// The server it stands beside.
    pub home: NodeId,
    /// One-way time to its home; to another server, home's link to that server comes on top.
    pub latency: Delay,
    /// Where its reads go.
    pub read: ReadPolicy,
    /// How long it waits for an answer.
    pub timeout: Span,
    /// How long a read may wait at a server that lacks what its client knows of.
    pub wait: Span,
}

impl Fields for ClientSpec {
    fn blank() -> ClientSpec {
        ClientSpec {
            id: String::new(),
            home: NodeId(0),
            latency: Delay::Constant(Span::ms(1)),
            read: ReadPolicy::default(),
            timeout: Span::s(5),
            wait: Span::s(1),
        }
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![
            must("id", &mut self.id),
            may("home", &mut self.home),
            may("latency", &mut self.latency),
            may("read", &mut self.read),
            may("timeout", &mut self.timeout),
            may("wait", &mut self.wait),
        ]
    }
}
