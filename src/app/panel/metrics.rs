//! Numbers of the run up to the playhead, counted from the client's side.

use replication::check::Measures;
use replication::player::{Player, us_text};
use replication::recording::Moment;
use yew::{Html, html};

use super::Shown;

/// The numbers at the playhead.
pub fn measured_at(player: &Player, moment: &Moment) -> Measures {
    let recording = player.recording();
    let mut measures = Measures::new(moment.nodes.len());
    measures.follow(recording.trace(), &recording.head().ledger, player.t());
    measures
}

/// The strip of numbers.
pub fn metrics(shown: &Shown) -> Html {
    let measures = measured_at(shown.player, shown.moment);
    let latency = &measures.write_latency_us;
    let time = |count: u64, us: u64| if count == 0 { "\u{2013}".into() } else { us_text(us) };
    let writes = shown.moment.ledger.acknowledged.len();
    let traffic = shown.moment.network.traffic;
    let per_write = match writes {
        0 => "\u{2013}".to_string(),
        count => {
            let tenths = traffic.sent * 10 / count;
            format!("{}.{}", tenths / 10, tenths % 10)
        }
    };
    let figures = [
        ("Ack latency, median", time(latency.count(), latency.quantile(0.5))),
        ("Ack latency, 99 %", time(latency.count(), latency.quantile(0.99))),
        ("Writes acknowledged", writes.to_string()),
        ("Stale reads", format!("{} of {}", measures.stale, measures.served)),
        ("Lost after ack", measures.lost.to_string()),
        ("Messages per write", per_write),
    ];
    let figures = figures.into_iter().map(|(name, value)| {
        html! { <div class="figure"><dt>{ name }</dt><dd>{ value }</dd></div> }
    });
    html! { <dl class="figures" data-testid="metrics">{ for figures }</dl> }
}
