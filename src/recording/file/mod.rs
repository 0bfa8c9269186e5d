//! Scenario files: text in, a checked scenario out, and back. TOML and JSON have the same shape.
//!
//! Nothing is half-applied: a file is read whole or refused with the place of the first problem.
//! No text makes it panic.

mod error;
mod knobs;
mod print;
#[cfg(not(target_arch = "wasm32"))]
mod schema;
#[cfg(not(target_arch = "wasm32"))]
mod set;

pub use error::ScenarioError;
pub use print::{to_json, to_toml};
#[cfg(not(target_arch = "wasm32"))]
pub use schema::schema;
#[cfg(not(target_arch = "wasm32"))]
pub use set::with_field;

use crate::form::{Fault, Form, FromForm, Misfit, read_json, read_toml};
use crate::sim::{Command, Problem, Scenario, limits, validate, validate_command};

/// Reads a scenario from TOML, or from JSON if the text begins with a brace.
pub fn read_scenario(text: &str) -> Result<Scenario, ScenarioError> {
    if text.len() > limits::FILE_MAX {
        let message = format!("{} bytes: expected at most {}", text.len(), limits::FILE_MAX);
        return Err(ScenarioError::at(text, 0, String::new(), message));
    }
    let is_json = text.trim_start().starts_with('{');
    let form = if is_json { read_json(text) } else { read_toml(text) };
    let mut form = form.map_err(|misfit| placed(text, misfit))?;
    knobs::translate(&mut form).map_err(|misfit| placed(text, misfit))?;
    let scenario = Scenario::from_form(&form).map_err(|misfit| placed(text, misfit))?;
    validate(&scenario).map_err(|problem| impossible(text, &form, problem))?;
    Ok(scenario)
}

/// Reads a scenario from bytes, which must be UTF-8.
pub fn read_bytes(bytes: &[u8]) -> Result<Scenario, ScenarioError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => read_scenario(text),
        Err(error) => {
            let valid = &bytes[..error.valid_up_to()];
            let text = std::str::from_utf8(valid).unwrap_or_default();
            let message = "not text: expected UTF-8".to_string();
            Err(ScenarioError::at(text, text.len(), String::new(), message))
        }
    }
}

/// Reads one command for a run of this scenario: from JSON such as `{"crash": "n1"}`, or as a
/// scenario file has it, `crash = "n1"`. A command that needs no particulars may stand alone.
pub fn read_live_command(text: &str, scenario: &Scenario) -> Result<Command, ScenarioError> {
    let alone = Command::names().contains(&text.trim()).then(|| format!("{} = true", text.trim()));
    let read = alone.as_deref().unwrap_or(text);
    let is_json = read.trim_start().starts_with('{');
    let form = if is_json { read_json(read) } else { read_toml(read) };
    let form = form.map_err(|misfit| placed(text, misfit))?;
    let command = Command::from_form(&form).map_err(|misfit| placed(text, misfit))?;
    validate_command(scenario, &command, "").map_err(|problem| {
        let path = problem.path.trim_start_matches('.').to_string();
        impossible(text, &form, Problem { path, ..problem })
    })?;
    Ok(command)
}

/// A command of this name as a scenario file has it: `crash = "n1"`.
pub fn example(name: &str) -> Option<&'static str> {
    let mut lines = include_str!("every-field.toml").lines();
    // The commands stand last; fields of other tables may have the same names.
    lines.find(|line| *line == "[[at]]")?;
    lines.find(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(" = ")))
}

/// What does not fit, in words for the file's writer.
fn placed(text: &str, misfit: Misfit) -> ScenarioError {
    let Fault { path, at, message } = misfit.fault();
    ScenarioError::at(text, at.unwrap_or(0) as usize, path, message)
}

/// A problem of what was read without one.
fn impossible(text: &str, form: &Form, problem: Problem) -> ScenarioError {
    let Problem { path, message } = problem;
    ScenarioError::at(text, form.place(&path).value as usize, path, message)
}

#[cfg(test)]
mod tests;
