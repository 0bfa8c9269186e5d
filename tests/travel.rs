//! Laws of going far: an instant that takes long to simulate is come to in slices, and is the one
//! that a fresh run has; on the way the playhead stays at what is known.

#![cfg(not(target_arch = "wasm32"))]

use replication::base::{NodeId, SimTime};
use replication::player::{Happening, Marks, Mode, Msg, Player, Sieve, sandbox};
use replication::policy::Preset;
use replication::recording::Recording;
use replication::sim::{Command, Rate, Yes};
use replication::topology::Shape;

/// An instant that many slices lead to.
const FAR: SimTime = 10_000_000;
/// More slices than any way here takes.
const SLICES_MAX: u32 = 1_000;

/// A busy cluster, at its beginning.
fn busy() -> Player {
    let mut scenario = sandbox(Shape::Star, Preset::Async);
    scenario.workload.iter_mut().for_each(|workload| workload.rate = Rate(300));
    Player::on(scenario, Mode::Sandbox)
}

/// Goes on until the playhead is where it was asked to be; how many slices that took.
fn arrive(player: &mut Player) -> u32 {
    let mut slices = 0;
    while player.heading().is_some() {
        assert!(slices < SLICES_MAX, "it does not arrive");
        slices += 1;
        player.update(Msg::CatchUp);
        assert!(player.t() <= player.recording().known_until(), "nothing unknown is looked at");
    }
    slices
}

fn fresh(player: &Player) -> Recording {
    Recording::new(player.recording().scenario().clone())
}

fn is_that_of_a_fresh_run(player: &mut Player) {
    let (t, digest) = (player.t(), player.moment().digest());
    assert_eq!(digest, fresh(player).at(t).digest(), "at {t}");
    let mut marks = Marks::default();
    let mut again = fresh(player);
    again.at(player.recording().known_until());
    marks.follow(&again);
    assert_eq!(player.marks().until(t), marks.until(t), "marks up to {t}");
}

#[test]
fn a_far_instant_is_come_to_in_slices_and_is_that_of_a_fresh_run() {
    let mut player = busy();
    player.update(Msg::Seek(FAR));
    assert_eq!((player.t(), player.heading()), (0, Some(FAR)));
    assert!(arrive(&mut player) > 5, "that was not far");
    assert_eq!((player.t(), player.end()), (FAR, FAR));
    is_that_of_a_fresh_run(&mut player);
    // What is known is there at once.
    player.update(Msg::Seek(FAR / 3));
    assert_eq!((player.t(), player.heading()), (FAR / 3, None));
}

#[test]
fn on_the_way_time_stands_still_and_one_can_stop_where_the_run_has_come_to() {
    let mut player = busy();
    player.update(Msg::Play);
    player.update(Msg::Seek(FAR));
    player.update(Msg::Frame { elapsed_us: 50_000 });
    player.update(Msg::CatchUp);
    assert_eq!(player.t(), 0);
    player.update(Msg::TogglePlay);
    let t = player.t();
    assert_eq!((player.heading(), player.playing()), (None, false));
    assert!(t > 0 && t < FAR && t == player.recording().known_until(), "{t}");
    is_that_of_a_fresh_run(&mut player);
    // Whoever was playing goes on playing once there.
    player.update(Msg::Play);
    player.update(Msg::Seek(FAR));
    arrive(&mut player);
    player.update(Msg::Frame { elapsed_us: 50_000 });
    assert!(player.t() > FAR);
}

#[test]
fn who_acts_on_the_way_acts_at_what_is_seen() {
    let mut player = busy();
    player.update(Msg::Seek(400_000));
    player.update(Msg::Seek(FAR));
    player.update(Msg::Issue(Command::Crash(NodeId(1))));
    assert_eq!((player.t(), player.heading()), (400_000, None));
    is_that_of_a_fresh_run(&mut player);
}

#[test]
fn taking_back_what_was_done_long_ago_leads_back_to_the_same_instant() {
    let mut player = busy();
    player.update(Msg::Seek(400_000));
    player.update(Msg::Issue(Command::Crash(NodeId(1))));
    player.update(Msg::Seek(FAR));
    arrive(&mut player);
    for msg in [Msg::Undo, Msg::Redo] {
        player.update(msg);
        assert!(player.t() < FAR && player.heading() == Some(FAR));
        arrive(&mut player);
        assert_eq!(player.t(), FAR);
        is_that_of_a_fresh_run(&mut player);
    }
}

#[test]
fn marks_are_those_of_the_run_looked_at_whatever_was_done_to_it() {
    let mut player = busy();
    player.update(Msg::Seek(3_000_000));
    arrive(&mut player);
    let acts = [
        Msg::Seek(1_000_000),
        Msg::Issue(Command::Crash(NodeId(0))),
        Msg::Seek(1_500_000),
        Msg::Issue(Command::Heal(Yes)),
        Msg::Undo,
        Msg::Undo,
        Msg::Redo,
        Msg::Redo,
        Msg::SwitchBranch(0),
        Msg::Seek(2_000_000),
        Msg::SwitchBranch(1),
    ];
    for msg in acts {
        player.update(msg);
        arrive(&mut player);
        is_that_of_a_fresh_run(&mut player);
    }
}

#[test]
fn what_is_looked_for_far_ahead_is_found_or_leaves_the_playhead_where_it_is() {
    let mut known = busy();
    known.update(Msg::Seek(2 * FAR));
    arrive(&mut known);
    let surprise = known.marks().next_surprise(0).expect("an old value is read");
    let mut player = busy();
    player.update(Msg::NextSurprise);
    arrive(&mut player);
    assert_eq!(player.t(), surprise);
    // Nothing is promoted, however far one looks.
    let sieve = Sieve { kind: Happening::Promoted, ..Sieve::default() };
    player.update(Msg::Sift(sieve));
    player.update(Msg::Passing(true));
    assert!(player.heading().is_some());
    assert!(arrive(&mut player) > 5);
    assert_eq!(player.t(), surprise);
    player.update(Msg::Issue(Command::Crash(NodeId(0))));
    player.update(Msg::Seek(FAR));
    arrive(&mut player);
    player.update(Msg::Issue(Command::Promote(NodeId(1))));
    player.update(Msg::Seek(surprise));
    player.update(Msg::Passing(true));
    arrive(&mut player);
    assert_eq!(player.t(), FAR);
}
