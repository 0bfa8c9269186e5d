//! What stands in the pictures, and what they say to those who do not see them.

use std::fmt::Display;

use super::counted;

// scene/books.rs

pub const NEVER_ACKED: &str = "never acked";
pub const WAITING: &str = "waiting";
pub const OK: &str = "ok";
pub const OK_ALONE: &str = "ok alone";
pub const READ: &str = "read";
pub const STALE: &str = "stale";
pub const TIMED_OUT: &str = "timed out";
pub fn deleted(key: impl Display) -> String {
    format!("{key} deleted")
}

// scene/charts.rs

pub fn lanes_left_out(more: impl Display) -> String {
    format!(" ({more} more, less behind)")
}
pub fn lag_up_to(node: impl Display, time: impl Display, more: impl Display) -> String {
    format!("{node} lag, up to {time}{more}")
}
pub const NO_WRITE_TOLD_OK_YET: &str = "no write told ok yet";
pub fn ack_up_to(most: impl Display, median: impl Display, slow: impl Display) -> String {
    format!("ack up to {most}, p50 {median}, p99 {slow}")
}
pub fn rate_up_to(scale: impl Display) -> String {
    format!("writes told ok, up to {scale}/s")
}

// scene/clash.rs

pub const DELETED: &str = "deleted";

// scene/figure.rs

pub const PRIMARY: &str = "primary";
pub const REPLICA: &str = "replica";
pub const RELAY: &str = "relay";
pub const CANDIDATE: &str = "candidate";
pub const CLIENT: &str = "client";
pub const UP: &str = "up";
pub const DOWN: &str = "down";
pub const PAUSED: &str = "paused";
pub const DOWN_SIGN: &str = "DOWN";
pub const PAUSED_SIGN: &str = "PAUSED";
pub const SLOW_SIGN: &str = "SLOW";
pub const STOPPED_SIGN: &str = "STOPPED";
pub const APPLIER_STOPPED_SIGN: &str = "APPLIER STOPPED";
pub const PROMOTING: &str = "PROMOTING";
pub fn primary_once(epoch: impl Display) -> String {
    format!("PRIMARY? e{epoch}")
}
pub fn lost_note(write: impl Display) -> String {
    format!("{write} LOST after ack")
}
/// What of that there is not always room for.
pub const LEFT_OUT_OF_LOST_NOTE: &str = " after ack";
pub const STALE_PRIMARY: &str = "up, but its epoch is over";
pub fn writes_behind(count: u64) -> String {
    format!(", {} behind", counted(count, "write"))
}
pub fn writes_lost(count: u64) -> String {
    format!(", {} lost after ack", counted(count, "write"))
}
pub fn values_met(key: impl Display, one: impl Display, other: impl Display) -> String {
    format!(", {key} is {one} and {other}")
}
pub const AND_SLOW: &str = ", slow";
pub const STOPPED: &str = ", its applier has stopped";
pub const ON_A_SIDE_WITHOUT_QUORUM: &str = ", on a side without quorum";
pub fn and_epoch(epoch: impl Display) -> String {
    format!(", epoch {epoch}")
}

// scene/flight.rs

pub fn stale(text: impl Display) -> String {
    format!("{text} stale")
}
pub fn stale_by_one(text: impl Display) -> String {
    format!("{text} stale, 1 write old")
}
pub fn stale_by(text: impl Display, n: impl Display) -> String {
    format!("{text} stale, {n} writes old")
}

// scene/picture.rs

pub fn stage(shape: impl Display, nodes: u64, rule: impl Display) -> String {
    format!("{shape}, {}, {rule}", counted(nodes, "node"))
}
pub const OWN_ACK_RULE: &str = "an ack rule of its own";

// scene/poster.rs

/// One of a few words under a small picture.
pub const OWN_RULE_IN_SHORT: &str = "own ack rule";

// scene/sides.rs

pub fn minority_side(number: impl Display, size: impl Display, all: impl Display) -> String {
    format!("Side {number} \u{b7} {size} of {all} \u{b7} no quorum")
}

// scene/slip.rs

pub fn more_clients(count: impl Display) -> String {
    format!("{count} more clients")
}
pub const NO_WRITES_YET: &str = "no writes yet";
pub const NOTHING_YET: &str = "nothing yet";
pub fn client_told(name: impl Display, told: impl Display) -> String {
    format!("{name}, client: {told}")
}

// scene/wires.rs

pub const BOTH_WAYS_CUT: &str = ", cut";
pub const ONE_WAY_CUT: &str = ", cut one way";
pub fn wire(from: impl Display, to: impl Display, cut: impl Display) -> String {
    format!("{from} to {to}{cut}")
}
