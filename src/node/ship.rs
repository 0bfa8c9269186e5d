//! Sending the log to those who follow, from each one's position. Second duty of four.

use std::rc::Rc;

use crate::base::{Epoch, Lsn, NodeId, Purpose, SimTime};
use crate::policy::{Isolation, Whose};

use super::fact::Fact;
use super::message::{Entries, Message, Want};
use super::state::{Cx, Downstream, Node, Timer};

/// Entries that one message carries at most when a follower catches up.
const BATCH: Lsn = 64;

impl Node {
    /// New entries are on disk: ship them now, or when the sender next wakes.
    pub(super) fn ship_flushed(&mut self, cx: &mut Cx) {
        if cx.rules.ship_delay.is_none() {
            self.ship_all(cx);
        } else if !self.memory.ship_armed && !self.memory.downstreams.is_empty() {
            self.memory.ship_armed = true;
            let nth = u64::from(self.disk.log.end());
            let draw = cx.luck.draw(Purpose::Ship, self.id.0.into(), nth);
            cx.wake(cx.now + cx.rules.ship_delay.sample(draw), Timer::Ship);
        }
    }

    /// The sender takes what waits.
    pub(super) fn on_ship(&mut self, cx: &mut Cx) {
        self.memory.ship_armed = false;
        self.ship_all(cx);
    }

    fn ship_all(&mut self, cx: &mut Cx) {
        for index in 0..self.memory.downstreams.len() {
            self.ship_to(cx, index);
        }
    }

    /// Ships everything from a follower's position on.
    fn ship_to(&mut self, cx: &mut Cx, index: usize) {
        let end = self.disk.log.end();
        let Some(downstream) = self.memory.downstreams.get_mut(index) else {
            return;
        };
        if !downstream.connected || downstream.next >= end {
            return;
        }
        if downstream.next < self.disk.log.first() {
            self.seed_or_say(cx, index);
            return;
        }
        while downstream.next < end {
            let first = downstream.next;
            let count = (end - first).min(BATCH);
            let entry = |lsn| self.disk.log.get(lsn).map(|slot| Rc::clone(&slot.entry));
            let entries = match (count, entry(first)) {
                (1, Some(only)) => Entries::One(only),
                _ => Entries::Many(Rc::new((first..first + count).filter_map(entry).collect())),
            };
            downstream.next += count;
            let message = Message::Append {
                epoch: self.disk.epoch,
                generation: self.disk.log.generation,
                first,
                entries,
            };
            cx.effects.push(super::state::Effect::Send(downstream.node.into(), message));
        }
        downstream.speak(cx.now);
        arm_keepalive(cx, downstream);
    }

    /// Sends a follower a copy, unless one is under way to it: a base backup or a clone is one
    /// stream, however long it takes. Its position goes on from there.
    fn seed(&mut self, cx: &mut Cx, index: usize, rewind_bytes: Option<u32>) {
        let Downstream { node, session, connected, next, .. } = self.memory.downstreams[index];
        let next = match cx.under_way.copy(self.id, node, session) {
            Some(lsn) if connected => next.max(lsn).max(self.disk.log.first()),
            Some(_) | None => {
                let copy = Rc::new(self.copy(cx, rewind_bytes));
                let (epoch, generation) = (self.disk.epoch, self.disk.log.generation);
                let lsn = copy.lsn;
                cx.send(node, Message::Snapshot { session, epoch, generation, copy });
                lsn
            }
        };
        let downstream = &mut self.memory.downstreams[index];
        downstream.connected = true;
        downstream.next = next;
        downstream.confirmed = 0;
        downstream.speak(cx.now);
        arm_keepalive(cx, downstream);
    }

    /// A follower lacks entries that are gone here: it gets a copy, or is told to ask for one.
    ///
    /// PostgreSQL's slot is then `lost` (max_slot_wal_keep_size), MySQL answers with error 1236:
    /// neither copies unasked, and neither skips what is missing.
    fn seed_or_say(&mut self, cx: &mut Cx, index: usize) {
        if cx.rules.auto_seed {
            return self.seed(cx, index, None);
        }
        let downstream = &mut self.memory.downstreams[index];
        downstream.connected = false;
        downstream.lost = true;
        let (session, epoch) = (downstream.session, self.disk.epoch);
        cx.send(downstream.node, Message::Trimmed { session, epoch });
    }

