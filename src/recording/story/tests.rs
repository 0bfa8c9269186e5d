//! Every record of every built-in scenario can be told.

use std::collections::BTreeSet;

use super::*;
use crate::form::{ToForm, read_json};
use crate::recording::BUILTINS;

fn recordings() -> impl Iterator<Item = Recording> {
    BUILTINS.iter().map(|builtin| {
        let mut recording = Recording::new(builtin.scenario().expect("a good file"));
        recording.extend(recording.scenario().until.0, 20_000);
        recording
    })
}

#[test]
fn each_record_makes_one_whole_sentence() {
    for recording in recordings() {
        let narrator = Narrator::of(&recording);
        for (_, record) in recording.trace().since(0) {
            let sentence = narrator.sentence(&record);
            assert!(sentence.ends_with('.') && !sentence.ends_with(".."), "{sentence}");
            assert!(!sentence.contains(['\n', '{']) && !sentence.contains("  "), "{sentence}");
        }
    }
}

#[test]
fn the_fields_of_a_line_are_told_apart() {
    let mut events = BTreeSet::new();
    for recording in recordings() {
        let narrator = Narrator::of(&recording);
        for (step, record) in recording.trace().since(0) {
            let line = narrator.line(step, &record);
            let text = line.to_form().to_string();
            let read = read_json(&text).expect("no name is used twice");
            let own = 4 + line.fields.len();
            let arrival = if line.arrival.is_some() { 2 } else { 0 };
            let cause = usize::from(line.cause.is_some());
            let fields = read.entries().len();
            assert_eq!(fields, own + arrival + cause, "a name is used twice: {text}");
            events.insert(line.event);
        }
    }
    assert!(events.len() > 25, "the scenarios show many kinds of events: {events:?}");
}

#[test]
fn a_story_reads_as_people_would_tell_it() {
    let builtin = crate::recording::Builtin::find("async-loses-a-write").expect("it exists");
    let mut recording = Recording::new(builtin.scenario().expect("a good file"));
    recording.finish();
    let narrator = Narrator::of(&recording);
    let story: Vec<String> = recording
        .trace()
        .between(1_000_000, 2_000_001)
        .map(|(_, record)| narrator.sentence(&record))
        .collect();
    let expected = [
        "alice is to write email = \"new@example.com\".",
        "alice writes email = \"new@example.com\" at n1.",
        "n1 has alice's email = \"new@example.com\" on disk as n1:2, at position 1 of its log.",
        "n1 commits n1:2 at once: its ack rule is met.",
        "alice is told ok: email = \"new@example.com\" is acknowledged.",
        "n1 is made to crash.",
        "n1 crashes: its memory is gone, its disk stays.",
        "n2 is made primary.",
        "n2 becomes primary of epoch 2.",
    ];
    assert_eq!(story[..expected.len()], expected);
    let lost = "alice's email = \"new@example.com\" (n1:2) was acknowledged, and is lost.";
    assert!(story.contains(&lost.to_string()), "{story:?}");
}
