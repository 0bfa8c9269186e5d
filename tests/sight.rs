//! A part of a run, looked at closely: nothing that was under way then is missing, nothing leaves
//! the axis, and lines keep their slope.

#![cfg(not(target_arch = "wasm32"))]

use replication::base::SimTime;
use replication::node::{Fact, Status};
use replication::player::{Mode, Msg, Player};
use replication::recording::{Builtin, Recording, read_scenario};
use replication::scene::{AIR, Cloth, Ink, Rect, Tone, Weave, Window, Xy, weave};

const NAMES: [&str; 4] = ["async-loses-a-write", "two-sites", "lossy-link", "busy-star"];

fn run(name: &str) -> Recording {
    let text = Builtin::find(name).expect("a built-in of this name").text;
    let mut recording = Recording::new(read_scenario(text).expect("it is valid"));
    recording.finish();
    recording
}

/// Parts of a run, from all of it to the shortest.
fn parts(recording: &Recording) -> [(SimTime, SimTime); 5] {
    let end = recording.scenario().until.0;
    let third = end / 3;
    [(0, end), (0, third), (third, third + 4_000), (third, 2 * third), (end - 30_000, end)]
}

/// What is known at the right end of a window, woven.
fn woven(recording: &mut Recording, (from, until): (SimTime, SimTime)) -> (Window, Weave) {
    let window = Window { from, until, width: 900.0, height: 300.0 };
    let world = recording.moment(until);
    let woven = weave(&world, recording.trace(), &window, (until, true));
    (window, woven)
}

fn count(woven: &Weave) -> u32 {
    woven.left_out + woven.threads.iter().map(|thread| thread.count).sum::<u32>()
}

#[test]
fn each_message_under_way_in_a_window_is_drawn_or_counted_there() {
    for name in NAMES {
        let mut recording = run(name);
        let parts = parts(&recording);
        let (_, all) = woven(&mut recording, parts[0]);
        let unlanded = all.threads.iter().filter(|thread| thread.record == u32::MAX);
        let unlanded = unlanded.map(|thread| thread.count).sum::<u32>();
        assert_eq!(unlanded, flying(&recording, SimTime::MAX), "{name}");
        for (from, until) in parts {
            let (_, woven) = woven(&mut recording, (from, until));
            let message = |fact: &Fact, arrival| arrival || matches!(fact, Fact::Lost { .. });
            let met = recording.trace().since(0).filter(|(_, record)| {
                let meets = record.sent_at <= until && record.at >= from;
                meets && message(&record.fact, record.is_arrival())
            });
            let met = met.count() as u32 + flying(&recording, until);
            // Of a message that nobody waited for when it came, no record tells; it is drawn as
            // long as it is under way.
            let (drawn, at_end) = (count(&woven), until == parts[0].1);
            assert!(drawn >= met, "{name}, {from} to {until}: {drawn} of {met}");
            assert!(drawn == met || !at_end, "{name}, {from} to {until}: {drawn} of {met}");
        }
    }
}

/// Messages sent up to an instant that have not come to their end when the run has.
fn flying(recording: &Recording, until: SimTime) -> u32 {
    use replication::sim::Event;
    let events = recording.head().queue.in_order();
    let flying = events.into_iter().filter(|(_, event)| match event {
        Event::Deliver(envelope) | Event::Lose(envelope, _) => envelope.sent_at <= until,
        _ => false,
    });
    flying.count() as u32
}

#[test]
fn closer_by_what_was_bundled_is_told_apart() {
    let mut recording = run("busy-star");
    let parts = parts(&recording);
    let (_, far) = woven(&mut recording, parts[0]);
    assert!(far.threads.iter().any(|thread| thread.count > 1));
    let (_, near) = woven(&mut recording, parts[2]);
    assert!(near.threads.len() > 1 && near.left_out == 0);
    assert!(near.threads.iter().all(|thread| thread.count == 1));
}

/// Notes what is drawn where.
#[derive(Default)]
struct Notes {
    lines: Vec<(Xy, Xy)>,
    signs: Vec<f64>,
    plates: Vec<f64>,
}

