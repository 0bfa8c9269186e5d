//! Whether a scenario makes sense: every name known, every number in its range. The file's *form*
//! is checked where it is read; this is about its content.

use crate::base::{Delay, NODES_MAX, NodeId};
use crate::data::Value;
use crate::data::sql;
use crate::policy::{
    Ack, AutoIncrement, Chain, Conflict, Count, Isolation, LoopFilter, Offset, Preset, ReadPolicy,
    Rejoin,
};
use crate::topology::Shape;

use super::amend::{IncrementCommand, TextDeleteCommand, TextInsertCommand};
use super::command::{Command, DialsCommand};
use super::scenario::{Cluster, Scenario, limits};
use super::sql_command::SqlCommand;

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
    validate_limits(scenario)?;
    validate_cluster(scenario)?;
    validate_network(scenario)?;
    for (at, node) in scenario.node.iter().enumerate() {
        let path = |field: &str| format!("node[{at}].{field}");
        known(scenario, node.id, path("id"))?;
        let twice = scenario.node[..at].iter().any(|other| other.id == node.id);
        check(!twice, path("id"), || format!("{} is described twice", node.id))?;
        node.apply_delay.iter().try_for_each(|delay| check_delay(delay, path("apply_delay")))?;
        node.query_delay.iter().try_for_each(|delay| check_delay(delay, path("query_delay")))?;
        node.flush_delay.iter().try_for_each(|delay| check_delay(delay, path("flush_delay")))?;
        check(node.apply_workers != Some(0), path("apply_workers"), || {
            "0 workers: expected 1 or more".into()
        })?;
    }
    validate_clients(scenario)?;
    check(scenario.at.len() <= limits::COMMANDS_MAX, "at", || {
        format!("{} commands: expected at most {}", scenario.at.len(), limits::COMMANDS_MAX)
    })?;
    let mut too_many = scenario.at.iter().enumerate().filter(|(_, stamped)| stamped.joins());
    let room = usize::from(NODES_MAX - scenario.cluster.nodes);
    if let Some((at, _)) = too_many.nth(room) {
        return Err(Problem {
            path: format!("at[{at}].add-node"),
            message: format!("more nodes than {NODES_MAX}: numbers are not given twice"),
        });
    }
    for (at, stamped) in scenario.at.iter().enumerate() {
        let path = format!("at[{at}]");
        check(stamped.time <= scenario.until, format!("{path}.time"), || {
            format!("{} is after the end of the run, {}", stamped.time, scenario.until)
        })?;
        validate_command(scenario, &stamped.command, &path)?;
    }
    Ok(())
}

