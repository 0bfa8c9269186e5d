//! What is replicated: values, the names of changes (GTIDs), the log, and the versioned store.

mod change;
mod gtid;
mod log;
pub mod ot;
mod reigns;
mod row;
mod store;
mod value;

pub use change::Change;
pub use gtid::{Gtid, GtidSet};
pub use log::{Log, LogEntry, Slot};
pub use ot::Step;
pub use reigns::Reigns;
pub use row::{Beside, Cell, Row, Sort};
pub use store::Store;
pub use value::Value;
