//! One line that says what has just happened, from the trace, so that it is true at any speed.

use crate::base::SimTime;
use crate::node::{Fact, Told};

use super::words::reason_text;
use super::{HOP_US, Mode, Player};

/// How long a caption stands, in microseconds of wall time, at the speed chosen.
const STANDS_US: u64 = 2_600_000;
/// Records looked through for it.
const LOOK_BACK: usize = 4_000;

/// What a fresh sandbox says.
const UNTOUCHED: &str = "Nothing written yet. Press W, or choose a client.";

/// The caption at the playhead; empty if there is nothing to say.
pub fn caption(player: &Player) -> String {
    let t = player.t();
    let head = player.recording().head();
    if let Some(limit) = head.limit.filter(|_| head.now <= t) {
        // It stands for as long as nothing goes on.
        return format!("Stopped: {}.", limit.text());
    }
    let speed = u64::from(player.speed().hundredths());
    let stands_us = (STANDS_US * HOP_US / 1_000_000 * speed / 100).max(HOP_US);
    let trace = player.recording().trace();
    let first = trace.first_at(t.saturating_sub(stands_us));
    let after = trace.first_at(t + 1);
    let first = first.max(after.saturating_sub(LOOK_BACK as u32));
    let latest = (first..after).rev().find_map(|number| said(player, number, t));
    let untouched = player.mode() == Mode::Sandbox && player.marks().until(t).is_empty();
    latest.unwrap_or_else(|| if untouched { UNTOUCHED.to_string() } else { String::new() })
}

/// What a record gives to say, as known at `t`.
fn said(player: &Player, number: u32, t: SimTime) -> Option<String> {
    let recording = player.recording();
    let record = recording.trace().get(number)?;
    let ledger = &recording.head().ledger;
    match record.fact {
        Fact::Told { op, told } => {
            let op = ledger.op(op)?;
            match told {
                Told::Value if op.staleness.versions > 0 => {
                    Some(format!("{} answered with old data.", op.target?))
                }
                Told::TimedOut if player.mode() == Mode::Story && op.is_write() => {
                    Some("No ok was given. Nothing was lost.".into())
                }
                Told::TimedOut => Some("A client gave up waiting.".into()),
                Told::Refused(reason) => Some(format!("Refused: {}.", reason_text(reason))),
                Told::Ok | Told::OkDegraded | Told::Value => None,
            }
        }
        Fact::LostWrite { .. } => Some("It said ok. It was lost.".into()),
        Fact::CommandRefused(reason) => Some(format!("Not possible: {}.", reason_text(reason))),
        Fact::Degraded => Some("No acks in time: writes no longer wait for replicas.".into()),
        Fact::Promoted(epoch) if player.mode() == Mode::Sandbox => {
            Some(format!("{} leads now, epoch {epoch}.", record.place.node()?))
        }
        Fact::SteppedDown(epoch) => {
            Some(format!("{} learned of epoch {epoch} and stepped down.", record.place.node()?))
        }
        // A discarded write that nobody was told ok about is no loss.
        Fact::Discarded { op, .. } if !ledger.op(op)?.acknowledged() && record.at <= t => {
            Some("A write that was never acknowledged is gone.".into())
        }
        _ => None,
    }
}
