//! One plain sentence for each record.

use crate::base::{NodeId, OpId, Place, SimTime, Span, capitalised};
use crate::data::table::Unfit;
use crate::data::{Change, LATEST, Step};
use crate::node::{Fact, Kind, LoggedAs, Loss, Told};
use crate::policy::Point;
use crate::sim::{Outcome, Record};

use super::Narrator;
use super::command::{in_words, shown};

impl Narrator<'_> {
    /// What happened, in one sentence.
    pub fn sentence(&self, record: &Record) -> String {
        let here = self.place(record.place);
        // Who sent the message whose arrival this is. If the message told two things, only the
        // first of them is the arrival.
        let sender = |else_said: &str| {
            if record.is_arrival() { self.place(record.from) } else { else_said.to_string() }
        };
        let (source, follower) = (sender("its source"), sender("a follower"));
        match record.fact {
            Fact::Command(number) => match self.scenario.at.get(number as usize) {
                Some(stamped) => capital(format!("{}.", in_words(&stamped.command))),
                None => format!("Command {number}."),
            },
            Fact::CommandRefused(reason) => format!("That cannot be done: {}.", reason.text()),
            Fact::Sent { op, to } => self.sent(&here, op, to),
            Fact::Told { op, told } => self.told(&here, op, told, record.at),
            Fact::Refused { op, reason } => {
                format!("{here} refuses {}: {}.", self.named_write(op), reason.text())
            }
            Fact::Executed { op, rows, bytes, logged } => {
                let (client, sql) = (self.client_of(op), self.sql_of(op).unwrap_or_default());
                let rows = format!("{rows} row{}", if rows == 1 { "" } else { "s" });
                let how = match logged {
                    LoggedAs::Statement => "as a statement",
                    LoggedAs::UnsafeStatement => "as a statement, with a warning: it is unsafe",
                    LoggedAs::Rows => "as rows",
                };
                format!(
                    "{here} carries out {client}'s {sql}: {rows}, {bytes} bytes in the log {how}."
                )
            }
            Fact::Unfit { gtid, unfit } => {
                let why = match unfit {
                    Unfit::Duplicate(id) => format!("users/{id} is there already"),
                    Unfit::Missing(id) => format!("users/{id} is not there"),
                    Unfit::NoTable => "the table is gone".to_string(),
                    Unfit::OutOfRange => "a number does not fit".to_string(),
                    Unfit::TooMany => "the rows differ too much from one another".to_string(),
                };
                format!("{here} skips {gtid}, which does not fit its rows: {why}.")
            }
            Fact::Passed { op, to } => {
                format!("{here} passes {} on to {to}, which judges it.", self.named_write(op))
            }
            Fact::Written { op, gtid, lsn, .. } => {
                let write = self.named_write(op);
                format!("{here} has {write} on disk as {gtid}, at position {lsn} of its log.")
            }
            Fact::Committed { gtid, accepted_at, degraded, .. } => {
                let took = match record.at - accepted_at {
                    0 => "at once".to_string(),
                    us => format!("after {}", Span(us)),
                };
                if record.place.node() != Some(gtid.origin) {
                    format!("{here}, the tail, answers {gtid}: every server of the chain has it.")
                } else if degraded {
                    format!("{here} commits {gtid} {took}, without the acks its rule asks for.")
                } else {
                    format!("{here} commits {gtid} {took}: its ack rule is met.")
                }
            }
            Fact::Shown(gtid) => {
                format!("{here} lets reads see {gtid}, which still waits for acks.")
            }
            Fact::Recovered(gtid) => {
                format!("{here} finds its own write {gtid} in its log and makes it visible.")
            }
            Fact::Received { gtid, flushed } => {
                let and = if flushed { " and has it on disk" } else { "" };
                format!("{here} receives {gtid}{and}.")
            }
            Fact::Flushed(gtid) => format!("{here} has {gtid} on disk."),
            Fact::Applied { gtid, .. } => format!("{here} applies {gtid}: reads see it here now."),
            Fact::Conflict { gtid, with, .. } => {
                format!("{here} has {gtid} and {with}, which had not seen one another.")
            }
            Fact::Overruled { op, gtid, by } => {
                let write = self.named_write(op);
                format!("{here} drops {write} ({gtid}): {by} stays.")
            }
            Fact::ApplierStopped { gtid, with } => {
                format!("{here} stops applying at {gtid}: {with} has given it that key already.")
            }
            Fact::Skipped(gtid) => format!("{here} leaves {gtid} out and applies what follows."),
            Fact::Duplicate(gtid) => format!("{here} ignores {gtid}, which came again."),
            Fact::IgnoredOrigin(gtid) => {
                format!("{here} drops {gtid}: what {} wrote is ignored.", gtid.origin)
            }
            Fact::Filtered(gtid) => format!("{here} drops {gtid}: it has it already."),
            Fact::Gap { expected, found } => {
                format!(
                    "{here} waits for position {expected} and gets {found}: something is missing."
                )
            }
            Fact::Confirmed { of, gtid, point } => {
                format!("{here} learns that {of} {} {gtid}.", has_up_to(point))
            }
            Fact::Relayed { of, gtid, point } => {
                let has = has_up_to(point);
                format!("{here} hears, on behalf of its source, that {of} {has} {gtid}.")
            }
            Fact::Degraded => {
                format!("{here} stops waiting for acks: they did not come in time.")
            }
            Fact::Rearmed => format!("{here} waits for acks again: replicas have caught up."),
            Fact::Heartbeat(end) => format!("{here} hears that the log of {source} ends at {end}."),
            Fact::Status(at) => format!("{here} hears that {follower} waits for position {at}."),
            Fact::Fetch(lsn) => {
                format!("{here} is asked by {follower} for everything from position {lsn}.")
            }
            Fact::Connect => format!("{here} is asked by {follower} for what it lacks."),
            Fact::Resumed(lsn) => {
                format!("{here} learns that {source} continues at position {lsn}.")
            }
            Fact::Seeded { lsn, rewound: true } => {
                format!("{here} rewinds to where {source} is, at position {lsn}.")
            }
            Fact::Seeded { lsn, rewound: false } => {
                format!("{here} replaces all it had with a copy of {source} at position {lsn}.")
            }
            Fact::Discarded { op, gtid } => {
                let write = self.named_write(op);
                format!("{here} throws away {write} ({gtid}), which the primary never had.")
            }
            Fact::Beat(epoch) => format!("{here} hears {source}, the primary of epoch {epoch}."),
            Fact::BeatAnswered => format!("{here} hears that {follower} hears it."),
            Fact::Suspected => format!("{here} has not heard its primary for too long."),
            Fact::FoundHealthy => {
                format!("The monitor beside {here} finds the primary healthy: it cannot fail to.")
            }
            Fact::Canvassed(epoch) => {
                format!("{here} asks who would vote for it in epoch {epoch}.")
            }
            Fact::Supported { epoch, candidate } => {
                format!("{here} would vote for {candidate} in epoch {epoch}.")
            }
            Fact::Campaigned(epoch) => format!("{here} asks for votes in epoch {epoch}."),
            Fact::Voted { epoch, candidate } => {
                format!("{here} votes for {candidate} in epoch {epoch}.")
            }
            Fact::Declined { epoch, candidate } => {
                format!("{here} does not vote for {candidate} in epoch {epoch}.")
            }
            Fact::Vote { granted: true, .. } => format!("{here} gets the vote of {follower}."),
            Fact::Vote { granted: false, .. } => {
                format!("{here} does not get the vote of {follower}.")
            }
            Fact::Elected(epoch) => {
                format!("{here} is elected in epoch {epoch} and applies what it has received.")
            }
            Fact::Fenced(epoch) => format!("{here} turns away a message of epoch {epoch}."),
            Fact::Ignored => format!("{here} ignores a message from {}.", sender("another server")),
            Fact::Unfollowed(by) => {
                format!("{here} stops shipping to {by}, which follows another.")
            }
            Fact::Informed(epoch) => format!("{here} learns of epoch {epoch}."),
            Fact::SteppedDown(epoch) => {
                format!("{here} learns of epoch {epoch} and becomes a replica.")
            }
            Fact::Promoted(epoch) => format!("{here} becomes primary of epoch {epoch}."),
            Fact::Demoted => format!("{here} becomes a replica."),
            Fact::Repointed(source) => format!("{here} follows {source} from now on."),
            Fact::NeedsSeed(source) => format!(
                "{here} cannot go on: {source} no longer has what it lacks. It needs a fresh copy."
            ),
            Fact::TookOver => format!("{here} is the tail of the chain from now on."),
            Fact::Excluded(node) => {
                format!("{here} no longer hears {node}: the chain closes over it.")
            }
            Fact::Joined => format!("{here} joins the cluster, with an empty disk."),
            Fact::Left => format!("{here} leaves the cluster for good."),
            Fact::Crashed => format!("{here} crashes: its memory is gone, its disk stays."),
            Fact::Restarted => format!("{here} runs again, from its disk."),
            Fact::Paused => format!("{here} stands still."),
            Fact::Unpaused => format!("{here} goes on."),
            Fact::ReadWaits { op, lacks } => {
                let client = self.client_of(op);
                format!("{client}'s read waits at {here} for {lacks}.")
            }
            Fact::Served { op, version, snapshot } => {
                let (client, key) = (self.client_of(op), self.key_of(op));
                let of = match snapshot {
                    LATEST => String::new(),
                    at => format!(" as of {}", Span(at)),
                };
                match version {
                    _ if self.sql_of(op).is_some() => {
                        format!("{here} answers {client}'s SELECT.")
                    }
                    Some(gtid) => {
                        format!("{here} answers {client}'s read of {key}{of} from {gtid}.")
                    }
                    None => {
                        format!("{here} answers {client}'s read{of}: {key} was never written here.")
                    }
                }
            }
            Fact::SnapshotWaits { op, newest } => {
                let (client, newest) = (self.client_of(op), Span(newest));
                format!("{client}'s read waits at {here}, whose newest snapshot is of {newest}.")
            }
            Fact::Vacuumed { versions, horizon } => {
                let (versions, horizon) = (versions_of(versions), Span(horizon));
                format!("{here} forgets {versions}: snapshots from {horizon} on can be read.")
            }
            Fact::Lost { to, kind, loss, .. } => {
                self.lost(&self.place(record.from), to, kind, loss)
            }
            Fact::LostWrite { op, gtid } => {
                let write = self.named_write(op);
                format!("{write} ({gtid}) was acknowledged, and is lost.")
            }
            Fact::LimitReached(limit) => capital(format!("{}.", limit.text())),
        }
    }

    /// `alice's email = "new"`.
    fn named_write(&self, op: OpId) -> String {
        let (client, key) = (self.client_of(op), self.key_of(op));
        if let Some(sql) = self.sql_of(op) {
            return format!("{client}'s {sql}");
        }
        match self.change_of(op) {
            Some(Change::Put(value) | Change::Insert(value)) => {
                format!("{client}'s {key} = {}", shown(value))
            }
            Some(Change::Delete) | None => format!("{client}'s delete of {key}"),
            Some(Change::Add(by)) => format!("{client}'s {key} {}", signed(*by)),
            Some(Change::Member { value, joins }) => {
                let sign = if *joins { "with" } else { "without" };
                format!("{client}'s {key} {sign} {}", shown(value))
            }
            Some(Change::Edit(_) | Change::Statement(_) | Change::Rows(_)) => {
                format!("{client}'s edit of {key}")
            }
        }
    }

    fn sent(&self, client: &str, op: OpId, to: NodeId) -> String {
        let key = self.key_of(op);
        if let Some(sql) = self.sql_of(op) {
            return format!("{client} sends {sql} to {to}.");
        }
        match self.change_of(op) {
            Some(Change::Put(value)) => {
                format!("{client} writes {key} = {} at {to}.", shown(value))
            }
            Some(Change::Insert(value)) => {
                format!("{client} inserts {key} = {} at {to}.", shown(value))
            }
            Some(Change::Delete) => format!("{client} deletes {key} at {to}."),
            Some(Change::Add(by)) => format!("{client} changes {key} by {by} at {to}."),
            Some(Change::Member { value, joins: true }) => {
                format!("{client} adds {} to {key} at {to}.", shown(value))
            }
            Some(Change::Member { value, joins: false }) => {
                format!("{client} takes {} out of {key} at {to}.", shown(value))
            }
            Some(Change::Edit(steps)) => {
                format!("{client} edits {key} at {to}: {}.", edit_in_words(steps))
            }
            Some(Change::Statement(_) | Change::Rows(_)) => {
                format!("{client} changes {key} at {to}.")
            }
            None => format!("{client} reads {key} at {to}."),
        }
    }

    fn told(&self, client: &str, op: OpId, told: Told, at: SimTime) -> String {
        let sql = self.sql_of(op);
        let key = sql.clone().unwrap_or_else(|| self.key_of(op));
        let outcome = self.op(op).map(|op| op.outcome).unwrap_or_default();
        if told != Told::TimedOut && outcome != Outcome::Told(told, at) {
            let late = matches!(outcome, Outcome::Told(Told::TimedOut, _));
            let how = if late { "at last, but had given up waiting" } else { "once more" };
            return format!("{client} hears about {key} {how}.");
        }
        match told {
            Told::Ok if sql.is_some() => format!("{client} is told ok: {key} is acknowledged."),
            Told::Ok => format!("{client} is told ok: {} is acknowledged.", {
                match self.change_of(op) {
                    Some(Change::Put(value) | Change::Insert(value)) => {
                        format!("{key} = {}", shown(value))
                    }
                    Some(Change::Delete) | None => format!("the delete of {key}"),
                    Some(Change::Add(by)) => format!("{key} {}", signed(*by)),
                    Some(
                        Change::Member { .. }
                        | Change::Edit(_)
                        | Change::Statement(_)
                        | Change::Rows(_),
                    ) => {
                        format!("the change of {key}")
                    }
                }
            }),
            Told::OkDegraded => {
                format!("{client} is told ok for {key}, without the acks the rule asks for.")
            }
            Told::Value => self.read_answer(client, op),
            Told::Refused(reason) => format!("{client} is told no for {key}: {}.", reason.text()),
            Told::TimedOut if self.op(op).is_some_and(|op| op.is_write()) => {
                format!("{client} gives up on {key}: the write may or may not have happened.")
            }
            Told::TimedOut => format!("{client} gives up on reading {key}."),
        }
    }

    fn read_answer(&self, client: &str, op: OpId) -> String {
        let sql = self.sql_of(op);
        let key = sql.clone().unwrap_or_else(|| self.key_of(op));
        let Some(booked) = self.op(op) else {
            return format!("{client} has {key}.");
        };
        let value = match (&booked.found, booked.gtid) {
            (Some(value), _) => shown(value),
            (None, Some(_)) if sql.is_none() => "nothing: it was deleted".to_string(),
            (None, _) => "nothing".to_string(),
        };
        let age = match (booked.staleness.versions, Span(booked.staleness.us)) {
            (0, _) => "fresh".to_string(),
            (1, age) => format!("1 version and {age} old"),
            (versions, age) => format!("{versions} versions and {age} old"),
        };
        format!("{client} reads {key}: {value}, {age}.")
    }

    fn lost(&self, from: &str, to: Place, kind: Kind, loss: Loss) -> String {
        let (what, to) = (kind_in_words(kind), self.place(to));
        match loss {
            Loss::Luck => format!("{what} from {from} to {to} is lost on the way."),
            Loss::Cut => format!("{what} from {from} to {to} dies on the cut link."),
            Loss::Down => format!("{what} from {from} is lost: {to} is down."),
            Loss::Left => format!("{what} from {from} is lost: {to} has left the cluster."),
        }
    }
}

