//! Sets of rows, as runs of ids in order.

/// Consecutive ids, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ids {
    /// The first.
    pub first: u32,
    /// The last, which is not before the first.
    pub last: u32,
}

impl Ids {
    /// One id.
    pub fn one(id: u32) -> Ids {
        Ids { first: id, last: id }
    }

    /// How many.
    pub fn len(self) -> u64 {
        u64::from(self.last - self.first) + 1
    }

    /// Always false: there is at least one.
    pub fn is_empty(self) -> bool {
        false
    }

    /// What is in both; None if nothing is.
    pub fn common(self, other: Ids) -> Option<Ids> {
        let (first, last) = (self.first.max(other.first), self.last.min(other.last));
        (first <= last).then_some(Ids { first, last })
    }
}

impl std::fmt::Display for Ids {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.last - self.first {
            0 => write!(f, "{}", self.first),
            _ => write!(f, "{}-{}", self.first, self.last),
        }
    }
}

/// How many ids.
pub(super) fn count(ids: &[Ids]) -> u64 {
    ids.iter().map(|run| run.len()).sum()
}

/// Appends, joining what touches.
pub(in crate::data) fn push(ids: &mut Vec<Ids>, run: Ids) {
    match ids.last_mut() {
        Some(last) if last.last + 1 >= run.first => last.last = last.last.max(run.last),
        Some(_) | None => ids.push(run),
    }
}

/// From where in `ids` something can be in a run.
fn from(ids: &[Ids], run: Ids) -> usize {
    ids.partition_point(|other| other.last < run.first)
}

/// The parts of `ids` that lie in a run.
pub(in crate::data) fn within(ids: &[Ids], run: Ids) -> impl Iterator<Item = Ids> + '_ {
    ids[from(ids, run)..].iter().map_while(move |other| other.common(run))
}

pub(super) fn contains(ids: &[Ids], id: u32) -> bool {
    within(ids, Ids::one(id)).next().is_some()
}

/// The first id that both have.
pub(super) fn common(a: &[Ids], b: &[Ids]) -> Option<u32> {
    a.iter().find_map(|run| within(b, *run).next()).map(|run| run.first)
}

/// The first id that is in `wanted` and not in `there`.
pub(super) fn missing(wanted: &[Ids], there: &[Ids]) -> Option<u32> {
    subtract(wanted, there).first().map(|run| run.first)
}

/// What is in `ids` and not in `gone`.
pub(in crate::data) fn subtract(ids: &[Ids], gone: &[Ids]) -> Vec<Ids> {
    let mut left = Vec::new();
    for run in ids {
        let mut first = run.first;
        for hole in within(gone, *run) {
            if first < hole.first {
                left.push(Ids { first, last: hole.first - 1 });
            }
            first = hole.last + 1;
        }
        if first <= run.last {
            left.push(Ids { first, last: run.last });
        }
    }
    left
}

/// What is in one or the other.
pub(in crate::data) fn unite(a: &[Ids], b: &[Ids]) -> Vec<Ids> {
    let (mut all, mut a, mut b) = (Vec::new(), a.iter().peekable(), b.iter().peekable());
    loop {
        let next = match (a.peek(), b.peek()) {
            (Some(one), Some(other)) if one.first <= other.first => a.next(),
            (Some(_), None) => a.next(),
            (_, Some(_)) => b.next(),
            (None, None) => return all,
        };
        next.into_iter().for_each(|run| push(&mut all, *run));
    }
}
