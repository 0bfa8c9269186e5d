//! Where the space-time diagram is torn: for as long as messages do not get from one lane to
//! another, the gap between them is hatched.

use crate::base::{NodeId, SimTime};
use crate::node::Fact;
use crate::recording::Recording;
use crate::sim::Breach;

use super::weave::Weave;
use super::window::Window;

/// A hatched stretch of the gap beside a lane, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rift {
    /// From left to right.
    pub x: (f64, f64),
    /// From top to bottom.
    pub y: (f64, f64),
}

/// What lies across the network in a window, up to `t`. Neighbours on different sides of a
/// partition, or whose link is cut, have the whole gap between them hatched; a cut link that passes
/// other lanes has a quarter of a gap at either end.
pub fn rifts(recording: &Recording, weave: &Weave, window: &Window, t: SimTime) -> Vec<Rift> {
    let mut rifts = Vec::new();
    let (mut breach, mut since) = (Breach::default(), 0);
    let until = t.min(window.until);
    let servers = recording.head().nodes.len();
    for (number, stamped) in recording.scenario().at.iter().enumerate() {
        let at = stamped.time.0;
        if at > until {
            break;
        }
        let mut next = breach.clone();
        let obeyed = next.obey(&stamped.command, servers).is_ok();
        if next == breach || !obeyed || !was_done(recording, number as u32, at) {
            continue;
        }
        tear(&mut rifts, &breach, weave, window, (since, at));
        (breach, since) = (next, at);
    }
    tear(&mut rifts, &breach, weave, window, (since, until));
    rifts
}

/// Whether a command was carried out, and not refused.
fn was_done(recording: &Recording, number: u32, at: SimTime) -> bool {
    let mut facts = recording.trace().between(at, at + 1).map(|(_, record)| record.fact);
    facts.any(|fact| fact == Fact::Command(number))
        && !matches!(facts.next(), Some(Fact::CommandRefused(_)))
}

/// Hatches what cannot be passed from an instant to another.
fn tear(
    rifts: &mut Vec<Rift>,
    breach: &Breach,
    weave: &Weave,
    window: &Window,
    (since, until): (SimTime, SimTime),
) {
    let (since, until) = (since.max(window.from), until.min(window.until));
    if since >= until || breach == &Breach::default() {
        return;
    }
    let x = (window.x(since), window.x(until));
    let mut hatch = |top: f64, bottom: f64| rifts.push(Rift { x, y: (top, bottom) });
    let y = |node: NodeId| weave.y(node.into());
    for pair in weave.lanes.windows(2) {
        let (Some(a), Some(b)) = (pair[0].place.node(), pair[1].place.node()) else { continue };
        if !breach.reaches(a, b) || !breach.reaches(b, a) {
            hatch(pair[0].y, pair[1].y);
        }
    }
    for (from, to) in breach.cuts().iter() {
        let (Some(from_y), Some(to_y)) = (y(*from), y(*to)) else { continue };
        let (top, bottom) = (from_y.min(to_y), from_y.max(to_y));
        let gap = window.height / weave.lanes.len().max(1) as f64;
        // Both directions of one link are one hatch.
        let said = from_y > to_y && breach.cuts().contains(&(*to, *from));
        if bottom - top > 1.5 * gap && !said {
            hatch(top, top + gap / 4.0);
            hatch(bottom - gap / 4.0, bottom);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::{Builtin, read_scenario};
    use crate::scene::weave;

    const SCENARIOS: [&str; 4] = [
        "split-brain-without-a-quorum",
        "quorum-rides-out-a-partition",
        "even-split-stalls",
        "chain-heals-itself",
    ];

    #[test]
    fn a_gap_between_neighbours_is_hatched_exactly_while_one_does_not_reach_the_other() {
        let mut torn = 0;
        for name in SCENARIOS {
            let text = Builtin::find(name).expect("a built-in of this name").text;
            let mut recording = Recording::new(read_scenario(text).expect("it is valid"));
            recording.finish();
            let until = recording.head().now;
            let window = Window { from: until / 9, until, width: 900.0, height: 400.0 };
            let weave = weave(recording.head(), recording.trace(), &window, (until, false));
            let rifts = rifts(&recording, &weave, &window, until);
            for step in 1..200 {
                let t = window.from + (until - window.from) * step / 200;
                let breach = recording.at(t).network.breach.clone();
                for pair in weave.lanes.windows(2) {
                    let (Some(a), Some(b)) = (pair[0].place.node(), pair[1].place.node()) else {
                        continue;
                    };
                    let here = |rift: &&Rift| {
                        rift.y == (pair[0].y, pair[1].y)
                            && (rift.x.0..rift.x.1).contains(&window.x(t))
                    };
                    let passes = breach.reaches(a, b) && breach.reaches(b, a);
                    assert_eq!(rifts.iter().any(|rift| here(&rift)), !passes, "{name} at {t}");
                    torn += usize::from(!passes);
                }
            }
        }
        assert!(torn > 0, "none of them has a partition");
    }

    #[test]
    fn a_cut_between_lanes_that_are_no_neighbours_is_hatched_beside_both_once() {
        let text = Builtin::find("two-sites").expect("a built-in of this name").text;
        let mut recording = Recording::new(read_scenario(text).expect("it is valid"));
        recording.finish();
        let until = recording.head().now;
        let window = Window { from: 0, until, width: 900.0, height: 400.0 };
        let weave = weave(recording.head(), recording.trace(), &window, (until, false));
        let rifts = rifts(&recording, &weave, &window, until);
        let y = |node: u16| weave.y(NodeId(node).into()).expect("every server has a lane");
        let x = (window.x(1_500_000), window.x(4_000_000));
        let tops: Vec<_> = rifts.iter().map(|rift| (rift.x, rift.y.0)).collect();
        assert_eq!(tops.len(), 2, "{rifts:?}");
        assert_eq!(tops[0], (x, y(0)));
        assert_eq!((rifts[1].x, rifts[1].y.1), (x, y(2)));
    }
}
