//! Acting, and taking it back. Acting in the past keeps what had happened as a branch.

use crate::base::SimTime;
use crate::sim::{Command, Stamped};

use super::{Mode, Player};

/// Something that was done live.
#[derive(Clone, Debug)]
pub(super) struct Intervention {
    /// What kind of command it was.
    pub(super) name: &'static str,
    at: SimTime,
    command: Command,
    /// The branch it was done on.
    pub(super) branch: String,
    /// The branch that stayed behind, if it was done in the past.
    pub(super) forked_from: Option<String>,
    mode: Mode,
}

impl Player {
    /// Does something at the playhead. From here on the future is the visitor's: what the script
    /// or the visitor had planned for later stays with the old branch.
    pub(super) fn issue(&mut self, command: Command) {
        let t = self.t;
        let before = self.branch_name();
        self.leave();
        let forked = self.branches.issue(t, command.clone());
        let recording = self.branches.recording_mut();
        while recording.scenario().at.last().is_some_and(|stamped| stamped.time.0 > t) {
            recording.withdraw(recording.scenario().at.len() - 1);
        }
        recording.extend(t, u64::MAX);
        self.interventions.push(Intervention {
            name: command.name(),
            at: t,
            command,
            branch: self.branch_name(),
            forked_from: forked.then_some(before),
            mode: self.mode,
        });
        self.mode = Mode::Sandbox;
        self.frontier = t;
        self.skipped.retain(|(_, end)| *end <= t);
        self.forget();
        self.prolong();
    }

    /// Takes the newest intervention back: the branch it left comes back, or it never happened.
    pub(super) fn undo(&mut self) {
        let Some(last) = self.interventions.pop() else {
            return;
        };
        let named = |name: &str| {
            let mut all = self.branches.all().iter();
            all.position(|branch| branch.name == name)
        };
        let mut end = self.t;
        match last.forked_from.as_deref().and_then(named) {
            Some(branch) => {
                self.leave();
                self.branches.switch(branch);
                end = end.max(self.end_of(&self.branch_name()));
            }
            None => {
                let Some(branch) = named(&last.branch) else {
                    return;
                };
                self.branches.switch(branch);
                let recording = self.branches.recording_mut();
                let same = |stamped: &Stamped| {
                    stamped.time.0 == last.at && stamped.command == last.command
                };
                if let Some(number) = recording.scenario().at.iter().rposition(same) {
                    recording.withdraw(number);
                }
            }
        }
        self.mode = last.mode;
        self.frontier = end;
        self.forget();
        let t = self.t;
        self.seek(t);
    }

    pub(super) fn switch_branch(&mut self, branch: usize) {
        self.leave();
        if self.branches.switch(branch) {
            self.mode = Mode::Sandbox;
            self.frontier = self.end_of(&self.branch_name());
            self.forget();
            self.playing = false;
            let t = self.t.min(self.frontier);
            self.seek(t);
        }
    }

    pub(super) fn branch_name(&self) -> String {
        self.branches.all()[self.branches.current()].name.clone()
    }
}
