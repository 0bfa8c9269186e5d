//! What a person or a script can do to a run: every fault and every dial.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::base::{Delay, NodeId, Probability, SkewSpan, Span};
use crate::data::Value;
use crate::policy::Ack;

use super::bandwidth::Bandwidth;

/// One intervention. Names are resolved when it is carried out; what cannot be done is refused
/// with a reason and changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// A client writes.
    Write(WriteCommand),
    /// A client deletes a key.
    Delete(ReadCommand),
    /// A client reads.
    Read(ReadCommand),
    /// A server loses its memory and stops.
    Crash(NodeId),
    /// A server starts from its disk.
    Restart(NodeId),
    /// A server stands still.
    Pause(NodeId),
    /// A server goes on.
    Resume(NodeId),
    /// The network falls apart into groups; servers not named form one more. Replaces an earlier
    /// partition.
    Partition(PartitionCommand),
    /// Every cut and every partition ends.
    Heal(Yes),
    /// One link stops carrying.
    Cut(CutCommand),
    /// One link carries again.
    Mend(CutCommand),
    /// Dials change.
    Set(Box<DialsCommand>),
    /// A server becomes primary of a new epoch.
    Promote(NodeId),
    /// A primary becomes a replica.
    Demote(NodeId),
    /// A server's clock is set off.
    Clock(ClockCommand),
}

/// A write.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WriteCommand {
    /// Who.
    pub client: String,
    /// Which key.
    pub key: String,
    /// What it becomes.
    pub value: Value,
    /// Which server is asked; absent: the primary, or the client's home where several take writes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NodeId>,
}

/// A read, or a delete.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReadCommand {
    /// Who.
    pub client: String,
    /// Which key.
    pub key: String,
    /// Which server is asked; absent: as the client's read rule says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NodeId>,
}

/// Groups of servers that cannot reach one another.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PartitionCommand {
    /// The groups.
    pub groups: Vec<Vec<NodeId>>,
}

/// A link, one way or both.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CutCommand {
    /// One end.
    pub from: NodeId,
    /// The other end.
    pub to: NodeId,
    /// Whether both directions are meant.
    #[serde(default)]
    pub both: bool,
}

/// A clock's error.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ClockCommand {
    /// Whose clock.
    pub node: NodeId,
    /// How far it is ahead.
    pub skew: SkewSpan,
}

/// New positions of dials; what is absent stays. With `node`, a server's dials are meant; with
/// `from` and `to`, a link's; with neither, everybody's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct DialsCommand {
    /// Only this server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<NodeId>,
    /// Only this link: one end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NodeId>,
    /// Only this link: the other end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NodeId>,
    /// Both directions of the link.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub both: bool,
    /// When a write counts as replicated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ack: Option<Ack>,
    /// Whether a server drops an entry it already has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loop_filter: Option<bool>,
    /// Whether relays report the acks of the servers behind them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relay_acks: Option<bool>,
    /// How long a flushed entry waits at the sender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ship_delay: Option<Delay>,
    /// After how much silence a source speaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keepalive: Option<Span>,
    /// How many entries a log keeps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention: Option<u32>,
    /// Time to apply one entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apply_delay: Option<Delay>,
    /// Entries applied at a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apply_workers: Option<u16>,
    /// Time for one flush.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flush_delay: Option<Delay>,
    /// One-way time of a message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency: Option<Delay>,
    /// Share of messages that never arrive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss: Option<Probability>,
    /// Share of messages that arrive twice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicate: Option<Probability>,
    /// Share of messages that are held back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reorder: Option<Probability>,
    /// Capacity of a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bandwidth: Option<Bandwidth>,
}

/// A command without particulars, written `heal = true` or `heal = {}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Yes;

impl Serialize for Yes {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bool(true)
    }
}

impl<'de> Deserialize<'de> for Yes {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Yes, D::Error> {
        from.deserialize_any(YesVisitor)
    }
}

struct YesVisitor;

impl<'de> de::Visitor<'de> for YesVisitor {
    type Value = Yes;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("true or {}")
    }

    fn visit_bool<E: de::Error>(self, yes: bool) -> Result<Yes, E> {
        if yes { Ok(Yes) } else { Err(E::invalid_value(de::Unexpected::Bool(false), &self)) }
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Yes, A::Error> {
        match map.next_key::<String>()? {
            None => Ok(Yes),
            Some(key) => Err(de::Error::unknown_field(&key, &[])),
        }
    }

    fn visit_unit<E: de::Error>(self) -> Result<Yes, E> {
        Ok(Yes)
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl schemars::JsonSchema for Yes {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Yes".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "anyOf": [{ "const": true }, { "type": "object", "maxProperties": 0 }],
        })
    }
}

impl Command {
    /// Its name in scenario files.
    pub fn name(&self) -> &'static str {
        match self {
            Command::Write(_) => "write",
            Command::Delete(_) => "delete",
            Command::Read(_) => "read",
            Command::Crash(_) => "crash",
            Command::Restart(_) => "restart",
            Command::Pause(_) => "pause",
            Command::Resume(_) => "resume",
            Command::Partition(_) => "partition",
            Command::Heal(_) => "heal",
            Command::Cut(_) => "cut",
            Command::Mend(_) => "mend",
            Command::Set(_) => "set",
            Command::Promote(_) => "promote",
            Command::Demote(_) => "demote",
            Command::Clock(_) => "clock",
        }
    }

    /// Whether it breaks or repairs something, as against using or tuning it.
    pub fn is_fault(&self) -> bool {
        match self {
            Command::Write(_) | Command::Delete(_) | Command::Read(_) | Command::Set(_) => false,
            Command::Crash(_)
            | Command::Restart(_)
            | Command::Pause(_)
            | Command::Resume(_)
            | Command::Partition(_)
            | Command::Heal(_)
            | Command::Cut(_)
            | Command::Mend(_)
            | Command::Promote(_)
            | Command::Demote(_)
            | Command::Clock(_) => true,
        }
    }
}
