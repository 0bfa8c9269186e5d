//! The page's opening, as a law: async loses what it acknowledged, a majority does not.

#![cfg(not(target_arch = "wasm32"))]

use replication::base::SimTime;
use replication::node::{Fact, Told};
use replication::player::{HOP_US, Mode, Msg, Player, caption, story};
use replication::policy::Preset;
use replication::recording::Recording;

fn told(ack: Preset) -> Recording {
    let mut recording = Recording::new(story(ack));
    recording.finish();
    recording
}

/// When each beat first happens, in the order in which a visitor should see them.
fn beats(recording: &Recording) -> [Option<SimTime>; 4] {
    let ledger = &recording.head().ledger;
    let first = |is: &dyn Fn(Fact) -> bool| {
        let mut records = recording.trace().since(0);
        records.find(|(_, record)| is(record.fact)).map(|(number, _)| u64::from(number))
    };
    let stale = |fact: Fact| match fact {
        Fact::Told { op, told: Told::Value } => {
            ledger.op(op).is_some_and(|op| op.staleness.versions > 0)
        }
        _ => false,
    };
    [
        first(&stale),
        first(&|fact| fact == Fact::Crashed),
        first(&|fact| matches!(fact, Fact::Promoted(2))),
        first(&|fact| matches!(fact, Fact::LostWrite { .. })),
    ]
}

#[test]
fn async_reads_old_data_loses_its_primary_and_then_a_write_it_had_acknowledged() {
    let recording = told(Preset::Async);
    let beats = beats(&recording).map(|beat| beat.expect("every beat happens"));
    assert!(beats.is_sorted(), "{beats:?}");
    let world = recording.head();
    let lost: Vec<u32> = (0..world.ledger.ops.len() as u32)
        .filter(|op| world.ledger.op(replication::base::OpId(*op)).is_some_and(|op| op.lost))
        .collect();
    assert_eq!(lost, [2], "x=2, the third operation, and nothing else");
    let end_at = recording.scenario().until.0;
    assert!(end_at <= 12 * HOP_US, "all within twelve seconds of wall time");
}

#[test]
fn no_stronger_rule_loses_an_acknowledged_write_with_the_same_luck() {
    for ack in [Preset::SemiSync, Preset::Quorum, Preset::Sync] {
        let recording = told(ack);
        let [_, down, promoted, lost] = beats(&recording);
        assert!(down.is_some() && promoted.is_some());
        assert_eq!(lost, None, "{}", ack.name());
        assert!(recording.head().ledger.lost.is_empty());
    }
    let acknowledged = told(Preset::Quorum).head().ledger.acknowledged.len();
    assert_eq!(acknowledged, 1, "x=1 was told ok, and it is there");
}

#[test]
fn nobody_is_told_ok_before_the_first_chips_leave_in_time_to_be_seen() {
    let recording = told(Preset::Async);
    let at = |is: &dyn Fn(Fact) -> bool| {
        let mut records = recording.trace().since(0);
        records.find(|(_, record)| is(record.fact)).map(|(_, record)| record.at * 10 / HOP_US)
    };
    // Tenths of a second of wall time at 1x.
    assert_eq!(at(&|fact| matches!(fact, Fact::Sent { .. })), Some(10));
    assert_eq!(at(&|fact| matches!(fact, Fact::Told { .. })), Some(20));
    assert_eq!(at(&|fact| matches!(fact, Fact::Received { .. })), Some(35));
    assert_eq!(at(&|fact| fact == Fact::Crashed), Some(66));
    assert_eq!(at(&|fact| matches!(fact, Fact::Promoted(_))), Some(85));
}

#[test]
fn the_story_stops_by_itself_and_says_no_more_than_25_words() {
    let mut player = Player::new();
    player.update(Msg::Play);
    let mut said: Vec<String> = Vec::new();
    for _ in 0..60 * 13 {
        player.update(Msg::Frame { elapsed_us: 16_667 });
        let caption = caption(&player);
        if !caption.is_empty() && said.last() != Some(&caption) {
            said.push(caption);
        }
    }
    assert!(player.ended() && !player.playing() && player.mode() == Mode::Story);
    assert_eq!(player.t(), player.end());
    assert_eq!(said, ["n3 answered with old data.", "It said ok. It was lost."]);
    let words: usize = said.iter().map(|line| line.split(' ').count()).sum();
    assert!(words <= 25);
}
