//! Row images: what a log of rows carries, and what carrying out a statement comes to.

use super::ids::{Ids, count};
use super::stretch::Stretch;
use super::{COLUMNS, Table};
use crate::data::sql::Column;

/// What happens to the table as such.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Whole {
    /// All rows go.
    Emptied,
    /// The table goes.
    Dropped,
}

/// Rows that go, come and change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rows {
    /// What happens to the table as such.
    pub whole: Option<Whole>,
    /// Rows that go.
    pub removed: Vec<Ids>,
    /// Rows that come; columns not given are empty.
    pub added: Vec<Ids>,
    /// Rows that change.
    pub updated: Vec<Ids>,
    /// Per column beside the id, what the rows that come or change hold; empty if it is not given.
    pub columns: [Vec<Stretch>; COLUMNS],
}

/// What MariaDB 10.11 wrote around the events of one transaction of rows.
const AROUND: u64 = 211;
/// One event of rows: header, table, marks and checksum.
const EVENT: u64 = 34;
/// Bytes of images after which another event begins (binlog_row_event_max_size).
const EVENT_MAX: u64 = 8_192;

impl Rows {
    /// How many rows it touches.
    pub fn count(&self) -> u32 {
        let rows = count(&self.removed) + count(&self.added) + count(&self.updated);
        u32::try_from(rows).unwrap_or(u32::MAX)
    }

    /// Bytes it takes in a log, given the table before and after: with the whole rows (`full`), or
    /// with the ids before and what was given after.
    pub fn bytes(&self, before: &Table, after: &Table, full: bool) -> u32 {
        let old = |column: Column| full || column == Column::Id;
        let set = |column: Column| {
            full || super::slot(column).is_some_and(|slot| !self.columns[slot].is_empty())
        };
        let given = |column: Column| column == Column::Id || set(column);
        let images = before.image_bytes(&self.removed, old)
            + before.image_bytes(&self.updated, old)
            + after.image_bytes(&self.added, given)
            + after.image_bytes(&self.updated, set);
        let rows = u64::from(self.count());
        let in_one = (EVENT_MAX * rows).checked_div(images).map_or(1, |rows| rows.max(1));
        let bytes = AROUND + EVENT * rows.div_ceil(in_one) + images;
        u32::try_from(bytes).unwrap_or(u32::MAX)
    }
}
