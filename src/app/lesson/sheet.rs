//! The chapter's tables and its short answer, each cell beside the number of a run that one click
//! opens. Everything here is measured while it is shown; the words are in the sheet's file.

use replication::lesson::{Cell, Row, SHEET, Sheet};
use replication::player::us_text;
use replication::words::lesson as say;
use yew::Html;

use super::ask::Ask;
use crate::app::element::{El, el, group};
use crate::app::panel::Shown;
use crate::app::ui::Act;

/// Engine steps between two drawings.
pub const STEPS: u64 = 300;

/// The sheet; nothing while it is closed.
pub fn sheet(shown: &Shown) -> Html {
    let course = &shown.ui.course;
    if !course.reads {
        return Html::default();
    }
    let ask = |ask| shown.ask(Act::Lesson(ask));
    let close = el("button", "primary")
        .set("id", "close-sheet")
        .testid("close-sheet")
        .on_click(ask(Ask::Sheet))
        .text(say::CLOSE);
    let link = el("a", "button").set("href", format!("?lesson={SHEET}")).text(say::LINK);
    let panel = el("section", "help dialog sheet")
        .set("role", "dialog")
        .set("aria-modal", "true")
        .set("aria-labelledby", "sheet-title")
        .testid("sheet");
    let title = course.sheet.as_ref().map_or(say::FETCHING_IT.into(), |sheet| sheet.title.clone());
    let panel = panel
        .with(el("h2", "").set("id", "sheet-title").text(title))
        .with(el("div", "buttons").with(close).with(link));
    let panel = match &course.sheet {
        None => panel,
        Some(sheet) => panel
            .with(el("p", "faint").text(sheet.about.clone()))
            .with(el("h3", "").text(say::SHORT_ANSWER))
            .with(el("p", "").text(say::THE_CHAPTERS).with(el("q", "").text(sheet.chapter.clone())))
            .with(el("p", "").text(say::RUNS_BEAR_OUT))
            .with(el("ol", "says").testid("answer").each(answer(shown, sheet)))
            .each(tables(shown, sheet)),
    };
    group([el("div", "veil dim").on_click(ask(Ask::Sheet)), panel])
}

/// Leads back from the run of a cell; nothing elsewhere.
pub fn back(shown: &Shown) -> Option<El> {
    let back = el("button", "invitation").testid("back-to-sheet").text(say::BACK_TO_THE_TABLE);
    shown.ui.course.cited.then(|| back.on_click(shown.ask(Act::Lesson(Ask::Sheet))))
}

/// The sentences, each with the runs it rests on.
fn answer<'a>(shown: &'a Shown, sheet: &'a Sheet) -> impl Iterator<Item = El> + 'a {
    sheet.say.iter().map(|sentence| {
        let cites = sentence.cite.iter().filter_map(|cite| {
            let at = (usize::from(*cite.first()?), usize::from(*cite.get(1)?));
            let (row, column) = (sheet.row.get(at.0)?, sheet.column.get(at.1)?);
            let cell = row.cell.get(at.1)?;
            Some(number(shown, row, cell, at, format!("{}, {}: ", column.name, row.name)))
        });
        el("li", "").text(sentence.text.clone()).with(el("span", "cites").each(cites))
    })
}

/// The tables, each with its title.
fn tables(shown: &Shown, sheet: &Sheet) -> Vec<El> {
    let mut tables = Vec::new();
    let mut rows = sheet.row.iter().enumerate().peekable();
    while let Some((at, first)) = rows.next() {
        let columns = &sheet.column[..first.cell.len()];
        let heads =
            columns.iter().map(|one| el("th", "").set("scope", "col").text(one.name.clone()));
        let mut table = el("table", "")
            .with(el("caption", "").text(first.head.clone()))
            .with(el("thead", "").with(el("tr", "").each(heads)))
            .with(body(shown, first, at));
        while let Some((at, row)) = rows.next_if(|(_, row)| row.head.is_empty()) {
            table = table.with(body(shown, row, at));
        }
        tables.push(table);
    }
    tables
}

fn body(shown: &Shown, row: &Row, at: usize) -> El {
    let wide = |tag| el(tag, "").set("colspan", row.cell.len().to_string());
    let head = wide("th")
        .set("scope", "rowgroup")
        .text(row.name.clone())
        .with(el("small", "faint").text(row.what.clone()));
    let cells = row.cell.iter().enumerate().map(|(nth, cell)| {
        let says = (!cell.says.is_empty()).then(|| el("q", "").text(cell.says.clone()));
        el("td", "").maybe(says).with(number(shown, row, cell, (at, nth), String::new()))
    });
    el("tbody", "")
        .with(el("tr", "").with(head))
        .with(el("tr", "").each(cells))
        .with(el("tr", "").with(wide("td").text(row.note.clone())))
}

/// A cell's number, which opens its run.
fn number(shown: &Shown, row: &Row, cell: &Cell, at: (usize, usize), lead: String) -> El {
    let text = text(cell);
    let button = el("button", "")
        .set("title", say::opens_the_run(&row.name, &row.what))
        .set("data-cell", format!("{}-{}", at.0, at.1))
        .mark("disabled", text.is_none());
    let text = lead + &text.unwrap_or_else(|| say::MEASURING.to_string());
    button.on_click(shown.ask(Act::Lesson(Ask::Cite(at.0, at.1)))).text(text)
}

/// A cell's number in words; None while it is not known.
pub fn text(cell: &Cell) -> Option<String> {
    let found = cell.found?;
    Some(match found.of {
        Some(of) => say::place_of(found.is, of),
        None if found.is_time => us_text(found.is),
        None => found.is.to_string(),
    })
}
