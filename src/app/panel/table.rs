//! The cluster as a table: what the stage shows, for eyes and ears that prefer rows.

use replication::base::SimTime;
use replication::node::{Node, Status};
use replication::player::{entry_text, state_text, us_text};
use replication::scene::lag;
use replication::sim::World;
use replication::words::log as say;

use super::Shown;
use super::inspector::role_text;
use crate::app::element::{El, Words, el};

/// How a server stands, as `data-state` has it.
pub fn state_name(node: &Node) -> &'static str {
    match node.status {
        Status::Up => "up",
        Status::Paused => "paused",
        Status::Down => "down",
        Status::Removed => "gone",
    }
}

/// One server's row.
pub struct Row {
    /// Its name.
    pub node: String,
    /// primary, replica, relay, or `primary?` of an older reign.
    pub role: &'static str,
    /// up, paused, down.
    pub state: &'static str,
    /// The newest reign it knows of.
    pub epoch: u32,
    /// Everything it has applied.
    pub applied: String,
    /// Entries behind; None if it is down.
    pub lag_entries: Option<u64>,
    /// Microseconds behind; None if it is down.
    pub lag_us: Option<u64>,
    /// The newest change applied; empty if there is none.
    pub last: String,
}

/// A server's row at `t`.
pub fn row(world: &World, node: &Node, t: SimTime) -> Row {
    let behind = lag(world, node.id, t);
    let up = node.status.runs();
    let newest = node.disk.store.rows().filter_map(|(_, row)| row.entry.as_ref());
    let newest = newest.max_by_key(|entry| (entry.written_at, entry.gtid));
    Row {
        node: node.id.to_string(),
        role: role_text(world, node),
        state: state_name(node),
        epoch: node.disk.epoch,
        applied: node.disk.applied.to_string(),
        lag_entries: up.then(|| behind.map_or(0, |lag| lag.entries)),
        lag_us: up.then(|| behind.map_or(0, |lag| lag.us)),
        last: newest.map(|entry| entry_text(world, entry)).unwrap_or_default(),
    }
}

/// The most servers in the table.
const ROWS_MAX: usize = 64;

/// The table.
pub fn table(shown: &Shown) -> El {
    let world = shown.moment;
    let t = shown.player.t();
    let rows =
        world.nodes.iter().take(ROWS_MAX).map(|node| line(row(world, node, t), state_text(node)));
    let heads =
        [say::NODE, say::ROLE, say::STATE, say::EPOCH, say::APPLIED, say::BEHIND, say::LAST_CHANGE];
    let heads = heads.into_iter().map(|head| el("th", "").set("scope", "col").text(head));
    el("table", "")
        .testid("cluster-table")
        .with(el("caption", "hidden").text(say::CLUSTER))
        .with(el("thead", "").with(el("tr", "").each(heads)))
        .with(el("tbody", "").each(rows))
}

fn line(row: Row, state: &'static str) -> El {
    let behind = match (row.lag_entries, row.lag_us) {
        (Some(0), _) => "0".to_string(),
        (Some(entries), Some(us)) => format!("{entries}, {}", us_text(us)),
        _ => "\u{2013}".into(),
    };
    let or = |text: String, none| if text.is_empty() { Words::from(none) } else { text.into() };
    let cells = [
        row.role.into(),
        state.into(),
        row.epoch.to_string().into(),
        or(row.applied, say::NOTHING),
        behind.into(),
        or(row.last, "\u{2013}"),
    ];
    el("tr", "")
        .set("data-row", row.node.clone())
        .set("data-state", row.state)
        .with(el("th", "").set("scope", "row").text(row.node))
        .each(cells.map(|cell| el("td", "").text(cell)))
}
