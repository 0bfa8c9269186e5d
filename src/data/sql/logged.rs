//! A statement as a log carries it: its text and what it depends on at its origin.

use std::rc::Rc;

use super::statement::{Function, Statement};

/// What goes into the log with a statement, so that replicas come to the same: MySQL's timestamp,
/// RAND, INTVAR and thread id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Context {
    /// The origin's clock when it carried the statement out, in microseconds.
    pub timestamp: i64,
    /// From which RAND() draws.
    pub seed: u64,
    /// What LAST_INSERT_ID() is.
    pub last_insert_id: i64,
    /// The first id that an insert gives.
    pub insert_id: u32,
    /// How far the next id is from one that was given.
    pub step: u32,
    /// The connection's number, from 0.
    pub connection: u16,
    /// Who is connected. Not logged: a replica's applier is somebody else.
    pub user: Rc<str>,
}

/// A statement with its context.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Logged {
    /// What it says.
    pub statement: Statement,
    /// As it was written.
    pub text: Rc<str>,
    /// What it depends on.
    pub context: Context,
}

/// What MariaDB 10.11 wrote for a statement, without its text: 211 bytes for one of 37 characters,
/// 213 for one of 39.
const AROUND: u32 = 174;
/// An INTVAR event: an id, for an insert that gives some and for LAST_INSERT_ID().
const INTVAR: u32 = 32;
/// A RAND event: two seeds.
const RAND: u32 = 39;

impl Logged {
    /// Bytes it takes in a log, however many rows it changes.
    pub fn bytes(&self) -> u32 {
        let also = |yes: bool, bytes: u32| if yes { bytes } else { 0 };
        let statement = &self.statement;
        AROUND
            + self.text.len() as u32
            + also(self.context.insert_id > 0, INTVAR)
            + also(statement.calls(Function::LastInsertId), INTVAR)
            + also(statement.calls(Function::Rand), RAND)
    }
}
