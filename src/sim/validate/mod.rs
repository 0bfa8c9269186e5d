//! Whether a scenario makes sense: every name known, every number in its range. The file's *form*
//! is checked where it is read; this is about its content.

mod cluster;
mod command;

use std::fmt::{self, Display};

use crate::base::{Delay, NODES_MAX, NodeId};
use crate::policy::ReadPolicy;

use super::scenario::{Scenario, limits};
use cluster::{needs_versions, validate_cluster};
pub use command::validate_command;
use command::validate_particulars;

/// What is wrong, and at which field: `at[3].write.client`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field, from the top.
    pub path: String,
    /// What was found and what was expected.
    pub message: String,
}

/// The first problem, if there is one: boxed, since there hardly ever is.
type Found = Result<(), Box<Problem>>;

fn check(ok: bool, path: &dyn Display, message: &dyn Display) -> Found {
    if ok { Ok(()) } else { problem(path, message) }
}

fn problem(path: &dyn Display, message: &dyn Display) -> Found {
    Err(Box::new(Problem { path: path.to_string(), message: message.to_string() }))
}

fn check_delay(delay: &Delay, path: &dyn Display) -> Found {
    delay.problem().map_or(Ok(()), |message| problem(path, &message))
}

/// A field of something, or all of it if the field has no name.
struct Part<'a>(&'a str, &'a str);

impl Display for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Part(whole, field) = self;
        f.write_str(whole)?;
        if field.is_empty() { Ok(()) } else { write!(f, ".{field}") }
    }
}

/// Checks a whole scenario; the first problem found is told.
pub fn validate(scenario: &Scenario) -> Result<(), Problem> {
    validate_all(scenario).map_err(|problem| *problem)
}

fn validate_all(scenario: &Scenario) -> Found {
    check(
        scenario.until <= limits::UNTIL_MAX,
        &"until",
        &format_args!("{} is longer than the longest run, {}", scenario.until, limits::UNTIL_MAX),
    )?;
    validate_limits(scenario)?;
    validate_cluster(scenario)?;
    validate_network(scenario)?;
    for (at, node) in scenario.node.iter().enumerate() {
        let whole = format!("node[{at}]");
        let path = |field: &'static str| Part(&whole, field);
        known(scenario, node.id, &path("id"))?;
        let twice = scenario.node[..at].iter().any(|other| other.id == node.id);
        check(!twice, &path("id"), &format_args!("{} is described twice", node.id))?;
        node.apply_delay.iter().try_for_each(|delay| check_delay(delay, &path("apply_delay")))?;
        node.query_delay.iter().try_for_each(|delay| check_delay(delay, &path("query_delay")))?;
        node.flush_delay.iter().try_for_each(|delay| check_delay(delay, &path("flush_delay")))?;
        check(
            node.apply_workers != Some(0),
            &path("apply_workers"),
            &"0 workers: expected 1 or more",
        )?;
    }
    validate_clients(scenario)?;
    check(
        scenario.at.len() <= limits::COMMANDS_MAX,
        &"at",
        &format_args!("{} commands: expected at most {}", scenario.at.len(), limits::COMMANDS_MAX),
    )?;
    let mut too_many = scenario.at.iter().enumerate().filter(|(_, stamped)| stamped.joins());
    let room = usize::from(NODES_MAX - scenario.cluster.nodes);
    if let Some((at, _)) = too_many.nth(room) {
        let message = format_args!("more nodes than {NODES_MAX}: numbers are not given twice");
        return problem(&format_args!("at[{at}].add-node"), &message);
    }
    for (at, stamped) in scenario.at.iter().enumerate() {
        let path = format!("at[{at}]");
        check(
            stamped.time <= scenario.until,
            &format_args!("{path}.time"),
            &format_args!("{} is after the end of the run, {}", stamped.time, scenario.until),
        )?;
        let whole = format!("{path}.{}", stamped.command.name());
        validate_particulars(scenario, &stamped.command, &whole)?;
    }
    Ok(())
}

