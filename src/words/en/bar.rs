//! The bars around the stage: settings, transport, drawers.

use std::fmt::Display;

// app/control.rs

pub const STAR: &str = "Star";
pub const CHAIN: &str = "Chain";
pub const RING: &str = "Ring";
pub const TREE: &str = "Tree";
pub const ASYNC: &str = "Async";
pub const SEMI_SYNC_1: &str = "Semi-sync 1";
pub const MAJORITY: &str = "Majority";
pub const ALL: &str = "All";
pub const THE_FIRST_TEN_SECONDS_AGAIN: &str = "The first ten seconds again";
pub const INTRO: &str = "Intro";
pub fn theme(name: impl Display) -> String {
    format!("Theme: {name}")
}
pub const CLUSTER: &str = "Cluster";
pub const TOPOLOGY: &str = "Topology";
pub const ACK: &str = "Ack";
pub const CUSTOM: &str = "Custom";
pub const OWN_RULE: &str = "Own rule";
pub const CHAPTERS_CODE: &str = "Chapter's code";
pub const TRY_MAJORITY: &str = "Try Majority";
pub const LESSONS: &str = "Lessons";
pub const LESSONS_KEY: &str = "Lessons (N)";
pub const SCENARIOS: &str = "Scenarios";
pub const SCENARIOS_KEY: &str = "Scenarios and files (O)";
pub const COMPARE: &str = "Compare";
pub const COMPARE_KEY: &str = "Look at another run beside this one (C)";
pub const SHARE: &str = "Share";
pub const SHARE_TITLE: &str = "A link that leads to this instant, and files";
pub const KEYS_AND_SETTINGS_KEY: &str = "Keys and settings (?)";
pub const KEYS_AND_SETTINGS: &str = "Keys and settings";
pub const LEAVE_THE_INTRODUCTION: &str = "Leave the introduction for a sandbox";
pub const SANDBOX: &str = "Sandbox";
pub const SKIP: &str = "Skip";
pub const FIRST_LESSON: &str = "First lesson";
pub const TIME_WAITS: &str = "time waits";
pub const TIME_WAITS_TITLE: &str = "Time waits while you read. Space goes on.";
pub const STOP_RECORDING: &str = "Stop recording";
pub const STOP_HERE: &str = "Stop here";
pub const OPEN_FULL: &str = "Open full";
pub const PAUSE: &str = "Pause";
pub const REPLAY: &str = "Replay";
pub const PLAY: &str = "Play";
pub fn play_key(name: impl Display) -> String {
    format!("{name} (Space)")
}
pub fn take_back_key(name: impl Display) -> String {
    format!("Take back: {name} (Ctrl+Z)")
}
pub fn take_back(name: impl Display) -> String {
    format!("Take back: {name}")
}
pub fn do_again_key(name: impl Display) -> String {
    format!("Do again: {name} (Ctrl+Shift+Z)")
}
pub fn do_again(name: impl Display) -> String {
    format!("Do again: {name}")
}
pub const COMMAND_KEY: &str = "Type any command (:)";
pub const COMMAND: &str = "Command";
pub const TRANSPORT: &str = "Transport";
pub const LIVE: &str = "LIVE";
pub const LIVE_KEY: &str = "To the newest instant (End)";
pub const TO_THE_START: &str = "To the start";
pub const PREVIOUS_EVENT: &str = "Previous event";
pub const NEXT_EVENT: &str = "Next event";
pub const SLOWER: &str = "Slower";
pub const FASTER: &str = "Faster";
pub const SPEED: &str = "Speed";
pub fn held_back(speed: impl Display) -> String {
    format!("running at {speed}x of asked")
}
pub const PASSING_IDLE_TIME: &str = "8x, nothing under way";
pub const BRANCH: &str = "Branch";
pub const WHICH_FUTURE: &str = "Which future";
pub const BRANCHES_KEY: &str = "Name, compare or delete branches (B)";
pub const BRANCHES: &str = "Branches";
pub fn and_epoch(epoch: impl Display) -> String {
    format!(", epoch {epoch}")
}
pub fn and_paused(server: impl Display) -> String {
    format!(", {server} paused")
}
pub fn and_down(server: impl Display) -> String {
    format!(", {server} down")
}

// app/panel/dialog.rs

pub const CLOSE: &str = "Close";

// app/panel/drawer.rs

pub const DETAILS: &str = "Details";

// app/ui.rs

pub const SPACE_TIME: &str = "Space-time";
pub const TABLE: &str = "Table";
pub const METRICS: &str = "Metrics";
pub const LOG: &str = "Log";
pub const TRADE_OFFS: &str = "Trade-offs";
