//! What the browser remembers for the next visit, and nothing if it refuses.

use std::cell::RefCell;
use std::rc::Rc;

use replication::api;
use replication::base::{ClientId, NodeId, OpId, SimTime};
use replication::form::ToForm;
use replication::lesson::Journal;
use replication::player::{Mode, Msg, Player, Selection};
use replication::recording::{Link, LinkError, Sealed, read_scenario};
use replication::sim::{Scenario, World};
use replication::words::notice as say;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Storage;

use super::announce::Voice;
use super::browser::window;
use super::ui::{Theme, Ui};
use super::venue;

const THEME: &str = "replicascope.theme";
const VOICE: &str = "replicascope.voice";
const KEYS: &str = "replicascope.keys";
const MOTION: &str = "replicascope.less-motion";
const STOP: &str = "replicascope.stop";
const BEATS: &str = "replicascope.heartbeats";
const LESSONS: &str = "replicascope.lessons";
const RUN: &str = "replicascope.run";
/// The longest run that is remembered, in bytes.
const RUN_MAX: usize = 1_000_000;

/// What the link in the address says, or why it does not open; None without one.
pub type Followed = Option<Result<Link, String>>;

fn storage() -> Option<Storage> {
    if venue::embedded() {
        return None;
    }
    // Refused in private windows and sandboxed frames.
    window().local_storage().ok().flatten()
}

fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

fn write(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // A full or refusing storage costs the next visit a preference, nothing else.
        let _ = storage.set_item(key, value);
    }
}

/// Fills in what was remembered.
pub fn recall(ui: &mut Ui) {
    if let Some(theme) = read(THEME) {
        ui.theme = Theme::named(&theme);
    }
    ui.voice = read(VOICE).map(|voice| Voice::named(&voice)).unwrap_or_default();
    ui.keys_on = read(KEYS).is_none_or(|on| on != "off");
    ui.beats = read(BEATS).is_some_and(|on| on == "on");
    ui.less_motion = read(MOTION).map(|less| less == "on");
}

/// Remembers.
pub fn keep(ui: &Ui) {
    write(THEME, ui.theme.name());
    write(VOICE, ui.voice.name());
    write(BEATS, if ui.beats { "on" } else { "off" });
    write(KEYS, if ui.keys_on { "on" } else { "off" });
    if let Some(less) = ui.less_motion {
        write(MOTION, if less { "on" } else { "off" });
    }
}

/// Whether play stops at surprises.
pub fn stops_at_surprises() -> bool {
    read(STOP).is_some_and(|on| on == "on")
}

/// Remembers whether it does.
pub fn keep_stop(on: bool) {
    write(STOP, if on { "on" } else { "off" });
}

/// How far the person came in lessons.
pub fn journal() -> Journal {
    read(LESSONS).and_then(|kept| Journal::read(&kept)).unwrap_or_default()
}

/// Remembers it.
pub fn keep_journal(journal: &Journal) {
    write(LESSONS, &journal.text());
}

/// Opens the link in the address, and hands over what it says.
pub fn follow_link(then: fn(Followed)) {
    match Sealed::read(&window().location().hash().unwrap_or_default()) {
        Ok(sealed) => {
            let _ = api::opened(sealed, move |link| {
                then(Some(link));
                Ok(JsValue::UNDEFINED)
            });
        }
        Err(LinkError::NoScenario) => then(None),
        Err(error) => then(Some(Err(error.to_string()))),
    }
}

/// A link back to where the player stands.
pub fn link(player: &Player) -> Link {
    let scenario = Scenario::clone(player.recording().scenario());
    Link { scenario, t: Some(player.t()), view: view(player.selection()) }
}

/// What is selected, as a link has it: a letter, and numbers.
fn view(selection: Selection) -> Option<String> {
    match selection {
        Selection::None => None,
        Selection::Node(node) => Some(format!("n{}", node.0)),
        Selection::Client(client) => Some(format!("c{}", client.0)),
        Selection::Op(op) => Some(format!("o{}", op.0)),
        Selection::Link(from, to) => Some(format!("l{}-{}", from.0, to.0)),
    }
}

