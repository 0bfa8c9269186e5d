//! The stage itself, the timeline and the space-time diagram.

use std::fmt::Display;

// app/loom.rs

pub fn space_time_label(lanes: impl Display) -> String {
    format!(
        "Space-time diagram, {lanes} lanes. Arrow keys go from event to event, Enter goes there."
    )
}
pub const SENT: &str = "Sent";
pub const ARRIVED: &str = "Arrived";
pub const WHAT_HAPPENED: &str = "What happened";
pub const THE_NEWEST_MESSAGES: &str = "The newest messages";

// app/root/mod.rs

pub const STAGE: &str = "Stage";
pub const REPLICASCOPE: &str = "Replicascope";
pub const SKIP_TO_THE_STAGE: &str = "Skip to the stage";

// app/root/way.rs

pub fn on_the_way(to: impl Display, percent: u64) -> String {
    format!("Simulating up to {to}: {percent} %")
}

// app/sight.rs

pub const TIME_SHOWN: &str = "Time shown";
pub const SHORTER: &str = "A shorter stretch of time (+)";
pub const LONGER: &str = "A longer stretch of time (-)";
pub const ALL_OF_THE_RUN: &str = "All of the run (0)";
pub const FOLLOW: &str = "Follow";
pub const FOLLOW_THE_PLAYHEAD: &str = "Go with the playhead";

// app/stage/mod.rs

pub const ZOOM: &str = "Zoom";
pub const LOOK_CLOSER: &str = "Look closer";
pub const LOOK_FROM_FARTHER_AWAY: &str = "Look from farther away";
pub const SHOW_ALL_OF_IT: &str = "Show all of it";

// app/tape.rs

pub fn other_branch(name: impl Display) -> String {
    format!("In grey: branch {name}. Click it to go back to it.")
}
pub const TIMELINE: &str = "Timeline";
