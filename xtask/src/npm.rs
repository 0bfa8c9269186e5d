//! The npm package: the engine and its JavaScript class, without the page.

use crate::run::program;
use std::{path::Path, process::Command};

/// Makes the package for Node in `directory`. `profile` is a cargo profile.
pub fn build_command(directory: &Path, profile: &str) -> Command {
    let mut wasm_pack = program("wasm-pack");
    wasm_pack
        .args(["build", ".", "--target", "nodejs", "--profile", profile])
        // No optimiser and no install: both would be downloads.
        .args(["--no-opt", "--mode", "no-install", "--out-dir"])
        .arg(directory)
        .args(["--", "--locked", "--no-default-features"]);
    wasm_pack
}
