//! The report of a run: what an engineer wants to know of a scenario, as CONTRACT lays it out.

use std::collections::BTreeMap;

use crate::base::{KeyId, SimTime};
use crate::data::{Store, Value};
use crate::node::{Limit, Role, Status, Told};
use crate::recording::Recording;
use crate::sim::{Op, Outcome, World};

use super::guarantee::{Guarantees, guarantees};
use super::histogram::{Distribution, Summary};
use super::measures::{Lag, Measures};

/// The report. Times and lags are in microseconds of simulated time.
#[derive(Clone, Debug)]
pub struct Report {
    /// The scenario's name.
    pub scenario: String,
    /// Its luck.
    pub seed: u64,
    /// When it ended.
    pub until_us: SimTime,
    /// Digest of the world at the end and of everything that led there.
    pub digest: String,
    /// Steps: events and commands.
    pub events: u64,
    /// Messages, second copies included.
    pub messages: Messages,
    /// Bytes between servers.
    pub bytes: Bytes,
    /// Writes of all clients.
    pub writes: Writes,
    /// Reads of all clients.
    pub reads: Reads,
    /// How long each read's value had been superseded; fresh reads count as 0.
    pub staleness_us: Summary,
    /// By how many acknowledged versions.
    pub staleness_versions: Summary,
    /// A primary accepts a write -> its ack rule is met.
    pub commit_latency_us: Summary,
    /// A client sends a write -> it is told ok.
    pub write_latency_us: Summary,
    /// A client sends a read -> it has the value.
    pub read_latency_us: Summary,
    /// Per server: an entry written at its origin -> applied here.
    pub lag_us: BTreeMap<String, Spread>,
    /// Per server: entries written anywhere and not applied here, seen at each apply.
    pub lag_entries: BTreeMap<String, Spread>,
    /// Per server: mean of each part of the lag.
    pub lag_parts_us: BTreeMap<String, Parts>,
    /// Changes of primary.
    pub failovers: Vec<FailoverReport>,
    /// Acknowledged writes that changes of primary have lost.
    pub rpo_writes: u64,
    /// Longest time from a primary's crash to its successor's promotion; None if there was none.
    pub rto_us: Option<SimTime>,
    /// Per server, at the end.
    pub nodes: BTreeMap<String, NodeReport>,
    /// Whether every server that is up has the same rows.
    pub converged: bool,
    /// Keys on which servers that are up differ.
    pub divergent_keys: Vec<String>,
    /// What the clients could rely on.
    pub guarantees: Guarantees,
    /// The limit that stopped the run; None if it reached its end.
    pub limit: Option<Limit>,
}

/// Messages of all kinds.
#[derive(Clone, Debug)]
pub struct Messages {
    /// Handed to the network.
    pub sent: u64,
    /// Arrived.
    pub delivered: u64,
    /// Lost on the way or at a server that was down.
    pub lost: u64,
    /// Second copies among the sent.
    pub duplicated: u64,
    /// Neither arrived nor lost yet.
    pub in_flight: u64,
}

/// Bytes between servers, headers included.
#[derive(Clone, Debug)]
pub struct Bytes {
    /// Log entries and snapshots.
    pub log: u64,
    /// Replica acknowledgements.
    pub ack: u64,
    /// Everything else.
    pub control: u64,
}

/// Writes by how they ended.
#[derive(Clone, Debug, Default)]
pub struct Writes {
    /// Sent, or tried to.
    pub issued: u64,
    /// The client was told ok.
    pub acknowledged: u64,
    /// Of these, without the replicas the rule asks for.
    pub degraded: u64,
    /// The client was told no.
    pub refused: u64,
    /// The client gave up: they may or may not have happened.
    pub timed_out: u64,
    /// The client waits.
    pub pending: u64,
    /// Acknowledged, and absent from the surviving history.
    pub lost_acknowledged: u64,
    /// Lost once and present at the end.
    pub resurrected: u64,
    /// Thrown away by the server that had them.
    pub discarded: u64,
    /// The client was told no, and the surviving history has them all the same.
    pub refused_yet_there: u64,
}

/// Reads by how they ended.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    /// Sent, or tried to.
    pub issued: u64,
    /// The client has a value.
    pub answered: u64,
    /// Of all served, those whose value had been superseded.
    pub stale: u64,
    /// Refused or timed out.
    pub failed: u64,
}

/// A distribution in three numbers.
#[derive(Clone, Debug)]
pub struct Spread {
    /// Half are at most this.
    pub p50: u64,
    /// 99 % are at most this.
    pub p99: u64,
    /// The largest.
    pub max: u64,
}

