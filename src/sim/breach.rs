//! What lies across the network: links that are cut, and a partition.

use std::rc::Rc;

use crate::base::{NodeId, Sorted};
use crate::node::Reason;

use super::command::{Command, CutCommand, PartitionCommand};

/// What lies across the network at an instant; nothing at first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Breach {
    cuts: Rc<Sorted<(NodeId, NodeId)>>,
    /// Group of each server, by number; empty when there is no partition.
    groups: Rc<Vec<u16>>,
}

impl Breach {
    /// Carries out a command among so many servers; one about other things leaves all as it is.
    pub fn obey(&mut self, command: &Command, servers: usize) -> Result<(), Reason> {
        match command {
            Command::Partition(partition) => return self.divide(partition, servers),
            Command::Heal(_) => *self = Breach::default(),
            Command::Cut(cut) => self.set_cut(cut, true),
            Command::Mend(cut) => self.set_cut(cut, false),
            _ => {}
        }
        Ok(())
    }

    /// Lays a partition in place of the one before. Who is in no group is with the others that are
    /// in none.
    fn divide(&mut self, partition: &PartitionCommand, servers: usize) -> Result<(), Reason> {
        let mut groups = vec![0; servers];
        for (number, group) in partition.groups.iter().enumerate() {
            for node in group {
                *groups.get_mut(node.index()).ok_or(Reason::NoSuchNode)? = number as u16 + 1;
            }
        }
        self.groups = Rc::new(groups);
        Ok(())
    }

    fn set_cut(&mut self, cut: &CutCommand, on: bool) {
        let cuts = Rc::make_mut(&mut self.cuts);
        for pair in [Some((cut.from, cut.to)), cut.both.then_some((cut.to, cut.from))] {
            let Some(pair) = pair else { continue };
            if on {
                cuts.insert(pair);
            } else {
                cuts.remove(&pair);
            }
        }
    }

    /// A server joins: in a partition, on the side of those that no group names.
    pub fn admit(&mut self, node: NodeId) {
        if !self.groups.is_empty() {
            Rc::make_mut(&mut self.groups).resize(node.index() + 1, 0);
        }
    }

    /// Cut directions between servers.
    pub fn cuts(&self) -> &Sorted<(NodeId, NodeId)> {
        &self.cuts
    }

    /// Group of each server, by number; empty when there is no partition.
    pub fn groups(&self) -> &[u16] {
        &self.groups
    }

    /// Whether a partition leaves two servers on one side.
    pub fn joins(&self, a: NodeId, b: NodeId) -> bool {
        let group = |node: NodeId| self.groups.get(node.index());
        group(a) == group(b)
    }

    /// Whether messages get from one server to another.
    pub fn reaches(&self, from: NodeId, to: NodeId) -> bool {
        self.joins(from, to) && !self.cuts.contains(&(from, to))
    }
}
