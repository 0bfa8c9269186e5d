//! What the clients' books say, as the stage shows it: receipts, lost writes, values of answers.

use crate::base::{ClientId, KeyId, NodeId, OpId};
use crate::node::Told;
use crate::player::op_text;
use crate::sim::{Op, Outcome, World};
use crate::words::scene as say;

/// The most operations looked back through.
const LOOK_MAX: usize = 20_000;

/// How an operation ended, in a word and a sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Which.
    pub op: OpId,
    /// `x=2`, `read x`, or after the answer `x is 1`.
    pub text: String,
    /// How it ended.
    pub sign: Sign,
    /// The same in words.
    pub word: String,
}

/// The sign before a receipt's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Three dots.
    Waiting,
    /// A tick.
    Ok,
    /// A diamond.
    Fresh,
    /// A clock.
    Stale,
    /// A cross.
    No,
    /// A cross, and it had been a tick.
    Lost,
    /// A clock.
    TimedOut,
    /// A dotted ring.
    Gone,
}

/// Writes of one server that were acknowledged and are lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostWrites {
    /// Where they had been written.
    pub origin: NodeId,
    /// How many.
    pub count: u64,
    /// The newest.
    pub text: String,
}

/// What the stage shows of the books.
#[derive(Clone, Debug, Default)]
pub struct Books {
    receipts: Vec<Vec<Receipt>>,
    lost: Vec<LostWrites>,
}

impl Books {
    /// Looks through the newest operations for this many receipts of every client.
    pub fn new(world: &World, lines: usize) -> Books {
        let mut receipts: Vec<Vec<Receipt>> = vec![Vec::new(); world.clients.len()];
        let mut wanted = receipts.len() * lines;
        let mut lost = lost(world);
        let mut unnamed = lost.len();
        let ops = &world.ledger.ops;
        for index in (0..ops.len()).rev().take(LOOK_MAX) {
            let Some(op) = ops.get(index) else {
                break;
            };
            if wanted == 0 && unnamed == 0 {
                break;
            }
            let own = &mut receipts[op.client.index()];
            if own.len() < lines {
                own.push(receipt(world, OpId(index as u32), op));
                wanted -= 1;
            }
            if op.lost
                && let Some(gtid) = op.gtid
                && let Some(lost) = lost.iter_mut().find(|lost| lost.origin == gtid.origin)
                && lost.text.is_empty()
            {
                lost.text = op_text(world, OpId(index as u32));
                unnamed -= 1;
            }
        }
        receipts.iter_mut().for_each(|own| own.reverse());
        Books { receipts, lost }
    }

    /// A client's newest receipts, oldest first.
    pub fn receipts(&self, client: ClientId) -> &[Receipt] {
        self.receipts.get(client.index()).map_or(&[], Vec::as_slice)
    }

    /// What was written at a server, acknowledged, and lost.
    pub fn lost_at(&self, node: NodeId) -> Option<&LostWrites> {
        self.lost.iter().find(|lost| lost.origin == node)
    }
}

fn lost(world: &World) -> Vec<LostWrites> {
    let mut lost: Vec<LostWrites> = Vec::new();
    for gtid in world.ledger.lost.iter() {
        match lost.last_mut().filter(|last| last.origin == gtid.origin) {
            Some(last) => last.count += 1,
            None => lost.push(LostWrites { origin: gtid.origin, count: 1, text: String::new() }),
        }
    }
    lost
}

fn receipt(world: &World, id: OpId, op: &Op) -> Receipt {
    let asked = op_text(world, id);
    let (text, sign, word) = match op.outcome {
        _ if op.lost => (asked, Sign::Lost, "LOST".to_string()),
        Outcome::Pending if op.discarded => (asked, Sign::Gone, say::NEVER_ACKED.into()),
        Outcome::Pending => (asked, Sign::Waiting, say::WAITING.into()),
        Outcome::Told(Told::Ok, _) => (asked, Sign::Ok, say::OK.into()),
        Outcome::Told(Told::OkDegraded, _) => (asked, Sign::Ok, say::OK_ALONE.into()),
        Outcome::Told(Told::Value, _) => {
            let value = answer_text(world, op);
            match op.staleness.versions {
                0 => (value, Sign::Fresh, say::READ.into()),
                _ => (value, Sign::Stale, say::STALE.into()),
            }
        }
        Outcome::Told(Told::Refused(reason), _) => (asked, Sign::No, reason.text().into()),
        Outcome::Told(Told::TimedOut, _) if op.discarded => {
            (asked, Sign::Gone, say::NEVER_ACKED.into())
        }
        Outcome::Told(Told::TimedOut, _) => (asked, Sign::TimedOut, say::TIMED_OUT.into()),
    };
    Receipt { op: id, text, sign, word }
}

/// The sign of a key, where there are few enough to tell apart by one; empty otherwise. It never
/// is a colour.
pub fn key_sign(world: &World, key: KeyId) -> &'static str {
    const SIGNS: [&str; 6] =
        ["\u{25b2} ", "\u{25a0} ", "\u{25cf} ", "\u{2605} ", "\u{271a} ", "\u{25bc} "];
    let apart = (2..=SIGNS.len()).contains(&world.names.len());
    SIGNS.get(key.0 as usize).filter(|_| apart).copied().unwrap_or("")
}

/// What a read found, as `x=1`; `x=none` if nothing.
pub fn answer_text(world: &World, op: &Op) -> String {
    let key = world.names.text(op.key());
    match (&op.found, op.gtid) {
        (Some(value), _) => format!("{key}={value}"),
        (None, Some(_)) => say::deleted(key),
        (None, None) => format!("{key}=none"),
    }
}
