//! `cargo xtask lint`: formatting, clippy with warnings as errors on both targets, house rules.
//! All of them run, so that one run tells all.

use crate::{
    run::{Outcome, cargo, must},
    tools,
};
use std::process::Command;

pub fn lint() -> Outcome {
    tools::component("rustfmt", "fmt")?;
    tools::component("clippy", "clippy")?;
    tools::wasm_target()?;
    let failed: Vec<&str> = checks()
        .into_iter()
        .filter_map(|(name, mut command)| must(&mut command).is_err().then_some(name))
        .collect();
    match failed.as_slice() {
        [] => {
            println!("lint: all clean");
            Ok(())
        }
        failed => Err(format!("lint found something: {}", failed.join(", "))),
    }
}

fn checks() -> Vec<(&'static str, Command)> {
    let clippy = |scope: &[&str]| {
        let mut command = cargo(["clippy", "--quiet", "--locked"]);
        command.args(scope).args(["--", "--deny", "warnings"]);
        command
    };
    vec![
        ("formatting (remedy: cargo fmt --all)", cargo(["fmt", "--all", "--check"])),
        ("clippy, native", clippy(&["--workspace", "--all-targets"])),
        ("clippy, wasm", clippy(&["--target", tools::WASM, "--lib", "--bins", "--test", "web"])),
        (
            "clippy, what opens the packed program",
            clippy(&["--target", tools::WASM, "--package", "unpack"]),
        ),
        (
            "clippy, npm package",
            clippy(&[
                "--target",
                tools::WASM,
                "--lib",
                "--no-default-features",
                "--features",
                "scenarios",
            ]),
        ),
        ("house rules", cargo(["test", "--quiet", "--locked", "--test", "tidy"])),
    ]
}