/// The same read; nothing if the run has no such thing.
fn selected(view: &str, world: &World) -> Option<Selection> {
    let numbers = view.get(1..)?.split('-').map(|number| number.parse().ok());
    let numbers: Vec<u32> = numbers.collect::<Option<_>>()?;
    let node = |number: u32| {
        let node = NodeId(u16::try_from(number).ok()?);
        (node.index() < world.nodes.len()).then_some(node)
    };
    match (view.get(..1)?, &numbers[..]) {
        ("n", [number]) => node(*number).map(Selection::Node),
        ("l", [from, to]) => Some(Selection::Link(node(*from)?, node(*to)?)),
        ("c", [number]) => {
            let client = ClientId(u16::try_from(*number).ok()?);
            (client.index() < world.clients.len()).then_some(Selection::Client(client))
        }
        ("o", [number]) => world.ledger.op(OpId(*number)).map(|_| Selection::Op(OpId(*number))),
        _ => None,
    }
}

/// The player to begin with: what the address says, else where the last visit ended, else the
/// first ten seconds.
pub fn player(followed: &Followed, ui: &mut Ui) -> Player {
    match followed {
        Some(Ok(link)) => {
            ui.view.clone_from(&link.view);
            return standing(link.scenario.clone(), link.t.unwrap_or(0));
        }
        Some(Err(why)) => ui.notice = Some(say::ignored(why)),
        None => {}
    }
    let mut player = left().unwrap_or_default();
    if let Some(t) = venue::instant() {
        player.update(Msg::Seek(t));
    }
    player
}

/// Looks at what the address says, once the playhead is where it says.
pub fn look(ui: &mut Ui, player: &mut Player) {
    if player.heading().is_none()
        && let Some(view) = ui.view.take()
        && let Some(selection) = selected(&view, &player.moment())
    {
        player.update(Msg::Select(selection));
        ui.look_at(selection);
    }
}

/// Where the last visit ended, as `Leaving` wrote it: the instant and the scenario.
fn left() -> Option<Player> {
    let run = read(RUN)?;
    let (t, scenario) = run.split_once(' ')?;
    Some(standing(read_scenario(scenario).ok()?, t.parse().ok()?))
}

fn standing(scenario: Scenario, t: SimTime) -> Player {
    let mut player = Player::on(scenario, Mode::Sandbox);
    player.update(Msg::Seek(t));
    player
}

/// Remembers a sandbox when the page is left; as it is, since nobody waits for it to be deflated.
pub struct Leaving {
    closure: Closure<dyn FnMut()>,
}

impl Leaving {
    /// Listens until dropped.
    pub fn new(player: Rc<RefCell<Player>>) -> Leaving {
        let closure = Closure::new(move || {
            let player = player.borrow();
            let run = match player.mode() {
                Mode::Story => None,
                Mode::Sandbox => {
                    let scenario = player.recording().scenario().to_form();
                    Some(format!("{} {scenario}", player.t())).filter(|run| run.len() <= RUN_MAX)
                }
            };
            match (run, storage()) {
                (Some(run), _) => write(RUN, &run),
                (None, Some(storage)) => {
                    // What cannot be forgotten is shown once more, paused.
                    let _ = storage.remove_item(RUN);
                }
                (None, None) => {}
            }
        });
        let listener = closure.as_ref().unchecked_ref();
        // Adding a listener to a window cannot fail.
        let _ = window().add_event_listener_with_callback("pagehide", listener);
        Leaving { closure }
    }
}

impl Drop for Leaving {
    fn drop(&mut self) {
        let listener = self.closure.as_ref().unchecked_ref();
        let _ = window().remove_event_listener_with_callback("pagehide", listener);
    }
}
