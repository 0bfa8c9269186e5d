//! How types take part: each says what its form is and reads itself from one.

use std::str::FromStr;

use super::{Entry, Form};

/// What has a form.
pub trait ToForm {
    /// The form.
    fn to_form(&self) -> Form;
}

/// What can be read from a form.
pub trait FromForm: Sized {
    /// Reads it, or says what does not fit.
    fn from_form(form: &Form) -> Result<Self, Misfit>;
}

/// A table with fields of its own types, listed once for reading, printing and the schema.
pub trait Fields: Clone {
    /// What is read into: every field that may be absent at its default.
    fn blank() -> Self;

    /// Its fields, in the order in which they are printed.
    fn fields(&mut self) -> Vec<Field<'_>>;
}

/// One field of a table.
pub struct Field<'a> {
    /// Its name.
    pub name: &'static str,
    /// Whether it must be there.
    pub need: Need,
    part: &'a mut dyn Part,
}

/// Whether a field must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It must.
    Must,
    /// If it is absent it stays as it is; it is not printed when it is empty.
    May,
    /// Absent means false, and false is not printed.
    When,
}

/// A field that must be there.
pub fn must<'a>(name: &'static str, part: &'a mut impl Part) -> Field<'a> {
    Field { name, need: Need::Must, part }
}

/// A field that may be absent.
pub fn may<'a>(name: &'static str, part: &'a mut impl Part) -> Field<'a> {
    Field { name, need: Need::May, part }
}

/// A mark that is there or is not.
pub fn when<'a>(name: &'static str, part: &'a mut bool) -> Field<'a> {
    Field { name, need: Need::When, part }
}

impl Field<'_> {
    /// The field's form, if it is printed.
    pub fn shown(&self) -> Option<Form> {
        let form = self.part.form();
        let is_empty = match &form {
            Form::Nothing => true,
            Form::Bool(yes) => self.need == Need::When && !yes,
            Form::Text(text) => text.is_empty(),
            Form::List(entries) => entries.is_empty(),
            Form::Whole(_) | Form::Negative(_) | Form::Decimal(_) | Form::Table(_) => false,
        };
        (self.need == Need::Must || !is_empty).then_some(form)
    }

    /// The field's form, printed or not.
    pub fn form(&self) -> Form {
        self.part.form()
    }

    /// Becomes what the form says.
    pub fn set(&mut self, form: &Form) -> Result<(), Misfit> {
        self.part.set(form)
    }
}

/// A part of a table, whatever its type.
pub trait Part {
    /// Its form.
    fn form(&self) -> Form;
    /// Becomes what the form says.
    fn set(&mut self, form: &Form) -> Result<(), Misfit>;
}

impl<T: ToForm + FromForm> Part for T {
    fn form(&self) -> Form {
        self.to_form()
    }

    fn set(&mut self, form: &Form) -> Result<(), Misfit> {
        *self = T::from_form(form)?;
        Ok(())
    }
}

impl<T: Fields> ToForm for T {
    fn to_form(&self) -> Form {
        shown(&self.clone().fields())
    }
}

impl<T: Fields> FromForm for T {
    fn from_form(form: &Form) -> Result<T, Misfit> {
        let mut table = T::blank();
        fill(&mut table.fields(), form)?;
        Ok(table)
    }
}

/// The fields that may be absent, as they are then.
pub fn defaults<T: Fields>() -> Form {
    let mut blank = T::blank();
    let mut fields = blank.fields();
    fields.retain(|field| field.need != Need::Must);
    shown(&fields)
}

