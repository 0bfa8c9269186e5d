//! What happened and how things stand, in words: for status lines, announcements and lists.

use crate::base::{OpId, PlaceKind, SimTime};
use crate::data::LogEntry;
use crate::node::{Fact, Node, Reason, Request, Status, Told};
use crate::recording::Recording;
use crate::sim::{Record, World};

/// Sentences in one announcement.
const SENTENCES_MAX: usize = 3;

/// An instant or a length of time: `0.528 s`, and under a tenth of a second `56.0 ms`.
pub fn us_text(us: u64) -> String {
    if us < 100_000 {
        format!("{}.{} ms", us / 1_000, us % 1_000 / 100)
    } else {
        format!("{}.{:03} s", us / 1_000_000, us % 1_000_000 / 1_000)
    }
}

/// `1 write`, `3 writes`.
pub(super) fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// A reason, in words.
pub fn reason_text(reason: Reason) -> &'static str {
    reason.text()
}

/// What a client was told, in words.
pub fn told_text(told: Told, stale: bool) -> String {
    match told {
        Told::Ok => "ok".into(),
        Told::OkDegraded => "ok, without replicas".into(),
        Told::Value if stale => "an old value".into(),
        Told::Value => "the value".into(),
        Told::Refused(reason) => format!("no: {}", reason.text()),
        Told::TimedOut => "nothing, gave up waiting".into(),
    }
}

/// A change, as `x=2`.
pub fn entry_text(world: &World, entry: &LogEntry) -> String {
    let key = world.names.text(entry.key);
    match &entry.value {
        Some(value) => format!("{key}={value}"),
        None => format!("{key} deleted"),
    }
}

/// An operation, as `x=2` or `read x`.
pub fn op_text(world: &World, op: OpId) -> String {
    let Some(booked) = world.ledger.op(op) else {
        return String::new();
    };
    match &booked.request {
        Request::Write {
            key,
            value: Some(value),
            ..
        } => format!("{}={value}", world.names.text(*key)),
        Request::Write {
            key, value: None, ..
        } => format!("delete {}", world.names.text(*key)),
        Request::Read { key } => format!("read {}", world.names.text(*key)),
    }
}

/// How a server stands, in a word.
pub fn state_text(node: &Node) -> &'static str {
    match node.status {
        Status::Up => "up",
        Status::Paused => "paused",
        Status::Down => "down",
    }
}

/// What happened at an instant, in a sentence or a few.
pub fn instant_sentence(recording: &Recording, t: SimTime) -> String {
    let records = recording.trace().between(t, t + 1);
    let sentences: Vec<String> = records
        .filter_map(|(_, record)| sentence(recording, record))
        .collect();
    let surplus = sentences.len().saturating_sub(SENTENCES_MAX);
    let mut text = sentences[..sentences.len() - surplus].join(" ");
    if surplus > 0 {
        text.push_str(&format!(" And {surplus} more."));
    }
    text
}

/// One record in a sentence; None if it is of no interest to a person.
pub fn sentence(recording: &Recording, record: &Record) -> Option<String> {
    let world = recording.head();
    let place = match record.place.kind() {
        PlaceKind::Node(node) => node.to_string(),
        PlaceKind::Client(client) => world.clients[client.index()].name.to_string(),
        PlaceKind::Operator => "You".into(),
    };
    let op_text = |op: OpId| op_text(world, op);
    let entry = |gtid: crate::data::Gtid| {
        let slot = world.nodes[gtid.origin.index()]
            .disk
            .log
            .iter()
            .rev()
            .map(|(_, slot)| slot)
            .find(|slot| slot.entry.gtid == gtid);
        match slot {
            Some(slot) => entry_text(world, &slot.entry),
            None => format!("write {} of {}", gtid.seq, gtid.origin),
        }
    };
    let text = match record.fact {
        Fact::Command(number) => {
            let command = &recording.scenario().at.get(number as usize)?.command;
            match command.name() {
                "write" | "read" | "delete" | "crash" | "restart" | "pause" | "resume"
                | "promote" => return None,
                "set" => "A setting changed.".into(),
                "heal" => "All links work again.".into(),
                other => format!("Command: {other}."),
            }
        }
        Fact::CommandRefused(reason) => format!("Not possible: {}.", reason.text()),
        Fact::Sent { op, to } => format!("{place} sent {} to {to}.", op_text(op)),
        Fact::Told { op, told } => {
            let stale = world
                .ledger
                .op(op)
                .is_some_and(|op| op.staleness.versions > 0);
            format!(
                "{place} was told {}: {}.",
                op_text(op),
                told_text(told, stale)
            )
        }
        Fact::Refused { op, reason } => {
            format!("{place} refused {}: {}.", op_text(op), reason.text())
        }
        Fact::Written { op, .. } => format!("{place} wrote {}.", op_text(op)),
        Fact::Committed { op, .. } => format!("{place} acknowledged {}.", op_text(op)),
        Fact::Recovered(gtid) => format!("{place} recovered {}.", entry(gtid)),
        Fact::Received { gtid, .. } => format!("{place} received {}.", entry(gtid)),
        Fact::Applied { gtid, .. } => format!("{place} applied {}.", entry(gtid)),
        Fact::Filtered(gtid) => format!("{place} dropped {}, which it has.", entry(gtid)),
        Fact::Gap { .. } => format!("{place} misses entries."),
        Fact::Degraded => format!("{place} stopped waiting for acks."),
        Fact::Rearmed => format!("{place} waits for acks again."),
        Fact::Seeded { .. } => format!("{place} started over from a copy."),
        Fact::Discarded { op, .. } => format!("{place} threw {} away.", op_text(op)),
        Fact::Fenced(_) => format!("{place} was turned away by a newer epoch."),
        Fact::SteppedDown(epoch) => format!("{place} stepped down for epoch {epoch}."),
        Fact::Promoted(epoch) => format!("{place} leads, epoch {epoch}."),
        Fact::Demoted => format!("{place} became a replica."),
        Fact::Repointed(source) => format!("{place} follows {source}."),
        Fact::Crashed => format!("{place} is down."),
        Fact::Restarted => format!("{place} is up."),
        Fact::Paused => format!("{place} is paused."),
        Fact::Unpaused => format!("{place} goes on."),
        Fact::Served { op, .. } => format!("{place} answered {}.", op_text(op)),
        Fact::Lost { to, .. } => match to.kind() {
            PlaceKind::Node(node) => format!("A message to {node} was lost."),
            PlaceKind::Client(_) | PlaceKind::Operator => "A message was lost.".into(),
        },
        Fact::LostWrite { op, .. } => format!("{} was told ok and is lost.", op_text(op)),
        Fact::LimitReached(limit) => format!("Stopped: {}.", limit.text()),
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
        | Fact::Unfollowed(_) => return None,
    };
    Some(text)
}
