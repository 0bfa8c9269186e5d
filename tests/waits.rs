//! Laws of the ack rule: levels are never faster than weaker ones, any k is the k-th ack, first k
//! the slowest of the first k, and who sees what waits. Coupled by luck, so exact.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;

use replication::base::{Luck, NodeId, OpId, Purpose, SimTime, scaled};
use replication::data::Gtid;
use replication::node::{Fact, Told};
use replication::recording::{Recording, read_scenario};
use replication::sim::{Op, Outcome, Record, Scenario};

fn scenario(text: &str) -> Scenario {
    read_scenario(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn run(text: &str) -> Recording {
    let mut recording = Recording::new(scenario(text));
    recording.finish();
    recording
}

fn records(recording: &Recording) -> impl Iterator<Item = Record> + '_ {
    recording.trace().since(0).map(|(_, record)| record)
}

fn op_of(recording: &Recording, number: u32) -> &Op {
    recording.head().ledger.op(OpId(number)).expect("it was sent")
}

/// A random star without faults; no keepalive comes, so that messages keep their numbers whatever
/// the rule.
fn a_star(seed: u64, ack: &str) -> String {
    let roll = |nth, low: u64, high: u64| {
        low + scaled(Luck(seed).draw(Purpose::Generator, 3, nth), high - low + 1)
    };
    let (nodes, workers) = (roll(0, 4, 8), roll(1, 1, 4));
    let (apply, flush, latency) = (roll(2, 1, 9), roll(3, 0, 6), roll(4, 1, 30));
    let (near, far, rate) = (roll(5, 0, 5), roll(6, 5, 60), roll(7, 20, 200));
    format!(
        r#"
        seed = {seed}
        until = "30s"
        cluster = {{ nodes = {nodes}, ack = {ack}, keepalive = "30m", apply_workers = {workers},
            apply_delay = {{ mean = "{apply}ms" }},
            flush_delay = {{ min = "0ms", max = "{flush}ms" }} }}
        network = {{ latency = {{ mean = "{latency}ms" }},
            link = [{{ from = "n1", to = "n3",
                latency = {{ min = "{near}ms", max = "{far}ms" }} }}] }}
        client = [{{ id = "app", timeout = "1m" }}]
        workload = [{{ client = "app", rate = "{rate}/s", until = "4s" }}]
        "#
    )
}

fn committed(recording: &Recording) -> BTreeMap<Gtid, SimTime> {
    let commits = records(recording).filter_map(|record| match record.fact {
        Fact::Committed { gtid, .. } => Some((gtid, record.at)),
        _ => None,
    });
    commits.collect()
}

#[test]
fn each_of_postgresql_s_levels_is_no_faster_than_the_one_before() {
    // I17: local, remote_write, on, remote_apply. off is local wherever flushes take no time.
    let levels = [
        r#""async""#,
        r#"{ count = 1, point = "received", from = "first" }"#,
        r#"{ count = 1, point = "flushed", from = "first" }"#,
        r#"{ count = 1, point = "applied", from = "first" }"#,
    ];
    for seed in 0..25 {
        let times: Vec<_> = levels.map(|ack| committed(&run(&a_star(seed, ack)))).into();
        assert!(times[0].len() > 50);
        for pair in times.windows(2) {
            assert_eq!(pair[0].len(), pair[1].len(), "seed {seed}");
            assert!(pair[0].iter().all(|(gtid, at)| *at <= pair[1][gtid]), "seed {seed}");
        }
        let sum = |times: &BTreeMap<Gtid, SimTime>| times.values().sum::<u64>();
        assert!(sum(&times[0]) < sum(&times[1]) && sum(&times[2]) < sum(&times[3]), "seed {seed}");
    }
}

/// When the primary first knew that a replica had an entry, by entry and replica.
fn known(recording: &Recording) -> BTreeMap<Gtid, BTreeMap<NodeId, SimTime>> {
    let mut known: BTreeMap<Gtid, BTreeMap<NodeId, SimTime>> = BTreeMap::new();
    let mut through: BTreeMap<NodeId, u32> = BTreeMap::new();
    for record in records(recording) {
        if let Fact::Confirmed { of, gtid, .. } = record.fact {
            // An ack speaks for everything before it too.
            let before = through.entry(of).or_default();
            for seq in *before + 1..=gtid.seq {
                known.entry(Gtid { seq, ..gtid }).or_default().insert(of, record.at);
            }
            *before = gtid.seq.max(*before);
        }
    }
    known
}

#[test]
fn any_k_is_the_kth_ack_and_first_k_the_last_of_the_first_k() {
    // I18, to the microsecond, at any rate.
    let mut differ = 0;
    for seed in 0..25 {
        for k in 1..=3usize {
            let of = |from| {
                let ack = format!(r#"{{ count = {k}, point = "flushed", from = "{from}" }}"#);
                run(&a_star(seed, &ack))
            };
            let (any, first) = (of("any"), of("first"));
            let (acks, by_any, by_first) = (known(&any), committed(&any), committed(&first));
            assert_eq!(by_any.len(), by_first.len());
            for (gtid, at) in &by_any {
                let mut times: Vec<SimTime> = acks[gtid].values().copied().collect();
                times.sort_unstable();
                assert_eq!(times[k - 1], *at, "seed {seed}, any {k}, {gtid}");
                let first_k = (1..=k as u16).map(|node| acks[gtid][&NodeId(node)]);
                assert_eq!(first_k.max(), Some(by_first[gtid]), "seed {seed}, first {k}, {gtid}");
                assert!(*at <= by_first[gtid]);
                differ += u32::from(*at < by_first[gtid]);
            }
        }
    }
    assert!(differ > 1_000, "{differ} writes that differ show little");
}

/// Writes that wait at n1, every 10 ms from 1 s on, when both replicas are cut off.
fn waiting(ack: &str) -> Vec<usize> {
    let mut recording = run(&format!(
        r#"
        until = "4s"
        cluster = {{ nodes = 3, ack = {ack} }}
        client = [{{ id = "app" }}]
        workload = [{{ client = "app", rate = "50/s" }}]
        at = [{{ time = "1s", partition = {{ groups = [["n1"], ["n2", "n3"]] }} }}]
        "#
    ));
    let moments = (110..=400).map(|centi| centi * 10_000);
    moments.map(|t| recording.at(t).nodes[0].memory.waiting.len()).collect()
}

#[test]
fn what_blocks_in_postgresql_stays_blocked_and_in_mysql_it_does_not() {
    // I20.
    let postgresql = waiting(r#"{ count = 1, point = "flushed", timeout = "1s", from = "first" }"#);
    assert!(postgresql.is_sorted() && postgresql.last() > Some(&100), "{postgresql:?}");
    let mysql =
        waiting(r#"{ count = 1, point = "received", timeout = "1s", on_timeout = "async" }"#);
    assert!(!mysql.is_sorted() && mysql.last() == Some(&0), "{mysql:?}");
}

/// Reads at the primary whose value fewer than k replicas had received.
fn read_too_early(seed: u64, visible: &str) -> usize {
    let recording = run(&format!(
        r#"
        seed = {seed}
        until = "4s"
        cluster = {{ nodes = 4, ack = {{ count = 2, point = "received", visible = "{visible}" }} }}
        network = {{ latency = {{ mean = "15ms" }}, loss = 0.05 }}
        client = [{{ id = "app", read = "primary" }}]
        workload = [{{ client = "app", rate = "100/s", reads = 0.5, keys = 3, until = "3s" }}]
        "#
    ));
    let (mut had, mut early) = (BTreeMap::<Gtid, usize>::new(), 0);
    for record in records(&recording) {
        match record.fact {
            Fact::Received { gtid, .. } => *had.entry(gtid).or_default() += 1,
            Fact::Served { version: Some(gtid), .. } => {
                early += usize::from(had.get(&gtid).copied().unwrap_or(0) < 2);
            }
            _ => {}
        }
    }
    early
}

#[test]
fn what_is_read_at_the_primary_is_on_k_replicas_unless_it_is_shown_before() {
    // I13.
    let early = |visible| (0..20).map(|seed| read_too_early(seed, visible)).sum::<usize>();
    assert_eq!(early("after-ack"), 0);
    assert!(early("after-log") > 100, "{}", early("after-log"));
}

#[test]
fn a_write_that_asks_for_no_acks_commits_at_once_unless_its_row_is_locked() {
    // A5.6, and A5.4: a conflicting write waits for the one that holds the row.
    let recording = run(r#"
        until = "6s"
        cluster = { nodes = 2, ack = { count = 1, point = "flushed" } }
        client = [{ id = "app", latency = "0ms" }]
        [[at]]
        time = "1s"
        crash = "n2"
        [[at]]
        time = "1100ms"
        write = { client = "app", key = "a", value = 1 }
        [[at]]
        time = "1200ms"
        write = { client = "app", key = "b", value = 2, ack = "async" }
        [[at]]
        time = "1300ms"
        write = { client = "app", key = "a", value = 3, ack = "async" }
        [[at]]
        time = "4s"
        restart = "n2"
        "#);
    let told = |op: u32| match op_of(&recording, op).outcome {
        Outcome::Told(Told::Ok, at) => at,
        other => panic!("{op}: {other:?}"),
    };
    assert_eq!(told(1), 1_200_000, "at once");
    assert!(told(0) > 4_000_000 && told(2) == told(0), "when n2 is back");
    let text = r#"
        client = [{ id = "app" }]
        at = [{ time = "1s", write = { client = "app", key = "a", value = 1, ack = "sync" } }]"#;
    let refused = read_scenario(text).expect_err("a write cannot ask for more");
    assert_eq!(refused.path, "at[0].write.ack");
}

#[test]
fn the_next_in_line_counts_when_the_first_dies_and_too_few_block() {
    // A5.3.
    let run = |count: u16, ack_of: &str| {
        run(&format!(
            r#"
            until = "6s"
            cluster = {{ nodes = 3, keepalive = "250ms",
                ack = {{ count = {count}, point = "flushed", from = "{ack_of}" }} }}
            client = [{{ id = "app", timeout = "10s" }}]
            workload = [{{ client = "app", rate = "100/s", until = "5s" }}]
            at = [{{ time = "2s", crash = "n2" }}]
            "#
        ))
    };
    let longest = |recording: &Recording| {
        let waits = records(recording).filter_map(|record| match record.fact {
            Fact::Committed { accepted_at, .. } => Some(record.at - accepted_at),
            _ => None,
        });
        waits.max().unwrap_or_default()
    };
    let pending = |recording: &Recording| {
        let ops = recording.head().ledger.ops.iter();
        ops.filter(|op| op.outcome == Outcome::Pending).count()
    };
    let first = run(1, "first");
    assert_eq!(pending(&first), 0);
    // Two keepalives of silence and the part of one until it is looked at; with ANY, nobody waits.
    assert!((500_000..800_000).contains(&longest(&first)), "{}", longest(&first));
    assert_eq!(longest(&run(1, "any")), 20_000);
    let both = run(2, "first");
    assert!(pending(&both) > 250, "commits block for ever: {}", pending(&both));
}

#[test]
fn a_standby_of_a_standby_does_not_count_among_the_first() {
    // A5.7: it holds the row, and every commit blocks.
    let text = r#"
        until = "4s"
        cluster = { topology = "chain", nodes = 3,
            ack = { count = 2, point = "flushed", from = "first" } }
        client = [{ id = "app", timeout = "10s" }]
        at = [{ time = "1s", write = { client = "app", key = "k", value = 1 } }]"#;
    let blocked = run(text);
    assert_eq!(op_of(&blocked, 0).outcome, Outcome::Pending);
    assert_eq!(blocked.head().nodes[2].disk.applied.len(), 1, "n3 has the row");
    let any = run(&text.replace("first", "any"));
    assert!(op_of(&any, 0).acknowledged(), "relays report who is behind them");
}
