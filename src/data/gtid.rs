//! Global transaction ids and sets of them.
//!
//! A set answers how far behind (difference), whether an entry was seen (membership), who is most
//! advanced (comparison) and what only a deposed primary has (leftover). Gap-free per origin it is
//! a version vector. Shape and notation follow MySQL's `gtid_executed`.

use std::fmt;

use smallvec::SmallVec;

use crate::base::NodeId;

/// The identity of one change: the server where it was born, and its number there, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gtid {
    /// Where the change was first written.
    pub origin: NodeId,
    /// The how-manieth change of that server, from 1.
    pub seq: u32,
}

impl fmt::Display for Gtid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.origin, self.seq)
    }
}

/// A run of consecutive GTIDs of one origin, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Run {
    origin: NodeId,
    first: u32,
    last: u32,
}

/// A set of GTIDs, kept as the fewest runs, ordered by origin and number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct GtidSet {
    runs: SmallVec<[Run; 1]>,
}

impl GtidSet {
    /// Index of the first run that ends at or after this GTID.
    fn position(&self, gtid: Gtid) -> usize {
        match self.runs.as_slice() {
            [only] => usize::from((only.origin, only.last) < (gtid.origin, gtid.seq)),
            runs => runs.partition_point(|run| (run.origin, run.last) < (gtid.origin, gtid.seq)),
        }
    }

    /// Whether the set has this change.
    pub fn contains(&self, gtid: Gtid) -> bool {
        self.runs
            .get(self.position(gtid))
            .is_some_and(|run| run.origin == gtid.origin && run.first <= gtid.seq)
    }

    /// Adds a change; false if it was there.
    pub fn insert(&mut self, gtid: Gtid) -> bool {
        // Mostly the next change of the only origin.
        if let [only] = self.runs.as_mut_slice()
            && only.origin == gtid.origin
            && only.last.wrapping_add(1) == gtid.seq
        {
            only.last = gtid.seq;
            return true;
        }
        let at = self.position(gtid);
        if self.contains(gtid) {
            return false;
        }
        let touches_before = at > 0
            && self.runs[at - 1].origin == gtid.origin
            && self.runs[at - 1].last + 1 == gtid.seq;
        let touches_after = self
            .runs
            .get(at)
            .is_some_and(|run| run.origin == gtid.origin && run.first == gtid.seq + 1);
        match (touches_before, touches_after) {
            (true, true) => {
                self.runs[at - 1].last = self.runs[at].last;
                self.runs.remove(at);
            }
            (true, false) => self.runs[at - 1].last = gtid.seq,
            (false, true) => self.runs[at].first = gtid.seq,
            (false, false) => {
                let run = Run { origin: gtid.origin, first: gtid.seq, last: gtid.seq };
                self.runs.insert(at, run);
            }
        }
        true
    }

    /// Adds a change and every earlier one of its origin.
    pub fn insert_through(&mut self, gtid: Gtid) {
        let Gtid { origin, seq } = gtid;
        let mut last = seq;
        self.runs.retain(|run| {
            let joins = run.origin == origin && run.first <= seq.saturating_add(1);
            if joins {
                last = last.max(run.last);
            }
            !joins
        });
        let at = self.runs.partition_point(|run| run.origin < origin);
        self.runs.insert(at, Run { origin, first: 1, last });
    }

    /// Adds every change of another set.
    pub fn extend(&mut self, other: &GtidSet) {
        if self.is_empty() {
            *self = other.clone();
        } else {
            other.difference(&self.clone()).for_each(|gtid| {
                self.insert(gtid);
            });
        }
    }

    /// How many changes.
    pub fn len(&self) -> u64 {
        self.runs.iter().map(|run| u64::from(run.last - run.first) + 1).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The highest number of this origin; 0 if none.
    pub fn last_of(&self, origin: NodeId) -> u32 {
        let after = self.runs.partition_point(|run| run.origin <= origin);
        match after.checked_sub(1).map(|at| self.runs[at]) {
            Some(run) if run.origin == origin => run.last,
            Some(_) | None => 0,
        }
    }

    /// The newest change of each origin.
    pub fn newest(&self) -> impl Iterator<Item = Gtid> {
        self.runs.iter().enumerate().filter_map(|(at, run)| {
            let last = self.runs.get(at + 1).is_none_or(|next| next.origin != run.origin);
            last.then_some(Gtid { origin: run.origin, seq: run.last })
        })
    }

    /// Whether every change of `other` is here too.
    pub fn is_superset(&self, other: &GtidSet) -> bool {
        other.runs.iter().all(|run| {
            let at = self.position(Gtid { origin: run.origin, seq: run.first });
            self.runs.get(at).is_some_and(|own| {
                own.origin == run.origin && own.first <= run.first && run.last <= own.last
            })
        })
    }

    /// The first change that is here and not in `other`; None if `other` has them all.
    pub fn first_missing_from(&self, other: &GtidSet) -> Option<Gtid> {
        self.runs.iter().find_map(|run| {
            let first = Gtid { origin: run.origin, seq: run.first };
            let covered = other.runs.get(other.position(first));
            let covered = covered.filter(|own| own.origin == run.origin && own.first <= run.first);
            match covered {
                None => Some(first),
                Some(own) if own.last < run.last => Some(Gtid { seq: own.last + 1, ..first }),
                Some(_) => None,
            }
        })
    }

    /// What is here and not in `other`, in order. What both have costs nothing to pass over.
    pub fn difference<'a>(&'a self, other: &'a GtidSet) -> impl Iterator<Item = Gtid> + 'a {
        let mut runs = self.runs.iter().copied();
        let mut run = runs.next();
        std::iter::from_fn(move || {
            loop {
                let Run { origin, first, last } = run?;
                let gtid = Gtid { origin, seq: first };
                let both = other.runs.get(other.position(gtid));
                let both = both.filter(|both| both.origin == origin && both.first <= first);
                let next = both.map_or(first, |both| both.last) + 1;
                run = if next <= last { Some(Run { first: next, ..run? }) } else { runs.next() };
                if both.is_none() {
                    return Some(gtid);
                }
            }
        })
    }

    /// How many changes are here and not in `other`.
    pub fn count_missing_from(&self, other: &GtidSet) -> u64 {
        let shared: u64 = self
            .runs
            .iter()
            .map(|run| {
                let start = other.position(Gtid { origin: run.origin, seq: run.first });
                let within = |other: &&Run| other.origin == run.origin && other.first <= run.last;
                other.runs[start..]
                    .iter()
                    .take_while(within)
                    .map(|o| u64::from(o.last.min(run.last) - o.first.max(run.first)) + 1)
                    .sum::<u64>()
            })
            .sum();
        self.len() - shared
    }

    /// Every change, by origin and number.
    pub fn iter(&self) -> impl Iterator<Item = Gtid> + '_ {
        let mut runs = self.runs.iter().copied();
        let mut run = runs.next();
        std::iter::from_fn(move || {
            let Run { origin, first, last } = run?;
            run = if first < last {
                Some(Run { origin, first: first + 1, last })
            } else {
                runs.next()
            };
            Some(Gtid { origin, seq: first })
        })
    }

