//! The inspector: one server, one operation or one link, as it is at the playhead.

use replication::base::{NodeId, OpId};
use replication::form::ToForm;
use replication::node::{Node, Stage, Status};
use replication::player::{
    Msg, Selection, Stop, entry_text, life, op_text, state_text, told_text, us_text,
};
use replication::scene::{Kind, key_sign, lag};
use replication::sim::Outcome;
use replication::words::inspector as say;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};
use yew::Html;

use super::Shown;
use super::cluster::overlay;
use super::detail::{NOTHING, row};
use super::users::users;
use crate::app::control::square;
use crate::app::element::{El, Words, classes, el, group};
use crate::app::icon::Icon;
use crate::app::ui::{Act, Tab};

/// The most entries of a queue that are counted one by one.
const ROWS_MAX: usize = 8;

/// The inspector; nothing while it is closed.
pub fn inspector(shown: &Shown) -> Option<El> {
    if !shown.ui.inspector {
        return None;
    }
    let tab = tab(shown);
    let tabs = [
        (Tab::Write, say::WRITE),
        (Tab::Node, say::NODE),
        (Tab::Link, say::LINK),
        (Tab::Cluster, say::CLUSTER),
    ];
    let tabs = tabs.into_iter().map(|(one, name)| {
        el("button", "")
            .set("role", "tab")
            .is("aria-selected", one == tab)
            .set("aria-controls", "inspected")
            .testid(format!("tab-{}", name.to_ascii_lowercase()))
            .on_click(shown.ask(Act::Tab(one)))
            .text(name)
    });
    let body = match tab {
        Tab::Node => node(shown),
        Tab::Write => op(shown),
        Tab::Link => Some(link(shown)),
        Tab::Cluster => Some(super::cluster::cluster(shown)),
    };
    let handle = el("button", "handle")
        .label(say::TALLER_OR_LESS_TALL)
        .testid("handle")
        .on_click(shown.ask(Act::Sheet))
        .with(el("i", ""));
    let bar = el("div", "inspector-bar")
        .with(el("h2", "hidden").text(say::INSPECTOR))
        .with(el("div", "switch").set("role", "tablist").each(tabs))
        .with(el("div", "spring"))
        .maybe(more_button(shown, tab))
        .with(
            square(shown, "close-inspector", say::CLOSE_KEY, Icon::Close, Act::CloseInspector)
                .label(say::CLOSE_THE_INSPECTOR),
        );
    let inspected = el("div", "inspected").set("id", "inspected").set("role", "tabpanel");
    let panel = el("aside", "inspector").label(say::INSPECTOR).testid("inspector");
    Some(panel.with(handle).with(bar).with(inspected.maybe(body)))
}

fn tab(shown: &Shown) -> Tab {
    let follows = match shown.player.selection() {
        Selection::Node(_) => Tab::Node,
        Selection::Link(..) => Tab::Link,
        Selection::None | Selection::Client(_) | Selection::Op(_) => Tab::Write,
    };
    shown.ui.tab.unwrap_or(follows)
}

/// What the tab shows, as something that can be acted on.
fn place(shown: &Shown, tab: Tab) -> Selection {
    match tab {
        Tab::Node => Selection::Node(node_of(shown)),
        Tab::Link => link_of(shown).map_or(Selection::None, |(a, b)| Selection::Link(a, b)),
        Tab::Write => op_of(shown).map_or(Selection::None, Selection::Op),
        Tab::Cluster => Selection::None,
    }
}

fn more_button(shown: &Shown, tab: Tab) -> Option<El> {
    let place = place(shown, tab);
    if matches!(place, Selection::None | Selection::Op(_)) {
        return None;
    }
    let link = shown.link.clone();
    let ear = move |event: Event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let rect = target.map(|target| target.get_bounding_client_rect());
        let (x, y) = rect.map_or((0.0, 0.0), |rect| (rect.left(), rect.bottom() + 4.0));
        link.send_message(Act::Player(Msg::OpenMenu { place, x: x as i32, y: y as i32 }));
    };
    let button = el("button", "quiet square")
        .label(say::ACTIONS_TITLE)
        .set("title", say::ACTIONS_TITLE)
        .set("aria-haspopup", "menu")
        .testid("more")
        .on_click(Box::new(ear))
        .with(Icon::More.html());
    Some(button)
}

