//! `lesson`: proves what lessons say, and prints the scenarios in them.

use std::io::Write;
use std::process::ExitCode;

use clap::Subcommand;
use replication::lesson::{prove, read_lesson};
use replication::recording::{ScenarioError, to_toml};

use super::failure::Failure;
use super::input;

/// What can be asked of lessons.
#[derive(Subcommand)]
pub enum Lessons {
    /// Hold everything that lessons say against their runs
    Check {
        /// Paths, or `-` for standard input
        #[arg(required = true)]
        files: Vec<String>,
    },
    /// Print a lesson's scenario, for `run`, `trace` and the page
    Scenario {
        /// A path, or `-` for standard input
        file: String,
        /// The second one
        #[arg(long)]
        second: bool,
    },
}

impl Lessons {
    /// Does what is asked.
    pub fn carry_out(self, out: &mut impl Write) -> Result<ExitCode, Failure> {
        match self {
            Lessons::Check { files } => check(out, &files),
            Lessons::Scenario { file, second } => {
                let lesson = read_lesson(&input::text(&file)?);
                let lesson = lesson.map_err(|error| refused(&file, error))?;
                let stage = if second { lesson.second } else { Some(lesson.scenario) };
                match stage {
                    Some(stage) => write!(out, "{}", to_toml(&stage.0))?,
                    None => writeln!(out, "# there is no second scenario")?,
                }
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

fn refused(file: &str, error: ScenarioError) -> Failure {
    Failure::Refused { file: file.to_string(), error }
}

fn check(out: &mut impl Write, files: &[String]) -> Result<ExitCode, Failure> {
    let mut found = 0;
    for file in files {
        let lies = prove(&input::text(file)?).map_err(|error| refused(file, error))?;
        found += lies.len();
        for ScenarioError { line, column, path, message } in &lies {
            writeln!(out, "{file}:{line}:{column}: {path}: {message}")?;
        }
    }
    let lessons = if files.len() == 1 { "lesson" } else { "lessons" };
    writeln!(out, "{} {lessons}: {found} statements do not hold", files.len())?;
    Ok(if found == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
