//! Snapshots, lags and delays: what a snapshot shows, what it may not, and that the lags agree.

use crate::data::{Gtid, LATEST};
use crate::node::{Fact, Stage, Status};
use crate::sim::behind;

use super::{Holds, Step};

/// Two keys written in an order are never seen out of it: at whatever server, a snapshot shows of
/// each key what had been committed last by then.
pub fn shows_what_was_committed(step: &Step) -> Holds {
    if !step.setting.one_history {
        return Ok(());
    }
    for (node, fact) in step.facts() {
        let Fact::Served { op, version, snapshot } = *fact else {
            continue;
        };
        if snapshot == LATEST {
            continue;
        }
        let Some(key) = step.world.ledger.op(op).map(|booked| booked.key()) else {
            continue;
        };
        let by_then = step.seen.versions.range((key, 0)..=(key, snapshot)).next_back();
        let expected = by_then.map(|(_, gtid)| *gtid);
        if version != expected {
            return Err(format!("{} shows {version:?} as of {snapshot}: {expected:?}", node.id));
        }
    }
    Ok(())
}

pub fn snapshots_are_applied(step: &Step) -> Holds {
    if !step.setting.one_history {
        return Ok(());
    }
    for node in step.nodes().filter(|node| node.status == Status::Up) {
        if node.disk.store.versions().is_none() {
            continue;
        }
        let newest = node.newest_snapshot(step.world.now);
        let commits = step.seen.stamps.range(..=newest).rev().take(8);
        let mut hidden = commits.filter(|(_, gtid)| !node.disk.applied.contains(**gtid));
        if let Some((stamp, gtid)) = hidden.next() {
            let id = node.id;
            return Err(format!("{id} offers {newest} and has not applied {gtid} of {stamp}"));
        }
    }
    Ok(())
}

pub fn no_lag_no_staleness(step: &Step) -> Holds {
    for node in step.nodes() {
        let behind = behind(step.world, node, step.world.now);
        let parts = behind.parts;
        if parts.ship + parts.queue + parts.apply != behind.entries {
            return Err(format!("{} lacks {behind:?}", node.id));
        }
        let stale = behind.staleness_us > 0 && step.setting.one_history;
        if stale && behind.entries == 0 {
            return Err(format!("{} has every entry and is stale: {behind:?}", node.id));
        }
    }
    Ok(())
}

pub fn delayed_applies_late(step: &Step) -> Holds {
    let takes_over = |fact: &Fact| {
        matches!(fact, Fact::Promoted(_) | Fact::Demoted | Fact::SteppedDown(_) | Fact::Elected(_))
    };
    for (node, fact) in step.facts() {
        let &Fact::Applied { gtid, started_at, .. } = fact else {
            continue;
        };
        let drains = matches!(node.memory.election.stage, Stage::Draining(_))
            || step.facts().any(|(other, fact)| other.id == node.id && takes_over(fact));
        let written_at = stamp(step, gtid).filter(|_| !drains);
        let due_at = written_at.map(|at| at + node.dials.apply_after.0);
        let dialled = step.seen.rules_changed_at > started_at;
        if due_at.is_some_and(|due_at| started_at < due_at) && !dialled {
            return Err(format!("{} applied {gtid} at {started_at}: {due_at:?}", node.id));
        }
    }
    Ok(())
}

fn stamp(step: &Step, gtid: Gtid) -> Option<u64> {
    let named = step.seen.written.get(&gtid)?;
    step.world.ledger.op(named.op)?.stamp
}