/// Where the time between an entry's writing and its applying went, on average.
#[derive(Clone, Debug)]
pub struct Parts {
    /// Written -> received.
    pub ship: f64,
    /// Received -> begun.
    pub queue: f64,
    /// Begun -> applied.
    pub apply: f64,
}

/// One change of primary. What only servers that elect know is None if the operator acted.
#[derive(Clone, Debug)]
pub struct FailoverReport {
    /// When the failure was detected.
    pub detected_at_us: Option<SimTime>,
    /// When the successor was chosen.
    pub elected_at_us: Option<SimTime>,
    /// When the successor began.
    pub promoted_at_us: SimTime,
    /// When the last server that was there to be told followed it.
    pub repointed_at_us: SimTime,
    /// The primary before.
    pub from: String,
    /// The successor.
    pub to: String,
    /// Its epoch.
    pub epoch: u32,
}

/// One server at the end.
#[derive(Clone, Debug)]
pub struct NodeReport {
    /// Whether it runs.
    pub up: bool,
    /// Primary or replica.
    pub role: &'static str,
    /// The newest epoch it knows of.
    pub epoch: u32,
    /// Every change its rows contain, as a GTID set.
    pub applied: String,
    /// What the chapter's `get_lag` would say: how long ago it last applied anything. None for a
    /// primary. It measures idleness, not lag.
    pub chapter_lag_us: Option<SimTime>,
    /// Its rows.
    pub rows: BTreeMap<String, Value>,
}

/// Reports on everything known of a run.
pub fn report(recording: &Recording) -> Report {
    let world = recording.head();
    let mut measures = Measures::new(world.nodes.len());
    measures.follow(recording.trace(), &world.ledger, recording.known_until());
    report_of(recording, &measures)
}

/// The same, given the measures of everything known.
pub fn report_of(recording: &Recording, measures: &Measures) -> Report {
    let world = recording.head();
    let scenario = recording.scenario();
    let by_node = |make: &dyn Fn(&Lag) -> Spread| -> BTreeMap<String, Spread> {
        let nodes = world.nodes.iter().zip(&measures.lag);
        nodes
            .filter(|(_, lag)| lag.us.count() > 0)
            .map(|(node, lag)| (node.id.to_string(), make(lag)))
            .collect()
    };
    let divergent = divergent_keys(world);
    let (writes, reads) = count_ops(world, measures);
    Report {
        scenario: scenario.name.clone(),
        seed: scenario.seed,
        until_us: recording.known_until(),
        digest: format!("{:016x}", world.digest()),
        events: world.steps,
        messages: messages(world),
        bytes: Bytes {
            log: world.network.traffic.log_bytes,
            ack: world.network.traffic.ack_bytes,
            control: world.network.traffic.control_bytes,
        },
        rpo_writes: writes.lost_acknowledged,
        writes,
        reads,
        staleness_us: measures.staleness_us.summary(),
        staleness_versions: measures.staleness_versions.summary(),
        commit_latency_us: measures.commit_latency_us.summary(),
        write_latency_us: measures.write_latency_us.summary(),
        read_latency_us: measures.read_latency_us.summary(),
        lag_us: by_node(&|lag| spread(&lag.us)),
        lag_entries: by_node(&|lag| spread(&lag.entries)),
        lag_parts_us: lag_parts(world, measures),
        rto_us: measures.failovers.iter().filter_map(|f| Some(f.promoted_at - f.crashed_at?)).max(),
        failovers: failovers(measures),
        nodes: world
            .nodes
            .iter()
            .map(|node| {
                let updated_at = measures.lag[node.id.index()].updated_at;
                let idle = recording.known_until().saturating_sub(updated_at);
                (node.id.to_string(), node_report(world, node, idle))
            })
            .collect(),
        converged: divergent.is_empty(),
        divergent_keys: divergent
            .into_iter()
            .map(|key| world.names.text(key).to_string())
            .collect(),
        guarantees: guarantees(recording),
        limit: world.limit,
    }
}

fn spread(values: &Distribution) -> Spread {
    Spread { p50: values.quantile(0.5), p99: values.quantile(0.99), max: values.max() }
}

