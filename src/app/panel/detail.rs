//! Rows of words and values.

use replication::player::{Msg, Selection};

use super::Shown;
use crate::app::element::{El, Words, el};
use crate::app::ui::Act;

/// In place of a number that there is not.
pub const NOTHING: &str = "\u{2013}";

/// A word and its value.
pub fn row(word: impl Into<Words>, value: impl Into<Words>) -> [El; 2] {
    [el("dt", "").text(word), el("dd", "").text(value)]
}

/// A number as text, or that there is none.
pub fn number(number: Option<u64>) -> String {
    number.map_or(NOTHING.into(), |number| number.to_string())
}

/// The heads of a table's columns.
pub fn heads(heads: &[&'static str]) -> El {
    let heads = heads.iter().map(|head| el("th", "").set("scope", "col").text(*head));
    el("thead", "").with(el("tr", "").each(heads))
}

/// The row of a table that is about something: where it is seen, whoever chooses it selects that.
/// Each cell has the head of its column at hand, for pages too narrow for columns.
pub fn place_row(
    shown: &Shown,
    (place, name): (Selection, String),
    heads: &[&'static str],
    cells: Vec<String>,
    seen: bool,
) -> El {
    let cells = cells.into_iter().zip(&heads[1..]);
    let cells = cells.map(|(cell, head)| el("td", "").set("data-head", *head).text(cell));
    let head = el("th", "").set("scope", "row");
    let row = match seen {
        false => el("tr", "").with(head.text(name)),
        true => el("tr", "")
            .on_click(shown.ask(Act::Player(Msg::Select(place))))
            .with(head.with(el("button", "quiet").text(name))),
    };
    row.each(cells)
}
