//! The log of events, the cluster as a table, branches, the strip of an article.

use std::fmt::Display;

// app/panel/branches.rs

pub const ABOUT_BRANCHES: &str = "Acting in the past keeps what had happened as a branch. \
     Nothing is lost.";
pub fn name_of_branch(branch: impl Display) -> String {
    format!("Name of branch {branch}")
}
pub const FROM_THE_BEGINNING: &str = "from the beginning";
pub fn from_instant(time: impl Display) -> String {
    format!("from {time}")
}
pub fn command_at(name: impl Display, time: impl Display) -> String {
    format!("{name} at {time}")
}
pub fn up_to(began: impl Display, time: impl Display) -> String {
    format!("{began}, up to {time}")
}
pub fn button_of_branch(name: impl Display, branch: impl Display) -> String {
    format!("{name} branch {branch}")
}
pub const LOOKED_AT: &str = "Looked at";
pub const RETURN_TO: &str = "Return to";
pub const COMPARE: &str = "Compare";
pub const DELETE: &str = "Delete";

// app/panel/log.rs

pub const NOTHING_SO_FAR: &str = "Nothing of that kind so far.";
pub const WHAT: &str = "What";
pub const WHERE: &str = "Where";
pub const KEY: &str = "Key";
pub const ANY_KEY: &str = "any key";
pub const SIEVE: &str = "What to show, and where to stop";
pub const THE_ONE_BEFORE: &str = "The one before";
pub const THE_NEXT_ONE: &str = "The next one";
pub const STOP_AT_EACH: &str = "Stop at each";
pub const STOP_AT_LAG: &str = "Stop at a lag over";
pub fn only(what: impl Display) -> String {
    format!("Only {what}")
}

// app/panel/strip.rs

pub const FIRST_IS_TOLD_OK: &str = "x=1 is told ok";
pub const FIRST_ARRIVES: &str = "n2 has it";
pub const OLD_DATA: &str = "n3 answers with old data";
pub const SECOND_IS_TOLD_OK: &str = "x=2 is told ok, and n1 goes down";
pub const SECOND_IS_LOST: &str = "n2 leads: x=2 is lost";

// app/panel/table.rs

pub const NODE: &str = "Node";
pub const ROLE: &str = "Role";
pub const STATE: &str = "State";
pub const EPOCH: &str = "Epoch";
pub const APPLIED: &str = "Applied";
pub const NOTHING: &str = "nothing";
pub const BEHIND: &str = "Behind";
pub const LAST_CHANGE: &str = "Last change";
pub const TROUBLE: &str = "Trouble";
pub const STALE: &str = "Stale";
pub const REPORTS: &str = "Reports";
pub const TO_APPLY: &str = "To apply";
pub const POSITIONS: &str = "Received, logged, applied";
pub const WRITES_PER_S: &str = "Writes/s";
pub const READS_PER_S: &str = "Reads/s";
pub const HEARD: &str = "Heard its source";
pub const ONLY_HERE: &str = "Only here";
pub fn ago(time: impl Display) -> String {
    format!("{time} ago")
}
pub fn longer_ago(time: impl Display) -> String {
    format!("over {time} ago")
}
pub const NEVER: &str = "never";
pub fn stopped_at(gtid: impl Display) -> String {
    format!("stopped at {gtid}, whose key is there")
}
pub const NEEDS_A_COPY: &str = "needs a copy";
pub const ACKS_NOT_WAITED_FOR: &str = "waits for no acks";
pub const CUT_OFF: &str = "cut off";
pub fn worst_nodes(shown: impl Display, all: impl Display) -> String {
    format!("The {shown} of {all} nodes that do worst")
}
pub const CLUSTER: &str = "Cluster";

// player/sieve.rs

pub const EVERYTHING: &str = "everything";
pub const STALE_READS: &str = "stale reads";
pub const DIVERGENCE: &str = "divergence";
pub const LOST_WRITES: &str = "lost writes";
pub const PROMOTIONS: &str = "promotions";
pub const WRITES: &str = "writes";
pub const READS: &str = "reads";
pub const ANSWERS: &str = "answers";
pub const APPLIES: &str = "applies";
pub const REFUSALS: &str = "refusals";
pub const LOST_MESSAGES: &str = "lost messages";
pub const FAULTS_AND_REPAIRS: &str = "faults and repairs";
