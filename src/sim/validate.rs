//! Whether a scenario makes sense: every name known, every number in its range. The file's *form*
//! is checked where it is read; this is about its content.

use std::collections::BTreeSet;

use crate::base::{Delay, NODES_MAX, NodeId};
use crate::data::Value;
use crate::policy::{Ack, Count, Preset};
use crate::topology::Shape;

use super::command::{Command, DialsCommand};
use super::scenario::{Scenario, limits};

/// What is wrong, and at which field: `at[3].write.client`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field, from the top.
    pub path: String,
    /// What was found and what was expected.
    pub message: String,
}

type Checked = Result<(), Problem>;

fn check(ok: bool, path: impl Into<String>, message: impl FnOnce() -> String) -> Checked {
    if ok { Ok(()) } else { Err(Problem { path: path.into(), message: message() }) }
}

fn check_delay(delay: &Delay, path: String) -> Checked {
    delay.problem().map_or(Ok(()), |message| Err(Problem { path, message }))
}

/// Checks a whole scenario; the first problem found is told.
pub fn validate(scenario: &Scenario) -> Checked {
    check(scenario.until <= limits::UNTIL_MAX, "until", || {
        format!("{} is longer than the longest run, {}", scenario.until, limits::UNTIL_MAX)
    })?;
    validate_cluster(scenario)?;
    validate_network(scenario)?;
    for (at, node) in scenario.node.iter().enumerate() {
        let path = |field: &str| format!("node[{at}].{field}");
        known(scenario, node.id, path("id"))?;
        let twice = scenario.node[..at].iter().any(|other| other.id == node.id);
        check(!twice, path("id"), || format!("{} is described twice", node.id))?;
        node.apply_delay.iter().try_for_each(|delay| check_delay(delay, path("apply_delay")))?;
        node.flush_delay.iter().try_for_each(|delay| check_delay(delay, path("flush_delay")))?;
        check(node.apply_workers != Some(0), path("apply_workers"), || {
            "0 workers: expected 1 or more".into()
        })?;
    }
    validate_clients(scenario)?;
    check(scenario.at.len() <= limits::COMMANDS_MAX, "at", || {
        format!("{} commands: expected at most {}", scenario.at.len(), limits::COMMANDS_MAX)
    })?;
    for (at, stamped) in scenario.at.iter().enumerate() {
        let path = format!("at[{at}]");
        check(stamped.time <= scenario.until, format!("{path}.time"), || {
            format!("{} is after the end of the run, {}", stamped.time, scenario.until)
        })?;
        validate_command(scenario, &stamped.command, &path)?;
    }
    Ok(())
}

fn validate_cluster(scenario: &Scenario) -> Checked {
    let cluster = &scenario.cluster;
    check((1..=NODES_MAX).contains(&cluster.nodes), "cluster.nodes", || {
        format!("{} nodes: expected 1 to {NODES_MAX}", cluster.nodes)
    })?;
    check((1..=limits::FANOUT_MAX).contains(&cluster.fanout), "cluster.fanout", || {
        format!("fan-out {}: expected 1 to {}", cluster.fanout, limits::FANOUT_MAX)
    })?;
    check(cluster.apply_workers > 0, "cluster.apply_workers", || {
        "0 workers: expected 1 or more".into()
    })?;
    check(cluster.keepalive.0 > 0, "cluster.keepalive", || "0ms: expected a longer time".into())?;
    validate_ack(scenario, &cluster.ack, "cluster.ack")?;
    validate_code(scenario)?;
    for (delay, field) in [
        (&cluster.apply_delay, "apply_delay"),
        (&cluster.flush_delay, "flush_delay"),
        (&cluster.ship_delay, "ship_delay"),
    ] {
        check_delay(delay, format!("cluster.{field}"))?;
    }
    if let Some(writers) = &cluster.writers {
        check(!writers.is_empty(), "cluster.writers", || {
            "nobody takes writes: name at least one node".into()
        })?;
        for (at, writer) in writers.iter().enumerate() {
            known(scenario, *writer, format!("cluster.writers[{at}]"))?;
        }
    }
    if let Some(failover) = cluster.failover.as_ref().filter(|rule| !rule.as_written) {
        check(cluster.topology != Shape::Ring, "cluster.failover", || {
            "in a ring every node takes writes: there is no primary to replace".into()
        })?;
        let writers = cluster.writers.as_ref().map_or(1, Vec::len);
        check(writers == 1, "cluster.failover", || {
            format!("{writers} writers: failover replaces the one primary of a cluster")
        })?;
        check(failover.heartbeat.0 > 0, "cluster.failover.heartbeat", || {
            "0ms: expected a longer time".into()
        })?;
        check(failover.timeout > failover.heartbeat, "cluster.failover.timeout", || {
            let (timeout, heartbeat) = (failover.timeout, failover.heartbeat);
            format!(
                "{timeout} is no longer than a heartbeat, {heartbeat}: primaries in good health \
                 would be given up"
            )
        })?;
    }
    let custom = cluster.topology == Shape::Custom;
    check(custom || cluster.stream.is_empty(), "cluster.stream", || {
        format!(
            "streams are for topology \"custom\", and this one is \"{}\"",
            cluster.topology.name()
        )
    })?;
    let mut seen = BTreeSet::new();
    for (at, stream) in cluster.stream.iter().enumerate() {
        let path = |field: &str| format!("cluster.stream[{at}].{field}");
        known(scenario, stream.from, path("from"))?;
        known(scenario, stream.to, path("to"))?;
        check(stream.from != stream.to, path("to"), || {
            format!("{} cannot follow itself", stream.to)
        })?;
        check(seen.insert(*stream), path("to"), || {
            format!("{} follows {} already", stream.to, stream.from)
        })?;
    }
    Ok(())
}

