//! What one key holds at one server.
//!
//! Mostly that is its newest entry and no more. What conflict rules, counters, sets and texts need
//! beside it is made when it is first needed, so that a plain row stays three words.

use std::rc::Rc;

use super::ot::{Edit, brought};
use super::{Gtid, GtidSet, LogEntry, Step, Value};
use crate::base::{Lsn, NodeId, sort};
use crate::form::{Form, ToForm};

/// What one key holds at one server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Row {
    /// The entry that wrote the present value, or was the last to change it; None if the key was
    /// never written.
    pub entry: Option<Rc<LogEntry>>,
    /// That entry's position in this server's log.
    pub lsn: Lsn,
    /// How many entries have been applied to the key.
    pub version: u32,
    /// What there is beside the entry; None if nothing.
    pub beside: Option<Rc<Beside>>,
}

/// What a row has beside its entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Beside {
    /// What reads see, if it is not the entry's own value.
    pub seen: Option<Value>,
    /// The entries that no other has superseded by having seen them, if they are not just the
    /// row's entry: more than one are concurrent.
    pub heads: Vec<Rc<LogEntry>>,
    /// Whether reads see all of these.
    pub open: bool,
    /// The entry that last said what the whole key holds, if the row's entry only changes it.
    pub whole: Option<Rc<LogEntry>>,
    /// What values came to together, under a rule that adds them up.
    pub total: Option<Value>,
    /// A counter: the sum of each server's changes.
    pub sums: Vec<(NodeId, i64)>,
    /// A set: its members, each with the change that brought it in.
    pub members: Vec<(Value, Gtid)>,
    /// A set: the changes whose members were taken out again, here or before they came here.
    pub removed: GtidSet,
    /// A text: its edits in the order of this server's log.
    pub edits: Vec<Edit>,
}

/// What sort of thing a key holds; one cannot be changed as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Nothing yet, or no more.
    Nothing,
    /// A value that is replaced as a whole.
    Whole,
    /// A counter.
    Counter,
    /// A set.
    Set,
    /// A text that is edited.
    Text,
}

impl Row {
    /// What reads see; None if the key has no value. Of several, one.
    pub fn value(&self) -> Option<&Value> {
        match self.beside.as_deref() {
            Some(Beside { seen: Some(value), .. }) => Some(value),
            Some(_) | None => self.entry.as_ref()?.change.value(),
        }
    }

    /// Concurrent values that reads see side by side; empty unless there are several.
    pub fn siblings(&self) -> Vec<&Value> {
        let beside = self.beside.as_deref().filter(|beside| beside.open);
        let heads = beside.map_or(&[][..], |beside| &beside.heads);
        let mut values: Vec<&Value> = heads.iter().filter_map(|head| head.change.value()).collect();
        if values.len() < 2 {
            return Vec::new();
        }
        sort(&mut values, |a, b| a < b);
        values
    }

    /// All that reads see: one value, or the members of a set, or siblings; None if nothing.
    pub fn cell(&self) -> Option<Cell> {
        let siblings = self.siblings();
        if !siblings.is_empty() {
            return Some(Cell::Several(siblings.into_iter().cloned().collect()));
        }
        match self.beside.as_deref().filter(|_| self.sort() == Sort::Set) {
            Some(set) => Some(Cell::Several(set.distinct().cloned().collect())),
            None => self.value().cloned().map(Cell::One),
        }
    }

    /// What a read returns, as one value: siblings in a row.
    pub fn answer(&self) -> Option<Value> {
        let siblings: Vec<String> = self.siblings().into_iter().map(Value::to_string).collect();
        if siblings.is_empty() {
            return self.value().cloned();
        }
        Some(Value::Text(siblings.join(" | ").into()))
    }

    /// What sort of thing it holds.
    pub fn sort(&self) -> Sort {
        let beside = self.beside.as_deref();
        match beside {
            Some(beside) if !beside.members.is_empty() || !beside.removed.is_empty() => Sort::Set,
            Some(beside) if !beside.edits.is_empty() => Sort::Text,
            Some(beside) if !beside.sums.is_empty() => Sort::Counter,
            Some(_) | None if self.value().is_some() => Sort::Whole,
            Some(_) | None => Sort::Nothing,
        }
    }

