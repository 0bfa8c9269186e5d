//! Lies about single steps, one for each invariant that holds at every step.

use std::rc::Rc;

use replication::base::{KeyId, NodeId, OpId, Span};
use replication::data::{Change, Gtid, GtidSet, Log, LogEntry, Slot};
use replication::node::{Fact, Reason, Request, Role, Status, Told};
use replication::policy::{Count, Whose};
use replication::sim::{Command, Outcome, PartitionCommand, Record, World};

use super::{Lie, gtid, tell, touched, which, without};

/// What no server has ever written.
const UNHEARD_OF: u32 = 999_999;

/// A primary that the step touched.
fn primary(world: &World, told: &[Record]) -> Option<usize> {
    touched(told).filter(|at| world.nodes[*at].is_primary())
}

/// A running primary that the step touched and at which a write waits for acks.
fn awaiting(world: &World, told: &[Record]) -> Option<usize> {
    let waits = |at: &usize| {
        let node = &world.nodes[*at];
        node.status == Status::Up && !node.memory.waiting.is_empty()
    };
    primary(world, told).filter(waits)
}

fn needed(world: &World) -> u16 {
    world.rules.ack.needed(world.nodes.len() as u16)
}

/// Says that the server has committed a write.
fn commits(told: &mut Vec<Record>, node: usize, op: OpId, seq: u32) -> bool {
    let gtid = gtid(node, seq);
    tell(told, node, Fact::Committed { op, gtid, accepted_at: 0, degraded: false })
}

/// An entry from nowhere behind all others in a log.
fn intrude(world: &mut World, at: usize, seq: u32, epoch: u32) {
    let entry = LogEntry {
        gtid: gtid(0, seq),
        epoch,
        key: KeyId(0),
        change: Change::Delete,
        op: OpId(0),
        written_at: 0,
        clock: 0,
        seen: None,
        bytes: 1,
    };
    let source = NodeId(0);
    world.nodes[at].disk.log.push(Slot { entry: Rc::new(entry), received_at: 0, source });
}

/// An operation of which this holds.
fn an_op(world: &World, is: impl Fn(&replication::sim::Op) -> bool) -> Option<OpId> {
    world.ledger.ops.iter().position(is).map(|at| OpId(at as u32))
}

/// A server and what it has of an acknowledged write.
fn acknowledged(world: &World) -> Option<(OpId, Gtid)> {
    let op =
        an_op(world, |op| op.is_write() && op.acknowledged() && !op.lost && op.gtid.is_some())?;
    Some((op, world.ledger.op(op)?.gtid?))
}

fn forget_logs(world: &mut World) {
    world.nodes.iter_mut().for_each(|node| node.disk.log = Log::default());
}

/// Says of a read that the step answered that it missed a version.
fn misses_a_version(world: &mut World, told: &[Record]) -> bool {
    let served = told.iter().find_map(|record| match record.fact {
        Fact::Served { op, .. } => Some(op),
        _ => None,
    });
    let op = served.and_then(|op| world.ledger.ops.get_mut(op.0 as usize));
    op.map(|op| op.staleness.versions = 1).is_some()
}

/// A server of a proper chain and what it has and the one behind it lacks.
fn on_its_way(world: &World) -> Option<(usize, Gtid)> {
    world.topology.chain().windows(2).find_map(|pair| {
        let [own, behind] = [0, 1].map(|at| world.nodes[pair[at].index()].disk.log.gtids());
        Some((pair[0].index(), own.difference(behind).next()?))
    })
}

