//! What one log entry does to the rows of the server that applies it.

use super::Value;

/// A change of one key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// The key takes a value.
    Put(Value),
    /// The key is deleted.
    Delete,
}

impl Change {
    /// The value that the key has afterwards, whatever it had before; None if it has none.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Change::Put(value) => Some(value),
            Change::Delete => None,
        }
    }

    /// Bytes its image takes.
    pub fn bytes(&self) -> u32 {
        self.value().map_or(0, Value::bytes)
    }
}
