//! Which moments a server can show under MVCC: the newest snapshot it has, the oldest it still has,
//! and the timestamps by which every server orders the same.
//!
//! A snapshot of a timestamp shows every commit up to it and none after it. A server has it once no
//! such commit can come any more: a primary knows that of the past, a follower is told by its
//! source where commits are closed, as CockroachDB's followers are. So a follower's newest snapshot
//! is a prefix of the commits and trails: consistent, not current.

use std::rc::Rc;

use crate::base::{KeyId, Lsn, OpId, SimTime};
use crate::data::{LATEST, LogEntry};
use crate::policy::Isolation;

use super::fact::Fact;
use super::message::{After, View};
use super::reason::Reason;
use super::state::{Cx, Node, Unflushed};

/// What becomes of a read at this server at this moment.
pub(super) enum Prospect {
    /// It is answered from this snapshot, which may be `LATEST`.
    Answer(SimTime),
    /// It waits; this says for what.
    Wait(Fact),
    /// It is turned down.
    Refuse(Reason),
}

impl Node {
    /// The commit timestamp of a write that is on disk now: the time, and under MVCC later than
    /// every one in this log. Simplification: it is true time, whatever the server's clock says.
    pub(super) fn stamp(&self, cx: &Cx) -> SimTime {
        match cx.rules.isolation {
            Isolation::Latest => cx.now,
            Isolation::Mvcc => self.newest_stamp().map_or(cx.now, |newest| cx.now.max(newest + 1)),
        }
    }

    fn newest_stamp(&self) -> Option<SimTime> {
        let logged = self.disk.log.last().map(|slot| slot.entry.written_at);
        let kept = self.disk.store.versions().map(|versions| versions.newest());
        logged.max(kept.filter(|newest| *newest > 0))
    }

    /// The timestamp up to which this log has every commit that there will ever be; 0 unless under
    /// MVCC.
    pub(super) fn closed(&self, cx: &Cx) -> SimTime {
        match cx.rules.isolation {
            Isolation::Latest => 0,
            Isolation::Mvcc => self.closed_at(cx.now),
        }
    }

    fn closed_at(&self, now: SimTime) -> SimTime {
        let heard = self.memory.upstreams.iter().map(|upstream| upstream.closed).max();
        // What a primary has yet to write gets a timestamp of this microsecond or a later one.
        let own = self.is_primary().then(|| now.saturating_sub(1));
        own.or(heard).max(self.newest_stamp()).unwrap_or(0)
    }

    /// The same for those who follow, to whom what waits for the disk here is yet to be shipped.
    pub(super) fn closed_on_disk(&self, cx: &Cx) -> SimTime {
        let before = self.first_unflushed().map(|entry| entry.written_at.saturating_sub(1));
        let closed = self.closed(cx);
        before.map_or(closed, |before| closed.min(before))
    }

    fn first_unflushed(&self) -> Option<&Rc<LogEntry>> {
        self.memory.unflushed.iter().find_map(|unflushed| match unflushed {
            Unflushed::Foreign { entry, .. } => Some(entry),
            Unflushed::Own { .. } => None,
        })
    }

    /// The newest snapshot this server can show: everything before the first commit that it knows
    /// of and does not show yet.
    pub fn newest_snapshot(&self, now: SimTime) -> SimTime {
        let (log, memory) = (&self.disk.log, &self.memory);
        let waiting = memory.waiting.front().map_or(log.end(), |write| write.lsn);
        let hidden = log.get(waiting.min(self.disk.applied_through)).map(|slot| &slot.entry);
        match hidden.or_else(|| self.first_unflushed()) {
            Some(entry) => entry.written_at.saturating_sub(1),
            None => self.closed_at(now),
        }
    }

    /// The oldest snapshot this server can still show.
    pub fn oldest_snapshot(&self, cx: &Cx) -> SimTime {
        let vacuumed = self.disk.store.versions().map_or(0, |versions| versions.horizon());
        vacuumed.max(self.horizon(cx).unwrap_or(0))
    }

    /// What vacuum spares: snapshots that are not older than the rule says, and the newest one
    /// here, however old. None if the rule spares all.
    fn horizon(&self, cx: &Cx) -> Option<SimTime> {
        let span = cx.rules.vacuum?;
        Some(cx.now.saturating_sub(span.0).min(self.newest_snapshot(cx.now)))
    }

    /// Forgets the versions of a key that has just changed which no snapshot needs any more.
    pub(super) fn prune(&mut self, cx: &Cx, key: KeyId) {
        if let Some(horizon) = self.horizon(cx) {
            self.disk.store.prune(key, horizon);
        }
    }

    pub(super) fn prune_at(&mut self, cx: &Cx, lsn: Lsn) {
        if cx.rules.vacuum.is_some()
            && let Some(key) = self.disk.log.get(lsn).map(|slot| slot.entry.key)
        {
            self.prune(cx, key);
        }
    }

    /// Forgets every version that the rule does not spare; without a rule, all that the newest
    /// snapshot does not show.
    pub fn vacuum(&mut self, cx: &mut Cx) {
        let newest = self.newest_snapshot(cx.now);
        let horizon = self.horizon(cx).unwrap_or(newest).max(self.oldest_snapshot(cx));
        let versions = self.disk.store.vacuum(horizon);
        cx.tell(Fact::Vacuumed { versions, horizon });
    }

    /// What becomes of a read that asks for this.
    pub(super) fn prospect(&self, cx: &Cx, op: OpId, after: &After) -> Prospect {
        if let Some(lacks) = after.gtids.first_missing_from(&self.disk.applied) {
            return Prospect::Wait(Fact::ReadWaits { op, lacks });
        }
        let newest = || self.newest_snapshot(cx.now);
        match after.view {
            View::Latest => Prospect::Answer(LATEST),
            View::Newest => Prospect::Answer(newest()),
            View::At(snapshot) if snapshot < self.oldest_snapshot(cx) => {
                Prospect::Refuse(Reason::SnapshotTooOld)
            }
            View::At(snapshot) if snapshot <= newest() => Prospect::Answer(snapshot),
            View::At(_) => Prospect::Wait(Fact::SnapshotWaits { op, newest: newest() }),
        }
    }
}
