//! Time travel: a run recorded, so that every instant can be returned to, and files and links from
//! which the same run follows. Only the scenario is truth; everything else is cache.

mod branches;
mod run;
mod trace;

pub use branches::{BRANCHES_MAX, Branch, Branches};
pub use run::{Moment, Recording};
pub use trace::Trace;
