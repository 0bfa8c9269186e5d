//! Random runs, as many as asked: `cargo xtask vopr --seeds 10000 --start 0`.
//!
//! Prints how far it is and how fast. The first run that breaks an invariant is made as small as
//! possible and printed as a scenario file, with what broke, when and at which step; the exit code
//! is then 1.

#![allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "it says how fast it is")]

use std::process::ExitCode;
use std::time::Instant;

use replication::check::vopr::{prove_seed, shrink};
use replication::recording::to_toml;

/// Seeds between two lines of progress.
const PROGRESS: u64 = 500;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str, default: u64| {
        let at = arguments.iter().position(|argument| argument == name);
        let value = at.and_then(|at| arguments.get(at + 1));
        value.map_or(Some(default), |text| text.parse().ok())
    };
    let (Some(seeds), Some(start)) = (number("--seeds", 1_000), number("--start", 0)) else {
        eprintln!("usage: vopr [--seeds COUNT] [--start SEED]");
        return ExitCode::from(2);
    };
    let begun = Instant::now();
    let mut steps = 0;
    for seed in start..start.saturating_add(seeds) {
        match prove_seed(seed) {
            Ok(summary) => steps += summary.steps,
            Err((scenario, failure)) => {
                println!("seed {seed}: {failure}");
                println!("looking for a smaller scenario ...");
                std::panic::set_hook(Box::new(|_| ()));
                let (scenario, failure) = shrink(&scenario, failure);
                println!("\n{}\n# {failure}", to_toml(&scenario));
                return ExitCode::FAILURE;
            }
        }
        let done = seed - start + 1;
        if done.is_multiple_of(PROGRESS) || done == seeds {
            let took_ms = begun.elapsed().as_millis().max(1) as u64;
            println!(
                "{done} of {seeds} seeds, {steps} steps, every invariant held; {} seeds and {} \
                 steps a second",
                done * 1_000 / took_ms,
                steps * 1_000 / took_ms
            );
        }
    }
    ExitCode::SUCCESS
}
