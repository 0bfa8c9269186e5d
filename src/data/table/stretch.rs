//! A column as stretches of rows that follow one formula.

use super::cell::Cell;
use super::ids::{Ids, subtract};

/// Rows that follow one formula in one column.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Stretch {
    /// The rows.
    pub ids: Ids,
    /// The formula.
    pub cell: Cell,
}

/// Appends, joining what follows the same formula. A row alone holds a plain value, and joins a
/// neighbour whose formula says the same.
pub(in crate::data) fn push(stretches: &mut Vec<Stretch>, mut next: Stretch) {
    next.cell = next.cell.of_row(next.ids);
    if let Some(last) = stretches.last_mut().filter(|last| last.ids.last + 1 == next.ids.first) {
        let says = |cell: &Cell, stretch: &Stretch| {
            let id = stretch.ids.first;
            id == stretch.ids.last && cell.at(id) == stretch.cell
        };
        if last.cell == next.cell || says(&last.cell, &next) {
            last.ids.last = next.ids.last;
            return;
        }
        if says(&next.cell, last) {
            *last = Stretch { ids: Ids { first: last.ids.first, ..next.ids }, cell: next.cell };
            return;
        }
    }
    stretches.push(next);
}

/// Without these rows.
pub(super) fn cut(stretches: &[Stretch], gone: &[Ids]) -> Vec<Stretch> {
    let mut left = Vec::with_capacity(stretches.len());
    for Stretch { ids, cell } in stretches {
        for ids in subtract(&[*ids], gone) {
            push(&mut left, Stretch { ids, cell: cell.clone() });
        }
    }
    left
}

/// With these on top, in order of ids.
pub(super) fn merge(below: &[Stretch], above: &[Stretch]) -> Vec<Stretch> {
    let covered: Vec<Ids> = above.iter().map(|stretch| stretch.ids).collect();
    let mut all = Vec::with_capacity(below.len() + above.len());
    let mut above = above.iter().peekable();
    for Stretch { ids, cell } in below {
        for ids in subtract(&[*ids], &covered) {
            while let Some(first) = above.next_if(|other| other.ids.first < ids.first) {
                push(&mut all, first.clone());
            }
            push(&mut all, Stretch { ids, cell: cell.clone() });
        }
    }
    above.for_each(|stretch| push(&mut all, stretch.clone()));
    all
}
