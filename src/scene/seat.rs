//! Where the clients stand: at the left, or at the top of an upright stage, and what room is left.

use super::geometry::{Rect, xy};
use super::layout::Flow;

/// One client's place, or that of all who have none of their own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClientPlace {
    /// The client's number; of several, the first one's.
    pub first: usize,
    /// How many clients stand here.
    pub count: usize,
    /// The pill with the name.
    pub pill: Rect,
    /// The receipts slip; without height if there is no room for one.
    pub slip: Rect,
    /// Receipts that fit.
    pub lines: usize,
}

impl ClientPlace {
    /// Everything it takes up.
    pub fn block(&self) -> Rect {
        if self.lines == 0 { self.pill } else { self.pill.joined(&self.slip) }
    }
}

/// The clients, and the room that is left for servers.
pub struct Seats {
    /// In the scenario's order.
    pub clients: Vec<ClientPlace>,
    /// What is left.
    pub field: Rect,
}

/// Height of one receipt.
pub const LINE: f64 = 20.0;
/// Air above the first and below the last receipt.
pub const SLIP_AIR: f64 = 6.0;

/// Seats this many clients on a stage.
pub fn seat(count: usize, stage: Rect, flow: Flow) -> Seats {
    if count == 0 {
        return Seats { clients: Vec::new(), field: stage };
    }
    match flow {
        Flow::Right => column(count, stage),
        Flow::Down => row(count, stage),
    }
}

/// Height of a client with so many receipts.
fn tall(pill: f64, lines: usize) -> f64 {
    match lines {
        0 => pill,
        _ => pill + 6.0 + lines as f64 * LINE + 2.0 * SLIP_AIR,
    }
}

fn column(count: usize, stage: Rect) -> Seats {
    let width = if stage.w >= 860.0 { 164.0 } else { 132.0 };
    let levels = [(46.0, 3), (40.0, 2), (36.0, 1), (34.0, 0)];
    let fits = |&(pill, lines): &(f64, usize)| {
        (tall(pill, lines) + 14.0) * count as f64 <= stage.h && tall(pill, lines) <= stage.h * 0.5
    };
    let (pill, lines) = levels.into_iter().find(fits).unwrap_or((34.0, 0));
    let height = tall(pill, lines);
    let room = ((stage.h / (height + 8.0)) as usize).max(1);
    let shown = count.min(room);
    let pitch = (stage.h / shown as f64).min(300.0);
    let top = stage.centre().y - pitch * shown as f64 / 2.0;
    let clients = (0..shown)
        .map(|index| {
            let slot = top + pitch * index as f64;
            // The pill in the middle of its slot, if the slip fits under it.
            let y = (slot + (pitch - pill) / 2.0).min(slot + pitch - height);
            place(index, shown, count, Rect { x: stage.x, y, w: width, h: pill }, lines)
        })
        .collect();
    let field = Rect::from_edges(stage.x + width + 8.0, stage.y, stage.right(), stage.bottom());
    Seats { clients, field }
}

fn row(count: usize, stage: Rect) -> Seats {
    let room = ((stage.w / 112.0) as usize).max(1);
    let shown = count.min(room);
    let pitch = stage.w / shown as f64;
    let levels = [(44.0, 3), (40.0, 2), (36.0, 1), (34.0, 0)];
    let fits = |&(pill, lines): &(f64, usize)| tall(pill, lines) <= stage.h * 0.26;
    let (pill, lines) = levels.into_iter().find(fits).unwrap_or((34.0, 0));
    let width = (pitch - 8.0).min(164.0);
    let clients = (0..shown)
        .map(|index| {
            let centre = stage.x + pitch * (index as f64 + 0.5);
            let pill = Rect { x: centre - width / 2.0, y: stage.y, w: width, h: pill };
            place(index, shown, count, pill, lines)
        })
        .collect();
    let air = if stage.h >= 560.0 { 30.0 } else { 6.0 };
    let top = stage.y + tall(pill, lines) + air;
    let field = Rect::from_edges(stage.x, top, stage.right(), stage.bottom());
    Seats { clients, field }
}

fn place(index: usize, shown: usize, count: usize, pill: Rect, lines: usize) -> ClientPlace {
    let rest = index + 1 == shown && shown < count;
    let lines = if rest { 0 } else { lines };
    let slip = Rect {
        y: pill.bottom() + 6.0,
        h: tall(0.0, lines) - 6.0 * f64::from(u8::from(lines > 0)),
        ..pill
    };
    debug_assert!(slip.contains(xy(slip.x, slip.y)));
    ClientPlace { first: index, count: if rest { count - index } else { 1 }, pill, slip, lines }
}
