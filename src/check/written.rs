//! The report in its written form, as `CONTRACT` lays it out: a table with the names of its fields.

use crate::form::{Decimal, Form, ToForm};
use crate::node::Limit;
use crate::sim::standings_form;

use super::histogram::Summary;
use super::report::{
    Bytes, FailoverReport, Messages, NodeReport, Parts, Reads, Report, RtoParts, Spread,
    WriteReport, Writes,
};

impl ToForm for Report {
    fn to_form(&self) -> Form {
        Form::table([
            ("scenario", self.scenario.to_form()),
            ("seed", self.seed.to_form()),
            ("until_us", self.until_us.to_form()),
            ("digest", self.digest.to_form()),
            ("events", self.events.to_form()),
            ("messages", self.messages.to_form()),
            ("bytes", self.bytes.to_form()),
            ("writes", self.writes.to_form()),
            ("ledger", standings_form(&self.ledger)),
            ("reads", self.reads.to_form()),
            ("staleness_us", self.staleness_us.to_form()),
            ("staleness_versions", self.staleness_versions.to_form()),
            ("commit_latency_us", self.commit_latency_us.to_form()),
            ("write_latency_us", self.write_latency_us.to_form()),
            ("read_latency_us", self.read_latency_us.to_form()),
            ("lag_us", self.lag_us.to_form()),
            ("lag_entries", self.lag_entries.to_form()),
            ("lag_parts_us", self.lag_parts_us.to_form()),
            ("failovers", self.failovers.to_form()),
            ("rpo_writes", self.rpo_writes.to_form()),
            ("lost_writes", self.lost_writes.to_form()),
            ("discarded_writes", self.discarded_writes.to_form()),
            ("rto_us", self.rto_us.to_form()),
            ("nodes", self.nodes.to_form()),
            ("converged", self.converged.to_form()),
            ("divergent_keys", self.divergent_keys.to_form()),
            ("guarantees", self.guarantees.to_form()),
            ("limit", self.limit.map(Limit::name).into()),
        ])
    }
}

impl ToForm for Messages {
    fn to_form(&self) -> Form {
        Form::table([
            ("sent", self.sent.to_form()),
            ("delivered", self.delivered.to_form()),
            ("lost", self.lost.to_form()),
            ("duplicated", self.duplicated.to_form()),
            ("in_flight", self.in_flight.to_form()),
        ])
    }
}

impl ToForm for Bytes {
    fn to_form(&self) -> Form {
        Form::table([
            ("log", self.log.to_form()),
            ("ack", self.ack.to_form()),
            ("control", self.control.to_form()),
        ])
    }
}

impl ToForm for Writes {
    fn to_form(&self) -> Form {
        Form::table([
            ("issued", self.issued.to_form()),
            ("acknowledged", self.acknowledged.to_form()),
            ("degraded", self.degraded.to_form()),
            ("refused", self.refused.to_form()),
            ("timed_out", self.timed_out.to_form()),
            ("pending", self.pending.to_form()),
            ("lost_acknowledged", self.lost_acknowledged.to_form()),
            ("resurrected", self.resurrected.to_form()),
            ("discarded", self.discarded.to_form()),
            ("conflicts", self.conflicts.to_form()),
            ("refused_yet_there", self.refused_yet_there.to_form()),
        ])
    }
}

impl ToForm for Reads {
    fn to_form(&self) -> Form {
        Form::table([
            ("issued", self.issued.to_form()),
            ("answered", self.answered.to_form()),
            ("stale", self.stale.to_form()),
            ("failed", self.failed.to_form()),
        ])
    }
}

impl ToForm for Spread {
    fn to_form(&self) -> Form {
        Form::table([
            ("p50", self.p50.to_form()),
            ("p99", self.p99.to_form()),
            ("max", self.max.to_form()),
        ])
    }
}

impl ToForm for Parts {
    fn to_form(&self) -> Form {
        Form::table([
            ("ship", Form::Decimal(Decimal::rounded(self.ship, 3))),
            ("queue", Form::Decimal(Decimal::rounded(self.queue, 3))),
            ("apply", Form::Decimal(Decimal::rounded(self.apply, 3))),
        ])
    }
}

impl ToForm for FailoverReport {
    fn to_form(&self) -> Form {
        Form::table([
            ("crashed_at_us", self.crashed_at_us.to_form()),
            ("detected_at_us", self.detected_at_us.to_form()),
            ("elected_at_us", self.elected_at_us.to_form()),
            ("promoted_at_us", self.promoted_at_us.to_form()),
            ("repointed_at_us", self.repointed_at_us.to_form()),
            ("from", self.from.to_form()),
            ("to", self.to.to_form()),
            ("epoch", self.epoch.to_form()),
            ("parts_us", self.parts_us.to_form()),
        ])
    }
}

impl ToForm for RtoParts {
    fn to_form(&self) -> Form {
        Form::table([
            ("detect", self.detect.to_form()),
            ("elect", self.elect.to_form()),
            ("drain", self.drain.to_form()),
            ("repoint", self.repoint.to_form()),
        ])
    }
}

impl ToForm for WriteReport {
    fn to_form(&self) -> Form {
        Form::table([
            ("op", self.op.to_form()),
            ("client", self.client.to_form()),
            ("key", self.key.to_form()),
            ("value", self.value.to_form()),
            ("gtid", self.gtid.to_form()),
            ("acknowledged_at_us", self.acknowledged_at_us.to_form()),
        ])
    }
}

impl ToForm for NodeReport {
    fn to_form(&self) -> Form {
        Form::table([
            ("up", self.up.to_form()),
            ("role", self.role.to_form()),
            ("epoch", self.epoch.to_form()),
            ("applied", self.applied.to_form()),
            ("lag", self.lag.to_form()),
            ("chapter_lag_us", self.chapter_lag_us.to_form()),
            ("newest_snapshot_us", self.newest_snapshot_us.to_form()),
            ("rows", self.rows.to_form()),
            ("users", self.users.clone()),
        ])
    }
}

impl ToForm for Summary {
    fn to_form(&self) -> Form {
        Form::table([
            ("count", self.count.to_form()),
            ("mean", Form::Decimal(Decimal::rounded(self.mean, 3))),
            ("p50", self.p50.to_form()),
            ("p90", self.p90.to_form()),
            ("p95", self.p95.to_form()),
            ("p99", self.p99.to_form()),
            ("p999", self.p999.to_form()),
            ("max", self.max.to_form()),
        ])
    }
}
