//! The invariants looked at themselves: the table in `docs/invariants.md` names what is there, and
//! each invariant fails once a run is made untrue.

#![cfg(not(target_arch = "wasm32"))]

mod always;
mod at_rest;
mod table;

use std::collections::BTreeMap;

use replication::base::{NodeId, Span};
use replication::check::generator::generate;
use replication::check::vopr::rests;
use replication::check::{Checker, INVARIANTS, Violation};
use replication::data::{Gtid, GtidSet, Log, Slot};
use replication::node::Fact;
use replication::policy::{Ack, Candidate, Chain, Count, Failover, LoopFilter, Point, Rejoin};
use replication::recording::Recording;
use replication::sim::{Command, Record, Scenario, Stamped, World};
use replication::topology::Shape;

/// Makes a step untrue in one way, if it gives occasion to: its world, and what it told.
type Lie = fn(&mut World, &mut Vec<Record>) -> bool;

/// Random runs within which each lie finds a step that it can be told in, and is noticed.
const SEEDS: u64 = 60;
/// Steps of one run in which a lie is told that nobody notices, before another run is tried.
const TRIES: u32 = 20;

/// A random run; some are of the kind that a few invariants speak of alone.
fn scenario(seed: u64) -> Scenario {
    if seed % 12 == 3 {
        let is_proper = |one: &Scenario| one.cluster.chain == Chain::Proper;
        let mut proper = (100 * seed..).map(generate).filter(is_proper);
        return proper.find(|one| one.cluster.nodes > 2).expect("one in some thirty is");
    }
    let mut scenario = generate(seed / 3);
    if seed.is_multiple_of(3) {
        return scenario;
    }
    let cluster = &mut scenario.cluster;
    cluster.topology = Shape::Star;
    cluster.stream.clear();
    (cluster.writers, cluster.loop_filter, cluster.failover) = (None, LoopFilter::Gtid, None);
    scenario.at.retain_mut(|stamped| match &mut stamped.command {
        Command::Promote(_) | Command::Demote(_) => false,
        // Who votes and what a majority is stays as it was where servers elect.
        Command::AddNode(_) | Command::RemoveNode(_) => seed % 3 == 1,
        Command::Set(dials) => {
            dials.ack = None;
            true
        }
        _ => true,
    });
    let (count, point) = match seed % 3 {
        1 => (Count::All, Point::Applied),
        _ => {
            cluster.failover = Some(Failover {
                heartbeat: Span::ms(100),
                timeout: Span::ms(300),
                quorum: true,
                fencing: true,
                rejoin: Rejoin::Rewind,
                candidate: Candidate::MostAdvanced,
                as_written: false,
            });
            let (time, command) = (Span::ms(500), Command::Crash(NodeId(0)));
            scenario.at.push(Stamped { time, command });
            (Count::Majority, Point::Flushed)
        }
    };
    cluster.ack = Ack { count, point, ..Ack::default() };
    scenario
}

/// Which of the lies are never noticed by the invariant they offend.
fn unnoticed<'a>(lies: &'a [(&'a str, Lie)], rest: bool) -> Vec<&'a str> {
    let mut left: Vec<&(&str, Lie)> = lies.iter().collect();
    let mut told: Vec<Record> = Vec::new();
    for seed in 0..SEEDS {
        let scenario = scenario(seed);
        let mut recording = Recording::new(scenario.clone());
        let mut checker = Checker::new(&scenario, recording.head());
        let mut tried: BTreeMap<&str, u32> = BTreeMap::new();
        let mut done = false;
        while !done && !left.is_empty() {
            let known = recording.trace().len() as u32;
            done = recording.extend(scenario.until.0, 1);
            told.clear();
            told.extend(recording.trace().since(known).map(|(_, record)| record));
            if !rest && !done && !told.is_empty() {
                left.retain(|lie| {
                    let told_before = tried.entry(lie.0).or_insert(0);
                    let (untrue, noticed) = match *told_before < TRIES {
                        true => tell_lie(&mut checker, recording.head(), &told, lie, false),
                        false => (false, false),
                    };
                    *told_before += u32::from(untrue);
                    !noticed
                });
            }
            checker.observe(recording.head(), &told).unwrap_or_else(|broken| panic!("{broken}"));
        }
        if rest && rests(&scenario, recording.head()) {
            left.retain(|lie| !tell_lie(&mut checker, recording.head(), &[], lie, true).1);
        }
    }
    left.into_iter().map(|(name, _)| *name).collect()
}

/// Whether it could be told, and whether the invariant it offends noticed.
fn tell_lie(
    checker: &mut Checker,
    world: &World,
    told: &[Record],
    (name, lie): &(&str, Lie),
    rest: bool,
) -> (bool, bool) {
    let (mut world, mut told) = (world.clone(), told.to_vec());
    let untrue = lie(&mut world, &mut told);
    let noticed = |broken: &Violation| broken.name == *name;
    (untrue, untrue && checker.broken(&world, &told, rest).iter().any(noticed))
}

#[test]
fn each_invariant_that_holds_at_every_step_notices_its_own_lie() {
    assert_eq!(unnoticed(always::LIES, false), <[&str; 0]>::default());
}

#[test]
fn each_invariant_of_rest_notices_its_own_lie() {
    assert_eq!(unnoticed(at_rest::LIES, true), <[&str; 0]>::default());
}

/// Invariants that no lie has been thought of for. A new one may stand here for a while, no longer.
const UNTRIED: &[&str] = &[];

#[test]
fn every_invariant_has_a_lie() {
    let lies: Vec<&str> = always::LIES
        .iter()
        .chain(at_rest::LIES)
        .map(|(name, _)| *name)
        .chain(UNTRIED.iter().copied())
        .collect();
    let of_none: Vec<&str> =
        INVARIANTS.iter().map(|one| one.name).filter(|name| !lies.contains(name)).collect();
    assert!(of_none.is_empty(), "nothing shows that these can fail: {of_none:?}");
    let of_nothing: Vec<&&str> =
        lies.iter().filter(|name| !INVARIANTS.iter().any(|one| one.name == **name)).collect();
    assert!(of_nothing.is_empty(), "no invariants: {of_nothing:?}");
}

/// The server at which the first of the records was told.
fn touched(told: &[Record]) -> Option<usize> {
    told.iter().find_map(|record| record.place.node()).map(NodeId::index)
}

/// The first of the records whose fact is one of those asked for.
fn which(told: &[Record], is: impl Fn(&Fact) -> bool) -> Option<usize> {
    told.iter().position(|record| is(&record.fact))
}

/// Says that this happened at a server, in a step in which something did.
fn tell(told: &mut Vec<Record>, node: usize, fact: Fact) -> bool {
    let Some(record) = told.first().copied() else { return false };
    let place = NodeId(node as u16).into();
    told.push(Record { place, from: place, sent_at: record.at, fact, ..record });
    true
}

/// A log of the same numbering without entries.
fn empty(log: &Log) -> Log {
    Log::after_snapshot(log.generation, 0, GtidSet::default(), log.reigns().clone())
}

/// The same log less the entries that are not kept.
fn without(log: &Log, keep: impl Fn(&Slot) -> bool) -> Log {
    let mut fresh = empty(log);
    log.iter().filter(|(_, slot)| keep(slot)).for_each(|(_, slot)| {
        fresh.push(slot.clone());
    });
    fresh
}

fn gtid(node: usize, seq: u32) -> Gtid {
    Gtid { origin: NodeId(node as u16), seq }
}
