//! A client's request: refuse, answer, or bring a write into the log. First duty of four.
//!
//! The GTID is given when the write is on disk, as MySQL does in its flush stage, so one GTID
//! never names two changes.

use std::rc::Rc;

use crate::base::{OpId, Purpose};
use crate::data::{Change, Gtid, LogEntry, Slot};

use super::fact::Fact;
use super::message::Request;
use super::reason::Reason;
use super::state::{Cx, Node, Timer, Unflushed, Waiting};

impl Node {
    /// A client's request has arrived.
    pub fn on_request(&mut self, cx: &mut Cx, op: OpId, request: &Request) {
        match request {
            Request::Read { key, after, .. } => self.on_read(cx, op, *key, after.as_ref()),
            Request::Write { .. } if !self.is_primary() => {
                self.refuse(cx, op, Reason::ReadOnly);
            }
            Request::Write { .. } if !self.has_majority(cx) => {
                self.refuse(cx, op, Reason::NoMajority);
            }
            Request::Write { .. } if self.passes_on(cx, op) => {}
            Request::Write { key, change, bytes, seen, local } => {
                if let Some(reason) = self.objection(cx, *key, change) {
                    return self.refuse(cx, op, reason);
                }
                let own = Unflushed::Own {
                    op,
                    key: *key,
                    change: change.clone(),
                    bytes: *bytes,
                    seen: seen.clone(),
                    local: *local,
                    accepted_at: cx.now,
                };
                self.memory.unflushed.push_back(own);
                match cx.rules.code {
                    None => self.start_flush(cx),
                    Some(code) => self.take_lock(cx, code),
                }
            }
        }
    }

    /// Begins a flush of all that waits, unless one runs.
    pub(super) fn start_flush(&mut self, cx: &mut Cx) {
        if self.memory.flushing > 0 || self.memory.unflushed.is_empty() {
            return;
        }
        if self.dials.flush_delay.is_none() {
            self.finish_flush(cx, self.memory.unflushed.len() as u32);
            return;
        }
        self.flushes += 1;
        let draw = cx.luck.draw(Purpose::Flush, self.id.0.into(), self.flushes.into());
        self.memory.flushing = self.memory.unflushed.len() as u32;
        cx.wake(cx.now + self.dials.flush_delay.sample(draw), Timer::Flush);
    }

    /// The disk has what it was given: give own writes their names, ship, apply, acknowledge.
    pub(super) fn on_flush(&mut self, cx: &mut Cx) {
        let covered = std::mem::take(&mut self.memory.flushing);
        self.finish_flush(cx, covered);
        self.start_flush(cx);
    }

    pub(super) fn finish_flush(&mut self, cx: &mut Cx, covered: u32) {
        for _ in 0..covered {
            match self.memory.unflushed.pop_front() {
                Some(unflushed @ Unflushed::Own { .. }) => self.log_own(cx, unflushed),
                Some(Unflushed::Foreign { entry, received_at, source }) => {
                    cx.tell(Fact::Flushed(entry.gtid));
                    self.log_foreign(cx, Slot { entry, received_at, source });
                }
                None => break,
            }
        }
        self.use_flushed(cx);
    }

    /// Entries are on disk: ship them, apply them, forget old ones.
    pub(super) fn use_flushed(&mut self, cx: &mut Cx) {
        self.ship_flushed(cx);
        self.start_applies(cx);
        if let Some(keep) = cx.rules.retention {
            let end = self.disk.log.end();
            let waiting = self.memory.waiting.front().map_or(end, |oldest| oldest.lsn);
            self.disk.log.trim(keep, waiting.min(self.disk.applied_through));
        }
    }

    /// Turns down the writes that have no name yet.
    pub(super) fn refuse_unflushed(&mut self, cx: &mut Cx) {
        let reason = Reason::ReadOnly;
        for unflushed in std::mem::take(&mut self.memory.unflushed) {
            match unflushed {
                Unflushed::Own { op, .. } => self.refuse(cx, op, reason),
                foreign @ Unflushed::Foreign { .. } => self.memory.unflushed.push_back(foreign),
            }
        }
    }

    fn log_own(&mut self, cx: &mut Cx, unflushed: Unflushed) {
        if let Some(write) = self.name_own(cx, unflushed) {
            self.await_acks(cx, write);
        }
    }

    /// Gives a client's write its name and its place in the log.
    pub(super) fn name_own(&mut self, cx: &mut Cx, unflushed: Unflushed) -> Option<Waiting> {
        let Unflushed::Own { op, key, change, bytes, seen, local, accepted_at } = unflushed else {
            return None;
        };
        let gtid = Gtid { origin: self.id, seq: self.disk.last_seq + 1 };
        let (change, bytes) = match change {
            Change::Statement(asked) => match self.execute(cx, op, gtid, &asked) {
                Ok(executed) => executed,
                Err(reason) => {
                    self.refuse(cx, op, reason);
                    return None;
                }
            },
            change => (change, bytes),
        };
        self.disk.last_seq = gtid.seq;
        let (change, seen) = self.in_context(cx, gtid, key, change, seen);
        let (epoch, written_at) = (self.disk.epoch, self.stamp(cx));
        let clock = cx.now as i64 + self.dials.clock_skew.0;
        let entry = LogEntry { gtid, epoch, key, change, op, written_at, clock, seen, bytes };
        let stamp = entry.written_at;
        self.memory.received.insert(gtid);
        let entry = Rc::new(entry);
        let slot = Slot { entry: Rc::clone(&entry), received_at: cx.now, source: self.id };
        let lsn = self.disk.log.push(slot);
        self.hide_sql(cx, &entry, lsn);
        cx.tell(Fact::Written { op, gtid, lsn, stamp });
        let (seq, written_at) = (gtid.seq, cx.now);
        let (acks, visible) = (0, false);
        Some(Waiting { op, seq, lsn, acks, local, visible, accepted_at, written_at })
    }
}
