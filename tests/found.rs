//! What must be able to fail, found: the negative halves of SEMANTICS B. Each is a family of random
//! scenarios, the generator's with a bias, and a number of seeds within which one goes wrong.
//!
//! `MINIMAL=1 cargo test --test found -- --nocapture` prints the smallest scenario of each.

#![cfg(not(target_arch = "wasm32"))]

use replication::base::{Luck, NodeId, Probability, Purpose, Span, scaled};
use replication::check::generator::generate;
use replication::check::{Guarantees, Verdict, guarantees, smallest};
use replication::node::{Fact, Told};
use replication::policy::{
    Ack, Candidate, Conflict, Count, Failover, LoopFilter, OnTimeout, Point, ReadPolicy, Rejoin,
};
use replication::recording::{Recording, to_toml};
use replication::sim::{
    Command, Outcome, PartitionCommand, Rate, Scenario, Skew, Stamped, WorkloadSpec, World, Yes,
    validate,
};
use replication::topology::Shape;

fn run(scenario: &Scenario) -> Recording {
    let mut recording = Recording::new(scenario.clone());
    recording.finish();
    recording
}

/// The first of so many seeds whose run goes wrong in the way asked for.
fn found(within: u64, make: impl Fn(u64) -> Scenario, wrong: impl Fn(&Recording) -> bool) -> u64 {
    let seed = (0..within).find(|seed| wrong(&run(&make(*seed))));
    let seed = seed.unwrap_or_else(|| panic!("nothing went wrong within {within} seeds"));
    if std::env::var_os("MINIMAL").is_some() {
        let mut still = |scenario: &Scenario| validate(scenario).is_ok() && wrong(&run(scenario));
        let small = smallest(&make(seed), &mut still);
        println!("\n# Within {within} seeds; made smaller from seed {seed}.\n{}", to_toml(&small));
    }
    seed
}

/// A number below a bound, from the seed alone.
fn roll(seed: u64, nth: u64, below: u64) -> u64 {
    scaled(Luck(seed).draw(Purpose::Generator, 11, nth), below)
}

fn stamped(ms: u64, command: Command) -> Stamped {
    Stamped { time: Span::ms(ms), command }
}

/// A random star of three servers or more with luck's network and disks, one primary, no faults but
/// those a family adds, and two clients beside the primary that write the same few keys.
fn star(seed: u64) -> Scenario {
    let mut scenario = generate(seed);
    let cluster = &mut scenario.cluster;
    cluster.topology = Shape::Star;
    cluster.stream.clear();
    cluster.nodes = cluster.nodes.max(3);
    (cluster.writers, cluster.failover, cluster.loop_filter) = (None, None, LoopFilter::Gtid);
    // A rule may discard what every server has, for the clock of a later primary, say.
    cluster.conflict = Conflict::None;
    scenario.at.clear();
    scenario.until = Span::s(7);
    let mut client = scenario.client[0].clone();
    client.home = NodeId(0);
    scenario.client = vec![client.clone(), client];
    scenario.client[1].id = "other".into();
    let workload = |client: &str| WorkloadSpec {
        client: client.into(),
        rate: Rate(30),
        arrivals: Default::default(),
        reads: Probability::percent(50),
        keys: 3,
        skew: Skew::Zipf,
        from: Span::ms(0),
        until: Some(Span::s(4)),
    };
    scenario.workload = vec![workload(&scenario.client[0].id.clone()), workload("other")];
    scenario
}

/// How many acknowledged writes are lost that were acknowledged with the replicas asked for, or
/// without.
fn lost(recording: &Recording, told: Told) -> usize {
    let ops = recording.head().ledger.ops.iter();
    ops.filter(|op| op.lost && matches!(op.outcome, Outcome::Told(how, _) if how == told)).count()
}

/// Semi-sync without a timeout, k received; the primary and k - 1 replicas die at once, and one of
/// the survivors is promoted.
fn semi_sync_death(seed: u64, choose: impl Fn(&World, &[NodeId]) -> NodeId) -> Scenario {
    let mut scenario = star(seed);
    scenario.cluster.retention = None;
    let replicas = u64::from(scenario.cluster.nodes) - 1;
    let k = 1 + roll(seed, 0, replicas - 1) as u16;
    let (count, point) = (Count::Of(k), Point::Flushed);
    scenario.cluster.ack = Ack { count, point, ..Ack::default() };
    let mut alive: Vec<NodeId> = (1..=replicas as u16).map(NodeId).collect();
    let mut dead = vec![NodeId(0)];
    for nth in 1..u64::from(k) {
        dead.push(alive.remove(roll(seed, nth, alive.len() as u64) as usize));
    }
    let ms = 1_000 + roll(seed, 90, 2_000);
    scenario.at = dead.into_iter().map(|node| stamped(ms, Command::Crash(node))).collect();
    let mut recording = Recording::new(scenario.clone());
    let chosen = choose(recording.at(ms * 1_000), &alive);
    scenario.at.push(stamped(ms, Command::Promote(chosen)));
    scenario
}

