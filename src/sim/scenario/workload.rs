//! Reads and writes in numbers.

use std::str::FromStr;

use crate::base::{Probability, Span};
use crate::form::{Field, Fields, Form, FromForm, Misfit, ToForm, may, must, named, parsed};

use super::limits;

/// Operations in numbers, sent without waiting for answers (open loop).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct WorkloadSpec {
    /// Whose.
    pub client: String,
    /// How many a second.
    pub rate: Rate,
    /// How they are spread over time.
    pub arrivals: Arrivals,
    /// Share that reads.
    pub reads: Probability,
    /// Over how many keys.
    pub keys: u32,
    /// How evenly over the keys.
    pub skew: Skew,
    /// First moment.
    pub from: Span,
    /// Last moment; absent: the end of the run.
    pub until: Option<Span>,
}

impl Fields for WorkloadSpec {
    fn blank() -> WorkloadSpec {
        WorkloadSpec {
            client: String::new(),
            rate: Rate(1),
            arrivals: Arrivals::default(),
            reads: Probability::ZERO,
            keys: 100,
            skew: Skew::default(),
            from: Span::ZERO,
            until: None,
        }
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![
            must("client", &mut self.client),
            must("rate", &mut self.rate),
            may("arrivals", &mut self.arrivals),
            may("reads", &mut self.reads),
            may("keys", &mut self.keys),
            may("skew", &mut self.skew),
            may("from", &mut self.from),
            may("until", &mut self.until),
        ]
    }
}

/// How a workload's operations are spread over time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename_all = "kebab-case"))]
pub enum Arrivals {
    /// At random, independent of one another, as from many users.
    #[default]
    Poisson,
    /// At equal distances.
    Steady,
    /// Twenty at once, at random moments, as when a crowd is let in.
    Bursts,
}

impl Arrivals {
    /// Operations of one burst.
    pub const BURST: u32 = 20;

    /// Every one.
    pub const ALL: [Arrivals; 3] = [Arrivals::Poisson, Arrivals::Steady, Arrivals::Bursts];

    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            Arrivals::Poisson => "poisson",
            Arrivals::Steady => "steady",
            Arrivals::Bursts => "bursts",
        }
    }
}

impl ToForm for Arrivals {
    fn to_form(&self) -> Form {
        Form::from(self.name())
    }
}

impl FromForm for Arrivals {
    fn from_form(form: &Form) -> Result<Arrivals, Misfit> {
        named(form, &Arrivals::ALL, Arrivals::name)
    }
}

/// How a workload's operations are spread over keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename_all = "kebab-case"))]
pub enum Skew {
    /// Every key is as likely.
    #[default]
    Uniform,
    /// The k-th key is 1/k as likely as the first (Zipf, exponent 1).
    Zipf,
}

impl Skew {
    /// Both.
    pub const ALL: [Skew; 2] = [Skew::Uniform, Skew::Zipf];

    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            Skew::Uniform => "uniform",
            Skew::Zipf => "zipf",
        }
    }
}

impl ToForm for Skew {
    fn to_form(&self) -> Form {
        Form::from(self.name())
    }
}

impl FromForm for Skew {
    fn from_form(form: &Form) -> Result<Skew, Misfit> {
        named(form, &Skew::ALL, Skew::name)
    }
}

/// Operations per second, as `"100/s"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rate(pub u64);

impl ToForm for Rate {
    fn to_form(&self) -> Form {
        Form::Text(format!("{}/s", self.0))
    }
}

impl FromForm for Rate {
    fn from_form(form: &Form) -> Result<Rate, Misfit> {
        parsed(form, "a rate such as \"100/s\"")
    }
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Rate, String> {
        let number = text.strip_suffix("/s").and_then(|number| number.trim().parse().ok());
        number.filter(|rate| (1..=limits::RATE_MAX).contains(rate)).map(Rate).ok_or_else(|| {
            let max = limits::RATE_MAX;
            format!("`{text}` is not a rate: expected \"1/s\" to \"{max}/s\"")
        })
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl schemars::JsonSchema for Rate {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Rate".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9]+/s$" })
    }
}
