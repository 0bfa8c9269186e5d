//! Random scenarios: any topology, any rule, any fault, from a seed and nothing else.
//!
//! Small on purpose: a dozen servers and a few seconds find what a thousand servers would, sooner.

use crate::base::{Delay, NodeId, Probability, SkewSpan, Span};
use crate::data::Value;
use crate::policy::{
    AutoIncrement, Candidate, Chain, Conflict, Failover, Isolation, LogFormat, LoopFilter, Offset,
    Origins, Preset, ReadPolicy, Rejoin, RowImage,
};
use crate::sim::{
    AddCommand, Arrivals, Bandwidth, ClientSpec, Cluster, Command, CutCommand, DeleteCommand,
    DialsCommand, IncrementCommand, LinkSpec, NetworkSpec, NodeSpec, PartitionCommand, Rate,
    ReadCommand, RepointCommand, Scenario, Skew, SqlCommand, Stamped, TextDeleteCommand,
    TextInsertCommand, WorkloadSpec, WriteCommand, Yes, limits::Limits,
};
use crate::topology::{Shape, Stream};

use super::dice::{BUSY, Dice};
use super::statements::statement;

/// The most servers of a random cluster.
const NODES_MAX: u64 = 12;

/// The random scenario of a seed; always valid. Most end healed and with time to come to rest.
pub fn generate(seed: u64) -> Scenario {
    let mut dice = Dice::new(seed, 0);
    let cluster = cluster(&mut dice);
    let (nodes, isolation) = (cluster.nodes, cluster.isolation);
    let client: Vec<ClientSpec> =
        (0..dice.range(1, 3)).map(|number| a_client(&mut dice, number, nodes, isolation)).collect();
    let settles = cluster.loop_filter == LoopFilter::Gtid && dice.percent(85);
    let mut scenario = Scenario {
        name: format!("random {seed}"),
        seed,
        until: BUSY,
        limits: limits(cluster.loop_filter),
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
        let time = dice.moment();
        let command = command(&mut dice, named, scenario.client.len(), isolation);
        // Later commands may name a server that joins, now and then before it has.
        named += u16::from(matches!(command, Command::AddNode(_)));
        scenario.at.push(Stamped { time, command });
    }
    if dice.percent(40) {
        statements(&mut dice, &mut scenario);
    }
    // Draws of their own, so that all other scenarios stay what they are.
    let mut bias = Dice::new(seed, 1 << 32);
    if bias.percent(8) {
        leave_it_to_elections(&mut scenario, &mut bias);
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

/// Where entries may go round for ever, each round may make more of them: a run that has shown this
/// need not fill the memory. Ninety-eight in a hundred such runs stay below a tenth of it.
fn limits(loop_filter: LoopFilter) -> Limits {
    match loop_filter {
        LoopFilter::Gtid => Limits::default(),
        LoopFilter::Origin | LoopFilter::Off => {
            Limits { in_flight: 20_000, steps: 200_000, ..Limits::default() }
        }
    }
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
        conflict: if dice.percent(50) { Conflict::None } else { dice.pick(&Conflict::ALL) },
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
        apply_row_delay: dice.maybe(20, |dice| dice.span(0, 200)).unwrap_or_default(),
        log_format: dice.pick(&LogFormat::ALL),
        row_image: dice.pick(&RowImage::ALL),
        auto_increment: dice.maybe(40, auto_increment).unwrap_or_default(),
        users: dice.maybe(60, |dice| dice.pick(&[3, 30, 3_000])).unwrap_or_default(),
        ship_delay: dice.maybe(20, |dice| dice.delay(10_000)).unwrap_or_default(),
        keepalive: dice.span(50_000, 600_000),
        retention: dice.maybe(30, |dice| dice.range(1, 30) as u32),
        auto_seed: !dice.percent(20),
        failover: match topology {
            Shape::Star | Shape::Chain | Shape::Tree => dice.maybe(35, failover),
            Shape::Ring | Shape::Custom => None,
        },
        code: None,
        stream: match topology {
            Shape::Custom => streams(dice, nodes),
            Shape::Star | Shape::Chain | Shape::Ring | Shape::Tree => Vec::new(),
        },
        ..Cluster::default()
    };
    let one_writer = match &cluster.writers {
        Some(writers) => writers.len() == 1,
        None => topology != Shape::Ring,
    };
    if one_writer && dice.percent(40) {
        cluster.isolation = Isolation::Mvcc;
        cluster.vacuum = dice.maybe(50, |dice| dice.span(20_000, 3_000_000));
    }
    if proper {
        settle_chain(&mut cluster);
    }
    cluster
}

/// What a proper chain settles by itself.
fn settle_chain(cluster: &mut Cluster) {
    let plain = Cluster::default();
    cluster.ack = plain.ack;
    cluster.conflict = plain.conflict;
    cluster.isolation = plain.isolation;
    cluster.vacuum = None;
    cluster.loop_filter = plain.loop_filter;
    cluster.relay_acks = plain.relay_acks;
    cluster.retention = None;
    if let Some(failover) = &mut cluster.failover {
        failover.quorum = true;
        failover.fencing = true;
        failover.rejoin = Rejoin::Rewind;
    }
}

fn auto_increment(dice: &mut Dice) -> AutoIncrement {
    let step = dice.range(1, 12) as u32;
    let same = Offset::Same(dice.range(1, step.into()) as u32);
    AutoIncrement { step, offset: dice.pick(&[Offset::Node, Offset::Node, same]) }
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
        as_written: false,
    }
}

