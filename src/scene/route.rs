//! The way of a packet: a straight line, or a bend around what stands between. Equal shares of
//! time are equal lengths of the way, so that motion is linear on bends too.

use super::geometry::{Xy, within, xy};
use super::svg::svg;

/// Pieces that a bend is drawn in.
const PIECES: usize = 24;

/// A way from one place to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// Corners, two at least.
    corners: Vec<Xy>,
    /// Length up to each corner.
    lengths: Vec<f64>,
    /// What a bend leans towards; None if the way is straight.
    lean: Option<Xy>,
}

impl Route {
    /// Straight from one place to another.
    pub fn straight(from: Xy, to: Xy) -> Route {
        Route::through(vec![from, to], None)
    }

    /// A bend (a quadratic curve) that leans towards a place.
    pub fn bent(from: Xy, lean: Xy, to: Xy) -> Route {
        let place = |piece: usize| {
            let share = piece as f64 / PIECES as f64;
            from.toward(lean, share).toward(lean.toward(to, share), share)
        };
        Route::through((0..=PIECES).map(place).collect(), Some(lean))
    }

    fn through(corners: Vec<Xy>, lean: Option<Xy>) -> Route {
        let mut lengths = vec![0.0];
        let mut sum = 0.0;
        for pair in corners.windows(2) {
            sum += (pair[1] - pair[0]).length();
            lengths.push(sum);
        }
        Route { corners, lengths, lean }
    }

    /// Length in pixels.
    pub fn length(&self) -> f64 {
        self.lengths[self.lengths.len() - 1]
    }

    /// The place after a share of the way, and the direction there as a vector of length one.
    pub fn at(&self, share: f64) -> (Xy, Xy) {
        let along = self.length() * within(share, 0.0, 1.0);
        let last = self.corners.len() - 2;
        let piece =
            self.lengths.partition_point(|length| *length <= along).saturating_sub(1).min(last);
        let (from, to) = (self.corners[piece], self.corners[piece + 1]);
        let whole = self.lengths[piece + 1] - self.lengths[piece];
        let part = if whole > 0.0 { (along - self.lengths[piece]) / whole } else { 0.0 };
        (from.toward(to, part), (to - from).unit())
    }

    /// The same way, walked back.
    pub fn reversed(&self) -> Route {
        let corners = self.corners.iter().rev().copied().collect();
        Route::through(corners, self.lean)
    }

    /// Without so much at each end.
    pub fn shortened(&self, at_start: f64, at_end: f64) -> Route {
        let length = self.length().max(1.0);
        let (start, end) = (at_start / length, 1.0 - at_end / length);
        if start >= end {
            let (middle, along) = self.at(0.5);
            return Route::straight(middle, middle + along * 0.01);
        }
        match self.lean {
            None => Route::straight(self.at(start).0, self.at(end).0),
            Some(lean) => {
                let inner = self.lengths.iter().zip(&self.corners);
                let inside = |length: f64| length > at_start && length < self.length() - at_end;
                let mut corners = vec![self.at(start).0];
                corners.extend(inner.filter(|(at, _)| inside(**at)).map(|(_, corner)| *corner));
                corners.push(self.at(end).0);
                Route::through(corners, Some(lean))
            }
        }
    }

    /// As SVG path data.
    pub fn path(&self) -> String {
        let mut path = String::new();
        for (index, Xy { x, y }) in self.corners.iter().enumerate() {
            path.push_str(&svg(if index == 0 { "M# #" } else { "L# #" }, &[*x, *y]));
        }
        path
    }

    /// Whether a straight line from one place to another crosses it.
    pub fn is_crossed_by(&self, from: Xy, to: Xy) -> bool {
        // On which side of the way from `a` to `b` a place lies.
        let side = |a: Xy, b: Xy, place: Xy| {
            let (way, off) = (b - a, place - a);
            way.x * off.y - way.y * off.x
        };
        self.corners.windows(2).any(|pair| {
            let (a, b) = (pair[0], pair[1]);
            side(a, b, from) * side(a, b, to) < 0.0 && side(from, to, a) * side(from, to, b) <= 0.0
        })
    }

    /// The corners that it is drawn through.
    pub fn corners(&self) -> &[Xy] {
        &self.corners
    }
}

impl Default for Route {
    fn default() -> Route {
        Route::straight(xy(0.0, 0.0), xy(1.0, 0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_shares_of_a_bend_are_equally_long() {
        let route = Route::bent(xy(0.0, 0.0), xy(200.0, 300.0), xy(400.0, 0.0));
        let places: Vec<Xy> = (0..=10).map(|tenth| route.at(f64::from(tenth) / 10.0).0).collect();
        for pair in places.windows(2) {
            let step = (pair[1] - pair[0]).length();
            assert!((step - route.length() / 10.0).abs() < route.length() * 0.005, "{step}");
        }
        assert_eq!(route.at(1.0).0, xy(400.0, 0.0));
    }

    #[test]
    fn a_line_crosses_a_way_where_the_two_meet_and_only_there() {
        let straight = Route::straight(xy(0.0, 0.0), xy(100.0, 0.0));
        assert!(straight.is_crossed_by(xy(50.0, -10.0), xy(60.0, 10.0)));
        assert!(!straight.is_crossed_by(xy(50.0, 5.0), xy(60.0, 40.0)));
        assert!(!straight.is_crossed_by(xy(110.0, -10.0), xy(110.0, 10.0)));
        let bent = Route::bent(xy(0.0, 0.0), xy(50.0, 100.0), xy(100.0, 0.0));
        assert!(!bent.is_crossed_by(xy(50.0, -10.0), xy(50.0, 10.0)));
        assert!(bent.is_crossed_by(xy(50.0, 10.0), xy(50.0, 90.0)));
    }

    #[test]
    fn a_shortened_way_begins_and_ends_where_it_should() {
        let route = Route::straight(xy(0.0, 0.0), xy(100.0, 0.0)).shortened(10.0, 20.0);
        assert_eq!((route.at(0.0).0, route.at(1.0).0), (xy(10.0, 0.0), xy(80.0, 0.0)));
    }
}
