//! Simulated time in integer microseconds, and durations as people write them.

use std::fmt;
use std::str::FromStr;

use crate::form::{Form, FromForm, Misfit, ToForm, parsed};

/// Microseconds since the run began.
pub type SimTime = u64;

/// A length of time in whole microseconds; reads and prints as `250us`, `10ms`, `1.5s`, `2m`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(pub u64);

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);

    /// A span of whole milliseconds.
    pub const fn ms(ms: u64) -> Span {
        Span(ms * 1_000)
    }

    /// A span of whole seconds.
    pub const fn s(s: u64) -> Span {
        Span(s * 1_000_000)
    }
}

/// The units a duration may carry, longest suffix first, with their microseconds.
const UNITS: [(&str, u64); 4] = [("us", 1), ("ms", 1_000), ("s", 1_000_000), ("m", 60_000_000)];

impl FromStr for Span {
    type Err = String;

    /// Exact decimal arithmetic: `1.5s` is 1,500,000 us on every platform.
    fn from_str(text: &str) -> Result<Span, String> {
        let expected = || {
            format!(
                "`{text}` is not a duration: expected a number and a unit, such as \"250us\", \
                 \"10ms\", \"1.5s\" or \"2m\""
            )
        };
        let (number, unit_us) = UNITS
            .iter()
            .find_map(|(unit, us)| text.strip_suffix(unit).map(|number| (number.trim(), *us)))
            .ok_or_else(expected)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) || fraction.len() > 9 {
            return Err(expected());
        }
        let whole: u64 = whole.parse().map_err(|_| expected())?;
        let mut us = whole.checked_mul(unit_us).ok_or_else(expected)?;
        let mut place = unit_us;
        for digit in fraction.bytes() {
            let scaled = u64::from(digit - b'0') * place;
            if !scaled.is_multiple_of(10) {
                return Err(format!(
                    "`{text}` is finer than a microsecond, the smallest step of time here"
                ));
            }
            us = us.checked_add(scaled / 10).ok_or_else(expected)?;
            place /= 10;
        }
        Ok(Span(us))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, us) = match self.0 {
            0 => ("ms", 1_000),
            n if n.is_multiple_of(1_000_000) => ("s", 1_000_000),
            n if n.is_multiple_of(1_000) => ("ms", 1_000),
            _ => ("us", 1),
        };
        write!(f, "{}{unit}", self.0 / us)
    }
}

impl ToForm for Span {
    fn to_form(&self) -> Form {
        Form::Text(self.to_string())
    }
}

impl FromForm for Span {
    fn from_form(form: &Form) -> Result<Span, Misfit> {
        parsed(form, "a duration such as \"10ms\" or \"1.5s\"")
    }
}

/// A signed span, for clocks that run ahead (`"40ms"`) or behind (`"-40ms"`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SkewSpan(pub i64);

impl FromStr for SkewSpan {
    type Err = String;

    fn from_str(text: &str) -> Result<SkewSpan, String> {
        let (sign, size) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let us = i64::try_from(size.parse::<Span>()?.0).map_err(|_| "too long".to_string())?;
        Ok(SkewSpan(sign * us))
    }
}

impl fmt::Display for SkewSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}", Span(self.0.unsigned_abs()))
    }
}

impl ToForm for SkewSpan {
    fn to_form(&self) -> Form {
        Form::Text(self.to_string())
    }
}

impl FromForm for SkewSpan {
    fn from_form(form: &Form) -> Result<SkewSpan, Misfit> {
        parsed(form, "a duration such as \"40ms\" or \"-40ms\"")
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod schema {
    use super::{SkewSpan, Span};
    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    impl JsonSchema for Span {
        fn schema_name() -> Cow<'static, str> {
            "Duration".into()
        }
        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({
                "type": "string",
                "pattern": r"^[0-9]+(\.[0-9]+)?(us|ms|s|m)$",
                "description": "A duration: \"250us\", \"10ms\", \"1.5s\", \"2m\".",
            })
        }
    }

    impl JsonSchema for SkewSpan {
        fn schema_name() -> Cow<'static, str> {
            "SignedDuration".into()
        }
        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({
                "type": "string",
                "pattern": r"^-?[0-9]+(\.[0-9]+)?(us|ms|s|m)$",
                "description": "A duration that may be negative: \"-40ms\".",
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_exactly_and_printed_back() {
        for (text, us) in
            [("250us", 250), ("10ms", 10_000), ("1.5s", 1_500_000), ("2m", 120_000_000)]
        {
            assert_eq!(text.parse::<Span>(), Ok(Span(us)));
        }
        for us in [0, 1, 250, 1_000, 1_500, 1_500_000, 2_000_000, 120_000_000] {
            assert_eq!(Span(us).to_string().parse::<Span>(), Ok(Span(us)));
        }
        assert_eq!("-40ms".parse::<SkewSpan>(), Ok(SkewSpan(-40_000)));
    }

    #[test]
    fn a_duration_without_a_unit_or_finer_than_a_microsecond_is_refused() {
        for text in ["10", "", "ms", "-1s", "1.s2", "1e3s", "0.5us", "99999999999999999999s"] {
            assert!(text.parse::<Span>().is_err(), "{text}");
        }
    }
}
