//! A server's key-value store: a row for each key.

use std::rc::Rc;

use super::table::History;
use super::{LATEST, LogEntry, Row, Versions};
use crate::base::{Chunked, KeyId, SimTime};

/// All rows of one server, by key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Store {
    rows: Chunked<Row, 256>,
    /// The table of SQL statements.
    pub users: History,
    versions: Option<Versions>,
}

impl Store {
    /// An empty store that keeps versions until vacuum.
    pub fn versioned() -> Store {
        Store { versions: Some(Versions::default()), ..Store::default() }
    }

    /// The versions it keeps; None if only the latest.
    pub fn versions(&self) -> Option<&Versions> {
        self.versions.as_ref()
    }

    /// The entry whose value a read shows: of a snapshot, or `LATEST`. None if there is none.
    pub fn shown(&self, key: KeyId, snapshot: SimTime) -> Option<&Rc<LogEntry>> {
        match self.versions.as_ref().filter(|_| snapshot != LATEST) {
            Some(versions) => versions.as_of(key, snapshot),
            None => self.row(key)?.entry.as_ref(),
        }
    }

    /// Forgets the versions of a key that no snapshot from `horizon` on sees.
    pub fn prune(&mut self, key: KeyId, horizon: SimTime) {
        if let Some(versions) = &mut self.versions {
            versions.prune(key, horizon);
        }
    }

    /// The same for every key; says how many versions went.
    pub fn vacuum(&mut self, horizon: SimTime) -> u32 {
        self.versions.as_mut().map_or(0, |versions| versions.vacuum(horizon))
    }

    /// The row of a key; None if nothing was ever applied to it.
    pub fn row(&self, key: KeyId) -> Option<&Row> {
        self.rows.get(key.0 as usize).filter(|row| row.entry.is_some())
    }

    /// Under MVCC, keeps an entry as a version of its key.
    pub fn keep_version(&mut self, entry: &Rc<LogEntry>) {
        if let Some(versions) = &mut self.versions {
            versions.put(entry);
        }
    }

    /// The row of a key to change; None only if there is no room for it.
    pub fn row_mut(&mut self, key: KeyId) -> Option<&mut Row> {
        let index = key.0 as usize;
        if index >= self.rows.len() {
            self.rows.reach(index, &Row::default());
        }
        self.rows.get_mut(index)
    }

    /// Keys that have ever been written, with their rows; not the table of SQL statements.
    pub fn iter(&self) -> impl Iterator<Item = (KeyId, &Row)> {
        let keyed = |row: &Row| row.entry.as_ref().is_some_and(|entry| !entry.change.is_sql());
        self.rows().filter(move |(_, row)| keyed(row))
    }

    /// The same, and under its name the latest entry of the table.
    pub fn rows(&self) -> impl Iterator<Item = (KeyId, &Row)> {
        let keyed = self.rows.iter().enumerate().map(|(key, row)| (KeyId(key as u32), row));
        keyed.filter(|(_, row)| row.entry.is_some())
    }

    /// Bytes a copy of it takes: each live row's entry or every version, and the table.
    pub fn bytes(&self) -> u32 {
        if let Some(versions) = &self.versions {
            return versions.bytes().saturating_add(self.table_bytes());
        }
        let live = self.rows.iter().filter(|row| row.value().is_some());
        let entries = live.filter_map(|row| row.entry.as_deref());
        entries.fold(self.table_bytes(), |sum, entry: &LogEntry| sum.saturating_add(entry.bytes))
    }

    /// Bytes a copy of the table takes.
    pub fn table_bytes(&self) -> u32 {
        let table = self.users.table();
        if table.is_empty() { 0 } else { table.bytes() }
    }
}
