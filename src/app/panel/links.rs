//! What passes on each link between servers, most bytes first: bars and their numbers in one table.

use replication::check::{Load, loads};
use replication::player::Selection;
use replication::words::measure as say;

use super::Shown;
use super::detail::{NOTHING, heads, place_row};
use super::inspector::us_bytes;
use crate::app::element::{El, el};

/// The most links in the table.
const ROWS_MAX: usize = 16;
/// What it says of each.
const HEADS: [&str; 6] =
    [say::LINK, say::BYTES, say::MESSAGES, say::LAST_SECOND, say::IN_FLIGHT, say::OF_BANDWIDTH];

/// The table; nothing before the first message.
pub fn links(shown: &Shown) -> Option<El> {
    let loads = loads(shown.moment, shown.second_ago.map(|moment| &**moment));
    let most = loads.first()?.bytes;
    let (told, rest) = loads.split_at(loads.len().min(ROWS_MAX));
    let rows = told.iter().map(|load| {
        let Load { from, to, messages, bytes, lately, in_flight, percent } = *load;
        let cells = vec![
            us_bytes(bytes),
            messages.to_string(),
            lately.map_or(NOTHING.into(), |bytes| say::per_second(us_bytes(bytes))),
            us_bytes(in_flight),
            percent.map_or(NOTHING.into(), say::percent),
        ];
        let name = format!("{from} \u{2192} {to}");
        let bar = el("progress", "")
            .set("aria-hidden", "true")
            .set("max", most.to_string())
            .set("value", bytes.to_string());
        let place = (Selection::Link(from, to), name);
        place_row(shown, place, &HEADS, cells, true).with(el("td", "").with(bar))
    });
    let left_out: u64 = rest.iter().map(|load| load.bytes).sum();
    let more = say::more_links(rest.len(), us_bytes(left_out));
    let more = (!rest.is_empty()).then(|| el("p", "faint").text(more));
    let table = el("table", "board")
        .testid("links-table")
        .with(el("caption", "").text(say::BYTES_PER_LINK))
        .with(heads(&HEADS))
        .with(el("tbody", "").each(rows));
    Some(el("div", "").with(table).maybe(more))
}
