//! Whether what is said of the cluster makes sense.

use std::fmt::Display;

use crate::base::{NODES_MAX, NodeId};
use crate::policy::{
    Ack, AutoIncrement, Chain, Conflict, Count, Isolation, LoopFilter, Offset, Rejoin,
};
use crate::sim::scenario::{Cluster, Scenario, limits};
use crate::topology::Shape;

use super::{Found, Part, check, check_delay, known, named};

pub(super) fn validate_cluster(scenario: &Scenario) -> Found {
    let cluster = &scenario.cluster;
    check(
        (1..=NODES_MAX).contains(&cluster.nodes),
        &"cluster.nodes",
        &format_args!("{} nodes: expected 1 to {NODES_MAX}", cluster.nodes),
    )?;
    check(
        (1..=limits::FANOUT_MAX).contains(&cluster.fanout),
        &"cluster.fanout",
        &format_args!("fan-out {}: expected 1 to {}", cluster.fanout, limits::FANOUT_MAX),
    )?;
    check(cluster.apply_workers > 0, &"cluster.apply_workers", &"0 workers: expected 1 or more")?;
    check(
        cluster.users <= limits::USERS_MAX,
        &"cluster.users",
        &format_args!("{} rows: expected at most {}", cluster.users, limits::USERS_MAX),
    )?;
    let AutoIncrement { step, offset } = cluster.auto_increment;
    check(
        (1..=u32::from(u16::MAX)).contains(&step),
        &"cluster.auto_increment.step",
        &format_args!("{step}: expected 1 to {}", u16::MAX),
    )?;
    // A server's own number may be beyond the step; then it shares a series with another.
    check(
        matches!(offset, Offset::Node) || matches!(offset, Offset::Same(o) if o > 0 && o <= step),
        &"cluster.auto_increment.offset",
        &format_args!("expected \"node\" or 1 to {step}, the step"),
    )?;
    check(cluster.keepalive.0 > 0, &"cluster.keepalive", &"0ms: expected a longer time")?;
    validate_ack(scenario, &cluster.ack, &"cluster.ack")?;
    validate_code(scenario)?;
    for (delay, field) in [
        (&cluster.apply_delay, "apply_delay"),
        (&cluster.flush_delay, "flush_delay"),
        (&cluster.query_delay, "query_delay"),
        (&cluster.ship_delay, "ship_delay"),
    ] {
        check_delay(delay, &format_args!("cluster.{field}"))?;
    }
    if let Some(writers) = &cluster.writers {
        check(
            !writers.is_empty(),
            &"cluster.writers",
            &"nobody takes writes: name at least one node",
        )?;
        for (at, writer) in writers.iter().enumerate() {
            known(scenario, *writer, &format_args!("cluster.writers[{at}]"))?;
        }
    }
    if let Some(failover) = cluster.failover.as_ref().filter(|rule| !rule.as_written) {
        check(
            cluster.topology != Shape::Ring,
            &"cluster.failover",
            &"in a ring every node takes writes: there is no primary to replace",
        )?;
        let writers = cluster.writers.as_ref().map_or(1, Vec::len);
        check(
            writers == 1,
            &"cluster.failover",
            &format_args!("{writers} writers: failover replaces the one primary of a cluster"),
        )?;
        check(
            failover.heartbeat.0 > 0,
            &"cluster.failover.heartbeat",
            &"0ms: expected a longer time",
        )?;
        let (timeout, heartbeat) = (failover.timeout, failover.heartbeat);
        check(
            timeout > heartbeat,
            &"cluster.failover.timeout",
            &format_args!(
                "{timeout} is no longer than a heartbeat, {heartbeat}: primaries in good health \
                 would be given up"
            ),
        )?;
    }
    validate_isolation(scenario)?;
    if cluster.chain == Chain::Proper {
        validate_chain(cluster)?;
    }
    let custom = cluster.topology == Shape::Custom;
    check(
        custom || cluster.stream.is_empty(),
        &"cluster.stream",
        &format_args!(
            "streams are for topology \"custom\", and this one is \"{}\"",
            cluster.topology.name()
        ),
    )?;
    for (at, origin) in cluster.ignore_origins.iter().enumerate() {
        named(scenario, *origin, &format_args!("cluster.ignore_origins[{at}]"))?;
    }
    let nodes = usize::from(cluster.nodes);
    let mut seen = vec![false; nodes * nodes];
    for (at, stream) in cluster.stream.iter().enumerate() {
        let whole = format!("cluster.stream[{at}]");
        let path = |field: &'static str| Part(&whole, field);
        known(scenario, stream.from, &path("from"))?;
        known(scenario, stream.to, &path("to"))?;
        check(
            stream.from != stream.to,
            &path("to"),
            &format_args!("{} cannot follow itself", stream.to),
        )?;
        let seen = &mut seen[stream.from.index() * nodes + stream.to.index()];
        check(
            !std::mem::replace(seen, true),
            &path("to"),
            &format_args!("{} follows {} already", stream.to, stream.from),
        )?;
    }
    Ok(())
}

