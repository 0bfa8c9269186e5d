//! One run, recorded: its scenario, its trace, and worlds saved on the way to come back to.

use std::ops::Deref;
use std::rc::Rc;

use crate::base::{SimTime, Span, sort};
use crate::sim::{Command, Record, Scenario, Stamped, World};

use super::trace::Trace;

/// Steps between saved worlds: a seek replays at most these.
const CHECKPOINT_STEPS: u64 = 12_288;
/// Steps more for every server: the larger a world, the rarer it is saved.
const CHECKPOINT_STEPS_PER_NODE: u64 = 64;

/// A world and how many of the scenario's commands it has seen.
#[derive(Clone, Debug)]
struct Point {
    world: World,
    commands: usize,
}

/// The world at some instant, cheap to keep: what views are made from. Two are equal if they are
/// the same one, so a view that compares them redraws only when something has happened.
#[derive(Clone, Debug)]
pub struct Moment(Rc<Point>);

impl PartialEq for Moment {
    fn eq(&self, other: &Moment) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for Moment {
    type Target = World;

    fn deref(&self) -> &World {
        &self.0.world
    }
}

/// One run, recorded. `at` looks anywhere; `issue` changes what happens from then on.
#[derive(Clone, Debug)]
pub struct Recording {
    scenario: Rc<Scenario>,
    trace: Trace,
    checkpoints: Vec<Rc<Point>>,
    head: Point,
    known_until: SimTime,
    moment: Rc<Point>,
    /// The world at another instant, looked at beside that one.
    beside: Rc<Point>,
}

impl Recording {
    /// A run that has not begun. The scenario must be valid; its commands are put in order of time.
    pub fn new(mut scenario: Scenario) -> Recording {
        sort(&mut scenario.at, |a, b| a.time < b.time);
        let head = Point { world: World::new(&scenario), commands: 0 };
        let start = Rc::new(head.clone());
        Recording {
            scenario: Rc::new(scenario),
            trace: Trace::default(),
            checkpoints: vec![Rc::clone(&start)],
            head,
            known_until: 0,
            moment: Rc::clone(&start),
            beside: start,
        }
    }

    /// What is run, live commands included.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Everything that has happened up to `known_until`.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The instant up to which the run is known: it can be looked at without simulating.
    pub fn known_until(&self) -> SimTime {
        self.known_until
    }

    /// The latest known world.
    pub fn head(&self) -> &World {
        &self.head.world
    }

    /// Simulates up to and including `until`, but at most `steps` steps. True once there.
    pub fn extend(&mut self, until: SimTime, steps: u64) -> bool {
        for _ in 0..steps {
            let Some(at) = self.head.next_at(&self.scenario).filter(|at| *at <= until) else {
                self.known_until = self.known_until.max(until);
                return true;
            };
            // Saved before the first step of a later instant, so that a checkpoint is the state
            // after everything at its time.
            let last = self.checkpoints.last().map_or(0, |point| point.world.steps);
            let nodes = self.head.world.nodes.len() as u64;
            let spacing = CHECKPOINT_STEPS + nodes * CHECKPOINT_STEPS_PER_NODE;
            if at > self.head.world.now && self.head.world.steps - last >= spacing {
                self.checkpoints.push(Rc::new(self.head.clone()));
            }
            let trace = &mut self.trace;
            self.head.step(&self.scenario, &mut |record| trace.push(record));
            self.known_until = self.known_until.max(self.head.world.now.saturating_sub(1));
        }
        false
    }

    /// Simulates to the scenario's end, or to where a limit stops the run.
    pub fn finish(&mut self) {
        self.extend(self.scenario.until.0, u64::MAX);
    }

    /// The world after everything up to and including `t`; simulates if that is not known yet.
    pub fn at(&mut self, t: SimTime) -> &World {
        self.extend(t, u64::MAX);
        self.seek(t);
        &self.moment.world
    }

    /// The same world to keep.
    pub fn moment(&mut self, t: SimTime) -> Moment {
        self.at(t);
        Moment(Rc::clone(&self.moment))
    }

    /// The world at another instant, for what two instants differ in. Whoever plays on looks at
    /// both, so each goes its own way.
    pub fn moment_beside(&mut self, t: SimTime) -> Moment {
        std::mem::swap(&mut self.moment, &mut self.beside);
        let moment = self.moment(t);
        std::mem::swap(&mut self.moment, &mut self.beside);
        moment
    }

    fn seek(&mut self, t: SimTime) {
        let ahead = self.moment.world.now <= t;
        let saved = self.checkpoints.partition_point(|point| point.world.now <= t);
        let saved = &self.checkpoints[saved.saturating_sub(1)];
        if !ahead || saved.world.steps > self.moment.world.steps {
            self.moment = Rc::clone(saved);
        }
        // Whoever keeps the moment makes it be copied before the next step: then the head, which
        // has taken those steps already, is as cheap to copy.
        let spared = if Rc::strong_count(&self.moment) > 1 { 0 } else { CHECKPOINT_STEPS };
        if self.head.world.now <= t && self.head.world.steps > self.moment.world.steps + spared {
            self.moment = Rc::new(self.head.clone());
        }
        while self.moment.next_at(&self.scenario).is_some_and(|at| at <= t) {
            Rc::make_mut(&mut self.moment).step(&self.scenario, &mut |_: Record| ());
        }
    }

