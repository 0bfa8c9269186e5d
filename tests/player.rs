//! Laws of the player: however one gets to an instant, it is the same one, and nothing is lost.

#![cfg(not(target_arch = "wasm32"))]

use replication::base::{Luck, NodeId, Probability, Purpose, SimTime, Span, scaled};
use replication::player::{
    Happening, Mode, Msg, Player, Selection, Sieve, Speed, Watch, caption, sandbox,
};
use replication::policy::Preset;
use replication::recording::{Recording, Replay};
use replication::sim::{Command, DialsCommand, PartitionCommand, Record, Stamped, Yes};
use replication::topology::Shape;

/// How often the playhead is moved in each shape; 8,000 times were tried once and agreed too.
const ROUNDS: u32 = 100;
const SHAPES: [Shape; 4] = [Shape::Star, Shape::Chain, Shape::Ring, Shape::Tree];

fn in_sandbox(shape: Shape) -> Player {
    Player::on(sandbox(shape, Preset::Async), Mode::Sandbox)
}

fn digest(player: &mut Player) -> u64 {
    player.moment().digest()
}

fn at(player: &mut Player, t: SimTime) -> u64 {
    player.update(Msg::Seek(t));
    digest(player)
}

#[test]
fn thirty_steps_forward_and_back_pass_the_same_states_in_every_shape() {
    for shape in SHAPES {
        let mut player = in_sandbox(shape);
        player.update(Msg::Seek(900_000));
        player.update(Msg::Issue(Command::Crash(NodeId(1))));
        player.update(Msg::Seek(1_100_000));
        let groups = vec![vec![NodeId(2)]];
        player.update(Msg::Issue(Command::Partition(PartitionCommand { groups })));
        player.update(Msg::Seek(600_000));
        let mut walk = |msg: Msg| -> Vec<u64> {
            let step = |_| {
                player.update(msg.clone());
                digest(&mut player)
            };
            (0..30).map(step).collect()
        };
        let (there, back) = (walk(Msg::StepForward), walk(Msg::StepBack));
        let again = walk(Msg::StepForward);
        assert_eq!(there, again, "{}", shape.name());
        let reversed: Vec<u64> = there.into_iter().rev().skip(1).collect();
        assert_eq!(reversed, back[..29], "{}", shape.name());
    }
}

#[test]
fn playing_at_any_speed_and_seeking_end_in_the_same_state() {
    for (detent, frame_us) in [(0, 16_667), (3, 16_667), (5, 7_000), (8, 41_000)] {
        let mut player = in_sandbox(Shape::Star);
        player.update(Msg::SetSpeed(Speed::at(detent)));
        player.update(Msg::Play);
        for _ in 0..200 {
            player.update(Msg::Frame { elapsed_us: frame_us });
        }
        let (t, played) = (player.t(), digest(&mut player));
        assert!(t > 0);
        assert_eq!(at(&mut in_sandbox(Shape::Star), t), played, "detent {detent}");
    }
}

#[test]
fn selecting_and_following_neither_pause_nor_change_the_run() {
    let mut player = in_sandbox(Shape::Tree);
    player.update(Msg::Seek(1_000_000));
    player.update(Msg::Play);
    let before = digest(&mut player);
    player.update(Msg::Select(Selection::Node(NodeId(2))));
    player.update(Msg::FollowNewest);
    assert!(player.playing() && player.follow().is_some());
    assert_eq!(digest(&mut player), before);
}

#[test]
fn acting_in_the_past_keeps_the_old_future_and_undo_brings_it_back() {
    let mut player = in_sandbox(Shape::Star);
    let future = at(&mut player, 2_000_000);
    let past = at(&mut player, 1_000_000);
    player.update(Msg::Issue(Command::Crash(NodeId(0))));
    assert_eq!(player.branches().all().len(), 2);
    assert_ne!(digest(&mut player), past);
    assert_ne!(at(&mut player, 2_000_000), future);
    player.update(Msg::Undo);
    assert_eq!(at(&mut player, 1_000_000), past);
    assert_eq!(at(&mut player, 2_000_000), future);
}

/// Digests at a few instants up to and beyond the tape's end.
fn digests(player: &mut Player) -> Vec<u64> {
    (1..12).map(|tenth| at(player, tenth * 300_000)).collect()
}