pub const LIES: &[(&str, Lie)] = &[
    ("no message arrives before it was sent", |_, told| {
        told.first_mut().map(|record| record.sent_at = record.at + 1).is_some()
    }),
    ("an ordered link delivers in the order of sending", |_, told| {
        let arrival = told.iter_mut().find(|record| record.is_arrival() && record.sent_at > 0);
        arrival.map(|record| record.sent_at = 0).is_some()
    }),
    ("every message sent has arrived, is lost or is under way", |world, _| {
        world.network.traffic.lost += 1;
        true
    }),
    ("received holds flushed, flushed holds applied", |world, told| {
        let at = touched(told);
        at.map(|at| world.nodes[at].disk.applied.insert(gtid(0, UNHEARD_OF))).is_some()
    }),
    ("positions only grow, but for a fresh copy", |world, told| {
        let at = touched(told).filter(|at| world.nodes[*at].disk.last_seq > 0);
        at.map(|at| world.nodes[at].disk.last_seq = 0).is_some()
    }),
    ("no follower is ahead of its source", |world, told| {
        let at = touched(told).filter(|at| !world.nodes[*at].memory.upstreams.is_empty());
        at.map(|at| world.nodes[at].memory.upstreams[0].expected = UNHEARD_OF).is_some()
    }),
    ("an entry is shipped from its sender's disk", |_, told| {
        let received = which(told, |fact| matches!(fact, Fact::Received { .. }));
        let fact = Fact::Received { gtid: gtid(0, UNHEARD_OF), flushed: false };
        received.map(|at| told[at].fact = fact).is_some()
    }),
    ("a log holds a prefix of each reign's writes", |world, told| {
        let Some(at) = touched(told) else { return false };
        intrude(world, at, UNHEARD_OF, 1);
        world.nodes[at].disk.log.end() > 1
    }),
    ("no entry is applied twice at one server", |_, told| {
        let applied = which(told, |fact| matches!(fact, Fact::Applied { .. }));
        applied.map(|at| told.push(told[at])).is_some()
    }),
    ("a promotion loses a suffix of each earlier reign", |world, told| {
        let Some(at) = touched(told) else { return false };
        let first = world.nodes[at].disk.log.iter().next().map(|(_, slot)| slot.entry.gtid);
        let log = without(&world.nodes[at].disk.log, |slot| Some(slot.entry.gtid) != first);
        world.nodes[at].disk.log = log;
        tell(told, at, Fact::Promoted(2))
    }),
    ("lost is what was acknowledged and did not survive", |world, told| {
        let (Some(at), true) = (touched(told), acknowledged(world).is_some()) else {
            return false;
        };
        forget_logs(world);
        tell(told, at, Fact::Promoted(2))
    }),
    ("an acknowledged write is where the rule asks", |world, told| {
        let at = primary(world, told).filter(|_| needed(world) > 0);
        at.is_some_and(|at| commits(told, at, OpId(0), UNHEARD_OF))
    }),
    ("an acknowledged write is still on the disks counted", |world, told| {
        let committed = which(told, |fact| matches!(fact, Fact::Committed { .. }));
        let at = committed.and_then(|at| told[at].place.node());
        let Some(at) = at.filter(|_| needed(world) > 0) else { return false };
        let others = world.nodes.iter_mut().filter(|node| node.id != at);
        others.for_each(|node| node.disk.log = Log::default());
        true
    }),
    (
        "a write that waits for acks is visible at its primary only if the rule shows it",
        |world, told| {
            let Some(at) = awaiting(world, told) else { return false };
            let node = &mut world.nodes[at];
            node.disk.applied.insert(gtid(at, node.memory.waiting[0].seq))
        },
    ),
    ("no write waits longer than the timeout", |world, told| {
        world.now += 1_000_000_000;
        awaiting(world, told).is_some()
    }),
    ("a degraded primary waits for nobody", |world, told| {
        awaiting(world, told).map(|at| world.nodes[at].memory.degraded = true).is_some()
    }),
    ("acks are asked again once enough replicas have everything", |world, told| {
        awaiting(world, told).is_some_and(|at| tell(told, at, Fact::Rearmed))
    }),
    ("under sync-all every server has what is acknowledged", |world, told| {
        let at = primary(world, told).filter(|_| world.rules.ack.count == Count::All);
        at.is_some_and(|at| commits(told, at, OpId(0), UNHEARD_OF))
    }),
    ("under sync-all at apply no read is stale", |world, told| misses_a_version(world, told)),
    ("a write waits while too few replicas have it, each counted once", |world, told| {
        let at = awaiting(world, told);
        at.map(|at| world.nodes[at].memory.waiting[0].acks += 1).is_some()
    }),
    ("a write whose client was told nothing is never counted lost", |world, told| {
        let op = an_op(world, |op| op.is_write() && op.outcome == Outcome::Pending);
        let lost = op.map(|op| Fact::LostWrite { op, gtid: gtid(0, UNHEARD_OF) });
        lost.is_some_and(|fact| tell(told, 0, fact))
    }),
    ("a client told ok was told the truth", |world, told| {
        let op = an_op(world, |op| op.is_write() && op.committed_at.is_none());
        op.is_some_and(|op| tell(told, 0, Fact::Told { op, told: Told::Ok }))
    }),
    ("no operation ends silently", |world, _| {
        let waits = |op: &replication::sim::Op| op.outcome == Outcome::Pending;
        world.now += 1_000_000_000;
        world.ledger.ops.iter().any(waits)
    }),
    ("a write whose client was told no is in no log", |world, told| {
        let op = an_op(world, |op| op.is_write() && op.gtid.is_some());
        let refused = op.map(|op| Fact::Refused { op, reason: Reason::Unreplicated });
        refused.is_some_and(|fact| tell(told, 0, fact))
    }),
    ("the first connected followers have what is acknowledged", |world, told| {
        let first = world.rules.ack.from == Whose::First;
        let Some(at) = awaiting(world, told).filter(|_| first) else { return false };
        let mut waiting = world.nodes[at].memory.waiting.iter();
        let early = waiting.find(|write| !write.local).map(|write| (write.op, write.seq));
        early.is_some_and(|(op, seq)| commits(told, at, op, seq))
    }),
    ("a rule that waits for ever never gives up", |world, told| {
        let at = primary(world, told).filter(|_| world.rules.ack.timeout.is_none());
        at.is_some_and(|at| tell(told, at, Fact::Degraded))
    }),
    ("a write that asks for no acks waits only for its row", |world, told| {
        let written = told.iter().find_map(|record| match record.fact {
            Fact::Written { lsn, .. } => Some((record.place.node()?.index(), lsn)),
            _ => None,
        });
        let Some((at, lsn)) = written else { return false };
        let mut waiting = world.nodes[at].memory.waiting.iter_mut();
        let asks = waiting.find(|write| write.lsn == lsn && !write.local);
        asks.map(|write| write.local = true).is_some()
    }),
    ("no server of a proper chain has what one before it lacks", |world, _| {
        let tail = world.topology.tail().filter(|_| world.topology.chain().len() > 1);
        tail.map(|tail| intrude(world, tail.index(), UNHEARD_OF, 1)).is_some()
    }),
    ("what a server of a proper chain counts as answered, all behind it have", |world, _| {
        let on_its_way = on_its_way(world);
        on_its_way.is_some_and(|(at, gtid)| world.nodes[at].disk.acked.insert(gtid))
    }),
    ("what is answered, every server of a proper chain has", |world, told| {
        on_its_way(world).is_some_and(|(at, gtid)| {
            let (op, accepted_at) = (OpId(0), 0);
            tell(told, at, Fact::Committed { op, gtid, accepted_at, degraded: false })
        })
    }),
    ("the tail of a proper chain answers no old value", |world, told| {
        world.topology.is_proper() && misses_a_version(world, told)
    }),
    ("each epoch has one primary at most", |world, told| {
        let at = touched(told).filter(|at| !world.nodes[*at].is_primary());
        at.map(|at| world.nodes[at].disk.role = Role::Primary).is_some()
    }),
    ("a server votes once an epoch", |world, told| {
        let Some(at) = touched(told) else { return false };
        let disk = &world.nodes[at].disk;
        let Some(voted_for) = disk.voted_for else { return false };
        let candidate = NodeId(u16::from(voted_for == NodeId(0)));
        tell(told, at, Fact::Voted { epoch: disk.promised, candidate })
    }),
    ("a primary is elected by a majority", |world, told| {
        let at = touched(told).filter(|_| world.nodes.len() > 1);
        at.is_some_and(|at| tell(told, at, Fact::Elected(UNHEARD_OF)))
    }),
    ("every later primary has what a majority acknowledged", |world, told| {
        let Some(at) = touched(told) else { return false };
        world.nodes[at].disk.log = Log::default();
        tell(told, at, Fact::Promoted(2))
    }),
    ("no server's epoch and no promise goes back", |world, told| {
        touched(told).map(|at| world.nodes[at].disk.epoch = 0).is_some()
    }),
    ("only a primary writes", |world, told| {
        let at = touched(told).filter(|at| !world.nodes[*at].is_primary());
        let gtid = gtid(0, UNHEARD_OF);
        at.is_some_and(|at| tell(told, at, Fact::Written { op: OpId(0), gtid, lsn: 0, stamp: 0 }))
    }),
    ("nothing is acknowledged where too few servers can hear of it", |world, told| {
        let Some(at) = awaiting(world, told) else { return false };
        let (op, seq) =
            (world.nodes[at].memory.waiting[0].op, world.nodes[at].memory.waiting[0].seq);
        let alone = world.nodes.iter().map(|node| vec![node.id]).collect();
        let alone = Command::Partition(PartitionCommand { groups: alone });
        let divided = world.network.breach.obey(&alone, world.nodes.len());
        divided.expect("all are servers of it");
        commits(told, at, op, seq)
    }),
    ("a server takes nothing of an older epoch than its own", |world, told| {
        let Some(record) = told.first_mut() else { return false };
        let epoch = record.place.node().map(|node| world.nodes[node.index()].disk.epoch);
        (record.sent_at, record.fact) = (0, Fact::Heartbeat(0));
        record.is_arrival() && epoch > Some(1)
    }),
    ("what is thrown away is gone", |world, told| {
        let Some(at) = touched(told) else { return false };
        let kept = world.nodes[at].disk.log.iter().next();
        let kept = kept.map(|(_, slot)| (slot.entry.op, slot.entry.gtid));
        kept.is_some_and(|(op, gtid)| tell(told, at, Fact::Discarded { op, gtid }))
    }),
    ("what a majority acknowledged is not thrown away", |world, told| {
        let thrown_away = acknowledged(world).map(|(op, gtid)| Fact::Discarded { op, gtid });
        thrown_away.is_some_and(|fact| tell(told, 0, fact))
    }),
    ("after a copy nothing is left of an older reign that the source never had", |world, told| {
        let Some(record) = told.first() else { return false };
        let (Some(at), true) = (record.place.node(), record.is_arrival()) else { return false };
        let at = at.index();
        world.nodes[at].disk.epoch = 2;
        intrude(world, at, UNHEARD_OF, 1);
        tell(told, at, Fact::Seeded { lsn: 0, rewound: false })
    }),
    ("no follower skips an entry of its source", |world, told| {
        let Some(at) = touched(told) else { return false };
        let Some(upstream) = world.nodes[at].memory.upstreams.first() else { return false };
        let end = world.nodes[upstream.node.index()].disk.log.end();
        let behind = upstream.expected < end;
        world.nodes[at].memory.upstreams[0].expected = end;
        behind
    }),
    ("a GTID names one change only", |world, told| {
        let at = primary(world, told).filter(|at| world.nodes[*at].disk.last_seq > 0);
        at.is_some_and(|at| {
            tell(told, at, Fact::Written { op: OpId(0), gtid: gtid(at, 1), lsn: 0, stamp: 0 })
        })
    }),
    ("who needs a copy takes nothing else meanwhile", |world, told| {
        let takes = |fact: &Fact| matches!(fact, Fact::Received { .. } | Fact::Resumed(_));
        let Some(record) = told.iter().find(|one| one.is_arrival() && takes(&one.fact)) else {
            return false;
        };
        let (Some(at), Some(from)) = (record.place.node(), record.from.node()) else {
            return false;
        };
        let mut upstreams = world.nodes[at.index()].memory.upstreams.iter_mut();
        upstreams.find(|one| one.node == from).map(|one| one.lost = true).is_some()
    }),
    ("who has left the cluster takes no part", |world, told| {
        touched(told).map(|at| world.nodes[at].status = Status::Removed).is_some()
    }),
    ("streams and majorities rest on the same members", |world, told| {
        let last = world.nodes.last_mut().filter(|node| node.is_member());
        last.map(|node| node.status = Status::Removed).is_some()
            && which(told, |fact| matches!(fact, Fact::Command(_))).is_some()
    }),
    ("a conflict is told of changes that had not seen one another", |world, told| {
        let Some(at) = touched(told) else { return false };
        let mut entries = world.nodes[at].disk.log.iter().map(|(_, slot)| &slot.entry);
        let Some((op, gtid, key)) = entries.next().map(|one| (one.op, one.gtid, one.key)) else {
            return false;
        };
        let with = entries.find(|other| other.key != key).map(|other| other.gtid);
        with.is_some_and(|with| tell(told, at, Fact::Conflict { op, gtid, with }))
    }),
    ("a snapshot shows of each key what was committed last by then", |_, told| {
        let Some(at) = which(told, |fact| matches!(fact, Fact::Served { .. })) else {
            return false;
        };
        let now = told[at].at;
        if let Fact::Served { version, snapshot, .. } = &mut told[at].fact {
            (*version, *snapshot) = (Some(gtid(0, UNHEARD_OF)), now);
        }
        true
    }),
    ("a snapshot offered is applied", |world, told| {
        let Some(at) = touched(told) else { return false };
        let disk = &mut world.nodes[at].disk;
        let shows = disk.store.versions().is_some() && !disk.applied.is_empty();
        disk.applied = GtidSet::default();
        shows
    }),
    ("who lacks no entry is not stale", |world, told| {
        let at = primary(world, told).filter(|_| acknowledged(world).is_some());
        at.map(|at| world.nodes[at].disk.applied = GtidSet::default()).is_some()
    }),
    ("a delayed server applies nothing early", |world, told| {
        let applied = which(told, |fact| matches!(fact, Fact::Applied { .. }));
        let at = applied.and_then(|at| told[at].place.node());
        let delay = Span::s(1_000);
        at.map(|at| Rc::make_mut(&mut world.nodes[at.index()].dials).apply_after = delay).is_some()
    }),
    ("who answers a read has what its client knows of", |world, told| {
        let served = told.iter().find_map(|record| match record.fact {
            Fact::Served { op, .. } => Some((record.place.node()?, op)),
            _ => None,
        });
        let Some((node, op)) = served else { return false };
        world.nodes[node.index()].disk.applied = GtidSet::default();
        let request = world.ledger.op(op).map(|op| &op.request);
        matches!(request, Some(Request::Read { after: Some(_), .. }))
    }),
];
