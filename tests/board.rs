//! The operator's board: bytes of links, ledger, conflicts and each server's vitals say what the
//! report says, at every instant.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;

use replication::base::{Luck, NodeId, Purpose, SimTime, scaled};
use replication::check::generator::generate;
use replication::check::{Conflicts, Heard, SECOND_US, loads, report, vitals};
use replication::data::Gtid;
use replication::node::{Fact, Told};
use replication::recording::{Recording, read_scenario};
use replication::sim::{Durability, Judge, Outcome, World};

/// Runs of anything at all, each with some instants to look at.
fn runs() -> impl Iterator<Item = (Recording, Vec<SimTime>)> {
    (0..60).map(|seed| {
        let mut run = Recording::new(generate(seed));
        run.finish();
        let until = run.scenario().until.0;
        let at = |nth| scaled(Luck(seed).draw(Purpose::Generator, 21, nth), until.min(4_500_000));
        (run, (0..6).map(at).chain([until]).collect())
    })
}

fn second_ago(run: &mut Recording, t: SimTime) -> Option<World> {
    Some(World::clone(&*run.moment_beside(t.checked_sub(SECOND_US)?)))
}

#[test]
fn the_bytes_of_all_links_are_those_the_report_counts() {
    let mut busy = 0;
    for (mut run, instants) in runs() {
        let seed = run.scenario().seed;
        for t in instants {
            let before = second_ago(&mut run, t);
            let world = run.at(t);
            let loads = loads(world, before.as_ref());
            let traffic = world.network.traffic;
            let all = traffic.log_bytes + traffic.ack_bytes + traffic.control_bytes;
            assert_eq!(loads.iter().map(|load| load.bytes).sum::<u64>(), all, "seed {seed} at {t}");
            assert!(loads.is_sorted_by_key(|load| u64::MAX - load.bytes), "seed {seed} at {t}");
            for load in &loads {
                let sender = &world.nodes[load.from.index()];
                let sent = |world: &World| {
                    let mut links = world.network.links();
                    let ends = (load.from.into(), load.to.into());
                    let link = links.find(|(from, link)| (*from, link.to) == ends);
                    link.map_or(0, |(_, link)| link.bytes)
                };
                let lately = load.bytes - before.as_ref().map_or(0, sent);
                assert_eq!(load.lately, sender.status.runs().then_some(lately), "seed {seed}");
                busy += u64::from(lately > 0 && load.in_flight > 0);
            }
        }
        let (report, loads) = (report(&run), loads(run.head(), None));
        let bytes: u64 = loads.iter().map(|load| load.bytes).sum();
        assert_eq!(bytes, report.bytes.log + report.bytes.ack + report.bytes.control);
    }
    assert!(busy > 50, "{busy} links had anything to say");
}

#[test]
fn a_link_s_second_is_measured_against_what_it_can_carry() {
    let scenario = "
        until = '3s'
        cluster = { nodes = 2 }
        network = { latency = '50ms', bandwidth = '1Mbit/s' }
        client = [{ id = 'a' }]
        workload = [{ client = 'a', rate = '50/s' }]
        at = [{ time = '2s', crash = 'n1' }]
    ";
    let mut run = Recording::new(read_scenario(scenario).expect("it is valid"));
    let before = second_ago(&mut run, 1_900_000);
    let busy = loads(run.at(1_900_000), before.as_ref())[0];
    let lately = busy.lately.expect("it runs");
    assert_eq!((busy.from, busy.to), (NodeId(0), NodeId(1)));
    assert_eq!(busy.percent, Some(lately * 8 * 100 / 1_000_000));
    assert!(lately > 5_000 && lately < busy.bytes && busy.in_flight > 0, "{busy:?}");
    // One that is down tells no rate, though bytes of its last second are still on their way.
    let before = second_ago(&mut run, 2_010_000);
    let quiet = loads(run.at(2_010_000), before.as_ref())[0];
    assert_eq!((quiet.lately, quiet.percent), (None, None));
    assert!(quiet.in_flight > 0);
}

#[test]
fn the_ledger_shares_out_the_writes_told_ok_at_any_instant_and_agrees_with_the_report() {
    for (mut run, instants) in runs() {
        let seed = run.scenario().seed;
        for t in instants {
            let head = run.head().clone();
            let trace = run.trace().clone();
            let counts = Judge::new(run.at(t)).count();
            let told = trace.between(0, t + 1).filter(|(_, record)| match record.fact {
                Fact::Told { op, told: told @ (Told::Ok | Told::OkDegraded) } => head
                    .ledger
                    .op(op)
                    .is_some_and(|op| op.outcome == Outcome::Told(told, record.at)),
                _ => false,
            });
            let acknowledged: u64 = counts[..4].iter().sum();
            assert_eq!(acknowledged, told.count() as u64, "seed {seed} at {t}");
        }
        assert_eq!(Judge::new(run.head()).count(), report(&run).ledger, "seed {seed}");
        assert_eq!(Conflicts::of(run.head()).found, report(&run).writes.conflicts, "seed {seed}");
    }
}

