//! What the rules come to.

// policy/ack.rs

pub const ASYNC: &str =
    "The client hears ok as soon as the primary has the write. Replicas follow later.";
pub const SEMI_SYNC: &str =
    "One replica must have received the write; after 10 s, nobody is waited for.";
pub const QUORUM: &str =
    "More than half of the servers, the primary included, must have the write on disk.";
pub const SYNC: &str = "Every replica must have the write on disk; one that is down blocks.";
