//! Three lags (SEMANTICS A4, A5.11, I46) and the delayed replica (I50): what is true, what servers
//! say of themselves, and where the two part.

#![cfg(not(target_arch = "wasm32"))]

use replication::base::{NodeId, SimTime};
use replication::check::generator::generate;
use replication::check::report;
use replication::data::Value;
use replication::node::Fact;
use replication::recording::{Builtin, Recording, read_scenario};
use replication::sim::{Behind, behind, behind_source_us};

fn recording(text: &str) -> Recording {
    Recording::new(read_scenario(text).unwrap_or_else(|error| panic!("{error}\n{text}")))
}

fn builtin(name: &str) -> Recording {
    let scenario = Builtin::find(name).expect("it comes with the program").scenario();
    Recording::new(scenario.expect("a good file"))
}

fn lag(recording: &mut Recording, node: usize, t: SimTime) -> Behind {
    let world = recording.at(t);
    behind(world, &world.nodes[node - 1], t)
}

/// What MySQL would say at each whole second.
fn seconds(recording: &mut Recording, node: usize, at: &[u64]) -> Vec<Option<u64>> {
    at.iter().map(|s| lag(recording, node, s * 1_000_000).seconds_behind).collect()
}

#[test]
fn a_frozen_primary_leaves_zero_seconds_behind() {
    // A4.2: nothing arrives, and all that has arrived is applied.
    let mut run = recording(
        r#"
        until = "10s"
        cluster = { nodes = 2, ack = "async" }
        client = [{ id = "a" }]
        workload = [{ client = "a", rate = "50/s", arrivals = "steady", keys = 1, until = "2s" }]
        at = [{ time = "3s", pause = "n1" }, { time = "6s", resume = "n1" }]
        "#,
    );
    assert_eq!(seconds(&mut run, 2, &[1, 3, 4, 5, 6, 7]), [Some(0); 6]);
    assert_eq!(lag(&mut run, 1, 1_000_000).seconds_behind, None, "a primary follows nobody");
}

#[test]
fn behind_a_cut_the_first_tier_says_null_and_the_second_zero_while_both_grow_old() {
    let mut run = builtin("seconds-behind-lies");
    // The link is cut at 2 s; n2 believes in it for two keepalives of 500 ms.
    assert_eq!(seconds(&mut run, 2, &[1, 2]), [Some(0); 2]);
    assert_eq!(lag(&mut run, 2, 2_990_000).seconds_behind, Some(0), "not patient for long enough");
    assert_eq!(seconds(&mut run, 2, &[3, 4, 5]), [None; 3]);
    assert_eq!(seconds(&mut run, 3, &[1, 2, 3, 4, 5]), [Some(0); 5], "and n3 says 0");
    for node in [2, 3] {
        let truth = lag(&mut run, node, 5_000_000);
        assert!((2_900_000..3_060_000).contains(&truth.staleness_us), "n{node}: {truth:?}");
        assert!((58..=61).contains(&truth.entries), "20 a second for 3 s: {truth:?}");
        assert!(truth.bytes >= 245 * truth.entries, "an entry is 245 bytes and a row: {truth:?}");
        assert_eq!((truth.parts.ship, truth.parts.queue), (truth.entries, 0), "on no disk here");
    }
    let healed = lag(&mut run, 3, 6_500_000);
    assert!(healed.entries <= 1 && healed.seconds_behind == Some(0), "{healed:?}");
    // Frozen: everything it has written is here, so nobody is behind, and nobody says so.
    assert_eq!(seconds(&mut run, 2, &[8]), [Some(0)]);
    run.finish();
    let read = run.head().ledger.ops.iter().find(|op| !op.is_write()).expect("bob reads");
    assert!(read.staleness.us > 2_900_000, "old data from a server that says 0: {read:?}");
    let report = report(&run);
    assert_eq!(report.nodes["n3"].lag.entries, 0);
    assert_eq!(report.nodes["n1"].lag.seconds_behind, None);
}

