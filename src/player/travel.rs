//! Moving the playhead: by playing, stepping, and seeking. All three end in the same state.

use crate::base::SimTime;
use crate::sim::{Event, World};

use super::speed::HOP_US;
use super::{Mode, Player, STEP_HORIZON_US};

/// Engine steps that one slice of a frame may take.
const STEPS_PER_SLICE: u64 = 2_000;
/// And those of a jump, before it goes on from slice to slice.
const STEPS_AT_ONCE: u64 = 16_000;
/// How much faster stretches pass in which nothing happens.
const HASTE: u64 = 8;
/// Wall time to the next event from which a stretch counts as one in which nothing happens.
const IDLE_US: u64 = 250_000;
/// Wall time between events, for people who want less motion.
const EVENT_REST_US: u64 = 1_200_000;
/// More than this many things under way are never nothing.
const IDLE_QUEUE_MAX: usize = 64;
/// The most stretches remembered.
const SKIPPED_MAX: usize = 512;
/// How far ahead a surprise is looked for.
pub(super) const SURPRISE_HORIZON_US: u64 = 20_000_000;

/// What the run is simulated for, while the playhead waits.
#[derive(Clone, Copy, Debug)]
pub(super) enum Goal {
    /// To look at an instant.
    There,
    /// To find the next surprise up to there.
    Surprise,
    /// To find what somebody is interested in, from this record on.
    Passing(u32),
}

impl Player {
    /// The instant up to which the run is being simulated before the playhead moves; None if it
    /// stands where it was asked to. Each `CatchUp` brings it nearer.
    pub fn heading(&self) -> Option<SimTime> {
        self.way.map(|(to, _)| to)
    }

    /// Simulates up to an instant, for this: what is near is there at once.
    pub(super) fn set_out(&mut self, to: SimTime, goal: Goal) {
        self.way = Some((to, goal));
        self.travel(STEPS_AT_ONCE);
    }

    /// The next slice of the way.
    pub(super) fn go_on(&mut self) {
        self.travel(STEPS_PER_SLICE);
    }

    fn travel(&mut self, steps: u64) {
        let Some((to, goal)) = self.way else { return };
        let recording = self.branches.recording_mut();
        let there = recording.extend(to, steps);
        // What is not known cannot be looked at.
        self.t = self.t.min(recording.known_until());
        let found = match goal {
            Goal::There if there => return self.land(to),
            Goal::There => return,
            Goal::Surprise => {
                self.marks.follow(self.branches.recording());
                self.marks.next_surprise(self.t).filter(|at| *at <= to)
            }
            Goal::Passing(from) => {
                let seen = self.recording().trace().len() as u32;
                self.way = Some((to, Goal::Passing(seen)));
                self.next_passing(from, to)
            }
        };
        if let Some(at) = found {
            self.playing = false;
            self.seek(at);
        } else if there {
            self.way = None;
        }
    }

    fn land(&mut self, t: SimTime) {
        self.way = None;
        self.t = t;
        self.clock.reset();
        self.settle();
        self.rests.jump(t, false);
    }

    /// Goes no further: where the run has come to is far enough.
    pub(super) fn stop_here(&mut self) {
        self.playing = false;
        let known = self.recording().known_until();
        match self.way {
            Some((to, Goal::There)) => self.land(known.min(to)),
            Some((_, Goal::Surprise | Goal::Passing(_))) | None => self.way = None,
        }
    }

    pub(super) fn play(&mut self) {
        if self.ended() {
            self.t = 0;
        }
        if !self.playing {
            self.rests.go_on(self.t);
        }
        self.playing = true;
        self.rest_us = 0;
        self.clock.reset();
    }

    pub(super) fn frame(&mut self, elapsed_us: u64) {
        if !self.playing || self.way.is_some() {
            return;
        }
        let before = self.t;
        let limit = self.rests.limit(self.t, elapsed_us, self.speed, self.by_events);
        if self.rests.held() || self.rests.pending(before) {
            self.rests.pass(before);
            return;
        }
        if self.by_events {
            self.rest_us += elapsed_us.min(EVENT_REST_US);
            if self.rest_us >= EVENT_REST_US {
                self.rest_us = 0;
                self.advance_by_event();
                self.stop_at_surprise(before);
            }
            return;
        }
        self.hasty = self.idle();
        let haste = if self.hasty { HASTE } else { 1 };
        for slice in self.clock.slices(elapsed_us, self.speed, haste) {
            let asked = limit.map_or(self.t + slice, |limit| limit.min(self.t + slice));
            let to = match self.mode {
                Mode::Story => asked.min(self.story_end()),
                Mode::Sandbox => asked,
            };
            let recording = self.branches.recording_mut();
            if recording.extend(to, STEPS_PER_SLICE) {
                self.t = to;
            } else {
                self.t = self.t.max(recording.known_until());
                self.clock.miss();
            }
        }
        self.stop_at_surprise(before);
        if self.hasty {
            self.note_skipped(before);
        }
        self.settle();
        self.rests.pass(self.t);
    }

