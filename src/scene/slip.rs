//! One client as it is drawn: the pill with its name, and the slip with what it was told.

use crate::base::{ClientId, gathered};
use crate::player::Selection;
use crate::sim::World;
use crate::words::scene as say;

use super::books::{Books, Receipt, Sign};
use super::figure::{Figure, Kind, State};
use super::geometry::{Rect, Xy, xy};
use super::mark::{Anchor, Mark, fitted, text_width};
use super::seat::{ClientPlace, LINE, SLIP_AIR};

/// Size of a receipt's text.
const PX: f64 = 13.0;
/// Room for a receipt's sign.
const SIGN: f64 = 20.0;

/// Draws one client, or the rest of them as one.
pub fn slip(world: &World, place: &ClientPlace, books: &Books) -> Figure {
    let client = &world.clients[place.first];
    let id = ClientId(place.first as u16);
    let at = place.pill.centre();
    let pill = Rect::around(Xy::default(), place.pill.w, place.pill.h);
    let radius = pill.h / 2.0;
    let name = match place.count {
        1 => client.name.to_string(),
        count => say::more_clients(count),
    };
    let mut marks = vec![Mark::rect(pill.grown(-1.0), radius - 1.0, "body")];
    let px = if pill.h >= 40.0 { 15.0 } else { 13.0 };
    let text = fitted(&name, px, "name", pill.w - 20.0);
    marks.push(Mark::text(xy(0.0, px * 0.36), px, text, "name"));
    let receipts = match place.count {
        1 => books.receipts(id),
        _ => &[],
    };
    let slip = place.slip.moved(xy(-at.x, -at.y));
    if place.lines > 0 {
        marks.push(Mark::rect(slip, 6.0, "slip"));
        if receipts.is_empty() {
            let y = slip.y + SLIP_AIR + LINE / 2.0 + PX * 0.34;
            let words = fitted(say::NO_WRITES_YET, 12.0, "plain", slip.w - 16.0);
            marks.push(Mark::anchored(xy(slip.x + 10.0, y), Anchor::Start, 12.0, words, "plain"));
            if place.lines > 1 {
                // What could be written first, and the key that asks for it.
                let at = xy(slip.x + 32.0, y + LINE + 1.0);
                marks.push(Mark::path_at(at, super::glyph::CHIP, "ghost-chip"));
                marks.push(Mark::text(at + xy(-3.0, 4.6), PX, "W", "ghost-key"));
            }
        }
        let shown = receipts.len().min(place.lines);
        for (index, receipt) in receipts[receipts.len() - shown..].iter().enumerate() {
            let y = slip.y + SLIP_AIR + LINE * (index as f64 + 0.5);
            line(receipt, slip, y, &mut marks);
        }
    }
    let spoken: Vec<String> =
        gathered(receipts.iter().map(|receipt| format!("{} {}", receipt.text, receipt.word)));
    let told = if spoken.is_empty() { say::NOTHING_YET.to_string() } else { spoken.join("; ") };
    Figure {
        key: name.clone(),
        selects: Selection::Client(id),
        kind: Kind::Client,
        state: State::Up,
        at,
        hit: pill,
        ring: (pill.grown(5.0), radius + 5.0),
        small: false,
        name: say::client_told(name, told),
        marks,
    }
}

/// `x=2 ✓ ok`
fn line(receipt: &Receipt, slip: Rect, y: f64, marks: &mut Vec<Mark>) {
    let class = class(receipt.sign);
    let left = slip.x + 10.0;
    let room = slip.w - 18.0 - SIGN;
    // What the sign says by itself gives way to what was asked.
    let whole = text_width(&receipt.text, PX, "receipt") + 6.0;
    let plain = matches!(receipt.sign, Sign::Waiting | Sign::Ok | Sign::Fresh);
    let tight = whole + text_width(&receipt.word, PX, "receipt") > room;
    let word = if tight && plain { "" } else { &receipt.word };
    let word = fitted(word, PX, "receipt", room * 0.72);
    let word_width = text_width(&word, PX, "receipt");
    let text = fitted(&receipt.text, PX, "receipt", (room - word_width - 6.0).max(30.0));
    let sign_x = left + text_width(&text, PX, "receipt") + 6.0 + SIGN / 2.0 - 2.0;
    let baseline = y + PX * 0.36;
    marks.push(Mark::anchored(xy(left, baseline), Anchor::Start, PX, text, "receipt"));
    sign(receipt.sign, xy(sign_x, y), marks);
    let word_x = sign_x + SIGN / 2.0 + 1.0;
    marks.push(Mark::anchored(xy(word_x, baseline), Anchor::Start, PX, word, class));
}

fn class(sign: Sign) -> &'static str {
    match sign {
        Sign::Waiting | Sign::Gone => "receipt quiet",
        Sign::Ok => "receipt ok",
        Sign::Fresh => "receipt fresh",
        Sign::Stale => "receipt stale",
        Sign::No | Sign::Lost | Sign::TimedOut => "receipt no",
    }
}

fn sign(sign: Sign, at: Xy, marks: &mut Vec<Mark>) {
    let mut push = |d: &'static str, class: &'static str| marks.push(Mark::path_at(at, d, class));
    match sign {
        Sign::Waiting => push("M-5 0h.01M0 0h.01M5 0h.01", "sign quiet round"),
        Sign::Ok => push("M-5 .5L-1.5 4L5 -4", "sign ok"),
        Sign::Fresh => push("M0 -5.5L5.5 0L0 5.5L-5.5 0Z", "sign fresh solid"),
        Sign::Stale => {
            push("M0 -7L7 0L0 7L-7 0Z", "sign stale dashed");
            push("M0 -3V0L2.4 1.6", "sign stale thin");
        }
        Sign::No | Sign::Lost => push("M-4 -4L4 4M4 -4L-4 4", "sign no"),
        Sign::TimedOut => {
            push("M0 -6A6 6 0 1 1 -.01 -6Z", "sign no thin");
            push("M0 -3.2V0L2.4 1.6", "sign no thin");
        }
        Sign::Gone => push("M0 -5A5 5 0 1 1 -.01 -5Z", "sign quiet dotted"),
    }
}
