//! Where a client's reads go.

use crate::form::{Form, FromForm, Misfit, ToForm, named};

/// A client's rule for choosing the server it reads from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename_all = "kebab-case"))]
pub enum ReadPolicy {
    /// The primary: fresh while there is one and it is the only one.
    Primary,
    /// Any replica that is up.
    Replica,
    /// Any server that is up.
    #[default]
    Any,
}

impl ReadPolicy {
    /// Every rule.
    pub const ALL: [ReadPolicy; 3] = [ReadPolicy::Primary, ReadPolicy::Replica, ReadPolicy::Any];

    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            ReadPolicy::Primary => "primary",
            ReadPolicy::Replica => "replica",
            ReadPolicy::Any => "any",
        }
    }

    /// What it means, in one sentence.
    pub fn summary(self) -> &'static str {
        match self {
            ReadPolicy::Primary => "Reads go to the primary.",
            ReadPolicy::Replica => "Each read goes to a replica, chosen by luck.",
            ReadPolicy::Any => "Each read goes to any server, chosen by luck.",
        }
    }

    /// Whether a server may answer, given whether it is a primary.
    pub fn allows(self, is_primary: bool) -> bool {
        match self {
            ReadPolicy::Primary => is_primary,
            ReadPolicy::Replica => !is_primary,
            ReadPolicy::Any => true,
        }
    }
}

impl ToForm for ReadPolicy {
    fn to_form(&self) -> Form {
        Form::from(self.name())
    }
}

impl FromForm for ReadPolicy {
    fn from_form(form: &Form) -> Result<ReadPolicy, Misfit> {
        named(form, &ReadPolicy::ALL, ReadPolicy::name)
    }
}
