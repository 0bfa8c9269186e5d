//! Classical histories, and the search over every order as the judge of the judge.

use super::linearizable::violations;
use crate::base::{ClientId, KeyId, Luck, NodeId, Purpose, SimTime, scaled};
use crate::data::{Change, Gtid, Value};
use crate::node::{Request, Told};
use crate::sim::{Ledger, Op, Outcome, Staleness};

#[derive(Clone, Copy, Debug)]
enum Did {
    /// Wrote version n.
    Wrote(u32),
    /// Read version n; 0 is the initial value.
    Read(u32),
}

use Did::{Read, Wrote};

/// What was done, from when, until when; None: nobody knows.
type Line = (Did, SimTime, Option<SimTime>);

fn gtid(version: u32) -> Option<Gtid> {
    (version > 0).then_some(Gtid { origin: NodeId(0), seq: version })
}

fn op(line: &Line) -> Op {
    let (did, sent_at, end) = *line;
    let (key, put) = (KeyId(0), Change::Put(Value::Number(7)));
    let (request, gtid, told) = match did {
        Wrote(version) => (
            Request::Write { key, change: put, bytes: 9, seen: None, local: false },
            gtid(version),
            Told::Ok,
        ),
        Read(version) => {
            (Request::Read { key, after: None, select: None }, gtid(version), Told::Value)
        }
    };
    Op {
        client: ClientId(0),
        request,
        target: None,
        pinned: false,
        sent_at,
        outcome: end.map_or(Outcome::Pending, |end| Outcome::Told(told, end)),
        gtid,
        found: None,
        stamp: None,
        seen: None,
        staleness: Staleness::default(),
        committed_at: None,
        lost: false,
        discarded: false,
        conflicted: false,
    }
}

fn holds(history: &[Line]) -> bool {
    let mut ledger = Ledger::default();
    history.iter().for_each(|line| ledger.ops.push(op(line)));
    violations(&ledger).is_empty()
}

#[test]
fn one_after_another_each_read_sees_the_latest_write() {
    assert!(holds(&[(Read(0), 0, Some(1)), (Wrote(1), 2, Some(3)), (Read(1), 4, Some(5))]));
    assert!(!holds(&[(Wrote(1), 2, Some(3)), (Read(0), 4, Some(5))]), "a stale read");
    let lost = [(Wrote(1), 0, Some(1)), (Wrote(2), 2, Some(3)), (Read(1), 4, Some(5))];
    assert!(!holds(&lost), "an acknowledged write that is gone");
}

#[test]
fn while_a_write_is_under_way_reads_may_see_old_or_new_but_not_new_and_then_old() {
    let write = (Wrote(1), 0, Some(100));
    assert!(holds(&[write, (Read(0), 10, Some(20)), (Read(1), 30, Some(40))]));
    assert!(holds(&[write, (Read(1), 10, Some(30)), (Read(0), 20, Some(40))]), "they overlap");
    // N=3, W=2, R=2, the write on one replica only: read{A,B}=new, then read{B,C}=old (A8.2).
    assert!(!holds(&[write, (Read(1), 10, Some(20)), (Read(0), 30, Some(40))]));
    // The same with a value in place of nothing.
    let before = (Wrote(1), 0, Some(1));
    let inversion =
        [before, (Wrote(2), 5, Some(100)), (Read(2), 10, Some(20)), (Read(1), 30, Some(40))];
    assert!(!holds(&inversion));
}

#[test]
fn a_write_nobody_knows_the_end_of_may_appear_late_or_never_but_not_vanish() {
    let unknown = (Wrote(2), 0, None);
    let known = (Wrote(1), 1, Some(2));
    assert!(holds(&[unknown, known, (Read(1), 10, Some(11))]), "never");
    assert!(holds(&[unknown, known, (Read(1), 10, Some(11)), (Read(2), 900, Some(901))]), "late");
    let back = [unknown, known, (Read(2), 10, Some(11)), (Read(1), 20, Some(21))];
    assert!(!holds(&back), "seen and gone again");
    assert!(!holds(&[(Read(2), 10, Some(11)), (Wrote(2), 20, None)]), "read before it was sent");
}

#[test]
fn an_operation_that_ends_as_another_begins_overlaps_it() {
    assert!(holds(&[(Wrote(1), 0, Some(10)), (Read(0), 10, Some(20))]));
    assert!(!holds(&[(Wrote(1), 0, Some(10)), (Read(0), 11, Some(20))]));
}

#[test]
fn reads_without_an_answer_and_refused_writes_bind_nobody() {
    let mut refused = op(&(Wrote(1), 0, Some(1)));
    refused.outcome = Outcome::Told(Told::TimedOut, 1);
    refused.gtid = None;
    let mut ledger = Ledger::default();
    for op in [refused, op(&(Read(0), 2, None)), op(&(Read(0), 5, Some(6)))] {
        ledger.ops.push(op);
    }
    assert_eq!(violations(&ledger), []);
}

/// Whether some order of what is left explains it: every order is tried.
fn explained(left: &[Line], version: u32) -> bool {
    if left.iter().all(|(did, _, end)| matches!(did, Wrote(_)) && end.is_none()) {
        return true;
    }
    let first_end = left.iter().filter_map(|(_, _, end)| *end).min();
    (0..left.len()).any(|next| {
        let (did, begin, _) = left[next];
        let may_come_first = first_end.is_none_or(|end| begin <= end);
        let after = match did {
            Wrote(written) => written,
            Read(read) if read == version => version,
            Read(_) => return false,
        };
        let rest: Vec<Line> =
            left.iter().enumerate().filter(|(at, _)| *at != next).map(|(_, line)| *line).collect();
        may_come_first && explained(&rest, after)
    })
}

#[test]
fn it_says_what_the_search_over_every_order_says() {
    let mut verdicts = [0, 0];
    for seed in 0..30_000 {
        let mut nth = 0;
        let mut roll = |below: u64| {
            nth += 1;
            scaled(Luck(seed).draw(Purpose::Generator, 9, nth), below)
        };
        let writes = 1 + roll(3) as u32;
        let mut history: Vec<Line> = Vec::new();
        for version in 1..=writes {
            let begin = roll(24);
            let end = (roll(5) > 0).then(|| begin + roll(12));
            history.push((Wrote(version), begin, end));
        }
        for _ in 0..1 + roll(4) {
            let (version, begin) = (roll(u64::from(writes) + 1) as u32, roll(24));
            let began = history.iter().any(|line| {
                matches!(line, (Wrote(v), from, _)
                if *v == version && *from <= begin)
            });
            let version = if began || roll(8) == 0 { version } else { 0 };
            history.push((Read(version), begin, Some(begin + roll(8))));
        }
        let expected = explained(&history, 0);
        assert_eq!(holds(&history), expected, "{history:?}");
        verdicts[usize::from(expected)] += 1;
    }
    assert!(verdicts.iter().all(|count| *count > 5_000), "one-sided: {verdicts:?}");
}
