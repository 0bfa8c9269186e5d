//! A scenario as text that people can read and edit, and that reads back equal.
//!
//! What a scenario leaves at its default is left out, except what a reader looks for first.

use std::fmt::Write;

use crate::form::{Entry, Form, ToForm, defaults};
use crate::sim::limits::Limits;
use crate::sim::{ClientSpec, Cluster, NetworkSpec, NodeSpec, Scenario, WorkloadSpec};

/// Fields that are always written, with their tables.
const SHOWN: [&str; 3] = ["topology", "nodes", "ack"];

/// The scenario as TOML.
pub fn to_toml(scenario: &Scenario) -> String {
    let Scenario { name, about, seed, until, limits, cluster, network, .. } = scenario;
    let Scenario { node, client, workload, at, .. } = scenario;
    let mut out = String::new();
    for (field, text) in [("name", name), ("about", about)] {
        if !text.is_empty() {
            field_line(&mut out, field, &text.to_form());
        }
    }
    field_line(&mut out, "seed", &seed.to_form());
    field_line(&mut out, "until", &until.to_form());
    section(&mut out, "limits", &limits.to_form(), &defaults::<Limits>());
    section(&mut out, "cluster", &cluster.to_form(), &defaults::<Cluster>());
    section(&mut out, "network", &network.to_form(), &defaults::<NetworkSpec>());
    sections(&mut out, "[[node]]", &node.to_form(), &defaults::<NodeSpec>());
    sections(&mut out, "[[client]]", &client.to_form(), &defaults::<ClientSpec>());
    sections(&mut out, "[[workload]]", &workload.to_form(), &defaults::<WorkloadSpec>());
    sections(&mut out, "[[at]]", &at.to_form(), &Form::Nothing);
    out
}

/// The scenario as JSON of the same shape, with every default written out.
pub fn to_json(scenario: &Scenario) -> String {
    format!("{:#}", scenario.to_form())
}

/// A table with its lists of tables after it.
fn section(out: &mut String, name: &str, table: &Form, defaults: &Form) {
    let (lists, plain): (Vec<&Entry>, Vec<&Entry>) =
        table.entries().iter().partition(|entry| is_tables(&entry.form));
    fields(out, &format!("[{name}]"), plain.into_iter(), defaults);
    for list in lists {
        sections(out, &format!("[[{name}.{}]]", list.name), &list.form, &Form::Nothing);
    }
}

fn is_tables(form: &Form) -> bool {
    let tables = form.entries().iter().all(|entry| matches!(entry.form, Form::Table(_)));
    matches!(form, Form::List(_)) && tables
}

/// One section for each table of a list.
fn sections(out: &mut String, header: &str, tables: &Form, defaults: &Form) {
    for table in tables.entries() {
        fields(out, header, table.form.entries().iter(), defaults);
    }
}

fn fields<'a>(
    out: &mut String,
    header: &str,
    fields: impl Iterator<Item = &'a Entry>,
    defaults: &Form,
) {
    let is_told = |entry: &&Entry| {
        SHOWN.contains(&entry.name.as_str()) || defaults.field(&entry.name) != Some(&entry.form)
    };
    let mut told = fields.filter(is_told).peekable();
    if told.peek().is_none() {
        return;
    }
    let _ = writeln!(out, "\n{header}");
    told.for_each(|entry| field_line(out, &entry.name, &entry.form));
}

fn field_line(out: &mut String, field: &str, value: &Form) {
    let _ = writeln!(out, "{field} = {}", value.to_toml());
}
