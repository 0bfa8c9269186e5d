//! A claim: something that a lesson says of a run, in a form that the run can refute.
//!
//! The list is closed. What cannot be said with it is not stated as a fact in a lesson.

use crate::base::NodeId;
use crate::form::{
    Entry, Field, Fields, Form, FromForm, Misfit, ToForm, may, misplaced, must, named,
};

use super::bound::Bound;
use super::cue::Cue;

/// Which of a lesson's scenarios a sentence is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// The first.
    #[default]
    First,
    /// The second: the counterexample, or the repaired one.
    Second,
}

impl Which {
    /// Both.
    pub const ALL: [Which; 2] = [Which::First, Which::Second];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Which::First => "first",
            Which::Second => "second",
        }
    }
}

impl ToForm for Which {
    fn to_form(&self) -> Form {
        match self {
            Which::First => Form::Nothing,
            Which::Second => self.name().into(),
        }
    }
}

impl FromForm for Which {
    fn from_form(form: &Form) -> Result<Which, Misfit> {
        named(form, &Which::ALL, Which::name)
    }
}

/// How a field of the first run's report compares with the second's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compared {
    /// Less in the first.
    Less,
    /// The same in both.
    #[default]
    Same,
    /// More in the first.
    More,
}

impl Compared {
    /// Each.
    pub const ALL: [Compared; 3] = [Compared::Less, Compared::Same, Compared::More];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Compared::Less => "less",
            Compared::Same => "same",
            Compared::More => "more",
        }
    }
}

impl ToForm for Compared {
    fn to_form(&self) -> Form {
        self.name().into()
    }
}

impl FromForm for Compared {
    fn from_form(form: &Form) -> Result<Compared, Misfit> {
        named(form, &Compared::ALL, Compared::name)
    }
}

/// What is claimed, of one run unless it says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// An event happens, so often; once or more if nothing is said.
    Happens(Cue, Bound),
    /// An event does not happen.
    Never(Cue),
    /// These events happen, each after the one before.
    Order(Vec<Cue>),
    /// Somewhere in the run these come one after another, whatever came before: each cue counts
    /// from the event found for the one before it. What a learner's goal needs, who may have tried.
    Then(Vec<Cue>),
    /// From one event to another it takes so long, in microseconds.
    Takes(Cue, Cue, Bound),
    /// At an event, or at the end, a server shows a value for a key.
    Value {
        /// The server.
        node: NodeId,
        /// The key.
        key: String,
        /// What it shows; `nothing` if it shows none.
        is: Bound,
        /// When; None means at the end.
        at: Option<Cue>,
    },
    /// At an event, or at the end, a server is so many writes behind.
    Behind {
        /// The server.
        node: NodeId,
        /// Writes it lacks.
        entries: Bound,
        /// When; None means at the end.
        at: Option<Cue>,
    },
    /// At an event, or at the end, these servers and no others run and take themselves for primary.
    Primaries(Vec<NodeId>, Option<Cue>),
    /// A field of the run's report.
    Report(String, Bound),
    /// A field of both runs' reports, compared.
    Compare(String, Compared),
}

/// Something that a lesson says of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Of which.
    pub run: Which,
    /// What.
    pub held: Held,
}

/// Names of the sorts of claims in files.
const SORTS: [&str; 10] = [
    "happens",
    "never",
    "order",
    "then",
    "takes",
    "value",
    "behind",
    "primaries",
    "report",
    "compare",
];

/// Everything that may stand in a claim, as it is read.
#[derive(Clone, Default)]
struct Draft {
    run: Which,
    happens: Option<Cue>,
    times: Option<Bound>,
    never: Option<Cue>,
    order: Option<Vec<Cue>>,
    then: Option<Vec<Cue>>,
    takes: Option<Stretch>,
    value: Option<Place>,
    behind: Option<Lag>,
    primaries: Option<Vec<NodeId>>,
    at: Option<Cue>,
    report: Option<String>,
    is: Option<Bound>,
    compare: Option<String>,
    first: Option<Compared>,
}

impl Fields for Draft {
    fn blank() -> Draft {
        Draft::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![
            may("run", &mut self.run),
            may("happens", &mut self.happens),
            may("times", &mut self.times),
            may("never", &mut self.never),
            may("order", &mut self.order),
            may("then", &mut self.then),
            may("takes", &mut self.takes),
            may("value", &mut self.value),
            may("behind", &mut self.behind),
            may("primaries", &mut self.primaries),
            may("report", &mut self.report),
            may("is", &mut self.is),
            may("compare", &mut self.compare),
            may("first", &mut self.first),
            may("at", &mut self.at),
        ]
    }
}

