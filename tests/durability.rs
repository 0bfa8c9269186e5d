//! The ledger of durability: every write stands in exactly one way, and each way means what it
//! says.

#![cfg(not(target_arch = "wasm32"))]

use replication::base::{Luck, NodeId, OpId, Purpose, SimTime, Span, scaled};
use replication::check::generator::generate;
use replication::check::report;
use replication::form::Fields;
use replication::node::Status;
use replication::policy::{Chain, LoopFilter, Preset};
use replication::recording::{Builtin, Recording, read_scenario};
use replication::sim::{
    Command, Durability, Judge, PartitionCommand, Rate, Scenario, Stamped, WorkloadSpec, World, Yes,
};
use replication::topology::Shape;

fn builtin(name: &str) -> Recording {
    let scenario = Builtin::find(name).expect("it comes with the program").scenario();
    let mut recording = Recording::new(scenario.expect("a good file"));
    recording.finish();
    recording
}

/// How the operation of this number stands at `t`.
fn standing(recording: &mut Recording, number: u32, t: SimTime) -> Durability {
    let world = recording.at(t);
    Judge::new(world).judge(world.ledger.op(OpId(number)).expect("it was issued"))
}

#[test]
fn the_built_in_goes_through_every_way_a_write_can_stand() {
    use Durability::{AtRisk, Durable, Indeterminate, Lost, Pending, Refused, Resurrected};
    let mut run = builtin("acknowledged-is-not-durable");
    let mut course = |number: u32, at: &[u64]| -> Vec<Durability> {
        at.iter().map(|ms| standing(&mut run, number, ms * 1_000)).collect()
    };
    // On n1's disk at 1.001 s and acknowledged; its client hears of it at 1.002 s.
    assert_eq!(course(0, &[1_001, 1_005, 1_050, 9_900]), [Pending, AtRisk, Durable, Durable]);
    let only_on_n1 = course(1, &[2_500, 3_500, 4_000, 6_900, 7_000, 9_900]);
    assert_eq!(only_on_n1, [AtRisk, AtRisk, Lost, Lost, Resurrected, Resurrected]);
    assert_eq!(course(2, &[4_000, 5_199, 5_300, 9_900])[..2], [Pending, Pending]);
    assert_eq!(course(2, &[5_300, 9_900]), [Indeterminate, Indeterminate]);
    assert_eq!(course(3, &[4_600, 6_900, 7_000, 9_900]), [Durable, Durable, Lost, Lost]);
    assert_eq!(course(4, &[4_600]), [Refused]);
    let report = report(&run);
    let (lost, back) = (report.writes.lost_acknowledged, report.writes.resurrected);
    assert_eq!((lost, back, report.rpo_writes), (1, 1, 2));
    assert_eq!(report.ledger, [1, 0, 1, 1, 0, 1, 1]);
}

/// A random scenario in which an operator changes his mind: n1, which acknowledges alone and has
/// been cut off, is replaced, and later takes over again. By luck alone hardly any acknowledged
/// write is on one disk, and hardly any is lost and comes back. None where no server can be
/// replaced.
fn change_of_mind(seed: u64) -> Option<Scenario> {
    let mut scenario = generate(seed);
    let cluster = &mut scenario.cluster;
    let replaceable = match cluster.topology {
        Shape::Star | Shape::Chain | Shape::Tree => cluster.chain == Chain::Cascading,
        Shape::Ring | Shape::Custom => false,
    };
    if !replaceable {
        return None;
    }
    cluster.nodes = cluster.nodes.max(3);
    cluster.ack = Preset::Async.ack();
    cluster.failover = None;
    cluster.loop_filter = LoopFilter::Gtid;
    let own = |command: &Command| {
        matches!(
            command,
            Command::Promote(_)
                | Command::Demote(_)
                | Command::RemoveNode(_)
                | Command::Repoint(_)
                | Command::Partition(_)
                | Command::Set(_)
        ) || matches!(command, Command::Crash(node) | Command::Pause(node) if node.0 < 2)
    };
    scenario.at.retain(|stamped| !own(&stamped.command));
    scenario.client[0].home = NodeId(0);
    let client = scenario.client[0].id.clone();
    let (rate, until) = (Rate(20), Some(Span::s(4)));
    scenario.workload = vec![WorkloadSpec { client, rate, until, ..WorkloadSpec::blank() }];
    let mut time = 0;
    for (nth, command) in [
        Command::Partition(PartitionCommand { groups: vec![vec![NodeId(0)]] }),
        Command::Promote(NodeId(1)),
        Command::Promote(NodeId(0)),
        Command::Heal(Yes),
    ]
    .into_iter()
    .enumerate()
    {
        time += 300 + scaled(Luck(seed).draw(Purpose::Generator, 11, nth as u64), 600);
        scenario.at.push(Stamped { time: Span::ms(time), command });
    }
    scenario.at.sort_by_key(|stamped| stamped.time);
    Some(scenario)
}

