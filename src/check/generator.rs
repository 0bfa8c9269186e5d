//! Random scenarios: any topology, any rule, any fault, from a seed and nothing else.
//!
//! Small on purpose: a dozen servers and a few seconds find what a thousand servers would, sooner.

use crate::base::{Delay, Luck, NodeId, Probability, Purpose, Span, scaled};
use crate::data::Value;
use crate::policy::{
    Ack, Candidate, Chain, Count, Failover, LoopFilter, OnTimeout, Origins, Point, Preset,
    ReadPolicy, Rejoin,
};
use crate::sim::{
    AddCommand, Arrivals, Bandwidth, ClientSpec, Cluster, Command, CutCommand, DialsCommand,
    LinkSpec, NetworkSpec, NodeSpec, PartitionCommand, Rate, ReadCommand, RepointCommand, Scenario,
    Skew, Stamped, WorkloadSpec, WriteCommand, Yes,
};
use crate::topology::{Shape, Stream};

/// The most servers of a random cluster.
const NODES_MAX: u64 = 12;
/// How long clients and faults go on.
const BUSY: Span = Span::s(4);

/// Draws in a row, each with a number of its own.
struct Dice {
    luck: Luck,
    nth: u64,
}

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.nth += 1;
        scaled(self.luck.draw(Purpose::Generator, 1, self.nth), below)
    }

    fn range(&mut self, low: u64, high: u64) -> u64 {
        low + self.roll(high - low + 1)
    }

    fn percent(&mut self, chance: u64) -> bool {
        self.roll(100) < chance
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len() as u64) as usize]
    }

    fn maybe<T>(&mut self, chance: u64, make: impl FnOnce(&mut Dice) -> T) -> Option<T> {
        self.percent(chance).then(|| make(self))
    }

    fn node(&mut self, nodes: u16) -> NodeId {
        NodeId(self.roll(nodes.into()) as u16)
    }

    fn span(&mut self, low_us: u64, high_us: u64) -> Span {
        Span(self.range(low_us, high_us))
    }

    /// A moment while clients and faults go on, a whole millisecond, so that some coincide.
    fn moment(&mut self) -> Span {
        Span::ms(self.roll(BUSY.0 / 1_000))
    }

    fn delay(&mut self, longest_us: u64) -> Delay {
        match self.roll(4) {
            0 => Delay::Constant(self.span(0, longest_us)),
            1 => {
                let min = self.span(0, longest_us / 2);
                Delay::Uniform { min, max: Span(min.0 + self.roll(longest_us / 2 + 1)) }
            }
            2 => Delay::Exponential { mean: self.span(1, longest_us / 3 + 1) },
            _ => {
                let mut table: Vec<Span> =
                    (0..self.range(2, 5)).map(|_| self.span(0, longest_us)).collect();
                table.sort_unstable();
                Delay::Quantiles(table)
            }
        }
    }

    fn share(&mut self, most: u64) -> Probability {
        Probability::percent(self.range(1, most) as u32)
    }

    fn bandwidth(&mut self) -> Bandwidth {
        Bandwidth(Some(self.range(300_000, 10_000_000)))
    }

    fn ack(&mut self, nodes: u16) -> Ack {
        if self.percent(50) {
            return self.pick(&Preset::ALL).ack();
        }
        let replicas = u64::from(nodes.saturating_sub(1).max(1));
        let count = match self.roll(6) {
            0 => Count::None,
            1 => Count::Majority,
            2 => Count::All,
            _ => Count::Of(self.range(1, replicas) as u16),
        };
        Ack {
            count,
            point: self.pick(&Point::ALL),
            timeout: self.maybe(60, |dice| dice.span(20_000, 500_000)),
            on_timeout: self.pick(&[OnTimeout::Wait, OnTimeout::Async]),
        }
    }
}

