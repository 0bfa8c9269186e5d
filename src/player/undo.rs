//! Acting, taking it back, and doing it again. Acting in the past keeps what had happened as a
//! branch; taking back restores what was there before, to the last digest.

use crate::base::{SimTime, Span};
use crate::sim::{Command, Scenario, Stamped};

use super::{Mode, Player, Selection, Versus};

/// Something that was done live.
#[derive(Clone, Debug)]
pub(super) struct Intervention {
    /// What kind of command it was.
    pub(super) name: &'static str,
    at: SimTime,
    /// None if the scenario itself was another one from then on.
    command: Option<Command>,
    /// The branch it was done on, by its id.
    pub(super) branch: u32,
    /// The branch that stayed behind, if it was done in the past.
    pub(super) forked_from: Option<u32>,
    /// What had been planned for later, and was given up for it.
    tail: Vec<Stamped>,
    mode: Mode,
}

impl Intervention {
    fn concerns(&self, branch: u32) -> bool {
        self.branch == branch || self.forked_from == Some(branch)
    }
}

impl Player {
    /// Does something at the playhead. From here on the future is the visitor's: what the script
    /// or the visitor had planned for later stays with the old branch.
    pub(super) fn issue(&mut self, command: Command) {
        let t = self.t;
        let before = self.branch_id();
        self.leave();
        let forked = self.branches.issue(t, command.clone());
        let recording = self.branches.recording_mut();
        let mut at = recording.scenario().at.clone();
        let tail = at.split_off(at.partition_point(|stamped| stamped.time.0 <= t));
        recording.plan(at);
        recording.extend(t, u64::MAX);
        self.undone.clear();
        self.interventions.push(Intervention {
            name: command.name(),
            at: t,
            command: Some(command),
            branch: self.branch_id(),
            forked_from: forked.then_some(before),
            tail,
            mode: self.mode,
        });
        self.mode = Mode::Sandbox;
        self.frontier = t;
        self.skipped.retain(|(_, end)| *end <= t);
        self.forget(t);
        self.prolong();
    }

    /// Begins an edited scenario; the run before it stays as a branch, and undo leads back to it.
    pub(super) fn run_edited(&mut self, scenario: Scenario) {
        let before = self.branch_id();
        self.leave();
        self.branches.begin(scenario);
        self.undone.clear();
        self.interventions.push(Intervention {
            name: "edit",
            at: 0,
            command: None,
            branch: self.branch_id(),
            forked_from: Some(before),
            tail: Vec::new(),
            mode: self.mode,
        });
        self.mode = Mode::Sandbox;
        self.playing = false;
        self.runs += 1;
        self.t = 0;
        self.arrive(0, 0);
    }

    /// Takes the newest intervention back: the branch it left comes back, or it never happened.
    pub(super) fn undo(&mut self) {
        let Some(last) = self.interventions.pop() else {
            return;
        };
        let (mut end, mut same_until) = (self.t, SimTime::MAX);
        self.leave();
        match last.forked_from.and_then(|id| self.branches.place(id)) {
            Some(branch) => {
                self.branches.switch(branch);
                end = end.max(self.end_of(self.branch_id()));
            }
            None => {
                let Some(branch) = self.branches.place(last.branch) else {
                    return;
                };
                self.branches.switch(branch);
                let recording = self.branches.recording_mut();
                let mut at = recording.scenario().at.clone();
                let same = |stamped: &Stamped| {
                    stamped.time.0 == last.at && Some(&stamped.command) == last.command.as_ref()
                };
                if let Some(number) = at.iter().rposition(same) {
                    at.remove(number);
                }
                at.extend(last.tail.iter().cloned());
                recording.plan(at);
                same_until = last.at;
            }
        }
        self.mode = last.mode;
        self.undone.push(last);
        self.arrive(end, same_until);
    }

    /// Does again what was taken back last.
    pub(super) fn redo(&mut self) {
        let Some(next) = self.undone.pop() else {
            return;
        };
        let Some(branch) = self.branches.place(next.branch) else {
            return;
        };
        self.leave();
        self.branches.switch(branch);
        if let (None, Some(command)) = (next.forked_from, &next.command) {
            let recording = self.branches.recording_mut();
            let mut at = recording.scenario().at.clone();
            at.truncate(at.partition_point(|stamped| stamped.time.0 <= next.at));
            at.push(Stamped { time: Span(next.at), command: command.clone() });
            recording.plan(at);
        }
        let end = self.t.max(next.at);
        let at = next.at;
        self.mode = Mode::Sandbox;
        self.interventions.push(next);
        self.arrive(end, at);
    }

    /// Looks at another past from now on, at the same instant, with a tape that ends there. Up to
    /// `same_until` it is as it was when it was left.
    fn arrive(&mut self, end: SimTime, same_until: SimTime) {
        self.frontier = end;
        self.skipped.retain(|(_, skipped_until)| *skipped_until <= end);
        self.marks = self.marks_of(self.branch_id());
        self.forget(same_until);
        let t = self.t;
        self.seek(t);
        self.look_at_what_is_there();
    }

    /// Servers, clients and operations of another run may not be there in this one.
    fn look_at_what_is_there(&mut self) {
        let world = self.branches.recording().head();
        let (nodes, clients) = (world.nodes.len(), world.clients.len());
        let ops = world.ledger.ops.len();
        let there = match self.selection {
            Selection::None => true,
            Selection::Node(node) => node.index() < nodes,
            Selection::Client(client) => client.index() < clients,
            Selection::Link(from, to) => from.index().max(to.index()) < nodes,
            Selection::Op(op) => (op.0 as usize) < ops,
        };
        if !there {
            self.selection = Selection::None;
        }
        self.follow = self.follow.filter(|op| (op.0 as usize) < ops);
        self.menu = None;
    }

    pub(super) fn switch_branch(&mut self, branch: usize) {
        self.leave();
        if self.branches.switch(branch) {
            self.mode = Mode::Sandbox;
            self.frontier = self.end_of(self.branch_id());
            self.marks = self.marks_of(self.branch_id());
            self.forget(SimTime::MAX);
            self.playing = false;
            let t = self.t.min(self.frontier);
            self.seek(t);
            self.look_at_what_is_there();
        }
    }

    /// Forgets a branch that is not looked at, and what could be taken back on it.
    pub(super) fn remove_branch(&mut self, id: u32) {
        if self.branches.remove(id) {
            self.interventions.retain(|one| !one.concerns(id));
            self.undone.retain(|one| !one.concerns(id));
            self.ends.retain(|(of, ..)| *of != id);
            self.rivals.retain(|rival| rival.versus() != Versus::Branch(id));
            self.ghost = None;
        }
    }

    pub(super) fn rename_branch(&mut self, id: u32, name: &str) {
        self.branches.rename(id, name);
        self.ghost = None;
    }

    pub(super) fn branch_id(&self) -> u32 {
        self.branches.all()[self.branches.current()].id
    }

    /// What was done where a branch left another, in a word; None of the first.
    pub fn branch_began_with(&self, id: u32) -> Option<&'static str> {
        let all = self.interventions.iter().chain(&self.undone);
        let mut began = all.filter(|one| one.branch == id && one.forked_from.is_some());
        began.next().map(|one| one.name)
    }
}