/// What both laws are held against: anything at all, and what makes writes stand in rare ways.
fn scenarios() -> impl Iterator<Item = Scenario> {
    (0..250).map(generate).chain((0..100).filter_map(change_of_mind))
}

#[test]
fn standings_share_out_all_writes_and_agree_with_the_counts_of_the_report() {
    let mut met = [0u64; 7];
    for scenario in scenarios() {
        let seed = scenario.seed;
        let mut run = Recording::new(scenario);
        run.finish();
        let writes = report(&run).writes;
        let [durable, at_risk, lost, resurrected, pending, indeterminate, refused] =
            Judge::new(run.head()).count();
        let acknowledged = durable + at_risk + lost + resurrected;
        assert_eq!(acknowledged, writes.acknowledged, "seed {seed}");
        assert_eq!((lost, resurrected), (writes.lost_acknowledged, writes.resurrected));
        assert_eq!(pending, writes.pending, "seed {seed}");
        assert_eq!((indeterminate, refused), (writes.timed_out, writes.refused), "seed {seed}");
        for nth in 0..6 {
            let until = run.scenario().until.0;
            let t = scaled(Luck(seed).draw(Purpose::Generator, 9, nth), until.min(4_500_000));
            let world = run.at(t);
            let counts = Judge::new(world).count();
            let issued = world.ledger.ops.iter().filter(|op| op.is_write()).count() as u64;
            assert_eq!(counts.iter().sum::<u64>(), issued, "seed {seed} at {t}");
            met.iter_mut().zip(counts).for_each(|(met, count)| *met += count);
        }
    }
    let rare = met.iter().zip(Durability::ALL).filter(|(count, _)| **count < 10);
    let rare: Vec<_> = rare.collect();
    assert!(rare.is_empty(), "met too rarely to mean anything: {rare:?}");
}

/// The most advanced server that runs, as an election would find it.
fn most_advanced(world: &World, but: NodeId) -> Option<NodeId> {
    let standing = |node: &&replication::node::Node| {
        let log = &node.disk.log;
        let newest = log.gtids().newest().filter_map(|gtid| log.reigns().epoch_of(gtid)).max();
        (newest, log.gtids().len())
    };
    let up = world.nodes.iter().filter(|node| node.status == Status::Up && node.id != but);
    up.max_by_key(standing).map(|node| node.id)
}

