//! Particulars of commands that change what a key holds instead of replacing it.

use crate::base::NodeId;
use crate::form::{Field, Fields, may, must};

/// A counter's change.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct IncrementCommand {
    /// Who.
    pub client: String,
    /// Which key.
    pub key: String,
    /// By how much; below zero it shrinks.
    pub by: i64,
    /// Which server is asked; absent: as for a write.
    pub to: Option<NodeId>,
}

impl Fields for IncrementCommand {
    fn blank() -> IncrementCommand {
        IncrementCommand { client: String::new(), key: String::new(), by: 1, to: None }
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![
            must("client", &mut self.client),
            must("key", &mut self.key),
            may("by", &mut self.by),
            may("to", &mut self.to),
        ]
    }
}

/// A text is typed into a text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct TextInsertCommand {
    /// Who.
    pub client: String,
    /// Which key.
    pub key: String,
    /// Before which character, from 0, of the text as the client knows it: as it last read it, or
    /// as it was told when an edit of its own was acknowledged. If it knows none, as the server has
    /// it.
    pub at: u32,
    /// What is typed.
    pub text: String,
    /// Which server is asked; absent: as for a write.
    pub to: Option<NodeId>,
}

impl Fields for TextInsertCommand {
    fn blank() -> TextInsertCommand {
        TextInsertCommand::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![
            must("client", &mut self.client),
            must("key", &mut self.key),
            must("at", &mut self.at),
            must("text", &mut self.text),
            may("to", &mut self.to),
        ]
    }
}

/// Characters of a text are deleted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct TextDeleteCommand {
    /// Who.
    pub client: String,
    /// Which key.
    pub key: String,
    /// From which character on, from 0, of the text as the client knows it.
    pub at: u32,
    /// How many.
    pub count: u32,
    /// Which server is asked; absent: as for a write.
    pub to: Option<NodeId>,
}

impl Fields for TextDeleteCommand {
    fn blank() -> TextDeleteCommand {
        TextDeleteCommand { client: String::new(), key: String::new(), at: 0, count: 1, to: None }
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![
            must("client", &mut self.client),
            must("key", &mut self.key),
            must("at", &mut self.at),
            may("count", &mut self.count),
            may("to", &mut self.to),
        ]
    }
}
