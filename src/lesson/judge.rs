//! Holds claims against runs. What does not hold is answered with what the run says instead.

use std::cell::OnceCell;
use std::fmt;

use crate::base::NodeId;
use crate::check::report;
use crate::data::Row;
use crate::form::{Form, ToForm};
use crate::recording::{Moment, Narrator, Recording};
use crate::sim::behind;

use super::bound::{Bound, written};
use super::claim::{Claim, Compared, Held, Which};
use super::cue::Cue;

/// A run that claims are held against, as far as it is known.
pub struct Run<'a> {
    recording: &'a Recording,
    report: OnceCell<Form>,
    /// Whether what does not happen is to be told with what comes nearest.
    told: bool,
}

impl<'a> Run<'a> {
    /// This one.
    pub fn new(recording: &'a Recording) -> Run<'a> {
        Run { recording, report: OnceCell::new(), told: false }
    }

    fn field(&self, path: &str) -> Option<&Form> {
        let report = self.report.get_or_init(|| report(self.recording).to_form());
        path.split('.').try_fold(report, |form, step| match step.parse::<usize>() {
            Ok(at) => form.entries().get(at).map(|entry| &entry.form),
            Err(_) => form.field(step),
        })
    }

    /// The world at an event, or at the end.
    fn moment(&self, at: Option<&Cue>) -> Result<Moment, String> {
        let t = match at {
            Some(cue) => self.at(cue)?,
            None => self.recording.known_until(),
        };
        // A copy shares all it can with what it was made from.
        Ok(self.recording.clone().moment(t))
    }

    /// When an event happens.
    fn at(&self, cue: &Cue) -> Result<u64, String> {
        let found = cue.find(self.recording).and_then(|at| self.recording.trace().get(at));
        found.map(|record| record.at).ok_or_else(|| self.absent(cue))
    }

    /// Says that an event does not happen, and what comes nearest. That takes a while.
    fn absent(&self, cue: &Cue) -> String {
        if !self.told {
            return String::new();
        }
        let of_name = Cue { event: cue.event.clone(), nth: 1, fields: Vec::new() };
        let found = cue.all(self.recording).count();
        let narrator = Narrator::of(self.recording);
        let trace = self.recording.trace();
        let shown: Vec<String> = of_name
            .all(self.recording)
            .filter_map(|at| Some((at, trace.get(at)?)))
            .take(SHOWN)
            .map(|(at, record)| narrator.line(at, &record).to_form().to_string())
            .collect();
        let times =
            if found == 0 { String::new() } else { told(format_args!(" more than {found} times")) };
        let text = told(format_args!("`{}` does not happen{times}", cue.text()));
        match (cue.misnamed(self.recording), shown.is_empty()) {
            (Some(name), _) => told(format_args!("{text}: no such event says `{name}`")),
            (None, true) => told(format_args!("{text}, and no `{}` does", cue.event)),
            (None, false) => told(format_args!("{text}; what does:\n  {}", shown.join("\n  "))),
        }
    }
}

/// Words for whoever proves a lesson, put together in one place.
fn told(words: fmt::Arguments<'_>) -> String {
    words.to_string()
}

/// Events of the same name that are told when the one claimed does not happen.
const SHOWN: usize = 6;

/// Holds claims against a lesson's runs.
pub struct Judge<'a> {
    first: Run<'a>,
    second: Option<Run<'a>>,
}

