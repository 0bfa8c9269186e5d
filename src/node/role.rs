//! Lives and reigns: timers, crash, restart, promotion, and giving way to a newer epoch.

use smallvec::SmallVec;

use crate::base::{Epoch, NodeId};

use super::fact::Fact;
use super::state::{Cx, Downstream, Memory, Node, Role, Status, Timer, Upstream};

impl Node {
    /// A timer of the present life has come.
    pub fn on_timer(&mut self, cx: &mut Cx, timer: Timer) {
        match timer {
            Timer::Flush => {
                self.on_flush(cx);
                self.claim(cx);
            }
            Timer::Ship => self.on_ship(cx),
            Timer::Apply { lsn, started_at } => match cx.rules.code {
                None => {
                    self.on_applied(cx, lsn, started_at);
                    self.claim(cx);
                }
                Some(code) => self.on_event_slept(cx, code, started_at),
            },
            Timer::AckTimeout => match cx.rules.code {
                None => self.on_ack_timeout(cx),
                Some(code) => self.on_call_timeout(cx, code),
            },
            Timer::Keepalive(node) => self.on_keepalive(cx, node),
            Timer::FetchRetry(source) => self.on_fetch_retry(cx, source),
            Timer::ReadTimeout(op) => self.on_read_timeout(cx, op),
            Timer::Query(op) => self.on_query(cx, op),
            Timer::Beat => self.on_beat_timer(cx),
            Timer::Watch => self.on_watch(cx),
            Timer::Campaign(round) => self.on_campaign(cx, round),
            Timer::Due => self.on_due(cx),
        }
    }

    /// Loses its memory; the disk stays.
    pub fn crash(&mut self, cx: &mut Cx) {
        self.status = Status::Down;
        self.boots += 1;
        self.memory = Memory::default();
        cx.tell(Fact::Crashed);
    }

    /// Starts from its disk: recovers its own writes, connects to its sources, tells its followers.
    pub fn restart(&mut self, cx: &mut Cx, sources: &[NodeId], downstreams: &[NodeId]) {
        self.status = Status::Up;
        self.memory.received = self.disk.log.gtids().clone();
        self.memory.next_apply = self.disk.applied_through;
        cx.tell(Fact::Restarted);
        self.recover_own(cx);
        self.disk.sources.clear();
        self.set_streams(cx, sources, downstreams);
        self.start_applies(cx);
        self.announce(cx);
        self.mind(cx, false);
    }

    /// Leaves the cluster for good. Its disk stays as it is, for whoever looks at it.
    pub fn leave(&mut self, cx: &mut Cx) {
        self.status = Status::Removed;
        self.boots += 1;
        self.disk.role = Role::Replica;
        self.disk.sources.clear();
        self.memory = Memory::default();
        cx.tell(Fact::Left);
    }

    /// Another server has left the cluster: what it confirmed and voted counts no more.
    pub fn forget(&mut self, gone: NodeId) {
        let memory = &mut self.memory;
        if let Some(positions) = memory.positions.get_mut(gone.index()) {
            *positions = [0; 3];
        }
        let others = memory.relayed.iter().filter(|((_, of, _), _)| *of != gone);
        memory.relayed = others.map(|(whose, seq)| (*whose, *seq)).collect();
        memory.downstreams.retain(|downstream| downstream.node != gone);
        memory.upstreams.retain(|upstream| upstream.node != gone);
        self.disk.sources.retain(|source| *source != gone);
        memory.election.forget(gone);
    }

    /// The configured servers are others than before: what waits is counted anew.
    pub fn on_members(&mut self, cx: &mut Cx) {
        self.memory.election.reach(cx.servers);
        self.on_rules(cx);
    }

    /// Follows `sources` and is followed by `downstreams` from now on; what stays keeps its state.
    pub fn set_streams(&mut self, cx: &mut Cx, sources: &[NodeId], downstreams: &[NodeId]) {
        let before: SmallVec<[Upstream; 1]> = std::mem::take(&mut self.memory.upstreams);
        let known = |node: NodeId| before.iter().find(|upstream| upstream.node == node).cloned();
        self.memory.upstreams = sources
            .iter()
            .map(|node| known(*node).unwrap_or_else(|| Upstream::new(*node)))
            .collect();
        let before = std::mem::take(&mut self.memory.downstreams);
        let known =
            |node: NodeId| before.iter().find(|downstream| downstream.node == node).cloned();
        self.memory.downstreams = downstreams
            .iter()
            .map(|node| known(*node).unwrap_or_else(|| Downstream::new(*node)))
            .collect();
        for source in sources {
            if !self.disk.sources.contains(source) {
                cx.tell(Fact::Repointed(*source));
                self.connect(cx, *source);
            }
        }
        let before = std::mem::replace(&mut self.disk.sources, sources.into());
        // What a newer epoch makes errant, the same source may be rid of: ask what it has.
        let old = |gtid| self.gives_way() && !self.keeps(cx, gtid);
        if self.memory.received.iter().any(old) {
            for source in sources.iter().filter(|source| before.contains(source)) {
                self.connect(cx, *source);
            }
        }
    }

