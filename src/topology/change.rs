//! Operations on a running cluster's streams: a server joins or leaves, follows another, or all are
//! laid out anew around those that are down.
//!
//! Nothing here asks whether an operation makes sense; that is the kernel's.

use crate::base::{NodeId, sort};

use super::{Shape, Stream, Topology, in_order};

impl Topology {
    /// The server that one that joins follows, if nobody says otherwise: the root, the last of a
    /// chain or a ring, or in a tree the first with room, breadth first.
    pub fn vacancy(&self) -> NodeId {
        if let Some(tail) = self.tail() {
            return tail;
        }
        let servers = &self.order;
        let last = servers.len() - 1;
        match self.shape {
            Shape::Star | Shape::Custom => servers[0],
            Shape::Chain | Shape::Ring => servers[last],
            Shape::Tree => {
                let room = |node: &&NodeId| {
                    self.downstream(**node).count() < usize::from(self.fanout.max(1))
                };
                servers.iter().find(room).copied().unwrap_or(servers[0])
            }
        }
    }

    /// The same streams over the servers there are, numbered without gaps in the same order.
    pub fn compact(&self) -> Topology {
        let mut members = self.order.clone();
        sort(&mut members, |a, b| a < b);
        let number = |node: NodeId| NodeId(members.partition_point(|other| *other < node) as u16);
        let mut topology = self.clone();
        topology.servers = members.len() as u16;
        let lists = [&mut topology.order, &mut topology.chain, &mut topology.joining];
        lists.into_iter().flatten().for_each(|node| *node = number(*node));
        for stream in &mut topology.streams {
            *stream = Stream { from: number(stream.from), to: number(stream.to) };
        }
        topology
    }

    /// A server joins behind `source`; in a ring, between `source` and who follows it.
    pub fn add(&mut self, node: NodeId, source: NodeId) {
        self.servers = self.servers.max(node.0 + 1);
        if self.is_proper() {
            self.order.push(node);
            return self.include(node);
        }
        let streams = &mut self.streams;
        if self.shape == Shape::Ring {
            let mut closed = false;
            for stream in streams.iter_mut().filter(|stream| stream.from == source) {
                stream.from = node;
                closed = true;
            }
            if !closed {
                streams.push(Stream { from: node, to: source });
            }
        }
        streams.push(Stream { from: source, to: node });
        in_order(streams);
        let after = self.order.iter().position(|other| *other == source);
        match (self.shape, after) {
            (Shape::Ring, Some(at)) => self.order.insert(at + 1, node),
            _ => self.order.push(node),
        }
    }

    /// A server leaves: those that followed it follow its sources. If it was the root of a shape
    /// that has one, the shape is laid out anew over the rest.
    pub fn remove(&mut self, node: NodeId) {
        let was_root = self.order.first() == Some(&node);
        self.order.retain(|other| *other != node);
        if self.is_proper() {
            return self.exclude(node);
        }
        self.bypass(node);
        self.streams.retain(|stream| stream.to != node);
        match self.shape {
            Shape::Star | Shape::Chain | Shape::Tree if was_root => {
                self.streams = self.shaped();
                in_order(&mut self.streams);
            }
            Shape::Star | Shape::Chain | Shape::Tree | Shape::Ring | Shape::Custom => {}
        }
    }

    /// Those that follow `node` follow its sources instead.
    fn bypass(&mut self, node: NodeId) {
        let sources: Vec<NodeId> = self.upstream(node).collect();
        let followers: Vec<NodeId> = self.downstream(node).collect();
        self.streams.retain(|stream| stream.from != node);
        for from in sources {
            let new = followers.iter().map(|to| Stream { from, to: *to });
            self.streams.extend(new.filter(|stream| stream.to != from));
        }
        in_order(&mut self.streams);
        self.streams.dedup();
    }

    /// `node` follows `source` alone.
    pub fn repoint(&mut self, node: NodeId, source: NodeId) {
        self.streams.retain(|stream| stream.to != node);
        self.streams.push(Stream { from: source, to: node });
        in_order(&mut self.streams);
    }

