//! The one voice for people who do not see the stage: throttled, merged, surprises first.

use replication::base::sort;
use replication::player::{Mark, Marks, Player, instant_sentence};
use replication::recording::Narrator;
use replication::words::notice as say;

/// Between two announcements, in milliseconds; and above 16x.
const PAUSE_MS: f64 = 2_000.0;
const PAUSE_FAST_MS: f64 = 5_000.0;
/// The longest announcement, in characters.
const CHARS_MAX: usize = 118;

/// How much is said while time passes. Answers to what the person does are always said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Voice {
    /// Every mark of the timeline, at a speed at which one can listen.
    #[default]
    Everything,
    /// Only what one would not have expected.
    Surprises,
    /// Nothing.
    Nothing,
}

impl Voice {
    /// Each, in the order in which the button goes through them.
    const ALL: [Voice; 3] = [Voice::Everything, Voice::Surprises, Voice::Nothing];

    /// Its name, for storage and the button.
    pub fn name(self) -> &'static str {
        match self {
            Voice::Everything => say::EVERYTHING,
            Voice::Surprises => say::SURPRISES,
            Voice::Nothing => say::NOTHING,
        }
    }

    /// The one of this name; everything for any other.
    pub fn named(name: &str) -> Voice {
        Voice::ALL.into_iter().find(|voice| voice.name() == name).unwrap_or_default()
    }

    /// The one that the button goes to.
    pub fn next(self) -> Voice {
        match self {
            Voice::Everything => Voice::Surprises,
            Voice::Surprises => Voice::Nothing,
            Voice::Nothing => Voice::Everything,
        }
    }
}

/// What was said last, when, and how much of the trace has been considered.
#[derive(Clone, Debug, Default)]
pub struct Announcer {
    text: String,
    at_ms: f64,
    considered: usize,
}

impl Announcer {
    /// What is being said.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Says something at once: the answer to something the person did.
    pub fn say(&mut self, text: String, now_ms: f64) {
        self.text = shortened(text);
        self.at_ms = now_ms;
    }

    /// Says where a step has led.
    pub fn step(&mut self, player: &Player, now_ms: f64) {
        let (number, known) = player.instants();
        let happened: &str = &instant_sentence(player.recording(), player.t());
        let text = match player.mode() {
            replication::player::Mode::Story => say::step_of(number, known, happened),
            replication::player::Mode::Sandbox => say::step(number, happened),
        };
        self.say(text, now_ms);
        self.considered = considered(player.marks(), player);
    }

    /// While time passes: tells what is worth telling, not too often. True if it said something.
    pub fn listen(&mut self, player: &Player, voice: Voice, now_ms: f64) -> bool {
        let speed = player.speed().hundredths();
        let pause_ms = if speed > 1_600 { PAUSE_FAST_MS } else { PAUSE_MS };
        if now_ms - self.at_ms < pause_ms {
            return false;
        }
        let marks = player.marks().until(player.t());
        let fresh = marks.get(self.considered..).unwrap_or_default();
        self.considered = marks.len();
        let worth = |mark: &&Mark| match voice {
            Voice::Everything => speed <= 400 || mark.kind.is_surprise(),
            Voice::Surprises => mark.kind.is_surprise(),
            Voice::Nothing => false,
        };
        let mut told: Vec<_> = fresh.iter().filter(worth).collect();
        if told.is_empty() {
            return false;
        }
        let place = |mark: &Mark| (!mark.kind.is_surprise(), mark.record);
        sort(&mut told, |a, b| place(a) < place(b));
        let recording = player.recording();
        let narrator = Narrator::of(recording);
        let sentences = told.iter().filter_map(|mark| {
            let record = recording.trace().get(mark.record)?;
            Some(narrator.sentence(&record))
        });
        let text: Vec<String> = sentences.take(3).collect();
        if text.is_empty() {
            return false;
        }
        let surplus = told.len().saturating_sub(text.len());
        let more = if surplus > 0 { say::and_more(surplus) } else { String::new() };
        self.say(format!("{}{more}", text.join(" ")), now_ms);
        true
    }

    /// The playhead has jumped: what lies before it is not news.
    pub fn jumped(&mut self, player: &Player) {
        self.considered = considered(player.marks(), player);
    }
}

fn considered(marks: &Marks, player: &Player) -> usize {
    marks.until(player.t()).len()
}

fn shortened(text: String) -> String {
    if text.chars().count() <= CHARS_MAX {
        return text;
    }
    let mut short: String = text.chars().take(CHARS_MAX - 1).collect();
    short.push('\u{2026}');
    short
}