fn node_of(shown: &Shown) -> NodeId {
    let count = shown.moment.nodes.len();
    let chosen = shown.ui.node.filter(|node| node.index() < count);
    chosen.or_else(|| shown.moment.primary().map(|node| node.id)).unwrap_or_default()
}

fn node(shown: &Shown) -> Option<El> {
    let world = shown.moment;
    let id = node_of(shown);
    let node = world.nodes.get(id.index())?;
    let down = !node.status.runs();
    let rate = |text: String| if down { NOTHING.into() } else { text };
    let behind = lag(world, id, shown.player.t());
    let lag_text = match behind {
        _ if down => NOTHING.to_string(),
        None => "0".into(),
        Some(lag) => say::lag(lag.entries, us_text(lag.us)),
    };
    let sources: Vec<String> = node.disk.sources.iter().map(|id| id.to_string()).collect();
    let followers: Vec<String> =
        node.memory.downstreams.iter().map(|downstream| downstream.node.to_string()).collect();
    let applied = node.disk.applied.to_string();
    let applied = if applied.is_empty() { say::NOTHING_YET.into() } else { applied };
    let state = super::table::state_name(node);
    let title = el("h3", "")
        .text(id.to_string())
        .with(el("small", "").text(role_text(world, node)))
        .with(el("small", classes([Some("state"), Some(state)])).text(state_text(node)));
    let mut rows = vec![
        row(say::EPOCH, node.disk.epoch.to_string()),
        row(say::APPLIED, applied),
        row(say::LAG, lag_text),
        row(say::TO_APPLY, rate(node.to_apply().to_string())),
    ];
    if node.is_primary() {
        rows.push(row(say::WAIT_FOR_ACKS, rate(node.memory.waiting.len().to_string())));
    }
    rows.push(row(say::FOLLOWS, none_or(sources)));
    rows.push(row(say::FOLLOWED_BY, rate(none_or(followers))));
    rows.push(row(say::SENT, us_bytes(world.network.egress_bytes(id))));
    if !node.dials.apply_delay.is_none() {
        rows.push(row(say::APPLY_TAKES, us_text(node.dials.apply_delay.typical())));
    }
    let section = el("section", "")
        .testid("inspect-node")
        .with(title)
        .with(el("dl", "").each(rows.into_iter().flatten()))
        .with(more(shown, node))
        .each(held_rows(shown, node))
        .with(el("h4", "").text(say::LOG_NEWEST_FIRST))
        .with(log(shown, node))
        .with(super::menu::buttons(shown, Selection::Node(node.id), 3));
    Some(section)
}

/// The rows that a server holds: its keys, and its table of SQL statements.
fn held_rows(shown: &Shown, node: &Node) -> Vec<El> {
    let world = shown.moment;
    let users = users(shown, node);
    let mut rows = node.disk.store.iter().take(ROWS_MAX).peekable();
    let title = el("h4", "").text(say::ROWS);
    if rows.peek().is_none() && users.is_empty() {
        return vec![title, el("p", "faint").text(say::NOTHING_WRITTEN_HERE)];
    }
    let keys = rows.peek().map(|_| title);
    let rows = el("dl", "values").each(rows.flat_map(|(key, held)| {
        let value = held.value().map_or(say::DELETED.to_string(), |value| value.to_string());
        row(format!("{}{}", key_sign(world, key), world.names.text(key)), value)
    }));
    let surplus = node.disk.store.iter().skip(ROWS_MAX).count();
    let parts = [keys, Some(rows), surplus_text(surplus, "rows")];
    parts.into_iter().flatten().chain(users).collect()
}

/// What a list leaves out, so that nobody takes it for the whole.
fn surplus_text(surplus: usize, what: &str) -> Option<El> {
    (surplus > 0).then(|| el("p", "faint").text(say::and_more_of(surplus, what)))
}

