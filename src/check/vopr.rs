//! Runs scenarios under every invariant, and proves of each run that it can be repeated: whole, in
//! pieces, and from the middle. Named after TigerBeetle's simulator, whose habit this is.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::base::{Luck, Purpose, SimTime, Span, scaled};
use crate::node::Status;
use crate::recording::Recording;
use crate::sim::{Command, Record, Scenario, World, Yes};

use super::generator::generate;
use super::invariant::{Checker, Violation};

/// What a run came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Digest of the last world.
    pub digest: u64,
    /// Events and commands.
    pub steps: u64,
}

/// What went wrong with a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// An invariant did not hold.
    Broken(Violation),
    /// The same scenario went another way; which repetition, in words.
    Differs(&'static str),
    /// An assertion in the engine failed.
    Panicked(String),
}

impl Failure {
    /// What stays the same while a scenario is made smaller.
    pub fn kind(&self) -> &str {
        match self {
            Failure::Broken(violation) => violation.name,
            Failure::Differs(how) => how,
            Failure::Panicked(_) => "panic",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Broken(violation) => violation.fmt(f),
            Failure::Differs(how) => write!(f, "the same scenario gives another run {how}"),
            Failure::Panicked(message) => write!(f, "the engine panicked: {message}"),
        }
    }
}

/// Runs a scenario to its end under every invariant; if it ends at rest, also those of rest.
pub fn check(scenario: &Scenario) -> Result<Summary, Violation> {
    let (recording, held) = observe(scenario);
    held.map(|()| summary(recording.head()))
}

/// The same with the recording, which ends where an invariant did not hold.
pub fn observe(scenario: &Scenario) -> (Recording, Result<(), Violation>) {
    let mut recording = Recording::new(scenario.clone());
    let mut checker = Checker::new(scenario, recording.head());
    let mut told: Vec<Record> = Vec::new();
    loop {
        let known = recording.trace().len() as u32;
        let done = recording.extend(scenario.until.0, 1);
        told.clear();
        told.extend(recording.trace().since(known).map(|(_, record)| record));
        if let Err(violation) = checker.observe(recording.head(), &told) {
            return (recording, Err(violation));
        }
        if done {
            break;
        }
    }
    let rested = rests(scenario, recording.head());
    let held = if rested { checker.rest(recording.head()) } else { Ok(()) };
    (recording, held)
}

/// Time without commands and operations after which a healed cluster must have come to rest: thirty
/// of the slowest keepalives that the generator gives.
pub const REST: Span = Span::s(20);

/// Whether nobody has done anything for long and nothing is broken at the end.
pub fn rests(scenario: &Scenario, world: &World) -> bool {
    let commands = scenario.at.iter().map(|stamped| stamped.time);
    let workloads = scenario.workload.iter().map(|workload| workload.until);
    let busy_until = commands.map(Some).chain(workloads).max().flatten();
    let idle = scenario.workload.iter().all(|workload| workload.until.is_some())
        && busy_until.is_none_or(|busy_until| busy_until.0 + REST.0 <= scenario.until.0);
    let network = &world.network;
    idle && world.limit.is_none()
        && world.members().all(|node| node.status == Status::Up)
        && network.breach.cuts().is_empty()
        && network.breach.groups().is_empty()
        && network.links().all(|(_, link)| link.dials.loss.is_zero())
}

fn summary(world: &World) -> Summary {
    Summary { digest: world.digest(), steps: world.steps }
}

/// Runs a scenario again, in pieces, and from the middle, and compares with the run before.
pub fn repeat(scenario: &Scenario, expected: Summary) -> Result<(), &'static str> {
    let until = scenario.until.0;
    let same = |recording: &Recording| summary(recording.head()) == expected;
    let mut draws = (0..).map(|nth| Luck(scenario.seed).draw(Purpose::Generator, 2, nth));
    let mut moment = || scaled(draws.next().unwrap_or_default(), until + 1);

    let mut whole = Recording::new(scenario.clone());
    whole.finish();
    if !same(&whole) {
        return Err("the second time");
    }
    let mut pieces = Recording::new(scenario.clone());
    let mut cuts: Vec<SimTime> = (0..4).map(|_| moment()).collect();
    cuts.sort_unstable();
    for cut in cuts {
        pieces.extend(cut, 37);
        if pieces.at(cut) != whole.at(cut) {
            return Err("when sought in pieces");
        }
    }
    pieces.finish();
    if !same(&pieces) {
        return Err("in pieces");
    }
    // A fork that is taken back is the old future; so is a run whose caches are gone.
    let forked_at = moment();
    whole.issue(forked_at, Command::Heal(Yes));
    whole.finish();
    let place = whole.scenario().at.partition_point(|stamped| stamped.time.0 <= forked_at);
    whole.withdraw(place - 1);
    whole.finish();
    if !same(&whole) || whole.trace() != pieces.trace() {
        return Err("after a fork that is taken back");
    }
    // The past looked at after the future, from checkpoints.
    let back = moment();
    if whole.at(back) != Recording::new(scenario.clone()).at(back) {
        return Err("when looked back at");
    }
    Ok(())
}

/// Runs a scenario under every invariant and repeats it; a panic is a failure too.
pub fn prove(scenario: &Scenario) -> Result<Summary, Failure> {
    let run = || {
        let summary = check(scenario).map_err(Failure::Broken)?;
        repeat(scenario, summary).map_err(Failure::Differs)?;
        Ok(summary)
    };
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| text.to_string()));
        Err(Failure::Panicked(text.unwrap_or_default()))
    })
}

/// The random run of a seed.
pub fn prove_seed(seed: u64) -> Result<Summary, (Box<Scenario>, Failure)> {
    let scenario = generate(seed);
    prove(&scenario).map_err(|failure| (Box::new(scenario), failure))
}

/// The smallest scenario found that fails in the same way, and how it fails.
pub fn shrink(scenario: &Scenario, failure: Failure) -> (Scenario, Failure) {
    let fails = |scenario: &Scenario| {
        if crate::sim::validate(scenario).is_err() {
            return None;
        }
        let found = prove(scenario).err()?;
        (found.kind() == failure.kind()).then_some(found)
    };
    let smallest = super::shrink::smallest(scenario, &mut |scenario| fails(scenario).is_some());
    let found = fails(&smallest).unwrap_or(failure.clone());
    (smallest, found)
}
