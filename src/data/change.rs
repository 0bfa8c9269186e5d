//! What one log entry does to the rows of the server that applies it.

use std::rc::Rc;

use super::Value;
use super::sql::Logged;
use super::table::Rows;

/// A change of one key, or of the table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// The key takes a value.
    Put(Value),
    /// The key is deleted.
    Delete,
    /// Every server carries out this statement.
    Statement(Rc<Logged>),
    /// What a statement came to at its origin.
    Rows(Rc<Rows>),
}

impl Change {
    /// The value that the key has afterwards, whatever it had before; None if it has none.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Change::Put(value) => Some(value),
            Change::Delete | Change::Statement(_) | Change::Rows(_) => None,
        }
    }

    /// Bytes its image takes; what the table takes is counted where a statement is carried out.
    pub fn bytes(&self) -> u32 {
        self.value().map_or(0, Value::bytes)
    }

    /// Whether it changes the table rather than a key.
    pub fn is_sql(&self) -> bool {
        matches!(self, Change::Statement(_) | Change::Rows(_))
    }
}
