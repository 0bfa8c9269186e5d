//! Which ids a server gives to new rows: its own series, so that several writers never give the
//! same one, as with MySQL's auto_increment_increment and auto_increment_offset.

use crate::base::NodeId;
use crate::form::{Field, Fields, Form, FromForm, Misfit, ToForm, may, misplaced};

/// The series of ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct AutoIncrement {
    /// From one id of a server to its next; as many as servers that take writes, or more.
    pub step: u32,
    /// Where a server's series begins.
    pub offset: Offset,
}

/// Where a server's series begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Offset {
    /// At the server's own number: n1 at 1.
    #[default]
    Node,
    /// Everywhere at this number, as when it was forgotten.
    Same(u32),
}

impl Default for AutoIncrement {
    fn default() -> AutoIncrement {
        AutoIncrement { step: 1, offset: Offset::Same(1) }
    }
}

impl AutoIncrement {
    /// The next id that a server gives, from its engine's counter on: the smallest that is not
    /// below it and leaves the offset when divided by the step.
    pub fn next(self, node: NodeId, counter: u32) -> u32 {
        let offset = match self.offset {
            Offset::Node => u32::from(node.0) + 1,
            Offset::Same(offset) => offset,
        };
        let step = self.step.max(1);
        counter.saturating_add((offset % step + step - counter % step) % step)
    }
}

impl Fields for AutoIncrement {
    fn blank() -> AutoIncrement {
        AutoIncrement { step: 1, offset: Offset::Node }
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![may("step", &mut self.step), may("offset", &mut self.offset)]
    }
}

const EXPECTED: &str = "\"node\" or a whole number";

impl ToForm for Offset {
    fn to_form(&self) -> Form {
        match self {
            Offset::Node => Form::from("node"),
            Offset::Same(offset) => Form::from(*offset),
        }
    }
}

impl FromForm for Offset {
    fn from_form(form: &Form) -> Result<Offset, Misfit> {
        match form.text() {
            Some("node") => Ok(Offset::Node),
            Some(_) => Err(misplaced(form, EXPECTED)),
            None => u32::from_form(form).map(Offset::Same),
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl schemars::JsonSchema for Offset {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Offset".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "anyOf": [{ "const": "node" }, { "type": "integer", "minimum": 1 }],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_series_are_those_of_mariadb() {
        // Observed on MariaDB 10.11: I=3, o=1 gives 1, 4, 7; then o=2 11, 14; then o=3 18, 21. One
        // server whose offset changes keeps a counter that is a step beyond what it gave.
        let (mut counter, mut given) = (1, Vec::new());
        for (offset, count) in [(1, 3), (2, 2), (3, 2)] {
            let rule = AutoIncrement { step: 3, offset: Offset::Same(offset) };
            for _ in 0..count {
                let id = rule.next(NodeId(0), counter);
                given.push(id);
                counter = id + rule.step;
            }
        }
        assert_eq!(given, [1, 4, 7, 11, 14, 18, 21]);
    }

    #[test]
    fn servers_with_offsets_of_their_own_never_give_the_same_id() {
        let own = AutoIncrement { step: 5, offset: Offset::Node };
        let same = AutoIncrement { step: 5, offset: Offset::Same(1) };
        let given = |rule: AutoIncrement| {
            let mut ids: Vec<u32> = (0..5)
                .flat_map(|node| (1..200).map(move |counter| rule.next(NodeId(node), counter)))
                .collect();
            ids.sort_unstable();
            ids.dedup();
            ids.len()
        };
        // Forty ids of each series lie below 200, and one just above.
        assert!(given(own) >= 5 * 40 && given(same) <= 41);
    }
}
