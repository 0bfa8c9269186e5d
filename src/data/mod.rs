//! What is replicated: values, the names of changes (GTIDs), the log, and the versioned store.

mod change;
mod gtid;
mod log;
mod reigns;
mod store;
mod value;
mod versions;

pub use change::Change;
pub use gtid::{Gtid, GtidSet};
pub use log::{Log, LogEntry, Slot};
pub use reigns::Reigns;
pub use store::{Row, Store};
pub use value::Value;
pub use versions::{LATEST, Versions};
