//! The text of a scenario that somebody edits, by hand on its picture, by form or by typing: kept
//! while its dialog is closed, checked once typing stops, and never replaced without the text
//! before it being at hand.

use std::mem::take;
use std::rc::Rc;

use replication::base::{ClientId, NodeId};
use replication::player::{Msg, Player, Selection};
use replication::recording::{
    Edit, Moment, Part, Reader, Recording, ScenarioError, edited, to_toml, unreached,
};
use replication::sim::{Command, CutCommand, RepointCommand, Scenario};
use web_sys::HtmlTextAreaElement;

use super::browser;
use super::stage::EDITED;
use super::ui::Ui;
use wasm_bindgen::JsCast;

/// Frames without typing after which a text is checked.
const PAUSE: usize = 15;
/// Lines of it that are read between two frames, so that a long one is not felt.
pub const LINES: usize = 8_000;
/// Texts that can be taken back to.
const BEFORE_MAX: usize = 20;
/// The text area.
pub const TEXT: &str = "script";
/// The list of parts.
pub const PARTS: &str = "script-part";

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
    pub sense: Option<Sense>,
    /// The part that the fields are of.
    pub part: Part,
    /// A server that another one is being chosen for.
    pub armed: Option<(Tie, NodeId)>,
    /// What dragging one server onto another does.
    pub drag: Tie,
    /// Why it cannot be run, if it was found not to.
    pub wrong: Option<ScenarioError>,
    /// What reads it, while it is not known what it says.
    reader: Option<Reader>,
    /// Whether it is to be run as soon as that is known.
    runs: bool,
    /// Why a change cannot be made, and of which field.
    pub refused: Option<(&'static str, String)>,
    /// Texts that others took the place of, the newest last.
    pub before: Vec<String>,
    /// Frames until it is checked.
    wait: usize,
}

/// What a text says.
#[derive(Clone, Debug)]
pub struct Sense {
    /// Its scenario.
    pub scenario: Rc<Scenario>,
    /// The cluster as it begins.
    pub moment: Moment,
    /// Servers that no write reaches.
    pub unreached: Rc<[NodeId]>,
}

/// How one server is brought together with another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tie {
    /// The other follows it as well.
    #[default]
    Feed,
    /// It follows the other, and nobody else.
    Move,
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
    /// A hand or a form changes it.
    Change(Edit),
    /// The text before the last change by hand or form.
    Back,
    /// Show the fields of this part.
    Look(Part),
    /// The next server chosen is for this; None after all.
    Arm(Option<(Tie, NodeId)>),
    /// Dragging does this from now on.
    Drag(Tie),
    /// Something is done on the picture.
    Hand(Msg),
    /// Lead the caret to what is wrong.
    Lead,
    /// Run it.
    Run,
}

impl Tie {
    /// The change that brings a server together with another.
    fn edit(self, own: NodeId, other: NodeId) -> Edit {
        match self {
            Tie::Feed => Edit::Connect(own, other),
            Tie::Move => Edit::Attach(own, other),
        }
    }
}

impl Sense {
    fn of(mut scenario: Scenario) -> Sense {
        let unreached = unreached(&scenario).into();
        // As it begins: before anything is done to it.
        let (at, workload) = (take(&mut scenario.at), take(&mut scenario.workload));
        let moment = Recording::new(scenario.clone()).moment(0);
        (scenario.at, scenario.workload) = (at, workload);
        Sense { scenario: Rc::new(scenario), moment, unreached }
    }
}

impl Script {
    /// A frame passes; true if there is news of the text.
    pub fn settles(&mut self) -> bool {
        self.wait = self.wait.saturating_sub(1);
        self.wait == 0 && self.reads(LINES)
    }

    /// Whether it is not known yet what the text says.
    pub fn pending(&self) -> bool {
        self.reader.is_some()
    }

    /// Whether it is known now what is to be run.
    pub fn due(&self) -> bool {
        self.runs && !self.pending()
    }

    fn check(&mut self) {
        self.reader = Some(Reader::default());
        self.reads(usize::MAX);
    }