fn validate_limits(scenario: &Scenario) -> Checked {
    let (own, most) = (scenario.limits, limits::Limits::default());
    for (asked, most, field) in [
        (own.in_flight, most.in_flight, "in_flight"),
        (own.steps, most.steps, "steps"),
        (own.ops, most.ops, "ops"),
    ] {
        check((1..=most).contains(&asked), format!("limits.{field}"), || {
            format!("{asked}: expected 1 to {most}")
        })?;
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
    check(cluster.users <= limits::USERS_MAX, "cluster.users", || {
        format!("{} rows: expected at most {}", cluster.users, limits::USERS_MAX)
    })?;
    let AutoIncrement { step, offset } = cluster.auto_increment;
    check((1..=u32::from(u16::MAX)).contains(&step), "cluster.auto_increment.step", || {
        format!("{step}: expected 1 to {}", u16::MAX)
    })?;
    // A server's own number may be beyond the step; then it shares a series with another.
    check(
        matches!(offset, Offset::Node) || matches!(offset, Offset::Same(o) if o > 0 && o <= step),
        "cluster.auto_increment.offset",
        || format!("expected \"node\" or 1 to {step}, the step"),
    )?;
    check(cluster.keepalive.0 > 0, "cluster.keepalive", || "0ms: expected a longer time".into())?;
    validate_ack(scenario, &cluster.ack, "cluster.ack")?;
    validate_code(scenario)?;
    for (delay, field) in [
        (&cluster.apply_delay, "apply_delay"),
        (&cluster.flush_delay, "flush_delay"),
        (&cluster.query_delay, "query_delay"),
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
    validate_isolation(scenario)?;
    if cluster.chain == Chain::Proper {
        validate_chain(cluster)?;
    }
    let custom = cluster.topology == Shape::Custom;
    check(custom || cluster.stream.is_empty(), "cluster.stream", || {
        format!(
            "streams are for topology \"custom\", and this one is \"{}\"",
            cluster.topology.name()
        )
    })?;
    for (at, origin) in cluster.ignore_origins.iter().enumerate() {
        named(scenario, *origin, format!("cluster.ignore_origins[{at}]"))?;
    }
    let nodes = usize::from(cluster.nodes);
    let mut seen = vec![false; nodes * nodes];
    for (at, stream) in cluster.stream.iter().enumerate() {
        let path = |field: &str| format!("cluster.stream[{at}].{field}");
        known(scenario, stream.from, path("from"))?;
        known(scenario, stream.to, path("to"))?;
        check(stream.from != stream.to, path("to"), || {
            format!("{} cannot follow itself", stream.to)
        })?;
        let seen = &mut seen[stream.from.index() * nodes + stream.to.index()];
        check(!std::mem::replace(seen, true), path("to"), || {
            format!("{} follows {} already", stream.to, stream.from)
        })?;
    }
    Ok(())
}

/// Snapshots order commits by time, which only one writer at a time can do.
fn validate_isolation(scenario: &Scenario) -> Checked {
    let cluster = &scenario.cluster;
    if cluster.isolation == Isolation::Latest {
        return check(cluster.vacuum.is_none(), "cluster.vacuum", || {
            "there are no versions to vacuum: set cluster.isolation = \"mvcc\"".into()
        });
    }
    let writers = match (&cluster.writers, cluster.topology) {
        (Some(writers), _) => writers.len(),
        (None, Shape::Ring) => usize::from(cluster.nodes),
        (None, Shape::Star | Shape::Chain | Shape::Tree | Shape::Custom) => 1,
    };
    check(writers == 1, "cluster.isolation", || {
        format!("{writers} writers: snapshots need one, so name it, as in writers = [\"n1\"]")
    })
}

/// Only servers that keep versions can show a moment.
fn needs_versions(scenario: &Scenario, path: String) -> Checked {
    check(scenario.cluster.isolation == Isolation::Mvcc, path, || {
        "no versions are kept: set cluster.isolation = \"mvcc\"".into()
    })
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

/// What a proper chain settles by itself and what it cannot do without.
fn validate_chain(cluster: &Cluster) -> Checked {
    let name = cluster.topology.name();
    check(cluster.topology == Shape::Chain, "cluster.chain", || {
        format!("a proper chain needs topology \"chain\", and this one is \"{name}\"")
    })?;
    let failover = cluster.failover.unwrap_or_default();
    let settled = [
        (cluster.ack == Ack::default(), "ack", "the tail acknowledges: leave it out"),
        (cluster.conflict == Conflict::None, "conflict", "one head orders all writes"),
        (cluster.isolation == Isolation::Latest, "isolation", "the tail answers what is newest"),
        (cluster.loop_filter == LoopFilter::Gtid, "loop_filter", "what is sent again is dropped"),
        (cluster.ignore_origins.is_empty(), "ignore_origins", "every server takes all"),
        (cluster.relay_acks, "relay_acks", "acks travel from the tail to the head"),
        (cluster.retention.is_none(), "retention", "what the tail lacks is kept: leave it out"),
        (cluster.writers.is_none(), "writers", "writes enter at the head: leave it out"),
        (failover.quorum, "failover.quorum", "two heads would make two chains"),
        (failover.fencing, "failover.fencing", "two heads would make two chains"),
        (failover.rejoin != Rejoin::Keep, "failover.rejoin", "a history has one order"),
    ];
    for (ok, field, why) in settled {
        check(ok, format!("cluster.{field}"), || format!("not in a proper chain: {why}"))?;
    }
    Ok(())
}

fn validate_ack(scenario: &Scenario, ack: &Ack, path: &str) -> Checked {
    let mut replicas = scenario.cluster.nodes.saturating_sub(1);
    let Count::Of(count) = ack.count else {
        return Ok(());
    };
    if count > replicas {
        let joins = scenario.at.iter().filter(|stamped| stamped.joins());
        replicas += joins.count() as u16;
    }
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
        if client.read == ReadPolicy::Snapshot {
            needs_versions(scenario, path("read"))?;
        }
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

/// The same for a command, which may name a server that joins at some time.
fn named(scenario: &Scenario, node: NodeId, path: String) -> Checked {
    let nodes = scenario.cluster.nodes;
    let Some(later) = node.0.checked_sub(nodes) else {
        return Ok(());
    };
    let mut joining = scenario.at.iter().filter(|stamped| stamped.joins());
    match joining.nth(later.into()) {
        Some(_) => Ok(()),
        None => {
            let joining = scenario.at.iter().filter(|stamped| stamped.joins()).count() as u16;
            let last = nodes + joining;
            let then =
                if joining > 0 { format!(", with {joining} that join") } else { String::new() };
            let message = format!("there is no {node}: this cluster has n1 to n{last}{then}");
            Err(Problem { path, message })
        }
    }
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
    if let Some(code) = scenario.cluster.code {
        check(!command.rearranges(), path(""), || {
            format!("\"{}\" keeps its master and its slaves for good", code.name())
        })?;
    }
    match command {
        Command::Write(write)
        | Command::Insert(write)
        | Command::SetAdd(write)
        | Command::SetRemove(write) => {
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
            write.to.map_or(Ok(()), |node| named(scenario, node, path("to")))
        }
        Command::Increment(IncrementCommand { client, key, to, .. }) => {
            known_client(scenario, client, path("client"))?;
            check_text(key, path("key"))?;
            to.map_or(Ok(()), |node| named(scenario, node, path("to")))
        }
        Command::TextInsert(TextInsertCommand { client, key, text, to, .. }) => {
            known_client(scenario, client, path("client"))?;
            check_text(key, path("key"))?;
            check_text(text, path("text"))?;
            to.map_or(Ok(()), |node| named(scenario, node, path("to")))
        }
        Command::TextDelete(TextDeleteCommand { client, key, count, to, .. }) => {
            known_client(scenario, client, path("client"))?;
            check_text(key, path("key"))?;
            let max = limits::TEXT_MAX;
            check((1..=max).contains(&(*count as usize)), path("count"), || {
                format!("{count} characters: expected 1 to {max}")
            })?;
            to.map_or(Ok(()), |node| named(scenario, node, path("to")))
        }
        Command::Delete(delete) => {
            known_client(scenario, &delete.client, path("client"))?;
            check_text(&delete.key, path("key"))?;
            delete.to.map_or(Ok(()), |node| named(scenario, node, path("to")))
        }
        Command::Read(read) => {
            known_client(scenario, &read.client, path("client"))?;
            check_text(&read.key, path("key"))?;
            read.at.map_or(Ok(()), |_| needs_versions(scenario, path("at")))?;
            read.to.map_or(Ok(()), |node| named(scenario, node, path("to")))
        }
        Command::Sql(command) => {
            if command.client.is_empty() {
                check(!scenario.client.is_empty(), path(""), || {
                    "there is no client to send it: the scenario has none".into()
                })?;
            } else {
                known_client(scenario, &command.client, path("client"))?;
            }
            let short = if path_is_text(command) { path("") } else { path("text") };
            check_text(&command.text, short.clone())?;
            sql::parse(&command.text).map_err(|message| Problem { path: short, message })?;
            command.to.map_or(Ok(()), |node| named(scenario, node, path("to")))
        }
        Command::Crash(node)
        | Command::Restart(node)
        | Command::Pause(node)
        | Command::Resume(node)
        | Command::Promote(node)
        | Command::Demote(node)
        | Command::RemoveNode(node)
        | Command::Reseed(node)
        | Command::Skip(node) => named(scenario, *node, path("")),
        Command::Partition(partition) => {
            let mut seen = vec![false; usize::from(NODES_MAX)];
            for node in partition.groups.iter().flatten() {
                named(scenario, *node, path("groups"))?;
                let seen = std::mem::replace(&mut seen[node.index()], true);
                check(!seen, path("groups"), || format!("{node} stands in two groups"))?;
            }
            Ok(())
        }
        Command::Heal(_) | Command::Rebalance(_) => Ok(()),
        Command::Cut(cut) | Command::Mend(cut) => {
            named(scenario, cut.from, path("from"))?;
            named(scenario, cut.to, path("to"))?;
            check(cut.from != cut.to, path("to"), || format!("{} has no link to itself", cut.to))
        }
        Command::Set(dials) => validate_dials(scenario, dials, &path),
        Command::Clock(clock) => named(scenario, clock.node, path("node")),
        Command::AddNode(add) => {
            add.source.map_or(Ok(()), |node| named(scenario, node, path("source")))
        }
        Command::Vacuum(node) => {
            needs_versions(scenario, path(""))?;
            named(scenario, *node, path(""))
        }
        Command::Repoint(repoint) => {
            named(scenario, repoint.node, path("node"))?;
            named(scenario, repoint.source, path("source"))?;
            check(repoint.node != repoint.source, path("source"), || {
                format!("{} cannot follow itself", repoint.node)
            })
        }
    }
}

/// Whether a file says only the statement's text.
fn path_is_text(command: &SqlCommand) -> bool {
    *command == SqlCommand::new(&command.text)
}

fn validate_dials(
    scenario: &Scenario,
    dials: &DialsCommand,
    path: &impl Fn(&str) -> String,
) -> Checked {
    for (node, field) in [(dials.node, "node"), (dials.from, "from"), (dials.to, "to")] {
        node.map_or(Ok(()), |node| named(scenario, node, path(field)))?;
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
        check(!(set && proper), path(field), || "a proper chain settles this by itself".into())?;
    }
    for (at, origin) in dials.ignore_origins.iter().flat_map(|these| &these.0).enumerate() {
        named(scenario, *origin, path(&format!("ignore_origins[{at}]")))?;
    }
    let half = dials.from.is_some() != dials.to.is_some();
    check(!half, path("from"), || "a link has two ends: give both from and to".into())?;
    let free = scenario.cluster.code.is_none() || dials.ack.is_none();
    check(free, path("ack"), || "the chapter's code decides by itself when to say yes".into())?;
    dials.ack.iter().try_for_each(|ack| validate_ack(scenario, ack, &path("ack")))?;
    dials.vacuum.map_or(Ok(()), |_| needs_versions(scenario, path("vacuum")))?;
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
        (&dials.query_delay, "query_delay"),
        (&dials.ship_delay, "ship_delay"),
    ] {
        delay.iter().try_for_each(|delay| check_delay(delay, path(field)))?;
    }
    Ok(())
}
