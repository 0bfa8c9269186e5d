//! Holds what is looked at against the invariants, a few steps at a time, from the run's beginning.
//! It goes through the scenario again by itself, so it changes nothing that anybody sees.
//!
//! The page does not do so: with the invariants it would weigh 16 kB more.

use crate::check::{Checker, Violation};
use crate::recording::Replay;
use crate::sim::Record;

use super::Player;

/// The run looked at, held against every invariant as far as it has been gone through.
#[derive(Default)]
pub struct Watch {
    /// Which past it is of, by the player's count of changes.
    of: u32,
    checked: Option<(Replay, Checker)>,
    /// Something did not hold: that is told once.
    done: bool,
    told: Vec<Record>,
}

impl Watch {
    /// Checks at most so many further steps up to the playhead; says what does not hold, once.
    pub fn follow(&mut self, player: &Player, steps: u32) -> Option<Violation> {
        if self.of != player.changes() {
            *self = Watch { of: player.changes(), ..Watch::default() };
        }
        if self.done {
            return None;
        }
        let recording = player.recording();
        let scenario = recording.scenario();
        let (replay, checker) = self.checked.get_or_insert_with(|| {
            let replay = Replay::new(recording);
            let checker = Checker::new(scenario, replay.world());
            (replay, checker)
        });
        for _ in 0..steps {
            self.told.clear();
            let told = &mut self.told;
            if !replay.step(scenario, player.t(), &mut |record| told.push(record)) {
                return None;
            }
            if let Err(violation) = checker.observe(replay.world(), &self.told) {
                self.done = true;
                return Some(violation);
            }
        }
        None
    }
}
