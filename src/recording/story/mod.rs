//! What happened, told to people and to programs: one sentence for each record, and the record as a
//! flat line with a name for every field. The page's transcript, the command line's trace and the
//! JavaScript class all say it in these words.

mod command;
mod fields;
mod jepsen;
mod sentence;
mod shiviz;

pub(super) use fields::kind_name;
pub use fields::{EVENT_NAMES, TraceLine, event_name};

use crate::base::{OpId, Place, PlaceKind};
use crate::data::Change;
use crate::node::Request;
use crate::sim::{Op, Scenario, World};

use super::run::Recording;

/// Whoever tells what happened must know the names of clients, keys and commands. The world may be
/// of any instant at or after the record's.
#[derive(Clone, Copy, Debug)]
pub struct Narrator<'a> {
    world: &'a World,
    scenario: &'a Scenario,
}

impl<'a> Narrator<'a> {
    /// A narrator who knows this much.
    pub fn new(world: &'a World, scenario: &'a Scenario) -> Narrator<'a> {
        Narrator { world, scenario }
    }

    /// A narrator of everything known of a run.
    pub fn of(recording: &'a Recording) -> Narrator<'a> {
        Narrator::new(recording.head(), recording.scenario())
    }

    /// A place's name: `n1`, a client's name, or `operator`.
    pub fn place(&self, place: Place) -> String {
        match place.kind() {
            PlaceKind::Node(node) => node.to_string(),
            PlaceKind::Client(client) => {
                let client = self.world.clients.get(client.index());
                client.map_or_else(String::new, |client| client.name.to_string())
            }
            PlaceKind::Operator => "operator".to_string(),
        }
    }

    fn op(&self, op: OpId) -> Option<&'a Op> {
        self.world.ledger.op(op)
    }

    fn key_of(&self, op: OpId) -> String {
        let key = self.op(op).map(Op::key);
        key.map_or_else(String::new, |key| self.world.names.text(key).to_string())
    }

    /// The text of a statement; None if the operation is of a key.
    fn sql_of(&self, op: OpId) -> Option<String> {
        let text = match &self.op(op)?.request {
            Request::Write { change: Change::Statement(logged), .. }
            | Request::Read { select: Some(logged), .. } => &logged.text,
            Request::Write { .. } | Request::Read { .. } => return None,
        };
        Some(format!("`{}`", command::short(text)))
    }

    fn client_of(&self, op: OpId) -> String {
        self.op(op).map_or_else(String::new, |op| self.place(op.client.into()))
    }

    /// What a write does to its key; None if it is no write.
    fn change_of(&self, op: OpId) -> Option<&'a Change> {
        match &self.op(op)?.request {
            Request::Write { change, .. } => Some(change),
            Request::Read { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests;
