//! The table of SQL statements, users, as one server holds it.
//!
//! Rows are held as stretches of consecutive ids whose values follow one formula, column by column,
//! so that half a million rows cost what a few do; copies share the columns that neither changed.

mod cell;
mod diff;
mod history;
pub(in crate::data) mod ids;
mod image;
mod outline;
pub(in crate::data) mod stretch;

use std::rc::Rc;

use super::sql::Column;
use super::value::Value;

pub use cell::Cell;
pub use history::History;
pub use ids::Ids;
pub use image::{Rows, Whole};
pub use stretch::Stretch;

use stretch::{cut, merge};

/// Columns beside the id.
pub const COLUMNS: usize = 5;
/// The most stretches of one column.
pub const STRETCHES_MAX: usize = 65_536;
/// The highest id.
pub const ID_MAX: u32 = 2_000_000_000;

/// Why a statement or a row image cannot be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unfit {
    /// A row of this id is there already.
    Duplicate(u32),
    /// There is no row of this id.
    Missing(u32),
    /// The table is gone.
    NoTable,
    /// A number does not fit.
    OutOfRange,
    /// The rows follow more formulas than the simulator holds.
    TooMany,
}

/// The table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Table {
    ids: Rc<Vec<Ids>>,
    columns: [Rc<Vec<Stretch>>; COLUMNS],
    /// Beyond the highest id there has been: no insert is given one below it.
    pub counter: u32,
    /// Whether it is there.
    pub exists: bool,
}

impl Default for Table {
    fn default() -> Table {
        Table { ids: Rc::default(), columns: Default::default(), counter: 1, exists: true }
    }
}

impl Table {
    /// A table of so many rows, ids from 1: emails by id, ages from 20 to 69 in fifty bands.
    pub fn seeded(rows: u32) -> Table {
        if rows == 0 {
            return Table::default();
        }
        let all = Ids { first: 1, last: rows };
        let text = |text: &str| Cell::Text(text.into());
        let id = Cell::Number { base: 0, slope: 1 };
        let email = Cell::Joined([text("user"), id, text("@example.com")].into());
        let band = |nth: u64| (nth * u64::from(rows) / 50) as u32;
        let ages = (0..50).filter(|nth| band(*nth) < band(nth + 1)).map(|nth| {
            let ids = Ids { first: band(nth) + 1, last: band(nth + 1) };
            Stretch { ids, cell: Cell::number(20 + nth as i64) }
        });
        let whole = |cell: Cell| Rc::new(vec![Stretch { ids: all, cell }]);
        Table {
            ids: Rc::new(vec![all]),
            columns: [
                whole(text("")),
                whole(Cell::of_row(email, all)),
                Rc::new(ages.collect()),
                whole(text("")),
                whole(Cell::number(0)),
            ],
            counter: rows + 1,
            exists: true,
        }
    }

    /// The rows that there are.
    pub fn ids(&self) -> &[Ids] {
        &self.ids
    }

    /// How many rows.
    pub fn len(&self) -> u64 {
        ids::count(&self.ids)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// A column's stretches, which cover exactly the rows; none for the id.
    pub fn stretches(&self, column: Column) -> &[Stretch] {
        slot(column).map_or(&[], |slot| &self.columns[slot])
    }

    /// The formula of a row's column.
    pub fn cell(&self, column: Column, id: u32) -> Cell {
        if column == Column::Id {
            return Cell::Number { base: 0, slope: 1 };
        }
        let stretches = self.stretches(column);
        let at = stretches.partition_point(|stretch| stretch.ids.last < id);
        stretches.get(at).map_or(Cell::number(0), |stretch| stretch.cell.clone())
    }

    /// What a row holds; None if there is no such row.
    pub fn value(&self, column: Column, id: u32) -> Option<Value> {
        ids::contains(&self.ids, id).then(|| self.cell(column, id).value(id))
    }

    /// Rows removed, added and changed; all of it or nothing.
    pub fn apply(&mut self, rows: &Rows) -> Result<(), Unfit> {
        match rows.whole {
            Some(Whole::Dropped) => {
                *self = Table { exists: false, ..Table::default() };
                return Ok(());
            }
            Some(Whole::Emptied) if self.exists => {
                *self = Table::default();
                return Ok(());
            }
            Some(Whole::Emptied) | None if !self.exists => return Err(Unfit::NoTable),
            Some(Whole::Emptied) | None => {}
        }
        let there = [&rows.removed, &rows.updated];
        if let Some(missing) = there.iter().find_map(|ids| ids::missing(ids, &self.ids)) {
            return Err(Unfit::Missing(missing));
        }
        if let Some(twice) = ids::common(&rows.added, &self.ids) {
            return Err(Unfit::Duplicate(twice));
        }
        let mut next = self.clone();
        if !rows.removed.is_empty() {
            next.ids = Rc::new(ids::subtract(&next.ids, &rows.removed));
        }
        if !rows.added.is_empty() {
            next.ids = Rc::new(ids::unite(&next.ids, &rows.added));
        }
        for (slot, column) in Column::ALL.into_iter().skip(1).enumerate() {
            let stretches = &mut next.columns[slot];
            if !rows.removed.is_empty() {
                *stretches = Rc::new(cut(stretches, &rows.removed));
            }
            if !rows.added.is_empty() && rows.columns[slot].is_empty() {
                let empty = |ids: &Ids| Stretch { ids: *ids, cell: Cell::empty(column) };
                let empty: Vec<Stretch> = rows.added.iter().map(empty).collect();
                *stretches = Rc::new(merge(stretches, &empty));
            } else if !rows.columns[slot].is_empty() {
                *stretches = Rc::new(merge(stretches, &rows.columns[slot]));
            }
            if stretches.len() > STRETCHES_MAX {
                return Err(Unfit::TooMany);
            }
        }
        if let Some(run) = rows.added.last() {
            next.counter = next.counter.max(run.last + 1);
        }
        *self = next;
        Ok(())
    }

    /// Bytes that images of these rows take, of the columns given: a byte of marks, four for the id
    /// and for the age, eight for a time that is not 0, and for a text that is not empty its length
    /// and one more. What is empty stands for NULL and takes nothing.
    pub fn image_bytes(&self, rows: &[Ids], wanted: impl Fn(Column) -> bool) -> u64 {
        let mut bytes = ids::count(rows);
        for column in Column::ALL.into_iter().filter(|column| wanted(*column)) {
            if column == Column::Id {
                bytes += 4 * ids::count(rows);
            }
            for stretch in self.stretches(column) {
                for part in ids::within(rows, stretch.ids) {
                    bytes += stretch.cell.bytes(column, part);
                }
            }
        }
        bytes
    }

    /// Bytes of a copy of it.
    pub fn bytes(&self) -> u32 {
        u32::try_from(self.image_bytes(&self.ids, |_| true)).unwrap_or(u32::MAX)
    }
}

/// Where a column's stretches stand; None for the id, which has none.
pub(super) fn slot(column: Column) -> Option<usize> {
    (column as usize).checked_sub(1)
}