/// The random scenario of a seed; always valid. Most end healed and with time to come to rest.
pub fn generate(seed: u64) -> Scenario {
    let mut dice = Dice { luck: Luck(seed), nth: 0 };
    let cluster = cluster(&mut dice);
    let nodes = cluster.nodes;
    let client: Vec<ClientSpec> =
        (0..dice.range(1, 3)).map(|number| a_client(&mut dice, number, nodes)).collect();
    let settles = cluster.loop_filter == LoopFilter::Gtid && dice.percent(85);
    let mut scenario = Scenario {
        name: format!("random {seed}"),
        seed,
        until: BUSY,
        network: network(&mut dice, nodes),
        node: Vec::new(),
        workload: workloads(&mut dice, client.len() as u64),
        client,
        cluster,
        ..Scenario::default()
    };
    scenario.node = special_nodes(&mut dice, nodes);
    let mut named = nodes;
    for _ in 0..dice.pick(&[0, 2, 4, 8, 16, 24]) {
        let (time, command) = (dice.moment(), command(&mut dice, named, scenario.client.len()));
        // Later commands may name a server that joins, now and then before it has.
        named += u16::from(matches!(command, Command::AddNode(_)));
        scenario.at.push(Stamped { time, command });
    }
    if scenario.cluster.chain == Chain::Proper {
        scenario.at.iter_mut().for_each(|stamped| leave_settled(&mut stamped.command));
    }
    scenario.at.sort_by_key(|stamped| stamped.time);
    if settles {
        settle(&mut scenario);
    }
    scenario
}

fn cluster(dice: &mut Dice) -> Cluster {
    let topology = dice.pick(&[
        Shape::Star,
        Shape::Star,
        Shape::Star,
        Shape::Chain,
        Shape::Chain,
        Shape::Tree,
        Shape::Tree,
        Shape::Ring,
        Shape::Ring,
        Shape::Custom,
    ]);
    let most = if dice.percent(60) { 5 } else { NODES_MAX };
    let nodes = dice.range(1, most) as u16;
    let some_write = match topology {
        Shape::Ring | Shape::Custom => 30,
        Shape::Star | Shape::Chain | Shape::Tree => 0,
    };
    let proper = topology == Shape::Chain && dice.percent(40);
    let mut cluster = Cluster {
        topology,
        chain: if proper { Chain::Proper } else { Chain::Cascading },
        query_delay: dice.maybe(15, |dice| dice.delay(6_000)).unwrap_or_default(),
        nodes,
        fanout: dice.range(1, 4) as u16,
        writers: dice.maybe(some_write, |dice| {
            let mut writers: Vec<NodeId> =
                (0..dice.range(1, 3)).map(|_| dice.node(nodes)).collect();
            writers.sort_unstable();
            writers.dedup();
            writers
        }),
        ack: dice.ack(nodes),
        loop_filter: match dice.roll(25) {
            0 => LoopFilter::Off,
            1 => LoopFilter::Origin,
            _ => LoopFilter::Gtid,
        },
        ignore_origins: Vec::new(),
        relay_acks: !dice.percent(15),
        apply_delay: dice.delay(8_000),
        apply_workers: dice.range(1, 4) as u16,
        flush_delay: dice.maybe(40, |dice| dice.delay(6_000)).unwrap_or_default(),
        ship_delay: dice.maybe(20, |dice| dice.delay(10_000)).unwrap_or_default(),
        keepalive: dice.span(50_000, 600_000),
        retention: dice.maybe(30, |dice| dice.range(1, 30) as u32),
        auto_seed: !dice.percent(20),
        failover: match topology {
            Shape::Star | Shape::Chain | Shape::Tree => dice.maybe(35, failover),
            Shape::Ring | Shape::Custom => None,
        },
        stream: match topology {
            Shape::Custom => streams(dice, nodes),
            Shape::Star | Shape::Chain | Shape::Ring | Shape::Tree => Vec::new(),
        },
    };
    if proper {
        settle_chain(&mut cluster);
    }
    cluster
}

