//! What the browser remembers for the next visit, and nothing if it refuses.

use std::cell::RefCell;
use std::rc::Rc;

use replication::base::{ClientId, NodeId, OpId};
use replication::lesson::Journal;
use replication::player::{Mode, Msg, Player, Selection};
use replication::recording::{Link, LinkError};
use replication::sim::{Scenario, World};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::Storage;

use super::browser::window;
use super::ui::{Theme, Ui};
use super::venue;

const THEME: &str = "replicascope.theme";
const KEYS: &str = "replicascope.keys";
const MOTION: &str = "replicascope.less-motion";
const STOP: &str = "replicascope.stop";
const BEATS: &str = "replicascope.heartbeats";
const LESSONS: &str = "replicascope.lessons";
const RUN: &str = "replicascope.run";
/// The longest run that is remembered, as a link, in characters.
const RUN_MAX: usize = 200_000;

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
    ui.keys_on = read(KEYS).is_none_or(|on| on != "off");
    ui.beats = read(BEATS).is_some_and(|on| on == "on");
    ui.less_motion = read(MOTION).map(|less| less == "on");
}

/// Remembers.
pub fn keep(ui: &Ui) {
    write(THEME, ui.theme.name());
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

/// What the address's query says under a name.
pub fn asked(name: &str) -> Option<String> {
    let query = window().location().search().ok()?;
    let mut pairs = query.trim_start_matches('?').split('&');
    let found = pairs.find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    found.map(str::to_string)
}

/// Whether the address says which run to show, and where.
pub fn leads_to_an_instant() -> bool {
    window().location().hash().is_ok_and(|fragment| Link::decode(&fragment).is_ok())
}

/// A link back to where the player stands.
pub fn link(player: &Player) -> String {
    let scenario = Scenario::clone(player.recording().scenario());
    Link { scenario, t: Some(player.t()), view: view(player.selection()) }.encode()
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
pub fn player(ui: &mut Ui) -> Player {
    let fragment = window().location().hash().unwrap_or_default();
    match Link::decode(&fragment) {
        Ok(link) => {
            let player = opened(link);
            ui.look_at(player.selection());
            return player;
        }
        Err(LinkError::NoScenario) => {}
        Err(error) => ui.notice = Some(format!("Ignored: {error}.")),
    }
    let left = read(RUN).and_then(|run| Link::decode(&run).ok());
    let mut player = left.map_or_else(Player::new, opened);
    if let Some(t) = venue::instant() {
        player.update(Msg::Seek(t));
    }
    player
}

fn opened(link: Link) -> Player {
    let mut player = Player::on(link.scenario, Mode::Sandbox);
    player.update(Msg::Seek(link.t.unwrap_or(0)));
    let view = link.view.unwrap_or_default();
    if let Some(selection) = selected(&view, &player.moment()) {
        player.update(Msg::Select(selection));
    }
    player
}

/// Remembers a sandbox when the page is left.
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
                Mode::Sandbox => Some(link(&player)).filter(|run| run.len() <= RUN_MAX),
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
