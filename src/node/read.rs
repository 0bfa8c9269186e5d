//! Reads: answered at once, or when the server has what the client knows of, as with MySQL's
//! WAIT_FOR_EXECUTED_GTID_SET. A waiting read is memory: a crash forgets it.

use std::rc::Rc;

use crate::base::{KeyId, OpId, Purpose};

use super::fact::{Fact, Reason, Told};
use super::message::After;
use super::state::{Cx, Node, Status, Timer, WaitingRead};

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
        let owed = self.owed(cx);
        let after = owed.as_ref().or(after);
        let lacks = |after: &&Rc<After>| after.gtids.first_missing_from(&self.disk.applied);
        match after.and_then(|after| Some((after, lacks(&after)?))) {
            None => self.answer(cx, op, key),
            Some((after, lacks)) => {
                let until = cx.now + after.patience.0;
                cx.tell(Fact::ReadWaits { op, lacks });
                cx.wake(until, Timer::ReadTimeout(op));
                let after = Rc::clone(after);
                self.memory.reads.push_back(WaitingRead { op, key, after, until });
            }
        }
    }

    /// Answers the reads that have waited for what is here now; the kernel asks after every step.
    pub fn answer_reads(&mut self, cx: &mut Cx) {
        if self.status != Status::Up {
            return;
        }
        // A crowd of reads may wait here while much else happens.
        let known = self.disk.applied.len();
        if std::mem::replace(&mut self.memory.reads_looked_at, known) == known {
            return;
        }
        for read in std::mem::take(&mut self.memory.reads) {
            if read.after.gtids.first_missing_from(&self.disk.applied).is_none() {
                self.answer(cx, read.op, read.key);
            } else {
                self.memory.reads.push_back(read);
            }
        }
    }

    /// A read has waited for as long as it may: its client is told so.
    pub(super) fn on_read_timeout(&mut self, cx: &mut Cx, op: OpId) {
        let waits = |read: &WaitingRead| read.op == op && read.until <= cx.now;
        if let Some(at) = self.memory.reads.iter().position(waits) {
            self.memory.reads.remove(at);
            let reason = Reason::NotCaughtUp;
            cx.tell(Fact::Refused { op, reason });
            cx.reply(op, Told::Refused(reason));
        }
    }

    /// Looks at waiting reads anew after a copy, and sets their timers: those of an earlier life
    /// mean nothing.
    pub(super) fn watch_reads(&mut self, cx: &mut Cx) {
        self.memory.reads_looked_at = u64::MAX;
        for (op, ..) in &self.memory.queries {
            cx.wake(cx.now, Timer::Query(*op));
        }
        for read in &self.memory.reads {
            cx.wake(read.until.max(cx.now), Timer::ReadTimeout(read.op));
        }
    }

    fn answer(&self, cx: &mut Cx, op: OpId, key: KeyId) {
        let row = self.disk.store.row(key);
        let version = row.and_then(|row| row.entry.as_ref()).map(|entry| entry.gtid);
        cx.tell(Fact::Served { op, version });
        cx.reply(op, Told::Value);
    }
}
