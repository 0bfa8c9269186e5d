//! Where everything under way is at `t`, and how much of it is drawn. Position is time: a packet's
//! progress is `(t - sent) / (arrive - sent)`, nothing else.

use std::rc::Rc;

use crate::base::{OpId, Place as Spot, SimTime, gathered, sort};
use crate::node::Fact;
use crate::recording::Trace;
use crate::sim::World;

use super::detail::Detail;
use super::flight::{Flight, Flights, Sign};
use super::geometry::Xy;
use super::ink::chip_width;
use super::layout::Layout;
use super::ribbon::{Ribbon, Ribbons, phase};
use super::wires::Ways;

/// Wall time for which a dropped packet's cross stays, in seconds.
const CROSS_S: f64 = 0.8;
/// Wall time that a trail covers, in seconds.
const TRAIL_S: f64 = 0.3;
/// On-screen time of a hop from which chips have text, in seconds.
const TEXT_S: f64 = 0.25;
/// On-screen time of a hop below which single packets are not drawn, in seconds.
const CHIP_S: f64 = 0.06;
/// Chips in all, and on one link, from which they are drawn as one with a number.
const MERGE_ALL: usize = 60;
const MERGE_LINK: usize = 6;
/// Distance below which one packet hides another, and below which long texts cross, in pixels.
const HIDES: f64 = 14.0;
const CROWDS: f64 = 140.0;
/// The most dropped packets shown at once; the oldest go first.
const CROSSES_MAX: usize = 24;
/// The most records looked through for dropped packets.
const LOOK_MAX: u32 = 4_096;

/// How the stage is being looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Simulated microseconds that pass in one second of wall time at the speed chosen.
    pub us_per_s: f64,
    /// The operation followed.
    pub follow: Option<OpId>,
    /// Whether heartbeats are drawn.
    pub heartbeats: bool,
    /// Whether nothing may move: packets rest on their way until something happens.
    pub still: bool,
}

impl Default for Look {
    fn default() -> Look {
        Look { us_per_s: 80_000.0, follow: None, heartbeats: false, still: false }
    }
}

/// One packet as it is drawn.
#[derive(Clone, Debug)]
pub struct Packet<'a> {
    /// The message.
    pub flight: &'a Flight,
    /// Share of its way that it has come.
    pub progress: f64,
    /// Where it is.
    pub at: Xy,
    /// Where it goes, as a vector of length one.
    pub heading: Xy,
    /// How many messages it stands for.
    pub count: usize,
    /// What stands in or beside it; empty if nothing.
    pub text: &'a str,
    /// Where its trail begins; None without one.
    pub trail: Option<Xy>,
    /// Whether it steps back because another is followed.
    pub dim: bool,
    /// How large: 1 is the drawn size of its sign.
    pub scale: f64,
}

/// Where a packet was lost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cross {
    /// The place.
    pub at: Xy,
    /// When.
    pub died_at: SimTime,
}

/// Everything that moves, at one instant.
#[derive(Clone, Debug, Default)]
pub struct Frame<'a> {
    /// Links on which more passes than can be seen.
    pub ribbons: Rc<Vec<Ribbon>>,
    /// How far their dashes have moved, in pixels.
    pub phase: f64,
    /// Packets, the followed ones last.
    pub packets: Vec<Packet<'a>>,
    /// Where packets were lost a moment ago.
    pub crosses: Vec<Cross>,
}

/// How large packets are drawn among servers of a level of detail, and whether text fits in them.
pub(super) fn packet_scale(detail: Detail) -> (f64, bool) {
    match detail {
        Detail::Full | Detail::Compact => (1.0, true),
        Detail::Small => (0.85, false),
        Detail::Mini => (0.6, false),
        Detail::Dot(size) if size >= 10 => (0.45, false),
        Detail::Dot(_) => (0.3, false),
    }
}

/// How far to the right of the line a sign travels, so that answers pass beside what they answer.
fn lane(sign: Sign) -> f64 {
    match sign {
        Sign::Chip | Sign::Snapshot => 13.0,
        Sign::Ack | Sign::Refusal | Sign::Fetch | Sign::Fence => 8.0,
        Sign::Read | Sign::Fresh | Sign::Stale => 9.0,
        Sign::Tick => 4.0,
    }
}