/// What a proper chain settles by itself.
fn settle_chain(cluster: &mut Cluster) {
    let plain = Cluster::default();
    cluster.ack = plain.ack;
    cluster.loop_filter = plain.loop_filter;
    cluster.relay_acks = plain.relay_acks;
    cluster.retention = None;
    if let Some(failover) = &mut cluster.failover {
        failover.quorum = true;
        failover.fencing = true;
        failover.rejoin = Rejoin::Rewind;
    }
}

fn failover(dice: &mut Dice) -> Failover {
    let heartbeat = dice.span(20_000, 300_000);
    Failover {
        heartbeat,
        timeout: Span(heartbeat.0 + dice.range(20_000, 900_000)),
        quorum: dice.percent(75),
        fencing: dice.percent(85),
        rejoin: dice.pick(&[Rejoin::Rewind, Rejoin::Rewind, Rejoin::Discard, Rejoin::Keep]),
        candidate: dice.pick(&[Candidate::MostAdvanced, Candidate::MostAdvanced, Candidate::Any]),
    }
}

/// A random tree below n1, mostly, and a few streams across it.
fn streams(dice: &mut Dice, nodes: u16) -> Vec<Stream> {
    let mut streams = Vec::new();
    for to in 1..nodes {
        let from = NodeId(dice.roll(to.into()) as u16);
        if dice.percent(95) {
            streams.push(Stream { from, to: NodeId(to) });
        }
    }
    for _ in 0..dice.pick(&[0, 0, 1, 3]) {
        let stream = Stream { from: dice.node(nodes), to: dice.node(nodes) };
        if stream.from != stream.to && !streams.contains(&stream) {
            streams.push(stream);
        }
    }
    streams
}

fn network(dice: &mut Dice, nodes: u16) -> NetworkSpec {
    let latency = dice.delay(60_000);
    let share = |dice: &mut Dice, chance, most| {
        dice.maybe(chance, |dice| dice.share(most)).unwrap_or_default()
    };
    let links = if nodes > 1 { dice.pick(&[0, 0, 1, 3]) } else { 0 };
    NetworkSpec {
        latency,
        loss: share(dice, 40, 25),
        duplicate: share(dice, 25, 30),
        reorder: share(dice, 25, 30),
        bandwidth: dice.maybe(15, Dice::bandwidth).unwrap_or_default(),
        link: (0..links).map(|_| a_link(dice, nodes)).collect(),
    }
}

fn two(dice: &mut Dice, nodes: u16) -> (NodeId, NodeId) {
    let from = dice.roll(nodes.into()) as u16;
    let to = (from + dice.range(1, u64::from(nodes) - 1) as u16) % nodes;
    (NodeId(from), NodeId(to))
}

fn a_link(dice: &mut Dice, nodes: u16) -> LinkSpec {
    let (from, to) = two(dice, nodes);
    LinkSpec {
        from,
        to,
        both: dice.percent(50),
        latency: dice.maybe(50, |dice| dice.delay(120_000)),
        loss: dice.maybe(30, |dice| dice.share(50)),
        duplicate: dice.maybe(20, |dice| dice.share(50)),
        reorder: dice.maybe(20, |dice| dice.share(50)),
        bandwidth: dice.maybe(15, Dice::bandwidth),
    }
}

fn special_nodes(dice: &mut Dice, nodes: u16) -> Vec<NodeSpec> {
    let mut specs: Vec<NodeSpec> = Vec::new();
    for _ in 0..dice.pick(&[0, 0, 1, 2]) {
        let id = dice.node(nodes);
        if specs.iter().all(|spec| spec.id != id) {
            specs.push(NodeSpec {
                id,
                region: None,
                clock_skew: None,
                apply_delay: dice.maybe(60, |dice| dice.delay(40_000)),
                apply_workers: dice.maybe(30, |dice| dice.range(1, 3) as u16),
                flush_delay: dice.maybe(40, |dice| dice.delay(20_000)),
                query_delay: None,
            });
        }
    }
    specs
}

