//! Where a client's reads go, and what the answering server must have.

use crate::form::{Form, FromForm, Misfit, ToForm, named};

/// A client's rule for choosing the server it reads from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename_all = "kebab-case"))]
pub enum ReadPolicy {
    /// The primary: fresh while there is one and it is the only one.
    Primary,
    /// Any replica that is up.
    Replica,
    /// Any server that is up.
    #[default]
    Any,
    /// Every server that is up, in turn.
    RoundRobin,
    /// The server that is up and closest by the links' usual delays.
    Nearest,
    /// A server that has the client's own writes; if there is none, any, where the read waits.
    ReadYourWrites,
    /// The same with what the client has read.
    Monotonic,
    /// The same with both.
    Causal,
    /// Any server, where the read waits for what the client has written and read.
    WaitForReplication,
    /// Any server, at one snapshot: its newest at the client's first read, until the client writes.
    Snapshot,
}

/// What of its session a client's reads carry: the server that answers must have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// The client's own acknowledged writes.
    pub written: bool,
    /// What it has read.
    pub read: bool,
}

impl ReadPolicy {
    /// Every rule.
    pub const ALL: [ReadPolicy; 10] = [
        ReadPolicy::Primary,
        ReadPolicy::Replica,
        ReadPolicy::Any,
        ReadPolicy::RoundRobin,
        ReadPolicy::Nearest,
        ReadPolicy::ReadYourWrites,
        ReadPolicy::Monotonic,
        ReadPolicy::Causal,
        ReadPolicy::WaitForReplication,
        ReadPolicy::Snapshot,
    ];

    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            ReadPolicy::Primary => "primary",
            ReadPolicy::Replica => "replica",
            ReadPolicy::Any => "any",
            ReadPolicy::RoundRobin => "round-robin",
            ReadPolicy::Nearest => "nearest",
            ReadPolicy::ReadYourWrites => "read-your-writes",
            ReadPolicy::Monotonic => "monotonic",
            ReadPolicy::Causal => "causal",
            ReadPolicy::WaitForReplication => "wait-for-replication",
            ReadPolicy::Snapshot => "snapshot",
        }
    }

    /// What it means, in one sentence.
    pub fn summary(self) -> &'static str {
        match self {
            ReadPolicy::Primary => "Reads go to the primary.",
            ReadPolicy::Replica => "Each read goes to a replica, chosen by luck.",
            ReadPolicy::Any => "Each read goes to any server, chosen by luck.",
            ReadPolicy::RoundRobin => "Reads go to every server in turn.",
            ReadPolicy::Nearest => "Reads go to the closest server.",
            ReadPolicy::ReadYourWrites => "Reads go where the client's own writes are.",
            ReadPolicy::Monotonic => "Reads go where everything is that the client has seen.",
            ReadPolicy::Causal => "Reads go where all is that the client wrote or saw.",
            ReadPolicy::WaitForReplication => "Reads go anywhere, and wait there for what is new.",
            ReadPolicy::Snapshot => {
                "Reads go anywhere and see one moment: consistent, not current."
            }
        }
    }

    /// Whether a server may answer, given whether it is a primary.
    pub fn allows(self, is_primary: bool) -> bool {
        match self {
            ReadPolicy::Primary => is_primary,
            ReadPolicy::Replica => !is_primary,
            ReadPolicy::Any
            | ReadPolicy::RoundRobin
            | ReadPolicy::Nearest
            | ReadPolicy::ReadYourWrites
            | ReadPolicy::Monotonic
            | ReadPolicy::Causal
            | ReadPolicy::WaitForReplication
            | ReadPolicy::Snapshot => true,
        }
    }

    /// What the answering server must have; None if it may have anything.
    pub fn token(self) -> Option<Token> {
        match self {
            ReadPolicy::Primary
            | ReadPolicy::Replica
            | ReadPolicy::Any
            | ReadPolicy::RoundRobin
            | ReadPolicy::Nearest
            | ReadPolicy::Snapshot => None,
            ReadPolicy::ReadYourWrites => Some(Token { written: true, read: false }),
            ReadPolicy::Monotonic => Some(Token { written: false, read: true }),
            ReadPolicy::Causal | ReadPolicy::WaitForReplication => {
                Some(Token { written: true, read: true })
            }
        }
    }
}

impl ToForm for ReadPolicy {
    fn to_form(&self) -> Form {
        Form::from(self.name())
    }
}

impl FromForm for ReadPolicy {
    fn from_form(form: &Form) -> Result<ReadPolicy, Misfit> {
        named(form, &ReadPolicy::ALL, ReadPolicy::name)
    }
}
