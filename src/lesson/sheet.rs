//! A sheet: what the chapter says in tables and in twenty seconds, each cell beside what a run
//! comes to. The file has the words and the runs; the numbers are found when it is opened, a slice
//! at a time, and by the same claims that the tests hold against them.

use crate::base::SimTime;
use crate::form::{Form, FromForm, Misfit, fill_in, read_toml, reading};
use crate::recording::{Recording, misplaced_in, read_scenario};

use super::claim::{Claim, Held, Which};
use super::cue::Cue;
use super::judge::Judge;
use super::{Bound, Lie};

/// The sheet that comes with the page.
pub const SHEET: &str = "sync-or-async";
/// What stands in a stage's text in the place of its ack rule.
const RULE: &str = "$rule";

/// A text that has a name: an ack rule, or a scenario without one.
#[derive(Clone, Debug, Default)]
pub struct Named {
    /// Its name.
    pub name: String,
    text: String,
}

/// What the chapter says in one cell, and what the run says.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// The chapter's words; empty where it says nothing.
    pub says: String,
    stage: String,
    rule: String,
    claim: Option<Claim>,
    show: Cue,
    /// The number of its run.
    run: usize,
    /// What was found; None while it has not been.
    pub found: Option<Found>,
}

/// A number of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The number.
    pub is: u64,
    /// Of how many; None if it is no share.
    pub of: Option<u64>,
    /// Whether it is a time, in microseconds.
    pub is_time: bool,
    /// The instant that shows it.
    pub at: SimTime,
}

/// A row of a table.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// The title of the table that begins here; empty within one.
    pub head: String,
    /// What the chapter calls it.
    pub name: String,
    /// What is measured.
    pub what: String,
    /// How far the chapter is right.
    pub note: String,
    stage: String,
    of: String,
    /// A cell for each of the first columns.
    pub cell: Vec<Cell>,
}

/// A sentence, and the cells it rests on.
#[derive(Clone, Debug, Default)]
pub struct Sentence {
    /// The sentence.
    pub text: String,
    /// Numbers of rows and of columns.
    pub cite: Vec<Vec<u16>>,
}

/// A sheet, as far as it is measured.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Its title.
    pub title: String,
    /// What it is, in a sentence or two.
    pub about: String,
    /// The chapter's own short answer.
    pub chapter: String,
    /// What the runs leave of it.
    pub say: Vec<Sentence>,
    /// The columns: ack rules.
    pub column: Vec<Named>,
    /// The rows of all tables.
    pub row: Vec<Row>,
    runs: Vec<Run>,
    measured: usize,
}

/// A run behind cells: its scenario's text until it is its turn.
#[derive(Clone, Debug)]
struct Run {
    text: String,
    recording: Option<Recording>,
}

impl FromForm for Named {
    fn from_form(form: &Form) -> Result<Named, Misfit> {
        let mut read = Named::default();
        let mut fields =
            [reading("name", true, &mut read.name), reading("text", true, &mut read.text)];
        fill_in(&mut fields, form)?;
        Ok(read)
    }
}

impl FromForm for Cell {
    fn from_form(form: &Form) -> Result<Cell, Misfit> {
        let mut read = Cell::default();
        let mut fields = [
            reading("says", false, &mut read.says),
            reading("stage", false, &mut read.stage),
            reading("rule", false, &mut read.rule),
            reading("claim", true, &mut read.claim),
            reading("show", true, &mut read.show),
        ];
        fill_in(&mut fields, form)?;
        Ok(read)
    }
}

impl FromForm for Row {
    fn from_form(form: &Form) -> Result<Row, Misfit> {
        let mut read = Row::default();
        let mut fields = [
            reading("head", false, &mut read.head),
            reading("name", true, &mut read.name),
            reading("what", true, &mut read.what),
            reading("note", false, &mut read.note),
            reading("stage", true, &mut read.stage),
            reading("of", false, &mut read.of),
            reading("cell", true, &mut read.cell),
        ];
        fill_in(&mut fields, form)?;
        Ok(read)
    }
}

impl FromForm for Sentence {
    fn from_form(form: &Form) -> Result<Sentence, Misfit> {
        let mut read = Sentence::default();
        let mut fields =
            [reading("text", true, &mut read.text), reading("cite", true, &mut read.cite)];
        fill_in(&mut fields, form)?;
        Ok(read)
    }
}

