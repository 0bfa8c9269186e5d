//! `cargo xtask bench`: benchmarks print ratios measured in one run, since absolute times say more
//! about the machine than about the code.

use crate::{
    npm,
    run::{Outcome, cargo, must, program},
    system, tools,
};
use std::{fs, path::Path};
use xtask::place;

/// The benchmark of the same work in wasm. It is run by Node with the package's directory as its
/// argument, after the native one.
const WASM_BENCH: &str = "benches/wasm.mjs";

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
        Ok(())
    } else {
        Err("there is no benchmark: neither benches/*.rs nor benches/wasm.mjs".to_string())
    }
}

fn wasm() -> Outcome {
    tools::for_the_npm_package()?;
    let node = system::node()?;
    let package = place::scratch("bench-package");
    must(&mut npm::build_command(&package, "web")?)?;
    must(program(node).arg(WASM_BENCH).arg(package))
}
