//! The way to an instant that is not known yet: simulated between two frames, a slice at a time,
//! while the page shows where it is, how far the run has come, and a way to stop.

use replication::player::{Msg, Player, us_text};
use replication::words::stage as say;

use super::Root;
use super::frame::{Drawn, MANY_MS};
use crate::app::{browser, hooks, memory};

/// How long it is simulated in one frame, in milliseconds.
const SLICE_MS: f64 = 12.0;

/// How far the run has come, in words; None if the playhead stands where it was asked to.
pub(super) fn told(player: &Player) -> Option<String> {
    let to = player.heading()?;
    let come = player.recording().known_until() * 100 / to.max(1);
    Some(say::on_the_way(us_text(to), come))
}

impl Root {
    /// Brings the playhead nearer to where it is heading, and runs beside it nearer to it; true if
    /// that is to be shown.
    pub(super) fn catch_up(&mut self, ms: f64) -> bool {
        let mut player = self.player.borrow_mut();
        let behind = player.catching_up();
        let travelled = self.travels || player.heading().is_some();
        if behind {
            let until = browser::now() + SLICE_MS;
            player.update(Msg::CatchUp);
            while player.heading().is_some() && browser::now() < until {
                player.update(Msg::CatchUp);
            }
        }
        self.travels = player.heading().is_some();
        let there = travelled && !self.travels;
        if there {
            memory::look(&mut self.ui, &mut player);
            self.announcer.jumped(&player);
        }
        let due = ms - self.drawn_ms >= MANY_MS || !player.catching_up();
        let redraw = there || behind && due;
        if redraw {
            self.drawn_ms = ms;
            self.drawn = Drawn::of(&mut player);
            self.panels.take();
        }
        drop(player);
        if there {
            self.turn_lesson();
            hooks::arrived(&self.waiting, self.player.borrow().t());
        }
        redraw || self.measuring.get()
    }
}
