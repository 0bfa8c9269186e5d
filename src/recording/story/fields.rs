//! A record as a flat line: a name for what happened and a name for each of its particulars.
//!
//! Names are kebab-case, times end in `_us`, GTIDs are texts such as `n1:5`. They are part of the
//! command line's and the JavaScript class's contract.

use crate::base::gathered;
use crate::data::table::Unfit;
use crate::data::{Change, LATEST, Step};
use crate::form::{Entry, Form, ToForm};
use crate::node::{Fact, Kind, Loss, Told};
use crate::sim::{NO_CAUSE, Record};

use super::Narrator;

/// One record, ready to be written as JSON or handed to JavaScript.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceLine {
    /// Number of the record in the trace.
    pub step: u32,
    /// When, in microseconds.
    pub at_us: u64,
    /// Where.
    pub place: String,
    /// If a message's arrival is what happened: who sent it, and when.
    pub arrival: Option<(String, u64)>,
    /// Number of the record that brought this one about.
    pub cause: Option<u32>,
    /// What happened.
    pub event: &'static str,
    /// Its particulars.
    pub fields: Vec<(&'static str, Form)>,
    /// The sentence, if it is asked for.
    pub text: Option<String>,
}

impl ToForm for TraceLine {
    fn to_form(&self) -> Form {
        let mut line = vec![
            ("step", self.step.into()),
            ("at_us", self.at_us.into()),
            ("place", self.place.to_form()),
        ];
        if let Some((from, sent_us)) = &self.arrival {
            line.extend([("from", from.to_form()), ("sent_us", (*sent_us).into())]);
        }
        line.extend(self.cause.map(|cause| ("cause", cause.into())));
        line.push(("event", self.event.into()));
        line.extend(self.fields.iter().cloned());
        line.extend(self.text.as_ref().map(|text| ("text", text.to_form())));
        Form::Table(line.into_iter().map(|(name, form)| Entry::new(name, form)).collect())
    }
}

