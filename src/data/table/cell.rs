//! What a column holds in a stretch of rows, as a formula of the id.

use std::fmt::Write;
use std::rc::Rc;

use super::ids::Ids;
use crate::base::{Luck, Purpose, scaled};
use crate::data::Value;
use crate::data::sql::{Column, Kind};

/// What RAND() stays below.
const RAND_BELOW: u64 = 1_000_000;

/// A formula.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Cell {
    /// `base + slope * id`.
    Number {
        /// At id 0.
        base: i64,
        /// From one id to the next.
        slope: i64,
    },
    /// A text.
    Text(Rc<str>),
    /// A text of its own for every id, drawn from this.
    Uuid(u64),
    /// The number that RAND() draws from this seed in its turn `base + slope * id`.
    Random {
        /// The seed.
        seed: u64,
        /// The turn at id 0.
        base: i64,
        /// From one id to the next.
        slope: i64,
    },
    /// One after the other, as a text.
    Joined(Rc<[Cell]>),
}

impl Cell {
    /// The same number in every row.
    pub fn number(number: i64) -> Cell {
        Cell::Number { base: number, slope: 0 }
    }

    /// What a column holds that was never given anything.
    pub fn empty(column: Column) -> Cell {
        match column.kind() {
            Kind::Number => Cell::number(0),
            Kind::Text | Kind::Truth => Cell::Text("".into()),
        }
    }

    /// Whether every row holds the same.
    pub fn is_constant(&self) -> bool {
        matches!(self, Cell::Text(_) | Cell::Number { slope: 0, .. })
    }

    /// The same for these rows: for one row, what it holds.
    pub fn of_row(self, ids: Ids) -> Cell {
        if ids.first == ids.last { self.at(ids.first) } else { self }
    }

    /// What one row holds.
    pub fn at(&self, id: u32) -> Cell {
        if self.is_constant() { self.clone() } else { Cell::of_value(self.value(id)) }
    }

    /// This value.
    pub fn of_value(value: Value) -> Cell {
        match value {
            Value::Number(number) => Cell::number(number),
            Value::Text(text) => Cell::Text(text),
        }
    }

    /// What one row holds.
    pub fn value(&self, id: u32) -> Value {
        match self {
            Cell::Number { base, slope } => Value::Number(linear(*base, *slope, id)),
            Cell::Text(text) => Value::Text(Rc::clone(text)),
            Cell::Random { seed, base, slope } => {
                let turn = linear(*base, *slope, id);
                let draw = Luck(*seed).draw(Purpose::Rand, 0, turn as u64);
                Value::Number(scaled(draw, RAND_BELOW) as i64)
            }
            Cell::Uuid(_) | Cell::Joined(_) => {
                let mut text = String::new();
                self.write(id, &mut text);
                Value::Text(text.into())
            }
        }
    }

    fn write(&self, id: u32, to: &mut String) {
        let written = match self {
            Cell::Joined(parts) => {
                parts.iter().for_each(|part| part.write(id, to));
                Ok(())
            }
            Cell::Uuid(seed) => {
                let half = |nth| Luck(*seed).draw(Purpose::Uuid, 0, u64::from(id) * 2 + nth);
                let (a, b) = (half(0), half(1));
                let (time, version, clock) = (a >> 32, a >> 16 & 0xffff, a & 0xffff);
                let (series, node) = (b >> 48, b & 0xffff_ffff_ffff);
                write!(to, "{time:08x}-{version:04x}-{clock:04x}-{series:04x}-{node:012x}")
            }
            Cell::Text(_) | Cell::Number { .. } | Cell::Random { .. } => {
                write!(to, "{}", self.value(id))
            }
        };
        debug_assert!(written.is_ok(), "a string takes all");
    }

    /// The only row that can hold a text, if there is one; None if that would take a look at each.
    pub fn holder(&self, text: &str) -> Option<Option<u32>> {
        let Cell::Joined(parts) = self else { return None };
        let numbered = |part: &Cell| matches!(part, Cell::Number { slope: 1, .. });
        let at = parts.iter().position(numbered)?;
        let (before, after) = (&parts[..at], &parts[at + 1..]);
        if !before.iter().chain(after).all(Cell::is_constant) {
            return None;
        }
        let joined = |parts: &[Cell]| {
            let mut text = String::new();
            parts.iter().for_each(|part| part.write(0, &mut text));
            text
        };
        let number = text
            .strip_prefix(&joined(before))
            .and_then(|rest| rest.strip_suffix(&joined(after))?.parse::<i64>().ok());
        let Cell::Number { base, .. } = parts[at] else { return None };
        let id = number.and_then(|number| u32::try_from(number.wrapping_sub(base)).ok());
        // Other digits may read as the same number.
        Some(id.filter(|id| self.value(*id) == Value::Text(text.into())))
    }

    /// Bytes it takes in the images of these rows.
    pub fn bytes(&self, column: Column, ids: Ids) -> u64 {
        let count = ids.len();
        match self {
            Cell::Text(text) if text.is_empty() => 0,
            Cell::Text(_) | Cell::Uuid(_) | Cell::Joined(_) => count + self.length(ids),
            Cell::Number { .. } | Cell::Random { .. } if column == Column::Age => 4 * count,
            Cell::Number { base: 0, slope: 0 } => 0,
            Cell::Number { .. } | Cell::Random { .. } => 8 * count,
        }
    }

    /// Characters of the texts of these rows together, in bytes.
    fn length(&self, ids: Ids) -> u64 {
        match self {
            Cell::Text(text) => ids.len() * text.len() as u64,
            Cell::Uuid(_) => ids.len() * 36,
            Cell::Joined(parts) => parts.iter().map(|part| part.length(ids)).sum(),
            Cell::Number { .. } | Cell::Random { .. } => {
                let digits = |id: u32| match self.value(id) {
                    Value::Number(number) => {
                        let sign = u64::from(number < 0);
                        sign + u64::from(number.unsigned_abs().max(1).ilog10()) + 1
                    }
                    Value::Text(_) => 0,
                };
                (ids.first..=ids.last).map(digits).sum()
            }
        }
    }
}

/// The result fits wherever there are rows, though what is added on the way may not.
fn linear(base: i64, slope: i64, id: u32) -> i64 {
    slope.wrapping_mul(i64::from(id)).wrapping_add(base)
}
