//! Several futures of one past: acting in the past keeps what had happened as a branch.

use crate::base::SimTime;
use crate::sim::{Command, Scenario};

use super::run::Recording;

/// The most branches kept; the oldest that is not looked at goes first.
pub const BRANCHES_MAX: usize = 32;
/// The longest name of a branch, in characters.
pub const NAME_MAX: usize = 24;

/// One future.
#[derive(Clone, Debug)]
pub struct Branch {
    /// What it is known by: it is given once and never again.
    pub id: u32,
    /// Its name: A, B, C, ... until somebody gives it another.
    pub name: String,
    /// Where it left the branch before it; None for the first.
    pub forked_at: Option<SimTime>,
    /// The run.
    pub recording: Recording,
}

/// All futures kept, and the one looked at.
#[derive(Clone, Debug)]
pub struct Branches {
    all: Vec<Branch>,
    current: usize,
    named: u32,
}

impl Branches {
    /// One run, no branches yet.
    pub fn new(scenario: Scenario) -> Branches {
        let recording = Recording::new(scenario);
        let first = Branch { id: 0, name: name(0), forked_at: None, recording };
        Branches { all: vec![first], current: 0, named: 1 }
    }

    /// The run looked at.
    pub fn recording(&self) -> &Recording {
        &self.all[self.current].recording
    }

    /// The run looked at, to simulate further.
    pub fn recording_mut(&mut self) -> &mut Recording {
        &mut self.all[self.current].recording
    }

    /// Every branch, oldest first.
    pub fn all(&self) -> &[Branch] {
        &self.all
    }

    /// Which branch is looked at.
    pub fn current(&self) -> usize {
        self.current
    }

    /// Looks at another branch; false if there is none of that number.
    pub fn switch(&mut self, branch: usize) -> bool {
        if branch < self.all.len() {
            self.current = branch;
        }
        branch < self.all.len()
    }

    /// The place of the branch with this id; None once it is gone.
    pub fn place(&self, id: u32) -> Option<usize> {
        self.all.iter().position(|branch| branch.id == id)
    }

    /// Gives a branch another name, at most `NAME_MAX` characters of it; an empty one changes
    /// nothing.
    pub fn rename(&mut self, id: u32, name: &str) {
        let name: String = name.trim().chars().take(NAME_MAX).collect();
        if let Some(at) = self.place(id).filter(|_| !name.is_empty()) {
            self.all[at].name = name;
        }
    }

    /// Forgets a branch; false if it is looked at or not there.
    pub fn remove(&mut self, id: u32) -> bool {
        let Some(at) = self.place(id).filter(|at| *at != self.current) else {
            return false;
        };
        self.all.remove(at);
        self.current -= usize::from(at < self.current);
        true
    }

    /// Looks at another run from now on; the one looked at stays as a branch.
    pub fn begin(&mut self, scenario: Scenario) {
        self.keep(None, Recording::new(scenario));
    }

    fn keep(&mut self, forked_at: Option<SimTime>, recording: Recording) {
        self.all.push(Branch { id: self.named, name: name(self.named), forked_at, recording });
        self.named += 1;
        self.current = self.all.len() - 1;
        if self.all.len() > BRANCHES_MAX {
            self.all.remove(0);
            self.current -= 1;
        }
    }

    /// Carries out a command at `t`. If that is in the known past, what had happened after `t`
    /// stays as a branch of its own. True if it did.
    pub fn issue(&mut self, t: SimTime, command: Command) -> bool {
        let known = self.recording();
        let forks = known.trace().first_at(t + 1) < known.trace().len() as u32;
        if forks {
            let recording = self.recording().clone();
            self.keep(Some(t), recording);
        }
        self.recording_mut().issue(t, command);
        forks
    }
}

/// A, B, ..., Z, A2, B2, ...
fn name(number: u32) -> String {
    let letter = char::from(b'A' + (number % 26) as u8);
    match number / 26 {
        0 => letter.to_string(),
        round => format!("{letter}{}", round + 1),
    }
}
