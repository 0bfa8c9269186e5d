//! What a scenario allows over its whole length, and with it which invariants apply.

use crate::base::NodeId;
use crate::data::sql::{Safety, parse};
use crate::policy::{
    Ack, Candidate, Chain, Conflict, Count, LogFormat, LoopFilter, OnTimeout, Point, Rejoin,
    Visible,
};
use crate::sim::{Command, DialsCommand, Scenario, Stamped};
use crate::topology::Shape;

use super::wait::gives_up;

/// What holds throughout a scenario, whatever its luck.
pub struct Setting {
    /// No message is ever held back or doubled.
    pub in_order: bool,
    /// Servers drop what they already have.
    pub filters: bool,
    /// Nobody's entries are ever ignored, so that a log lacks none in between.
    pub takes_all: bool,
    /// The rule for concurrent changes, if it holds throughout.
    pub conflict: Option<Conflict>,
    /// Logs forget entries, so that copies may take their place.
    pub trims: bool,
    /// One server takes writes, but for split brains.
    pub one_primary: bool,
    /// One server writes throughout, and everything it writes comes to stay.
    pub one_history: bool,
    /// Every server is reached from the one that takes writes.
    pub reaches_all: bool,
    /// Each server follows one other at most, and what it lacks is never behind what it has: no
    /// copy goes round in a circle.
    pub one_order: bool,
    /// Every replica applies before a write is acknowledged, and one server leads throughout.
    pub sync_applied: bool,
    /// Every server comes to the same table: the log carries rows wherever a statement would come
    /// to something else.
    pub same_tables: bool,
    /// A primary gives way to a newer epoch, and nobody keeps what that never had.
    pub fenced: bool,
    /// Servers elect the most advanced by a majority, the operator never interferes, and a write is
    /// acknowledged by a majority that has it on disk.
    pub majorities: bool,
    /// Its rule, at some time, shows writes before their acks have come.
    pub shows_early: bool,
    /// Its rule never acknowledges without the acks it asks for.
    pub waits_for_ever: bool,
}

