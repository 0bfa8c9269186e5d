//! What a frame does: time passes, packets move, and views are redrawn if they must be.

use replication::player::{Msg, Player, caption};
use replication::recording::Moment;

use super::{PANELS_MS, Root};
use crate::app::{browser, lesson, panel, stage};

/// Between two redraws of the stage because something has happened, in milliseconds: where much
/// does, not every frame needs to show it, and packets move in all of them.
const EVENTS_MS: f64 = 40.0;
/// Above this speed, in hundredths, the stage too is redrawn only as often as the panels. With many
/// servers it is at any, and all of it less often.
const FAST: u32 = 400;
pub(super) const MANY_MS: f64 = 250.0;

/// What the views last showed, to see whether they must be redrawn.
#[derive(Clone, PartialEq)]
pub(super) struct Drawn {
    moment: Moment,
    playing: bool,
    ended: bool,
    caption: String,
}

impl Drawn {
    pub(super) fn of(player: &mut Player) -> Drawn {
        Drawn {
            moment: player.moment(),
            playing: player.playing(),
            ended: player.ended(),
            caption: caption(player),
        }
    }
}

impl Root {
    /// A frame: time passes, packets move, and views are redrawn if something has happened.
    pub(super) fn on_frame(&mut self, ms: f64) -> bool {
        browser::on_next_frame(&self.frame);
        if self.ui.script.settles()
            || lesson::measures(&mut self.ui)
            || panel::gallery::draws(&self.ui)
        {
            return true;
        }
        let elapsed_ms = ms - self.last_ms.replace(ms).unwrap_or(ms);
        let mut player = self.player.borrow_mut();
        let travels = self.travels || player.heading().is_some();
        if travels || !player.playing() && !self.drawn.playing {
            drop(player);
            return self.catch_up(ms);
        }
        player.update(Msg::Frame { elapsed_us: (elapsed_ms.max(0.0) * 1_000.0) as u64 });
        self.ui.sight.mind(&player, true);
        let few = player.recording().head().nodes.len() <= stage::MANY;
        let due = ms - self.drawn_ms >= if few { PANELS_MS } else { MANY_MS };
        // The frame in which the run stops is the last for a while.
        let turns = due || !player.playing();
        let news = if turns { lesson::turned(&mut self.ui, &mut player) } else { None };
        let news = news.map(|news| self.announcer.say(news, ms)).is_some();
        let told = news || due && self.announcer.listen(&player, self.ui.voice, ms);
        let slow = few && player.speed().hundredths() <= FAST;
        let redraw = due || told || {
            // Only at speeds at which single events can be seen.
            let lately = player.playing() && ms - self.drawn_ms < EVENTS_MS;
            slow && !lately && {
                let now = Drawn::of(&mut player);
                let changed = now != self.drawn;
                self.drawn = now;
                changed
            }
        };
        stage::paint(&mut player);
        self.painted = redraw;
        if redraw {
            self.drawn_ms = ms;
            self.drawn = Drawn::of(&mut player);
        } else {
            self.tape.paint(&player, &self.ui.sight, false);
            self.loom.paint(&mut player, (&self.tape, &self.ui.sight), ms, false);
        }
        redraw
    }
}
