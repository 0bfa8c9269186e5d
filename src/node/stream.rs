//! A follower and its source: connecting, asking again, and every message between them.

use std::rc::Rc;

use crate::base::{Epoch, Lsn, NodeId, SimTime};
use crate::data::{Gtid, GtidSet};

use super::fact::Fact;
use super::message::{Message, Want};
use super::state::{Cx, Node, Timer, Unflushed, Upstream};

impl Node {
    /// A message from another server.
    pub fn on_message(&mut self, cx: &mut Cx, from: NodeId, message: &Message) {
        if !cx.is_member(from) {
            // It has left the cluster; this was still on its way.
            cx.tell(Fact::Ignored);
            return;
        }
        if let Some(code) = cx.rules.code {
            return self.on_chapter_message(cx, code, from, message);
        }
        match *message {
            Message::Append { epoch, generation, first, ref entries } => {
                if self.accepts(cx, from, epoch) && self.knows(cx, from, generation) {
                    self.on_entries(cx, from, first, entries);
                }
            }
            Message::Ack { of, gtid, point, position } => {
                self.on_ack(cx, from, of, gtid, point, position)
            }
            Message::Heartbeat { epoch, generation, end, hops, closed } => {
                if self.accepts(cx, from, epoch) {
                    self.on_heartbeat(cx, from, generation, (end, closed), hops);
                }
            }
            Message::Status { epoch, generation, position } => {
                self.on_status(cx, from, epoch, generation, position)
            }
            Message::Fetch { session, ref want } => self.on_fetch(cx, from, session, want),
            Message::Resume { session, epoch, generation, position, end, ref gtids } => {
                if self.accepts(cx, from, epoch) && self.awaits(cx, from, session) {
                    self.on_resume(cx, from, generation, (position, end), gtids);
                }
            }
            Message::Snapshot { session, epoch, generation, ref copy } => {
                if self.accepts(cx, from, epoch) && self.remembers(cx, session) {
                    self.on_snapshot(cx, from, generation, copy);
                }
            }
            Message::Trimmed { session, epoch } => {
                if self.accepts(cx, from, epoch) {
                    if self.remembers(cx, session) {
                        self.on_trimmed(cx, from);
                    } else {
                        // The source says no more from now on, unless it is asked in this life.
                        self.connect(cx, from);
                    }
                }
            }
            Message::Fence(epoch) => self.on_fence(cx, epoch),
            Message::Unfollow(epoch) => self.on_unfollow(cx, from, epoch),
            Message::Beat { epoch, leads } => self.on_beat(cx, from, epoch, leads),
            Message::BeatAnswer(epoch) => self.on_beat_answer(cx, from, epoch),
            Message::VoteRequest { epoch, dry, standing } => {
                self.on_vote_request(cx, from, epoch, dry, standing);
            }
            Message::Vote { epoch, dry, verdict } => self.on_vote(cx, from, epoch, dry, verdict),
            Message::Request(_) | Message::Certify { .. } | Message::Reply(..) => {
                debug_assert!(false, "the kernel knows what clients ask, and brings it along");
            }
        }
    }

    /// Whether a source's message is to be listened to; learns of newer epochs on the way. Whom to
    /// follow in a newer epoch is the kernel's to say.
    fn accepts(&mut self, cx: &mut Cx, from: NodeId, epoch: Epoch) -> bool {
        if epoch < self.promised() {
            cx.tell(Fact::Fenced(epoch));
            cx.send(from, Message::Fence(self.promised()));
            return false;
        }
        let follows = self.disk.sources.contains(&from);
        if epoch > self.disk.epoch && self.gives_in(cx.rules) {
            self.adopt(cx, epoch);
            return follows;
        }
        if !follows {
            cx.tell(Fact::Ignored);
            cx.send(from, Message::Unfollow(epoch));
        }
        follows
    }

    /// Whether an answer belongs to a request of this life. What was asked in an earlier one rests
    /// on entries that the crash may have taken.
    fn remembers(&mut self, cx: &mut Cx, session: u32) -> bool {
        if session != self.boots {
            cx.tell(Fact::Ignored);
        }
        session == self.boots
    }