#[test]
fn no_single_crash_loses_a_durable_write_and_some_crash_loses_one_at_risk() {
    let (mut durable, mut at_risk, mut lost) = (0, 0, 0);
    for scenario in scenarios() {
        let seed = scenario.seed;
        let one_writer = scenario.cluster.writers.as_ref().map_or(1, Vec::len) == 1;
        if !one_writer
            || scenario.cluster.loop_filter != LoopFilter::Gtid
            || scenario.cluster.failover.is_some()
        {
            continue;
        }
        let mut run = Recording::new(scenario);
        let t = scaled(Luck(seed).draw(Purpose::Generator, 10, 0), 3_900_000) + 50_000;
        let world = run.at(t).clone();
        let ring = world.topology.shape() == Shape::Ring;
        let judge = Judge::new(&world);
        let acknowledged: Vec<(OpId, Durability)> = (0..world.ledger.ops.len() as u32)
            .map(OpId)
            .filter_map(|id| Some((id, world.ledger.op(id)?)))
            .filter(|(_, op)| op.is_write())
            .map(|(id, op)| (id, judge.judge(op)))
            .collect();
        let up = world.nodes.iter().filter(|node| node.status == Status::Up);
        for crashed in up.map(|node| node.id).filter(|_| !ring) {
            let Some(next) = most_advanced(&world, crashed) else { continue };
            let mut fork = run.clone();
            fork.issue(t, Command::Crash(crashed));
            if world.primary().is_none_or(|primary| primary.id != next) {
                fork.issue(t, Command::Promote(next));
            }
            let after = fork.at(t);
            let judge = Judge::new(after);
            for (id, before) in &acknowledged {
                let now = judge.judge(after.ledger.op(*id).expect("it is still there"));
                match before {
                    Durability::Durable => {
                        durable += 1;
                        assert!(
                            now != Durability::Lost,
                            "seed {seed} at {t}: {crashed} lost {id:?}"
                        );
                    }
                    Durability::AtRisk => {
                        at_risk += 1;
                        lost += u64::from(now == Durability::Lost);
                    }
                    Durability::Lost
                    | Durability::Resurrected
                    | Durability::Pending
                    | Durability::Indeterminate
                    | Durability::Refused => {}
                }
            }
        }
    }
    assert!(durable > 1_000, "{durable} durable writes looked at");
    assert!(at_risk > 50 && lost > 10, "{lost} of {at_risk} at risk were lost");
}

#[test]
fn a_write_nobody_was_told_about_may_be_there_or_not_and_is_never_called_lost() {
    // I19. n1 dies with the write on disk, or before the write reaches it.
    let run = |crash: &str| {
        let text = format!(
            r#"
            until = "9s"
            cluster = {{ nodes = 3, ack = "sync" }}
            client = [{{ id = "a", timeout = "1s" }}]
            at = [
                {{ time = "1s", write = {{ client = "a", key = "x", value = 1 }} }},
                {{ time = "{crash}", crash = "n1" }},
                {{ time = "5s", restart = "n1" }},
            ]
            "#
        );
        let mut run = Recording::new(read_scenario(&text).expect("a good file"));
        run.finish();
        run
    };
    for (crash, there) in [("1005ms", true), ("1000500us", false)] {
        let mut run = run(crash);
        assert_eq!(standing(&mut run, 0, 1_900_000), Durability::Pending);
        for t in [2_100_000, 4_900_000, 8_900_000] {
            assert_eq!(standing(&mut run, 0, t), Durability::Indeterminate);
        }
        let rows = &report(&run).nodes["n1"].rows;
        assert_eq!(rows.get("x").is_some(), there);
        assert_eq!(report(&run).ledger[Durability::Lost as usize], 0);
    }
}

#[test]
fn one_server_alone_is_always_at_risk_and_two_are_not_once_both_have_it() {
    let run = |nodes: u16| {
        let text = format!(
            r#"
            until = "2s"
            cluster = {{ nodes = {nodes}, ack = "async" }}
            client = [{{ id = "a" }}]
            at = [{{ time = "1s", write = {{ client = "a", key = "x", value = 1 }} }}]
            "#
        );
        let mut run = Recording::new(read_scenario(&text).expect("a good file"));
        [1_005_000, 1_900_000].map(|t| standing(&mut run, 0, t))
    };
    assert_eq!(run(1), [Durability::AtRisk; 2]);
    assert_eq!(run(2), [Durability::AtRisk, Durability::Durable]);
}
