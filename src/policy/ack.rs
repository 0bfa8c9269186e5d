//! The ack rule, on three axes as in PostgreSQL and MySQL: how many replicas, at which point, and
//! what happens when they do not answer in time. Names such as "semi-sync" are presets of it.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::base::Span;

/// How many replicas must acknowledge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Count {
    /// None: the primary's own disk is enough.
    None,
    /// This many, whichever answer first.
    Of(u16),
    /// With the primary itself, strictly more than half of the configured servers.
    Majority,
    /// Every configured replica; one that is down blocks.
    All,
}

/// How far an entry must have come at a replica before that replica acknowledges it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Point {
    /// In memory: survives the primary's crash, not the replica's.
    Received,
    /// On disk.
    #[default]
    Flushed,
    /// Readable there.
    Applied,
}

impl Point {
    /// Every point, in the order an entry passes them.
    pub const ALL: [Point; 3] = [Point::Received, Point::Flushed, Point::Applied];

    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            Point::Received => "received",
            Point::Flushed => "flushed",
            Point::Applied => "applied",
        }
    }
}

/// What a primary does with a write whose acks do not come in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum OnTimeout {
    /// Goes on waiting, as PostgreSQL does.
    #[default]
    Wait,
    /// Acknowledges and stops waiting until replicas have caught up, as MySQL's semi-sync does.
    Async,
}

/// The rule a cluster follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ack {
    /// How many.
    pub count: Count,
    /// At which point.
    pub point: Point,
    /// For how long to wait; None for ever.
    pub timeout: Option<Span>,
    /// And then.
    pub on_timeout: OnTimeout,
}

/// The rules that have names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Preset {
    /// No replica is waited for.
    Async,
    /// One replica must have received it; after 10 s without, none is waited for.
    SemiSync,
    /// A majority of servers has it on disk.
    Quorum,
    /// Every replica has it on disk.
    Sync,
}

impl Preset {
    /// Every preset, from fastest to safest.
    pub const ALL: [Preset; 4] = [Preset::Async, Preset::SemiSync, Preset::Quorum, Preset::Sync];

    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            Preset::Async => "async",
            Preset::SemiSync => "semi-sync",
            Preset::Quorum => "quorum",
            Preset::Sync => "sync",
        }
    }

    /// What it means, in one sentence.
    pub fn summary(self) -> &'static str {
        match self {
            Preset::Async => {
                "The client hears ok as soon as the primary has the write. Replicas follow later."
            }
            Preset::SemiSync => {
                "One replica must have received the write; after 10 s, nobody is waited for."
            }
            Preset::Quorum => {
                "More than half of the servers, the primary included, must have the write on disk."
            }
            Preset::Sync => "Every replica must have the write on disk; one that is down blocks.",
        }
    }

    /// The rule it stands for.
    pub fn ack(self) -> Ack {
        let flushed = |count| Ack {
            count,
            point: Point::Flushed,
            timeout: None,
            on_timeout: OnTimeout::Wait,
        };
        match self {
            Preset::Async => flushed(Count::None),
            // MySQL's rpl_semi_sync_source_timeout is 10 s by default; received is its only point.
            Preset::SemiSync => Ack {
                count: Count::Of(1),
                point: Point::Received,
                timeout: Some(Span::s(10)),
                on_timeout: OnTimeout::Async,
            },
            Preset::Quorum => flushed(Count::Majority),
            Preset::Sync => flushed(Count::All),
        }
    }
}

impl Ack {
    /// The preset this equals; None for a rule of its own.
    pub fn preset(&self) -> Option<Preset> {
        Preset::ALL.into_iter().find(|preset| preset.ack() == *self)
    }

    /// How many replicas must acknowledge in a cluster of `members` servers.
    pub fn needed(&self, members: u16) -> u16 {
        match self.count {
            Count::None => 0,
            Count::Of(count) => count,
            Count::Majority => members / 2,
            Count::All => members.saturating_sub(1),
        }
    }

