//! A command in words: what the operator does, as the timeline and the transcript say it.

use std::fmt::Write;

use crate::base::NodeId;
use crate::data::Value;
use crate::form::ToForm;
use crate::sim::{
    Command, CutCommand, DialsCommand, IncrementCommand, TextDeleteCommand, TextInsertCommand,
};
use crate::words::transcript as say;

/// A statement, shortened when long.
pub(super) fn short(text: &str) -> String {
    const SHOWN_MAX: usize = 80;
    let mut start: String = text.chars().take(SHOWN_MAX).collect();
    if start.len() < text.len() {
        start.push_str("...");
    }
    start.replace(char::is_control, " ")
}

/// A value as a sentence shows it: texts in quotes, shortened when long.
pub(super) fn shown(value: &Value) -> String {
    const SHOWN_MAX: usize = 40;
    match value {
        Value::Number(number) => number.to_string(),
        Value::Text(text) if text.chars().count() > SHOWN_MAX => {
            let start: String = text.chars().take(SHOWN_MAX).collect();
            format!("{:?}", format!("{start}..."))
        }
        Value::Text(text) => format!("{text:?}"),
    }
}

/// The command in a few words, without a full stop.
pub(super) fn in_words(command: &Command) -> String {
    match command {
        Command::Write(write) => {
            let value = shown(&write.value);
            let words = say::write(&write.client, &write.key, value);
            words + &at_node(write.to)
        }
        Command::Insert(write) => {
            let value = shown(&write.value);
            say::insert(&write.client, &write.key, value) + &at_node(write.to)
        }
        Command::SetAdd(write) => {
            let value = shown(&write.value);
            say::set_add(&write.client, value, &write.key) + &at_node(write.to)
        }
        Command::SetRemove(write) => {
            let value = shown(&write.value);
            let words = say::set_remove(&write.client, value, &write.key);
            words + &at_node(write.to)
        }
        Command::Increment(IncrementCommand { client, key, by, to }) => {
            say::increment(client, key, by) + &at_node(*to)
        }
        Command::TextInsert(TextInsertCommand { client, key, at, text, to }) => {
            say::text_insert(client, text, at, key) + &at_node(*to)
        }
        Command::TextDelete(TextDeleteCommand { client, key, at, count, to }) => {
            say::text_delete(client, count, at, key) + &at_node(*to)
        }
        Command::Delete(delete) => say::delete(&delete.client, &delete.key) + &at_node(delete.to),
        Command::Read(read) => {
            let moment = read.at.map_or_else(String::new, say::as_of);
            say::read(&read.client, &read.key, moment) + &at_node(read.to)
        }
        Command::Sql(sql) => {
            let who = if sql.client.is_empty() { say::FIRST_CLIENT } else { &sql.client };
            say::sql(who, short(&sql.text)) + &at_node(sql.to)
        }
        Command::Crash(node) => say::crash(node),
        Command::Restart(node) => say::restart(node),
        Command::Pause(node) => say::pause(node),
        Command::Resume(node) => say::resume(node),
        Command::Partition(partition) => {
            let groups: Vec<String> = partition.groups.iter().map(|group| list(group)).collect();
            say::partition(groups.join(" | "))
        }
        Command::Heal(_) => say::HEAL.to_string(),
        Command::Cut(cut) => say::cut(link(cut)),
        Command::Mend(cut) => say::mend(link(cut)),
        Command::Set(dials) => settings(dials),
        Command::Promote(node) => say::promote(node),
        Command::Demote(node) => say::demote(node),
        Command::AddNode(add) => match add.source {
            Some(source) => say::add_node(source),
            None => say::NEW_NODE.to_string(),
        },
        Command::RemoveNode(node) => say::remove_node(node),
        Command::Repoint(repoint) => say::repoint(repoint.node, repoint.source),
        Command::Rebalance(_) => say::REBALANCE.to_string(),
        Command::Reseed(node) => say::reseed(node),
        Command::Skip(node) => say::skip(node),
        Command::Clock(clock) => say::clock(clock.node, clock.skew),
        Command::Vacuum(node) => say::vacuum(node),
    }
}

fn at_node(to: Option<NodeId>) -> String {
    to.map_or_else(String::new, say::at_node)
}

fn list(nodes: &[NodeId]) -> String {
    let names: Vec<String> = nodes.iter().map(NodeId::to_string).collect();
    names.join(", ")
}

fn link(cut: &CutCommand) -> String {
    let arrow = if cut.both { "<->" } else { "->" };
    format!("{} {arrow} {}", cut.from, cut.to)
}

fn settings(dials: &DialsCommand) -> String {
    // Whose dials is said first, so that what follows is only what changes.
    let DialsCommand { node, from, to, both, .. } = dials;
    let whose = match (node, from, to) {
        (Some(node), _, _) => format!("{node}: "),
        (None, Some(from), Some(to)) => {
            let arrow = if *both { "<->" } else { "->" };
            format!("{from} {arrow} {to}: ")
        }
        (None, _, _) => String::new(),
    };
    let named = ["node", "from", "to", "both"];
    let mut words = format!("{whose}set");
    let fields = dials.to_form();
    let changes = fields.entries().iter().filter(|change| !named.contains(&change.name.as_str()));
    for (nth, change) in changes.enumerate() {
        let comma = if nth == 0 { "" } else { "," };
        let value = change.form.text().map_or(change.form.to_string(), str::to_string);
        let _ = write!(words, "{comma} {} = {value}", change.name);
    }
    words
}
