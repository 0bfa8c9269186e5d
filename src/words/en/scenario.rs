//! Scenarios and files: gallery, editor, settings, command line, sharing.

use std::fmt::Display;

// app/panel/cluster.rs

pub fn change(word: impl Display) -> String {
    format!("Change {word}")
}
pub const SET: &str = "set";
pub const CLIENT: &str = "Client";
pub const WORKLOAD: &str = "Workload";
pub fn seed(seed: impl Display) -> String {
    format!("seed {seed}")
}
pub const SERVERS: &str = "Servers";
pub const NETWORK: &str = "Network";

// app/panel/command.rs

pub const EXAMPLE_COMMAND: &str = "crash = \"n1\"";
pub const RUN: &str = "Run";
pub const CLOSE: &str = "Close";
pub const COMMAND: &str = "Command";
pub fn column(column: impl Display) -> String {
    format!("Column {column}: ")
}

// app/panel/gallery.rs

pub fn not_opened(why: impl Display) -> String {
    format!("It was not opened. {why}")
}
pub fn browser_could_not_read(name: impl Display) -> String {
    format!("{name}, the browser could not read it")
}
pub const OPEN_A_FILE: &str = "Open a file\u{2026}";
pub const GO_ON_EDITING: &str = "Go on editing";
pub const EDIT_THIS_RUN: &str = "Edit this run";
pub const SAVE_THIS_RUN: &str = "Save this run";
pub const SCENARIOS: &str = "Scenarios";
pub const COPY_LINK: &str = "Copy link";
pub const FILE_CAN_BE_DROPPED: &str = "A file can also be dropped anywhere on the page.";

// app/panel/parts.rs

pub const DRAWS_A_STREAM: &str = "draws a stream";
pub const MOVES_IT_THERE: &str = "moves it there";
pub const DRAGGING: &str = "Dragging a server onto another";
pub const CHANGE: &str = "Change";
pub const ALL_RULES: &str = "All rules";
pub const THE_CLUSTERS_RULES: &str = "the cluster\u{2019}s rules";
pub const EVERY_LINK: &str = "every link";
pub fn server(id: impl Display) -> String {
    format!("server {id}")
}
pub fn workload_of(number: impl Display, client: impl Display) -> String {
    format!("workload {number} of {client}")
}
pub fn link(from: impl Display, to: impl Display) -> String {
    format!("link {from} \u{2192} {to}")
}
pub const CONNECT_TO: &str = "Connect to\u{2026}";
pub const MOVE_BELOW: &str = "Move below\u{2026}";
pub const ADD_A_FOLLOWER: &str = "Add a follower";
pub const ADD_A_CLIENT: &str = "Add a client";
pub const ADD_A_WORKLOAD: &str = "Add a workload";
pub const ADD_A_SERVER: &str = "Add a server";
pub fn remove(id: impl Display) -> String {
    format!("Remove {id}")
}
pub const DISCONNECT: &str = "Disconnect";
pub const REMOVE: &str = "Remove";

// app/panel/script.rs

pub const ABOUT_SCRIPT: &str = "Choose or drag on the picture, or type. Delete removes, Ctrl+Z \
     takes back, Ctrl+Enter runs it.";
pub const TAKE_BACK: &str = "Take back";
pub const RUN_IT: &str = "Run it";
pub const THE_RUN_AS_IT_IS: &str = "The run as it is";
pub const ALL_SCENARIOS: &str = "All scenarios";
pub fn choose_follower(own: impl Display) -> String {
    format!("Choose the server that is to follow {own}.")
}
pub fn choose_source(own: impl Display) -> String {
    format!("Choose the server that {own} is to follow.")
}
pub fn not_changed(why: impl Display) -> String {
    format!("It was not changed. {why}.")
}
pub const CHECKING: &str = "Checking\u{2026}";
pub fn can_be_run(nodes: impl Display, clients: impl Display, commands: impl Display) -> String {
    format!("It can be run. Servers: {nodes}, clients: {clients}, commands: {commands}.")
}
pub fn no_write_reaches(servers: impl Display) -> String {
    format!(" No write reaches {servers}.")
}
pub fn go_to_line(line: impl Display) -> String {
    format!("Go to line {line}")
}
pub const AS_TOML: &str = "The scenario as TOML";

// app/panel/share.rs

pub const LINK: &str = "Link";
pub const ABOUT_LINK: &str = "opens this run at this instant, anywhere";
pub const SCENARIO: &str = "Scenario";
pub const ABOUT_SCENARIO: &str = "everything needed to run it again, what was done here included";
pub const REPORT: &str = "Report";
pub const ABOUT_REPORT: &str = "what the run comes to by now, guarantees included";
pub const HISTORY: &str = "History";
pub const ABOUT_HISTORY: &str = "what clients did and heard, for Jepsen's checkers";
pub const STAGE: &str = "Stage";
pub const ABOUT_STAGE: &str = "the picture as it is now";
pub const VIDEO: &str = "Video";
pub const ABOUT_VIDEO: &str =
    "the stage while the run plays, until it stops; this can be closed meanwhile";
pub const STOP: &str = "Stop";
pub const STOP_THE_RECORDING: &str = "Stop the recording and save it";
pub const RECORD_THE_STAGE: &str = "Record the stage as WebM";
pub const SPACE_TIME: &str = "Space-time";
pub const ABOUT_SPACE_TIME: &str = "every message so far";
pub fn save_as(of: impl Display, name: impl Display) -> String {
    format!("Save the {of} as {name}")
}