    /// Puts a fresh server of a fresh cluster into its place: everybody starts from nothing, so
    /// positions are known without asking.
    pub fn begin(&mut self, sources: &[NodeId], downstreams: &[NodeId]) {
        let at_start = |node: &NodeId| Upstream { generation: Some(0), ..Upstream::new(*node) };
        self.memory.upstreams = sources.iter().map(at_start).collect();
        let heard = self.disk.epoch;
        let at_start =
            |node: &NodeId| Downstream { connected: true, heard, ..Downstream::new(*node) };
        self.memory.downstreams = downstreams.iter().map(at_start).collect();
        self.disk.sources = sources.into();
    }

    /// Becomes primary of a new epoch, once everything it has received is applied.
    pub fn promote(&mut self, cx: &mut Cx, epoch: Epoch) {
        self.drain(cx);
        self.disk.epoch = epoch;
        self.disk.role = Role::Primary;
        self.memory.degraded = false;
        self.forget_acks();
        cx.tell(Fact::Promoted(epoch));
        self.mind(cx, true);
    }

    /// Becomes a replica. Writes not yet in its log are refused. Clients that wait for acks are
    /// told nothing: their writes may yet survive.
    pub fn demote(&mut self, cx: &mut Cx, epoch: Epoch) {
        self.refuse_unflushed(cx);
        self.drain(cx);
        self.recover_own(cx);
        self.disk.epoch = self.disk.epoch.max(epoch);
        self.disk.role = Role::Replica;
        self.memory.degraded = false;
        self.forget_acks();
        self.mind(cx, false);
    }

    /// Is told by the operator that a new epoch has begun.
    pub fn join(&mut self, cx: &mut Cx, epoch: Epoch) {
        if self.is_primary() {
            self.demote(cx, epoch);
            cx.tell(Fact::Demoted);
        } else {
            cx.tell(Fact::Informed(epoch));
        }
        self.disk.epoch = epoch;
    }

    /// Learns of a newer epoch; a primary of an older one gives way.
    pub(super) fn adopt(&mut self, cx: &mut Cx, epoch: Epoch) {
        if self.is_primary() {
            self.demote(cx, epoch);
            cx.tell(Fact::SteppedDown(epoch));
        } else {
            cx.tell(Fact::Informed(epoch));
        }
        self.disk.epoch = epoch;
    }

    pub(super) fn on_fence(&mut self, cx: &mut Cx, epoch: Epoch) {
        if epoch <= self.disk.epoch || !self.gives_in(cx.rules) {
            cx.tell(Fact::Ignored);
            return;
        }
        cx.tell(Fact::Fenced(self.disk.epoch));
        if cx.rules.failover.is_none() {
            self.adopt(cx, epoch);
            return;
        }
        // The election may yet fail: who leads in that epoch, its beats will say.
        self.promise(epoch);
        if self.is_primary() {
            self.demote(cx, self.disk.epoch);
            cx.tell(Fact::SteppedDown(epoch));
        }
    }

    /// The cluster's rules have changed. A server that stands still learns of it when it goes on.
    pub fn on_rules(&mut self, cx: &mut Cx) {
        if self.status == Status::Up && self.is_primary() {
            self.recount(cx);
        }
    }

    /// Goes on after a pause, under the rules and dials that hold by now.
    pub fn unpause(&mut self, cx: &mut Cx) {
        self.status = Status::Up;
        cx.tell(Fact::Unpaused);
        self.on_rules(cx);
        self.on_dials(cx);
    }

    /// The server's own dials have changed: idle workers may have work now.
    pub fn on_dials(&mut self, cx: &mut Cx) {
        if self.status == Status::Up && cx.rules.code.is_none() {
            self.start_flush(cx);
            self.start_applies(cx);
        }
    }
}