    /// The first instant after `t` at which something happens; simulates up to `until` to find it.
    pub fn next_instant(&mut self, t: SimTime, until: SimTime) -> Option<SimTime> {
        loop {
            let next = self.trace.get(self.trace.first_at(t + 1)).map(|record| record.at);
            match next {
                Some(at) if at <= self.known_until => return Some(at).filter(|at| *at <= until),
                _ if self.known_until >= until => return None,
                _ => {
                    let step_at = self.head.next_at(&self.scenario).unwrap_or(until).min(until);
                    self.extend(step_at, u64::MAX);
                }
            }
        }
    }

    /// The last instant before `t` at which something happened; None if nothing did.
    pub fn previous_instant(&self, t: SimTime) -> Option<SimTime> {
        let number = self.trace.first_at(t).checked_sub(1)?;
        self.trace.get(number).map(|record| record.at)
    }

    /// Carries out a command at `t`, after those already given for that instant. Everything known
    /// from `t` on is forgotten and follows anew.
    ///
    /// The result is the same as if the command had stood in the scenario from the beginning.
    pub fn issue(&mut self, t: SimTime, command: Command) {
        let scenario = Rc::make_mut(&mut self.scenario);
        let place = scenario.at.partition_point(|stamped| stamped.time.0 <= t);
        scenario.at.insert(place, Stamped { time: Span(t), command });
        scenario.until = scenario.until.max(Span(t));
        self.forget_from(t);
    }

    /// Takes a command back by its place in the scenario's list; None if there is none.
    pub fn withdraw(&mut self, number: usize) -> Option<Stamped> {
        if number >= self.scenario.at.len() {
            return None;
        }
        let stamped = Rc::make_mut(&mut self.scenario).at.remove(number);
        self.forget_from(stamped.time.0);
        Some(stamped)
    }

    /// Takes other commands, in order of time, in place of its own. What followed from those that
    /// are the same stays known; from the first difference on everything follows anew.
    pub fn plan(&mut self, at: Vec<Stamped>) {
        let own = &self.scenario.at;
        let same = own.iter().zip(&at).take_while(|(one, other)| one == other).count();
        let differs = [own.get(same), at.get(same)].into_iter().flatten();
        let Some(t) = differs.map(|stamped| stamped.time.0).min() else { return };
        Rc::make_mut(&mut self.scenario).at = at;
        self.forget_from(t);
    }

    /// Lets the run go on to a later end.
    pub fn prolong(&mut self, until: SimTime) {
        if until > self.scenario.until.0 {
            Rc::make_mut(&mut self.scenario).until = Span(until);
        }
    }

    /// Forgets everything from `t` on.
    fn forget_from(&mut self, t: SimTime) {
        let kept = self.checkpoints.partition_point(|point| point.world.now < t).max(1);
        self.checkpoints.truncate(kept);
        if self.known_until >= t || self.head.world.now >= t {
            self.head = Point::clone(&self.checkpoints[kept - 1]);
            while self.head.next_at(&self.scenario).is_some_and(|at| at < t) {
                self.head.step(&self.scenario, &mut |_: Record| ());
            }
            self.trace.truncate(self.head.world.records);
            self.known_until = t.saturating_sub(1);
        }
        for moment in [&mut self.moment, &mut self.beside] {
            if moment.world.now >= t {
                *moment = Rc::clone(&self.checkpoints[kept - 1]);
            }
        }
    }

    /// The same run, known up to and including `t` and no further.
    pub fn cut(&self, t: SimTime) -> Recording {
        let mut cut = self.clone();
        cut.forget_from(t + 1);
        cut.extend(t, u64::MAX);
        cut
    }

    /// Drops every cache and recomputes what was known; for the test that caches change nothing.
    pub fn rebuilt(&self) -> Recording {
        let mut fresh = Recording::new(Scenario::clone(&self.scenario));
        fresh.extend(self.known_until, u64::MAX);
        fresh
    }

    /// How many worlds are saved.
    pub fn checkpoints(&self) -> usize {
        self.checkpoints.len()
    }
}

/// A run gone through again from its beginning, step by step, beside its recording.
#[derive(Clone, Debug)]
pub struct Replay(Point);

impl Replay {
    /// At the beginning of a recording.
    pub fn new(recording: &Recording) -> Replay {
        Replay(Point::clone(&recording.checkpoints[0]))
    }

    /// The world after the steps so far.
    pub fn world(&self) -> &World {
        &self.0.world
    }

    /// Takes the next step of the same scenario up to and including `until`; false if none is left.
    pub fn step(
        &mut self,
        scenario: &Scenario,
        until: SimTime,
        take: &mut dyn FnMut(Record),
    ) -> bool {
        let due = self.0.next_at(scenario).is_some_and(|at| at <= until);
        if due {
            self.0.step(scenario, take);
        }
        due
    }
}

impl Point {
    /// When something next happens: an event, or a command of the scenario.
    fn next_at(&self, scenario: &Scenario) -> Option<SimTime> {
        let event_at = self.world.next_at();
        let command_at = scenario.at.get(self.commands).map(|stamped| stamped.time.0);
        match (event_at, command_at) {
            _ if self.world.limit.is_some() => None,
            (Some(event_at), Some(command_at)) => Some(event_at.min(command_at)),
            (at, None) | (None, at) => at,
        }
    }

    /// Takes the next step; commands come before events of the same instant.
    fn step(&mut self, scenario: &Scenario, take: &mut dyn FnMut(Record)) {
        let command = scenario.at.get(self.commands);
        match command {
            Some(stamped) if self.world.next_at().is_none_or(|at| stamped.time.0 <= at) => {
                self.world.execute(stamped.time.0, self.commands as u32, &stamped.command, take);
                self.commands += 1;
            }
            Some(_) | None => {
                self.world.step(take);
            }
        }
    }
}
