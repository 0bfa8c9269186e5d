//! A cue: the event that a caption waits for, by what happened and not by when.
//!
//! It names the event and any of its particulars, as the trace prints them, and which one of those
//! that fit. Beside the trace's own names there are `client`, `key`, `value` and `kind` of the
//! operation that an event is about, whatever the event.

use crate::form::{Form, FromForm, Misfit, ToForm, misplaced};
use crate::node::{Fact, Subject};
use crate::recording::{EVENT_NAMES, Narrator, Recording, TraceLine, event_name};
use crate::sim::{Op, Record};

use super::bound::Bound;

/// An event, by what happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cue {
    /// Its name in traces.
    pub event: String,
    /// Which of those that fit, from 1.
    pub nth: u32,
    /// Particulars and what they must be.
    pub fields: Vec<(String, Bound)>,
}

impl Cue {
    /// The record with the number that this cue means; None while it has not happened.
    pub fn find(&self, recording: &Recording) -> Option<u32> {
        self.all(recording).nth(self.nth.max(1) as usize - 1)
    }

    /// Every record that fits, whatever `nth` says.
    pub fn all<'a>(&'a self, recording: &'a Recording) -> impl Iterator<Item = u32> + 'a {
        let records = recording.trace().since(0);
        let fits = records.filter(|(number, record)| self.fits(recording, *number, record));
        fits.map(|(number, _)| number)
    }

    /// Whether a record fits.
    pub fn fits(&self, recording: &Recording, number: u32, record: &Record) -> bool {
        if event_name(&record.fact) != self.event {
            return false;
        }
        let line = Narrator::of(recording).line(number, record);
        let fits = |(name, bound): &(String, Bound)| {
            particular(recording, &line, record, name).is_some_and(|found| bound.admits(&found))
        };
        self.fields.iter().all(fits)
    }

    /// A particular that this event never has, though it happens: a slip of the pen.
    pub fn misnamed(&self, recording: &Recording) -> Option<&str> {
        let named = |record: &(u32, Record)| event_name(&record.1.fact) == self.event;
        let lines = || recording.trace().since(0).filter(named);
        lines().next()?;
        let unknown = |name: &&str| {
            !lines().any(|(number, record)| {
                let line = Narrator::of(recording).line(number, &record);
                particular(recording, &line, &record, name).is_some()
            })
        };
        self.fields.iter().map(|(name, _)| name.as_str()).find(unknown)
    }

    /// The cue in words, for whoever wrote it.
    pub fn text(&self) -> String {
        let mut text = self.event.clone();
        for (name, bound) in &self.fields {
            text.push_str(&format!(" {name}={}", bound.text()));
        }
        if self.nth > 1 {
            text.push_str(&format!(" (number {})", self.nth));
        }
        text
    }
}

/// What a record says under a name.
fn particular(
    recording: &Recording,
    line: &TraceLine,
    record: &Record,
    name: &str,
) -> Option<Form> {
    let field = || line.fields.iter().find(|(field, _)| *field == name).map(|(_, form)| form);
    match name {
        "place" => return Some(line.place.as_str().into()),
        "from" => return Some(line.arrival.as_ref()?.0.as_str().into()),
        // A command is known by its name; what else it says is the scenario's.
        "command" => return field()?.entries().first().map(|entry| entry.name.as_str().into()),
        _ => {}
    }
    if let Some(form) = field() {
        return Some(form.clone());
    }
    let world = recording.head();
    let op = op_of(recording, record.fact)?;
    match name {
        "client" => Some(Form::from(&world.clients.get(op.client.index())?.name)),
        "key" => Some(world.names.text(op.key()).into()),
        "value" => op.written().or(op.found.as_ref()).map(ToForm::to_form),
        "kind" => Some(if op.is_write() { "write".into() } else { "read".into() }),
        _ => None,
    }
}

/// The operation that a fact is about, directly or through its entry.
fn op_of(recording: &Recording, fact: Fact) -> Option<&Op> {
    let ledger = &recording.head().ledger;
    match fact.subject()? {
        Subject::Op(op) => ledger.op(op),
        Subject::Entry(gtid) => ledger.ops.iter().find(|op| op.is_write() && op.gtid == Some(gtid)),
    }
}

impl FromForm for Cue {
    fn from_form(form: &Form) -> Result<Cue, Misfit> {
        let Form::Table(entries) = form else {
            return Err(misplaced(
                form,
                "an event, such as { event = \"crashed\", place = \"n1\" }",
            ));
        };
        let mut cue = Cue { nth: 1, ..Cue::default() };
        for entry in entries {
            let within = |misfit: Misfit| misfit.within(entry);
            match entry.name.as_str() {
                "event" => {
                    cue.event = String::from_form(&entry.form).map_err(within)?;
                    if !EVENT_NAMES.contains(&cue.event.as_str()) {
                        let message = format!("there is no event `{}` in traces", cue.event);
                        return Err(within(Misfit::new(message)));
                    }
                }
                "nth" => cue.nth = u32::from_form(&entry.form).map_err(within)?,
                name => {
                    let bound = Bound::from_form(&entry.form).map_err(within)?;
                    cue.fields.push((name.to_string(), bound));
                }
            }
        }
        if cue.event.is_empty() {
            return Err(Misfit::new("missing field `event`".to_string()));
        }
        Ok(cue)
    }
}
