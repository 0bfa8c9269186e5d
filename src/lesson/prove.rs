//! Proves a lesson: runs its scenarios and holds every word against them, the learner's goal too.

use crate::base::{SimTime, Span};
use crate::form::Form;
use crate::recording::{Recording, ScenarioError};
use crate::sim::{Command, Scenario, Stamped, Yes};

use super::beat::Turn;
use super::claim::{Claim, Which};
use super::cue::Cue;
use super::file::{Lesson, Stage, read};
use super::judge::Judge;

/// How long the learner's own run goes on after the last thing done, in microseconds.
const AFTERWARDS_US: u64 = 10_000_000;

/// Something that a lesson says and its run does not.
pub type Lie = ScenarioError;

/// Everything that does not hold in a lesson; nothing if it is true. An error if it is no lesson.
pub fn prove(text: &str) -> Result<Vec<Lie>, ScenarioError> {
    let (lesson, form) = read(text)?;
    let first = finished(lesson.scenario.0.clone());
    let second = lesson.second.as_ref().map(|stage| finished(stage.0.clone()));
    let judge = Judge::told(&first, second.as_ref());
    let mut proof = Proof { text, form: &form, judge: &judge, lies: Vec::new() };
    proof.lesson(&lesson);
    proof.turn(&lesson);
    Ok(proof.lies)
}

fn finished(scenario: Scenario) -> Recording {
    let mut recording = Recording::new(scenario);
    recording.finish();
    recording
}

struct Proof<'a> {
    text: &'a str,
    form: &'a Form,
    judge: &'a Judge<'a>,
    lies: Vec<Lie>,
}

impl Proof<'_> {
    fn lie(&mut self, path: &str, message: String) {
        self.lies.push(ScenarioError::in_form(self.text, self.form, path, message));
    }

    fn claims(&mut self, path: &str, claims: &[Claim]) {
        for (nth, claim) in claims.iter().enumerate() {
            let lie = self.judge.judge(claim).err().or_else(|| self.judge.misnamed(claim));
            if let Some(message) = lie {
                self.lie(&format!("{path}[{nth}]"), message);
            }
        }
    }

    fn cue(&mut self, path: &str, run: Which, cue: &Cue) {
        if let Err(message) = self.judge.happens(run, cue) {
            self.lie(path, message);
        }
    }

    fn lesson(&mut self, lesson: &Lesson) {
        for (nth, choice) in lesson.predict.choice.iter().enumerate() {
            self.claims(&format!("predict.choice[{nth}].claim"), &choice.claim);
            if let Some(show) = &choice.show {
                self.cue(&format!("predict.choice[{nth}].show"), choice.run, show);
            }
        }
        for (nth, caption) in lesson.watch.iter().enumerate() {
            self.cue(&format!("watch[{nth}].at"), caption.run, &caption.at);
            self.claims(&format!("watch[{nth}].claim"), &caption.claim);
        }
        for (nth, reason) in lesson.why.iter().enumerate() {
            self.cue(&format!("why[{nth}].show"), reason.run, &reason.show);
            self.claims(&format!("why[{nth}].claim"), &reason.claim);
        }
    }

    /// The goal must be out of reach for those who do nothing, and within reach of the solution.
    fn turn(&mut self, lesson: &Lesson) {
        let Some(Turn { run, goal, solution, from, .. }) = &lesson.turn else { return };
        if let Some(from) = from {
            self.cue("try.from", *run, from);
        }
        let stage = match run {
            Which::First => Some(&lesson.scenario),
            Which::Second => lesson.second.as_ref(),
        };
        let Some(stage) = stage else {
            return self.lie("try.run", "there is no second run".to_string());
        };
        let begins = match from {
            Some(from) => begins(stage, from),
            None => 0,
        };
        // Healing what is whole is the least that can be done.
        let least = Stamped { time: Span(begins), command: Command::Heal(Yes) };
        let idle = acted(stage, &[least]);
        if Judge::new(&idle, Some(&idle)).all(goal) {
            self.lie("try.goal", "it is met by doing nothing".to_string());
        }
        let live = acted(stage, solution);
        let judge = Judge::told(&live, Some(&live));
        for (nth, claim) in goal.iter().enumerate() {
            if let Err(message) = judge.judge(claim) {
                let message = format!("the solution does not meet it: {message}");
                self.lie(&format!("try.goal[{nth}]"), message);
            }
        }
        if solution.first().is_some_and(|first| first.time.0 < begins) {
            self.lie("try.solution", "it begins before the learner's turn does".to_string());
        }
    }
}

/// When an event happens in a scenario; at the end if it never does.
fn begins(stage: &Stage, from: &Cue) -> SimTime {
    let recording = finished(stage.0.clone());
    let record = from.find(&recording).and_then(|at| recording.trace().get(at));
    record.map_or(recording.known_until(), |record| record.at)
}

/// A run in which a person has done this: whoever acts makes the future, and what the scenario had
/// planned for later falls away, as it does in the page.
fn acted(stage: &Stage, commands: &[Stamped]) -> Recording {
    let mut live = Recording::new(stage.0.clone());
    let mut last = 0;
    for stamped in commands {
        last = stamped.time.0.max(last);
        live.issue(last, stamped.command.clone());
        while live.scenario().at.last().is_some_and(|planned| planned.time.0 > last) {
            live.withdraw(live.scenario().at.len() - 1);
        }
    }
    live.prolong(last + AFTERWARDS_US);
    live.finish();
    live
}
