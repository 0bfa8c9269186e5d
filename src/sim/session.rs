//! What clients do: send, choose whom to ask, wait, give up. Workloads send through the same door.

use std::cmp::Reverse;

use crate::base::{ClientId, KeyId, NodeId, OpId};
use crate::data::{Change, Value};
use crate::node::{Fact, Message, Node, Reason, Request, Told, View};

use super::ledger::Outcome;
use super::queue::Event;
use super::record::{NO_CAUSE, Record};
use super::world::{Telling, World};

impl World {
    /// A workload's operation is due.
    pub(super) fn arrive(&mut self, take: &mut dyn FnMut(Record), number: u32) {
        let Some(workload) = self.workloads.get_mut(number as usize) else {
            return;
        };
        let client = workload.client;
        let (reads, key) = workload.choose(self.luck, number);
        workload.sent += 1;
        if let Some(at) = workload.advance(self.luck, number) {
            self.queue.push(at, Event::Arrival(number));
        }
        let request = if reads {
            Request::Read { key, after: None, select: None }
        } else {
            let value = Value::Number(self.ledger.ops.len() as i64);
            self.write_request(key, Change::Put(value))
        };
        self.submit(&mut Telling::new(take, NO_CAUSE), client, request, None);
    }

    /// A write's request, with what it takes in a log.
    ///
    /// MariaDB 10.11 wrote 307 bytes for the update of one row of about 31, before and after image
    /// included: 245 around the images.
    pub(super) fn write_request(&self, key: KeyId, change: Change) -> Request {
        let row = self.names.text(key).len() as u32 + change.bytes();
        Request::Write { key, change, bytes: 245 + 2 * row, seen: None, local: false }
    }

    /// A client sends an operation, or learns at once that there is nobody to ask.
    pub(super) fn submit(
        &mut self,
        telling: &mut Telling,
        client: ClientId,
        request: Request,
        to: Option<NodeId>,
    ) -> OpId {
        let request = match request {
            Request::Read { key, after, select } => {
                let asked = after.and_then(|after| match after.view {
                    View::At(moment) => Some(moment),
                    View::Newest | View::Latest => None,
                });
                Request::Read { key, after: self.token_of(client, asked), select }
            }
            Request::Write { key, change, bytes, local, .. } => {
                let seen = self.context_of(client, key, &change);
                Request::Write { key, change, bytes, seen, local }
            }
        };
        let is_write = matches!(request, Request::Write { .. });
        let target = to.or_else(|| match &request {
            Request::Write { .. } => self.writer_for(client),
            Request::Read { after, .. } => self.reader_for(client, after.as_deref()),
        });
        let op = self.ledger.open(client, request, (target, to.is_some()), self.now);
        let Some(target) = target else {
            let reason = if is_write { Reason::NoPrimary } else { Reason::NoServer };
            self.tell_client(telling, client, op, Told::Refused(reason));
            return op;
        };
        self.tell(telling, client.into(), Fact::Sent { op, to: target });
        self.send(telling.cause, client.into(), target.into(), Message::Request(op));
        let actor = &mut self.clients[client.index()];
        actor.pending.push_back(op);
        if actor.pending.len() == 1 {
            self.queue.push(self.now + actor.timeout.0, Event::Patience(client));
        }
        op
    }

    /// The server a client's writes go to: of the primaries its home can reach, or if there is none
    /// of all, one of the newest epoch, its home before others. Simplification: clients learn at
    /// once who leads on their side.
    pub(super) fn writer_for(&self, client: ClientId) -> Option<NodeId> {
        let home = self.clients[client.index()].home;
        let near = |node: &Node| node.id == home || self.network.breach.reaches(home, node.id);
        let primaries = || self.nodes.iter().filter(|node| node.is_primary());
        let rank = |node: &&Node| (near(node), node.disk.epoch, node.id == home, Reverse(node.id));
        primaries().max_by_key(rank).map(|node| node.id)
    }

    /// A client gives up on what has been unanswered for too long.
    pub(super) fn lose_patience(&mut self, take: &mut dyn FnMut(Record), client: ClientId) {
        loop {
            let actor = &mut self.clients[client.index()];
            let (timeout, Some(op)) = (actor.timeout.0, actor.pending.front().copied()) else {
                return;
            };
            let Some(booked) = self.ledger.op(op) else {
                return;
            };
            let waits = booked.outcome == Outcome::Pending;
            let overdue_at = booked.sent_at + timeout;
            if waits && overdue_at > self.now {
                self.queue.push(overdue_at, Event::Patience(client));
                return;
            }
            actor.pending.pop_front();
            if waits {
                self.tell_client(&mut Telling::new(take, NO_CAUSE), client, op, Told::TimedOut);
            }
        }
    }
}