fn validate_limits(scenario: &Scenario) -> Found {
    let (own, most) = (scenario.limits, limits::Limits::default());
    for (asked, most, field) in [
        (own.in_flight, most.in_flight, "in_flight"),
        (own.steps, most.steps, "steps"),
        (own.ops, most.ops, "ops"),
    ] {
        check(
            (1..=most).contains(&asked),
            &format_args!("limits.{field}"),
            &format_args!("{asked}: expected 1 to {most}"),
        )?;
    }
    Ok(())
}

fn validate_network(scenario: &Scenario) -> Found {
    check_delay(&scenario.network.latency, &"network.latency")?;
    for (at, link) in scenario.network.link.iter().enumerate() {
        let whole = format!("network.link[{at}]");
        let path = |field: &'static str| Part(&whole, field);
        known(scenario, link.from, &path("from"))?;
        known(scenario, link.to, &path("to"))?;
        check(
            link.from != link.to,
            &path("to"),
            &format_args!("{} has no link to itself", link.to),
        )?;
        link.latency.iter().try_for_each(|delay| check_delay(delay, &path("latency")))?;
    }
    Ok(())
}

fn validate_clients(scenario: &Scenario) -> Found {
    check(
        scenario.client.len() <= limits::CLIENTS_MAX,
        &"client",
        &format_args!(
            "{} clients: expected at most {}",
            scenario.client.len(),
            limits::CLIENTS_MAX
        ),
    )?;
    for (at, client) in scenario.client.iter().enumerate() {
        let whole = format!("client[{at}]");
        let path = |field: &'static str| Part(&whole, field);
        check_text(&client.id, &path("id"))?;
        let twice = scenario.client[..at].iter().any(|other| other.id == client.id);
        check(!twice, &path("id"), &format_args!("\"{}\" is described twice", client.id))?;
        known(scenario, client.home, &path("home"))?;
        check_delay(&client.latency, &path("latency"))?;
        if client.read == ReadPolicy::Snapshot {
            needs_versions(scenario, &path("read"))?;
        }
        check(client.timeout.0 > 0, &path("timeout"), &"0ms: expected a longer time")?;
        check(client.wait.0 > 0, &path("wait"), &"0ms: expected a longer time")?;
    }
    check(
        scenario.workload.len() <= limits::WORKLOADS_MAX,
        &"workload",
        &format_args!(
            "{} workloads: expected at most {}",
            scenario.workload.len(),
            limits::WORKLOADS_MAX
        ),
    )?;
    for (at, workload) in scenario.workload.iter().enumerate() {
        let whole = format!("workload[{at}]");
        let path = |field: &'static str| Part(&whole, field);
        known_client(scenario, &workload.client, &path("client"))?;
        check(
            (1..=limits::KEYS_MAX).contains(&workload.keys),
            &path("keys"),
            &format_args!("{} keys: expected 1 to {}", workload.keys, limits::KEYS_MAX),
        )?;
    }
    Ok(())
}

fn known(scenario: &Scenario, node: NodeId, path: &dyn Display) -> Found {
    let nodes = scenario.cluster.nodes;
    check(
        node.0 < nodes,
        path,
        &format_args!("there is no {node}: this cluster has n1 to n{nodes}"),
    )
}

/// The same for a command, which may name a server that joins at some time.
fn named(scenario: &Scenario, node: NodeId, path: &dyn Display) -> Found {
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
            problem(path, &message)
        }
    }
}

fn known_client(scenario: &Scenario, name: &str, path: &dyn Display) -> Found {
    let names: Vec<&str> = scenario.client.iter().map(|client| client.id.as_str()).collect();
    if names.contains(&name) {
        return Ok(());
    }
    match names.as_slice() {
        [] => problem(path, &format_args!("there is no client \"{name}\": the scenario has none")),
        names => problem(
            path,
            &format_args!("there is no client \"{name}\": expected one of {}", names.join(", ")),
        ),
    }
}

fn check_text(text: &str, path: &dyn Display) -> Found {
    let max = limits::TEXT_MAX;
    check(
        (1..=max).contains(&text.len()),
        path,
        &format_args!("{} bytes: expected 1 to {max}", text.len()),
    )
}
