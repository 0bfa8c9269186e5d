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

use crate::form::{Fault, Form, FromForm, Misfit, Toml, read_json, read_toml};
use crate::sim::{Command, Problem, Scenario, limits, validate, validate_command};

/// Reads a scenario from TOML, or from JSON if the text begins with a brace.
pub fn read_scenario(text: &str) -> Result<Scenario, ScenarioError> {
    let read = Reader::default().go_on(text, usize::MAX)?;
    Ok(read.expect("all lines were read"))
}

/// A scenario that is being read a piece at a time, where a long text must not be felt.
#[derive(Clone, Debug, Default)]
pub struct Reader(Toml);

impl Reader {
    /// Reads on, so many lines of a text that must be the same each time; None while that is not
    /// all. JSON is read at once, and what a text of TOML says once all of it is read.
    pub fn go_on(&mut self, text: &str, lines: usize) -> Result<Option<Scenario>, ScenarioError> {
        check_length(text.len())?;
        let is_json = text.trim_start().starts_with('{');
        let form = if is_json { read_json(text).map(Some) } else { self.0.go_on(text, lines) };
        let misfit = |misfit| placed(text, misfit);
        let Some(mut form) = form.map_err(misfit)? else { return Ok(None) };
        knobs::translate(&mut form).map_err(misfit)?;
        let scenario = Scenario::from_form(&form).map_err(misfit)?;
        validate(&scenario).map_err(|problem| impossible(text, &form, problem))?;
        Ok(Some(scenario))
    }
}

/// Refuses what is longer than any scenario.
pub fn check_length(bytes: usize) -> Result<(), ScenarioError> {
    if bytes <= limits::FILE_MAX {
        return Ok(());
    }
    let message = format!("{bytes} bytes: expected at most {}", limits::FILE_MAX);
    Err(ScenarioError::at("", 0, String::new(), message))
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

/// Readies the scenarios that stand at these fields of another file: a real system's knobs become
/// settings, and what could not run is refused with its place in that file.
pub fn adopt(text: &str, form: &mut Form, fields: &[&str]) -> Result<(), ScenarioError> {
    let Form::Table(top) = form else { return Ok(()) };
    for entry in top.iter_mut().filter(|entry| fields.contains(&entry.name.as_str())) {
        let translated = knobs::translate(&mut entry.form);
        translated.map_err(|misfit| placed(text, misfit.within(entry)))?;
    }
    for field in fields {
        let Some(table @ Form::Table(_)) = form.field(field) else { continue };
        // What does not fit is told again, and with its whole path, when the file is read.
        let Ok(scenario) = Scenario::from_form(table) else { continue };
        validate(&scenario).map_err(|problem| {
            let path = format!("{field}.{}", problem.path);
            impossible(text, form, Problem { path, ..problem })
        })?;
    }
    Ok(())
}

/// What does not fit in a file, with its place.
pub fn misplaced_in(text: &str, misfit: Misfit) -> ScenarioError {
    placed(text, misfit)
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
    let Fault { path, at, message, .. } = misfit.fault();
    ScenarioError::at(text, at.unwrap_or(0) as usize, path, message)
}

/// A problem of what was read without one.
fn impossible(text: &str, form: &Form, problem: Problem) -> ScenarioError {
    let Problem { path, message } = problem;
    ScenarioError::at(text, form.place(&path).value as usize, path, message)
}

#[cfg(test)]
mod tests;
