//! Takes a person through a lesson, beat by beat, on the live player. It holds no state of the run:
//! what it says follows from the recording, so it stays true whatever the person does meanwhile,
//! and whoever leaves goes on from that very state.

use std::rc::Rc;

use crate::base::{SimTime, gathered, sort};
use crate::lesson::{Caption, Judge, Lesson, Stage, Which};
use crate::recording::Recording;
use crate::words::lesson as say;

use super::rest::Rests;
use super::speed::{HOP_US, Speed};
use super::{Msg, Player};

/// One beat of a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Beat {
    /// The question.
    Predict,
    /// The run.
    Watch,
    /// The trace behind it.
    Why,
    /// The person's turn.
    Try,
}

impl Beat {
    /// Each, in order.
    pub const ALL: [Beat; 4] = [Beat::Predict, Beat::Watch, Beat::Why, Beat::Try];

    /// Its name, for addresses and storage.
    pub fn name(self) -> &'static str {
        match self {
            Beat::Predict => "predict",
            Beat::Watch => "watch",
            Beat::Why => "why",
            Beat::Try => "try",
        }
    }

    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Beat::Predict => say::PREDICT,
            Beat::Watch => say::WATCH,
            Beat::Why => say::WHY,
            Beat::Try => say::TRY_,
        }
    }

    /// The one of this name; None for anything else.
    pub fn named(name: &str) -> Option<Beat> {
        Beat::ALL.into_iter().find(|beat| beat.name() == name)
    }

    /// The next one (true) or the one before; None at the end.
    pub fn beside(self, next: bool) -> Option<Beat> {
        let at = self as usize;
        let beside = if next { Some(at + 1) } else { at.checked_sub(1) };
        beside.and_then(|at| Beat::ALL.get(at).copied())
    }
}

/// A person in a lesson.
#[derive(Clone, Debug)]
pub struct Tutor {
    /// The lesson.
    pub lesson: Rc<Lesson>,
    /// Where in it.
    pub beat: Beat,
    /// Which of its scenarios is being looked at.
    pub run: Which,
    /// What was answered.
    pub chosen: Option<usize>,
    /// Whether the first run has been watched to its end.
    pub seen: bool,
    /// Whether the goal has been met.
    pub met: bool,
    /// Whether the playhead has left the beginning.
    begun: bool,
    hint: Option<usize>,
    caption: Option<usize>,
    /// Of which run the captions' instants are known: changes of the past, records.
    known: (u32, usize),
    instants: Vec<Option<SimTime>>,
    /// The captions of the run that is watched in the order in which they come, as long as nobody
    /// has acted in it: when, and which.
    planned: Vec<(SimTime, usize)>,
}

impl Tutor {
    /// At the lesson's beginning, with its first scenario loaded, not yet playing.
    pub fn new(lesson: Lesson, player: &mut Player) -> Tutor {
        let mut tutor = Tutor {
            lesson: Rc::new(lesson),
            beat: Beat::Predict,
            run: Which::First,
            chosen: None,
            seen: false,
            met: false,
            begun: false,
            hint: None,
            caption: None,
            known: (0, 0),
            instants: Vec::new(),
            planned: Vec::new(),
        };
        tutor.load(Which::First, player);
        tutor
    }

    /// The line that stands at the playhead; None if the player's own may.
    pub fn caption(&self) -> Option<&str> {
        let said = self.caption.map(|at| self.lesson.watch[at].text.as_str());
        match self.beat {
            // A question, and a run that has only begun, have nothing said beside them.
            Beat::Predict => Some(""),
            Beat::Watch if !self.lesson.watch.is_empty() => said.or(Some("")),
            Beat::Why if !self.begun => Some(""),
            Beat::Watch | Beat::Why | Beat::Try => said,
        }
    }

    /// What to say to a person who has not met the goal.
    pub fn hint(&self) -> Option<&str> {
        let hint = self.lesson.turn.as_ref()?.hint.get(self.hint?)?;
        Some(&hint.text)
    }

