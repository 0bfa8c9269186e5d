//! Who replicates from whom. Nothing here knows who can *reach* whom: that is the network's.

mod chain;
mod change;

use crate::base::{NodeId, sort};
use crate::form::{Field, Fields, Form, FromForm, Misfit, ToForm, must, named};

/// The shapes a cluster can take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename_all = "kebab-case"))]
pub enum Shape {
    /// One primary ships to every replica.
    #[default]
    Star,
    /// Each server ships to the next.
    Chain,
    /// A chain whose last server ships to the first; every server takes writes.
    Ring,
    /// Each server ships to up to `fanout` servers below it.
    Tree,
    /// The streams that the scenario names.
    Custom,
}

impl Shape {
    /// Every shape, in the order of the picker.
    pub const ALL: [Shape; 5] =
        [Shape::Star, Shape::Chain, Shape::Ring, Shape::Tree, Shape::Custom];

    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            Shape::Star => "star",
            Shape::Chain => "chain",
            Shape::Ring => "ring",
            Shape::Tree => "tree",
            Shape::Custom => "custom",
        }
    }

    /// What it is, in one sentence.
    pub fn summary(self) -> &'static str {
        match self {
            Shape::Star => {
                "One primary ships every write to every replica: one hop, all egress there."
            }
            Shape::Chain => {
                "Each server ships to the next: little egress anywhere, lag adds up hop by hop."
            }
            Shape::Ring => {
                "Every server takes writes and passes them round; an entry stops where it was born."
            }
            Shape::Tree => {
                "The primary ships to a few relays and they to more: few hops, bounded egress."
            }
            Shape::Custom => "The streams that the scenario names.",
        }
    }
}

impl ToForm for Shape {
    fn to_form(&self) -> Form {
        Form::from(self.name())
    }
}

impl FromForm for Shape {
    fn from_form(form: &Form) -> Result<Shape, Misfit> {
        named(form, &Shape::ALL, Shape::name)
    }
}

/// One replication stream: `to` applies the log of `from`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Stream {
    /// The source.
    pub from: NodeId,
    /// The server that follows it.
    pub to: NodeId,
}

impl Fields for Stream {
    fn blank() -> Stream {
        Stream { from: NodeId(0), to: NodeId(0) }
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![must("from", &mut self.from), must("to", &mut self.to)]
    }
}

/// The streams of a cluster at one moment; failover changes them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Topology {
    shape: Shape,
    fanout: u16,
    order: Vec<NodeId>,
    servers: u16,
    streams: Vec<Stream>,
    chain: Vec<NodeId>,
    joining: Vec<NodeId>,
}

impl Topology {
    /// The streams of a shape over `n1..nN`; `custom` is used by that shape only.
    pub fn new(shape: Shape, nodes: u16, fanout: u16, custom: &[Stream]) -> Topology {
        let order: Vec<NodeId> = (0..nodes).map(NodeId).collect();
        let mut topology = Topology {
            shape,
            fanout,
            order,
            servers: nodes,
            streams: custom.to_vec(),
            chain: Vec::new(),
            joining: Vec::new(),
        };
        topology.streams = match shape {
            Shape::Custom => custom.to_vec(),
            Shape::Star | Shape::Chain | Shape::Ring | Shape::Tree => topology.shaped(),
        };
        in_order(&mut topology.streams);
        topology
    }

    /// The streams that the shape gives to the servers in their present order.
    fn shaped(&self) -> Vec<Stream> {
        let order = &self.order;
        let stream = |from: usize, to: usize| Stream { from: order[from], to: order[to] };
        let below = 1..order.len();
        match self.shape {
            Shape::Star => below.map(|to| stream(0, to)).collect(),
            Shape::Chain => below.map(|to| stream(to - 1, to)).collect(),
            Shape::Ring if order.len() < 2 => Vec::new(),
            Shape::Ring => {
                (0..order.len()).map(|from| stream(from, (from + 1) % order.len())).collect()
            }
            Shape::Tree => {
                let fanout = usize::from(self.fanout.max(1));
                below.map(|to| stream((to - 1) / fanout, to)).collect()
            }
            Shape::Custom => self.streams.clone(),
        }
    }

    /// Which shape this is.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Servers a tree's server ships to at most.
    pub fn fanout(&self) -> u16 {
        self.fanout
    }

    /// The servers in the order the shape arranges them: the root first.
    pub fn order(&self) -> &[NodeId] {
        &self.order
    }

    /// How many numbers servers have been given so far, those that have left included.
    pub fn servers(&self) -> u16 {
        self.servers
    }

