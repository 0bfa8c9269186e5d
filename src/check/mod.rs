//! What a run proves and what it measures: invariants, guarantees, distributions, the report.

mod board;
mod conflicts;
mod course;
mod dice;
pub mod generator;
mod guarantee;
mod histogram;
mod invariant;
mod load;
mod measures;
mod report;
mod shrink;
pub mod statements;
pub mod vopr;
mod written;

pub use board::{Heard, SECOND_US, Vitals, vitals};
pub use conflicts::Conflicts;
pub use course::{Course, Step};
pub use guarantee::{Breach, Guarantee, Guarantees, Verdict, guarantees};
pub use histogram::{Distribution, Summary};
pub use invariant::{Checker, INVARIANTS, Invariant, Violation};
pub use load::{Load, loads};
pub use measures::{Failover, Lag, Measures};
pub use report::{NodeReport, Report, WriteReport, report, report_of};
pub use shrink::smallest;
