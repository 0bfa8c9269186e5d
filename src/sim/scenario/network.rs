//! What lies between servers: every link, and the links that differ.

use crate::base::{Delay, NodeId, Probability, Span};
use crate::form::{Field, Fields, may, must, when};

use crate::sim::Bandwidth;

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