/// I11 and I12. Half of the runs have k below the number of survivors, and then one of those may
/// lack the newest write.
#[test]
fn an_arbitrary_survivor_loses_what_the_most_advanced_keeps() {
    let by_lot = |seed| {
        let lot =
            move |_: &World, alive: &[NodeId]| alive[roll(seed, 91, alive.len() as u64) as usize];
        semi_sync_death(seed, lot)
    };
    found(25, by_lot, |recording| lost(recording, Told::Ok) > 0);
    let most_advanced = |world: &World, alive: &[NodeId]| {
        let has = |node: &NodeId| world.nodes[node.index()].memory.received.len();
        alive.iter().copied().max_by_key(has).unwrap_or_default()
    };
    for seed in 0..50 {
        let recording = run(&semi_sync_death(seed, most_advanced));
        assert_eq!(lost(&recording, Told::Ok), 0, "seed {seed}");
        assert!(recording.head().epoch == 2, "seed {seed}: nobody was promoted");
    }
}

/// I14. The replicas are cut off for longer than the timeout; then the primary dies.
#[test]
fn a_semi_sync_timeout_loses_an_acknowledged_write() {
    let family = |seed| {
        let mut scenario = star(seed);
        let timeout = Some(Span::ms(50 + roll(seed, 0, 400)));
        let (count, point, on_timeout) = (Count::Of(1), Point::Received, OnTimeout::Async);
        scenario.cluster.ack = Ack { count, point, timeout, on_timeout, ..Ack::default() };
        let groups = vec![vec![NodeId(0)]];
        let cut_at = 500 + roll(seed, 1, 1_000);
        scenario.at = vec![
            stamped(cut_at, Command::Partition(PartitionCommand { groups })),
            stamped(cut_at + 1_000, Command::Crash(NodeId(0))),
            stamped(cut_at + 1_000, Command::Promote(NodeId(1))),
        ];
        scenario
    };
    found(5, family, |recording| lost(recording, Told::OkDegraded) > 0);
    // Who is told that much and no more is not lied to: what waits for ever is not lost.
    let patient = |seed| {
        let mut scenario = family(seed);
        scenario.cluster.ack.on_timeout = OnTimeout::Wait;
        scenario
    };
    for seed in 0..25 {
        let cut_off = run(&patient(seed));
        let told_late = cut_off.head().ledger.ops.iter().filter(|op| {
            op.is_write() && op.acknowledged() && op.sent_at > patient(seed).at[0].time.0
        });
        let by_the_dead =
            told_late.filter(|op| op.gtid.is_some_and(|gtid| gtid.origin == NodeId(0)));
        assert_eq!(by_the_dead.count(), 0, "seed {seed}");
    }
}

fn broken(recording: &Recording, judge: fn(&Guarantees) -> Verdict) -> bool {
    judge(&guarantees(recording)) == Verdict::Broken
}

/// I16. One replica shows a write before it is acknowledged, then another still shows the old one.
#[test]
fn sync_all_at_apply_with_reads_anywhere_is_not_linearizable() {
    let family = |seed| {
        let mut scenario = star(seed);
        let (count, point) = (Count::All, Point::Applied);
        scenario.cluster.ack = Ack { count, point, ..Ack::default() };
        scenario.client.iter_mut().for_each(|client| client.read = ReadPolicy::Any);
        scenario
    };
    found(10, family, |recording| broken(recording, |found| found.linearizable.holds));
}

/// A primary that is cut off with too few, by luck alone or with one other, and comes back.
fn minority(seed: u64, ack: Ack, quorum: bool, fencing: bool) -> Scenario {
    let mut scenario = star(seed);
    scenario.cluster.nodes = scenario.cluster.nodes.max(5);
    scenario.cluster.ack = ack;
    scenario.network.latency = replication::base::Delay::Constant(Span::ms(5));
    scenario.network.link.clear();
    let heartbeat = Span::ms(30 + roll(seed, 0, 70));
    scenario.cluster.failover = Some(Failover {
        heartbeat,
        timeout: Span(heartbeat.0 * 4),
        quorum,
        fencing,
        rejoin: Rejoin::Rewind,
        candidate: Candidate::MostAdvanced,
        as_written: false,
    });
    let mut side = vec![NodeId(0)];
    side.extend((roll(seed, 1, 2) == 0).then_some(NodeId(1)));
    // One client stays with the old primary, the other is on the larger side.
    scenario.client[1].home = NodeId(4);
    let cut_at = 1_000 + roll(seed, 2, 500);
    let partition = PartitionCommand { groups: vec![side] };
    scenario.at = vec![
        stamped(cut_at, Command::Partition(partition)),
        stamped(cut_at + 2_000, Command::Heal(Yes)),
    ];
    scenario
}

