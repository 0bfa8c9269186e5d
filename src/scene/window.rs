//! The one map from time to place. Timeline, space-time diagram and charts all show a window of
//! the run, and find places and instants through it alone; so does what moves it: a hand that takes
//! hold of an instant keeps it, however far apart two fingers go.

use crate::base::SimTime;
use crate::player::us_text;

use super::geometry::{within, xy};
use super::ink::{Ink, Tone, UPRIGHT};

/// Air at both ends of the time axis, in CSS pixels.
pub const AIR: f64 = 10.0;
/// The shortest stretch of time that is shown: closer, nothing more is to be seen.
const SHORTEST_US: f64 = 4_000.0;
/// Between two instants that are named, in pixels, at least; and in time.
const TICKS_PX: f64 = 90.0;
const TICKS_US: f64 = 1_000.0;
/// How close to an end of the canvas a name has room.
const NAME: f64 = 32.0;

/// What is shown of the run, and how large.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// The instant at the left end.
    pub from: SimTime,
    /// The instant at the right end.
    pub until: SimTime,
    /// Width in CSS pixels, air included.
    pub width: f64,
    /// Height in CSS pixels.
    pub height: f64,
}

impl Window {
    /// Where an instant lies.
    pub fn x(&self, t: SimTime) -> f64 {
        AIR + self.room() * (t as f64 - self.from as f64) / self.span()
    }

    /// Where an instant lies, or the end beyond which it does.
    pub fn edge(&self, t: SimTime) -> f64 {
        self.x(t.max(self.from).min(self.until))
    }

    /// The instant at a place, within the window.
    pub fn t(&self, x: f64) -> SimTime {
        self.from + (within(self.share(x), 0.0, 1.0) * self.span()) as SimTime
    }

    /// Whether an instant lies in it.
    pub fn holds(&self, t: SimTime) -> bool {
        self.from <= t && t <= self.until
    }

    /// So many times closer, the instant at the first place at the second one; as far as a run
    /// allows that ends at `end`.
    pub fn taken(&self, times: f64, (from, to): (f64, f64), end: SimTime) -> Window {
        let end = end as f64;
        let span = within(self.span() / times, SHORTEST_US.min(end), end);
        let held = self.from as f64 + self.share(from) * self.span();
        let first = within(held - self.share(to) * span, 0.0, end - span);
        let whole = |us: f64| (us + 0.5) as SimTime;
        Window { from: whole(first), until: whole(first + span), ..*self }
    }

    /// As long a stretch, with an instant in the middle.
    pub fn around(&self, t: SimTime, end: SimTime) -> Window {
        self.taken(1.0, (self.x(t), self.width / 2.0), end)
    }

    /// Names round instants, above what is drawn.
    pub fn ticks(&self, ink: &mut dyn Ink) {
        let step = round_up((self.span() / self.room() * TICKS_PX).max(TICKS_US) as u64);
        let mut at = self.from.next_multiple_of(step);
        while at <= self.until {
            let x = self.x(at);
            ink.stand(xy(0.0, 0.0), UPRIGHT, 1.0, 0.35);
            ink.line(&[xy(x, 0.0), xy(x, self.height)], Tone::Neutral, 1.0, &[1.0, 6.0], 0.0);
            ink.stand(xy(0.0, 0.0), UPRIGHT, 1.0, 0.85);
            if (x - self.width / 2.0).abs() < self.width / 2.0 - NAME {
                ink.words(xy(x, 7.0), 12.0, &us_text(at), Tone::Neutral);
            }
            at += step;
        }
    }

    fn span(&self) -> f64 {
        self.until.saturating_sub(self.from).max(1) as f64
    }

    fn room(&self) -> f64 {
        (self.width - 2.0 * AIR).max(1.0)
    }

    fn share(&self, x: f64) -> f64 {
        (x - AIR) / self.room()
    }
}

/// The next of 1, 2, 5, 10, 20, 50, ...
pub(super) fn round_up(number: u64) -> u64 {
    let mut power = 1;
    loop {
        for step in [1, 2, 5] {
            if step * power >= number {
                return step * power;
            }
        }
        power *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: SimTime = 7_654_321;

    /// Windows of a run, from all of it down to the shortest, and places on them.
    fn each(mut check: impl FnMut(Window, f64)) {
        for width in [320.0, 390.0, 1_411.5] {
            for span in [4_000, 4_001, 25_000, 333_333, END] {
                for from in [0, 1, 1_234_567, END - span] {
                    let until = from + span;
                    let window = Window { from, until, width, height: 220.0 };
                    if until <= END {
                        (0..=10).for_each(|tenth| check(window, width * f64::from(tenth) / 10.0));
                    }
                }
            }
        }
    }

    #[test]
    fn an_instant_s_place_leads_back_to_it() {
        each(|window, x| {
            let t = window.t(x);
            assert!(window.holds(t));
            assert!(window.t(window.x(t)).abs_diff(t) <= 1, "{window:?} at {x}");
            assert_eq!(window.x(t), window.edge(t));
        });
    }

    #[test]
    fn a_window_lies_within_its_run_and_is_neither_shorter_nor_longer_than_can_be_shown() {
        each(|window, x| {
            for times in [0.0, 1e-9, 0.3, 1.0, 1.5, 40.0, 1e9] {
                for to in [-1e7, 0.0, x, window.width, 1e7] {
                    let next = window.taken(times, (x, to), END);
                    assert!(next.from < next.until && next.until <= END, "{next:?}");
                    assert!(next.until - next.from >= 3_999, "{next:?}");
                }
            }
            // A run may be shorter than the shortest stretch, and than what was shown of another.
            let next = window.taken(2.0, (x, x), 1_000);
            assert_eq!((next.from, next.until), (0, 1_000));
        });
    }

    #[test]
    fn what_a_hand_has_taken_hold_of_stays_under_it() {
        each(|window, x| {
            let x = within(x, AIR, window.width - AIR);
            for times in [0.5, 1.0, 1.1, 8.0] {
                for to in [x, x - 33.0, window.width / 2.0] {
                    let next = window.taken(times, (x, to), END);
                    let stopped = next.from == 0 || next.until == END;
                    let off = next.x(window.t(x)) - to;
                    let us = next.room() / next.span();
                    assert!(stopped || off.abs() <= 2.5 * us, "{window:?} {times} {x} {to}: {off}");
                    let span = within(window.span() / times, SHORTEST_US, END as f64);
                    assert!((next.span() - span).abs() <= 1.0, "{next:?}");
                }
            }
        });
    }

    #[test]
    fn an_instant_that_is_sought_comes_into_view() {
        each(|window, x| {
            let whole = Window { from: 0, until: END, ..window };
            let t = whole.t(x);
            let next = window.around(t, END);
            assert!(next.holds(t), "{t} in {next:?}");
            assert!((next.span() - window.span()).abs() <= 1.0, "{window:?} {next:?}");
        });
    }
}