    /// Whether each origin's changes are here without a gap, from the first.
    pub fn is_gap_free(&self) -> bool {
        self.runs.iter().all(|run| run.first == 1)
    }

    /// Bytes the set takes on the wire: 16 an origin's run, as two 64-bit numbers.
    pub fn bytes(&self) -> u32 {
        16 * u32::try_from(self.runs.len()).unwrap_or(u32::MAX / 16)
    }
}

impl fmt::Display for GtidSet {
    /// As MySQL prints it: `n1:1-5:7,n2:1-3`; the empty set is the empty text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut before: Option<NodeId> = None;
        for run in &self.runs {
            match before {
                Some(origin) if origin == run.origin => write!(f, ":")?,
                Some(_) => write!(f, ",{}:", run.origin)?,
                None => write!(f, "{}:", run.origin)?,
            }
            before = Some(run.origin);
            match run.last - run.first {
                0 => write!(f, "{}", run.first)?,
                _ => write!(f, "{}-{}", run.first, run.last)?,
            }
        }
        Ok(())
    }
}

impl FromIterator<Gtid> for GtidSet {
    fn from_iter<I: IntoIterator<Item = Gtid>>(gtids: I) -> GtidSet {
        let mut set = GtidSet::default();
        gtids.into_iter().for_each(|gtid| {
            set.insert(gtid);
        });
        set
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::base::{Luck, Purpose};

    fn random_gtids(seed: u64, count: u64) -> Vec<Gtid> {
        (0..count)
            .map(|nth| {
                let bits = Luck(seed).draw(Purpose::Generator, 0, nth);
                Gtid { origin: NodeId((bits % 3) as u16), seq: (bits >> 8) as u32 % 12 + 1 }
            })
            .collect()
    }

    #[test]
    fn it_agrees_with_an_ordinary_set_in_every_answer() {
        for seed in 0..300 {
            let (left, right) = (random_gtids(seed, seed % 40), random_gtids(seed + 999, 15));
            let (a, b): (GtidSet, GtidSet) =
                (left.iter().copied().collect(), right.iter().copied().collect());
            let (x, y): (BTreeSet<_>, BTreeSet<_>) =
                (left.into_iter().collect(), right.iter().copied().collect());
            assert_eq!(a.iter().collect::<Vec<_>>(), x.iter().copied().collect::<Vec<_>>());
            assert_eq!(a.len(), x.len() as u64);
            assert!(
                random_gtids(seed + 5, 40).iter().all(|gtid| a.contains(*gtid) == x.contains(gtid))
            );
            assert_eq!(a.is_superset(&b), x.is_superset(&y));
            assert_eq!(
                a.difference(&b).collect::<Vec<_>>(),
                x.difference(&y).copied().collect::<Vec<_>>()
            );
            assert_eq!(a.first_missing_from(&b), x.difference(&y).next().copied());
            let mut through = a.clone();
            through.insert_through(right[0]);
            let earlier = (1..=right[0].seq).map(|seq| Gtid { seq, ..right[0] });
            let expected: GtidSet = x.iter().copied().chain(earlier).collect();
            assert_eq!(through, expected);
            assert_eq!(a.count_missing_from(&b), x.difference(&y).count() as u64);
            for origin in (0..3).map(NodeId) {
                let last = x.iter().filter(|gtid| gtid.origin == origin).map(|gtid| gtid.seq).max();
                assert_eq!(a.last_of(origin), last.unwrap_or(0));
            }
        }
    }

    #[test]
    fn it_prints_as_mysql_does() {
        let gtids = [(0, 1), (0, 2), (0, 3), (0, 7), (1, 2)];
        let set: GtidSet =
            gtids.map(|(n, seq)| Gtid { origin: NodeId(n), seq }).into_iter().collect();
        assert_eq!(set.to_string(), "n1:1-3:7,n2:2");
        assert_eq!(GtidSet::default().to_string(), "");
    }
}
