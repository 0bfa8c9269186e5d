//! One plain sentence for each record.

use crate::base::{NodeId, OpId, Place, SimTime, Span};
use crate::data::table::Unfit;
use crate::data::{Change, LATEST, Step};
use crate::node::{Fact, Kind, LoggedAs, Loss, Told};
use crate::policy::Point;
use crate::sim::{Outcome, Record};
use crate::words::transcript as say;

use super::Narrator;
use super::command::{in_words, shown};

impl Narrator<'_> {
    /// What happened, in one sentence.
    pub fn sentence(&self, record: &Record) -> String {
        let here: &str = &self.place(record.place);
        // Who sent the message whose arrival this is. If the message told two things, only the
        // first of them is the arrival.
        let sender = |else_said: &str| {
            if record.is_arrival() { self.place(record.from) } else { else_said.to_string() }
        };
        let source: &str = &sender(say::ITS_SOURCE);
        let follower: &str = &sender(say::A_FOLLOWER);
        match record.fact {
            Fact::Command(number) => match self.scenario.at.get(number as usize) {
                Some(stamped) => say::sentence(in_words(&stamped.command)),
                None => say::command(number),
            },
            Fact::CommandRefused(reason) => say::command_refused(reason.text()),
            Fact::Sent { op, to } => self.sent(here, op, to),
            Fact::Told { op, told } => self.told(here, op, told, record.at),
            Fact::Refused { op, reason } => say::refused(here, self.named_write(op), reason.text()),
            Fact::Executed { op, rows, bytes, logged } => {
                let (client, sql) = (self.client_of(op), self.sql_of(op).unwrap_or_default());
                let how = match logged {
                    LoggedAs::Statement => say::AS_STATEMENT,
                    LoggedAs::UnsafeStatement => say::AS_UNSAFE_STATEMENT,
                    LoggedAs::Rows => say::AS_ROWS,
                };
                say::executed(here, client, sql, rows.into(), bytes, how)
            }
            Fact::Unfit { gtid, unfit } => {
                let why = match unfit {
                    Unfit::Duplicate(id) => say::row_there(id),
                    Unfit::Missing(id) => say::row_missing(id),
                    Unfit::NoTable => say::TABLE_GONE.to_string(),
                    Unfit::OutOfRange => say::NUMBER_DOES_NOT_FIT.to_string(),
                    Unfit::TooMany => say::ROWS_DIFFER.to_string(),
                };
                say::unfit(here, gtid, why)
            }
            Fact::Passed { op, to } => say::passed(here, self.named_write(op), to),
            Fact::Written { op, gtid, lsn, .. } => {
                let write = self.named_write(op);
                say::written(here, write, gtid, lsn)
            }
            Fact::Committed { gtid, accepted_at, degraded, .. } => {
                let took = match record.at - accepted_at {
                    0 => say::AT_ONCE.to_string(),
                    us => say::after(Span(us)),
                };
                if record.place.node() != Some(gtid.origin) {
                    say::tail_answers(here, gtid)
                } else if degraded {
                    say::committed_without_acks(here, gtid, took)
                } else {
                    say::committed(here, gtid, took)
                }
            }
            Fact::Shown(gtid) => say::shown(here, gtid),
            Fact::Recovered(gtid) => say::recovered(here, gtid),
            Fact::Received { gtid, flushed } => {
                let and = if flushed { say::AND_ON_DISK } else { "" };
                say::received(here, gtid, and)
            }
            Fact::Flushed(gtid) => say::flushed(here, gtid),
            Fact::Applied { gtid, .. } => say::applied(here, gtid),
            Fact::Conflict { gtid, with, .. } => say::conflict(here, gtid, with),
            Fact::Overruled { op, gtid, by } => {
                let write = self.named_write(op);
                say::overruled(here, write, gtid, by)
            }
            Fact::ApplierStopped { gtid, with } => say::applier_stopped(here, gtid, with),
            Fact::Skipped(gtid) => say::skipped(here, gtid),
            Fact::Duplicate(gtid) => say::duplicate(here, gtid),
            Fact::IgnoredOrigin(gtid) => say::ignored_origin(here, gtid, gtid.origin),
            Fact::Filtered(gtid) => say::filtered(here, gtid),
            Fact::Gap { expected, found } => say::gap(here, expected, found),
            Fact::Confirmed { of, gtid, point } => say::confirmed(here, of, has_up_to(point), gtid),
            Fact::Relayed { of, gtid, point } => {
                let has = has_up_to(point);
                say::relayed(here, of, has, gtid)
            }
            Fact::Degraded => say::degraded(here),
            Fact::Rearmed => say::rearmed(here),
            Fact::Heartbeat(end) => say::heartbeat(here, source, end),
            Fact::Status(at) => say::status(here, follower, at),
            Fact::Fetch(lsn) => say::fetch(here, follower, lsn),
            Fact::Connect => say::connect(here, follower),
            Fact::Resumed(lsn) => say::resumed(here, source, lsn),
            Fact::Seeded { lsn, rewound: true } => say::rewound(here, source, lsn),
            Fact::Seeded { lsn, rewound: false } => say::seeded(here, source, lsn),
            Fact::Discarded { op, gtid } => {
                let write = self.named_write(op);
                say::discarded(here, write, gtid)
            }
            Fact::Beat(epoch) => say::beat(here, source, epoch),
            Fact::BeatAnswered => say::beat_answered(here, follower),
            Fact::Suspected => say::suspected(here),
            Fact::FoundHealthy => say::found_healthy(here),
            Fact::Canvassed(epoch) => say::canvassed(here, epoch),
            Fact::Supported { epoch, candidate } => say::supported(here, candidate, epoch),
            Fact::Campaigned(epoch) => say::campaigned(here, epoch),
            Fact::Voted { epoch, candidate } => say::voted(here, candidate, epoch),
            Fact::Declined { epoch, candidate } => say::declined(here, candidate, epoch),
            Fact::Vote { granted: true, .. } => say::vote_granted(here, follower),
            Fact::Vote { granted: false, .. } => say::vote_denied(here, follower),
            Fact::Elected(epoch) => say::elected(here, epoch),
            Fact::Fenced(epoch) => say::fenced(here, epoch),
            Fact::Ignored => say::ignored(here, sender(say::ANOTHER_SERVER)),
            Fact::Unfollowed(by) => say::unfollowed(here, by),
            Fact::Informed(epoch) => say::informed(here, epoch),
            Fact::SteppedDown(epoch) => say::stepped_down(here, epoch),
            Fact::Promoted(epoch) => say::promoted(here, epoch),
            Fact::Demoted => say::demoted(here),
            Fact::Repointed(source) => say::repointed(here, source),
            Fact::NeedsSeed(source) => say::needs_seed(here, source),
            Fact::TookOver => say::took_over(here),
            Fact::Excluded(node) => say::excluded(here, node),
            Fact::Joined => say::joined(here),
            Fact::Left => say::left(here),
            Fact::Crashed => say::crashed(here),
            Fact::Restarted => say::restarted(here),
            Fact::Paused => say::paused(here),
            Fact::Unpaused => say::unpaused(here),
            Fact::ReadWaits { op, lacks } => {
                let client = self.client_of(op);
                say::read_waits(client, here, lacks)
            }
            Fact::Served { op, version, snapshot } => {
                let (client, key): (&str, &str) = (&self.client_of(op), &self.key_of(op));
                let of = match snapshot {
                    LATEST => String::new(),
                    at => say::as_of(Span(at)),
                };
                match version {
                    _ if self.sql_of(op).is_some() => say::answered_select(here, client),
                    Some(gtid) => say::served(here, client, key, of, gtid),
                    None => say::served_never_written(here, client, of, key),
                }
            }
            Fact::SnapshotWaits { op, newest } => {
                let (client, newest) = (self.client_of(op), Span(newest));
                say::snapshot_waits(client, here, newest)
            }
            Fact::Vacuumed { versions, horizon } => {
                let (versions, horizon) = (say::old_versions(versions.into()), Span(horizon));
                say::vacuumed(here, versions, horizon)
            }
            Fact::Lost { to, kind, loss, .. } => {
                self.lost(&self.place(record.from), to, kind, loss)
            }
            Fact::LostWrite { op, gtid } => {
                let write = self.named_write(op);
                say::lost_write(write, gtid)
            }
            Fact::LimitReached(limit) => say::sentence(limit.text()),
        }
    }

    /// `alice's email = "new"`.
    fn named_write(&self, op: OpId) -> String {
        let (client, key): (&str, &str) = (&self.client_of(op), &self.key_of(op));
        if let Some(sql) = self.sql_of(op) {
            return say::named(client, sql);
        }
        match self.change_of(op) {
            Some(Change::Put(value) | Change::Insert(value)) => {
                say::named(client, format!("{key} = {}", shown(value)))
            }
            Some(Change::Delete) | None => say::named_delete(client, key),
            Some(Change::Add(by)) => say::named(client, format!("{key} {}", signed(*by))),
            Some(Change::Member { value, joins }) => {
                let sign = if *joins { say::WITH } else { say::WITHOUT };
                say::named(client, format!("{key} {sign} {}", shown(value)))
            }
            Some(Change::Edit(_) | Change::Statement(_) | Change::Rows(_)) => {
                say::named_edit(client, key)
            }
        }
    }

    fn sent(&self, client: &str, op: OpId, to: NodeId) -> String {
        let key: &str = &self.key_of(op);
        if let Some(sql) = self.sql_of(op) {
            return say::sent_sql(client, sql, to);
        }
        match self.change_of(op) {
            Some(Change::Put(value)) => say::sent_put(client, key, shown(value), to),
            Some(Change::Insert(value)) => say::sent_insert(client, key, shown(value), to),
            Some(Change::Delete) => say::sent_delete(client, key, to),
            Some(Change::Add(by)) => say::sent_add(client, key, by, to),
            Some(Change::Member { value, joins: true }) => {
                say::sent_set_add(client, shown(value), key, to)
            }
            Some(Change::Member { value, joins: false }) => {
                say::sent_set_remove(client, shown(value), key, to)
            }
            Some(Change::Edit(steps)) => say::sent_edit(client, key, to, edit_in_words(steps)),
            Some(Change::Statement(_) | Change::Rows(_)) => say::sent_change(client, key, to),
            None => say::sent_read(client, key, to),
        }
    }

    fn told(&self, client: &str, op: OpId, told: Told, at: SimTime) -> String {
        let sql = self.sql_of(op);
        let key: &str = &sql.clone().unwrap_or_else(|| self.key_of(op));
        let outcome = self.op(op).map(|op| op.outcome).unwrap_or_default();
        if told != Told::TimedOut && outcome != Outcome::Told(told, at) {
            let late = matches!(outcome, Outcome::Told(Told::TimedOut, _));
            let how = if late { say::AT_LAST } else { say::ONCE_MORE };
            return say::told_again(client, key, how);
        }
        match told {
            Told::Ok if sql.is_some() => say::told_ok(client, key),
            Told::Ok => say::told_ok(client, {
                match self.change_of(op) {
                    Some(Change::Put(value) | Change::Insert(value)) => {
                        format!("{key} = {}", shown(value))
                    }
                    Some(Change::Delete) | None => say::the_delete(key),
                    Some(Change::Add(by)) => format!("{key} {}", signed(*by)),
                    Some(
                        Change::Member { .. }
                        | Change::Edit(_)
                        | Change::Statement(_)
                        | Change::Rows(_),
                    ) => say::the_change(key),
                }
            }),
            Told::OkDegraded => say::told_ok_degraded(client, key),
            Told::Value => self.read_answer(client, op),
            Told::Refused(reason) => say::told_refused(client, key, reason.text()),
            Told::TimedOut if self.op(op).is_some_and(|op| op.is_write()) => {
                say::gave_up_on_write(client, key)
            }
            Told::TimedOut => say::gave_up_on_read(client, key),
        }
    }

    fn read_answer(&self, client: &str, op: OpId) -> String {
        let sql = self.sql_of(op);
        let key: &str = &sql.clone().unwrap_or_else(|| self.key_of(op));
        let Some(booked) = self.op(op) else {
            return say::has_key(client, key);
        };
        let value = match (&booked.found, booked.gtid) {
            (Some(value), _) => shown(value),
            (None, Some(_)) if sql.is_none() => say::DELETED_VALUE.to_string(),
            (None, _) => say::NOTHING.to_string(),
        };
        let age = match (booked.staleness.versions, Span(booked.staleness.us)) {
            (0, _) => say::FRESH.to_string(),
            (1, age) => say::one_version_old(age),
            (versions, age) => say::versions_old(versions, age),
        };
        say::read_value(client, key, value, age)
    }

    fn lost(&self, from: &str, to: Place, kind: Kind, loss: Loss) -> String {
        let (what, to): (&str, &str) = (kind_in_words(kind), &self.place(to));
        match loss {
            Loss::Luck => say::lost_luck(what, from, to),
            Loss::Cut => say::lost_cut(what, from, to),
            Loss::Down => say::lost_down(what, from, to),
            Loss::Left => say::lost_left(what, from, to),
        }
    }
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
        return say::NOTHING.to_string();
    };
    let typed = steps.iter().filter_map(|step| match step {
        Step::Insert(_, c) => Some(*c),
        Step::Delete(_) | Step::Nothing => None,
    });
    match typed.collect::<String>() {
        typed if typed.is_empty() => say::characters_go(steps.len(), at),
        typed => say::typed_at(&typed, at),
    }
}

fn has_up_to(point: Point) -> &'static str {
    match point {
        Point::Received => say::HAS_RECEIVED,
        Point::Flushed => say::HAS_FLUSHED,
        Point::Applied => say::HAS_APPLIED,
    }
}

fn kind_in_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Write => say::KIND_WRITE,
        Kind::Read => say::KIND_READ,
        Kind::Ack => say::KIND_ACK,
        Kind::Refusal => say::KIND_REFUSAL,
        Kind::Value => say::KIND_VALUE,
        Kind::Append => say::KIND_APPEND,
        Kind::ReplicaAck => say::KIND_REPLICA_ACK,
        Kind::Heartbeat => say::KIND_HEARTBEAT,
        Kind::Fetch => say::KIND_FETCH,
        Kind::Snapshot => say::KIND_SNAPSHOT,
        Kind::Fence => say::KIND_FENCE,
        Kind::Vote => say::KIND_VOTE,
    }
}