/// The chapter's code knows one master and its slaves, and decides by itself when to say yes.
fn validate_code(scenario: &Scenario) -> Checked {
    let cluster = &scenario.cluster;
    let as_written = cluster.failover.map(|rule| rule.as_written);
    let Some(code) = cluster.code else {
        return check(as_written != Some(true), "cluster.failover.as_written", || {
            "as written it belongs to the chapter's code: give cluster.code too".into()
        });
    };
    let name = code.name();
    check(cluster.topology == Shape::Star, "cluster.code", || {
        format!("\"{name}\" has one master and its slaves: expected topology \"star\"")
    })?;
    let root = [NodeId(0)];
    check(cluster.writers.as_ref().is_none_or(|one| **one == root), "cluster.writers", || {
        format!("\"{name}\" has one master, n1")
    })?;
    check(cluster.ack == Ack::default(), "cluster.ack", || {
        format!("\"{name}\" decides by itself when to say yes: leave ack out")
    })?;
    check(as_written != Some(false), "cluster.failover", || {
        format!("\"{name}\" elects nobody: expected as_written = true, or none")
    })
}

fn validate_ack(scenario: &Scenario, ack: &Ack, path: &str) -> Checked {
    let replicas = scenario.cluster.nodes.saturating_sub(1);
    let Count::Of(count) = ack.count else {
        return Ok(());
    };
    // The preset of one replica is meant for any cluster; alone it degrades, as it does in MySQL.
    check(count <= replicas.max(1), path, || format!("{count} acks asked of {replicas} replicas"))
}

fn validate_network(scenario: &Scenario) -> Checked {
    check_delay(&scenario.network.latency, "network.latency".into())?;
    for (at, link) in scenario.network.link.iter().enumerate() {
        let path = |field: &str| format!("network.link[{at}].{field}");
        known(scenario, link.from, path("from"))?;
        known(scenario, link.to, path("to"))?;
        check(link.from != link.to, path("to"), || format!("{} has no link to itself", link.to))?;
        link.latency.iter().try_for_each(|delay| check_delay(delay, path("latency")))?;
    }
    Ok(())
}

fn validate_clients(scenario: &Scenario) -> Checked {
    check(scenario.client.len() <= limits::CLIENTS_MAX, "client", || {
        format!("{} clients: expected at most {}", scenario.client.len(), limits::CLIENTS_MAX)
    })?;
    for (at, client) in scenario.client.iter().enumerate() {
        let path = |field: &str| format!("client[{at}].{field}");
        check_text(&client.id, path("id"))?;
        let twice = scenario.client[..at].iter().any(|other| other.id == client.id);
        check(!twice, path("id"), || format!("\"{}\" is described twice", client.id))?;
        known(scenario, client.home, path("home"))?;
        check_delay(&client.latency, path("latency"))?;
        check(client.timeout.0 > 0, path("timeout"), || "0ms: expected a longer time".into())?;
        check(client.wait.0 > 0, path("wait"), || "0ms: expected a longer time".into())?;
    }
    check(scenario.workload.len() <= limits::WORKLOADS_MAX, "workload", || {
        format!("{} workloads: expected at most {}", scenario.workload.len(), limits::WORKLOADS_MAX)
    })?;
    for (at, workload) in scenario.workload.iter().enumerate() {
        let path = |field: &str| format!("workload[{at}].{field}");
        known_client(scenario, &workload.client, path("client"))?;
        check((1..=limits::KEYS_MAX).contains(&workload.keys), path("keys"), || {
            format!("{} keys: expected 1 to {}", workload.keys, limits::KEYS_MAX)
        })?;
    }
    Ok(())
}

