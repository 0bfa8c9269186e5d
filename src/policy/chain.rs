//! Two things that look alike: a cascade of asynchronous replicas, and chain replication.

use crate::form::{Form, FromForm, Misfit, ToForm, named};

/// What a chain promises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename_all = "kebab-case"))]
pub enum Chain {
    /// Each server passes on to the next; the head answers by the ack rule, and reads go anywhere.
    #[default]
    Cascading,
    /// Chain replication (van Renesse and Schneider, OSDI 2004): writes enter at the head, the tail
    /// answers them and every read.
    Proper,
}

impl Chain {
    /// Both.
    pub const ALL: [Chain; 2] = [Chain::Cascading, Chain::Proper];

    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            Chain::Cascading => "cascading",
            Chain::Proper => "proper",
        }
    }

    /// What it means, in one sentence.
    pub fn summary(self) -> &'static str {
        match self {
            Chain::Cascading => "The head answers at once; what is behind it may be old, or lost.",
            Chain::Proper => "The tail answers writes and reads: what it says, every server has.",
        }
    }
}

impl ToForm for Chain {
    fn to_form(&self) -> Form {
        Form::from(self.name())
    }
}

impl FromForm for Chain {
    fn from_form(form: &Form) -> Result<Chain, Misfit> {
        named(form, &Chain::ALL, Chain::name)
    }
}