fn shown(fields: &[Field<'_>]) -> Form {
    let entries = fields.iter().filter_map(|field| Some(Entry::new(field.name, field.shown()?)));
    Form::Table(entries.collect())
}

fn fill(fields: &mut [Field<'_>], form: &Form) -> Result<(), Misfit> {
    let known: Vec<(&str, Need)> = fields.iter().map(|field| (field.name, field.need)).collect();
    distribute(form, &known, &mut |at, form| fields[at].part.set(form))
}

/// Reads a table whose fields are never printed: each has its name and takes its own form.
pub fn fill_in(fields: &mut [Reading<'_>], form: &Form) -> Result<(), Misfit> {
    let known: Vec<(&str, Need)> = fields.iter().map(|field| (field.name, field.need)).collect();
    distribute(form, &known, &mut |at, form| fields[at].part.take(form))
}

/// Hands each entry of a table to the field of its name.
fn distribute(
    form: &Form,
    known: &[(&str, Need)],
    set: &mut dyn FnMut(usize, &Form) -> Result<(), Misfit>,
) -> Result<(), Misfit> {
    let Form::Table(entries) = form else {
        return Err(misplaced(form, "a table"));
    };
    for entry in entries {
        match known.iter().position(|(name, _)| *name == entry.name) {
            Some(at) => set(at, &entry.form).map_err(|misfit| misfit.within(entry))?,
            None => {
                let known: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
                return Err(Misfit::unknown(entry, "field", &known));
            }
        }
    }
    let absent = |(name, need): &&(&str, Need)| *need == Need::Must && form.field(name).is_none();
    match known.iter().find(absent) {
        Some((name, _)) => Err(Misfit::new(format!("missing field `{name}`"))),
        None => Ok(()),
    }
}

/// One field of a table that is read and never printed.
pub struct Reading<'a> {
    name: &'static str,
    need: Need,
    part: &'a mut dyn Take,
}

/// What takes its own form.
pub trait Take {
    /// Becomes what the form says.
    fn take(&mut self, form: &Form) -> Result<(), Misfit>;
}

impl<T: FromForm> Take for T {
    fn take(&mut self, form: &Form) -> Result<(), Misfit> {
        *self = T::from_form(form)?;
        Ok(())
    }
}

/// A field to be read that must be there (true) or may be absent.
pub fn reading<'a>(name: &'static str, must: bool, part: &'a mut impl Take) -> Reading<'a> {
    Reading { name, need: if must { Need::Must } else { Need::May }, part }
}

/// What does not fit, and where: on the way up through every reader one word wide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit(Box<Fault>);

/// The same, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field, such as `at[3].write.client`; empty at the top.
    pub path: String,
    /// Its offset in the text; None while nobody has said where it is.
    pub at: Option<u32>,
    /// What was found and what was expected.
    pub message: String,
    /// What it could have been, where that is a choice.
    pub choices: Vec<&'static str>,
}

impl Misfit {
    /// A problem of the value that is being read.
    pub fn new(message: String) -> Misfit {
        Misfit::of(String::new(), None, message)
    }

    fn of(path: String, at: Option<u32>, message: String) -> Misfit {
        Misfit(Box::new(Fault { path, at, message, choices: Vec::new() }))
    }

    /// The same where this was the choice.
    fn of_these(mut self, choices: Vec<&'static str>) -> Misfit {
        self.0.choices = choices;
        self
    }

    /// Taken apart.
    pub fn fault(self) -> Fault {
        *self.0
    }

    /// A problem at a place in the text.
    pub(super) fn at(at: u32, message: String) -> Misfit {
        Misfit::of(String::new(), Some(at), message)
    }

    /// An entry whose name means nothing here.
    pub fn unknown(entry: &Entry, what: &str, known: &[&str]) -> Misfit {
        let message = format!("unknown {what} `{}`, expected {}", entry.name, one_of(known));
        Misfit::at_name(entry, message)
    }

    /// A second problem of this entry: its name should not be here.
    pub fn at_name(entry: &Entry, message: String) -> Misfit {
        Misfit::of(entry.name.clone(), Some(entry.place.name), message)
    }

    /// The same, told from outside the entry it happened in.
    pub fn within(mut self, entry: &Entry) -> Misfit {
        let Fault { path, at, .. } = &mut *self.0;
        *at = at.or(Some(entry.place.value));
        let dot = if path.is_empty() || path.starts_with('[') { "" } else { "." };
        *path = format!("{}{dot}{path}", entry.name);
        self
    }

    /// The same, told from outside the list it happened in.
    fn within_list(mut self, nth: usize, entry: &Entry) -> Misfit {
        // The item has no name: what is left of it is the dot, where there is one.
        self = self.within(entry);
        self.0.path.insert_str(0, &format!("[{nth}]"));
        self
    }
}

fn one_of(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [only] => only.clone(),
        names => format!("one of {}", names.join(", ")),
    }
}

/// The form is of another kind than what is expected.
pub fn misplaced(form: &Form, expected: &str) -> Misfit {
    Misfit::new(format!("invalid type: {}, expected {expected}", in_words(form)))
}

/// The form is of the right kind, and still not what is expected.
pub fn unsuitable(form: &Form, expected: &str) -> Misfit {
    Misfit::new(format!("invalid value: {}, expected {expected}", in_words(form)))
}

fn in_words(form: &Form) -> String {
    match form {
        Form::Nothing => "nothing".to_string(),
        Form::Bool(_) => format!("boolean `{form}`"),
        Form::Whole(_) | Form::Negative(_) => format!("integer `{form}`"),
        Form::Decimal(_) => format!("floating point `{form}`"),
        Form::Text(_) => format!("string {form}"),
        Form::List(_) => "a list".to_string(),
        Form::Table(_) => "a table".to_string(),
    }
}

/// Reads one of a type's names.
pub fn named<T: Copy>(form: &Form, all: &[T], name: fn(T) -> &'static str) -> Result<T, Misfit> {
    chosen(form, &|nth| all.get(nth).map(|one| name(*one))).map(|nth| all[nth])
}

