//! Replication as the chapter's code does it, faults and all, so that they can be watched and
//! counted beside the real engine. With `cluster.code` absent none of it runs.
//!
//! What it deliberately has not: positions, catch-up, epochs, fencing, retries. What the code does:
//! - a write is in the data, and read by others, before any replica is called (`Shown`);
//! - but for ASYNC, replicas are called one after the other under the master's lock: the next write
//!   waits, and latency is the sum of all calls;
//! - a replica sleeps under its own lock, then applies whatever it was given, older or newer;
//! - nothing is sent twice: what a replica missed it never gets;
//! - SYNC says no at the first failure and undoes nothing;
//! - a promotion copies the data and no slaves, so the new master says no to all it does, and the
//!   old master is told nothing and goes on.
//!
//! Simplification: a call that gets no answer fails after a keepalive, and reads take no lock.
//! Simplification: what the code keeps in memory is kept on disk, so a crash loses no rows.

use std::rc::Rc;

use crate::base::{Epoch, NodeId, Purpose, SimTime, Span, scaled};
use crate::data::{Gtid, LogEntry, Slot};
use crate::policy::{Code, Point};

use super::fact::{Fact, Told};
use super::message::{Entries, Message};
use super::reason::Reason;
use super::state::{Cx, Node, Role, Timer, Unflushed, Waiting};

/// How often the chapter's monitor asks whether the master is there.
const CHECK_EVERY: Span = Span::s(1);

/// A write that holds the master's lock while it calls one replica after the other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Call {
    /// The write.
    write: Waiting,
    /// Which follower is being called, by its place among them.
    nth: u16,
    /// How many have answered.
    answered: u16,
    /// Whether one has not.
    failed: bool,
    /// When the present call has failed.
    until: SimTime,
}

impl Node {
    /// Lets the oldest write that waits for the lock have it, while nobody holds it.
    pub(super) fn take_lock(&mut self, cx: &mut Cx, code: Code) {
        // A promotion makes a `ProductionMaster()`, which is SEMI_SYNC unless told otherwise.
        let code = if self.disk.epoch > 1 { Code::ProductionSemiSync } else { code };
        while self.memory.call.is_none() {
            let Some(own @ Unflushed::Own { .. }) = self.memory.unflushed.pop_front() else {
                return;
            };
            let Some(mut write) = self.name_own(cx, own) else { continue };
            if code == Code::ProductionAsync {
                for nth in 0..self.memory.downstreams.len() {
                    self.call(cx, &write, nth);
                }
                self.commit(cx, write, false);
                continue;
            }
            self.show(cx, &mut write);
            let (nth, answered, failed, until) = (0, 0, false, cx.now);
            self.memory.call = Some(Box::new(Call { write, nth, answered, failed, until }));
            self.call_next(cx, code);
        }
    }

    /// Sends an event to one follower, once and for all.
    fn call(&self, cx: &mut Cx, write: &Waiting, nth: usize) {
        let log = &self.disk.log;
        let slot = log.get(write.lsn);
        if let (Some(to), Some(slot)) = (self.memory.downstreams.get(nth), slot) {
            let (epoch, generation, first) = (self.disk.epoch, log.generation, write.lsn);
            let entries = Entries::One(Rc::clone(&slot.entry));
            cx.send(to.node, Message::Append { epoch, generation, first, entries });
        }
    }

    /// Calls the next follower, or if all have been called tells the client what came of it.
    fn call_next(&mut self, cx: &mut Cx, code: Code) {
        let Some(mut call) = self.memory.call.take() else { return };
        let gives_up = call.failed && code == Code::ProductionSync;
        if !gives_up && usize::from(call.nth) < self.memory.downstreams.len() {
            call.until = cx.now + cx.rules.keepalive.0;
            cx.wake(call.until, Timer::AckTimeout);
            self.call(cx, &call.write, call.nth.into());
            self.memory.call = Some(call);
        } else if code.says_yes(call.answered, call.failed) {
            self.commit(cx, call.write, false);
        } else {
            let (op, reason) = (call.write.op, Reason::Unreplicated);
            cx.tell(Fact::Refused { op, reason });
            cx.reply(op, Told::Refused(reason));
        }
    }

    /// A message from another server. All but events and answers mean nothing to the code.
    pub(super) fn on_chapter_message(
        &mut self,
        cx: &mut Cx,
        code: Code,
        from: NodeId,
        message: &Message,
    ) {
        match *message {
            Message::Append { ref entries, .. } => {
                for entry in entries.as_slice() {
                    self.on_event(cx, code, from, entry);
                }
            }
            Message::Ack { gtid, point, .. } => {
                let called = self.memory.call.as_ref().is_some_and(|call| {
                    let nth = self.memory.downstreams.get(usize::from(call.nth));
                    call.write.seq == gtid.seq && nth.is_some_and(|one| one.node == from)
                });
                if !called {
                    cx.tell(Fact::Ignored);
                    return;
                }
                cx.tell(Fact::Confirmed { of: from, gtid, point });
                self.returned(cx, code, true);
            }
            _ => cx.tell(Fact::Ignored),
        }
    }