impl Narrator<'_> {
    /// The record with this number as a line, without its sentence.
    pub fn line(&self, step: u32, record: &Record) -> TraceLine {
        let arrival = record.is_arrival().then(|| (self.place(record.from), record.sent_at));
        TraceLine {
            step,
            at_us: record.at,
            place: self.place(record.place),
            arrival,
            cause: Some(record.cause).filter(|cause| *cause != NO_CAUSE),
            event: event_name(&record.fact),
            fields: self.fields(record),
            text: None,
        }
    }

    fn fields(&self, record: &Record) -> Vec<(&'static str, Form)> {
        let text = |text: &dyn ToString| Form::Text(text.to_string());
        match record.fact {
            Fact::Command(number) => {
                let command = self.scenario.at.get(number as usize).map(|at| at.command.to_form());
                vec![("number", number.into()), ("command", command.into())]
            }
            Fact::CommandRefused(reason) => vec![("reason", reason.name().into())],
            Fact::Sent { op, to } => {
                let mut fields = vec![
                    ("op", op.0.into()),
                    ("kind", self.change_of(op).map_or("read", change_name).into()),
                    ("key", self.key_of(op).into()),
                ];
                if let Some(sql) = self.sql_of(op) {
                    fields.push(("sql", sql.trim_matches('`').into()));
                }
                match self.change_of(op) {
                    None | Some(Change::Statement(_) | Change::Rows(_)) => {}
                    Some(Change::Put(value) | Change::Insert(value)) => {
                        fields.push(("value", value.to_form()));
                    }
                    Some(Change::Delete) => fields.push(("value", Form::Nothing)),
                    Some(Change::Add(by)) => fields.push(("by", (*by).into())),
                    Some(Change::Member { value, joins }) => {
                        fields.push(("value", value.to_form()));
                        fields.push(("joins", (*joins).into()));
                    }
                    Some(Change::Edit(steps)) => {
                        let steps: Vec<String> = gathered(steps.iter().map(Step::to_string));
                        fields.push(("steps", steps.join(" ").into()));
                    }
                }
                fields.push(("to", text(&to)));
                fields
            }
            Fact::Told { op, told } => {
                let mut fields = vec![("op", op.0.into()), ("told", told_name(told).into())];
                if let Told::Refused(reason) = told {
                    fields.push(("reason", reason.name().into()));
                }
                if told == Told::Value
                    && let Some(booked) = self.op(op)
                {
                    fields.push(("key", self.key_of(op).into()));
                    fields.push(("value", booked.found.as_ref().map(ToForm::to_form).into()));
                    fields.push(("stale_versions", booked.staleness.versions.into()));
                    fields.push(("stale_us", booked.staleness.us.into()));
                }
                fields
            }
            Fact::Passed { op, to } => vec![("op", op.0.into()), ("to", text(&to))],
            Fact::Refused { op, reason } => {
                vec![("op", op.0.into()), ("reason", reason.name().into())]
            }
            Fact::Executed { op, rows, bytes, logged } => vec![
                ("op", op.0.into()),
                ("rows", rows.into()),
                ("bytes", bytes.into()),
                ("logged", logged.name().into()),
            ],
            Fact::Unfit { gtid, unfit } => {
                let (why, id) = match unfit {
                    Unfit::Duplicate(id) => ("duplicate-key", Some(id)),
                    Unfit::Missing(id) => ("missing-row", Some(id)),
                    Unfit::NoTable => ("no-table", None),
                    Unfit::OutOfRange => ("out-of-range", None),
                    Unfit::TooMany => ("limit-reached", None),
                };
                vec![("gtid", text(&gtid)), ("why", why.into()), ("id", id.into())]
            }
            Fact::Written { op, gtid, lsn, stamp } => vec![
                ("op", op.0.into()),
                ("gtid", text(&gtid)),
                ("lsn", lsn.into()),
                ("stamp_us", stamp.into()),
            ],
            Fact::Committed { op, gtid, accepted_at, degraded } => vec![
                ("op", op.0.into()),
                ("gtid", text(&gtid)),
                ("accepted_us", accepted_at.into()),
                ("degraded", degraded.into()),
            ],
            Fact::Received { gtid, flushed } => {
                vec![("gtid", text(&gtid)), ("flushed", flushed.into())]
            }
            Fact::Conflict { op, gtid, with } => {
                vec![("op", op.0.into()), ("gtid", text(&gtid)), ("with", text(&with))]
            }
            Fact::ApplierStopped { gtid, with } => {
                vec![("gtid", text(&gtid)), ("with", text(&with))]
            }
            Fact::Overruled { op, gtid, by } => {
                vec![("op", op.0.into()), ("gtid", text(&gtid)), ("by", text(&by))]
            }
            Fact::Shown(gtid)
            | Fact::Recovered(gtid)
            | Fact::Skipped(gtid)
            | Fact::Flushed(gtid)
            | Fact::Duplicate(gtid)
            | Fact::Filtered(gtid)
            | Fact::IgnoredOrigin(gtid) => vec![("gtid", text(&gtid))],
            Fact::Applied { gtid, received_at, started_at } => vec![
                ("gtid", text(&gtid)),
                ("received_us", received_at.into()),
                ("started_us", started_at.into()),
            ],
            Fact::Gap { expected, found } => {
                vec![("expected", expected.into()), ("found", found.into())]
            }
            Fact::Confirmed { of, gtid, point } | Fact::Relayed { of, gtid, point } => {
                vec![("of", text(&of)), ("gtid", text(&gtid)), ("point", point.name().into())]
            }
            Fact::Heartbeat(lsn) | Fact::Status(lsn) | Fact::Fetch(lsn) | Fact::Resumed(lsn) => {
                vec![("lsn", lsn.into())]
            }
            Fact::Seeded { lsn, rewound } => {
                vec![("lsn", lsn.into()), ("rewound", rewound.into())]
            }
            Fact::Discarded { op, gtid } | Fact::LostWrite { op, gtid } => {
                vec![("op", op.0.into()), ("gtid", text(&gtid))]
            }
            Fact::Fenced(epoch)
            | Fact::Informed(epoch)
            | Fact::SteppedDown(epoch)
            | Fact::Beat(epoch)
            | Fact::Canvassed(epoch)
            | Fact::Campaigned(epoch)
            | Fact::Elected(epoch)
            | Fact::Promoted(epoch) => {
                vec![("epoch", epoch.into())]
            }
            Fact::Supported { epoch, candidate }
            | Fact::Voted { epoch, candidate }
            | Fact::Declined { epoch, candidate } => {
                vec![("epoch", epoch.into()), ("candidate", text(&candidate))]
            }
            Fact::Vote { epoch, granted } => {
                vec![("epoch", epoch.into()), ("granted", granted.into())]
            }
            Fact::Repointed(source) | Fact::NeedsSeed(source) => vec![("source", text(&source))],
            Fact::Excluded(node) => vec![("node", text(&node))],
            Fact::Unfollowed(by) => vec![("by", text(&by))],
            Fact::ReadWaits { op, lacks } => vec![("op", op.0.into()), ("lacks", text(&lacks))],
            Fact::Served { op, version, snapshot } => {
                let version = version.map(|gtid| text(&gtid));
                let mut fields = vec![("op", op.0.into()), ("version", version.into())];
                if snapshot != LATEST {
                    fields.push(("snapshot_us", snapshot.into()));
                }
                fields
            }
            Fact::SnapshotWaits { op, newest } => {
                vec![("op", op.0.into()), ("newest_us", newest.into())]
            }
            Fact::Vacuumed { versions, horizon } => {
                vec![("versions", versions.into()), ("horizon_us", horizon.into())]
            }
            Fact::Lost { to, due_at, kind, loss } => vec![
                ("to", self.place(to).into()),
                ("kind", kind_name(kind).into()),
                ("loss", loss_name(loss).into()),
                ("sent_us", record.sent_at.into()),
                ("due_us", due_at.into()),
            ],
            Fact::LimitReached(limit) => vec![("limit", limit.name().into())],
            Fact::Degraded
            | Fact::Rearmed
            | Fact::Connect
            | Fact::Ignored
            | Fact::BeatAnswered
            | Fact::Suspected
            | Fact::FoundHealthy
            | Fact::Demoted
            | Fact::Joined
            | Fact::TookOver
            | Fact::Left
            | Fact::Crashed
            | Fact::Restarted
            | Fact::Paused
            | Fact::Unpaused => Vec::new(),
        }
    }
}

