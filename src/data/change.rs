//! What one log entry does to the rows of the server that applies it.

use std::rc::Rc;

use super::{Step, Value};

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
    /// The key takes a value, and that is an error where it has one already.
    Insert(Value),
    /// A counter grows by this much, or shrinks.
    Add(i64),
    /// A set gains a member, or loses it.
    Member {
        /// The member.
        value: Value,
        /// Whether it is in the set afterwards.
        joins: bool,
    },
    /// A text is edited, character by character.
    Edit(Rc<[Step]>),
}

impl Change {
    /// The value that the key has afterwards, whatever it had before; None if it has none, or if
    /// that depends on what it had.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Change::Put(value) | Change::Insert(value) => Some(value),
            Change::Delete
            | Change::Add(_)
            | Change::Member { .. }
            | Change::Edit(_)
            | Change::Statement(_)
            | Change::Rows(_) => None,
        }
    }

    /// Whether it says what the key holds, whatever that was: what conflict rules are about.
    pub fn is_whole(&self) -> bool {
        match self {
            Change::Put(_) | Change::Delete | Change::Insert(_) => true,
            Change::Add(_) | Change::Member { .. } | Change::Edit(_) => false,
            // The name under which the table's latest entry stands.
            Change::Statement(_) | Change::Rows(_) => true,
        }
    }

    /// Bytes its image takes; what the table takes is counted where a statement is carried out.
    pub fn bytes(&self) -> u32 {
        match self {
            Change::Put(value) | Change::Insert(value) | Change::Member { value, .. } => {
                value.bytes()
            }
            Change::Delete | Change::Statement(_) | Change::Rows(_) => 0,
            Change::Add(_) => 8,
            Change::Edit(steps) => 8 * u32::try_from(steps.len()).unwrap_or(u32::MAX / 8),
        }
    }

    /// Whether it changes the table rather than a key.
    pub fn is_sql(&self) -> bool {
        matches!(self, Change::Statement(_) | Change::Rows(_))
    }
}
