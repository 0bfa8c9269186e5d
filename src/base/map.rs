//! An ordered map whose search and order are compiled once for all keys and values, unlike those of
//! the standard library's, which cost the page 5 kB for each pair of types.
//!
//! Entries stay where they were put, and a ranking says in which order they come. Nothing is ever
//! removed: who needs that has few things, and keeps them in a sorted vector.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Index;

use crate::form::{Entry, Form, ToForm};

/// Numbers of things, in the order of the things. Whoever numbers them compares them.
#[derive(Clone, Debug, Default)]
pub struct Ranking {
    /// Runs of at most `RUN_MAX` numbers, none empty: an insertion moves one run, not everything.
    runs: Vec<Vec<u32>>,
}

/// A place in a ranking.
pub type Rank = (usize, usize);

const RUN_MAX: usize = 512;

impl Ranking {
    /// The number of the thing that `compare` finds equal, or the place where it would be inserted.
    pub fn find(&self, compare: &dyn Fn(u32) -> Ordering) -> Result<u32, Rank> {
        let after = self.runs.partition_point(|run| compare(run[0]) != Ordering::Greater);
        let run = after.saturating_sub(1);
        let Some(numbers) = self.runs.get(run) else {
            return Err((0, 0));
        };
        let found = numbers.binary_search_by(|number| compare(*number));
        found.map(|at| numbers[at]).map_err(|at| (run, at))
    }

    /// Inserts a number at a place that `find` gave.
    pub fn insert(&mut self, (run, at): Rank, number: u32) {
        if self.runs.is_empty() {
            self.runs.push(Vec::new());
        }
        let numbers = &mut self.runs[run];
        numbers.insert(at, number);
        if numbers.len() > RUN_MAX {
            let rest = numbers.split_off(RUN_MAX / 2);
            self.runs.insert(run + 1, rest);
        }
    }

    /// The numbers, in order.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        self.runs.iter().flatten().copied()
    }
}

/// A map in the order of its keys.
#[derive(Clone)]
pub struct Map<K, V> {
    ranking: Ranking,
    entries: Vec<(K, V)>,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Map<K, V> {
        Map { ranking: Ranking::default(), entries: Vec::new() }
    }
}

impl<K: Ord, V> Map<K, V> {
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<u32, Rank>
    where
        K: Borrow<Q>,
    {
        self.ranking.find(&|number| self.entries[number as usize].0.borrow().cmp(key))
    }

    /// The value of a key, if it is there.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.find(key).ok().map(|number| &self.entries[number as usize].1)
    }

    /// The value of a key to change, if it is there.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.find(key).ok().map(|number| &mut self.entries[number as usize].1)
    }

    /// The value of a key to change; `blank` if it was not there.
    pub fn or_insert(&mut self, key: K, blank: V) -> &mut V {
        let number = self.find(&key).unwrap_or_else(|rank| {
            let number = self.entries.len() as u32;
            self.ranking.insert(rank, number);
            self.entries.push((key, blank));
            number
        });
        &mut self.entries[number as usize].1
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Keys and values, in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.ranking.iter().map(|number| {
            let (key, value) = &self.entries[number as usize];
            (key, value)
        })
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }

    /// The values, in the order of the keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }
}

/// Of values with the same key, the first stays.
impl<K: Ord, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Map<K, V> {
        let mut map = Map::default();
        for (key, value) in entries {
            map.or_insert(key, value);
        }
        map
    }
}

impl<K: Ord + Borrow<Q>, Q: Ord + ?Sized, V> Index<&Q> for Map<K, V> {
    type Output = V;

    fn index(&self, key: &Q) -> &V {
        self.get(key).expect("the key is in the map")
    }
}

impl<K: Ord, V: PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Map<K, V>) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<K: Ord, V: Eq> Eq for Map<K, V> {}

/// As an ordered map of the standard library.
impl<K: Ord + Hash, V: Hash> Hash for Map<K, V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.len().hash(state);
        self.iter().for_each(|entry| entry.hash(state));
    }
}

impl<K: Ord + fmt::Debug, V: fmt::Debug> fmt::Debug for Map<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// A table whose names are not known beforehand.
impl<N: Ord + AsRef<str>, T: ToForm> ToForm for Map<N, T> {
    fn to_form(&self) -> Form {
        let entries = self.iter().map(|(name, value)| Entry::new(name.as_ref(), value.to_form()));
        Form::Table(entries.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Luck, Purpose, digest_of};
    use std::collections::BTreeMap;

    #[test]
    fn it_behaves_as_the_ordered_map_of_the_standard_library() {
        for keys in [3, 100, 5_000] {
            let mut map: Map<u64, Vec<u64>> = Map::default();
            let mut expected: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
            for nth in 0..10_000 {
                let key = Luck(keys).draw(Purpose::Generator, 1, nth) % keys;
                map.or_insert(key, Vec::new()).push(nth);
                expected.entry(key).or_default().push(nth);
            }
            assert!(map.iter().eq(expected.iter()));
            assert_eq!(map.len(), expected.len());
            assert_eq!(digest_of(&map), digest_of(&expected));
            for key in 0..=keys {
                assert_eq!(map.get(&key), expected.get(&key));
            }
        }
    }

    #[test]
    fn maps_are_equal_whatever_order_they_were_filled_in() {
        let up: Map<u32, u32> = (0..3_000).map(|key| (key, key * key)).collect();
        let down: Map<u32, u32> = (0..3_000).rev().map(|key| (key, key * key)).collect();
        assert_eq!(up, down);
        assert!(up.keys().copied().eq(0..3_000));
        let mut other = down.clone();
        *other.or_insert(7, 0) += 1;
        assert_ne!(up, other);
    }

    #[test]
    fn a_text_is_found_without_being_owned() {
        let map: Map<String, u32> =
            ["b", "a", "b"].map(String::from).into_iter().zip(1..).collect();
        assert_eq!((map["a"], map["b"], map.get("c")), (2, 1, None));
        assert_eq!(map.to_form().to_string(), r#"{"a":2,"b":1}"#);
    }
}
