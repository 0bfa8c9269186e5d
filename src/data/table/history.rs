//! A server's table in the order in which things took effect there, whatever the order in which
//! they became visible.
//!
//! A server's own statement takes effect when it is carried out and is hidden until its acks have
//! come; what workers finish out of order takes effect in the order of the log. What is late is put
//! in its place and what came after is done again: that is what locks come to, without their waits.

use std::rc::Rc;

use super::{Table, Unfit};
use crate::base::Lsn;
use crate::data::sql::Site;
use crate::data::{Change, Gtid, LogEntry};

/// An entry that took effect, and that something may yet have to be put before.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Step {
    lsn: Lsn,
    entry: Rc<LogEntry>,
    /// The server's clock at that time.
    clock: i64,
    /// Whether the server carried it out for a client.
    own: bool,
    /// Whether reads do not see it yet.
    hidden: bool,
    /// The table with it, and with all that is hidden.
    all: Table,
    /// The table as reads see it.
    seen: Table,
    /// Why it does not fit and is skipped; None if it does.
    unfit: Option<Unfit>,
}

/// The table, and what it takes to put an entry in its place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct History {
    settled: Table,
    steps: Vec<Step>,
}

impl History {
    /// One that begins with this table.
    pub fn new(table: Table) -> History {
        History { settled: table, steps: Vec::new() }
    }

    /// The table as reads see it.
    pub fn table(&self) -> &Table {
        self.steps.last().map_or(&self.settled, |step| &step.seen)
    }

    /// The table as the server's next statement finds it, with what reads do not see yet.
    pub fn draft(&self) -> &Table {
        self.steps.last().map_or(&self.settled, |step| &step.all)
    }

    /// Whether nothing is kept to put something before it.
    pub fn is_settled(&self) -> bool {
        self.steps.is_empty()
    }

    /// The server has carried out this entry for a client; reads do not see it yet.
    pub fn hide(&mut self, entry: &Rc<LogEntry>, lsn: Lsn, site: &Site) {
        self.push(entry, lsn, site, (true, true));
    }

    /// Reads see it from now on.
    pub fn show(&mut self, lsn: Lsn, site: &Site) {
        let hides = |step: &Step| step.own && step.lsn == lsn;
        if let Some(at) = self.steps.iter().position(hides) {
            self.steps[at].hidden = false;
            let from_here = self.steps.split_off(at);
            self.again(from_here, site);
        }
    }

    /// Applies an entry of another server, at its position in this one's log.
    pub fn apply(&mut self, entry: &Rc<LogEntry>, lsn: Lsn, site: &Site) {
        let later = |step: &Step| !step.own && step.lsn > lsn;
        let at = self.steps.iter().position(later).unwrap_or(self.steps.len());
        let later = self.steps.split_off(at);
        self.push(entry, lsn, site, (false, false));
        self.again(later, site);
    }

    fn again(&mut self, steps: Vec<Step>, site: &Site) {
        for step in steps {
            let then = Site { clock: step.clock, ..*site };
            self.push(&step.entry, step.lsn, &then, (step.own, step.hidden));
        }
    }

    fn push(&mut self, entry: &Rc<LogEntry>, lsn: Lsn, site: &Site, (own, hidden): (bool, bool)) {
        let (mut all, mut seen) = (self.draft().clone(), self.table().clone());
        let unfit = carry_out(&mut all, entry, site).err();
        if !self.steps.iter().any(|step| step.hidden) && !hidden {
            seen = all.clone();
        } else if !hidden {
            // What does not fit only because something is hidden will fit when that is shown.
            let _ = carry_out(&mut seen, entry, site);
        }
        let (entry, clock) = (Rc::clone(entry), site.clock);
        self.steps.push(Step { lsn, entry, clock, own, hidden, all, seen, unfit });
    }

    /// Every entry of others below `through` has been applied: what is known of it is final. Which
    /// entries did not fit and were skipped.
    pub fn settle(&mut self, through: Lsn) -> Vec<(Gtid, Unfit)> {
        let is_final = |step: &Step| if step.own { !step.hidden } else { step.lsn < through };
        let done = self.steps.iter().take_while(|step| is_final(step)).count();
        let mut skipped = Vec::new();
        for step in self.steps.drain(..done) {
            skipped.extend(step.unfit.map(|unfit| (step.entry.gtid, unfit)));
            self.settled = step.all;
        }
        skipped
    }
}

fn carry_out(table: &mut Table, entry: &LogEntry, site: &Site) -> Result<(), Unfit> {
    match &entry.change {
        Change::Rows(rows) => table.apply(rows),
        Change::Statement(logged) => {
            let rows = logged.carry_out(table, entry.gtid, site)?;
            table.apply(&rows)
        }
        Change::Put(_)
        | Change::Delete
        | Change::Insert(_)
        | Change::Add(_)
        | Change::Member { .. }
        | Change::Edit(_) => Ok(()),
    }
}
