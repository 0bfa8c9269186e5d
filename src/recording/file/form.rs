//! The one form behind every text: TOML, JSON and JavaScript's objects all become a tree of JSON
//! values first, and are read and written from there. One reader keeps the page small, and every
//! message about a field is worded and placed in the same way.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};
use toml::de::{DeTable, DeValue};
use toml_writer::{ToTomlValue, TomlStringBuilder};

use super::reader::Reader;

/// A path and a message about what stands there.
pub(super) struct Misfit {
    /// The field; the top is the empty text.
    pub(super) path: String,
    /// What the form's reader says.
    pub(super) message: String,
}

/// Reads a value from its form.
pub(super) fn read<T: DeserializeOwned>(form: Value) -> Result<T, Misfit> {
    T::deserialize(Reader(form))
}

/// The form of a value.
pub fn form_of(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("keys are texts")
}

/// The form of a TOML document.
pub(super) fn of_toml(table: &DeTable<'_>) -> Value {
    let fields = table.iter().map(|(key, value)| {
        let value = of_toml_value(value.get_ref());
        (key.get_ref().to_string(), value)
    });
    Value::Object(fields.collect())
}

fn of_toml_value(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(integer) => {
            let signed = i64::from_str_radix(integer.as_str(), integer.radix()).map(Number::from);
            let unsigned = || u64::from_str_radix(integer.as_str(), integer.radix());
            let number = signed.or_else(|_| unsigned().map(Number::from));
            number.map_or_else(|_| Value::String(integer.as_str().to_string()), Value::Number)
        }
        DeValue::Float(float) => {
            let number = float.as_str().parse().ok().and_then(Number::from_f64);
            number.map_or_else(|| Value::String(float.as_str().to_string()), Value::Number)
        }
        DeValue::Boolean(yes) => Value::Bool(*yes),
        DeValue::Datetime(time) => Value::String(time.to_string()),
        DeValue::Array(items) => {
            Value::Array(items.iter().map(|item| of_toml_value(item.get_ref())).collect())
        }
        DeValue::Table(table) => of_toml(table),
    }
}

/// A value as TOML on one line.
pub(super) fn to_toml_text(form: &Value) -> String {
    match form {
        // TOML has no null; a scenario leaves out what it does not have.
        Value::Null => "\"\"".to_string(),
        Value::Bool(yes) => yes.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => TomlStringBuilder::new(text).as_default().to_toml_value(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(to_toml_text).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) if fields.is_empty() => "{}".to_string(),
        Value::Object(fields) => format!("{{ {} }}", inline_fields(fields)),
    }
}

/// Field names are the format's own, and need no quotes.
fn inline_fields(fields: &Map<String, Value>) -> String {
    let told = fields.iter().map(|(name, value)| format!("{name} = {}", to_toml_text(value)));
    told.collect::<Vec<_>>().join(", ")
}
