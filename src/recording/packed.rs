//! Records as a trace keeps them: the common ones in 32 bytes, all others whole on the side.
//!
//! Nothing is lost: what does not fit, a rare fact or a time more than 71 minutes before its
//! record's own, is kept whole. Only the memory and the time that a recording takes depend on it.

use crate::base::{NodeId, OpId, Place, SimTime};
use crate::data::{Gtid, LATEST};
use crate::node::{Fact, Told};
use crate::policy::Point;
use crate::sim::Record;

/// What a packed record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
enum Sort {
    /// It stands whole on the side, at place `a`.
    Whole,
    Sent,
    Told,
    Committed,
    Received,
    Flushed,
    Applied,
    Filtered,
    Confirmed,
    Relayed,
    Heartbeat,
    Status,
    Served,
}

/// A record in 32 bytes; what `node`, `of`, `flag`, `a`, `b` and `ago` mean depends on its sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Packed {
    at_low: u32,
    at_high: u16,
    sort: Sort,
    flag: u8,
    place: Place,
    from: Place,
    node: NodeId,
    of: NodeId,
    cause: u32,
    /// How long before `at` the message was sent; of an own doing, another time that it names.
    ago: u32,
    a: u32,
    b: u32,
}

/// How long `then` was before `at`; None if it was not, or longer than fits.
fn ago(at: SimTime, then: SimTime) -> Option<u32> {
    at.checked_sub(then)?.try_into().ok()
}

/// What the clients of most operations are told, by number.
const TOLD: [Told; 4] = [Told::Ok, Told::OkDegraded, Told::Value, Told::TimedOut];

impl Packed {
    /// One that stands whole on the side.
    pub(super) fn whole(record: &Record, index: u32) -> Packed {
        let (at_low, at_high) = (record.at as u32, (record.at >> 32) as u16);
        Packed {
            at_low,
            at_high,
            sort: Sort::Whole,
            flag: 0,
            place: record.place,
            from: record.from,
            node: NodeId(0),
            of: NodeId(0),
            cause: record.cause,
            ago: 0,
            a: index,
            b: 0,
        }
    }

    /// A record that fits; None if it is to be kept whole.
    pub(super) fn new(record: &Record) -> Option<Packed> {
        let sent_ago = ago(record.at, record.sent_at)?;
        // What no message brought about may name another time in the same place.
        let own =
            |then| if record.is_arrival() || sent_ago > 0 { None } else { ago(record.at, then) };
        let base = Packed { ago: sent_ago, ..Packed::whole(record, 0) };
        let of_gtid = |sort, gtid: Gtid| Packed { sort, node: gtid.origin, a: gtid.seq, ..base };
        Some(match record.fact {
            Fact::Received { gtid, flushed } => {
                Packed { flag: flushed.into(), ..of_gtid(Sort::Received, gtid) }
            }
            Fact::Applied { gtid, received_at, started_at } => Packed {
                ago: own(started_at)?,
                b: ago(record.at, received_at)?,
                ..of_gtid(Sort::Applied, gtid)
            },
            Fact::Confirmed { of, gtid, point } => {
                Packed { of, flag: point as u8, ..of_gtid(Sort::Confirmed, gtid) }
            }
            Fact::Relayed { of, gtid, point } => {
                Packed { of, flag: point as u8, ..of_gtid(Sort::Relayed, gtid) }
            }
            Fact::Committed { op, gtid, accepted_at, degraded } => Packed {
                ago: own(accepted_at)?,
                b: op.0,
                flag: degraded.into(),
                ..of_gtid(Sort::Committed, gtid)
            },
            Fact::Flushed(gtid) => of_gtid(Sort::Flushed, gtid),
            Fact::Filtered(gtid) => of_gtid(Sort::Filtered, gtid),
            Fact::Served { op, version, snapshot: LATEST } => match version {
                Some(gtid) => Packed { b: op.0, flag: 1, ..of_gtid(Sort::Served, gtid) },
                None => Packed { sort: Sort::Served, b: op.0, ..base },
            },
            Fact::Sent { op, to } => Packed { sort: Sort::Sent, node: to, a: op.0, ..base },
            Fact::Told { op, told } => {
                let flag = TOLD.iter().position(|known| *known == told)? as u8;
                Packed { sort: Sort::Told, flag, a: op.0, ..base }
            }
            Fact::Heartbeat(lsn) => Packed { sort: Sort::Heartbeat, a: lsn, ..base },
            Fact::Status(lsn) => Packed { sort: Sort::Status, a: lsn, ..base },
            _ => return None,
        })
    }

    /// When.
    pub(super) fn at(&self) -> SimTime {
        u64::from(self.at_high) << 32 | u64::from(self.at_low)
    }

    /// Its place on the side; None if it does not stand there.
    pub(super) fn aside(&self) -> Option<u32> {
        (self.sort == Sort::Whole).then_some(self.a)
    }

    /// The record; `whole` knows those that stand on the side.
    #[inline]
    pub(super) fn record(&self, whole: impl FnOnce(u32) -> Record) -> Record {
        let at = self.at();
        let gtid = Gtid { origin: self.node, seq: self.a };
        let then = at - u64::from(self.ago);
        let flag = self.flag != 0;
        let mut sent_at = then;
        let fact = match self.sort {
            Sort::Whole => return whole(self.a),
            Sort::Sent => Fact::Sent { op: OpId(self.a), to: self.node },
            Sort::Told => Fact::Told { op: OpId(self.a), told: TOLD[usize::from(self.flag)] },
            Sort::Committed => {
                sent_at = at;
                Fact::Committed { op: OpId(self.b), gtid, accepted_at: then, degraded: flag }
            }
            Sort::Received => Fact::Received { gtid, flushed: flag },
            Sort::Flushed => Fact::Flushed(gtid),
            Sort::Applied => {
                sent_at = at;
                let received_at = at - u64::from(self.b);
                Fact::Applied { gtid, received_at, started_at: then }
            }
            Sort::Filtered => Fact::Filtered(gtid),
            Sort::Confirmed => Fact::Confirmed { of: self.of, gtid, point: self.point() },
            Sort::Relayed => Fact::Relayed { of: self.of, gtid, point: self.point() },
            Sort::Heartbeat => Fact::Heartbeat(self.a),
            Sort::Status => Fact::Status(self.a),
            Sort::Served => {
                let version = flag.then_some(gtid);
                Fact::Served { op: OpId(self.b), version, snapshot: LATEST }
            }
        };
        let (cause, place, from) = (self.cause, self.place, self.from);
        Record { at, sent_at, cause, place, from, fact }
    }

    fn point(&self) -> Point {
        Point::ALL[usize::from(self.flag)]
    }
}
