//! A scenario as text that people can read and edit, and that reads back equal.
//!
//! What a scenario leaves at its default is left out, except what a reader looks for first.

use std::fmt::Write;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::form::{form_of, read, to_toml_text};
use crate::sim::{Cluster, NetworkSpec, Scenario};

type Table = Map<String, Value>;

/// Fields that are always written, with their tables.
const SHOWN: [&str; 3] = ["topology", "nodes", "ack"];

/// The scenario as TOML.
pub fn to_toml(scenario: &Scenario) -> String {
    let Scenario { name, about, seed, until, cluster, network, node, client, workload, at } =
        scenario;
    let mut out = String::new();
    for (field, text) in [("name", name), ("about", about)] {
        if !text.is_empty() {
            field_line(&mut out, field, &Value::from(text.as_str()));
        }
    }
    field_line(&mut out, "seed", &Value::from(*seed));
    field_line(&mut out, "until", &Value::from(until.to_string()));
    section(&mut out, "cluster", &table(cluster), &table(&Cluster::default()));
    section(&mut out, "network", &table(network), &table(&NetworkSpec::default()));
    sections(&mut out, "node", node, json!({ "id": "n1" }));
    sections(&mut out, "client", client, json!({ "id": "" }));
    sections(&mut out, "workload", workload, json!({ "client": "", "rate": "1/s" }));
    for stamped in at {
        let mut fields = table(stamped);
        fields.iter_mut().for_each(|(_, command)| drop_false_both(command));
        section_of(&mut out, "[[at]]", &fields, &Table::new());
    }
    out
}

/// The scenario as JSON of the same shape, with every default written out.
pub fn to_json(scenario: &Scenario) -> String {
    serde_json::to_string_pretty(&form_of(scenario)).expect("a form has text keys only")
}

/// Any part of a scenario as an ordered table.
fn table(part: &impl Serialize) -> Table {
    match form_of(part) {
        Value::Object(fields) => fields,
        _ => Table::new(),
    }
}

/// A table with its lists of tables after it.
fn section(out: &mut String, name: &str, fields: &Table, defaults: &Table) {
    let (lists, plain): (Vec<_>, Vec<_>) = fields.iter().partition(|(_, value)| is_tables(value));
    let plain: Table = plain.into_iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    section_of(out, &format!("[{name}]"), &plain, defaults);
    for (key, list) in lists {
        for fields in list.as_array().into_iter().flatten() {
            let mut fields = fields.clone();
            drop_false_both(&mut fields);
            let header = format!("[[{name}.{key}]]");
            section_of(out, &header, fields.as_object().unwrap_or(&Table::new()), &Table::new());
        }
    }
}

fn is_tables(value: &Value) -> bool {
    let items = value.as_array();
    items.is_some_and(|items| !items.is_empty() && items.iter().all(Value::is_object))
}

/// One `[[name]]` for each part; `least` is the shortest form of one, which has all defaults.
fn sections<T: Serialize + DeserializeOwned>(
    out: &mut String,
    name: &str,
    parts: &[T],
    least: Value,
) {
    if parts.is_empty() {
        return;
    }
    let Ok(shortest) = read::<T>(least.clone()) else { return };
    let mut defaults = table(&shortest);
    defaults.retain(|key, _| least.get(key).is_none());
    for part in parts {
        section_of(out, &format!("[[{name}]]"), &table(part), &defaults);
    }
}

fn section_of(out: &mut String, header: &str, fields: &Table, defaults: &Table) {
    let told = |(key, value): &(&String, &Value)| {
        SHOWN.contains(&key.as_str()) || defaults.get(key.as_str()) != Some(*value)
    };
    let mut told = fields.iter().filter(told).peekable();
    if told.peek().is_none() {
        return;
    }
    let _ = writeln!(out, "\n{header}");
    told.for_each(|(key, value)| field_line(out, key, value));
}

fn field_line(out: &mut String, field: &str, value: &Value) {
    let _ = writeln!(out, "{field} = {}", to_toml_text(value));
}

/// Links are one-way unless both ways are asked for.
fn drop_false_both(value: &mut Value) {
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|key, value| key != "both" || value.as_bool() != Some(false));
    }
}
