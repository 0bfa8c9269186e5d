//! A scenario at a glance: its servers and streams as it begins, with the first of what is done to
//! them already done; and the same in a few words. Clients and what they write are left out.

use std::rc::Rc;

use crate::base::Span;
use crate::form::ToForm;
use crate::policy::{Conflict, Preset};
use crate::recording::Recording;
use crate::sim::{Command, Scenario, Stamped};
use crate::words::scene as say;

use super::geometry::Size;
use super::layout::Layout;
use super::picture::Picture;

/// Words of a caption.
const WORDS_MAX: usize = 6;

/// The picture of a scenario, in this room.
pub fn poster(scenario: &Scenario, size: Size) -> Picture {
    let at = scenario.at.iter().map(|stamped| &stamped.command).filter(|command| {
        use Command::{Crash, Cut, Partition, Pause};
        matches!(command, Crash(_) | Pause(_) | Partition(_) | Cut(_))
    });
    let at = at.map(|command| Stamped { time: Span::ZERO, command: command.clone() }).collect();
    let (client, workload) = (Vec::new(), Vec::new());
    let still = Scenario { at, client, workload, ..scenario.clone() };
    let world = Recording::new(still).moment(0);
    let layout = Rc::new(Layout::new(&world.topology, 0, size));
    Picture::new(&world, &layout, 0)
}

/// What there is to see: the shape, the rule of acks, what goes wrong, what is done about it.
pub fn caption(scenario: &Scenario) -> String {
    let Scenario { cluster, network, .. } = scenario;
    let mut words = vec![cluster.topology.name().to_string()];
    words.push(cluster.ack.preset().map_or(say::OWN_RULE_IN_SHORT, Preset::name).to_string());
    if cluster.conflict != Conflict::None {
        words.push(cluster.conflict.name().to_string());
    }
    if !network.loss.is_zero() {
        words.push("loss".to_string());
    }
    if cluster.failover.is_some() {
        words.push("failover".to_string());
    }
    for stamped in &scenario.at {
        // A command's form is a table with the command's name.
        let form = stamped.command.to_form();
        let name = form.entries().first().map_or("", |entry| entry.name.as_str());
        if !["write", "read", "set"].contains(&name) && !words.iter().any(|word| word == name) {
            words.push(name.to_string());
        }
    }
    words.truncate(WORDS_MAX);
    words.join(" \u{b7} ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::Builtin;
    use crate::scene::State;

    #[test]
    fn a_poster_shows_the_servers_and_what_befalls_them() {
        let scenario = Builtin::find("first-ten-seconds").expect("it is there");
        let scenario = scenario.scenario().expect("it is valid");
        let picture = poster(&scenario, Size { w: 160.0, h: 96.0 });
        assert_eq!((picture.nodes.len(), picture.clients.len()), (4, 0));
        assert_eq!(picture.wires.len(), 3);
        assert_eq!(picture.nodes[0].state, State::Down);
        assert_eq!(caption(&scenario), "star \u{b7} async \u{b7} crash \u{b7} promote");
    }

    #[test]
    fn every_built_in_scenario_has_a_poster_of_its_own_shape() {
        for builtin in crate::recording::BUILTINS {
            let scenario = builtin.scenario().expect("it is valid");
            let picture = poster(&scenario, Size { w: 160.0, h: 96.0 });
            assert_eq!(picture.nodes.len(), usize::from(scenario.cluster.nodes));
            assert!(!caption(&scenario).is_empty());
        }
    }
}
