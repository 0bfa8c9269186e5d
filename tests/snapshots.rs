//! MVCC: what a snapshot shows on whatever server, what it does not, and what vacuum takes.

#![cfg(not(target_arch = "wasm32"))]

use replication::base::{KeyId, NodeId, OpId, Span};
use replication::check::report;
use replication::data::Value;
use replication::node::{Fact, Reason, Told};
use replication::recording::{Builtin, Recording, read_scenario};
use replication::sim::{Op, Outcome};

fn run(text: &str) -> Recording {
    let scenario = read_scenario(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let mut recording = Recording::new(scenario);
    recording.finish();
    recording
}

fn builtin(name: &str) -> Recording {
    let scenario = Builtin::find(name).expect("it comes with the program").scenario();
    let mut recording = Recording::new(scenario.expect("a good file"));
    recording.finish();
    recording
}

fn refused(text: &str) -> String {
    read_scenario(text).expect_err("it makes no sense").to_string()
}

fn op(recording: &Recording, number: u32) -> &Op {
    recording.head().ledger.op(OpId(number)).expect("it was issued")
}

fn told(recording: &Recording, number: u32) -> Option<Told> {
    match op(recording, number).outcome {
        Outcome::Told(told, _) => Some(told),
        Outcome::Pending => None,
    }
}

/// Writers of pairs: left n, then right n, in that order of commit. Readers of pairs: right first
/// and left later, at any server, `read` being their rule. A right that is ahead of the left it is
/// read before was never so at any moment.
fn transfers(seed: u64, read: &str, ack: &str) -> Recording {
    let mut at = String::new();
    for nth in 1..=60 {
        let (ms, value) = (100 + 30 * nth, nth);
        at += &format!(
            "{{ time = \"{ms}ms\",
                write = {{ client = \"bank\", key = \"left\", value = {value} }} }},
             {{ time = \"{}ms\",
                write = {{ client = \"bank\", key = \"right\", value = {value} }} }},",
            ms + 10
        );
        let client = format!("c{nth}");
        at += &format!(
            "{{ time = \"{ms}ms\", read = {{ client = \"{client}\", key = \"left\" }} }},
             {{ time = \"{}ms\", read = {{ client = \"{client}\", key = \"right\" }} }},",
            ms + 150
        );
    }
    let clients: String = (1..=60)
        .map(|nth| {
            let home = 1 + nth % 5;
            format!("{{ id = \"c{nth}\", home = \"n{home}\", read = \"{read}\" }},")
        })
        .collect();
    // The bank's own way to n1 loses nothing.
    let links: String = [(1, 2), (1, 3), (2, 4), (2, 5)]
        .map(|(from, to)| {
            format!(
                "{{ from = \"n{from}\", to = \"n{to}\", both = true, loss = 0.1, reorder = 0.1 }},"
            )
        })
        .concat();
    run(&format!(
        r#"
        seed = {seed}
        until = "4s"
        cluster = {{ topology = "tree", nodes = 5, ack = "{ack}", isolation = "mvcc",
            keepalive = "100ms", apply_workers = 3, apply_delay = {{ mean = "25ms" }} }}
        network = {{ latency = {{ min = "2ms", max = "30ms" }}, link = [{links}] }}
        client = [{{ id = "bank" }}, {clients}]
        at = [{at}]
        "#
    ))
}

fn number(op: &Op) -> i64 {
    match op.found {
        Some(Value::Number(number)) => number,
        Some(Value::Text(_)) | None => 0,
    }
}

/// Pairs read in one go (of one snapshot, if any), how many of them were torn, and how many values
/// had been superseded when they were read.
fn pairs_torn_stale(recording: &Recording) -> [usize; 3] {
    let ledger = &recording.head().ledger;
    let reads: Vec<&Op> = ledger.ops.iter().filter(|op| !op.is_write() && answered(op)).collect();
    let torn = |left: &&Op| {
        let later = |op: &&&Op| op.client == left.client && op.sent_at > left.sent_at;
        // Who had no answer yet when he read again took a second snapshot.
        let right = reads.iter().find(later).filter(|right| right.stamp == left.stamp)?;
        Some(number(right) > number(left))
    };
    let pairs: Vec<bool> = reads.iter().filter_map(torn).collect();
    let stale = reads.iter().filter(|op| op.staleness.versions > 0).count();
    [pairs.len(), pairs.iter().filter(|torn| **torn).count(), stale]
}

fn answered(op: &Op) -> bool {
    matches!(op.outcome, Outcome::Told(Told::Value, _))
}

#[test]
fn one_snapshot_never_shows_the_second_write_without_the_first_on_any_server() {
    let (mut with, mut without) = ([0; 3], [0; 3]);
    for seed in 0..25 {
        for ack in ["async", "semi-sync", "quorum"] {
            let found = |read| pairs_torn_stale(&transfers(seed, read, ack));
            with.iter_mut().zip(found("snapshot")).for_each(|(sum, count)| *sum += count);
            without.iter_mut().zip(found("any")).for_each(|(sum, count)| *sum += count);
        }
    }
    let [pairs, torn, stale] = with;
    assert!(pairs > 2_000 && torn == 0, "{torn} of {pairs} torn: consistent");
    assert!(stale > 2_000, "{stale} snapshot reads were stale: not current");
    assert!(
        without[1] > 500,
        "{without:?}: without snapshots pairs are torn, so the test can fail"
    );
}

#[test]
fn a_snapshot_is_the_same_on_every_server_that_has_it() {
    let recording = transfers(7, "any", "semi-sync");
    let world = recording.head();
    let oldest = world.nodes.iter().filter_map(|node| world.newest_snapshot(node.id, world.now));
    let common = oldest.min().expect("every server keeps versions");
    assert!(common > 2_000_000, "all of it is there by the end: {common}");
    let mut shown = 0;
    for key in (0..2).map(KeyId) {
        for snapshot in (0..common).step_by(5_000) {
            let [first, rest @ ..] = world.nodes.as_slice() else { panic!("there are five") };
            let of = |node: &replication::node::Node| {
                node.disk.store.shown(key, snapshot).map(|entry| entry.gtid)
            };
            assert!(rest.iter().all(|node| of(node) == of(first)), "{key:?} as of {snapshot}");
            shown += u64::from(of(first).is_some());
        }
    }
    assert!(shown > 300, "{shown} moments show something");
}

#[test]
fn the_built_in_shows_torn_whole_waiting_hasty_and_too_old() {
    let recording = builtin("consistent-is-not-current");
    let [torn_left, whole_left] = [4, 5].map(|read| number(op(&recording, read)));
    let [torn_right, whole_right] = [8, 9].map(|read| number(op(&recording, read)));
    assert_eq!((torn_left, torn_right), (1, 2), "right ahead of left: no moment showed that");
    assert_eq!((whole_left, whole_right), (1, 1), "one moment");
    assert_eq!(op(&recording, 9).stamp, op(&recording, 5).stamp);
    assert_eq!(op(&recording, 9).staleness.versions, 2, "consistent, and not current");
    // The primary has the moment at once; n3 answers when it has applied all that came before it.
    assert_eq!((number(op(&recording, 10)), number(op(&recording, 11))), (3, 3));
    let Outcome::Told(Told::Value, at) = op(&recording, 11).outcome else { panic!("answered") };
    assert!(at > 2_811_000, "n3 has the last transfer by then: {at}");
    assert_eq!(told(&recording, 12), Some(Told::Refused(Reason::NotCaughtUp)));
    assert_eq!(told(&recording, 13), Some(Told::Refused(Reason::SnapshotTooOld)));
}

const THREE: &str = r#"
    until = "6s"
    client = [{ id = "a" }, { id = "b", read = "snapshot", home = "n2" }]
"#;

#[test]
fn a_transaction_ends_with_its_write_and_the_next_one_sees_more() {
    let recording = run(&format!(
        r#"{THREE}
        cluster = {{ nodes = 2, ack = "async", isolation = "mvcc", keepalive = "50ms" }}
        at = [
            {{ time = "1s", write = {{ client = "a", key = "x", value = 1 }} }},
            {{ time = "2s", read = {{ client = "b", key = "x", to = "n2" }} }},
            {{ time = "3s", write = {{ client = "a", key = "x", value = 2 }} }},
            {{ time = "4s", read = {{ client = "b", key = "x", to = "n1" }} }},
            {{ time = "4100ms", write = {{ client = "b", key = "y", value = 1 }} }},
            {{ time = "5s", read = {{ client = "b", key = "x", to = "n2" }} }},
        ]"#
    ));
    assert_eq!([1, 3, 5].map(|read| number(op(&recording, read))), [1, 1, 2]);
    assert_eq!(op(&recording, 1).stamp, op(&recording, 3).stamp);
    let guarantees = report(&recording).guarantees;
    assert_eq!(guarantees.monotonic_reads.count, 0);
}

#[test]
fn a_snapshot_may_not_show_the_clients_own_write_and_the_guarantees_say_so() {
    // b writes, and reads from n2, which applies it half a second later: its newest snapshot is of
    // before the write.
    let recording = run(&format!(
        r#"{THREE}
        cluster = {{ nodes = 2, ack = "async", isolation = "mvcc" }}
        node = [{{ id = "n2", apply_delay = "500ms" }}]
        at = [
            {{ time = "1s", write = {{ client = "b", key = "x", value = 1 }} }},
            {{ time = "1100ms", read = {{ client = "b", key = "x", to = "n2" }} }},
        ]"#
    ));
    assert_eq!((told(&recording, 1), number(op(&recording, 1))), (Some(Told::Value), 0));
    assert_eq!(report(&recording).guarantees.read_your_writes.count, 1);
}

#[test]
fn vacuum_takes_what_no_snapshot_needs_and_only_on_the_server_it_is_ordered_on() {
    let read = "read = { client = \"a\", key = \"x\", to = \"n2\",";
    let vacuum = |rule: &str, node: &str| {
        run(&format!(
            r#"{THREE}
            cluster = {{ nodes = 2, ack = "async", isolation = "mvcc", keepalive = "50ms" {rule} }}
            at = [
                {{ time = "1s", write = {{ client = "a", key = "x", value = 1 }} }},
                {{ time = "2s", write = {{ client = "a", key = "x", value = 2 }} }},
                {{ time = "3s", write = {{ client = "a", key = "x", value = 3 }} }},
                {{ time = "4050ms", vacuum = "{node}" }},
                {{ time = "4500ms", {read} at = "1500ms" }} }},
                {{ time = "4500ms", {read} at = "2600ms" }} }},
                {{ time = "4500ms", {read} at = "4100ms" }} }},
            ]"#
        ))
    };
    let all = |recording: &Recording| [3, 4, 5].map(|read| told(recording, read));
    let (value, old) = (Some(Told::Value), Some(Told::Refused(Reason::SnapshotTooOld)));
    let ordered = vacuum("", "n2");
    assert_eq!(all(&ordered), [old, old, value], "without a rule everything superseded goes");
    let removed = |recording: &Recording| {
        let mut records = recording.trace().since(0).map(|(_, record)| record.fact);
        records.find_map(|fact| match fact {
            Fact::Vacuumed { versions, .. } => Some(versions),
            _ => None,
        })
    };
    assert_eq!(removed(&ordered), Some(2));
    assert_eq!(all(&vacuum("", "n1")), [value; 3], "n2 keeps what n1 forgets");
    // The rule spares what snapshots of the last two seconds need, at 4.5 s those from 2.5 s on.
    let spared = vacuum(", vacuum = \"2s\"", "n2");
    assert_eq!(all(&spared), [old, value, value]);
    assert_eq!(removed(&spared), Some(1), "of 1 s; the version of 2 s is seen as of 2.6 s");
    assert_eq!(number(op(&spared, 4)), 2);
}

#[test]
fn without_vacuum_versions_stay_and_with_it_a_hot_key_keeps_the_last_seconds() {
    let versions = |cluster: &str| {
        let recording = run(&format!(
            r#"
            until = "5s"
            cluster = {{ nodes = 3, ack = "async", keepalive = "100ms" {cluster} }}
            client = [{{ id = "a" }}]
            workload = [{{ client = "a", rate = "100/s", arrivals = "steady", keys = 1 }}]
            "#
        ));
        let world = recording.head();
        let of = |node: &replication::node::Node| {
            node.disk.store.versions().map(|versions| versions.of(KeyId(0)).len())
        };
        world.nodes.iter().map(of).collect::<Vec<_>>()
    };
    let kept = |all: Vec<Option<usize>>| all.into_iter().map(Option::unwrap).collect::<Vec<_>>();
    assert_eq!(versions(""), [None; 3], "nothing is kept unless asked for");
    let whole = kept(versions(", isolation = \"mvcc\""));
    assert!(whole.iter().all(|kept| *kept > 480), "{whole:?}");
    let short = kept(versions(", isolation = \"mvcc\", vacuum = \"500ms\""));
    assert!(short.iter().all(|kept| (50..60).contains(kept)), "{short:?}");
}

#[test]
fn a_moment_of_the_future_is_waited_for_as_long_as_the_client_may_wait() {
    let recording = run(r#"
        until = "4s"
        cluster = { nodes = 2, ack = "async", isolation = "mvcc", keepalive = "50ms" }
        client = [{ id = "a", wait = "500ms", latency = "0ms" }]
        at = [
            { time = "500ms", write = { client = "a", key = "x", value = 1 } },
            { time = "1s", read = { client = "a", key = "x", to = "n1", at = "1400ms" } },
            { time = "1s", read = { client = "a", key = "x", to = "n1", at = "1600ms" } },
            { time = "1s", read = { client = "a", key = "x", to = "n2", at = "1300ms" } },
            { time = "1200ms", write = { client = "a", key = "x", value = 2 } },
        ]
        "#);
    let end = |number| match op(&recording, number).outcome {
        Outcome::Told(told, at) => (told, at),
        Outcome::Pending => panic!("{number} waits"),
    };
    assert_eq!(end(1), (Told::Value, 1_400_001), "a primary has a moment once it is over");
    assert_eq!(end(2), (Told::Refused(Reason::NotCaughtUp), 1_500_000));
    let (told, at) = end(3);
    assert_eq!(told, Told::Value);
    assert!((1_310_000..1_371_000).contains(&at), "n2 hears of it within a keepalive: {at}");
    assert_eq!([1, 3].map(|read| number(op(&recording, read))), [2, 2]);
}

#[test]
fn a_write_that_waits_for_acks_is_in_no_snapshot_of_its_primary() {
    let recording = run(r#"
        until = "4s"
        cluster = { nodes = 2, ack = "sync", isolation = "mvcc", keepalive = "50ms" }
        client = [{ id = "a" }, { id = "b", wait = "100ms" }, { id = "c", read = "snapshot" }]
        at = [
            { time = "1s", write = { client = "a", key = "x", value = 1 } },
            { time = "1500ms", pause = "n2" },
            { time = "2s", write = { client = "a", key = "x", value = 2 } },
            { time = "2500ms", read = { client = "c", key = "x", to = "n1" } },
            { time = "2500ms", read = { client = "b", key = "x", to = "n1", at = "2400ms" } },
            { time = "3s", resume = "n2" },
            { time = "3500ms", read = { client = "b", key = "x", to = "n1", at = "2400ms" } },
        ]
        "#);
    assert_eq!((number(op(&recording, 2)), op(&recording, 2).staleness.versions), (1, 0));
    assert_eq!(told(&recording, 3), Some(Told::Refused(Reason::NotCaughtUp)), "not decided yet");
    assert_eq!(number(op(&recording, 4)), 2, "decided, and since its own timestamp");
}

#[test]
fn commit_timestamps_of_one_burst_differ_so_that_a_moment_is_one_moment() {
    let recording = run(r#"
        until = "3s"
        cluster = { nodes = 2, ack = "async", isolation = "mvcc" }
        client = [{ id = "a" }]
        workload = [{ client = "a", rate = "100/s", arrivals = "bursts", keys = 3 }]
        "#);
    let world = recording.head();
    let stamps: Vec<_> = world.ledger.ops.iter().filter_map(|op| op.stamp).collect();
    assert!(stamps.len() > 100 && stamps.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn what_needs_versions_is_refused_where_none_are_kept_and_says_what_to_do() {
    let client = "client = [{ id = \"a\" }]\n";
    for (text, path) in [
        ("client = [{ id = \"a\", read = \"snapshot\" }]".to_string(), "client[0].read"),
        (
            format!(
                "{client}[[at]]\ntime = \"1s\"\n\
                 read = {{ client = \"a\", key = \"x\", at = \"0s\" }}"
            ),
            "at[0].read.at",
        ),
        ("at = [{ time = \"1s\", vacuum = \"n1\" }]".to_string(), "at[0].vacuum"),
        ("at = [{ time = \"1s\", set = { vacuum = \"1s\" } }]".to_string(), "at[0].set.vacuum"),
        ("cluster = { vacuum = \"1s\" }".to_string(), "cluster.vacuum"),
    ] {
        let error = refused(&text);
        assert!(error.contains(path) && error.contains("mvcc"), "{path}: {error}");
    }
    let ring = refused("cluster = { topology = \"ring\", nodes = 3, isolation = \"mvcc\" }");
    assert!(ring.contains("cluster.isolation") && ring.contains("writers = [\"n1\"]"), "{ring}");
    let delete = "at = [{ time = \"1s\", delete = { client = \"a\", key = \"x\", at = \"0s\" } }]";
    assert!(refused(&format!("{client}{delete}")).contains("at[0].delete.at"));
}

#[test]
fn a_copy_brings_its_versions_along() {
    let recording = run(r#"
        until = "4s"
        cluster = { nodes = 2, ack = "async", isolation = "mvcc", keepalive = "50ms",
            retention = 1 }
        client = [{ id = "a" }]
        at = [
            { time = "500ms", crash = "n2" },
            { time = "1s", write = { client = "a", key = "x", value = 1 } },
            { time = "1500ms", write = { client = "a", key = "x", value = 2 } },
            { time = "1600ms", write = { client = "a", key = "x", value = 3 } },
            { time = "2s", restart = "n2" },
            { time = "3s", read = { client = "a", key = "x", to = "n2", at = "1200ms" } },
        ]
        "#);
    let node: NodeId = "n2".parse().expect("a node's name");
    let copies = recording.trace().since(0).filter(|(_, record)| {
        record.place == node.into() && matches!(record.fact, Fact::Seeded { .. })
    });
    assert_eq!((copies.count(), number(op(&recording, 3))), (1, 1));
    assert!(recording.scenario().until > Span::s(3));
}
