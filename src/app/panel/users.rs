//! The table of SQL statements as one server holds it, run of rows by run of rows, and where it
//! differs from the primary's.

use replication::base::gathered;
use replication::form::Form;
use replication::node::Node;
use replication::words::inspector as say;

use super::Shown;
use super::detail::row;
use crate::app::element::{El, el};

/// Differences, and runs of rows, that are listed one by one.
const LISTED: usize = 8;

/// The table's rows; nothing where no statement was ever run and no rows were there before.
pub fn users(shown: &Shown, node: &Node) -> Vec<El> {
    let table = node.disk.store.users.table();
    let outline = table.outline();
    if outline == Form::Nothing {
        return Vec::new();
    }
    let mut parts = vec![el("h4", "").text(say::users_table(table.len()))];
    let runs = outline.field("runs").map_or(&[][..], Form::entries);
    if !table.exists {
        parts.push(el("p", "faint").text(say::DROPPED));
    }
    let primary = shown.moment.primary().filter(|primary| primary.id != node.id);
    let differences = primary.map(|one| (one.id, one.disk.store.users.table().diff(table)));
    if let Some((primary, differences)) = differences.filter(|(_, some)| !some.is_empty()) {
        let named = gathered(differences.iter().take(LISTED).cloned()).join(", ");
        let named = match differences.len().saturating_sub(LISTED) {
            0 => named,
            more => say::and_more(named, more),
        };
        let text = say::unlike(primary, named);
        parts.push(el("p", "unlike").testid("unlike").text(text));
    }
    let listed = runs.iter().take(LISTED).flat_map(|entry| run(&entry.form));
    parts.push(el("dl", "values").each(listed));
    let more = match outline.field("more") {
        Some(Form::Whole(more)) => *more as usize,
        _ => 0,
    };
    let more = (runs.len() + more).saturating_sub(LISTED);
    if more > 0 {
        parts.push(el("p", "faint").text(say::and_more_of(more, say::RUNS_OF_ROWS)));
    }
    parts
}

/// A run of rows that follow one formula: its ids, and what its columns hold.
fn run(run: &Form) -> [El; 2] {
    let mut ids = String::new();
    let mut held = Vec::new();
    for entry in run.entries() {
        let value = entry.form.text().map_or_else(|| entry.form.to_toml(), str::to_string);
        if entry.name == "id" {
            ids = value;
        } else {
            held.push(format!("{} {value}", entry.name));
        }
    }
    row(ids, held.join(", "))
}
