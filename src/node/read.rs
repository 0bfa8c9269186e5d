//! Reads: answered at once, or when the server has what the client knows of, as with MySQL's
//! WAIT_FOR_EXECUTED_GTID_SET, or the snapshot it asks for. A waiting read is memory: a crash
//! forgets it.

use std::rc::Rc;

use crate::base::{KeyId, OpId, Purpose, SimTime};
use crate::data::LATEST;

use super::fact::{Fact, Told};
use super::message::{After, View};
use super::reason::Reason;
use super::state::{Cx, Node, Status, Timer, WaitingRead};
use super::view::Prospect;

impl Node {
    /// A client's read has arrived. Simplification: any number are worked on at a time.
    pub(super) fn on_read(&mut self, cx: &mut Cx, op: OpId, key: KeyId, after: Option<&Rc<After>>) {
        if self.dials.query_delay.is_none() {
            return self.begin_read(cx, op, key, after);
        }
        let draw = cx.luck.draw(Purpose::Query, self.id.0.into(), op.0.into());
        cx.wake(cx.now + self.dials.query_delay.sample(draw), Timer::Query(op));
        self.memory.queries.push((op, key, after.map(Rc::clone)));
    }

    /// Answers a read, or has it wait.
    pub(super) fn begin_read(
        &mut self,
        cx: &mut Cx,
        op: OpId,
        key: KeyId,
        after: Option<&Rc<After>>,
    ) {
        if self.awaits_copy() {
            return refuse(cx, op, Reason::NoCopyYet);
        }
        let owed = self.owed(cx);
        let Some(after) = owed.as_ref().or(after) else {
            return self.answer(cx, op, key, LATEST);
        };
        match self.prospect(cx, op, after) {
            Prospect::Answer(snapshot) => self.answer(cx, op, key, snapshot),
            Prospect::Refuse(reason) => refuse(cx, op, reason),
            Prospect::Wait(fact) => {
                let until = cx.now + after.patience.0;
                cx.tell(fact);
                cx.wake(until, Timer::ReadTimeout(op));
                let read = WaitingRead { op, key, after: Rc::clone(after), until };
                self.watch_snapshot(cx, &read);
                self.memory.reads.push_back(read);
            }
        }
    }

    /// Answers the reads that have waited for what is here now; the kernel asks after every step.
    pub fn answer_reads(&mut self, cx: &mut Cx) {
        if self.status != Status::Up {
            return;
        }
        // A crowd of reads may wait here while much else happens.
        let known = (self.disk.applied.len(), self.closed(cx));
        if std::mem::replace(&mut self.memory.reads_looked_at, known) == known {
            return;
        }
        for read in std::mem::take(&mut self.memory.reads) {
            match self.prospect(cx, read.op, &read.after) {
                Prospect::Answer(snapshot) => self.answer(cx, read.op, read.key, snapshot),
                Prospect::Refuse(reason) => refuse(cx, read.op, reason),
                Prospect::Wait(_) => self.memory.reads.push_back(read),
            }
        }
    }

    /// A read has waited for as long as it may: its client is told so.
    pub(super) fn on_read_timeout(&mut self, cx: &mut Cx, op: OpId) {
        let waits = |read: &WaitingRead| read.op == op && read.until <= cx.now;
        if let Some(at) = self.memory.reads.iter().position(waits) {
            self.memory.reads.remove(at);
            refuse(cx, op, Reason::NotCaughtUp);
        }
    }

    /// A read waits here, or is worked on, that was meant for the tail of a proper chain, and this
    /// server is that no more.
    pub fn turn_away(&mut self, cx: &mut Cx, op: OpId) {
        self.memory.reads.retain(|read| read.op != op);
        self.memory.queries.retain(|(other, ..)| *other != op);
        refuse(cx, op, Reason::NotTail);
    }

    /// Looks at waiting reads anew after a copy, and sets their timers: those of an earlier life
    /// mean nothing.
    pub(super) fn watch_reads(&mut self, cx: &mut Cx) {
        self.memory.reads_looked_at = (u64::MAX, 0);
        for (op, ..) in &self.memory.queries {
            cx.wake(cx.now, Timer::Query(*op));
        }
        for read in &self.memory.reads {
            cx.wake(read.until.max(cx.now), Timer::ReadTimeout(read.op));
            self.watch_snapshot(cx, read);
        }
    }

    /// At a primary a snapshot of the future is there when its time has come, though nothing else
    /// happens then.
    fn watch_snapshot(&self, cx: &mut Cx, read: &WaitingRead) {
        if let View::At(snapshot) = read.after.view
            && (cx.now..read.until).contains(&(snapshot + 1))
        {
            cx.wake(snapshot + 1, Timer::ReadTimeout(read.op));
        }
    }

    fn answer(&self, cx: &mut Cx, op: OpId, key: KeyId, snapshot: SimTime) {
        let version = self.disk.store.shown(key, snapshot).map(|entry| entry.gtid);
        cx.tell(Fact::Served { op, version, snapshot });
        cx.reply(op, Told::Value);
    }
}

fn refuse(cx: &mut Cx, op: OpId, reason: Reason) {
    cx.tell(Fact::Refused { op, reason });
    cx.reply(op, Told::Refused(reason));
}
