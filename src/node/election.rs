//! Automatic failover: beats, suspicion, votes. Without a configured `failover` nothing of it runs.
//!
//! Detect, elect, drain, promote; the kernel re-points. Votes follow Raft (Ongaro and Ousterhout
//! 2014, section 5): one a server and epoch, kept on disk; none for a candidate whose log is older;
//! none while the primary is heard (Ongaro's dissertation, 4.2.3). Where a majority is needed, a
//! candidate first asks who would vote for it (9.6; MongoDB's dry run), so that a server cut off
//! alone burns no epochs and deposes nobody when it comes back. A server that is ahead
//! of a candidate says so and asks for votes itself, so the most advanced of those reached leads.

use crate::base::{Epoch, NodeId, Purpose, SimTime, scaled};
use crate::policy::{Candidate, Failover, Rejoin, Rules};

use super::fact::Fact;
use super::message::{Message, Standing, Verdict};
use super::state::{Cx, Effect, Node, Status, Timer};

/// What a server knows of its primary's life, or as a primary of the others'.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Election {
    /// The primary last heard.
    pub leader: Option<NodeId>,
    /// When it was last heard; None if never in this life.
    pub heard_at: Option<SimTime>,
    /// Since when its silence counts: it was heard, or an election began anew.
    pub silent_since: SimTime,
    /// How far an election has come here.
    pub stage: Stage,
    /// How often the stage has changed; a timer of an earlier round means nothing.
    round: u32,
    watching: bool,
    beating: bool,
    /// As a primary: when each server, by number, last answered in this life.
    answered_at: Vec<Option<SimTime>>,
}

/// How far an election has come at one server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Stage {
    /// It follows, or leads.
    #[default]
    Calm,
    /// It has given its primary up and waits a little, so that not all ask at once.
    Suspecting,
    /// It asks for votes.
    Asking {
        /// Of this epoch.
        epoch: Epoch,
        /// Whether it only asks who would.
        dry: bool,
        /// Who voted for it.
        granted: Vec<NodeId>,
        /// Who did not.
        declined: Vec<NodeId>,
    },
    /// It is elected, and applies what it has received.
    Draining(Epoch),
}

impl Election {
    /// A server has left the cluster, and its vote with it.
    pub(super) fn forget(&mut self, gone: NodeId) {
        if let Stage::Asking { granted, declined, .. } = &mut self.stage {
            granted.retain(|node| *node != gone);
            declined.retain(|node| *node != gone);
        }
    }

    /// When a server last answered this one, a primary; None if not in this life.
    pub(super) fn answered(&self, node: NodeId) -> Option<SimTime> {
        self.answered_at.get(node.index()).copied().flatten()
    }

    /// There are so many servers by now; those that are new have not answered yet.
    pub(super) fn reach(&mut self, servers: u16) {
        if !self.answered_at.is_empty() {
            self.answered_at.resize(usize::from(servers), None);
        }
    }
}

impl Node {
    /// The newest epoch it has voted in or heard of: it takes nothing of an older one.
    pub fn promised(&self) -> Epoch {
        self.disk.epoch.max(self.disk.promised)
    }

    /// Takes nothing older than this epoch from now on; a new one has a vote to give.
    pub(super) fn promise(&mut self, epoch: Epoch) {
        if epoch > self.promised() {
            self.disk.promised = epoch;
            self.disk.voted_for = None;
        }
    }

    /// Whether it gives way to what it hears of a newer epoch.
    pub(super) fn gives_in(&self, rules: &Rules) -> bool {
        !self.is_primary() || rules.failover.is_none_or(|failover| failover.fencing)
    }

    /// Whether entries of a deposed primary are kept where they are.
    pub(super) fn keeps_errant(rules: &Rules) -> bool {
        rules.failover.is_some_and(|failover| failover.rejoin == Rejoin::Keep)
    }

    /// Begins to beat or to watch, as its role asks. `answered` is whether the others count as
    /// having answered just now.
    pub fn mind(&mut self, cx: &mut Cx, answered: bool) {
        if cx.rules.as_written {
            return self.monitor(cx);
        }
        if cx.rules.failover.is_none() || self.status != Status::Up {
            return;
        }
        self.enter(Stage::Calm);
        self.memory.election.silent_since = cx.now;
        if self.is_primary() {
            let answers = answered.then_some(cx.now);
            self.memory.election.answered_at = vec![answers; usize::from(cx.servers)];
            if !self.memory.election.beating {
                self.memory.election.beating = true;
                self.on_beat_timer(cx);
            }
        } else {
            self.watch(cx);
        }
    }