    /// Goes back to the first surprise since `before`, or the first of what was asked for, and
    /// stops there, if that is wanted. The story tells its own surprises.
    fn stop_at_surprise(&mut self, before: SimTime) {
        self.marks.follow(self.branches.recording());
        let surprises = self.stop_at_surprises && self.mode == Mode::Sandbox;
        let surprise = surprises.then(|| self.marks.next_surprise(before)).flatten();
        let stops = surprise.filter(|at| *at <= self.t).into_iter().chain(self.stop_asked(before));
        if let Some(at) = stops.min() {
            self.t = at;
            self.playing = false;
        }
    }

    /// Remembers the stretch from `before` to the playhead, joined to the one it continues.
    fn note_skipped(&mut self, before: SimTime) {
        match self.skipped.last_mut() {
            Some((_, end)) if *end == before => *end = self.t,
            Some(_) | None => self.skipped.push((before, self.t)),
        }
        if self.skipped.len() > SKIPPED_MAX {
            self.skipped.remove(0);
        }
    }

    fn advance_by_event(&mut self) {
        let before = self.t;
        self.step_forward();
        self.playing = self.t > before && !self.ended();
    }

    /// After the playhead has moved: the story stops by itself, the sandbox has no end.
    fn settle(&mut self) {
        self.frontier = self.frontier.max(self.t);
        match self.mode {
            Mode::Story => self.playing &= !self.ended(),
            Mode::Sandbox => self.prolong(),
        }
        // A limit has stopped the run: nothing more will come.
        let head = self.recording().head();
        if head.limit.is_some() && self.t >= head.now {
            self.playing = false;
        }
    }

    /// Whether nothing is under way and the next event is far, so that time may pass faster.
    pub fn idle(&mut self) -> bool {
        if !self.skip_idle || self.mode == Mode::Story || !self.playing {
            return false;
        }
        let far = IDLE_US * HOP_US / 1_000_000 * u64::from(self.speed.hundredths()) / 100;
        let t = self.t;
        let moment = self.moment();
        let world: &World = &moment;
        let commands = &self.recording().scenario().at;
        let next = commands.partition_point(|stamped| stamped.time.0 <= t);
        let command_at = commands.get(next).map(|stamped| stamped.time.0);
        let next_at = [world.next_at(), command_at].into_iter().flatten().min();
        world.queue.len() <= IDLE_QUEUE_MAX
            && next_at.is_none_or(|at| at > t + far)
            && !world.queue.iter().any(|(_, event)| in_flight(event))
    }

    pub(super) fn seek(&mut self, t: SimTime) {
        let to = match self.mode {
            Mode::Story => t.min(self.story_end()),
            Mode::Sandbox => t,
        };
        self.set_out(to, Goal::There);
    }

    pub(super) fn step_forward(&mut self) {
        let horizon = match self.mode {
            Mode::Story => self.story_end(),
            Mode::Sandbox => self.t + STEP_HORIZON_US,
        };
        let next = self.branches.recording_mut().next_instant(self.t, horizon);
        match (next, self.mode) {
            (Some(at), _) => {
                self.seek(at);
                self.rests.jump(at, true);
            }
            (None, Mode::Story) => self.seek(horizon),
            (None, Mode::Sandbox) => {}
        }
    }

    pub(super) fn step_back(&mut self) {
        let before = self.recording().previous_instant(self.t);
        self.seek(before.unwrap_or(0));
    }

    pub(super) fn next_surprise(&mut self) {
        self.set_out(self.horizon(), Goal::Surprise);
    }

    pub(super) fn previous_surprise(&mut self) {
        if let Some(at) = self.marks.previous_surprise(self.t) {
            self.playing = false;
            self.seek(at);
        }
    }
}

fn in_flight(event: &Event) -> bool {
    match event {
        Event::Deliver(_) | Event::Lose(..) => true,
        Event::Timer { .. } | Event::Arrival(_) | Event::Patience(_) => false,
    }
}
