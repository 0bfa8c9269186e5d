//! A link's capacity, as people write it: `"10Mbit/s"` or `"unlimited"`.

use std::fmt;
use std::str::FromStr;

use crate::form::{Form, FromForm, Misfit, ToForm, parsed};

/// Bits per second; None is unlimited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Bandwidth(pub Option<u64>);

const UNITS: [(&str, u64); 4] =
    [("Gbit/s", 1_000_000_000), ("Mbit/s", 1_000_000), ("kbit/s", 1_000), ("bit/s", 1)];

impl Bandwidth {
    /// How long it takes to put this many bytes on the wire, in microseconds, rounded up.
    pub fn transmission_us(self, bytes: u32) -> u64 {
        self.0.map_or(0, |bits_per_s| (u64::from(bytes) * 8 * 1_000_000).div_ceil(bits_per_s))
    }
}

impl FromStr for Bandwidth {
    type Err = String;

    fn from_str(text: &str) -> Result<Bandwidth, String> {
        if text == "unlimited" {
            return Ok(Bandwidth(None));
        }
        UNITS
            .iter()
            .find_map(|(unit, bits)| {
                Some((text.strip_suffix(unit)?.trim().parse::<u64>().ok()?, bits))
            })
            .and_then(|(number, bits)| number.checked_mul(*bits))
            .filter(|bits_per_s| (1..=1_000_000_000_000).contains(bits_per_s))
            .map(|bits_per_s| Bandwidth(Some(bits_per_s)))
            .ok_or_else(|| {
                format!(
                    "`{text}` is not a bandwidth: expected \"unlimited\" or a whole number and a \
                     unit, such as \"10Mbit/s\" (bit/s, kbit/s, Mbit/s, Gbit/s)"
                )
            })
    }
}

impl fmt::Display for Bandwidth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(bits) = self.0 else {
            return f.write_str("unlimited");
        };
        let largest = UNITS.iter().find(|(_, size)| bits.is_multiple_of(*size));
        let (unit, size) = largest.unwrap_or(&UNITS[3]);
        write!(f, "{}{unit}", bits / size)
    }
}

impl ToForm for Bandwidth {
    fn to_form(&self) -> Form {
        Form::Text(self.to_string())
    }
}

impl FromForm for Bandwidth {
    fn from_form(form: &Form) -> Result<Bandwidth, Misfit> {
        parsed(form, "\"unlimited\" or a bandwidth such as \"10Mbit/s\"")
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl schemars::JsonSchema for Bandwidth {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Bandwidth".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^(unlimited|[0-9]+(bit|kbit|Mbit|Gbit)/s)$",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bandwidth_reads_back_and_delays_by_size() {
        for text in ["unlimited", "10Mbit/s", "1Gbit/s", "1500bit/s"] {
            assert_eq!(text.parse::<Bandwidth>().unwrap().to_string(), text);
        }
        assert!("0Mbit/s".parse::<Bandwidth>().is_err() && "10MB".parse::<Bandwidth>().is_err());
        assert_eq!(Bandwidth(Some(8_000_000)).transmission_us(1_000), 1_000);
        assert_eq!(Bandwidth(None).transmission_us(1_000), 0);
    }
}
