//! The beats of a lesson: predict, watch, why, try.

use crate::form::{Form, FromForm, Misfit, fill_in, reading};
use crate::sim::Stamped;

use super::claim::{Claim, Which};
use super::cue::Cue;

/// A question, asked before the run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Predict {
    /// What is asked.
    pub question: String,
    /// What may be answered.
    pub choice: Vec<Choice>,
}

impl FromForm for Predict {
    fn from_form(form: &Form) -> Result<Predict, Misfit> {
        let mut read = Predict::default();
        let mut fields = [
            reading("question", true, &mut read.question),
            reading("choice", true, &mut read.choice),
        ];
        fill_in(&mut fields, form)?;
        Ok(read)
    }
}

/// One answer, and what the run has to say to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The answer.
    pub text: String,
    /// Whether it is right.
    pub right: bool,
    /// What is said to whoever chose it.
    pub why: String,
    /// What that states.
    pub claim: Vec<Claim>,
    /// In which run.
    pub run: Which,
    /// The event that shows it; None if the run as a whole does.
    pub show: Option<Cue>,
}

impl FromForm for Choice {
    fn from_form(form: &Form) -> Result<Choice, Misfit> {
        let mut read = Choice::default();
        let mut fields = [
            reading("text", true, &mut read.text),
            reading("right", false, &mut read.right),
            reading("why", true, &mut read.why),
            reading("claim", true, &mut read.claim),
            reading("run", false, &mut read.run),
            reading("show", false, &mut read.show),
        ];
        fill_in(&mut fields, form)?;
        Ok(read)
    }
}

/// A line under the picture, from an event on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caption {
    /// In which run.
    pub run: Which,
    /// From which event on.
    pub at: Cue,
    /// The line.
    pub text: String,
    /// What it states beside the event itself.
    pub claim: Vec<Claim>,
}

impl FromForm for Caption {
    fn from_form(form: &Form) -> Result<Caption, Misfit> {
        let mut read = Caption::default();
        let mut fields = [
            reading("run", false, &mut read.run),
            reading("at", true, &mut read.at),
            reading("text", true, &mut read.text),
            reading("claim", false, &mut read.claim),
        ];
        fill_in(&mut fields, form)?;
        Ok(read)
    }
}

/// A reason, and the event that shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reason {
    /// In which run.
    pub run: Which,
    /// The reason.
    pub text: String,
    /// The event to look at.
    pub show: Cue,
    /// What it states beside the event itself.
    pub claim: Vec<Claim>,
}

impl FromForm for Reason {
    fn from_form(form: &Form) -> Result<Reason, Misfit> {
        let mut read = Reason::default();
        let mut fields = [
            reading("run", false, &mut read.run),
            reading("text", true, &mut read.text),
            reading("show", true, &mut read.show),
            reading("claim", false, &mut read.claim),
        ];
        fill_in(&mut fields, form)?;
        Ok(read)
    }
}

/// The learner's turn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// In which run.
    pub run: Which,
    /// At which event it begins; None means at the beginning.
    pub from: Option<Cue>,
    /// What is to be done.
    pub task: String,
    /// When it is done: all of these hold of the live run.
    pub goal: Vec<Claim>,
    /// What is said then.
    pub done: String,
    /// What is said on the way.
    pub hint: Vec<Hint>,
    /// One way to do it. A goal that these commands do not meet within ten seconds, or that any
    /// command at all meets, does not hold.
    pub solution: Vec<Stamped>,
}

impl FromForm for Turn {
    fn from_form(form: &Form) -> Result<Turn, Misfit> {
        let mut read = Turn::default();
        let mut fields = [
            reading("run", false, &mut read.run),
            reading("from", false, &mut read.from),
            reading("task", true, &mut read.task),
            reading("goal", true, &mut read.goal),
            reading("done", true, &mut read.done),
            reading("hint", false, &mut read.hint),
            reading("solution", true, &mut read.solution),
        ];
        fill_in(&mut fields, form)?;
        Ok(read)
    }
}

/// Something to say once all of these hold of the live run, and until the goal is met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hint {
    /// When.
    pub when: Vec<Claim>,
    /// What.
    pub text: String,
}

impl FromForm for Hint {
    fn from_form(form: &Form) -> Result<Hint, Misfit> {
        let mut read = Hint::default();
        let mut fields =
            [reading("when", false, &mut read.when), reading("text", true, &mut read.text)];
        fill_in(&mut fields, form)?;
        Ok(read)
    }
}
