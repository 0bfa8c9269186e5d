//! The commonest changes to a scenario's text, made on the scenario and printed again: a form and
//! the text it stands beside cannot disagree.

use crate::base::{Delay, NodeId, Span};
use crate::sim::{LinkSpec, Rate, Scenario, validate};
use crate::topology::{Shape, Stream, Topology};

use super::file::{read_scenario, to_toml};

/// A change to a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// One server more.
    Add,
    /// The last server is gone, with what was said of it.
    Remove,
    /// The second replicates from the first.
    Connect(NodeId, NodeId),
    /// Messages take so long between these two, both ways.
    Latency(NodeId, NodeId, Span),
    /// The workload of this number has so many operations a second.
    Rate(usize, Rate),
}

/// The text with the change made; else why it cannot be. Comments are not kept.
pub fn edited(text: &str, edit: &Edit) -> Result<String, String> {
    let mut scenario = read_scenario(text).map_err(|error| error.to_string())?;
    apply(&mut scenario, edit);
    match validate(&scenario) {
        Ok(()) => Ok(to_toml(&scenario)),
        Err(problem) => Err(format!("{}: {}", problem.path, problem.message)),
    }
}

fn apply(scenario: &mut Scenario, edit: &Edit) {
    let Scenario { cluster, network, node, client, workload, .. } = scenario;
    match edit {
        Edit::Add => {
            if cluster.topology == Shape::Custom {
                cluster.stream.push(Stream { from: NodeId(0), to: NodeId(cluster.nodes) });
            }
            cluster.nodes = cluster.nodes.saturating_add(1);
        }
        Edit::Remove => {
            cluster.nodes = cluster.nodes.saturating_sub(1);
            let there = |id: NodeId| id.0 < cluster.nodes;
            cluster.stream.retain(|stream| there(stream.from) && there(stream.to));
            cluster.writers.iter_mut().for_each(|writers| writers.retain(|id| there(*id)));
            cluster.ignore_origins.retain(|id| there(*id));
            network.link.retain(|link| there(link.from) && there(link.to));
            node.retain(|node| there(node.id));
            let homes = client.iter_mut().map(|client| &mut client.home);
            homes.filter(|home| !there(**home)).for_each(|home| *home = NodeId(0));
        }
        Edit::Connect(from, to) => {
            if cluster.topology != Shape::Custom {
                let all = (0..cluster.nodes).map(NodeId);
                if cluster.writers.is_none() && cluster.several_write() {
                    cluster.writers = Some(all.collect());
                }
                let shape = Topology::new(cluster.topology, cluster.nodes, cluster.fanout, &[]);
                cluster.stream = shape.streams().to_vec();
                cluster.topology = Shape::Custom;
            }
            cluster.stream.push(Stream { from: *from, to: *to });
        }
        Edit::Latency(from, to, span) => {
            let (from, to, mut latency) = (*from, *to, Some(Delay::Constant(*span)));
            for link in &mut network.link {
                if [(from, to), (to, from)].contains(&(link.from, link.to)) {
                    // Said once, where it holds both ways.
                    link.latency = if link.both { latency.take() } else { None };
                }
            }
            if latency.is_some() {
                let both = true;
                network.link.push(LinkSpec { from, to, both, latency, ..LinkSpec::default() });
            }
        }
        Edit::Rate(number, rate) => {
            if let Some(workload) = workload.get_mut(*number) {
                workload.rate = *rate;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::BUILTINS;

    #[test]
    fn a_server_that_comes_and_goes_leaves_every_built_in_scenario_as_it_was() {
        for builtin in BUILTINS.iter() {
            let text = to_toml(&builtin.scenario().expect("it is valid"));
            let Ok(more) = edited(&text, &Edit::Add) else { continue };
            assert_ne!(more, text);
            // The last one may be spoken of by a stream only.
            assert_eq!(edited(&more, &Edit::Remove).as_ref(), Ok(&text), "{}", builtin.name);
        }
    }

    #[test]
    fn streams_latencies_and_rates_are_said_once_in_the_text() {
        let text = "[cluster]\ntopology = \"chain\"\nnodes = 3\n[[client]]\nid = \"a\"\n\
                    [[workload]]\nclient = \"a\"\nrate = \"5/s\"\n";
        let (n1, n3) = (NodeId(0), NodeId(2));
        let text = edited(text, &Edit::Connect(n1, n3)).expect("it can be");
        assert_eq!(text.matches("[[cluster.stream]]").count(), 3, "{text}");
        let text = edited(&text, &Edit::Latency(n1, n3, Span::ms(70))).expect("it can be");
        let text = edited(&text, &Edit::Latency(n3, n1, Span::ms(90))).expect("it can be");
        assert_eq!(text.matches("[[network.link]]").count(), 1, "{text}");
        assert!(text.contains("latency = \"90ms\"") && !text.contains("70ms"), "{text}");
        let text = edited(&text, &Edit::Rate(0, Rate(200))).expect("it can be");
        assert!(text.contains("rate = \"200/s\""), "{text}");
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_reason() {
        let text = "[cluster]\nnodes = 2\n[[at]]\ntime = \"1s\"\ncrash = \"n2\"\n";
        let told = edited(text, &Edit::Remove).expect_err("n2 is spoken of");
        assert!(told.starts_with("at[0].crash"), "{told}");
        let told = edited("nodes", &Edit::Add).expect_err("no text of a scenario");
        assert!(told.starts_with("line 1"), "{told}");
        assert!(edited("[cluster]\nnodes = 1", &Edit::Remove).is_err());
    }
}
