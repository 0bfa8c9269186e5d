//! Bounds on what a scenario may ask for, and on what a run may grow to.

use std::hash::{Hash, Hasher};

use crate::base::Span;
use crate::form::{Field, Fields, may};

/// The most clients.
pub const CLIENTS_MAX: usize = 256;
/// The most workloads.
pub const WORKLOADS_MAX: usize = 256;
/// The most commands in a scenario's list.
pub const COMMANDS_MAX: usize = 100_000;
/// The most keys a run may name.
pub const KEYS_MAX: u32 = 1_000_000;
/// The most operations in one run.
pub const OPS_MAX: usize = 20_000_000;
/// The most messages and timers under way at once.
pub const IN_FLIGHT_MAX: usize = 4_000_000;
/// The most events in one run.
pub const STEPS_MAX: u64 = 200_000_000;
/// The longest run.
pub const UNTIL_MAX: Span = Span::s(24 * 3_600);
/// The longest key or value, in bytes.
pub const TEXT_MAX: usize = 4_096;
/// The widest tree.
pub const FANOUT_MAX: u16 = 16;
/// The fastest workload, per second.
pub const RATE_MAX: u64 = 1_000_000;
/// The most rows of the table at the start.
pub const USERS_MAX: u32 = 1_000_000;
/// The largest scenario file, in bytes.
pub const FILE_MAX: usize = 16 * 1024 * 1024;

/// How large a run may grow before it stops; a scenario may ask for less than the simulator bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Limits {
    /// Messages and timers under way at once.
    pub in_flight: u64,
    /// Events and commands in all.
    pub steps: u64,
    /// Operations of all clients.
    pub ops: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { in_flight: IN_FLIGHT_MAX as u64, steps: STEPS_MAX, ops: OPS_MAX as u64 }
    }
}

impl Hash for Limits {
    /// The simulator's own limits add nothing: a run that nobody limits keeps its digest.
    fn hash<H: Hasher>(&self, state: &mut H) {
        if *self != Limits::default() {
            (self.in_flight, self.steps, self.ops).hash(state);
        }
    }
}

impl Fields for Limits {
    fn blank() -> Limits {
        Limits::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![
            may("in_flight", &mut self.in_flight),
            may("steps", &mut self.steps),
            may("ops", &mut self.ops),
        ]
    }
}
