//! The servers that a scenario describes, before anything has happened.

use std::rc::Rc;

use crate::base::NodeId;
use crate::data::Store;
use crate::data::table::{History, Table};
use crate::node::{Node, NodeDials, Role};
use crate::policy::Isolation;
use crate::topology::{Shape, Topology};

use super::scenario::Scenario;

pub(super) fn nodes(scenario: &Scenario, topology: &Topology, every: &Rc<NodeDials>) -> Vec<Node> {
    let cluster = &scenario.cluster;
    let writes = |id: NodeId| match (&cluster.writers, cluster.topology) {
        (Some(writers), _) => writers.contains(&id),
        (None, Shape::Ring) => true,
        (None, Shape::Star | Shape::Chain | Shape::Tree | Shape::Custom) => id == NodeId(0),
    };
    let mut nodes: Vec<Node> = (0..cluster.nodes)
        .map(NodeId)
        .map(|id| {
            Node::new(id, if writes(id) { Role::Primary } else { Role::Replica }, Rc::clone(every))
        })
        .collect();
    let users = History::new(Table::seeded(cluster.users));
    for node in &mut nodes {
        node.disk.store.users = users.clone();
        let sources: Vec<NodeId> = topology.upstream(node.id).collect();
        let downstreams: Vec<NodeId> = topology.downstream(node.id).collect();
        node.begin(&sources, &downstreams);
        if cluster.isolation == Isolation::Mvcc {
            node.disk.store = Store::versioned();
        }
    }
    for spec in &scenario.node {
        let dials = Rc::make_mut(&mut nodes[spec.id.index()].dials);
        spec.clock_skew.iter().for_each(|skew| dials.clock_skew = *skew);
        spec.apply_delay.iter().for_each(|delay| dials.apply_delay = delay.clone());
        spec.apply_workers.iter().for_each(|workers| dials.apply_workers = *workers);
        spec.query_delay.iter().for_each(|delay| dials.query_delay = delay.clone());
        spec.flush_delay.iter().for_each(|delay| dials.flush_delay = delay.clone());
        spec.apply_row_delay.iter().for_each(|delay| dials.apply_row_delay = *delay);
        spec.apply_after.iter().for_each(|span| dials.apply_after = *span);
    }
    nodes
}