#[derive(Clone, Default)]
struct Stretch {
    from: Cue,
    to: Cue,
}

impl Fields for Stretch {
    fn blank() -> Stretch {
        Stretch::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![must("from", &mut self.from), must("to", &mut self.to)]
    }
}

#[derive(Clone, Default)]
struct Place {
    node: NodeId,
    key: String,
}

impl Fields for Place {
    fn blank() -> Place {
        Place::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![must("node", &mut self.node), must("key", &mut self.key)]
    }
}

#[derive(Clone, Default)]
struct Lag {
    node: NodeId,
    entries: Bound,
}

impl Fields for Lag {
    fn blank() -> Lag {
        Lag::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![must("node", &mut self.node), must("entries", &mut self.entries)]
    }
}

impl FromForm for Claim {
    fn from_form(form: &Form) -> Result<Claim, Misfit> {
        let Form::Table(entries) = form else {
            return Err(misplaced(form, "a claim, such as { never = { event = \"lost-write\" } }"));
        };
        let sort = |entry: &&Entry| SORTS.contains(&entry.name.as_str());
        let mut sorts = entries.iter().filter(sort);
        let Some(sort) = sorts.next() else {
            let message = format!("claims nothing: expected one of {}", SORTS.join(", "));
            return Err(Misfit::new(message));
        };
        if let Some(second) = sorts.next() {
            let message = format!("one claim each: `{}` is a second one", second.name);
            return Err(Misfit::at_name(second, message));
        }
        let draft = Draft::from_form(form)?;
        let belongs: &[&str] = match sort.name.as_str() {
            "happens" => &["times"],
            "takes" | "report" => &["is"],
            "value" => &["is", "at"],
            "behind" | "primaries" => &["at"],
            "compare" => &["first"],
            _ => &[],
        };
        let stray = |entry: &&Entry| {
            let name = entry.name.as_str();
            name != "run" && name != sort.name && !belongs.contains(&name)
        };
        if let Some(stray) = entries.iter().find(stray) {
            let message = format!("`{}` has nothing to say of `{}`", stray.name, sort.name);
            return Err(Misfit::at_name(stray, message));
        }
        let run = draft.run;
        Ok(Claim { run, held: draft.held()? })
    }
}

impl Draft {
    fn held(self) -> Result<Held, Misfit> {
        let missing = |name: &str| Misfit::new(format!("missing field `{name}`"));
        let is = self.is.ok_or_else(|| missing("is"));
        Ok(if let Some(cue) = self.happens {
            Held::Happens(cue, self.times.unwrap_or_else(Bound::some))
        } else if let Some(cue) = self.never {
            Held::Never(cue)
        } else if let Some(cues) = self.order {
            Held::Order(cues)
        } else if let Some(cues) = self.then {
            Held::Then(cues)
        } else if let Some(Stretch { from, to }) = self.takes {
            Held::Takes(from, to, is?)
        } else if let Some(Place { node, key }) = self.value {
            Held::Value { node, key, is: is?, at: self.at }
        } else if let Some(Lag { node, entries }) = self.behind {
            Held::Behind { node, entries, at: self.at }
        } else if let Some(nodes) = self.primaries {
            Held::Primaries(nodes, self.at)
        } else if let Some(field) = self.report {
            Held::Report(field, is?)
        } else {
            let field = self.compare.ok_or_else(|| missing("compare"))?;
            Held::Compare(field, self.first.ok_or_else(|| missing("first"))?)
        })
    }
}

impl ToForm for Claim {
    fn to_form(&self) -> Form {
        let mut draft = Draft { run: self.run, ..Draft::default() };
        match self.held.clone() {
            Held::Happens(cue, times) => (draft.happens, draft.times) = (Some(cue), Some(times)),
            Held::Never(cue) => draft.never = Some(cue),
            Held::Order(cues) => draft.order = Some(cues),
            Held::Then(cues) => draft.then = Some(cues),
            Held::Takes(from, to, is) => {
                (draft.takes, draft.is) = (Some(Stretch { from, to }), Some(is));
            }
            Held::Value { node, key, is, at } => {
                (draft.value, draft.is, draft.at) = (Some(Place { node, key }), Some(is), at);
            }
            Held::Behind { node, entries, at } => {
                (draft.behind, draft.at) = (Some(Lag { node, entries }), at);
            }
            Held::Primaries(nodes, at) => (draft.primaries, draft.at) = (Some(nodes), at),
            Held::Report(field, is) => (draft.report, draft.is) = (Some(field), Some(is)),
            Held::Compare(field, first) => {
                (draft.compare, draft.first) = (Some(field), Some(first));
            }
        }
        draft.to_form()
    }
}
