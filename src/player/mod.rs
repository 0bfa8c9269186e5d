//! The player: a playhead on a recording, and what a person is looking at. `update` is the only way
//! in which anything changes; views read and emit `Msg`.
//!
//! State at the playhead is a function of the recording and of `t` alone, so played, stepped and
//! scrubbed to `t` are one picture. Nothing here knows a browser, and nothing is a float.

mod caption;
mod clock;
mod ghost;
mod life;
mod marks;
mod rest;
mod rival;
mod score;
mod selection;
mod sieve;
mod speed;
mod story;
mod travel;
mod tutor;
mod undo;
mod update;
mod watch;
mod words;

pub use caption::caption;
pub use clock::Clock;
pub use ghost::Ghost;
pub use life::{Stop, StopKind, life};
pub use marks::{Mark, MarkKind, Marks};
pub use rest::Rests;
pub use rival::{RIVALS_MAX, Rival, Versus};
pub use score::{Figure, Score};
pub use selection::{Menu, Selection};
pub use sieve::{Happening, Sieve, Strainer};
pub use speed::{HOP_US, Speed, hundredths_text};
pub use story::{sandbox, story};
pub use tutor::{Beat, Tutor};
pub use update::Msg;
pub use watch::Watch;
pub use words::{
    entry_text, instant_sentence, notable, op_text, reason_text, state_text, told_text, us_text,
};

use crate::base::{OpId, SimTime};
use crate::check::{Measures, SECOND_US};
use crate::policy::Preset;
use crate::recording::{Branches, Moment, Recording};
use crate::sim::Scenario;

/// What is being shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The first ten seconds, untouched: they stop by themselves.
    Story,
    /// Whatever the visitor makes of it: no end.
    Sandbox,
}

/// How far ahead a step looks for the next instant at which something happens.
const STEP_HORIZON_US: u64 = 60_000_000;

/// A playhead on a recording, and what a person is looking at.
#[derive(Clone, Debug)]
pub struct Player {
    branches: Branches,
    mode: Mode,
    t: SimTime,
    /// Up to where the run is being simulated, and what for; the playhead waits.
    way: Option<(SimTime, travel::Goal)>,
    /// The furthest instant that has been looked at on this branch: beyond it lies the future.
    frontier: SimTime,
    playing: bool,
    speed: Speed,
    skip_idle: bool,
    stop_at_surprises: bool,
    /// Play goes from event to event instead of moving continuously.
    by_events: bool,
    /// Wall time since the last event, when playing by events, in microseconds.
    rest_us: u64,
    clock: Clock,
    /// What is to be read on the way, for which time waits.
    rests: Rests,
    /// Whether the latest frame passed faster because nothing happened in it.
    hasty: bool,
    /// Stretches that passed so, oldest first, for the tape.
    skipped: Vec<(SimTime, SimTime)>,
    selection: Selection,
    follow: Option<OpId>,
    menu: Option<Menu>,
    interventions: Vec<undo::Intervention>,
    marks: Marks,
    /// What was taken back and can be done again, the newest last.
    undone: Vec<undo::Intervention>,
    /// Where the tapes of branches ended when they were left, and what was marked on them, by id.
    ends: Vec<(u32, SimTime, Marks)>,
    /// The branch shown in grey.
    ghost: Option<Ghost>,
    /// How often what had been gathered from the run was dropped.
    changes: u32,
    /// How many runs have come in place of others.
    runs: u32,
    /// The world asked for last that is not the playhead's, of which past, and when.
    aside: Option<(u32, SimTime, Moment)>,
    /// Numbers up to an instant, kept while somebody looks at them.
    measures: Option<(Measures, SimTime)>,
    /// What somebody is interested in.
    sieve: Sieve,
    /// Runs beside this one, on the same clock.
    rivals: Vec<Rival>,
    /// Runs that are only measured, for the table of what each rule costs.
    weighed: Vec<Rival>,
    /// Which of them there can be, by the count of changes.
    valid: Option<(u32, Vec<Versus>)>,
}

impl Player {
    /// The first ten seconds, at their beginning, not yet playing.
    pub fn new() -> Player {
        Player::on(story(Preset::Async), Mode::Story)
    }

    /// A scenario at its beginning, not yet playing. The scenario must be valid.
    pub fn on(scenario: Scenario, mode: Mode) -> Player {
        let mut player = Player {
            branches: Branches::new(scenario),
            mode,
            t: 0,
            way: None,
            frontier: 0,
            playing: false,
            speed: Speed::NORMAL,
            skip_idle: true,
            stop_at_surprises: false,
            by_events: false,
            rest_us: 0,
            clock: Clock::default(),
            rests: Rests::default(),
            hasty: false,
            skipped: Vec::new(),
            selection: Selection::None,
            follow: None,
            menu: None,
            interventions: Vec::new(),
            undone: Vec::new(),
            marks: Marks::default(),
            ends: Vec::new(),
            ghost: None,
            changes: 0,
            runs: 0,
            aside: None,
            measures: None,
            sieve: Sieve::default(),
            rivals: Vec::new(),
            weighed: Vec::new(),
            valid: None,
        };
        if mode == Mode::Story {
            // Short, and known in advance: whoever acts in it keeps the rest as a branch.
            player.branches.recording_mut().finish();
        }
        player
    }

    /// The run looked at.
    pub fn recording(&self) -> &Recording {
        self.branches.recording()
    }

    /// Every future kept.
    pub fn branches(&self) -> &Branches {
        &self.branches
    }

