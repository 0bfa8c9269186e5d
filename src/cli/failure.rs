//! What ends a command early, as a person reads it.

use std::{fmt, io};

use replication::recording::{BUILTINS, ScenarioError};

/// Why a command could not be carried out.
#[derive(Debug)]
pub enum Failure {
    /// A file could not be read.
    Unreadable {
        /// Which.
        file: String,
        /// Why.
        error: io::Error,
    },
    /// A scenario cannot be run.
    Refused {
        /// Its file.
        file: String,
        /// Where and why.
        error: ScenarioError,
    },
    /// An argument makes no sense for this scenario.
    Argument {
        /// Its name.
        name: &'static str,
        /// What was given.
        text: String,
        /// What is wrong with it.
        message: String,
    },
    /// A report cannot be merged.
    BadReport {
        /// Its file.
        file: String,
        /// Where and why.
        message: String,
    },
    /// There is no built-in scenario of this name.
    NoSuchBuiltin(String),
    /// Whoever read the output has enough.
    ReaderGone,
    /// The output could not be written.
    Unwritable(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::ReaderGone,
            _ => Failure::Unwritable(error),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Unreadable { file, error } => {
                write!(f, "error: {file}: {error}")?;
                if error.kind() == io::ErrorKind::NotFound {
                    f.write_str(
                        "\nexpected a path, `-`, or a name that `replicascope list` shows",
                    )?;
                }
                Ok(())
            }
            Failure::Refused { file, error } => {
                let ScenarioError { line, column, path, message } = error;
                write!(f, "error: {file}:{line}:{column}: ")?;
                if !path.is_empty() {
                    write!(f, "{path}: ")?;
                }
                f.write_str(message)
            }
            Failure::Argument { name, text, message } => {
                write!(f, "error: {name} {text}: {message}")
            }
            Failure::BadReport { file, message } => write!(f, "error: {file}: {message}"),
            Failure::NoSuchBuiltin(name) => {
                let names: Vec<&str> = BUILTINS.iter().map(|builtin| builtin.name).collect();
                let names = names.join("\n  ");
                write!(f, "error: there is no built-in scenario `{name}`; there are\n  {names}")
            }
            Failure::ReaderGone => f.write_str("the reader has gone"),
            Failure::Unwritable(error) => write!(f, "error: standard output: {error}"),
        }
    }
}