/// The newest entries of a server's log: position, name, change, and the reigns they are of.
fn log(shown: &Shown, node: &Node) -> Html {
    let world = shown.moment;
    let log = &node.disk.log;
    let entries = log.iter().rev().take(ROWS_MAX).map(|(lsn, slot)| {
        let entry = &slot.entry;
        let lost = world.ledger.lost.contains(entry.gtid);
        let applied = node.disk.applied.contains(entry.gtid);
        let note = match (lost, applied) {
            (true, _) => ", LOST",
            (false, true) => "",
            (false, false) => say::NOT_APPLIED,
        };
        let change = entry_text(world, entry);
        row(lsn.to_string(), format!("{change} {} e{}{note}", entry.gtid, entry.epoch))
    });
    let entries: Vec<[El; 2]> = entries.collect();
    if entries.is_empty() {
        return el("p", "faint").text(say::NO_ENTRIES).into();
    }
    let first = log.first();
    let surplus = log.iter().skip(ROWS_MAX).count();
    let entries = el("dl", "values").each(entries.into_iter().flatten());
    let trimmed = say::trimmed(first);
    let trimmed = (first > 1).then(|| el("p", "faint").text(trimmed));
    let parts = [Some(entries), surplus_text(surplus, "entries"), trimmed];
    parts.into_iter().flatten().map(Html::from).collect()
}

/// What is the case only now and then, and only then is a row.
fn more(shown: &Shown, node: &Node) -> Html {
    let (disk, memory) = (&node.disk, &node.memory);
    let mut rows: Vec<(&str, String)> = Vec::new();
    if shown.moment.rules.failover.is_some() {
        let vote = disk.voted_for.map_or(say::NOBODY.to_string(), |node| node.to_string());
        rows.push((say::VOTED_FOR, say::voted_in(vote, node.promised())));
        let stage = match &memory.election.stage {
            Stage::Calm => say::NONE.to_string(),
            Stage::Suspecting => say::GIVES_ITS_PRIMARY_UP.into(),
            Stage::Asking { epoch, granted, .. } => {
                say::asks_for_votes(epoch, granted.len(), shown.moment.nodes.len())
            }
            Stage::Draining(epoch) => say::won(epoch),
        };
        rows.push((say::ELECTION, stage));
    }
    if memory.degraded {
        rows.push((say::ACKS, say::NO_LONGER_WAITED_FOR.into()));
    }
    if !memory.reads.is_empty() {
        rows.push((say::READS_WAITING, memory.reads.len().to_string()));
    }
    if super::menu::isolated(shown.moment, node.id) {
        rows.push((say::NETWORK, say::CUT_OFF_ALONE.into()));
    }
    let down = node.status == Status::Down;
    let mut own = Vec::new();
    overlay(shown.player, Some(node.id), &mut own, true);
    let rows = rows
        .into_iter()
        .flat_map(|(word, value)| row(word, if down { NOTHING.to_string() } else { value }));
    let rows = el("dl", "").each(rows);
    if own.is_empty() {
        return rows.into();
    }
    let own = super::cluster::rows(shown, own, Some(node.id), true);
    group([rows, el("h4", "").text(say::SET_HERE), own])
}

/// A server's role, in words.
pub fn role_text(world: &replication::sim::World, node: &Node) -> &'static str {
    let newest = world.primary().map_or(0, |primary| primary.disk.epoch);
    let up = node.status == Status::Up;
    if up && node.is_primary() && node.disk.epoch < newest.max(world.epoch) {
        say::ONCE_PRIMARY
    } else {
        Kind::of(world, node).text()
    }
}

fn none_or(names: Vec<String>) -> String {
    if names.is_empty() { say::NOBODY.into() } else { names.join(", ") }
}

