//! PostgreSQL 16: parameters of `postgresql.conf`.

use crate::base::{NodeId, Span, sort};
use crate::form::{Form, Misfit, ToForm, unsuitable};
use crate::policy::{Ack, Count, OnTimeout, Point, Visible, Whose};

use super::Use::{Only, Read as Reads};
use super::{Knob, Read, Settings, rule, spelled, time};

/// Every knob known, in the order of the manual page that tells of it.
pub(super) const KNOBS: [Knob; 11] = [
    ("synchronous_commit", Reads),
    ("synchronous_standby_names", Reads),
    ("fsync", Only(&["on", "true", "yes", "1"])),
    ("commit_delay", Only(&["0"])),
    ("wal_keep_size", Only(&[])),
    ("max_slot_wal_keep_size", Only(&["-1"])),
    ("wal_sender_timeout", Reads),
    ("hot_standby", Only(&["on", "true", "yes", "1"])),
    ("hot_standby_feedback", Only(&["off", "false", "no", "0"])),
    ("recovery_min_apply_delay", Only(&["0"])),
    ("max_standby_streaming_delay", Only(&[])),
];

/// Its levels, in the order of how long a commit takes under them.
const LEVELS: [&str; 5] = ["off", "local", "remote_write", "on", "remote_apply"];

pub(super) fn settings(read: &Read<'_>) -> Result<Settings, Misfit> {
    let mut cluster: Vec<(&'static str, Form)> = Vec::new();
    let level = read.with("synchronous_commit", |form| {
        let word = spelled(form);
        let word = match word.as_str() {
            "true" | "yes" | "1" => "on",
            "false" | "no" | "0" => "off",
            word => word,
        };
        let found = LEVELS.iter().position(|level| *level == word);
        found.ok_or_else(|| unsuitable(form, &format!("one of {}", LEVELS.join(", "))))
    })?;
    let names = read.with("synchronous_standby_names", |form| names(form, read.frame.nodes))?;
    let point = match LEVELS[level.unwrap_or(3)] {
        "off" => return read.refuse("synchronous_commit"),
        "local" => None,
        "remote_write" => Some(Point::Received),
        "remote_apply" => Some(Point::Applied),
        _ => Some(Point::Flushed),
    };
    let ack = match (point, names.flatten()) {
        (Some(point), Some((from, count))) => Ack {
            count: Count::Of(count),
            point,
            timeout: None,
            on_timeout: OnTimeout::Wait,
            visible: Visible::AfterAck,
            from,
        },
        (Some(_) | None, _) => Ack::default(),
    };
    cluster.push(rule(ack));
    if ack.count != Count::None {
        // A standby of a standby does not count, and no commit waits for it.
        cluster.push(("relay_acks", false.to_form()));
    }
    let timeout = read.with("wal_sender_timeout", |form| {
        let timeout = time(form, "ms")?;
        // The sender asks for a sign of life after one half of it.
        let half = Span(timeout.0 / 2);
        if half.0 == 0 { Err(unsuitable(form, "a longer time")) } else { Ok(half) }
    })?;
    cluster.extend(timeout.map(|half| ("keepalive", half.to_form())));
    Ok(Settings { cluster, read: None })
}

/// `FIRST n (...)`, `ANY n (...)`, `n (...)` or a plain list, which is FIRST 1. None if empty.
fn names(form: &Form, nodes: u16) -> Result<Option<(Whose, u16)>, Misfit> {
    let expected = || unsuitable(form, "such as \"FIRST 1 (n2, n3)\", \"ANY 2 (*)\" or \"*\"");
    let text = form.text().ok_or_else(expected)?.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let (head, list) = match text.split_once('(') {
        Some((head, list)) => (head.trim(), list.trim().strip_suffix(')').ok_or_else(expected)?),
        None => ("1", text),
    };
    let (whose, count) = match head.split_once(char::is_whitespace) {
        Some((word, count)) if word.eq_ignore_ascii_case("first") => (Whose::First, count),
        Some((word, count)) if word.eq_ignore_ascii_case("any") => (Whose::Any, count),
        Some(_) => return Err(expected()),
        None => (Whose::First, head),
    };
    let count = count.trim().parse().ok().filter(|count| *count > 0).ok_or_else(expected)?;
    let named: Vec<&str> = list.split(',').map(|name| name.trim().trim_matches('"')).collect();
    let mut all: Vec<String> = (1..nodes).map(|node| NodeId(node).to_string()).collect();
    if named != ["*"] {
        let mut listed: Vec<String> = named.iter().map(|name| name.to_string()).collect();
        if whose == Whose::Any {
            sort(&mut listed, |a, b| a < b);
            sort(&mut all, |a, b| a < b);
        }
        if listed != all {
            let all = all.join(", ");
            return Err(unsuitable(
                form,
                &format!("every standby, in the order of their numbers: ({all}), or (*)"),
            ));
        }
    }
    Ok(Some((whose, count)))
}
