//! The runs that the page brings along: the first ten seconds, and a sandbox of each shape.

use crate::base::{Delay, NodeId, Probability, Span, gathered};
use crate::policy::Preset;
use crate::recording::read_scenario;
use crate::sim::{
    Arrivals, ClientSpec, Cluster, LinkSpec, NetworkSpec, Rate, Scenario, Skew, WorkloadSpec,
    limits,
};
use crate::topology::Shape;

/// The luck of the page's own runs.
const SEED: u64 = 7;

/// The first ten seconds, under an ack rule: same seed, same commands.
///
/// # Panics
/// If the file is wrong, which a test would show.
pub fn story(ack: Preset) -> Scenario {
    let text = include_str!("../recording/builtin/first-ten-seconds.toml");
    let Ok(mut scenario) = read_scenario(text) else {
        unreachable!("the file comes with the program");
    };
    scenario.cluster.ack = ack.ack();
    scenario
}

/// A cluster of this shape with two clients: one writes, one reads, on three keys, without end.
pub fn sandbox(shape: Shape, ack: Preset) -> Scenario {
    let nodes = match shape {
        Shape::Star | Shape::Chain | Shape::Ring | Shape::Custom => 4,
        Shape::Tree => 7,
    };
    Scenario {
        name: format!("Sandbox: {}", shape.name()),
        seed: SEED,
        until: Span::s(1),
        cluster: Cluster {
            topology: shape,
            nodes,
            ack: ack.ack(),
            apply_delay: Delay::Constant(Span::ms(2)),
            ..Cluster::default()
        },
        network: NetworkSpec {
            latency: Delay::Constant(Span::ms(80)),
            link: staggered(nodes),
            ..NetworkSpec::default()
        },
        client: vec![client("Client 1", 0), client("Client 2", 2)],
        workload: vec![
            workload("Client 1", 4, Probability::ZERO),
            workload("Client 2", 3, Probability::percent(100)),
        ],
        ..Scenario::default()
    }
}

/// Links of different lengths, so that arrivals stagger: 60 to 120 ms.
fn staggered(nodes: u16) -> Vec<LinkSpec> {
    let pairs = (0..nodes).flat_map(|from| (from + 1..nodes).map(move |to| (from, to)));
    let link = |(from, to): (u16, u16)| LinkSpec {
        from: NodeId(from),
        to: NodeId(to),
        both: true,
        latency: Some(Delay::Constant(Span::ms(60 + u64::from((from * 5 + to * 7) % 7) * 10))),
        loss: None,
        duplicate: None,
        reorder: None,
        bandwidth: None,
    };
    gathered(pairs.map(link))
}

fn client(name: &str, home: u16) -> ClientSpec {
    ClientSpec {
        id: name.into(),
        home: NodeId(home),
        latency: Delay::Constant(Span::ms(40)),
        read: Default::default(),
        timeout: Span::ms(1_500),
        wait: Span::s(1),
    }
}

fn workload(name: &str, per_second: u64, reads: Probability) -> WorkloadSpec {
    WorkloadSpec {
        client: name.into(),
        rate: Rate(per_second),
        arrivals: Arrivals::Poisson,
        reads,
        keys: 3,
        skew: Skew::Uniform,
        from: Span::ms(40),
        until: Some(limits::UNTIL_MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::validate;

    #[test]
    fn the_pages_own_runs_are_valid() {
        for ack in Preset::ALL {
            assert_eq!(validate(&story(ack)), Ok(()));
            for shape in [Shape::Star, Shape::Chain, Shape::Ring, Shape::Tree] {
                assert_eq!(validate(&sandbox(shape, ack)), Ok(()));
            }
        }
    }
}
