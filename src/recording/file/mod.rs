//! Scenario files: text in, a checked scenario out, and back. TOML and JSON have the same shape.
//!
//! Nothing is half-applied: a file is read whole or refused with the place of the first problem.
//! No text makes it panic.

mod error;
mod form;
mod place;
mod print;
mod reader;

pub use error::ScenarioError;
pub use print::{to_json, to_toml};

use form::Misfit;
pub use form::form_of;
use place::Place;
use serde::de::DeserializeOwned;
use serde_json::Value;
use toml::de::DeTable;

use crate::sim::{Command, Scenario, limits, validate, validate_command};

/// Reads a scenario from TOML, or from JSON if the text begins with a brace.
pub fn read_scenario(text: &str) -> Result<Scenario, ScenarioError> {
    if text.len() > limits::FILE_MAX {
        let message = format!("{} bytes: expected at most {}", text.len(), limits::FILE_MAX);
        return Err(ScenarioError::at(text, 0, String::new(), message));
    }
    let is_json = text.trim_start().starts_with('{');
    let scenario = if is_json { read_json(text) } else { from_toml(text) }?;
    match validate(&scenario) {
        Ok(()) => Ok(scenario),
        Err(problem) => {
            let place = if is_json {
                place::in_json(text, &problem.path)
            } else {
                place::in_toml(text, &problem.path)
            };
            Err(ScenarioError::at(text, place.value, problem.path, problem.message))
        }
    }
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

/// Reads one command from JSON, such as `{"crash": "n1"}`, for a run of this scenario.
pub fn read_live_command(text: &str, scenario: &Scenario) -> Result<Command, ScenarioError> {
    let command = read_json(text)?;
    validate_command(scenario, &command, "").map_err(|problem| {
        let path = problem.path.trim_start_matches('.').to_string();
        let place = place::in_json(text, &path);
        ScenarioError::at(text, place.value, path, problem.message)
    })?;
    Ok(command)
}

fn from_toml(text: &str) -> Result<Scenario, ScenarioError> {
    let document = DeTable::parse(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        ScenarioError::at(text, offset, String::new(), error::in_words(error.message()))
    })?;
    form::read(form::of_toml(document.get_ref()))
        .map_err(|misfit| placed(text, misfit, |path| place::in_toml(text, path)))
}

fn read_json<T: DeserializeOwned>(text: &str) -> Result<T, ScenarioError> {
    let form: Value = serde_json::from_str(text).map_err(|error| {
        let whole = error.to_string();
        let told = whole.rsplit_once(" at line ").map_or(whole.as_str(), |(told, _)| told);
        ScenarioError {
            line: error.line().max(1) as u32,
            column: error.column().max(1) as u32,
            path: String::new(),
            message: error::in_words(told),
        }
    })?;
    form::read(form).map_err(|misfit| placed(text, misfit, |path| place::in_json(text, path)))
}

/// An error at the field it is about: at its name if the name is wrong, else at its value.
fn placed(text: &str, misfit: Misfit, find: impl Fn(&str) -> Place) -> ScenarioError {
    let Misfit { path, message } = misfit;
    let words = error::in_words(&message);
    if let Some((path, place)) = named_inside(&path, &message, &find) {
        return ScenarioError::at(text, place.key, path, words);
    }
    let place = find(&path);
    let offset = if message.starts_with("unknown field") { place.key } else { place.value };
    ScenarioError::at(text, offset, path, words)
}

/// Where a message about an entry of a list names one of the entry's fields: that field.
fn named_inside(
    path: &str,
    message: &str,
    find: impl Fn(&str) -> Place,
) -> Option<(String, Place)> {
    let name = message.split('`').nth(1)?;
    let inner = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
    let place = find(&inner);
    ((path.is_empty() || path.ends_with(']')) && place.whole).then_some((inner, place))
}

#[cfg(test)]
mod tests;
