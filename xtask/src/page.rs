//! Building the page with trunk, without asking any host for anything.

use crate::{
    run::{Outcome, announce, program},
    tools,
};
use std::{path::Path, process::Command};

/// Installs what is missing and builds the page in release into `directory`. What cargo finds fresh
/// is not compiled again.
pub fn build_into(directory: &Path) -> Outcome {
    tools::for_the_page()?;
    std::fs::create_dir_all(directory)
        .map_err(|error| format!("{}: {error}", directory.display()))?;
    let mut command = build_command(directory);
    announce(&command);
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err("the page could not be built; what trunk printed above says why".to_string()),
        Err(error) => Err(format!("trunk could not be started: {error}")),
    }
}

/// The same as a command, for a stage that keeps its output.
pub fn build_command(directory: &Path) -> Command {
    let mut trunk = program("trunk");
    trunk
        .args(["build", "--release", "--dist"])
        .arg(directory)
        // A trunk with all its features would ask whether there is a newer one.
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        // Trunk reads this variable as a flag and stops when its value is not true or false.
        .env_remove("NO_COLOR");
    trunk
}