    /// The entry that last said what the whole key holds.
    pub fn whole(&self) -> Option<&Rc<LogEntry>> {
        let beside = self.beside.as_deref().and_then(|beside| beside.whole.as_ref());
        beside.or(self.entry.as_ref().filter(|entry| entry.change.is_whole()))
    }

    /// The entries that no other has superseded.
    pub fn heads(&self) -> &[Rc<LogEntry>] {
        match self.beside.as_deref() {
            Some(beside) if !beside.heads.is_empty() => &beside.heads,
            Some(Beside { whole: Some(whole), .. }) => std::slice::from_ref(whole),
            Some(_) | None => match &self.entry {
                Some(entry) if entry.change.is_whole() => std::slice::from_ref(entry),
                Some(_) | None => &[],
            },
        }
    }

    /// Shows this entry, if none of a later position is shown.
    pub fn show_latest(&mut self, entry: &Rc<LogEntry>, lsn: Lsn) {
        if self.entry.is_none() || self.lsn <= lsn {
            self.entry = Some(Rc::clone(entry));
            self.lsn = lsn;
        }
    }

    /// What stands beside the entry, to change.
    pub fn beside_mut(&mut self) -> &mut Beside {
        Rc::make_mut(self.beside.get_or_insert_default())
    }

    /// Takes in a change that does not say what the whole key holds. Such changes commute, all but
    /// edits, whatever the rule.
    pub fn amend(&mut self, entry: &Rc<LogEntry>, lsn: Lsn) {
        let whole = self.whole().cloned();
        let start = self.start().cloned();
        let beside = self.beside_mut();
        beside.whole = whole;
        beside.take(entry, lsn);
        beside.seen = beside.shown(start.as_ref());
        self.show_latest(entry, lsn);
    }

    /// What amendments begin with: what values came to together, or else the last one.
    fn start(&self) -> Option<&Value> {
        let total = self.beside.as_deref().and_then(|beside| beside.total.as_ref());
        total.or_else(|| self.whole()?.change.value())
    }

    /// Works out anew what reads see, after the whole was replaced under what amends it.
    pub fn refresh(&mut self) {
        let start = self.start().cloned();
        if let Some(beside) = self.beside.as_mut().map(Rc::make_mut) {
            beside.seen = beside.shown(start.as_ref()).or(beside.total.clone());
        }
    }

    /// Lets go of what stands beside the entry, if it says nothing.
    pub fn tidy(&mut self) {
        if self.beside.as_deref() == Some(&Beside::default()) {
            self.beside = None;
        }
    }

    /// The edits of a text, as they were done here.
    pub fn edits(&self) -> &[Edit] {
        self.beside.as_deref().map_or(&[], |beside| &beside.edits)
    }

    /// How many characters its text has.
    pub fn chars(&self) -> u32 {
        match self.value() {
            Some(Value::Text(text)) => text.chars().count() as u32,
            Some(Value::Number(_)) | None => 0,
        }
    }
}

impl Beside {
    /// The members of a set, each once, in order.
    fn distinct(&self) -> impl Iterator<Item = &Value> {
        let mut before = None;
        self.members.iter().map(|(value, _)| value).filter(move |value| {
            let new = before != Some(*value);
            before = Some(*value);
            new
        })
    }

    /// Whether it is more than a value that is replaced as a whole.
    pub fn amends(&self) -> bool {
        let set = !self.members.is_empty() || !self.removed.is_empty();
        set || !self.edits.is_empty() || !self.sums.is_empty()
    }

    /// The changes that brought a member in, as far as they are here.
    pub fn dots<'a>(&'a self, member: &'a Value) -> impl Iterator<Item = Gtid> + 'a {
        self.members.iter().filter(move |(value, _)| value == member).map(|(_, dot)| *dot)
    }

