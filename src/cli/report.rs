//! The report as a page of text.

use std::io::{self, Write};

use replication::base::Span;
use replication::check::{Breach, NodeReport, Report, Summary, Verdict, WriteReport};
use replication::policy::{Ack, Count, OnTimeout, Visible, Whose};
use replication::recording::Recording;
use replication::sim::{Cluster, Durability};

use super::layout::{
    Align::{self, Left, Right},
    bytes, table, time, wrapped,
};

/// Servers shown; JSON has all of them.
const NODES_SHOWN: usize = 24;
/// Divergent keys shown.
const KEYS_SHOWN: usize = 8;
/// Lost and discarded writes shown, each.
const NAMED_MAX: usize = 8;
const WIDTH: usize = 96;

/// Prints the report.
pub fn print(out: &mut impl Write, recording: &Recording, report: &Report) -> io::Result<()> {
    let scenario = recording.scenario();
    let name = if scenario.name.is_empty() { "A scenario without a name" } else { &scenario.name };
    writeln!(out, "{name}")?;
    if !scenario.about.is_empty() {
        write!(out, "{}", wrapped(&scenario.about, WIDTH))?;
    }
    let (until, seed) = (Span(report.until_us), report.seed);
    writeln!(out, "\n  {}, seed {seed}, {until} simulated", cluster(&scenario.cluster))?;
    writeln!(out, "  {} events, digest {}", report.events, report.digest)?;
    operations(out, report)?;
    latencies(out, report)?;
    nodes(out, report)?;
    if scenario.cluster.code.is_some() {
        get_lag(out, report)?;
    }
    traffic(out, report)?;
    failovers(out, report)?;
    guarantees(out, report)?;
    convergence(out, report)
}

fn cluster(cluster: &Cluster) -> String {
    if let Some(code) = cluster.code {
        let (shape, nodes) = (cluster.topology.name(), cluster.nodes);
        return format!("{shape} of {nodes}, {}, as the chapter's code does it", code.name());
    }
    let Ack { count, point, timeout, on_timeout, visible, from } = cluster.ack;
    let ack = match cluster.ack.preset() {
        Some(preset) => preset.name().to_string(),
        None => {
            let count = match count {
                Count::None => "none".to_string(),
                Count::Of(count) => count.to_string(),
                Count::Majority => "majority".to_string(),
                Count::All => "all".to_string(),
            };
            let then = match (timeout, on_timeout) {
                (Some(timeout), OnTimeout::Async) => format!(", async after {timeout}"),
                (Some(_) | None, OnTimeout::Wait) | (None, OnTimeout::Async) => String::new(),
            };
            let first = if from == Whose::First { "first " } else { "" };
            let shown = if visible == Visible::AfterLog { ", visible before" } else { "" };
            format!("{first}{count} {}{then}{shown}", point.name())
        }
    };
    format!("{} of {}, ack {ack}", cluster.topology.name(), cluster.nodes)
}

/// A line of counts, of which those that are zero may be left out.
fn counts(always: usize, counts: &[(u64, &str)]) -> String {
    let shown = counts
        .iter()
        .enumerate()
        .filter(|(nth, (count, _))| *nth < always || *count > 0)
        .map(|(_, (count, what))| format!("{count} {what}"));
    shown.collect::<Vec<_>>().join(", ")
}

fn operations(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let (writes, reads) = (&report.writes, &report.reads);
    let written = [
        (writes.issued, "issued"),
        (writes.acknowledged, "acknowledged"),
        (writes.lost_acknowledged, "of them LOST"),
        (writes.degraded, "of them degraded"),
        (writes.resurrected, "resurrected"),
        (writes.discarded, "discarded"),
        (writes.refused, "refused"),
        (writes.timed_out, "timed out"),
        (writes.pending, "pending"),
    ];
    let read = [
        (reads.issued, "issued"),
        (reads.answered, "answered"),
        (reads.stale, "of them stale"),
        (reads.failed, "failed"),
    ];
    writeln!(out, "\n  writes  {}", counts(2, &written))?;
    writeln!(out, "  reads   {}", counts(2, &read))?;
    let kinds = Durability::ALL.into_iter().take(4).map(Durability::name);
    let safe: Vec<(u64, String)> =
        report.ledger.into_iter().zip(kinds.map(|name| name.replace('_', " "))).collect();
    let safe: Vec<(u64, &str)> = safe.iter().map(|(count, name)| (*count, name.as_str())).collect();
    writeln!(out, "  disks   {}", counts(2, &safe))
}

