//! One line that says what has just happened, from the trace, so that it is true at any speed.

use crate::base::SimTime;
use crate::node::{Fact, Told};
use crate::words::caption as say;

use super::words::reason_text;
use super::{HOP_US, Mode, Player};

/// How long a caption stands, in microseconds of wall time, at the speed chosen.
const STANDS_US: u64 = 2_600_000;
/// Records looked through for it.
const LOOK_BACK: usize = 4_000;

/// The caption at the playhead; empty if there is nothing to say.
pub fn caption(player: &Player) -> String {
    let t = player.t();
    let head = player.recording().head();
    if let Some(limit) = head.limit.filter(|_| head.now <= t) {
        // It stands for as long as nothing goes on.
        return say::stopped(limit.text());
    }
    let speed = u64::from(player.speed().hundredths());
    let stands_us = (STANDS_US * HOP_US / 1_000_000 * speed / 100).max(HOP_US);
    let trace = player.recording().trace();
    let first = trace.first_at(t.saturating_sub(stands_us));
    let after = trace.first_at(t + 1);
    let first = first.max(after.saturating_sub(LOOK_BACK as u32));
    let latest = (first..after).rev().find_map(|number| said(player, number, t));
    let untouched = player.mode() == Mode::Sandbox && player.marks().until(t).is_empty();
    let scenario = player.recording().scenario();
    let all_ahead = !scenario.at.is_empty() || !scenario.workload.is_empty();
    latest.unwrap_or_else(|| match (untouched, all_ahead) {
        (true, true) => scenario.name.clone(),
        (true, false) => say::UNTOUCHED.to_string(),
        (false, _) => String::new(),
    })
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
                    Some(say::answered_with_old_data(op.target?))
                }
                Told::TimedOut if player.mode() == Mode::Story && op.is_write() => {
                    Some(say::NOTHING_WAS_LOST.into())
                }
                Told::TimedOut => Some(say::A_CLIENT_GAVE_UP_WAITING.into()),
                Told::Refused(reason) => Some(say::refused(reason_text(reason))),
                Told::Ok | Told::OkDegraded | Told::Value => None,
            }
        }
        Fact::LostWrite { .. } => Some(say::SAID_OK_AND_LOST.into()),
        Fact::CommandRefused(reason) => Some(say::not_possible(reason_text(reason))),
        Fact::Conflict { op, .. } => {
            let key = ledger.op(op)?.key();
            Some(say::two_met(record.place.node()?, recording.head().names.text(key)))
        }
        Fact::Degraded => Some(say::DEGRADED.into()),
        Fact::Promoted(epoch) if player.mode() == Mode::Sandbox => {
            Some(say::leads_now(record.place.node()?, epoch))
        }
        Fact::SteppedDown(epoch) => Some(say::stepped_down(record.place.node()?, epoch)),
        // A discarded write that nobody was told ok about is no loss.
        Fact::Discarded { op, .. } if !ledger.op(op)?.acknowledged() && record.at <= t => {
            Some(say::UNACKNOWLEDGED_IS_GONE.into())
        }
        _ => None,
    }
}
