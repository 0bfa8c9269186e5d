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
        Form::table(&[
            ("scenario", &self.scenario),
            ("seed", &self.seed),
            ("until_us", &self.until_us),
            ("digest", &self.digest),
            ("events", &self.events),
            ("messages", &self.messages),
            ("bytes", &self.bytes),
            ("writes", &self.writes),
            ("ledger", &standings_form(&self.ledger)),
            ("reads", &self.reads),
            ("staleness_us", &self.staleness_us),
            ("staleness_versions", &self.staleness_versions),
            ("commit_latency_us", &self.commit_latency_us),
            ("write_latency_us", &self.write_latency_us),
            ("read_latency_us", &self.read_latency_us),
            ("lag_us", &self.lag_us),
            ("lag_entries", &self.lag_entries),
            ("lag_parts_us", &self.lag_parts_us),
            ("failovers", &self.failovers),
            ("rpo_writes", &self.rpo_writes),
            ("lost_writes", &self.lost_writes),
            ("discarded_writes", &self.discarded_writes),
            ("rto_us", &self.rto_us),
            ("nodes", &self.nodes),
            ("converged", &self.converged),
            ("divergent_keys", &self.divergent_keys),
            ("guarantees", &self.guarantees),
            ("limit", &self.limit.map(Limit::name)),
        ])
    }
}

impl ToForm for Messages {
    fn to_form(&self) -> Form {
        Form::table(&[
            ("sent", &self.sent),
            ("delivered", &self.delivered),
            ("lost", &self.lost),
            ("duplicated", &self.duplicated),
            ("in_flight", &self.in_flight),
        ])
    }
}

impl ToForm for Bytes {
    fn to_form(&self) -> Form {
        Form::table(&[("log", &self.log), ("ack", &self.ack), ("control", &self.control)])
    }
}

impl ToForm for Writes {
    fn to_form(&self) -> Form {
        Form::table(&[
            ("issued", &self.issued),
            ("acknowledged", &self.acknowledged),
            ("degraded", &self.degraded),
            ("refused", &self.refused),
            ("timed_out", &self.timed_out),
            ("pending", &self.pending),
            ("lost_acknowledged", &self.lost_acknowledged),
            ("resurrected", &self.resurrected),
            ("discarded", &self.discarded),
            ("conflicts", &self.conflicts),
            ("refused_yet_there", &self.refused_yet_there),
        ])
    }
}

impl ToForm for Reads {
    fn to_form(&self) -> Form {
        Form::table(&[
            ("issued", &self.issued),
            ("answered", &self.answered),
            ("stale", &self.stale),
            ("failed", &self.failed),
        ])
    }
}

impl ToForm for Spread {
    fn to_form(&self) -> Form {
        Form::table(&[("p50", &self.p50), ("p99", &self.p99), ("max", &self.max)])
    }
}

impl ToForm for Parts {
    fn to_form(&self) -> Form {
        Form::table(&[
            ("ship", &Form::Decimal(Decimal::rounded(self.ship, 3))),
            ("queue", &Form::Decimal(Decimal::rounded(self.queue, 3))),
            ("apply", &Form::Decimal(Decimal::rounded(self.apply, 3))),
        ])
    }
}

impl ToForm for FailoverReport {
    fn to_form(&self) -> Form {
        Form::table(&[
            ("crashed_at_us", &self.crashed_at_us),
            ("detected_at_us", &self.detected_at_us),
            ("elected_at_us", &self.elected_at_us),
            ("promoted_at_us", &self.promoted_at_us),
            ("repointed_at_us", &self.repointed_at_us),
            ("from", &self.from),
            ("to", &self.to),
            ("epoch", &self.epoch),
            ("parts_us", &self.parts_us),
        ])
    }
}

impl ToForm for RtoParts {
    fn to_form(&self) -> Form {
        Form::table(&[
            ("detect", &self.detect),
            ("elect", &self.elect),
            ("drain", &self.drain),
            ("repoint", &self.repoint),
        ])
    }
}

impl ToForm for WriteReport {
    fn to_form(&self) -> Form {
        Form::table(&[
            ("op", &self.op),
            ("client", &self.client),
            ("key", &self.key),
            ("value", &self.value),
            ("gtid", &self.gtid),
            ("acknowledged_at_us", &self.acknowledged_at_us),
        ])
    }
}

impl ToForm for NodeReport {
    fn to_form(&self) -> Form {
        Form::table(&[
            ("up", &self.up),
            ("role", &self.role),
            ("epoch", &self.epoch),
            ("applied", &self.applied),
            ("lag", &self.lag),
            ("chapter_lag_us", &self.chapter_lag_us),
            ("newest_snapshot_us", &self.newest_snapshot_us),
            ("rows", &self.rows),
            ("users", &self.users),
        ])
    }
}

impl ToForm for Summary {
    fn to_form(&self) -> Form {
        Form::table(&[
            ("count", &self.count),
            ("mean", &Form::Decimal(Decimal::rounded(self.mean, 3))),
            ("p50", &self.p50),
            ("p90", &self.p90),
            ("p95", &self.p95),
            ("p99", &self.p99),
            ("p999", &self.p999),
            ("max", &self.max),
        ])
    }
}
