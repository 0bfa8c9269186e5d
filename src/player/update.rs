//! What can be asked of the player, and the one function that carries it out.

use crate::base::{OpId, SimTime, Span};
use crate::policy::Preset;
use crate::sim::{Command, DialsCommand, Scenario};
use crate::topology::Shape;

use super::rest::Rests;
use super::rival::{Rival, Versus};
use super::selection::{Menu, Selection};
use super::sieve::Sieve;
use super::speed::Speed;
use super::story::{sandbox, story};
use super::{Mode, Player};

/// Something asked of the player.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// Wall time has passed, in microseconds.
    Frame {
        /// How much.
        elapsed_us: u64,
    },
    /// Let time pass; at the story's end, from its beginning.
    Play,
    /// Let time stand still.
    Pause,
    /// Whichever of the two it is not doing; on the way to an instant, stop where it has come to.
    TogglePlay,
    /// To the next instant at which something happens.
    StepForward,
    /// To the last instant before at which something happened.
    StepBack,
    /// To the next surprise: a stale read, a lost write, a second primary.
    NextSurprise,
    /// To the surprise before.
    PreviousSurprise,
    /// To an instant: at once if what is there is known, or nearly; else it is `heading` there.
    Seek(SimTime),
    /// To the beginning.
    Home,
    /// To the newest instant looked at; at the end of the story if it is one.
    Live,
    /// One detent faster.
    Faster,
    /// One detent slower.
    Slower,
    /// At this speed.
    SetSpeed(Speed),
    /// Whether stretches in which nothing happens pass faster.
    SkipIdle(bool),
    /// Whether play stops at surprises.
    StopAtSurprises(bool),
    /// Whether play goes from event to event, as people ask who want less motion.
    ByEvents(bool),
    /// Look at something.
    Select(Selection),
    /// Follow an operation, and look at it.
    Follow(OpId),
    /// Follow the newest write.
    FollowNewest,
    /// Follow nothing.
    Unfollow,
    /// Open the menu of what can be done to something.
    OpenMenu {
        /// To what.
        place: Selection,
        /// From the viewport's left edge, in CSS pixels.
        x: i32,
        /// From the viewport's top edge, in CSS pixels.
        y: i32,
    },
    /// Close it.
    CloseMenu,
    /// Do something at the playhead. In the past, what had happened stays as a branch.
    Issue(Command),
    /// Take the newest intervention back.
    Undo,
    /// Do again what was taken back last.
    Redo,
    /// Choose when a write counts as replicated: the story begins anew with that rule, the sandbox
    /// goes on with it from the playhead.
    Ack(Preset),
    /// A fresh sandbox of this shape.
    Topology(Shape),
    /// The first ten seconds again.
    Story,
    /// Leave the story for a sandbox.
    Skip,
    /// Another scenario, which must be valid.
    Load(Box<Scenario>),
    /// The run with its scenario edited, which must be valid: the one before stays as a branch.
    Edited(Box<Scenario>),
    /// Another future, by its number.
    SwitchBranch(usize),
    /// Give a branch, by its id, another name.
    RenameBranch(u32, String),
    /// Forget a branch, by its id, that is not looked at.
    RemoveBranch(u32),
    /// Wait for those who read this.
    Rest(Rests),
    /// Be interested in this.
    Sift(Sieve),
    /// To the next (true) or the last instant at which something of interest happened.
    Passing(bool),
    /// Look at these runs beside the present one; at none.
    Compare(Vec<Versus>),
    /// Measure what each rule and each shape costs, or stop measuring it.
    Weigh(bool),
    /// Bring the run nearer to where the playhead is heading, and those compared to the playhead.
    CatchUp,
}

