//! The beats of a lesson: predict, watch, why, try.

use crate::form::{Field, Fields, may, must, when};
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

impl Fields for Predict {
    fn blank() -> Predict {
        Predict::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![must("question", &mut self.question), must("choice", &mut self.choice)]
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
}

impl Fields for Choice {
    fn blank() -> Choice {
        Choice::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![
            must("text", &mut self.text),
            when("right", &mut self.right),
            must("why", &mut self.why),
            must("claim", &mut self.claim),
        ]
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

impl Fields for Caption {
    fn blank() -> Caption {
        Caption::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![
            may("run", &mut self.run),
            must("at", &mut self.at),
            must("text", &mut self.text),
            may("claim", &mut self.claim),
        ]
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

impl Fields for Reason {
    fn blank() -> Reason {
        Reason::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![
            may("run", &mut self.run),
            must("text", &mut self.text),
            must("show", &mut self.show),
            may("claim", &mut self.claim),
        ]
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

impl Fields for Turn {
    fn blank() -> Turn {
        Turn::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![
            may("run", &mut self.run),
            may("from", &mut self.from),
            must("task", &mut self.task),
            must("goal", &mut self.goal),
            must("done", &mut self.done),
            may("hint", &mut self.hint),
            must("solution", &mut self.solution),
        ]
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

impl Fields for Hint {
    fn blank() -> Hint {
        Hint::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![may("when", &mut self.when), must("text", &mut self.text)]
    }
}
