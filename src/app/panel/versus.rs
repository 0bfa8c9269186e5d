//! Comparing: a stage for each run, all at one instant, and beneath them what the runs differ in.

use replication::base::{SimTime, capitalised};
use replication::player::{Figure, Msg, Player, Score, Versus, us_text};
use replication::recording::Moment;
use replication::words::measure as say;
use web_sys::Event;
use yew::Html;

use super::Shown;
use crate::app::control::{option, preset_label, square};
use crate::app::element::{El, Words, component, el, value_of};
use crate::app::icon::Icon;
use crate::app::stage::{Stage, StageProps, StageView};
use crate::app::ui::{Act, Dialog};

/// What stands in a list for every topology at once.
const SHAPES: &str = "shapes";

/// The runs that are compared, at the playhead.
pub struct Compared {
    own: Score,
    others: Vec<(Versus, Moment, Score)>,
    offered: Vec<Versus>,
}

impl Compared {
    /// What there is to show; nothing if nothing is compared.
    pub fn of(player: &mut Player) -> Option<Compared> {
        if player.rivals().is_empty() {
            return None;
        }
        let (own, offered, t) = (player.score(), player.versus(), player.t());
        let rivals = player.rivals_mut().iter_mut();
        let others = rivals.map(|rival| (rival.versus(), rival.moment(t), rival.score(t)));
        Some(Compared { own, others: others.collect(), offered })
    }
}

/// Beside the name of a run that has not come to the playhead yet.
const CATCHING_UP: &str = "catching up\u{2026}";

/// A run's one difference, in words.
pub fn versus_text(player: &Player, versus: Versus) -> Words {
    match versus {
        Versus::Ack(preset) => preset_label(preset).into(),
        Versus::Topology(shape) => capitalised(shape.name()).into(),
        Versus::Branch(id) => {
            let all = player.branches().all().iter();
            let name = all.filter(|branch| branch.id == id).map(|branch| branch.name.as_str());
            say::branch(name.collect::<String>()).into()
        }
    }
}

/// What the run looked at is called beside these: in the same terms.
fn own_text(shown: &Shown, others: &[(Versus, Moment, Score)]) -> Words {
    match others.first() {
        Some((Versus::Topology(_), ..)) => capitalised(shown.moment.topology.shape().name()).into(),
        Some((Versus::Branch(_), ..)) => {
            let branches = shown.player.branches();
            say::branch(&branches.all()[branches.current()].name).into()
        }
        Some((Versus::Ack(_), ..)) | None => {
            let preset = shown.moment.rules.ack.preset();
            preset.map_or(say::THIS_RUN.into(), |preset| preset_label(preset).into())
        }
    }
}

/// The stages.
pub fn stages(shown: &Shown, compared: Option<&Compared>, view: StageView) -> Vec<Html> {
    let on_msg = shown.link.callback(Act::Player);
    let stage = |view: StageView, key: &str| {
        component::<Stage>(StageProps { view, on_msg: on_msg.clone() }, Some(key))
    };
    let Some(Compared { others, offered, .. }) = compared else {
        return vec![pane("0", None, stage(view, "0"))];
    };
    let own = el("header", "pane-head").with(el("h3", "").text(own_text(shown, others)));
    let own = own.with(el("span", "faint").text(say::OWN_RUN));
    let mut panes = vec![pane("0", Some(own), stage(view.clone(), "0"))];
    for (at, (versus, moment, _)) in others.iter().enumerate() {
        let head = match others.len() {
            1 => choice(shown, offered, *versus),
            _ => el("header", "pane-head")
                .with(el("h3", "").text(versus_text(shown.player, *versus))),
        };
        let behind = shown.player.rivals().get(at).is_some_and(|one| one.behind(shown.player.t()));
        let head = head.maybe(behind.then(|| el("span", "faint").text(CATCHING_UP)));
        let head = if at + 1 == others.len() { head.with(close(shown)) } else { head };
        let key = (at + 1).to_string();
        let view = StageView { moment: moment.clone(), number: at + 1, ..view.clone() };
        panes.push(pane(&key, Some(head), stage(view, &key)));
    }
    panes
}

fn pane(key: &str, head: Option<El>, stage: Html) -> Html {
    let pane = el("section", "pane").key(key).set("data-pane", key.to_string());
    pane.maybe(head).with(stage).into()
}

