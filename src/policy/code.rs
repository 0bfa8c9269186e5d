//! The chapter's own code as modes of the engine, so that what it does wrong can be watched beside
//! the rule that does it right. Nothing here is advice.

use crate::form::{Form, FromForm, Misfit, ToForm, named};

/// Which of the chapter's classes the servers follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename_all = "kebab-case"))]
pub enum Code {
    /// `SimpleMaster`: a write calls every replica in turn and then says yes, whoever answered.
    SimpleMaster,
    /// `ProductionMaster` with ASYNC: a thread for each event and replica, in no order.
    ProductionAsync,
    /// `ProductionMaster` with SEMI_SYNC: calls every replica in turn, yes if one answered.
    ProductionSemiSync,
    /// `ProductionMaster` with SYNC: calls every replica in turn, no at the first that fails.
    ProductionSync,
}

impl Code {
    /// Every one.
    pub const ALL: [Code; 4] =
        [Code::SimpleMaster, Code::ProductionAsync, Code::ProductionSemiSync, Code::ProductionSync];

    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            Code::SimpleMaster => "simple-master",
            Code::ProductionAsync => "production-async",
            Code::ProductionSemiSync => "production-semi-sync",
            Code::ProductionSync => "production-sync",
        }
    }

    /// How long one call of a replica sleeps in that code, in microseconds: 0.1 s and 0.01 s.
    pub fn sleep_us(self) -> u64 {
        match self {
            Code::SimpleMaster => 100_000,
            Code::ProductionAsync | Code::ProductionSemiSync | Code::ProductionSync => 10_000,
        }
    }

    /// What a write's caller is told in the end, given how many replicas answered and whether one
    /// did not.
    pub fn says_yes(self, answered: u16, failed: bool) -> bool {
        match self {
            Code::SimpleMaster | Code::ProductionAsync => true,
            Code::ProductionSemiSync => answered >= 1,
            Code::ProductionSync => !failed,
        }
    }
}

impl ToForm for Code {
    fn to_form(&self) -> Form {
        Form::from(self.name())
    }
}

impl FromForm for Code {
    fn from_form(form: &Form) -> Result<Code, Misfit> {
        named(form, &Code::ALL, Code::name)
    }
}
