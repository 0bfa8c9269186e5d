//! What is wrong with a scenario file, and where: the only error a reader of files sees.

use std::fmt;

use crate::form::Form;

/// A file that cannot be run, with the place and what was expected there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// The field, such as `at[3].write.client`; empty if the file has no form at all.
    pub path: String,
    /// What was found and what was expected.
    pub message: String,
}

impl ScenarioError {
    /// An error at a byte of the text.
    pub(super) fn at(text: &str, offset: usize, path: String, message: String) -> ScenarioError {
        let (line, column) = line_and_column(text, offset);
        ScenarioError { line, column, path, message }
    }

    /// An error at a field of a text that has been read.
    pub fn in_form(text: &str, form: &Form, path: &str, message: String) -> ScenarioError {
        ScenarioError::at(text, form.place(path).value as usize, path.to_string(), message)
    }
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ScenarioError { line, column, path, message } = self;
        write!(f, "line {line}, column {column}: ")?;
        if !path.is_empty() {
            write!(f, "{path}: ")?;
        }
        f.write_str(message)
    }
}

impl std::error::Error for ScenarioError {}

/// Line and column of a byte, both from 1; the column counts characters.
fn line_and_column(text: &str, offset: usize) -> (u32, u32) {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.matches('\n').count() + 1;
    let column = before[start..].chars().count() + 1;
    (line as u32, column as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_counts_characters_and_a_place_past_the_end_is_the_end() {
        assert_eq!(line_and_column("a\nbé = 1", 6), (2, 4));
        assert_eq!(line_and_column("ab", 99), (1, 3));
        assert_eq!(line_and_column("", 0), (1, 1));
    }
}
