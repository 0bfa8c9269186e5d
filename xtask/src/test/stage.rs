//! The four kinds of tests, each with what it needs and how it runs.

use super::tally::Verdict;
use crate::{
    axe, npm, page,
    run::{Outcome, cargo, program, record},
    system, tools,
};
use std::{fs, path::Path, process::Command};
use xtask::place;

/// One kind of tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Native,
    Wasm,
    Npm,
    EndToEnd,
}

/// What Node runs, with the package's directory in the variable below.
const NODE_TESTS: &str = "tests/node.mjs";
const PACKAGE_VARIABLE: &str = "REPLICASCOPE_PKG";
/// Where the browser tests find the built page.
const DIST_VARIABLE: &str = "REPLICASCOPE_DIST";
/// Where they find the rules for accessibility.
const AXE_VARIABLE: &str = "REPLICASCOPE_AXE";

impl Stage {
    pub const ALL: [Self; 4] = [Self::Native, Self::Wasm, Self::Npm, Self::EndToEnd];

    /// The word that selects it on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Wasm => "wasm",
            Self::Npm => "npm",
            Self::EndToEnd => "e2e",
        }
    }

    /// What it shows, in a few words.
    pub fn summary(self) -> &'static str {
        match self {
            Self::Native => "the engine, the command line and the build's own commands",
            Self::Wasm => "the engine and the page's parts inside headless Chromium",
            Self::Npm => "the npm package used from Node",
            Self::EndToEnd => "the built page, driven in headless Chromium",
        }
    }

    /// Runs it; `only` is a part of the names of the tests to run.
    pub fn run(self, only: Option<&str>) -> Verdict {
        let outcome = match self {
            Self::Native => native(only),
            Self::Wasm => wasm(only),
            Self::Npm => npm(only),
            Self::EndToEnd => end_to_end(only),
        };
        outcome.unwrap_or_else(Verdict::broken)
    }
}

fn native(only: Option<&str>) -> Outcome<Verdict> {
    let mut command = cargo(["test", "--locked", "--workspace", "--exclude", "e2e"]);
    command.arg("--no-fail-fast").args(only);
    Ok(Verdict::of_rust_tests(&record(&mut command)).at_least(1))
}

fn wasm(only: Option<&str>) -> Outcome<Verdict> {
    tools::for_wasm_tests()?;
    let browser = system::browser()?;
    let mut command = cargo(["test", "--locked", "--target", tools::WASM, "--test", "web"]);
    command.args(only);
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
    steer(&mut command, &browser);
    let expected = if only.is_some() { 1 } else { written_wasm_tests()? };
    Ok(Verdict::of_rust_tests(&record(&mut command)).at_least(expected))
}

fn npm(only: Option<&str>) -> Outcome<Verdict> {
    tools::for_the_npm_package()?;
    let node = system::node()?;
    let package = place::scratch("npm-package");
    let built = record(&mut npm::build_command(&package, "release")?);
    if !built.success {
        return Ok(Verdict::of_rust_tests(&built));
    }
    let mut command = program(node);
    command.args(["--test", "--test-reporter=tap"]);
    if let Some(word) = only {
        command.arg(format!("--test-name-pattern={word}"));
    }
    command.arg(NODE_TESTS).env(PACKAGE_VARIABLE, &package);
    Ok(Verdict::of_node_tests(&record(&mut command)).at_least(1))
}

fn end_to_end(only: Option<&str>) -> Outcome<Verdict> {
    tools::for_the_page()?;
    let browser = system::browser()?;
    let axe = axe::provide()?;
    let dist = place::scratch("e2e-dist");
    fs::create_dir_all(&dist).map_err(|error| format!("{}: {error}", dist.display()))?;
    let built = record(&mut page::build_command(&dist));
    if !built.success {
        return Ok(Verdict::of_rust_tests(&built));
    }
    let mut command = cargo(["test", "--locked", "--package", "e2e", "--no-fail-fast"]);
    // One browser at a time: two cores are not enough for two pages that draw sixty times a second.
    command.args(["--", "--test-threads=1"]).args(only).env(DIST_VARIABLE, &dist);
    command.env(AXE_VARIABLE, axe);
    steer(&mut command, &browser);
    Ok(Verdict::of_rust_tests(&record(&mut command)).at_least(1))
}

/// Says where the browser is, and allows for a slow machine.
fn steer(command: &mut Command, browser: &system::Browser) {
    command
        .env("CHROMEDRIVER", &browser.driver)
        .env("CHROMIUM", &browser.chromium)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "30");
}

/// How many wasm tests the sources have: the runner's exit code does not tell when it skips some.
/// A plain `#[test]` counts too, since it is what never runs there.
fn written_wasm_tests() -> Outcome<usize> {
    let read = |path: &Path| {
        fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let mut sources = vec![read(Path::new("tests/web.rs"))?];
    if let Ok(parts) = place::files_below(Path::new("tests/web")) {
        for part in parts {
            sources.push(read(&part)?);
        }
    }
    let is_test = |line: &&str| {
        let line = line.trim_start();
        line.starts_with("#[wasm_bindgen_test") || line.starts_with("#[test]")
    };
    Ok(sources.iter().map(|source| source.lines().filter(is_test).count()).sum::<usize>().max(1))
}
