//! What a person is to read on the way. Time waits just before the instant of the next line until
//! the one that stands has been read, so lines that share an instant come one after another.

use crate::base::SimTime;

use super::speed::Speed;

/// Wall time for reading a character, in microseconds.
const CHARACTER_US: u64 = 60_000;
/// And for the shortest line.
const LINE_US: u64 = 1_200_000;

/// Lines to be read, by the instants at which they come; none unless somebody says so.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rests {
    /// When each comes, in order, and the wall time it takes to read.
    lines: Vec<(SimTime, u64)>,
    /// The speed up to which a line stands that long; beyond it, less in proportion.
    pace: Speed,
    come: usize,
    stood_us: u64,
    read: bool,
    held: bool,
}

impl Rests {
    /// Of lines in the order in which they come, for a playhead at `t`.
    pub fn new(lines: &[(SimTime, &str)], pace: Speed, t: SimTime) -> Rests {
        let reading = |text: &str| (text.chars().count() as u64 * CHARACTER_US).max(LINE_US);
        let lines = lines.iter().map(|(at, text)| (*at, reading(text))).collect();
        let mut rests = Rests { lines, pace, read: true, ..Rests::default() };
        if t > 0 {
            rests.jump(t, false);
        }
        rests
    }

    /// Whether there is anything to read.
    pub fn any(&self) -> bool {
        !self.lines.is_empty()
    }

    /// How many have come; the last of them stands.
    pub fn come(&self) -> usize {
        self.come
    }

    /// Whether time waits for a reader.
    pub fn held(&self) -> bool {
        self.held
    }

    /// Whether another line comes at this instant.
    pub fn pending(&self, t: SimTime) -> bool {
        self.next().is_some_and(|at| at <= t)
    }

    fn next(&self) -> Option<SimTime> {
        self.lines.get(self.come).map(|(at, _)| *at)
    }

    /// Lets wall time pass; gives the instant beyond which the playhead may not go yet. Whoever
    /// goes from event to event cannot stop just before one and waits where they are.
    pub(super) fn limit(
        &mut self,
        t: SimTime,
        elapsed_us: u64,
        speed: Speed,
        by_events: bool,
    ) -> Option<SimTime> {
        self.stood_us += elapsed_us;
        self.held = false;
        let next = self.next()?;
        let reading = self.come.checked_sub(1).map_or(0, |at| self.lines[at].1);
        let pace = u64::from(self.pace.hundredths());
        let faster = u64::from(speed.hundredths()).max(pace);
        self.read |= self.stood_us >= reading * pace / faster;
        if self.read {
            return Some(next);
        }
        let limit = if by_events { t } else { next.saturating_sub(1).max(t) };
        self.held = limit == t;
        Some(limit)
    }

    /// Lets the next line come if it is time and the one that stands has been read.
    pub(super) fn pass(&mut self, t: SimTime) {
        if self.read && self.pending(t) {
            self.come += 1;
            self.stood_us = 0;
            self.read = false;
        }
    }

    /// Whoever goes on by hand has read what stands.
    pub(super) fn go_on(&mut self, t: SimTime) {
        self.read = true;
        self.held = false;
        self.pass(t);
    }

    /// The playhead was put elsewhere: the last line up to there stands, or the first of those
    /// that come at that very instant.
    pub(super) fn jump(&mut self, t: SimTime, first: bool) {
        let first_here = self.lines.iter().position(|(at, _)| *at == t).filter(|_| first);
        let up_to = || self.lines.partition_point(|(at, _)| *at <= t);
        self.come = first_here.map_or_else(up_to, |at| at + 1);
        self.stood_us = 0;
        self.read = self.come == 0;
        self.held = false;
    }
}
