//! A probability as an integer count of billionths, so that worlds can be compared and hashed.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A probability in billionths, 0 to 1,000,000,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Probability(u32);

const ONE: u32 = 1_000_000_000;

impl Probability {
    /// Never.
    pub const ZERO: Probability = Probability(0);

    /// From hundredths; more than 100 means always.
    pub fn percent(percent: u32) -> Probability {
        Probability(percent.min(100) * (ONE / 100))
    }

    /// Whether this never happens, so that no draw is needed.
    pub fn is_zero(&self) -> bool {
        self.0 == 0
    }

    /// Whether it happens, given this draw.
    pub fn happens(self, draw: u64) -> bool {
        super::draw::scaled(draw, u64::from(ONE)) < u64::from(self.0)
    }
}

impl Serialize for Probability {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_f64(f64::from(self.0) / f64::from(ONE))
    }
}

impl<'de> Deserialize<'de> for Probability {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Probability, D::Error> {
        let share = f64::deserialize(from)?;
        if !(0.0..=1.0).contains(&share) {
            return Err(de::Error::custom(format!(
                "{share} is not a probability: expected 0.0 to 1.0"
            )));
        }
        Ok(Probability((share * f64::from(ONE)).round() as u32))
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