fn a_client(dice: &mut Dice, number: u64, nodes: u16) -> ClientSpec {
    ClientSpec {
        id: format!("c{number}"),
        home: dice.node(nodes),
        latency: dice.delay(4_000),
        read: dice.pick(&ReadPolicy::ALL),
        timeout: dice.span(50_000, 3_000_000),
        wait: dice.span(20_000, 1_000_000),
    }
}

fn workloads(dice: &mut Dice, clients: u64) -> Vec<WorkloadSpec> {
    let count = dice.pick(&[0, 1, 1, 2]);
    let workload = |dice: &mut Dice| WorkloadSpec {
        client: format!("c{}", dice.roll(clients)),
        rate: Rate(dice.range(2, 40)),
        arrivals: dice.pick(&Arrivals::ALL),
        reads: dice.maybe(70, |dice| dice.share(80)).unwrap_or_default(),
        keys: dice.range(1, 8) as u32,
        skew: dice.pick(&[Skew::Uniform, Skew::Zipf]),
        from: dice.span(0, BUSY.0 / 2),
        until: Some(BUSY),
    };
    (0..count).map(|_| workload(dice)).collect()
}

fn command(dice: &mut Dice, nodes: u16, clients: usize) -> Command {
    let client = format!("c{}", dice.roll(clients as u64));
    let key = format!("k{}", dice.range(1, 4));
    let to = dice.maybe(25, |dice| dice.node(nodes));
    let node = dice.node(nodes);
    let cut = |dice: &mut Dice| {
        let (from, to) = two(dice, nodes);
        CutCommand { from, to, both: dice.percent(50) }
    };
    match dice.roll(36) {
        0..4 => Command::Write(WriteCommand {
            client,
            key,
            value: Value::Number(dice.roll(100) as i64),
            to,
        }),
        4 => Command::Delete(ReadCommand { client, key, to }),
        5 | 6 => Command::Read(ReadCommand { client, key, to }),
        7..10 => Command::Crash(node),
        10..13 => Command::Restart(node),
        13 => Command::Pause(node),
        14 => Command::Resume(node),
        15 | 16 => Command::Partition(PartitionCommand { groups: groups(dice, nodes) }),
        17 => Command::Heal(Yes),
        18 | 19 if nodes > 1 => Command::Cut(cut(dice)),
        20 if nodes > 1 => Command::Mend(cut(dice)),
        21..25 => Command::Promote(node),
        25 => Command::Demote(node),
        30 => Command::AddNode(AddCommand { source: dice.maybe(50, |dice| dice.node(nodes)) }),
        31 => Command::RemoveNode(node),
        32 if nodes > 1 => {
            let (node, source) = two(dice, nodes);
            Command::Repoint(RepointCommand { node, source })
        }
        33 | 34 => Command::Rebalance(Yes),
        35 => Command::Reseed(node),
        18..=20 | 26.. => Command::Set(Box::new(dials(dice, nodes))),
    }
}

fn groups(dice: &mut Dice, nodes: u16) -> Vec<Vec<NodeId>> {
    let mut groups = vec![Vec::new(), Vec::new()];
    for node in (0..nodes).map(NodeId) {
        match dice.roll(3) {
            0 => groups[0].push(node),
            1 => groups[1].push(node),
            _ => {}
        }
    }
    groups
}

