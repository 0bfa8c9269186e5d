//! The inspector: one server, one operation or one link, as it is at the playhead.

use replication::base::{NodeId, OpId};
use replication::form::ToForm;
use replication::node::{Node, Stage, Status};
use replication::player::{Msg, Selection, Stop, entry_text, life, op_text, told_text, us_text};
use replication::scene::{Kind, key_sign, lag};
use replication::sim::Outcome;
use yew::{Html, MouseEvent, TargetCast, classes, html};

use super::Shown;
use super::cluster::overlay;
use super::detail::row;
use crate::app::icon::Icon;
use crate::app::ui::{Act, Tab};

/// The most entries of a queue that are counted one by one.
const ROWS_MAX: usize = 8;

/// The inspector; nothing while it is closed.
pub fn inspector(shown: &Shown) -> Html {
    if !shown.ui.inspector {
        return Html::default();
    }
    let tab = tab(shown);
    let tabs = [(Tab::Write, "Write"), (Tab::Node, "Node"), (Tab::Link, "Link")];
    let tabs = tabs.into_iter().chain([(Tab::Cluster, "Cluster")]);
    let tabs = tabs.map(|(one, name)| {
        let on = one == tab;
        html! {
            <button role="tab" aria-selected={on.to_string()} aria-controls="inspected"
                data-testid={format!("tab-{}", name.to_ascii_lowercase())}
                onclick={shown.ask(move || Act::Tab(one))}>{ name }</button>
        }
    });
    let body = match tab {
        Tab::Node => node(shown),
        Tab::Write => op(shown),
        Tab::Link => link(shown),
        Tab::Cluster => super::cluster::cluster(shown),
    };
    html! {
        <aside class="inspector" aria-label="Inspector" data-testid="inspector">
            <button class="handle" aria-label="Make this panel taller or less tall"
                data-testid="handle" onclick={shown.ask(|| Act::Sheet)}><i /></button>
            <div class="inspector-bar">
                <h2 class="hidden">{ "Inspector" }</h2>
                <div role="tablist" class="switch">{ for tabs }</div>
                <div class="spring" />
                { more_button(shown, tab) }
                <button class="quiet square" aria-label="Close the inspector" title="Close (Esc)"
                    data-testid="close-inspector"
                    onclick={shown.ask(|| Act::CloseInspector)}>{ Icon::Close.html() }</button>
            </div>
            <div id="inspected" role="tabpanel" class="inspected">{ body }</div>
        </aside>
    }
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

fn more_button(shown: &Shown, tab: Tab) -> Html {
    let place = place(shown, tab);
    if matches!(place, Selection::None | Selection::Op(_)) {
        return Html::default();
    }
    let onclick = shown.link.callback(move |event: MouseEvent| {
        let target = event.target_dyn_into::<web_sys::Element>();
        let rect = target.map(|target| target.get_bounding_client_rect());
        let (x, y) = rect.map_or((0.0, 0.0), |rect| (rect.left(), rect.bottom() + 4.0));
        Act::Player(Msg::OpenMenu { place, x: x as i32, y: y as i32 })
    });
    html! {
        <button class="quiet square" aria-label="What can be done to it"
            title="What can be done to it" aria-haspopup="menu" data-testid="more" {onclick}>
            { Icon::More.html() }
        </button>
    }
}

fn node_of(shown: &Shown) -> NodeId {
    let count = shown.moment.nodes.len();
    let chosen = shown.ui.node.filter(|node| node.index() < count);
    chosen.or_else(|| shown.moment.primary().map(|node| node.id)).unwrap_or_default()
}

fn node(shown: &Shown) -> Html {
    let world = shown.moment;
    let id = node_of(shown);
    let Some(node) = world.nodes.get(id.index()) else {
        return Html::default();
    };
    let down = !node.status.runs();
    let rate = |text: String| if down { "\u{2013}".to_string() } else { text };
    let behind = lag(world, id, shown.player.t());
    let lag_text = match behind {
        _ if down => "\u{2013}".to_string(),
        None => "0".into(),
        Some(lag) => {
            let noun = if lag.entries == 1 { "entry" } else { "entries" };
            format!("{} {noun}, {}", lag.entries, us_text(lag.us))
        }
    };
    let sources: Vec<String> = node.disk.sources.iter().map(|id| id.to_string()).collect();
    let followers: Vec<String> =
        node.memory.downstreams.iter().map(|downstream| downstream.node.to_string()).collect();
    let queue = node.disk.log.end().saturating_sub(node.disk.applied_through);
    let waiting = node.memory.waiting.len();
    let applied = node.disk.applied.to_string();
    html! {
        <section data-testid="inspect-node">
            <h3>{ id.to_string() }<small>{ role_text(world, node) }</small>
                <small class={classes!("state", super::table::state_name(node))}>
                    { super::table::state_name(node) }</small></h3>
            <dl>
                { row("Epoch", node.disk.epoch.to_string()) }
                { row("Applied", if applied.is_empty() { "nothing yet".into() } else { applied }) }
                { row("Lag", lag_text) }
                { row("To apply", rate(queue.to_string())) }
                if node.is_primary() {
                    { row("Wait for acks", rate(waiting.to_string())) }
                }
                { row("Follows", none_or(sources)) }
                { row("Followed by", if down { "\u{2013}".into() } else { none_or(followers) }) }
                { row("Sent", us_bytes(world.network.egress_bytes(id))) }
                if !node.dials.apply_delay.is_none() {
                    { row("Apply takes", us_text(node.dials.apply_delay.typical())) }
                }
            </dl>
            { more(shown, node) }
            <h4>{ "Rows" }</h4>
            { rows(shown, node) }
            <h4>{ "Log, newest first" }</h4>
            { log(shown, node) }
            { node_buttons(shown, node) }
        </section>
    }
}

fn rows(shown: &Shown, node: &Node) -> Html {
    let world = shown.moment;
    let rows: Vec<Html> = node
        .disk
        .store
        .iter()
        .take(ROWS_MAX)
        .map(|(key, held)| {
            let value = held.value();
            row(
                &format!("{}{}", key_sign(world, key), world.names.text(key)),
                value.map_or("deleted".to_string(), |value| value.to_string()),
            )
        })
        .collect();
    if rows.is_empty() {
        return html! { <p class="faint">{ "Nothing written here yet." }</p> };
    }
    let surplus = node.disk.store.iter().skip(ROWS_MAX).count();
    html! { <><dl class="values">{ for rows }</dl>{ surplus_text(surplus, "rows") }</> }
}

/// What a list leaves out, so that nobody takes it for the whole.
fn surplus_text(surplus: usize, what: &str) -> Html {
    html! {
        if surplus > 0 { <p class="faint">{ format!("And {surplus} more {what}.") }</p> }
    }
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
            (false, false) => ", not applied",
        };
        let change = entry_text(world, entry);
        row(&lsn.to_string(), format!("{change} {} e{}{note}", entry.gtid, entry.epoch))
    });
    let entries: Vec<Html> = entries.collect();
    let first = log.first();
    if entries.is_empty() {
        return html! { <p class="faint">{ "No entries." }</p> };
    }
    let surplus = log.iter().skip(ROWS_MAX).count();
    html! {
        <>
            <dl class="values">{ for entries }</dl>
            { surplus_text(surplus, "entries") }
            if first > 1 {
                <p class="faint">{ format!("Trimmed: it begins at {first}.") }</p>
            }
        </>
    }
}

