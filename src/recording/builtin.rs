//! Scenarios that come with the program. Each is a file in `builtin/` and shows one thing.

use crate::sim::Scenario;

use super::file::{ScenarioError, read_scenario};

/// A scenario that comes with the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Builtin {
    /// Its name on the command line and in the page's menu.
    pub name: &'static str,
    /// Its file.
    pub text: &'static str,
}

/// Every one, in the order of the list.
pub const BUILTINS: [Builtin; 1] = [Builtin {
    name: "async-loses-a-write",
    text: include_str!("builtin/async-loses-a-write.toml"),
}];

impl Builtin {
    /// The one of this name; None if there is none.
    pub fn find(name: &str) -> Option<Builtin> {
        BUILTINS.into_iter().find(|builtin| builtin.name == name)
    }

    /// The scenario. An error here is a bug in the file, which the tests would show.
    pub fn scenario(&self) -> Result<Scenario, ScenarioError> {
        read_scenario(self.text)
    }
}
