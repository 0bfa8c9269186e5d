//! How fast simulated time passes: a few detents, held as whole numbers.

/// Network time that passes in one second of wall time at 1x, in microseconds: one default hop.
pub const HOP_US: u64 = 80_000;

/// One of the speeds there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Speed(u8);

/// Hundredths of 1x, slowest first.
const DETENTS: [u32; 9] = [10, 25, 50, 100, 200, 500, 1_000, 3_000, 10_000];

impl Default for Speed {
    fn default() -> Speed {
        Speed::NORMAL
    }
}

impl Speed {
    /// 1x.
    pub const NORMAL: Speed = Speed(3);
    /// How many there are.
    pub const COUNT: u8 = DETENTS.len() as u8;

    /// The speed at a detent, counted from the slowest, 0; beyond the last, the fastest.
    pub fn at(detent: u8) -> Speed {
        Speed(detent.min(Speed::COUNT - 1))
    }

    /// The detent nearest to a number of hundredths of 1x.
    pub fn nearest(hundredths: u32) -> Speed {
        let distance = |detent: &u8| DETENTS[usize::from(*detent)].abs_diff(hundredths);
        Speed((0..Speed::COUNT).min_by_key(distance).unwrap_or(3))
    }

    /// Its detent, counted from the slowest, 0.
    pub fn detent(self) -> u8 {
        self.0
    }

    /// Hundredths of 1x.
    pub fn hundredths(self) -> u32 {
        DETENTS[usize::from(self.0)]
    }

    /// One detent faster, if there is one.
    pub fn faster(self) -> Speed {
        Speed::at(self.0 + 1)
    }

    /// One detent slower, if there is one.
    pub fn slower(self) -> Speed {
        Speed(self.0.saturating_sub(1))
    }

    /// In words: `0.25x`, `30x`.
    pub fn label(self) -> String {
        format!("{}x", hundredths_text(self.hundredths()))
    }

    /// What one second of wall time shows, in words: `8 ms = 1.0 s`.
    pub fn scale(self) -> String {
        let us = HOP_US * u64::from(self.hundredths()) / 100;
        if us >= 1_000_000 {
            format!("{} s = 1.0 s", us / 1_000_000)
        } else {
            format!("{} ms = 1.0 s", us / 1_000)
        }
    }
}

/// Hundredths as people write them: 10 is `0.1`, 25 is `0.25`, 3000 is `30`.
pub fn hundredths_text(hundredths: u32) -> String {
    match (hundredths / 100, hundredths % 100) {
        (whole, 0) => whole.to_string(),
        (whole, rest) if rest % 10 == 0 => format!("{whole}.{}", rest / 10),
        (whole, rest) => format!("{whole}.{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speed_says_what_a_second_shows() {
        assert_eq!(Speed::NORMAL.label(), "1x");
        assert_eq!(Speed::NORMAL.scale(), "80 ms = 1.0 s");
        assert_eq!(Speed::at(0).label(), "0.1x");
        assert_eq!(Speed::at(1).scale(), "20 ms = 1.0 s");
        assert_eq!(Speed::at(200).scale(), "8 s = 1.0 s");
        assert_eq!(Speed::nearest(4_000), Speed::at(7));
        assert_eq!(Speed::at(8).faster(), Speed::at(8));
        assert_eq!(Speed::at(0).slower(), Speed::at(0));
    }
}
