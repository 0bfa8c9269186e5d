//! What a run proves and what it measures: invariants, distributions, the report.

pub mod generator;
mod histogram;
mod invariant;
mod measures;
mod report;
mod shrink;
pub mod vopr;

pub use histogram::{Distribution, Summary};
pub use invariant::{Checker, INVARIANTS, Invariant, Violation};
pub use measures::{Failover, Lag, Measures};
pub use report::{Report, report};
