//! Laws of the simulation: what must be equal to the microsecond, and what may never be less.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;

use replication::base::{
    ClientId, Delay, Luck, NodeId, OpId, Place, Probability, Purpose, SimTime, SkewSpan, Span,
    scaled,
};
use replication::check::generator::generate;
use replication::node::{Fact, Message, Told};
use replication::policy::{Ack, Count, Point, Whose};
use replication::recording::{BUILTINS, Branches, Recording, read_scenario};
use replication::sim::{
    ClockCommand, Command, Event, Network, NetworkSpec, Queue, Record, Scenario, World, Yes,
};

fn scenario(text: &str) -> Scenario {
    read_scenario(text).unwrap_or_else(|error| panic!("{error}"))
}

fn run(scenario: &Scenario) -> Recording {
    let mut recording = Recording::new(scenario.clone());
    recording.finish();
    recording
}

fn records(recording: &Recording) -> Vec<Record> {
    recording.trace().since(0).map(|(_, record)| record).collect()
}

/// A moment of a scenario, by luck.
fn moment(scenario: &Scenario, nth: u64) -> SimTime {
    scaled(Luck(scenario.seed).draw(Purpose::Generator, 7, nth), scenario.until.0 + 1)
}

/// Built-in scenarios and some at random.
fn some_scenarios() -> impl Iterator<Item = Scenario> {
    let builtins = BUILTINS.iter().map(|builtin| builtin.scenario().expect("it is read by a test"));
    builtins.filter(|scenario| scenario.cluster.nodes <= 100).chain((500..530).map(generate))
}

#[test]
fn a_world_sought_is_the_world_of_a_fresh_run() {
    for scenario in some_scenarios() {
        let mut known = run(&scenario);
        for nth in 0..3 {
            let t = moment(&scenario, nth);
            let mut fresh = Recording::new(scenario.clone());
            assert!(known.at(t) == fresh.at(t), "{} at {t}", scenario.name);
            assert_eq!(known.at(t).digest(), fresh.head().digest());
        }
    }
}

#[test]
fn a_run_in_pieces_of_any_size_is_the_run_in_one() {
    for scenario in some_scenarios() {
        let whole = run(&scenario);
        let mut pieces = Recording::new(scenario.clone());
        let mut nth = 0;
        while pieces.head().steps < whole.head().steps {
            nth += 1;
            pieces.extend(moment(&scenario, nth), 1 + nth * 37 % 500);
            pieces.extend(scenario.until.0, 1);
        }
        assert_eq!(pieces.head().digest(), whole.head().digest(), "{}", scenario.name);
        assert!(pieces.trace() == whole.trace(), "{}", scenario.name);
    }
}

#[test]
fn a_command_typed_live_is_the_same_command_from_the_start() {
    let with_commands = (0..60).map(generate).filter(|scenario| !scenario.at.is_empty());
    for scenario in with_commands {
        let expected = run(&scenario);
        let place = scenario.at.len() / 2;
        let taken = scenario.at[place].clone();
        // Where commands share an instant, the live one comes last: take the last of them.
        if scenario.at.get(place + 1).is_some_and(|next| next.time == taken.time) {
            continue;
        }
        let mut without = scenario.clone();
        without.at.remove(place);
        for known_until in [0, taken.time.0.saturating_sub(1), taken.time.0, scenario.until.0] {
            let mut live = Recording::new(without.clone());
            live.extend(known_until, u64::MAX);
            live.issue(taken.time.0, taken.command.clone());
            live.finish();
            assert_eq!(live.scenario(), expected.scenario());
            assert!(live.trace() == expected.trace(), "{} from {known_until}", scenario.name);
            assert_eq!(live.head().digest(), expected.head().digest());
        }
    }
}

#[test]
fn commands_typed_after_the_end_prolong_the_run_as_if_they_had_always_stood_there() {
    let mut scenario = generate(3);
    scenario.workload.iter_mut().for_each(|workload| workload.until = None);
    let late = scenario.until.0 + 1_000_000;
    let mut live = run(&scenario);
    live.issue(late, Command::Heal(Yes));
    live.finish();
    let preloaded = run(live.scenario());
    assert_eq!(live.head().digest(), preloaded.head().digest());
    assert!(live.trace() == preloaded.trace());
}

