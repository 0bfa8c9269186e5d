//! Makes a failing scenario smaller while it still fails: fewer commands, workloads, clients,
//! servers and dials, and a shorter run.

use crate::base::{Delay, NodeId, Span};
use crate::sim::{Command, DialsCommand, Scenario};

/// Passes over everything that can be left out; more find nothing.
const PASSES_MAX: u32 = 6;

/// The smallest scenario found for which `fails` holds, as it does for the given one.
pub fn smallest(scenario: &Scenario, fails: &mut dyn FnMut(&Scenario) -> bool) -> Scenario {
    let mut best = scenario.clone();
    for _ in 0..PASSES_MAX {
        let before = best.clone();
        fewer(&mut best, fails, &|scenario| &mut scenario.at);
        fewer(&mut best, fails, &|scenario| &mut scenario.workload);
        fewer(&mut best, fails, &|scenario| &mut scenario.network.link);
        fewer(&mut best, fails, &|scenario| &mut scenario.node);
        fewer(&mut best, fails, &|scenario| &mut scenario.client);
        fewer(&mut best, fails, &|scenario| &mut scenario.cluster.stream);
        for change in SIMPLER {
            attempt(&mut best, fails, *change);
        }
        plainer_dials(&mut best, fails);
        if best == before {
            break;
        }
    }
    best
}

type Change = fn(&mut Scenario);

/// Keeps a change if the scenario still fails.
fn attempt(best: &mut Scenario, fails: &mut dyn FnMut(&Scenario) -> bool, change: Change) -> bool {
    let mut candidate = best.clone();
    change(&mut candidate);
    keep(best, candidate, fails)
}

fn keep(
    best: &mut Scenario,
    candidate: Scenario,
    fails: &mut dyn FnMut(&Scenario) -> bool,
) -> bool {
    let kept = candidate != *best && fails(&candidate);
    if kept {
        *best = candidate;
    }
    kept
}

/// Leaves out elements of a list: halves first, then ever smaller pieces.
fn fewer<T>(
    best: &mut Scenario,
    fails: &mut dyn FnMut(&Scenario) -> bool,
    list: &dyn Fn(&mut Scenario) -> &mut Vec<T>,
) {
    let mut piece = list(best).len().next_power_of_two();
    while piece > 0 {
        let mut from = 0;
        while from < list(best).len() {
            let mut candidate = best.clone();
            let elements = list(&mut candidate);
            let to = (from + piece).min(elements.len());
            elements.drain(from..to);
            if !keep(best, candidate, fails) {
                from += piece;
            }
        }
        piece /= 2;
    }
}

/// What may turn out not to matter.
const SIMPLER: &[Change] = &[
    last_node_away,
    |s| s.until = Span(s.until.0 / 2),
    |s| s.until = Span(s.until.0 * 9 / 10),
    |s| s.network.loss = Default::default(),
    |s| s.network.duplicate = Default::default(),
    |s| s.network.reorder = Default::default(),
    |s| s.network.bandwidth = Default::default(),
    |s| s.network.latency = Delay::Constant(Span::ms(10)),
    |s| s.cluster.apply_delay = Delay::NONE,
    |s| s.cluster.flush_delay = Delay::NONE,
    |s| s.cluster.query_delay = Delay::NONE,
    |s| s.cluster.chain = Default::default(),
    |s| s.cluster.ship_delay = Delay::NONE,
    |s| s.cluster.apply_workers = 1,
    |s| s.cluster.retention = None,
    |s| s.cluster.apply_row_delay = Span::ZERO,
    |s| s.cluster.log_format = Default::default(),
    |s| s.cluster.row_image = Default::default(),
    |s| s.cluster.auto_increment = Default::default(),
    |s| s.cluster.users /= 2,
    |s| s.cluster.auto_seed = true,
    |s| s.cluster.loop_filter = Default::default(),
    |s| s.cluster.ignore_origins = Vec::new(),
    |s| s.cluster.writers = None,
    |s| s.cluster.conflict = Default::default(),
    |s| s.cluster.ack = Default::default(),
    |s| s.cluster.ack.timeout = None,
    |s| s.cluster.failover = None,
    |s| s.cluster.relay_acks = true,
    |s| s.cluster.keepalive = Span::ms(500),
    |s| s.cluster.fanout = 2,
    |s| s.cluster.topology = crate::topology::Shape::Star,
    |s| s.client.iter_mut().for_each(|client| client.latency = Delay::NONE),
    |s| s.client.iter_mut().for_each(|client| client.timeout = Span::s(5)),
    |s| s.client.iter_mut().for_each(|client| client.wait = Span::s(1)),
    |s| s.client.iter_mut().for_each(|client| client.read = Default::default()),
    |s| s.client.iter_mut().for_each(|client| client.home = NodeId(0)),
    |s| s.workload.iter_mut().for_each(|workload| workload.reads = Default::default()),
    |s| s.workload.iter_mut().for_each(|workload| workload.rate.0 = workload.rate.0.div_ceil(2)),
    |s| s.workload.iter_mut().for_each(|workload| workload.keys = 1),
    |s| s.workload.iter_mut().for_each(|workload| workload.until = Some(Span(workload.from.0 + 1))),
];

