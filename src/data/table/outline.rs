//! The table in outline, as reports and snapshots show it.

use super::Table;
use super::cell::Cell;
use super::ids::Ids;
use crate::data::sql::Column;
use crate::form::{Entry, Form, ToForm};

/// Runs of rows that are shown one by one.
const RUNS_SHOWN: usize = 20;

impl Table {
    /// How many rows, the next id, and the first rows run by run: what a run holds, or the first
    /// and the last of it. Nothing for a table that was never used.
    pub fn outline(&self) -> Form {
        if *self == Table::default() {
            return Form::Nothing;
        }
        if !self.exists {
            return Form::from("dropped");
        }
        let runs = self.parted(|_| true);
        let run = |ids: &Ids| {
            let mut run = vec![Entry::new("id", Form::Text(ids.to_string()))];
            for column in Column::ALL.into_iter().skip(1) {
                let cell = self.cell(column, ids.first);
                if cell != Cell::empty(column) {
                    run.push(Entry::new(column.name(), shown(&cell, *ids)));
                }
            }
            Form::Table(run)
        };
        Form::table(&[
            ("rows", &self.len()),
            ("next_id", &self.counter),
            ("runs", &Form::list(runs.iter().take(RUNS_SHOWN).map(run))),
            ("more", &(runs.len().saturating_sub(RUNS_SHOWN) as u64)),
        ])
    }

    /// The rows, parted wherever one of these columns follows another formula.
    pub fn parted(&self, plays: impl Fn(Column) -> bool) -> Vec<Ids> {
        let mut segments: Vec<Ids> = self.ids.to_vec();
        for column in Column::ALL.into_iter().skip(1).filter(|column| plays(*column)) {
            let stretches = self.stretches(column);
            let mut parted = Vec::new();
            let mut at = 0;
            for segment in segments {
                while stretches.get(at).is_some_and(|s| s.ids.last < segment.first) {
                    at += 1;
                }
                parted.extend(stretches[at..].iter().map_while(|s| s.ids.common(segment)));
            }
            segments = parted;
        }
        segments
    }
}

fn shown(cell: &Cell, ids: Ids) -> Form {
    let first = cell.value(ids.first);
    if cell.is_constant() || ids.first == ids.last {
        return first.to_form();
    }
    Form::Text(format!("{first} .. {}", cell.value(ids.last)))
}
