//! A sweep as a page of text: for each setting what was lost, what was violated and what it cost.

use std::io::{self, Write};

use super::tally::{Runs, Tally};
use super::{Cell, Sweep};
use crate::cli::layout::{
    Align::{Left, Right},
    table, time,
};

/// Prints a sweep.
pub fn print(out: &mut impl Write, sweep: &Sweep) -> io::Result<()> {
    let name =
        if sweep.scenario.is_empty() { "A scenario without a name" } else { &sweep.scenario };
    let seeds: Vec<String> =
        sweep.seeds.iter().map(|(first, end)| format!("{first}..{end}")).collect();
    writeln!(out, "{name}")?;
    let seeds = if seeds.is_empty() { "none".to_string() } else { seeds.join(", ") };
    writeln!(out, "  seeds {seeds}, {} settings", sweep.cells.len())?;
    sweep.cells.iter().try_for_each(|cell| print_cell(out, cell))
}

fn print_cell(out: &mut impl Write, Cell { set, tally }: &Cell) -> io::Result<()> {
    let set = set.iter().map(|setting| format!("{} = {}", setting.path, setting.value));
    let set: Vec<String> = set.collect();
    writeln!(
        out,
        "\n{}",
        if set.is_empty() { "as it stands".to_string() } else { set.join(", ") }
    )?;
    let count = |name: &str| tally.counts.get(name).copied().unwrap_or(0);
    writeln!(out, "  {} runs, {} events, digest {}", tally.runs, count("events"), tally.digest)?;
    writeln!(
        out,
        "  writes  {} issued, {} acknowledged, {} of them LOST",
        count("writes_issued"),
        count("writes_acknowledged"),
        count("writes_lost_acknowledged")
    )?;
    writeln!(
        out,
        "  reads   {} issued, {} answered, {} of them stale",
        count("reads_issued"),
        count("reads_answered"),
        count("reads_stale")
    )?;
    distributions(out, tally)?;
    writeln!(out)?;
    for (name, fared) in &tally.guarantees {
        let unknown = match fared.unknown {
            0 => String::new(),
            unknown => format!(", unknown in {unknown}"),
        };
        let name = name.replace('_', " ");
        writeln!(out, "  {name:<20} violated in {}{unknown}", runs(&fared.violated, tally.runs))?;
    }
    let rare = [
        ("writes lost", &tally.lost_writes),
        ("not converged", &tally.not_converged),
        ("STOPPED at a limit", &tally.stopped_at_a_limit),
    ];
    for (name, some) in rare.into_iter().filter(|(_, some)| some.count > 0) {
        writeln!(out, "  {name:<20} in {}", runs(some, tally.runs))?;
    }
    Ok(())
}

fn runs(some: &Runs, all: u64) -> String {
    let told: Vec<String> = some.seeds.iter().map(u64::to_string).collect();
    let more = if some.count > told.len() as u64 { ", ..." } else { "" };
    let seeds = match told.len() {
        0 => String::new(),
        _ => format!(" (seeds {}{more})", told.join(", ")),
    };
    format!("{} of {all} runs{seeds}", some.count)
}

fn distributions(out: &mut impl Write, tally: &Tally) -> io::Result<()> {
    let header = ["", "count", "mean", "p50", "p90", "p99", "p99.9", "max"];
    let mut rows = vec![header.map(String::from).to_vec()];
    for (name, spread) in tally.distributions.iter().filter(|(_, spread)| spread.count > 0) {
        let unit = |value| match name.strip_suffix("_us") {
            Some(_) => time(value),
            None => value.to_string(),
        };
        let shown = name.strip_suffix("_us").unwrap_or(name).replace('_', " ");
        let mut row = vec![shown, spread.count.to_string(), unit(spread.mean as u64)];
        row.extend([spread.p50, spread.p90, spread.p99, spread.p999, spread.max].map(unit));
        rows.push(row);
    }
    if rows.len() == 1 {
        return Ok(());
    }
    table(out, &[Left, Right, Right, Right, Right, Right, Right, Right], &rows)
}