    /// That what it lacks is gone never reached a follower, and it may not have asked: until it
    /// does, it is told where the log ends.
    ///
    /// Simplification: the source learns of this as soon as the message is lost, as from a
    /// connection that broke.
    pub fn on_unsaid(&mut self, cx: &mut Cx, to: NodeId, session: u32) {
        let told = |downstream: &&mut Downstream| downstream.lost && downstream.session == session;
        if let Some(downstream) = self.memory.downstream_mut(to).filter(told) {
            downstream.lost = false;
            arm_keepalive(cx, downstream);
        }
    }

    /// A follower asks for entries; whoever asks is from then on a follower.
    pub(super) fn on_fetch(&mut self, cx: &mut Cx, from: NodeId, session: u32, want: &Want) {
        let index = self.downstream_index(from);
        let heartbeat = self.heartbeat(cx);
        let log = &self.disk.log;
        let downstream = &mut self.memory.downstreams[index];
        if session < downstream.session {
            cx.tell(Fact::Ignored);
            return;
        }
        downstream.session = session;
        downstream.lost = false;
        downstream.unheard_since = None;
        match *want {
            Want::From { generation, lsn } => {
                cx.tell(Fact::Fetch(lsn));
                if generation != log.generation {
                    // Its positions mean something else here by now: it must connect anew.
                    cx.send(from, heartbeat);
                    return;
                }
                downstream.connected = true;
                downstream.next = lsn.min(log.end());
                downstream.confirmed = downstream.next;
            }
            Want::After(ref have) => {
                cx.tell(Fact::Connect);
                let Some(position) = log.first_missing_from(have) else {
                    return self.seed_or_say(cx, index);
                };
                downstream.connected = true;
                downstream.next = position;
                downstream.confirmed = position;
                downstream.speak(cx.now);
                let message = Message::Resume {
                    session,
                    epoch: self.disk.epoch,
                    generation: log.generation,
                    position,
                    end: log.end(),
                    gtids: Rc::new(log.gtids().clone()),
                };
                arm_keepalive(cx, downstream);
                cx.send(from, message);
            }
            Want::Seed => {
                cx.tell(Fact::Connect);
                return self.seed(cx, index, None);
            }
            Want::Rewind { ref have, ref keys } => {
                cx.tell(Fact::Connect);
                let bytes = self.rewind_bytes(have, keys);
                return self.seed(cx, index, Some(bytes));
            }
        }
        self.ship_to(cx, index);
    }

    /// A follower says where it is.
    pub(super) fn on_status(
        &mut self,
        cx: &mut Cx,
        from: NodeId,
        epoch: Epoch,
        generation: u32,
        position: Lsn,
    ) {
        cx.tell(Fact::Status(position));
        if generation != self.disk.log.generation {
            return;
        }
        let index = self.downstream_index(from);
        let downstream = &mut self.memory.downstreams[index];
        downstream.heard = downstream.heard.max(epoch);
        downstream.unheard_since = None;
        if !downstream.connected {
            downstream.connected = true;
            downstream.lost = false;
            downstream.next = position;
            downstream.confirmed = 0;
        }
        downstream.confirm(position);
        self.ship_to(cx, index);
    }

    /// A server that this one ships to follows another in this epoch.
    pub(super) fn on_unfollow(&mut self, cx: &mut Cx, from: NodeId, epoch: Epoch) {
        if epoch != self.disk.epoch {
            // What holds in another epoch, its configuration says.
            cx.tell(Fact::Ignored);
            return;
        }
        let downstreams = &mut self.memory.downstreams;
        downstreams.retain(|downstream| downstream.node != from);
        cx.tell(Fact::Unfollowed(from));
    }

    /// Nothing was sent to this follower for a while: say where the log ends, until it has
    /// confirmed everything, has heard of the epoch, and no write waits for acks that may have gone
    /// astray.
    pub(super) fn on_keepalive(&mut self, cx: &mut Cx, node: NodeId) {
        let quiet = self.memory.waiting.is_empty() && !self.memory.degraded;
        let end = self.disk.log.end();
        let by_order = cx.rules.ack.from == Whose::First;
        let Some(downstream) = self.memory.downstream_mut(node) else { return };
        downstream.keepalive_armed = false;
        if downstream.lost {
            return;
        }
        let informed = downstream.heard >= self.disk.epoch;
        // Under MVCC followers live on hearing how far the commits they have go.
        let quiet = quiet && cx.rules.isolation == Isolation::Latest;
        if downstream.connected && downstream.confirmed >= end && informed && quiet {
            return;
        }
        // Who must be known to be there is asked even while much is sent to it.
        let unheard = by_order && downstream.is_unheard_for(cx, 1);
        if cx.now < downstream.sent_at + cx.rules.keepalive.0 && !unheard {
            arm_keepalive(cx, downstream);
            return;
        }
        downstream.speak(cx.now);
        arm_keepalive(cx, downstream);
        let heartbeat = self.heartbeat(cx);
        cx.send(node, heartbeat);
        if by_order {
            // It may be silent for so long that another's ack counts in its place.
            self.settle(cx);
        }
    }