#[test]
fn taking_everything_back_restores_each_run_and_doing_it_again_restores_the_other() {
    for shape in SHAPES {
        let mut player = in_sandbox(shape);
        let mut runs = vec![digests(&mut player)];
        // Some of these are done in the past and fork, others at the newest instant.
        let times = [2_000_000, 2_600_000, 1_100_000, 1_300_000, 3_900_000];
        for (nth, t) in times.into_iter().enumerate() {
            player.update(Msg::Seek(t));
            let node = NodeId(nth as u16 % 4);
            player.update(Msg::Issue(Command::Crash(node)));
            runs.push(digests(&mut player));
        }
        for (nth, run) in runs.iter().enumerate().rev().skip(1) {
            player.update(Msg::Undo);
            assert_eq!(digests(&mut player), *run, "{}: back to {nth}", shape.name());
        }
        assert_eq!(player.undoable(), None);
        for (nth, run) in runs.iter().enumerate().skip(1) {
            player.update(Msg::Redo);
            assert_eq!(digests(&mut player), *run, "{}: again to {nth}", shape.name());
        }
        assert_eq!(player.redoable(), None);
    }
}

#[test]
fn taking_back_restores_what_had_been_planned_for_later() {
    let mut scenario = sandbox(Shape::Star, Preset::Async);
    scenario.at.push(Stamped { time: Span::s(2), command: Command::Crash(NodeId(2)) });
    let mut player = Player::on(scenario, Mode::Sandbox);
    // Nothing is known yet, so this leaves no branch behind.
    player.update(Msg::Issue(Command::Crash(NodeId(1))));
    assert_eq!(player.branches().all().len(), 1);
    assert_eq!(player.recording().scenario().at.len(), 1, "the plan has given way");
    player.update(Msg::Undo);
    let planned = &player.recording().scenario().at;
    assert_eq!(planned.len(), 1);
    assert_eq!(planned[0].command, Command::Crash(NodeId(2)));
}

#[test]
fn a_new_act_ends_what_could_be_done_again() {
    let mut player = in_sandbox(Shape::Star);
    player.update(Msg::Seek(1_000_000));
    player.update(Msg::Issue(Command::Crash(NodeId(1))));
    player.update(Msg::Undo);
    assert_eq!(player.redoable(), Some("crash"));
    player.update(Msg::Issue(Command::Crash(NodeId(2))));
    assert_eq!(player.redoable(), None);
    let before = digest(&mut player);
    player.update(Msg::Redo);
    assert_eq!(digest(&mut player), before);
}

#[test]
fn a_branch_can_be_named_and_forgotten_but_not_while_it_is_looked_at() {
    let mut player = in_sandbox(Shape::Star);
    player.update(Msg::Seek(2_000_000));
    player.update(Msg::Seek(700_000));
    player.update(Msg::Issue(Command::Crash(NodeId(0))));
    let ids: Vec<u32> = player.branches().all().iter().map(|branch| branch.id).collect();
    player.update(Msg::RenameBranch(ids[0], "  before the crash ".into()));
    player.update(Msg::RenameBranch(ids[1], " ".into()));
    let names: Vec<&str> = player.branches().all().iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["before the crash", "B"]);
    assert_eq!(player.ghost().map(|ghost| ghost.name.as_str()), Some("before the crash"));
    player.update(Msg::RemoveBranch(ids[1]));
    assert_eq!(player.branches().all().len(), 2, "it is looked at");
    player.update(Msg::RemoveBranch(ids[0]));
    assert_eq!(player.branches().all().len(), 1);
    assert!(player.ghost().is_none());
    assert_eq!(player.undoable(), None, "there is nothing to go back to");
}

#[test]
fn the_future_that_was_left_is_told_with_its_end_and_its_marks() {
    let mut player = in_sandbox(Shape::Star);
    player.update(Msg::Seek(2_000_000));
    assert!(player.ghost().is_none());
    let marks = player.marks().until(2_000_000).to_vec();
    player.update(Msg::Seek(700_000));
    player.update(Msg::Issue(Command::Crash(NodeId(0))));
    let ghost = player.ghost().expect("there is a future that was left");
    assert_eq!((ghost.name.as_str(), ghost.until), ("A", 2_000_000));
    assert_eq!(ghost.marks.until(ghost.until), marks);
    // Gone back to, it ends where it ended, and the other one is the one that was left.
    player.update(Msg::SwitchBranch(0));
    assert_eq!(player.end(), 2_000_000);
    assert_eq!(player.ghost().map(|ghost| ghost.name.as_str()), Some("B"));
}

