//! The space-time diagram: a lane for every place, time rightwards, a message as a slanted line
//! whose slope is its latency. It is woven from the trace and from what is under way, for a window
//! of time and a size, and shares its axis with the timeline.
//!
//! What is not painted singly is painted once with its number: lines that would lie on one another.

use crate::base::{NodeId, Place as Spot, SimTime, gathered};
use crate::node::{Fact, Kind, Status, Told};
use crate::recording::Trace;
use crate::sim::{Event, NO_CAUSE, Record, World};

use super::geometry::within;
use super::ink::Tone;
use super::window::Window;

/// The most records looked at in one window.
const LOOK_MAX: u32 = 40_000;
/// Ends of lines that lie on one another are closer than this, in pixels.
const TOGETHER: f64 = 2.0;
/// The most lines: further ones of ordinary messages are only counted.
const LINES_MAX: usize = 12_000;

/// One place's line through time.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// Whose.
    pub place: Spot,
    /// How far down, in pixels.
    pub y: f64,
    /// Stretches in which it is down, in pixels from the left.
    pub down: Vec<(f64, f64)>,
}

/// What a line or a stop stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// A client's request.
    Request,
    /// Entries of a log.
    Write,
    /// A replica's confirmation, or ok to a client.
    Ack,
    /// A value to a client.
    Value,
    /// An old value to a client.
    Stale,
    /// No to a client.
    Refusal,
    /// Heartbeats, votes, positions.
    Control,
}

impl Sort {
    /// Its colour.
    pub fn tone(self) -> Tone {
        match self {
            Sort::Request | Sort::Write => Tone::Write,
            Sort::Ack => Tone::Ack,
            Sort::Value | Sort::Control => Tone::Neutral,
            Sort::Stale => Tone::Stale,
            Sort::Refusal => Tone::Lost,
        }
    }
}

/// A message: from where and when it was sent to where and when it arrived or died.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thread {
    /// Number of the record of its end; `NO_CAUSE` while it is under way.
    pub record: u32,
    /// Where it begins, in pixels.
    pub from: (f64, f64),
    /// Where it ends.
    pub to: (f64, f64),
    /// What it is.
    pub sort: Sort,
    /// Whether it died there.
    pub lost: bool,
    /// How many lie on one another here.
    pub count: u32,
}

/// Something that happened at a place: a dot, or a sign if it is rare.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Knot {
    /// The record.
    pub record: u32,
    /// Where.
    pub at: (f64, f64),
    /// What.
    pub kind: KnotKind,
}

/// What a knot shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnotKind {
    /// An entry was written here.
    Written,
    /// A server lost its memory.
    Crash,
    /// It runs again.
    Restart,
    /// It became primary of this epoch.
    Promoted(u32),
    /// An acknowledged write is gone.
    Lost,
}

/// The diagram.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weave {
    /// Clients first, then servers.
    pub lanes: Vec<Lane>,
    /// Messages in the order of their ends.
    pub threads: Vec<Thread>,
    /// What happened at places.
    pub knots: Vec<Knot>,
    /// Messages left out because nothing more could be told apart, and records not looked at.
    pub left_out: u32,
}

/// The diagram of a window, for the world at `t`, which is not beyond it: what lies after `t` is
/// not woven. What was under way when the window begins comes from beyond its left end.
pub fn weave(
    world: &World,
    trace: &Trace,
    window: &Window,
    (t, control): (SimTime, bool),
) -> Weave {
    let mut weave = Weave { lanes: lanes(world, window), ..Weave::default() };
    let last = trace.first_at(t.saturating_add(1));
    let begin = trace.first_at(window.from).min(last);
    let first = begin.max(last.saturating_sub(LOOK_MAX));
    weave.left_out = first - begin;
    for (number, record) in trace.since(first).take_while(|(number, _)| *number < last) {
        weave.take(world, window, number, &record, control);
    }
    weave.take_flying(world, window, (t, control));
    weave.shade(world, window, t);
    weave
}

