//! `--set PATH=VALUE,...`: fields to vary, and every combination of their values.

use replication::recording::with_field;
use replication::sim::Scenario;
use serde::{Deserialize, Serialize};

use crate::cli::failure::Failure;

/// The most combinations of one sweep.
const CELLS_MAX: usize = 10_000;

/// A field and the values it takes, as they stand in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Axis {
    pub path: String,
    pub values: Vec<String>,
}

/// A field and one of its values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    pub path: String,
    pub value: String,
}

/// Fields to vary. Commas part values, and also fields: a part with an `=` begins the next field.
/// What stands in quotes, braces or brackets is one value.
pub fn axes(texts: &[String]) -> Result<Vec<Axis>, Failure> {
    let mut axes: Vec<Axis> = Vec::new();
    for text in texts {
        let refused = || Failure::Argument {
            name: "--set",
            text: text.clone(),
            message: "expected PATH=VALUE,... such as cluster.ack=async,quorum".to_string(),
        };
        let mut open = false;
        for part in parts(text) {
            let (path, value) = match equals(part) {
                Some(at) => (Some(part[..at].trim()), part[at + 1..].trim()),
                None => (None, part.trim()),
            };
            if value.is_empty() || path == Some("") {
                return Err(refused());
            }
            match path {
                Some(path) if axes.iter().any(|axis| axis.path == path) => {
                    let message = format!("{path} is varied twice: give all its values at once");
                    return Err(Failure::Argument { name: "--set", text: text.clone(), message });
                }
                Some(path) => {
                    axes.push(Axis { path: path.to_string(), values: vec![value.to_string()] });
                    open = true;
                }
                None if !open => return Err(refused()),
                None => axes.last_mut().ok_or_else(refused)?.values.push(value.to_string()),
            }
        }
    }
    Ok(axes)
}

/// Every combination of values, the last field varying fastest; one of nothing if nothing varies.
pub fn cells(axes: &[Axis]) -> Result<Vec<Vec<Setting>>, Failure> {
    let count = axes.iter().try_fold(1usize, |count, axis| count.checked_mul(axis.values.len()));
    if count.is_none_or(|count| count > CELLS_MAX) {
        let message = format!("too many combinations: expected at most {CELLS_MAX}");
        return Err(Failure::Argument { name: "--set", text: axes[0].path.clone(), message });
    }
    let mut cells = vec![Vec::new()];
    for axis in axes {
        let longer = cells.iter().flat_map(|cell: &Vec<Setting>| {
            axis.values.iter().map(|value| {
                let setting = Setting { path: axis.path.clone(), value: value.clone() };
                [cell.as_slice(), &[setting]].concat()
            })
        });
        cells = longer.collect();
    }
    Ok(cells)
}

/// The scenario of a cell.
pub fn scenario(base: &Scenario, cell: &[Setting]) -> Result<Scenario, Failure> {
    cell.iter().try_fold(base.clone(), |scenario, Setting { path, value }| {
        with_field(&scenario, path, value).map_err(|problem| Failure::Argument {
            name: "--set",
            text: format!("{path}={value}"),
            message: format!("{}: {}", problem.path, problem.message),
        })
    })
}

/// The parts between commas that stand in no quotes, braces or brackets.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut from = 0;
    outside(text, |at, c| {
        if c == ',' {
            parts.push(&text[from..at]);
            from = at + 1;
        }
        false
    });
    parts.push(&text[from..]);
    parts
}

fn equals(part: &str) -> Option<usize> {
    outside(part, |_, c| c == '=')
}

/// The first character outside quotes, braces and brackets that `found` wants.
fn outside(text: &str, mut found: impl FnMut(usize, char) -> bool) -> Option<usize> {
    let (mut depth, mut quote) = (0u32, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) => quote = Some(open).filter(|open| *open != c),
            (None, '"' | '\'') => quote = Some(c),
            (None, '{' | '[') => depth += 1,
            (None, '}' | ']') => depth = depth.saturating_sub(1),
            (None, _) if depth == 0 && found(at, c) => return Some(at),
            (None, _) => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, Vec<String>)> {
        let axes = axes(&[text.to_string()]).unwrap_or_else(|failure| panic!("{failure}"));
        axes.into_iter().map(|axis| (axis.path, axis.values)).collect()
    }

    #[test]
    fn commas_part_values_and_fields_but_not_within_a_value() {
        let one = |path: &str, values: &[&str]| {
            (path.to_string(), values.iter().map(ToString::to_string).collect())
        };
        assert_eq!(
            read("cluster.ack=async,{ count = 2, point = \"flushed\" }, network.loss=0,0.1"),
            [
                one("cluster.ack", &["async", "{ count = 2, point = \"flushed\" }"]),
                one("network.loss", &["0", "0.1"])
            ]
        );
        assert_eq!(read("client[0].id=\"a,b\""), [one("client[0].id", &["\"a,b\""])]);
        let cells = cells(&axes(&["a=1,2".into(), "b=3,4,5".into()]).expect("good")).expect("few");
        let told = |cell: &Vec<Setting>| format!("{}{}", cell[0].value, cell[1].value);
        assert_eq!(
            cells.iter().map(told).collect::<Vec<_>>(),
            ["13", "14", "15", "23", "24", "25"]
        );
    }

    #[test]
    fn what_is_no_path_and_value_is_refused() {
        for bad in ["", "cluster.ack", "=1", "a=", "a=1,,2", "a=1,a=2"] {
            assert!(axes(&[bad.to_string()]).is_err(), "{bad}");
        }
    }
}
