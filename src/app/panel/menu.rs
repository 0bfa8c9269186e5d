//! What can be done to a thing, on the thing: faults, repairs, reads and writes.

use replication::base::{Delay, NodeId, Span};
use replication::node::Status;
use replication::player::{Msg, Selection};
use replication::recording::Moment;
use replication::scene::px;
use replication::sim::{Command, CutCommand, DialsCommand, PartitionCommand, World, Yes};
use replication::words::inspector as say;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, KeyboardEvent};
use yew::Html;

use super::Shown;
use crate::app::browser::{document, window};
use crate::app::element::{El, el, group};
use crate::app::ui::Act;

const ID: &str = "menu";
/// An apply delay at which a replica visibly falls behind.
const SLOW: Delay = Delay::Constant(Span::ms(400));
/// And the page's usual one.
const USUAL: Delay = Delay::Constant(Span::ms(2));

/// One thing that can be done.
struct Item {
    name: &'static str,
    testid: &'static str,
    act: Act,
}

fn item(name: &'static str, testid: &'static str, command: Command) -> Item {
    Item { name, testid, act: Act::Player(Msg::Issue(command)) }
}

fn items(shown: &Shown, place: Selection) -> Vec<Item> {
    match place {
        Selection::Node(node) => node_items(shown.moment, node),
        Selection::Link(a, b) => link_items(shown.moment, a, b),
        Selection::Client(_) => vec![
            Item { name: "Write\u{2026}", testid: "write", act: Act::Type(true) },
            Item { name: "Read\u{2026}", testid: "read", act: Act::Type(false) },
        ],
        Selection::Op(op) => {
            vec![Item { name: say::FOLLOW, testid: "follow", act: Act::Player(Msg::Follow(op)) }]
        }
        Selection::None => Vec::new(),
    }
}

fn node_items(moment: &Moment, id: NodeId) -> Vec<Item> {
    let Some(node) = moment.nodes.get(id.index()) else {
        return Vec::new();
    };
    let mut items = match node.status {
        Status::Up => vec![
            item(say::CRASH, "crash", Command::Crash(id)),
            item(say::PAUSE, "pause", Command::Pause(id)),
        ],
        Status::Paused => vec![
            item(say::RESUME, "resume", Command::Resume(id)),
            item(say::CRASH, "crash", Command::Crash(id)),
        ],
        Status::Down => vec![item(say::RESTART, "restart", Command::Restart(id))],
        Status::Removed => return Vec::new(),
    };
    let name = if isolated(moment, id) { say::REJOIN } else { say::ISOLATE };
    items.push(item(name, "isolate", isolation(moment, id)));
    if !node.is_primary() && node.status == Status::Up {
        items.push(item(say::PROMOTE, "promote", Command::Promote(id)));
    }
    let slow = node.dials.apply_delay.typical() >= SLOW.typical();
    let (name, delay) = if slow { (say::USUAL_SPEED, USUAL) } else { (say::SLOW_APPLY, SLOW) };
    let dials =
        DialsCommand { node: Some(id), apply_delay: Some(delay), ..DialsCommand::default() };
    items.push(item(name, "slow", Command::Set(Box::new(dials))));
    if node.status.runs() {
        items.push(Item { name: say::WRITE_HERE, testid: "write", act: Act::Type(true) });
        items.push(Item { name: say::READ_HERE, testid: "read", act: Act::Type(false) });
    }
    items
}

fn link_items(moment: &Moment, from: NodeId, to: NodeId) -> Vec<Item> {
    let cuts = moment.network.breach.cuts();
    let cut = CutCommand { from, to, both: true };
    if cuts.contains(&(from, to)) || cuts.contains(&(to, from)) {
        vec![item(say::MEND_THE_LINK, "mend", Command::Mend(cut))]
    } else if moment.network.breach.reaches(from, to) {
        vec![item(say::CUT_THE_LINK, "cut", Command::Cut(cut))]
    } else {
        vec![item(say::HEAL_ALL_LINKS, "heal", Command::Heal(Yes))]
    }
}

/// Whether a server is a side of its own.
pub fn isolated(world: &World, node: NodeId) -> bool {
    let groups = world.network.breach.groups();
    let own = groups.get(node.index());
    own.is_some_and(|own| {
        let alike = groups.iter().filter(|group| *group == own).count();
        alike == 1 && groups.len() > 1
    })
}