#[test]
fn a_slow_statement_makes_a_sawtooth() {
    // A4.3: 0 until it arrives, then 0, 1, 2, 3 while it is applied for four seconds, then 0.
    let mut run = recording(
        r#"
        until = "8s"
        cluster = { nodes = 2, ack = "async" }
        node = [{ id = "n2", apply_delay = "4s" }]
        client = [{ id = "a", latency = "0ms" }]
        at = [{ time = "1s", write = { client = "a", key = "x", value = 1 } }]
        "#,
    );
    let sampled: Vec<u64> = (0..8)
        .map(|s| lag(&mut run, 2, s * 1_000_000 + 500_000))
        .map(|lag| lag.seconds_behind.expect("it runs"))
        .collect();
    assert_eq!(sampled, [0, 0, 1, 2, 3, 0, 0, 0]);
    assert_eq!(lag(&mut run, 2, 1_005_000).seconds_behind, Some(0), "on its way");
    let under_way = lag(&mut run, 2, 1_005_000).parts;
    let applied = lag(&mut run, 2, 3_000_000).parts;
    assert_eq!((under_way.ship, under_way.queue, under_way.apply), (1, 0, 0));
    assert_eq!((applied.ship, applied.queue, applied.apply), (0, 0, 1));
}

#[test]
fn a_delayed_replica_counts_up_to_its_delay() {
    // A4.4: deliberate delay counts as lag.
    let mut run = recording(
        r#"
        until = "8s"
        cluster = { nodes = 2, ack = "async" }
        node = [{ id = "n2", apply_after = "5s" }]
        client = [{ id = "a", latency = "0ms" }]
        at = [{ time = "400ms", write = { client = "a", key = "x", value = 1 } }]
        "#,
    );
    let sampled: Vec<u64> = (1..8)
        .map(|s| lag(&mut run, 2, s * 1_000_000 + 500_000))
        .map(|lag| lag.seconds_behind.expect("it runs"))
        .collect();
    assert_eq!(sampled, [1, 2, 3, 4, 0, 0, 0]);
    assert_eq!(lag(&mut run, 2, 3_000_000).parts.queue, 1);
    let applied = run.at(5_400_000).nodes[1].disk.applied.len();
    assert_eq!((applied, run.at(5_400_200).nodes[1].disk.applied.len()), (0, 1), "5 s and 200 us");
}

#[test]
fn the_time_since_the_last_replay_grows_while_nothing_is_written() {
    // A5.11, E10: idle looks like lag; and a write resets it however far behind the server is.
    let mut run = recording(
        r#"
        until = "10s"
        cluster = { nodes = 2, ack = "async" }
        client = [{ id = "a" }]
        at = [{ time = "1s", write = { client = "a", key = "x", value = 1 } }]
        "#,
    );
    assert_eq!(lag(&mut run, 2, 900_000).since_last_replay_us, None, "nothing was ever replayed");
    let idle = lag(&mut run, 2, 7_000_000);
    assert_eq!((idle.entries, idle.staleness_us, idle.seconds_behind), (0, 0, Some(0)));
    assert_eq!(idle.since_last_replay_us, Some(5_999_000), "written 1 ms after it was sent");
    assert_eq!(lag(&mut run, 1, 7_000_000).since_last_replay_us, None, "a primary replays nothing");
}

#[test]
fn a_crashed_source_a_crash_and_a_pause_are_null_at_once() {
    let mut run = recording(
        r#"
        until = "9s"
        cluster = { topology = "chain", nodes = 3, ack = "async" }
        at = [{ time = "1s", pause = "n2" }, { time = "2s", resume = "n2" },
              { time = "3s", crash = "n2" }, { time = "5s", restart = "n2" },
              { time = "6s", cut = { from = "n3", to = "n2" } },
              { time = "8500ms", heal = true }]
        "#,
    );
    let said = |run: &mut Recording, node| {
        [500, 1_500, 2_500, 3_500, 5_500, 7_500, 8_500, 8_600]
            .map(|ms| lag(run, node, ms * 1_000).seconds_behind)
    };
    let (null, zero) = (None, Some(0));
    assert_eq!(said(&mut run, 2), [zero, null, zero, null, zero, zero, zero, zero]);
    assert_eq!(said(&mut run, 3), [zero, zero, zero, null, zero, zero, zero, zero]);
    assert_eq!(lag(&mut run, 3, 8_100_000).seconds_behind, null, "deaf for two keepalives of 1 s");
}

