//! Writes of one key that met at a server without having seen one another: on the stage their cells
//! are cut in two, and both values stand beside the sign that they are not equal.

use std::iter;
use std::rc::Rc;

use crate::base::gathered;
use crate::data::LogEntry;
use crate::node::Node;
use crate::policy::Conflict;
use crate::sim::World;
use crate::words::scene as say;

use super::mark::text_width;
use super::strip::Strips;

/// Between two values.
const UNEQUAL: &str = " \u{2260} ";

/// The newest conflict of a server, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The key.
    pub key: String,
    /// The values, the one that reads see first.
    pub values: [String; 2],
    /// Whether a rule has decided that this one wins.
    pub decided: bool,
}

/// A stroke under the words of a conflict or through them: from where to where, in pixels from
/// their left end.
pub type Stroke = (f64, f64);

/// The entries that stand side by side at a server in the row that an entry changes, the one whose
/// value reads see first; empty if it superseded all others.
fn rivals(node: &Node, entry: &LogEntry) -> Vec<Rc<LogEntry>> {
    // A row that has nothing beside its entry has no rivals.
    let row = node.disk.store.row(entry.key).filter(|row| row.beside.is_some());
    let Some((row, shown)) = row.and_then(|row| Some((row, row.whole()?))) else {
        return Vec::new();
    };
    let others = row.heads().iter().filter(|head| head.gtid != shown.gtid);
    let rivals: Vec<Rc<LogEntry>> = gathered(iter::once(shown).chain(others).cloned());
    if rivals.len() < 2 { Vec::new() } else { rivals }
}

/// Whether an entry stands side by side with another at a server.
pub fn clashes(node: &Node, entry: &LogEntry) -> bool {
    rivals(node, entry).iter().any(|rival| rival.gtid == entry.gtid)
}

impl Clash {
    /// The newest among the entries that a server's strip shows; None if all agree.
    pub fn newest(world: &World, node: &Node, strips: &Strips) -> Option<Clash> {
        let mut newest = strips.columns.iter().rev().map(|column| &column.entry);
        let entry = newest.find(|entry| clashes(node, entry))?;
        let rivals = rivals(node, entry);
        let value = |head: &LogEntry| match head.change.value() {
            Some(value) => value.to_string(),
            None => say::DELETED.to_string(),
        };
        Some(Clash {
            key: world.names.text(entry.key).to_string(),
            values: [value(&rivals[0]), value(&rivals[1])],
            decided: match world.rules.conflict {
                Conflict::Lww | Conflict::MergeMax | Conflict::MergeMin => true,
                Conflict::None
                | Conflict::VersionVector
                | Conflict::Ot
                | Conflict::MergeSum
                | Conflict::Reject => false,
            },
        })
    }

    /// Its words, as far as they fit: with the key, else without; and the strokes under the value
    /// that stays and through the one that goes.
    pub fn words(&self, px: f64, class: &str, room: f64) -> (String, Option<[Stroke; 2]>) {
        let [shown, other] = &self.values;
        let both = format!("{shown}{UNEQUAL}{other}");
        let whole = format!("{}: {both}", self.key);
        let fits = |text: &str| text_width(text, px, class) <= room;
        let text = if fits(&whole) { whole } else { both };
        let end = text_width(&text, px, class);
        let length = |text: &str| text_width(text, px, class);
        let (other, rest) = (end - length(other), length(other) + length(UNEQUAL));
        let strokes = [(end - rest - length(shown), end - rest), (other, end)];
        let decided = self.decided && fits(&text);
        (text, decided.then_some(strokes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{NodeId, SimTime};
    use crate::node::Fact;
    use crate::recording::{BUILTINS, Builtin, Recording};

    fn run(builtin: &Builtin) -> Recording {
        let mut recording = Recording::new(builtin.scenario().expect("it is valid"));
        recording.finish();
        recording
    }

    fn at(name: &str, t: SimTime) -> Vec<Option<Clash>> {
        let mut recording = run(&Builtin::find(name).expect("a built-in of this name"));
        let world = recording.at(t);
        let strips = Strips::new(world, true);
        world.nodes.iter().map(|node| Clash::newest(world, node, &strips)).collect()
    }

    #[test]
    fn two_masters_show_each_others_value_first_and_nothing_as_decided() {
        let clashes: Vec<Clash> =
            at("two-masters-end-swapped", 4_000_000).into_iter().flatten().collect();
        assert_eq!(clashes.len(), 2);
        let swapped: Vec<&String> = clashes[1].values.iter().rev().collect();
        assert_eq!(clashes[0].values.iter().collect::<Vec<_>>(), swapped);
        let (text, strokes) = clashes[0].words(13.0, "clash", 200.0);
        assert!(text.starts_with("colour: ") && text.contains(UNEQUAL), "{text}");
        assert_eq!(strokes, None);
    }

    #[test]
    fn what_a_rule_has_decided_is_underlined_and_what_it_dropped_struck_through_everywhere_alike() {
        let clashes: Vec<Clash> =
            at("lww-slow-clock-loses", 2_200_000).into_iter().flatten().collect();
        assert!(
            clashes.len() > 1 && clashes.iter().all(|clash| *clash == clashes[0]),
            "{clashes:?}"
        );
        let (text, strokes) = clashes[0].words(13.0, "clash", 200.0);
        let [stays, goes] = strokes.expect("a rule has decided");
        assert!(stays.0 > 0.0 && stays.1 < goes.0, "{text}: {stays:?} {goes:?}");
        assert_eq!(goes.1, text_width(&text, 13.0, "clash"));
    }

    #[test]
    fn only_where_writes_met_is_a_conflict_shown() {
        let mut shown = Vec::new();
        for builtin in BUILTINS {
            let recording = run(builtin);
            let met = |node: NodeId| {
                let mut records = recording.trace().since(0).map(|(_, record)| record);
                records.any(|record| {
                    record.place == node.into()
                        && matches!(record.fact, Fact::Conflict { .. } | Fact::Overruled { .. })
                })
            };
            let clashes = at(builtin.name, recording.head().now);
            for (index, clash) in clashes.iter().enumerate() {
                assert!(
                    clash.is_none() || met(NodeId(index as u16)),
                    "{}: {clash:?}",
                    builtin.name
                );
                shown.extend(clash.is_some().then_some(builtin.name));
            }
        }
        shown.dedup();
        assert!(shown.len() > 2, "{shown:?}");
    }
}
