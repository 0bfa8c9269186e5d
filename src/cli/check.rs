//! `check`: every invariant at every step of a run, then every guarantee asked for.

use std::io::{self, Write};

use replication::check::{Breach, Guarantees, Verdict, guarantees, vopr};
use replication::recording::{read_scenario, to_toml};
use replication::sim::Scenario;

use super::workers;

/// Violations of one guarantee in one run that are printed.
const PRINTED: usize = 3;

/// What was found in some runs.
#[derive(Default)]
struct Checked {
    steps: u64,
    /// By seed: what did not hold.
    violations: Vec<(u64, Vec<String>)>,
    limits: Vec<(u64, &'static str)>,
}

/// How a check ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Everything held.
    Held,
    /// Something did not.
    Violated,
    /// What was seen held, but a limit stopped a run.
    Limited,
}

/// A guarantee by its name in the report, with - for _ as people type it.
pub fn guarantee(text: &str) -> Result<&'static str, String> {
    let name = text.replace('-', "_");
    let known = Guarantees::NAMES.into_iter().find(|known| *known == name);
    known.ok_or_else(|| {
        let names = Guarantees::NAMES.join(", ").replace('_', "-");
        format!("there is no guarantee `{text}`: expected some of {names}")
    })
}

/// Checks a scenario under each of `runs` seeds from `first` on and prints what did not hold, seed
/// by seed.
pub fn check(
    out: &mut impl Write,
    scenario: &Scenario,
    (first, runs): (u64, u64),
    asked: &[&str],
    jobs: u16,
) -> io::Result<Ending> {
    let text = to_toml(scenario);
    let parts = workers::gather(jobs, runs, Checked::default, |checked, number| {
        let mut scenario = read_scenario(&text).expect("what was printed can be read");
        scenario.seed = first + number;
        check_one(checked, &scenario, asked);
    });
    let steps: u64 = parts.iter().map(|part| part.steps).sum();
    let (mut violations, mut limits) = (Vec::new(), Vec::new());
    for part in parts {
        violations.extend(part.violations);
        limits.extend(part.limits);
    }
    violations.sort();
    limits.sort();
    for (seed, found) in &violations {
        found.iter().try_for_each(|line| writeln!(out, "seed {seed}: {line}"))?;
    }
    for (seed, why) in &limits {
        writeln!(out, "seed {seed}: stopped at a limit: {why}")?;
    }
    let bad = violations.len();
    let guarantees = match asked.len() {
        0 => String::new(),
        _ => format!(" and {}", asked.join(", ")),
    };
    writeln!(
        out,
        "{runs} runs, {steps} steps: every invariant{guarantees} held in {}, something was \
         violated in {bad}",
        runs - bad as u64
    )?;
    Ok(match (bad, limits.len()) {
        (0, 0) => Ending::Held,
        (0, _) => Ending::Limited,
        _ => Ending::Violated,
    })
}

fn check_one(checked: &mut Checked, scenario: &Scenario, asked: &[&str]) {
    let (recording, held) = vopr::observe(scenario);
    let world = recording.head();
    checked.steps += world.steps;
    checked.limits.extend(world.limit.map(|limit| (scenario.seed, limit.text())));
    let mut lines: Vec<String> = held.err().iter().map(ToString::to_string).collect();
    let judged = guarantees(&recording);
    let judged = judged.all();
    let broken = judged
        .iter()
        .filter(|(name, judged)| asked.contains(name) && judged.holds == Verdict::Broken);
    for (name, guarantee) in broken {
        lines.push(format!("{name} violated {} times", guarantee.count));
        for Breach { at_us, client, key, why } in guarantee.violations.iter().take(PRINTED) {
            lines.push(format!("  at {at_us} us, client {client}, key {key}: {why}"));
        }
    }
    if !lines.is_empty() {
        checked.violations.push((scenario.seed, lines));
    }
}