    /// Whether replicas are asked to acknowledge, and at which point.
    pub fn wanted(&self) -> Option<Point> {
        (self.count != Count::None).then_some(self.point)
    }
}

impl Default for Ack {
    fn default() -> Ack {
        Preset::Async.ack()
    }
}

impl Serialize for Count {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Count::None => to.serialize_str("none"),
            Count::Of(count) => to.serialize_u16(*count),
            Count::Majority => to.serialize_str("majority"),
            Count::All => to.serialize_str("all"),
        }
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Count, D::Error> {
        from.deserialize_any(CountVisitor)
    }
}

struct CountVisitor;

impl de::Visitor<'_> for CountVisitor {
    type Value = Count;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a number of replicas, \"all\", \"majority\" or \"none\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Count, E> {
        match text {
            "none" => Ok(Count::None),
            "majority" => Ok(Count::Majority),
            "all" => Ok(Count::All),
            _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
        }
    }

    fn visit_i64<E: de::Error>(self, count: i64) -> Result<Count, E> {
        match u64::try_from(count) {
            Ok(count) => self.visit_u64(count),
            Err(_) => Err(E::invalid_value(de::Unexpected::Signed(count), &self)),
        }
    }

    fn visit_u64<E: de::Error>(self, count: u64) -> Result<Count, E> {
        match u16::try_from(count) {
            Ok(0) => Ok(Count::None),
            Ok(count) => Ok(Count::Of(count)),
            Err(_) => Err(E::invalid_value(de::Unexpected::Unsigned(count), &self)),
        }
    }

    fn visit_f64<E: de::Error>(self, count: f64) -> Result<Count, E> {
        // JavaScript has one kind of number.
        let whole = count as u16;
        if f64::from(whole) == count {
            self.visit_u64(whole.into())
        } else {
            Err(E::invalid_type(de::Unexpected::Float(count), &self))
        }
    }
}

/// The file form of a rule without a name.
#[derive(Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct AckTable {
    count: Count,
    #[serde(default)]
    point: Point,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    timeout: Option<Span>,
    #[serde(default)]
    on_timeout: OnTimeout,
}

impl Serialize for Ack {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.preset() {
            Some(preset) => to.serialize_str(preset.name()),
            None => {
                let Ack { count, point, timeout, on_timeout } = *self;
                AckTable { count, point, timeout, on_timeout }.serialize(to)
            }
        }
    }
}

impl<'de> Deserialize<'de> for Ack {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Ack, D::Error> {
        from.deserialize_any(AckVisitor)
    }
}

struct AckVisitor;

impl<'de> de::Visitor<'de> for AckVisitor {
    type Value = Ack;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let presets = Preset::ALL.map(|preset| format!("\"{}\"", preset.name())).join(", ");
        write!(f, "{presets} or {{ count, point, timeout, on_timeout }}")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Ack, E> {
        let named = Preset::ALL.into_iter().find(|preset| preset.name() == text);
        named.map(Preset::ack).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Ack, A::Error> {
        let table = AckTable::deserialize(de::value::MapAccessDeserializer::new(map))?;
        let AckTable { count, point, timeout, on_timeout } = table;
        Ok(Ack { count, point, timeout, on_timeout })
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod schema {
    use super::{Ack, AckTable, Count};
    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    impl JsonSchema for Count {
        fn schema_name() -> Cow<'static, str> {
            "Count".into()
        }
        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({ "anyOf": [
                { "type": "integer", "minimum": 0, "maximum": 65535 },
                { "enum": ["none", "majority", "all"] },
            ] })
        }
    }

    impl JsonSchema for Ack {
        fn schema_name() -> Cow<'static, str> {
            "Ack".into()
        }
        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            let table = generator.subschema_for::<AckTable>();
            json_schema!({ "anyOf": [{ "enum": ["async", "semi-sync", "quorum", "sync"] }, table] })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_majority_is_strictly_more_than_half_and_counts_the_primary() {
        let replicas = |members| Preset::Quorum.ack().needed(members);
        assert_eq!([1, 2, 3, 4, 5].map(replicas), [0, 1, 1, 2, 2]);
    }
}