    /// All streams, by source and then by follower.
    pub fn streams(&self) -> &[Stream] {
        &self.streams
    }

    /// The servers that follow `node`, in order.
    pub fn downstream(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let start = self.streams.partition_point(|stream| stream.from < node);
        let own = self.streams[start..].iter().take_while(move |stream| stream.from == node);
        own.map(|stream| stream.to)
    }

    /// The servers that `node` follows, in order.
    pub fn upstream(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.streams.iter().filter(move |stream| stream.to == node).map(|stream| stream.from)
    }

    /// Puts `node` where the root was. In custom streams the two change places; in a star and a
    /// chain the old root goes last and the others keep their order; in a tree it changes places
    /// with the last leaf.
    pub fn promote(&mut self, node: NodeId) {
        let Some(at) = self.order.iter().position(|other| *other == node) else {
            return;
        };
        if self.is_proper() {
            return self.lead(node);
        }
        let root = self.order[0];
        match self.shape {
            Shape::Star | Shape::Chain | Shape::Tree | Shape::Custom if at == 0 => {}
            Shape::Star | Shape::Chain => {
                self.order.remove(at);
                self.order.remove(0);
                self.order.insert(0, node);
                self.order.push(root);
            }
            Shape::Tree => {
                // The old root, which may be dead, becomes a leaf.
                self.order.swap(0, at);
                let last = self.order.len() - 1;
                self.order.swap(at, last);
            }
            Shape::Ring => self.order.swap(0, at),
            Shape::Custom => {
                self.order.swap(0, at);
                let swapped = |other: NodeId| match other {
                    other if other == node => root,
                    other if other == root => node,
                    other => other,
                };
                for stream in &mut self.streams {
                    *stream = Stream { from: swapped(stream.from), to: swapped(stream.to) };
                }
            }
        }
        self.streams = self.shaped();
        in_order(&mut self.streams);
    }

    /// Hops from the root to `node`; None if no stream leads there.
    pub fn depth(&self, node: NodeId) -> Option<u16> {
        self.depths()[node.index()]
    }

    /// Hops from the root to every server, by node number; None where no stream leads.
    pub fn depths(&self) -> Vec<Option<u16>> {
        let mut depths = vec![None; usize::from(self.servers)];
        let mut front = vec![self.order[0]];
        depths[self.order[0].index()] = Some(0);
        for hops in 1.. {
            let mut next = Vec::new();
            for to in front.iter().flat_map(|from| self.downstream(*from)) {
                if depths[to.index()].is_none() {
                    depths[to.index()] = Some(hops);
                    next.push(to);
                }
            }
            if next.is_empty() {
                return depths;
            }
            front = next;
        }
        depths
    }
}

/// Streams by source, then by follower.
fn in_order(streams: &mut [Stream]) {
    sort(streams, |a, b| a < b);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth_max(shape: Shape, nodes: u16, fanout: u16) -> u16 {
        let depths = Topology::new(shape, nodes, fanout, &[]).depths();
        depths.into_iter().map(|depth| depth.expect("every server is reached")).max().unwrap()
    }

    #[test]
    fn depth_follows_the_formula_of_each_shape() {
        // A tree of fan-out f holds (f^(d+1) - f) / (f - 1) replicas within d hops.
        for replicas in 1..200u16 {
            assert_eq!(depth_max(Shape::Star, replicas + 1, 2), 1);
            assert_eq!(depth_max(Shape::Chain, replicas + 1, 2), replicas);
            assert_eq!(depth_max(Shape::Ring, replicas + 1, 2), replicas);
            for fanout in 2..=16u16 {
                let (mut depth, mut holds, mut level) = (0, 0u32, 1u32);
                while holds < u32::from(replicas) {
                    level *= u32::from(fanout);
                    holds += level;
                    depth += 1;
                }
                assert_eq!(depth_max(Shape::Tree, replicas + 1, fanout), depth);
            }
        }
    }

    #[test]
    fn promotion_keeps_every_server_in_the_shape_and_makes_the_node_the_root() {
        for shape in [Shape::Star, Shape::Chain, Shape::Tree] {
            for node in 0..7 {
                let mut topology = Topology::new(shape, 7, 2, &[]);
                topology.promote(NodeId(node));
                assert_eq!(topology.order()[0], NodeId(node));
                assert_eq!(topology.streams().len(), 6);
                assert!(topology.depths().iter().all(Option::is_some));
                assert_eq!(topology.upstream(NodeId(node)).count(), 0);
            }
        }
    }
}