#[test]
fn play_stops_at_the_first_surprise_only_if_asked_to() {
    for by_events in [false, true] {
        let mut player = in_sandbox(Shape::Star);
        player.update(Msg::Seek(20_000_000));
        let first = player.marks().next_surprise(0).expect("an old value is read");
        player.update(Msg::ByEvents(by_events));
        player.update(Msg::SetSpeed(Speed::at(8)));
        let mut run = |asked: bool| {
            player.update(Msg::StopAtSurprises(asked));
            player.update(Msg::Home);
            player.update(Msg::Play);
            for _ in 0..2_000 {
                player
                    .update(Msg::Frame { elapsed_us: 1_200_000 / if by_events { 1 } else { 72 } });
                if !player.playing() || player.t() > first + 1_000_000 {
                    break;
                }
            }
            (player.t(), player.playing())
        };
        assert_eq!(run(true), (first, false));
        let (t, playing) = run(false);
        assert!(t > first && playing, "{t}");
        player.update(Msg::StopAtSurprises(true));
        player.update(Msg::Seek(first));
        player.update(Msg::Play);
        player.update(Msg::Frame { elapsed_us: 10_000 });
        assert!(player.t() >= first, "it goes on from where it stopped");
    }
}

/// Plays until it stops by itself; gives where.
fn stopped(player: &mut Player, sieve: Sieve) -> SimTime {
    player.update(Msg::Home);
    player.update(Msg::Sift(sieve));
    player.update(Msg::SetSpeed(Speed::at(8)));
    player.update(Msg::Play);
    for _ in 0..20_000 {
        player.update(Msg::Frame { elapsed_us: 16_667 });
        if !player.playing() {
            return player.t();
        }
    }
    panic!("it does not stop");
}

#[test]
fn play_stops_at_the_first_of_what_was_asked_for_by_kind_key_place_and_lag() {
    let mut player = in_sandbox(Shape::Star);
    player.update(Msg::Seek(20_000_000));
    let stale = player.marks().next_surprise(0).expect("an old value is read");
    let any = Sieve { stops: true, ..Sieve::default() };
    let of_kind = Sieve { kind: Happening::Stale, ..any.clone() };
    assert_eq!(stopped(&mut player, of_kind), stale);
    let here = Sieve { place: Some(NodeId(2).into()), kind: Happening::Applied, ..any.clone() };
    let at = stopped(&mut player, here);
    let here = |(_, record): (u32, Record)| record.place == NodeId(2).into();
    assert!(player.recording().trace().between(at, at + 1).any(here));
    let of_key = Sieve { key: "k2".into(), kind: Happening::Write, ..any };
    let at = stopped(&mut player, of_key);
    let ops = &player.recording().head().ledger.ops;
    let names = &player.recording().head().names;
    let first = ops.iter().find(|op| op.is_write() && names.text(op.key()) == "k2");
    assert_eq!(first.map(|op| op.sent_at), Some(at));
    // A replica that stands still is 300 ms behind 300 ms after the first write it has not.
    let mut player = in_sandbox(Shape::Star);
    player.update(Msg::Issue(Command::Pause(NodeId(1))));
    let late = Sieve { lag_us: Some(300_000), ..Sieve::default() };
    let at = stopped(&mut player, late);
    let moment = player.moment();
    let first = moment.ledger.commits().next().expect("something was acknowledged");
    assert_eq!(at, first.committed_at + 300_001);
}

#[test]
fn one_write_can_be_followed_through_the_log_back_and_forth() {
    let mut player = in_sandbox(Shape::Chain);
    player.update(Msg::Seek(2_000_000));
    player.update(Msg::FollowNewest);
    let op = player.follow();
    assert!(op.is_some());
    player.update(Msg::Sift(Sieve { op, ..Sieve::default() }));
    player.update(Msg::Home);
    let mut stops = Vec::new();
    while stops.last() != Some(&player.t()) {
        stops.push(player.t());
        player.update(Msg::Passing(true));
    }
    assert!(stops.len() > 6, "sent, written, told, and received and applied by three: {stops:?}");
    let mut back = Vec::new();
    while back.last() != Some(&player.t()) {
        back.push(player.t());
        player.update(Msg::Passing(false));
    }
    back.reverse();
    assert_eq!(stops[1..], back);
}

