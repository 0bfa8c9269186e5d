//! Certification: under the rule `reject` one server judges all writes, in one order for all, as
//! MySQL's group replication does by its total order. A write goes to it with what its own server
//! had; if the key has changed since, it is refused and changes nothing anywhere.
//!
//! Simplification: the judge is the lowest-numbered primary, up or down, where group replication
//! orders by consensus; it logs and answers what it lets through itself; writes that wait for one
//! another at a row lock are judged like all others. The kernel hands it each write once: one that
//! was let through would stand in its own way, and an increment would count twice.

use std::rc::Rc;

use crate::base::{KeyId, NodeId, OpId};
use crate::data::{Gtid, GtidSet};

use super::fact::{Fact, Told};
use super::message::{Message, Request};
use super::reason::Reason;
use super::state::{Cx, Node, Unflushed};

impl Node {
    /// Sends a client's write to the server that judges all; false if this is it, or there is none.
    pub(super) fn passes_on(&self, cx: &mut Cx, op: OpId) -> bool {
        let Some(judge) = cx.judge.filter(|judge| *judge != self.id) else {
            return false;
        };
        cx.tell(Fact::Passed { op, to: judge });
        let had = Rc::new(self.disk.applied.clone());
        cx.send(judge, Message::Certify { op, had });
        true
    }

    /// A write of another server's client has come to be judged.
    pub fn on_certify(
        &mut self,
        cx: &mut Cx,
        from: NodeId,
        op: OpId,
        request: &Request,
        had: &GtidSet,
    ) {
        let Request::Write { key, change, .. } = request else {
            debug_assert!(false, "only writes of {from} are judged");
            return;
        };
        if self.is_primary() && change.is_whole() && self.changed_since(*key, had) {
            self.refuse(cx, op, Reason::Conflict);
        } else {
            self.on_request(cx, op, request);
        }
    }

    /// Whether a key has a change, visible or on its way, that is not in this set.
    fn changed_since(&self, key: KeyId, had: &GtidSet) -> bool {
        let row = self.disk.store.row(key).and_then(|row| row.entry.as_ref());
        let lacks = |gtid: Gtid| !had.contains(gtid);
        row.is_some_and(|entry| lacks(entry.gtid))
            || self.waiting_on(key).any(|(_, entry)| lacks(entry.gtid))
            || self.memory.unflushed.iter().any(|unflushed| match unflushed {
                Unflushed::Own { key: other, .. } => *other == key,
                Unflushed::Foreign { .. } => false,
            })
    }

    /// Turns an operation down.
    pub(super) fn refuse(&self, cx: &mut Cx, op: OpId, reason: Reason) {
        cx.tell(Fact::Refused { op, reason });
        cx.reply(op, Told::Refused(reason));
    }
}
