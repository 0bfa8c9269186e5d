//! The cluster as a table: what the stage shows, for eyes and ears that prefer rows.

use replication::base::SimTime;
use replication::node::{Node, Status};
use replication::player::{entry_text, us_text};
use replication::scene::lag;
use replication::sim::World;
use yew::{Html, html};

use super::Shown;
use super::inspector::role_text;

/// How a server stands, in a word.
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
pub fn table(shown: &Shown) -> Html {
    let world = shown.moment;
    let t = shown.player.t();
    let rows = world.nodes.iter().take(ROWS_MAX).map(|node| {
        let row = row(world, node, t);
        let lag = match (row.lag_entries, row.lag_us) {
            (Some(0), _) => "0".to_string(),
            (Some(entries), Some(us)) => format!("{entries}, {}", us_text(us)),
            _ => "\u{2013}".into(),
        };
        html! {
            <tr data-row={row.node.clone()} data-state={row.state}>
                <th scope="row">{ row.node }</th>
                <td>{ row.role }</td>
                <td>{ row.state }</td>
                <td>{ row.epoch }</td>
                <td>{ if row.applied.is_empty() { "nothing".into() } else { row.applied } }</td>
                <td>{ lag }</td>
                <td>{ if row.last.is_empty() { "\u{2013}".into() } else { row.last } }</td>
            </tr>
        }
    });
    html! {
        <table data-testid="cluster-table">
            <caption class="hidden">{ "Cluster" }</caption>
            <thead>
                <tr>
                    <th scope="col">{ "Node" }</th><th scope="col">{ "Role" }</th>
                    <th scope="col">{ "State" }</th><th scope="col">{ "Epoch" }</th>
                    <th scope="col">{ "Applied" }</th><th scope="col">{ "Behind" }</th>
                    <th scope="col">{ "Last change" }</th>
                </tr>
            </thead>
            <tbody>{ for rows }</tbody>
        </table>
    }
}