/// Reads a sheet, or says where it cannot be one.
pub fn read_sheet(text: &str) -> Result<Sheet, Lie> {
    let form = read_toml(text).map_err(|misfit| misplaced_in(text, misfit))?;
    let mut sheet = Sheet::default();
    let mut stages: Vec<Named> = Vec::new();
    let mut fields = [
        reading("title", true, &mut sheet.title),
        reading("about", true, &mut sheet.about),
        reading("chapter", true, &mut sheet.chapter),
        reading("say", true, &mut sheet.say),
        reading("column", true, &mut sheet.column),
        reading("stage", true, &mut stages),
        reading("row", true, &mut sheet.row),
    ];
    fill_in(&mut fields, &form).map_err(|misfit| misplaced_in(text, misfit))?;
    for row in &mut sheet.row {
        for (cell, column) in row.cell.iter_mut().zip(&sheet.column) {
            let name = if cell.stage.is_empty() { &row.stage } else { &cell.stage };
            let rule = if cell.rule.is_empty() { &column.text } else { &cell.rule };
            let Some(stage) = stages.iter().find(|stage| stage.name == *name) else {
                let message = format!("there is no stage `{name}`");
                return Err(misplaced_in(text, Misfit::new(message)));
            };
            let scenario = stage.text.replace(RULE, rule);
            let known = sheet.runs.iter().position(|run| run.text == scenario);
            cell.run = known.unwrap_or(sheet.runs.len());
            if known.is_none() {
                sheet.runs.push(Run { text: scenario, recording: None });
            }
        }
    }
    Ok(sheet)
}

impl Sheet {
    /// Goes on measuring, in about so many steps of the engine; false if nothing was left to do,
    /// and an error if a scenario cannot be run.
    pub fn measure(&mut self, steps: u64) -> Result<bool, Lie> {
        let Some(run) = self.runs.get_mut(self.measured) else { return Ok(false) };
        let Some(recording) = &mut run.recording else {
            run.recording = Some(Recording::new(read_scenario(&run.text)?));
            return Ok(true);
        };
        let until = recording.scenario().until.0;
        if recording.extend(until, steps) {
            let judge = Judge::new(recording, None);
            for row in &mut self.row {
                let cells = row.cell.iter_mut().filter(|cell| cell.run == self.measured);
                cells.for_each(|cell| cell.found = found(&judge, cell, &row.of));
            }
            self.measured += 1;
        }
        Ok(true)
    }

    /// The run behind a cell; None while it has not begun.
    pub fn run(&self, cell: &Cell) -> Option<&Recording> {
        self.runs.get(cell.run)?.recording.as_ref()
    }

    /// Every cell whose run does not say what the file says, by row and column.
    pub fn lies(&self) -> Vec<(usize, usize)> {
        let holds = |cell: &Cell| {
            let run = self.run(cell);
            run.is_some_and(|run| Judge::new(run, None).all(cell.claim.as_slice()))
        };
        let rows = self.row.iter().enumerate();
        let cells = rows.flat_map(|(at, row)| {
            row.cell.iter().enumerate().map(move |(nth, cell)| ((at, nth), cell))
        });
        cells.filter(|(_, cell)| !holds(cell)).map(|(at, _)| at).collect()
    }
}

/// What a run says in a cell; None if it says nothing of the kind.
fn found(judge: &Judge<'_>, cell: &Cell, of: &str) -> Option<Found> {
    let claim = cell.claim.as_ref()?;
    let is_time = match &claim.held {
        Held::Takes(..) => true,
        Held::Report(field, _) => field.contains("_us"),
        Held::Happens(..)
        | Held::Never(_)
        | Held::Order(_)
        | Held::Then(_)
        | Held::Value { .. }
        | Held::Behind { .. }
        | Held::Primaries(..)
        | Held::Compare(..) => false,
    };
    let all = Claim { run: Which::First, held: Held::Report(of.into(), Bound::default()) };
    Some(Found {
        is: judge.number(claim)?,
        of: if of.is_empty() { None } else { Some(judge.number(&all)?) },
        is_time,
        at: judge.instant(&cell.show)?,
    })
}
