//! The accessibility rules that the end-to-end tests hold the page against: axe-core, of the
//! version and with the checksum that a lock file of npm names.

use crate::{
    run::{Outcome, must, program},
    system,
};
use std::{
    fs,
    path::{Path, PathBuf},
};
use xtask::place;

/// What npm is told to install.
const WANTED: &str = "tests/e2e/axe";
/// The files there.
const FILES: [&str; 2] = ["package.json", "package-lock.json"];
/// The rules, below the directory of the installation.
const RULES: &str = "node_modules/axe-core/axe.min.js";

/// The rules' file, installed first where it is missing or another version is there.
pub fn provide() -> Outcome<PathBuf> {
    let npm = system::npm()?;
    let directory = place::scratch("axe");
    let rules = directory.join(RULES);
    let read = |directory: &Path, file: &str| fs::read_to_string(directory.join(file));
    let same = |file: &str| {
        read(&directory, file).is_ok_and(|has| read(WANTED.as_ref(), file).is_ok_and(|w| w == has))
    };
    if rules.is_file() && FILES.into_iter().all(same) {
        return Ok(rules);
    }
    println!("Installing the accessibility rules that the page is held against.");
    let failed = |error| format!("{}: {error}", directory.display());
    // What is there may be half of an installation.
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).map_err(failed)?;
    for file in FILES {
        fs::copy(Path::new(WANTED).join(file), directory.join(file)).map_err(failed)?;
    }
    let mut install = program(npm);
    must(install.current_dir(&directory).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--no-update-notifier",
    ]))?;
    Ok(rules)
}
