//! The kernel: what a scenario says, what can be commanded, and the world that follows from both.
//!
//! `World` is a plain value. Its state at an instant is a function of the configuration, the seed
//! and the commands up to that instant; nothing else goes in.

mod amend;
mod asking;
mod bandwidth;
mod breach;
mod chapter;
mod client;
mod command;
mod control;
mod durability;
mod lag;
mod ledger;
mod master;
mod members;
mod names;
mod network;
mod operate;
mod queue;
mod react;
mod reading;
mod record;
mod scenario;
mod servers;
mod session;
mod sql_command;
mod stamped;
mod validate;
mod workload;
mod world;

pub use amend::{IncrementCommand, TextDeleteCommand, TextInsertCommand};
pub use asking::{DeleteCommand, ReadCommand};
pub use bandwidth::Bandwidth;
pub use breach::Breach;
pub use client::Client;
pub use command::{
    ClockCommand, Command, CutCommand, DialsCommand, PartitionCommand, WriteCommand, Yes,
};
pub use durability::{Durability, Judge, Standings, standings_form};
pub use lag::{Behind, Whereabouts, behind, behind_source_us, staleness_us};
pub use ledger::{Ledger, Op, Outcome, Staleness, Version};
pub use names::Names;
pub use network::{Link, LinkDials, Network, Traffic};
pub use operate::{AddCommand, RepointCommand};
pub use queue::{Envelope, Event, Queue};
pub use record::{NO_CAUSE, Record};
pub use scenario::{
    Arrivals, ClientSpec, Cluster, LinkSpec, NetworkSpec, NodeSpec, Rate, Scenario, Skew,
    WorkloadSpec, limits,
};
pub use sql_command::SqlCommand;
pub use stamped::Stamped;
pub use validate::{Problem, validate, validate_command};
pub use world::World;
