//! Numbers of the run up to the playhead, counted from the client's side. Each says what it is and
//! leads to the event that moved it last.

use replication::check::Conflicts;
use replication::node::{Fact, Status};
use replication::player::{MarkKind, Msg, us_text};
use replication::scene::lag;
use replication::sim::{Durability, Judge};
use replication::words::measure as say;

use super::Shown;
use crate::app::element::{El, el};
use crate::app::ui::Act;

/// Servers whose lag is told one by one.
const LAGS_MAX: usize = 12;
/// Records looked through for the one that moved a number.
const LOOK_MAX: usize = 4_000;

/// The strip of numbers.
pub fn metrics(shown: &Shown) -> Option<El> {
    let measures = shown.measures?;
    let latency = &measures.write_latency_us;
    let time = |count: u64, us: u64| if count == 0 { "\u{2013}".into() } else { us_text(us) };
    // Counted when the client is told, as its receipt and the tape's marks are.
    let writes = latency.count();
    let reads = measures.read_latency_us.count();
    let links = shown.moment.network.links();
    let between = links.filter(|(from, link)| from.node().is_some() && link.to.node().is_some());
    let messages: u64 = between.map(|(_, link)| u64::from(link.sent)).sum();
    let per_write = match writes {
        0 => "\u{2013}".to_string(),
        count => {
            let tenths = messages * 10 / count;
            format!("{}.{}", tenths / 10, tenths % 10)
        }
    };
    let stale = measures.told_stale;
    let share = (stale * 100).checked_div(reads).unwrap_or(0);
    let acked = latest(shown, |kind| kind == MarkKind::Ack);
    let Conflicts { found, dropped, open, stopped } = Conflicts::of(shown.moment);
    let figures = [
        (
            say::ACK_LATENCY_MEDIAN,
            time(latency.count(), latency.quantile(0.5)),
            say::ABOUT_ACK_MEDIAN.to_string(),
            acked,
        ),
        (
            say::ACK_LATENCY_99,
            time(latency.count(), latency.quantile(0.99)),
            say::ABOUT_ACK_99.into(),
            acked,
        ),
        (say::WRITES_ACKNOWLEDGED, writes.to_string(), say::ABOUT_ACKNOWLEDGED.into(), acked),
        (
            say::STALE_READS,
            say::part_of(stale, reads),
            say::about_stale(share),
            latest(shown, |kind| kind == MarkKind::Stale),
        ),
        (
            say::LOST_AFTER_ACK,
            measures.lost.to_string(),
            say::ABOUT_LOST.into(),
            latest(shown, |kind| kind == MarkKind::Lost),
        ),
        (say::MESSAGES_PER_WRITE, per_write, say::ABOUT_MESSAGES.into(), acked),
        (
            say::CONFLICTS,
            found.to_string(),
            say::about_conflicts(shown.moment.rules.conflict.name(), dropped, open, stopped),
            latest(shown, |kind| kind == MarkKind::Conflict),
        ),
    ];
    let figures = figures.into_iter().map(|(name, value, about, at)| {
        el("div", "figure")
            .with(el("dt", "").text(name))
            .with(el("dd", "").text(value))
            .with(el("dd", "about").text(about))
            .with(moved(shown, at))
    });
    let told = latest(shown, |kind| matches!(kind, MarkKind::Ack | MarkKind::Lost));
    let lists = [
        ("lags", say::LAG, lags(shown), say::ABOUT_LAG, applied(shown)),
        ("ledger", say::LEDGER, standings(shown), say::ABOUT_LEDGER, told),
    ];
    let lists = lists.map(|(id, name, list, about, at)| {
        el("div", "figure lags")
            .testid(id)
            .with(el("dt", "").text(name))
            .with(el("dd", "").each(list.into_iter().map(|text| el("span", "").text(text))))
            .with(el("dd", "about").text(about))
            .with(moved(shown, at))
    });
    Some(el("dl", "figures").testid("metrics").each(figures).each(lists))
}

/// How many writes stand how.
fn standings(shown: &Shown) -> Vec<String> {
    let counts = Judge::new(shown.moment).count().into_iter().zip(Durability::ALL);
    counts.map(|(count, kind)| say::standing(count, kind.name().replace('_', " "))).collect()
}

/// The instant of the newest mark of a sort.
fn latest(shown: &Shown, wanted: impl Fn(MarkKind) -> bool) -> Option<u64> {
    shown.player.marks().latest(shown.player.t(), wanted).map(|mark| mark.at)
}

/// The instant at which somebody applied something last.
fn applied(shown: &Shown) -> Option<u64> {
    let trace = shown.player.recording().trace();
    let after = trace.first_at(shown.player.t() + 1);
    let records = (0..after).rev().take(LOOK_MAX).filter_map(|number| trace.get(number));
    let mut moves =
        records.filter(|record| matches!(record.fact, Fact::Applied { .. } | Fact::Written { .. }));
    moves.next().map(|record| record.at)
}

/// Leads to the event that moved a number last.
fn moved(shown: &Shown, at: Option<u64>) -> El {
    let about = el("dd", "about");
    match at {
        None => about.text(say::NOT_MOVED_YET),
        Some(at) => about.with(
            el("button", "quiet moved")
                .set("title", say::GO_TO_EVENT)
                .on_click(shown.ask(Act::Player(Msg::Seek(at))))
                .text(say::moved_at(us_text(at))),
        ),
    }
}

/// How far each replica is behind, in writes and time.
fn lags(shown: &Shown) -> Vec<String> {
    let world = shown.moment;
    let mut behind: Vec<String> = Vec::new();
    let mut current = 0;
    for node in &world.nodes {
        match lag(world, node.id, shown.player.t()) {
            _ if node.status == Status::Down => behind.push(format!("{} \u{2013}", node.id)),
            Some(lag) => {
                let (id, entries, us) = (node.id, lag.entries, us_text(lag.us));
                behind.push(format!("{id} \u{2212}{entries} \u{b7} {us}"));
            }
            None => current += 1,
        }
    }
    let surplus = behind.len().saturating_sub(LAGS_MAX);
    behind.truncate(LAGS_MAX);
    let rest = match (surplus, current) {
        (0, 0) => String::new(),
        (0, current) => say::up_to_date(current),
        (more, current) => say::more_behind(more, current),
    };
    behind.extend(Some(rest).filter(|rest| !rest.is_empty()));
    behind
}
