//! Where servers' tables differ, exactly: by content, whatever the stretches.

use super::cell::Cell;
use super::ids::{Ids, push, subtract, unite};
use super::{COLUMNS, Table};
use crate::base::gathered;
use crate::data::sql::Column;

/// Rows of which one of two tables has none, and rows that differ, per column beside the id.
#[derive(Default)]
struct Diff {
    lacking: Vec<Ids>,
    columns: [Vec<Ids>; COLUMNS],
}

impl Table {
    /// Where any of the others differs from the first: `users/7` is a row that one of them lacks,
    /// `users/1-500.age` are values.
    pub fn differing<'a>(first: &Table, others: impl Iterator<Item = &'a Table>) -> Vec<String> {
        let mut all = Diff::default();
        for other in others.filter(|other| *other != first) {
            if first.exists != other.exists {
                return vec!["users".to_string()];
            }
            first.add_diff(other, &mut all);
        }
        let mut found: Vec<String> = gathered(all.lacking.iter().map(|ids| format!("users/{ids}")));
        for (column, rows) in Column::ALL.into_iter().skip(1).zip(&all.columns) {
            found.extend(rows.iter().map(|ids| format!("users/{ids}.{}", column.name())));
        }
        found
    }

    /// Where another table differs.
    pub fn diff(&self, other: &Table) -> Vec<String> {
        Table::differing(self, [other].into_iter())
    }

    fn add_diff(&self, other: &Table, all: &mut Diff) {
        let lacking = unite(&subtract(&self.ids, &other.ids), &subtract(&other.ids, &self.ids));
        all.lacking = unite(&all.lacking, &lacking);
        for (column, rows) in Column::ALL.into_iter().skip(1).zip(&mut all.columns) {
            *rows = unite(rows, &self.differing_rows(other, column));
        }
    }

    /// Rows that both have and that differ in a column.
    fn differing_rows(&self, other: &Table, column: Column) -> Vec<Ids> {
        let mut differing = Vec::new();
        let theirs = other.stretches(column);
        let mut at = 0;
        for own in self.stretches(column) {
            while theirs.get(at).is_some_and(|stretch| stretch.ids.last < own.ids.first) {
                at += 1;
            }
            for their in &theirs[at..] {
                if their.ids.first > own.ids.last {
                    break;
                }
                if let Some(ids) = own.ids.common(their.ids) {
                    differ(&own.cell, &their.cell, ids, &mut differing);
                }
            }
        }
        differing
    }

    /// Whether both hold the same rows.
    pub fn same_rows(&self, other: &Table) -> bool {
        self.diff(other).is_empty()
    }
}

fn differ(a: &Cell, b: &Cell, ids: Ids, differing: &mut Vec<Ids>) {
    let drawn = matches!((a, b), (Cell::Uuid(_), Cell::Uuid(_)));
    if a == b {
        // The same formula.
    } else if drawn || a.is_constant() && b.is_constant() {
        // Two draws of 128 bits are never the same.
        push(differing, ids);
    } else {
        let ids = (ids.first..=ids.last).filter(|id| a.value(*id) != b.value(*id));
        ids.for_each(|id| push(differing, Ids::one(id)));
    }
}
