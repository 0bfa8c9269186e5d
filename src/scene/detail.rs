//! How much of a server is shown at which size: from a drawn body with its log strip down to a dot.
//! Text is left out before it would become too small to read; nothing is ever scaled down.

use super::geometry::{Rect, Xy, xy};

/// The smallest size of text, in pixels.
pub const TEXT_MIN: f64 = 12.0;
/// Cells of a log strip.
pub const CELLS: usize = 8;

/// A level of detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Only a shape, this many pixels wide.
    Dot(u8),
    /// The shape and, where it fits, the name.
    Mini,
    /// The shape, the name, and one short line for what is wrong.
    Small,
    /// Everything, in little room.
    Compact,
    /// Everything.
    Full,
}

/// On which side of the body the labels stand, so that streams leave on the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Under it.
    Below,
    /// Over it.
    Above,
    /// To its right.
    Right,
    /// To its left.
    Left,
}

/// Where a server's labels stand, from the middle of its body.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Labels {
    /// The role in words.
    pub role: Rect,
    /// The log strip.
    pub strip: Rect,
    /// How far behind, in words.
    pub lag: Rect,
    /// Where a row that does not fill its room stands in it: 0 at the left, 1 at the right.
    pub lean: f64,
}

impl Detail {
    /// Every level, the most detailed first.
    pub const ALL: [Detail; 11] = [
        Detail::Full,
        Detail::Compact,
        Detail::Small,
        Detail::Mini,
        Detail::Dot(20),
        Detail::Dot(14),
        Detail::Dot(10),
        Detail::Dot(7),
        Detail::Dot(5),
        Detail::Dot(3),
        Detail::Dot(2),
    ];

    /// Width of a square body; circles are a little smaller.
    pub fn body(self) -> f64 {
        match self {
            Detail::Full => 76.0,
            Detail::Compact => 56.0,
            Detail::Small => 44.0,
            Detail::Mini => 30.0,
            Detail::Dot(size) => f64::from(size),
        }
    }

    /// Half of a body.
    pub fn half(self) -> f64 {
        self.body() / 2.0
    }

    /// Size of the name in the body; None if there is no room for it.
    pub fn name_px(self) -> Option<f64> {
        match self {
            Detail::Full => Some(24.0),
            Detail::Compact => Some(19.0),
            Detail::Small => Some(15.0),
            Detail::Mini => Some(TEXT_MIN),
            Detail::Dot(_) => None,
        }
    }

    /// Size of the words beside the body; None if there are none.
    pub fn text_px(self) -> Option<f64> {
        match self {
            Detail::Full => Some(13.0),
            Detail::Compact | Detail::Small => Some(TEXT_MIN),
            Detail::Mini | Detail::Dot(_) => None,
        }
    }

    /// Side of a log cell; None if there is no strip.
    pub fn cell(self) -> Option<f64> {
        match self {
            Detail::Full => Some(16.0),
            Detail::Compact => Some(12.0),
            Detail::Small | Detail::Mini | Detail::Dot(_) => None,
        }
    }

    /// Shortest gap between two bodies that a stream joins, so that what travels can be seen.
    pub fn stream_min(self) -> f64 {
        match self {
            Detail::Full => 92.0,
            Detail::Compact => 46.0,
            Detail::Small => 26.0,
            Detail::Mini => 14.0,
            Detail::Dot(size) => f64::from(size) * 0.8,
        }
    }

    /// Width of a log strip, 0 without one.
    pub fn strip_width(self) -> f64 {
        self.cell().map_or(0.0, |cell| CELLS as f64 * (cell + 2.0) - 2.0)
    }

    /// Where the labels stand; None if there are none.
    pub fn labels(self, side: Side) -> Option<Labels> {
        let half = self.half();
        let (cell, width) = (self.cell(), self.strip_width());
        let Some(cell) = cell else {
            let line = Rect::from_edges(-26.0, half + 4.0, 26.0, half + 19.0);
            let empty = Rect { h: 0.0, ..line };
            return (self == Detail::Small).then_some(Labels {
                role: line,
                strip: empty,
                lag: line,
                lean: 0.5,
            });
        };
        let (line, words) = match self {
            Detail::Full => (17.0, 144.0),
            _ => (15.0, 114.0),
        };
        let height = line + 4.0 + cell + 9.0 + line;
        let offset = half + 20.0;
        let (left, top) = match side {
            Side::Below => (-words / 2.0, half + 6.0),
            Side::Above => (-words / 2.0, -half - 14.0 - height),
            Side::Right => (offset, -height / 2.0),
            Side::Left => (-offset - words, -height / 2.0),
        };
        let inset = match side {
            Side::Below | Side::Above => (words - width) / 2.0,
            Side::Right => 0.0,
            Side::Left => words - width,
        };
        let row = |y: f64, h: f64, x: f64, w: f64| Rect { x: left + x, y: top + y, w, h };
        Some(Labels {
            role: row(0.0, line, 0.0, words),
            strip: row(line + 4.0, cell, inset, width),
            lag: row(line + 4.0 + cell + 9.0, line, 0.0, words),
            lean: match side {
                Side::Below | Side::Above => 0.5,
                Side::Right => 0.0,
                Side::Left => 1.0,
            },
        })
    }

    /// Everything a server takes up, from the middle of its body: body, badges and labels.
    pub fn block(self, side: Side) -> Rect {
        let half = self.half();
        let body = match self {
            Detail::Full => Rect::from_edges(-half - 22.0, -half - 12.0, half + 18.0, half + 4.0),
            Detail::Compact => {
                Rect::from_edges(-half - 18.0, -half - 10.0, half + 16.0, half + 4.0)
            }
            Detail::Small => Rect::from_edges(-half - 4.0, -half - 3.0, half + 5.0, half + 5.0),
            Detail::Mini => Rect::from_edges(-half - 2.0, -half - 2.0, half + 3.0, half + 3.0),
            Detail::Dot(size) => {
                let air = if size > 5 { 2.0 } else { 0.5 };
                Rect::around(xy(0.0, 0.0), self.body() + air, self.body() + air)
            }
        };
        self.labels(side).map_or(body, |labels| {
            let words = labels.role.joined(&labels.strip).joined(&labels.lag);
            body.joined(&words)
        })
    }

    /// The part of the stage that reacts to a pointer, from the middle of the body.
    pub fn hit(self) -> Rect {
        let size = self.body().max(match self {
            Detail::Full | Detail::Compact | Detail::Small => 44.0,
            Detail::Mini => 32.0,
            Detail::Dot(_) => self.body(),
        });
        Rect::around(Xy::default(), size, size)
    }
}
