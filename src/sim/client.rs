//! A client: where it stands, whom it asks, how long it waits.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::base::{ClientId, Delay, NodeId, OpId, SimTime, Span};
use crate::data::GtidSet;
use crate::policy::ReadPolicy;

use super::scenario::ClientSpec;

/// A client as an actor in the world.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Client {
    /// Which.
    pub id: ClientId,
    /// Its name.
    pub name: Rc<str>,
    /// The server it stands beside.
    pub home: NodeId,
    /// One-way time to its home.
    pub latency: Delay,
    /// Where its reads go.
    pub read: ReadPolicy,
    /// How long it waits.
    pub timeout: Span,
    /// How long its reads may wait at a server.
    pub wait: Span,
    /// Its own acknowledged writes and all before them, if its reads carry them.
    pub written: GtidSet,
    /// What it has read and all before that, if its reads carry it.
    pub seen: GtidSet,
    /// The snapshot its reads see; None before its first, and where its rule asks for none.
    pub snapshot: Option<SimTime>,
    /// How many reads it has sent, which numbers the draws for their targets.
    pub reads: u32,
    /// Operations sent and perhaps not yet answered, oldest first.
    pub pending: VecDeque<OpId>,
}

impl Client {
    /// A client that has done nothing yet.
    pub fn new(id: ClientId, spec: &ClientSpec) -> Client {
        let ClientSpec { id: name, home, latency, read, timeout, wait } = spec;
        Client {
            id,
            name: name.as_str().into(),
            home: *home,
            latency: latency.clone(),
            read: *read,
            timeout: *timeout,
            wait: *wait,
            written: GtidSet::default(),
            seen: GtidSet::default(),
            snapshot: None,
            reads: 0,
            pending: VecDeque::new(),
        }
    }
}