/// Bytes, in words.
pub fn us_bytes(bytes: u64) -> String {
    match bytes {
        0..=9_999 => format!("{bytes} B"),
        10_000..=9_999_999 => format!("{} kB", bytes / 1_000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

/// The operation shown: the one looked at, or the newest write.
fn op_of(shown: &Shown) -> Option<OpId> {
    let ops = &shown.moment.ledger.ops;
    let count = ops.len() as u32;
    let chosen = match shown.player.selection() {
        Selection::Client(client) => (0..count).rev().map(OpId).find(|op| {
            let booked = shown.moment.ledger.op(*op);
            booked.is_some_and(|booked| booked.client == client)
        }),
        Selection::None | Selection::Node(_) | Selection::Op(_) | Selection::Link(..) => {
            shown.ui.op.filter(|op| op.0 < count)
        }
    };
    chosen.or_else(|| {
        (0..count)
            .rev()
            .map(OpId)
            .find(|op| shown.moment.ledger.op(*op).is_some_and(|op| op.is_write()))
    })
}

fn op(shown: &Shown) -> Option<El> {
    let world = shown.moment;
    let section = el("section", "").testid("inspect-write");
    let Some(id) = op_of(shown) else {
        let button = el("button", "").on_click(shown.ask(Act::Type(true))).text("Write\u{2026}");
        let nothing = section
            .with(el("h3", "").text(say::NO_WRITES_YET))
            .with(el("p", "faint").text(say::PRESS_W))
            .with(el("div", "buttons").with(button));
        return Some(nothing);
    };
    let op = world.ledger.op(id)?;
    let stale = op.staleness.versions > 0;
    let (told, kind) = match op.outcome {
        _ if op.lost => (say::OK_AND_LOST.to_string(), "lost"),
        Outcome::Pending => (say::NOTHING_YET.into(), "step"),
        Outcome::Told(told, _) => (
            told_text(told, stale),
            if op.acknowledged() || (!stale && !op.is_write() && op.refusal().is_none()) {
                "good"
            } else {
                "bad"
            },
        ),
    };
    let copies: Vec<String> = world
        .nodes
        .iter()
        .filter(|node| op.gtid.is_some_and(|gtid| node.disk.applied.contains(gtid)))
        .map(|node| node.id.to_string())
        .collect();
    let stops = life(shown.player.recording(), id, shown.player.t());
    let following = shown.player.follow() == Some(id);
    let (follows, follow) = match following {
        true => (say::FOLLOWING, Msg::Unfollow),
        false => (say::FOLLOW, Msg::Follow(id)),
    };
    let client = world.clients.get(op.client.index());
    let client = client.map(|client| client.name.to_string()).unwrap_or_default();
    let rows = op.is_write().then(|| {
        let gtid = op.gtid.map(|gtid| row("GTID", gtid.to_string()));
        let rows = [row(say::COPIES, none_or(copies))].into_iter().chain(gtid);
        el("dl", "").each(rows.flatten())
    });
    let button = el("button", "")
        .is("aria-pressed", following)
        .on_click(shown.ask(Act::Player(follow)))
        .testid("follow")
        .text(follows);
    let section = section
        .with(el("h3", "").text(op_text(world, id)).with(el("small", "").text(client)))
        .with(el("p", "told").text(say::TOLD).with(el("b", "").set("data-kind", kind).text(told)))
        .with(el("ol", "life").each(stops.into_iter().map(stop)))
        .maybe(rows)
        .with(el("div", "buttons").with(button));
    Some(section)
}

fn stop(stop: Stop) -> El {
    el("li", "")
        .set("data-kind", stop.kind.name())
        .with(el("time", "").text(us_text(stop.at)))
        .with(el("span", "").text(stop.text))
}

fn link_of(shown: &Shown) -> Option<(NodeId, NodeId)> {
    let count = shown.moment.nodes.len();
    let known = |(a, b): &(NodeId, NodeId)| a.index() < count && b.index() < count;
    shown.ui.link.filter(known).or_else(|| {
        let stream = shown.moment.topology.streams().first()?;
        Some((stream.from, stream.to))
    })
}

fn link(shown: &Shown) -> El {
    let Some((a, b)) = link_of(shown) else {
        return el("p", "faint").text(say::NO_LINKS);
    };
    el("section", "")
        .testid("inspect-link")
        .with(el("h3", "").text(format!("{a} \u{2013} {b}")))
        .each(direction(shown, a, b))
        .each(direction(shown, b, a))
        .with(super::menu::buttons(shown, Selection::Link(a, b), 2))
}

/// One direction of a link: its title and its numbers.
fn direction(shown: &Shown, from: NodeId, to: NodeId) -> [El; 2] {
    let network = &shown.moment.network;
    let dials = network.dials(from, to);
    let found = network.links().find(|(place, link)| *place == from.into() && link.to == to.into());
    let (sent, bytes) = found.map_or((0, 0), |(_, link)| (link.sent, link.bytes));
    let loss = match dials.loss.is_zero() {
        true => Words::from("none"),
        false => dials.loss.to_form().to_string().into(),
    };
    let rows = [
        row(say::STATE, if network.breach.reaches(from, to) { say::CARRIES } else { say::CUT }),
        row(say::LATENCY, us_text(dials.latency.typical())),
        row(say::LOSS, loss),
        row(say::MESSAGES, sent.to_string()),
        row(say::BYTES, us_bytes(bytes)),
    ];
    let title = el("h4", "").text(format!("{from} \u{2192} {to}"));
    [title, el("dl", "").each(rows.into_iter().flatten())]
}
