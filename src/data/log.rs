//! One server's replication log: the entries it has on disk, in its own order.
//!
//! GTID is an entry's identity everywhere; LSN is its position in *this* log. Only flushed entries
//! are here, so one GTID never names two changes. A trimmed log begins at `first()`.

use std::rc::Rc;

use super::{Change, Gtid, GtidSet, Reigns};
use crate::base::{Chunked, Epoch, KeyId, Lsn, NodeId, OpId, SimTime};

/// One change, written once at its origin and shared by every log that holds it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LogEntry {
    /// Identity.
    pub gtid: Gtid,
    /// Reign in which it was written.
    pub epoch: Epoch,
    /// The key it changes.
    pub key: KeyId,
    /// What it does to that key.
    pub change: Change,
    /// The client's operation it carries out.
    pub op: OpId,
    /// When its origin had it on disk: its commit timestamp, as MySQL's original_commit_timestamp.
    /// Under MVCC no two entries of a log share one.
    pub written_at: SimTime,
    /// What its origin's clock said then, in microseconds; wrong by that clock's skew.
    pub clock: i64,
    /// What it had seen of other changes: what its origin, or under version vectors its client, had
    /// of the key. None where nobody needs to know.
    pub seen: Option<Rc<GtidSet>>,
    /// Size on the wire and in the log, in bytes.
    pub bytes: u32,
}

/// An entry in one log, with how it came here.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slot {
    /// The entry.
    pub entry: Rc<LogEntry>,
    /// When this server received it; at its origin, when it was written.
    pub received_at: SimTime,
    /// The server that shipped it here; the server itself for a write of its own.
    pub source: NodeId,
}

/// A server's log on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Log {
    /// Changes whenever positions start to mean something else: after a snapshot was installed.
    pub generation: u32,
    first: Lsn,
    trimmed: Lsn,
    slots: Chunked<Slot>,
    gtids: GtidSet,
    reigns: Reigns,
}

impl Log {
    /// An empty log that continues after everything in `gtids`, from position `first`.
    pub fn after_snapshot(generation: u32, first: Lsn, gtids: GtidSet, reigns: Reigns) -> Log {
        Log { generation, first, trimmed: 0, slots: Chunked::default(), gtids, reigns }
    }

    /// Position of the oldest entry still held.
    pub fn first(&self) -> Lsn {
        self.first + self.trimmed
    }

    /// Position that the next entry will get.
    pub fn end(&self) -> Lsn {
        self.first + self.slots.len() as Lsn
    }

    /// The entry at a position; None if trimmed or not yet written.
    pub fn get(&self, lsn: Lsn) -> Option<&Slot> {
        if lsn < self.first() {
            return None;
        }
        self.slots.get((lsn - self.first) as usize)
    }

    /// The newest entry held.
    pub fn last(&self) -> Option<&Slot> {
        self.get(self.end().checked_sub(1)?)
    }

    /// Everything this log has ever held, trimmed entries and a snapshot's included.
    pub fn gtids(&self) -> &GtidSet {
        &self.gtids
    }

    /// In which reigns these were written.
    pub fn reigns(&self) -> &Reigns {
        &self.reigns
    }

    /// Appends, and says at which position.
    pub fn push(&mut self, slot: Slot) -> Lsn {
        let lsn = self.end();
        self.gtids.insert(slot.entry.gtid);
        self.reigns.note(slot.entry.gtid, slot.entry.epoch);
        self.slots.push(slot);
        lsn
    }

    /// Counts a change as held once, though its entry is gone.
    pub fn remember(&mut self, gtid: Gtid, epoch: Epoch) {
        self.gtids.insert(gtid);
        self.reigns.note(gtid, epoch);
    }

    /// Forgets all but the newest `keep` entries, and nothing from `needed` on. Simplification: the
    /// memory is kept; the log merely answers as if the entries were gone.
    pub fn trim(&mut self, keep: u32, needed: Lsn) {
        let surplus = (self.slots.len() as Lsn).saturating_sub(keep);
        self.trimmed = self.trimmed.max(surplus.min(needed.saturating_sub(self.first)));
    }

    /// Position of the first entry held that is not in `have`; `end()` if none is missing.
    ///
    /// None if something missing was trimmed away, so that only a snapshot can help.
    pub fn first_missing_from(&self, have: &GtidSet) -> Option<Lsn> {
        let missing = self.gtids.count_missing_from(have);
        let held = (self.first()..self.end()).filter(|lsn| self.lacks(*lsn, have)).count() as u64;
        let start = (self.first()..self.end()).find(|lsn| self.lacks(*lsn, have));
        (missing <= held).then(|| start.unwrap_or(self.end()))
    }

    fn lacks(&self, lsn: Lsn, have: &GtidSet) -> bool {
        self.get(lsn).is_some_and(|slot| !have.contains(slot.entry.gtid))
    }

    /// Entries held, with their positions, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Lsn, &Slot)> {
        (self.first()..self.end()).filter_map(|lsn| self.get(lsn).map(|slot| (lsn, slot)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(seq: u32) -> Slot {
        let gtid = Gtid { origin: NodeId(0), seq };
        let entry = LogEntry {
            gtid,
            epoch: 1,
            key: KeyId(0),
            change: Change::Delete,
            op: OpId(seq),
            written_at: 0,
            clock: 0,
            seen: None,
            bytes: 1,
        };
        Slot { entry: Rc::new(entry), received_at: 0, source: NodeId(0) }
    }

    #[test]
    fn a_trimmed_log_knows_when_only_a_snapshot_can_help() {
        let mut log = Log::default();
        (1..=10).for_each(|seq| {
            log.push(slot(seq));
        });
        let have: GtidSet = (1..=4).map(|seq| Gtid { origin: NodeId(0), seq }).collect();
        assert_eq!(log.first_missing_from(&have), Some(4));
        log.trim(6, 10);
        assert_eq!((log.first(), log.end(), log.first_missing_from(&have)), (4, 10, Some(4)));
        log.trim(5, 10);
        assert_eq!(log.first_missing_from(&have), None);
        assert_eq!(log.first_missing_from(log.gtids()), Some(10));
    }
}
