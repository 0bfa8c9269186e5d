//! Several servers that take writes: what each rule makes of concurrent changes, and what it does
//! not save.

#![cfg(not(target_arch = "wasm32"))]

use replication::base::{Delay, Luck, NodeId, Purpose, SkewSpan, Span, scaled};
use replication::check::generator::generate;
use replication::check::{Report, report};
use replication::data::{Cell, Change, Sort, Value};
use replication::node::{Fact, Reason, Request, Told};
use replication::policy::Conflict;
use replication::recording::{Builtin, Recording, Snapshot, read_scenario};
use replication::sim::{Command, NodeSpec, Outcome, Record, Scenario};
use replication::topology::Shape;

fn finished(scenario: Scenario) -> (Recording, Report) {
    let mut recording = Recording::new(scenario);
    recording.finish();
    let report = report(&recording);
    (recording, report)
}

/// A built-in scenario.
fn scenario(name: &str) -> Scenario {
    let builtin = Builtin::find(name).unwrap_or_else(|| panic!("there is no {name}"));
    builtin.scenario().unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn run(name: &str) -> (Recording, Report) {
    finished(scenario(name))
}

fn facts(recording: &Recording) -> impl Iterator<Item = Record> {
    recording.trace().since(0).map(|(_, record)| record)
}

fn count(recording: &Recording, is: impl Fn(&Fact) -> bool) -> usize {
    facts(recording).filter(|record| is(&record.fact)).count()
}

/// What each server shows of a key, n1 first.
fn shown(report: &Report, key: &str) -> Vec<Option<Cell>> {
    report.nodes.values().map(|node| node.rows.get(key).cloned()).collect()
}

fn one(value: impl Into<Value>) -> Option<Cell> {
    Some(Cell::One(value.into()))
}

fn number(value: i64) -> Option<Cell> {
    one(Value::Number(value))
}

fn several(values: &[&str]) -> Option<Cell> {
    Some(Cell::Several(values.iter().map(|value| Value::from(*value)).collect()))
}

#[test]
fn without_a_rule_two_masters_end_swapped_and_nobody_is_told() {
    let (recording, report) = run("two-masters-end-swapped");
    assert_eq!(shown(&report, "colour"), [one("blue"), one("red")]);
    assert!(!report.converged && report.divergent_keys == ["colour"]);
    assert_eq!((report.writes.acknowledged, report.writes.lost_acknowledged), (2, 0));
    // Both are conflicts to whoever looks, one at each server.
    assert_eq!(report.writes.conflicts, 2);
    assert_eq!(count(&recording, |fact| matches!(fact, Fact::Conflict { .. })), 2);
    // One after the other they agree: nothing else makes them swap.
    let mut calm = scenario("two-masters-end-swapped");
    calm.at[1].time.0 += 300_000;
    let (_, report) = finished(calm);
    assert_eq!(shown(&report, "colour"), [one("blue"), one("blue")]);
    assert_eq!(report.writes.conflicts, 0);
}

#[test]
fn a_duplicate_key_stops_both_appliers_until_the_entry_is_left_out() {
    let (mut recording, report) = run("duplicate-key-stops-the-applier");
    assert_eq!(count(&recording, |fact| matches!(fact, Fact::ApplierStopped { .. })), 2);
    let refused = recording.head().ledger.ops.iter().filter_map(|op| op.refusal());
    assert_eq!(refused.collect::<Vec<_>>(), [Reason::DuplicateKey], "at its own server, at once");
    // What came after waits behind it; n2 was told to go on, n1 was not.
    assert_eq!(shown(&report, "from n1"), [number(1), number(1)]);
    assert_eq!(shown(&report, "from n2"), [None, number(2)]);
    assert_eq!(shown(&report, "user"), [one("alice"), one("bob")]);
    let snapshot = |recording: &mut Recording, at| {
        let world = recording.at(at).clone();
        Snapshot::of(&world, recording.scenario(), at).nodes.into_iter().map(|node| node.stopped)
    };
    let before: Vec<_> = snapshot(&mut recording, 2_000_000).collect();
    assert_eq!(before, [Some("n2:1".to_string()), Some("n1:1".to_string())]);
    let after: Vec<_> = snapshot(&mut recording, 4_000_000).collect();
    assert_eq!(after, [Some("n2:1".to_string()), None]);
}

#[test]
fn a_skip_is_refused_where_nothing_has_stopped() {
    let mut scenario = scenario("two-masters-end-swapped");
    let skip = read_scenario("[[at]]\ntime = \"3s\"\nskip = \"n1\"").expect("a good file");
    scenario.at.extend(skip.at);
    let (recording, _) = finished(scenario);
    let refused = |fact: &Fact| *fact == Fact::CommandRefused(Reason::NotStopped);
    assert_eq!(count(&recording, refused), 1);
}

#[test]
fn the_latest_clock_wins_and_a_slow_clock_loses_the_later_write() {
    let (recording, report) = run("lww-slow-clock-loses");
    let second = recording.head().ledger.ops.iter().find(|op| op.is_write() && op.discarded);
    let second = second.expect("bob's first write is dropped");
    assert!(second.acknowledged() && !second.conflicted, "it had seen what it lost to");
    assert_eq!((report.writes.discarded, report.writes.conflicts), (1, 0));
    assert_eq!(count(&recording, |fact| matches!(fact, Fact::Overruled { .. })), 2, "at each");
    assert_eq!(shown(&report, "price"), [number(13), number(13)]);
    let read = recording.head().ledger.ops.iter().find(|op| !op.is_write());
    assert_eq!(read.and_then(|op| op.found.clone()), Some(Value::Number(10)));
    // With a true clock the later write stays.
    let mut exact = scenario("lww-slow-clock-loses");
    exact.node.clear();
    assert_eq!(finished(exact).1.writes.discarded, 0);
}

#[test]
fn version_vectors_keep_both_until_a_client_that_has_seen_both_writes() {
    let (mut recording, report) = run("version-vectors-keep-both");
    let both = several(&["bread", "milk"]);
    let world = recording.at(2_500_000).clone();
    for node in Snapshot::of(&world, recording.scenario(), 2_500_000).nodes {
        assert_eq!(node.rows["cart"], both);
    }
    let read = recording.head().ledger.ops.iter().find(|op| !op.is_write());
    assert_eq!(read.and_then(|op| op.found.clone()), Some("bread | milk".into()));
    assert_eq!(shown(&report, "cart"), [one("milk and bread"), one("milk and bread")]);
    // A write that has not seen them stands beside them.
    let mut blind = scenario("version-vectors-keep-both");
    blind.at.retain(|stamped| stamped.command.name() != "read");
    let (_, report) = finished(blind);
    let three = several(&["bread", "milk", "milk and bread"]);
    assert_eq!(shown(&report, "cart"), [three.clone(), three]);
}

#[test]
fn a_counter_counts_each_change_once_and_a_retry_twice() {
    let (recording, report) = run("counter-adds-up");
    assert_eq!(shown(&report, "visits"), [number(27), number(27)], "5 + 3 - 1 + 10 + 10");
    let gave_up =
        |op: &&replication::sim::Op| matches!(op.outcome, Outcome::Told(Told::TimedOut, _));
    let unheard = recording.head().ledger.ops.iter().find(gave_up);
    assert!(unheard.is_some_and(|op| op.gtid.is_some()), "it had happened all the same");
    // Without the retry it is once.
    let mut once = scenario("counter-adds-up");
    once.at.pop();
    assert_eq!(shown(&finished(once).1, "visits"), [number(17), number(17)]);
}

#[test]
fn a_counter_forgives_any_loss_repetition_and_order() {
    let text = r#"
until = "60s"
[cluster]
topology = "ring"
nodes = 4
conflict = "none"
apply_workers = 3
apply_delay = { mean = "20ms" }
keepalive = "200ms"
[network]
latency = { mean = "40ms" }
loss = 0.2
duplicate = 0.2
reorder = 0.3
"#;
    for seed in 0..10 {
        let mut scenario = read_scenario(text).expect("a good file");
        scenario.seed = seed;
        for nth in 0..40u64 {
            let by = scaled(Luck(seed).draw(Purpose::Generator, 9, nth), 20) as i64 - 5;
            let node = nth % 4 + 1;
            let more = format!(
                "[[client]]\nid = \"c{nth}\"\nhome = \"n{node}\"\n[[at]]\ntime = \"{}ms\"\n\
                 increment = {{ client = \"c{nth}\", key = \"k\", by = {by} }}\n",
                100 + nth * 37
            );
            let more = read_scenario(&more).expect("a good file");
            scenario.client.extend(more.client);
            scenario.at.extend(more.at);
        }
        let (recording, report) = finished(scenario);
        // A request that was lost on its way to a server has changed nothing.
        let done = recording.head().ledger.ops.iter().filter(|op| op.gtid.is_some());
        let by = |op: &replication::sim::Op| match &op.request {
            Request::Write { change: Change::Add(by), .. } => *by,
            other => panic!("only increments were asked for: {other:?}"),
        };
        let (times, sum) = done.fold((0, 0), |(times, sum), op| (times + 1, sum + by(op)));
        assert!(times > 20, "{times} increments show little");
        assert_eq!(shown(&report, "k"), vec![number(sum); 4], "seed {seed}");
    }
}

#[test]
fn in_a_set_a_concurrent_add_survives_a_removal() {
    let (mut recording, report) = run("set-add-wins");
    let world = recording.at(1_800_000).clone();
    for node in Snapshot::of(&world, recording.scenario(), 1_800_000).nodes {
        assert_eq!(node.rows["list"], several(&["milk"]));
    }
    assert_eq!(shown(&report, "list"), [several(&["tea"]), several(&["tea"])]);
}

#[test]
fn edits_that_one_server_orders_come_out_as_their_authors_meant_them() {
    let (_, report) = run("text-through-one-server");
    assert_eq!(shown(&report, "note"), vec![one("old cat sat"); 3]);
    // Taken at their word, the positions would have meant something else.
    let mut literal = scenario("text-through-one-server");
    literal.cluster.conflict = Conflict::None;
    let (_, report) = finished(literal);
    assert_ne!(shown(&report, "note"), vec![one("old cat sat"); 3]);
    assert!(report.converged, "one order makes one text in any case");
}

#[test]
fn three_peers_that_transform_each_others_edits_end_with_two_texts() {
    let (_, report) = run("text-among-peers-diverges");
    assert_eq!(shown(&report, "note"), [one("ZX"), one("XZ"), one("ZX")]);
    // Any two of the three edits are safe.
    for left_out in 1..=3 {
        let mut two = scenario("text-among-peers-diverges");
        two.at.remove(left_out);
        assert!(finished(two).1.converged, "without edit {left_out}");
    }
}

#[test]
fn two_peers_that_transform_each_others_edits_always_agree() {
    for seed in 0..60 {
        let mut scenario = scenario("two-masters-end-swapped");
        scenario.cluster.conflict = Conflict::Ot;
        scenario.at.clear();
        let mut nth = 0;
        let mut roll = |below: u64| {
            nth += 1;
            scaled(Luck(seed).draw(Purpose::Generator, 8, nth), below)
        };
        for edit in 0..12 {
            let (time, at) = (500 + 30 * edit + roll(60), roll(8));
            let who = if roll(2) == 0 { "alice" } else { "bob" };
            let what = match roll(3) {
                0 => format!("text-delete = {{ client = \"{who}\", key = \"t\", at = {at} }}"),
                _ => format!(
                    "text-insert = {{ client = \"{who}\", key = \"t\", at = {at}, text = \"{}\" }}",
                    ["a", "bc", "def"][roll(3) as usize]
                ),
            };
            let clients = "[[client]]\nid = \"alice\"\n[[client]]\nid = \"bob\"\n";
            let text = format!("{clients}[[at]]\ntime = \"{time}ms\"\n{what}\n");
            scenario.at.extend(read_scenario(&text).expect("a good file").at);
        }
        scenario.at.sort_by_key(|stamped| stamped.time);
        let (_, report) = finished(scenario);
        let texts = shown(&report, "t");
        assert!(report.converged && texts[0].is_some(), "seed {seed}: {texts:?}");
    }
}

#[test]
fn a_maximum_may_be_applied_again_and_a_sum_may_not() {
    let (_, largest) = run("merge-max-may-repeat");
    assert_eq!(shown(&largest, "high"), vec![number(9); 3]);
    let (_, added) = run("merge-sum-may-not");
    assert!(!added.converged && added.divergent_keys == ["high"]);
    // Where each entry comes once, a sum agrees too.
    let mut once = scenario("merge-sum-may-not");
    once.cluster.loop_filter = replication::policy::LoopFilter::Gtid;
    assert_eq!(shown(&finished(once).1, "high"), vec![number(21); 3]);
    let mut smallest = scenario("merge-max-may-repeat");
    smallest.cluster.conflict = Conflict::MergeMin;
    assert_eq!(shown(&finished(smallest).1, "high"), vec![number(5); 3]);
}

#[test]
fn of_two_concurrent_writes_one_commits_at_every_server_and_the_other_is_refused() {
    let (recording, report) = run("reject-one-of-two");
    let told: Vec<Option<Reason>> =
        recording.head().ledger.ops.iter().map(|op| op.refusal()).collect();
    assert_eq!(told, [None, Some(Reason::Conflict), None]);
    assert_eq!(shown(&report, "seat"), [one("both"), one("both")]);
    assert_eq!(report.writes.conflicts, 0, "none reaches a row");
    let logs = recording.head().nodes.iter().map(|node| node.disk.log.gtids().to_string());
    assert_eq!(logs.collect::<Vec<_>>(), ["n1:1-2", "n1:1-2"]);
}

#[test]
fn many_writers_under_reject_never_conflict_and_losers_are_told() {
    let text = r#"
until = "30s"
[cluster]
topology = "ring"
nodes = 3
conflict = "reject"
[network]
latency = "30ms"
[[client]]
id = "a"
home = "n1"
[[client]]
id = "b"
home = "n2"
[[client]]
id = "c"
home = "n3"
"#;
    let workload = |who: &str| {
        format!("[[workload]]\nclient = \"{who}\"\nrate = \"4/s\"\nkeys = 2\nuntil = \"25s\"\n")
    };
    let text = format!("{text}{}{}{}", workload("a"), workload("b"), workload("c"));
    let (recording, report) = finished(read_scenario(&text).expect("a good file"));
    assert!(report.converged && report.writes.conflicts == 0);
    let refused = recording.head().ledger.ops.iter().filter_map(|op| op.refusal());
    let refused: Vec<Reason> = refused.collect();
    assert!(refused.len() > 20, "{} refusals show little", refused.len());
    assert!(refused.iter().all(|reason| *reason == Reason::Conflict));
    // What was refused is nowhere, what was acknowledged is everywhere.
    for op in recording.head().ledger.ops.iter() {
        assert_eq!(op.gtid.is_some(), op.refusal().is_none());
        let everywhere =
            |gtid| recording.head().nodes.iter().all(|node| node.disk.applied.contains(gtid));
        assert!(op.gtid.is_none_or(everywhere));
    }
}

/// A random ring in which every server takes writes, under this rule.
fn random_ring(seed: u64, rule: Conflict) -> Scenario {
    let mut scenario = generate(seed);
    scenario.cluster.topology = Shape::Ring;
    scenario.cluster.stream.clear();
    scenario.cluster.nodes = scenario.cluster.nodes.max(3);
    scenario.cluster.writers = None;
    scenario.cluster.failover = None;
    scenario.cluster.loop_filter = replication::policy::LoopFilter::Gtid;
    scenario.cluster.retention = None;
    scenario.cluster.conflict = rule;
    let forgets = |command: &Command| match command {
        Command::Set(dials) => dials.retention.is_some(),
        Command::Demote(_) => true,
        _ => false,
    };
    scenario.at.retain(|stamped| !forgets(&stamped.command));
    scenario
}

/// Whether two servers have applied the same entries, all they know of, and show different values.
fn diverges(scenario: Scenario) -> bool {
    let (recording, _) = finished(scenario);
    let nodes = &recording.head().nodes;
    let rows = |node: &replication::node::Node| -> Vec<Option<Cell>> {
        let whole = node.disk.store.iter().filter(|(_, row)| row.sort() != Sort::Text);
        whole.map(|(_, row)| row.cell()).collect()
    };
    let same = |one: &replication::node::Node, other: &replication::node::Node| {
        one.disk.applied == other.disk.applied && one.memory.waiting.is_empty()
    };
    let quiet = nodes.iter().all(|node| node.memory.waiting.is_empty());
    quiet && nodes.iter().any(|node| same(node, &nodes[0]) && rows(node) != rows(&nodes[0]))
}

/// The other side of the invariant that holds servers with the same entries to the same rows.
#[test]
fn in_random_rings_only_the_rules_that_commute_make_servers_agree() {
    for rule in Conflict::ALL {
        let laws = rule.laws();
        let broken = (0..40).find(|seed| diverges(random_ring(*seed, rule)));
        // Under `reject` no two concurrent writes are ever applied.
        let agrees = laws.commutative && laws.associative || rule == Conflict::Reject;
        // Edits apart, `ot` is `lww`.
        let agrees = agrees || rule == Conflict::Ot;
        assert_eq!(broken.is_none(), agrees, "{}: seed {broken:?}", rule.name());
    }
}

const TWO_WRITERS: &str = r#"
seed = 3
until = "4000s"
[cluster]
topology = "custom"
nodes = 2
writers = ["n1", "n2"]
apply_delay = "0ms"
[[cluster.stream]]
from = "n1"
to = "n2"
[[cluster.stream]]
from = "n2"
to = "n1"
[network]
latency = "100ms"
[[client]]
id = "one"
home = "n1"
latency = "0ms"
[[client]]
id = "two"
home = "n2"
latency = "0ms"
[[workload]]
client = "one"
rate = "5/s"
keys = 1
[[workload]]
client = "two"
rate = "3/s"
keys = 1
"#;

/// C.8: writes of one key at 5/s and 3/s, 100 ms apart: two conflict if they are less than that
/// apart in time, so 2 * 5 * 3 * 0.1 = 3.0 pairs a second. In 4,000 s there are 12,000; pairs share
/// writes, so their variance is 1 + 2 * 0.1 * (5 + 3) = 2.6 times that of a Poisson count, and
/// their standard error 1.5 %: the bound is four of them. Without the factor 2 it would be half.
///
/// Of the 20,000 writes of n1 a share of 1 - exp(-2 * 3 * 0.1) = 0.4512 conflicts; neighbours share
/// rivals, which at most doubles the standard error of 0.0035: the bound is four of them.
#[test]
fn two_writers_conflict_as_often_as_their_rates_and_the_distance_say() {
    let (recording, _) = finished(read_scenario(TWO_WRITERS).expect("a good file"));
    let world = recording.head();
    let entries = |origin: u16| -> Vec<(u32, u32)> {
        let log = &world.nodes[usize::from(origin)].disk.log;
        let own = log.iter().filter(|(_, slot)| slot.entry.gtid.origin == NodeId(origin));
        let seen = |slot: &replication::data::Slot| {
            let seen = slot.entry.seen.as_ref().expect("several write");
            (slot.entry.gtid.seq, seen.last_of(NodeId(1 - origin)))
        };
        own.map(|(_, slot)| seen(slot)).collect()
    };
    let (ones, twos) = (entries(0), entries(1));
    let rivals = |(seq, saw): &(u32, u32)| -> usize {
        let unseen = twos[*saw as usize..].iter();
        unseen.take_while(|(_, other_saw)| other_saw < seq).count()
    };
    let rivals: Vec<usize> = ones.iter().map(rivals).collect();
    let pairs_per_s = rivals.iter().sum::<usize>() as f64 / 4_000.0;
    assert!((pairs_per_s / 3.0 - 1.0).abs() < 0.06, "{pairs_per_s} pairs a second");
    let share = |conflicting: usize| conflicting as f64 / ones.len() as f64;
    let by_context = share(rivals.iter().filter(|count| **count > 0).count());
    assert!((by_context - 0.4512).abs() < 0.028, "{by_context}");
    // The servers found the same ones by themselves.
    let told = world
        .ledger
        .ops
        .iter()
        .filter(|op| op.conflicted && op.gtid.is_some_and(|gtid| gtid.origin == NodeId(0)));
    assert!((share(told.count()) - by_context).abs() < 0.001);
}

/// C.8: two clocks differ by up to 100 ms, evenly; a write that comes 40 ms after another, and
/// knows of it, has the earlier time if they differ by more: (100 - 40) / 200 = 0.3 of all cases.
/// Of 600 the share has a standard error of 0.019, and the bound is four of them.
#[test]
fn of_later_writes_so_many_are_lost_as_the_clocks_differ() {
    let mut lost = 0;
    for seed in 0..600 {
        let mut scenario = scenario("lww-slow-clock-loses");
        let skew = scaled(Luck(seed).draw(Purpose::Generator, 7, 0), 200_001) as i64 - 100_000;
        scenario.node = vec![NodeSpec {
            id: NodeId(1),
            clock_skew: Some(SkewSpan(skew)),
            ..NodeSpec::default()
        }];
        scenario.network.latency = Delay::Constant(Span::ms(10));
        scenario.at.truncate(2);
        scenario.at[1].time.0 = scenario.at[0].time.0 + 40_000;
        let (recording, _) = finished(scenario);
        let op = recording.head().ledger.ops.iter().next_back().expect("there are two");
        assert!(op.acknowledged() && !op.conflicted);
        lost += u32::from(op.discarded);
    }
    let share = f64::from(lost) / 600.0;
    assert!((share - 0.3).abs() < 0.076, "{share} lost");
}
