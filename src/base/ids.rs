//! Names of things as small integers: servers, clients, keys, operations, log positions, epochs.

use std::fmt;
use std::str::FromStr;

use crate::form::{Form, FromForm, Misfit, ToForm, parsed};

/// The most servers one cluster may have.
pub const NODES_MAX: u16 = 1_024;

/// A server, counted from 0; people read `n1` for 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u16);

impl NodeId {
    /// Position in the world's list of nodes.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "n{}", self.0 + 1)
    }
}

impl FromStr for NodeId {
    type Err = String;

    fn from_str(text: &str) -> Result<NodeId, String> {
        text.strip_prefix('n')
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0'))
            .and_then(|digits| digits.parse::<u16>().ok())
            .filter(|number| (1..=NODES_MAX).contains(number))
            .map(|number| NodeId(number - 1))
            .ok_or_else(|| {
                format!("`{text}` is not a node: expected n1, n2, ... up to n{NODES_MAX}")
            })
    }
}

impl ToForm for NodeId {
    fn to_form(&self) -> Form {
        Form::Text(self.to_string())
    }
}

impl FromForm for NodeId {
    fn from_form(form: &Form) -> Result<NodeId, Misfit> {
        parsed(form, "a node such as \"n1\"")
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl schemars::JsonSchema for NodeId {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Node".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^n[1-9][0-9]*$" })
    }
}

/// A client, counted from 0 in the order of the scenario.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(pub u16);

impl ClientId {
    /// Position in the world's list of clients.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A key of the store, numbered in the order in which the run first named it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub u32);

/// One read or write of one client, numbered in the order of issue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpId(pub u32);

/// Position of an entry in one server's log, from 0.
pub type Lsn = u32;

/// Reign of a primary; a higher epoch overrules a lower one.
pub type Epoch = u32;

/// Where something happens: a server, a client, or the operator who issues commands.
///
/// One small code, so that it fits the order of events: servers first, then clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(u16);

/// A place, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceKind {
    /// A server.
    Node(NodeId),
    /// A client.
    Client(ClientId),
    /// The person or script that issues commands.
    Operator,
}

impl Place {
    /// The operator's place.
    pub const OPERATOR: Place = Place(0xfff);

    /// The code, below 4,096.
    pub fn code(self) -> u16 {
        self.0
    }

    /// What kind of place this is.
    pub fn kind(self) -> PlaceKind {
        match self.0 {
            0xfff => PlaceKind::Operator,
            code if code < NODES_MAX => PlaceKind::Node(NodeId(code)),
            code => PlaceKind::Client(ClientId(code - NODES_MAX)),
        }
    }

    /// The server here; None at a client or the operator.
    pub fn node(self) -> Option<NodeId> {
        match self.kind() {
            PlaceKind::Node(node) => Some(node),
            PlaceKind::Client(_) | PlaceKind::Operator => None,
        }
    }

    /// The client here; None at a server or the operator.
    pub fn client(self) -> Option<ClientId> {
        match self.kind() {
            PlaceKind::Client(client) => Some(client),
            PlaceKind::Node(_) | PlaceKind::Operator => None,
        }
    }
}

impl From<NodeId> for Place {
    fn from(node: NodeId) -> Place {
        Place(node.0)
    }
}

impl From<ClientId> for Place {
    fn from(client: ClientId) -> Place {
        Place(NODES_MAX + client.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_names_read_back_and_others_are_refused() {
        assert_eq!("n1".parse(), Ok(NodeId(0)));
        assert_eq!(NodeId(1023).to_string().parse(), Ok(NodeId(1023)));
        for text in ["", "n", "n0", "n01", "n1025", "m1", "n-1", "1"] {
            assert!(text.parse::<NodeId>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_place_is_told_apart_by_its_code() {
        assert_eq!(Place::from(NodeId(7)).kind(), PlaceKind::Node(NodeId(7)));
        assert_eq!(Place::from(ClientId(7)).kind(), PlaceKind::Client(ClientId(7)));
        assert_eq!(Place::OPERATOR.kind(), PlaceKind::Operator);
    }
}