/// What moves at `t`.
pub fn frame<'a>(
    world: &World,
    trace: &Trace,
    ways: &Ways,
    flights: &'a Flights,
    ribbons: &mut Ribbons,
    t: SimTime,
    look: &Look,
) -> Frame<'a> {
    let (scale, has_text) = packet_scale(ways.layout().detail());
    let mut packets: Vec<Packet> = Vec::new();
    let mut start = 0;
    let visible = flights.all.iter().filter(|flight| hop_s(flight, look) >= CHIP_S).count();
    while start < flights.all.len() {
        let ends = |flight: &Flight| (flight.from, flight.to);
        let link = ends(&flights.all[start]);
        let on_link = flights.all[start..].iter().take_while(|flight| ends(flight) == link);
        let end = start + on_link.count();
        let place = |flight: &'a Flight, nth: usize, of: usize| {
            packet(flight, t, look, scale, has_text, (nth, of), flights.following)
        };
        let link: Vec<&Flight> = flights.all[start..end]
            .iter()
            .filter(|flight| flight.followed || hop_s(flight, look) >= CHIP_S || look.still)
            .collect();
        let merges = link.len() > MERGE_LINK || visible > MERGE_ALL;
        let groups = groups(&link, merges);
        let of = groups.len();
        let first = packets.len();
        for (nth, group) in groups.into_iter().enumerate() {
            let Some(last) = group.last() else {
                continue;
            };
            let mut packet = place(last, nth, of);
            packet.count = group.iter().map(|flight| flight.entries).sum();
            packets.push(packet);
        }
        make_room(&mut packets, first);
        start = end;
    }
    sort(&mut packets, |a, b| !a.flight.followed && b.flight.followed);
    Frame {
        ribbons: match look.still && !flights.crowd {
            true => Rc::default(),
            false => ribbons.at(world, trace, ways, t, (look, flights.crowd)),
        },
        phase: phase(t, look),
        packets,
        crosses: crosses(trace, ways, t, look),
    }
}

/// Packets of one link, from `first` on, that would hide each other become one with a number; where
/// they are near each other the long text gives way to the short one.
fn make_room(packets: &mut Vec<Packet>, first: usize) {
    let mut at = first;
    while at < packets.len() {
        let (before, here) = packets.split_at_mut(at);
        let packet = &mut here[0];
        let mut alike = before[first..].iter_mut().filter(|other| {
            other.flight.sign == packet.flight.sign && other.flight.kind == packet.flight.kind
        });
        let single = |packet: &Packet| packet.flight.followed;
        let hidden = |other: &&mut Packet| {
            (other.at - packet.at).length() < HIDES * packet.scale
                && !single(other)
                && !single(packet)
        };
        if let Some(other) = alike.find(hidden) {
            other.count += packet.count;
            packets.remove(at);
            continue;
        }
        at += 1;
    }
    for index in first..packets.len() {
        let here = packets[index].at;
        let near = |(other, packet): (usize, &Packet)| {
            other + first != index && (packet.at - here).length() < CROWDS
        };
        if packets[first..].iter().enumerate().any(near) && !packets[index].text.is_empty() {
            packets[index].text = &packets[index].flight.text;
        }
    }
    // A chip under the one ahead of it is drawn without words.
    for index in first..packets.len() {
        let packet = &packets[index];
        let reach = |other: &Packet| (chip_width(packet.text) + chip_width(other.text)) / 2.0;
        let under = |other: &&Packet| {
            other.progress > packet.progress
                && other.flight.sign == Sign::Chip
                && (other.at - packet.at).length() < reach(other)
        };
        let is_chip = packet.flight.sign == Sign::Chip && !packet.flight.followed;
        if is_chip && packets[first..].iter().any(|other| under(&other)) {
            packets[index].text = "";
        }
    }
}

/// Wall time that a message's way takes on the screen, in seconds.
pub fn hop_s(flight: &Flight, look: &Look) -> f64 {
    flight.due_at.saturating_sub(flight.sent_at) as f64 / look.us_per_s
}

/// The messages of one link that are drawn as one: those sent together, and with `merges` those
/// sent in the same fifth of their way's time. What is followed is always drawn by itself.
fn groups<'a>(link: &[&'a Flight], merges: bool) -> Vec<Vec<&'a Flight>> {
    let mut groups: Vec<Vec<&Flight>> = Vec::new();
    for flight in link {
        let window = if merges { (flight.due_at - flight.sent_at) / 5 } else { 0 };
        let joins = |group: &&mut Vec<&Flight>| {
            let first = group[0];
            let alike = first.sign == flight.sign && first.kind == flight.kind;
            let together =
                flight.sent_at - first.sent_at <= window && first.due_at + window >= flight.due_at;
            alike && together && !first.followed && !flight.followed
        };
        match groups.iter_mut().rev().take(3).find(joins) {
            Some(group) => group.push(flight),
            None => groups.push(vec![flight]),
        }
    }
    groups
}

