//! A follower and its source: connecting, asking again, and every message between them.

use std::rc::Rc;

use crate::base::{Epoch, Lsn, NodeId};
use crate::data::{Gtid, GtidSet, Log};

use super::fact::Fact;
use super::message::{Copy, Message, Want};
use super::state::{Cx, Node, Timer, Upstream};

impl Node {
    /// A message from another server.
    pub fn on_message(&mut self, cx: &mut Cx, from: NodeId, message: Message) {
        match message {
            Message::Append { epoch, generation, first, entries } => {
                if self.accepts(cx, from, epoch) && self.knows(cx, from, generation) {
                    self.on_entries(cx, from, first, &entries);
                }
            }
            Message::Ack { of, gtid, point, position } => {
                self.on_ack(cx, from, of, gtid, point, position)
            }
            Message::Heartbeat { epoch, generation, end } => {
                if self.accepts(cx, from, epoch) {
                    self.on_heartbeat(cx, from, generation, end);
                }
            }
            Message::Status { generation, position } => {
                self.on_status(cx, from, generation, position)
            }
            Message::Fetch(want) => self.on_fetch(cx, from, want),
            Message::Resume { epoch, generation, position, gtids } => {
                if self.accepts(cx, from, epoch) {
                    self.on_resume(cx, from, generation, position, &gtids);
                }
            }
            Message::Snapshot { epoch, generation, copy } => {
                if self.accepts(cx, from, epoch) {
                    self.on_snapshot(cx, from, generation, &copy);
                }
            }
            Message::Fence(epoch) => self.on_fence(cx, epoch),
            Message::Request(_) | Message::Reply(..) => {
                debug_assert!(false, "servers do not talk to one another as clients");
            }
        }
    }

    /// Whether a source's message is to be listened to; learns of newer epochs on the way.
    fn accepts(&mut self, cx: &mut Cx, from: NodeId, epoch: Epoch) -> bool {
        if epoch < self.disk.epoch {
            cx.tell(Fact::Fenced(epoch));
            cx.send(from, Message::Fence(self.disk.epoch));
            return false;
        }
        let follows = self.disk.sources.contains(&from);
        if epoch > self.disk.epoch {
            self.adopt(cx, epoch);
            if !follows {
                self.follow(cx, from);
            }
            return true;
        }
        if !follows {
            cx.tell(Fact::Ignored);
        }
        follows
    }

    /// Whether positions of this source mean what this server thinks; if not, connects anew.
    fn knows(&mut self, cx: &mut Cx, from: NodeId, generation: u32) -> bool {
        let upstream = self.memory.upstreams.iter().find(|upstream| upstream.node == from);
        let known = upstream.is_some_and(|upstream| upstream.generation == Some(generation));
        if !known {
            cx.tell(Fact::Ignored);
            self.connect(cx, from);
        }
        known
    }

    /// Asks a source for everything not yet here, unless it was asked already.
    pub(super) fn connect(&mut self, cx: &mut Cx, source: NodeId) {
        let have = Rc::new(self.memory.received.clone());
        self.ask(cx, source, Want::After(have));
    }

    /// Asks a source for the entries from the position waited for.
    pub(super) fn fetch_missing(&mut self, cx: &mut Cx, source: NodeId) {
        let upstream = self.memory.upstreams.iter().find(|upstream| upstream.node == source);
        if let Some(expected) = upstream.map(|upstream| upstream.expected) {
            self.ask(cx, source, Want::From(expected));
        }
    }

    fn ask(&mut self, cx: &mut Cx, source: NodeId, want: Want) {
        let Some(upstream) =
            self.memory.upstreams.iter_mut().find(|upstream| upstream.node == source)
        else {
            return;
        };
        if !upstream.fetching {
            upstream.fetching = true;
            cx.send(source, Message::Fetch(want));
            cx.wake(cx.now + cx.rules.keepalive.0, Timer::FetchRetry(source));
        }
    }

