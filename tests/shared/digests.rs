//! Runs and their digests: the same on every platform. Checked natively by `tests/determinism.rs`,
//! in the browser by `tests/web.rs`, and in Node by `tests/node.mjs`, all from one table.
//!
//! When the engine is meant to behave differently, write the table anew and look at what changed:
//! `BLESS=1 cargo test --test determinism`.

use replication::recording::{Builtin, Recording, read_scenario};

/// One run a line: the scenario's name, the seed, the digest at the end.
pub const TABLE: &str = include_str!("digests.txt");

/// The lines of the table, taken apart.
pub fn table() -> Vec<(&'static str, u64, &'static str)> {
    let line = |line: &'static str| {
        let mut words = line.split_whitespace();
        let (name, seed, digest) = (words.next()?, words.next()?, words.next()?);
        Some((name, seed.parse().ok()?, digest))
    };
    TABLE.lines().map(|text| line(text).unwrap_or_else(|| panic!("not a line: {text}"))).collect()
}

/// The digest at the end of a scenario with another seed. Beside the built-in scenarios there is
/// `every-field`, which has every distribution and every command.
pub fn digest(name: &str, seed: u64) -> String {
    let text = match name {
        "every-field" => include_str!("../../src/recording/file/every-field.toml"),
        _ => Builtin::find(name).unwrap_or_else(|| panic!("there is no {name}")).text,
    };
    let mut scenario = read_scenario(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    scenario.seed = seed;
    let mut recording = Recording::new(scenario);
    recording.finish();
    format!("{:016x}", recording.head().digest())
}
