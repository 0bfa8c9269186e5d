//! What is replicated: values, the names of changes (GTIDs), the log, the versioned store, and the
//! table of SQL statements.

mod change;
mod gtid;
mod log;
pub mod ot;
mod reigns;
mod row;
pub mod sql;
mod store;
pub mod table;
mod value;
mod versions;

pub use change::Change;
pub use gtid::{Gtid, GtidSet};
pub use log::{Log, LogEntry, Slot};
pub use ot::Step;
pub use reigns::Reigns;
pub use row::{Beside, Cell, Row, Sort};
pub use store::Store;
pub use value::Value;
pub use versions::{LATEST, Versions};
