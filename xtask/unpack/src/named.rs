//! What was named, and how long ago: on both sides alike, so that it is told by that.

use alloc::vec::Vec;

/// The most locals that a function has; browsers allow no more. As many functions will do.
const NUMBER_MAX: usize = 50_000;

/// The locals of a function, or all functions, the one that was named last first.
#[derive(Default)]
pub struct Recent {
    pub known: Vec<usize>,
}

impl Recent {
    /// Names one, and says how many were named since it was; those that never were stand in
    /// their order.
    pub fn name(&mut self, number: usize) -> Option<usize> {
        self.know(number)?;
        let since = self.known.iter().position(|one| *one == number)?;
        self.known[..=since].rotate_right(1);
        Some(since)
    }

    /// The one that was named so many before, which is named now.
    pub fn named(&mut self, since: usize) -> Option<usize> {
        self.know(since)?;
        self.again(since)
    }

    /// As `named`, but only if it was.
    pub fn again(&mut self, since: usize) -> Option<usize> {
        self.known.get_mut(..=since)?.rotate_right(1);
        self.known.first().copied()
    }

    fn know(&mut self, number: usize) -> Option<()> {
        self.known.extend(self.known.len()..=number.min(NUMBER_MAX));
        (number < NUMBER_MAX).then_some(())
    }
}

/// The functions, by when they were called.
#[derive(Default)]
pub struct Called {
    pub recent: Recent,
    /// Those before this one that nobody has called, the last one last.
    pub waiting: Vec<usize>,
}

impl Called {
    /// Calls a function, and says how that is told: 0 for the last one of those that wait.
    pub fn tell(&mut self, function: usize) -> Option<usize> {
        let waited = self.waiting.last() == Some(&function);
        let since = self.call(function)?;
        Some(if waited { 0 } else { since + 1 })
    }

    /// The function that is told so, which is called now.
    pub fn told(&mut self, told: usize) -> Option<usize> {
        let function = match told.checked_sub(1) {
            Some(since) => self.recent.named(since)?,
            None => *self.waiting.last()?,
        };
        self.call(function)?;
        Some(function)
    }

    fn call(&mut self, function: usize) -> Option<usize> {
        self.waiting.retain(|one| *one != function);
        self.recent.name(function)
    }
}

/// The addresses that were named.
#[derive(Default)]
pub struct Addresses {
    pub recent: Recent,
    /// The one that was new last.
    pub newest: usize,
}

impl Addresses {
    /// Knows a new one, so far from the newest one. Its place among the recent ones.
    pub fn add(&mut self, distance: usize) -> usize {
        self.newest = self.newest.wrapping_add(distance);
        self.recent.known.push(self.newest);
        self.recent.known.len() - 1
    }
}
