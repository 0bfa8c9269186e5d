//! Knobs of real systems, spelled as those spell them, read as settings of ours.
//!
//! The ack rule, and with MongoDB failover and where reads go, follow the whole table, the system's
//! own defaults included; every other setting only what is written. What is read is our settings
//! from then on: a scenario prints no knob. A knob that cannot be expressed is refused with what it
//! does and what is nearest. The words for that, each default and its source are `about`'s, which
//! the page does without.

#[cfg(not(target_arch = "wasm32"))]
mod about;
mod mongodb;
mod mysql;
mod postgresql;

#[cfg(not(target_arch = "wasm32"))]
pub use about::{About, markdown};
pub use mongodb::implicit_write_concern;

use crate::base::Span;
use crate::form::{Entry, Form, Misfit, ToForm, misplaced, unsuitable};

use super::ack::{Ack, Count};

/// A system whose knobs are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// MySQL and MariaDB.
    Mysql,
    /// PostgreSQL.
    Postgresql,
    /// MongoDB.
    Mongodb,
}

/// The cluster that a table of knobs is for.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// How many servers.
    pub nodes: u16,
    /// The topology's name.
    pub topology: &'a str,
}

/// What knobs come to: fields of `cluster`, and where clients read that do not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Fields of `cluster`.
    pub cluster: Vec<(&'static str, Form)>,
    /// The read rule of clients that name none; None leaves it.
    pub read: Option<&'static str>,
}

/// What can be done with a knob.
#[derive(Clone, Copy)]
enum Use {
    /// It is read.
    Read,
    /// The engine is as if it stood at one of these, and at nothing else.
    Only(&'static [&'static str]),
}

/// A knob's name and what can be done with it.
type Knob = (&'static str, Use);

impl System {
    /// Every one.
    pub const ALL: [System; 3] = [System::Mysql, System::Postgresql, System::Mongodb];

    /// Its name: of its table in `cluster`, and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            System::Mysql => "mysql",
            System::Postgresql => "postgresql",
            System::Mongodb => "mongodb",
        }
    }

    fn knobs(self) -> &'static [Knob] {
        match self {
            System::Mysql => &mysql::KNOBS,
            System::Postgresql => &postgresql::KNOBS,
            System::Mongodb => &mongodb::KNOBS,
        }
    }

    /// The names of its knobs.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        self.knobs().iter().map(|(name, _)| *name)
    }

    /// Reads a table of its knobs.
    pub fn settings(self, table: &Form, frame: Frame<'_>) -> Result<Settings, Misfit> {
        let Form::Table(entries) = table else {
            return Err(misplaced(table, "a table of knobs"));
        };
        for entry in entries {
            let known = self.knobs().iter().find(|(name, _)| *name == entry.name);
            match known {
                Some((_, Use::Only(these))) if !these.contains(&&*spelled(&entry.form)) => {
                    return Err(self.refusal(&entry.name).within(entry));
                }
                Some(_) => {}
                None => {
                    return Err(Misfit::unknown(entry, "knob", &self.names().collect::<Vec<_>>()));
                }
            }
        }
        let read = Read { system: self, entries, frame };
        match self {
            System::Mysql => mysql::settings(&read),
            System::Postgresql => postgresql::settings(&read),
            System::Mongodb => mongodb::settings(&read),
        }
    }

    /// Why a value cannot be expressed, and what is nearest.
    fn refusal(self, name: &str) -> Misfit {
        #[cfg(not(target_arch = "wasm32"))]
        let why = match About::of(self, name) {
            Some(about) => format!("{} Nearest here: {}.", about.says, about.ours),
            None => String::new(),
        };
        #[cfg(target_arch = "wasm32")]
        let why = "docs/presets.md says what it does and what is nearest.";
        Misfit::new(format!("`{name}` cannot stand so here. {why}"))
    }
}

/// A table of knobs while it is read.
struct Read<'a> {
    system: System,
    entries: &'a [Entry],
    frame: Frame<'a>,
}

impl Read<'_> {
    /// Reads a knob with `take`; None if it is not in the table.
    fn with<T>(
        &self,
        name: &str,
        take: impl FnOnce(&Form) -> Result<T, Misfit>,
    ) -> Result<Option<T>, Misfit> {
        let entry = self.entries.iter().find(|entry| entry.name == name);
        entry.map(|entry| take(&entry.form).map_err(|misfit| misfit.within(entry))).transpose()
    }

    /// The same for a knob that is one of these words; the place of the word.
    fn word(&self, name: &str, words: &[&str], default: usize) -> Result<usize, Misfit> {
        let at = self.with(name, |form| {
            let word = spelled(form);
            let found = words.iter().position(|known| *known == word);
            found.ok_or_else(|| unsuitable(form, &format!("one of {}", words.join(", "))))
        })?;
        Ok(at.unwrap_or(default))
    }

    /// The same for a switch.
    fn switch(&self, name: &str, default: bool) -> Result<bool, Misfit> {
        Ok(self.with(name, switch)?.unwrap_or(default))
    }

    /// Refuses a value of this knob.
    fn refuse<T>(&self, name: &str) -> Result<T, Misfit> {
        self.with(name, |_| Err(self.system.refusal(name)))?
            .ok_or_else(|| self.system.refusal(name))
    }
}

/// What a value says, whatever its case and whether in quotes.
fn spelled(form: &Form) -> String {
    let text = form.text().map_or_else(|| form.to_string(), str::to_string);
    text.trim().to_ascii_lowercase()
}

/// A switch in any of the spellings of these systems.
fn switch(form: &Form) -> Result<bool, Misfit> {
    match spelled(form).as_str() {
        "on" | "true" | "yes" | "1" => Ok(true),
        "off" | "false" | "no" | "0" => Ok(false),
        _ => Err(unsuitable(form, "on or off")),
    }
}

/// A whole number in a range.
fn number(form: &Form, low: u64, high: u64) -> Result<u64, Misfit> {
    let found = spelled(form).parse().ok().filter(|found| (low..=high).contains(found));
    found.ok_or_else(|| unsuitable(form, &format!("a whole number from {low} to {high}")))
}

/// A time whose unit is this one unless another is given.
fn time(form: &Form, unit: &str) -> Result<Span, Misfit> {
    let text = spelled(form);
    // Minutes are `m` here.
    let text = text.strip_suffix("in").filter(|rest| rest.ends_with('m')).unwrap_or(&text);
    let text = text.replace(' ', "");
    let bare = text.ends_with(|last: char| last.is_ascii_digit());
    let whole = if bare { text + unit } else { text };
    whole.parse().map_err(|_| unsuitable(form, "a time such as 10000 or \"10s\""))
}

/// The ack rule as a field of `cluster`; `visible` and `point` mean nothing where nobody waits.
fn rule(ack: Ack) -> (&'static str, Form) {
    let ack = if ack.count == Count::None { Ack::default() } else { ack };
    ("ack", ack.to_form())
}

#[cfg(test)]
mod tests;
