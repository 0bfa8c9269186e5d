//! The canvases on which packets move, one for each stage: drawn anew in every frame from the
//! world, the trace and the instant. A painter keeps what does not change between events; nothing
//! it keeps changes the picture.

use std::cell::RefCell;
use std::rc::Rc;

use replication::base::{OpId, SimTime};
use replication::form::{Decimal, Form};
use replication::player::{HOP_US, Player};
use replication::recording::{Moment, Recording, Trace};
use replication::scene::{
    Flights, Frame, Layout, Look, Ribbons, Sheet, Ways, Xy, draw, frame, packets,
};
use web_sys::HtmlCanvasElement;
use yew::Callback;

use super::surface::{Surface, View};

/// With more servers than this, what takes long is done seldom.
pub const MANY: usize = 40;
/// Wall time between two updates of words that tell time, in seconds; and with many servers.
const WORDS_S: f64 = 0.1;
const MANY_WORDS_S: f64 = 1.0;
/// Simulated microseconds in a second of wall time above which accents would flicker: 4x.
const HURRIED_US_PER_S: f64 = 4.0 * HOP_US as f64;
/// How near to a packet a pointer must be, in pixels.
const NEAR: f64 = 16.0;

thread_local! {
    static PAINTERS: RefCell<Vec<Painter>> = RefCell::default();
}

/// The painter of a stage, by its number: the one of the run looked at is 0.
fn with<R>(stage: usize, take: impl FnOnce(&mut Painter) -> R) -> R {
    PAINTERS.with_borrow_mut(|painters| {
        while painters.len() <= stage {
            painters.push(Painter::default());
        }
        take(&mut painters[stage])
    })
}

/// What the canvas is drawn from, kept from frame to frame.
#[derive(Default)]
struct Painter {
    surface: Option<Surface>,
    layout: Option<Rc<Layout>>,
    still: bool,
    beats: bool,
    view: View,
    shown: Option<Shown>,
    ways: Option<Ways>,
    flights: Option<(Moment, Option<OpId>, Flights)>,
    ribbons: Ribbons,
    /// Told the instant when words that tell time should change.
    on_words: Option<Callback<SimTime>>,
    words_at: SimTime,
}

/// What was shown last, to show it again at another size.
struct Shown {
    moment: Moment,
    trace: Trace,
    t: SimTime,
    us_per_s: f64,
    follow: Option<OpId>,
}

/// Shows another part of the picture from now on.
pub fn look(stage: usize, view: View) {
    with(stage, |painter| {
        if painter.view != view {
            painter.view = view;
            painter.paint();
        }
    });
}

/// Says on what to draw, and where everything stands, from now on.
pub fn attach(
    stage: usize,
    canvas: &HtmlCanvasElement,
    layout: &Rc<Layout>,
    (still, beats): (bool, bool),
    fresh_tones: bool,
    on_words: Callback<SimTime>,
) {
    let tell = on_words.clone();
    let due = with(stage, |painter| {
        painter.layout = Some(Rc::clone(layout));
        painter.still = still;
        if painter.beats != beats {
            painter.beats = beats;
            painter.flights = None;
        }
        let first = painter.on_words.replace(on_words).is_none();
        let same = painter.surface.take().filter(|surface| surface.canvas == *canvas);
        painter.surface = same.or_else(|| Surface::new(canvas));
        if let Some(surface) = &mut painter.surface
            && (fresh_tones || surface.tones.is_empty())
        {
            surface.read_tones();
        }
        painter.paint();
        // What was shown before there was anybody to tell.
        painter.shown.as_ref().filter(|_| first).map(|shown| shown.t)
    });
    if let Some(t) = due {
        tell.emit(t);
    }
}

/// Draws what moves at the playhead, on every stage.
pub fn paint(player: &mut Player) {
    let moment = player.moment();
    let t = player.t();
    let us_per_s = HOP_US as f64 * f64::from(player.speed().hundredths()) / 100.0;
    let (follow, playing) = (player.follow(), player.playing());
    let show = |stage: usize, moment: Moment, recording: &Recording| {
        let trace = recording.trace();
        let words_s = if moment.nodes.len() > MANY { MANY_WORDS_S } else { WORDS_S };
        let tell = with(stage, |painter| {
            let known = painter
                .shown
                .take()
                .filter(|shown| shown.moment == moment && shown.trace.len() == trace.len());
            painter.shown = Some(match known {
                Some(shown) => Shown { t, us_per_s, follow, ..shown },
                None => Shown { moment, trace: trace.clone(), t, us_per_s, follow },
            });
            painter.paint();
            // While time stands still, words are of this very instant, however it was reached.
            let apart = t.abs_diff(painter.words_at);
            let due = if playing { apart as f64 >= words_s * us_per_s } else { apart > 0 };
            let tell = painter.on_words.clone().filter(|_| due);
            if tell.is_some() {
                painter.words_at = t;
            }
            tell
        });
        if let Some(tell) = tell {
            tell.emit(t);
        }
    };
    show(0, moment, player.recording());
    let stages = player.rivals().len() + 1;
    for (at, rival) in player.rivals_mut().iter_mut().enumerate() {
        let moment = rival.moment(t);
        show(at + 1, moment, rival.recording());
    }
    PAINTERS.with_borrow_mut(|painters| painters.truncate(stages));
}

