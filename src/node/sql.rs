//! SQL at a server: carrying a statement out at its origin, deciding what the log carries of it,
//! and applying either to the table.
//!
//! Simplification: a statement takes no time at its origin. On a replica each row costs
//! `apply_row_delay`.

use std::rc::Rc;

use crate::base::{ClientId, Lsn, OpId, Purpose};
use crate::data::sql::{Column, Context, Logged, Safety, Site, Statement};
use crate::data::table::{Table, Unfit};
use crate::data::{Change, Gtid, LogEntry, Slot, Store};
use crate::policy::RowImage;

use super::fact::{Fact, LoggedAs};
use super::reason::Reason;
use super::state::{Cx, Node};

impl Node {
    fn site(&self, cx: &Cx) -> Site {
        let clock = (cx.now as i64).saturating_add(self.dials.clock_skew.0);
        Site { node: self.id, clock, luck: cx.luck }
    }

    /// Carries a client's statement out on the rows as this server's writes leave them, visible or
    /// not, and says what goes into the log.
    pub(super) fn execute(
        &mut self,
        cx: &mut Cx,
        op: OpId,
        gtid: Gtid,
        asked: &Rc<Logged>,
    ) -> Result<(Change, u32), Reason> {
        let site = self.site(cx);
        let before = self.disk.store.users.draft().clone();
        let client = ClientId(asked.context.connection);
        let logged = Rc::new(Logged {
            context: self.context(cx, gtid, asked, &before),
            ..Logged::clone(asked)
        });
        let mut after = before.clone();
        let outcome = logged.carry_out(&before, gtid, &site);
        let rows = outcome.and_then(|rows| after.apply(&rows).map(|()| rows)).map_err(refusal)?;
        if logged.context.insert_id > 0 {
            let ids = &mut self.memory.last_insert_ids;
            ids.resize(ids.len().max(client.index() + 1), 0);
            ids[client.index()] = logged.context.insert_id.into();
        }
        let count = if rows.whole.is_some() { before.len() as u32 } else { rows.count() };
        let is_safe = logged.statement.safety() == Safety::Captured;
        let (change, bytes, logged) = if cx.rules.log_format.as_rows(&logged.statement) {
            let full = cx.rules.row_image == RowImage::Full;
            let bytes = rows.bytes(&before, &after, full);
            (Change::Rows(Rc::new(rows)), bytes, LoggedAs::Rows)
        } else {
            let logged_as = if is_safe { LoggedAs::Statement } else { LoggedAs::UnsafeStatement };
            let bytes = logged.bytes();
            (Change::Statement(logged), bytes, logged_as)
        };
        cx.tell(Fact::Executed { op, rows: count, bytes, logged });
        Ok((change, bytes))
    }

    fn context(&self, cx: &Cx, gtid: Gtid, asked: &Logged, table: &Table) -> Context {
        let client = usize::from(asked.context.connection);
        let last = self.memory.last_insert_ids.get(client).copied();
        let rule = cx.rules.auto_increment;
        let gives = match &asked.statement {
            Statement::Insert { columns, .. } => !columns.contains(&Column::Id),
            Statement::Update { .. }
            | Statement::Delete(_)
            | Statement::Select(..)
            | Statement::Truncate
            | Statement::Drop => false,
        };
        Context {
            timestamp: self.site(cx).clock,
            seed: cx.luck.draw(Purpose::Rand, gtid.origin.0.into(), gtid.seq.into()),
            last_insert_id: last.unwrap_or(0),
            insert_id: if gives { rule.next(self.id, table.counter) } else { 0 },
            step: rule.step,
            ..asked.context.clone()
        }
    }

    /// What an entry's rows add to the time it takes to apply, in microseconds.
    pub(super) fn row_delay(&self, lsn: Lsn) -> u64 {
        let each = self.dials.apply_row_delay.0;
        let slot = if each == 0 { None } else { self.disk.log.get(lsn) };
        let rows = slot.map_or(0, |slot| match &slot.entry.change {
            Change::Put(_)
            | Change::Delete
            | Change::Insert(_)
            | Change::Add(_)
            | Change::Member { .. }
            | Change::Edit(_) => 0,
            Change::Statement(logged) => logged.examines(self.disk.store.users.table()),
            Change::Rows(rows) => rows.count().into(),
        });
        rows.saturating_mul(each)
    }

    /// An entry of this server takes effect in the table, which reads see only once its ack rule is
    /// met.
    pub(super) fn hide_sql(&mut self, cx: &Cx, entry: &Rc<LogEntry>, lsn: Lsn) {
        if entry.change.is_sql() {
            let site = self.site(cx);
            self.disk.store.users.hide(entry, lsn, &site);
        }
    }

    /// Reads see it from now on.
    pub(super) fn show_sql(&mut self, cx: &Cx, entry: &Rc<LogEntry>, lsn: Lsn) {
        if entry.change.is_sql() {
            let site = self.site(cx);
            self.disk.store.users.show(lsn, &site);
        }
    }

    /// Applies an entry of another server to the table.
    pub(super) fn apply_sql(&mut self, cx: &Cx, entry: &Rc<LogEntry>, lsn: Lsn) {
        if entry.change.is_sql() {
            let site = self.site(cx);
            self.disk.store.users.apply(entry, lsn, &site);
        }
    }

    /// An entry that is not visible here is so in a copy.
    pub(super) fn copy_sql(&self, cx: &Cx, store: &mut Store, slot: &Slot, lsn: Lsn) {
        if !slot.entry.change.is_sql() {
        } else if slot.source == self.id {
            store.users.show(lsn, &self.site(cx));
        } else {
            store.users.apply(&slot.entry, lsn, &self.site(cx));
        }
    }

    /// Forgets how the table came to be up to where everything is applied, and tells what of it did
    /// not fit.
    pub(super) fn settle_table(&mut self, cx: &mut Cx) {
        if self.disk.store.users.is_settled() {
            return;
        }
        for (gtid, unfit) in self.disk.store.users.settle(self.disk.applied_through) {
            cx.tell(Fact::Unfit { gtid, unfit });
        }
    }
}

fn refusal(unfit: Unfit) -> Reason {
    match unfit {
        Unfit::Duplicate(_) => Reason::DuplicateKey,
        Unfit::NoTable => Reason::NoTable,
        Unfit::OutOfRange => Reason::OutOfRange,
        Unfit::Missing(_) | Unfit::TooMany => Reason::LimitReached,
    }
}
