//! What clients may rely on, and what they may not: SEMANTICS I13, I16, I19 and I47. What must hold
//! is held over many random runs; what must fail is found within a stated number of them.

#![cfg(not(target_arch = "wasm32"))]

use replication::base::{NodeId, Probability, Span};
use replication::check::generator::generate;
use replication::check::{Guarantees, Verdict, guarantees, vopr};
use replication::form::{Form, ToForm};
use replication::node::{Fact, Reason, Told};
use replication::policy::{Ack, Conflict, Count, Point, ReadPolicy};
use replication::recording::{Recording, read_scenario};
use replication::sim::{Command, Outcome, Rate, Scenario, Skew, WorkloadSpec};
use replication::topology::Shape;

/// Random runs in which something that can fail is expected to have failed.
const FOUND_WITHIN: u64 = 60;
/// Random runs in which something that holds is held.
const HELD_FOR: u64 = 150;

fn judged(scenario: &Scenario) -> Guarantees {
    let mut recording = Recording::new(scenario.clone());
    recording.finish();
    guarantees(&recording)
}

/// A random run with one primary throughout, as many faults as luck has it, and two clients that
/// read and write the same few keys.
fn one_primary(seed: u64, read: ReadPolicy) -> Scenario {
    let mut scenario = generate(seed);
    if matches!(scenario.cluster.topology, Shape::Ring | Shape::Custom) {
        scenario.cluster.topology = Shape::Star;
        scenario.cluster.stream.clear();
    }
    scenario.cluster.writers = None;
    scenario.cluster.loop_filter = replication::policy::LoopFilter::Gtid;
    scenario.cluster.chain = replication::policy::Chain::Cascading;
    scenario.cluster.failover = None;
    // Under other rules a key is no register: what was written last need not be what is read.
    scenario.cluster.conflict = Conflict::None;
    let reign = |command: &Command| matches!(command, Command::Promote(_) | Command::Demote(_));
    scenario.at.retain(|stamped| !reign(&stamped.command));
    // To the client's own choice of server, not to one by name, and of the present.
    for stamped in &mut scenario.at {
        if let Command::Read(read) = &mut stamped.command {
            (read.to, read.at) = (None, None);
        }
        if let Command::Set(dials) = &mut stamped.command {
            dials.ignore_origins = None;
        }
    }
    scenario.client.iter_mut().for_each(|client| client.read = read);
    let workload = |client: &str| WorkloadSpec {
        client: client.into(),
        rate: Rate(30),
        arrivals: Default::default(),
        reads: Probability::percent(60),
        keys: 3,
        skew: Skew::Zipf,
        from: Span::ms(0),
        until: Some(Span::s(4)),
    };
    scenario.workload = vec![workload("c0"), workload(&scenario.client[0].id.clone())];
    if scenario.client.len() > 1 {
        scenario.workload[1].client = "c1".into();
    }
    scenario
}

/// The first of the seeds whose run does not have it; None if all have.
fn first_broken(
    seeds: u64,
    make: impl Fn(u64) -> Scenario,
    judge: impl Fn(&Guarantees) -> Verdict,
) -> Option<u64> {
    (0..seeds).find(|seed| judge(&judged(&make(*seed))) == Verdict::Broken)
}

/// The same with this many workers at each server, whatever luck says.
fn with_workers(mut scenario: Scenario, workers: u16) -> Scenario {
    scenario.cluster.apply_workers = workers;
    scenario.node.iter_mut().for_each(|node| node.apply_workers = None);
    for stamped in &mut scenario.at {
        if let Command::Set(dials) = &mut stamped.command {
            dials.apply_workers = None;
        }
    }
    scenario
}

#[test]
fn reading_from_the_primary_gives_every_guarantee_while_nobody_fails_over() {
    for seed in 0..HELD_FOR {
        let found = judged(&with_workers(one_primary(seed, ReadPolicy::Primary), 1));
        for (name, guarantee) in found.all() {
            let first = guarantee.violations.first();
            assert_eq!(guarantee.holds, Verdict::Holds, "seed {seed}: {name}, {first:?}");
        }
    }
}

#[test]
fn several_apply_workers_show_a_clients_writes_out_of_order() {
    let make = |seed| with_workers(one_primary(seed, ReadPolicy::Primary), 4);
    let writes = first_broken(FOUND_WITHIN, make, |found| found.monotonic_writes.holds);
    let reads = first_broken(FOUND_WITHIN, make, |found| found.writes_follow_reads.holds);
    assert!(writes.is_some() && reads.is_some(), "{writes:?} {reads:?}");
}

#[test]
fn with_async_replicas_reads_anywhere_break_what_sessions_expect() {
    let make = |seed| {
        let mut scenario = one_primary(seed, ReadPolicy::Any);
        scenario.cluster.ack = Ack { count: Count::None, ..Ack::default() };
        scenario
    };
    let broken = [
        first_broken(FOUND_WITHIN, make, |found| found.linearizable.holds),
        first_broken(FOUND_WITHIN, make, |found| found.read_your_writes.holds),
        first_broken(FOUND_WITHIN, make, |found| found.monotonic_reads.holds),
        first_broken(FOUND_WITHIN, make, |found| found.causal.holds),
    ];
    assert!(broken.iter().all(Option::is_some), "{broken:?}");
}

