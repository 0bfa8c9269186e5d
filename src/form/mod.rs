//! The written form of things: one tree behind TOML, JSON and JavaScript's objects. A text becomes
//! such a tree first, and a scenario is read from the tree and written to it.
//!
//! Every type lists its fields once, in [`Fields`], and is read, printed and checked against the
//! shipped schema by that list. There is no code per type and direction, which is why this is not
//! serde: its visitors were a quarter of the page. Numbers are whole or exact decimals; nothing is
//! rounded on the way in or out, so a file means the same on every platform.

mod decimal;
mod json;
mod part;
mod scan;
mod toml;
mod write;

use std::rc::Rc;

pub use decimal::Decimal;
pub use json::read_json;
pub use part::{
    Fault, Field, Fields, FromForm, Misfit, Need, Reading, ToForm, defaults, fill_in, may,
    misplaced, must, named, parsed, reading, unsuitable, when,
};
pub use toml::{Toml, read_toml};

/// A value as files and other programs see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// JSON's null. TOML has none.
    #[default]
    Nothing,
    /// True or false.
    Bool(bool),
    /// A whole number from 0 on.
    Whole(u64),
    /// A whole number below 0.
    Negative(i64),
    /// A number with a decimal point or an exponent.
    Decimal(Decimal),
    /// A text.
    Text(String),
    /// A list; its entries have no names.
    List(Vec<Entry>),
    /// A table, in the order it was written.
    Table(Vec<Entry>),
}

/// One entry of a table or a list, and where a text says so.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name; empty in a list.
    pub name: String,
    /// What it is.
    pub form: Form,
    place: Place,
    origin: toml::Origin,
}

/// Offsets into a text, in bytes; all 0 for what no text says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Where the name begins.
    pub name: u32,
    /// Where the value begins.
    pub value: u32,
}

impl Form {
    /// A table of these fields.
    pub fn table(fields: &[(&str, &dyn ToForm)]) -> Form {
        let entries = fields.iter().map(|(name, value)| Entry::new(name, value.to_form()));
        Form::Table(entries.collect())
    }

    /// A list of these items.
    pub fn list(items: impl IntoIterator<Item = Form>) -> Form {
        let mut items = items.into_iter();
        listed(&mut || items.next())
    }

    /// The entries of a table or a list; none of anything else.
    pub fn entries(&self) -> &[Entry] {
        match self {
            Form::List(entries) | Form::Table(entries) => entries,
            Form::Nothing
            | Form::Bool(_)
            | Form::Whole(_)
            | Form::Negative(_)
            | Form::Decimal(_)
            | Form::Text(_) => &[],
        }
    }

    /// The field of this name, if this is a table that has it.
    pub fn field(&self, name: &str) -> Option<&Form> {
        self.entries().iter().find(|entry| entry.name == name).map(|entry| &entry.form)
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let Form::Text(text) = self { Some(text) } else { None }
    }

    /// Where a field such as `at[3].write.client` stands in the text this was read from: the
    /// innermost part of the path that there is.
    pub fn place(&self, path: &str) -> Place {
        let (mut form, mut place) = (self, Place::default());
        let steps = path.split(['.', '[']).map(|step| step.trim_end_matches(']'));
        for step in steps.filter(|step| !step.is_empty()) {
            let entries = form.entries();
            let found = match form {
                Form::List(_) => step.parse().ok().and_then(|at: usize| entries.get(at)),
                _ => entries.iter().find(|entry| entry.name == step),
            };
            let Some(entry) = found else { break };
            (form, place) = (&entry.form, entry.place);
        }
        place
    }
}

fn listed(next: &mut dyn FnMut() -> Option<Form>) -> Form {
    let mut entries = Vec::new();
    while let Some(form) = next() {
        entries.push(Entry::new("", form));
    }
    Form::List(entries)
}

impl Entry {
    /// An entry that no text says.
    pub fn new(name: &str, form: Form) -> Entry {
        Entry::at(name.to_string(), form, Place::default(), toml::Origin::Value)
    }

    /// An entry that stands, for errors, where this one does.
    pub fn instead(&self, name: &str, form: Form) -> Entry {
        Entry::at(name.to_string(), form, self.place, self.origin)
    }

    fn at(name: String, form: Form, place: Place, origin: toml::Origin) -> Entry {
        Entry { name, form, place, origin }
    }
}

/// Where it was written makes no difference.
impl PartialEq for Entry {
    fn eq(&self, other: &Entry) -> bool {
        self.name == other.name && self.form == other.form
    }
}

impl Eq for Entry {}

impl From<bool> for Form {
    fn from(yes: bool) -> Form {
        Form::Bool(yes)
    }
}

impl From<u64> for Form {
    fn from(number: u64) -> Form {
        Form::Whole(number)
    }
}

impl From<u32> for Form {
    fn from(number: u32) -> Form {
        Form::Whole(number.into())
    }
}

impl From<u16> for Form {
    fn from(number: u16) -> Form {
        Form::Whole(number.into())
    }
}

impl From<i64> for Form {
    fn from(number: i64) -> Form {
        u64::try_from(number).map_or(Form::Negative(number), Form::Whole)
    }
}

impl From<String> for Form {
    fn from(text: String) -> Form {
        Form::Text(text)
    }
}

impl From<&str> for Form {
    fn from(text: &str) -> Form {
        Form::Text(text.to_string())
    }
}

impl From<&Rc<str>> for Form {
    fn from(text: &Rc<str>) -> Form {
        Form::Text(text.to_string())
    }
}

impl<T: Into<Form>> From<Option<T>> for Form {
    fn from(value: Option<T>) -> Form {
        value.map_or(Form::Nothing, T::into)
    }
}
