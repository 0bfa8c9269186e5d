//! Chain replication at one server: the tail answers, acknowledgements travel to the head, and what
//! a server has sent on and the tail has not acknowledged is its log less `acked`.
//!
//! Hist_i of the paper is the log, Sent_i the part of it that is not in `acked` (OSDI 2004, 3.1).

use std::rc::Rc;

use crate::base::{KeyId, Lsn, NodeId, OpId, Span, gathered};
use crate::data::{Gtid, GtidSet, LogEntry};

use super::fact::{Fact, Told};
use super::message::{After, View};
use super::state::{Cx, Effect, Node, Waiting};

/// How long a read may wait at a tail that has not yet applied what the one before it had.
const PATIENCE: Span = Span::s(5);

impl Cx<'_> {
    /// Whether the chain is proper.
    pub(super) fn is_proper(&self) -> bool {
        !self.chain.is_empty()
    }

    fn is_tail(&self, node: &Node) -> bool {
        self.chain.last() == Some(&node.id)
    }
}

impl Node {
    /// Whether it keeps silent about what it has, because only the tail acknowledges.
    pub(super) fn leaves_acks_to_tail(&self, cx: &Cx) -> bool {
        cx.is_proper() && !cx.is_tail(self)
    }

    /// A head has a write on disk: it is in its history at once, and the tail will answer.
    pub(super) fn pass_down(&mut self, cx: &mut Cx, write: Waiting) {
        let met = self.make_visible(cx, write.lsn);
        self.prune_at(cx, write.lsn);
        self.settle_table(cx);
        Node::tell_met(cx, write.op, Gtid { origin: self.id, seq: write.seq }, met);
        if !cx.is_tail(self) {
            self.memory.waiting.push_back(write);
        }
    }

    /// Every server of the chain has the entry at this position by now, if this is the tail.
    pub(super) fn commit_at_tail(&mut self, cx: &mut Cx, lsn: Lsn) {
        let entry = self.disk.log.get(lsn).map(|slot| Rc::clone(&slot.entry));
        if let Some(entry) = entry.filter(|_| cx.is_tail(self)) {
            self.commit_entry(cx, &entry);
        }
    }

    fn commit_entry(&mut self, cx: &mut Cx, entry: &LogEntry) {
        let LogEntry { op, gtid, written_at, .. } = *entry;
        if self.disk.acked.insert(gtid) {
            cx.tell(Fact::Committed { op, gtid, accepted_at: written_at, degraded: false });
            cx.reply(op, Told::Ok);
        }
    }

    /// Is the tail from now on. What `committed` names, the tail before it has answered; what it
    /// has itself it answers now, for every server before it has that too. It answers no read
    /// before it has applied all of both.
    pub fn take_over(&mut self, cx: &mut Cx, committed: &GtidSet) {
        cx.tell(Fact::TookOver);
        self.disk.acked.extend(committed);
        self.disk.owes = self.disk.log.gtids().clone();
        self.disk.owes.extend(committed);
        let through = self.disk.applied_through;
        let held = self.disk.log.iter().take_while(|(lsn, _)| *lsn < through);
        let unanswered = held.filter(|(_, slot)| !self.disk.acked.contains(slot.entry.gtid));
        let entries: Vec<Rc<LogEntry>> = gathered(unanswered.map(|(_, slot)| slot.entry.clone()));
        entries.iter().for_each(|entry| self.commit_entry(cx, entry));
        self.memory.waiting.clear();
        let sources = self.disk.sources.clone();
        for source in sources {
            self.acknowledge_again(cx, source, cx.rules.ack.point);
        }
    }

    /// Is no longer the tail: says what it has answered, and counts as answered by the next only
    /// what that has.
    pub fn hand_on(&mut self, have: &GtidSet) -> GtidSet {
        let both = self.disk.acked.iter().filter(|gtid| have.contains(*gtid)).collect();
        std::mem::replace(&mut self.disk.acked, both)
    }

    /// Whether it stands before another in a proper chain, and so has at least as much.
    pub(super) fn precedes(&self, cx: &Cx, other: NodeId) -> bool {
        let mut chain = cx.chain.iter();
        chain.by_ref().any(|node| *node == self.id) && chain.any(|node| *node == other)
    }

    /// What a read must wait for because this tail has not long been it; None if nothing.
    pub(super) fn owed(&mut self, cx: &Cx) -> Option<Rc<After>> {
        if self.disk.owes.is_empty() || !cx.is_tail(self) {
            return None;
        }
        if self.disk.owes.first_missing_from(&self.disk.applied).is_none() {
            self.disk.owes = GtidSet::default();
            return None;
        }
        let gtids = self.disk.owes.clone();
        Some(Rc::new(After { gtids, patience: PATIENCE, view: View::Latest }))
    }

    /// A head that has not heard a server of its chain for too long has the chain close over it.
    pub(super) fn mind_chain(&mut self, cx: &mut Cx, patience: Span) {
        for node in cx.chain.iter().copied().filter(|node| *node != self.id) {
            let heard = self.memory.election.answered(node);
            if heard.is_none_or(|at| cx.now >= at + patience.0) {
                cx.tell(Fact::Excluded(node));
                cx.effects.push(Effect::Exclude(node));
            }
        }
    }

    /// A query that takes its time is begun.
    pub(super) fn on_query(&mut self, cx: &mut Cx, op: OpId) {
        if let Some(at) = self.memory.queries.iter().position(|(other, ..)| *other == op) {
            let (op, key, after): (OpId, KeyId, Option<Rc<After>>) = self.memory.queries.remove(at);
            self.begin_read(cx, op, key, after.as_ref());
        }
    }
}