/// What is the case only now and then, and only then is a row.
fn more(shown: &Shown, node: &Node) -> Html {
    let (disk, memory) = (&node.disk, &node.memory);
    let mut rows: Vec<(&str, String)> = Vec::new();
    if shown.moment.rules.failover.is_some() {
        let vote = disk.voted_for.map_or("nobody".to_string(), |node| node.to_string());
        rows.push(("Voted for", format!("{vote} in e{}", node.promised())));
        let stage = match &memory.election.stage {
            Stage::Calm => "none".to_string(),
            Stage::Suspecting => "gives its primary up".into(),
            Stage::Asking { epoch, granted, .. } => {
                format!("asks for e{epoch}, has {} of {}", granted.len(), shown.moment.nodes.len())
            }
            Stage::Draining(epoch) => format!("won e{epoch}, applies what it has"),
        };
        rows.push(("Election", stage));
    }
    if memory.degraded {
        rows.push(("Acks", "no longer waited for".into()));
    }
    if !memory.reads.is_empty() {
        rows.push(("Reads waiting", memory.reads.len().to_string()));
    }
    if super::menu::isolated(shown.moment, node.id) {
        rows.push(("Network", "cut off alone".into()));
    }
    let down = node.status == Status::Down;
    let mut own = Vec::new();
    overlay(shown.player, Some(node.id), &mut own, true);
    html! {
        <>
            <dl>{ for rows.into_iter().map(|(word, value)| {
                row(word, if down { "\u{2013}".into() } else { value })
            }) }</dl>
            if !own.is_empty() {
                <h4>{ "Set here" }</h4>
                { super::cluster::rows(shown, own, Some(node.id), true) }
            }
        </>
    }
}