fn packet<'a>(
    flight: &'a Flight,
    t: SimTime,
    look: &Look,
    scale: f64,
    has_text: bool,
    (nth, of): (usize, usize),
    following: bool,
) -> Packet<'a> {
    let progress = progress(flight, t);
    let shown = if look.still { (nth + 1) as f64 / (of + 1) as f64 } else { progress };
    let side = lane(flight.sign) * scale;
    let place = |share: f64| {
        let (on_line, heading) = flight.route.at(share);
        (on_line + heading.right() * side, heading)
    };
    let (at, heading) = place(shown);
    let hop = hop_s(flight, look);
    let reads = has_text && (hop >= TEXT_S || look.still || flight.followed);
    let unhurried = look.us_per_s <= 10_000.0;
    let trail = (hop < TEXT_S && !look.still).then(|| {
        let back = TRAIL_S * look.us_per_s / (flight.due_at - flight.sent_at).max(1) as f64;
        place((progress - back).max(0.0)).0
    });
    Packet {
        flight,
        progress,
        at,
        heading,
        count: flight.entries,
        text: match (reads, unhurried) {
            (true, true) => &flight.long_text,
            (true, false) => &flight.text,
            (false, _) => "",
        },
        trail,
        dim: following && !flight.followed,
        scale,
    }
}

/// Share of its way that a message has come at `t`.
pub fn progress(flight: &Flight, t: SimTime) -> f64 {
    let whole = flight.due_at.saturating_sub(flight.sent_at);
    if whole == 0 {
        return 1.0;
    }
    (t.saturating_sub(flight.sent_at) as f64 / whole as f64).min(1.0)
}

fn crosses(trace: &Trace, ways: &Ways, t: SimTime, look: &Look) -> Vec<Cross> {
    let hold = (CROSS_S * look.us_per_s) as u64;
    let end = trace.first_at(t + 1);
    let first = trace.first_at(t.saturating_sub(hold)).max(end.saturating_sub(LOOK_MAX));
    let records = trace.since(first).take_while(|(number, _)| *number < end);
    let mut crosses: Vec<(Spot, Spot, Cross)> = Vec::new();
    for (_, record) in records {
        let Fact::Lost { to, due_at, kind, .. } = record.fact else {
            continue;
        };
        if kind == crate::node::Kind::Heartbeat && !look.heartbeats {
            continue;
        }
        let from = record.place;
        let Some(route) = ways.route(from, to) else {
            continue;
        };
        let whole = due_at.saturating_sub(record.sent_at).max(1);
        let (at, heading) = route.at((record.at - record.sent_at) as f64 / whole as f64);
        let cross = Cross { at: at + heading.right() * 10.0, died_at: record.at };
        // Where too much passes to be seen singly, one for all that is lost there.
        if (whole as f64) < CHIP_S * look.us_per_s {
            crosses.retain(|(a, b, _)| (*a, *b) != (from, to));
        }
        crosses.push((from, to, cross));
    }
    let surplus = crosses.len().saturating_sub(CROSSES_MAX);
    crosses.into_iter().skip(surplus).map(|(_, _, cross)| cross).collect()
}

/// A packet as scripts see it.
#[derive(Clone, Debug, PartialEq)]
pub struct PacketRow {
    /// Its sort.
    pub kind: &'static str,
    /// Who sent it.
    pub from: String,
    /// Whom it is for.
    pub to: String,
    /// When it was sent, in microseconds.
    pub sent: SimTime,
    /// When it arrives or would, in microseconds.
    pub arrive: SimTime,
    /// `(t - sent) / (arrive - sent)`.
    pub progress: f64,
    /// Pixels from the stage's left edge.
    pub x: f64,
    /// Pixels from its top edge.
    pub y: f64,
    /// How many messages are drawn as this one.
    pub count: usize,
}

/// Every packet drawn at `t`, as scripts see it.
pub fn packets(
    world: &World,
    trace: &Trace,
    t: SimTime,
    layout: &Rc<Layout>,
    look: &Look,
) -> Vec<PacketRow> {
    let ways = Ways::new(world, layout);
    let flights = Flights::new(world, &ways, look.follow, look.heartbeats);
    let frame = frame(world, trace, &ways, &flights, &mut Ribbons::default(), t, look);
    let word = |spot: Spot| match (spot.node(), spot.client()) {
        (Some(node), _) => node.to_string(),
        (None, Some(client)) => world.clients[client.index()].name.to_string(),
        (None, None) => String::new(),
    };
    let row = |packet: &Packet| PacketRow {
        kind: super::flight::kind_word(packet.flight.kind),
        from: word(packet.flight.from),
        to: word(packet.flight.to),
        sent: packet.flight.sent_at,
        arrive: packet.flight.due_at,
        progress: packet.progress,
        x: packet.at.x,
        y: packet.at.y,
        count: packet.count,
    };
    gathered(frame.packets.iter().map(row))
}
