//! The ack rule, on the axes of PostgreSQL and MySQL: how many replicas and which, at which point,
//! what happens when they do not answer in time, and who sees the row meanwhile. Names such as
//! "semi-sync" are presets of it.

use crate::base::Span;
use crate::form::{
    Field, Fields, Form, FromForm, Misfit, ToForm, may, misplaced, must, named, unsuitable,
};
use crate::words::policy as say;

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename_all = "kebab-case"))]
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

impl ToForm for Point {
    fn to_form(&self) -> Form {
        Form::from(self.name())
    }
}

impl FromForm for Point {
    fn from_form(form: &Form) -> Result<Point, Misfit> {
        named(form, &Point::ALL, Point::name)
    }
}

/// What a primary does with a write whose acks do not come in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename_all = "kebab-case"))]
pub enum OnTimeout {
    /// Goes on waiting, as PostgreSQL does.
    #[default]
    Wait,
    /// Acknowledges and stops waiting until replicas have caught up, as MySQL's semi-sync does.
    Async,
}

impl OnTimeout {
    /// Both.
    pub const ALL: [OnTimeout; 2] = [OnTimeout::Wait, OnTimeout::Async];

    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            OnTimeout::Wait => "wait",
            OnTimeout::Async => "async",
        }
    }
}

impl ToForm for OnTimeout {
    fn to_form(&self) -> Form {
        Form::from(self.name())
    }
}

impl FromForm for OnTimeout {
    fn from_form(form: &Form) -> Result<OnTimeout, Misfit> {
        named(form, &OnTimeout::ALL, OnTimeout::name)
    }
}

/// From when on others see a write that waits for acks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename_all = "kebab-case"))]
pub enum Visible {
    /// Once the rule is met: PostgreSQL, MySQL's AFTER_SYNC.
    #[default]
    AfterAck,
    /// Once it is in the primary's log: AFTER_COMMIT. What others have read may yet be lost.
    AfterLog,
}

impl Visible {
    /// Both.
    pub const ALL: [Visible; 2] = [Visible::AfterAck, Visible::AfterLog];

    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            Visible::AfterAck => "after-ack",
            Visible::AfterLog => "after-log",
        }
    }
}

impl ToForm for Visible {
    fn to_form(&self) -> Form {
        Form::from(self.name())
    }
}

impl FromForm for Visible {
    fn from_form(form: &Form) -> Result<Visible, Misfit> {
        named(form, &Visible::ALL, Visible::name)
    }
}

/// Whose acks count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename_all = "kebab-case"))]
pub enum Whose {
    /// Those of whoever answers first: PostgreSQL's ANY.
    #[default]
    Any,
    /// Those of the first connected followers in the order of their numbers: PostgreSQL's FIRST.
    /// The next one takes the place of one that falls silent. Only who follows the primary itself
    /// counts.
    First,
}

impl Whose {
    /// Both.
    pub const ALL: [Whose; 2] = [Whose::Any, Whose::First];

    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            Whose::Any => "any",
            Whose::First => "first",
        }
    }
}

impl ToForm for Whose {
    fn to_form(&self) -> Form {
        Form::from(self.name())
    }
}

impl FromForm for Whose {
    fn from_form(form: &Form) -> Result<Whose, Misfit> {
        named(form, &Whose::ALL, Whose::name)
    }
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
    /// From when on others see what waits.
    pub visible: Visible,
    /// Whose acks count.
    pub from: Whose,
}

/// The rules that have names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename_all = "kebab-case"))]
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
            Preset::Async => say::ASYNC,
            Preset::SemiSync => say::SEMI_SYNC,
            Preset::Quorum => say::QUORUM,
            Preset::Sync => say::SYNC,
        }
    }

    /// The rule it stands for.
    pub fn ack(self) -> Ack {
        let flushed = |count| Ack {
            count,
            point: Point::Flushed,
            timeout: None,
            on_timeout: OnTimeout::Wait,
            visible: Visible::AfterAck,
            from: Whose::Any,
        };
        match self {
            Preset::Async => flushed(Count::None),
            // MySQL's rpl_semi_sync_source_timeout is 10 s by default; received is its only point.
            Preset::SemiSync => Ack {
                count: Count::Of(1),
                point: Point::Received,
                timeout: Some(Span::s(10)),
                on_timeout: OnTimeout::Async,
                ..flushed(Count::Of(1))
            },
            Preset::Quorum => flushed(Count::Majority),
            Preset::Sync => flushed(Count::All),
        }
    }
}

