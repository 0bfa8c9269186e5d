//! What the page says on its own account: notices, announcements, alarms.

use std::fmt::Display;

// app/act.rs

pub fn scenarios_not_fetched(why: impl Display) -> String {
    format!("The scenarios could not be fetched: {why}.")
}
pub const LINK_COPIED: &str = "Link copied: it leads to this very instant.";
pub const ADDRESS_LEADS_HERE: &str = "The page's address now leads to this very instant: copy it.";
pub const TOO_OLD_FOR_LINKS: &str =
    "This browser is too old to make links: save the scenario instead.";
pub const NOBODY_COPIES: &str = "The browser lets nobody copy: save the report instead.";
pub fn done(text: impl Display) -> String {
    format!("Done: {text}")
}

// app/announce.rs

pub const EVERYTHING: &str = "every event";
pub const SURPRISES: &str = "surprises";
pub const NOTHING: &str = "nothing";
pub fn step_of(number: impl Display, known: impl Display, happened: impl Display) -> String {
    format!("Step {number} of {known}. {happened}")
}
pub fn step(number: impl Display, happened: impl Display) -> String {
    format!("Step {number}. {happened}")
}
pub fn and_more(surplus: impl Display) -> String {
    format!(" And {surplus} more.")
}

// app/browser.rs

pub const HOST_IS_SILENT: &str = "the host does not answer";
pub fn host_answers(status: impl Display) -> String {
    format!("the host answers with {status}")
}

// app/export.rs

pub const NO_STAGE: &str = "There is no stage to save.";
pub const CANNOT_DRAW: &str = "The browser cannot draw it.";
pub const NOBODY_SAVES: &str = "The browser lets nobody save files here.";
pub fn saved_as(name: impl Display) -> String {
    format!("Saved as {name}.")
}

// app/memory.rs

pub fn ignored(error: impl Display) -> String {
    format!("Ignored: {error}.")
}

// app/panel/alarm.rs

pub fn alarm_report(
    version: impl Display,
    rule: impl Display,
    at_us: impl Display,
    scenario: impl Display,
) -> String {
    format!(
        "# Replicascope {version}: {rule}\n# At {at_us} us. Open this file to see it \
         happen.\n{scenario}"
    )
}
pub fn broke_a_rule(at: impl Display) -> String {
    format!("The simulation broke a rule at {at}, and stands still. ")
}
pub const COPY_REPORT: &str = "Copy report";
pub const SAVE_REPORT: &str = "Save report";
pub const GO_ON_ANYWAY: &str = "Go on anyway";
pub const TAKE_BACK: &str = "Take back";
pub const AT_A_LIMIT: &str = "The run has come to a limit. ";
pub const GO_BACK_A_SECOND: &str = "Go back a second";

// app/record.rs

pub const RECORDER_NOT_FETCHED: &str =
    "The recorder could not be fetched: try again with a network.";
/// Before there is anything to say of it.
pub const RECORDING: &str = "Recording\u{2026}";

// app/root/hands.rs

pub const SELECT_A_NODE_FIRST: &str = "Select a node first.";