#[test]
fn what_a_server_answered_and_heard_is_what_the_trace_says() {
    let (mut answers, mut heards) = (0, 0);
    for (mut run, instants) in runs() {
        let seed = run.scenario().seed;
        for t in instants {
            let trace = run.trace().clone();
            let world = run.at(t).clone();
            let all = vitals(&world, &trace, t);
            let since = (t + 1).saturating_sub(SECOND_US);
            for (node, vitals) in world.nodes.iter().zip(&all) {
                let mut counts = [0; 2];
                let mut seen = BTreeSet::new();
                for (_, record) in trace.between(0, t + 1) {
                    let Fact::Told { op, told } = record.fact else { continue };
                    let booked = world.ledger.op(op).expect("it was issued");
                    let good = matches!(told, Told::Ok | Told::OkDegraded | Told::Value);
                    let first = seen.insert(op);
                    if first && good && record.at >= since && booked.target == Some(node.id) {
                        counts[usize::from(!booked.is_write())] += 1;
                    }
                }
                let runs = node.status.runs();
                assert_eq!(vitals.answered, runs.then_some(counts), "seed {seed}, {}", node.id);
                assert_eq!(vitals.to_apply.is_some(), runs, "seed {seed}, {}", node.id);
                answers += counts[0] + counts[1];
                let arrivals = trace.between(0, t + 1).filter(|(_, record)| {
                    let from = record.from.node().filter(|_| record.is_arrival());
                    let from = from.filter(|from| node.disk.sources.contains(from));
                    record.place == node.id.into() && from.is_some()
                });
                let last = arrivals.map(|(_, record)| record.at).last();
                match vitals.heard {
                    Heard::Nobody => assert!(!runs || node.disk.sources.is_empty()),
                    Heard::Never => assert_eq!(last, None, "seed {seed}, {}", node.id),
                    Heard::Before(at) => assert!(last <= Some(at), "seed {seed}, {}", node.id),
                    Heard::At(at) => {
                        heards += 1;
                        assert_eq!(last, Some(at), "seed {seed}, {}", node.id);
                    }
                }
            }
        }
    }
    assert!(answers > 200 && heards > 200, "{answers} answers, {heards} contacts");
}

/// Acknowledged entries on this server's disk and on no other, counted one by one.
fn alone(world: &World, node: NodeId) -> u64 {
    let on = |node: NodeId, gtid: Gtid| world.nodes[node.index()].disk.log.gtids().contains(gtid);
    let members = || world.nodes.iter().filter(|node| node.is_member()).map(|node| node.id);
    let alone = world.ledger.acknowledged.iter().filter(|gtid| {
        let holders: Vec<NodeId> = members().filter(|node| on(*node, *gtid)).collect();
        holders == [node] && !world.ledger.absent.contains(*gtid)
    });
    alone.count() as u64
}

#[test]
fn a_server_alone_holds_what_no_other_disk_has_and_that_is_never_called_durable() {
    let (mut some, mut none) = (0, 0);
    for (mut run, instants) in runs() {
        let seed = run.scenario().seed;
        for t in instants {
            let trace = run.trace().clone();
            let world = run.at(t);
            let all = vitals(world, &trace, t);
            for (node, vitals) in world.nodes.iter().zip(&all) {
                assert_eq!(vitals.alone, alone(world, node.id), "seed {seed} at {t}, {}", node.id);
                let positions = [vitals.applied, vitals.logged, vitals.received];
                assert!(positions.is_sorted(), "seed {seed} at {t}, {}: {vitals:?}", node.id);
                some += u64::from(vitals.alone > 0);
                none += u64::from(vitals.alone == 0);
            }
            let judge = Judge::new(world);
            let durable = world
                .ledger
                .ops
                .iter()
                .filter(|op| op.is_write() && judge.judge(op) == Durability::Durable);
            for op in durable {
                let gtid = op.gtid.expect("it is on a disk");
                let holders = world.nodes.iter().filter(|n| n.disk.log.gtids().contains(gtid));
                assert!(holders.count() >= 2, "seed {seed} at {t}");
            }
        }
    }
    assert!(some > 10 && none > 300, "{some} servers with something of their own, {none} without");
}

#[test]
fn looking_at_the_second_before_changes_nothing() {
    for (mut run, instants) in runs().take(20) {
        for t in instants {
            let plain = run.at(t).digest();
            let before = second_ago(&mut run, t).map(|world| world.digest());
            assert_eq!(run.at(t).digest(), plain);
            if let Some(before) = before {
                assert_eq!(run.at(t - SECOND_US).digest(), before);
            }
        }
    }
}