/// The command that makes a server a side of its own, or lets it rejoin.
pub fn isolation(world: &World, node: NodeId) -> Command {
    let groups = world.network.breach.groups();
    let rejoins = isolated(world, node);
    let newest = groups.iter().copied().max().unwrap_or(0);
    // Group 0 is everybody who is not named.
    let mut named: Vec<Vec<NodeId>> = (1..=newest)
        .map(|group| {
            let members = groups.iter().enumerate().filter(|(_, of)| **of == group);
            members.map(|(at, _)| NodeId(at as u16)).filter(|member| *member != node).collect()
        })
        .collect();
    if !rejoins {
        named.push(vec![node]);
    }
    named.retain(|group: &Vec<NodeId>| !group.is_empty());
    Command::Partition(PartitionCommand { groups: named })
}

/// The first few things as buttons.
pub fn buttons(shown: &Shown, place: Selection, count: usize) -> El {
    let items = items(shown, place).into_iter().take(count);
    el("div", "buttons").each(items.map(|Item { name, testid, act }| {
        let button = el("button", "").testid(format!("do-{testid}"));
        button.on_click(shown.ask(act)).text(name)
    }))
}

/// The menu, if it is open.
pub fn menu(shown: &Shown) -> Html {
    let Some(menu) = shown.player.menu() else {
        return Html::default();
    };
    let place = menu.place;
    let items = items(shown, place).into_iter().map(|Item { name, testid, act }| {
        el("button", "")
            .set("role", "menuitem")
            .testid(format!("menu-{testid}"))
            .on_click(shown.ask(Act::Chosen(place, Box::new(act))))
            .text(name)
    });
    let name = match place {
        Selection::Node(node) => node.to_string(),
        Selection::Link(a, b) => format!("{a} \u{2013} {b}"),
        Selection::Client(client) => shown
            .moment
            .clients
            .get(client.index())
            .map(|client| client.name.to_string())
            .unwrap_or_default(),
        Selection::Op(op) => replication::player::op_text(shown.moment, op),
        Selection::None => String::new(),
    };
    let close = |event: &Event| {
        event.prevent_default();
        Some(Act::Player(Msg::CloseMenu))
    };
    let veil = el("div", "veil")
        .on_click(shown.ask(Act::Player(Msg::CloseMenu)))
        .on("contextmenu", shown.hear(close));
    let menu = el("div", "menu")
        .set("id", ID)
        .set("role", "menu")
        .label(name.clone())
        .testid("menu")
        .set("data-x", menu.x.to_string())
        .set("data-y", menu.y.to_string())
        .on("keydown", Box::new(on_key))
        .with(el("p", "menu-name").set("role", "presentation").text(name))
        .each(items);
    group([veil, menu])
}

/// Arrows move between the items.
fn on_key(event: Event) {
    let step = match event.unchecked_ref::<KeyboardEvent>().key().as_str() {
        "ArrowDown" => 1,
        "ArrowUp" => -1,
        _ => return,
    };
    event.prevent_default();
    let Some(menu) = document().get_element_by_id(ID) else {
        return;
    };
    let items = menu.get_elements_by_tag_name("button");
    let focused = document().active_element();
    let count = items.length() as i32;
    let at = (0..count).find(|at| items.item(*at as u32) == focused).unwrap_or(-1);
    let next = (at + step).rem_euclid(count.max(1)) as u32;
    if let Some(next) = items.item(next).and_then(|item| item.dyn_into::<HtmlElement>().ok()) {
        // An element that cannot take the focus leaves it where it is.
        let _ = next.focus();
    }
}

/// Puts an open menu where it was asked for, inside the window, and gives it the focus.
///
/// Set from here because the page's policy allows no style attributes.
pub fn place_menu() {
    let menu = document().get_element_by_id(ID);
    let Some(menu) = menu.and_then(|menu| menu.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    let asked = |name: &str| {
        let value = menu.get_attribute(name);
        value.and_then(|value| value.parse::<i32>().ok()).map_or(0.0, f64::from)
    };
    let inner = |size: Result<wasm_bindgen::JsValue, _>| {
        size.ok().and_then(|size| size.as_f64()).unwrap_or(0.0)
    };
    let rect = menu.get_bounding_client_rect();
    let x = asked("data-x").min(inner(window().inner_width()) - rect.width() - 8.0).max(8.0);
    let y = asked("data-y").min(inner(window().inner_height()) - rect.height() - 8.0).max(8.0);
    // Plain lengths are always accepted.
    let _ = menu.style().set_property("left", &format!("{}px", px(x)));
    let _ = menu.style().set_property("top", &format!("{}px", px(y)));
    let focused = document().active_element();
    let inside = focused.is_some_and(|focused| menu.contains(Some(&focused)));
    let first = menu.query_selector("button").ok().flatten();
    if let (false, Some(first)) = (inside, first.and_then(|it| it.dyn_into::<HtmlElement>().ok())) {
        let _ = first.focus();
    }
}
