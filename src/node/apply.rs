//! Taking entries in and applying them: seen before? stop. A gap? fetch. Third duty of four.

use std::rc::Rc;

use crate::base::{Lsn, NodeId, Purpose, SimTime, Span};
use crate::data::{Gtid, LogEntry, Slot};
use crate::policy::{LoopFilter, Point};

use super::election::Stage;
use super::fact::Fact;
use super::message::Entries;
use super::state::{Cx, Node, Timer, Unflushed};

impl Node {
    /// Entries arrive from a source that this server follows, in the numbering it knows.
    pub(super) fn on_entries(
        &mut self,
        cx: &mut Cx,
        source: NodeId,
        first: Lsn,
        entries: &Entries,
    ) {
        let Some(upstream) =
            self.memory.upstreams.iter_mut().find(|upstream| upstream.node == source)
        else {
            return;
        };
        let entries = entries.as_slice();
        let after = first + entries.len() as Lsn;
        if first > upstream.expected {
            cx.tell(Fact::Gap { expected: upstream.expected, found: first });
            upstream.promised = upstream.promised.max(after);
            self.fetch_missing(cx, source);
            return;
        }
        let known = (upstream.expected - first) as usize;
        if after <= upstream.expected {
            if let Some(last) = entries.last() {
                cx.tell(Fact::Duplicate(last.gtid));
            }
            return;
        }
        upstream.expected = after;
        upstream.fetching = false;
        if after < upstream.promised {
            upstream.expect_answer(cx);
        }
        let again = upstream.caught_up_at.saturating_sub(first) as usize;
        for (nth, entry) in entries.iter().enumerate().skip(known) {
            self.receive(cx, source, entry, nth < again);
        }
        if self.memory.unflushed.is_empty() {
            self.use_flushed(cx);
        } else {
            self.start_flush(cx);
        }
    }

    /// `again` is whether it may be here already because this server connected anew.
    fn receive(&mut self, cx: &mut Cx, source: NodeId, entry: &Rc<LogEntry>, again: bool) {
        let gtid = entry.gtid;
        if cx.rules.ignore_origins.contains(&gtid.origin) {
            cx.tell(Fact::IgnoredOrigin(gtid));
            return;
        }
        let new = self.memory.received.insert(gtid);
        let drops = match cx.rules.loop_filter {
            LoopFilter::Gtid => !new,
            LoopFilter::Origin => gtid.origin == self.id || again && !new,
            LoopFilter::Off => false,
        };
        if drops {
            cx.tell(Fact::Filtered(gtid));
            return;
        }
        let flushed = self.dials.flush_delay.is_none() && self.memory.unflushed.is_empty();
        cx.tell(Fact::Received { gtid, flushed });
        if cx.rules.ack.wanted() == Some(Point::Received) {
            self.acknowledge(cx, source, gtid, Point::Received);
        }
        let (entry, received_at) = (Rc::clone(entry), cx.now);
        if flushed {
            self.log_foreign(cx, Slot { entry, received_at, source });
        } else {
            self.memory.unflushed.push_back(Unflushed::Foreign { entry, received_at, source });
        }
    }

    /// An entry from a source goes into the log on disk.
    pub(super) fn log_foreign(&mut self, cx: &mut Cx, slot: Slot) {
        let (gtid, source) = (slot.entry.gtid, slot.source);
        self.disk.log.push(slot);
        if cx.rules.ack.wanted() == Some(Point::Flushed) {
            self.acknowledge(cx, source, gtid, Point::Flushed);
        }
    }

    /// Gives entries to idle workers, in log order. Own writes become visible by their ack rule
    /// instead.
    pub(super) fn start_applies(&mut self, cx: &mut Cx) {
        while self.memory.busy < self.dials.apply_workers
            && self.memory.stopped.is_none()
            && self.memory.next_apply < self.disk.log.end()
        {
            let lsn = self.memory.next_apply;
            let done = self.is_own(lsn) || self.disk.applied_ahead.contains(&lsn);
            if !done && self.dials.apply_after > Span::ZERO && !self.is_due(cx, lsn) {
                return;
            }
            self.memory.next_apply += 1;
            if done {
                self.advance_applied(cx);
                continue;
            }
            self.applies += 1;
            let rows = self.row_delay(lsn);
            if self.dials.apply_delay.is_none() && rows == 0 {
                self.finish_apply(cx, lsn, cx.now);
                continue;
            }
            let draw = cx.luck.draw(Purpose::Apply, self.id.0.into(), self.applies.into());
            self.memory.busy += 1;
            let done_at = cx.now + self.dials.apply_delay.sample(draw) + rows;
            cx.wake(done_at, Timer::Apply { lsn, started_at: cx.now });
        }
        self.settle_table(cx);
    }

