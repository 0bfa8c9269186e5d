//! `sweep` and `merge`: one scenario under many seeds and settings, in parts if wished. The parts
//! of a sweep merge into what the whole of it would have said, byte for byte.

mod axes;
mod print;
pub mod seeds;
mod tally;

use std::fs::File;
use std::io::Read;

use replication::base::digest_of;
use replication::check::{Measures, report_of};
use replication::recording::{Recording, read_scenario, to_toml};
use replication::sim::Scenario;
use serde::{Deserialize, Serialize};

pub use print::print;

use crate::cli::failure::Failure;
use crate::cli::workers;
use axes::{Axis, Setting};
use seeds::{Seeds, Shard, join};
use tally::Tally;

/// The largest report that is read, in bytes.
const REPORT_MAX: u64 = 256 * 1024 * 1024;

/// A sweep, or a part of one.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sweep {
    /// The program's version: another one may count otherwise.
    version: String,
    scenario: String,
    /// Digest of the scenario and of what is varied.
    of: String,
    /// Seeds done: each range without its end.
    seeds: Vec<(u64, u64)>,
    set: Vec<Axis>,
    cells: Vec<Cell>,
}

/// The runs of one combination of settings.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cell {
    set: Vec<Setting>,
    tally: Tally,
}

/// Runs a scenario under every seed of a shard and every combination of settings.
pub fn sweep(
    scenario: &Scenario,
    seeds: Seeds,
    set: &[String],
    shard: Option<Shard>,
    jobs: u16,
) -> Result<Sweep, Failure> {
    let axes = axes::axes(set)?;
    let cells = axes::cells(&axes)?;
    let part = shard.map_or(seeds, |shard| seeds.part(shard));
    // As text, which threads can share; every combination is checked before the first run.
    let texts = cells.iter().map(|cell| Ok(to_toml(&axes::scenario(scenario, cell)?)));
    let texts: Vec<String> = texts.collect::<Result<_, Failure>>()?;
    let count = part.count() * texts.len() as u64;
    let start = || vec![Tally::default(); texts.len()];
    let gathered = workers::gather(jobs, count, start, |tallies, number| {
        let (cell, seed) = ((number / part.count()) as usize, part.first + number % part.count());
        tallies[cell].add(&run(&texts[cell], seed));
    });
    let mut tallies = start();
    for gathered in gathered {
        tallies.iter_mut().zip(&gathered).for_each(|(sum, part)| sum.add(part));
    }
    let of = Scenario { seed: 0, ..scenario.clone() };
    Ok(Sweep {
        version: env!("CARGO_PKG_VERSION").to_string(),
        scenario: scenario.name.clone(),
        of: format!("{:016x}", digest_of(&(to_toml(&of), set_text(&axes)))),
        seeds: join(vec![part]).unwrap_or_default().iter().map(|s| (s.first, s.end)).collect(),
        set: axes,
        cells: cells.into_iter().zip(tallies).map(|(set, tally)| Cell { set, tally }).collect(),
    })
}

fn set_text(axes: &[Axis]) -> Vec<String> {
    axes.iter().map(|axis| format!("{}={}", axis.path, axis.values.join(","))).collect()
}

fn run(text: &str, seed: u64) -> Tally {
    let mut scenario = read_scenario(text).expect("what was printed can be read");
    scenario.seed = seed;
    let mut recording = Recording::new(scenario);
    recording.finish();
    let mut measures = Measures::new(recording.head().nodes.len());
    measures.follow(recording.trace(), &recording.head().ledger, recording.known_until());
    Tally::of(&report_of(&recording, &measures), &measures)
}

/// Reads a part of a sweep from a file.
pub fn read(file: &str) -> Result<Sweep, Failure> {
    let unreadable = |error| Failure::Unreadable { file: file.to_string(), error };
    let mut text = String::new();
    let open = File::open(file).map_err(unreadable)?;
    open.take(REPORT_MAX + 1).read_to_string(&mut text).map_err(unreadable)?;
    let refused = |message: String| Failure::BadReport { file: file.to_string(), message };
    let remedy = "expected what `sweep --format json` prints";
    if text.len() as u64 > REPORT_MAX {
        return Err(refused(format!("longer than {REPORT_MAX} bytes; {remedy}")));
    }
    let mut sweep: Sweep =
        serde_json::from_str(&text).map_err(|error| refused(format!("{error}; {remedy}")))?;
    for (at, cell) in sweep.cells.iter_mut().enumerate() {
        let reckoned = cell.tally.reckon();
        reckoned.map_err(|odd| refused(format!("cells[{at}].tally.{odd}; {remedy}")))?;
    }
    let counts = sweep.seeds.iter().map(|(first, end)| end.saturating_sub(*first));
    let done = counts.fold(0, u64::saturating_add);
    if let Some(at) = sweep.cells.iter().position(|cell| cell.tally.runs != done) {
        let runs = sweep.cells[at].tally.runs;
        return Err(refused(format!("cells[{at}]: {runs} runs of {done} seeds; {remedy}")));
    }
    Ok(sweep)
}

/// One sweep from its parts, in any order.
pub fn merge(files: &[String]) -> Result<Sweep, Failure> {
    let mut whole: Option<Sweep> = None;
    for file in files {
        let part = read(file)?;
        whole = Some(match whole {
            None => part,
            Some(whole) => joined(whole, part).map_err(|message| Failure::BadReport {
                file: file.clone(),
                message: format!("{message}; merge the parts of one sweep, each once"),
            })?,
        });
    }
    whole.ok_or_else(|| Failure::BadReport {
        file: "merge".to_string(),
        message: "no report given".to_string(),
    })
}

fn joined(mut whole: Sweep, part: Sweep) -> Result<Sweep, String> {
    if whole.version != part.version {
        return Err(format!("of version {}, and the first of {}", part.version, whole.version));
    }
    let alike = |a: &Cell, b: &Cell| a.set == b.set;
    let same_cells = whole.cells.len() == part.cells.len()
        && whole.cells.iter().zip(&part.cells).all(|(a, b)| alike(a, b));
    if whole.of != part.of || !same_cells {
        return Err("of another scenario or another --set than the first".to_string());
    }
    let ranges = whole.seeds.iter().chain(&part.seeds);
    let ranges = ranges.map(|(first, end)| Seeds { first: *first, end: *end }).collect();
    let seeds = join(ranges).map_err(|seed| format!("seed {seed} is in an earlier one too"))?;
    whole.seeds = seeds.iter().map(|range| (range.first, range.end)).collect();
    for (cell, part) in whole.cells.iter_mut().zip(&part.cells) {
        cell.tally.add(&part.tally);
    }
    Ok(whole)
}

impl Sweep {
    /// Whether a limit stopped any of its runs.
    pub fn limited(&self) -> bool {
        self.cells.iter().any(|cell| cell.tally.stopped_at_a_limit.count > 0)
    }
}
