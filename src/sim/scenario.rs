//! What a scenario file says: the only input of a run. The same types read and print the file.

use std::str::FromStr;

use crate::base::{Delay, NodeId, Probability, SkewSpan, Span};
use crate::form::{Field, Fields, Form, FromForm, Misfit, ToForm, may, must, named, parsed, when};
use crate::policy::{Ack, Failover, ReadPolicy};
use crate::topology::{Shape, Stream};

use super::bandwidth::Bandwidth;
use super::stamped::Stamped;

/// Bounds on what a scenario may ask for.
pub mod limits {
    use crate::base::Span;

    /// The most clients.
    pub const CLIENTS_MAX: usize = 256;
    /// The most workloads.
    pub const WORKLOADS_MAX: usize = 256;
    /// The most commands in a scenario's list.
    pub const COMMANDS_MAX: usize = 100_000;
    /// The most keys a run may name.
    pub const KEYS_MAX: u32 = 1_000_000;
    /// The most operations in one run.
    pub const OPS_MAX: usize = 20_000_000;
    /// The most messages and timers under way at once.
    pub const IN_FLIGHT_MAX: usize = 4_000_000;
    /// The most events in one run.
    pub const STEPS_MAX: u64 = 200_000_000;
    /// The longest run.
    pub const UNTIL_MAX: Span = Span::s(24 * 3_600);
    /// The longest key or value, in bytes.
    pub const TEXT_MAX: usize = 4_096;
    /// The widest tree.
    pub const FANOUT_MAX: u16 = 16;
    /// The fastest workload, per second.
    pub const RATE_MAX: u64 = 1_000_000;
    /// The largest scenario file, in bytes.
    pub const FILE_MAX: usize = 16 * 1024 * 1024;
}

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
            may("cluster", &mut self.cluster),
            may("network", &mut self.network),
            may("node", &mut self.node),
            may("client", &mut self.client),
            may("workload", &mut self.workload),
            may("at", &mut self.at),
        ]
    }
}

/// The servers and the rules they follow.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Cluster {
    /// Who replicates from whom.
    pub topology: Shape,
    /// How many servers, n1 to nN.
    pub nodes: u16,
    /// Servers that each server of a tree ships to.
    pub fanout: u16,
    /// Who takes writes; absent: the root, or every server of a ring.
    pub writers: Option<Vec<NodeId>>,
    /// When a write counts as replicated.
    pub ack: Ack,
    /// Whether a server drops an entry it already has.
    pub loop_filter: bool,
    /// Whether relays report upstream the acks of the servers behind them.
    pub relay_acks: bool,
    /// Time to apply one entry.
    pub apply_delay: Delay,
    /// Entries a server applies at a time.
    pub apply_workers: u16,
    /// Time for one flush to disk.
    pub flush_delay: Delay,
    /// How long a flushed entry waits at the sender before it leaves.
    pub ship_delay: Delay,
    /// After how much silence a source tells a follower where its log ends.
    pub keepalive: Span,
    /// How many entries a log keeps; absent: all.
    pub retention: Option<u32>,
    /// How a primary is replaced when it is silent; absent: by the operator alone.
    pub failover: Option<Failover>,
    /// The streams of a custom topology.
    pub stream: Vec<Stream>,
}

impl Default for Cluster {
    fn default() -> Cluster {
        Cluster {
            topology: Shape::Star,
            nodes: 4,
            fanout: 2,
            writers: None,
            ack: Ack::default(),
            loop_filter: true,
            relay_acks: true,
            apply_delay: Delay::Constant(Span(200)),
            apply_workers: 1,
            flush_delay: Delay::NONE,
            ship_delay: Delay::NONE,
            keepalive: Span::s(1),
            retention: None,
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
            may("nodes", &mut self.nodes),
            may("fanout", &mut self.fanout),
            may("writers", &mut self.writers),
            may("ack", &mut self.ack),
            may("loop_filter", &mut self.loop_filter),
            may("relay_acks", &mut self.relay_acks),
            may("apply_delay", &mut self.apply_delay),
            may("apply_workers", &mut self.apply_workers),
            may("flush_delay", &mut self.flush_delay),
            may("ship_delay", &mut self.ship_delay),
            may("keepalive", &mut self.keepalive),
            may("retention", &mut self.retention),
            may("failover", &mut self.failover),
            may("stream", &mut self.stream),
        ]
    }
}

/// What lies between servers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct NetworkSpec {
    /// One-way time of a message.
    pub latency: Delay,
    /// Share of messages that never arrive.
    pub loss: Probability,
    /// Share of messages that arrive twice.
    pub duplicate: Probability,
    /// Share of messages that are held back and may be overtaken.
    pub reorder: Probability,
    /// Capacity of each link, each way.
    pub bandwidth: Bandwidth,
    /// Links that differ from the rest.
    pub link: Vec<LinkSpec>,
}

impl Default for NetworkSpec {
    fn default() -> NetworkSpec {
        NetworkSpec {
            latency: Delay::Constant(Span::ms(10)),
            loss: Probability::ZERO,
            duplicate: Probability::ZERO,
            reorder: Probability::ZERO,
            bandwidth: Bandwidth(None),
            link: Vec::new(),
        }
    }
}

