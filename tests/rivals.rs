//! Laws of comparing: the run beside the one looked at is the run that a file with that one thing
//! changed would give, whatever was done meanwhile, and the numbers are those of the two runs.

#![cfg(not(target_arch = "wasm32"))]

use replication::base::{NodeId, SimTime};
use replication::player::{Figure, Mode, Msg, Player, Versus, sandbox, story};
use replication::policy::Preset;
use replication::recording::Recording;
use replication::sim::Command;
use replication::topology::Shape;

fn comparing(with: Versus) -> Player {
    let mut player = Player::on(sandbox(Shape::Star, Preset::Async), Mode::Sandbox);
    player.update(Msg::Compare(vec![with]));
    player
}

/// The digest of the run beside the one looked at, and that of a fresh run of its scenario.
fn beside(player: &mut Player, t: SimTime) -> (u64, u64) {
    let rival = &mut player.rivals_mut()[0];
    let mut fresh = Recording::new(rival.recording().scenario().clone());
    (rival.moment(t).digest(), fresh.at(t).digest())
}

#[test]
fn the_run_beside_follows_every_act_and_its_taking_back() {
    for with in [Versus::Ack(Preset::Quorum), Versus::Topology(Shape::Chain)] {
        let mut player = comparing(with);
        let acts = [
            Msg::Seek(2_000_000),
            Msg::Issue(Command::Crash(NodeId(1))),
            Msg::Seek(3_000_000),
            Msg::Seek(900_000),
            Msg::Issue(Command::Crash(NodeId(2))),
            Msg::Undo,
            Msg::Redo,
            Msg::SwitchBranch(0),
        ];
        for msg in acts {
            player.update(msg.clone());
            let t = player.t();
            let (rival, fresh) = beside(&mut player, t);
            assert_eq!(rival, fresh, "{with:?} after {msg:?}");
            let own = &player.recording().scenario().at;
            assert_eq!(player.rivals()[0].recording().scenario().at, *own, "{with:?}: commands");
            assert_eq!(player.rivals()[0].recording().scenario().seed, 7);
        }
    }
}

#[test]
fn what_async_loses_the_majority_beside_it_keeps() {
    let mut player = Player::on(story(Preset::Async), Mode::Story);
    assert_eq!(player.first_versus(), Some(Versus::Ack(Preset::Quorum)));
    player.update(Msg::Compare(vec![Versus::Ack(Preset::Quorum)]));
    player.update(Msg::Live);
    let t = player.t();
    let (own, rival) = (player.score(), player.rivals_mut()[0].score(t));
    assert_eq!((own.get(Figure::Lost), rival.get(Figure::Lost)), (Some(1), Some(0)));
    assert_eq!(rival.more_than(&own, Figure::Lost), Some(-1));
    let median = own.get(Figure::AckMedian);
    assert!(rival.get(Figure::AckMedian).is_none_or(|us| Some(us) > median));
}

#[test]
fn a_branch_is_compared_as_it_was_left_and_gone_once_it_is_forgotten() {
    let mut player = Player::on(sandbox(Shape::Star, Preset::Async), Mode::Sandbox);
    player.update(Msg::Seek(2_000_000));
    let left = player.moment().digest();
    player.update(Msg::Seek(700_000));
    player.update(Msg::Issue(Command::Crash(NodeId(0))));
    assert!(player.versus().contains(&Versus::Branch(0)));
    player.update(Msg::Compare(vec![Versus::Branch(0)]));
    player.update(Msg::Seek(2_000_000));
    assert_eq!(player.rivals_mut()[0].moment(2_000_000).digest(), left);
    player.update(Msg::RemoveBranch(0));
    assert!(player.rivals().is_empty());
}

#[test]
fn another_topology_goes_on_being_compared_and_what_became_the_same_is_replaced() {
    let mut player = comparing(Versus::Topology(Shape::Chain));
    player.update(Msg::Topology(Shape::Ring));
    assert_eq!(player.rivals()[0].versus(), Versus::Topology(Shape::Chain));
    player.update(Msg::Topology(Shape::Chain));
    assert_eq!(player.rivals()[0].versus(), Versus::Ack(Preset::Quorum));
    player.update(Msg::Compare(Vec::new()));
    assert!(player.rivals().is_empty());
}

#[test]
fn the_table_measures_every_rule_and_shape_in_slices_and_comes_to_the_runs_own_numbers() {
    let mut player = Player::on(sandbox(Shape::Star, Preset::Async), Mode::Sandbox);
    player.update(Msg::Weigh(true));
    player.update(Msg::Seek(4_000_000));
    let first = player.weighed(50);
    assert_eq!(first.len(), 8);
    assert!(first.iter().all(|(_, score)| score.is_none()), "50 steps are not enough");
    let rest = (0..1_000).map(|_| player.weighed(50));
    let scores = rest.last().expect("there were some");
    let of = |wanted: Versus| {
        let found = scores.iter().find(|(versus, _)| *versus == wanted);
        found.and_then(|(_, score)| *score).expect("it is there by now")
    };
    let own = player.score();
    assert_eq!(of(Versus::Ack(Preset::Async)), own);
    assert_eq!(of(Versus::Topology(Shape::Star)), own);
    assert_ne!(of(Versus::Ack(Preset::Sync)), own);
}
