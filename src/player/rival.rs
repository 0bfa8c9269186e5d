//! Another run beside the one looked at: the same seed, the same commands, one clock, and one thing
//! changed. It is a recording like any other and follows whatever is done to the first.

use crate::base::SimTime;
use crate::check::{Measures, SECOND_US};
use crate::policy::Preset;
use crate::recording::{Moment, Recording};
use crate::sim::{Command, Scenario, Stamped, validate};
use crate::topology::Shape;

use super::Player;
use super::score::Score;

/// The most runs beside the one looked at.
pub const RIVALS_MAX: usize = 3;
/// Engine steps that each of them may take at once: a run that was long before it is compared is
/// caught up with from frame to frame.
const STEPS: u64 = 8_000;
/// The shapes that can be compared: the fourth, custom, is whatever a file says.
const SHAPES: [Shape; 4] = [Shape::Star, Shape::Chain, Shape::Ring, Shape::Tree];

/// The one thing that is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Versus {
    /// When a write counts as replicated.
    Ack(Preset),
    /// Who replicates from whom.
    Topology(Shape),
    /// What was done: another branch, by its id.
    Branch(u32),
}

/// A run beside the one looked at.
#[derive(Clone, Debug)]
pub struct Rival {
    versus: Versus,
    recording: Recording,
    /// Which past it is of, by the player's count of changes.
    of: u32,
    measures: Option<(Measures, SimTime)>,
}

impl Rival {
    /// What is changed in it.
    pub fn versus(&self) -> Versus {
        self.versus
    }

    /// Its run.
    pub fn recording(&self) -> &Recording {
        &self.recording
    }

    /// Whether it has not come as far as `t`: then it is looked at where it has come to.
    pub fn behind(&self, t: SimTime) -> bool {
        self.recording.known_until() < t
    }

    /// Its world at an instant, to keep and compare.
    pub fn moment(&mut self, t: SimTime) -> Moment {
        self.recording.moment(t.min(self.recording.known_until()))
    }

    /// Its world one second before an instant; None before there was one.
    pub fn second_ago(&mut self, t: SimTime) -> Option<Moment> {
        let t = t.min(self.recording.known_until()).checked_sub(SECOND_US)?;
        Some(self.recording.moment_beside(t))
    }

    /// Its numbers up to an instant.
    pub fn score(&mut self, t: SimTime) -> Score {
        let t = t.min(self.recording.known_until());
        let moment = self.recording.moment(t);
        let known = self.measures.take();
        let (measures, _) = self.measures.insert(measured(known, &self.recording, t));
        Score::of(measures, &moment)
    }

    /// The numbers it was last asked for.
    pub fn measured(&self) -> Option<&Measures> {
        self.measures.as_ref().map(|(measures, _)| measures)
    }

    /// Simulates it up to an instant, in at most so many steps; true once there.
    fn extend(&mut self, t: SimTime, steps: u64) -> bool {
        self.recording.prolong(t + 1);
        self.recording.extend(t, steps)
    }
}

/// Numbers up to an instant, from what was known if that was earlier.
pub(super) fn measured(
    known: Option<(Measures, SimTime)>,
    recording: &Recording,
    t: SimTime,
) -> (Measures, SimTime) {
    let nodes = recording.head().nodes.len();
    let known = known.filter(|(_, until)| *until <= t);
    let mut measures = known.map_or_else(|| Measures::new(nodes), |(measures, _)| measures);
    measures.follow(recording.trace(), &recording.head().ledger, t);
    (measures, t)
}

/// The commands with one ack rule wherever they name one for all servers.
fn with_ack(at: &[Stamped], preset: Preset) -> Vec<Stamped> {
    let mut at = at.to_vec();
    for stamped in &mut at {
        if let Command::Set(dials) = &mut stamped.command
            && dials.ack.is_some()
        {
            dials.ack = Some(preset.ack());
        }
    }
    at
}

impl Player {
    /// The runs beside the one looked at.
    pub fn rivals(&self) -> &[Rival] {
        &self.rivals
    }

    /// The same, to look at an instant of theirs.
    pub fn rivals_mut(&mut self) -> &mut [Rival] {
        &mut self.rivals
    }

    /// Everything of which a run beside this one can be made, in the order of the lists: what the
    /// run looked at has itself, and what is not valid for it, is left out.
    pub fn versus(&mut self) -> Vec<Versus> {
        let (ack, shape) = (self.ack().map(Versus::Ack), self.moment().topology.shape());
        let (own, is) = (self.branch_id(), [ack, Some(Versus::Topology(shape))]);
        let branches = self.branches.all().iter().map(|branch| branch.id);
        let branches: Vec<u32> = branches.filter(|id| *id != own).collect();
        let rules = self.rules().iter().filter(|one| !is.contains(&Some(**one))).copied();
        rules.chain(branches.into_iter().map(Versus::Branch)).collect()
    }

    /// The rules and shapes with which this run's scenario is valid.
    fn rules(&mut self) -> &[Versus] {
        let known = self.valid.take().filter(|(of, _)| *of == self.changes);
        let (_, valid) = self.valid.insert(known.unwrap_or_else(|| {
            let acks = Preset::ALL.into_iter().map(Versus::Ack);
            let all = acks.chain(SHAPES.into_iter().map(Versus::Topology));
            let runs = |versus: &Versus| validate(&self.scenario_beside(*versus)).is_ok();
            (self.changes, all.filter(runs).collect())
        }));
        valid
    }

