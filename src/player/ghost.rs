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
    /// The branch that was looked at when it was chosen, by its id.
    beside: u32,
}

impl Player {
    /// Notes where the tape of the branch looked at ends, and its marks, before it is left.
    pub(super) fn leave(&mut self) {
        let (id, end) = (self.branch_id(), self.end());
        self.ends.retain(|(other, ..)| *other != id);
        self.ends.push((id, end, self.marks.clone()));
        self.way = None;
    }

    /// The marks of a branch when it was left.
    pub(super) fn marks_of(&self, id: u32) -> Marks {
        let left = self.ends.iter().find(|(other, ..)| *other == id);
        left.map(|(.., marks)| marks.clone()).unwrap_or_default()
    }

    /// Where the tape of a branch ends: where it was left, or what is known of it.
    pub(super) fn end_of(&self, id: u32) -> SimTime {
        let left = self.ends.iter().find(|(other, ..)| *other == id).map(|(_, end, _)| *end);
        let known = self.branches.place(id).map(|at| &self.branches.all()[at].recording);
        left.or_else(|| known.map(|recording| recording.known_until())).unwrap_or(0)
    }

    /// Where the tape of a branch ends, the one looked at included.
    pub fn branch_end(&self, id: u32) -> SimTime {
        if id == self.branch_id() { self.end() } else { self.end_of(id) }
    }

    /// Chooses the branch shown in grey: the one that the present one left, or else the newest.
    pub(super) fn choose_ghost(&mut self) {
        let all = self.branches.all();
        if all.len() < 2 {
            self.ghost = None;
            return;
        }
        let beside = self.branch_id();
        if self.ghost.as_ref().is_some_and(|ghost| ghost.beside == beside) {
            return;
        }
        let own = |it: &&super::undo::Intervention| it.branch == beside;
        let left = self.interventions.iter().rev().find(own);
        let left = left.and_then(|it| self.branches.place(it.forked_from?));
        let newest = (0..all.len()).rev().find(|at| *at != self.branches.current());
        let Some(branch) = left.or(newest) else { return };
        let mut marks = self.marks_of(all[branch].id);
        marks.follow(&all[branch].recording);
        let name = all[branch].name.clone();
        let until = self.end_of(all[branch].id);
        self.ghost = Some(Ghost { until, name, branch, marks, beside });
    }
}
