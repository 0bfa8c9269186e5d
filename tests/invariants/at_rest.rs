//! Lies about clusters at rest, one for each invariant of rest.

use std::rc::Rc;

use replication::base::KeyId;
use replication::data::table::{History, Table};
use replication::data::{GtidSet, Log, Row, Sort, Store};
use replication::node::{Role, Timer, Waiting};
use replication::sim::{Event, World};

use super::{Lie, empty};

/// A replica that has something of its source's in its log, and that source.
fn fed(world: &World) -> Option<(usize, usize)> {
    let streams = world.topology.streams().iter();
    let mut pairs = streams.map(|stream| (stream.to.index(), stream.from.index()));
    pairs.find(|(to, from)| {
        let shipped = world.nodes[*to].disk.log.iter();
        shipped.filter(|(_, slot)| slot.source.index() == *from).count() > 2
    })
}

fn a_primary(world: &World) -> Option<usize> {
    world.nodes.iter().position(|node| node.is_primary())
}

/// A server and a key of which it has such a row.
fn a_row(world: &World, is: impl Fn(&Row) -> bool) -> Option<(usize, KeyId)> {
    let mut rows = world
        .nodes
        .iter()
        .enumerate()
        .flat_map(|(at, node)| node.disk.store.iter().map(move |(key, row)| (at, key, row)));
    rows.find(|(_, _, row)| is(row)).map(|(at, key, _)| (at, key))
}

pub const LIES: &[(&str, Lie)] = &[
    ("at rest every entry in a log is applied", |world, _| {
        let node = world.nodes.iter_mut().find(|node| !node.disk.applied.is_empty());
        node.map(|node| node.disk.applied = GtidSet::default()).is_some()
    }),
    ("at rest every follower has all its source has", |world, _| {
        fed(world).map(|(to, _)| world.nodes[to].disk.log = Log::default()).is_some()
    }),
    ("at rest one primary's servers hold the same rows", |world, _| {
        fed(world).map(|(to, _)| world.nodes[to].disk.store = Store::default()).is_some()
    }),
    ("at rest a follower's log has its source's order", |world, _| {
        let Some((to, _)) = fed(world) else { return false };
        let log = &mut world.nodes[to].disk.log;
        let mut turned = empty(log);
        log.iter().rev().for_each(|(_, slot)| {
            turned.push(slot.clone());
        });
        *log = turned;
        true
    }),
    ("at rest each row shows the log's last change of it", |world, _| {
        fed(world).map(|(to, _)| world.nodes[to].disk.store = Store::default()).is_some()
    }),
    ("at rest rows and captured statements have made the same table everywhere", |world, _| {
        let users = &mut world.nodes.last_mut().expect("a server").disk.store.users;
        let emptied = users.table() != &Table::default();
        *users = History::new(Table::default());
        emptied
    }),
    ("at rest the same entries make the same rows", |world, _| {
        let store = &mut world.nodes.last_mut().expect("a server").disk.store;
        let emptied = store.iter().next().is_some();
        *store = Store::default();
        emptied
    }),
    ("at rest siblings are what nothing had seen", |world, _| {
        let Some((at, key)) = a_row(world, |row| !row.heads().is_empty()) else { return false };
        let row = world.nodes[at].disk.store.row_mut(key).expect("it was there");
        let mut head = (*row.heads()[0]).clone();
        head.gtid.seq = 999_999;
        row.beside_mut().heads = vec![Rc::new(head)];
        true
    }),
    ("at rest a counter counts each change once", |world, _| {
        let Some((at, key)) = a_row(world, |row| row.sort() == Sort::Counter) else { return false };
        let row = world.nodes[at].disk.store.row_mut(key).expect("it was there");
        row.beside_mut().sums[0].1 += 1;
        true
    }),
    ("at rest no write waits whose acks can come", |world, _| {
        let Some(primary) = a_primary(world) else { return false };
        let (op, seq) = (replication::base::OpId(0), 1);
        let (acks, local, visible, accepted_at, written_at) = (0, false, false, 0, 0);
        let waiting = Waiting { op, seq, lsn: 0, acks, local, visible, accepted_at, written_at };
        world.nodes[primary].memory.waiting.push_back(waiting);
        true
    }),
    ("at rest a primary that can be answered waits for acks again", |world, _| {
        a_primary(world).map(|primary| world.nodes[primary].memory.degraded = true).is_some()
    }),
    ("at rest every server has heard of the newest epoch", |world, _| {
        world.nodes[0].disk.epoch = 0;
        true
    }),
    ("at rest one server leads, if servers elect", |world, _| {
        world.nodes.iter_mut().for_each(|node| node.disk.role = Role::Replica);
        world.rules.failover.is_some()
    }),
    ("a cluster at rest is silent", |world, _| {
        let (node, boot) = (world.nodes[0].id, world.nodes[0].boots);
        let ticks = Event::Timer { node, boot, timer: Timer::Ship, cause: 0 };
        world.queue.push(world.now + 1, ticks);
        Rc::make_mut(&mut world.rules).failover.is_none()
    }),
];
