//! What is under way, read from the queue: each message with its way, its times and its sign.
//! Nothing here depends on the instant; `frame` says where each one is at `t`.

use std::rc::Rc;

use crate::base::{OpId, Place as Spot, SimTime, sort};
use crate::data::Gtid;
use crate::node::{Kind, Message};
use crate::player::entry_text;
use crate::sim::{Envelope, Event, World};
use crate::words::scene as say;

use super::books::{answer_text, key_sign};
use super::detail::Detail;
use super::route::Route;
use super::wires::Ways;

/// Messages from which nobody can read what each one says.
const WORDS_MAX: usize = 240;
/// Messages from which they are drawn as streams, whatever the speed; the followed one by itself.
const CROWD: usize = 1_200;

/// The sign that a message is drawn as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// An arrow chip: a write, or log entries.
    Chip,
    /// A ring with a tick.
    Ack,
    /// A ring with a cross.
    Refusal,
    /// A hollow diamond.
    Read,
    /// A solid diamond.
    Fresh,
    /// A dashed diamond with clock hands.
    Stale,
    /// A short stroke.
    Tick,
    /// A small open arrow: asking for entries, and what it leads to.
    Fetch,
    /// A stack: a whole copy.
    Snapshot,
    /// A small square: notice of a newer epoch.
    Fence,
}

/// A message under way.
#[derive(Clone, Debug)]
pub struct Flight {
    /// Its sort.
    pub kind: Kind,
    /// Its sign.
    pub sign: Sign,
    /// Who sent it.
    pub from: Spot,
    /// Whom it is for.
    pub to: Spot,
    /// When it was sent.
    pub sent_at: SimTime,
    /// When it arrives, or would.
    pub due_at: SimTime,
    /// What stands in or beside it; empty if nothing.
    pub text: String,
    /// The same with its number and epoch, for when there is time to read.
    pub long_text: String,
    /// The operation it is about, or the first of them; None if about none.
    pub op: Option<OpId>,
    /// Whether it is about the followed operation.
    pub followed: bool,
    /// Log entries in it, at least 1.
    pub entries: usize,
    /// Its way.
    pub route: Rc<Route>,
}

/// Everything under way at one moment, link by link and the oldest first.
#[derive(Clone, Debug, Default)]
pub struct Flights {
    /// All of it.
    pub all: Vec<Flight>,
    /// Whether something is being followed.
    pub following: bool,
    /// Whether there is so much that only what is followed is among them.
    pub crowd: bool,
}

impl Flights {
    /// Reads the queue of a world.
    pub fn new(world: &World, ways: &Ways, follow: Option<OpId>, heartbeats: bool) -> Flights {
        let followed = follow.map(|op| (op, world.ledger.op(op).and_then(|op| op.gtid)));
        let mut all: Vec<Flight> = Vec::new();
        let drawn =
            |envelope: &&Envelope| heartbeats || envelope.message.kind(false) != Kind::Heartbeat;
        let under_way =
            || world.queue.iter().filter_map(|(_, event)| envelope(event)).filter(drawn);
        let count = under_way().count();
        let crowd = count > CROWD;
        let about = |envelope: &&Envelope| {
            followed.is_some_and(|followed| is_about(&envelope.message, followed))
        };
        let mut envelopes: Vec<&Envelope> = match crowd {
            true if followed.is_none() => Vec::new(),
            true => under_way().filter(about).collect(),
            false => under_way().collect(),
        };
        let wordy = ways.layout().detail() >= Detail::Compact && count <= WORDS_MAX;
        let place = |e: &Envelope| (e.from, e.to, e.sent_at, e.nth, e.copy);
        sort(&mut envelopes, |a, b| place(a) < place(b));
        for envelope in envelopes {
            let kind = envelope.message.kind(world.is_write(&envelope.message));
            let before = all
                .last()
                .filter(|before| (before.from, before.to) == (envelope.from, envelope.to));
            let route = match before {
                Some(before) => Rc::clone(&before.route),
                None => match ways.route(envelope.from, envelope.to) {
                    Some(route) => route,
                    None => continue,
                },
            };
            all.push(flight(world, envelope, kind, route, wordy, about(&envelope)));
        }
        Flights { all, following: follow.is_some(), crowd }
    }
}

fn flight(
    world: &World,
    envelope: &Envelope,
    kind: Kind,
    route: Rc<Route>,
    wordy: bool,
    followed: bool,
) -> Flight {
    let (text, long_text) =
        if wordy || followed { words(world, &envelope.message) } else { Default::default() };
    Flight {
        kind,
        sign: sign(world, &envelope.message, kind),
        from: envelope.from,
        to: envelope.to,
        sent_at: envelope.sent_at,
        due_at: envelope.due_at,
        text,
        long_text,
        op: op(&envelope.message),
        followed,
        entries: entries(&envelope.message),
        route,
    }
}

fn envelope(event: &Event) -> Option<&Envelope> {
    match event {
        Event::Deliver(envelope) | Event::Lose(envelope, _) => Some(envelope),
        Event::Timer { .. } | Event::Arrival(_) | Event::Patience(_) => None,
    }
}