    /// Captions of the run that is looked at, and when each came; None while it has not.
    pub fn captions(&self) -> impl Iterator<Item = (&Caption, Option<SimTime>)> {
        let all = self.lesson.watch.iter().zip(self.instants.iter().copied());
        all.filter(|(caption, _)| caption.run == self.run)
    }

    /// When the run ends.
    pub fn ends(&self) -> SimTime {
        self.stage(self.run).map_or(0, |stage| stage.0.until.0)
    }

    fn stage(&self, run: Which) -> Option<&Stage> {
        match run {
            Which::First => Some(&self.lesson.scenario),
            Which::Second => self.lesson.second.as_ref(),
        }
    }

    /// Goes to a beat, and to where it begins in the run.
    pub fn go(&mut self, beat: Beat, player: &mut Player) {
        self.beat = beat;
        match beat {
            Beat::Predict => self.load(Which::First, player),
            Beat::Watch => self.watch(Which::First, player),
            Beat::Why => player.update(Msg::Pause),
            Beat::Try => self.begin(player),
        }
        self.follow(player);
    }

    /// Answers the question.
    pub fn choose(&mut self, choice: usize) {
        self.chosen = Some(choice).filter(|at| *at < self.lesson.predict.choice.len());
        if self.lesson.turn.is_none() {
            // A question is done when it is answered rightly.
            let choice = self.lesson.predict.choice.get(choice);
            self.met |= choice.is_some_and(|choice| choice.right);
        }
    }

    /// Plays a run from its beginning.
    pub fn watch(&mut self, run: Which, player: &mut Player) {
        self.beat = Beat::Watch;
        self.load(run, player);
        self.plan(player);
        player.update(Msg::Play);
        self.follow(player);
    }

    /// Looks ahead to when each caption comes, so that time can wait for those who read.
    fn plan(&mut self, player: &mut Player) {
        if !self.lesson.watch.iter().any(|caption| caption.run == self.run) {
            return;
        }
        let mut ahead = player.recording().clone();
        ahead.finish();
        let come = self.find(&ahead);
        let come = come.into_iter().enumerate().filter_map(|(nth, at)| Some((at?, nth)));
        self.planned = gathered(come);
        sort(&mut self.planned, |one, other| one.0 < other.0);
        self.rest(player);
    }

    /// Lets time wait for those who read the captions planned.
    fn rest(&self, player: &mut Player) {
        let text = |nth: usize| self.lesson.watch[nth].text.as_str();
        let lines: Vec<(SimTime, &str)> =
            self.planned.iter().map(|(at, nth)| (*at, text(*nth))).collect();
        player.update(Msg::Rest(Rests::new(&lines, self.pace(), player.t())));
    }

    /// When each caption of the run comes in a recording of it; None where it does not.
    fn find(&self, recording: &Recording) -> Vec<Option<SimTime>> {
        let find = |caption: &Caption| {
            let record = caption.at.find(recording).filter(|_| caption.run == self.run)?;
            recording.trace().get(record).map(|record| record.at)
        };
        self.lesson.watch.iter().map(find).collect()
    }

    /// The speed at which the lesson is shown.
    fn pace(&self) -> Speed {
        let hundredths = self.lesson.pace.0.saturating_mul(100) / HOP_US;
        Speed::nearest(hundredths as u32)
    }

    /// Whether the lesson has this beat.
    pub fn has(&self, beat: Beat) -> bool {
        match beat {
            Beat::Predict | Beat::Watch => true,
            Beat::Why => !self.lesson.why.is_empty(),
            Beat::Try => self.lesson.turn.is_some(),
        }
    }