    /// Whether entries get from one server to another along the streams.
    pub fn leads(&self, from: NodeId, to: NodeId) -> bool {
        let mut reached = vec![from];
        let mut next = 0;
        while next < reached.len() && !reached.contains(&to) {
            for below in self.downstream(reached[next]).collect::<Vec<_>>() {
                if !reached.contains(&below) {
                    reached.push(below);
                }
            }
            next += 1;
        }
        reached.contains(&to)
    }

    /// Lays the shape out anew over the servers that are `up`, in their order; custom streams close
    /// over those that are not. Each that is not hangs where one that joins would, so that it has a
    /// source when it is back, and nobody waits for it.
    pub fn rebalance(&mut self, up: impl Fn(NodeId) -> bool) {
        if self.is_proper() {
            return self.mend(up);
        }
        let (live, down): (Vec<NodeId>, Vec<NodeId>) =
            self.order.iter().partition(|node| up(**node));
        if self.shape == Shape::Custom {
            down.into_iter().for_each(|node| self.bypass(node));
            return;
        }
        self.order = live;
        self.streams = self.shaped();
        in_order(&mut self.streams);
        for to in &down {
            let from = self.vacancy();
            self.streams.push(Stream { from, to: *to });
            in_order(&mut self.streams);
        }
        self.order.extend(down);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPES: [Shape; 4] = [Shape::Star, Shape::Chain, Shape::Ring, Shape::Tree];

    fn reaches_all(topology: &Topology) -> bool {
        let root = topology.order()[0];
        topology.order().iter().all(|node| topology.leads(root, *node))
    }

    #[test]
    fn a_server_that_joins_gets_the_place_it_would_have_had_from_the_start() {
        for shape in SHAPES {
            for nodes in 1..9 {
                let mut grown = Topology::new(shape, nodes, 2, &[]);
                grown.add(NodeId(nodes), grown.vacancy());
                assert_eq!(grown, Topology::new(shape, nodes + 1, 2, &[]), "{}", shape.name());
            }
        }
    }

    #[test]
    fn whoever_leaves_the_others_are_still_reached() {
        for shape in SHAPES {
            for gone in (0..7).map(NodeId) {
                let mut topology = Topology::new(shape, 7, 2, &[]);
                topology.remove(gone);
                assert!(reaches_all(&topology), "{} without {gone}", shape.name());
                assert!(!topology.order().contains(&gone) && topology.servers() == 7);
                assert!(topology.streams().iter().all(|s| s.from != gone && s.to != gone));
                let sources = |node: &NodeId| topology.upstream(*node).count();
                assert!(topology.order().iter().all(|node| sources(node) <= 1));
            }
        }
        let mut pair = Topology::new(Shape::Ring, 2, 2, &[]);
        pair.remove(NodeId(1));
        assert_eq!(pair.streams(), &[]);
    }

    #[test]
    fn a_shape_laid_out_anew_asks_nothing_of_those_that_are_down() {
        for shape in SHAPES {
            for dead in 1u16..1 << 6 {
                let up = |node: NodeId| node.0 == 0 || dead & 1 << (node.0 - 1) == 0;
                let mut topology = Topology::new(shape, 7, 2, &[]);
                topology.rebalance(up);
                assert!(topology.streams().iter().all(|stream| up(stream.from)));
                assert!(reaches_all(&topology) && topology.order().len() == 7);
                topology.rebalance(|_| true);
                assert!(reaches_all(&topology));
                assert_eq!(
                    topology.streams().len(),
                    Topology::new(shape, 7, 2, &[]).streams().len()
                );
            }
        }
    }

    #[test]
    fn custom_streams_close_over_the_dead_and_keep_them_at_the_end() {
        let stream = |from, to| Stream { from: NodeId(from), to: NodeId(to) };
        let mut topology =
            Topology::new(Shape::Custom, 4, 2, &[stream(0, 1), stream(1, 2), stream(2, 3)]);
        topology.rebalance(|node| node != NodeId(1) && node != NodeId(2));
        assert_eq!(topology.streams(), &[stream(0, 1), stream(0, 2), stream(0, 3)]);
    }
}