/// How many log entries are in a message; 1 for what is none.
fn entries(message: &Message) -> usize {
    if let Message::Append { entries, .. } = message { entries.as_slice().len().max(1) } else { 1 }
}

fn sign(world: &World, message: &Message, kind: Kind) -> Sign {
    match kind {
        Kind::Write | Kind::Append => Sign::Chip,
        Kind::Read => Sign::Read,
        Kind::Ack | Kind::ReplicaAck => Sign::Ack,
        Kind::Refusal => Sign::Refusal,
        Kind::Value => {
            let op = match message {
                Message::Reply(op, _) => world.ledger.op(*op),
                _ => None,
            };
            let stale = op.is_some_and(|op| op.staleness.versions > 0);
            if stale { Sign::Stale } else { Sign::Fresh }
        }
        Kind::Heartbeat => Sign::Tick,
        Kind::Fetch => Sign::Fetch,
        Kind::Snapshot => Sign::Snapshot,
        Kind::Fence | Kind::Vote => Sign::Fence,
    }
}

/// What stands in or beside a message, short and long.
fn words(world: &World, message: &Message) -> (String, String) {
    match message {
        Message::Request(op) | Message::Certify { op, .. } => {
            let Some(booked) = world.ledger.op(*op) else {
                return (String::new(), String::new());
            };
            let text = match booked.is_write() {
                true => &crate::player::op_text(world, *op),
                false => world.names.text(booked.key()),
            };
            let text = format!("{}{text}", key_sign(world, booked.key()));
            (text.clone(), text)
        }
        Message::Reply(op, _) => {
            let Some(booked) = world.ledger.op(*op).filter(|booked| !booked.is_write()) else {
                return (String::new(), String::new());
            };
            let text = answer_text(world, booked);
            let (text, long) = match booked.staleness.versions {
                0 => (text.clone(), text),
                1 => (say::stale(&text), say::stale_by_one(&text)),
                n => (say::stale(&text), say::stale_by(&text, n)),
            };
            (text, long)
        }
        Message::Append { entries, .. } => match entries.as_slice() {
            [entry] => {
                let text = format!("{}{}", key_sign(world, entry.key), entry_text(world, entry));
                let long = format!("{text} {} e{}", entry.gtid, entry.epoch);
                (text, long)
            }
            entries => {
                let text = format!("\u{d7}{}", entries.len());
                (text.clone(), text)
            }
        },
        Message::Fence(epoch)
        | Message::VoteRequest { epoch, .. }
        | Message::Vote { epoch, .. } => {
            let text = format!("e{epoch}");
            (text.clone(), text)
        }
        Message::Ack { .. }
        | Message::Heartbeat { .. }
        | Message::Status { .. }
        | Message::Fetch { .. }
        | Message::Unfollow(_)
        | Message::Beat { .. }
        | Message::BeatAnswer(_)
        | Message::Resume { .. }
        | Message::Trimmed { .. }
        | Message::Snapshot { .. } => (String::new(), String::new()),
    }
}

fn op(message: &Message) -> Option<OpId> {
    match message {
        Message::Request(op) | Message::Certify { op, .. } | Message::Reply(op, _) => Some(*op),
        Message::Append { entries, .. } => entries.as_slice().first().map(|entry| entry.op),
        Message::Ack { .. }
        | Message::Heartbeat { .. }
        | Message::Status { .. }
        | Message::Fetch { .. }
        | Message::Resume { .. }
        | Message::Trimmed { .. }
        | Message::Snapshot { .. }
        | Message::Fence(_)
        | Message::Unfollow(_)
        | Message::Beat { .. }
        | Message::BeatAnswer(_)
        | Message::VoteRequest { .. }
        | Message::Vote { .. } => None,
    }
}

fn is_about(message: &Message, (op, gtid): (OpId, Option<Gtid>)) -> bool {
    match message {
        Message::Request(other) | Message::Certify { op: other, .. } | Message::Reply(other, _) => {
            *other == op
        }
        Message::Append { entries, .. } => entries.as_slice().iter().any(|entry| entry.op == op),
        Message::Ack { gtid: other, .. } => Some(*other) == gtid,
        Message::Heartbeat { .. }
        | Message::Status { .. }
        | Message::Fetch { .. }
        | Message::Unfollow(_)
        | Message::Resume { .. }
        | Message::Trimmed { .. }
        | Message::Snapshot { .. }
        | Message::Beat { .. }
        | Message::BeatAnswer(_)
        | Message::VoteRequest { .. }
        | Message::Vote { .. }
        | Message::Fence(_) => false,
    }
}

/// A sort of message as scripts know it.
pub fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Write => "write",
        Kind::Read => "read",
        Kind::Ack => "ack",
        Kind::Refusal => "refusal",
        Kind::Value => "value",
        Kind::Append => "append",
        Kind::ReplicaAck => "replica-ack",
        Kind::Heartbeat => "heartbeat",
        Kind::Fetch => "fetch",
        Kind::Snapshot => "snapshot",
        Kind::Fence => "fence",
        Kind::Vote => "vote",
    }
}
