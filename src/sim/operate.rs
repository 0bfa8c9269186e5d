//! What goes with the operator's commands about who belongs to the cluster and who follows whom.

use crate::base::NodeId;
use crate::form::{Field, Fields, Form, FromForm, Misfit, ToForm, misplaced, must, unsuitable};

use super::command::Command;

impl Command {
    /// Whether it changes who belongs to the cluster or who follows whom, other than by a
    /// promotion, or has a server start over.
    pub fn rearranges(&self) -> bool {
        matches!(
            self,
            Command::AddNode(_)
                | Command::RemoveNode(_)
                | Command::Repoint(_)
                | Command::Rebalance(_)
                | Command::Reseed(_)
        )
    }
}

/// A new server joins, written `true` or `{ source = "n2" }`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct AddCommand {
    /// Whom it follows; absent: as the shape has it.
    pub source: Option<NodeId>,
}

impl ToForm for AddCommand {
    fn to_form(&self) -> Form {
        match self.source {
            None => Form::Bool(true),
            Some(source) => Form::table(&[("source", &source)]),
        }
    }
}

impl FromForm for AddCommand {
    fn from_form(form: &Form) -> Result<AddCommand, Misfit> {
        let expected = "true or { source = \"n2\" }";
        match form {
            Form::Bool(true) | Form::Nothing => Ok(AddCommand { source: None }),
            Form::Bool(false) => Err(unsuitable(form, expected)),
            Form::Table(entries) => {
                let mut source = None;
                for entry in entries {
                    if entry.name != "source" {
                        return Err(Misfit::unknown(entry, "field", &["source"]));
                    }
                    let node = NodeId::from_form(&entry.form);
                    source = Some(node.map_err(|misfit| misfit.within(entry))?);
                }
                Ok(AddCommand { source })
            }
            Form::Whole(_)
            | Form::Negative(_)
            | Form::Decimal(_)
            | Form::Text(_)
            | Form::List(_) => Err(misplaced(form, expected)),
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl schemars::JsonSchema for AddCommand {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "AddCommand".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let node = generator.subschema_for::<NodeId>();
        schemars::json_schema!({
            "anyOf": [
                { "const": true },
                {
                    "type": "object",
                    "properties": { "source": node },
                    "additionalProperties": false,
                },
            ],
        })
    }
}

/// A server follows another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct RepointCommand {
    /// Which.
    pub node: NodeId,
    /// Whom, and nobody else.
    pub source: NodeId,
}

impl Fields for RepointCommand {
    fn blank() -> RepointCommand {
        RepointCommand::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![must("node", &mut self.node), must("source", &mut self.source)]
    }
}
