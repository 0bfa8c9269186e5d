//! The cluster as a table: what the stage shows, for eyes and ears that prefer rows, and what an
//! operator watches besides. Every number of a server that a table shows is in its `Row`.

use replication::base::{SimTime, gathered, sort};
use replication::check::{Heard, Vitals, vitals};
use replication::node::{Node, Status};
use replication::player::{Selection, entry_text, state_text, us_text};
use replication::scene::Strips;
use replication::sim::{World, behind_source_us, staleness_us};
use replication::words::log as say;

use super::Shown;
use super::detail::{NOTHING, heads, number, place_row};
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
    /// How long ago the oldest acknowledged write was acknowledged that it does not show; None if
    /// it is down.
    pub stale_us: Option<u64>,
    /// What it would report of itself, as MySQL does, in seconds; None where that says NULL.
    pub reports_s: Option<u64>,
    /// The newest change applied; empty if there is none.
    pub last: String,
    /// What it cannot get out of by itself; empty if nothing.
    pub trouble: String,
    /// What else an operator watches.
    pub vitals: Vitals,
}

/// A server's row at `t`.
pub fn row(world: &World, strips: &Strips, node: &Node, vitals: Vitals, t: SimTime) -> Row {
    let behind = strips.lag(world, node, t);
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
        stale_us: up.then(|| staleness_us(world, node, t)),
        reports_s: behind_source_us(world, node, t).map(|us| us / 1_000_000),
        last: newest.map(|entry| entry_text(world, entry)).unwrap_or_default(),
        trouble: trouble(world, node),
        vitals,
    }
}

fn trouble(world: &World, node: &Node) -> String {
    let stopped = node.stopped().map(say::stopped_at);
    let rest = [
        (node.needs_seed(), say::NEEDS_A_COPY),
        (node.memory.degraded, say::ACKS_NOT_WAITED_FOR),
        (super::menu::isolated(world, node.id), say::CUT_OFF),
    ];
    let rest = rest.into_iter().filter(|(is, _)| *is).map(|(_, word)| word.to_string());
    let all: Vec<String> = stopped.into_iter().chain(rest).collect();
    all.join(", ")
}

/// The most servers in the table.
const ROWS_MAX: usize = 64;
/// What it says of each.
const HEADS: [&str; 16] = [
    say::NODE,
    say::ROLE,
    say::STATE,
    say::EPOCH,
    say::TROUBLE,
    say::BEHIND,
    say::STALE,
    say::REPORTS,
    say::TO_APPLY,
    say::POSITIONS,
    say::WRITES_PER_S,
    say::READS_PER_S,
    say::HEARD,
    say::ONLY_HERE,
    say::APPLIED,
    say::LAST_CHANGE,
];

/// The table; of a crowd the servers that do worst. Its rows can be chosen where it is seen.
pub fn table(shown: &Shown, seen: bool) -> El {
    let (world, t) = (shown.moment, shown.player.t());
    let vitals = vitals(world, shown.player.recording().trace(), t);
    let strips = Strips::new(world, false);
    let mut nodes = gathered(world.nodes.iter());
    let all = nodes.len();
    let caption = if all > ROWS_MAX {
        // Down, then paused, then in trouble, then far behind.
        let mut worst = gathered(nodes.iter().map(|node| {
            let behind = strips.lag(world, node, t).map_or(0, |lag| lag.entries);
            let troubled = node.stopped().is_some() || node.needs_seed();
            let stands = match node.status {
                Status::Up | Status::Removed => 0,
                Status::Paused => 1,
                Status::Down => 2,
            };
            (behind + (u64::from(troubled) << 40) + (stands << 41), *node)
        }));
        sort(&mut worst, |a, b| a.0 > b.0);
        nodes = gathered(worst.iter().take(ROWS_MAX).map(|(_, node)| *node));
        say::worst_nodes(ROWS_MAX, all).into()
    } else {
        Words::from(say::CLUSTER)
    };
    let rows = nodes.into_iter().map(|node| {
        let row = row(world, &strips, node, vitals[node.id.index()], t);
        let cells = cells(row, state_text(node), t);
        let name = node.id.to_string();
        place_row(shown, (Selection::Node(node.id), name.clone()), &HEADS, cells, seen)
            .set("data-row", name)
            .set("data-state", state_name(node))
    });
    el("table", "board")
        .testid("cluster-table")
        .with(el("caption", "").text(caption))
        .with(heads(&HEADS))
        .with(el("tbody", "").each(rows))
}

/// What a row says, under all heads but the first.
fn cells(row: Row, state: &'static str, t: SimTime) -> Vec<String> {
    let or = |text: String, none: &str| if text.is_empty() { none.into() } else { text };
    let behind = match (row.lag_entries, row.lag_us) {
        (Some(entries), Some(us)) if entries > 0 => format!("{entries}, {}", us_text(us)),
        (entries, _) => number(entries),
    };
    let stale = match row.stale_us {
        None | Some(0) => number(row.stale_us),
        Some(us) => us_text(us),
    };
    let Vitals { received, logged, applied, to_apply, answered, heard, alone } = row.vitals;
    let lsn = |lsn: Option<u32>| number(lsn.map(u64::from));
    let reports = match (row.reports_s, heard) {
        (_, Heard::Nobody) => NOTHING.into(),
        (None, _) => "NULL".to_string(),
        (Some(s), _) => format!("{s} s"),
    };
    let heard = match heard {
        Heard::Nobody => NOTHING.into(),
        Heard::Never => say::NEVER.into(),
        Heard::Before(at) => say::longer_ago(us_text(t - at)),
        Heard::At(at) => say::ago(us_text(t - at)),
    };
    vec![
        row.role.into(),
        state.into(),
        row.epoch.to_string(),
        or(row.trouble, NOTHING),
        behind,
        stale,
        reports,
        lsn(to_apply),
        [lsn(received), lsn(logged), lsn(applied)].join(" / "),
        number(answered.map(|[writes, _]| writes)),
        number(answered.map(|[_, reads]| reads)),
        heard,
        alone.to_string(),
        or(row.applied, say::NOTHING),
        or(row.last, NOTHING),
    ]
}
