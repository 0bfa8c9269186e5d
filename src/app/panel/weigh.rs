//! What each ack rule and each topology costs and what it risks: the very run looked at, under each
//! of them, measured up to the playhead. Nothing in the table is known beforehand.

use replication::player::{Figure, Msg, Player, Score, Versus, us_text};
use replication::words::measure as say;

use super::Shown;
use super::versus::{value_text, versus_text};
use crate::app::element::{El, el};
use crate::app::ui::Act;

/// Engine steps that each run may take between two drawings.
const STEPS: u64 = 1_500;

/// What was measured so far.
pub type Weighed = Vec<(Versus, Option<Score>)>;

/// Measures on; nothing while the table is closed.
pub fn weighed(player: &mut Player) -> Weighed {
    if player.weighs() { player.weighed(STEPS) } else { Vec::new() }
}

/// Whether there is still something to measure.
pub fn measuring(weighed: &Weighed) -> bool {
    weighed.iter().any(|(_, score)| score.is_none())
}

/// The table.
pub fn table(shown: &Shown, weighed: &Weighed) -> El {
    let seed = shown.player.recording().scenario().seed;
    let until = us_text(shown.player.t());
    let about = say::weigh_about(seed, until);
    let heads = ["", say::SPEED, say::LATENCY, say::CONSISTENCY, say::LOSS_RISK, say::MESSAGES, ""];
    let heads = heads.map(|head| match head {
        "" => el("td", ""),
        head => el("th", "").set("scope", "col").text(head),
    });
    let units = [
        "",
        say::WRITES_TOLD_OK_PER_S,
        say::MEDIAN_AND_TAIL,
        say::READS_THAT_WERE_STALE,
        say::TOLD_OK_THEN_LOST,
        say::BETWEEN_NODES_PER_WRITE,
        "",
    ];
    let units = units.map(|unit| el("td", "").text(unit));
    let table = el("table", "")
        .with(el("caption", "hidden").text(say::TRADE_OFFS_MEASURED))
        .with(el("thead", "").with(el("tr", "").each(heads)).with(el("tr", "units").each(units)))
        .with(el("tbody", "").each(weighed.iter().map(|one| row(shown, one))));
    let scroll =
        el("div", "scroll").set("tabindex", "0").set("role", "group").label(say::TRADE_OFFS);
    el("div", "").testid("weighed").with(el("p", "faint").text(about)).with(scroll.with(table))
}

fn row(shown: &Shown, (versus, score): &(Versus, Option<Score>)) -> El {
    let cells = match score {
        None => vec![el("td", "faint").set("colspan", "5").text(say::MEASURING)],
        Some(score) => cells(score, shown.player.t()),
    };
    let name = versus_text(shown.player, *versus);
    let own = match versus {
        Versus::Ack(preset) => shown.moment.rules.ack.preset() == Some(*preset),
        Versus::Topology(shape) => shown.moment.topology.shape() == *shape,
        Versus::Branch(_) => false,
    };
    let open = match own {
        true => el("span", "faint").text(say::OWN_RUN),
        false => el("button", "")
            .testid(format!("weigh-{name}"))
            .label(say::open_beside_this_run(&name))
            .on_click(shown.ask(Act::Player(Msg::Compare(vec![*versus]))))
            .text(say::OPEN),
    };
    el("tr", "")
        .set("data-versus", name.clone())
        .with(el("th", "").set("scope", "row").text(name))
        .each(cells)
        .with(el("td", "").with(open))
}

fn cells(score: &Score, t: u64) -> Vec<El> {
    let count = |figure| score.get(figure).unwrap_or_default();
    let acks = count(Figure::Acknowledged);
    let share = |part: u64, of: u64| match of {
        0 => "\u{2013}".to_string(),
        of => say::share_of(part, of, tenths(part * 1_000 / of)),
    };
    let latency = |figure| value_text(figure, score.get(figure));
    let per_write = match acks {
        0 => "\u{2013}".to_string(),
        acks => tenths(count(Figure::Messages) * 10 / acks),
    };
    let texts = [
        tenths((acks * 10_000_000).checked_div(t).unwrap_or(0)),
        format!("{}, {}", latency(Figure::AckMedian), latency(Figure::AckTail)),
        share(count(Figure::Stale), score.reads),
        share(count(Figure::Lost), acks),
        per_write,
    ];
    texts.into_iter().map(|text| el("td", "").text(text)).collect()
}

/// A number of tenths, as people write it.
fn tenths(tenths: u64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}
