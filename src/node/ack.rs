//! Who has what: replicas confirm, relays pass it on, the primary counts and answers its client.
//! Fourth duty of four.

use std::rc::Rc;

use crate::base::{Lsn, NodeId, OpId};
use crate::data::Gtid;
use crate::policy::{Met, OnTimeout, Point, Visible, Whose};

use super::fact::{Fact, Told};
use super::message::Message;
use super::state::{Cx, Node, Timer, Waiting};

impl Node {
    /// Tells the source that everything up to `gtid` is here at `point`.
    pub(super) fn acknowledge(&mut self, cx: &mut Cx, source: NodeId, gtid: Gtid, point: Point) {
        if self.leaves_acks_to_tail(cx) {
            return;
        }
        let upstream = self.memory.upstreams.iter().find(|upstream| upstream.node == source);
        let Some(position) = upstream.map(|upstream| upstream.expected) else {
            return;
        };
        cx.send(source, Message::Ack { of: self.id, gtid, point, position });
    }

    /// Says again what was acknowledged last, in case it went astray.
    pub(super) fn acknowledge_again(&mut self, cx: &mut Cx, source: NodeId, point: Point) {
        let known = match point {
            Point::Received => &self.memory.received,
            Point::Flushed => self.disk.log.gtids(),
            Point::Applied => &self.disk.applied,
        };
        let newest: Vec<Gtid> = known.newest().filter(|gtid| gtid.origin != self.id).collect();
        let whole = point != Point::Applied || self.disk.applied_ahead.is_empty();
        for gtid in newest.into_iter().filter(|_| whole) {
            self.acknowledge(cx, source, gtid, point);
        }
        for ((origin, of, point), seq) in self.memory.relayed.iter() {
            let gtid = Gtid { origin: *origin, seq: *seq };
            cx.send(source, Message::Ack { of: *of, gtid, point: *point, position: 0 });
        }
    }

    /// A confirmation arrives, from the replica itself or passed on by a relay.
    pub(super) fn on_ack(
        &mut self,
        cx: &mut Cx,
        from: NodeId,
        of: NodeId,
        gtid: Gtid,
        point: Point,
        position: Lsn,
    ) {
        if of == from
            && let Some(downstream) = self.memory.downstream_mut(from)
        {
            downstream.confirm(position);
            downstream.unheard_since = None;
        }
        // Who stands outside by now may have answered what the tail is yet to get.
        if cx.chain.contains(&of) {
            self.disk.acked.insert_through(gtid);
        }
        if of == self.id || !cx.is_member(of) {
            // Its own entry came round and was acknowledged by itself: that makes no copy. What has
            // left the cluster is none either.
            cx.tell(Fact::Ignored);
        } else if gtid.origin == self.id {
            cx.tell(Fact::Confirmed { of, gtid, point });
            self.count(cx, of, gtid.seq, point);
        } else {
            cx.tell(Fact::Relayed { of, gtid, point });
            self.relay(cx, from, of, gtid, point);
        }
    }

    /// Passes a confirmation upstream, if it says something new.
    fn relay(&mut self, cx: &mut Cx, from: NodeId, of: NodeId, gtid: Gtid, point: Point) {
        if !cx.rules.relay_acks {
            return;
        }
        let known = self.memory.relayed.or_insert((gtid.origin, of, point), 0);
        if *known >= gtid.seq {
            return;
        }
        *known = gtid.seq;
        for upstream in self.memory.upstreams.iter().filter(|upstream| upstream.node != from) {
            cx.send(upstream.node, Message::Ack { of, gtid, point, position: 0 });
        }
    }

    /// Counts a replica for every waiting write it newly covers.
    fn count(&mut self, cx: &mut Cx, of: NodeId, seq: u32, point: Point) {
        let positions = &mut self.memory.positions;
        if positions.len() <= of.index() {
            positions.resize(usize::from(cx.servers), [0; 3]);
        }
        let reached = &mut positions[of.index()];
        let rule_point = cx.rules.ack.point;
        let before = reached[rule_point as usize];
        for passed in Point::ALL.into_iter().filter(|passed| *passed <= point) {
            reached[passed as usize] = reached[passed as usize].max(seq);
        }
        let after = reached[rule_point as usize];
        if after == before && cx.rules.ack.from == Whose::Any {
            return;
        }
        let waiting = &mut self.memory.waiting;
        let start = match waiting.front() {
            Some(front) if front.seq > before => 0,
            Some(_) => waiting.partition_point(|write| write.seq <= before),
            None => 0,
        };
        for write in waiting.range_mut(start..).take_while(|write| write.seq <= after) {
            write.acks += 1;
        }
        self.settle(cx);
        if self.memory.degraded {
            self.rearm(cx);
        }
    }

