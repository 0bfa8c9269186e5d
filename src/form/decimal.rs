//! Numbers with a decimal point, exactly as they are written.

use std::fmt;

/// A decimal number: `units` divided by ten as often as there are `places`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    units: i64,
    places: u8,
}

/// The most decimal places; what is finer is dropped.
const PLACES_MAX: i32 = 18;

impl Decimal {
    /// A count of the smallest units there are with so many decimal places, at most 18.
    pub fn of(mut units: i64, mut places: u8) -> Decimal {
        // One number has one form.
        while places > 0 && units % 10 == 0 {
            (units, places) = (units / 10, places - 1);
        }
        Decimal { units, places }
    }

    /// The nearest number with so many decimal places, at most 18.
    pub fn rounded(number: f64, places: u8) -> Decimal {
        let one = 10u64.pow(places.into()) as f64;
        Decimal::of((number * one).round() as i64, places)
    }

    /// Digits with a point or an exponent; None if it is nothing of the sort or too large.
    pub(super) fn read(whole: &str, fraction: &str, exponent: i32) -> Option<Decimal> {
        let mut units = 0i64;
        let mut places = -exponent.clamp(-9_999, 9_999);
        for (nth, digit) in whole.bytes().chain(fraction.bytes()).enumerate() {
            let next = units.checked_mul(10).and_then(|ten| ten.checked_add((digit - b'0').into()));
            let is_fraction = nth >= whole.len();
            match next {
                Some(next) => (units, places) = (next, places + i32::from(is_fraction)),
                // More digits than there is room for: what is finer is dropped.
                None => places -= i32::from(!is_fraction),
            }
        }
        while places < 0 && units != 0 {
            (units, places) = (units.checked_mul(10)?, places + 1);
        }
        while places > PLACES_MAX && units != 0 {
            (units, places) = (units / 10, places - 1);
        }
        Some(Decimal::of(units, places.clamp(0, PLACES_MAX) as u8))
    }

    /// The same below zero.
    pub(super) fn negated(self) -> Decimal {
        Decimal { units: -self.units, ..self }
    }

    /// How many units there are of this many decimal places, the nearest; None if too many.
    pub fn units(self, places: u8) -> Option<i64> {
        let mut units = self.units;
        for _ in self.places..places {
            units = units.checked_mul(10)?;
        }
        for left in (places..self.places).rev() {
            // Only the last digit dropped decides, as all before it are cut off.
            let half = if left == places { units.signum() * 5 } else { 0 };
            units = (units + half) / 10;
        }
        Some(units)
    }

    /// The whole number it is, if it is one.
    pub fn whole(self) -> Option<i64> {
        self.units(0).filter(|whole| Decimal::of(*whole, 0).units(self.places) == Some(self.units))
    }
}

impl fmt::Display for Decimal {
    /// At least one decimal place.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let one = 10u64.pow(self.places.into());
        let size = self.units.unsigned_abs();
        let mut fraction = (size % one).to_string();
        while fraction.len() < self.places.into() {
            fraction.insert(0, '0');
        }
        write!(f, "{sign}{}.{fraction}", size / one)
    }
}
