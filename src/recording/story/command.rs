//! A command in words: what the operator does, as the timeline and the transcript say it.

use std::fmt::Write;

use crate::base::NodeId;
use crate::data::Value;
use crate::form::ToForm;
use crate::sim::{
    Command, CutCommand, DialsCommand, IncrementCommand, TextDeleteCommand, TextInsertCommand,
};

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
            let words = format!("{} is to write {} = {value}", write.client, write.key);
            words + &at_node(write.to)
        }
        Command::Insert(write) => {
            let value = shown(&write.value);
            format!("{} is to insert {} = {value}", write.client, write.key) + &at_node(write.to)
        }
        Command::SetAdd(write) => {
            let value = shown(&write.value);
            format!("{} is to add {value} to {}", write.client, write.key) + &at_node(write.to)
        }
        Command::SetRemove(write) => {
            let value = shown(&write.value);
            let words = format!("{} is to take {value} out of {}", write.client, write.key);
            words + &at_node(write.to)
        }
        Command::Increment(IncrementCommand { client, key, by, to }) => {
            format!("{client} is to change {key} by {by}") + &at_node(*to)
        }
        Command::TextInsert(TextInsertCommand { client, key, at, text, to }) => {
            format!("{client} is to type {text:?} at {at} of {key}") + &at_node(*to)
        }
        Command::TextDelete(TextDeleteCommand { client, key, at, count, to }) => {
            format!("{client} is to delete {count} at {at} of {key}") + &at_node(*to)
        }
        Command::Delete(delete) => {
            format!("{} is to delete {}", delete.client, delete.key) + &at_node(delete.to)
        }
        Command::Read(read) => {
            let moment = read.at.map_or_else(String::new, |at| format!(" as of {at}"));
            format!("{} is to read {}{moment}", read.client, read.key) + &at_node(read.to)
        }
        Command::Sql(sql) => {
            let who = if sql.client.is_empty() { "the first client" } else { &sql.client };
            format!("{who} is to send `{}`", short(&sql.text)) + &at_node(sql.to)
        }
        Command::Crash(node) => format!("{node} is made to crash"),
        Command::Restart(node) => format!("{node} is started"),
        Command::Pause(node) => format!("{node} is paused"),
        Command::Resume(node) => format!("{node} may go on"),
        Command::Partition(partition) => {
            let groups: Vec<String> = partition.groups.iter().map(|group| list(group)).collect();
            format!("the network splits: {} | the rest", groups.join(" | "))
        }
        Command::Heal(_) => "the network is whole again".to_string(),
        Command::Cut(cut) => format!("the link {} is cut", link(cut)),
        Command::Mend(cut) => format!("the link {} is mended", link(cut)),
        Command::Set(dials) => settings(dials),
        Command::Promote(node) => format!("{node} is made primary"),
        Command::Demote(node) => format!("{node} is made a replica"),
        Command::AddNode(add) => match add.source {
            Some(source) => format!("a new node is to follow {source}"),
            None => "a new node is to join".to_string(),
        },
        Command::RemoveNode(node) => format!("{node} is taken out of the cluster"),
        Command::Repoint(repoint) => {
            format!("{} is pointed to {}", repoint.node, repoint.source)
        }
        Command::Rebalance(_) => "the streams are laid out anew".to_string(),
        Command::Reseed(node) => format!("{node} is to start over from a copy"),
        Command::Skip(node) => format!("{node} is to leave out what it stopped at"),
        Command::Clock(clock) => format!("the clock of {} is off by {}", clock.node, clock.skew),
        Command::Vacuum(node) => format!("{node} is vacuumed"),
    }
}

fn at_node(to: Option<NodeId>) -> String {
    to.map_or_else(String::new, |node| format!(" at {node}"))
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
