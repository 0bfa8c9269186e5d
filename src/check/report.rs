//! The report of a run: what an engineer wants to know of a scenario, as CONTRACT lays it out.

use crate::base::{KeyId, Map, SimTime, gathered};
use crate::data::table::Table;
use crate::data::{Cell, Row, Store, Value};
use crate::form::Form;
use crate::node::{Limit, Role, Told};
use crate::recording::Recording;
use crate::sim::{Behind, Durability, Judge, Op, Outcome, Standings, World, behind};

use super::guarantee::{Guarantees, guarantees};
use super::histogram::{Distribution, Summary};
use super::measures::{Failover, Lag, Measures};

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
    /// How many writes stand how at the end.
    pub ledger: Standings,
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
    pub lag_us: Map<String, Spread>,
    /// Per server: entries written anywhere and not applied here, seen at each apply.
    pub lag_entries: Map<String, Spread>,
    /// Per server: mean of each part of the lag.
    pub lag_parts_us: Map<String, Parts>,
    /// Changes of primary.
    pub failovers: Vec<FailoverReport>,
    /// Acknowledged writes that changes of primary have lost.
    pub rpo_writes: u64,
    /// Which ones: acknowledged and lost, the first `LISTED_MAX` of them.
    pub lost_writes: Vec<WriteReport>,
    /// Writes that a server had and threw away, the first `LISTED_MAX` of them.
    pub discarded_writes: Vec<WriteReport>,
    /// Longest time from a primary's crash to its successor's promotion; None if there was none.
    pub rto_us: Option<SimTime>,
    /// Per server, at the end.
    pub nodes: Map<String, NodeReport>,
    /// Whether every server that is up has the same rows.
    pub converged: bool,
    /// Keys on which servers that are up differ, and rows of the table: `users/1-500.age`.
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
    /// Thrown away by the server that had them, or dropped for another by the rule for concurrent
    /// changes.
    pub discarded: u64,
    /// Met a change of their key that had not seen them, nor they it.
    pub conflicts: u64,
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
    /// When the primary before it had crashed; None if it had not.
    pub crashed_at_us: Option<SimTime>,
    /// How long each part of it took.
    pub parts_us: RtoParts,
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

/// The time without a primary, in its parts; None where the run does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RtoParts {
    /// The crash -> the first server gives the primary up.
    pub detect: Option<SimTime>,
    /// That -> a candidate has the votes it needs.
    pub elect: Option<SimTime>,
    /// That -> what it has received is applied and it is primary.
    pub drain: Option<SimTime>,
    /// That -> the last server that was there to be told follows it.
    pub repoint: Option<SimTime>,
}

impl RtoParts {
    fn of(failover: &Failover) -> RtoParts {
        let between = |from: Option<SimTime>, to: Option<SimTime>| to?.checked_sub(from?);
        let Failover { crashed_at, detected_at, elected_at, promoted_at, repointed_at, .. } =
            *failover;
        RtoParts {
            detect: between(crashed_at, detected_at),
            elect: between(detected_at, elected_at),
            drain: between(elected_at, Some(promoted_at)),
            repoint: between(Some(promoted_at), Some(repointed_at)),
        }
    }
}

/// The most writes that a list of them names.
const LISTED_MAX: usize = 1_000;

/// One write in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteReport {
    /// The operation's number.
    pub op: u32,
    /// Whose.
    pub client: String,
    /// The key.
    pub key: String,
    /// What it set the key to; None if it deleted it.
    pub value: Option<Value>,
    /// Its entry.
    pub gtid: Option<String>,
    /// When a primary acknowledged it; None if none did.
    pub acknowledged_at_us: Option<SimTime>,
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
    /// How far it is behind.
    pub lag: Behind,
    /// What the chapter's `get_lag` would say: how long ago it last applied anything. None for a
    /// primary. It measures idleness, not lag.
    pub chapter_lag_us: Option<SimTime>,
    /// The newest snapshot it can show; None if it is down or keeps no versions.
    pub newest_snapshot_us: Option<SimTime>,
    /// Its rows; concurrent values and sets are lists.
    pub rows: Map<String, Cell>,
    /// Its table of SQL statements, users, in outline; nothing where it was never used.
    pub users: Form,
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
    let by_node = |make: &dyn Fn(&Lag) -> Spread| -> Map<String, Spread> {
        let nodes = world.nodes.iter().zip(&measures.lag);
        nodes
            .filter(|(_, lag)| lag.us.count() > 0)
            .map(|(node, lag)| (node.id.to_string(), make(lag)))
            .collect()
    };
    let divergent = divergent_keys(world).into_iter();
    let divergent = divergent.map(|key| world.names.text(key).to_string());
    let divergent: Vec<String> = gathered(divergent.chain(divergent_rows(world)));
    let until_us = recording.known_until();
    let ledger = Judge::new(world).count();
    let (writes, reads) = count_ops(world, measures, &ledger);
    Report {
        scenario: scenario.name.clone(),
        seed: scenario.seed,
        until_us,
        digest: format!("{:016x}", world.digest()),
        events: world.steps,
        messages: messages(world),
        bytes: Bytes {
            log: world.network.traffic.log_bytes,
            ack: world.network.traffic.ack_bytes,
            control: world.network.traffic.control_bytes,
        },
        rpo_writes: writes.lost_acknowledged + writes.resurrected,
        lost_writes: listed(world, |op| op.lost),
        discarded_writes: listed(world, |op| op.discarded),
        writes,
        ledger,
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
            .members()
            .map(|node| {
                let idle = until_us.saturating_sub(measures.lag[node.id.index()].updated_at);
                (node.id.to_string(), node_report(world, node, until_us, idle))
            })
            .collect(),
        converged: divergent.is_empty(),
        divergent_keys: divergent,
        guarantees: guarantees(recording),
        limit: world.limit,
    }
}

