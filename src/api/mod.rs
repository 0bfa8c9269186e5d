//! The JavaScript class: one run, driven from JavaScript as from the command line.
//!
//! Values cross as plain objects, times as numbers of microseconds. What is thrown is an `Error`
//! whose fields say where and why. The class holds no state of its own beside the recording.

mod convert;
mod link;
mod types;

use js_sys::Error;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::base::SimTime;
use crate::check;
use crate::recording::{
    BUILTINS, Builtin, Link, Narrator, Recording, Sealed, Snapshot, TraceLine, read_live_command,
    read_scenario, to_toml,
};

use convert::{microseconds, scenario_error, text_of, to_js};

pub use link::{Later, opened, written};

/// One run.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Simulation {
    recording: Recording,
    now: SimTime,
}

#[wasm_bindgen]
impl Simulation {
    /// A run of a scenario, given as TOML, as JSON, or as an object of the same shape. Throws a
    /// `ScenarioError` if it cannot be run.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "string | Scenario")] scenario: JsValue,
    ) -> Result<Simulation, Error> {
        let text = text_of(&scenario)?;
        let scenario = read_scenario(&text).map_err(|error| scenario_error(&error))?;
        Ok(Simulation { recording: Recording::new(scenario), now: 0 })
    }

    /// A run of the scenario in a share link, once it is inflated. Rejected if the link does not
    /// open.
    #[wasm_bindgen(unchecked_return_type = "Promise<Simulation>")]
    pub fn from_link(address: &str) -> Later {
        let run = |link: Result<Link, String>| match link {
            Ok(link) => Ok(Simulation { recording: Recording::new(link.scenario), now: 0 }.into()),
            Err(why) => Err(Error::new(&why).into()),
        };
        match Sealed::read(address) {
            Ok(sealed) => opened(sealed, run),
            Err(error) => Later::settled(run(Err(error.to_string()))),
        }
    }

    /// The names of the scenarios that come with the package. The page's own class has none: the
    /// page fetches them.
    pub fn builtins() -> Vec<String> {
        BUILTINS.iter().map(|builtin| builtin.name.to_string()).collect()
    }

    /// The text of a scenario that comes with the package; undefined if there is none of this name.
    pub fn builtin(name: &str) -> Option<String> {
        Builtin::find(name).map(|builtin| builtin.text.to_string())
    }

    /// Simulates up to and including `us`, at most to the scenario's end, and returns the instant
    /// that the run stands at. Going back is allowed: later calls look at the earlier instant.
    pub fn run_until(&mut self, us: f64) -> Result<f64, Error> {
        let until = self.recording.scenario().until.0;
        self.now = microseconds(us)?.min(until);
        self.recording.extend(self.now, u64::MAX);
        Ok(self.now())
    }

    /// The instant that the run stands at, in microseconds.
    #[wasm_bindgen(getter)]
    pub fn now(&self) -> f64 {
        self.now as f64
    }

    /// The scenario's end, in microseconds.
    #[wasm_bindgen(getter)]
    pub fn until(&self) -> f64 {
        self.recording.scenario().until.0 as f64
    }

    /// Carries out a command now: the same as if it had stood in the scenario. What was known of
    /// the time after now is forgotten. Throws a `ScenarioError` and changes nothing if the command
    /// names what is not there.
    pub fn issue(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Command | string")] command: JsValue,
    ) -> Result<(), Error> {
        let text = text_of(&command)?;
        let command = read_live_command(&text, self.recording.scenario())
            .map_err(|error| scenario_error(&error))?;
        self.recording.issue(self.now, command);
        self.recording.extend(self.now, u64::MAX);
        Ok(())
    }

    /// Everything there is now.
    #[wasm_bindgen(unchecked_return_type = "Snapshot")]
    pub fn snapshot(&mut self) -> Result<JsValue, Error> {
        let scenario = self.recording.scenario().clone();
        let snapshot = Snapshot::of(self.recording.at(self.now), &scenario, self.now);
        to_js(&snapshot)
    }

    /// What happened up to now, from a record's number on; at most `count` records if it is given.
    #[wasm_bindgen(unchecked_return_type = "TraceLine[]")]
    pub fn trace(&self, from_step: u32, count: Option<u32>) -> Result<JsValue, Error> {
        let narrator = Narrator::of(&self.recording);
        let known = self.recording.trace().since(from_step);
        let lines: Vec<TraceLine> = known
            .take_while(|(_, record)| record.at <= self.now)
            .take(count.map_or(usize::MAX, |count| count as usize))
            .map(|(step, record)| {
                let text = Some(narrator.sentence(&record));
                TraceLine { text, ..narrator.line(step, &record) }
            })
            .collect();
        to_js(&lines)
    }

    /// The report of the run up to the furthest instant simulated.
    #[wasm_bindgen(unchecked_return_type = "Report")]
    pub fn report(&self) -> Result<JsValue, Error> {
        to_js(&check::report(&self.recording))
    }

    /// The digest of the run up to now, in hexadecimal.
    pub fn digest(&mut self) -> String {
        format!("{:016x}", self.recording.at(self.now).digest())
    }

    /// What was run, live commands included, as TOML.
    pub fn scenario(&self) -> String {
        to_toml(self.recording.scenario())
    }

    /// A share link of the same, from `#` on, that opens at this instant; once it is deflated.
    /// Throws where nothing deflates.
    #[wasm_bindgen(unchecked_return_type = "Promise<string>")]
    pub fn link(&self) -> Result<Later, JsValue> {
        let scenario = self.recording.scenario().clone();
        written(Link { scenario, t: Some(self.now), view: None }, JsValue::from)
    }
}
