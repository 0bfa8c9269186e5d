//! A probability as an integer count of billionths, so that worlds can be compared and hashed.

use crate::form::{Decimal, Form, FromForm, Misfit, ToForm, misplaced};

/// A probability in billionths, 0 to 1,000,000,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Probability(u32);

const ONE: i64 = 1_000_000_000;
/// Decimal places of a billionth.
const PLACES: u8 = 9;

impl Probability {
    /// Never.
    pub const ZERO: Probability = Probability(0);

    /// From hundredths; more than 100 means always.
    pub fn percent(percent: u32) -> Probability {
        Probability(percent.min(100) * (ONE as u32 / 100))
    }

    /// Whether this never happens, so that no draw is needed.
    pub fn is_zero(&self) -> bool {
        self.0 == 0
    }

    /// Whether it happens, given this draw.
    pub fn happens(self, draw: u64) -> bool {
        super::draw::scaled(draw, ONE as u64) < u64::from(self.0)
    }
}

impl ToForm for Probability {
    fn to_form(&self) -> Form {
        Form::Decimal(Decimal::of(self.0.into(), PLACES))
    }
}

impl FromForm for Probability {
    fn from_form(form: &Form) -> Result<Probability, Misfit> {
        let billionths = match form {
            Form::Decimal(share) => share.units(PLACES),
            Form::Whole(share) => u32::try_from(*share).ok().map(|share| i64::from(share) * ONE),
            Form::Negative(_) => None,
            Form::Nothing | Form::Bool(_) | Form::Text(_) | Form::List(_) | Form::Table(_) => {
                return Err(misplaced(form, "a number"));
            }
        };
        let known = billionths.filter(|billionths| (0..=ONE).contains(billionths));
        known
            .map(|billionths| Probability(billionths as u32))
            .ok_or_else(|| Misfit::new(format!("{form} is not a probability: expected 0.0 to 1.0")))
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl schemars::JsonSchema for Probability {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Probability".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number", "minimum": 0, "maximum": 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_and_always_are_exact() {
        assert!(!Probability::ZERO.happens(0));
        assert!(Probability::percent(100).happens(u64::MAX));
    }
}