/// A record's past: every record that led to it, itself included, newest first.
pub fn past(trace: &Trace, record: u32) -> Vec<u32> {
    gathered(trace.causes(record).map(|(number, _)| number))
}

/// A record's future: every record it led to within the next `LOOK_MAX`, itself included, in order.
pub fn future(trace: &Trace, record: u32) -> Vec<u32> {
    let mut led_to = vec![record];
    let later = trace.since(record + 1).take(LOOK_MAX as usize);
    for (number, next) in later {
        if next.cause != NO_CAUSE && led_to.binary_search(&next.cause).is_ok() {
            led_to.push(number);
        }
    }
    led_to
}

fn lanes(world: &World, window: &Window) -> Vec<Lane> {
    let clients = world.clients.iter().map(|client| Spot::from(client.id));
    let servers = (0..world.nodes.len() as u16).map(|node| Spot::from(NodeId(node)));
    let places: Vec<Spot> = gathered(clients.chain(servers));
    let step = window.height / places.len().max(1) as f64;
    let lane = |(row, place)| Lane { place, y: (row as f64 + 0.5) * step, down: Vec::new() };
    gathered(places.into_iter().enumerate().map(lane))
}

impl Weave {
    /// How far down a place's lane lies; None for the operator, who has none.
    pub fn y(&self, place: Spot) -> Option<f64> {
        self.lanes.iter().find(|lane| lane.place == place).map(|lane| lane.y)
    }

    /// The thread or knot nearest to a place, within eight pixels.
    pub fn nearest(&self, x: f64, y: f64) -> Option<u32> {
        let near = |(at_x, at_y): (f64, f64)| libm::hypot(at_x - x, at_y - y);
        let knots = self.knots.iter().map(|knot| (near(knot.at), knot.record));
        let threads = self.threads.iter().filter(|thread| thread.record != NO_CAUSE);
        let threads = threads.map(|thread| (thread.distance(x, y), thread.record));
        let best = knots.chain(threads).min_by(|a, b| a.0.total_cmp(&b.0));
        best.filter(|(distance, _)| *distance <= 8.0).map(|(_, record)| record)
    }

    fn take(
        &mut self,
        world: &World,
        window: &Window,
        number: u32,
        record: &Record,
        control: bool,
    ) {
        let at = window.x(record.at);
        if let Some(kind) = knot_kind(&record.fact)
            && let Some(y) = self.y(record.place)
        {
            self.knots.push(Knot { record: number, at: (at, y), kind });
        }
        let (from, to, lost) = match record.fact {
            Fact::Lost { to, .. } => (record.from, to, true),
            _ if record.is_arrival() => (record.from, record.place, false),
            _ => return,
        };
        let sort = sort_of(world, record);
        if sort == Sort::Control && !control {
            return;
        }
        let (Some(from_y), Some(to_y)) = (self.y(from), self.y(to)) else {
            return;
        };
        let begin = (window.x(record.sent_at), from_y);
        let end = match record.fact {
            Fact::Lost { due_at, .. } => {
                let way = due_at.saturating_sub(record.sent_at).max(1) as f64;
                let share = (record.at - record.sent_at) as f64 / way;
                (at, from_y + (to_y - from_y) * share.min(1.0))
            }
            _ => (at, to_y),
        };
        self.add(Thread { record: number, from: begin, to: end, sort, lost, count: 1 });
    }

