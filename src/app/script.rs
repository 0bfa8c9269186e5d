//! The text of a scenario that somebody edits: kept while its dialog is closed, checked once typing
//! stops, and never replaced without the text before it being at hand.

use replication::player::{Msg, Player};
use replication::recording::{Edit, ScenarioError, edited, read_scenario, to_toml};
use replication::sim::Scenario;
use web_sys::HtmlTextAreaElement;

use super::browser;
use super::ui::Ui;
use wasm_bindgen::JsCast;

/// Frames without typing after which a text is checked; and a long one, since reading that is felt.
const PAUSE: usize = 15;
const LONG_PAUSE: usize = 60;
/// From where on a text is long, and the longest that is checked before it is run.
const LONG: usize = 16_384;
const CHECKED_MAX: usize = 131_072;
/// Texts that can be taken back to.
const BEFORE_MAX: usize = 20;
/// The text area.
pub const TEXT: &str = "script";

/// A text that is being edited.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// Whether it is shown in the place of the list of scenarios.
    pub open: bool,
    /// The text; empty before the first time.
    pub text: String,
    /// Whether it has been changed and has not been run since.
    pub unfinished: bool,
    /// What it said when it could be run last.
    pub outline: Outline,
    /// Why it cannot be run, if it was found not to.
    pub wrong: Option<ScenarioError>,
    /// Whether it is too long to be checked before it is run.
    pub unchecked: bool,
    /// Why a change by a form cannot be made.
    pub refused: Option<String>,
    /// Texts that others took the place of, the newest last.
    pub before: Vec<String>,
    /// Frames until it is checked.
    wait: usize,
}

/// What the forms beside the text need to know of it.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// Servers.
    pub nodes: u16,
    /// Clients.
    pub clients: usize,
    /// Commands at their times.
    pub commands: usize,
    /// Workloads' clients and operations a second.
    pub workloads: Vec<(String, u64)>,
}

/// What can be asked of the editor.
#[derive(Clone, Debug)]
pub enum Asked {
    /// Show it, with the unfinished text or else the run looked at.
    Open,
    /// Show the list of scenarios.
    Close,
    /// Begin again from the run looked at.
    Afresh,
    /// This is the text now.
    Typed(String),
    /// A form changes it.
    Change(Result<Edit, String>),
    /// The text before the last change by a form.
    Back,
    /// Lead the caret to what is wrong.
    Lead,
    /// Run it.
    Run,
}

impl Outline {
    fn of(scenario: &Scenario) -> Outline {
        let workloads = scenario.workload.iter();
        let workloads = workloads.map(|one| (one.client.clone(), one.rate.0));
        Outline {
            nodes: scenario.cluster.nodes,
            clients: scenario.client.len(),
            commands: scenario.at.len(),
            workloads: workloads.collect(),
        }
    }
}

impl Script {
    /// A frame passes; true if there is news of the text.
    pub fn settles(&mut self) -> bool {
        let checks = self.wait == 1;
        self.wait = self.wait.saturating_sub(1);
        if checks {
            self.check();
        }
        checks
    }

    fn check(&mut self) -> Option<Scenario> {
        self.wait = 0;
        self.unchecked = false;
        match read_scenario(&self.text) {
            Ok(scenario) => {
                self.wrong = None;
                self.outline = Outline::of(&scenario);
                Some(scenario)
            }
            Err(error) => {
                self.wrong = Some(error);
                None
            }
        }
    }

    fn replace(&mut self, text: String) {
        let before = std::mem::replace(&mut self.text, text);
        if !before.is_empty() && before != self.text {
            self.before.push(before);
            if self.before.len() > BEFORE_MAX {
                self.before.remove(0);
            }
        }
        self.refused = None;
        self.check();
    }
}

/// Carries out what is asked; gives what the player is to do for it.
pub fn carry_out(asked: Asked, ui: &mut Ui, player: &Player) -> Option<Msg> {
    let script = &mut ui.script;
    let scenario = player.recording().scenario();
    match asked {
        Asked::Open => {
            script.open = true;
            script.refused = None;
            // Comments are kept as long as the text still is the run.
            let same = |read: Scenario| read == *scenario;
            if !script.unfinished && !script.check().is_some_and(same) {
                script.replace(to_toml(scenario));
            }
            return Some(Msg::Pause);
        }
        Asked::Close => script.open = false,
        Asked::Afresh => {
            script.replace(to_toml(scenario));
            script.unfinished = false;
        }
        Asked::Typed(text) => {
            script.unchecked = text.len() > CHECKED_MAX;
            script.wait = match text.len() {
                _ if script.unchecked => 0,
                length if length > LONG => LONG_PAUSE,
                _ => PAUSE,
            };
            if script.unchecked {
                script.wrong = None;
            }
            script.text = text;
            script.unfinished = true;
        }
        Asked::Change(edit) => match edit.and_then(|edit| edited(&script.text, &edit)) {
            Ok(text) => {
                script.replace(text);
                script.unfinished = true;
            }
            Err(why) => script.refused = Some(why),
        },
        Asked::Back => {
            if let Some(text) = script.before.pop() {
                script.text = text;
                script.unfinished = true;
                script.refused = None;
                script.check();
            }
        }
        Asked::Lead => lead(script),
        Asked::Run => {
            if let Some(scenario) = script.check() {
                script.unfinished = false;
                script.open = false;
                ui.gallery = false;
                return Some(Msg::Edited(Box::new(scenario)));
            }
            lead(script);
        }
    }
    None
}

/// Leads the caret to what is wrong; to the beginning if nothing is.
pub fn lead(script: &Script) {
    let place = script.wrong.as_ref().map_or((1, 1), |error| (error.line, error.column));
    let area = browser::document().get_element_by_id(TEXT);
    let Some(area) = area.and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok()) else {
        return;
    };
    let (before, line) = (place.0 as usize - 1, place.1 as usize - 1);
    let mut lines = script.text.split('\n');
    // The browser counts in UTF-16.
    let units = |text: &str| text.encode_utf16().count();
    let start: usize = lines.by_ref().take(before).map(|line| units(line) + 1).sum();
    let line: String = lines.next().unwrap_or_default().chars().take(line).collect();
    let at = (start + units(&line)) as u32;
    browser::focus_on(&area);
    // Refused only by fields without a caret.
    let _ = area.set_selection_range(at, at);
    if let Some(frame) = area.parent_element() {
        let height = area.client_height() / area.rows().max(1) as i32;
        frame.set_scroll_top(height * before as i32 - frame.client_height() / 2);
    }
}