/// Every name that `event_name` gives.
pub const EVENT_NAMES: [&str; 69] = [
    "command",
    "command-refused",
    "sent",
    "told",
    "refused",
    "executed",
    "unfit",
    "passed",
    "written",
    "committed",
    "shown",
    "recovered",
    "received",
    "flushed",
    "applied",
    "conflict",
    "overruled",
    "applier-stopped",
    "skipped",
    "duplicate",
    "filtered",
    "ignored-origin",
    "gap",
    "confirmed",
    "relayed",
    "degraded",
    "rearmed",
    "heartbeat",
    "status",
    "fetch",
    "connect",
    "resumed",
    "seeded",
    "discarded",
    "fenced",
    "ignored",
    "unfollowed",
    "informed",
    "stepped-down",
    "beat",
    "beat-answered",
    "suspected",
    "found-healthy",
    "canvassed",
    "supported",
    "campaigned",
    "voted",
    "declined",
    "vote",
    "elected",
    "promoted",
    "demoted",
    "repointed",
    "needs-seed",
    "joined",
    "took-over",
    "excluded",
    "left",
    "crashed",
    "restarted",
    "paused",
    "unpaused",
    "read-waits",
    "served",
    "snapshot-waits",
    "vacuumed",
    "lost",
    "lost-write",
    "limit-reached",
];