    /// What a comparison begins with: the rule that keeps what the present one loses, or loses what
    /// it keeps.
    pub fn first_versus(&mut self) -> Option<Versus> {
        let wanted = match self.ack() {
            Some(Preset::Quorum) => Versus::Ack(Preset::Async),
            Some(Preset::Async | Preset::SemiSync | Preset::Sync) | None => {
                Versus::Ack(Preset::Quorum)
            }
        };
        let all = self.versus();
        all.iter().find(|one| **one == wanted).or(all.first()).copied()
    }

    /// The run with that one thing changed; None if it cannot be run.
    fn beside(&self, versus: Versus) -> Option<Rival> {
        let recording = match versus {
            Versus::Branch(id) => {
                let at = self.branches.place(id)?;
                self.branches.all()[at].recording.clone()
            }
            Versus::Ack(_) | Versus::Topology(_) => {
                let scenario = self.scenario_beside(versus);
                validate(&scenario).ok()?;
                Recording::new(scenario)
            }
        };
        Some(Rival { versus, recording, of: self.changes, measures: None })
    }

    fn scenario_beside(&self, versus: Versus) -> Scenario {
        let mut scenario = Scenario::clone(self.recording().scenario());
        match versus {
            Versus::Ack(preset) => scenario.cluster.ack = preset.ack(),
            Versus::Topology(shape) => {
                scenario.cluster.topology = shape;
                scenario.cluster.stream.clear();
            }
            Versus::Branch(_) => {}
        }
        scenario.at = self.commands_for(versus);
        scenario
    }

    fn commands_for(&self, versus: Versus) -> Vec<Stamped> {
        let own = &self.recording().scenario().at;
        match versus {
            Versus::Ack(preset) => with_ack(own, preset),
            Versus::Topology(_) | Versus::Branch(_) => own.clone(),
        }
    }

    /// Compares with these from now on; with none, with nothing.
    pub(super) fn compare(&mut self, with: &[Versus]) {
        let with = with.iter().take(RIVALS_MAX);
        self.rivals = with.filter_map(|versus| self.beside(*versus)).collect();
    }

    /// Goes on comparing with what another run can still be compared with, else with the next best.
    pub(super) fn compare_again(&mut self, before: &[Versus]) {
        if before.is_empty() {
            return;
        }
        let all = self.versus();
        let mut with: Vec<Versus> = match before.len() {
            1 => before.iter().filter(|versus| all.contains(versus)).copied().collect(),
            _ => all.into_iter().filter(|one| matches!(one, Versus::Topology(_))).collect(),
        };
        if with.is_empty() {
            with.extend(self.first_versus());
        }
        self.compare(&with);
    }

    /// Whether the run has not come to where the playhead is heading, or a compared one not to the
    /// playhead yet: each `CatchUp` brings it nearer.
    pub fn catching_up(&self) -> bool {
        self.way.is_some() || self.rivals.iter().any(|rival| rival.behind(self.t))
    }

    /// Lets the runs that are compared follow what was done, up to the playhead: one clock.
    pub(super) fn follow_rivals(&mut self) {
        let mut rivals = std::mem::take(&mut self.rivals);
        rivals.retain_mut(|rival| self.follows(rival));
        let t = self.t;
        for rival in &mut rivals {
            rival.extend(t, STEPS);
        }
        self.rivals = rivals;
    }

    /// Gives a run the commands of the one looked at; false if there is no such run any more.
    fn follows(&self, rival: &mut Rival) -> bool {
        if rival.of == self.changes {
            return true;
        }
        rival.of = self.changes;
        rival.measures = None;
        match rival.versus {
            Versus::Branch(id) => {
                let there = self.branches.place(id).filter(|_| id != self.branch_id());
                if let Some(at) = there {
                    rival.recording = self.branches.all()[at].recording.clone();
                }
                there.is_some()
            }
            Versus::Ack(_) | Versus::Topology(_) => {
                rival.recording.plan(self.commands_for(rival.versus));
                true
            }
        }
    }

    /// Opens or closes the table of what each rule and each shape costs.
    pub(super) fn weigh(&mut self, on: bool) {
        self.weighed.clear();
        if on {
            let rules = self.rules().to_vec().into_iter();
            self.weighed = rules.filter_map(|versus| self.beside(versus)).collect();
        }
    }

    /// Measures further runs of the table up to the playhead, in about so many steps of the engine
    /// each; gives each with its numbers, None of those that are not there yet.
    pub fn weighed(&mut self, steps: u64) -> Vec<(Versus, Option<Score>)> {
        let mut weighed = std::mem::take(&mut self.weighed);
        weighed.retain_mut(|rival| self.follows(rival));
        let t = self.t;
        let score = |rival: &mut Rival| {
            let there = rival.extend(t, steps);
            (rival.versus, there.then(|| rival.score(t)))
        };
        let scores = weighed.iter_mut().map(score).collect();
        self.weighed = weighed;
        scores
    }

    /// Whether the table is open.
    pub fn weighs(&self) -> bool {
        !self.weighed.is_empty()
    }

    /// The numbers of the run looked at, up to the playhead.
    pub fn score(&mut self) -> Score {
        let moment = self.moment();
        Score::of(self.measures(), &moment)
    }
}
