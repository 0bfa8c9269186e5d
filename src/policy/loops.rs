//! What keeps an entry from going round a ring for ever.

use crate::base::NodeId;
use crate::form::{Form, FromForm, Misfit, ToForm, misplaced, unsuitable};

/// Which entries a server drops when they come to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LoopFilter {
    /// Those it already has, whoever wrote them, as MySQL does with GTIDs. Written `true`.
    #[default]
    Gtid,
    /// Those it wrote itself, as MySQL does by server id: an entry whose origin has left the ring
    /// is dropped by nobody. Written `"origin"`.
    Origin,
    /// None. Written `false`.
    Off,
}

impl ToForm for LoopFilter {
    fn to_form(&self) -> Form {
        match self {
            LoopFilter::Gtid => Form::Bool(true),
            LoopFilter::Origin => Form::from("origin"),
            LoopFilter::Off => Form::Bool(false),
        }
    }
}

impl FromForm for LoopFilter {
    fn from_form(form: &Form) -> Result<LoopFilter, Misfit> {
        let expected = "true, false or \"origin\"";
        match form {
            Form::Bool(true) => Ok(LoopFilter::Gtid),
            Form::Bool(false) => Ok(LoopFilter::Off),
            Form::Text(text) if text == "origin" => Ok(LoopFilter::Origin),
            Form::Text(_) => Err(unsuitable(form, expected)),
            Form::Nothing
            | Form::Whole(_)
            | Form::Negative(_)
            | Form::Decimal(_)
            | Form::List(_)
            | Form::Table(_) => Err(misplaced(form, expected)),
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl schemars::JsonSchema for LoopFilter {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "LoopFilter".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "anyOf": [{ "type": "boolean" }, { "const": "origin" }] })
    }
}

/// Servers whose entries are dropped wherever they come, as by MariaDB's IGNORE_SERVER_IDS: a list,
/// or `"none"`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Origins(pub Vec<NodeId>);

impl ToForm for Origins {
    fn to_form(&self) -> Form {
        if self.0.is_empty() { Form::from("none") } else { self.0.to_form() }
    }
}

impl FromForm for Origins {
    fn from_form(form: &Form) -> Result<Origins, Misfit> {
        match form {
            Form::Text(text) if text == "none" => Ok(Origins::default()),
            Form::Text(_) => Err(unsuitable(form, "a list such as [\"n3\"], or \"none\"")),
            Form::List(_)
            | Form::Nothing
            | Form::Bool(_)
            | Form::Whole(_)
            | Form::Negative(_)
            | Form::Decimal(_)
            | Form::Table(_) => Vec::from_form(form).map(Origins),
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl schemars::JsonSchema for Origins {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Origins".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let nodes = generator.subschema_for::<Vec<NodeId>>();
        schemars::json_schema!({ "anyOf": [{ "const": "none" }, nodes] })
    }
}