fn dials(dice: &mut Dice, nodes: u16) -> DialsCommand {
    let mut dials = DialsCommand::default();
    match dice.roll(4) {
        0 => dials.ack = Some(dice.ack(nodes)),
        1 => {
            dials.node = dice.maybe(50, |dice| dice.node(nodes));
            dials.apply_delay = dice.maybe(50, |dice| dice.delay(20_000));
            dials.apply_workers = dice.maybe(50, |dice| dice.range(1, 4) as u16);
            dials.flush_delay = dice.maybe(50, |dice| dice.delay(10_000));
        }
        2 => {
            if nodes > 1 && dice.percent(50) {
                let (from, to) = two(dice, nodes);
                (dials.from, dials.to, dials.both) = (Some(from), Some(to), dice.percent(50));
            }
            dials.latency = dice.maybe(50, |dice| dice.delay(80_000));
            dials.loss = dice.maybe(30, |dice| dice.share(30));
            dials.duplicate = dice.maybe(20, |dice| dice.share(30));
            dials.reorder = dice.maybe(20, |dice| dice.share(30));
            dials.bandwidth = dice.maybe(15, Dice::bandwidth);
        }
        _ => {
            dials.relay_acks = dice.maybe(30, |dice| dice.percent(70));
            dials.ship_delay = dice.maybe(30, |dice| dice.delay(10_000));
            dials.keepalive = dice.maybe(30, |dice| dice.span(50_000, 600_000));
            dials.retention = dice.maybe(30, |dice| dice.range(1, 30) as u32);
            let origins = |dice: &mut Dice| Origins(vec![dice.node(nodes)]);
            dials.ignore_origins = dice.maybe(5, origins);
            dials.auto_seed = dice.maybe(10, |dice| dice.percent(50));
        }
    }
    dials
}

/// Leaves out the dials that a proper chain settles by itself.
fn leave_settled(command: &mut Command) {
    if let Command::Set(dials) = command {
        dials.ack = None;
        dials.relay_acks = None;
        dials.ignore_origins = None;
        dials.retention = None;
    }
}

/// Ends a scenario healed: everybody up and reachable, links clean, and time to come to rest.
fn settle(scenario: &mut Scenario) {
    let mut repairs = vec![Command::Heal(Yes)];
    for stamped in &scenario.at {
        let repair = match stamped.command {
            Command::Crash(node) => Command::Restart(node),
            Command::Pause(node) => Command::Resume(node),
            _ => continue,
        };
        if !repairs.contains(&repair) {
            repairs.push(repair);
        }
    }
    repairs.push(Command::Set(Box::new(DialsCommand {
        loss: Some(Probability::ZERO),
        duplicate: Some(Probability::ZERO),
        reorder: Some(Probability::ZERO),
        bandwidth: Some(Bandwidth(None)),
        apply_delay: Some(Delay::Constant(Span(100))),
        keepalive: Some(Span::ms(100)),
        ..DialsCommand::default()
    })));
    if scenario.cluster.failover.is_some() {
        // Answers must come before patience ends, or nobody is ever elected.
        let quick =
            DialsCommand { latency: Some(Delay::Constant(Span::ms(5))), ..DialsCommand::default() };
        repairs.push(Command::Set(Box::new(quick)));
    }
    let time = BUSY;
    scenario.at.extend(repairs.into_iter().map(|command| Stamped { time, command }));
    scenario.until = Span(BUSY.0 + super::vopr::REST.0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::validate;

    #[test]
    fn every_random_scenario_is_valid_and_depends_on_its_seed_alone() {
        for seed in 0..200 {
            let scenario = generate(seed);
            assert_eq!(validate(&scenario), Ok(()), "seed {seed}");
            assert_eq!(scenario, generate(seed));
        }
    }

    #[test]
    fn random_scenarios_reach_every_topology_and_every_kind_of_command() {
        let scenarios: Vec<Scenario> = (0..200).map(generate).collect();
        for shape in Shape::ALL {
            assert!(scenarios.iter().any(|scenario| scenario.cluster.topology == shape));
        }
        let mut names: Vec<&str> =
            scenarios.iter().flat_map(|s| &s.at).map(|stamped| stamped.command.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 19, "all but the clock, which moves no server: {names:?}");
    }
}