/// One server fewer, and everything that names it.
fn last_node_away(scenario: &mut Scenario) {
    let Some(nodes) = scenario.cluster.nodes.checked_sub(1).filter(|nodes| *nodes > 0) else {
        return;
    };
    scenario.cluster.nodes = nodes;
    let known = |node: NodeId| node.0 < nodes;
    scenario.cluster.stream.retain(|stream| known(stream.from) && known(stream.to));
    scenario.network.link.retain(|link| known(link.from) && known(link.to));
    scenario.node.retain(|node| known(node.id));
    scenario.client.iter_mut().filter(|client| !known(client.home)).for_each(|client| {
        client.home = NodeId(0);
    });
    scenario.at.retain_mut(|stamped| match &mut stamped.command {
        Command::Sql(sql) => sql.to.is_none_or(known),
        Command::Delete(delete) => delete.to.is_none_or(known),
        Command::Read(read) => read.to.is_none_or(known),
        Command::Write(write)
        | Command::Insert(write)
        | Command::SetAdd(write)
        | Command::SetRemove(write) => write.to.is_none_or(known),
        Command::Increment(increment) => increment.to.is_none_or(known),
        Command::TextInsert(insert) => insert.to.is_none_or(known),
        Command::TextDelete(delete) => delete.to.is_none_or(known),
        Command::Crash(node)
        | Command::Restart(node)
        | Command::Pause(node)
        | Command::Resume(node)
        | Command::Promote(node)
        | Command::Demote(node)
        | Command::RemoveNode(node)
        | Command::Reseed(node)
        | Command::Vacuum(node)
        | Command::Skip(node) => known(*node),
        Command::AddNode(add) => add.source.is_none_or(known),
        Command::Repoint(repoint) => known(repoint.node) && known(repoint.source),
        Command::Partition(partition) => {
            partition.groups.iter_mut().for_each(|group| group.retain(|node| known(*node)));
            true
        }
        Command::Heal(_) | Command::Rebalance(_) => true,
        Command::Cut(cut) | Command::Mend(cut) => known(cut.from) && known(cut.to),
        Command::Set(dials) => [dials.node, dials.from, dials.to].into_iter().flatten().all(known),
        Command::Clock(clock) => known(clock.node),
    });
}

/// Leaves out each dial of each command that sets some.
fn plainer_dials(best: &mut Scenario, fails: &mut dyn FnMut(&Scenario) -> bool) {
    const DIALS: &[fn(&mut DialsCommand)] = &[
        |d| d.ack = None,
        |d| d.conflict = None,
        |d| d.relay_acks = None,
        |d| d.ship_delay = None,
        |d| d.keepalive = None,
        |d| d.retention = None,
        |d| d.auto_seed = None,
        |d| d.ignore_origins = None,
        |d| d.vacuum = None,
        |d| d.apply_after = None,
        |d| d.apply_delay = None,
        |d| d.apply_workers = None,
        |d| d.flush_delay = None,
        |d| d.apply_row_delay = None,
        |d| d.log_format = None,
        |d| d.row_image = None,
        |d| d.query_delay = None,
        |d| d.latency = None,
        |d| d.loss = None,
        |d| d.duplicate = None,
        |d| d.reorder = None,
        |d| d.bandwidth = None,
    ];
    for at in 0..best.at.len() {
        for dial in DIALS {
            let mut candidate = best.clone();
            if let Command::Set(dials) = &mut candidate.at[at].command {
                dial(dials);
                keep(best, candidate, fails);
            }
        }
    }
}