impl Fields for NetworkSpec {
    fn blank() -> NetworkSpec {
        NetworkSpec::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![
            may("latency", &mut self.latency),
            may("loss", &mut self.loss),
            may("duplicate", &mut self.duplicate),
            may("reorder", &mut self.reorder),
            may("bandwidth", &mut self.bandwidth),
            may("link", &mut self.link),
        ]
    }
}

/// A link that differs from the rest; what is absent is as elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct LinkSpec {
    /// One end.
    pub from: NodeId,
    /// The other end.
    pub to: NodeId,
    /// Whether it holds for both directions.
    pub both: bool,
    /// One-way time of a message.
    pub latency: Option<Delay>,
    /// Share of messages that never arrive.
    pub loss: Option<Probability>,
    /// Share of messages that arrive twice.
    pub duplicate: Option<Probability>,
    /// Share of messages that are held back.
    pub reorder: Option<Probability>,
    /// Capacity.
    pub bandwidth: Option<Bandwidth>,
}

impl Fields for LinkSpec {
    fn blank() -> LinkSpec {
        LinkSpec::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![
            must("from", &mut self.from),
            must("to", &mut self.to),
            when("both", &mut self.both),
            may("latency", &mut self.latency),
            may("loss", &mut self.loss),
            may("duplicate", &mut self.duplicate),
            may("reorder", &mut self.reorder),
            may("bandwidth", &mut self.bandwidth),
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

/// Operations in numbers, sent without waiting for answers (open loop).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct WorkloadSpec {
    /// Whose.
    pub client: String,
    /// How many a second.
    pub rate: Rate,
    /// How they are spread over time.
    pub arrivals: Arrivals,
    /// Share that reads.
    pub reads: Probability,
    /// Over how many keys.
    pub keys: u32,
    /// How evenly over the keys.
    pub skew: Skew,
    /// First moment.
    pub from: Span,
    /// Last moment; absent: the end of the run.
    pub until: Option<Span>,
}

impl Fields for WorkloadSpec {
    fn blank() -> WorkloadSpec {
        WorkloadSpec {
            client: String::new(),
            rate: Rate(1),
            arrivals: Arrivals::default(),
            reads: Probability::ZERO,
            keys: 100,
            skew: Skew::default(),
            from: Span::ZERO,
            until: None,
        }
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![
            must("client", &mut self.client),
            must("rate", &mut self.rate),
            may("arrivals", &mut self.arrivals),
            may("reads", &mut self.reads),
            may("keys", &mut self.keys),
            may("skew", &mut self.skew),
            may("from", &mut self.from),
            may("until", &mut self.until),
        ]
    }
}

/// How a workload's operations are spread over time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename_all = "kebab-case"))]
pub enum Arrivals {
    /// At random, independent of one another, as from many users.
    #[default]
    Poisson,
    /// At equal distances.
    Steady,
    /// Twenty at once, at random moments, as when a crowd is let in.
    Bursts,
}

impl Arrivals {
    /// Operations of one burst.
    pub const BURST: u32 = 20;

    /// Every one.
    pub const ALL: [Arrivals; 3] = [Arrivals::Poisson, Arrivals::Steady, Arrivals::Bursts];

    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            Arrivals::Poisson => "poisson",
            Arrivals::Steady => "steady",
            Arrivals::Bursts => "bursts",
        }
    }
}

impl ToForm for Arrivals {
    fn to_form(&self) -> Form {
        Form::from(self.name())
    }
}

impl FromForm for Arrivals {
    fn from_form(form: &Form) -> Result<Arrivals, Misfit> {
        named(form, &Arrivals::ALL, Arrivals::name)
    }
}

/// How a workload's operations are spread over keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename_all = "kebab-case"))]
pub enum Skew {
    /// Every key is as likely.
    #[default]
    Uniform,
    /// The k-th key is 1/k as likely as the first (Zipf, exponent 1).
    Zipf,
}

impl Skew {
    /// Both.
    pub const ALL: [Skew; 2] = [Skew::Uniform, Skew::Zipf];

    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            Skew::Uniform => "uniform",
            Skew::Zipf => "zipf",
        }
    }
}

impl ToForm for Skew {
    fn to_form(&self) -> Form {
        Form::from(self.name())
    }
}

impl FromForm for Skew {
    fn from_form(form: &Form) -> Result<Skew, Misfit> {
        named(form, &Skew::ALL, Skew::name)
    }
}

/// Operations per second, as `"100/s"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rate(pub u64);

impl ToForm for Rate {
    fn to_form(&self) -> Form {
        Form::Text(format!("{}/s", self.0))
    }
}

impl FromForm for Rate {
    fn from_form(form: &Form) -> Result<Rate, Misfit> {
        parsed(form, "a rate such as \"100/s\"")
    }
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Rate, String> {
        let number = text.strip_suffix("/s").and_then(|number| number.trim().parse().ok());
        number.filter(|rate| (1..=limits::RATE_MAX).contains(rate)).map(Rate).ok_or_else(|| {
            let max = limits::RATE_MAX;
            format!("`{text}` is not a rate: expected \"1/s\" to \"{max}/s\"")
        })
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl schemars::JsonSchema for Rate {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Rate".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9]+/s$" })
    }
}