#[test]
fn a_run_gone_through_again_beside_its_recording_is_the_same_run_and_breaks_no_rule() {
    let mut player = in_sandbox(Shape::Ring);
    player.update(Msg::Seek(500_000));
    player.update(Msg::Issue(Command::Crash(NodeId(1))));
    player.update(Msg::Seek(1_500_000));
    let mut replay = Replay::new(player.recording());
    let scenario = player.recording().scenario();
    let mut records = Vec::new();
    while replay.step(scenario, player.t(), &mut |record| records.push(record)) {}
    let recorded: Vec<_> = player.recording().trace().between(0, player.t() + 1).collect();
    assert_eq!(records, recorded.into_iter().map(|(_, record)| record).collect::<Vec<_>>());
    assert_eq!(replay.world().digest(), digest(&mut player));
    let mut watch = Watch::default();
    for _ in 0..100 {
        assert_eq!(watch.follow(&player, 100), None);
    }
    // Another past is gone through from its beginning.
    player.update(Msg::Undo);
    assert_eq!(watch.follow(&player, u32::MAX), None);
}

#[test]
fn undo_at_the_newest_instant_leaves_no_trace_of_what_was_done() {
    let mut player = in_sandbox(Shape::Chain);
    let before = at(&mut player, 1_000_000);
    player.update(Msg::Issue(Command::Pause(NodeId(1))));
    assert_ne!(digest(&mut player), before);
    player.update(Msg::Undo);
    assert_eq!(digest(&mut player), before);
    assert_eq!(player.recording().scenario().at.len(), 0);
}

#[test]
fn acting_in_the_story_makes_the_future_the_visitors() {
    let mut player = Player::new();
    player.update(Msg::Seek(300_000));
    player.update(Msg::Issue(Command::Pause(NodeId(3))));
    assert_eq!(player.mode(), Mode::Sandbox);
    player.update(Msg::Seek(2_000_000));
    assert_eq!(player.moment().epoch, 1, "the script's crash and promotion stay behind");
    player.update(Msg::Undo);
    assert_eq!(player.mode(), Mode::Story);
    player.update(Msg::Live);
    assert_eq!(player.moment().epoch, 2, "and come back");
}

#[test]
fn a_stronger_ack_rule_begins_the_story_anew_and_goes_on_in_the_sandbox() {
    let mut player = Player::new();
    player.update(Msg::Live);
    player.update(Msg::Ack(Preset::Quorum));
    assert!(player.t() == 0 && player.playing() && player.mode() == Mode::Story);
    player.update(Msg::Live);
    assert!(player.moment().ledger.lost.is_empty());

    let mut player = in_sandbox(Shape::Star);
    player.update(Msg::Seek(500_000));
    player.update(Msg::Ack(Preset::Sync));
    assert_eq!(player.t(), 500_000);
    assert_eq!(player.ack(), Some(Preset::Sync));
}

#[test]
fn less_motion_plays_from_event_to_event() {
    let mut player = Player::new();
    player.update(Msg::ByEvents(true));
    player.update(Msg::Play);
    for _ in 0..71 {
        player.update(Msg::Frame { elapsed_us: 16_667 });
    }
    assert_eq!(player.t(), 0);
    player.update(Msg::Frame { elapsed_us: 33_334 });
    assert_eq!(player.t(), 80_000, "the first event, after 1.2 s");
}

#[test]
fn idle_time_passes_faster_and_only_then() {
    let mut player = in_sandbox(Shape::Star);
    player.update(Msg::Play);
    let mut hasty = 0;
    for _ in 0..2_000 {
        player.update(Msg::Frame { elapsed_us: 16_667 });
        hasty += u32::from(player.hasty());
    }
    assert!(hasty > 0 && !player.skipped().is_empty());
    let played = digest(&mut player);
    assert_eq!(at(&mut in_sandbox(Shape::Star), player.t()), played);
}

