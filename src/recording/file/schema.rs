//! The JSON Schema of scenario files: descriptions and types from the types' own docs, and what may
//! be absent from the lists of fields that read them.

use schemars::{JsonSchema, schema_for};
use serde_json::{Value, json};

use crate::base::DelayTable;
use crate::form::{Fields, Need, defaults};
use crate::policy::preset::{About, System};
use crate::policy::{AckTable, AutoIncrement};
use crate::sim::{
    ClientSpec, ClockCommand, Cluster, CutCommand, DeleteCommand, DialsCommand, IncrementCommand,
    LinkSpec, NetworkSpec, NodeSpec, PartitionCommand, ReadCommand, Scenario, SqlCommand,
    TextDeleteCommand, TextInsertCommand, WorkloadSpec, WriteCommand,
};
use crate::topology::Stream;

/// The schema as text.
pub fn schema() -> String {
    let mut schema = serde_json::to_value(schema_for!(Scenario)).expect("a schema is JSON");
    complete::<Scenario>(&mut schema);
    let parts = &mut schema["$defs"];
    complete_part::<Cluster>(parts);
    complete_part::<Stream>(parts);
    complete_part::<AckTable>(parts);
    complete_part::<DelayTable>(parts);
    complete_part::<NetworkSpec>(parts);
    complete_part::<LinkSpec>(parts);
    complete_part::<NodeSpec>(parts);
    complete_part::<ClientSpec>(parts);
    complete_part::<WorkloadSpec>(parts);
    complete_part::<WriteCommand>(parts);
    complete_part::<ReadCommand>(parts);
    complete_part::<SqlCommand>(parts);
    complete_part::<AutoIncrement>(parts);
    complete_part::<DeleteCommand>(parts);
    complete_part::<PartitionCommand>(parts);
    complete_part::<CutCommand>(parts);
    complete_part::<DialsCommand>(parts);
    complete_part::<ClockCommand>(parts);
    complete_part::<IncrementCommand>(parts);
    complete_part::<TextInsertCommand>(parts);
    complete_part::<TextDeleteCommand>(parts);
    for system in System::ALL {
        parts["Cluster"]["properties"][system.name()] = knobs(system);
    }
    serde_json::to_string_pretty(&schema).expect("a schema is JSON")
}

/// A system's table of knobs, which is turned into other fields when a file is read.
fn knobs(system: System) -> Value {
    let mut properties = serde_json::Map::new();
    for About { name, default, says, .. } in About::all(system) {
        let description = format!("{says} Default: {default}.");
        properties.insert(name.to_string(), json!({ "description": description }));
    }
    let name = system.name();
    json!({
        "description": format!("Knobs as {name} spells them; docs/presets.md lists them."),
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

fn complete_part<T: Fields + JsonSchema>(parts: &mut Value) {
    complete::<T>(&mut parts[T::schema_name().as_ref()]);
}

/// Says which fields must be there, and what the others are when they are absent.
fn complete<T: Fields>(schema: &mut Value) {
    let properties = schema["properties"].as_object_mut().expect("a table has fields");
    let mut blank = T::blank();
    let fields = blank.fields();
    let described: Vec<&str> = properties.keys().map(String::as_str).collect();
    let read: Vec<&str> = fields.iter().map(|field| field.name).collect();
    assert_eq!(read, described, "the list of fields is that of the type");
    for default in defaults::<T>().entries() {
        let value = serde_json::from_str(&default.form.to_string()).expect("a form is JSON");
        properties[&default.name]["default"] = value;
    }
    for mark in fields.iter().filter(|field| field.need == Need::When) {
        properties[mark.name]["default"] = json!(false);
    }
    let required = fields.iter().filter(|field| field.need == Need::Must);
    let required: Vec<&str> = required.map(|field| field.name).collect();
    let table = schema.as_object_mut().expect("a schema is an object");
    table.insert("additionalProperties".to_string(), json!(false));
    table.shift_remove("required");
    if !required.is_empty() {
        table.insert("required".to_string(), json!(required));
    }
}
