//! What becomes of changes of one key that had not seen one another: which value a server's row
//! shows once both are there. One pure decision, made wherever an entry meets a row.
//!
//! Counters, sets and texts are not decided here: their changes say what to do to whatever is
//! there, and all of them are kept (`data::Row::amend`).

use std::rc::Rc;

use crate::base::{Lsn, OpId};
use crate::data::{Beside, Gtid, LogEntry, Row, Value};
use crate::form::{Form, FromForm, Misfit, ToForm, named};

/// A rule for concurrent changes of one key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename_all = "kebab-case"))]
pub enum Conflict {
    /// None: what a server applies last is what it shows, as in MySQL.
    #[default]
    None,
    /// The change with the latest clock stays, as in Cassandra.
    Lww,
    /// All stay side by side until a client that has seen them writes, as in Riak.
    VersionVector,
    /// Edits of a text are transformed past one another; else as `Lww`.
    Ot,
    /// The largest value stays.
    MergeMax,
    /// The smallest value stays.
    MergeMin,
    /// Values are added up.
    MergeSum,
    /// One server judges all writes: of two concurrent ones the later is refused, as in MySQL's
    /// group replication.
    Reject,
}

/// What a rule promises about concurrent changes, whatever they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Laws {
    /// Two give the same row in either order.
    pub commutative: bool,
    /// Three do so in every order, however they are grouped.
    pub associative: bool,
    /// The same change twice is as once.
    pub idempotent: bool,
}

/// What a change met in its row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Met {
    /// Changes there that had not seen it, nor it them.
    pub rivals: Vec<Gtid>,
    /// A change that the rule drops for another: whose it is, its name, and the other's.
    pub overruled: Option<(OpId, Gtid, Gtid)>,
}