/// What happened, as one word.
pub fn event_name(fact: &Fact) -> &'static str {
    match fact {
        Fact::Command(_) => "command",
        Fact::CommandRefused(_) => "command-refused",
        Fact::Sent { .. } => "sent",
        Fact::Told { .. } => "told",
        Fact::Refused { .. } => "refused",
        Fact::Executed { .. } => "executed",
        Fact::Unfit { .. } => "unfit",
        Fact::Passed { .. } => "passed",
        Fact::Written { .. } => "written",
        Fact::Committed { .. } => "committed",
        Fact::Shown(_) => "shown",
        Fact::Recovered(_) => "recovered",
        Fact::Received { .. } => "received",
        Fact::Flushed(_) => "flushed",
        Fact::Applied { .. } => "applied",
        Fact::Conflict { .. } => "conflict",
        Fact::Overruled { .. } => "overruled",
        Fact::ApplierStopped { .. } => "applier-stopped",
        Fact::Skipped(_) => "skipped",
        Fact::Duplicate(_) => "duplicate",
        Fact::Filtered(_) => "filtered",
        Fact::IgnoredOrigin(_) => "ignored-origin",
        Fact::Gap { .. } => "gap",
        Fact::Confirmed { .. } => "confirmed",
        Fact::Relayed { .. } => "relayed",
        Fact::Degraded => "degraded",
        Fact::Rearmed => "rearmed",
        Fact::Heartbeat(_) => "heartbeat",
        Fact::Status(_) => "status",
        Fact::Fetch(_) => "fetch",
        Fact::Connect => "connect",
        Fact::Resumed(_) => "resumed",
        Fact::Seeded { .. } => "seeded",
        Fact::Discarded { .. } => "discarded",
        Fact::Fenced(_) => "fenced",
        Fact::Ignored => "ignored",
        Fact::Unfollowed(_) => "unfollowed",
        Fact::Informed(_) => "informed",
        Fact::SteppedDown(_) => "stepped-down",
        Fact::Beat(_) => "beat",
        Fact::BeatAnswered => "beat-answered",
        Fact::Suspected => "suspected",
        Fact::FoundHealthy => "found-healthy",
        Fact::Canvassed(_) => "canvassed",
        Fact::Supported { .. } => "supported",
        Fact::Campaigned(_) => "campaigned",
        Fact::Voted { .. } => "voted",
        Fact::Declined { .. } => "declined",
        Fact::Vote { .. } => "vote",
        Fact::Elected(_) => "elected",
        Fact::Promoted(_) => "promoted",
        Fact::Demoted => "demoted",
        Fact::Repointed(_) => "repointed",
        Fact::NeedsSeed(_) => "needs-seed",
        Fact::Joined => "joined",
        Fact::TookOver => "took-over",
        Fact::Excluded(_) => "excluded",
        Fact::Left => "left",
        Fact::Crashed => "crashed",
        Fact::Restarted => "restarted",
        Fact::Paused => "paused",
        Fact::Unpaused => "unpaused",
        Fact::ReadWaits { .. } => "read-waits",
        Fact::Served { .. } => "served",
        Fact::SnapshotWaits { .. } => "snapshot-waits",
        Fact::Vacuumed { .. } => "vacuumed",
        Fact::Lost { .. } => "lost",
        Fact::LostWrite { .. } => "lost-write",
        Fact::LimitReached(_) => "limit-reached",
    }
}

/// A change's sort, as one word.
fn change_name(change: &Change) -> &'static str {
    match change {
        Change::Put(_) | Change::Delete | Change::Statement(_) | Change::Rows(_) => "write",
        Change::Insert(_) => "insert",
        Change::Add(_) => "add",
        Change::Member { .. } => "member",
        Change::Edit(_) => "edit",
    }
}

fn told_name(told: Told) -> &'static str {
    match told {
        Told::Ok => "ok",
        Told::OkDegraded => "ok-degraded",
        Told::Value => "value",
        Told::Refused(_) => "refused",
        Told::TimedOut => "timed-out",
    }
}

/// A message's sort, as one word.
pub(crate) fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Write => "write",
        Kind::Read => "read",
        Kind::Ack => "ack",
        Kind::Refusal => "refusal",
        Kind::Value => "value",
        Kind::Append => "append",
        Kind::ReplicaAck => "replica-ack",
        Kind::Heartbeat => "heartbeat",
        Kind::Fetch => "fetch",
        Kind::Snapshot => "snapshot",
        Kind::Fence => "fence",
        Kind::Vote => "vote",
    }
}

fn loss_name(loss: Loss) -> &'static str {
    match loss {
        Loss::Luck => "luck",
        Loss::Cut => "cut",
        Loss::Down => "down",
        Loss::Left => "left",
    }
}
