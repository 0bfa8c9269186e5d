//! MySQL 8.4 and MariaDB 10.11: server variables and the options of CHANGE REPLICATION SOURCE TO.

use crate::base::Span;
use crate::form::{Form, Misfit, ToForm};
use crate::policy::{
    Ack, AutoIncrement, Count, Offset, OnTimeout, Point, RowImage, Visible, Whose,
};

use super::Use::{Only, Read as Reads};
use super::{Knob, Read, Settings, number, rule, time};

/// Every knob known, in the order of the manual page that tells of it.
pub(super) const KNOBS: [Knob; 20] = [
    ("rpl_semi_sync_source_enabled", Reads),
    ("rpl_semi_sync_source_wait_for_replica_count", Reads),
    ("rpl_semi_sync_source_timeout", Reads),
    ("rpl_semi_sync_source_wait_point", Reads),
    ("rpl_semi_sync_source_wait_no_replica", Only(&["on", "1", "true"])),
    ("sync_binlog", Only(&["1"])),
    ("innodb_flush_log_at_trx_commit", Only(&["1"])),
    ("binlog_format", Reads),
    ("binlog_row_image", Reads),
    ("binlog_expire_logs_seconds", Reads),
    ("gtid_mode", Only(&["on"])),
    ("log_replica_updates", Only(&["on", "1", "true"])),
    ("replicate_same_server_id", Reads),
    ("replica_parallel_workers", Reads),
    ("replica_preserve_commit_order", Reads),
    ("read_only", Only(&["on", "1", "true"])),
    ("source_delay", Only(&["0"])),
    ("source_heartbeat_period", Reads),
    ("auto_increment_increment", Reads),
    ("auto_increment_offset", Reads),
];

/// Seconds of the longest run: a log kept for longer is kept whole.
const RUN_MAX_S: u64 = 86_400;

pub(super) fn settings(read: &Read<'_>) -> Result<Settings, Misfit> {
    let mut cluster: Vec<(&'static str, Form)> = Vec::new();
    let waits = read.switch("rpl_semi_sync_source_enabled", false)?;
    let count = read.with("rpl_semi_sync_source_wait_for_replica_count", |form| {
        number(form, 1, u16::MAX.into()).map(|count| count as u16)
    })?;
    let timeout = read.with("rpl_semi_sync_source_timeout", |form| {
        number(form, 0, u32::MAX.into()).map(Span::ms)
    })?;
    let points = ["after_sync", "after_commit"];
    let point = read.word("rpl_semi_sync_source_wait_point", &points, 0)?;
    let ack = Ack {
        count: Count::Of(count.unwrap_or(1)),
        // A replica answers once the event is in its relay log, which it does not flush each time.
        point: Point::Received,
        timeout: Some(timeout.unwrap_or(Span::s(10))),
        on_timeout: OnTimeout::Async,
        visible: Visible::ALL[point],
        from: Whose::Any,
    };
    cluster.push(rule(if waits { ack } else { Ack::default() }));
    if waits {
        // Only who follows the source itself answers it.
        cluster.push(("relay_acks", false.to_form()));
    }
    let format = read.word("binlog_format", &["row", "statement", "mixed"], 0)?;
    if format > 0 {
        cluster.push(("log_format", Form::from(["row", "statement", "mixed"][format])));
    }
    let image = read.word("binlog_row_image", &["full", "minimal"], 0)?;
    if image > 0 {
        cluster.push(("row_image", RowImage::ALL[image].to_form()));
    }
    let id = |name| read.with(name, |form| number(form, 1, 65_535).map(|id| id as u32));
    let (step, offset) = (id("auto_increment_increment")?, id("auto_increment_offset")?);
    if step.is_some() || offset.is_some() {
        let (step, offset) = (step.unwrap_or(1), Offset::Same(offset.unwrap_or(1)));
        cluster.push(("auto_increment", AutoIncrement { step, offset }.to_form()));
    }
    let kept = read
        .with("binlog_expire_logs_seconds", |form| number(form, 0, u32::MAX.into()))?
        .is_none_or(|seconds| seconds == 0 || seconds >= RUN_MAX_S);
    if !kept {
        return read.refuse("binlog_expire_logs_seconds");
    }
    if read.switch("replicate_same_server_id", false)? {
        cluster.push(("loop_filter", Form::from("off")));
    }
    let workers = read.with("replica_parallel_workers", |form| {
        number(form, 0, 1_024).map(|workers| (workers as u16).max(1))
    })?;
    cluster.extend(workers.map(|workers| ("apply_workers", workers.to_form())));
    if read.switch("replica_preserve_commit_order", false)? && workers.is_some_and(|many| many > 1)
    {
        return read.refuse("replica_preserve_commit_order");
    }
    let heartbeat = read.with("source_heartbeat_period", |form| time(form, "s"))?;
    cluster.extend(heartbeat.map(|period| ("keepalive", period.to_form())));
    Ok(Settings { cluster, read: None })
}