fn known(scenario: &Scenario, node: NodeId, path: String) -> Checked {
    let nodes = scenario.cluster.nodes;
    check(node.0 < nodes, path, || format!("there is no {node}: this cluster has n1 to n{nodes}"))
}

fn known_client(scenario: &Scenario, name: &str, path: String) -> Checked {
    let names: Vec<&str> = scenario.client.iter().map(|client| client.id.as_str()).collect();
    check(names.contains(&name), path, || match names.as_slice() {
        [] => format!("there is no client \"{name}\": the scenario has none"),
        names => format!("there is no client \"{name}\": expected one of {}", names.join(", ")),
    })
}

fn check_text(text: &str, path: String) -> Checked {
    let max = limits::TEXT_MAX;
    check((1..=max).contains(&text.len()), path, || {
        format!("{} bytes: expected 1 to {max}", text.len())
    })
}

/// Checks one command against a scenario's servers and clients; `path` is where it stands.
pub fn validate_command(scenario: &Scenario, command: &Command, path: &str) -> Checked {
    let path = |field: &str| match field {
        "" => format!("{path}.{}", command.name()),
        field => format!("{path}.{}.{field}", command.name()),
    };
    match command {
        Command::Write(write) => {
            known_client(scenario, &write.client, path("client"))?;
            check_text(&write.key, path("key"))?;
            if let Value::Text(text) = &write.value {
                check(text.len() <= limits::TEXT_MAX, path("value"), || {
                    format!("{} bytes: expected at most {}", text.len(), limits::TEXT_MAX)
                })?;
            }
            let less = write.ack.is_none_or(|ack| ack == Preset::Async);
            check(less, path("ack"), || {
                "a write may only ask for less than the cluster's rule: expected \"async\"".into()
            })?;
            write.to.map_or(Ok(()), |node| known(scenario, node, path("to")))
        }
        Command::Delete(read) | Command::Read(read) => {
            known_client(scenario, &read.client, path("client"))?;
            check_text(&read.key, path("key"))?;
            read.to.map_or(Ok(()), |node| known(scenario, node, path("to")))
        }
        Command::Crash(node)
        | Command::Restart(node)
        | Command::Pause(node)
        | Command::Resume(node)
        | Command::Promote(node)
        | Command::Demote(node) => known(scenario, *node, path("")),
        Command::Partition(partition) => {
            let mut seen = BTreeSet::new();
            for node in partition.groups.iter().flatten() {
                known(scenario, *node, path("groups"))?;
                check(seen.insert(*node), path("groups"), || {
                    format!("{node} stands in two groups")
                })?;
            }
            Ok(())
        }
        Command::Heal(_) => Ok(()),
        Command::Cut(cut) | Command::Mend(cut) => {
            known(scenario, cut.from, path("from"))?;
            known(scenario, cut.to, path("to"))?;
            check(cut.from != cut.to, path("to"), || format!("{} has no link to itself", cut.to))
        }
        Command::Set(dials) => validate_dials(scenario, dials, &path),
        Command::Clock(clock) => known(scenario, clock.node, path("node")),
    }
}

fn validate_dials(
    scenario: &Scenario,
    dials: &DialsCommand,
    path: &impl Fn(&str) -> String,
) -> Checked {
    for (node, field) in [(dials.node, "node"), (dials.from, "from"), (dials.to, "to")] {
        node.map_or(Ok(()), |node| known(scenario, node, path(field)))?;
    }
    let half = dials.from.is_some() != dials.to.is_some();
    check(!half, path("from"), || "a link has two ends: give both from and to".into())?;
    let free = scenario.cluster.code.is_none() || dials.ack.is_none();
    check(free, path("ack"), || "the chapter's code decides by itself when to say yes".into())?;
    dials.ack.iter().try_for_each(|ack| validate_ack(scenario, ack, &path("ack")))?;
    check(dials.apply_workers != Some(0), path("apply_workers"), || {
        "0 workers: expected 1 or more".into()
    })?;
    check(dials.keepalive.is_none_or(|span| span.0 > 0), path("keepalive"), || {
        "0ms: expected a longer time".into()
    })?;
    for (delay, field) in [
        (&dials.latency, "latency"),
        (&dials.apply_delay, "apply_delay"),
        (&dials.flush_delay, "flush_delay"),
        (&dials.ship_delay, "ship_delay"),
    ] {
        delay.iter().try_for_each(|delay| check_delay(delay, path(field)))?;
    }
    Ok(())
}