    fn returned(&mut self, cx: &mut Cx, code: Code, answered: bool) {
        if let Some(call) = &mut self.memory.call {
            call.nth += 1;
            call.answered += u16::from(answered);
            call.failed |= !answered;
        }
        self.call_next(cx, code);
        self.take_lock(cx, code);
    }

    /// The present call may have gone without an answer for too long.
    pub(super) fn on_call_timeout(&mut self, cx: &mut Cx, code: Code) {
        if self.memory.call.as_ref().is_some_and(|call| call.until <= cx.now) {
            self.returned(cx, code, false);
        }
    }

    /// A follower is called: the event waits for its lock.
    fn on_event(&mut self, cx: &mut Cx, code: Code, source: NodeId, entry: &Rc<LogEntry>) {
        if self.is_primary() {
            // It was made a master from a copy. The replica it was takes the event, and says yes.
            cx.tell(Fact::Ignored);
            self.answer_call(cx, code, source, entry.gtid);
            return;
        }
        cx.tell(Fact::Received { gtid: entry.gtid, flushed: false });
        self.memory.received.insert(entry.gtid);
        let (entry, received_at) = (Rc::clone(entry), cx.now);
        self.memory.unflushed.push_back(Unflushed::Foreign { entry, received_at, source });
        self.take_follower_lock(cx, code);
    }

    /// Begins the next event, if none is under way. Of threads that wait for one lock any may get
    /// it; whoever calls in turn is alone.
    fn take_follower_lock(&mut self, cx: &mut Cx, code: Code) {
        let waiting = self.memory.unflushed.len();
        if self.memory.busy > 0 || waiting == 0 {
            return;
        }
        self.memory.busy = 1;
        self.applies += 1;
        let draw = |purpose| cx.luck.draw(purpose, self.id.0.into(), self.applies.into());
        // There are no flushes in this code whose luck this could be.
        let next = scaled(draw(Purpose::Flush), waiting as u64) as usize;
        self.memory.unflushed.swap(0, next);
        let sleep = code.sleep_us() + self.dials.apply_delay.sample(draw(Purpose::Apply));
        let lsn = self.disk.log.end();
        cx.wake(cx.now + sleep, Timer::Apply { lsn, started_at: cx.now });
    }

    /// The sleep is over: the event is applied, whatever is there already.
    pub(super) fn on_event_slept(&mut self, cx: &mut Cx, code: Code, started_at: SimTime) {
        self.memory.busy = 0;
        match self.memory.unflushed.pop_front() {
            Some(Unflushed::Foreign { entry, received_at, source }) => {
                let gtid = entry.gtid;
                let lsn = self.disk.log.push(Slot { entry, received_at, source });
                self.finish_apply(cx, lsn, started_at);
                self.memory.next_apply = self.disk.log.end();
                self.answer_call(cx, code, source, gtid);
                self.take_follower_lock(cx, code);
            }
            Some(own) => self.memory.unflushed.push_front(own),
            None => {}
        }
    }

    /// Returns from a call; nobody waits for a thread's.
    fn answer_call(&self, cx: &mut Cx, code: Code, source: NodeId, gtid: Gtid) {
        if code != Code::ProductionAsync {
            let (of, point) = (self.id, Point::Applied);
            cx.send(source, Message::Ack { of, gtid, point, position: 0 });
        }
    }

    /// Becomes a master with a copy of its data, no followers and events counted from 1. The old
    /// master is told nothing.
    pub fn promote_as_written(&mut self, cx: &mut Cx, epoch: Epoch) {
        self.memory.unflushed.clear();
        self.memory.downstreams.clear();
        self.memory.upstreams.clear();
        self.disk.sources.clear();
        self.disk.role = Role::Primary;
        self.disk.epoch = epoch;
        cx.tell(Fact::Promoted(epoch));
    }

    /// Sets the monitor's clock; it stands beside the first replica.
    pub(super) fn monitor(&self, cx: &mut Cx) {
        if self.id == NodeId(1) {
            cx.wake(cx.now + CHECK_EVERY.0, Timer::Watch);
        }
    }

    /// The monitor asks. It calls a method of an object of its own: that cannot fail.
    pub(super) fn on_check(&self, cx: &mut Cx) {
        cx.tell(Fact::FoundHealthy);
        self.monitor(cx);
    }
}
