//! Places on the stage, in CSS pixels from its top left corner. Directions are vectors of length
//! one: nothing here needs an angle.

/// A place, or the way from one to another.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Xy {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

/// How large something is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

/// An upright rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

/// A number, or the end of the range that it lies beyond.
pub const fn within(number: f64, low: f64, high: f64) -> f64 {
    number.max(low).min(high)
}

/// Shorthand for a place.
pub const fn xy(x: f64, y: f64) -> Xy {
    Xy { x, y }
}

impl std::ops::Add for Xy {
    type Output = Xy;

    fn add(self, other: Xy) -> Xy {
        xy(self.x + other.x, self.y + other.y)
    }
}

impl std::ops::Sub for Xy {
    type Output = Xy;

    fn sub(self, other: Xy) -> Xy {
        xy(self.x - other.x, self.y - other.y)
    }
}

impl std::ops::Mul<f64> for Xy {
    type Output = Xy;

    fn mul(self, times: f64) -> Xy {
        xy(self.x * times, self.y * times)
    }
}

impl Xy {
    /// Distance from the origin.
    pub fn length(self) -> f64 {
        (self.x * self.x + self.y * self.y).sqrt()
    }

    /// The same direction, one pixel long; the origin stays.
    pub fn unit(self) -> Xy {
        let length = self.length();
        if length > 0.0 { self * (1.0 / length) } else { self }
    }

    /// A quarter turn to the right of somebody who goes this way.
    pub fn right(self) -> Xy {
        xy(-self.y, self.x)
    }

    /// One pixel from the origin, after this share of a full turn clockwise from straight up; below
    /// 1. Within a tenth of a degree, and with no more than fractions.
    pub fn clockwise(share: f64) -> Xy {
        let quarters = share * 4.0;
        let part = quarters.fract();
        // Half of the angle's tangent, nearly, and from it the exact circle.
        let square = part * part;
        let half = part * (0.787_1 + square * (0.147_5 + 0.065_4 * square));
        let (along, aside) = (1.0 - half * half, 2.0 * half);
        let ahead = xy(aside, -along) * (1.0 / (1.0 + half * half));
        (0..quarters as u32).fold(ahead, |way, _| way.right())
    }

    /// A share of the way to another place.
    pub fn toward(self, other: Xy, share: f64) -> Xy {
        self + (other - self) * share
    }
}

impl Rect {
    /// From its edges.
    pub fn from_edges(left: f64, top: f64, right: f64, bottom: f64) -> Rect {
        Rect { x: left, y: top, w: right - left, h: bottom - top }
    }

    /// Around a centre.
    pub fn around(centre: Xy, w: f64, h: f64) -> Rect {
        Rect { x: centre.x - w / 2.0, y: centre.y - h / 2.0, w, h }
    }

    /// Right edge.
    pub fn right(&self) -> f64 {
        self.x + self.w
    }

    /// Bottom edge.
    pub fn bottom(&self) -> f64 {
        self.y + self.h
    }

    /// Middle.
    pub fn centre(&self) -> Xy {
        xy(self.x + self.w / 2.0, self.y + self.h / 2.0)
    }

    /// The same rectangle elsewhere.
    pub fn moved(&self, by: Xy) -> Rect {
        Rect { x: self.x + by.x, y: self.y + by.y, ..*self }
    }

    /// Larger by this much on each side; smaller if negative.
    pub fn grown(&self, by: f64) -> Rect {
        Rect { x: self.x - by, y: self.y - by, w: self.w + 2.0 * by, h: self.h + 2.0 * by }
    }

    /// Whether the two share more than an edge.
    pub fn overlaps(&self, other: &Rect) -> bool {
        let apart = self.right() <= other.x
            || other.right() <= self.x
            || self.bottom() <= other.y
            || other.bottom() <= self.y;
        !apart
    }

    /// Whether the other lies inside.
    pub fn covers(&self, other: &Rect) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && other.right() <= self.right()
            && other.bottom() <= self.bottom()
    }

    /// Whether a place lies inside.
    pub fn contains(&self, at: Xy) -> bool {
        self.covers(&Rect { x: at.x, y: at.y, w: 0.0, h: 0.0 })
    }

    /// How far a place is from the rectangle; 0 inside.
    pub fn distance(&self, at: Xy) -> f64 {
        let dx = (self.x - at.x).max(at.x - self.right()).max(0.0);
        let dy = (self.y - at.y).max(at.y - self.bottom()).max(0.0);
        xy(dx, dy).length()
    }

    /// The smallest rectangle around both.
    pub fn joined(&self, other: &Rect) -> Rect {
        Rect::from_edges(
            self.x.min(other.x),
            self.y.min(other.y),
            self.right().max(other.right()),
            self.bottom().max(other.bottom()),
        )
    }

    /// Whether a straight line between two places passes through.
    pub fn is_crossed_by(&self, from: Xy, to: Xy) -> bool {
        let way = to - from;
        let (mut enter, mut leave) = (0.0f64, 1.0f64);
        let slabs = [(from.x, way.x, self.x, self.right()), (from.y, way.y, self.y, self.bottom())];
        for (start, along, low, high) in slabs {
            if along.abs() < 1e-9 {
                if start < low || start > high {
                    return false;
                }
                continue;
            }
            let (a, b) = ((low - start) / along, (high - start) / along);
            enter = enter.max(a.min(b));
            leave = leave.min(a.max(b));
        }
        enter < leave
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_crosses_a_rectangle_only_where_it_passes_through_it() {
        let rect = Rect::around(xy(50.0, 50.0), 20.0, 20.0);
        assert!(rect.is_crossed_by(xy(0.0, 50.0), xy(100.0, 50.0)));
        assert!(rect.is_crossed_by(xy(0.0, 0.0), xy(100.0, 100.0)));
        assert!(!rect.is_crossed_by(xy(0.0, 0.0), xy(100.0, 0.0)));
        assert!(!rect.is_crossed_by(xy(0.0, 50.0), xy(30.0, 50.0)));
        assert!(!rect.is_crossed_by(xy(0.0, 80.0), xy(80.0, 0.0)) || rect.contains(xy(40.0, 40.0)));
    }

    #[test]
    fn right_of_somebody_going_east_is_south() {
        assert_eq!(xy(1.0, 0.0).right(), xy(0.0, 1.0));
    }

    #[test]
    fn a_share_of_a_turn_is_where_a_clock_hand_points() {
        for share in (0..1_000).map(|nth| f64::from(nth) / 1_000.0) {
            let angle = share * std::f64::consts::TAU;
            let away = Xy::clockwise(share) - xy(libm::sin(angle), -libm::cos(angle));
            assert!(away.length() < 0.001_8, "{share}: {away:?}");
        }
    }
}