    /// Whether an entry may be applied, on a server that applies each only some time after its
    /// commit; if not yet, a timer comes for it. Who is elected has no time for that.
    fn is_due(&mut self, cx: &mut Cx, lsn: Lsn) -> bool {
        if matches!(self.memory.election.stage, Stage::Draining(_)) {
            return true;
        }
        let written_at = self.disk.log.get(lsn).map_or(0, |slot| slot.entry.written_at);
        let due_at = written_at + self.dials.apply_after.0;
        let due = due_at <= cx.now;
        if !due && self.memory.due_at != Some(due_at) {
            self.memory.due_at = Some(due_at);
            cx.wake(due_at, Timer::Due);
        }
        due
    }

    /// The next entry is old enough, if nothing has changed meanwhile.
    pub(super) fn on_due(&mut self, cx: &mut Cx) {
        self.memory.due_at = None;
        self.start_applies(cx);
    }

    /// A worker has finished an entry.
    pub(super) fn on_applied(&mut self, cx: &mut Cx, lsn: Lsn, started_at: SimTime) {
        self.memory.busy = self.memory.busy.saturating_sub(1);
        self.finish_apply(cx, lsn, started_at);
        self.start_applies(cx);
    }

    pub(super) fn finish_apply(&mut self, cx: &mut Cx, lsn: Lsn, started_at: SimTime) {
        // A promotion may have drained it while a worker was at work on it.
        if lsn < self.disk.applied_through || self.disk.applied_ahead.contains(&lsn) {
            return;
        }
        let Some(slot) = self.disk.log.get(lsn) else {
            return;
        };
        let (entry, received_at) = (Rc::clone(&slot.entry), slot.received_at);
        let (gtid, key) = (entry.gtid, entry.key);
        if let Some(with) = self.stops_at(cx, &entry) {
            // One error at a time is reported, as in MySQL; the others come when it is skipped.
            if self.memory.stopped.is_none_or(|stopped| lsn < stopped) {
                self.memory.stopped = Some(lsn);
                cx.tell(Fact::ApplierStopped { gtid, with });
            }
            return;
        }
        let met = self.resolve(cx, &entry, lsn);
        if entry.change.is_sql() {
            self.apply_sql(cx, &entry, lsn);
        }
        self.disk.applied.insert(gtid);
        self.prune(cx, key);
        cx.tell(Fact::Applied { gtid, received_at, started_at });
        Node::tell_met(cx, entry.op, gtid, met);
        self.note_applied(cx, lsn);
    }

    fn note_applied(&mut self, cx: &mut Cx, lsn: Lsn) {
        if lsn == self.disk.applied_through {
            self.pass_applied(cx);
        } else {
            self.disk.applied_ahead.insert(lsn);
        }
        self.advance_applied(cx);
    }

    /// Goes on after the entry at which applying has stopped, as if it were applied; false if it
    /// has not stopped.
    pub fn skip(&mut self, cx: &mut Cx) -> bool {
        let Some(lsn) = self.memory.stopped.take() else {
            return false;
        };
        if let Some(gtid) = self.disk.log.get(lsn).map(|slot| slot.entry.gtid) {
            self.disk.applied.insert(gtid);
            cx.tell(Fact::Skipped(gtid));
            self.note_applied(cx, lsn);
        }
        self.memory.next_apply = self.disk.applied_through;
        self.start_applies(cx);
        true
    }

    /// The entry at which applying has stopped; None while it goes on.
    pub fn stopped(&self) -> Option<Gtid> {
        self.disk.log.get(self.memory.stopped?).map(|slot| slot.entry.gtid)
    }

    /// Moves the mark up to which everything is applied over what is applied already.
    pub(super) fn advance_applied(&mut self, cx: &mut Cx) {
        while self.disk.applied_through < self.disk.log.end() {
            let lsn = self.disk.applied_through;
            if !self.is_own(lsn) && !self.disk.applied_ahead.remove(&lsn) {
                return;
            }
            self.pass_applied(cx);
        }
    }

    fn pass_applied(&mut self, cx: &mut Cx) {
        let lsn = self.disk.applied_through;
        self.disk.applied_through += 1;
        if cx.is_proper() {
            self.commit_at_tail(cx, lsn);
        }
        if cx.rules.ack.wanted() != Some(Point::Applied) {
            return;
        }
        let foreign = self.disk.log.get(lsn).filter(|slot| slot.source != self.id);
        if let Some(slot) = foreign {
            let (source, gtid) = (slot.source, slot.entry.gtid);
            self.acknowledge(cx, source, gtid, Point::Applied);
        }
    }

    fn is_own(&self, lsn: Lsn) -> bool {
        self.disk.log.get(lsn).is_some_and(|slot| slot.source == self.id)
    }

    /// Applies everything in the log at once: what a promotion or a step down leaves no time for.
    ///
    /// Simplification: the drain before a promotion takes no time.
    pub(super) fn drain(&mut self, cx: &mut Cx) {
        self.memory.flushing = 0;
        let covered = self.memory.unflushed.len() as u32;
        self.finish_flush(cx, covered);
        for lsn in self.disk.applied_through..self.disk.log.end() {
            if !self.is_own(lsn) && !self.disk.applied_ahead.contains(&lsn) {
                self.finish_apply(cx, lsn, cx.now);
            }
        }
        self.advance_applied(cx);
        self.memory.next_apply = self.disk.log.end();
    }
}