    /// Where the log ends, as a message. While writes wait, all who may have to acknowledge them
    /// are asked.
    fn heartbeat(&self, cx: &Cx) -> Message {
        let awaits = !self.memory.waiting.is_empty() || self.memory.degraded;
        let hops = if awaits { cx.count() - 1 } else { 0 };
        self.heartbeat_with(cx, hops)
    }

    fn heartbeat_with(&self, cx: &Cx, hops: u16) -> Message {
        Message::Heartbeat {
            epoch: self.disk.epoch,
            generation: self.disk.log.generation,
            end: self.disk.log.end(),
            hops,
            closed: self.closed_on_disk(cx),
        }
    }

    /// A source asks for acks again: asks the servers behind this one too, each at most once a
    /// keepalive, so that an ack lost between a relay and its follower is not waited for for ever.
    pub(super) fn ask_onward(&mut self, cx: &mut Cx, hops: u16) {
        if hops == 0 || !cx.rules.relay_acks {
            return;
        }
        let heartbeat = self.heartbeat_with(cx, hops - 1);
        for downstream in &mut self.memory.downstreams {
            if downstream.sent_at + cx.rules.keepalive.0 <= cx.now {
                downstream.speak(cx.now);
                cx.send(downstream.node, heartbeat.clone());
            }
        }
    }

    /// Tells every follower where the log ends and waits for their answers.
    pub fn announce(&mut self, cx: &mut Cx) {
        if cx.rules.code.is_some() {
            return;
        }
        for index in 0..self.memory.downstreams.len() {
            let heartbeat = self.heartbeat(cx);
            let downstream = &mut self.memory.downstreams[index];
            downstream.speak(cx.now);
            cx.send(downstream.node, heartbeat);
            arm_keepalive(cx, downstream);
        }
    }

    fn downstream_index(&mut self, node: NodeId) -> usize {
        let downstreams = &mut self.memory.downstreams;
        let found = downstreams.binary_search_by_key(&node, |downstream| downstream.node);
        found.unwrap_or_else(|at| {
            downstreams.insert(at, Downstream::new(node));
            at
        })
    }
}

impl Downstream {
    /// A follower that has not said where it is.
    pub fn new(node: NodeId) -> Downstream {
        Downstream {
            node,
            connected: false,
            next: 0,
            confirmed: 0,
            session: 0,
            heard: 0,
            lost: false,
            sent_at: 0,
            unheard_since: None,
            keepalive_armed: false,
        }
    }

    /// Something is being sent to it.
    fn speak(&mut self, now: SimTime) {
        self.sent_at = now;
        self.unheard_since.get_or_insert(now);
    }

    /// Whether it has left everything unanswered for this many keepalives.
    fn is_unheard_for(&self, cx: &Cx, keepalives: u64) -> bool {
        let patience = keepalives * cx.rules.keepalive.0;
        self.unheard_since.is_some_and(|since| since + patience <= cx.now)
    }

    /// Whether it counts as connected: where it is is known, and it is not silent for as long as
    /// `wal_sender_timeout`, of which PostgreSQL's keepalive is one half.
    pub(super) fn answers(&self, cx: &Cx) -> bool {
        self.connected && !self.is_unheard_for(cx, 2)
    }

    /// It has everything up to a position, or so a message says that may be older than this
    /// connection: what was not shipped cannot have arrived.
    pub(super) fn confirm(&mut self, position: Lsn) {
        self.confirmed = self.confirmed.max(position.min(self.next));
    }
}

fn arm_keepalive(cx: &mut Cx, downstream: &mut Downstream) {
    if !downstream.keepalive_armed {
        downstream.keepalive_armed = true;
        cx.wake(downstream.sent_at + cx.rules.keepalive.0, Timer::Keepalive(downstream.node));
    }
}
