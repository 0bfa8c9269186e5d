//! What a person has chosen to look at.

use crate::base::{ClientId, NodeId, OpId};

/// One thing on the stage, or none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Selection {
    /// Nothing.
    #[default]
    None,
    /// A server.
    Node(NodeId),
    /// A client.
    Client(ClientId),
    /// A read or a write.
    Op(OpId),
    /// A link between two servers.
    Link(NodeId, NodeId),
}

/// A menu of what can be done to something, and where on the page it opens, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Menu {
    /// To what.
    pub place: Selection,
    /// From the viewport's left edge.
    pub x: i32,
    /// From the viewport's top edge.
    pub y: i32,
}

impl Selection {
    /// The server selected; None for anything else.
    pub fn node(self) -> Option<NodeId> {
        match self {
            Selection::Node(node) => Some(node),
            Selection::None | Selection::Client(_) | Selection::Op(_) | Selection::Link(..) => None,
        }
    }

    /// The client selected; None for anything else.
    pub fn client(self) -> Option<ClientId> {
        match self {
            Selection::Client(client) => Some(client),
            Selection::None | Selection::Node(_) | Selection::Op(_) | Selection::Link(..) => None,
        }
    }
}