/// I23, I26. The one side of the claim is an invariant held at every step of every run.
#[test]
fn a_minority_side_acknowledges_writes_that_are_rolled_back_later() {
    let rolled_back = |recording: &Recording| {
        let ops = recording.head().ledger.ops.iter();
        ops.filter(|op| op.acknowledged() && op.discarded).count()
    };
    let asynchronous = |seed| minority(seed, Ack::default(), true, true);
    found(5, asynchronous, |recording| rolled_back(recording) > 0);
    let majority = Ack { count: Count::Majority, ..Ack::default() };
    for seed in 0..25 {
        let recording = run(&minority(seed, majority, true, true));
        assert!(recording.head().epoch > 1, "seed {seed}: nobody was elected");
        assert_eq!(rolled_back(&recording), 0, "seed {seed}");
    }
}

/// Whether two servers acknowledge writes in turn, and lead to the end with different rows, healed
/// by then.
fn two_lead(recording: &Recording) -> bool {
    let world = recording.head();
    let leads = world.nodes.iter().filter(|node| node.is_primary());
    let stores: Vec<_> = leads.map(|node| &node.disk.store).collect();
    let committed = recording.trace().since(0).filter_map(|(_, record)| match record.fact {
        Fact::Committed { .. } => record.place.node(),
        _ => None,
    });
    let places: Vec<NodeId> = committed.collect();
    let turns = places.windows(2).filter(|pair| pair[0] != pair[1]).count();
    let healed = world.network.breach.groups().is_empty();
    healed && stores.len() > 1 && stores.iter().any(|store| *store != stores[0]) && turns > 1
}

/// I25.
#[test]
fn without_fencing_two_primaries_acknowledge_and_differ() {
    let unfenced = |seed| minority(seed, Ack::default(), false, false);
    found(5, unfenced, two_lead);
    for (quorum, fencing) in [(true, true), (false, true)] {
        for seed in 0..25 {
            let recording = run(&minority(seed, Ack::default(), quorum, fencing));
            let leads = recording.head().nodes.iter().filter(|node| node.is_primary()).count();
            assert_eq!(leads, 1, "seed {seed}, quorum {quorum}");
        }
    }
}

/// I47.
#[test]
fn reads_in_turn_miss_what_the_client_wrote_and_what_it_has_seen() {
    let family = |seed| {
        let mut scenario = star(seed);
        scenario.cluster.ack = Ack::default();
        scenario.client.iter_mut().for_each(|client| client.read = ReadPolicy::RoundRobin);
        scenario
    };
    found(10, family, |recording| broken(recording, |found| found.read_your_writes.holds));
    found(10, family, |recording| broken(recording, |found| found.monotonic_reads.holds));
}

/// I47. Each write is read half a second later by its own client, and by nobody else.
#[test]
fn half_a_second_of_sleep_is_no_token() {
    let family = |seed| {
        let mut scenario = star(seed);
        scenario.cluster.ack = Ack::default();
        scenario.cluster.keepalive = Span::ms(400);
        scenario.network.loss = Probability::percent(20);
        scenario.workload.clear();
        scenario.client[0].read = ReadPolicy::RoundRobin;
        let client = scenario.client[0].id.clone();
        for nth in 0..6 {
            let (client, key) = (client.clone(), format!("k{nth}"));
            let value = replication::data::Value::Number(nth as i64);
            let write = replication::sim::WriteCommand {
                client: client.clone(),
                key: key.clone(),
                value,
                to: None,
                ack: None,
            };
            scenario.at.push(stamped(nth * 600, Command::Write(write)));
            let read = replication::sim::ReadCommand { client, key, at: None, to: None };
            scenario.at.push(stamped(nth * 600 + 500, Command::Read(read)));
        }
        scenario
    };
    found(25, family, |recording| broken(recording, |found| found.read_your_writes.holds));
    let with_token = |seed| {
        let mut scenario = family(seed);
        scenario.client[0].read = ReadPolicy::WaitForReplication;
        scenario
    };
    for seed in 0..50 {
        assert!(!broken(&run(&with_token(seed)), |found| found.read_your_writes.holds));
    }
}
