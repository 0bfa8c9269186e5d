//! A world as plain data for other programs: what JavaScript's `snapshot()` returns.

use crate::base::{Map, NodeId, PlaceKind, SimTime};
use crate::data::Cell;
use crate::form::{Form, ToForm};
use crate::node::{Limit, Node, Role, Status};
use crate::policy::{Ack, Code};
use crate::sim::{Behind, Event, Judge, Scenario, Standings, World, behind, standings_form};
use crate::topology::Stream;

use super::story::{Narrator, kind_name};

/// Everything there is at one instant. Times are in microseconds.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The instant.
    pub at_us: SimTime,
    /// Events and commands so far.
    pub events: u64,
    /// Records told so far.
    pub records: u32,
    /// Digest of the world, in hexadecimal.
    pub digest: String,
    /// The newest reign there has been.
    pub epoch: u32,
    /// The limit that has stopped the run, if any.
    pub limit: Option<Limit>,
    /// The ack rule at present.
    pub ack: Ack,
    /// The chapter's code that servers run, if any.
    pub code: Option<&'static str>,
    /// Who replicates from whom at present.
    pub streams: Vec<Stream>,
    /// The servers of a proper chain, head first; empty in any other topology.
    pub chain: Vec<NodeId>,
    /// The servers, n1 first.
    pub nodes: Vec<NodeSnapshot>,
    /// The clients, in the scenario's order.
    pub clients: Vec<ClientSnapshot>,
    /// How many writes stand how.
    pub ledger: Standings,
    /// Messages on their way, in the order in which they arrive or die.
    pub messages: Vec<MessageSnapshot>,
    /// Directions that are cut between servers.
    pub cuts: Vec<Stream>,
    /// Number of each server's side of the partition, n1 first; empty when there is none.
    pub groups: Vec<u16>,
}

/// One server.
#[derive(Clone, Debug)]
pub struct NodeSnapshot {
    /// Its name.
    pub id: String,
    /// `up`, `paused`, `down` or, once it has left the cluster, `removed`.
    pub status: &'static str,
    /// `primary` or `replica`.
    pub role: &'static str,
    /// The newest epoch it knows of.
    pub epoch: u32,
    /// Position after the last entry of its log.
    pub log_end: u32,
    /// Position of the first entry it still keeps.
    pub log_first: u32,
    /// Every change in its log, as a GTID set.
    pub logged: String,
    /// Every change its rows contain, as a GTID set.
    pub applied: String,
    /// Entries in its log that are not applied yet.
    pub queue: u64,
    /// Its own writes that wait for acks.
    pub waiting: usize,
    /// Whether it has stopped waiting for acks.
    pub degraded: bool,
    /// Whether it lacks what its source has trimmed, and only a copy can help.
    pub needs_seed: bool,
    /// How far it is behind.
    pub lag: Behind,
    /// The newest snapshot it can show; None if it is down or keeps no versions.
    pub newest_snapshot_us: Option<SimTime>,
    /// The entry at which it has stopped applying, as a GTID; null while it goes on.
    pub stopped: Option<String>,
    /// Where it stands, if the scenario says.
    pub region: Option<String>,
    /// Its rows; a deleted key is null, concurrent values and sets are lists.
    pub rows: Map<String, Option<Cell>>,
    /// Its table of SQL statements, users, in outline; nothing where it was never used.
    pub users: Form,
}

/// One client.
#[derive(Clone, Debug)]
pub struct ClientSnapshot {
    /// Its name.
    pub id: String,
    /// The server it stands beside.
    pub home: String,
    /// Operations it waits for.
    pub pending: usize,
}

/// One message on its way.
#[derive(Clone, Debug)]
pub struct MessageSnapshot {
    /// From where.
    pub from: String,
    /// Where to.
    pub to: String,
    /// What it is.
    pub kind: &'static str,
    /// When it left.
    pub sent_us: SimTime,
    /// When it arrives, or would.
    pub due_us: SimTime,
    /// When it dies on the way; null if it arrives.
    pub lost_us: Option<SimTime>,
}

impl ToForm for Snapshot {
    fn to_form(&self) -> Form {
        Form::table(&[
            ("at_us", &self.at_us),
            ("events", &self.events),
            ("records", &self.records),
            ("digest", &self.digest),
            ("epoch", &self.epoch),
            ("limit", &self.limit.map(Limit::name)),
            ("ack", &self.ack),
            ("code", &self.code),
            ("streams", &self.streams),
            ("chain", &self.chain),
            ("nodes", &self.nodes),
            ("clients", &self.clients),
            ("ledger", &standings_form(&self.ledger)),
            ("messages", &self.messages),
            ("cuts", &self.cuts),
            ("groups", &self.groups),
        ])
    }
}

impl ToForm for NodeSnapshot {
    fn to_form(&self) -> Form {
        Form::table(&[
            ("id", &self.id),
            ("status", &self.status),
            ("role", &self.role),
            ("epoch", &self.epoch),
            ("log_end", &self.log_end),
            ("log_first", &self.log_first),
            ("logged", &self.logged),
            ("applied", &self.applied),
            ("queue", &self.queue),
            ("waiting", &self.waiting),
            ("degraded", &self.degraded),
            ("needs_seed", &self.needs_seed),
            ("lag", &self.lag),
            ("newest_snapshot_us", &self.newest_snapshot_us),
            ("stopped", &self.stopped),
            ("region", &self.region),
            ("rows", &self.rows),
            ("users", &self.users),
        ])
    }
}