#[test]
fn a_fork_in_which_nothing_new_is_done_has_the_old_future() {
    for scenario in some_scenarios() {
        let expected = run(&scenario);
        let mut branches = Branches::new(scenario.clone());
        branches.recording_mut().finish();
        let t = moment(&scenario, 4);
        // One that no scenario here has, so that the right one is taken back.
        let skew = SkewSpan(123_456);
        let command = Command::Clock(ClockCommand { node: NodeId(0), skew });
        branches.issue(t, command.clone());
        let fork = branches.recording_mut();
        let place = fork.scenario().at.iter().position(|stamped| stamped.command == command);
        fork.withdraw(place.expect("it was just issued"));
        fork.finish();
        assert!(fork.trace() == expected.trace(), "{} from {t}", scenario.name);
        assert_eq!(fork.head().digest(), expected.head().digest());
    }
}

#[test]
fn a_recording_whose_caches_are_gone_says_the_same() {
    for scenario in some_scenarios().step_by(3) {
        let mut recording = Recording::new(scenario.clone());
        recording.extend(moment(&scenario, 5), u64::MAX);
        let rebuilt = recording.rebuilt();
        assert!(rebuilt.trace() == recording.trace(), "{}", scenario.name);
        assert!(rebuilt.head() == recording.head(), "{}", scenario.name);
    }
}

const BUSY_STAR: &str = r#"
seed = 11
until = "4s"
[cluster]
nodes = 5
[network]
latency = { mean = "15ms" }
[[client]]
id = "app"
[[workload]]
client = "app"
rate = "200/s"
until = "3s"
"#;

#[test]
fn cutting_one_link_leaves_every_other_link_as_it_was_to_the_microsecond() {
    let whole = scenario(BUSY_STAR);
    let cut = scenario(&format!(
        "{BUSY_STAR}\n[[at]]\ntime = \"1s\"\ncut = {{ from = \"n1\", to = \"n3\", both = true }}\n"
    ));
    let (n1, n3) = (Place::from(NodeId(0)), Place::from(NodeId(2)));
    let elsewhere = |scenario: &Scenario| -> Vec<_> {
        let on_link = |a, b| (a, b) == (n1, n3) || (a, b) == (n3, n1);
        let all = records(&run(scenario));
        let arrivals = all.into_iter().filter(|record| record.is_arrival());
        arrivals
            .filter(|record| !on_link(record.from, record.place))
            .map(|record| (record.at, record.sent_at, record.from, record.place, record.fact))
            .collect()
    };
    let (before, after) = (elsewhere(&whole), elsewhere(&cut));
    assert!(before.len() > 2_000, "{} deliveries show little", before.len());
    assert_eq!(before, after);
    let heard = |scenario: &Scenario| {
        let all = records(&run(scenario));
        all.iter().filter(|record| record.place == n3 && record.is_arrival()).count()
    };
    assert!(heard(&cut) < heard(&whole) / 2, "the cut itself must be felt");
}

#[test]
fn the_loss_dial_moves_no_latency_of_a_message_that_arrives_either_way() {
    let (from, to) = (Place::from(NodeId(0)), Place::from(NodeId(1)));
    let arrivals = |loss: u32| -> BTreeMap<u32, SimTime> {
        let mut network = Network::new(&NetworkSpec {
            latency: Delay::Exponential { mean: Span::ms(9) },
            loss: Probability::percent(loss),
            ..NetworkSpec::default()
        });
        let mut queue = Queue::default();
        for nth in 0..2_000u64 {
            let fence = Message::Fence(1);
            network.send((nth * 1_000, Luck(5)), &[], (from, to), fence, 0, &mut queue);
        }
        let delivered = queue.iter().filter_map(|(at, event)| match event {
            Event::Deliver(envelope) => Some((envelope.nth, at)),
            Event::Lose(..) | Event::Timer { .. } | Event::Arrival(_) | Event::Patience(_) => None,
        });
        delivered.collect()
    };
    let (all, some) = (arrivals(0), arrivals(30));
    assert_eq!(all.len(), 2_000);
    assert!((1_200..1_600).contains(&some.len()), "{} of 2,000 arrived", some.len());
    assert!(some.iter().all(|(nth, at)| all[nth] == *at));
}

