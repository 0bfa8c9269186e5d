//! The list of keys and settings.

use std::fmt::Display;

// app/panel/help.rs

pub const LESS_MOTION: &str = "Less motion: play goes from event to event";
pub const PASS_IDLE_TIME: &str = "Pass idle time 8 times faster";
pub const STOP_AT_SURPRISES: &str =
    "Stop at surprises: an old value, a conflict, a lost write, a new primary";
pub const KEYS_AND_SETTINGS: &str = "Keys and settings";
pub const SINGLE_KEYS_ACT: &str = "Single keys act";
pub const SHOW_HEARTBEATS: &str = "Show heartbeats";
pub const COMPARE: &str = "Compare";
pub const TAKE_BACK: &str = "Take back";
pub const DO_AGAIN: &str = "Do again";
pub fn theme(name: impl Display) -> String {
    format!("Theme: {name}")
}
pub fn voice(name: impl Display) -> String {
    format!("Read aloud: {name}")
}
pub const CLOSE: &str = "Close";

/// Every key and what it does, for the list of keys.
pub const KEYS: [(&str, &str); 32] = [
    ("Space", "play or pause"),
    (". ,", "next, previous event"),
    ("> <", "next, previous surprise"),
    ("Home End", "start, live"),
    ("[ ]", "slower, faster"),
    ("+ - 0", "a shorter, a longer stretch of time, all of it"),
    ("( )", "the stretch before, after"),
    ("1 2 3 4", "star, chain, ring, tree"),
    ("M", "next ack rule"),
    ("W", "write"),
    ("R", "read"),
    ("F", "follow the newest write"),
    ("K", "crash or restart the selected node"),
    ("I", "isolate it, or let it rejoin"),
    ("H", "heal all links"),
    ("Arrows", "on the stage: the nearest node that way"),
    ("Enter", "open in the inspector"),
    ("Esc", "close, then deselect"),
    ("Ctrl+Z", "take back the last intervention"),
    ("Ctrl+Shift+Z", "do it again"),
    ("C", "compare with another run"),
    ("B", "branches"),
    ("P", "projector, for a remote: PgDn PgUp or arrows turn, F5 or . plays, B blanks"),
    ("S", "space-time diagram"),
    ("O", "scenarios and files"),
    ("N", "lessons"),
    ("V", "sync against async, measured"),
    ("PgUp PgDn", "in a lesson: previous, next beat"),
    (":", "command line"),
    ("T", "cluster table"),
    ("G L", "metrics, log"),
    ("?", "this list"),
];