impl ToForm for Preset {
    fn to_form(&self) -> Form {
        Form::from(self.name())
    }
}

impl FromForm for Preset {
    fn from_form(form: &Form) -> Result<Preset, Misfit> {
        named(form, &Preset::ALL, Preset::name)
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

impl ToForm for Count {
    fn to_form(&self) -> Form {
        match self {
            Count::None => Form::from("none"),
            Count::Of(count) => Form::from(*count),
            Count::Majority => Form::from("majority"),
            Count::All => Form::from("all"),
        }
    }
}

impl FromForm for Count {
    fn from_form(form: &Form) -> Result<Count, Misfit> {
        let expected = "a number of replicas, \"all\", \"majority\" or \"none\"";
        let of = |count: u64| match u16::try_from(count) {
            Ok(0) => Ok(Count::None),
            Ok(count) => Ok(Count::Of(count)),
            Err(_) => Err(unsuitable(form, expected)),
        };
        match form {
            Form::Text(text) => match text.as_str() {
                "none" => Ok(Count::None),
                "majority" => Ok(Count::Majority),
                "all" => Ok(Count::All),
                _ => Err(unsuitable(form, expected)),
            },
            Form::Whole(count) => of(*count),
            // JavaScript has one kind of number.
            Form::Decimal(count) => match count.whole().map(u64::try_from) {
                Some(Ok(count)) => of(count),
                Some(Err(_)) | None => Err(misplaced(form, expected)),
            },
            Form::Negative(_) => Err(unsuitable(form, expected)),
            Form::Nothing | Form::Bool(_) | Form::List(_) | Form::Table(_) => {
                Err(misplaced(form, expected))
            }
        }
    }
}

/// The file form of a rule without a name.
#[derive(Clone)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub(crate) struct AckTable {
    count: Count,
    point: Point,
    timeout: Option<Span>,
    on_timeout: OnTimeout,
    visible: Option<Visible>,
    from: Option<Whose>,
}

impl Fields for AckTable {
    fn blank() -> AckTable {
        AckTable {
            count: Count::None,
            point: Point::default(),
            timeout: None,
            on_timeout: OnTimeout::default(),
            visible: None,
            from: None,
        }
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![
            must("count", &mut self.count),
            may("point", &mut self.point),
            may("timeout", &mut self.timeout),
            may("on_timeout", &mut self.on_timeout),
            may("visible", &mut self.visible),
            may("from", &mut self.from),
        ]
    }
}

impl ToForm for Ack {
    fn to_form(&self) -> Form {
        match self.preset() {
            Some(preset) => Form::from(preset.name()),
            None => {
                let Ack { count, point, timeout, on_timeout, visible, from } = *self;
                let visible = Some(visible).filter(|visible| *visible != Visible::AfterAck);
                let from = Some(from).filter(|from| *from != Whose::Any);
                AckTable { count, point, timeout, on_timeout, visible, from }.to_form()
            }
        }
    }
}

impl FromForm for Ack {
    fn from_form(form: &Form) -> Result<Ack, Misfit> {
        let expected = || {
            let presets = Preset::ALL.map(|preset| format!("\"{}\"", preset.name())).join(", ");
            format!("{presets} or {{ count, point, timeout, on_timeout, visible, from }}")
        };
        match form {
            Form::Text(text) => {
                let named = Preset::ALL.into_iter().find(|preset| preset.name() == text);
                named.map(Preset::ack).ok_or_else(|| unsuitable(form, &expected()))
            }
            Form::Table(_) => {
                let AckTable { count, point, timeout, on_timeout, visible, from } =
                    AckTable::from_form(form)?;
                let (visible, from) = (visible.unwrap_or_default(), from.unwrap_or_default());
                Ok(Ack { count, point, timeout, on_timeout, visible, from })
            }
            Form::Nothing
            | Form::Bool(_)
            | Form::Whole(_)
            | Form::Negative(_)
            | Form::Decimal(_)
            | Form::List(_) => Err(misplaced(form, &expected())),
        }
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
