//! Whether a command names what there is.

use crate::base::NODES_MAX;
use crate::data::{Value, sql};
use crate::policy::{Chain, Preset};
use crate::sim::amend::{IncrementCommand, TextDeleteCommand, TextInsertCommand};
use crate::sim::command::{Command, DialsCommand};
use crate::sim::scenario::{Scenario, limits};
use crate::sim::sql_command::SqlCommand;

use super::cluster::{needs_versions, validate_ack};
use super::{Found, Part, Problem, check, check_delay, check_text, known_client, named, problem};

/// Checks one command against a scenario's servers and clients; `path` is where it stands.
pub fn validate_command(scenario: &Scenario, command: &Command, path: &str) -> Result<(), Problem> {
    let whole = format!("{path}.{}", command.name());
    validate_particulars(scenario, command, &whole).map_err(|problem| *problem)
}

pub(super) fn validate_particulars(scenario: &Scenario, command: &Command, whole: &str) -> Found {
    let path = |field: &'static str| Part(whole, field);
    if let Some(code) = scenario.cluster.code {
        check(
            !command.rearranges(),
            &whole,
            &format_args!("\"{}\" keeps its master and its slaves for good", code.name()),
        )?;
    }
    match command {
        Command::Write(write)
        | Command::Insert(write)
        | Command::SetAdd(write)
        | Command::SetRemove(write) => {
            known_client(scenario, &write.client, &path("client"))?;
            check_text(&write.key, &path("key"))?;
            if let Value::Text(text) = &write.value {
                check(
                    text.len() <= limits::TEXT_MAX,
                    &path("value"),
                    &format_args!("{} bytes: expected at most {}", text.len(), limits::TEXT_MAX),
                )?;
            }
            let less = write.ack.is_none_or(|ack| ack == Preset::Async);
            check(
                less,
                &path("ack"),
                &"a write may only ask for less than the cluster's rule: expected \"async\"",
            )?;
            write.to.map_or(Ok(()), |node| named(scenario, node, &path("to")))
        }
        Command::Increment(IncrementCommand { client, key, to, .. }) => {
            known_client(scenario, client, &path("client"))?;
            check_text(key, &path("key"))?;
            to.map_or(Ok(()), |node| named(scenario, node, &path("to")))
        }
        Command::TextInsert(TextInsertCommand { client, key, text, to, .. }) => {
            known_client(scenario, client, &path("client"))?;
            check_text(key, &path("key"))?;
            check_text(text, &path("text"))?;
            to.map_or(Ok(()), |node| named(scenario, node, &path("to")))
        }
        Command::TextDelete(TextDeleteCommand { client, key, count, to, .. }) => {
            known_client(scenario, client, &path("client"))?;
            check_text(key, &path("key"))?;
            let max = limits::TEXT_MAX;
            check(
                (1..=max).contains(&(*count as usize)),
                &path("count"),
                &format_args!("{count} characters: expected 1 to {max}"),
            )?;
            to.map_or(Ok(()), |node| named(scenario, node, &path("to")))
        }
        Command::Delete(delete) => {
            known_client(scenario, &delete.client, &path("client"))?;
            check_text(&delete.key, &path("key"))?;
            delete.to.map_or(Ok(()), |node| named(scenario, node, &path("to")))
        }
        Command::Read(read) => {
            known_client(scenario, &read.client, &path("client"))?;
            check_text(&read.key, &path("key"))?;
            read.at.map_or(Ok(()), |_| needs_versions(scenario, &path("at")))?;
            read.to.map_or(Ok(()), |node| named(scenario, node, &path("to")))
        }
        Command::Sql(command) => {
            if command.client.is_empty() {
                check(
                    !scenario.client.is_empty(),
                    &path(""),
                    &"there is no client to send it: the scenario has none",
                )?;
            } else {
                known_client(scenario, &command.client, &path("client"))?;
            }
            let short = path(if path_is_text(command) { "" } else { "text" });
            check_text(&command.text, &short)?;
            if let Err(message) = sql::parse(&command.text) {
                return problem(&short, &message);
            }
            command.to.map_or(Ok(()), |node| named(scenario, node, &path("to")))
        }
        Command::Crash(node)
        | Command::Restart(node)
        | Command::Pause(node)
        | Command::Resume(node)
        | Command::Promote(node)
        | Command::Demote(node)
        | Command::RemoveNode(node)
        | Command::Reseed(node)
        | Command::Skip(node) => named(scenario, *node, &path("")),
        Command::Partition(partition) => {
            let mut seen = vec![false; usize::from(NODES_MAX)];
            for node in partition.groups.iter().flatten() {
                named(scenario, *node, &path("groups"))?;
                let seen = std::mem::replace(&mut seen[node.index()], true);
                check(!seen, &path("groups"), &format_args!("{node} stands in two groups"))?;
            }
            Ok(())
        }
        Command::Heal(_) | Command::Rebalance(_) => Ok(()),
        Command::Cut(cut) | Command::Mend(cut) => {
            named(scenario, cut.from, &path("from"))?;
            named(scenario, cut.to, &path("to"))?;
            check(
                cut.from != cut.to,
                &path("to"),
                &format_args!("{} has no link to itself", cut.to),
            )
        }
        Command::Set(dials) => validate_dials(scenario, dials, whole),
        Command::Clock(clock) => named(scenario, clock.node, &path("node")),
        Command::AddNode(add) => {
            add.source.map_or(Ok(()), |node| named(scenario, node, &path("source")))
        }
        Command::Vacuum(node) => {
            needs_versions(scenario, &path(""))?;
            named(scenario, *node, &path(""))
        }
        Command::Repoint(repoint) => {
            named(scenario, repoint.node, &path("node"))?;
            named(scenario, repoint.source, &path("source"))?;
            check(
                repoint.node != repoint.source,
                &path("source"),
                &format_args!("{} cannot follow itself", repoint.node),
            )
        }
    }
}

