//! A run as a log for ShiViz, which draws space-time diagrams: for each record the host and its
//! vector clock on one line, the sentence on the next.
//!
//! Clocks follow the trace's causes: a record has seen what its cause had seen, and everything that
//! happened before it at its own place.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::rc::Rc;

use crate::base::Map;
use crate::form::ToForm;
use crate::recording::Recording;
use crate::sim::NO_CAUSE;

use super::Narrator;

/// How many records each host had told.
type Clock = Map<Rc<str>, u32>;

impl Narrator<'_> {
    /// Writes the run's log. Its parser is `(?<host>\S*) (?<clock>\{.*\})\n(?<event>.*)`.
    pub fn shiviz(&self, recording: &Recording, to: &mut impl Write) -> io::Result<()> {
        let trace = recording.trace();
        // Only records that bring others about are asked for their clock again.
        let causes: BTreeSet<u32> = trace.since(0).map(|(_, record)| record.cause).collect();
        let mut hosts: BTreeMap<u16, Rc<str>> = BTreeMap::new();
        let mut clocks: BTreeMap<u16, Clock> = BTreeMap::new();
        let mut kept: BTreeMap<u32, Clock> = BTreeMap::new();
        for (number, record) in trace.since(0) {
            let code = record.place.code();
            if !hosts.contains_key(&code) {
                let name = self.host_name(&self.place(record.place), &hosts);
                hosts.insert(code, name);
            }
            let host = Rc::clone(&hosts[&code]);
            let clock = clocks.entry(code).or_default();
            if let Some(seen) = kept.get(&record.cause).filter(|_| record.cause != NO_CAUSE) {
                for (other, count) in seen.iter() {
                    let own = clock.or_insert(Rc::clone(other), 0);
                    *own = (*own).max(*count);
                }
            }
            *clock.or_insert(Rc::clone(&host), 0) += 1;
            if causes.contains(&number) {
                kept.insert(number, clock.clone());
            }
            let clock = clock.to_form();
            let sentence = self.sentence(&record);
            writeln!(to, "{host} {clock}\n{:>9} us: {sentence}", record.at)?;
        }
        Ok(())
    }

    /// A name without spaces that no other host has.
    fn host_name(&self, name: &str, taken: &BTreeMap<u16, Rc<str>>) -> Rc<str> {
        let mut name: String =
            name.chars().map(|c| if c.is_whitespace() { '_' } else { c }).collect();
        while taken.values().any(|other| **other == *name) {
            name.push('\'');
        }
        name.into()
    }
}
