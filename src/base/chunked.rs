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
    pub fn iter(&self) -> Iter<'_, T, CHUNK> {
        Iter { list: self, next: 0, end: self.len() }
    }
}

/// The elements of a list between two places. Skipping some takes no time.
#[derive(Clone, Debug)]
pub struct Iter<'a, T, const CHUNK: usize> {
    list: &'a Chunked<T, CHUNK>,
    next: usize,
    end: usize,
}

impl<'a, T: Clone, const CHUNK: usize> Iterator for Iter<'a, T, CHUNK> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        if self.next >= self.end {
            return None;
        }
        self.next += 1;
        self.list.get(self.next - 1)
    }

    fn nth(&mut self, count: usize) -> Option<&'a T> {
        self.next = self.next.saturating_add(count);
        self.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.end.saturating_sub(self.next);
        (left, Some(left))
    }
}

impl<'a, T: Clone, const CHUNK: usize> DoubleEndedIterator for Iter<'a, T, CHUNK> {
    fn next_back(&mut self) -> Option<&'a T> {
        if self.next >= self.end {
            return None;
        }
        self.end -= 1;
        self.list.get(self.end)
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
        assert_eq!(list.iter().skip(199).copied().collect::<Vec<_>>(), [2_000, 7]);
        assert_eq!(list.iter().rev().take(2).copied().collect::<Vec<_>>(), [7, 2_000]);
        assert_eq!((list.iter().nth(201), list.iter().nth(usize::MAX)), (None, None));
        let mut both = list.iter();
        while both.next().is_some() && both.next_back().is_some() {}
        assert_eq!((both.next(), both.size_hint()), (None, (0, Some(0))));
        for len in [201, 200, 193, 192, 130, 128, 0] {
            list.truncate(len);
            assert_eq!((list.len(), list.iter().count()), (len, len));
        }
        list.push(9);
        assert_eq!((list.get(0), before.len()), (Some(&9), 200));
    }
}
