//! What a scenario file says: the only input of a run. The same types read and print the file.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::base::{Delay, NodeId, Probability, SkewSpan, Span, quoted};
use crate::policy::{Ack, ReadPolicy};
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
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it shows, in a few words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What to look for, in a sentence or two.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// The luck of the run.
    #[serde(default = "default_seed")]
    pub seed: u64,
    /// When the run ends.
    #[serde(default = "default_until")]
    pub until: Span,
    /// The servers and their rules.
    #[serde(default)]
    pub cluster: Cluster,
    /// What lies between them.
    #[serde(default)]
    pub network: NetworkSpec,
    /// Servers that differ from the rest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub node: Vec<NodeSpec>,
    /// Who reads and writes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub client: Vec<ClientSpec>,
    /// Reads and writes in numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workload: Vec<WorkloadSpec>,
    /// What is done when.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub at: Vec<Stamped>,
}

impl Default for Scenario {
    fn default() -> Scenario {
        Scenario {
            name: String::new(),
            about: String::new(),
            seed: default_seed(),
            until: default_until(),
            cluster: Cluster::default(),
            network: NetworkSpec::default(),
            node: Vec::new(),
            client: Vec::new(),
            workload: Vec::new(),
            at: Vec::new(),
        }
    }
}

fn default_seed() -> u64 {
    1
}

fn default_until() -> Span {
    Span::s(10)
}

/// The servers and the rules they follow.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Cluster {
    /// Who replicates from whom.
    pub topology: Shape,
    /// How many servers, n1 to nN.
    pub nodes: u16,
    /// Servers that each server of a tree ships to.
    pub fanout: u16,
    /// Who takes writes; absent: the root, or every server of a ring.
    #[serde(skip_serializing_if = "Option::is_none")]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention: Option<u32>,
    /// The streams of a custom topology.
    #[serde(skip_serializing_if = "Vec::is_empty")]
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
            stream: Vec::new(),
        }
    }
}

/// What lies between servers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
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

/// A link that differs from the rest; what is absent is as elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LinkSpec {
    /// One end.
    pub from: NodeId,
    /// The other end.
    pub to: NodeId,
    /// Whether it holds for both directions.
    #[serde(default)]
    pub both: bool,
    /// One-way time of a message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency: Option<Delay>,
    /// Share of messages that never arrive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss: Option<Probability>,
    /// Share of messages that arrive twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duplicate: Option<Probability>,
    /// Share of messages that are held back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reorder: Option<Probability>,
    /// Capacity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bandwidth: Option<Bandwidth>,
}

/// A server that differs from the rest; what is absent is as elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NodeSpec {
    /// Which.
    pub id: NodeId,
    /// Where it stands; a label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// How far its clock is ahead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_skew: Option<SkewSpan>,
    /// Time to apply one entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apply_delay: Option<Delay>,
    /// Entries applied at a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apply_workers: Option<u16>,
    /// Time for one flush to disk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flush_delay: Option<Delay>,
}

/// Somebody who reads and writes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ClientSpec {
    /// Name.
    pub id: String,
    /// The server it stands beside.
    #[serde(default)]
    pub home: NodeId,
    /// One-way time to its home; to another server, home's link to that server comes on top.
    #[serde(default = "default_client_latency")]
    pub latency: Delay,
    /// Where its reads go.
    #[serde(default)]
    pub read: ReadPolicy,
    /// How long it waits for an answer.
    #[serde(default = "default_client_timeout")]
    pub timeout: Span,
}

fn default_client_latency() -> Delay {
    Delay::Constant(Span::ms(1))
}

fn default_client_timeout() -> Span {
    Span::s(5)
}

/// Operations in numbers, sent without waiting for answers (open loop).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WorkloadSpec {
    /// Whose.
    pub client: String,
    /// How many a second.
    pub rate: Rate,
    /// How they are spread over time.
    #[serde(default)]
    pub arrivals: Arrivals,
    /// Share that reads.
    #[serde(default)]
    pub reads: Probability,
    /// Over how many keys.
    #[serde(default = "default_keys")]
    pub keys: u32,
    /// How evenly over the keys.
    #[serde(default)]
    pub skew: Skew,
    /// First moment.
    #[serde(default)]
    pub from: Span,
    /// Last moment; absent: the end of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Span>,
}

fn default_keys() -> u32 {
    100
}

/// How a workload's operations are spread over time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Arrivals {
    /// At random, independent of one another, as from many users.
    #[default]
    Poisson,
    /// At equal distances.
    Steady,
}

/// How a workload's operations are spread over keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Skew {
    /// Every key is as likely.
    #[default]
    Uniform,
    /// The k-th key is 1/k as likely as the first (Zipf, exponent 1).
    Zipf,
}

/// Operations per second, as `"100/s"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rate(pub u64);

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{}/s", self.0))
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Rate, D::Error> {
        quoted(from, "a rate such as \"100/s\"")
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