    /// The world at the playhead, to keep and compare.
    pub fn moment(&mut self) -> Moment {
        self.branches.recording_mut().moment(self.t)
    }

    /// The world one second before the playhead, for what is counted over that second; None before
    /// there was one.
    pub fn second_ago(&mut self) -> Option<Moment> {
        let t = self.t.checked_sub(SECOND_US)?;
        Some(self.branches.recording_mut().moment_beside(t))
    }

    /// The world at an instant up to the playhead, to keep.
    pub fn moment_at(&mut self, t: SimTime) -> Moment {
        if t >= self.t {
            return self.moment();
        }
        let known = self.aside.take().filter(|(of, at, _)| (*of, *at) == (self.changes, t));
        let moment = known.map(|(_, _, moment)| moment);
        let moment = moment.unwrap_or_else(|| self.branches.recording_mut().moment(t));
        self.aside = Some((self.changes, t, moment.clone()));
        moment
    }

    /// The playhead.
    pub fn t(&self) -> SimTime {
        self.t
    }

    /// The end of the tape: where the story stops, or the furthest instant looked at.
    pub fn end(&self) -> SimTime {
        match self.mode {
            Mode::Story => self.story_end(),
            Mode::Sandbox => self.frontier,
        }
    }

    fn story_end(&self) -> SimTime {
        self.recording().scenario().until.0
    }

    /// The furthest instant that has been looked at, or to which the run has come on the way on.
    pub fn reached(&self) -> SimTime {
        let come = self.heading().map_or(0, |to| to.min(self.recording().known_until()));
        self.frontier.max(self.t).max(come)
    }

    /// Whether the playhead is at the newest instant looked at.
    pub fn live(&self) -> bool {
        self.t >= self.frontier
    }

    /// The story, or the sandbox.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Whether the story has come to its end.
    pub fn ended(&self) -> bool {
        self.mode == Mode::Story && self.t >= self.story_end()
    }

    /// Whether time passes.
    pub fn playing(&self) -> bool {
        self.playing
    }

    /// How fast.
    pub fn speed(&self) -> Speed {
        self.speed
    }

    /// Whether stretches in which nothing happens pass faster.
    pub fn skip_idle(&self) -> bool {
        self.skip_idle
    }

    /// Whether play stops where something happens that a person would not have expected.
    pub fn stop_at_surprises(&self) -> bool {
        self.stop_at_surprises
    }

    /// Whether time passes faster at present because nothing happens.
    pub fn hasty(&self) -> bool {
        self.hasty && self.playing
    }

    /// Stretches that passed faster, oldest first.
    pub fn skipped(&self) -> &[(SimTime, SimTime)] {
        &self.skipped
    }

    /// Whether play goes from event to event.
    pub fn by_events(&self) -> bool {
        self.by_events
    }

    /// The share of the asked speed that is held, in hundredths; None if all of it.
    pub fn held(&self) -> Option<u32> {
        self.clock.held().filter(|_| self.playing)
    }

    /// What is to be read on the way, and how much of it has come.
    pub fn rests(&self) -> &Rests {
        &self.rests
    }

    /// What is selected.
    pub fn selection(&self) -> Selection {
        self.selection
    }

    /// The operation that is followed.
    pub fn follow(&self) -> Option<OpId> {
        self.follow
    }

    /// The menu that is open.
    pub fn menu(&self) -> Option<Menu> {
        self.menu
    }

    /// The newest intervention, for naming what undo would take back.
    pub fn undoable(&self) -> Option<&'static str> {
        self.interventions.last().map(|last| last.name)
    }

    /// What was taken back last, for naming what would be done again.
    pub fn redoable(&self) -> Option<&'static str> {
        self.undone.last().map(|next| next.name)
    }

    /// The marks of the tape, as far as the run is known.
    pub fn marks(&self) -> &Marks {
        &self.marks
    }

    /// The branch left last, to be shown in grey; None while there is only one.
    pub fn ghost(&self) -> Option<&Ghost> {
        self.ghost.as_ref()
    }

    /// Counts how often another past or another run came to be looked at.
    pub fn changes(&self) -> u32 {
        self.changes
    }

    /// Counts the runs that have come in place of others.
    pub fn runs(&self) -> u32 {
        self.runs
    }

    /// Numbers of the run up to the playhead; takes in what is new since they were last asked for.
    pub fn measures(&mut self) -> &Measures {
        let known = self.measures.take();
        let measured = rival::measured(known, self.branches.recording(), self.t);
        &self.measures.insert(measured).0
    }

    /// The same, as last asked for; None if they never were.
    pub fn measured(&self) -> Option<&Measures> {
        self.measures.as_ref().map(|(measures, _)| measures)
    }

    /// Drops what was gathered from a trace that from `t` on is another one.
    fn forget(&mut self, t: SimTime) {
        self.changes += 1;
        let first = self.recording().trace().first_at(t);
        self.marks.rewind(t, first);
        self.measures = None;
    }

    /// The rule in force at the playhead; None if it is not one of the named.
    pub fn ack(&mut self) -> Option<Preset> {
        self.moment().rules.ack.preset()
    }

    /// How many instants at which something happened lie up to the playhead, and in all that is
    /// known.
    pub fn instants(&self) -> (u32, u32) {
        let (mut reached, mut known, mut latest) = (0, 0, None);
        for at in self.recording().trace().times() {
            if latest != Some(at) {
                latest = Some(at);
                known += 1;
                reached += u32::from(at <= self.t);
            }
        }
        (reached, known)
    }
}

impl Default for Player {
    fn default() -> Player {
        Player::new()
    }
}
