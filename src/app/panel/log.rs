//! What happened, line by line, and what of it: by place, key, write and kind. What is chosen here
//! is also what play can be told to stop at.

use replication::base::{ClientId, NodeId, Place, PlaceKind};
use replication::player::{Happening, Msg, Player, Sieve, op_text, us_text};
use replication::recording::Narrator;
use replication::words::log as say;
use web_sys::Event;

use super::Shown;
use crate::app::control::{option, square};
use crate::app::element::{Ear, El, Words, el, is_checked, value_of};
use crate::app::icon::Icon;
use crate::app::ui::Act;

/// Lines that are shown.
const LINES: usize = 120;
/// Records looked through for them.
const LOOK_MAX: usize = 40_000;

/// The log, with what it is sifted by above it.
pub fn log(shown: &Shown) -> El {
    let recording = shown.player.recording();
    let narrator = Narrator::of(recording);
    let trace = recording.trace();
    let after = trace.first_at(shown.player.t() + 1);
    let strainer = shown.player.sieve().strainer(recording);
    let records =
        (0..after).rev().take(LOOK_MAX).filter_map(|number| Some((number, trace.get(number)?)));
    let lines = records.filter(|(_, record)| strainer.passes(record)).take(LINES);
    let mut lines = lines
        .map(|(number, record)| {
            el("li", "").key(number).with(
                el("button", "line")
                    .on_click(shown.ask(Act::Player(Msg::Seek(record.at))))
                    .with(el("time", "").text(us_text(record.at)))
                    .with(el("span", "").text(narrator.sentence(&record))),
            )
        })
        .peekable();
    let none = lines.peek().is_none().then(|| el("p", "faint").text(say::NOTHING_SO_FAR));
    el("div", "")
        .with(sieve(shown))
        .maybe(none)
        .with(el("ol", "log").mark("reversed", true).testid("log").each(lines))
}

/// An ear that changes the sieve, as it is by then, by what the event says.
fn changes(shown: &Shown, change: fn(&Event, &mut Sieve)) -> Ear {
    let link = shown.link.clone();
    Box::new(move |event| link.send_message(Act::Sift(change, event)))
}

fn sieve(shown: &Shown) -> El {
    let sieve = shown.player.sieve();
    let kinds = Happening::ALL.iter().enumerate();
    let kinds = kinds.map(|(at, kind)| option(at.to_string(), kind.name(), *kind == sieve.kind));
    let on_kind = |event: &Event, sieve: &mut Sieve| {
        let at: usize = value_of(event).parse().unwrap_or_default();
        sieve.kind = Happening::ALL.get(at).copied().unwrap_or_default();
    };
    let kind = el("select", "")
        .label(say::WHAT)
        .testid("sieve-kind")
        .on("change", changes(shown, on_kind))
        .each(kinds);
    let on_place = |event: &Event, sieve: &mut Sieve| sieve.place = place_of(&value_of(event));
    let here =
        |place: Place, name: Words| option(place_text(place), name, sieve.place == Some(place));
    let nodes =
        shown.moment.nodes.iter().map(|node| here(node.id.into(), node.id.to_string().into()));
    let clients = shown.moment.clients.iter();
    let clients = clients.map(|client| here(client.id.into(), client.name.to_string().into()));
    let place = el("select", "")
        .label(say::WHERE)
        .testid("sieve-place")
        .on("change", changes(shown, on_place))
        .with(option("", "everywhere", sieve.place.is_none()))
        .each(nodes.chain(clients));
    let on_key = |event: &Event, sieve: &mut Sieve| sieve.key = value_of(event).trim().to_string();
    let key = el("input", "")
        .value(sieve.key.clone())
        .label(say::KEY)
        .set("placeholder", say::ANY_KEY)
        .testid("sieve-key")
        .on("change", changes(shown, on_key));
    let on_stop = |event: &Event, sieve: &mut Sieve| sieve.stops = is_checked(event);
    let stop = el("input", "").set("type", "checkbox").checked(sieve.stops).testid("sieve-stops");
    let stop = stop.on("change", changes(shown, on_stop));
    let on_lag = |event: &Event, sieve: &mut Sieve| {
        sieve.lag_us = value_of(event).trim().parse().ok().map(|ms: u64| ms * 1_000);
    };
    let lag = sieve.lag_us.map_or(String::new(), |us| (us / 1_000).to_string());
    let lag = el("input", "number")
        .value(lag)
        .set("inputmode", "numeric")
        .set("placeholder", "\u{2013}")
        .testid("sieve-lag")
        .on("change", changes(shown, on_lag));
    let step = |testid, name: &'static str, icon, forward| {
        square(shown, testid, name, icon, Act::Player(Msg::Passing(forward))).label(name)
    };
    el("div", "sieve")
        .set("role", "group")
        .label(say::SIEVE)
        .with(kind)
        .with(place)
        .with(key)
        .maybe(followed(shown.player, shown))
        .with(step("passing-back", say::THE_ONE_BEFORE, Icon::Back, false))
        .with(step("passing-on", say::THE_NEXT_ONE, Icon::Forward, true))
        .with(el("label", "check").with(stop).text(say::STOP_AT_EACH))
        .with(el("label", "check").text(say::STOP_AT_LAG).with(lag).text("ms"))
}

/// A box for what concerns the followed write only, if one is followed or asked for.
fn followed(player: &Player, shown: &Shown) -> Option<El> {
    let op = player.sieve().op.or(player.follow())?;
    let on = player.sieve().op.is_some();
    let sieve = Sieve { op: Some(op).filter(|_| !on), ..player.sieve().clone() };
    let only = el("input", "").set("type", "checkbox").checked(on).testid("sieve-op");
    let only = only.on("change", shown.ask(Act::Player(Msg::Sift(sieve))));
    let name = say::only(op_text(shown.moment, op));
    Some(el("label", "check").with(only).text(name))
}

/// A place as the list's value: `n0`, `c0`, by number.
fn place_text(place: Place) -> String {
    match place.kind() {
        PlaceKind::Node(node) => format!("n{}", node.0),
        PlaceKind::Client(client) => format!("c{}", client.0),
        PlaceKind::Operator => String::new(),
    }
}

fn place_of(text: &str) -> Option<Place> {
    let number = text.get(1..)?.parse().ok()?;
    match text.as_bytes().first()? {
        b'n' => Some(NodeId(number).into()),
        b'c' => Some(ClientId(number).into()),
        _ => None,
    }
}
