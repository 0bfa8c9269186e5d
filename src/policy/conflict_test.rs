//! The laws of conflict rules, tried on every small case: what a rule claims must hold, and what it
//! does not claim must be seen to break.

use std::rc::Rc;

use crate::base::{KeyId, NodeId, OpId};
use crate::data::ot::{deleting, inserting};
use crate::data::{Cell, Change, Gtid, GtidSet, LogEntry, Row, Value};

use super::{Conflict, Laws};

/// An entry that had seen these.
fn entry(origin: u16, seq: u32, clock: i64, change: Change, seen: &[Gtid]) -> Rc<LogEntry> {
    let gtid = Gtid { origin: NodeId(origin), seq };
    let seen: GtidSet = seen.iter().copied().collect();
    Rc::new(LogEntry {
        gtid,
        epoch: 1,
        key: KeyId(0),
        change,
        op: OpId(u32::from(origin) * 10 + seq),
        written_at: 0,
        clock,
        seen: Some(Rc::new(seen)),
        bytes: 1,
    })
}

/// What all had seen.
const BASE: Gtid = Gtid { origin: NodeId(9), seq: 1 };

fn base(rule: Conflict) -> Rc<LogEntry> {
    let value = if rule == Conflict::Ot { "ab".into() } else { Value::Number(4) };
    entry(9, 1, 0, Change::Put(value), &[])
}

/// What may come from one server, concurrent with what comes from another.
fn changes(rule: Conflict, origin: u16) -> Vec<Rc<LogEntry>> {
    let put = |value: i64| Change::Put(Value::Number(value));
    let wholes = [put(1), put(2), Change::Put("c".into()), Change::Delete];
    let wholes = wholes.into_iter().filter(|change| rule.deletes() || *change != Change::Delete);
    let timed = wholes.flat_map(|change| [5, 6].map(|clock| (clock, change.clone())));
    let letter = ["X", "Y", "Z"][usize::from(origin)];
    let edits = (0..=2).map(|at| inserting(at, letter)).chain((0..2).map(|at| deleting(at, 1)));
    let edits = edits.filter(|_| rule == Conflict::Ot).map(|steps| (5, Change::Edit(steps.into())));
    timed.chain(edits).map(|(clock, change)| entry(origin, 1, clock, change, &[BASE])).collect()
}

/// What a row shows, and which changes stand in it, after these in this order.
fn after(rule: Conflict, order: &[&Rc<LogEntry>]) -> (Option<Cell>, Vec<Gtid>) {
    let mut row = Row::default();
    rule.resolve(&mut row, &base(rule), 0);
    for (lsn, entry) in (1..).zip(order) {
        rule.resolve(&mut row, entry, lsn);
    }
    let mut heads: Vec<Gtid> = row.heads().iter().map(|head| head.gtid).collect();
    heads.sort_unstable();
    (row.cell(), heads)
}

/// Which laws hold for every choice of changes.
fn found(rule: Conflict) -> Laws {
    let [one, two, three] = [0, 1, 2].map(|origin| changes(rule, origin));
    let mut laws = Laws { commutative: true, associative: true, idempotent: true };
    for a in &one {
        laws.idempotent &= after(rule, &[a]) == after(rule, &[a, a]);
        for b in &two {
            laws.commutative &= after(rule, &[a, b]) == after(rule, &[b, a]);
            for c in &three {
                let first = after(rule, &[a, b, c]);
                let orders = [[a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]];
                laws.associative &= orders.iter().all(|order| after(rule, order) == first);
            }
        }
    }
    laws
}

#[test]
fn each_rule_keeps_every_law_it_claims() {
    for rule in Conflict::ALL {
        let (claimed, found) = (rule.laws(), found(rule));
        let pairs = [
            (claimed.commutative, found.commutative, "commutative"),
            (claimed.associative, found.associative, "associative"),
            (claimed.idempotent, found.idempotent, "idempotent"),
        ];
        for (_, holds, law) in pairs.iter().filter(|(claims, _, _)| *claims) {
            assert!(holds, "{} is not {law}", rule.name());
        }
    }
}

#[test]
fn each_rule_is_seen_to_break_every_law_it_does_not_claim() {
    for rule in Conflict::ALL {
        assert_eq!(found(rule), rule.laws(), "{}", rule.name());
    }
    // By name, so that nobody makes them agree by claiming less.
    assert!(!Conflict::MergeSum.laws().idempotent && Conflict::MergeMax.laws().idempotent);
    assert!(!Conflict::None.laws().commutative && !Conflict::Ot.laws().associative);
}

