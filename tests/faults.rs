//! Laws of what one fault does and does not do: SEMANTICS I24, I48 and I50.

#![cfg(not(target_arch = "wasm32"))]

use replication::base::NodeId;
use replication::node::{Fact, Reason};
use replication::recording::{Recording, read_scenario};
use replication::topology::{Shape, Topology};

fn run(text: &str) -> Recording {
    let scenario = read_scenario(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let mut recording = Recording::new(scenario);
    recording.finish();
    recording
}

/// Servers that have nothing of what was written from the second second on.
fn stalled(recording: &Recording) -> Vec<NodeId> {
    let world = recording.head();
    let log = |node: NodeId| world.nodes[node.index()].disk.log.gtids();
    let late = |number: &u32| {
        world.ledger.ops.get(*number as usize).is_some_and(|op| op.sent_at > 2_000_000)
    };
    let ops = (0..world.ledger.ops.len() as u32).filter(late);
    let late: Vec<_> = ops.filter_map(|op| world.ledger.ops.get(op as usize)?.gtid).collect();
    assert!(late.len() > 20, "{} writes show little", late.len());
    let lacks_all = |node: &NodeId| late.iter().all(|gtid| !log(*node).contains(*gtid));
    let has_all = |node: &NodeId| late.iter().all(|gtid| log(*node).contains(*gtid));
    let nodes: Vec<NodeId> = world.nodes.iter().map(|node| node.id).collect();
    for node in &nodes {
        assert!(lacks_all(node) || has_all(node), "{node} has some and lacks some");
    }
    nodes.into_iter().filter(lacks_all).collect()
}

/// One writer at n1; a server dies at one second, and the run ends long after the last write.
fn with_a_dead_server(shape: Shape, nodes: u16, fanout: u16, dead: NodeId, seed: u64) -> Recording {
    run(&format!(
        r#"
        seed = {seed}
        until = "8s"
        cluster = {{ topology = "{}", nodes = {nodes}, fanout = {fanout}, writers = ["n1"] }}
        network = {{ latency = {{ mean = "10ms" }}, loss = 0.1 }}
        client = [{{ id = "app" }}]
        workload = [{{ client = "app", rate = "30/s", until = "4s" }}]
        at = [{{ time = "1s", crash = "{dead}" }}]
        "#,
        shape.name()
    ))
}

/// I48. What comes after a dead server, and nothing else, stands still: in a tree and a chain its
/// subtree, in a ring everything up to the writer, in a star only itself.
#[test]
fn a_dead_server_stalls_exactly_what_is_behind_it() {
    let shapes = [Shape::Star, Shape::Chain, Shape::Ring, Shape::Tree];
    for (seed, shape) in shapes.into_iter().enumerate() {
        let (nodes, fanout) = (8, 2);
        let topology = Topology::new(shape, nodes, fanout, &[]);
        for dead in (1..nodes).map(NodeId) {
            let mut behind = vec![dead];
            let mut next = 0;
            while next < behind.len() {
                let to = topology.downstream(behind[next]);
                behind.extend(to.filter(|to| *to != NodeId(0)));
                next += 1;
            }
            behind.sort_unstable();
            let recording = with_a_dead_server(shape, nodes, fanout, dead, seed as u64);
            assert_eq!(stalled(&recording), behind, "{} without {dead}", shape.name());
        }
    }
}

/// I24. A pair has a majority only while both live: whichever dies, nobody is elected, and no
/// write is taken.
#[test]
fn any_single_failure_of_a_pair_stops_writes() {
    for dead in ["n1", "n2"] {
        let recording = run(&format!(
            r#"
            until = "8s"
            cluster = {{ nodes = 2, failover = {{ heartbeat = "100ms", timeout = "500ms" }} }}
            client = [{{ id = "app", timeout = "100ms" }}]
            workload = [{{ client = "app", rate = "10/s", from = "2s" }}]
            at = [{{ time = "1s", crash = "{dead}" }}]
            "#
        ));
        let elected = |fact: &Fact| matches!(fact, Fact::Elected(_) | Fact::Promoted(_));
        assert!(!recording.trace().since(0).any(|(_, record)| elected(&record.fact)));
        let ops = &recording.head().ledger.ops;
        assert!(ops.len() > 40 && !ops.iter().any(|op| op.acknowledged()), "without {dead}");
        let refused = ops.iter().filter(|op| op.refusal() == Some(Reason::NoMajority)).count();
        assert_eq!(refused > 0, dead == "n2", "a dead primary says nothing");
    }
}

/// I50. Replication is not backup.
#[test]
fn a_bad_delete_reaches_every_replica() {
    for (shape, ack) in
        [("star", "async"), ("chain", "sync"), ("tree", "quorum"), ("ring", "async")]
    {
        let recording = run(&format!(
            r#"
            until = "6s"
            cluster = {{ topology = "{shape}", nodes = 7, ack = "{ack}", keepalive = "50ms" }}
            network = {{ loss = 0.2, duplicate = 0.2, reorder = 0.2 }}
            client = [{{ id = "app" }}]
            at = [
                {{ time = "10ms", write = {{ client = "app", key = "x", value = 7 }} }},
                {{ time = "1900ms", read = {{ client = "app", key = "x", to = "n7" }} }},
                {{ time = "2s", delete = {{ client = "app", key = "x" }} }},
            ]
            "#
        ));
        let world = recording.head();
        let read = world.ledger.ops.get(1).expect("it was booked");
        assert!(read.found.is_some(), "{shape}: the last server had the row");
        for node in &world.nodes {
            let mut rows = node.disk.store.iter();
            let row = rows.next().expect("the key was written there");
            assert_eq!(row.1.value(), None, "{} of a {shape} still has it", node.id);
            assert_eq!(row.1.version, 2);
        }
    }
}