impl ToForm for ClientSnapshot {
    fn to_form(&self) -> Form {
        Form::table(&[("id", &self.id), ("home", &self.home), ("pending", &self.pending)])
    }
}

impl ToForm for MessageSnapshot {
    fn to_form(&self) -> Form {
        Form::table(&[
            ("from", &self.from),
            ("to", &self.to),
            ("kind", &self.kind),
            ("sent_us", &self.sent_us),
            ("due_us", &self.due_us),
            ("lost_us", &self.lost_us),
        ])
    }
}

impl Snapshot {
    /// A world after everything up to and including `at_us`.
    pub fn of(world: &World, scenario: &Scenario, at_us: SimTime) -> Snapshot {
        let narrator = Narrator::new(world, scenario);
        let client = |client: &crate::sim::Client| ClientSnapshot {
            id: client.name.to_string(),
            home: client.home.to_string(),
            pending: client.pending.len(),
        };
        Snapshot {
            at_us,
            events: world.steps,
            records: world.records,
            digest: format!("{:016x}", world.digest()),
            epoch: world.epoch,
            limit: world.limit,
            ack: world.rules.ack,
            code: world.rules.code.map(Code::name),
            streams: world.topology.streams().to_vec(),
            chain: world.topology.chain().to_vec(),
            nodes: world
                .nodes
                .iter()
                .map(|node| node_snapshot(world, scenario, node, at_us))
                .collect(),
            clients: world.clients.iter().map(client).collect(),
            ledger: Judge::new(world).count(),
            messages: messages(world, &narrator),
            cuts: world
                .network
                .breach
                .cuts()
                .iter()
                .map(|(from, to)| Stream { from: *from, to: *to })
                .collect(),
            groups: world.network.breach.groups().to_vec(),
        }
    }
}

fn node_snapshot(world: &World, scenario: &Scenario, node: &Node, t: SimTime) -> NodeSnapshot {
    let log = &node.disk.log;
    let spec = scenario.node.iter().find(|spec| spec.id == node.id);
    let rows = node.disk.store.iter();
    let rows = rows.map(|(key, row)| (world.names.text(key).to_string(), row.cell()));
    NodeSnapshot {
        id: node.id.to_string(),
        status: match node.status {
            Status::Up => "up",
            Status::Paused => "paused",
            Status::Down => "down",
            Status::Removed => "removed",
        },
        role: match node.disk.role {
            Role::Primary => "primary",
            Role::Replica => "replica",
        },
        epoch: node.disk.epoch,
        log_end: log.end(),
        log_first: log.first(),
        logged: log.gtids().to_string(),
        applied: node.disk.applied.to_string(),
        queue: log.gtids().count_missing_from(&node.disk.applied),
        waiting: node.memory.waiting.len(),
        degraded: node.memory.degraded,
        needs_seed: node.needs_seed(),
        lag: behind(world, node, t),
        newest_snapshot_us: world.newest_snapshot(node.id, t),
        stopped: node.stopped().map(|gtid| gtid.to_string()),
        region: spec.and_then(|spec| spec.region.clone()),
        rows: rows.collect(),
        users: node.disk.store.users.table().outline(),
    }
}

fn messages(world: &World, narrator: &Narrator<'_>) -> Vec<MessageSnapshot> {
    let mut messages = Vec::new();
    for (at, event) in world.queue.in_order() {
        let (envelope, lost_us) = match event {
            Event::Deliver(envelope) => (envelope, None),
            Event::Lose(envelope, _) => (envelope, Some(at)),
            Event::Timer { .. } | Event::Arrival(_) | Event::Patience(_) => continue,
        };
        debug_assert!(envelope.from.kind() != PlaceKind::Operator, "the operator sends nothing");
        messages.push(MessageSnapshot {
            from: narrator.place(envelope.from),
            to: narrator.place(envelope.to),
            kind: kind_name(envelope.message.kind(world.is_write(&envelope.message))),
            sent_us: envelope.sent_at,
            due_us: envelope.due_at,
            lost_us,
        });
    }
    messages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Value;
    use crate::recording::{Builtin, Recording};

    #[test]
    fn a_snapshot_shows_what_is_on_its_way_and_who_waits() {
        let builtin = Builtin::find("two-sites").expect("it exists");
        let mut recording = Recording::new(builtin.scenario().expect("a good file"));
        let world = recording.at(2_060_000).clone();
        let snapshot = Snapshot::of(&world, recording.scenario(), 2_060_000);
        assert_eq!(snapshot.nodes[0].waiting, 1);
        assert_eq!(snapshot.nodes[2].region.as_deref(), Some("there"));
        assert_eq!(snapshot.cuts.len(), 2);
        let append = snapshot.messages.iter().find(|message| message.kind == "append");
        assert!(append.is_none(), "it died at the middle of the cut line: {append:?}");
        let before = recording.at(2_030_000).clone();
        let snapshot = Snapshot::of(&before, recording.scenario(), 2_030_000);
        let append = snapshot.messages.iter().find(|message| message.kind == "append");
        let append = append.expect("the entry is on its way to the cut");
        assert_eq!((append.from.as_str(), append.to.as_str()), ("n1", "n3"));
        assert_eq!(append.lost_us, Some(append.sent_us.midpoint(append.due_us)));
        assert_eq!(snapshot.nodes[1].rows["order"], Some(Cell::One(Value::Number(2))));
    }
}
