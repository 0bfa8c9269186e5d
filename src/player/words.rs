//! What happened and how things stand, in words: for status lines, announcements and lists.

use crate::base::{OpId, SimTime};
use crate::data::{Change, LogEntry};
use crate::node::{Fact, Node, Reason, Request, Status, Told};
use crate::recording::{Narrator, Recording};
use crate::sim::World;
use crate::words::caption as say;

/// Sentences in one announcement.
const SENTENCES_MAX: usize = 2;

/// An instant or a length of time: `0.528 s`, and under a tenth of a second `56.0 ms`.
pub fn us_text(us: u64) -> String {
    if us < 100_000 {
        format!("{}.{} ms", us / 1_000, us % 1_000 / 100)
    } else {
        format!("{}.{:03} s", us / 1_000_000, us % 1_000_000 / 1_000)
    }
}

/// A reason, in words.
pub fn reason_text(reason: Reason) -> &'static str {
    reason.text()
}

/// What a client was told, in words.
pub fn told_text(told: Told, stale: bool) -> String {
    match told {
        Told::Ok => say::OK.into(),
        Told::OkDegraded => say::OK_WITHOUT_REPLICAS.into(),
        Told::Value if stale => say::AN_OLD_VALUE.into(),
        Told::Value => say::THE_VALUE.into(),
        Told::Refused(reason) => say::told_no(reason.text()),
        Told::TimedOut => say::GAVE_UP.into(),
    }
}

/// A change, as `x=2`.
pub fn entry_text(world: &World, entry: &LogEntry) -> String {
    let key = world.names.text(entry.key);
    match &entry.change {
        Change::Put(value) | Change::Insert(value) => format!("{key}={value}"),
        Change::Delete => say::deleted(key),
        Change::Statement(logged) => statement_text(&logged.text),
        Change::Rows(rows) => say::rows_of_users(rows.count().into()),
        other => amends(key, other),
    }
}

/// A change of a counter, a set or a text: `x+2`, `x with a`, `x edited`.
fn amends(key: &str, change: &Change) -> String {
    match change {
        Change::Add(by) => format!("{key}{by:+}"),
        Change::Member { value, joins: true } => say::key_with(key, value),
        Change::Member { value, joins: false } => say::key_without(key, value),
        Change::Edit(_) => say::edited(key),
        Change::Put(_)
        | Change::Insert(_)
        | Change::Delete
        | Change::Statement(_)
        | Change::Rows(_) => key.to_string(),
    }
}

/// An operation, as `x=2` or `read x`.
pub fn op_text(world: &World, op: OpId) -> String {
    let Some(booked) = world.ledger.op(op) else {
        return String::new();
    };
    match &booked.request {
        Request::Write { key, change: Change::Put(value) | Change::Insert(value), .. } => {
            format!("{}={value}", world.names.text(*key))
        }
        Request::Write { key, change: Change::Delete, .. } => say::deletes(world.names.text(*key)),
        Request::Write { change: Change::Statement(logged), .. }
        | Request::Read { select: Some(logged), .. } => statement_text(&logged.text),
        Request::Write { change: Change::Rows(_), .. } => String::new(),
        Request::Write { key, change, .. } => amends(world.names.text(*key), change),
        Request::Read { key, .. } => say::reads(world.names.text(*key)),
    }
}

/// A statement, shortened so that it fits beside others.
fn statement_text(text: &str) -> String {
    const SHOWN_MAX: usize = 36;
    match text.char_indices().nth(SHOWN_MAX) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_string(),
    }
}

/// How a server stands, in a word.
pub fn state_text(node: &Node) -> &'static str {
    match node.status {
        Status::Up => say::UP,
        Status::Paused => say::PAUSED,
        Status::Down => say::DOWN,
        Status::Removed => say::GONE,
    }
}

/// What happened at an instant, in a sentence or a few.
pub fn instant_sentence(recording: &Recording, t: SimTime) -> String {
    let narrator = Narrator::of(recording);
    let records = recording.trace().between(t, t + 1);
    let sentences: Vec<String> = records
        .filter(|(_, record)| notable(record.fact))
        .map(|(_, record)| narrator.sentence(&record))
        .collect();
    let surplus = sentences.len().saturating_sub(SENTENCES_MAX);
    let mut text = sentences[..sentences.len() - surplus].join(" ");
    if surplus > 0 {
        text.push_str(&say::and_more(surplus));
    }
    text
}

/// Whether a record is of interest to a person, rather than to somebody who mends the engine.
pub fn notable(fact: Fact) -> bool {
    !matches!(
        fact,
        Fact::Flushed(_)
            | Fact::Duplicate(_)
            | Fact::Confirmed { .. }
            | Fact::Relayed { .. }
            | Fact::Heartbeat(_)
            | Fact::Status(_)
            | Fact::Fetch(_)
            | Fact::Connect
            | Fact::Resumed(_)
            | Fact::Ignored
    )
}
