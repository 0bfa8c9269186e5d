//! What of a run somebody is interested in: by place, key, operation and kind. The log shows what
//! passes, one can jump between what passes, and play stops where something first does.

use crate::base::{OpId, Place, SimTime};
use crate::data::Gtid;
use crate::node::{Fact, Subject, Told};
use crate::recording::Recording;
use crate::sim::{Record, behind};
use crate::words::log as say;

use super::travel::Goal;
use super::words::notable;
use super::{Mode, Player};

/// The kinds of things that happen, as a person tells them apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Happening {
    /// Anything worth telling.
    #[default]
    Any,
    /// An old value was read.
    Stale,
    /// Changes met that had not seen one another, or servers came to differ.
    Diverged,
    /// An acknowledged write is gone.
    Lost,
    /// Somebody became primary.
    Promoted,
    /// A write was sent, or written.
    Write,
    /// A read was sent, or served.
    Read,
    /// A client was told something.
    Told,
    /// A server received or applied an entry.
    Applied,
    /// Somebody was refused, or gave up.
    Refused,
    /// A message died.
    Died,
    /// A server went down or came back, or something was done by hand.
    Fault,
}

impl Happening {
    /// Every one, in the order of the list.
    pub const ALL: [Happening; 12] = [
        Happening::Any,
        Happening::Stale,
        Happening::Diverged,
        Happening::Lost,
        Happening::Promoted,
        Happening::Write,
        Happening::Read,
        Happening::Told,
        Happening::Applied,
        Happening::Refused,
        Happening::Died,
        Happening::Fault,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Happening::Any => say::EVERYTHING,
            Happening::Stale => say::STALE_READS,
            Happening::Diverged => say::DIVERGENCE,
            Happening::Lost => say::LOST_WRITES,
            Happening::Promoted => say::PROMOTIONS,
            Happening::Write => say::WRITES,
            Happening::Read => say::READS,
            Happening::Told => say::ANSWERS,
            Happening::Applied => say::APPLIES,
            Happening::Refused => say::REFUSALS,
            Happening::Died => say::LOST_MESSAGES,
            Happening::Fault => say::FAULTS_AND_REPAIRS,
        }
    }
}

/// What passes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sieve {
    /// Only here.
    pub place: Option<Place>,
    /// Only what concerns this key; every key if it is empty.
    pub key: String,
    /// Only what concerns this operation.
    pub op: Option<OpId>,
    /// Only this kind.
    pub kind: Happening,
    /// Whether play stops at what passes.
    pub stops: bool,
    /// Play stops when a server is further behind than this, in microseconds.
    pub lag_us: Option<SimTime>,
}

/// A sieve made ready for one run.
pub struct Strainer<'a> {
    sieve: &'a Sieve,
    recording: &'a Recording,
    /// Entries of the key or the operation asked for, in order; None if neither is.
    gtids: Option<Vec<Gtid>>,
}

impl Sieve {
    /// Whether everything passes.
    pub fn is_open(&self) -> bool {
        let Sieve { place, key, op, kind, .. } = self;
        place.is_none() && key.is_empty() && op.is_none() && *kind == Happening::Any
    }

    /// Ready for a run as far as it is known.
    pub fn strainer<'a>(&'a self, recording: &'a Recording) -> Strainer<'a> {
        let mut strainer = Strainer { sieve: self, recording, gtids: None };
        if self.op.is_some() || !self.key.is_empty() {
            let ops = recording.head().ledger.ops.iter().enumerate();
            let own = ops.filter(|(at, op)| op.is_write() && strainer.wants(OpId(*at as u32)));
            let mut gtids: Vec<Gtid> = own.filter_map(|(_, op)| op.gtid).collect();
            crate::base::sort(&mut gtids, |a, b| a < b);
            strainer.gtids = Some(gtids);
        }
        strainer
    }
}