    /// Whether this server waits to hear where a source continues.
    fn awaits(&mut self, cx: &mut Cx, from: NodeId, session: u32) -> bool {
        if !self.remembers(cx, session) {
            return false;
        }
        let waits = self.upstream(from).is_some_and(|upstream| upstream.generation.is_none());
        if !waits {
            cx.tell(Fact::Ignored);
        }
        waits
    }

    pub(super) fn upstream(&mut self, node: NodeId) -> Option<&mut Upstream> {
        let mut upstreams = self.memory.upstreams.iter_mut();
        upstreams.find(|upstream| upstream.node == node)
    }

    /// Whether positions of this source mean what this server thinks; if not, connects anew.
    fn knows(&mut self, cx: &mut Cx, from: NodeId, generation: u32) -> bool {
        let Some(known) = self.upstream(from).map(|upstream| upstream.generation) else {
            return false;
        };
        if known != Some(generation) {
            cx.tell(Fact::Ignored);
        }
        if known < Some(generation) {
            self.connect(cx, from);
        }
        known == Some(generation)
    }

    /// Asks a source for everything not yet here, unless it was asked already. Its positions mean
    /// nothing until it answers.
    pub(super) fn connect(&mut self, cx: &mut Cx, source: NodeId) {
        let Some(upstream) = self.upstream(source).filter(|upstream| !upstream.lost) else {
            return;
        };
        if upstream.generation.take().is_some() {
            upstream.fetching = false;
        }
        let want = if self.disk.wants_copy {
            Want::Seed
        } else {
            Want::After(Rc::new(self.memory.received.clone()))
        };
        self.ask(cx, source, want);
    }

    /// What is missing here is gone at a source: nothing is skipped, so this server stays behind
    /// until it is told to start over from a copy.
    fn on_trimmed(&mut self, cx: &mut Cx, from: NodeId) {
        let Some(upstream) = self.upstream(from) else {
            return;
        };
        upstream.fetching = false;
        if !std::mem::replace(&mut upstream.lost, true) {
            upstream.generation = None;
            cx.tell(Fact::NeedsSeed(from));
        }
    }

    /// Whether it is still to get the copy it starts from, and follows somebody who can give it
    /// one: what its rows show is nothing, or what is to be replaced.
    pub fn awaits_copy(&self) -> bool {
        self.disk.wants_copy && !self.disk.sources.is_empty()
    }

    /// Whether it has joined and has nothing yet, not even the table that the others began with: it
    /// cannot lead.
    pub fn is_blank(&self) -> bool {
        self.awaits_copy() && self.memory.received.is_empty()
    }

    /// The operator has it start over from a copy of the source that has no longer what it lacks,
    /// or else of its first.
    pub fn reseed(&mut self, cx: &mut Cx) {
        let upstreams = &mut self.memory.upstreams;
        let at = upstreams.iter().position(|upstream| upstream.lost).unwrap_or(0);
        let Some(upstream) = upstreams.get_mut(at) else {
            return;
        };
        upstream.lost = false;
        upstream.fetching = false;
        let source = upstream.node;
        self.disk.wants_copy = true;
        self.connect(cx, source);
    }

    /// Asks a source for the entries from the position waited for.
    pub(super) fn fetch_missing(&mut self, cx: &mut Cx, source: NodeId) {
        let Some(upstream) = self.upstream(source) else {
            return;
        };
        let lsn = upstream.expected;
        if let Some(generation) = upstream.generation {
            self.ask(cx, source, Want::From { generation, lsn });
        }
    }

    fn ask(&mut self, cx: &mut Cx, source: NodeId, want: Want) {
        let session = self.boots;
        let Some(upstream) = self.upstream(source).filter(|_| cx.rules.code.is_none()) else {
            return;
        };
        if !upstream.fetching {
            upstream.fetching = true;
            cx.send(source, Message::Fetch { session, want });
            upstream.expect_answer(cx);
        }
    }