/// When the client was told ok, by operation.
fn told_ok(recording: &Recording) -> BTreeMap<OpId, SimTime> {
    let told = records(recording).into_iter().filter_map(|record| match record.fact {
        Fact::Told { op, told: Told::Ok } => Some((op, record.at)),
        _ => None,
    });
    told.collect()
}

#[test]
fn async_answers_as_fast_whether_there_are_none_one_or_ten_replicas_up_or_down() {
    let with = |nodes: u16, faults: &str| {
        let text = BUSY_STAR.replace("nodes = 5", &format!("nodes = {nodes}")) + faults;
        let recording = run(&scenario(&text));
        assert_eq!(recording.head().client("app").map(|client| client.id), Some(ClientId(0)));
        told_ok(&recording)
    };
    let crashes: String = (2..=11)
        .map(|node| format!("\n[[at]]\ntime = \"{node}00ms\"\ncrash = \"n{node}\"\n"))
        .collect();
    let alone = with(1, "");
    assert!(alone.len() > 500);
    assert_eq!(alone, with(2, ""));
    assert_eq!(alone, with(11, ""));
    assert_eq!(alone, with(11, &crashes));
}

fn with_ack(text: &str, count: Count, point: Point) -> Recording {
    let mut scenario = scenario(text);
    scenario.cluster.ack = Ack { count, point, ..Ack::default() };
    run(&scenario)
}

/// Keepalives would number the messages differently from one rule to another.
const SLOW_REPLICAS: &str = r#"
seed = 4
until = "60s"
[cluster]
nodes = 6
apply_delay = { mean = "4ms" }
flush_delay = { mean = "2ms" }
keepalive = "30m"
[network]
latency = { mean = "12ms" }
[[client]]
id = "app"
timeout = "1m"
[[workload]]
client = "app"
rate = "60/s"
until = "30s"
"#;

#[test]
fn a_later_point_never_acknowledges_a_write_earlier() {
    for count in [Count::Of(1), Count::Of(3), Count::Majority, Count::All] {
        let rules = [
            with_ack(SLOW_REPLICAS, Count::None, Point::Flushed),
            with_ack(SLOW_REPLICAS, count, Point::Received),
            with_ack(SLOW_REPLICAS, count, Point::Flushed),
            with_ack(SLOW_REPLICAS, count, Point::Applied),
        ];
        let told: Vec<_> = rules.iter().map(told_ok).collect();
        assert!(told[0].len() > 1_500);
        for pair in told.windows(2) {
            assert_eq!(pair[0].len(), pair[1].len());
            assert!(pair[0].iter().all(|(op, at)| *at <= pair[1][op]), "{count:?}");
        }
        // Not by being the same: each point costs something.
        for pair in told.windows(2) {
            let sum = |told: &BTreeMap<OpId, SimTime>| told.values().sum::<u64>();
            assert!(sum(&pair[0]) < sum(&pair[1]), "{count:?}");
        }
    }
}

/// One write at a time, so that each ack speaks of one: who confirmed each write and when, in the
/// order in which the primary learned it, and when it committed.
fn acks_and_commits(ack: Ack) -> Vec<(Vec<(NodeId, SimTime)>, SimTime)> {
    let text = SLOW_REPLICAS.replace("60/s", "1/s").replace("\"60s\"", "\"10m\"");
    let text = text.replace("until = \"30s\"", "arrivals = \"steady\"\nuntil = \"5m\"");
    let mut scenario = scenario(&text);
    scenario.cluster.ack = ack;
    let recording = run(&scenario);
    let mut confirmed: BTreeMap<_, Vec<(NodeId, SimTime)>> = BTreeMap::new();
    let mut committed = BTreeMap::new();
    for record in records(&recording) {
        match record.fact {
            Fact::Confirmed { gtid, of, .. } => {
                confirmed.entry(gtid).or_default().push((of, record.at));
            }
            Fact::Committed { gtid, .. } => {
                committed.insert(gtid, record.at);
            }
            _ => {}
        }
    }
    assert_eq!(committed.len(), 301);
    let told = committed.into_iter().map(|(gtid, at)| (confirmed.remove(&gtid), at));
    let told = told.map(|(acks, at)| (acks.unwrap_or_default(), at)).collect::<Vec<_>>();
    assert!(told.iter().all(|(acks, _)| acks.len() == 5));
    told
}

