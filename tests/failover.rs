//! Automatic failover: who is elected, what is lost, what a split brain leaves, and how long it
//! takes. Laws over many seeds; the built-in scenarios are looked at in `builtin.rs`.

#![cfg(not(target_arch = "wasm32"))]

use replication::base::{Luck, NodeId, Purpose, SimTime, scaled};
use replication::check::{Report, report};
use replication::node::{Fact, Reason, Told};
use replication::recording::{Recording, read_scenario};
use replication::sim::{Outcome, Record};

fn run(text: &str) -> Recording {
    let scenario = read_scenario(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let mut recording = Recording::new(scenario);
    recording.finish();
    recording
}

fn records(recording: &Recording) -> impl Iterator<Item = Record> + '_ {
    recording.trace().since(0).map(|(_, record)| record)
}

fn count(recording: &Recording, is: impl Fn(&Fact) -> bool) -> usize {
    records(recording).filter(|record| is(&record.fact)).count()
}

fn leads(recording: &Recording) -> Vec<NodeId> {
    let primaries = recording.head().nodes.iter().filter(|node| node.is_primary());
    primaries.map(|node| node.id).collect()
}

/// A primary under load dies; its log leaves it late, and some of it is lost on the way.
/// `failover` is the rule, `ack` the ack rule.
fn a_death(seed: u64, ack: &str, failover: &str) -> Report {
    report(&run(&format!(
        r#"
        seed = {seed}
        until = "4s"
        cluster.nodes = 5
        cluster.ack = {ack}
        cluster.ship_delay = "5ms"
        cluster.failover = {{ heartbeat = "50ms", timeout = "300ms", {failover} }}
        network = {{ latency = {{ min = "2ms", max = "20ms" }}, loss = 0.1 }}
        client = [{{ id = "alice" }}]
        workload = [{{ client = "alice", rate = "200/s", until = "2s" }}]
        at = [{{ time = "1s", crash = "n1" }}]
        "#
    )))
}

