//! What a run proves and what it measures: invariants, distributions, the report.

mod histogram;
mod measures;
mod report;

pub use histogram::{Distribution, Summary};
pub use measures::{Failover, Lag, Measures};
pub use report::{Report, report};