#[test]
fn any_k_commits_with_the_kth_ack_and_no_later() {
    for k in 1..=5u16 {
        let ack = Ack { count: Count::Of(k), point: Point::Flushed, ..Ack::default() };
        for (acks, at) in acks_and_commits(ack) {
            assert_eq!(acks[usize::from(k) - 1].1, at, "k = {k}");
        }
    }
}

#[test]
fn first_k_commits_with_the_largest_of_the_first_k() {
    for k in 1..=5u16 {
        let ack = Ack { count: Count::Of(k), from: Whose::First, ..Ack::default() };
        let ack = Ack { point: Point::Flushed, ..ack };
        let told = acks_and_commits(ack);
        for (acks, at) in &told {
            // The primary is n1; the first k are n2 and those after it.
            let first = acks.iter().filter(|(of, _)| of.index() <= usize::from(k));
            assert_eq!(first.map(|(_, at)| *at).max(), Some(*at), "k = {k}");
        }
        // Which is later than any k in some run, except for all of them.
        let later = told.iter().any(|(acks, at)| acks[usize::from(k) - 1].1 < *at);
        assert_eq!(later, k < 5, "k = {k}");
    }
}

/// What a world tells while it runs to a scenario's end, without a recording.
fn told(scenario: &Scenario) -> Vec<Record> {
    let (mut world, mut told) = (World::new(scenario), Vec::new());
    let mut commands = scenario.at.iter().enumerate().peekable();
    loop {
        let command_at = commands.peek().map(|(_, stamped)| stamped.time.0);
        let next = [command_at, world.next_at()].into_iter().flatten().min();
        let Some(at) = next.filter(|at| *at <= scenario.until.0 && world.limit.is_none()) else {
            return told;
        };
        match commands.next_if(|(_, stamped)| stamped.time.0 <= at) {
            Some((number, stamped)) => {
                world.execute(at, number as u32, &stamped.command, &mut |one| told.push(one))
            }
            None => {
                world.step(&mut |one| told.push(one));
            }
        }
    }
}

/// A server stands still for three hours: what arrived before is applied long after.
const LONG_PAUSE: &str = r#"
until = "240m"
[cluster]
nodes = 3
ack = { count = 2, point = "applied" }
keepalive = "10m"
[[client]]
id = "app"
timeout = "60m"
[[at]]
time = "1ms"
pause = "n2"
[[at]]
time = "2ms"
write = { client = "app", key = "k", value = 1 }
[[at]]
time = "180m"
resume = "n2"
"#;

#[test]
fn a_trace_gives_back_every_record_as_it_was_told() {
    let long = scenario(LONG_PAUSE);
    for scenario in some_scenarios().chain([long]) {
        let told = told(&scenario);
        let mut recording = run(&scenario);
        assert!(told == records(&recording), "{}", scenario.name);
        // And still does once a part has been forgotten and told again.
        recording.issue(scenario.until.0 / 2, Command::Heal(Yes));
        let kept = recording.trace().len();
        assert!(told[..kept] == records(&recording), "{}", scenario.name);
    }
    let long = told(&scenario(LONG_PAUSE));
    let late = long.iter().filter(|record| record.at - record.sent_at > u64::from(u32::MAX));
    assert!(late.count() > 0, "nothing took longer than 71 minutes");
}

#[test]
fn a_world_is_a_value_and_looking_changes_nothing() {
    let scenario = generate(42);
    let mut recording = run(&scenario);
    let digest = recording.head().digest();
    let copy: World = recording.head().clone();
    for nth in 0..20 {
        recording.at(moment(&scenario, nth));
    }
    assert_eq!(recording.head().digest(), digest);
    assert!(*recording.head() == copy);
}
