//! How packets' signs are drawn: outlines with the colours they are filled and stroked with, by
//! name. The page draws them on a canvas; anything else that can draw a path may draw them too.

use super::flight::Sign;
use super::frame::{Frame, Packet, packet_scale};
use super::geometry::{Rect, Size, Xy, within, xy};
use super::glyph;
use super::layout::Layout;
use super::mark::{fitted, text_width};
use super::ribbon::Ribbon;
use super::svg::px;
use crate::base::gathered;

/// A colour by what it means; the page's style sheet says which it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Behind everything.
    Stage,
    /// Words.
    Text,
    /// What is neither good nor bad.
    Neutral,
    /// Writes.
    Write,
    /// Acknowledgements.
    Ack,
    /// What is old.
    Stale,
    /// What is lost.
    Lost,
    /// Words on a filled chip.
    Ink,
}

impl Tone {
    /// Every colour.
    pub const ALL: [Tone; 8] = [
        Tone::Stage,
        Tone::Text,
        Tone::Neutral,
        Tone::Write,
        Tone::Ack,
        Tone::Stale,
        Tone::Lost,
        Tone::Ink,
    ];

    /// Its name in the style sheet.
    pub fn token(self) -> &'static str {
        match self {
            Tone::Stage => "--stage",
            Tone::Text => "--text",
            Tone::Neutral => "--neutral",
            Tone::Write => "--write",
            Tone::Ack => "--ack",
            Tone::Stale => "--stale",
            Tone::Lost => "--lost",
            Tone::Ink => "--ink",
        }
    }
}