fn spread(values: &Distribution) -> Spread {
    Spread { p50: values.quantile(0.5), p99: values.quantile(0.99), max: values.max() }
}

fn lag_parts(world: &World, measures: &Measures) -> Map<String, Parts> {
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

fn count_ops(world: &World, measures: &Measures, ledger: &Standings) -> (Writes, Reads) {
    let (mut writes, mut reads) = (Writes::default(), Reads::default());
    let surviving = world.surviving();
    let is_there = |gtid| surviving.as_ref().is_some_and(|all| all.contains(gtid));
    for op in world.ledger.ops.iter() {
        if op.is_write() {
            let refused = op.refusal().is_some();
            writes.refused_yet_there += u64::from(refused && op.gtid.is_some_and(is_there));
            count_write(&mut writes, op)
        } else {
            count_read(&mut reads, op)
        };
    }
    writes.lost_acknowledged = ledger[Durability::Lost as usize];
    writes.resurrected = ledger[Durability::Resurrected as usize];
    reads.stale = measures.stale;
    (writes, reads)
}

fn count_write(writes: &mut Writes, op: &Op) {
    writes.issued += 1;
    writes.discarded += u64::from(op.discarded);
    writes.conflicts += u64::from(op.conflicted);
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

fn listed(world: &World, which: impl Fn(&Op) -> bool) -> Vec<WriteReport> {
    let ops = world.ledger.ops.iter().enumerate().filter(|(_, op)| which(op));
    let write = |(number, op): (usize, &Op)| WriteReport {
        op: number as u32,
        client: world.clients[op.client.index()].name.to_string(),
        key: world.names.text(op.key()).to_string(),
        value: op.written().cloned(),
        gtid: op.gtid.map(|gtid| gtid.to_string()),
        acknowledged_at_us: op.committed_at,
    };
    gathered(ops.take(LISTED_MAX).map(write))
}

fn failovers(measures: &Measures) -> Vec<FailoverReport> {
    let mut from = crate::base::NodeId(0);
    let report = |failover: &Failover| FailoverReport {
        crashed_at_us: failover.crashed_at,
        detected_at_us: failover.detected_at,
        parts_us: RtoParts::of(failover),
        elected_at_us: failover.elected_at,
        promoted_at_us: failover.promoted_at,
        repointed_at_us: failover.repointed_at,
        from: std::mem::replace(&mut from, failover.to).to_string(),
        to: failover.to.to_string(),
        epoch: failover.epoch,
    };
    gathered(measures.failovers.iter().map(report))
}

fn node_report(world: &World, node: &crate::node::Node, t: SimTime, idle: SimTime) -> NodeReport {
    let rows = node.disk.store.iter();
    let rows = rows.filter_map(|(key, row)| Some((world.names.text(key).to_string(), row.cell()?)));
    NodeReport {
        up: node.status.runs(),
        role: match node.disk.role {
            Role::Primary => "primary",
            Role::Replica => "replica",
        },
        epoch: node.disk.epoch,
        applied: node.disk.applied.to_string(),
        lag: behind(world, node, t),
        chapter_lag_us: Some(idle).filter(|_| !node.is_primary()),
        newest_snapshot_us: world.newest_snapshot(node.id, t),
        rows: rows.collect(),
        users: node.disk.store.users.table().outline(),
    }
}

/// Rows of the table on which servers that are up differ.
fn divergent_rows(world: &World) -> Vec<String> {
    let mut tables = world
        .nodes
        .iter()
        .filter(|node| node.status.runs())
        .map(|node| node.disk.store.users.table());
    let Some(first) = tables.next() else {
        return Vec::new();
    };
    Table::differing(first, tables)
}

/// Keys on which servers that are up hold different values.
fn divergent_keys(world: &World) -> Vec<KeyId> {
    let up: Vec<&Store> =
        gathered(world.nodes.iter().filter(|node| node.status.runs()).map(|node| &node.disk.store));
    let value = |store: &Store, key: KeyId| store.row(key).and_then(Row::cell);
    let keys = (0..world.names.len() as u32).map(KeyId);
    let differs = |key: &KeyId| {
        let first = up.first().and_then(|store| value(store, *key));
        up.iter().any(|store| value(store, *key) != first)
    };
    gathered(keys.filter(differs))
}
