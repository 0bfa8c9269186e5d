//! What has just happened: captions, the life of a write, operations and answers.

use std::fmt::Display;

use super::counted;

// player/caption.rs

/// What a fresh sandbox says.
pub const UNTOUCHED: &str = "Nothing written yet. Press W, or choose a client.";
pub fn stopped(limit: impl Display) -> String {
    format!("Stopped: {limit}.")
}
pub fn answered_with_old_data(server: impl Display) -> String {
    format!("{server} answered with old data.")
}
pub const NOTHING_WAS_LOST: &str = "No ok was given. Nothing was lost.";
pub const A_CLIENT_GAVE_UP_WAITING: &str = "A client gave up waiting.";
pub fn refused(reason: impl Display) -> String {
    format!("Refused: {reason}.")
}
pub fn two_met(server: impl Display, key: impl Display) -> String {
    format!("Two writes of {key} met at {server}: neither knew of the other.")
}
pub const SAID_OK_AND_LOST: &str = "It said ok. It was lost.";
pub fn not_possible(reason: impl Display) -> String {
    format!("Not possible: {reason}.")
}
pub const DEGRADED: &str = "No acks in time: writes no longer wait for replicas.";
pub fn leads_now(server: impl Display, epoch: impl Display) -> String {
    format!("{server} leads now, epoch {epoch}.")
}
pub fn stepped_down(server: impl Display, epoch: impl Display) -> String {
    format!("{server} learned of epoch {epoch} and stepped down.")
}
pub const UNACKNOWLEDGED_IS_GONE: &str = "A write that was never acknowledged is gone.";

// player/life.rs

pub fn left(place: impl Display, to: impl Display) -> String {
    format!("left {place} for {to}")
}
pub fn refused_by(place: impl Display, reason: impl Display) -> String {
    format!("{place} refused: {reason}")
}
pub fn passed_on(place: impl Display, to: impl Display) -> String {
    format!("passed on by {place} to {to}")
}
pub fn in_log(place: impl Display) -> String {
    format!("in the log of {place}")
}
pub fn read_before_acks(place: impl Display) -> String {
    format!("read on {place} before its acks")
}
pub fn acknowledged_by(place: impl Display) -> String {
    format!("acknowledged by {place}")
}
pub fn waits_for(place: impl Display, lacks: impl Display) -> String {
    format!("waits at {place} for {lacks}")
}
pub fn waits_for_snapshot(place: impl Display) -> String {
    format!("waits at {place} for its snapshot")
}
pub fn answered_by(place: impl Display) -> String {
    format!("answered by {place}")
}
pub fn answered_behind(place: impl Display, writes: u64) -> String {
    format!("answered by {place}, {} behind", counted(writes, "write"))
}
pub fn told_by(place: impl Display, told: impl Display) -> String {
    format!("{place} told: {told}")
}
pub fn received_by(place: impl Display) -> String {
    format!("received by {place}")
}
pub fn applied_on(place: impl Display) -> String {
    format!("applied on {place}")
}
pub fn went_down(place: impl Display) -> String {
    format!("{place} went down")
}
pub fn promoted(place: impl Display, epoch: impl Display) -> String {
    format!("{place} promoted, e{epoch}")
}
pub const LOST_AFTER_ACK: &str = "LOST after ack";
pub fn dropped(place: impl Display, by: impl Display) -> String {
    format!("dropped on {place} for {by}")
}
pub fn thrown_away(place: impl Display) -> String {
    format!("thrown away by {place}")
}

// player/words.rs

pub const OK: &str = "ok";
pub const OK_WITHOUT_REPLICAS: &str = "ok, without replicas";
pub const AN_OLD_VALUE: &str = "an old value";
pub const THE_VALUE: &str = "the value";
pub fn told_no(reason: impl Display) -> String {
    format!("no: {reason}")
}
pub const GAVE_UP: &str = "nothing, gave up waiting";
pub fn deleted(key: impl Display) -> String {
    format!("{key} deleted")
}
pub fn rows_of_users(count: u64) -> String {
    counted(count, "row") + " of users"
}
pub fn key_with(key: impl Display, value: impl Display) -> String {
    format!("{key} with {value}")
}
pub fn key_without(key: impl Display, value: impl Display) -> String {
    format!("{key} without {value}")
}
pub fn edited(key: impl Display) -> String {
    format!("{key} edited")
}
pub fn deletes(key: impl Display) -> String {
    format!("delete {key}")
}
pub fn reads(key: impl Display) -> String {
    format!("read {key}")
}
pub const UP: &str = "up";
pub const PAUSED: &str = "paused";
pub const DOWN: &str = "down";
pub const GONE: &str = "gone";
pub fn and_more(surplus: impl Display) -> String {
    format!(" And {surplus} more.")
}