fn close(shown: &Shown) -> El {
    square(shown, "close-compare", say::STOP_COMPARING_KEY, Icon::Close, Act::Compare)
        .label(say::STOP_COMPARING)
}

/// The list of what can be compared with.
fn choice(shown: &Shown, offered: &[Versus], now: Versus) -> El {
    let options = offered.iter().enumerate().map(|(at, versus)| {
        option(at.to_string(), versus_text(shown.player, *versus), *versus == now)
    });
    let (link, all) = (shown.link.clone(), offered.to_vec());
    let on_change = move |event: Event| {
        let chosen = value_of(&event);
        let shapes = || all.iter().filter(|one| matches!(one, Versus::Topology(_))).copied();
        let with = match chosen.parse::<usize>() {
            Ok(at) => all.get(at).copied().into_iter().collect(),
            Err(_) => shapes().collect(),
        };
        link.send_message(Act::Player(Msg::Compare(with)));
    };
    let at = offered.iter().position(|versus| *versus == now).unwrap_or_default();
    let list = el("select", "")
        .label(say::COMPARE_WITH)
        .testid("versus")
        .set("data-value", at.to_string())
        .on("change", Box::new(on_change))
        .each(options)
        .with(option(SHAPES, say::ALL_TOPOLOGIES, false));
    let weigh = el("button", "quiet")
        .testid("weigh")
        .set("title", say::WEIGH_TITLE)
        .on_click(shown.ask(Act::Dialog(Dialog::Weigh)))
        .text(say::TRADE_OFFS);
    el("header", "pane-head").with(list).with(weigh)
}

/// The numbers of the runs, one beneath the other, and by how much they differ.
pub fn deltas(shown: &Shown, compared: &Compared) -> El {
    let Compared { own, others, .. } = compared;
    let heads = Figure::ALL.map(|figure| el("th", "").set("scope", "col").text(figure.name()));
    let row = |name: Words, score: &Score| {
        let cells = Figure::ALL.map(|figure| {
            let cell = el("td", "").set("data-figure", figure.id());
            cell.text(value_text(figure, score.get(figure)))
        });
        el("tr", "").with(el("th", "").set("scope", "row").text(name)).each(cells)
    };
    let rows =
        others.iter().map(|(versus, _, score)| row(versus_text(shown.player, *versus), score));
    let difference = match others.as_slice() {
        [(_, _, score)] => Some(difference(own, score)),
        _ => None,
    };
    let table = el("table", "")
        .with(el("caption", "hidden").text(say::RUNS_COMPARED))
        .with(el("thead", "").with(el("tr", "").with(el("td", "")).each(heads)))
        .with(el("tbody", "").with(row(own_text(shown, others), own)).each(rows).maybe(difference));
    el("div", "deltas")
        .set("tabindex", "0")
        .set("role", "group")
        .label(say::DIFFERENCES)
        .testid("deltas")
        .with(table)
}

fn difference(own: &Score, other: &Score) -> El {
    let cells = Figure::ALL.map(|figure| {
        let more = other.more_than(own, figure);
        let cell = el("td", "").set("data-figure", figure.id());
        let Some(more) = more else { return cell.text("\u{2013}") };
        let kind = match more {
            0 => "same",
            more if (more > 0) == figure.more_is_better() => "better",
            _ => "worse",
        };
        cell.set("data-delta", more.to_string())
            .set("data-kind", kind)
            .text(change_text(figure, more))
    });
    el("tr", "difference")
        .testid("difference")
        .with(el("th", "").set("scope", "row").text(say::DIFFERENCE))
        .each(cells)
}

/// A figure, with its unit.
pub fn value_text(figure: Figure, value: Option<u64>) -> String {
    match value {
        None => "\u{2013}".into(),
        Some(us) if figure.is_time() => us_text(us as SimTime),
        Some(count) => count.to_string(),
    }
}

/// How much more or less.
fn change_text(figure: Figure, more: i64) -> String {
    let amount = value_text(figure, Some(more.unsigned_abs()));
    match more {
        0 => say::SAME.into(),
        more if more > 0 => format!("+{amount}"),
        _ => format!("\u{2212}{amount}"),
    }
}