impl Player {
    /// Carries out what is asked.
    pub fn update(&mut self, msg: Msg) {
        match msg {
            Msg::Frame { elapsed_us } => self.frame(elapsed_us),
            Msg::Play => self.play(),
            Msg::Pause => self.playing = false,
            // Whoever has read goes on at once.
            Msg::TogglePlay if self.playing && self.rests.held() => self.rests.go_on(self.t),
            Msg::TogglePlay if self.way.is_some() => self.stop_here(),
            Msg::TogglePlay if self.playing => self.playing = false,
            Msg::TogglePlay => self.play(),
            Msg::StepForward if self.rests.pending(self.t) => self.rests.go_on(self.t),
            Msg::StepForward => self.step_forward(),
            Msg::StepBack => self.step_back(),
            Msg::NextSurprise => self.next_surprise(),
            Msg::PreviousSurprise => self.previous_surprise(),
            Msg::Seek(t) => self.seek(t),
            Msg::Home => self.seek(0),
            Msg::Live => self.seek(self.end()),
            Msg::Faster => self.set_speed(self.speed.faster()),
            Msg::Slower => self.set_speed(self.speed.slower()),
            Msg::SetSpeed(speed) => self.set_speed(speed),
            Msg::SkipIdle(on) => self.skip_idle = on,
            Msg::StopAtSurprises(on) => self.stop_at_surprises = on,
            Msg::ByEvents(on) => self.by_events = on,
            Msg::Select(selection) => {
                self.selection = selection;
                self.menu = None;
            }
            Msg::Follow(op) => {
                self.follow = Some(op);
                self.selection = Selection::Op(op);
            }
            Msg::FollowNewest => self.follow_newest(),
            Msg::Unfollow => self.follow = None,
            Msg::OpenMenu { place, x, y } => self.menu = Some(Menu { place, x, y }),
            Msg::CloseMenu => self.menu = None,
            Msg::Issue(command) => self.issue(command),
            Msg::Undo => self.undo(),
            Msg::Redo => self.redo(),
            Msg::Ack(preset) => self.choose_ack(preset),
            Msg::Topology(shape) => {
                let ack = self.ack().unwrap_or(Preset::Async);
                self.load(sandbox(shape, ack), Mode::Sandbox);
                self.play();
            }
            Msg::Story => {
                self.load(story(Preset::Async), Mode::Story);
                self.play();
            }
            Msg::Skip => {
                self.load(sandbox(Shape::Star, Preset::Async), Mode::Sandbox);
                self.play();
            }
            Msg::Load(scenario) => self.load(*scenario, Mode::Sandbox),
            Msg::Edited(scenario) => self.run_edited(*scenario),
            Msg::SwitchBranch(branch) => self.switch_branch(branch),
            Msg::RenameBranch(id, name) => self.rename_branch(id, &name),
            Msg::RemoveBranch(id) => self.remove_branch(id),
            Msg::Rest(rests) => self.rests = rests,
            Msg::Sift(sieve) => self.sieve = sieve,
            Msg::Passing(forward) => self.seek_passing(forward),
            Msg::Compare(with) => self.compare(&with),
            Msg::Weigh(on) => self.weigh(on),
            Msg::CatchUp => self.go_on(),
        }
        self.marks.follow(self.branches.recording());
        self.choose_ghost();
        self.follow_rivals();
    }

    fn set_speed(&mut self, speed: Speed) {
        self.speed = speed;
        self.clock.reset();
    }

    /// Another run; what concerns the person rather than the run stays as it is.
    fn load(&mut self, scenario: Scenario, mode: Mode) {
        let fresh = Player::on(scenario, mode);
        let compared: Vec<Versus> = self.rivals.iter().map(Rival::versus).collect();
        let weighs = self.weighs();
        *self = Player {
            speed: self.speed,
            skip_idle: self.skip_idle,
            stop_at_surprises: self.stop_at_surprises,
            changes: self.changes + 1,
            runs: self.runs + 1,
            by_events: self.by_events,
            // Places and operations are of the run that was.
            sieve: Sieve { place: None, op: None, ..std::mem::take(&mut self.sieve) },
            ..fresh
        };
        self.compare_again(&compared);
        self.weigh(weighs);
    }

    fn choose_ack(&mut self, preset: Preset) {
        match self.mode {
            Mode::Story => {
                self.load(story(preset), Mode::Story);
                self.play();
            }
            Mode::Sandbox => self.issue(Command::Set(Box::new(DialsCommand {
                ack: Some(preset.ack()),
                ..DialsCommand::default()
            }))),
        }
    }

    fn follow_newest(&mut self) {
        let moment = self.moment();
        let ops = &moment.ledger.ops;
        let newest = (0..ops.len() as u32)
            .rev()
            .map(OpId)
            .find(|op| moment.ledger.op(*op).is_some_and(|op| op.is_write()));
        if let Some(op) = newest {
            self.follow = Some(op);
            self.selection = Selection::Op(op);
        }
    }

    /// Lets the scenario's end lie beyond the playhead, as that of a sandbox does.
    pub(super) fn prolong(&mut self) {
        let beyond = self.t + Span::s(1).0;
        self.branches.recording_mut().prolong(beyond);
    }
}
