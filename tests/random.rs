//! Five hundred random runs, each under every invariant at every step, then once more whole, in
//! pieces, from checkpoints and after a fork that is taken back. `cargo xtask vopr` runs more.

#![cfg(not(target_arch = "wasm32"))]

use std::thread;

use replication::check::vopr::prove_seed;
use replication::recording::to_toml;

const SEEDS: u64 = 500;

/// Runs the seeds on as many threads as there are cores; says how many steps were checked.
fn prove_all(seeds: u64) -> u64 {
    let threads = thread::available_parallelism().map_or(2, |cores| cores.get() as u64);
    let share = |thread: u64| (thread..seeds).step_by(threads as usize);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|thread| {
                scope.spawn(move || {
                    share(thread)
                        .map(|seed| match prove_seed(seed) {
                            Ok(summary) => summary.steps,
                            Err((scenario, failure)) => {
                                panic!("seed {seed}: {failure}\n{}", to_toml(&scenario))
                            }
                        })
                        .sum::<u64>()
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().expect("every run holds")).sum()
    })
}

#[test]
fn random_runs_hold_every_invariant_and_can_be_repeated() {
    let steps = prove_all(SEEDS);
    // A random run has some 700 steps; if most did nothing, nothing would be shown.
    assert!(steps > SEEDS * 300, "{steps} steps in {SEEDS} runs are too few to mean anything");
}