/// Sync-all at apply, which no command changes. Nobody joins: who does answers reads before its
/// copy has come, and lacks what was acknowledged without it.
fn sync_applied(seed: u64) -> Scenario {
    let mut scenario = one_primary(seed, ReadPolicy::Any);
    scenario.at.retain(|stamped| !matches!(stamped.command, Command::AddNode(_)));
    let ack = Ack { count: Count::All, point: Point::Applied, timeout: None, ..Ack::default() };
    scenario.cluster.ack = ack;
    scenario.cluster.nodes = scenario.cluster.nodes.max(3);
    for stamped in &mut scenario.at {
        if let Command::Set(dials) = &mut stamped.command {
            dials.ack = None;
            dials.relay_acks = None;
        }
    }
    scenario.cluster.relay_acks = true;
    scenario
}

#[test]
fn under_sync_all_at_apply_no_read_misses_an_acknowledged_write_and_yet_it_is_not_linearizable() {
    for seed in 0..FOUND_WITHIN {
        vopr::check(&sync_applied(seed)).unwrap_or_else(|broken| panic!("seed {seed}: {broken}"));
        let own = judged(&sync_applied(seed)).read_your_writes;
        assert_eq!(own.holds, Verdict::Holds, "seed {seed}: {:?}", own.violations.first());
    }
    // One replica shows a write before it is acknowledged; then another still shows the old value.
    let broken = first_broken(FOUND_WITHIN, sync_applied, |found| found.linearizable.holds);
    assert!(broken.is_some());
    let broken = first_broken(FOUND_WITHIN, sync_applied, |found| found.monotonic_reads.holds);
    assert!(broken.is_some());
}

#[test]
fn a_failover_breaks_even_what_reads_from_the_primary_promise() {
    let make = |seed| {
        let mut scenario = one_primary(seed, ReadPolicy::Primary);
        scenario.cluster.ack = Ack { count: Count::None, ..Ack::default() };
        scenario.cluster.nodes = scenario.cluster.nodes.max(2);
        let promote = Command::Promote(NodeId(1));
        scenario.at = vec![replication::sim::Stamped { time: Span::s(2), command: promote }];
        scenario
    };
    assert!(first_broken(FOUND_WITHIN, make, |found| found.linearizable.holds).is_some());
    assert!(first_broken(FOUND_WITHIN, make, |found| found.read_your_writes.holds).is_some());
}

#[test]
fn reads_in_turn_break_what_a_token_restores() {
    let policy = |read| move |seed| one_primary(seed, read);
    let own = |found: &Guarantees| found.read_your_writes.holds;
    let seen = |found: &Guarantees| found.monotonic_reads.holds;
    let broken = |read| {
        let runs = |judge: fn(&Guarantees) -> Verdict| {
            first_broken(FOUND_WITHIN, policy(read), judge).is_some()
        };
        [runs(own), runs(seen)]
    };
    assert_eq!(broken(ReadPolicy::RoundRobin), [true, true]);
    assert_eq!(broken(ReadPolicy::Nearest), [true, true]);
    // Each token restores what it carries, and only that.
    assert!(broken(ReadPolicy::ReadYourWrites)[1] && broken(ReadPolicy::Monotonic)[0]);
    for seed in 0..HELD_FOR {
        for read in [
            ReadPolicy::ReadYourWrites,
            ReadPolicy::Monotonic,
            ReadPolicy::Causal,
            ReadPolicy::WaitForReplication,
        ] {
            let scenario = one_primary(seed, read);
            let found = judged(&scenario);
            let token = read.token().expect("these carry one");
            for (carried, guarantee) in
                [(token.written, &found.read_your_writes), (token.read, &found.monotonic_reads)]
            {
                let (held, first) =
                    (guarantee.holds == Verdict::Holds, guarantee.violations.first());
                assert!(held || !carried, "seed {seed}, {}: {first:?}", read.name());
            }
        }
    }
}

/// One client that writes and reads what it wrote from a replica half a second later.
const SLEEPS: &str = r#"
until = "3s"
[cluster]
nodes = 3
ack = "async"
keepalive = "100ms"
[network]
latency = { mean = "150ms" }
loss = 0.1
[[client]]
id = "a"
read = "replica"
latency = "0ms"
[[at]]
time = "0ms"
write = { client = "a", key = "k", value = 1 }
[[at]]
time = "500ms"
read = { client = "a", key = "k" }
"#;