/// Every packet drawn, for scripts.
pub fn rows(player: &mut Player) -> Form {
    let moment = player.moment();
    let t = player.t();
    with(0, |painter| {
        let Some(layout) = &painter.layout else {
            return Form::list([]);
        };
        let look = Look {
            us_per_s: HOP_US as f64 * f64::from(player.speed().hundredths()) / 100.0,
            follow: player.follow(),
            heartbeats: painter.beats,
            still: painter.still,
        };
        let rows = packets(&moment, player.recording().trace(), t, layout, &look);
        let decimal = |number| Form::Decimal(Decimal::rounded(number, 6));
        Form::list(rows.into_iter().map(|row| {
            Form::table(&[
                ("kind", &row.kind),
                ("from", &row.from),
                ("to", &row.to),
                ("sent", &row.sent),
                ("arrive", &row.arrive),
                ("progress", &decimal(row.progress)),
                ("x", &decimal(row.x)),
                ("y", &decimal(row.y)),
                ("count", &row.count),
            ])
        }))
    })
}

/// What moves on the stage of the run looked at, as elements of SVG.
pub fn drawn() -> String {
    let mut sheet = Sheet::default();
    with(0, |painter| painter.with_frame(|frame, layout| draw(frame, layout, &mut sheet)));
    sheet.finish()
}

/// Whether time passes so fast that what is new must not show that it is: it would flicker.
pub fn hurried() -> bool {
    with(0, |painter| painter.shown.as_ref().is_some_and(|shown| shown.us_per_s > HURRIED_US_PER_S))
}

/// The operation of the packet at a place of a stage, if there is one.
pub fn packet_at(stage: usize, place: Xy) -> Option<OpId> {
    with(stage, |painter| {
        painter.with_frame(|frame, _| {
            let near = frame.packets.iter().rev().filter(|packet| {
                packet.flight.op.is_some() && (packet.at - place).length() <= NEAR
            });
            let distance = |at: Xy| (at - place).length();
            near.min_by(|a, b| distance(a.at).total_cmp(&distance(b.at)))
                .and_then(|packet| packet.flight.op)
        })?
    })
}

impl Painter {
    fn paint(&mut self) {
        let Some(mut surface) = self.surface.take() else {
            return;
        };
        surface.fit(self.view);
        surface.clear();
        self.with_frame(|frame, layout| draw(frame, layout, &mut surface));
        self.surface = Some(surface);
    }

    /// What moves at the instant shown; None before anything was.
    fn with_frame<R>(&mut self, take: impl FnOnce(&Frame, &Layout) -> R) -> Option<R> {
        let (Some(shown), Some(layout)) = (&self.shown, &self.layout) else {
            return None;
        };
        let world = &*shown.moment;
        // A layout of another cluster, until the stage is drawn anew.
        if layout.nodes.len() != world.nodes.len() {
            return None;
        }
        let look = Look {
            us_per_s: shown.us_per_s,
            follow: shown.follow,
            heartbeats: self.beats,
            still: self.still,
        };
        let known = self.ways.take().filter(|ways| ways.hold(world, layout));
        if known.is_none() {
            self.flights = None;
            self.ribbons = Ribbons::default();
        }
        let ways = &*self.ways.insert(known.unwrap_or_else(|| Ways::new(world, layout)));
        let known = self
            .flights
            .take()
            .filter(|(moment, follow, _)| *moment == shown.moment && *follow == shown.follow);
        let (_, _, flights) = self.flights.insert(known.unwrap_or_else(|| {
            let flights = Flights::new(world, ways, shown.follow, look.heartbeats);
            (shown.moment.clone(), shown.follow, flights)
        }));
        let ribbons = &mut self.ribbons;
        let frame = frame(world, &shown.trace, ways, flights, ribbons, shown.t, &look);
        Some(take(&frame, layout))
    }
}