fn latencies(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let rows = [
        ("commit latency", &report.commit_latency_us),
        ("write latency", &report.write_latency_us),
        ("read latency", &report.read_latency_us),
        ("staleness of reads", &report.staleness_us),
    ];
    let row = |(name, summary): (&str, &Summary)| {
        let Summary { count, p50, p90, p99, p999, max, .. } = *summary;
        let mut row = vec![name.to_string(), count.to_string(), time(summary.mean as u64)];
        row.extend([p50, p90, p99, p999, max].map(time));
        row
    };
    let shown: Vec<_> =
        rows.into_iter().filter(|(_, summary)| summary.count > 0).map(row).collect();
    if shown.is_empty() {
        return Ok(());
    }
    let header = ["", "count", "mean", "p50", "p90", "p99", "p99.9", "max"];
    let align: [Align; 8] = [Left, Right, Right, Right, Right, Right, Right, Right];
    writeln!(out)?;
    table(out, &align, &with_header(&header, shown))
}

fn nodes(out: &mut impl Write, report: &Report) -> io::Result<()> {
    // Reports are keyed by name; people expect n2 before n10.
    let mut names: Vec<&String> = report.nodes.keys().collect();
    names.sort_by_key(|name| (name.len(), name.as_str()));
    let row = |name: &&String| {
        let node = &report.nodes[*name];
        let state = if node.up { "up" } else { "DOWN" };
        let mut row = vec![name.to_string(), node.role.to_string(), state.to_string()];
        row.push(node.epoch.to_string());
        row.push(node.rows.len().to_string());
        let lag = report.lag_us.get(*name);
        let lag = lag.map_or([0, 0, 0], |lag| [lag.p50, lag.p99, lag.max]);
        row.extend(lag.map(time));
        let behind = report.lag_entries.get(*name).map_or(0, |entries| entries.max);
        row.push(behind.to_string());
        let parts = report.lag_parts_us.get(*name);
        let parts = parts.map_or([0.0; 3], |parts| [parts.ship, parts.queue, parts.apply]);
        row.extend(parts.map(|us| time(us as u64)));
        row.push(shortened(&node.applied));
        row
    };
    let shown: Vec<_> = names.iter().take(NODES_SHOWN).map(row).collect();
    let header = [
        "node", "role", "state", "epoch", "rows", "lag p50", "p99", "max", "entries", "ship",
        "queue", "apply", "applied",
    ];
    let mut align = [Right; 13];
    (align[0], align[1], align[2], align[12]) = (Left, Left, Left, Left);
    writeln!(out)?;
    table(out, &align, &with_header(&header, shown))?;
    if names.len() > NODES_SHOWN {
        let more = names.len() - NODES_SHOWN;
        writeln!(out, "  and {more} more, which --format json has")?;
    }
    Ok(())
}

/// What the chapter's `get_lag` would say.
fn get_lag(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let says = |(name, node): (&String, &NodeReport)| {
        Some(format!("{name} {}", time(node.chapter_lag_us?)))
    };
    let lags: Vec<String> = report.nodes.iter().filter_map(says).collect();
    writeln!(out, "  get_lag, as the chapter's code does it: {}", lags.join(", "))
}

fn traffic(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let messages = &report.messages;
    let counted = [
        (messages.sent, "sent"),
        (messages.delivered, "delivered"),
        (messages.lost, "lost"),
        (messages.duplicated, "sent twice"),
        (messages.in_flight, "under way"),
    ];
    writeln!(out, "\n  messages  {}", counts(2, &counted))?;
    let [log, ack, control] = [report.bytes.log, report.bytes.ack, report.bytes.control].map(bytes);
    writeln!(out, "  bytes     log {log}, acks {ack}, control {control}")
}

