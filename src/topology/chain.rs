//! A proper chain: who stands in it from head to tail, who is about to join behind the tail, and
//! who is kept out until somebody takes it in.

use crate::base::{NodeId, gathered};

use super::{Stream, Topology, in_order};

impl Topology {
    /// The same servers in a chain whose tail answers.
    pub fn proper(mut self) -> Topology {
        self.chain = self.order.clone();
        self
    }

    /// The servers of a proper chain, head first; empty in any other topology.
    pub fn chain(&self) -> &[NodeId] {
        &self.chain
    }

    /// Those that follow the tail of a proper chain and become the tail once they have all of it.
    pub fn joining(&self) -> &[NodeId] {
        &self.joining
    }

    /// Who answers in a proper chain; None in any other topology.
    pub fn tail(&self) -> Option<NodeId> {
        self.chain.last().copied()
    }

    /// Whether this is a proper chain.
    pub fn is_proper(&self) -> bool {
        !self.chain.is_empty()
    }

    /// `node` leads: those before it are out, and what only they have was never acknowledged.
    pub(super) fn lead(&mut self, node: NodeId) {
        let at = self.chain.iter().position(|other| *other == node).unwrap_or(self.chain.len());
        self.chain.drain(..at);
        if self.chain.is_empty() {
            self.chain.push(node);
        }
        self.joining.retain(|other| *other != node);
        self.link();
    }

    /// One that was joining has all the tail has, and is the tail.
    pub fn extend(&mut self, node: NodeId) {
        if self.joining.contains(&node) {
            self.joining.retain(|other| *other != node);
            self.chain.push(node);
            self.link();
        }
    }

    /// The chain closes over one of its servers, which is not its only one.
    pub fn exclude(&mut self, node: NodeId) {
        if self.chain != [node] {
            self.chain.retain(|other| *other != node);
        }
        self.joining.retain(|other| *other != node);
        self.link();
    }

    /// One that is out may join behind the tail.
    pub fn include(&mut self, node: NodeId) {
        if !self.chain.contains(&node) && !self.joining.contains(&node) {
            self.joining.push(node);
            self.link();
        }
    }

    /// Takes out whoever is not up, and has whoever is up and out join.
    pub(super) fn mend(&mut self, up: impl Fn(NodeId) -> bool) {
        for node in self.order.clone() {
            if up(node) { self.include(node) } else { self.exclude(node) }
        }
    }

    /// Streams and order as the chain has them.
    pub(super) fn link(&mut self) {
        let pairs = self.chain.windows(2).map(|pair| Stream { from: pair[0], to: pair[1] });
        let mut streams: Vec<Stream> = pairs.collect();
        if let Some(from) = self.tail() {
            streams.extend(self.joining.iter().map(|to| Stream { from, to: *to }));
        }
        in_order(&mut streams);
        self.streams = streams;
        let placed: Vec<NodeId> = gathered(self.chain.iter().chain(&self.joining).copied());
        let out = self.order.iter().filter(|node| !placed.contains(node)).copied();
        self.order = placed.iter().copied().chain(out).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::Shape;

    fn ids(numbers: &[u16]) -> Vec<NodeId> {
        numbers.iter().copied().map(NodeId).collect()
    }

    #[test]
    fn a_proper_chain_closes_over_whom_it_loses_and_takes_them_in_behind_the_tail() {
        let mut topology = Topology::new(Shape::Chain, 4, 2, &[]).proper();
        assert_eq!(topology.tail(), Some(NodeId(3)));
        topology.exclude(NodeId(1));
        assert_eq!(topology.chain(), ids(&[0, 2, 3]));
        assert_eq!(topology.upstream(NodeId(1)).count(), 0, "it stands apart");
        topology.include(NodeId(1));
        assert_eq!((topology.tail(), topology.joining()), (Some(NodeId(3)), &ids(&[1])[..]));
        assert!(topology.upstream(NodeId(1)).eq([NodeId(3)]));
        topology.extend(NodeId(1));
        assert_eq!(topology.chain(), ids(&[0, 2, 3, 1]));
        topology.promote(NodeId(3));
        assert_eq!(topology.chain(), ids(&[3, 1]), "those before the new head are out");
        topology.exclude(NodeId(3));
        topology.exclude(NodeId(1));
        assert_eq!(topology.chain(), ids(&[1]), "the last one stays");
        assert_eq!(topology.order().len(), 4);
    }
}
