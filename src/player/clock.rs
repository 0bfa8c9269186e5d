//! How wall time becomes simulated time: in slices, without loss of fractions, and honestly.
//!
//! Real elapsed time drives the clock, at most four slices a frame. What does not fit is dropped,
//! and then the clock says how much of the asked speed it held; it never drifts in silence.

use super::speed::{HOP_US, Speed};

/// The longest stretch of wall time that one slice covers, in microseconds.
const SLICE_US: u64 = 50_000;
/// The most slices in one frame.
const SLICES_MAX: u64 = 4;
/// A gap this long means that the page was hidden, not that it is slow.
const HIDDEN_US: u64 = 1_000_000;
/// Wall time over which the held speed is measured.
const WINDOW_US: u64 = 1_500_000;
/// Below this share of the asked speed, in hundredths, the clock says so.
const HELD_MIN: u32 = 95;

/// Turns wall time into simulated time.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Simulated time owed, in ten-thousandths of a microsecond.
    owed: u64,
    asked_us: u64,
    held_us: u64,
    held: Option<u32>,
}

impl Clock {
    /// Simulated microseconds for each slice of a frame that took this long, times `haste`.
    pub fn slices(&mut self, elapsed_us: u64, speed: Speed, haste: u64) -> Vec<u64> {
        if elapsed_us > HIDDEN_US {
            return vec![self.simulated(SLICE_US / 3, speed, haste)];
        }
        let count = elapsed_us.div_ceil(SLICE_US).min(SLICES_MAX);
        let mut left_us = elapsed_us;
        let mut slices = Vec::new();
        for _ in 0..count {
            let slice_us = left_us.min(SLICE_US);
            left_us -= slice_us;
            slices.push(self.simulated(slice_us, speed, haste));
        }
        self.ask(elapsed_us);
        self.held_us += elapsed_us - left_us;
        slices
    }

    fn simulated(&mut self, wall_us: u64, speed: Speed, haste: u64) -> u64 {
        // HOP_US per second at 1x, and the speed in hundredths: ten-thousandths of a microsecond.
        let per_us = HOP_US / 10_000 * u64::from(speed.hundredths()) * haste;
        self.owed += wall_us * per_us;
        let whole = self.owed / 10_000;
        self.owed %= 10_000;
        whole
    }

    fn ask(&mut self, elapsed_us: u64) {
        if self.asked_us >= WINDOW_US {
            let held = (self.held_us * 100 / self.asked_us) as u32;
            self.held = Some(held).filter(|held| *held < HELD_MIN);
            self.asked_us = 0;
            self.held_us = 0;
        }
        self.asked_us += elapsed_us;
    }

    /// A slice could not be simulated in time.
    pub fn miss(&mut self) {
        self.held_us = self.held_us.saturating_sub(SLICE_US);
    }

    /// The share of the asked speed that is held, in hundredths; None if all of it.
    pub fn held(&self) -> Option<u32> {
        self.held
    }

    /// Begins anew, for another speed or after standing still.
    pub fn reset(&mut self) {
        *self = Clock::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_at_1x_is_one_hop_however_it_is_cut() {
        let mut clock = Clock::default();
        let frames = (0..60).flat_map(|_| clock.slices(16_667, Speed::NORMAL, 1));
        let total: u64 = frames.sum();
        assert_eq!(total, 1_000_020 * 8 / 100);
    }

    #[test]
    fn slow_frames_are_told_and_a_hidden_page_is_not_called_slow() {
        let mut clock = Clock::default();
        for _ in 0..8 {
            clock.slices(400_000, Speed::NORMAL, 1);
        }
        assert_eq!(clock.held(), Some(50));
        clock.reset();
        for _ in 0..8 {
            let simulated: u64 = clock.slices(5_000_000, Speed::NORMAL, 1).iter().sum();
            assert!(simulated < HOP_US / 10);
        }
        assert_eq!(clock.held(), None);
    }
}