    /// What was asked for may have gone astray, question or answer: ask again until everything the
    /// source is known to have is here. A copy that is coming in is waited for.
    pub(super) fn on_fetch_retry(&mut self, cx: &mut Cx, source: NodeId) {
        let (id, life) = (self.id, self.boots);
        let Some(upstream) = self.upstream(source) else {
            return;
        };
        upstream.retry_armed = false;
        if upstream.lost || upstream.generation.is_some() && upstream.expected >= upstream.promised
        {
            return;
        }
        if cx.now < upstream.retry_at {
            upstream.arm_retry(cx);
            return;
        }
        if cx.under_way.copy(source, id, life).is_some() {
            upstream.expect_answer(cx);
            return;
        }
        upstream.fetching = false;
        match upstream.generation {
            Some(_) => self.fetch_missing(cx, source),
            None => self.connect(cx, source),
        }
    }

    fn on_heartbeat(
        &mut self,
        cx: &mut Cx,
        from: NodeId,
        generation: u32,
        (end, closed): (Lsn, SimTime),
        hops: u16,
    ) {
        cx.tell(Fact::Heartbeat(end));
        let Some(upstream) = self.upstream(from).filter(|upstream| !upstream.lost) else {
            return;
        };
        match upstream.generation {
            Some(known) if known > generation => return,
            Some(known) if known == generation => {}
            Some(_) | None => return self.connect(cx, from),
        }
        if upstream.expected < end {
            upstream.promised = upstream.promised.max(end);
            return self.fetch_missing(cx, from);
        }
        upstream.fetching = false;
        upstream.closed = upstream.closed.max(closed);
        let position = upstream.expected;
        let epoch = self.disk.epoch;
        cx.send(from, Message::Status { epoch, generation, position });
        if let Some(point) = cx.rules.ack.wanted() {
            self.acknowledge_again(cx, from, point);
            self.ask_onward(cx, hops);
        }
    }

    fn on_resume(
        &mut self,
        cx: &mut Cx,
        from: NodeId,
        generation: u32,
        (position, end): (Lsn, Lsn),
        gtids: &GtidSet,
    ) {
        if self.disk.wants_copy {
            // It had been asked before the copy was.
            cx.tell(Fact::Ignored);
            return;
        }
        cx.tell(Fact::Resumed(position));
        let errant = !Node::keeps_errant(cx.rules) && self.errant(cx, gtids);
        let Some(upstream) = self.upstream(from) else {
            return;
        };
        upstream.fetching = false;
        if errant {
            // Entries that the present reign never had: only a fresh copy gets rid of them.
            let want = self.undo(cx, gtids);
            self.ask(cx, from, want);
            return;
        }
        upstream.generation = Some(generation);
        upstream.expected = position;
        upstream.promised = end;
        upstream.caught_up_at = end;
    }

    /// Whether this follower has entries of an earlier epoch that are no part of the present one's
    /// history, and its source is rid of them.
    ///
    /// Simplification: one that follows several sources keeps everything, since what one of them
    /// lacks another may have shipped.
    fn errant(&self, cx: &Cx, source_has: &GtidSet) -> bool {
        let mut surplus = self.memory.received.difference(source_has);
        self.gives_way() && surplus.any(|gtid| !self.keeps(cx, gtid))
    }

    /// In which reign an entry that this server has received was written.
    pub(super) fn epoch_of(&self, gtid: Gtid) -> Option<Epoch> {
        let unflushed = self.memory.unflushed.iter().find_map(|unflushed| match unflushed {
            Unflushed::Foreign { entry, .. } if entry.gtid == gtid => Some(entry.epoch),
            Unflushed::Foreign { .. } | Unflushed::Own { .. } => None,
        });
        unflushed.or_else(|| self.disk.log.reigns().epoch_of(gtid))
    }
}

impl Upstream {
    /// A source that has not yet said where it continues.
    pub fn new(node: NodeId) -> Upstream {
        Upstream {
            node,
            generation: None,
            expected: 0,
            promised: 0,
            caught_up_at: 0,
            lost: false,
            closed: 0,
            cut_off_at: None,
            fetching: false,
            retry_at: 0,
            retry_armed: false,
        }
    }

    /// Something was asked, or part of the answer has come: the rest is due within a keepalive.
    pub(super) fn expect_answer(&mut self, cx: &mut Cx) {
        self.retry_at = cx.now + cx.rules.keepalive.0;
        self.arm_retry(cx);
    }

    fn arm_retry(&mut self, cx: &mut Cx) {
        if !self.retry_armed {
            self.retry_armed = true;
            cx.wake(self.retry_at, Timer::FetchRetry(self.node));
        }
    }
}