/// The state at the playhead, reckoned from nothing but the scenario.
fn reckoned(player: &Player) -> u64 {
    Recording::new(player.recording().scenario().clone()).at(player.t()).digest()
}

#[test]
fn however_the_playhead_came_there_the_state_is_that_of_a_fresh_run() {
    for (at, shape) in SHAPES.into_iter().enumerate() {
        let mut player = in_sandbox(shape);
        let partition = PartitionCommand { groups: vec![vec![NodeId(1)]] };
        let loss = DialsCommand { loss: Some(Probability::percent(10)), ..Default::default() };
        for (t, command) in [
            (300_000, Command::Set(Box::new(loss))),
            (900_000, Command::Crash(NodeId(2))),
            (1_400_000, Command::Partition(partition)),
            (1_900_000, Command::Restart(NodeId(2))),
            (2_000_000, Command::Promote(NodeId(3))),
            (2_200_000, Command::Heal(Yes)),
        ] {
            player.update(Msg::Seek(t));
            player.update(Msg::Issue(command));
        }
        player.update(Msg::Seek(2_400_000));
        let mut nth = 0;
        let mut below = |limit: u64| {
            nth += 1;
            scaled(Luck(at as u64).draw(Purpose::Generator, 1, nth), limit)
        };
        for _ in 0..ROUNDS {
            match below(4) {
                0 => player.update(Msg::Seek(below(2_600_000))),
                1 => {
                    player.update(Msg::Play);
                    for _ in 0..=below(8) {
                        player.update(Msg::Frame { elapsed_us: 1_000 + below(60_000) });
                        player.moment();
                    }
                    player.update(Msg::Pause);
                }
                2 => (0..=below(9)).for_each(|_| player.update(Msg::StepForward)),
                _ => (0..=below(9)).for_each(|_| player.update(Msg::StepBack)),
            }
            let (t, digest) = (player.t(), digest(&mut player));
            assert_eq!(digest, reckoned(&player), "{} at {t}", shape.name());
        }
    }
}

#[test]
fn a_run_that_is_edited_stays_as_a_branch_and_undo_leads_back_to_it() {
    let mut player = in_sandbox(Shape::Star);
    player.update(Msg::Seek(900_000));
    let before = digest(&mut player);
    let last = NodeId(player.moment().nodes.len() as u16 - 1);
    player.update(Msg::Select(Selection::Node(last)));
    let mut fewer = sandbox(Shape::Chain, Preset::Sync);
    fewer.cluster.nodes = 2;
    fewer.client.iter_mut().for_each(|client| client.home = NodeId(0));
    fewer.network.link.retain(|link| link.from.0 < 2 && link.to.0 < 2);
    player.update(Msg::Edited(Box::new(fewer)));
    assert_eq!((player.t(), player.moment().nodes.len()), (0, 2));
    assert_eq!(player.selection(), Selection::None, "n4 is not there");
    assert_eq!(player.branches().all().len(), 2);
    assert_eq!(player.undoable(), Some("edit"));
    player.update(Msg::Seek(500_000));
    let after = digest(&mut player);
    player.update(Msg::Undo);
    assert_eq!(at(&mut player, 900_000), before);
    player.update(Msg::Redo);
    assert_eq!(at(&mut player, 500_000), after);
    player.update(Msg::SwitchBranch(0));
    assert_eq!(at(&mut player, 900_000), before, "and a branch is returned to");
}

#[test]
fn before_anything_happens_a_run_with_a_future_is_called_by_its_name() {
    let mut player = in_sandbox(Shape::Star);
    let hint = caption(&player);
    let mut planned = sandbox(Shape::Star, Preset::Async);
    planned.name = "A crash to come".to_string();
    planned.at = vec![Stamped { time: Span::s(1), command: Command::Crash(NodeId(1)) }];
    player.update(Msg::Load(Box::new(planned)));
    assert_eq!(caption(&player), "A crash to come");
    player.update(Msg::Seek(1_000_000));
    assert_ne!(caption(&player), "A crash to come");
    player.update(Msg::Load(Box::new(sandbox(Shape::Star, Preset::Async))));
    assert_eq!(caption(&player), hint);
}
