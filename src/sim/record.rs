//! One line of the trace: what happened, where, when, and because of what.

use crate::base::{Place, SimTime};
use crate::node::Fact;

/// No record caused this one: it stands at the beginning of a chain of causes.
pub const NO_CAUSE: u32 = u32::MAX;

/// Something that happened. Its position in the trace is its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    /// When.
    pub at: SimTime,
    /// If a message's arrival is what happened: when it was sent. Otherwise `at`.
    pub sent_at: SimTime,
    /// Number of the record that brought this one about; `NO_CAUSE` if none did.
    pub cause: u32,
    /// Where.
    pub place: Place,
    /// If a message's arrival is what happened: who sent it. Otherwise `place`.
    pub from: Place,
    /// What.
    pub fact: Fact,
}

impl Record {
    /// Whether a message's arrival is what happened.
    pub fn is_arrival(&self) -> bool {
        self.from != self.place
    }
}
