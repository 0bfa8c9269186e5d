//! A vector whose copies share what neither has changed since: checkpoints cost what changed.

use std::rc::Rc;

/// A growable list in shared chunks of `CHUNK`; a copy shares full chunks, and a write to a shared
/// one copies that chunk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Chunked<T, const CHUNK: usize = 64> {
    full: Rc<Vec<Rc<Vec<T>>>>,
    tail: Vec<T>,
}

impl<T, const CHUNK: usize> Default for Chunked<T, CHUNK> {
    fn default() -> Self {
        Chunked { full: Rc::default(), tail: Vec::new() }
    }
}

impl<T: Clone, const CHUNK: usize> Chunked<T, CHUNK> {
    /// How many elements.
    pub fn len(&self) -> usize {
        self.full.len() * CHUNK + self.tail.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element at `index`, from 0; None past the end.
    pub fn get(&self, index: usize) -> Option<&T> {
        match self.full.get(index / CHUNK) {
            Some(chunk) => chunk.get(index % CHUNK),
            None => self.tail.get(index - self.full.len() * CHUNK),
        }
    }

    /// The element at `index` to change; None past the end.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        let in_full = self.full.len() * CHUNK;
        if index >= in_full {
            return self.tail.get_mut(index - in_full);
        }
        let chunk = &mut Rc::make_mut(&mut self.full)[index / CHUNK];
        Rc::make_mut(chunk).get_mut(index % CHUNK)
    }

    /// Appends.
    pub fn push(&mut self, element: T) {
        self.tail.push(element);
        if self.tail.len() == CHUNK {
            let chunk = std::mem::replace(&mut self.tail, Vec::with_capacity(CHUNK));
            Rc::make_mut(&mut self.full).push(Rc::new(chunk));
        }
    }

    /// Forgets everything from `len` on.
    pub fn truncate(&mut self, len: usize) {
        if len >= self.len() {
            return;
        }
        let whole = len / CHUNK;
        if whole < self.full.len() {
            self.tail = Vec::clone(&self.full[whole]);
            Rc::make_mut(&mut self.full).truncate(whole);
        }
        self.tail.truncate(len - whole * CHUNK);
    }

    /// Grows with copies of `element` until `index` exists.
    pub fn reach(&mut self, index: usize, element: &T) {
        while self.len() <= index {
            self.push(element.clone());
        }
    }

    /// From first to last.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.full.iter().flat_map(|chunk| chunk.iter()).chain(self.tail.iter())
    }

    /// From `start` to the end, without walking what comes before.
    pub fn iter_from(&self, start: usize) -> impl Iterator<Item = &T> {
        let whole = start / CHUNK;
        let full = self.full.get(whole..).unwrap_or_default();
        let before = whole.min(self.full.len()) * CHUNK;
        full.iter().flat_map(|chunk| chunk.iter()).chain(self.tail.iter()).skip(start - before)
    }
}

impl<T: Clone, const CHUNK: usize> FromIterator<T> for Chunked<T, CHUNK> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        let mut list = Chunked::default();
        elements.into_iter().for_each(|element| list.push(element));
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_behaves_as_a_vector_and_copies_do_not_see_later_changes() {
        let mut list: Chunked<u32> = (0..200).collect();
        let before = list.clone();
        *list.get_mut(3).unwrap() = 1_000;
        *list.get_mut(199).unwrap() = 2_000;
        list.push(7);
        assert_eq!(before.iter().copied().collect::<Vec<_>>(), (0..200).collect::<Vec<_>>());
        assert_eq!(
            (list.get(3), list.get(199), list.get(200)),
            (Some(&1_000), Some(&2_000), Some(&7))
        );
        assert_eq!((list.get(201), list.len()), (None, 201));
        assert_eq!(list.iter_from(199).copied().collect::<Vec<_>>(), [2_000, 7]);
        for len in [201, 200, 193, 192, 130, 128, 0] {
            list.truncate(len);
            assert_eq!((list.len(), list.iter().count()), (len, len));
        }
        list.push(9);
        assert_eq!((list.get(0), before.len()), (Some(&9), 200));
    }
}