impl<'a> Judge<'a> {
    /// Of these runs. A live run is both.
    pub fn new(first: &'a Recording, second: Option<&'a Recording>) -> Judge<'a> {
        Judge { first: Run::new(first), second: second.map(Run::new) }
    }

    /// That says what is the case where a claim does not hold. That takes a while.
    pub fn told(first: &'a Recording, second: Option<&'a Recording>) -> Judge<'a> {
        let mut judge = Judge::new(first, second);
        judge.first.told = true;
        if let Some(second) = &mut judge.second {
            second.told = true;
        }
        judge
    }

    /// Whether all of these hold.
    pub fn all(&self, claims: &[Claim]) -> bool {
        claims.iter().all(|claim| self.judge(claim).is_ok())
    }

    fn run(&self, which: Which) -> Result<&Run<'a>, String> {
        let second = || self.second.as_ref().ok_or_else(|| "there is no second run".to_string());
        match which {
            Which::First => Ok(&self.first),
            Which::Second => second(),
        }
    }

    /// A particular that a claim names and no such event ever says, so that it could not fail.
    pub fn misnamed(&self, claim: &Claim) -> Option<String> {
        let Held::Never(cue) = &claim.held else { return None };
        let name = cue.misnamed(self.run(claim.run).ok()?.recording)?;
        Some(told(format_args!("no `{}` ever says `{name}`", cue.event)))
    }

    /// Whether an event happens in a run.
    pub fn happens(&self, which: Which, cue: &Cue) -> Result<(), String> {
        self.run(which)?.at(cue).map(|_| ())
    }

    /// When an event happens in the first run; None if it does not.
    pub fn instant(&self, cue: &Cue) -> Option<u64> {
        self.first.at(cue).ok()
    }

    /// The number that a claim is about, as the first run has it; None if there is none.
    pub fn number(&self, claim: &Claim) -> Option<u64> {
        let run = &self.first;
        match &claim.held {
            Held::Happens(cue, _) => Some(cue.all(run.recording).count() as u64),
            Held::Takes(from, to, _) => run.at(to).ok()?.checked_sub(run.at(from).ok()?),
            Held::Report(field, _) => run.field(field).map(number),
            Held::Never(_)
            | Held::Order(_)
            | Held::Then(_)
            | Held::Value { .. }
            | Held::Behind { .. }
            | Held::Primaries(..)
            | Held::Compare(..) => None,
        }
    }

    /// Holds a claim against its run; if it does not hold, says what is the case.
    pub fn judge(&self, claim: &Claim) -> Result<(), String> {
        let run = self.run(claim.run)?;
        match &claim.held {
            Held::Happens(cue, times) => {
                let found = cue.all(run.recording).count() as u64;
                match (times.admits(&found.into()), found) {
                    (true, _) => Ok(()),
                    (false, 0) => Err(run.absent(cue)),
                    (false, found) => {
                        Err(told(format_args!("`{}` happens {found} times", cue.text())))
                    }
                }
            }
            Held::Never(cue) => {
                let Some(at) = cue.all(run.recording).next() else { return Ok(()) };
                let record = run.recording.trace().get(at);
                let said = record.map(|one| Narrator::of(run.recording).line(at, &one).to_form());
                Err(told(format_args!("it does happen: {}", said.unwrap_or_default())))
            }
            Held::Order(cues) => ordered(run, cues),
            Held::Then(cues) => followed(run, cues),
            Held::Takes(from, to, is) => {
                let (from, to) = (run.at(from)?, run.at(to)?);
                let took = to.checked_sub(from).ok_or("the second event comes first")?;
                admitted(is, &took.into(), "it takes, in microseconds,")
            }
            Held::Value { node, key, is, at } => {
                let moment = run.moment(at.as_ref())?;
                let key =
                    moment.names.find(key).ok_or_else(|| told(format_args!("no key `{key}`")))?;
                let node = node_of(&moment, *node)?;
                let cell = moment.nodes[node].disk.store.row(key).and_then(Row::cell);
                let found = cell.map_or_else(|| "nothing".into(), |cell| cell.to_form());
                admitted(is, &found, "it shows")
            }
            Held::Behind { node, entries, at } => {
                let moment = run.moment(at.as_ref())?;
                let node = node_of(&moment, *node)?;
                let lag = behind(&moment, &moment.nodes[node], moment.now);
                admitted(entries, &lag.entries.into(), "it is behind by")
            }
            Held::Primaries(nodes, at) => {
                let moment = run.moment(at.as_ref())?;
                let leading = moment.nodes.iter().filter(|one| one.is_primary());
                let leading = leading.filter(|node| node.status.runs()).map(|node| node.id);
                let leading: Vec<NodeId> = leading.collect();
                let said = || told(format_args!("primaries are {}", leading.to_form()));
                if leading == *nodes { Ok(()) } else { Err(said()) }
            }
            Held::Report(field, is) => {
                let found = run.field(field).ok_or_else(|| no_field(field))?;
                admitted(is, found, &told(format_args!("the report's {field} is")))
            }
            Held::Compare(field, first) => {
                let second = self.run(Which::Second)?;
                let (one, other) = (run.field(field), second.field(field));
                let (Some(one), Some(other)) = (one, other) else { return Err(no_field(field)) };
                let less = number(one) < number(other);
                let holds = match first {
                    Compared::Same => one == other,
                    Compared::Less => less,
                    Compared::More => !less && one != other,
                };
                let said = || {
                    told(format_args!("{field} is {one} in the first and {other} in the second"))
                };
                if holds { Ok(()) } else { Err(said()) }
            }
        }
    }
}

fn ordered(run: &Run<'_>, cues: &[Cue]) -> Result<(), String> {
    let mut before = None;
    for cue in cues {
        let found = cue.find(run.recording).ok_or_else(|| run.absent(cue))?;
        if before.is_some_and(|before| found <= before) {
            return Err(told(format_args!(
                "`{}` comes before the one named before it",
                cue.text()
            )));
        }
        before = Some(found);
    }
    Ok(())
}

/// Whether events follow one another somewhere: the earliest of each is the one to go on from.
fn followed(run: &Run<'_>, cues: &[Cue]) -> Result<(), String> {
    let mut before = None;
    for cue in cues {
        let mut later = cue.all(run.recording).skip_while(|found| Some(*found) <= before);
        let Some(found) = later.nth(cue.nth.max(1) as usize - 1) else {
            let late = format!("`{}` does not happen after the one named before it", cue.text());
            return Err(if before.is_some() { late } else { run.absent(cue) });
        };
        before = Some(found);
    }
    Ok(())
}

fn admitted(bound: &Bound, found: &Form, said: &str) -> Result<(), String> {
    if bound.admits(found) { Ok(()) } else { Err(told(format_args!("{said} {}", written(found)))) }
}

fn node_of(moment: &Moment, node: NodeId) -> Result<usize, String> {
    let there = moment.nodes.get(node.index());
    there.map(|_| node.index()).ok_or_else(|| told(format_args!("there is no {node}")))
}

fn no_field(field: &str) -> String {
    told(format_args!("the report has no field `{field}`"))
}

/// A whole number; nothing counts as none.
fn number(form: &Form) -> u64 {
    if let Form::Whole(number) = form { *number } else { 0 }
}
