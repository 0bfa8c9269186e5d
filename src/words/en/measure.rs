//! Measures: charts, metrics, comparisons, trade-offs.

use std::fmt::Display;

// app/charts.rs

pub const DOWN: &str = "down";
pub fn and_lag(node: impl Display, time: impl Display) -> String {
    format!(", {node} lag {time}")
}
pub fn and_newest_ack(time: impl Display) -> String {
    format!(", newest ack after {time}")
}
pub fn and_rate(rate: impl Display) -> String {
    format!(", {rate} writes/s")
}
pub const NO_REPLICA_LAGGED: &str = "no replica lagged";
pub fn furthest_behind(node: impl Display, time: impl Display) -> String {
    format!("{node} was furthest behind, {time}")
}
pub fn charts_label(t: impl Display, worst: impl Display) -> String {
    format!("Charts up to {t}: {worst}. Arrow keys move along, Enter goes there.")
}
pub const NOW: &str = "Now";
pub const MOST: &str = "Most";
pub fn lag_of(node: impl Display) -> String {
    format!("{node} lag")
}
pub const ACK_LATENCY: &str = "Ack latency";
pub const SAME_AS_TABLE: &str = "The same as a table";

// app/panel/metrics.rs

pub const ACK_LATENCY_MEDIAN: &str = "Ack latency, median";
pub const ABOUT_ACK_MEDIAN: &str = "from sending a write to being told ok";
pub const ACK_LATENCY_99: &str = "Ack latency, 99 %";
pub const ABOUT_ACK_99: &str = "one in a hundred waits longer";
pub const WRITES_ACKNOWLEDGED: &str = "Writes acknowledged";
pub const ABOUT_ACKNOWLEDGED: &str = "writes told ok";
pub const STALE_READS: &str = "Stale reads";
pub fn part_of(stale: impl Display, reads: impl Display) -> String {
    format!("{stale} of {reads}")
}
pub fn about_stale(share: impl Display) -> String {
    format!("{share} % of the reads answered were superseded")
}
pub const LOST_AFTER_ACK: &str = "Lost after ack";
pub const ABOUT_LOST: &str = "writes told ok that are gone";
pub const MESSAGES_PER_WRITE: &str = "Messages between nodes per write";
pub const ABOUT_MESSAGES: &str = "sent so far, for each write told ok";
pub const ABOUT_LAG: &str = "writes a replica does not show yet, and how old the oldest is";
pub const LAG: &str = "Lag";
pub const NOT_MOVED_YET: &str = "not moved yet";
pub const GO_TO_EVENT: &str = "Go to the event that moved it last";
pub fn moved_at(time: impl Display) -> String {
    format!("moved at {time}")
}
pub fn up_to_date(current: impl Display) -> String {
    format!("{current} up to date")
}
pub fn more_behind(more: impl Display, current: impl Display) -> String {
    format!("{more} more behind, {current} up to date")
}

pub const LEDGER: &str = "Ledger";
pub const ABOUT_LEDGER: &str = "how every write stands: durable is on two disks that run";
pub fn standing(count: impl Display, name: impl Display) -> String {
    format!("{count} {name}")
}
pub fn about_conflicts(
    rule: impl Display,
    dropped: impl Display,
    open: impl Display,
    stopped: impl Display,
) -> String {
    format!(
        "rule {rule}: {dropped} writes dropped, {open} keys left open, {stopped} appliers stopped"
    )
}

// app/panel/links.rs

pub const BYTES_PER_LINK: &str = "Bytes per link";
pub const LINK: &str = "Link";
pub const BYTES: &str = "Bytes";
pub const LAST_SECOND: &str = "Last second";
pub const IN_FLIGHT: &str = "In flight";
pub const OF_BANDWIDTH: &str = "Of bandwidth";
pub fn more_links(count: impl Display, bytes: impl Display) -> String {
    format!("And {count} more links, {bytes}.")
}
pub fn per_second(bytes: impl Display) -> String {
    format!("{bytes}/s")
}
pub fn percent(share: impl Display) -> String {
    format!("{share} %")
}

// app/panel/versus.rs

pub fn branch(name: impl Display) -> String {
    format!("Branch {name}")
}
pub const THIS_RUN: &str = "This run";
pub const OWN_RUN: &str = "this run";
pub const STOP_COMPARING_KEY: &str = "Stop comparing (C)";
pub const STOP_COMPARING: &str = "Stop comparing";
pub const COMPARE_WITH: &str = "Compare with";
pub const ALL_TOPOLOGIES: &str = "All topologies";
pub const TRADE_OFFS: &str = "Trade-offs";
pub const WEIGH_TITLE: &str = "What each rule and each topology costs, measured";
pub const RUNS_COMPARED: &str = "The runs compared, up to the playhead";
pub const DIFFERENCES: &str = "Differences";
pub const SAME: &str = "same";
pub const DIFFERENCE: &str = "Difference";

// app/panel/weigh.rs

pub fn weigh_about(seed: impl Display, until: impl Display) -> String {
    format!(
        "This run, seed {seed}, up to {until}: the same commands under each rule and in each \
         topology. Open one to see it beside this run."
    )
}
pub const SPEED: &str = "Speed";
pub const LATENCY: &str = "Latency";
pub const CONSISTENCY: &str = "Consistency";
pub const LOSS_RISK: &str = "Loss risk";
pub const MESSAGES: &str = "Messages";
pub const WRITES_TOLD_OK_PER_S: &str = "writes told ok per s";
pub const MEDIAN_AND_TAIL: &str = "median, 99 %";
pub const READS_THAT_WERE_STALE: &str = "reads that were stale";
pub const TOLD_OK_THEN_LOST: &str = "told ok, then lost";
pub const BETWEEN_NODES_PER_WRITE: &str = "between nodes, per write";
pub const TRADE_OFFS_MEASURED: &str = "Trade-offs, measured";
pub const MEASURING: &str = "measuring\u{2026}";
pub fn open_beside_this_run(name: impl Display) -> String {
    format!("Open {name} beside this run")
}
pub const OPEN: &str = "Open";
pub fn share_of(part: impl Display, of: impl Display, share: impl Display) -> String {
    format!("{part} of {of}, {share} %")
}

// player/score.rs

pub const ACKNOWLEDGED: &str = "Writes told ok";
pub const CONFLICTS: &str = "Conflicts";
pub const MESSAGES_BETWEEN_NODES: &str = "Messages between nodes";