#[test]
fn sleeping_half_a_second_does_not_replace_a_token() {
    let judge = |seed: u64, read: &str| {
        let text = SLEEPS.replace("\"replica\"", &format!("\"{read}\""));
        let mut scenario = read_scenario(&text).expect("it is a good file");
        scenario.seed = seed;
        let mut recording = Recording::new(scenario);
        recording.finish();
        let waits = |fact: &Fact| matches!(fact, Fact::ReadWaits { .. });
        let waited = recording.trace().since(0).any(|(_, record)| waits(&record.fact));
        (guarantees(&recording).read_your_writes.holds, waited)
    };
    let slept = (0..FOUND_WITHIN).find(|seed| judge(*seed, "replica").0 == Verdict::Broken);
    assert!(slept.is_some());
    let waiting: Vec<_> = (0..200).map(|seed| judge(seed, "wait-for-replication")).collect();
    assert!(waiting.iter().all(|(holds, _)| *holds == Verdict::Holds));
    assert!(waiting.iter().any(|(_, waited)| *waited), "otherwise nothing is shown");
}

/// The read comes to n2 at 111 ms, what it waits for at 13 ms, to be applied after a while.
const WAITS: &str = r#"
until = "4s"
[cluster]
nodes = 2
apply_delay = "900ms"
[[client]]
id = "a"
read = "wait-for-replication"
wait = "700ms"
timeout = "2s"
[[at]]
time = "2ms"
write = { client = "a", key = "k", value = 1 }
[[at]]
time = "100ms"
read = { client = "a", key = "k", to = "n2" }
"#;

#[test]
fn a_read_that_waits_too_long_is_told_so_and_one_at_a_crash_is_told_nothing() {
    let told = |text: &str| {
        let mut recording = Recording::new(read_scenario(text).expect("it is a good file"));
        recording.finish();
        recording.head().ledger.ops.get(1).expect("the read").outcome
    };
    // 700 ms there, and 11 ms back.
    let late = Outcome::Told(Told::Refused(Reason::NotCaughtUp), 822_000);
    assert_eq!(told(WAITS), late);
    let in_time = WAITS.replace("900ms", "500ms");
    assert_eq!(told(&in_time), Outcome::Told(Told::Value, 524_000));
    let crash = "[[at]]\ntime = \"300ms\"\ncrash = \"n2\"\n\
                 [[at]]\ntime = \"310ms\"\nrestart = \"n2\"\n";
    assert_eq!(told(&format!("{in_time}{crash}")), Outcome::Told(Told::TimedOut, 2_100_000));
}

#[test]
fn a_run_that_a_limit_cuts_short_is_known_only_as_far_as_it_went() {
    let mut recording = Recording::new(one_primary(1, ReadPolicy::Primary));
    recording.finish();
    let judged = guarantees(&recording).to_form();
    let linearizable = judged.field("linearizable").expect("it is told");
    assert_eq!(linearizable.field("holds"), Some(&Form::Bool(true)));
    assert_eq!(Verdict::Unknown.to_form(), Form::from("unknown"));
    assert_eq!(Verdict::Broken.to_form(), Form::Bool(false));
}

#[test]
fn deletes_and_several_primaries_are_judged_as_exactly_as_anything_else() {
    // Each value, and each lack of one, carries the write it came from: nothing is left to guess.
    let judge = |text: &str| judged(&read_scenario(text).expect("it is a good file"));
    let deletes = |server: &str| {
        judge(&format!(
            r#"
            until = "3s"
            cluster = {{ nodes = 2, apply_delay = "500ms" }}
            client = [{{ id = "a" }}]
            at = [
                {{ time = "0ms", write = {{ client = "a", key = "k", value = 1 }} }},
                {{ time = "1s", delete = {{ client = "a", key = "k" }} }},
                {{ time = "1100ms", read = {{ client = "a", key = "k", to = "{server}" }} }},
                {{ time = "2s", read = {{ client = "a", key = "k", to = "{server}" }} }},
            ]
            "#
        ))
    };
    let (fresh, stale) = (deletes("n1"), deletes("n2"));
    assert!(fresh.all().iter().all(|(_, guarantee)| guarantee.holds == Verdict::Holds));
    assert_eq!((stale.linearizable.holds, stale.linearizable.count), (Verdict::Broken, 1));
    assert_eq!(stale.read_your_writes.holds, Verdict::Broken, "it was deleted, and is there");
    let ring = |then: &str| {
        judge(&format!(
            r#"
            until = "3s"
            cluster = {{ topology = "ring", nodes = 2 }}
            client = [{{ id = "a" }}, {{ id = "b", home = "n2" }}]
            at = [
                {{ time = "1s", write = {{ client = "a", key = "k", value = 1, to = "n1" }} }},
                {{ time = "{then}", write = {{ client = "b", key = "k", value = 2, to = "n2" }} }},
                {{ time = "2s", read = {{ client = "a", key = "k", to = "n1" }} }},
                {{ time = "2500ms", read = {{ client = "a", key = "k", to = "n2" }} }},
            ]
            "#
        ))
    };
    assert_eq!(ring("1500ms").linearizable.holds, Verdict::Holds, "one after the other");
    assert_eq!(ring("1001ms").linearizable.holds, Verdict::Broken, "2 at one, then 1 at the other");
}