    /// Goes to the event behind a reason, or behind what is said of the answer that was given.
    pub fn show(&mut self, reason: Option<usize>, player: &mut Player) {
        let lesson = Rc::clone(&self.lesson);
        let reason = match (reason, self.chosen) {
            (Some(reason), _) => lesson.why.get(reason).map(|one| (one.run, &one.show)),
            (None, Some(chosen)) => {
                let choice = &lesson.predict.choice[chosen];
                choice.show.as_ref().map(|show| (choice.run, show))
            }
            (None, None) => None,
        };
        let Some((run, show)) = reason else { return };
        if self.run != run || player.undoable().is_some() {
            self.load(run, player);
        }
        player.update(Msg::Pause);
        // The run is known to its end from here on: that is where reasons are looked for.
        player.branches.recording_mut().extend(self.ends(), u64::MAX);
        player.update(Msg::Seek(self.ends()));
        let record = show.find(player.recording());
        let record = record.and_then(|at| player.recording().trace().get(at));
        if let Some(record) = record {
            player.update(Msg::Seek(record.at));
        }
        self.follow(player);
    }

    /// Begins the person's turn, anew if it has begun already.
    fn begin(&mut self, player: &mut Player) {
        let lesson = Rc::clone(&self.lesson);
        let Some(turn) = &lesson.turn else { return };
        self.load(turn.run, player);
        if let Some(from) = &turn.from {
            let mut ahead = player.recording().clone();
            ahead.finish();
            let record = from.find(&ahead).and_then(|at| ahead.trace().get(at));
            player.update(Msg::Seek(record.map_or(0, |record| record.at)));
        }
    }

    fn load(&mut self, run: Which, player: &mut Player) {
        let Some(stage) = self.stage(run) else { return };
        player.update(Msg::Load(Box::new(stage.0.clone())));
        player.update(Msg::StopAtSurprises(true));
        player.update(Msg::SetSpeed(self.pace()));
        self.run = run;
        self.planned.clear();
        self.follow(player);
    }

    /// After time has passed or something was done: which caption stands, whether the run has come
    /// to its end, whether the goal is met.
    pub fn follow(&mut self, player: &mut Player) {
        self.begun = player.t() > 0;
        let touched = player.undoable().is_some();
        let ends = self.ends();
        let pending = player.rests().pending(player.t());
        if self.beat == Beat::Watch && !touched && !pending && player.t() >= ends {
            self.seen |= self.run == Which::First;
            if player.playing() {
                player.update(Msg::Pause);
                player.update(Msg::Seek(ends));
            }
        }
        let planned = self.beat == Beat::Watch && !touched && !self.planned.is_empty();
        if planned != player.rests().any() {
            if planned { self.rest(player) } else { player.update(Msg::Rest(Rests::default())) }
        }
        let recording = player.recording();
        let known = (player.changes(), recording.trace().len());
        let news = known != self.known;
        if planned {
            self.known = (0, 0);
            self.instants = vec![None; self.lesson.watch.len()];
            for (at, nth) in &self.planned[..player.rests().come()] {
                self.instants[*nth] = Some(*at);
            }
        } else if news {
            self.known = known;
            self.instants = self.find(recording);
        }
        let judge = Judge::new(recording, Some(recording));
        self.caption = match self.beat {
            Beat::Predict | Beat::Try => None,
            Beat::Watch if planned => {
                let come = player.rests().come().checked_sub(1);
                come.map(|come| self.planned[come].1)
            }
            Beat::Watch | Beat::Why => self.latest(player.t()).filter(|at| {
                // In a future of the person's own, only what still holds is said.
                !touched || judge.all(&self.lesson.watch[*at].claim)
            }),
        };
        if let Some(turn) = self.lesson.turn.as_ref().filter(|_| self.beat == Beat::Try && news) {
            self.met |= touched && judge.all(&turn.goal);
            self.hint = turn.hint.iter().rposition(|hint| judge.all(&hint.when));
        }
    }

    fn latest(&self, t: SimTime) -> Option<usize> {
        let come = |at: &Option<SimTime>| at.filter(|at| *at <= t);
        let come = self.instants.iter().enumerate().filter_map(|(nth, at)| Some((come(at)?, nth)));
        come.max().map(|(_, nth)| nth)
    }
}