/// What can be drawn.
pub trait Ink {
    /// From now on: origin, what is to the right from there as a vector of length one, size and
    /// opacity.
    fn stand(&mut self, at: Xy, right: Xy, scale: f64, opacity: f64);
    /// A path of the visual language, filled.
    fn fill(&mut self, d: &'static str, tone: Tone);
    /// A path of the visual language, stroked; with dashes if there are any.
    fn stroke(&mut self, d: &'static str, tone: Tone, width: f64, dash: &[f64]);
    /// A round rectangle, filled.
    fn plate(&mut self, rect: Rect, radius: f64, tone: Tone);
    /// An arrow chip of this width that points to the right, filled.
    fn chip(&mut self, width: f64, tone: Tone);
    /// A line through places of the stage.
    fn line(&mut self, corners: &[Xy], tone: Tone, width: f64, dash: &[f64], phase: f64);
    /// Small squares around places of the stage.
    fn dots(&mut self, places: &[Xy], size: f64, tone: Tone);
    /// Bold values, centred on a place.
    fn words(&mut self, at: Xy, px: f64, text: &str, tone: Tone);
}

/// Not turned.
pub(super) const UPRIGHT: Xy = xy(1.0, 0.0);
/// Size of text in and beside packets.
const PX: f64 = 13.0;
/// The widest that a chip grows.
const CHIP_MAX: f64 = 132.0;
/// Ribbons from which each is only a row of dots: bands of so many would hide everything.
const BANDS_MAX: usize = 60;
/// From dot to dot, in pixels; and how large they are at the size of a whole packet.
const DOT_STEP: f64 = 48.0;
const DOT: f64 = 7.0;
/// A ring of radius 8.
const RING: &str = "M0 -8A8 8 0 1 1 -.01 -8Z";
/// A short stroke across the way.
const TICK: &str = "M0 -3V3";
/// A small open arrow.
const FETCH: &str = "M-7 -5L1 0L-7 5M0 -5L8 0L0 5";
/// Three sheets.
const SHEETS: &str = "M-11 -9H9V7H-11ZM-7 -9V-12H12V4H9";
/// A small square.
const FENCE: &str = "M-8 -8H8V8H-8Z";

/// Draws everything that moves on a stage.
pub fn draw(frame: &Frame, layout: &Layout, ink: &mut dyn Ink) {
    let mut taken: Vec<Rect> = Vec::new();
    if !frame.ribbons.is_empty() {
        taken.extend(layout.blocks());
    }
    let many = frame.ribbons.len() > BANDS_MAX;
    if many {
        ink.stand(Xy::default(), UPRIGHT, 1.0, 0.9);
        rows_of_dots(frame, packet_scale(layout.detail()).0, ink);
    }
    for ribbon in frame.ribbons.iter().filter(|_| !many) {
        let (side, tone) = ribbon_lane(ribbon);
        let corners: Vec<Xy> = moved_right(ribbon.route.corners(), side);
        ink.stand(Xy::default(), UPRIGHT, 1.0, 0.9);
        ink.line(&corners, tone, ribbon.width, &[14.0, 6.0], -frame.phase);
    }
    for ribbon in frame.ribbons.iter().filter(|ribbon| !many || ribbon.client) {
        rate(ribbon, &mut taken, ink);
    }
    let size = layout.size;
    for packet in &frame.packets {
        let opacity = if packet.dim { 0.45 } else { 1.0 };
        if let Some(from) = packet.trail {
            ink.stand(Xy::default(), UPRIGHT, 1.0, opacity * 0.5);
            ink.line(&[from, packet.at], tone(packet.flight.sign), 4.0 * packet.scale, &[], 0.0);
        }
        sign(packet, ink, opacity, size);
    }
    for cross in &frame.crosses {
        ink.stand(cross.at, UPRIGHT, 1.0, 1.0);
        ink.stroke("M-7 -7L7 7M7 -7L-7 7", Tone::Stage, 7.0, &[]);
        ink.stroke("M-7 -7L7 7M7 -7L-7 7", Tone::Lost, 3.5, &[]);
    }
}

/// Ribbons as rows of dots, all of one colour at once.
fn rows_of_dots(frame: &Frame, scale: f64, ink: &mut dyn Ink) {
    for tone in [Tone::Write, Tone::Ack] {
        let mut dots: Vec<Xy> = Vec::new();
        let ribbons = frame.ribbons.iter().map(|ribbon| (ribbon, ribbon_lane(ribbon)));
        for (ribbon, (side, _)) in ribbons.filter(|(_, (_, own))| *own == tone) {
            let length = ribbon.route.length().max(1.0);
            let mut along = frame.phase % DOT_STEP;
            while along < length {
                let (at, heading) = ribbon.route.at(along / length);
                dots.push(at + heading.right() * (side * scale));
                along += DOT_STEP;
            }
        }
        ink.dots(&dots, (DOT * scale).max(2.0), tone);
    }
}

/// How far to the right of the line a ribbon lies, and its colour.
fn ribbon_lane(ribbon: &Ribbon) -> (f64, Tone) {
    if ribbon.answers { (8.0, Tone::Ack) } else { (10.0, Tone::Write) }
}

/// A ribbon's number beside it, where nothing else stands; left out if there is no such place.
fn rate(ribbon: &Ribbon, taken: &mut Vec<Rect>, ink: &mut dyn Ink) {
    if ribbon.route.length() < 100.0 {
        return;
    }
    let (side, tone) = ribbon_lane(ribbon);
    let text = rate_words(ribbon.rate);
    let width = text_width(&text, PX, "value") + 10.0;
    let room = |share: f64| {
        let (at, heading) = ribbon.route.at(share);
        Rect::around(at + heading.right() * (side + 17.0), width, 20.0)
    };
    let shares = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8];
    let free = |room: &Rect| taken.iter().all(|other| !other.overlaps(room));
    if let Some(room) = shares.into_iter().map(room).find(free) {
        ink.stand(Xy::default(), UPRIGHT, 1.0, 1.0);
        label(ink, room.centre(), &text, tone);
        taken.push(room);
    }
}

fn moved_right(corners: &[Xy], side: f64) -> Vec<Xy> {
    let last = corners.len() - 1;
    let heading = |index: usize| {
        let (a, b) = (index.saturating_sub(1), (index + 1).min(last));
        (corners[b] - corners[a]).unit().right()
    };
    gathered((0..corners.len()).map(|index| corners[index] + heading(index) * side))
}

/// `340/s`
fn rate_words(rate: f64) -> String {
    match rate {
        rate if rate < 10.0 => format!("{}/s", px(rate)),
        rate if rate < 10_000.0 => format!("{}/s", rate.round() as u64),
        rate => format!("{}k/s", (rate / 1_000.0).round() as u64),
    }
}

fn tone(sign: Sign) -> Tone {
    match sign {
        Sign::Chip | Sign::Snapshot => Tone::Write,
        Sign::Ack => Tone::Ack,
        Sign::Refusal => Tone::Lost,
        Sign::Read | Sign::Fresh | Sign::Tick | Sign::Fetch => Tone::Neutral,
        Sign::Stale => Tone::Stale,
        Sign::Fence => Tone::Text,
    }
}

fn sign(packet: &Packet, ink: &mut dyn Ink, opacity: f64, size: Size) {
    let (at, ahead, scale) = (packet.at, packet.heading, packet.scale);
    match packet.flight.sign {
        Sign::Chip => chip(packet, ink, opacity),
        Sign::Ack => ring(packet, ink, opacity, Tone::Ack, glyph::TICK),
        Sign::Refusal => ring(packet, ink, opacity, Tone::Lost, glyph::CROSS),
        Sign::Read => {
            ink.stand(at, UPRIGHT, scale, opacity);
            ink.fill(glyph::DIAMOND, Tone::Stage);
            ink.stroke(glyph::DIAMOND, Tone::Neutral, 2.5, &[]);
            beside(packet, ink, Tone::Neutral, size);
        }
        Sign::Fresh => {
            ink.stand(at, UPRIGHT, scale, opacity);
            ink.fill(glyph::DIAMOND, Tone::Neutral);
            beside(packet, ink, Tone::Text, size);
        }
        Sign::Stale => {
            ink.stand(at, UPRIGHT, scale, opacity);
            ink.fill(glyph::STALE, Tone::Stage);
            ink.stroke(glyph::STALE, Tone::Stale, 2.5, &[4.0, 3.0]);
            ink.stroke(glyph::HANDS, Tone::Stale, 2.5, &[]);
            beside(packet, ink, Tone::Stale, size);
        }
        Sign::Tick => {
            ink.stand(at, ahead, scale, opacity);
            ink.stroke(TICK, Tone::Neutral, 2.0, &[]);
        }
        Sign::Fetch => {
            ink.stand(at, ahead, scale, opacity);
            ink.stroke(FETCH, Tone::Neutral, 2.5, &[]);
        }
        Sign::Snapshot => {
            ink.stand(at, UPRIGHT, scale, opacity);
            ink.fill(SHEETS, Tone::Stage);
            ink.stroke(SHEETS, Tone::Write, 2.5, &[]);
        }
        Sign::Fence => {
            ink.stand(at, UPRIGHT, scale, opacity);
            ink.fill(FENCE, Tone::Stage);
            ink.stroke(FENCE, Tone::Text, 2.0, &[]);
            beside(packet, ink, Tone::Text, size);
        }
    }
}

fn ring(packet: &Packet, ink: &mut dyn Ink, opacity: f64, tone: Tone, inner: &'static str) {
    ink.stand(packet.at, UPRIGHT, packet.scale, opacity);
    ink.fill(RING, Tone::Stage);
    ink.stroke(RING, tone, 2.8, &[]);
    ink.stroke(inner, tone, 2.4, &[]);
    if packet.count > 1 && packet.scale > 0.6 {
        label(ink, xy(22.0, 0.0), &format!("\u{d7}{}", packet.count), tone);
    }
}

/// How wide a chip is with this text in it.
pub fn chip_width(text: &str) -> f64 {
    if text.is_empty() {
        return 34.0;
    }
    within(text_width(text, PX, "value") + 18.0, 42.0, CHIP_MAX)
}

fn chip(packet: &Packet, ink: &mut dyn Ink, opacity: f64) {
    let number;
    let text = match packet.count {
        0 | 1 => packet.text,
        _ if packet.scale < 0.9 => "",
        count => {
            number = format!("\u{d7}{count}");
            &number
        }
    };
    let text = fitted(text, PX, "value", CHIP_MAX - 20.0);
    let width = chip_width(&text);
    ink.stand(packet.at, packet.heading, packet.scale, opacity);
    ink.chip(width, Tone::Write);
    if !text.is_empty() {
        // Upright beyond a quarter turn; the word leaves the arrow's head free.
        let flips = packet.heading.x < -1e-9;
        let right = packet.heading * if flips { -1.0 } else { 1.0 };
        ink.stand(packet.at, right, packet.scale, opacity);
        let off = if flips { 3.0 } else { -3.0 };
        ink.words(xy(off, 0.5), PX, &text, Tone::Ink);
    }
}

/// The words beside a sign, on a plate that keeps lines away from them.
fn beside(packet: &Packet, ink: &mut dyn Ink, tone: Tone, size: Size) {
    if packet.text.is_empty() {
        return;
    }
    let text = fitted(packet.text, PX, "value", 150.0);
    let width = text_width(&text, PX, "value");
    // On its own side of the line, whichever way that is.
    let right = packet.heading.right();
    let off = xy(right.x * (width / 2.0 + 20.0), right.y * 24.0);
    let room = Rect::around(packet.at + off, width + 8.0, 20.0);
    let inward = (-room.x).max(0.0) - (room.right() - size.w).max(0.0);
    // At the stage's edge, above or below the sign instead of over it.
    let off = match inward {
        0.0 => off,
        inward if packet.at.y < size.h / 2.0 => xy(off.x + inward, 25.0),
        inward => xy(off.x + inward, -25.0),
    };
    label(ink, off, &text, tone);
}

fn label(ink: &mut dyn Ink, at: Xy, text: &str, tone: Tone) {
    let width = text_width(text, PX, "value");
    ink.plate(Rect::around(at, width + 6.0, 18.0), 4.0, Tone::Stage);
    ink.words(at, PX, text, tone);
}
