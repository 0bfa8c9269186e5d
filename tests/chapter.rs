//! The chapter's code as modes: each fault is counted, and its absence beside it, where the same
//! scenario runs on the engine under the right rule.

#![cfg(not(target_arch = "wasm32"))]

use replication::base::{NodeId, OpId, Span};
use replication::check::{Report, report, vopr};
use replication::data::Value;
use replication::node::{Fact, Reason, Told};
use replication::policy::{Code, Failover, Preset};
use replication::recording::{Builtin, Recording, read_scenario};
use replication::sim::{Command, Outcome, Scenario};

fn builtin(name: &str) -> Scenario {
    let builtin = Builtin::find(name).unwrap_or_else(|| panic!("there is no {name}"));
    builtin.scenario().unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn run(scenario: &Scenario) -> (Recording, Report) {
    let mut recording = Recording::new(scenario.clone());
    recording.finish();
    let report = report(&recording);
    (recording, report)
}

/// The same on the engine, under a rule of ours.
fn beside(mut scenario: Scenario, preset: Preset) -> Scenario {
    scenario.cluster.code = None;
    scenario.cluster.failover = scenario.cluster.failover.map(|_| Failover::default());
    scenario.cluster.ack = preset.ack();
    scenario
}

fn count(recording: &Recording, is: impl Fn(&Fact) -> bool) -> usize {
    recording.trace().since(0).filter(|(_, record)| is(&record.fact)).count()
}

fn commit_latencies(recording: &Recording) -> Vec<u64> {
    let told = recording.trace().since(0).filter_map(|(_, record)| match record.fact {
        Fact::Committed { accepted_at, .. } => Some(record.at - accepted_at),
        _ => None,
    });
    told.collect()
}

fn targets(recording: &Recording) -> Vec<NodeId> {
    let reads = recording.head().ledger.ops.iter().filter(|op| !op.is_write());
    reads.filter_map(|op| op.target).collect()
}

#[test]
fn simple_master_adds_up_its_slaves_and_forgets_the_one_that_was_down() {
    let scenario = builtin("chapter-simple-master");
    let (recording, told) = run(&scenario);
    // Three calls of 100 ms; of n3 the second time only its silence, which is 200 ms here.
    assert_eq!(commit_latencies(&recording), [300_000, 400_000]);
    assert_eq!((told.converged, told.divergent_keys.len()), (false, 1));
    assert_eq!(told.nodes["n3"].rows["email"], Value::from("old@example.com"));
    assert_eq!(told.nodes["n4"].rows["email"], Value::from("new@example.com"));
    // E18: round robin, it says, and always the first.
    assert_eq!(targets(&recording), [NodeId(1); 4]);

    let (recording, told) = run(&beside(scenario, Preset::Async));
    assert_eq!(commit_latencies(&recording), [0, 0]);
    assert!(told.converged && told.divergent_keys.is_empty());
    assert_eq!(targets(&recording), [0, 1, 2, 3].map(NodeId));
}

#[test]
fn a_thread_for_every_event_leaves_an_older_value_for_ever() {
    // I10: found within the first five seeds, and in most of them.
    let scenario = builtin("chapter-async-keeps-no-order");
    let stale = |scenario: &Scenario| -> Vec<u64> {
        let of = |seed| {
            let (_, told) = run(&Scenario { seed, ..scenario.clone() });
            let last = Value::Number(5);
            told.nodes.values().filter(|node| node.rows["price"] != last).count() as u64
        };
        (0..20).map(of).collect()
    };
    let found = stale(&scenario);
    assert!(found.iter().take(5).any(|stale| *stale > 0), "{found:?}");
    assert!(found.iter().filter(|stale| **stale > 0).count() > 15, "{found:?}");
    assert_eq!(stale(&beside(scenario.clone(), Preset::Async)), [0; 20]);
    // For ever: an hour later it is the same, and get_lag only says how long nothing happened.
    let late = Scenario { until: Span::s(3_600), ..scenario };
    let (_, told) = run(&late);
    assert!(!told.converged && told.nodes["n2"].chapter_lag_us > Some(3_590_000_000));
}

#[test]
fn semi_sync_as_written_waits_for_the_farthest_and_for_everybody_before() {
    let scenario = builtin("chapter-semi-sync-waits-for-all");
    let (recording, _) = run(&scenario);
    // Two calls of 10 + 2 x 5 ms and one of 10 + 2 x 120 ms; the second write waits for the lock.
    assert_eq!(commit_latencies(&recording), [290_000, 580_000]);
    let (recording, _) = run(&beside(scenario.clone(), Preset::SemiSync));
    assert_eq!(commit_latencies(&recording), [10_000, 10_000]);
    // It is even slower than waiting for all: that takes the longest way, once.
    let (recording, _) = run(&beside(scenario, Preset::Sync));
    assert_eq!(commit_latencies(&recording), [240_000, 240_000]);
}

#[test]
fn sync_as_written_says_no_to_what_it_has_done() {
    let scenario = builtin("chapter-sync-says-no");
    let (recording, told) = run(&scenario);
    assert_eq!((told.writes.refused, told.writes.refused_yet_there), (1, 1));
    let op = |number| recording.head().ledger.op(OpId(number)).expect("it was sent");
    assert_eq!(op(1).refusal(), Some(Reason::Unreplicated));
    assert_eq!(op(2).found, Some(Value::Number(100)), "a read finds what was refused");
    // E8: what every run is held against finds it.
    let broken = vopr::check(&scenario).expect_err("a client is told no, and the write is there");
    assert_eq!(broken.number, "I19", "{broken}");

    let right = beside(scenario, Preset::Sync);
    let (recording, told) = run(&right);
    assert_eq!((told.writes.refused, told.writes.refused_yet_there), (0, 0));
    let op = |number| recording.head().ledger.op(OpId(number)).expect("it was sent");
    assert!(matches!(op(1).outcome, Outcome::Told(Told::Ok, at) if at > 4_000_000), "it waits");
    vopr::check(&right).expect("the engine holds to all");
}

#[test]
fn the_failover_manager_notices_nothing_and_fences_nobody() {
    let scenario = builtin("chapter-failover-fences-nobody");
    let (mut recording, told) = run(&scenario);
    // E16: the check cannot fail, so nobody leads for three seconds.
    assert_eq!(count(&recording, |fact| *fact == Fact::FoundHealthy), 8);
    assert_eq!((told.writes.timed_out, told.writes.acknowledged), (1, 2));
    // The new master has no slaves, and by default wants an answer from one.
    assert_eq!((told.writes.refused, told.writes.refused_yet_there), (1, 1));
    let leads = |recording: &Recording| {
        let primaries = recording.head().nodes.iter().filter(|node| node.is_primary());
        primaries.map(|node| node.id).collect::<Vec<_>>()
    };
    assert_eq!(leads(&recording), [NodeId(0), NodeId(1)]);
    assert_eq!(told.writes.lost_acknowledged, 1, "n1 said ok");
    let age = |name: &str| told.nodes[name].rows["age"].clone();
    assert_eq!(["n1", "n2", "n3", "n4"].map(age), [25, 30, 25, 25].map(Value::Number));
    // Its events count from 1 again.
    let own = recording.at(5_000_000).nodes[1].disk.log.gtids().to_string();
    assert_eq!(own, "n1:1,n2:1");

    let mut right = beside(scenario, Preset::SemiSync);
    right.at.retain(|stamped| !matches!(stamped.command, Command::Promote(_)));
    let (recording, told) = run(&right);
    assert_eq!((leads(&recording).len(), told.writes.lost_acknowledged), (1, 0));
    let [failover] = told.failovers.as_slice() else { panic!("one failover") };
    assert!(failover.promoted_at_us < 4_000_000, "by themselves");
    assert!(told.converged);
}

#[test]
fn get_lag_measures_idleness() {
    // E10: six idle seconds are six seconds of lag, and a busy replica far behind has none.
    let text = r#"
        until = "10s"
        cluster = { nodes = 3 }
        client = [{ id = "app" }]
        node = [{ id = "n3", apply_delay = "100ms" }]
        workload = [{ client = "app", rate = "50/s", until = "4s" }]"#;
    let scenario = read_scenario(text).expect("a good file");
    let (recording, told) = run(&scenario);
    let lag = |name: &str| told.nodes[name].chapter_lag_us.unwrap_or_default();
    let missing = |node: usize| {
        let nodes = &recording.head().nodes;
        nodes[0].disk.applied.count_missing_from(&nodes[node].disk.applied)
    };
    assert!(missing(1) == 0 && lag("n2") > 5_900_000, "caught up, and {} us behind", lag("n2"));
    assert!(missing(2) > 80 && lag("n3") < 100_000, "{} entries, {} us", missing(2), lag("n3"));
    assert_eq!(told.nodes["n1"].chapter_lag_us, None);
}

#[test]
fn the_chapters_code_is_refused_what_it_does_not_have() {
    let refused = |cluster: &str| {
        let text = format!("cluster = {{ {cluster} }}");
        let error = read_scenario(&text).expect_err(&text);
        (error.path, error.message)
    };
    let (path, message) = refused(r#"code = "production-sync", ack = "quorum""#);
    assert_eq!(path, "cluster.ack");
    assert!(message.contains("decides by itself"), "{message}");
    assert_eq!(refused(r#"code = "simple-master", topology = "chain""#).0, "cluster.code");
    assert_eq!(refused(r#"code = "simple-master", failover = {}"#).0, "cluster.failover");
    assert_eq!(refused("failover = { as_written = true }").0, "cluster.failover.as_written");
    assert_eq!(refused(r#"code = "simple""#).0, "cluster.code");
}

#[test]
fn the_chapters_code_keeps_its_master_and_its_slaves() {
    let rearranging = [
        ("add-node", "true"),
        ("remove-node", r#""n2""#),
        ("repoint", r#"{ node = "n2", source = "n3" }"#),
        ("rebalance", "true"),
        ("reseed", r#""n2""#),
    ];
    for (name, what) in rearranging {
        let text = |cluster: &str| {
            format!(
                "until = \"2s\"\ncluster = {{ nodes = 3{cluster} }}\n\
                 at = [{{ time = \"1s\", {name} = {what} }}]"
            )
        };
        let error = read_scenario(&text(r#", code = "simple-master""#)).expect_err(name);
        assert_eq!(error.path, format!("at[0].{name}"));
        // A command typed while it runs is refused all the same.
        let own = read_scenario(&text("")).expect("the engine can");
        let mut scenario = own.clone();
        scenario.at.clear();
        scenario.cluster.code = Some(Code::SimpleMaster);
        let mut recording = Recording::new(scenario);
        recording.issue(1_000_000, own.at[0].command.clone());
        recording.finish();
        let refused = Fact::CommandRefused(Reason::AsWritten);
        assert_eq!(count(&recording, |fact| *fact == refused), 1, "{name}");
    }
}