    /// The same after a copy: the timers of an earlier life mean nothing.
    pub(super) fn mind_anew(&mut self, cx: &mut Cx) {
        self.memory.election.watching = false;
        self.memory.election.beating = false;
        self.mind(cx, true);
    }

    fn watch(&mut self, cx: &mut Cx) {
        let Some(failover) = cx.rules.failover else { return };
        let election = &mut self.memory.election;
        if !election.watching {
            election.watching = true;
            let due = election.silent_since + failover.timeout.0;
            cx.wake(due.max(cx.now + failover.heartbeat.0), Timer::Watch);
        }
    }

    fn enter(&mut self, stage: Stage) {
        self.memory.election.round += 1;
        self.memory.election.stage = stage;
    }

    fn others<'a>(&self, cx: &Cx<'a>) -> impl Iterator<Item = NodeId> + use<'a> {
        let own = self.id;
        cx.members.iter().copied().filter(move |node| *node != own)
    }

    /// Tells every server that this one leads, or is about to.
    pub(super) fn on_beat_timer(&mut self, cx: &mut Cx) {
        let epoch = match self.memory.election.stage {
            Stage::Draining(epoch) => Some(epoch),
            Stage::Calm | Stage::Suspecting | Stage::Asking { .. } => {
                self.is_primary().then_some(self.disk.epoch)
            }
        };
        let (Some(epoch), Some(failover)) = (epoch, cx.rules.failover) else {
            self.memory.election.beating = false;
            return;
        };
        let leads = self.is_primary();
        for node in self.others(cx) {
            cx.send(node, Message::Beat { epoch, leads });
        }
        // One that hears no majority may itself be out by now.
        if leads && cx.chain.first() == Some(&self.id) && self.has_majority(cx) {
            self.mind_chain(cx, failover.timeout);
        }
        cx.wake(cx.now + failover.heartbeat.0, Timer::Beat);
    }

    pub(super) fn on_beat(&mut self, cx: &mut Cx, from: NodeId, epoch: Epoch, leads: bool) {
        let Some(failover) = cx.rules.failover else {
            cx.tell(Fact::Ignored);
            return;
        };
        if epoch < self.promised() {
            cx.tell(Fact::Fenced(epoch));
            if failover.fencing {
                cx.send(from, Message::Fence(self.promised()));
            }
            return;
        }
        cx.tell(Fact::Beat(epoch));
        if self.is_primary() && (epoch == self.disk.epoch || !failover.fencing) {
            return;
        }
        if leads && epoch > self.disk.epoch {
            self.adopt(cx, epoch);
        }
        self.enter(Stage::Calm);
        self.memory.election.heard_at = Some(cx.now);
        self.memory.election.silent_since = cx.now;
        self.memory.election.leader = Some(from);
        if failover.quorum && leads {
            cx.send(from, Message::BeatAnswer(epoch));
        }
    }

    pub(super) fn on_beat_answer(&mut self, cx: &mut Cx, from: NodeId, epoch: Epoch) {
        let leads = self.is_primary() && epoch == self.disk.epoch;
        let answered = self.memory.election.answered_at.get_mut(from.index());
        match answered.filter(|_| leads) {
            Some(answered) => {
                *answered = Some(cx.now);
                cx.tell(Fact::BeatAnswered);
                if cx.is_proper() && !cx.chain.contains(&from) {
                    cx.effects.push(Effect::Include(from));
                }
            }
            None => cx.tell(Fact::Ignored),
        }
    }

    /// Whether a primary may take a write: it has heard a majority of late, itself included.
    /// Without a quorum it may always.
    pub(super) fn has_majority(&self, cx: &Cx) -> bool {
        let Some(failover) = cx.rules.failover.filter(|failover| failover.quorum) else {
            return true;
        };
        let recent = |at: &&Option<SimTime>| at.is_some_and(|at| cx.now < at + failover.timeout.0);
        let others = self.memory.election.answered_at.iter().enumerate();
        let others = others
            .filter(|(node, _)| *node != self.id.index() && cx.is_member(NodeId(*node as u16)));
        let others = others.map(|(_, at)| at);
        failover.elects(cx.count(), others.filter(recent).count() + 1, 0)
    }

    /// Has the primary been silent for too long?
    pub(super) fn on_watch(&mut self, cx: &mut Cx) {
        if cx.rules.as_written {
            return self.on_check(cx);
        }
        self.memory.election.watching = false;
        let Some(failover) = cx.rules.failover.filter(|_| !self.is_primary()) else {
            return;
        };
        let calm = self.memory.election.stage == Stage::Calm;
        if calm && cx.now >= self.memory.election.silent_since + failover.timeout.0 {
            cx.tell(Fact::Suspected);
            self.suspect(cx, self.pause(cx, failover.heartbeat.0));
        }
        self.watch(cx);
    }

    /// A while of at most so many microseconds, different for every server and election.
    fn pause(&self, cx: &Cx, most: u64) -> SimTime {
        let nth = u64::from(self.promised()) << 16 | u64::from(self.memory.election.round & 0xffff);
        scaled(cx.luck.draw(Purpose::Election, self.id.0.into(), nth), most.max(1))
    }

    fn suspect(&mut self, cx: &mut Cx, pause: SimTime) {
        self.enter(Stage::Suspecting);
        cx.wake(cx.now + pause, Timer::Campaign(self.memory.election.round));
    }

    /// The pause before an election is over, or the time to answer.
    pub(super) fn on_campaign(&mut self, cx: &mut Cx, round: u32) {
        let Some(failover) = cx.rules.failover.filter(|_| round == self.memory.election.round)
        else {
            return;
        };
        match &self.memory.election.stage {
            Stage::Suspecting => self.ask_for_votes(cx, &failover, failover.quorum),
            Stage::Asking { epoch, granted, declined, dry } => {
                if failover.elects(cx.count(), granted.len(), declined.len()) && !dry {
                    let epoch = *epoch;
                    self.win(cx, epoch);
                } else if cx.now < self.memory.election.silent_since + failover.timeout.0 {
                    let until = self.memory.election.silent_since + failover.timeout.0;
                    cx.wake(until, Timer::Campaign(round));
                } else {
                    let pause = self.pause(cx, failover.timeout.0);
                    self.suspect(cx, pause);
                }
            }
            Stage::Calm | Stage::Draining(_) => {}
        }
    }

    fn ask_for_votes(&mut self, cx: &mut Cx, failover: &Failover, dry: bool) {
        if !self.may_lead(cx) {
            self.memory.election.silent_since = cx.now;
            return self.enter(Stage::Calm);
        }
        let epoch = self.promised() + 1;
        self.enter(Stage::Asking { epoch, dry, granted: vec![self.id], declined: Vec::new() });
        self.memory.election.silent_since = cx.now;
        if dry {
            cx.tell(Fact::Canvassed(epoch));
        } else {
            self.disk.promised = epoch;
            self.disk.voted_for = Some(self.id);
            cx.tell(Fact::Campaigned(epoch));
        }
        let standing = self.standing();
        for node in self.others(cx) {
            cx.send(node, Message::VoteRequest { epoch, dry, standing });
        }
        cx.wake(cx.now + failover.heartbeat.0, Timer::Campaign(self.memory.election.round));
        self.count_votes(cx, failover);
    }

    /// Whether it may be elected at all. Who stands outside a proper chain may lack what its tail
    /// has answered, and what only it has was never acknowledged, however much that is.
    fn may_lead(&self, cx: &Cx) -> bool {
        !self.is_blank() && (!cx.is_proper() || cx.chain.contains(&self.id))
    }

    /// How advanced its log is, received entries included.
    fn standing(&self) -> Standing {
        let newest = self.memory.received.newest();
        let epoch = newest.filter_map(|gtid| self.epoch_of(gtid)).max().unwrap_or(0);
        Standing { epoch, entries: self.memory.received.len() }
    }

    pub(super) fn on_vote_request(
        &mut self,
        cx: &mut Cx,
        from: NodeId,
        epoch: Epoch,
        dry: bool,
        standing: Standing,
    ) {
        let Some(failover) = cx.rules.failover else {
            cx.tell(Fact::Ignored);
            return;
        };
        let verdict = self.judge(cx, from, epoch, standing, &failover);
        let (granted, candidate) = (verdict == Verdict::Granted, from);
        if granted && dry {
            cx.tell(Fact::Supported { epoch, candidate });
        } else if granted {
            self.disk.promised = epoch;
            self.disk.voted_for = Some(from);
            self.memory.election.silent_since = cx.now;
            self.enter(Stage::Calm);
            cx.tell(Fact::Voted { epoch, candidate });
        } else {
            cx.tell(Fact::Declined { epoch, candidate });
        }
        cx.send(from, Message::Vote { epoch, dry, verdict });
        if verdict == Verdict::Behind {
            if !dry {
                self.promise(epoch);
            }
            self.suspect(cx, 0);
        }
    }

    fn judge(
        &self,
        cx: &Cx,
        from: NodeId,
        epoch: Epoch,
        standing: Standing,
        failover: &Failover,
    ) -> Verdict {
        let election = &self.memory.election;
        let heard = election.heard_at.is_some_and(|at| cx.now < at + failover.timeout.0);
        let voted = epoch == self.promised() && self.disk.voted_for == Some(from);
        let leads = match election.stage {
            Stage::Draining(_) => true,
            Stage::Calm => (self.is_primary() && self.has_majority(cx)) || (heard && !voted),
            Stage::Suspecting | Stage::Asking { .. } => false,
        };
        if leads || (epoch <= self.promised() && !voted) {
            Verdict::Declined
        } else if self.precedes(cx, from)
            || failover.candidate == Candidate::MostAdvanced
                && self.may_lead(cx)
                && self.standing() > standing
        {
            Verdict::Behind
        } else {
            Verdict::Granted
        }
    }

    pub(super) fn on_vote(
        &mut self,
        cx: &mut Cx,
        from: NodeId,
        epoch: Epoch,
        dry: bool,
        verdict: Verdict,
    ) {
        let Some(failover) = cx.rules.failover else {
            cx.tell(Fact::Ignored);
            return;
        };
        let Stage::Asking { epoch: asked, dry: asked_dry, granted, declined } =
            &mut self.memory.election.stage
        else {
            cx.tell(Fact::Ignored);
            return;
        };
        let same = (*asked, *asked_dry) == (epoch, dry);
        if !same || granted.contains(&from) || declined.contains(&from) {
            cx.tell(Fact::Ignored);
            return;
        }
        cx.tell(Fact::Vote { epoch, granted: verdict == Verdict::Granted });
        match verdict {
            Verdict::Granted => granted.push(from),
            Verdict::Declined => declined.push(from),
            Verdict::Behind => {
                // Who is ahead asks for votes now.
                self.enter(Stage::Calm);
                self.memory.election.silent_since = cx.now;
                return;
            }
        }
        self.count_votes(cx, &failover);
    }

    /// Wins at once if nobody else is worth waiting for: all but the silent primary have answered,
    /// or any candidate will do.
    fn count_votes(&mut self, cx: &mut Cx, failover: &Failover) {
        let Stage::Asking { epoch, dry, granted, declined } = &self.memory.election.stage else {
            return;
        };
        let heard = |node: NodeId| granted.contains(&node) || declined.contains(&node);
        let silent = |node: &NodeId| !heard(*node) && Some(*node) != self.memory.election.leader;
        let waits = !dry
            && failover.candidate == Candidate::MostAdvanced
            && self.others(cx).any(|node| silent(&node));
        if failover.elects(cx.count(), granted.len(), declined.len()) && !waits {
            let (epoch, dry) = (*epoch, *dry);
            if dry {
                self.ask_for_votes(cx, failover, false);
            } else {
                self.win(cx, epoch);
            }
        }
    }

    fn win(&mut self, cx: &mut Cx, epoch: Epoch) {
        self.enter(Stage::Draining(epoch));
        cx.tell(Fact::Elected(epoch));
        self.memory.election.beating = true;
        self.on_beat_timer(cx);
        self.start_applies(cx);
        self.claim(cx);
    }

    /// Becomes primary, if it is elected and has applied everything it has received.
    pub(super) fn claim(&mut self, cx: &mut Cx) {
        let Stage::Draining(epoch) = self.memory.election.stage else {
            return;
        };
        if epoch < self.promised() || !self.may_lead(cx) {
            self.enter(Stage::Calm);
            return;
        }
        let drained =
            self.memory.unflushed.is_empty() && self.disk.applied_through == self.disk.log.end();
        let Some(failover) = cx.rules.failover.filter(|_| drained) else {
            return;
        };
        // Simplification: nothing but a quorum keeps two servers from one number, and the operator
        // asks for none: the simulator sees to it that no epoch is given twice.
        let epoch = match failover.quorum {
            true if epoch > cx.newest_epoch => epoch,
            true => return self.enter(Stage::Calm),
            false => epoch.max(cx.newest_epoch + 1),
        };
        self.promote(cx, epoch);
        cx.effects.push(Effect::Lead);
    }
}
