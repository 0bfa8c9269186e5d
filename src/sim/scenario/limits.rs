//! Bounds on what a scenario may ask for.

use crate::base::Span;

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