    /// Adds a line, or counts it with one that lies where it would.
    fn add(&mut self, thread: Thread) {
        let same = |other: &&mut Thread| {
            let close = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0).abs() < TOGETHER && a.1 == b.1;
            other.sort == thread.sort
                && other.lost == thread.lost
                && close(other.from, thread.from)
                && close(other.to, thread.to)
        };
        // Only lines that ended just before can lie there.
        let room = self.threads.len() < LINES_MAX;
        let recent = self.threads.iter_mut().rev();
        let mut recent = recent.take_while(|other| thread.to.0 - other.to.0 < TOGETHER).take(256);
        if let Some(under) = recent.find(same) {
            under.count += 1;
        } else if room || thread.lost {
            self.threads.push(thread);
        } else {
            self.left_out += 1;
        }
    }

    /// What is under way reaches as far as it has come.
    fn take_flying(&mut self, world: &World, window: &Window, (t, control): (SimTime, bool)) {
        for (_, event) in world.queue.in_order() {
            let (Event::Deliver(envelope) | Event::Lose(envelope, _)) = event else { continue };
            let is_write = world.is_write(&envelope.message);
            let sort = Sort::of(envelope.message.kind(is_write));
            let (Some(from), Some(to)) = (self.y(envelope.from), self.y(envelope.to)) else {
                continue;
            };
            if sort == Sort::Control && !control || envelope.sent_at > t || t < window.from {
                continue;
            }
            let way = envelope.due_at.saturating_sub(envelope.sent_at).max(1) as f64;
            let share = ((t - envelope.sent_at) as f64 / way).min(1.0);
            let end = (window.x(t), from + (to - from) * share);
            let begin = (window.x(envelope.sent_at), from);
            self.add(Thread {
                record: NO_CAUSE,
                from: begin,
                to: end,
                sort,
                lost: false,
                count: 1,
            });
        }
    }

    /// Lanes are dashed from each crash to the restart.
    fn shade(&mut self, world: &World, window: &Window, t: SimTime) {
        for lane in &mut self.lanes {
            let own = self.knots.iter().filter(|knot| knot.at.1 == lane.y);
            let first = own.map(|knot| knot.kind).find(|kind| kind.is_life());
            let down_now = lane
                .place
                .node()
                .is_some_and(|node| world.nodes[node.index()].status == Status::Down);
            let was_down = first.map_or(down_now, |kind| kind == KnotKind::Restart);
            let mut since = was_down.then(|| window.x(window.from));
            for knot in self.knots.iter().filter(|knot| knot.at.1 == lane.y) {
                match knot.kind {
                    KnotKind::Crash => since = since.or(Some(knot.at.0)),
                    KnotKind::Restart => {
                        lane.down.extend(since.take().map(|from| (from, knot.at.0)))
                    }
                    KnotKind::Written | KnotKind::Promoted(_) | KnotKind::Lost => {}
                }
            }
            lane.down.extend(since.map(|from| (from, window.edge(t))));
        }
    }
}

impl Thread {
    /// How far a place lies from it.
    fn distance(&self, x: f64, y: f64) -> f64 {
        let (dx, dy) = (self.to.0 - self.from.0, self.to.1 - self.from.1);
        let length = (dx * dx + dy * dy).max(1e-9);
        let along = ((x - self.from.0) * dx + (y - self.from.1) * dy) / length;
        let along = within(along, 0.0, 1.0);
        libm::hypot(self.from.0 + along * dx - x, self.from.1 + along * dy - y)
    }
}

impl KnotKind {
    /// Whether it ends or begins a life.
    fn is_life(self) -> bool {
        matches!(self, KnotKind::Crash | KnotKind::Restart)
    }
}

impl Sort {
    /// What a message under way is drawn as.
    fn of(kind: Kind) -> Sort {
        match kind {
            Kind::Write | Kind::Read => Sort::Request,
            Kind::Append | Kind::Snapshot => Sort::Write,
            Kind::Ack | Kind::ReplicaAck => Sort::Ack,
            Kind::Value => Sort::Value,
            Kind::Refusal => Sort::Refusal,
            Kind::Heartbeat | Kind::Fetch | Kind::Fence | Kind::Vote => Sort::Control,
        }
    }
}