/// A random tree below n1, mostly, at times both ways, and a few streams across it.
fn streams(dice: &mut Dice, nodes: u16) -> Vec<Stream> {
    let mut streams = Vec::new();
    for to in 1..nodes {
        let from = NodeId(dice.roll(to.into()) as u16);
        if dice.percent(95) {
            streams.push(Stream { from, to: NodeId(to) });
        }
    }
    // Both ways: pairs, and meshes of them.
    if dice.percent(40) {
        let back = |stream: &Stream| Stream { from: stream.to, to: stream.from };
        streams.extend(streams.clone().iter().map(back));
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
                clock_skew: dice.maybe(30, |dice| SkewSpan(dice.roll(400_000) as i64 - 200_000)),
                apply_delay: dice.maybe(60, |dice| dice.delay(40_000)),
                apply_workers: dice.maybe(30, |dice| dice.range(1, 3) as u16),
                flush_delay: dice.maybe(40, |dice| dice.delay(20_000)),
                apply_row_delay: dice.maybe(10, |dice| dice.span(0, 50)),
                apply_after: dice.maybe(30, |dice| dice.span(0, 1_500_000)),
                query_delay: None,
            });
        }
    }
    specs
}

fn a_client(dice: &mut Dice, number: u64, nodes: u16, isolation: Isolation) -> ClientSpec {
    let rules = ReadPolicy::ALL.into_iter().filter(|rule| *rule != ReadPolicy::Snapshot);
    let rules: Vec<ReadPolicy> = rules.collect();
    let rule = match isolation {
        Isolation::Mvcc if dice.percent(50) => ReadPolicy::Snapshot,
        Isolation::Mvcc | Isolation::Latest => dice.pick(&rules),
    };
    ClientSpec {
        id: format!("c{number}"),
        home: dice.node(nodes),
        latency: dice.delay(4_000),
        read: rule,
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

fn command(dice: &mut Dice, nodes: u16, clients: usize, isolation: Isolation) -> Command {
    let client = format!("c{}", dice.roll(clients as u64));
    let key = format!("k{}", dice.range(1, 4));
    let to = dice.maybe(25, |dice| dice.node(nodes));
    let node = dice.node(nodes);
    let cut = |dice: &mut Dice| {
        let (from, to) = two(dice, nodes);
        CutCommand { from, to, both: dice.percent(50) }
    };
    let versions = isolation == Isolation::Mvcc;
    match dice.roll(if versions { 48 } else { 42 }) {
        36..42 => amendment(dice, client, to),
        0..4 => Command::Write(WriteCommand {
            client,
            key,
            value: Value::Number(dice.roll(100) as i64),
            to,
            ack: dice.maybe(15, |_| Preset::Async),
        }),
        4 => Command::Delete(DeleteCommand { client, key, to }),
        5 | 6 | 44.. => {
            let at = if versions { dice.maybe(50, Dice::moment) } else { None };
            Command::Read(ReadCommand { client, key, at, to })
        }
        42 | 43 => Command::Vacuum(node),
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
        18..=20 | 26..36 => Command::Set(Box::new(dials(dice, nodes))),
    }
}

/// Statements of some clients, safe ones only as often as not.
fn statements(dice: &mut Dice, scenario: &mut Scenario) {
    let all_safe = dice.percent(50);
    for _ in 0..dice.range(1, 12) {
        let text = match dice.roll(40) {
            0 => "TRUNCATE users".to_string(),
            1 => "DROP TABLE users".to_string(),
            2..6 => "SELECT COUNT(*) FROM users WHERE age > 20".to_string(),
            _ => {
                let safe = all_safe || dice.percent(60);
                statement(&mut |below| dice.roll(below), safe)
            }
        };
        let client = dice.maybe(70, |dice| format!("c{}", dice.roll(scenario.client.len() as u64)));
        let to = dice.maybe(15, |dice| dice.node(scenario.cluster.nodes));
        let sql = SqlCommand { client: client.unwrap_or_default(), text, to };
        scenario.at.push(Stamped { time: dice.moment(), command: Command::Sql(sql) });
    }
}

/// A change of a counter, a set or a text, each with keys of its own, mostly.
fn amendment(dice: &mut Dice, client: String, to: Option<NodeId>) -> Command {
    let nth = dice.range(1, 2);
    let sort = dice.pick(&["c", "c", "s", "s", "t", "t", "k"]);
    let key = format!("{sort}{nth}");
    let member = |dice: &mut Dice| Value::Number(dice.roll(3) as i64);
    match sort {
        "s" if dice.percent(60) => {
            Command::SetAdd(WriteCommand { client, key, value: member(dice), to, ack: None })
        }
        "s" => Command::SetRemove(WriteCommand { client, key, value: member(dice), to, ack: None }),
        "t" if dice.percent(70) => {
            let text = dice.pick(&["a", "bc", "def"]).to_string();
            let at = dice.roll(6) as u32;
            Command::TextInsert(TextInsertCommand { client, key, at, text, to })
        }
        "t" => {
            let (at, count) = (dice.roll(6) as u32, dice.range(1, 3) as u32);
            Command::TextDelete(TextDeleteCommand { client, key, at, count, to })
        }
        _ => {
            let by = dice.range(1, 9) as i64 - 4;
            Command::Increment(IncrementCommand { client, key, by, to })
        }
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
            dials.apply_after = dice.maybe(20, |dice| dice.span(0, 1_000_000));
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
            dials.log_format = dice.maybe(20, |dice| dice.pick(&LogFormat::ALL));
            dials.row_image = dice.maybe(20, |dice| dice.pick(&RowImage::ALL));
            dials.apply_row_delay = dice.maybe(20, |dice| dice.span(0, 100));
            let origins = |dice: &mut Dice| Origins(vec![dice.node(nodes)]);
            dials.ignore_origins = dice.maybe(5, origins);
            dials.auto_seed = dice.maybe(10, |dice| dice.percent(50));
        }
    }
    dials
}

/// Makes a scenario one in which servers elect the most advanced by a majority, which also
/// acknowledges every write, and the operator keeps out of it: much is promised then, and by luck
/// alone hardly any scenario is like that.
fn leave_it_to_elections(scenario: &mut Scenario, dice: &mut Dice) {
    let cluster = &mut scenario.cluster;
    if matches!(cluster.topology, Shape::Ring | Shape::Custom)
        || cluster.loop_filter != LoopFilter::Gtid
        || cluster.chain == Chain::Proper
    {
        return;
    }
    cluster.nodes = cluster.nodes.max(3);
    cluster.ack = Preset::Quorum.ack();
    let heartbeat = dice.span(20_000, 150_000);
    cluster.failover = Some(Failover {
        heartbeat,
        timeout: Span(heartbeat.0 * dice.range(2, 5)),
        quorum: true,
        fencing: true,
        rejoin: dice.pick(&[Rejoin::Rewind, Rejoin::Discard]),
        candidate: Candidate::MostAdvanced,
        as_written: false,
    });
    for stamped in &mut scenario.at {
        // One crash more, or one server back, for each that the operator would have moved.
        if let Command::Promote(_) = stamped.command {
            stamped.command = Command::Crash(NodeId(dice.roll(3) as u16));
        } else if let Command::Demote(node) = stamped.command {
            stamped.command = Command::Restart(node);
        } else if let Command::Set(dials) = &mut stamped.command {
            dials.ack = None;
        }
    }
}

/// Leaves out the dials that a proper chain settles by itself.
fn leave_settled(command: &mut Command) {
    if let Command::Set(dials) = command {
        dials.ack = None;
        dials.conflict = None;
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
        apply_row_delay: Some(Span::ZERO),
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
        let all = "all but the clock, an insert and a skip";
        assert_eq!(names.len(), 26, "{all}: {names:?}");
    }
}
