//! What is replicated: values, the names of changes (GTIDs), the log, the versioned store, and the
//! table of SQL statements.

mod change;
mod gtid;
mod log;
mod reigns;
pub mod sql;
mod store;
pub mod table;
mod value;
mod versions;

pub use change::Change;
pub use gtid::{Gtid, GtidSet};
pub use log::{Log, LogEntry, Slot};
pub use reigns::Reigns;
pub use store::{Row, Store};
pub use value::Value;
pub use versions::{LATEST, Versions};
