//! Time travel: a run recorded, so that every instant can be returned to, and files and links from
//! which the same run follows. Only the scenario is truth; everything else is cache.

mod base64;
mod branches;
mod builtin;
mod edit;
mod file;
mod link;
mod packed;
mod part;
mod run;
mod snapshot;
mod story;
mod trace;

pub use branches::{BRANCHES_MAX, Branch, Branches, NAME_MAX};
pub use builtin::{BUILTINS, Builtin};
pub use edit::{Edit, edited, unreached};
pub use file::{
    Reader, ScenarioError, adopt, check_length, example, misplaced_in, read_bytes,
    read_live_command, read_scenario, to_json, to_toml,
};
#[cfg(not(target_arch = "wasm32"))]
pub use file::{schema, with_field};
pub use link::{LINK_MAX, Link, LinkError, Sealed, UNPACKED_MAX};
pub use part::{Part, Setting, settings};
pub use run::{Moment, Recording, Replay};
pub use snapshot::{ClientSnapshot, MessageSnapshot, NodeSnapshot, Snapshot};
pub use story::{EVENT_NAMES, Narrator, TraceLine, event_name};
pub use trace::Trace;
