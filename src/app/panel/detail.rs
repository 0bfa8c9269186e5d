//! Rows of words and values.

use crate::app::element::{El, Words, el};

/// A word and its value.
pub fn row(word: impl Into<Words>, value: impl Into<Words>) -> [El; 2] {
    [el("dt", "").text(word), el("dd", "").text(value)]
}
