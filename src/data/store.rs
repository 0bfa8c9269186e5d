//! A server's key-value store: a row for each key.

use super::{LogEntry, Row};
use crate::base::{Chunked, KeyId};

/// All rows of one server, by key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Store {
    rows: Chunked<Row, 256>,
}

impl Store {
    /// The row of a key; None if nothing was ever applied to it.
    pub fn row(&self, key: KeyId) -> Option<&Row> {
        self.rows.get(key.0 as usize).filter(|row| row.entry.is_some())
    }

    /// The row of a key to change; None only if there is no room for it.
    pub fn row_mut(&mut self, key: KeyId) -> Option<&mut Row> {
        let index = key.0 as usize;
        self.rows.reach(index, &Row::default());
        self.rows.get_mut(index)
    }

    /// Keys that have ever been written, with their rows.
    pub fn iter(&self) -> impl Iterator<Item = (KeyId, &Row)> {
        let keyed = self.rows.iter().enumerate().map(|(key, row)| (KeyId(key as u32), row));
        keyed.filter(|(_, row)| row.entry.is_some())
    }

    /// Bytes a copy of it takes: each live row's entry.
    pub fn bytes(&self) -> u32 {
        let live = self.rows.iter().filter(|row| row.value().is_some());
        let entries = live.filter_map(|row| row.entry.as_deref());
        entries.fold(0, |sum, entry: &LogEntry| sum.saturating_add(entry.bytes))
    }
}
