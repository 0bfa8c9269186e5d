//! The scenarios that come with the package. The page fetches them when they are asked for.

use wasm_bindgen::prelude::wasm_bindgen;

use super::Simulation;
use crate::recording::{BUILTINS, Builtin};

#[wasm_bindgen]
impl Simulation {
    /// The names of the scenarios that come with the program.
    pub fn builtins() -> Vec<String> {
        BUILTINS.iter().map(|builtin| builtin.name.to_string()).collect()
    }

    /// The text of a scenario that comes with the program; undefined if there is none of this name.
    pub fn builtin(name: &str) -> Option<String> {
        Builtin::find(name).map(|builtin| builtin.text.to_string())
    }
}
