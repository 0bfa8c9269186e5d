//! A claim: something that a lesson says of a run, in a form that the run can refute.
//!
//! The list is closed. What cannot be said with it is not stated as a fact in a lesson.

use crate::base::NodeId;
use crate::form::{Entry, Form, FromForm, Misfit, misplaced, named};

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

impl FromForm for Claim {
    fn from_form(form: &Form) -> Result<Claim, Misfit> {
        let Form::Table(entries) = form else {
            return Err(misplaced(form, "a claim, such as { never = { event = \"lost-write\" } }"));
        };
        let is_sort = |entry: &&Entry| SORTS.contains(&entry.name.as_str());
        let mut sorts = entries.iter().filter(is_sort);
        let Some(sort) = sorts.next() else {
            let message = format!("claims nothing: expected one of {}", SORTS.join(", "));
            return Err(Misfit::new(message));
        };
        if let Some(second) = sorts.next() {
            let message = format!("one claim each: `{}` is a second one", second.name);
            return Err(Misfit::at_name(second, message));
        }
        let mut rest =
            Rest { sort, run: Which::First, times: None, is: None, at: None, first: None };
        for entry in entries.iter().filter(|entry| !is_sort(entry)) {
            rest.take(entry)?;
        }
        let run = rest.run;
        Ok(Claim { run, held: rest.held()? })
    }
}

/// What stands in a claim beside what it claims.
struct Rest<'a> {
    sort: &'a Entry,
    run: Which,
    times: Option<Bound>,
    is: Option<Bound>,
    at: Option<Cue>,
    first: Option<Compared>,
}

impl Rest<'_> {
    fn take(&mut self, entry: &Entry) -> Result<(), Misfit> {
        let within = |misfit: Misfit| misfit.within(entry);
        let form = &entry.form;
        match (entry.name.as_str(), self.sort.name.as_str()) {
            ("run", _) => self.run = Which::from_form(form).map_err(within)?,
            ("times", "happens") => self.times = Some(Bound::from_form(form).map_err(within)?),
            ("is", "takes" | "value" | "report") => {
                self.is = Some(Bound::from_form(form).map_err(within)?);
            }
            ("at", "value" | "behind" | "primaries") => {
                self.at = Some(Cue::from_form(form).map_err(within)?);
            }
            ("first", "compare") => self.first = Some(Compared::from_form(form).map_err(within)?),
            (name, sort) => {
                let message = format!("`{name}` has nothing to say of `{sort}`");
                return Err(Misfit::at_name(entry, message));
            }
        }
        Ok(())
    }

    fn held(self) -> Result<Held, Misfit> {
        let form = &self.sort.form;
        let within = |misfit: Misfit| misfit.within(self.sort);
        let missing = |name: &str| Misfit::new(format!("missing field `{name}`"));
        let is = self.is.ok_or_else(|| missing("is"));
        let cue = |form: &Form| Cue::from_form(form).map_err(within);
        let inner = |name: &str| form.field(name).ok_or_else(|| within(missing(name)));
        let node = || NodeId::from_form(inner("node")?).map_err(within);
        Ok(match self.sort.name.as_str() {
            "happens" => Held::Happens(cue(form)?, self.times.unwrap_or_else(Bound::some)),
            "never" => Held::Never(cue(form)?),
            "order" => Held::Order(FromForm::from_form(form).map_err(within)?),
            "then" => Held::Then(FromForm::from_form(form).map_err(within)?),
            "takes" => Held::Takes(cue(inner("from")?)?, cue(inner("to")?)?, is?),
            "value" => {
                let key = String::from_form(inner("key")?).map_err(within)?;
                Held::Value { node: node()?, key, is: is?, at: self.at }
            }
            "behind" => {
                let entries = Bound::from_form(inner("entries")?).map_err(within)?;
                Held::Behind { node: node()?, entries, at: self.at }
            }
            "primaries" => Held::Primaries(FromForm::from_form(form).map_err(within)?, self.at),
            "report" => Held::Report(String::from_form(form).map_err(within)?, is?),
            _ => {
                let field = String::from_form(form).map_err(within)?;
                Held::Compare(field, self.first.ok_or_else(|| missing("first"))?)
            }
        })
    }
}
