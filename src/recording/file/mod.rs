//! Scenario files: text in, a checked scenario out, and back. TOML and JSON have the same shape.
//!
//! Nothing is half-applied: a file is read whole or refused with the place of the first problem.
//! No text makes it panic.

mod error;
mod place;
mod print;

pub use error::ScenarioError;
pub use print::{to_json, to_toml};

use place::Place;

use crate::sim::{Command, Scenario, limits, validate, validate_command};

/// Reads a scenario from TOML, or from JSON if the text begins with a brace.
pub fn read_scenario(text: &str) -> Result<Scenario, ScenarioError> {
    if text.len() > limits::FILE_MAX {
        let message = format!("{} bytes: expected at most {}", text.len(), limits::FILE_MAX);
        return Err(ScenarioError::at(text, 0, String::new(), message));
    }
    let is_json = text.trim_start().starts_with('{');
    let scenario = if is_json { from_json(text) } else { from_toml(text) }?;
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
    let unplaced = |error: &toml::de::Error, path: String| {
        let offset = error.span().map_or(0, |span| span.start);
        ScenarioError::at(text, offset, path, error::in_words(error.message()))
    };
    let reader =
        toml::Deserializer::parse(text).map_err(|error| unplaced(&error, String::new()))?;
    serde_path_to_error::deserialize(reader).map_err(|error| {
        let path = plain(error.path());
        match named_inside(&path, error.inner().message(), |path| place::in_toml(text, path)) {
            Some((path, place)) => {
                let message = error::in_words(error.inner().message());
                ScenarioError::at(text, place.key, path, message)
            }
            None => unplaced(error.inner(), path),
        }
    })
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

fn from_json(text: &str) -> Result<Scenario, ScenarioError> {
    read_json(text)
}

fn read_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, ScenarioError> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = plain(error.path());
        json_error(text, path, error.inner())
    })?;
    reader.end().map_err(|error| json_error(text, String::new(), &error))?;
    Ok(value)
}

fn json_error(text: &str, path: String, error: &serde_json::Error) -> ScenarioError {
    let whole = error.to_string();
    let told = whole.rsplit_once(" at line ").map_or(whole.as_str(), |(told, _)| told);
    let message = error::in_words(told);
    if let Some((path, place)) = named_inside(&path, told, |path| place::in_json(text, path)) {
        return ScenarioError::at(text, place.key, path, message);
    }
    if error.is_data() {
        let place = place::in_json(text, &path);
        let is_name = told.starts_with("unknown");
        let offset = if is_name { place.key } else { place.value };
        return ScenarioError::at(text, offset, path, message);
    }
    ScenarioError {
        line: error.line().max(1) as u32,
        column: error.column().max(1) as u32,
        path,
        message,
    }
}

/// A path of the form's reader; the top is the empty text.
fn plain(path: &serde_path_to_error::Path) -> String {
    let path = path.to_string();
    path.trim_matches(['.', '?']).to_string()
}

#[cfg(test)]
mod tests;
