//! Where changes meet: what a write may do to its key, what it had seen, and what becomes of it in
//! a row that others have changed. The decision itself is `policy::Conflict`'s.

use std::rc::Rc;

use crate::base::{KeyId, Lsn, OpId};
use crate::data::{Change, Gtid, GtidSet, LogEntry, Row, Sort, ot};
use crate::policy::{Conflict, Met};

use super::fact::Fact;
use super::reason::Reason;
use super::state::{Cx, Node, Unflushed};

impl Node {
    /// Lets an entry change its row; says what it met there.
    pub(super) fn resolve(&mut self, cx: &Cx, entry: &Rc<LogEntry>, lsn: Lsn) -> Met {
        self.disk.store.keep_version(entry);
        let row = self.disk.store.row_mut(entry.key);
        row.map(|row| cx.rules.conflict.resolve(row, entry, lsn)).unwrap_or_default()
    }

    /// Tells what an entry met.
    pub(super) fn tell_met(cx: &mut Cx, op: OpId, gtid: Gtid, met: Met) {
        for with in met.rivals {
            cx.tell(Fact::Conflict { op, gtid, with });
        }
        if let Some((op, gtid, by)) = met.overruled {
            cx.tell(Fact::Overruled { op, gtid, by });
        }
    }

    /// Why a key cannot be changed so here; None if it can. A key is of one sort: a value, a
    /// counter, a set or a text.
    pub(super) fn objection(&self, cx: &Cx, key: KeyId, change: &Change) -> Option<Reason> {
        let row = self.disk.store.row(key);
        let sort = row.map_or(Sort::Nothing, Row::sort);
        let text = |row: &Row| matches!(row.value(), Some(crate::data::Value::Text(_)));
        let is_text = row.is_some_and(text);
        let fits = match (change, sort) {
            (_, Sort::Nothing) | (Change::Statement(_) | Change::Rows(_), _) => true,
            (Change::Insert(_), _) => return Some(Reason::DuplicateKey),
            (Change::Delete, Sort::Whole) => cx.rules.conflict.deletes(),
            (Change::Put(_), Sort::Whole) => true,
            (Change::Add(_), Sort::Whole) => !is_text,
            (Change::Edit(_), Sort::Whole) => is_text,
            (Change::Add(_), Sort::Counter) => true,
            (Change::Edit(_), Sort::Text) => true,
            (Change::Member { .. }, sort) => sort == Sort::Set,
            (Change::Put(_) | Change::Delete, Sort::Counter | Sort::Set | Sort::Text)
            | (Change::Add(_), Sort::Set | Sort::Text)
            | (Change::Edit(_), Sort::Counter | Sort::Set) => false,
        };
        if !fits {
            return Some(Reason::OtherSort);
        }
        let taken = matches!(change, Change::Insert(_)) && self.pending(key);
        taken.then_some(Reason::DuplicateKey)
    }

    /// Whether a write of this server will give the key a value that it does not show yet: as a row
    /// lock does, it keeps others from inserting.
    fn pending(&self, key: KeyId) -> bool {
        let unflushed = self.memory.unflushed.iter().any(|unflushed| match unflushed {
            Unflushed::Own { key: other, change, .. } => *other == key && *change != Change::Delete,
            Unflushed::Foreign { .. } => false,
        });
        unflushed || self.waiting_on(key).any(|(_, entry)| entry.change != Change::Delete)
    }

    /// Own entries of a key that wait for acks, oldest first.
    pub(super) fn waiting_on(&self, key: KeyId) -> impl Iterator<Item = (Lsn, &Rc<LogEntry>)> {
        let slots = self.memory.waiting.iter();
        let slots = slots.filter_map(|write| Some((write.lsn, self.disk.log.get(write.lsn)?)));
        slots.map(|(lsn, slot)| (lsn, &slot.entry)).filter(move |(_, entry)| entry.key == key)
    }

    /// What a new write does and what it had seen, now that it gets its name. What its client had
    /// seen counts under version vectors, and says which text an edit was made in.
    pub(super) fn in_context(
        &self,
        cx: &Cx,
        gtid: Gtid,
        key: KeyId,
        change: Change,
        client_saw: Option<Rc<GtidSet>>,
    ) -> (Change, Option<Rc<GtidSet>>) {
        let rule = cx.rules.conflict;
        match change {
            Change::Member { value, joins: false } => {
                let row = self.disk.store.row(key).and_then(|row| row.beside.as_deref());
                let dots: GtidSet = row.into_iter().flat_map(|set| set.dots(&value)).collect();
                (Change::Member { value, joins: false }, Some(Rc::new(dots)))
            }
            Change::Edit(steps) => {
                let mut row = self.disk.store.row(key).cloned().unwrap_or_default();
                for (lsn, entry) in self.waiting_on(key) {
                    rule.resolve(&mut row, entry, lsn);
                }
                let steps = match client_saw {
                    Some(saw) => {
                        let had = |edit: &ot::Edit| saw.contains(edit.name);
                        ot::brought(row.edits(), &steps, gtid, had)
                    }
                    None => steps.to_vec(),
                };
                let steps = ot::clamped(&steps, row.chars());
                (Change::Edit(steps.into()), self.server_saw(cx, gtid))
            }
            change @ (Change::Put(_) | Change::Delete | Change::Insert(_)) => {
                let saw = if rule == Conflict::VersionVector {
                    Some(client_saw.unwrap_or_default())
                } else {
                    self.server_saw(cx, gtid)
                };
                (change, saw)
            }
            change @ (Change::Add(_)
            | Change::Member { .. }
            | Change::Statement(_)
            | Change::Rows(_)) => (change, None),
        }
    }

    /// What this server had when it wrote: what its rows contain, and its own writes before. None
    /// where no other server writes, since then the log's order says it.
    fn server_saw(&self, cx: &Cx, gtid: Gtid) -> Option<Rc<GtidSet>> {
        cx.rules.several_write.then(|| {
            let mut saw = self.disk.applied.clone();
            if gtid.seq > 1 {
                saw.insert_through(Gtid { seq: gtid.seq - 1, ..gtid });
            }
            Rc::new(saw)
        })
    }

    /// Whether an entry from another server is one that MySQL's applier stops at: an insert of a
    /// key that is here already.
    pub(super) fn stops_at(&self, cx: &Cx, entry: &LogEntry) -> Option<Gtid> {
        let naive = cx.rules.conflict.shows_last();
        if !matches!(entry.change, Change::Insert(_)) || !naive {
            return None;
        }
        let row = self.disk.store.row(entry.key).filter(|row| row.value().is_some());
        let there = row?.entry.as_ref()?.gtid;
        (there != entry.gtid).then_some(there)
    }
}
