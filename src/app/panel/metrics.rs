//! Numbers of the run up to the playhead, counted from the client's side.

use replication::player::us_text;

use super::Shown;
use crate::app::element::{El, el};

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
    let figures = [
        ("Ack latency, median", time(latency.count(), latency.quantile(0.5))),
        ("Ack latency, 99 %", time(latency.count(), latency.quantile(0.99))),
        ("Writes acknowledged", writes.to_string()),
        ("Stale reads", format!("{} of {reads}", measures.told_stale)),
        ("Lost after ack", measures.lost.to_string()),
        ("Messages between nodes per write", per_write),
    ];
    let figures = figures.into_iter().map(|(name, value)| {
        el("div", "figure").with(el("dt", "").text(name)).with(el("dd", "").text(value))
    });
    Some(el("dl", "figures").testid("metrics").each(figures))
}
