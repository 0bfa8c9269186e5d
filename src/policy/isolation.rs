//! What a server keeps of the past: only the latest value of each key, or every version until
//! vacuum (MVCC), so that reads can see one moment of many keys.

use crate::form::{Form, FromForm, Misfit, ToForm, named};

/// What servers keep of each key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename_all = "kebab-case"))]
pub enum Isolation {
    /// The latest value.
    #[default]
    Latest,
    /// Versions with commit timestamps, until vacuum.
    Mvcc,
}

impl Isolation {
    /// Both.
    pub const ALL: [Isolation; 2] = [Isolation::Latest, Isolation::Mvcc];

    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            Isolation::Latest => "latest",
            Isolation::Mvcc => "mvcc",
        }
    }

    /// What it means, in one sentence.
    pub fn summary(self) -> &'static str {
        match self {
            Isolation::Latest => "Servers keep the latest value of each key.",
            Isolation::Mvcc => "Servers keep versions until vacuum; a snapshot sees one moment.",
        }
    }
}

impl ToForm for Isolation {
    fn to_form(&self) -> Form {
        Form::from(self.name())
    }
}

impl FromForm for Isolation {
    fn from_form(form: &Form) -> Result<Isolation, Misfit> {
        named(form, &Isolation::ALL, Isolation::name)
    }
}
