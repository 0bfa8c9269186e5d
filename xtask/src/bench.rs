//! `cargo xtask bench`: benchmarks print ratios measured in one run, since absolute times say more
//! about the machine than about the code.

use crate::{
    npm, page,
    run::{Outcome, cargo, must, program},
    system, tools,
};
use std::{fs, path::Path};
use xtask::place;

/// The benchmark of the same work in wasm. It is run by Node with the package's directory and its
/// profile as arguments, after the native one.
const WASM_BENCH: &str = "benches/wasm.mjs";
/// How the npm package is built, and how the page is, which must be small.
const WASM_PROFILES: [&str; 2] = ["release", "web"];

pub fn bench() -> Outcome {
    let native = fs::read_dir("benches")
        .map(|entries| entries.flatten().any(|e| e.path().extension().is_some_and(|x| x == "rs")))
        .unwrap_or(false);
    if native {
        must(&mut cargo(["bench", "--locked", "--bench", "*"]))?;
    }
    if Path::new(WASM_BENCH).exists() {
        wasm()?;
    }
    if native || Path::new(WASM_BENCH).exists() {
        frames()
    } else {
        Err("there is no benchmark: neither benches/*.rs nor benches/wasm.mjs".to_string())
    }
}

fn wasm() -> Outcome {
    tools::for_the_npm_package()?;
    let node = system::node()?;
    for profile in WASM_PROFILES {
        let package = place::scratch(&format!("bench-{profile}"));
        must(&mut npm::build_command(&package, profile)?)?;
        must(program(&node).arg(WASM_BENCH).arg(package).arg(profile))?;
    }
    Ok(())
}

/// The page's frames against a hand-written loop that draws the same marks, in a browser.
fn frames() -> Outcome {
    let browser = system::browser()?;
    let dist = place::scratch("e2e-dist");
    page::build_into(&dist)?;
    must(
        cargo(["run", "--locked", "--package", "e2e", "--bin", "frames"])
            .env("REPLICASCOPE_DIST", &dist)
            .env("CHROMEDRIVER", &browser.driver)
            .env("CHROMIUM", &browser.chromium),
    )
}