/// What the message was whose arrival or loss a record tells.
fn sort_of(world: &World, record: &Record) -> Sort {
    match record.fact {
        Fact::Lost { kind, .. } => Sort::of(kind),
        Fact::Told { op, told: Told::Value } => {
            let old = world.ledger.op(op).is_some_and(|op| op.staleness.versions > 0);
            if old { Sort::Stale } else { Sort::Value }
        }
        Fact::Told { told: Told::Ok | Told::OkDegraded, .. } => Sort::Ack,
        Fact::Told { .. } => Sort::Refusal,
        Fact::Confirmed { .. } | Fact::Relayed { .. } => Sort::Ack,
        Fact::Received { .. }
        | Fact::Duplicate(_)
        | Fact::Filtered(_)
        | Fact::Gap { .. }
        | Fact::Seeded { .. } => Sort::Write,
        _ if record.from.client().is_some() => Sort::Request,
        _ => Sort::Control,
    }
}

fn knot_kind(fact: &Fact) -> Option<KnotKind> {
    match *fact {
        Fact::Written { .. } => Some(KnotKind::Written),
        Fact::Crashed => Some(KnotKind::Crash),
        Fact::Restarted => Some(KnotKind::Restart),
        Fact::Promoted(epoch) => Some(KnotKind::Promoted(epoch)),
        Fact::LostWrite { .. } => Some(KnotKind::Lost),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::{Builtin, Recording, read_scenario};
    use crate::scene::AIR;

    fn run(name: &str) -> Recording {
        let text = Builtin::find(name).expect("a built-in of this name").text;
        let mut recording = Recording::new(read_scenario(text).expect("it is valid"));
        recording.finish();
        recording
    }

    fn whole(recording: &Recording, width: f64) -> (Window, Weave) {
        let until = recording.scenario().until.0;
        let window = Window { from: 0, until, width, height: 400.0 };
        let woven = weave(recording.head(), recording.trace(), &window, (until, true));
        (window, woven)
    }

    #[test]
    fn every_message_arrives_after_it_was_sent_and_its_slope_is_its_latency() {
        for name in ["async-loses-a-write", "two-sites", "lossy-link"] {
            let recording = run(name);
            let (window, woven) = whole(&recording, 200_000.0);
            assert!(!woven.threads.is_empty());
            for thread in &woven.threads {
                assert!(thread.to.0 >= thread.from.0, "{name}: {thread:?}");
                let Some(record) = recording.trace().get(thread.record) else { continue };
                let latency = window.x(record.at) - window.x(record.sent_at);
                let drawn = thread.to.0 - thread.from.0;
                assert!((drawn - latency).abs() < 1.0, "{name}: {thread:?} for {record:?}");
            }
        }
    }

    #[test]
    fn what_is_painted_together_is_counted_and_nothing_is_left_out_unsaid() {
        let recording = run("busy-star");
        let (_, wide) = whole(&recording, 5_000_000.0);
        let (_, narrow) = whole(&recording, 600.0);
        let sum = |woven: &Weave| {
            woven.left_out + woven.threads.iter().map(|thread| thread.count).sum::<u32>()
        };
        assert_eq!(sum(&wide), sum(&narrow));
        assert!(narrow.threads.len() * 2 < sum(&narrow) as usize, "{}", narrow.threads.len());
    }

    #[test]
    fn a_lane_is_dashed_from_crash_to_restart_even_if_the_crash_lies_before_the_window() {
        let recording = run("async-loses-a-write");
        let trace = recording.trace();
        let crash = trace.since(0).find(|(_, record)| record.fact == Fact::Crashed);
        let (_, crash) = crash.expect("its primary crashes");
        let until = recording.scenario().until.0;
        let window = Window { from: crash.at + 1, until, width: 500.0, height: 100.0 };
        let woven = weave(recording.head(), trace, &window, (until, false));
        let lane = woven.lanes.iter().find(|lane| lane.place == crash.place);
        let lane = lane.expect("every server has a lane");
        assert_eq!(lane.down.first().map(|(from, _)| *from), Some(AIR), "{lane:?}");
    }

    #[test]
    fn past_and_future_are_each_others_mirror() {
        let recording = run("async-loses-a-write");
        let trace = recording.trace();
        for number in (0..trace.len() as u32).step_by(7) {
            for earlier in past(trace, number) {
                assert!(future(trace, earlier).contains(&number), "{earlier} led to {number}");
            }
        }
    }
}
