//! The inspector, the menu of what can be done, and the form of a write or a read.

use std::fmt::Display;

// app/panel/form.rs

pub const WRITE: &str = "Write";
pub const READ: &str = "Read";
pub const THE_PRIMARY: &str = "the primary";
pub const ANY_NODE: &str = "any node";
pub const VALUE: &str = "Value";
pub const CLIENT: &str = "Client";
pub const KEY: &str = "Key";
pub const AT: &str = "At";
pub const CANCEL: &str = "Cancel";

// app/panel/inspector.rs

pub const NODE: &str = "Node";
pub const LINK: &str = "Link";
pub const CLUSTER: &str = "Cluster";
pub const TALLER_OR_LESS_TALL: &str = "Make this panel taller or less tall";
pub const INSPECTOR: &str = "Inspector";
pub const CLOSE_KEY: &str = "Close (Esc)";
pub const CLOSE_THE_INSPECTOR: &str = "Close the inspector";
pub const ACTIONS_TITLE: &str = "What can be done to it";
pub fn lag(entries: u64, time: impl Display) -> String {
    let noun = if entries == 1 { "entry" } else { "entries" };
    format!("{entries} {noun}, {time}")
}
pub const ONCE_PRIMARY: &str = "primary?";
pub const NOTHING_YET: &str = "nothing yet";
pub const EPOCH: &str = "Epoch";
pub const APPLIED: &str = "Applied";
pub const LAG: &str = "Lag";
pub const TO_APPLY: &str = "To apply";
pub const WAIT_FOR_ACKS: &str = "Wait for acks";
pub const FOLLOWS: &str = "Follows";
pub const FOLLOWED_BY: &str = "Followed by";
pub const SENT: &str = "Sent";
pub const APPLY_TAKES: &str = "Apply takes";
pub const ROWS: &str = "Rows";
pub const LOG_NEWEST_FIRST: &str = "Log, newest first";
pub fn users_table(rows: impl Display) -> String {
    format!("Table users, {rows} rows")
}
pub const DROPPED: &str = "Dropped.";
pub const RUNS_OF_ROWS: &str = "runs of rows";
pub fn unlike(server: impl Display, rows: impl Display) -> String {
    format!("Unlike {server}: {rows}")
}
pub fn and_more(listed: impl Display, more: impl Display) -> String {
    format!("{listed} and {more} more")
}
pub const NOTHING_WRITTEN_HERE: &str = "Nothing written here yet.";
pub const DELETED: &str = "deleted";
pub fn and_more_of(surplus: impl Display, what: impl Display) -> String {
    format!("And {surplus} more {what}.")
}
pub const NOT_APPLIED: &str = ", not applied";
pub const NO_ENTRIES: &str = "No entries.";
pub fn trimmed(first: impl Display) -> String {
    format!("Trimmed: it begins at {first}.")
}
pub const NOBODY: &str = "nobody";
pub const VOTED_FOR: &str = "Voted for";
pub fn voted_in(vote: impl Display, epoch: impl Display) -> String {
    format!("{vote} in e{epoch}")
}
pub const NONE: &str = "none";
pub const GIVES_ITS_PRIMARY_UP: &str = "gives its primary up";
pub fn asks_for_votes(epoch: impl Display, votes: impl Display, servers: impl Display) -> String {
    format!("asks for e{epoch}, has {votes} of {servers}")
}
pub fn won(epoch: impl Display) -> String {
    format!("won e{epoch}, applies what it has")
}
pub const ELECTION: &str = "Election";
pub const ACKS: &str = "Acks";
pub const NO_LONGER_WAITED_FOR: &str = "no longer waited for";
pub const READS_WAITING: &str = "Reads waiting";
pub const NETWORK: &str = "Network";
pub const CUT_OFF_ALONE: &str = "cut off alone";
pub const SET_HERE: &str = "Set here";
pub const NO_WRITES_YET: &str = "No writes yet";
pub const PRESS_W: &str = "Press W, or use Write.";
pub const OK_AND_LOST: &str = "ok, and it is LOST";
pub const TOLD: &str = "told: ";
pub const FOLLOWING: &str = "Following";
pub const FOLLOW: &str = "Follow";
pub const COPIES: &str = "Copies";
pub const NO_LINKS: &str = "No links.";
pub const STATE: &str = "State";
pub const CARRIES: &str = "carries";
pub const CUT: &str = "cut";
pub const LATENCY: &str = "Latency";
pub const LOSS: &str = "Loss";
pub const MESSAGES: &str = "Messages";
pub const BYTES: &str = "Bytes";

// app/panel/menu.rs

pub const CRASH: &str = "Crash";
pub const PAUSE: &str = "Pause";
pub const RESUME: &str = "Resume";
pub const RESTART: &str = "Restart";
pub const REJOIN: &str = "Rejoin";
pub const ISOLATE: &str = "Isolate";
pub const PROMOTE: &str = "Promote";
pub const USUAL_SPEED: &str = "Usual speed";
pub const SLOW_APPLY: &str = "Slow apply";
pub const WRITE_HERE: &str = "Write here\u{2026}";
pub const READ_HERE: &str = "Read here\u{2026}";
pub const MEND_THE_LINK: &str = "Mend the link";
pub const CUT_THE_LINK: &str = "Cut the link";
pub const HEAL_ALL_LINKS: &str = "Heal all links";
