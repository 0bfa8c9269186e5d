//! Lesson files: text in, a checked lesson out. A scenario stands in it as in a scenario file, or
//! is named if it is one of the built-in ones. In the files that the page fetches the text of such
//! a scenario stands in place of its name.

use crate::base::Span;
use crate::form::{Form, FromForm, Misfit, fill_in, named, read_toml, reading};
use crate::recording::{Builtin, ScenarioError, adopt, check_length, misplaced_in, read_scenario};
use crate::sim::Scenario;

use super::beat::{Caption, Predict, Reason, Turn};

/// The lesson that whoever has done none begins with.
pub const FIRST: &str = "what-replication-is-for";

/// The chapter's three phases, which are the parts of the path, and what is asked of them all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// One primary and its replicas.
    #[default]
    Simple,
    /// The primary fails.
    Failover,
    /// Several primaries.
    Several,
    /// Questions on all of it: short lessons, of which the question is the most.
    Questions,
}

impl Part {
    /// Each, in the order of the path.
    pub const ALL: [Part; 4] = [Part::Simple, Part::Failover, Part::Several, Part::Questions];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Part::Simple => "simple",
            Part::Failover => "failover",
            Part::Several => "several",
            Part::Questions => "questions",
        }
    }

    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Part::Simple => "One primary",
            Part::Failover => "When the primary fails",
            Part::Several => "Several primaries",
            Part::Questions => "Questions",
        }
    }
}

impl FromForm for Part {
    fn from_form(form: &Form) -> Result<Part, Misfit> {
        named(form, &Part::ALL, Part::name)
    }
}

/// A scenario of a lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stage(pub Scenario);

impl FromForm for Stage {
    fn from_form(form: &Form) -> Result<Stage, Misfit> {
        let Some(said) = form.text() else {
            return Scenario::from_form(form).map(Stage);
        };
        let text = if said.contains('\n') {
            said
        } else {
            let none = || Misfit::new(format!("there is no built-in scenario `{said}`"));
            Builtin::find(said).ok_or_else(none)?.text
        };
        read_scenario(text).map(Stage).map_err(|error| Misfit::new(error.to_string()))
    }
}

/// A lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lesson {
    /// Its title.
    pub title: String,
    /// Where on the path it belongs.
    pub part: Part,
    /// What it is about, in a sentence.
    pub about: String,
    /// What the chapter says of it, in its own words, where the lesson holds that against the run.
    pub chapter: String,
    /// The rule that holds, to take home.
    pub rule: String,
    /// How much of the run one second of the person's time shows.
    pub pace: Span,
    /// The scenario.
    pub scenario: Stage,
    /// Another one: the counterexample, or the repaired one.
    pub second: Option<Stage>,
    /// What the second one is, in a few words, for the button that plays it.
    pub second_title: String,
    /// The question.
    pub predict: Predict,
    /// The captions.
    pub watch: Vec<Caption>,
    /// The reasons.
    pub why: Vec<Reason>,
    /// The learner's turn; a question has none.
    pub turn: Option<Turn>,
}

impl FromForm for Lesson {
    fn from_form(form: &Form) -> Result<Lesson, Misfit> {
        let mut read = Lesson { pace: Span::ms(80), ..Lesson::default() };
        let mut fields = [
            reading("title", true, &mut read.title),
            reading("part", true, &mut read.part),
            reading("about", false, &mut read.about),
            reading("chapter", false, &mut read.chapter),
            reading("rule", true, &mut read.rule),
            reading("pace", false, &mut read.pace),
            reading("scenario", true, &mut read.scenario),
            reading("second", false, &mut read.second),
            reading("second_title", false, &mut read.second_title),
            reading("predict", true, &mut read.predict),
            reading("watch", false, &mut read.watch),
            reading("why", false, &mut read.why),
            reading("try", false, &mut read.turn),
        ];
        fill_in(&mut fields, form)?;
        Ok(read)
    }
}

/// Whether a file wants to be a lesson, rather than a scenario: it asks something.
pub fn is_lesson(text: &str) -> bool {
    text.lines().any(|line| line.trim_start_matches(['[', ' ']).starts_with("predict"))
}

/// Reads a lesson, or says where it cannot be one. What it claims is another matter.
pub fn read_lesson(text: &str) -> Result<Lesson, ScenarioError> {
    read(text).map(|(lesson, _)| lesson)
}

/// The same, with the form it was read from, for places.
pub(super) fn read(text: &str) -> Result<(Lesson, Form), ScenarioError> {
    check_length(text.len())?;
    let mut form = read_toml(text).map_err(|misfit| misplaced_in(text, misfit))?;
    adopt(text, &mut form, &["scenario", "second"])?;
    let lesson = Lesson::from_form(&form).map_err(|misfit| misplaced_in(text, misfit))?;
    let right = lesson.predict.choice.iter().filter(|choice| choice.right).count();
    let problem = if right != 1 {
        Some(("predict.choice", format!("{right} choices are right: expected one")))
    } else if let Some(bare) = lesson.predict.choice.iter().find(|one| one.claim.is_empty()) {
        Some(("predict.choice", format!("`{}` cites no claim", bare.text)))
    } else if lesson.turn.as_ref().is_some_and(|turn| turn.goal.is_empty()) {
        Some(("try.goal", "no goal".to_string()))
    } else {
        None
    };
    match problem {
        None => Ok((lesson, form)),
        Some((path, message)) => Err(ScenarioError::in_form(text, &form, path, message)),
    }
}
