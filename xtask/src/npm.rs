//! The npm package: the engine and its JavaScript class, without the page.

use crate::run::{Outcome, cargo, must, program};
use std::{path::Path, process::Command};

/// A port that nothing listens on.
const NOBODY: &str = "http://127.0.0.1:9";

/// Makes the package for Node in `directory`. `profile` is a cargo profile.
pub fn build_command(directory: &Path, profile: &str) -> Outcome<Command> {
    // The only part that may need the registry comes first, alone. wasm-pack asks `cargo metadata`,
    // which wants the crates of every target, not of this one only.
    must(&mut cargo(["fetch", "--quiet", "--locked"]))?;
    let mut wasm_pack = program("wasm-pack");
    // wasm-pack asks a host for a newer wasm-pack at each call, and has no switch for it: behind
    // a proxy that nobody answers, the question stays here.
    for variable in ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY"] {
        wasm_pack.env(variable, NOBODY);
    }
    wasm_pack
        .args(["build", ".", "--target", "nodejs", "--profile", profile])
        // No optimiser and no install: both would be downloads.
        .args(["--no-opt", "--mode", "no-install", "--out-dir"])
        .arg(directory)
        .args(["--", "--locked", "--offline", "--no-default-features", "--features", "scenarios"]);
    Ok(wasm_pack)
}