/// Which one of these names it is.
fn chosen(form: &Form, name: &dyn Fn(usize) -> Option<&'static str>) -> Result<usize, Misfit> {
    let text = form.text().ok_or_else(|| misplaced(form, "a name in quotes"))?;
    let names: Vec<&'static str> = (0..).map_while(name).collect();
    names.iter().position(|name| *name == text).ok_or_else(|| {
        let message = format!("unknown name `{text}`, expected {}", one_of(&names));
        Misfit::new(message).of_these(names)
    })
}

/// Reads what people write in quotes: a duration, a node, a rate.
pub fn parsed<T: FromStr<Err = String>>(form: &Form, expected: &str) -> Result<T, Misfit> {
    form.text().ok_or_else(|| misplaced(form, expected))?.parse().map_err(Misfit::new)
}

fn whole(form: &Form, max: u64) -> Result<u64, Misfit> {
    let expected = || format!("a whole number from 0 to {max}");
    match form {
        Form::Whole(number) if *number <= max => Ok(*number),
        Form::Whole(_) | Form::Negative(_) => Err(unsuitable(form, &expected())),
        Form::Nothing
        | Form::Bool(_)
        | Form::Decimal(_)
        | Form::Text(_)
        | Form::List(_)
        | Form::Table(_) => Err(misplaced(form, &expected())),
    }
}

impl ToForm for u16 {
    fn to_form(&self) -> Form {
        Form::from(*self)
    }
}

impl FromForm for u16 {
    fn from_form(form: &Form) -> Result<u16, Misfit> {
        whole(form, u16::MAX.into()).map(|number| number as u16)
    }
}

impl ToForm for u32 {
    fn to_form(&self) -> Form {
        Form::from(*self)
    }
}

impl FromForm for u32 {
    fn from_form(form: &Form) -> Result<u32, Misfit> {
        whole(form, u32::MAX.into()).map(|number| number as u32)
    }
}

impl ToForm for u64 {
    fn to_form(&self) -> Form {
        Form::from(*self)
    }
}

impl FromForm for u64 {
    fn from_form(form: &Form) -> Result<u64, Misfit> {
        whole(form, u64::MAX)
    }
}

impl ToForm for i64 {
    fn to_form(&self) -> Form {
        Form::from(*self)
    }
}

impl FromForm for i64 {
    fn from_form(form: &Form) -> Result<i64, Misfit> {
        match form {
            Form::Negative(number) => Ok(*number),
            Form::Nothing
            | Form::Bool(_)
            | Form::Whole(_)
            | Form::Decimal(_)
            | Form::Text(_)
            | Form::List(_)
            | Form::Table(_) => whole(form, i64::MAX as u64).map(|number| number as i64),
        }
    }
}

impl ToForm for usize {
    fn to_form(&self) -> Form {
        Form::from(*self as u64)
    }
}

impl ToForm for bool {
    fn to_form(&self) -> Form {
        Form::from(*self)
    }
}

impl FromForm for bool {
    fn from_form(form: &Form) -> Result<bool, Misfit> {
        let Form::Bool(yes) = form else {
            return Err(misplaced(form, "a boolean").of_these(vec!["true", "false"]));
        };
        Ok(*yes)
    }
}

impl ToForm for String {
    fn to_form(&self) -> Form {
        Form::from(self.as_str())
    }
}

impl FromForm for String {
    fn from_form(form: &Form) -> Result<String, Misfit> {
        let text = form.text().ok_or_else(|| misplaced(form, "a text in quotes"))?;
        Ok(text.to_string())
    }
}

impl ToForm for &str {
    fn to_form(&self) -> Form {
        Form::from(*self)
    }
}

/// What is one already.
impl ToForm for Form {
    fn to_form(&self) -> Form {
        self.clone()
    }
}

impl<T: ToForm> ToForm for Option<T> {
    fn to_form(&self) -> Form {
        self.as_ref().map_or(Form::Nothing, T::to_form)
    }
}

impl<T: FromForm> FromForm for Option<T> {
    fn from_form(form: &Form) -> Result<Option<T>, Misfit> {
        if let Form::Nothing = form { Ok(None) } else { T::from_form(form).map(Some) }
    }
}

impl<T: ToForm> ToForm for Vec<T> {
    fn to_form(&self) -> Form {
        Form::list(self.iter().map(T::to_form))
    }
}

impl<T: FromForm> FromForm for Vec<T> {
    fn from_form(form: &Form) -> Result<Vec<T>, Misfit> {
        let mut items = Vec::new();
        each(form, &mut |item| {
            items.push(T::from_form(item)?);
            Ok(())
        })?;
        Ok(items)
    }
}

/// Goes through a list.
fn each(form: &Form, take: &mut dyn FnMut(&Form) -> Result<(), Misfit>) -> Result<(), Misfit> {
    let Form::List(items) = form else {
        return Err(misplaced(form, "a list"));
    };
    for (nth, item) in items.iter().enumerate() {
        take(&item.form).map_err(|misfit| misfit.within_list(nth, item))?;
    }
    Ok(())
}