    /// Waits for the acks that the rule asks for, or commits at once if it asks for none.
    pub(super) fn await_acks(&mut self, cx: &mut Cx, mut write: Waiting) {
        if cx.is_proper() {
            return self.pass_down(cx, write);
        }
        let needed = cx.rules.ack.needed(cx.count());
        if needed == 0 || self.memory.degraded || write.local && !self.locked(write.lsn) {
            let degraded = needed > 0 && !write.local;
            self.commit(cx, write, degraded);
            return;
        }
        if cx.rules.ack.visible == Visible::AfterLog {
            self.show(cx, &mut write);
        }
        self.memory.waiting.push_back(write);
        self.watch_oldest(cx);
    }

    /// Whether a write that waits unseen holds the lock of this one's row, as in PostgreSQL: then
    /// this one comes after it. Simplification: and after all that wait.
    fn locked(&self, lsn: Lsn) -> bool {
        let key = |lsn| self.disk.log.get(lsn).map(|slot| slot.entry.key);
        self.memory.waiting.iter().any(|other| !other.visible && key(other.lsn) == key(lsn))
    }

    /// Lets reads see a write that still waits.
    pub(super) fn show(&mut self, cx: &mut Cx, write: &mut Waiting) {
        let gtid = Gtid { origin: self.id, seq: write.seq };
        write.visible = true;
        let met = self.make_visible(cx, write.lsn);
        self.prune_at(cx, write.lsn);
        cx.tell(Fact::Shown(gtid));
        Node::tell_met(cx, write.op, gtid, met);
    }

    /// Own writes up to which number the first followers have, as many as the rule asks for:
    /// those that are connected, in the order of their numbers. 0 if there are too few.
    fn first_have(&self, cx: &Cx) -> u32 {
        let ack = &cx.rules.ack;
        let needed = usize::from(ack.needed(cx.count()));
        let positions = &self.memory.positions;
        let has = |node: NodeId| positions.get(node.index()).map_or(0, |at| at[ack.point as usize]);
        let all = self.memory.downstreams.iter();
        let connected = all.filter(|one| one.answers(cx)).take(needed);
        let (count, least) =
            connected.fold((0, u32::MAX), |(n, least), one| (n + 1, least.min(has(one.node))));
        if count < needed { 0 } else { least }
    }

    /// Commits, oldest first, every waiting write whose rule is met.
    pub(super) fn settle(&mut self, cx: &mut Cx) {
        let needed = cx.rules.ack.needed(cx.count());
        let first = (cx.rules.ack.from == Whose::First).then(|| self.first_have(cx));
        while let Some(front) = self.memory.waiting.front() {
            let met = front.local || first.map_or(front.acks >= needed, |seq| front.seq <= seq);
            if !met && !self.memory.degraded {
                return;
            }
            if let Some(write) = self.memory.waiting.pop_front() {
                self.commit(cx, write, !met);
            }
        }
    }

    /// Makes a write visible here and tells its client.
    ///
    /// Unless the rule says otherwise it is visible only now, as with MySQL's AFTER_SYNC and in
    /// PostgreSQL: nobody reads what could still vanish with this server.
    pub(super) fn commit(&mut self, cx: &mut Cx, write: Waiting, degraded: bool) {
        if cx.is_proper() {
            // The tail has answered.
            return;
        }
        let gtid = Gtid { origin: self.id, seq: write.seq };
        let mut met = Met::default();
        if !write.visible {
            met = self.make_visible(cx, write.lsn);
            self.prune_at(cx, write.lsn);
            self.settle_table(cx);
        }
        cx.tell(Fact::Committed { op: write.op, gtid, accepted_at: write.accepted_at, degraded });
        Node::tell_met(cx, write.op, gtid, met);
        cx.reply(write.op, if degraded { Told::OkDegraded } else { Told::Ok });
    }