impl Strainer<'_> {
    /// Whether an operation is asked for.
    fn wants(&self, id: OpId) -> bool {
        let head = self.recording.head();
        let of_key =
            || head.ledger.op(id).is_some_and(|op| head.names.text(op.key()) == self.sieve.key);
        self.sieve.op.is_none_or(|op| op == id) && (self.sieve.key.is_empty() || of_key())
    }

    /// Whether a record passes.
    pub fn passes(&self, record: &Record) -> bool {
        let Sieve { place, kind, .. } = self.sieve;
        let here = place.is_none_or(|place| record.place == place || record.from == place);
        if !here || !self.is_of(*kind, record.fact) {
            return false;
        }
        let Some(gtids) = &self.gtids else { return true };
        match record.fact.subject() {
            Some(Subject::Op(op)) => self.wants(op),
            Some(Subject::Entry(gtid)) => gtids.binary_search(&gtid).is_ok(),
            None => false,
        }
    }

    fn is_of(&self, kind: Happening, fact: Fact) -> bool {
        let ledger = &self.recording.head().ledger;
        let writes = |op| ledger.op(op).is_some_and(|op| op.is_write());
        match kind {
            Happening::Any => notable(fact),
            Happening::Stale => match fact {
                Fact::Told { op, told: Told::Value } => {
                    ledger.op(op).is_some_and(|op| op.staleness.versions > 0)
                }
                _ => false,
            },
            Happening::Diverged => matches!(
                fact,
                Fact::Conflict { .. }
                    | Fact::Overruled { .. }
                    | Fact::ApplierStopped { .. }
                    | Fact::Unfit { .. }
                    | Fact::Discarded { .. }
            ),
            Happening::Lost => matches!(fact, Fact::LostWrite { .. }),
            Happening::Promoted => matches!(fact, Fact::Promoted(_)),
            Happening::Write => match fact {
                Fact::Sent { op, .. } => writes(op),
                Fact::Written { .. } | Fact::Committed { .. } => true,
                _ => false,
            },
            Happening::Read => match fact {
                Fact::Sent { op, .. } => !writes(op),
                Fact::Served { .. } | Fact::ReadWaits { .. } | Fact::SnapshotWaits { .. } => true,
                _ => false,
            },
            Happening::Told => matches!(fact, Fact::Told { .. }),
            Happening::Applied => matches!(fact, Fact::Received { .. } | Fact::Applied { .. }),
            Happening::Refused => matches!(
                fact,
                Fact::Refused { .. }
                    | Fact::CommandRefused(_)
                    | Fact::Told { told: Told::Refused(_) | Told::TimedOut, .. }
            ),
            Happening::Died => matches!(fact, Fact::Lost { .. }),
            Happening::Fault => matches!(
                fact,
                Fact::Command(_)
                    | Fact::Crashed
                    | Fact::Restarted
                    | Fact::Paused
                    | Fact::Unpaused
                    | Fact::Left
                    | Fact::Joined
            ),
        }
    }
}

impl Player {
    /// What somebody is interested in.
    pub fn sieve(&self) -> &Sieve {
        &self.sieve
    }

    /// The first instant up to and including `until` at which something passes, from this record
    /// on.
    pub(super) fn next_passing(&self, from: u32, until: SimTime) -> Option<SimTime> {
        let strainer = self.sieve.strainer(self.recording());
        let records = self.recording().trace().since(from);
        let mut records = records.take_while(|(_, record)| record.at <= until);
        records.find(|(_, record)| strainer.passes(record)).map(|(_, record)| record.at)
    }

    /// The first instant since `before` at which play is to stop for it; None if there is none.
    pub(super) fn stop_asked(&mut self, before: SimTime) -> Option<SimTime> {
        let t = self.t;
        let from = self.recording().trace().first_at(before + 1);
        let passing = self.sieve.stops.then(|| self.next_passing(from, t)).flatten();
        let late = self.sieve.lag_us.and_then(|most| {
            let moment = self.moment();
            let behind = |node| behind(&moment, node, t).staleness_us;
            let worst = moment.nodes.iter().filter(|node| node.is_member()).map(behind).max()?;
            // It grew with time alone, so it passed the mark so long ago; if that was before this
            // frame, it has been told.
            let passed = t.checked_sub(worst.checked_sub(most + 1)?)?;
            Some(passed).filter(|passed| *passed > before)
        });
        passing.into_iter().chain(late).min()
    }

    /// To the next or the last instant at which something passes.
    pub(super) fn seek_passing(&mut self, forward: bool) {
        let t = self.t;
        let trace = self.recording().trace();
        if forward {
            let from = trace.first_at(t + 1);
            return self.set_out(self.horizon(), Goal::Passing(from));
        }
        let strainer = self.sieve.strainer(self.recording());
        let mut before = (0..trace.first_at(t)).rev().filter_map(|number| trace.get(number));
        let found = before.find(|record| strainer.passes(record)).map(|record| record.at);
        if let Some(at) = found {
            self.playing = false;
            self.seek(at);
        }
    }

    /// How far ahead one looks for what is to come.
    pub(super) fn horizon(&self) -> SimTime {
        match self.mode {
            Mode::Story => self.end(),
            Mode::Sandbox => self.t + super::travel::SURPRISE_HORIZON_US,
        }
    }
}
