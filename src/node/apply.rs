//! Taking entries in and applying them: seen before? stop. A gap? fetch. Third duty of four.

use std::rc::Rc;

use crate::base::{Lsn, NodeId, Purpose, SimTime};
use crate::data::{LogEntry, Slot};
use crate::policy::{LoopFilter, Point};

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
            && self.memory.next_apply < self.disk.log.end()
        {
            let lsn = self.memory.next_apply;
            self.memory.next_apply += 1;
            if self.is_own(lsn) || self.disk.applied_ahead.contains(&lsn) {
                self.advance_applied(cx);
                continue;
            }
            self.applies += 1;
            if self.dials.apply_delay.is_none() {
                self.finish_apply(cx, lsn, cx.now);
                continue;
            }
            let draw = cx.luck.draw(Purpose::Apply, self.id.0.into(), self.applies.into());
            self.memory.busy += 1;
            let done_at = cx.now + self.dials.apply_delay.sample(draw);
            cx.wake(done_at, Timer::Apply { lsn, started_at: cx.now });
        }
    }

    /// A worker has finished an entry.
    pub(super) fn on_applied(&mut self, cx: &mut Cx, lsn: Lsn, started_at: SimTime) {
        self.memory.busy = self.memory.busy.saturating_sub(1);
        self.finish_apply(cx, lsn, started_at);
        self.start_applies(cx);
    }

    fn finish_apply(&mut self, cx: &mut Cx, lsn: Lsn, started_at: SimTime) {
        // A promotion may have drained it while a worker was at work on it.
        if lsn < self.disk.applied_through || self.disk.applied_ahead.contains(&lsn) {
            return;
        }
        let Some(slot) = self.disk.log.get(lsn) else {
            return;
        };
        let (gtid, received_at) = (slot.entry.gtid, slot.received_at);
        self.disk.store.apply(&slot.entry, lsn);
        self.disk.applied.insert(gtid);
        cx.tell(Fact::Applied { gtid, received_at, started_at });
        if lsn == self.disk.applied_through {
            self.pass_applied(cx);
        } else {
            self.disk.applied_ahead.insert(lsn);
        }
        self.advance_applied(cx);
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
