//! In which reign each change was written, trimmed ones included: what PostgreSQL keeps as timeline
//! history. One line for each time that an origin began to write in a new epoch.

use smallvec::SmallVec;

use super::Gtid;
use crate::base::{Epoch, NodeId};

/// An origin's changes from a number on, all of one epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Reign {
    origin: NodeId,
    first: u32,
    epoch: Epoch,
}

/// The reigns that a log's entries come from, by origin and number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Reigns {
    reigns: SmallVec<[Reign; 1]>,
}

impl Reigns {
    /// Notes a change. An origin's numbers and epochs only grow.
    pub fn note(&mut self, gtid: Gtid, epoch: Epoch) {
        let continues = |last: &Reign| {
            last.origin == gtid.origin && last.epoch == epoch && last.first <= gtid.seq
        };
        if self.reigns.last().is_some_and(continues) {
            return;
        }
        if self.epoch_of(gtid) != Some(epoch) {
            let (origin, first) = (gtid.origin, gtid.seq);
            let at = self.position(gtid);
            self.reigns.insert(at, Reign { origin, first, epoch });
        }
    }

    /// The epoch in which a change was written; None if its origin is unknown here.
    pub fn epoch_of(&self, gtid: Gtid) -> Option<Epoch> {
        let before = self.position(gtid).checked_sub(1)?;
        let reign = self.reigns[before];
        (reign.origin == gtid.origin).then_some(reign.epoch)
    }

    /// How many reigns began at or before this change.
    fn position(&self, gtid: Gtid) -> usize {
        let begun = |reign: &Reign| (reign.origin, reign.first) <= (gtid.origin, gtid.seq);
        self.reigns.partition_point(begun)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_belongs_to_the_last_reign_that_began_before_it() {
        let gtid = |origin, seq| Gtid { origin: NodeId(origin), seq };
        let mut reigns = Reigns::default();
        for (change, epoch) in [(gtid(1, 1), 1), (gtid(0, 1), 2), (gtid(1, 2), 1), (gtid(1, 7), 3)]
        {
            reigns.note(change, epoch);
        }
        let epochs = [gtid(0, 9), gtid(1, 6), gtid(1, 7), gtid(2, 1)];
        assert_eq!(epochs.map(|change| reigns.epoch_of(change)), [Some(2), Some(1), Some(3), None]);
        assert_eq!(reigns.reigns.len(), 3);
    }
}
