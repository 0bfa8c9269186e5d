//! A set in one sorted vector, for few things or such as arrive nearly in order.

use std::hash::{Hash, Hasher};
use std::slice::Iter;

/// A set that is small, or that grows at its end and shrinks at its beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sorted<T>(Vec<T>);

impl<T> Default for Sorted<T> {
    fn default() -> Sorted<T> {
        Sorted(Vec::new())
    }
}

impl<T: Ord> Sorted<T> {
    /// Whether something is in it.
    pub fn contains(&self, one: &T) -> bool {
        self.0.binary_search(one).is_ok()
    }

    /// Puts something in, if it is not there.
    pub fn insert(&mut self, one: T) {
        if let Err(at) = self.0.binary_search(&one) {
            self.0.insert(at, one);
        }
    }

    /// Takes something out; false if it was not there.
    pub fn remove(&mut self, one: &T) -> bool {
        let found = self.0.binary_search(one);
        found.map(|at| self.0.remove(at)).is_ok()
    }

    /// Takes everything out.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is in it, in order.
    pub fn iter(&self) -> Iter<'_, T> {
        self.0.iter()
    }
}

/// As an ordered set of the standard library: one element after the other.
impl<T: Hash> Hash for Sorted<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.len().hash(state);
        self.0.iter().for_each(|one| one.hash(state));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Luck, Purpose, digest_of};
    use std::collections::BTreeSet;

    #[test]
    fn it_behaves_as_the_ordered_set_of_the_standard_library() {
        let (mut set, mut expected) = (Sorted::default(), BTreeSet::new());
        for nth in 0..5_000 {
            let draw = Luck(1).draw(Purpose::Generator, 1, nth);
            let one = (draw >> 8) as u32 % 100;
            if draw.is_multiple_of(2) {
                set.insert(one);
                expected.insert(one);
            } else {
                assert_eq!(set.remove(&one), expected.remove(&one));
            }
            assert_eq!(set.contains(&one), expected.contains(&one));
            assert_eq!(digest_of(&set), digest_of(&expected));
        }
        assert!(set.iter().eq(expected.iter()) && !set.is_empty());
        set.clear();
        assert!(set.is_empty());
    }
}
