//! How long something takes: constant, uniform, exponential, or read from a table of quantiles.
//!
//! Sampled with integer arithmetic and `libm`, which give the same bits natively and in wasm.

use crate::form::{Field, Fields, Form, FromForm, Misfit, ToForm, may, misplaced};

use super::draw::scaled;
use super::time::Span;

/// A distribution of delays, in microseconds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Delay {
    /// Always the same.
    Constant(Span),
    /// Any value from `min` to `max`, both included, equally likely.
    Uniform {
        /// Shortest.
        min: Span,
        /// Longest.
        max: Span,
    },
    /// Memoryless, with this mean.
    Exponential {
        /// Mean.
        mean: Span,
    },
    /// Equally likely steps between neighbouring quantiles, linear within a step; two at least.
    Quantiles(Vec<Span>),
}

impl Delay {
    /// No delay at all.
    pub const NONE: Delay = Delay::Constant(Span::ZERO);

    /// The delay that this draw means, in microseconds.
    pub fn sample(&self, draw: u64) -> u64 {
        match self {
            Delay::Constant(span) => span.0,
            Delay::Uniform { min, max } => min.0 + scaled(draw, max.0 - min.0 + 1),
            Delay::Exponential { mean } => exponential(draw, mean.0),
            Delay::Quantiles(table) => quantile(draw, table),
        }
    }

    /// Whether this is always zero, so that no draw and no timer is needed.
    pub fn is_none(&self) -> bool {
        *self == Delay::NONE
    }

    /// The delay a person would name: the constant, the middle or the mean, in microseconds.
    pub fn typical(&self) -> u64 {
        match self {
            Delay::Constant(span) | Delay::Exponential { mean: span } => span.0,
            Delay::Uniform { min, max } => min.0.midpoint(max.0),
            Delay::Quantiles(table) => table[table.len() / 2].0,
        }
    }

    /// What is wrong with it, in words; None if nothing.
    pub fn problem(&self) -> Option<String> {
        let too_long = |span: &Span| {
            (span.0 > DELAY_MAX.0).then(|| format!("`{span}` is longer than {DELAY_MAX}"))
        };
        match self {
            Delay::Constant(span) | Delay::Exponential { mean: span } => too_long(span),
            Delay::Uniform { min, max } if min > max => {
                Some(format!("min {min} is above max {max}"))
            }
            Delay::Uniform { max, .. } => too_long(max),
            Delay::Quantiles(table) if table.len() < 2 => {
                Some("needs at least two quantiles".into())
            }
            Delay::Quantiles(table) if !table.is_sorted() => {
                Some("quantiles must not decrease".into())
            }
            Delay::Quantiles(table) => table.last().and_then(too_long),
        }
    }
}

/// The longest delay a scenario may ask for.
pub const DELAY_MAX: Span = Span::s(3_600);

/// Inverse of the exponential distribution at a point in (0, 1].
fn exponential(draw: u64, mean_us: u64) -> u64 {
    let point = ((draw >> 11) + 1) as f64 / (1u64 << 53) as f64;
    libm::round(-libm::log(point) * mean_us as f64) as u64
}

fn quantile(draw: u64, table: &[Span]) -> u64 {
    let steps = table.len() as u64 - 1;
    let position = u128::from(draw) * u128::from(steps);
    let step = (position >> 64) as usize;
    let within = position as u64;
    let (low, high) = (table[step].0, table[step + 1].0);
    low + scaled(within, high - low + 1)
}

impl Default for Delay {
    fn default() -> Delay {
        Delay::NONE
    }
}

/// The file form: a duration, or a table naming the distribution.
#[derive(Clone, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub(crate) struct DelayTable {
    min: Option<Span>,
    max: Option<Span>,
    mean: Option<Span>,
    quantiles: Option<Vec<Span>>,
}

impl Fields for DelayTable {
    fn blank() -> DelayTable {
        DelayTable::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![
            may("min", &mut self.min),
            may("max", &mut self.max),
            may("mean", &mut self.mean),
            may("quantiles", &mut self.quantiles),
        ]
    }
}

impl ToForm for Delay {
    fn to_form(&self) -> Form {
        let mut table = DelayTable::default();
        match self {
            Delay::Constant(span) => return span.to_form(),
            Delay::Uniform { min, max } => (table.min, table.max) = (Some(*min), Some(*max)),
            Delay::Exponential { mean } => table.mean = Some(*mean),
            Delay::Quantiles(quantiles) => table.quantiles = Some(quantiles.clone()),
        }
        table.to_form()
    }
}

impl FromForm for Delay {
    fn from_form(form: &Form) -> Result<Delay, Misfit> {
        if form.text().is_some() {
            return Span::from_form(form).map(Delay::Constant);
        }
        if !matches!(form, Form::Table(_)) {
            return Err(misplaced(
                form,
                "a duration, { min, max }, { mean } or { quantiles = [...] }",
            ));
        }
        let table = DelayTable::from_form(form)?;
        match (table.min, table.max, table.mean, table.quantiles) {
            (Some(min), Some(max), None, None) => Ok(Delay::Uniform { min, max }),
            (None, None, Some(mean), None) => Ok(Delay::Exponential { mean }),
            (None, None, None, Some(quantiles)) => Ok(Delay::Quantiles(quantiles)),
            _ => {
                let expected = "expected exactly { min, max }, { mean } or { quantiles }";
                Err(Misfit::new(expected.to_string()))
            }
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl schemars::JsonSchema for Delay {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Delay".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let span = generator.subschema_for::<Span>();
        let table = generator.subschema_for::<DelayTable>();
        schemars::json_schema!({ "anyOf": [span, table] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Luck, Purpose};

    fn mean_of(delay: &Delay) -> f64 {
        let sum: u64 =
            (0..100_000).map(|nth| delay.sample(Luck(3).draw(Purpose::Latency, 1, nth))).sum();
        sum as f64 / 100_000.0
    }

    #[test]
    fn each_distribution_has_the_mean_it_names() {
        let uniform = Delay::Uniform { min: Span::ms(1), max: Span::ms(9) };
        let exponential = Delay::Exponential { mean: Span::ms(10) };
        let table = Delay::Quantiles(vec![Span::ms(0), Span::ms(2), Span::ms(20)]);
        // Standard errors: 7 us, 32 us, 19 us; five of them each.
        assert!((mean_of(&uniform) - 5_000.0).abs() < 36.0);
        assert!((mean_of(&exponential) - 10_000.0).abs() < 160.0);
        assert!((mean_of(&table) - 6_000.0).abs() < 95.0);
    }

    #[test]
    fn the_ends_of_the_range_are_reached_and_not_passed() {
        let uniform = Delay::Uniform { min: Span(1), max: Span(3) };
        assert_eq!((uniform.sample(0), uniform.sample(u64::MAX)), (1, 3));
        let table = Delay::Quantiles(vec![Span(1), Span(5), Span(9)]);
        assert_eq!((table.sample(0), table.sample(u64::MAX)), (1, 9));
        assert_eq!(exponential(u64::MAX, 1_000), 0);
    }
}