#[test]
fn zero_seconds_behind_does_not_mean_nothing_is_missing() {
    // I46. N: among random runs there are moments at which a server says 0 and lacks entries, for
    // seconds on end. P: at no moment does one that lacks no entry show old data; that is held at
    // every step of every random run by an invariant, and here once more from outside.
    let (mut lies, mut honest) = (0, 0);
    for seed in 0..60 {
        let mut run = Recording::new(generate(seed));
        run.finish();
        for t in (0..4_000_000).step_by(97_000) {
            let world = run.at(t);
            for node in &world.nodes {
                let Behind { entries, staleness_us, seconds_behind, .. } = behind(world, node, t);
                let us = behind_source_us(world, node, t);
                assert_eq!(us.map(|us| us / 1_000_000), seconds_behind);
                lies += u64::from(us == Some(0) && entries > 0 && staleness_us > 1_000_000);
                honest += u64::from(us.is_some_and(|us| us > 0));
            }
        }
    }
    assert!(lies > 50, "{lies} lies of more than a second");
    assert!(honest > 100, "{honest} times it said something");
}

#[test]
fn a_deleted_row_is_gone_everywhere_but_on_the_delayed_replica_within_its_delay() {
    // I50, E17.
    let mut run = builtin("a-delayed-replica-is-a-backup");
    run.finish();
    let ops: Vec<_> = run.head().ledger.ops.iter().filter(|op| !op.is_write()).cloned().collect();
    let [n1, n2, within, after] = ops.as_slice() else { panic!("four reads") };
    assert_eq!((&n1.found, &n2.found), (&None, &None), "the delete replicates");
    assert_eq!(within.found, Some(Value::from("all of them")), "the delay is the backup");
    assert_eq!(after.found, None, "and no longer than that");
    assert_eq!(lag(&mut run, 3, 6_000_000).seconds_behind, Some(2), "what it says is its delay");
}

#[test]
fn who_is_promoted_or_dialled_to_no_delay_applies_all_it_has() {
    let run = |command: &str| {
        recording(&format!(
            r#"
            until = "6s"
            cluster = {{ nodes = 3, ack = "async", apply_delay = "0ms" }}
            node = [{{ id = "n3", apply_after = "1m" }}]
            client = [{{ id = "a" }}]
            at = [
                {{ time = "1s", write = {{ client = "a", key = "x", value = 1 }} }},
                {{ time = "2s", write = {{ client = "a", key = "x", value = 2 }} }},
                {{ time = "3s", {command} }},
            ]
            "#
        ))
    };
    for command in ["promote = \"n3\"", "set = { node = \"n3\", apply_after = \"0ms\" }"] {
        let mut run = run(command);
        let applied = |run: &mut Recording, t| run.at(t).nodes[2].disk.applied.len();
        assert_eq!((applied(&mut run, 2_999_999), applied(&mut run, 3_000_000)), (0, 2));
    }
    let mut shorter = run("set = { node = \"n3\", apply_after = \"1500ms\" }");
    let applied = |run: &mut Recording, t| run.at(t).nodes[2].disk.applied.len();
    assert_eq!(applied(&mut shorter, 3_000_000), 1, "of 1 s; that of 2 s is due at 3.501 s");
    assert_eq!((applied(&mut shorter, 3_500_999), applied(&mut shorter, 3_501_000)), (1, 2));
    let facts = shorter.trace().since(0).filter(|(_, record)| {
        record.place == NodeId(2).into() && matches!(record.fact, Fact::Applied { .. })
    });
    assert_eq!(facts.count(), 2, "once each");
}

#[test]
fn an_elected_server_does_not_sit_out_its_delay() {
    let run = recording(
        r#"
        until = "6s"
        cluster = { nodes = 3, ack = "quorum",
            failover = { heartbeat = "100ms", timeout = "500ms" } }
        node = [{ id = "n2", apply_after = "1m" }, { id = "n3", apply_after = "1m" }]
        client = [{ id = "a" }]
        at = [
            { time = "1s", write = { client = "a", key = "x", value = 1 } },
            { time = "2s", crash = "n1" },
        ]
        "#,
    );
    let mut run = run;
    run.finish();
    let leader = run.head().primary().expect("one is elected");
    assert!(leader.id != NodeId(0) && leader.disk.applied.len() == 1);
}
