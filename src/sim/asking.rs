//! What a client can be told to ask beside a write: a read, of the present or of a moment, and a
//! delete.

use crate::base::{NodeId, Span};
use crate::form::{Field, Fields, may, must};

/// A read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct ReadCommand {
    /// Who.
    pub client: String,
    /// Which key.
    pub key: String,
    /// Of which moment, under MVCC; absent: as the client's read rule says.
    pub at: Option<Span>,
    /// Which server is asked; absent: as the client's read rule says.
    pub to: Option<NodeId>,
}

impl Fields for ReadCommand {
    fn blank() -> ReadCommand {
        ReadCommand::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![
            must("client", &mut self.client),
            must("key", &mut self.key),
            may("at", &mut self.at),
            may("to", &mut self.to),
        ]
    }
}

/// A delete.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct DeleteCommand {
    /// Who.
    pub client: String,
    /// Which key.
    pub key: String,
    /// Which server is asked; absent: the primary, or the client's home where several take writes.
    pub to: Option<NodeId>,
}

impl Fields for DeleteCommand {
    fn blank() -> DeleteCommand {
        DeleteCommand::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![must("client", &mut self.client), must("key", &mut self.key), may("to", &mut self.to)]
    }
}