/// Whether a file says only the statement's text.
fn path_is_text(command: &SqlCommand) -> bool {
    *command == SqlCommand::new(&command.text)
}

fn validate_dials(scenario: &Scenario, dials: &DialsCommand, whole: &str) -> Found {
    let path = |field: &'static str| Part(whole, field);
    for (node, field) in [(dials.node, "node"), (dials.from, "from"), (dials.to, "to")] {
        node.map_or(Ok(()), |node| named(scenario, node, &path(field)))?;
    }
    let settled = [
        (dials.ack.is_some(), "ack"),
        (dials.conflict.is_some(), "conflict"),
        (dials.loop_filter.is_some(), "loop_filter"),
        (dials.ignore_origins.is_some(), "ignore_origins"),
        (dials.relay_acks.is_some(), "relay_acks"),
        (dials.retention.is_some(), "retention"),
    ];
    for (set, field) in settled {
        let proper = scenario.cluster.chain == Chain::Proper;
        check(!(set && proper), &path(field), &"a proper chain settles this by itself")?;
    }
    for (at, origin) in dials.ignore_origins.iter().flat_map(|these| &these.0).enumerate() {
        named(scenario, *origin, &format_args!("{whole}.ignore_origins[{at}]"))?;
    }
    let half = dials.from.is_some() != dials.to.is_some();
    check(!half, &path("from"), &"a link has two ends: give both from and to")?;
    let free = scenario.cluster.code.is_none() || dials.ack.is_none();
    check(free, &path("ack"), &"the chapter's code decides by itself when to say yes")?;
    dials.ack.iter().try_for_each(|ack| validate_ack(scenario, ack, &path("ack")))?;
    dials.vacuum.map_or(Ok(()), |_| needs_versions(scenario, &path("vacuum")))?;
    check(
        dials.apply_workers != Some(0),
        &path("apply_workers"),
        &"0 workers: expected 1 or more",
    )?;
    check(
        dials.keepalive.is_none_or(|span| span.0 > 0),
        &path("keepalive"),
        &"0ms: expected a longer time",
    )?;
    for (delay, field) in [
        (&dials.latency, "latency"),
        (&dials.apply_delay, "apply_delay"),
        (&dials.flush_delay, "flush_delay"),
        (&dials.query_delay, "query_delay"),
        (&dials.ship_delay, "ship_delay"),
    ] {
        delay.iter().try_for_each(|delay| check_delay(delay, &path(field)))?;
    }
    Ok(())
}
