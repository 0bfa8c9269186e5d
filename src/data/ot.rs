//! Operational transformation of text, one character at a time: what a change means in a text that
//! concurrent changes have altered meanwhile.
//!
//! The four transformations are those of SEMANTICS A8.9. They keep TP1: two concurrent changes give
//! the same text in either order. No transformation of plain positions and characters keeps TP2 as
//! well (Randolph et al., arXiv 1302.3292): three concurrent changes that meet in different orders
//! may end differently, so texts are safe only behind one server that orders all changes.

use std::fmt;

use super::{Gtid, GtidSet};

/// One character's change. Positions count characters, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// A character appears before the one at this position.
    Insert(u32, char),
    /// The character at this position goes.
    Delete(u32),
    /// Nothing: another has deleted the character already.
    Nothing,
}

impl Step {
    /// What it means after `other`, which had not seen it. Where both insert at one position, the
    /// lower name comes first.
    pub fn after(self, name: Gtid, other: Step, others_name: Gtid) -> Step {
        match (self, other) {
            (Step::Nothing, _) | (_, Step::Nothing) => self,
            (Step::Insert(p, c), Step::Insert(q, _)) => {
                let stays = p < q || p == q && name < others_name;
                Step::Insert(if stays { p } else { p + 1 }, c)
            }
            (Step::Insert(p, c), Step::Delete(q)) => {
                Step::Insert(if p <= q { p } else { p - 1 }, c)
            }
            (Step::Delete(p), Step::Insert(q, _)) => Step::Delete(if p < q { p } else { p + 1 }),
            (Step::Delete(p), Step::Delete(q)) => match p.cmp(&q) {
                std::cmp::Ordering::Less => self,
                std::cmp::Ordering::Equal => Step::Nothing,
                std::cmp::Ordering::Greater => Step::Delete(p - 1),
            },
        }
    }

    /// Changes a text. What lies beyond its end is inserted there, or is not deleted.
    pub fn apply(self, text: &mut Vec<char>) {
        match self {
            Step::Insert(at, c) => text.insert((at as usize).min(text.len()), c),
            Step::Delete(at) if (at as usize) < text.len() => {
                text.remove(at as usize);
            }
            Step::Delete(_) | Step::Nothing => {}
        }
    }

    /// The same within a text of this many characters; and how many it has afterwards.
    fn within(self, len: &mut u32) -> Step {
        match self {
            Step::Insert(at, c) => {
                let at = at.min(*len);
                *len += 1;
                Step::Insert(at, c)
            }
            Step::Delete(at) if at < *len => {
                *len -= 1;
                self
            }
            Step::Delete(_) | Step::Nothing => Step::Nothing,
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Insert(at, c) => write!(f, "+{at}{c}"),
            Step::Delete(at) => write!(f, "-{at}"),
            Step::Nothing => f.write_str("0"),
        }
    }
}

/// Steps that insert a text at a position.
pub fn inserting(at: u32, text: &str) -> Vec<Step> {
    text.chars().zip(at..).map(|(c, at)| Step::Insert(at, c)).collect()
}

/// Steps that delete so many characters from a position on.
pub fn deleting(at: u32, count: u32) -> Vec<Step> {
    vec![Step::Delete(at); count as usize]
}

/// The steps within a text of this many characters; those beyond its end are gone.
pub fn clamped(steps: &[Step], mut len: u32) -> Vec<Step> {
    let within = steps.iter().map(|step| step.within(&mut len));
    within.filter(|step| *step != Step::Nothing).collect()
}

/// What one row of steps means after another that had not seen it.
fn past(own: &[Step], name: Gtid, others: &[Step], others_name: Gtid) -> Vec<Step> {
    let mut others = others.to_vec();
    let mut moved = Vec::with_capacity(own.len());
    for step in own {
        let mut step = *step;
        for other in &mut others {
            let before = step;
            step = step.after(name, *other, others_name);
            *other = other.after(others_name, before, name);
        }
        moved.push(step);
    }
    moved
}

/// An edit of a text's history at one server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Edit {
    /// Its position in this server's log.
    pub lsn: u32,
    /// Its name.
    pub name: Gtid,
    /// What its author's server had when it was written; None: everything before it in the log.
    pub seen: Option<std::rc::Rc<GtidSet>>,
    /// Its steps as they were written.
    pub written: std::rc::Rc<[Step]>,
    /// Its steps as they are here, after all that stand before it.
    pub done: std::rc::Rc<[Step]>,
}

/// Which edits of a history a text has had.
type Had = Vec<bool>;

/// What edits mean in contexts where they are not done, found before.
#[derive(Default)]
struct Known(Vec<(usize, Had, Vec<Step>)>);

/// What an edit that had seen `seen` of a history means after all of it.
///
/// The history is walked in this server's order, and each edit that was not seen is first brought
/// to the same context, since steps compare only where they start from one text.
pub fn brought(
    history: &[Edit],
    steps: &[Step],
    name: Gtid,
    seen: impl Fn(&Edit) -> bool,
) -> Vec<Step> {
    let had: Had = history.iter().map(seen).collect();
    let whole = vec![true; history.len()];
    moved(history, steps, name, had, &whole, &mut Known::default())
}