    pub(super) fn make_visible(&mut self, cx: &Cx, lsn: Lsn) -> Met {
        let Some(entry) = self.disk.log.get(lsn).map(|slot| Rc::clone(&slot.entry)) else {
            return Met::default();
        };
        self.disk.applied.insert(entry.gtid);
        let met = self.resolve(cx, &entry, lsn);
        self.show_sql(cx, &entry, lsn);
        met
    }

    /// Makes own writes visible that no client was told about: after a restart the log decides
    /// (crash recovery commits what is in it), and a deposed primary keeps what it has.
    pub(super) fn recover_own(&mut self, cx: &mut Cx) {
        let own = self.disk.log.iter().filter(|(_, slot)| slot.source == self.id);
        let pending: Vec<(Lsn, OpId, Gtid)> = own
            .map(|(lsn, slot)| (lsn, slot.entry.op, slot.entry.gtid))
            .filter(|(_, _, gtid)| !self.disk.applied.contains(*gtid))
            .collect();
        for (lsn, op, gtid) in pending {
            let met = self.make_visible(cx, lsn);
            cx.tell(Fact::Recovered(gtid));
            Node::tell_met(cx, op, gtid, met);
        }
        self.settle_table(cx);
        self.memory.waiting.clear();
    }

    pub(super) fn watch_oldest(&mut self, cx: &mut Cx) {
        let ack = &cx.rules.ack;
        let (Some(timeout), OnTimeout::Async) = (ack.timeout, ack.on_timeout) else {
            return;
        };
        if let (Some(oldest), false) = (self.memory.waiting.front(), self.memory.ack_timer) {
            self.memory.ack_timer = true;
            cx.wake((oldest.written_at + timeout.0).max(cx.now), Timer::AckTimeout);
        }
    }

    /// The oldest waiting write may have waited long enough: then all that wait are acknowledged,
    /// and later ones do not wait, until replicas have caught up.
    pub(super) fn on_ack_timeout(&mut self, cx: &mut Cx) {
        self.memory.ack_timer = false;
        let (Some(timeout), OnTimeout::Async) = (cx.rules.ack.timeout, cx.rules.ack.on_timeout)
        else {
            return;
        };
        let overdue = |write: &Waiting| write.written_at + timeout.0 <= cx.now;
        if self.memory.waiting.front().is_some_and(overdue) {
            cx.tell(Fact::Degraded);
            self.memory.degraded = true;
            self.settle(cx);
        }
        self.watch_oldest(cx);
    }

    /// Waits for acks again once enough replicas have everything.
    fn rearm(&mut self, cx: &mut Cx) {
        let newest = self.disk.last_seq;
        let enough = match cx.rules.ack.from {
            Whose::Any => {
                let needed = cx.rules.ack.needed(cx.count());
                self.caught_up(cx.rules.ack.point, newest) >= needed
            }
            Whose::First => self.first_have(cx) >= newest,
        };
        if enough {
            self.memory.degraded = false;
            cx.tell(Fact::Rearmed);
        }
    }

    /// A new reign counts anew: what replicas confirmed to an earlier one may be thrown away.
    pub(super) fn forget_acks(&mut self) {
        self.memory.positions.clear();
        for write in &mut self.memory.waiting {
            write.acks = 0;
        }
    }

    fn caught_up(&self, point: Point, seq: u32) -> u16 {
        self.memory.positions.iter().filter(|reached| reached[point as usize] >= seq).count() as u16
    }

    /// The ack rule has changed: what waits is counted anew under the new one.
    pub(super) fn recount(&mut self, cx: &mut Cx) {
        let point = cx.rules.ack.point;
        for index in 0..self.memory.waiting.len() {
            self.memory.waiting[index].acks = self.caught_up(point, self.memory.waiting[index].seq);
            if cx.rules.ack.visible == Visible::AfterLog && !self.memory.waiting[index].visible {
                let mut write = self.memory.waiting[index].clone();
                self.show(cx, &mut write);
                self.memory.waiting[index] = write;
            }
        }
        self.settle(cx);
        if self.memory.degraded {
            self.rearm(cx);
        }
        // The timer that runs counts an earlier timeout.
        self.memory.ack_timer = false;
        self.watch_oldest(cx);
        self.announce(cx);
    }
}