fn failovers(out: &mut impl Write, report: &Report) -> io::Result<()> {
    for failover in &report.failovers {
        let at = time(failover.promoted_at_us);
        let (from, to, epoch) = (&failover.from, &failover.to, failover.epoch);
        writeln!(out, "  failover  {from} -> {to} at {at}, epoch {epoch}")?;
        let parts = &failover.parts_us;
        if let (Some(elect), Some(drain), Some(repoint)) = (parts.elect, parts.drain, parts.repoint)
        {
            let detect = parts.detect.map_or("unknown".to_string(), time);
            let [elect, drain, repoint] = [elect, drain, repoint].map(time);
            writeln!(
                out,
                "            detect {detect}, elect {elect}, drain {drain}, re-point {repoint}"
            )?;
        }
    }
    if let Some(rto_us) = report.rto_us {
        let lost = report.rpo_writes;
        writeln!(out, "            without a primary for {}, writes lost: {lost}", time(rto_us))?;
    }
    named_writes(out, "lost", &report.lost_writes)?;
    named_writes(out, "discarded", &report.discarded_writes)?;
    Ok(())
}

/// Writes by name, as many as fit a screen.
fn named_writes(out: &mut impl Write, title: &str, writes: &[WriteReport]) -> io::Result<()> {
    for write in writes.iter().take(NAMED_MAX) {
        let WriteReport { client, key, .. } = write;
        let value = write.value.as_ref().map_or("deleted".to_string(), |value| value.to_string());
        let gtid = write.gtid.as_deref().unwrap_or("no GTID");
        let told = match write.acknowledged_at_us {
            Some(at) => format!("acknowledged at {}", time(at)),
            None => "never acknowledged".to_string(),
        };
        writeln!(out, "  {title:<9} {key}={value} of {client} ({gtid}), {told}")?;
    }
    match writes.len().saturating_sub(NAMED_MAX) {
        0 => Ok(()),
        more => writeln!(out, "            and {more} more in --format json"),
    }
}

fn guarantees(out: &mut impl Write, report: &Report) -> io::Result<()> {
    for (name, guarantee) in report.guarantees.all() {
        let verdict = match guarantee.holds {
            Verdict::Holds => "holds".to_string(),
            Verdict::Unknown => "unknown, the run was cut short".to_string(),
            Verdict::Broken => format!("VIOLATED {} times", guarantee.count),
        };
        let first = guarantee.violations.first().map_or(String::new(), |breach| {
            let Breach { at_us, client, key, why } = breach;
            format!("; first at {at_us} us, {client}, key {key}: {why}")
        });
        let name = name.replace('_', " ");
        writeln!(out, "  {name:<20} {verdict}{first}")?;
    }
    Ok(())
}

fn convergence(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let differ = &report.divergent_keys;
    if report.converged {
        writeln!(out, "  in the end every server that is up holds the same rows")?;
    } else {
        let mut shown = differ[..differ.len().min(KEYS_SHOWN)].join(", ");
        if differ.len() > KEYS_SHOWN {
            shown.push_str(&format!(" and {} more", differ.len() - KEYS_SHOWN));
        }
        writeln!(out, "  in the end servers DIFFER on {shown}")?;
    }
    if let Some(limit) = report.limit {
        writeln!(out, "  STOPPED at a limit: {}", limit.text())?;
    }
    Ok(())
}

fn with_header(header: &[&str], rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let header = header.iter().map(ToString::to_string).collect();
    std::iter::once(header).chain(rows).collect()
}

/// A GTID set that fits a column.
fn shortened(gtids: &str) -> String {
    const SHOWN_MAX: usize = 28;
    if gtids.len() <= SHOWN_MAX { gtids.to_string() } else { format!("{}...", &gtids[..SHOWN_MAX]) }
}
