//! Copies: making one, and starting over from one when a source no longer has the entries needed,
//! or when this server has some that the present reign never had.
//!
//! What a server that takes writes or follows several has and the copy lacks is kept, behind the
//! copy: only entries of a deposed primary are thrown away, and that is told.

use std::rc::Rc;

use smallvec::SmallVec;

use crate::base::{Epoch, KeyId, Lsn, Map, NodeId, gathered};
use crate::data::{Gtid, GtidSet, Log, LogEntry, Slot};
use crate::policy::Rejoin;

use super::fact::Fact;
use super::message::{Copy, Want};
use super::state::{Cx, Node, Unflushed};

impl Node {
    /// A copy of everything in the log, applied here or not yet.
    pub(super) fn copy(&self, cx: &Cx, rewind_bytes: Option<u32>) -> Copy {
        let log = &self.disk.log;
        let mut store = self.disk.store.clone();
        let oldest = self.memory.waiting.front().map_or(log.end(), |write| write.lsn);
        for lsn in oldest.min(self.disk.applied_through)..log.end() {
            let slot = log.get(lsn);
            if let Some(slot) = slot.filter(|slot| !self.disk.applied.contains(slot.entry.gtid)) {
                store.keep_version(&slot.entry);
                if let Some(row) = store.row_mut(slot.entry.key) {
                    cx.rules.conflict.resolve(row, &slot.entry, lsn);
                }
                self.copy_sql(cx, &mut store, slot, lsn);
            }
        }
        store.users.settle(log.end());
        let (gtids, reigns, lsn) = (log.gtids().clone(), log.reigns().clone(), log.end());
        Copy { store, gtids, reigns, lsn, rewind_bytes }
    }

    pub(super) fn on_snapshot(&mut self, cx: &mut Cx, from: NodeId, generation: u32, copy: &Copy) {
        if self.gives_way() && self.would_lose(cx, copy) {
            // The source is behind, and will have more when it is asked again.
            cx.tell(Fact::Ignored);
            if let Some(upstream) = self.upstream(from) {
                upstream.fetching = false;
                upstream.expect_answer(cx);
            }
            return;
        }
        let surplus = self.surplus(cx, copy);
        let (trimmed, rows) = self.trimmed_surplus(cx, copy);
        self.install(copy);
        cx.tell(Fact::Seeded { lsn: copy.lsn, rewound: copy.rewind_bytes.is_some() });
        self.recover_copied(cx, copy);
        for (gtid, epoch) in trimmed {
            self.memory.received.insert(gtid);
            self.disk.applied.insert(gtid);
            self.disk.log.remember(gtid, epoch);
        }
        for entry in rows {
            self.resolve(cx, &entry, copy.lsn.saturating_sub(1));
            self.apply_sql(cx, &entry, copy.lsn.saturating_sub(1));
        }
        for (slot, applied) in surplus {
            self.keep(cx, slot, applied);
        }
        self.advance_applied(cx);
        self.memory.next_apply = self.disk.applied_through;
        let others: SmallVec<[NodeId; 2]> = self.disk.sources.clone();
        for upstream in self.memory.upstreams.iter_mut() {
            upstream.fetching = false;
            upstream.retry_armed = false;
            if upstream.node == from {
                upstream.lost = false;
                upstream.generation = Some(generation);
                upstream.expected = copy.lsn;
                upstream.promised = copy.lsn;
                upstream.closed = 0;
            }
        }
        // The copy may lack what other sources had sent already.
        for source in others.into_iter().filter(|source| *source != from) {
            self.connect(cx, source);
        }
        for downstream in &mut self.memory.downstreams {
            downstream.connected = false;
            downstream.keepalive_armed = false;
        }
        self.announce(cx);
        if let Some(point) = cx.rules.ack.wanted() {
            self.acknowledge_again(cx, from, point);
        }
        self.start_flush(cx);
        self.start_applies(cx);
        self.watch_oldest(cx);
        self.watch_reads(cx);
        self.mind_anew(cx);
    }

    /// What to ask of a source to get rid of entries it never had: only the rows they changed and
    /// what is new, if the log still has them all, or else everything.
    pub(super) fn undo(&self, cx: &Cx, source_has: &GtidSet) -> Want {
        let rewinds = cx.rules.failover.is_some_and(|rule| rule.rejoin == Rejoin::Rewind);
        let errant: Vec<Gtid> = gathered(self.memory.received.difference(source_has));
        let slots = self.disk.log.iter().map(|(_, slot)| &slot.entry);
        let held = slots.filter(|entry| errant.contains(&entry.gtid)).map(|entry| entry.key);
        let keys: Rc<[KeyId]> = held.collect();
        if rewinds && keys.len() == errant.len() {
            Want::Rewind { have: Rc::new(self.memory.received.clone()), keys }
        } else {
            Want::Seed
        }
    }

    /// Bytes of the rows that a follower which has `have` lacks, and of those under these keys.
    pub(super) fn rewind_bytes(&self, have: &GtidSet, keys: &[KeyId]) -> u32 {
        let rows = self.disk.store.rows().filter_map(|(key, row)| Some((key, row.entry.as_ref()?)));
        let differ = rows.filter(|(key, entry)| keys.contains(key) || !have.contains(entry.gtid));
        let bytes = |entry: &LogEntry| {
            if entry.change.is_sql() { self.disk.store.table_bytes() } else { entry.bytes }
        };
        differ.fold(0, |sum, (_, entry)| sum.saturating_add(bytes(entry)))
    }

