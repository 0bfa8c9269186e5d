//! Every version of every key that one server keeps, by commit timestamp, until vacuum: what a
//! snapshot read sees. Copies share what is equal, key by key.
//!
//! A version is needed by every snapshot from its own commit on until the commit that superseded
//! it. Of what no snapshot from the horizon on can see, a key keeps nothing once it is pruned.

use std::rc::Rc;

use super::LogEntry;
use crate::base::{Chunked, KeyId, SimTime};

/// The snapshot of the end of time: whatever is the latest.
pub const LATEST: SimTime = SimTime::MAX;

/// The versions of one server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Versions {
    keys: Chunked<Rc<Vec<Rc<LogEntry>>>, 256>,
    horizon: SimTime,
    newest: SimTime,
}

impl Versions {
    /// The oldest snapshot that can still be read: what only older ones saw may be gone.
    pub fn horizon(&self) -> SimTime {
        self.horizon
    }

    /// The newest commit timestamp there is; 0 if there is none.
    pub fn newest(&self) -> SimTime {
        self.newest
    }

    /// The versions of a key, oldest first.
    pub fn of(&self, key: KeyId) -> &[Rc<LogEntry>] {
        self.keys.get(key.0 as usize).map_or(&[], |versions| versions)
    }

    /// The version of a key that a snapshot shows; None if the key had not been written by then.
    pub fn as_of(&self, key: KeyId, snapshot: SimTime) -> Option<&Rc<LogEntry>> {
        let versions = self.of(key);
        let later = versions.partition_point(|version| version.written_at <= snapshot);
        versions.get(later.checked_sub(1)?)
    }

    /// Keeps a version. One that comes again, round a ring that filters nothing, is one.
    pub(super) fn put(&mut self, entry: &Rc<LogEntry>) {
        let (index, stamp) = (entry.key.0 as usize, entry.written_at);
        self.newest = self.newest.max(stamp);
        self.keys.reach(index, &Rc::default());
        if let Some(versions) = self.keys.get_mut(index) {
            let versions = Rc::make_mut(versions);
            let later = versions.partition_point(|version| version.written_at <= stamp);
            if !versions[..later].iter().rev().any(|version| version.gtid == entry.gtid) {
                versions.insert(later, Rc::clone(entry));
            }
        }
    }

    /// Forgets the versions of a key that no snapshot from `horizon` on sees; says how many.
    pub(super) fn prune(&mut self, key: KeyId, horizon: SimTime) -> u32 {
        self.horizon = self.horizon.max(horizon);
        let seen = |version: &Rc<LogEntry>| version.written_at <= horizon;
        let superseded = self.of(key).partition_point(seen).saturating_sub(1);
        if let Some(versions) = self.keys.get_mut(key.0 as usize).filter(|_| superseded > 0) {
            Rc::make_mut(versions).drain(..superseded);
        }
        superseded as u32
    }

    /// The same for every key.
    pub(super) fn vacuum(&mut self, horizon: SimTime) -> u32 {
        (0..self.keys.len() as u32).map(|key| self.prune(KeyId(key), horizon)).sum()
    }

    /// Bytes that all of them take in a copy.
    pub(super) fn bytes(&self) -> u32 {
        let all = self.keys.iter().flat_map(|versions| versions.iter());
        all.fold(0, |sum, version| sum.saturating_add(version.bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Luck, NodeId, OpId, Purpose};
    use crate::data::{Change, Gtid};

    fn version(key: u32, seq: u32, written_at: SimTime) -> Rc<LogEntry> {
        let gtid = Gtid { origin: NodeId(0), seq };
        let (key, op, change) = (KeyId(key), OpId(seq), Change::Delete);
        Rc::new(LogEntry {
            gtid,
            epoch: 1,
            key,
            change,
            op,
            written_at,
            bytes: 1,
            clock: 0,
            seen: None,
        })
    }

    fn seq(versions: &Versions, key: u32, snapshot: SimTime) -> Option<u32> {
        versions.as_of(KeyId(key), snapshot).map(|version| version.gtid.seq)
    }

    #[test]
    fn a_snapshot_shows_the_last_version_by_then_whatever_the_order_of_arrival() {
        let mut versions = Versions::default();
        for (seq, at) in [(2, 20), (1, 10), (3, 30), (2, 20)] {
            versions.put(&version(0, seq, at));
        }
        let shown = [9, 10, 19, 20, 29, 30, 99].map(|at| seq(&versions, 0, at));
        assert_eq!(shown, [None, Some(1), Some(1), Some(2), Some(2), Some(3), Some(3)]);
        assert_eq!((versions.of(KeyId(0)).len(), seq(&versions, 7, 99)), (3, None));
    }

    #[test]
    fn vacuum_changes_no_snapshot_from_the_horizon_on_and_keeps_nothing_else() {
        let draw = |nth| Luck(7).draw(Purpose::Generator, 3, nth);
        let mut versions = Versions::default();
        for seq in 1..=200 {
            versions.put(&version((draw(seq.into()) % 5) as u32, seq, 10 * SimTime::from(seq)));
        }
        let whole = versions.clone();
        for horizon in [0, 5, 700, 1_234, 3_000] {
            versions.vacuum(horizon);
            for key in 0..5 {
                for snapshot in horizon..2_050 {
                    assert_eq!(seq(&versions, key, snapshot), seq(&whole, key, snapshot));
                }
                let kept = versions.of(KeyId(key)).iter();
                let old = kept.filter(|version| version.written_at <= horizon).count();
                assert!(old <= 1, "{old} versions of k{key} as of {horizon}");
            }
            assert_eq!(versions.horizon(), horizon);
        }
        let left = (0..5).map(|key| versions.of(KeyId(key)).len()).sum::<usize>();
        assert_eq!((left, whole.horizon()), (5, 0), "a copy keeps what it had");
    }
}
