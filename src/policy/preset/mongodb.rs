//! MongoDB 8.0: write concern, read concern, read preference, and the replica set's configuration.

use crate::base::Span;
use crate::form::{Form, Misfit, ToForm, misplaced, unsuitable};
use crate::policy::{Ack, Count, Failover, OnTimeout, Point, Visible, Whose};

use super::Use::{Only, Read as Reads};
use super::{Knob, Read, Settings, number, rule, spelled, switch};

/// Every knob known: of operations first, then of the replica set.
pub(super) const KNOBS: [Knob; 9] = [
    ("writeConcern", Reads),
    ("readConcern", Reads),
    ("readPreference", Reads),
    ("writeConcernMajorityJournalDefault", Reads),
    ("electionTimeoutMillis", Reads),
    ("heartbeatIntervalMillis", Reads),
    ("chainingAllowed", Reads),
    ("catchUpTimeoutMillis", Only(&["-1"])),
    ("secondaryDelaySecs", Only(&["0"])),
];

/// How many members acknowledge if nobody says (5.0 and later): a majority, unless there are
/// arbiters and no more members with data than make a majority.
pub fn implicit_write_concern(with_data: u16, arbiters: u16) -> Count {
    let majority = (with_data + arbiters) / 2 + 1;
    if arbiters > 0 && with_data <= majority { Count::None } else { Count::Majority }
}

pub(super) fn settings(read: &Read<'_>) -> Result<Settings, Misfit> {
    let mut cluster: Vec<(&'static str, Form)> = Vec::new();
    let asked = read.with("writeConcern", |form| write_concern(read, form))?;
    let default = || (implicit_write_concern(read.frame.nodes, 0), None);
    let (count, journal) = asked.unwrap_or_else(default);
    let by_default = read.switch("writeConcernMajorityJournalDefault", true)?;
    let journal = journal.unwrap_or(count == Count::Majority && by_default);
    let concerns = ["local", "available", "majority"];
    let concern = match read.word("readConcern", &concerns, 0) {
        Ok(concern) => concern,
        // It is one, and cannot be had.
        Err(_) if read.with("readConcern", is_later)? == Some(true) => {
            return read.refuse("readConcern");
        }
        Err(misfit) => return Err(misfit),
    };
    cluster.push(rule(Ack {
        count,
        point: if journal { Point::Flushed } else { Point::Received },
        timeout: None,
        on_timeout: OnTimeout::Wait,
        visible: if concerns[concern] == "majority" {
            Visible::AfterAck
        } else {
            Visible::AfterLog
        },
        from: Whose::Any,
    }));
    let millis = |name, default| {
        let found = read.with(name, |form| number(form, 1, 3_600_000))?;
        Ok(Span::ms(found.unwrap_or(default)))
    };
    let timeout = millis("electionTimeoutMillis", 10_000)?;
    let heartbeat = millis("heartbeatIntervalMillis", 2_000)?;
    cluster.push(("failover", Failover { heartbeat, timeout, ..Failover::default() }.to_form()));
    let chained = matches!(read.frame.topology, "chain" | "tree");
    if read.with("chainingAllowed", switch)?.is_some_and(|allowed| allowed != chained) {
        return read.refuse("chainingAllowed");
    }
    let preferences = ["primary", "secondary", "nearest", "primarypreferred", "secondarypreferred"];
    let preference = read.word("readPreference", &preferences, 0)?;
    let rules = ["primary", "replica", "nearest"];
    match rules.get(preference) {
        Some(rule) => Ok(Settings { cluster, read: Some(rule) }),
        None => read.refuse("readPreference"),
    }
}

fn is_later(form: &Form) -> Result<bool, Misfit> {
    Ok(matches!(spelled(form).as_str(), "linearizable" | "snapshot"))
}

/// `{ w = 1 or "majority", j = true, wtimeout = 0 }`.
fn write_concern(read: &Read<'_>, form: &Form) -> Result<(Count, Option<bool>), Misfit> {
    let Form::Table(entries) = form else {
        return Err(misplaced(form, "a table such as { w = \"majority\", j = true }"));
    };
    let nodes = read.frame.nodes;
    let (mut count, mut journal) = (implicit_write_concern(nodes, 0), None);
    for entry in entries {
        let value = &entry.form;
        let taken = match entry.name.as_str() {
            "w" if spelled(value) == "majority" => {
                count = Count::Majority;
                Ok(())
            }
            // It counts the primary itself. 0 asks for no answer at all.
            "w" => number(value, 1, nodes.into())
                .map(|w| count = if w == 1 { Count::None } else { Count::Of(w as u16 - 1) }),
            "j" => switch(value).map(|yes| journal = Some(yes)),
            "wtimeout" if spelled(value) == "0" => Ok(()),
            "wtimeout" => Err(unsuitable(
                value,
                "0: after a wtimeout the write is still there; nearest is a client's timeout",
            )),
            _ => return Err(Misfit::unknown(entry, "field", &["w", "j", "wtimeout"])),
        };
        taken.map_err(|misfit| misfit.within(entry))?;
    }
    Ok((count, journal))
}