    /// Whether this server's history is its one source's, and what that lacks must go.
    pub(super) fn gives_way(&self) -> bool {
        !self.is_primary() && self.disk.sources.len() == 1
    }

    /// Whether a change is kept though a source lacks it: it is of this reign, or its reign's
    /// history has it, so the source will get it.
    pub(super) fn keeps(&self, cx: &Cx, gtid: Gtid) -> bool {
        let epoch = self.disk.epoch;
        !self.gives_way() || self.epoch_of(gtid) >= Some(epoch) || cx.survives(epoch, gtid)
    }

    /// Whether a copy lacks something to be kept that is no longer in this log.
    fn would_lose(&self, cx: &Cx, copy: &Copy) -> bool {
        let log = &self.disk.log;
        let held = |gtid| log.iter().any(|(_, slot)| slot.entry.gtid == gtid);
        let mut lacking = log.gtids().difference(&copy.gtids);
        lacking.any(|gtid| self.keeps(cx, gtid) && !held(gtid))
    }

    /// What this log holds and the copy lacks, and whether it was applied; tells what of it is
    /// thrown away.
    fn surplus(&self, cx: &mut Cx, copy: &Copy) -> Vec<(Slot, bool)> {
        let mut kept = Vec::new();
        let held = self.disk.log.iter().map(|(_, slot)| slot);
        for slot in held.filter(|slot| !copy.gtids.contains(slot.entry.gtid)) {
            let (op, gtid) = (slot.entry.op, slot.entry.gtid);
            if self.keeps(cx, gtid) {
                kept.push((slot.clone(), self.disk.applied.contains(gtid)));
            } else {
                cx.tell(Fact::Discarded { op, gtid });
            }
        }
        kept
    }

    /// What of a history of its own the copy lacks and this log has trimmed: the names, and the
    /// entries that rows still show. What came from its one source is not among it: rows may show
    /// something later that must go, and the source will send it again.
    fn trimmed_surplus(&self, cx: &Cx, copy: &Copy) -> (Vec<(Gtid, Epoch)>, Vec<Rc<LogEntry>>) {
        let log = &self.disk.log;
        let held: GtidSet = log.iter().map(|(_, slot)| slot.entry.gtid).collect();
        let epoch = |gtid| log.reigns().epoch_of(gtid).unwrap_or(self.disk.epoch);
        let gone = |gtid: &Gtid| {
            let own = !self.gives_way() || gtid.origin == self.id;
            own && !held.contains(*gtid) && !copy.gtids.contains(*gtid) && self.keeps(cx, *gtid)
        };
        let names = log.gtids().iter().filter(gone);
        let shown = self.disk.store.rows().filter_map(|(_, row)| row.entry.as_ref());
        (
            names.map(|gtid| (gtid, epoch(gtid))).collect(),
            shown.filter(|entry| gone(&entry.gtid)).cloned().collect(),
        )
    }

    /// Replaces rows and log by a copy. Clients' writes that have no name yet are kept.
    fn install(&mut self, copy: &Copy) {
        self.disk.wants_copy = false;
        self.disk.store = copy.store.clone();
        self.disk.applied = copy.gtids.clone();
        self.disk.applied_through = copy.lsn;
        self.disk.applied_ahead.clear();
        self.disk.log = Log::after_snapshot(
            self.disk.log.generation + 1,
            copy.lsn,
            copy.gtids.clone(),
            copy.reigns.clone(),
        );
        // Workers at work on entries of the old log must not touch the new one.
        self.boots += 1;
        self.memory.received = copy.gtids.clone();
        self.memory.unflushed.retain(|unflushed| matches!(unflushed, Unflushed::Own { .. }));
        self.memory.flushing = 0;
        self.memory.ship_armed = false;
        self.memory.ack_timer = false;
        self.memory.busy = 0;
        self.memory.stopped = None;
        self.memory.relayed = Map::default();
        self.memory.due_at = None;
    }

    /// Writes of this server that still wait for acks and come back with the copy are visible with
    /// it. Their clients are told nothing.
    fn recover_copied(&mut self, cx: &mut Cx, copy: &Copy) {
        let origin = self.id;
        self.memory.waiting.retain(|write| {
            let gtid = Gtid { origin, seq: write.seq };
            if copy.gtids.contains(gtid) && !write.visible {
                cx.tell(Fact::Recovered(gtid));
            }
            !copy.gtids.contains(gtid)
        });
    }

    /// Puts an entry that the copy lacks behind it.
    fn keep(&mut self, cx: &Cx, slot: Slot, applied: bool) {
        let (entry, own) = (slot.entry.clone(), slot.source == self.id);
        let gtid: Gtid = entry.gtid;
        self.memory.received.insert(gtid);
        let lsn: Lsn = self.disk.log.push(slot);
        if applied {
            self.resolve(cx, &entry, lsn);
            self.apply_sql(cx, &entry, lsn);
            self.disk.applied.insert(gtid);
        } else if own {
            self.hide_sql(cx, &entry, lsn);
        }
        if applied && !own {
            self.disk.applied_ahead.insert(lsn);
        }
        for write in self.memory.waiting.iter_mut().filter(|_| own) {
            if write.seq == gtid.seq {
                write.lsn = lsn;
            }
        }
    }
}
