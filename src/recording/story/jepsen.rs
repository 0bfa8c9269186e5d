//! The clients' operations as a Jepsen history, one EDN map a line: Knossos, Elle and Porcupine can
//! then judge a run that this project did not judge itself.
//!
//! Values are `[key value]`, as Jepsen's independent registers have them; a delete writes nil. A
//! refused operation certainly did not happen (`:fail`); a write without an answer may have
//! (`:info`), and its process never speaks again. Clients send without waiting, processes do not:
//! each client has as many processes as it has operations under way.

use std::fmt::Write as _;

use crate::base::{ClientId, OpId, SimTime, sort};
use crate::data::{Change, Step, Value};
use crate::node::{Request, Told};
use crate::sim::{Op, Outcome};

use super::Narrator;

/// What stands in one line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    /// Sorted first: at one instant, calls come before returns.
    Invoke,
    Complete,
}

impl Narrator<'_> {
    /// Tells the history of everything known, line by line.
    pub fn jepsen(&self, tell: &mut dyn FnMut(&str)) {
        let ops = &self.world.ledger.ops;
        let mut moments: Vec<(SimTime, Side, OpId)> = Vec::new();
        // Statements are not operations of a register.
        let keyed = |op: &Op| match &op.request {
            Request::Write { change, .. } => !change.is_sql(),
            Request::Read { select, .. } => select.is_none(),
        };
        for (number, op) in ops.iter().enumerate().filter(|(_, op)| keyed(op)) {
            let id = OpId(number as u32);
            moments.push((op.sent_at, Side::Invoke, id));
            if let Outcome::Told(_, at) = op.outcome {
                moments.push((at, Side::Complete, id));
            }
        }
        sort(&mut moments, |a, b| a < b);
        let mut processes = Processes::default();
        for (index, (at, side, id)) in moments.into_iter().enumerate() {
            let Some(op) = self.op(id) else { continue };
            let (kind, process) = match side {
                Side::Invoke => (":invoke", processes.take(op.client, id)),
                Side::Complete => {
                    let kind = completion(op);
                    (kind, processes.give_back(op.client, id, kind == ":info"))
                }
            };
            let (f, value) = match self.change_of(id) {
                None => (":read", None),
                Some(Change::Put(_) | Change::Delete | Change::Statement(_) | Change::Rows(_)) => {
                    (":write", None)
                }
                Some(Change::Insert(_)) => (":insert", None),
                Some(Change::Add(by)) => (":add", Some(by.to_string())),
                Some(Change::Member { value, joins: true }) => (":join", Some(edn(Some(value)))),
                Some(Change::Member { value, joins: false }) => (":part", Some(edn(Some(value)))),
                Some(Change::Edit(steps)) => {
                    let steps: Vec<String> = steps.iter().map(Step::to_string).collect();
                    (":edit", Some(edn_text(&steps.join(" "))))
                }
            };
            let value = match (op.is_write(), side) {
                (true, _) => {
                    value.unwrap_or_else(|| edn(self.change_of(id).and_then(Change::value)))
                }
                (false, Side::Complete) if kind == ":ok" => edn(op.found.as_ref()),
                (false, Side::Invoke | Side::Complete) => "nil".to_string(),
            };
            let key = edn_text(&self.key_of(id));
            let error = error(op).filter(|_| side == Side::Complete);
            let error = error.map_or(String::new(), |error| format!(", :error {error}"));
            tell(&format!(
                "{{:index {index}, :time {}, :process {process}, :type {kind}, :f {f}, \
                 :value [{key} {value}]{error}}}",
                at * 1_000
            ));
        }
    }
}

/// Which process stands for which operation.
#[derive(Default)]
struct Processes {
    next: u32,
    /// Processes that do nothing, and whose they are.
    free: Vec<(ClientId, u32)>,
    busy: Vec<(OpId, u32)>,
}

impl Processes {
    fn take(&mut self, client: ClientId, op: OpId) -> u32 {
        let own = self.free.iter().enumerate().filter(|(_, (of, _))| *of == client);
        let first = own.min_by_key(|(_, (_, process))| *process).map(|(at, _)| at);
        let process = match first {
            Some(at) => self.free.swap_remove(at).1,
            None => {
                self.next += 1;
                self.next - 1
            }
        };
        self.busy.push((op, process));
        process
    }

    fn give_back(&mut self, client: ClientId, op: OpId, retires: bool) -> u32 {
        let at = self.busy.iter().position(|(of, _)| *of == op);
        let process = at.map_or(self.next, |at| self.busy.swap_remove(at).1);
        if !retires {
            self.free.push((client, process));
        }
        process
    }
}

fn completion(op: &Op) -> &'static str {
    match op.outcome {
        Outcome::Told(Told::Ok | Told::OkDegraded | Told::Value, _) => ":ok",
        Outcome::Told(Told::Refused(_), _) => ":fail",
        // A read that nobody heard has changed nothing.
        Outcome::Told(Told::TimedOut, _) if !op.is_write() => ":fail",
        Outcome::Told(Told::TimedOut, _) | Outcome::Pending => ":info",
    }
}

fn error(op: &Op) -> Option<String> {
    match op.outcome {
        Outcome::Told(Told::Refused(reason), _) => Some(edn_text(reason.text())),
        Outcome::Told(Told::TimedOut, _) => Some(":timeout".to_string()),
        Outcome::Told(Told::Ok | Told::OkDegraded | Told::Value, _) | Outcome::Pending => None,
    }
}

fn edn(value: Option<&Value>) -> String {
    match value {
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Text(text)) => edn_text(text),
        None => "nil".to_string(),
    }
}

fn edn_text(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