fn versions_of(count: u32) -> String {
    if count == 1 { "1 old version".to_string() } else { format!("{count} old versions") }
}

/// `+ 5`, `- 5`.
fn signed(by: i64) -> String {
    let sign = if by < 0 { '-' } else { '+' };
    format!("{sign} {}", by.unsigned_abs())
}

/// `"abc" at 3`, or `2 characters at 3 go`.
pub(super) fn edit_in_words(steps: &[Step]) -> String {
    let place = steps.iter().find_map(|step| match step {
        Step::Insert(at, _) | Step::Delete(at) => Some(*at),
        Step::Nothing => None,
    });
    let Some(at) = place else {
        return "nothing".to_string();
    };
    let typed = steps.iter().filter_map(|step| match step {
        Step::Insert(_, c) => Some(*c),
        Step::Delete(_) | Step::Nothing => None,
    });
    match typed.collect::<String>() {
        typed if typed.is_empty() => format!("{} characters at {at} go", steps.len()),
        typed => format!("{typed:?} at {at}"),
    }
}

fn has_up_to(point: Point) -> &'static str {
    match point {
        Point::Received => "has received everything up to",
        Point::Flushed => "has on disk everything up to",
        Point::Applied => "has applied everything up to",
    }
}

fn kind_in_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Write => "A write",
        Kind::Read => "A read",
        Kind::Ack => "The ok to a write",
        Kind::Refusal => "A refusal",
        Kind::Value => "The answer to a read",
        Kind::Append => "A shipment of log entries",
        Kind::ReplicaAck => "An ack",
        Kind::Heartbeat => "A heartbeat",
        Kind::Fetch => "A request for entries",
        Kind::Snapshot => "A full copy",
        Kind::Fence => "Word of a newer epoch",
        Kind::Vote => "A message about votes",
    }
}

/// A sentence begins with a capital letter, unless it begins with a name.
fn capital(text: String) -> String {
    // Names of servers and clients stay as they are written.
    if text.starts_with("the ") || text.starts_with("too ") { capitalised(&text) } else { text }
}