impl Ink for Notes {
    fn stand(&mut self, at: Xy, _: Xy, _: f64, _: f64) {
        self.signs.extend((at != Xy::default()).then_some(at.x));
    }
    fn fill(&mut self, _: &'static str, _: Tone) {}
    fn stroke(&mut self, _: &'static str, _: Tone, _: f64, _: &[f64]) {}
    fn plate(&mut self, room: Rect, _: f64, _: Tone) {
        self.plates.push(room.x + room.w / 2.0);
    }
    fn chip(&mut self, _: f64, _: Tone) {}
    fn line(&mut self, corners: &[Xy], _: Tone, _: f64, _: &[f64], _: f64) {
        self.lines.push((corners[0], corners[1]));
    }
    fn dots(&mut self, _: &[Xy], _: f64, _: Tone) {}
    fn words(&mut self, _: Xy, _: f64, _: &str, _: Tone) {}
}

#[test]
fn nothing_leaves_the_axis_and_lines_that_come_in_at_its_edge_keep_their_slope() {
    let mut cut = 0;
    for name in NAMES {
        let mut recording = run(name);
        let end = recording.scenario().until.0;
        for part in parts(&recording) {
            let (window, woven) = woven(&mut recording, part);
            let world = recording.moment(part.1);
            for t in [0, part.0, part.1, end] {
                let mut notes = Notes::default();
                let (weave, world) = (&woven, &world);
                Cloth { weave, rifts: &[], window, world, t, cone: None, left: 0.0 }
                    .draw(&mut notes);
                let on = |x: f64| (AIR - 0.01..=window.width - AIR + 0.01).contains(&x);
                assert!(notes.signs.into_iter().all(on), "{name}, {part:?}");
                assert_eq!(notes.plates.len(), usize::from(window.holds(t)), "the playhead");
                for (a, b) in &notes.lines {
                    assert!(on(a.x) && on(b.x), "{name}, {part:?}: {a:?} to {b:?}");
                }
                let slanted = notes.lines.into_iter().filter(|(a, b)| a.y != b.y);
                for ((a, b), thread) in slanted.zip(&woven.threads) {
                    let (dx, dy) = (thread.to.0 - thread.from.0, thread.to.1 - thread.from.1);
                    assert!(((b.x - a.x) * dy - (b.y - a.y) * dx).abs() < 0.1, "{a:?} {b:?}");
                    cut += u32::from(thread.from.0 < AIR);
                }
            }
        }
    }
    assert!(cut > 20, "{cut} of them came in at the edge");
}

#[test]
fn a_lane_is_dashed_as_it_was_in_the_window_whatever_became_of_it() {
    let mut recording = run("async-loses-a-write");
    let crash = recording.trace().since(0).find(|(_, record)| record.fact == Fact::Crashed);
    let (_, crash) = crash.expect("its primary crashes");
    let lane = |woven: &Weave| {
        let lane = woven.lanes.iter().find(|lane| lane.place == crash.place).cloned();
        lane.expect("every server has a lane").down
    };
    let (_, before) = woven(&mut recording, (0, crash.at - 1));
    assert_eq!(lane(&before), Vec::new());
    let (window, around) = woven(&mut recording, (crash.at - 2_000, crash.at + 2_000));
    assert_eq!(lane(&around), [(window.x(crash.at), window.x(window.until))]);
}

#[test]
fn a_moment_beside_the_playhead_is_the_world_then_and_moves_nothing() {
    let scenario = read_scenario(Builtin::find("two-sites").expect("it is there").text);
    let mut player = Player::on(scenario.expect("it is valid"), Mode::Sandbox);
    player.update(Msg::Seek(900_000));
    let before = player.moment().digest();
    let then = player.moment_at(300_000);
    assert!(then == player.moment_at(300_000), "asked for again, it is the same one");
    assert_eq!(player.moment().digest(), before);
    assert_eq!(player.moment_at(2_000_000).digest(), before, "what is to come is not told");
    player.update(Msg::Seek(300_000));
    assert_eq!(player.moment().digest(), then.digest());
    // Acting in the past makes another one of it.
    player.update(Msg::Seek(200_000));
    let crash = replication::sim::Command::Crash(replication::base::NodeId(1));
    player.update(Msg::Issue(crash));
    player.update(Msg::Seek(900_000));
    assert_eq!(player.moment_at(300_000).nodes[1].status, Status::Down);
}
