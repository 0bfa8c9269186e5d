//! A server's key-value store: for each key the newest entry applied here, and how many were.

use std::rc::Rc;

use super::table::History;
use super::{LATEST, LogEntry, Value, Versions};
use crate::base::{Chunked, KeyId, Lsn, SimTime};

/// What one key holds at one server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Row {
    /// The entry that wrote the present value; None if the key was never written.
    pub entry: Option<Rc<LogEntry>>,
    /// That entry's position in this server's log.
    pub lsn: Lsn,
    /// How many entries have been applied to the key.
    pub version: u32,
}

impl Row {
    /// What reads see; None if the key has no value.
    pub fn value(&self) -> Option<&Value> {
        self.entry.as_ref()?.change.value()
    }
}

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

    /// Applies an entry. The row shows the entry with the highest position in this log, so that
    /// workers which finish out of order leave what the log says.
    pub fn apply(&mut self, entry: &Rc<LogEntry>, lsn: Lsn) {
        if let Some(versions) = &mut self.versions {
            versions.put(entry);
        }
        let index = entry.key.0 as usize;
        self.rows.reach(index, &Row::default());
        if let Some(row) = self.rows.get_mut(index) {
            row.version += 1;
            if row.entry.is_none() || row.lsn <= lsn {
                row.entry = Some(Rc::clone(entry));
                row.lsn = lsn;
            }
        }
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
        let rows = self.rows.iter().filter_map(|row| row.entry.as_ref());
        rows.filter(|entry| entry.change.value().is_some())
            .fold(self.table_bytes(), |sum, entry| sum.saturating_add(entry.bytes))
    }

    /// Bytes a copy of the table takes.
    pub fn table_bytes(&self) -> u32 {
        let table = self.users.table();
        if table.is_empty() { 0 } else { table.bytes() }
    }
}