fn lag_parts(world: &World, measures: &Measures) -> BTreeMap<String, Parts> {
    let nodes = world.nodes.iter().zip(&measures.lag).filter(|(_, lag)| lag.us.count() > 0);
    let parts = |lag: &Lag| {
        let mean = |sum: u64| sum as f64 / lag.us.count() as f64;
        Parts { ship: mean(lag.ship_us), queue: mean(lag.queue_us), apply: mean(lag.apply_us) }
    };
    nodes.map(|(node, lag)| (node.id.to_string(), parts(lag))).collect()
}

fn messages(world: &World) -> Messages {
    let traffic = world.network.traffic;
    Messages {
        sent: traffic.sent,
        delivered: traffic.delivered,
        lost: traffic.lost,
        duplicated: traffic.duplicated,
        in_flight: traffic.sent - traffic.delivered - traffic.lost,
    }
}

fn count_ops(world: &World, measures: &Measures) -> (Writes, Reads) {
    let (mut writes, mut reads) = (Writes::default(), Reads::default());
    let surviving = world.surviving();
    for op in world.ledger.ops.iter() {
        if op.is_write() {
            count_write(&mut writes, op)
        } else {
            count_read(&mut reads, op)
        };
        let is_back = |gtid| surviving.as_ref().is_some_and(|all| all.contains(gtid));
        let back = op.lost && op.gtid.is_some_and(is_back);
        writes.resurrected += u64::from(back);
        let refused = op.is_write() && op.refusal().is_some();
        writes.refused_yet_there += u64::from(refused && op.gtid.is_some_and(is_back));
    }
    reads.stale = measures.stale;
    (writes, reads)
}

fn count_write(writes: &mut Writes, op: &Op) {
    writes.issued += 1;
    writes.lost_acknowledged += u64::from(op.lost);
    writes.discarded += u64::from(op.discarded);
    match op.outcome {
        Outcome::Pending => writes.pending += 1,
        Outcome::Told(Told::Ok, _) => writes.acknowledged += 1,
        Outcome::Told(Told::OkDegraded, _) => {
            writes.acknowledged += 1;
            writes.degraded += 1;
        }
        Outcome::Told(Told::Refused(_), _) => writes.refused += 1,
        Outcome::Told(Told::TimedOut, _) => writes.timed_out += 1,
        Outcome::Told(Told::Value, _) => {
            debug_assert!(false, "a write is not answered with a value")
        }
    }
}

fn count_read(reads: &mut Reads, op: &Op) {
    reads.issued += 1;
    match op.outcome {
        Outcome::Pending => {}
        Outcome::Told(Told::Value, _) => reads.answered += 1,
        Outcome::Told(Told::Refused(_) | Told::TimedOut, _) => reads.failed += 1,
        Outcome::Told(Told::Ok | Told::OkDegraded, _) => {
            debug_assert!(false, "a read is not answered with ok")
        }
    }
}

fn failovers(measures: &Measures) -> Vec<FailoverReport> {
    let mut from = crate::base::NodeId(0);
    let report = |failover: &super::measures::Failover| FailoverReport {
        detected_at_us: failover.detected_at,
        elected_at_us: failover.elected_at,
        promoted_at_us: failover.promoted_at,
        repointed_at_us: failover.repointed_at,
        from: std::mem::replace(&mut from, failover.to).to_string(),
        to: failover.to.to_string(),
        epoch: failover.epoch,
    };
    measures.failovers.iter().map(report).collect()
}

fn node_report(world: &World, node: &crate::node::Node, idle: SimTime) -> NodeReport {
    let rows =
        node.disk.store.iter().filter_map(|(key, row)| {
            Some((world.names.text(key).to_string(), row.value()?.clone()))
        });
    NodeReport {
        up: node.status != Status::Down,
        role: match node.disk.role {
            Role::Primary => "primary",
            Role::Replica => "replica",
        },
        epoch: node.disk.epoch,
        applied: node.disk.applied.to_string(),
        chapter_lag_us: Some(idle).filter(|_| !node.is_primary()),
        rows: rows.collect(),
    }
}

/// Keys on which servers that are up hold different values.
fn divergent_keys(world: &World) -> Vec<KeyId> {
    let up: Vec<&Store> = world
        .nodes
        .iter()
        .filter(|node| node.status != Status::Down)
        .map(|node| &node.disk.store)
        .collect();
    let value = |store: &Store, key: KeyId| store.row(key).and_then(|row| row.value().cloned());
    let keys = (0..world.names.len() as u32).map(KeyId);
    let differs = |key: &KeyId| {
        let first = up.first().and_then(|store| value(store, *key));
        up.iter().any(|store| value(store, *key) != first)
    };
    keys.filter(differs).collect()
}