    /// A request may have gone astray: ask again.
    pub(super) fn on_fetch_retry(&mut self, cx: &mut Cx, source: NodeId) {
        let Some(upstream) =
            self.memory.upstreams.iter_mut().find(|upstream| upstream.node == source)
        else {
            return;
        };
        if !std::mem::take(&mut upstream.fetching) {
            return;
        }
        match upstream.generation {
            Some(_) => self.fetch_missing(cx, source),
            None => self.connect(cx, source),
        }
    }

    fn on_heartbeat(&mut self, cx: &mut Cx, from: NodeId, generation: u32, end: Lsn) {
        cx.tell(Fact::Heartbeat(end));
        let Some(upstream) =
            self.memory.upstreams.iter_mut().find(|upstream| upstream.node == from)
        else {
            return;
        };
        if upstream.generation != Some(generation) {
            return self.connect(cx, from);
        }
        if upstream.expected < end {
            return self.fetch_missing(cx, from);
        }
        upstream.fetching = false;
        let position = upstream.expected;
        cx.send(from, Message::Status { generation, position });
        if let Some(point) = cx.rules.ack.wanted() {
            self.acknowledge_again(cx, from, point);
        }
    }

    fn on_resume(
        &mut self,
        cx: &mut Cx,
        from: NodeId,
        generation: u32,
        position: Lsn,
        gtids: &GtidSet,
    ) {
        cx.tell(Fact::Resumed(position));
        let errant = self.errant(gtids);
        let Some(upstream) =
            self.memory.upstreams.iter_mut().find(|upstream| upstream.node == from)
        else {
            return;
        };
        upstream.fetching = false;
        if errant {
            // Entries that the present reign never had: only a fresh copy gets rid of them.
            upstream.generation = None;
            self.ask(cx, from, Want::Seed);
            return;
        }
        upstream.generation = Some(generation);
        upstream.expected = position;
    }

    /// Whether this follower has entries of an earlier epoch that its source never had.
    fn errant(&self, source_has: &GtidSet) -> bool {
        let deposed = |gtid: Gtid| {
            let mut slots = self.disk.log.iter().map(|(_, slot)| &slot.entry);
            slots.any(|entry| entry.gtid == gtid && entry.epoch < self.disk.epoch)
        };
        !self.is_primary() && self.memory.received.difference(source_has).any(deposed)
    }

    fn on_snapshot(&mut self, cx: &mut Cx, from: NodeId, generation: u32, copy: &Copy) {
        for (_, slot) in
            self.disk.log.iter().filter(|(_, slot)| !copy.gtids.contains(slot.entry.gtid))
        {
            if slot.entry.epoch < self.disk.epoch {
                cx.tell(Fact::Discarded { op: slot.entry.op, gtid: slot.entry.gtid });
            }
        }
        self.disk.store = copy.store.clone();
        self.disk.applied = copy.gtids.clone();
        self.disk.applied_through = copy.lsn;
        self.disk.applied_ahead.clear();
        let own_generation = self.disk.log.generation + 1;
        self.disk.log = Log::after_snapshot(own_generation, copy.lsn, copy.gtids.clone());
        // Workers at work on entries of the old log must not touch the new one.
        self.boots += 1;
        self.memory.received = copy.gtids.clone();
        self.memory.unflushed.clear();
        self.memory.flushing = 0;
        self.memory.ship_armed = false;
        self.memory.ack_timer = false;
        self.memory.waiting.clear();
        self.memory.busy = 0;
        self.memory.next_apply = copy.lsn;
        self.memory.relayed.clear();
        cx.tell(Fact::Seeded { lsn: copy.lsn });
        for upstream in self.memory.upstreams.iter_mut() {
            upstream.fetching = false;
            if upstream.node == from {
                upstream.generation = Some(generation);
                upstream.expected = copy.lsn;
            }
        }
        for downstream in &mut self.memory.downstreams {
            downstream.connected = false;
            downstream.keepalive_armed = false;
        }
        self.announce(cx);
        if let Some(point) = cx.rules.ack.wanted() {
            self.acknowledge_again(cx, from, point);
        }
    }
}

impl Upstream {
    /// A source that has not yet said where it continues.
    pub fn new(node: NodeId) -> Upstream {
        Upstream { node, generation: None, expected: 0, fetching: false }
    }
}