impl Conflict {
    /// Every rule, in the order of the picker.
    pub const ALL: [Conflict; 8] = [
        Conflict::None,
        Conflict::Lww,
        Conflict::VersionVector,
        Conflict::Ot,
        Conflict::MergeMax,
        Conflict::MergeMin,
        Conflict::MergeSum,
        Conflict::Reject,
    ];

    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            Conflict::None => "none",
            Conflict::Lww => "lww",
            Conflict::VersionVector => "version-vector",
            Conflict::Ot => "ot",
            Conflict::MergeMax => "merge-max",
            Conflict::MergeMin => "merge-min",
            Conflict::MergeSum => "merge-sum",
            Conflict::Reject => "reject",
        }
    }

    /// What it does, in one sentence.
    pub fn summary(self) -> &'static str {
        match self {
            Conflict::None => "Each server shows what it applied last: two may end swapped.",
            Conflict::Lww => "The latest clock wins; the other write is lost, though acknowledged.",
            Conflict::VersionVector => {
                "Concurrent writes stand side by side until one has seen them."
            }
            Conflict::Ot => "Edits of a text are transformed past those they had not seen.",
            Conflict::MergeMax => "The largest value ever written stays.",
            Conflict::MergeMin => "The smallest value ever written stays.",
            Conflict::MergeSum => "Values are added up, and again if a change comes again.",
            Conflict::Reject => "One server judges: of two concurrent writes one is refused.",
        }
    }

    /// Which laws it claims. `None` and `Reject` leave the last one standing; transformed edits are
    /// safe in twos and not in threes; a sum counts a repetition.
    pub fn laws(self) -> Laws {
        let (commutative, associative, idempotent) = match self {
            Conflict::None | Conflict::Reject => (false, false, true),
            Conflict::Ot => (true, false, true),
            Conflict::MergeSum => (true, true, false),
            Conflict::Lww | Conflict::VersionVector | Conflict::MergeMax | Conflict::MergeMin => {
                (true, true, true)
            }
        };
        Laws { commutative, associative, idempotent }
    }

    /// Whether a row shows the log's last change of it.
    pub fn shows_last(self) -> bool {
        match self {
            Conflict::None | Conflict::Reject => true,
            Conflict::Lww
            | Conflict::VersionVector
            | Conflict::Ot
            | Conflict::MergeMax
            | Conflict::MergeMin
            | Conflict::MergeSum => false,
        }
    }

    /// Whether a key can lose its value under it: what is merged only grows.
    pub fn deletes(self) -> bool {
        match self {
            Conflict::None
            | Conflict::Lww
            | Conflict::VersionVector
            | Conflict::Ot
            | Conflict::Reject => true,
            Conflict::MergeMax | Conflict::MergeMin | Conflict::MergeSum => false,
        }
    }

    /// Lets an entry at this position of the log change its key's row.
    pub fn resolve(self, row: &mut Row, entry: &Rc<LogEntry>, lsn: Lsn) -> Met {
        row.version += 1;
        if !entry.change.is_whole() {
            row.amend(entry, lsn);
            return Met::default();
        }
        // The usual case: one primary, no rule, a plain row.
        if self.shows_last() && entry.seen.is_none() && row.beside.is_none() {
            row.show_latest(entry, lsn);
            return Met::default();
        }
        self.decide(row, entry, lsn)
    }

    fn decide(self, row: &mut Row, entry: &Rc<LogEntry>, lsn: Lsn) -> Met {
        let mut met = Met::default();
        let before = row.whole().cloned();
        let mut heads = row.heads().to_vec();
        let late = heads.iter().any(|head| head.seen.is_some() && self.knows(head, entry));
        heads.retain(|head| {
            let superseded = self.knows(entry, head) || head.gtid == entry.gtid;
            let supersedes = head.seen.is_some() && self.knows(head, entry);
            if !superseded && !supersedes {
                met.rivals.push(head.gtid);
            }
            !superseded
        });
        if !late {
            heads.push(Rc::clone(entry));
        }
        let stays = before.as_ref().filter(|before| match self {
            Conflict::None | Conflict::Reject | Conflict::MergeSum => {
                row.lsn > lsn && before.gtid != entry.gtid
            }
            Conflict::VersionVector => false,
            Conflict::Lww | Conflict::Ot | Conflict::MergeMax | Conflict::MergeMin => {
                self.beats(before, entry)
            }
        });
        let whole = if self == Conflict::VersionVector {
            let mut heads = heads.iter();
            let first = heads.next().unwrap_or(entry);
            heads.fold(first, |best, head| if self.beats(head, best) { head } else { best })
        } else {
            stays.unwrap_or(entry)
        };
        let whole = Rc::clone(whole);
        if matches!(self, Conflict::Lww | Conflict::Ot)
            && let Some(before) = &before
        {
            let concurrent = met.rivals.contains(&before.gtid);
            let (loser, winner) =
                if whole.gtid == entry.gtid { (before, entry) } else { (entry, before) };
            if concurrent || loser.gtid == entry.gtid && loser.gtid != winner.gtid && !late {
                met.overruled = Some((loser.op, loser.gtid, winner.gtid));
            }
        }
        let total = (self == Conflict::MergeSum).then(|| sum(row, before.as_deref(), entry));
        if heads.len() == 1 && heads[0].gtid == whole.gtid {
            heads.clear();
        }
        let amended = row.beside.as_deref().is_some_and(Beside::amends);
        if amended {
            row.show_latest(entry, lsn);
        } else {
            row.entry = Some(Rc::clone(&whole));
        }
        row.lsn = row.lsn.max(lsn);
        if row.beside.is_some() || !heads.is_empty() || total.is_some() {
            let beside = row.beside_mut();
            beside.whole = amended.then_some(whole);
            beside.open = self == Conflict::VersionVector && !heads.is_empty();
            beside.heads = heads;
            beside.total = total.flatten();
            row.refresh();
            row.tidy();
        }
        met
    }

    /// Whether the writer of an entry had seen another. Without a context it had seen all that
    /// stands before it in the log. A server has seen its own earlier writes; under version vectors
    /// it is the client that counts.
    fn knows(self, entry: &LogEntry, other: &LogEntry) -> bool {
        let Some(seen) = &entry.seen else {
            return true;
        };
        let (own, others) = (entry.gtid, other.gtid);
        let earlier = own.origin == others.origin && others.seq < own.seq;
        seen.contains(others) || earlier && self != Conflict::VersionVector
    }

    /// Whether `one` stays and `other` goes. Under `Lww` it is Cassandra's order: the later clock,
    /// then a delete, then the larger value, and at last the higher name, so that no two are equal.
    fn beats(self, one: &LogEntry, other: &LogEntry) -> bool {
        let values = (one.change.value(), other.change.value());
        match self {
            Conflict::MergeMax => (values.0, one.gtid) > (values.1, other.gtid),
            Conflict::MergeMin => match values {
                (None, None) => one.gtid < other.gtid,
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (Some(_), Some(_)) => (values.0, one.gtid) < (values.1, other.gtid),
            },
            Conflict::None
            | Conflict::Lww
            | Conflict::VersionVector
            | Conflict::Ot
            | Conflict::MergeSum
            | Conflict::Reject => {
                let rank = |entry: &LogEntry, value| (entry.clock, value, entry.gtid);
                // Of a delete and a value the delete is ahead.
                let deleted = (values.0.is_none(), values.1.is_none());
                match (one.clock.cmp(&other.clock), deleted) {
                    (std::cmp::Ordering::Equal, (true, false)) => true,
                    (std::cmp::Ordering::Equal, (false, true)) => false,
                    _ => rank(one, values.0) > rank(other, values.1),
                }
            }
        }
    }
}

/// What a row's value and an entry's come to together. Numbers are added; of anything else the
/// larger stays, since texts that are joined again and again would soon fill the memory.
fn sum(row: &Row, before: Option<&LogEntry>, entry: &LogEntry) -> Option<Value> {
    let total = row.beside.as_deref().and_then(|beside| beside.total.as_ref());
    let before = total.or(before.and_then(|before| before.change.value()));
    match (before, entry.change.value()) {
        (Some(Value::Number(one)), Some(Value::Number(other))) => {
            Some(Value::Number(one.saturating_add(*other)))
        }
        (one, other) => one.max(other).cloned(),
    }
}

impl ToForm for Conflict {
    fn to_form(&self) -> Form {
        Form::from(self.name())
    }
}

impl FromForm for Conflict {
    fn from_form(form: &Form) -> Result<Conflict, Misfit> {
        named(form, &Conflict::ALL, Conflict::name)
    }
}
