//! The future that was left behind: acting in the past keeps it, and the tape shows it in grey
//! beneath the one looked at.

use crate::base::SimTime;

use super::{Marks, Player};

/// A branch that is not looked at, as the tape shows it.
#[derive(Clone, Debug)]
pub struct Ghost {
    /// Its name.
    pub name: String,
    /// Its number among all branches.
    pub branch: usize,
    /// Where its tape ends.
    pub until: SimTime,
    /// What happened on it.
    pub marks: Marks,
    /// The branch that was looked at when it was chosen.
    beside: String,
}

impl Player {
    /// Notes where the tape of the branch looked at ends, before it is left.
    pub(super) fn leave(&mut self) {
        let (name, end) = (self.branch_name(), self.end());
        self.ends.retain(|(other, _)| *other != name);
        self.ends.push((name, end));
    }

    /// Where the tape of a branch ends: where it was left, or what is known of it.
    pub(super) fn end_of(&self, name: &str) -> SimTime {
        let left = self.ends.iter().find(|(other, _)| other == name).map(|(_, end)| *end);
        let mut all = self.branches.all().iter();
        let known = || all.find(|branch| branch.name == name).map(|it| it.recording.known_until());
        left.or_else(known).unwrap_or(0)
    }

    /// Chooses the branch shown in grey: the one that the present one left, or else the newest.
    pub(super) fn choose_ghost(&mut self) {
        let all = self.branches.all();
        if all.len() < 2 {
            self.ghost = None;
            return;
        }
        let beside = self.branch_name();
        if self.ghost.as_ref().is_some_and(|ghost| ghost.beside == beside) {
            return;
        }
        let own = |it: &&super::undo::Intervention| it.branch == beside;
        let left = self.interventions.iter().rev().find(own);
        let left = left.and_then(|it| it.forked_from.as_deref());
        let named = all.iter().position(|branch| Some(branch.name.as_str()) == left);
        let newest = (0..all.len()).rev().find(|at| *at != self.branches.current());
        let Some(branch) = named.or(newest) else { return };
        let mut marks = Marks::default();
        marks.follow(&all[branch].recording);
        let name = all[branch].name.clone();
        self.ghost = Some(Ghost { until: self.end_of(&name), name, branch, marks, beside });
    }
}