    fn take(&mut self, entry: &Rc<LogEntry>, lsn: Lsn) {
        use super::Change;
        match &entry.change {
            Change::Put(_)
            | Change::Delete
            | Change::Insert(_)
            | Change::Statement(_)
            | Change::Rows(_) => {}
            Change::Add(by) => {
                let origin = entry.gtid.origin;
                match self.sums.binary_search_by(|(node, _)| node.cmp(&origin)) {
                    Ok(at) => self.sums[at].1 = self.sums[at].1.saturating_add(*by),
                    Err(at) => self.sums.insert(at, (origin, *by)),
                }
            }
            Change::Member { value, joins: true } if !self.removed.contains(entry.gtid) => {
                let member = (value.clone(), entry.gtid);
                if let Err(at) = self.members.binary_search(&member) {
                    self.members.insert(at, member);
                }
            }
            Change::Member { joins: true, .. } => {}
            Change::Member { joins: false, .. } => {
                let seen = entry.seen.iter().flat_map(|seen| seen.iter());
                seen.for_each(|dot| {
                    self.removed.insert(dot);
                });
                let removed = &self.removed;
                self.members.retain(|(_, dot)| !removed.contains(*dot));
                // A set is one even if it never had a member.
                self.removed.insert(entry.gtid);
            }
            Change::Edit(steps) => self.edit(entry, steps, lsn),
        }
    }

    /// An edit takes its place in the order of the log; what was done after it is done anew.
    fn edit(&mut self, entry: &Rc<LogEntry>, steps: &Rc<[Step]>, lsn: Lsn) {
        if self.edits.iter().any(|edit| edit.name == entry.gtid) {
            return;
        }
        let at = self.edits.partition_point(|edit| edit.lsn <= lsn);
        let (name, seen, written) = (entry.gtid, entry.seen.clone(), Rc::clone(steps));
        let done = Rc::clone(steps);
        self.edits.insert(at, Edit { lsn, name, seen, written, done });
        for at in at..self.edits.len() {
            let (before, edit) = (&self.edits[..at], &self.edits[at]);
            let Some(seen) = &edit.seen else {
                continue;
            };
            if before.iter().all(|other| seen.contains(other.name)) {
                self.edits[at].done = Rc::clone(&edit.written);
                continue;
            }
            let had = |other: &Edit| seen.contains(other.name);
            let done = brought(before, &edit.written, edit.name, had);
            self.edits[at].done = done.into();
        }
    }

    /// What reads see of what amends the whole; None if nothing does.
    fn shown(&self, start: Option<&Value>) -> Option<Value> {
        if !self.members.is_empty() || !self.removed.is_empty() {
            let members: Vec<String> = self.distinct().map(Value::to_string).collect();
            return Some(Value::Text(members.join(", ").into()));
        }
        if !self.edits.is_empty() {
            let mut text: Vec<char> = match start {
                Some(Value::Text(text)) => text.chars().collect(),
                Some(number @ Value::Number(_)) => number.to_string().chars().collect(),
                None => Vec::new(),
            };
            self.edits
                .iter()
                .flat_map(|edit| edit.done.iter())
                .for_each(|step| step.apply(&mut text));
            return Some(Value::Text(text.into_iter().collect::<String>().into()));
        }
        let start = match start {
            Some(Value::Number(number)) => *number,
            Some(Value::Text(_)) | None => 0,
        };
        let sum = self.sums.iter().fold(start, |sum, (_, by)| sum.saturating_add(*by));
        (!self.sums.is_empty()).then_some(Value::Number(sum))
    }
}

/// All that reads see of a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Cell {
    /// A value.
    One(Value),
    /// Siblings, or the members of a set.
    Several(Vec<Value>),
}

impl ToForm for Cell {
    fn to_form(&self) -> Form {
        match self {
            Cell::One(value) => value.to_form(),
            Cell::Several(values) => values.to_form(),
        }
    }
}

impl PartialEq<Value> for Cell {
    fn eq(&self, other: &Value) -> bool {
        matches!(self, Cell::One(value) if value == other)
    }
}

impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Cell::One(value) => value.fmt(f),
            Cell::Several(values) => {
                f.write_str("[")?;
                for (at, value) in values.iter().enumerate() {
                    let comma = if at == 0 { "" } else { ", " };
                    write!(f, "{comma}{value}")?;
                }
                f.write_str("]")
            }
        }
    }
}