#[test]
fn any_survivor_loses_what_the_most_advanced_one_keeps() {
    // I12 and its cure: a semi-sync write is on one replica, and only the right promotion finds it.
    let ack = r#"{ count = 1, point = "received", on_timeout = "wait" }"#;
    let lost = |rule: &str| -> Vec<u64> {
        (0..12).map(|seed| a_death(seed, ack, rule).writes.lost_acknowledged).collect()
    };
    assert_eq!(lost(r#"candidate = "most-advanced""#), [0; 12]);
    assert!(lost(r#"candidate = "any""#).iter().any(|lost| *lost > 0));
}

#[test]
fn async_loses_acknowledged_writes_even_to_the_most_advanced() {
    let lost = (0..12).map(|seed| a_death(seed, "\"async\"", "").writes.lost_acknowledged);
    assert!(lost.filter(|lost| *lost > 0).count() > 3);
}

#[test]
fn detection_takes_the_timeout_less_half_a_heartbeat() {
    // C.9: the crash falls anywhere between two heartbeats, and the last one was heard a latency
    // after it left.
    let (heartbeat, timeout, latency) = (100_000, 400_000, 5_000);
    let detect = |seed: u64| -> SimTime {
        let luck = Luck(seed).draw(Purpose::Generator, 9, 0);
        let crash = 1_000_000 + scaled(luck, heartbeat);
        let recording = run(&format!(
            r#"
            seed = {seed}
            until = "6s"
            cluster.nodes = 3
            cluster.failover = {{ heartbeat = "{heartbeat}us", timeout = "{timeout}us" }}
            network = {{ latency = "{latency}us" }}
            at = [{{ time = "{crash}us", crash = "n1" }}]
            "#
        ));
        let failovers = report(&recording).failovers;
        failovers[0].detected_at_us.expect("servers detected it") - crash
    };
    let runs = 400;
    let mean = (0..runs).map(detect).sum::<u64>() / runs;
    // Uniform over a heartbeat: standard error 28.9 ms / 20 = 1.4 ms; four of them.
    let expected = timeout - heartbeat / 2 + latency;
    assert!(mean.abs_diff(expected) < 6_000, "{mean} against {expected}");
}

/// Two sides of five servers, cut for four seconds; a client on each side writes throughout.
fn a_split(failover: &str, ack: &str) -> Recording {
    run(&format!(
        r#"
        until = "9s"
        cluster.nodes = 5
        cluster.ack = {ack}
        cluster.failover = {{ heartbeat = "100ms", timeout = "500ms", {failover} }}
        client = [{{ id = "alice", home = "n1" }}, {{ id = "bob", home = "n4" }}]
        workload = [
            {{ client = "alice", rate = "20/s", keys = 300, until = "5s" }},
            {{ client = "bob", rate = "20/s", keys = 300, until = "5s" }},
        ]
        at = [
            {{ time = "1s", partition = {{ groups = [["n1", "n2"], ["n3", "n4", "n5"]] }} }},
            {{ time = "5s", heal = true }},
        ]
        "#
    ))
}

/// Writes that n1 acknowledged after the other side had a primary.
fn acknowledged_by_the_old_primary(recording: &Recording) -> usize {
    let mut promoted = false;
    let mut count = 0;
    for record in records(recording) {
        promoted |= matches!(record.fact, Fact::Promoted(_));
        let committed = matches!(record.fact, Fact::Committed { .. });
        count += usize::from(promoted && committed && record.place.node() == Some(NodeId(0)));
    }
    count
}

#[test]
fn without_a_quorum_two_primaries_acknowledge_and_with_one_the_old_one_stops() {
    let open = a_split("quorum = false", "\"async\"");
    assert!(acknowledged_by_the_old_primary(&open) > 20);
    let strict = a_split("quorum = true", "\"async\"");
    assert_eq!(acknowledged_by_the_old_primary(&strict), 0);
    let stopped = |op: &&replication::sim::Op| op.refusal() == Some(Reason::NoMajority);
    assert!(strict.head().ledger.ops.iter().filter(stopped).count() > 0, "and says so");
    // I23: what it acknowledged between the cut and its stopping is rolled back, and listed.
    assert!(report(&strict).writes.lost_acknowledged > 0);
}

#[test]
fn a_minority_side_acknowledges_no_majority_write() {
    let recording = a_split("quorum = true", "\"quorum\"");
    let cut_at = 1_000_000;
    let of_n1 = |record: &Record| record.place.node() == Some(NodeId(0));
    let late = records(&recording).filter(of_n1).filter(|record| record.at > cut_at + 20_000);
    let committed = |record: &Record| matches!(record.fact, Fact::Committed { .. });
    assert_eq!(late.filter(committed).count(), 0);
    assert_eq!(report(&recording).writes.lost_acknowledged, 0);
}

#[test]
fn a_returning_primary_rewinds_starts_over_or_keeps_what_nobody_else_has() {
    let split =
        |rejoin: &str| a_split(&format!("quorum = false, rejoin = \"{rejoin}\""), "\"async\"");
    let seeded = |recording: &Recording, by_rewind: bool| {
        count(
            recording,
            |fact| matches!(fact, Fact::Seeded { rewound, .. } if *rewound == by_rewind),
        )
    };
    let (rewind, discard, keep) = (split("rewind"), split("discard"), split("keep"));
    assert!(seeded(&rewind, true) > 0 && seeded(&rewind, false) == 0);
    assert!(seeded(&discard, false) > 0 && seeded(&discard, true) == 0);
    assert_eq!(seeded(&keep, false) + seeded(&keep, true), 0);
    for healed in [&rewind, &discard] {
        let report = report(healed);
        assert!(report.converged && report.writes.discarded > 0);
        assert_eq!(leads(healed).len(), 1);
    }
    assert_eq!(rewind.head().nodes[0].disk.store, discard.head().nodes[0].disk.store);
    let surplus = &keep.head().nodes[0].disk.log;
    assert!(surplus.gtids().count_missing_from(keep.head().nodes[2].disk.log.gtids()) > 0);
    // A copy moves every row, a rewind only those that differ.
    assert!(report(&rewind).bytes.log < report(&discard).bytes.log);
}

#[test]
fn without_fencing_both_primaries_go_on_after_the_cut_is_healed() {
    let recording = a_split("quorum = false, fencing = false", "\"async\"");
    assert_eq!(leads(&recording).len(), 2);
    assert!(!report(&recording).converged);
}

#[test]
fn an_even_split_and_a_pair_elect_nobody() {
    for (nodes, groups) in [(4, r#"[["n1", "n2"], ["n3", "n4"]]"#), (2, r#"[["n1"], ["n2"]]"#)] {
        let recording = run(&format!(
            r#"
            until = "20s"
            cluster = {{ nodes = {nodes}, failover = {{ heartbeat = "100ms", timeout = "500ms" }} }}
            client = [{{ id = "alice" }}]
            at = [
                {{ time = "1s", partition = {{ groups = {groups} }} }},
                {{ time = "4s", write = {{ client = "alice", key = "x", value = 1 }} }},
                {{ time = "15s", heal = true }},
                {{ time = "17s", write = {{ client = "alice", key = "x", value = 2 }} }},
            ]
            "#
        ));
        assert_eq!(count(&recording, |fact| matches!(fact, Fact::Promoted(_))), 0);
        let told: Vec<Outcome> = recording.head().ledger.ops.iter().map(|op| op.outcome).collect();
        assert!(matches!(told[0], Outcome::Told(Told::Refused(Reason::NoMajority), _)));
        assert!(matches!(told[1], Outcome::Told(Told::Ok, _)), "healed, it goes on: {told:?}");
        assert_eq!(recording.head().epoch, 1);
    }
}

#[test]
fn a_server_cut_off_alone_deposes_nobody_when_it_comes_back() {
    let recording = run(r#"
        until = "20s"
        cluster = { nodes = 3, failover = { heartbeat = "100ms", timeout = "500ms" } }
        at = [
            { time = "1s", partition = { groups = [["n3"]] } },
            { time = "15s", heal = true },
        ]
        "#);
    assert!(count(&recording, |fact| matches!(fact, Fact::Canvassed(_))) > 10);
    assert_eq!(count(&recording, |fact| matches!(fact, Fact::SteppedDown(_))), 0);
    assert_eq!(recording.head().epoch, 1);
    assert!(recording.head().nodes.iter().all(|node| node.promised() == 1));
}

#[test]
fn the_time_without_a_primary_is_detect_elect_and_drain() {
    for seed in 0..20 {
        let report = a_death(seed, "\"async\"", "");
        let [failover] = report.failovers.as_slice() else { panic!("seed {seed}: one failover") };
        let detected = failover.detected_at_us.expect("by the servers");
        let elected = failover.elected_at_us.expect("by the servers");
        assert!(1_000_000 < detected && detected <= elected);
        assert!(elected <= failover.promoted_at_us);
        assert!(failover.promoted_at_us < failover.repointed_at_us);
        assert_eq!(report.rto_us, Some(failover.promoted_at_us - 1_000_000));
        assert!(failover.from == "n1" && failover.epoch > 1);
    }
}
