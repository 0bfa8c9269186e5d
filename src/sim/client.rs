//! A client: where it stands, whom it asks, how long it waits.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::base::{ClientId, Delay, KeyId, NodeId, OpId, SimTime, Span};
use crate::data::{Gtid, GtidSet};
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
    /// What it knows of keys, where rules for concurrent changes ask for it.
    pub known: Vec<Known>,
    /// How many reads it has sent, which numbers the draws for their targets.
    pub reads: u32,
    /// Operations sent and perhaps not yet answered, oldest first.
    pub pending: VecDeque<OpId>,
}

/// What a client knows of a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Known {
    /// Which key.
    pub key: KeyId,
    /// What the latest answer contained.
    pub seen: Rc<GtidSet>,
    /// Its own writes acknowledged since, oldest first.
    pub own: Vec<Gtid>,
}

/// The most own writes that a client knows it has sent since it last read a key.
///
/// Simplification: a write may stand beside one that its client sent this many writes before.
const OWN_MAX: usize = 32;

impl Known {
    /// Takes in an own write.
    pub(super) fn wrote(&mut self, gtid: Gtid) {
        self.own.push(gtid);
        if self.own.len() > OWN_MAX {
            self.own.remove(0);
        }
    }
}

impl Client {
    /// What it knows of a key, to change.
    pub(super) fn known_mut(&mut self, key: KeyId) -> &mut Known {
        let at = self.known.binary_search_by(|known| known.key.cmp(&key));
        let at = at.unwrap_or_else(|at| {
            self.known.insert(at, Known { key, seen: Rc::default(), own: Vec::new() });
            at
        });
        &mut self.known[at]
    }

    /// Everything it knows of a key; None if nothing.
    pub(super) fn knows(&self, key: KeyId) -> Option<Rc<GtidSet>> {
        let at = self.known.binary_search_by(|known| known.key.cmp(&key)).ok()?;
        let Known { seen, own, .. } = &self.known[at];
        if own.is_empty() {
            return Some(Rc::clone(seen));
        }
        let mut all = GtidSet::clone(seen);
        own.iter().for_each(|gtid| {
            all.insert(*gtid);
        });
        Some(Rc::new(all))
    }

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
            known: Vec::new(),
            reads: 0,
            pending: VecDeque::new(),
        }
    }
}
