//! One server, sans-I/O: it is handed messages and timers, and answers with effects.
//!
//! A write meets the files in this order: `write -> ship -> apply -> ack`. `resolve` is where
//! concurrent changes meet. `stream` keeps a
//! follower connected to its source, `role` changes who leads, `election` decides when. Nothing
//! here knows the network, the clients' sessions or any other server's state. A crash is
//! `memory = Memory::default()`.

mod ack;
mod apply;
mod certify;
mod chain;
mod chapter;
mod election;
mod fact;
mod message;
mod read;
mod resolve;
mod role;
mod seed;
mod ship;
mod sql;
mod state;
mod stream;
mod subject;
mod under_way;
mod view;
mod write;

pub use chapter::Call;
pub use election::{Election, Stage};
pub use fact::{Fact, Limit, LoggedAs, Loss, Reason, Told};
pub use message::{
    After, Class, Entries, HEADER_BYTES, Kind, Message, Request, Standing, Verdict, View, Want,
};
pub use state::{
    Cx, Disk, Downstream, Effect, Memory, Node, NodeDials, Role, Status, Timer, Unflushed,
    Upstream, Waiting, WaitingRead,
};
pub use subject::Subject;
pub use under_way::UnderWay;