impl Setting {
    /// Of a scenario, its commands included.
    pub fn of(scenario: &Scenario) -> Setting {
        let cluster = &scenario.cluster;
        let dials = || {
            scenario.at.iter().filter_map(|stamped| match &stamped.command {
                Command::Set(dials) => Some(&**dials),
                _ => None,
            })
        };
        let never = |asks: &dyn Fn(&DialsCommand) -> bool| !dials().any(asks);
        let writers = match (&cluster.writers, cluster.topology) {
            (Some(writers), _) => writers.len(),
            (None, Shape::Ring) => usize::from(cluster.nodes),
            (None, Shape::Star | Shape::Chain | Shape::Tree | Shape::Custom) => 1,
        };
        let filters = cluster.loop_filter == LoopFilter::Gtid
            && never(&|dials| dials.loop_filter.is_some_and(|filter| filter != LoopFilter::Gtid));
        let takes_all =
            cluster.ignore_origins.is_empty() && never(&|dials| dials.ignore_origins.is_some());
        let reigns = scenario
            .at
            .iter()
            .any(|stamped| matches!(stamped.command, Command::Promote(_) | Command::Demote(_)));
        let failover = cluster.failover;
        let ever =
            |is: fn(&Command) -> bool| scenario.at.iter().any(|stamped| is(&stamped.command));
        let joins = ever(|command| matches!(command, Command::AddNode(_)));
        let leaves = ever(|command| matches!(command, Command::RemoveNode(_)));
        // Who joins a ring in which every server writes, writes too.
        let one_primary = writers == 1 && !(joins && cluster.topology == Shape::Ring);
        let repoints = ever(|command| matches!(command, Command::Repoint(_)));
        let relays_out = ever(|command| matches!(command, Command::Rebalance(_)));
        let fenced = failover.is_none_or(|rule| rule.fencing && rule.rejoin != Rejoin::Keep);
        let elects = failover
            .is_some_and(|rule| rule.quorum && rule.candidate == Candidate::MostAdvanced && fenced);
        let logs = |format| {
            cluster.log_format == format || !never(&|dials| dials.log_format == Some(format))
        };
        let safe = |stamped: &Stamped| match &stamped.command {
            Command::Sql(sql) => {
                parse(&sql.text).is_ok_and(|statement| statement.safety() <= Safety::Flagged)
            }
            _ => true,
        };
        let local = scenario.at.iter().any(|stamped| match &stamped.command {
            Command::Write(write)
            | Command::Insert(write)
            | Command::SetAdd(write)
            | Command::SetRemove(write) => write.ack.is_some(),
            _ => false,
        });
        let rules = || dials().filter_map(|dials| dials.ack).chain([cluster.ack]);
        Setting {
            same_tables: !logs(LogFormat::Statement) || scenario.at.iter().all(safe),
            shows_early: rules().any(|ack| ack.visible == Visible::AfterLog),
            waits_for_ever: !rules().any(|ack| gives_up(&ack)),
            fenced,
            majorities: elects
                && one_primary
                && filters
                && takes_all
                && !(reigns || joins || leaves || local)
                && majority(&cluster.ack, cluster.nodes)
                && never(&|dials| dials.ack.is_some()),
            in_order: ordered(scenario)
                && never(&|dials| {
                    dials.reorder.is_some_and(|p| !p.is_zero())
                        || dials.duplicate.is_some_and(|p| !p.is_zero())
                }),
            filters,
            takes_all,
            conflict: Some(cluster.conflict).filter(|_| never(&|dials| dials.conflict.is_some())),
            trims: cluster.retention.is_some() || !never(&|dials| dials.retention.is_some()),
            one_primary,
            one_history: one_primary && filters && !reigns && failover.is_none(),
            // Who is out of a proper chain follows nobody.
            reaches_all: takes_all
                && cluster.chain == Chain::Cascading
                && match cluster.topology {
                    // A ring that closed over one who writes has no way back for what that writes.
                    Shape::Ring => one_primary && !(repoints || relays_out),
                    Shape::Star | Shape::Chain | Shape::Tree => {
                        cluster.writers.as_ref().is_none_or(|writers| *writers == [NodeId(0)])
                    }
                    Shape::Custom => false,
                },
            one_order: one_source(scenario)
                && match cluster.topology {
                    Shape::Star | Shape::Chain | Shape::Tree => true,
                    Shape::Ring => {
                        cluster.retention.is_none() && never(&|dials| dials.retention.is_some())
                    }
                    Shape::Custom => acyclic(scenario) && !repoints,
                },
            sync_applied: one_primary
                && filters
                && takes_all
                && !reigns
                && !local
                && failover.is_none()
                && !joins
                && all_apply(&cluster.ack)
                && never(&|dials| dials.ack.is_some()),
        }
    }
}

fn majority(ack: &Ack, nodes: u16) -> bool {
    let forever = ack.timeout.is_none() || ack.on_timeout == OnTimeout::Wait;
    forever && ack.point >= Point::Flushed && ack.needed(nodes) >= nodes / 2
}

fn all_apply(ack: &Ack) -> bool {
    let forever = ack.timeout.is_none() || ack.on_timeout == OnTimeout::Wait;
    ack.count == Count::All && ack.point == Point::Applied && forever
}

fn ordered(scenario: &Scenario) -> bool {
    let network = &scenario.network;
    let orderly = |p: Option<crate::base::Probability>| p.is_none_or(|p| p.is_zero());
    network.reorder.is_zero()
        && network.duplicate.is_zero()
        && network.link.iter().all(|link| orderly(link.reorder) && orderly(link.duplicate))
}

/// Whether no stream leads back to where it comes from.
fn acyclic(scenario: &Scenario) -> bool {
    let mut left = scenario.cluster.stream.clone();
    loop {
        let before = left.len();
        let sources: Vec<NodeId> = left.iter().map(|stream| stream.from).collect();
        left.retain(|stream| sources.contains(&stream.to));
        if left.len() == before {
            return left.is_empty();
        }
    }
}

fn one_source(scenario: &Scenario) -> bool {
    let streams = &scenario.cluster.stream;
    streams.iter().all(|one| !streams.iter().any(|other| other.to == one.to && other != one))
}
