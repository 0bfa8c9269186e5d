//! A command with its time, as `{ time = "1s", crash = "n1" }`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::base::Span;

use super::command::Command;

/// A command and when it is carried out.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Stamped {
    /// When.
    pub time: Span,
    /// What.
    #[serde(flatten)]
    pub command: Command,
}

impl<'de> Deserialize<'de> for Stamped {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Stamped, D::Error> {
        from.deserialize_map(StampedVisitor)
    }
}

struct StampedVisitor;

impl<'de> de::Visitor<'de> for StampedVisitor {
    type Value = Stamped;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time and one command, such as { time = \"1s\", crash = \"n1\" }")
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Stamped, A::Error> {
        let (mut time, mut command) = (None, None);
        while let Some(key) = map.next_key::<String>()? {
            if key == "time" {
                time = Some(map.next_value()?);
            } else if command.is_some() {
                return Err(de::Error::custom(format!(
                    "one command each: `{key}` is a second one"
                )));
            } else {
                command = Some(Command::deserialize(Tagged { tag: key, map: &mut map })?);
            }
        }
        let time = time.ok_or_else(|| de::Error::missing_field("time"))?;
        let command =
            command.ok_or_else(|| de::Error::custom("a command is missing beside the time"))?;
        Ok(Stamped { time, command })
    }
}

/// Presents one key of a map and its value as an enum's variant and content, so that the list of
/// commands stands in one place only, and errors keep their line.
struct Tagged<'a, A> {
    tag: String,
    map: &'a mut A,
}

impl<'de, A: de::MapAccess<'de>> Deserializer<'de> for Tagged<'_, A> {
    type Error = A::Error;

    fn deserialize_any<V: de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_enum(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, A: de::MapAccess<'de>> de::EnumAccess<'de> for Tagged<'_, A> {
    type Error = A::Error;
    type Variant = Self;

    fn variant_seed<V: de::DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Self), A::Error> {
        let tag: de::value::StrDeserializer<'_, A::Error> =
            de::IntoDeserializer::into_deserializer(self.tag.as_str());
        let variant = seed.deserialize(tag)?;
        Ok((variant, self))
    }
}

impl<'de, A: de::MapAccess<'de>> de::VariantAccess<'de> for Tagged<'_, A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.map.next_value::<de::IgnoredAny>().map(|_| ())
    }

    fn newtype_variant_seed<T: de::DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<T::Value, A::Error> {
        self.map.next_value_seed(seed)
    }

    fn tuple_variant<V: de::Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, A::Error> {
        Err(de::Error::custom("a command is a table or a name"))
    }

    fn struct_variant<V: de::Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, A::Error> {
        Err(de::Error::custom("a command is a table or a name"))
    }
}
