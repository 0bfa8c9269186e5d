//! When replicas give a primary up, who may follow it, and what it finds when it comes back.

use crate::base::Span;
use crate::form::{Field, Fields, Form, FromForm, Misfit, ToForm, may, named, when};

/// The rules of automatic failover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Failover {
    /// How often a primary tells every server that it is there.
    pub heartbeat: Span,
    /// After how much silence it is given up.
    pub timeout: Span,
    /// Whether it takes a majority to elect a primary, and to remain one that takes writes.
    pub quorum: bool,
    /// Whether a primary gives way when it hears of a newer epoch.
    pub fencing: bool,
    /// What becomes of entries that only a deposed primary has.
    pub rejoin: Rejoin,
    /// Who may be elected.
    pub candidate: Candidate,
    /// The chapter's FailoverManager instead, as written: its health check cannot fail, and a
    /// promotion copies data, fences nobody and re-points nobody. Only with `cluster.code`.
    pub as_written: bool,
}

impl Default for Failover {
    fn default() -> Failover {
        Failover {
            heartbeat: Span::ms(500),
            timeout: Span::s(2),
            quorum: true,
            fencing: true,
            rejoin: Rejoin::default(),
            candidate: Candidate::default(),
            as_written: false,
        }
    }
}

impl Fields for Failover {
    fn blank() -> Failover {
        Failover::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![
            may("heartbeat", &mut self.heartbeat),
            may("timeout", &mut self.timeout),
            may("quorum", &mut self.quorum),
            may("fencing", &mut self.fencing),
            may("rejoin", &mut self.rejoin),
            may("candidate", &mut self.candidate),
            when("as_written", &mut self.as_written),
        ]
    }
}

impl Failover {
    /// Whether these votes, its own included, make a primary: strictly more than half of the
    /// configured servers, or if no quorum is asked for, any number to which nobody objects.
    pub fn elects(&self, members: u16, granted: usize, declined: usize) -> bool {
        if self.quorum { granted > usize::from(members / 2) } else { declined == 0 }
    }
}

/// What becomes of entries that only a deposed primary has, once it follows its successor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename_all = "kebab-case"))]
pub enum Rejoin {
    /// They are undone; only rows that differ are copied, as pg_rewind does.
    #[default]
    Rewind,
    /// They stay: it differs from its successor, and nobody is told.
    Keep,
    /// They go with everything else: it starts over from a full copy.
    Discard,
}

impl Rejoin {
    /// Every rule.
    pub const ALL: [Rejoin; 3] = [Rejoin::Rewind, Rejoin::Keep, Rejoin::Discard];

    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            Rejoin::Rewind => "rewind",
            Rejoin::Keep => "keep",
            Rejoin::Discard => "discard",
        }
    }
}

impl ToForm for Rejoin {
    fn to_form(&self) -> Form {
        Form::from(self.name())
    }
}

impl FromForm for Rejoin {
    fn from_form(form: &Form) -> Result<Rejoin, Misfit> {
        named(form, &Rejoin::ALL, Rejoin::name)
    }
}

/// Who may be elected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename_all = "kebab-case"))]
pub enum Candidate {
    /// Who has received the most among those that answer.
    #[default]
    MostAdvanced,
    /// Whoever asks first: what the wrong promotion loses can be seen.
    Any,
}

impl Candidate {
    /// Every rule.
    pub const ALL: [Candidate; 2] = [Candidate::MostAdvanced, Candidate::Any];

    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            Candidate::MostAdvanced => "most-advanced",
            Candidate::Any => "any",
        }
    }
}

impl ToForm for Candidate {
    fn to_form(&self) -> Form {
        Form::from(self.name())
    }
}

impl FromForm for Candidate {
    fn from_form(form: &Form) -> Result<Candidate, Misfit> {
        named(form, &Candidate::ALL, Candidate::name)
    }
}