#[test]
fn a_write_that_had_seen_its_siblings_takes_their_place_in_any_order() {
    let rule = Conflict::VersionVector;
    let put = |value: i64| Change::Put(Value::Number(value));
    let (a, b) = (entry(0, 1, 5, put(1), &[]), entry(1, 1, 5, put(2), &[]));
    let both = entry(2, 1, 1, put(3), &[a.gtid, b.gtid]);
    let orders = [[&a, &b, &both], [&both, &a, &b], [&a, &both, &b], [&b, &both, &a]];
    for order in orders {
        let mut row = Row::default();
        (0..).zip(order).for_each(|(lsn, entry)| {
            rule.resolve(&mut row, entry, lsn);
        });
        // Its clock is the earliest: what it had seen counts, not the time.
        assert_eq!(row.cell(), Some(Cell::One(Value::Number(3))));
        assert!(row.beside.is_none(), "nothing is left of the others");
    }
    let mut row = Row::default();
    [&a, &b].into_iter().for_each(|entry| {
        rule.resolve(&mut row, entry, 0);
    });
    assert_eq!(row.cell(), Some(Cell::Several(vec![Value::Number(1), Value::Number(2)])));
}

#[test]
fn of_equal_clocks_a_delete_stays_then_the_larger_value_then_the_higher_name() {
    let rule = Conflict::Lww;
    let put = |origin, value: i64| entry(origin, 1, 5, Change::Put(Value::Number(value)), &[]);
    let delete = entry(0, 1, 5, Change::Delete, &[]);
    let stays = |one: &Rc<LogEntry>, other: &Rc<LogEntry>| {
        let mut row = Row::default();
        rule.resolve(&mut row, one, 0);
        let met = rule.resolve(&mut row, other, 1);
        let shown = row.entry.map(|entry| entry.gtid.origin.0);
        assert!(met.overruled.is_some() && met.rivals.len() == 1);
        shown
    };
    let (low, high) = (put(1, 1), put(2, 2));
    for (one, other, expected) in
        [(&delete, &high, 0), (&low, &high, 2), (&put(1, 7), &put(2, 7), 2)]
    {
        assert_eq!([stays(one, other), stays(other, one)], [Some(expected); 2]);
    }
    let later = entry(1, 1, 6, Change::Put(Value::Number(0)), &[]);
    assert_eq!(stays(&delete, &later), Some(1), "a clock comes before all else");
}

/// Every order of these.
fn orders(entries: &[Rc<LogEntry>]) -> Vec<Vec<Rc<LogEntry>>> {
    let [first, rest @ ..] = entries else {
        return vec![Vec::new()];
    };
    let shorter = orders(rest).into_iter();
    let longer = shorter.flat_map(|order| {
        (0..=order.len()).map(move |at| {
            let mut longer = order.clone();
            longer.insert(at, Rc::clone(first));
            longer
        })
    });
    longer.collect()
}

#[test]
fn counters_and_sets_come_to_the_same_in_every_order_under_every_rule() {
    let member = |joins, value: &str| Change::Member { value: value.into(), joins };
    let first = entry(0, 1, 0, member(true, "a"), &[]);
    // It takes out the member it had seen; the other join is concurrent and stays.
    let taken = entry(1, 1, 0, member(false, "a"), &[first.gtid]);
    let again = entry(2, 1, 0, member(true, "a"), &[]);
    let other = entry(2, 2, 0, member(true, "b"), &[]);
    let gone = entry(1, 2, 0, member(false, "b"), &[other.gtid]);
    let set = [first, taken, again, other, gone];
    let adds: [(u16, u32, i64); 5] = [(0, 1, 5), (0, 2, -2), (1, 1, 7), (2, 1, -1), (1, 2, 4)];
    let counter = adds.map(|(origin, seq, by)| entry(origin, seq, 0, Change::Add(by), &[]));
    for rule in Conflict::ALL {
        for (entries, expected) in
            [(&set, Cell::Several(vec!["a".into()])), (&counter, Cell::One(Value::Number(13)))]
        {
            for order in orders(entries) {
                let mut row = Row::default();
                (0..).zip(&order).for_each(|(lsn, entry)| {
                    rule.resolve(&mut row, entry, lsn);
                });
                assert_eq!(row.cell().as_ref(), Some(&expected), "{}", rule.name());
            }
        }
    }
}

#[test]
fn two_sites_end_with_one_text_however_their_edits_cross() {
    // Each site edits what it has: a1 a2 at one, b1 b2 at the other, b2 after a1 had come.
    let (a1, b1) = (Gtid { origin: NodeId(0), seq: 1 }, Gtid { origin: NodeId(1), seq: 1 });
    let edit = |origin, seq, steps: Vec<_>, seen: &[Gtid]| {
        entry(origin, seq, 0, Change::Edit(steps.into()), seen)
    };
    for (p, q) in (0..=2).flat_map(|p| (0..=2).map(move |q| (p, q))) {
        let a = [edit(0, 1, inserting(p, "XX"), &[BASE]), edit(0, 2, deleting(q, 2), &[BASE, a1])];
        let b = [
            edit(1, 1, inserting(q, "YY"), &[BASE]),
            edit(1, 2, deleting(p + 1, 2), &[BASE, a1, b1]),
        ];
        let one = after(Conflict::Ot, &[&a[0], &a[1], &b[0], &b[1]]).0;
        let other = after(Conflict::Ot, &[&b[0], &a[0], &b[1], &a[1]]).0;
        assert_eq!(one, other, "{p} {q}");
    }
}