fn node_buttons(shown: &Shown, node: &Node) -> Html {
    let place = Selection::Node(node.id);
    html! { <div class="buttons">{ for super::menu::buttons(shown, place, 3) }</div> }
}

/// A server's role, in words.
pub fn role_text(world: &replication::sim::World, node: &Node) -> &'static str {
    let newest = world.primary().map_or(0, |primary| primary.disk.epoch);
    let up = node.status == Status::Up;
    if up && node.is_primary() && node.disk.epoch < newest.max(world.epoch) {
        "primary?"
    } else {
        Kind::of(world, node).word()
    }
}

fn none_or(names: Vec<String>) -> String {
    if names.is_empty() { "nobody".into() } else { names.join(", ") }
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

fn op(shown: &Shown) -> Html {
    let world = shown.moment;
    let Some(id) = op_of(shown) else {
        return html! {
            <section data-testid="inspect-write">
                <h3>{ "No writes yet" }</h3>
                <p class="faint">{ "Press W, or use Write." }</p>
                <div class="buttons">
                    <button onclick={shown.ask(|| Act::Type(true))}>{ "Write\u{2026}" }</button>
                </div>
            </section>
        };
    };
    let Some(op) = world.ledger.op(id) else {
        return Html::default();
    };
    let stale = op.staleness.versions > 0;
    let (told, kind) = match op.outcome {
        _ if op.lost => ("ok, and it is LOST".to_string(), "lost"),
        Outcome::Pending => ("nothing yet".into(), "step"),
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
    let follow = move || Act::Player(if following { Msg::Unfollow } else { Msg::Follow(id) });
    let client = world.clients.get(op.client.index());
    html! {
        <section data-testid="inspect-write">
            <h3>{ op_text(world, id) }
                <small>{ client.map(|client| client.name.to_string()).unwrap_or_default() }</small>
            </h3>
            <p class="told">{ "told: " }<b data-kind={kind}>{ told }</b></p>
            <ol class="life">{ for stops.iter().map(stop) }</ol>
            if op.is_write() {
                <dl>
                    { row("Copies", none_or(copies)) }
                    if let Some(gtid) = op.gtid { { row("GTID", gtid.to_string()) } }
                </dl>
            }
            <div class="buttons">
                <button aria-pressed={following.to_string()} onclick={shown.ask(follow)}
                    data-testid="follow">{ if following { "Following" } else { "Follow" } }</button>
            </div>
        </section>
    }
}

fn stop(stop: &Stop) -> Html {
    html! {
        <li data-kind={stop.kind.name()}>
            <time>{ us_text(stop.at) }</time><span>{ stop.text.clone() }</span>
        </li>
    }
}

fn link_of(shown: &Shown) -> Option<(NodeId, NodeId)> {
    let count = shown.moment.nodes.len();
    let known = |(a, b): &(NodeId, NodeId)| a.index() < count && b.index() < count;
    shown.ui.link.filter(known).or_else(|| {
        let stream = shown.moment.topology.streams().first()?;
        Some((stream.from, stream.to))
    })
}

fn link(shown: &Shown) -> Html {
    let world = shown.moment;
    let Some((a, b)) = link_of(shown) else {
        return html! { <p class="faint">{ "No links." }</p> };
    };
    let direction = |from: NodeId, to: NodeId| {
        let dials = world.network.dials(from, to);
        let found = world
            .network
            .links()
            .find(|(place, link)| *place == from.into() && link.to == to.into());
        let (sent, bytes) = found.map_or((0, 0), |(_, link)| (link.sent, link.bytes));
        let state = if world.network.reaches(from, to) { "carries" } else { "cut" };
        let loss = match dials.loss.is_zero() {
            true => "none".to_string(),
            false => dials.loss.to_form().to_string(),
        };
        html! {
            <>
                <h4>{ format!("{from} \u{2192} {to}") }</h4>
                <dl>
                    { row("State", state) }
                    { row("Latency", us_text(dials.latency.typical())) }
                    { row("Loss", loss) }
                    { row("Messages", sent.to_string()) }
                    { row("Bytes", us_bytes(bytes)) }
                </dl>
            </>
        }
    };
    html! {
        <section data-testid="inspect-link">
            <h3>{ format!("{a} \u{2013} {b}") }</h3>
            { direction(a, b) }
            { direction(b, a) }
            <div class="buttons">
                { for super::menu::buttons(shown, Selection::Link(a, b), 2) }
            </div>
        </section>
    }
}