    /// Reads on; true once it is known what the text says.
    fn reads(&mut self, lines: usize) -> bool {
        let read = self.reader.as_mut().map(|reader| reader.go_on(&self.text, lines));
        let Some(read) = read.and_then(Result::transpose) else { return false };
        self.reader = None;
        match read {
            Ok(scenario) => {
                self.wrong = None;
                let there = |id: NodeId| id.0 < scenario.cluster.nodes;
                let is_there = match self.part {
                    Part::Cluster | Part::Network => true,
                    Part::Node(id) => there(id),
                    Part::Link(from, to) => there(from) && there(to),
                    Part::Client(number) => number < scenario.client.len(),
                    Part::Workload(number) => number < scenario.workload.len(),
                };
                if !is_there {
                    self.part = Part::Cluster;
                }
                self.sense = Some(Sense::of(scenario));
            }
            Err(error) => self.wrong = Some(error),
        }
        true
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

    /// Changes the text, and shows the part that has come of it.
    fn change(&mut self, edit: &Edit) {
        match edited(&self.text, edit) {
            Ok(text) => {
                self.replace(text);
                self.unfinished = true;
            }
            Err(why) => {
                let field = if let Edit::Set(_, field, _) = edit { *field } else { "" };
                self.refused = Some((field, why));
                return;
            }
        }
        let Some(Sense { scenario, .. }) = &self.sense else { return };
        self.part = match edit {
            Edit::Add(_) => Part::Node(NodeId(scenario.cluster.nodes - 1)),
            Edit::Remove(_) | Edit::RemoveWorkload(_) => Part::Cluster,
            Edit::Connect(from, to) | Edit::Disconnect(from, to) => Part::Link(*from, *to),
            Edit::Attach(node, _) => Part::Node(*node),
            Edit::AddClient(_) => Part::Client(scenario.client.len() - 1),
            Edit::AddWorkload(_) => Part::Workload(scenario.workload.len() - 1),
            Edit::Set(part, ..) => *part,
        };
        if matches!(edit, Edit::Remove(_) | Edit::RemoveWorkload(_)) {
            // What was pressed may be gone.
            browser::focus(PARTS);
        }
    }

    /// What somebody does on the picture, as a change of the text or another part to look at.
    fn hand(&mut self, msg: Msg) {
        match msg {
            Msg::Select(place) | Msg::OpenMenu { place, .. } => {
                let armed = self.armed.take();
                match (place, armed) {
                    (Selection::Node(other), Some((tie, own))) if own != other => {
                        self.change(&tie.edit(own, other));
                    }
                    (Selection::Node(id), _) => self.part = Part::Node(id),
                    (Selection::Link(from, to), _) => self.part = Part::Link(from, to),
                    (Selection::Client(client), _) => self.part = Part::Client(client.index()),
                    (Selection::None | Selection::Op(_), _) => self.part = Part::Cluster,
                }
            }
            Msg::Issue(Command::Repoint(RepointCommand { node, source })) => {
                self.change(&self.drag.edit(source, node));
            }
            Msg::Issue(Command::Cut(CutCommand { from, to, .. })) => {
                for (from, to) in [(from, to), (to, from)] {
                    if self.streams(from, to) {
                        self.change(&Edit::Disconnect(from, to));
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether the second of these follows the first.
    pub fn streams(&self, from: NodeId, to: NodeId) -> bool {
        let topology = self.sense.as_ref().map(|sense| &sense.moment.topology);
        topology.is_some_and(|topology| topology.downstream(from).any(|below| below == to))
    }

    /// What is marked on the picture.
    pub fn selection(&self) -> Selection {
        match self.part {
            Part::Cluster | Part::Network | Part::Workload(_) => Selection::None,
            Part::Node(id) => Selection::Node(id),
            Part::Link(from, to) => Selection::Link(from, to),
            Part::Client(number) => Selection::Client(ClientId(number as u16)),
        }
    }
}

/// What a server is called on the stage where the cluster is edited.
fn figure(id: NodeId) -> String {
    format!("figure-{EDITED}-{id}")
}

/// Carries out what is asked; gives what the player is to do for it.
pub fn carry_out(asked: Asked, ui: &mut Ui, player: &Player) -> Option<Msg> {
    let script = &mut ui.script;
    let scenario = player.recording().scenario();
    match asked {
        Asked::Open => {
            script.open = true;
            script.refused = None;
            script.armed = None;
            // Comments are kept as long as the text still is the run.
            let same = |sense: &Sense| *sense.scenario == *scenario;
            if !script.unfinished && !script.sense.as_ref().is_some_and(same) {
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
            script.wait = PAUSE;
            script.reader = Some(Reader::default());
            script.runs = false;
            script.text = text;
            script.unfinished = true;
        }
        Asked::Change(edit) => script.change(&edit),
        Asked::Back => {
            if let Some(text) = script.before.pop() {
                script.text = text;
                script.unfinished = true;
                script.refused = None;
                script.check();
            }
        }
        Asked::Look(part) => script.part = part,
        Asked::Arm(armed) => {
            script.armed = armed;
            if let Some((_, own)) = armed {
                browser::focus(&figure(own));
            }
        }
        Asked::Drag(drag) => script.drag = drag,
        Asked::Hand(msg) => script.hand(msg),
        Asked::Lead => lead(script),
        Asked::Run if script.pending() => (script.runs, script.wait) = (true, 0),
        Asked::Run => {
            script.runs = false;
            if let (None, Some(sense)) = (&script.wrong, &script.sense) {
                let scenario = Box::new(Scenario::clone(&sense.scenario));
                script.unfinished = false;
                script.open = false;
                ui.gallery = false;
                return Some(Msg::Edited(scenario));
            }
            lead(script);
        }
    }
    None
}

/// Whether there is room for the text beside the picture; else the picture comes first.
pub fn beside() -> bool {
    browser::matches("(min-width: 1000px)")
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