/// Snapshots order commits by time, which only one writer at a time can do.
fn validate_isolation(scenario: &Scenario) -> Found {
    let cluster = &scenario.cluster;
    if cluster.isolation == Isolation::Latest {
        return check(
            cluster.vacuum.is_none(),
            &"cluster.vacuum",
            &"there are no versions to vacuum: set cluster.isolation = \"mvcc\"",
        );
    }
    let writers = match (&cluster.writers, cluster.topology) {
        (Some(writers), _) => writers.len(),
        (None, Shape::Ring) => usize::from(cluster.nodes),
        (None, Shape::Star | Shape::Chain | Shape::Tree | Shape::Custom) => 1,
    };
    check(
        writers == 1,
        &"cluster.isolation",
        &format_args!(
            "{writers} writers: snapshots need one, so name it, as in writers = [\"n1\"]"
        ),
    )
}

/// Only servers that keep versions can show a moment.
pub(super) fn needs_versions(scenario: &Scenario, path: &dyn Display) -> Found {
    check(
        scenario.cluster.isolation == Isolation::Mvcc,
        path,
        &"no versions are kept: set cluster.isolation = \"mvcc\"",
    )
}

/// The chapter's code knows one master and its slaves, and decides by itself when to say yes.
fn validate_code(scenario: &Scenario) -> Found {
    let cluster = &scenario.cluster;
    let as_written = cluster.failover.map(|rule| rule.as_written);
    let Some(code) = cluster.code else {
        return check(
            as_written != Some(true),
            &"cluster.failover.as_written",
            &"as written it belongs to the chapter's code: give cluster.code too",
        );
    };
    let name = code.name();
    check(
        cluster.topology == Shape::Star,
        &"cluster.code",
        &format_args!("\"{name}\" has one master and its slaves: expected topology \"star\""),
    )?;
    let root = [NodeId(0)];
    check(
        cluster.writers.as_ref().is_none_or(|one| **one == root),
        &"cluster.writers",
        &format_args!("\"{name}\" has one master, n1"),
    )?;
    check(
        cluster.ack == Ack::default(),
        &"cluster.ack",
        &format_args!("\"{name}\" decides by itself when to say yes: leave ack out"),
    )?;
    check(
        as_written != Some(false),
        &"cluster.failover",
        &format_args!("\"{name}\" elects nobody: expected as_written = true, or none"),
    )
}

/// What a proper chain settles by itself and what it cannot do without.
fn validate_chain(cluster: &Cluster) -> Found {
    let name = cluster.topology.name();
    check(
        cluster.topology == Shape::Chain,
        &"cluster.chain",
        &format_args!("a proper chain needs topology \"chain\", and this one is \"{name}\""),
    )?;
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
        check(ok, &format_args!("cluster.{field}"), &format_args!("not in a proper chain: {why}"))?;
    }
    Ok(())
}

pub(super) fn validate_ack(scenario: &Scenario, ack: &Ack, path: &dyn Display) -> Found {
    let mut replicas = scenario.cluster.nodes.saturating_sub(1);
    let Count::Of(count) = ack.count else {
        return Ok(());
    };
    if count > replicas {
        let joins = scenario.at.iter().filter(|stamped| stamped.joins());
        replicas += joins.count() as u16;
    }
    // The preset of one replica is meant for any cluster; alone it degrades, as it does in MySQL.
    check(
        count <= replicas.max(1),
        path,
        &format_args!("{count} acks asked of {replicas} replicas"),
    )
}