fn moved(
    history: &[Edit],
    steps: &[Step],
    name: Gtid,
    mut had: Had,
    wanted: &[bool],
    known: &mut Known,
) -> Vec<Step> {
    let mut steps = steps.to_vec();
    for at in 0..history.len() {
        if wanted[at] && !had[at] {
            let other = in_context(history, at, &had, known);
            steps = past(&steps, name, &other, history[at].name);
            had[at] = true;
        }
    }
    steps
}

/// What the edit at a place in the history means in a text that has had these and not itself.
fn in_context(history: &[Edit], at: usize, had: &Had, known: &mut Known) -> Vec<Step> {
    let edit = &history[at];
    if had.iter().enumerate().all(|(other, had)| *had == (other < at)) {
        return edit.done.to_vec();
    }
    if let Some((_, _, steps)) =
        known.0.iter().find(|(other, context, _)| *other == at && context == had)
    {
        return steps.clone();
    }
    let seen = |other: usize| match &edit.seen {
        Some(seen) => seen.contains(history[other].name),
        None => other < at,
    };
    let start: Had = had.iter().enumerate().map(|(other, had)| *had && seen(other)).collect();
    let steps = moved(history, &edit.written, edit.name, start, had, known);
    known.0.push((at, had.clone(), steps.clone()));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::NodeId;

    fn name(site: u16) -> Gtid {
        Gtid { origin: NodeId(site), seq: 1 }
    }

    fn steps(len: u32, c: char) -> impl Iterator<Item = Step> {
        (0..=len).map(move |at| Step::Insert(at, c)).chain((0..len).map(Step::Delete))
    }

    fn text(len: u32) -> Vec<char> {
        "abcde".chars().take(len as usize).collect()
    }

    fn run(len: u32, steps: &[Step]) -> String {
        let mut text = text(len);
        steps.iter().for_each(|step| step.apply(&mut text));
        text.into_iter().collect()
    }

    #[test]
    fn two_concurrent_changes_give_the_same_text_in_either_order() {
        let mut pairs = 0;
        for len in 0..=5 {
            for a in steps(len, 'X') {
                for b in steps(len, 'Y') {
                    let one = run(len, &[a, b.after(name(1), a, name(0))]);
                    let other = run(len, &[b, a.after(name(0), b, name(1))]);
                    assert_eq!(one, other, "{a} and {b} of {len}");
                    pairs += 1;
                }
            }
        }
        assert_eq!(pairs, 286, "the pairs that SEMANTICS A8.9 counts");
    }

    /// The texts that three concurrent changes end in, the third after the first two in one order
    /// and in the other.
    fn ends(len: u32, changes: [Step; 3], sites: [u16; 3]) -> [String; 2] {
        let ([a, b, c], [na, nb, nc]) = (changes, sites.map(name));
        let (a_after, b_after) = (a.after(na, b, nb), b.after(nb, a, na));
        let one = c.after(nc, a, na).after(nc, b_after, nb);
        let other = c.after(nc, b, nb).after(nc, a_after, na);
        [run(len, &[a, b_after, one]), run(len, &[b, a_after, other])]
    }

    #[test]
    fn three_concurrent_changes_may_end_differently_as_often_as_semantics_counts() {
        let smallest = [Step::Insert(1, 'X'), Step::Delete(0), Step::Insert(0, 'Z')];
        assert_eq!(ends(1, smallest, [0, 1, 2]), ["ZX", "XZ"]);
        let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        let (mut triples, mut diverge) = (0, 0);
        for (len, sites) in (0..=4).flat_map(|len| orders.map(|sites| (len, sites))) {
            for a in steps(len, 'X') {
                for b in steps(len, 'Y') {
                    for c in steps(len, 'Z') {
                        let [one, other] = ends(len, [a, b, c], sites);
                        triples += 1;
                        diverge += u32::from(one != other);
                        // Without a text there is nothing to delete, and names order all inserts.
                        assert!(one == other || len > 0);
                    }
                }
            }
        }
        assert_eq!((triples, diverge), (7_350, 120), "as SEMANTICS A8.9 counts them");
    }

    #[test]
    fn a_word_typed_at_the_place_of_another_stays_whole() {
        let (own, others) = (inserting(0, "AB"), inserting(0, "XY"));
        let mut one = Vec::new();
        let first = past(&own, name(0), &others, name(1));
        others.iter().chain(&first).for_each(|step| step.apply(&mut one));
        let mut other = Vec::new();
        let second = past(&others, name(1), &own, name(0));
        own.iter().chain(&second).for_each(|step| step.apply(&mut other));
        assert_eq!(one, other);
        assert_eq!(one.into_iter().collect::<String>(), "ABXY");
    }

    #[test]
    fn what_lies_beyond_the_end_is_inserted_there_or_not_deleted() {
        assert_eq!(clamped(&inserting(9, "xy"), 1), inserting(1, "xy"));
        assert_eq!(clamped(&deleting(1, 3), 2), deleting(1, 1));
    }
}
