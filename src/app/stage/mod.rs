//! The stage: servers, clients and lines in SVG, drawn when something has happened; packets on one
//! canvas, drawn in every frame. What is where and how it looks is the library's `scene`.

mod figure;
mod hand;
mod lens;
mod marks;
mod painter;
mod poster;
mod surface;

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use replication::base::{OpId, SimTime};
use replication::form::Form;
use replication::player::{Msg, Player, Selection};
use replication::recording::Moment;
use replication::scene::{
    Detail, Figure, Layout, Picture, Rect, Size, Sketch, Wire, WireKind, Xy, px, xy,
};
use replication::topology::Topology;
use replication::words::stage as say;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, Event, HtmlCanvasElement, ResizeObserver, SvgElement};
use yew::html::Scope;
use yew::{AttrValue, Callback, Component, Context, Html, NodeRef, Properties};

use super::browser;
use super::element::{Ear, El, Words, classes, component, el, group};
use super::icon::Icon;
use figure::{FigureProps, FigureView, Gesture, place};
use hand::Hand;
pub use hand::{fingers, turned};
use marks::{rect, shift, words};
pub use painter::{MANY, drawn};
pub use poster::{blank, poster};
pub use surface::{Surface, View};

/// How long a finger rests before it asks for the menu, in milliseconds.
const PRESS_MS: u32 = 450;
/// How long servers take to their new places, links out and in included, in milliseconds.
const SETTLE_MS: u32 = 640;

/// The number of the stage on which a cluster is edited: the run looked at, and three beside it,
/// have those before.
pub const EDITED: usize = 4;

/// How much closer a press of a button goes.
const CLOSER: f64 = 1.5;

/// What the picture is made from.
#[derive(Clone, Debug, PartialEq)]
pub struct StageView {
    /// The world at the playhead.
    pub moment: Moment,
    /// What is selected.
    pub selection: Selection,
    /// Which operation is followed.
    pub follow: Option<OpId>,
    /// Whether less motion is wanted.
    pub less_motion: bool,
    /// Whether heartbeats are drawn.
    pub beats: bool,
    /// Whether time passes so slowly that the selected link has a ruler.
    pub slow: bool,
    /// Changes with the theme, so that colours are read anew.
    pub theme: &'static str,
    /// Which of several stages it is: 0 for the run looked at.
    pub number: usize,
    /// How much larger everything is drawn than it is laid out.
    pub larger: f64,
}

/// The stage's input.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct StageProps {
    /// What is shown.
    pub view: StageView,
    /// Where requests go.
    pub on_msg: Callback<Msg>,
}

/// What happens to the stage itself.
pub enum Act {
    /// It has this size now.
    Size(Size),
    /// Words that tell time are to say this instant.
    Words(SimTime),
    /// Somebody does something to a figure.
    Figure(usize, Gesture),
    /// A finger has rested long enough.
    Held(usize, i32, i32),
    /// Everything is in its place.
    Settled,
    /// Somebody chooses a line.
    Line(Selection, i32, i32),
    /// Somebody asks what can be done to a line.
    AskLine(Selection, i32, i32),
    /// Somebody chooses nothing in particular.
    Ground(i32, i32),
    /// So many times closer, around a place of the page; None for the middle.
    Zoom(f64, Option<Xy>),
    /// All of it again.
    Fit,
    /// Another part of it shows.
    Scrolled,
    /// A line is drawn between places of the page; true once it is done.
    Knife(Xy, Xy, bool),
    /// The same, from a figure on.
    Haul(Xy, Xy, bool),
}

/// The cluster's picture.
pub struct Stage {
    host: NodeRef,
    canvas: NodeRef,
    /// The line drawn across links.
    knife: NodeRef,
    size: Size,
    /// How close, in times of the whole; and how much larger things are drawn for that. A cluster
    /// of which words had to be left out gets more room instead, and with it more detail.
    zoom: f64,
    scale: f64,
    crowded: bool,
    /// The share of the picture to be shown, and where in the window, once it is drawn.
    keep: Option<(Xy, Xy)>,
    hand: Option<Hand>,
    layout: Option<(Rc<Topology>, usize, Rc<Layout>)>,
    picture: Option<Picture>,
    sketch: Sketch,
    words_at: SimTime,
    /// The figure that Tab leads to.
    stop: usize,
    settling: Option<Timeout>,
    press: Option<Timeout>,
    /// A press has opened the menu: the click that ends it chooses nothing.
    held: bool,
    tones: (&'static str, bool),
    observer: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
    /// One for all figures and for good, so that they need not be drawn anew.
    on_gesture: Callback<(usize, Gesture)>,
}

impl Component for Stage {
    type Message = Act;
    type Properties = StageProps;

    fn create(ctx: &Context<Stage>) -> Stage {
        Stage {
            host: NodeRef::default(),
            canvas: NodeRef::default(),
            knife: NodeRef::default(),
            size: Size::default(),
            zoom: 1.0,
            scale: 1.0,
            crowded: false,
            keep: None,
            hand: None,
            layout: None,
            picture: None,
            sketch: Sketch::default(),
            words_at: 0,
            stop: 0,
            settling: None,
            press: None,
            held: false,
            tones: ("", false),
            observer: None,
            on_gesture: ctx.link().callback(|(index, gesture)| Act::Figure(index, gesture)),
        }
    }

    fn update(&mut self, ctx: &Context<Stage>, act: Act) -> bool {
        let say = |msg: Msg| ctx.props().on_msg.emit(msg);
        match act {
            Act::Size(size) if size == self.size => return false,
            Act::Size(size) => {
                self.size = size;
                self.compose(ctx);
            }
            Act::Words(t) => {
                self.words_at = t;
                let before = self.picture.take();
                self.compose(ctx);
                return before != self.picture;
            }
            Act::Figure(index, gesture) => return self.on_gesture(ctx, index, gesture),
            Act::Held(index, x, y) => {
                self.held = true;
                if let Some(place) = self.selection_of(index) {
                    say(Msg::OpenMenu { place, x, y });
                }
                return false;
            }
            Act::Settled => self.settling = None,
            Act::Line(place, x, y) => {
                say(self.followed_at(ctx, x, y).unwrap_or(Msg::Select(place)));
                return false;
            }
            Act::AskLine(place, x, y) => {
                say(Msg::OpenMenu { place, x, y });
                return false;
            }
            Act::Zoom(times, at) => {
                // Two fingers neither rest nor draw.
                self.press = None;
                self.draw_knife(ctx, Xy::default(), Xy::default(), false);
                return self.zoom_by(ctx, times, at);
            }
            Act::Fit => {
                self.zoom = 1.0;
                self.compose(ctx);
            }
            Act::Scrolled => {
                painter::look(ctx.props().view.number, self.look());
                return false;
            }
            Act::Knife(from, to, done) => {
                self.draw_knife(ctx, from, to, done);
                return false;
            }
            Act::Haul(from, to, done) => {
                self.press = None;
                self.haul(ctx, from, to, done);
                return false;
            }
            Act::Ground(x, y) => {
                say(self.followed_at(ctx, x, y).unwrap_or(Msg::Select(Selection::None)));
                return false;
            }
        }
        true
    }

    fn changed(&mut self, ctx: &Context<Stage>, _: &StageProps) -> bool {
        self.compose(ctx);
        true
    }

    fn view(&self, ctx: &Context<Stage>) -> Html {
        let still = ctx.props().view.less_motion;
        let class = classes([
            Some("scene"),
            still.then_some("still"),
            painter::hurried().then_some("hurried"),
            self.settling.as_ref().map(|_| "settling"),
        ]);
        let link = ctx.link().clone();
        let on_click = move |event: Event| {
            let (x, y) = place(&event);
            link.send_message(Act::Ground(x, y));
        };
        let room = self.layout.as_ref().map_or(self.size, |(_, _, layout)| layout.size);
        let scene = el("svg", class)
            .set("width", px(room.w * self.scale))
            .set("height", px(room.h * self.scale))
            .set("role", "group")
            .testid("scene")
            .on_click(Box::new(on_click));
        let scene = if self.scale > 1.0 {
            scene.set("viewBox", format!("0 0 {} {}", px(room.w), px(room.h)))
        } else {
            scene
        };
        let scene = match &self.picture {
            Some(picture) => self.draw(ctx, picture, scene.label(picture.name.clone())),
            None => scene,
        };
        let close = (self.zoom > 1.0).then_some("close");
        let zoom = |name: &'static str, testid: &'static str, icon: Icon, act: fn() -> Act| {
            let link = ctx.link().clone();
            el("button", "quiet square")
                .label(name)
                .set("title", name)
                .testid(testid)
                .on_click(Box::new(move |_| link.send_message(act())))
                .with(icon.html())
        };
        let closer = || Act::Zoom(CLOSER, None);
        let farther = || Act::Zoom(1.0 / CLOSER, None);
        let scroller = el("div", classes([Some("scroller"), close]))
            .known_as(&self.host)
            .with(scene.with(el("path", "knife").known_as(&self.knife)));
        let canvas = el("canvas", "").known_as(&self.canvas).set("aria-hidden", "true");
        let zooms = el("div", classes([Some("zoom"), close]))
            .set("role", "group")
            .label(say::ZOOM)
            .with(zoom(say::LOOK_CLOSER, "zoom-in", Icon::Plus, closer))
            .with(zoom(say::LOOK_FROM_FARTHER_AWAY, "zoom-out", Icon::Minus, farther))
            .with(zoom(say::SHOW_ALL_OF_IT, "zoom-fit", Icon::Fit, || Act::Fit));
        group([el("div", "stage-box").with(scroller).with(canvas), zooms])
    }

    fn rendered(&mut self, ctx: &Context<Stage>, first: bool) {
        if first {
            self.observe(ctx);
        }
        let (Some(canvas), Some((_, _, layout))) =
            (self.canvas.cast::<HtmlCanvasElement>(), &self.layout)
        else {
            return;
        };
        if let (Some((share, at)), Some(host)) = (self.keep.take(), self.host.cast::<Element>()) {
            host.set_scroll_left((share.x * f64::from(host.scroll_width()) - at.x) as i32);
            host.set_scroll_top((share.y * f64::from(host.scroll_height()) - at.y) as i32);
        }
        let view = &ctx.props().view;
        let tones = (view.theme, browser::matches("(prefers-color-scheme: light)"));
        let fresh = tones != self.tones;
        self.tones = tones;
        let on_words = ctx.link().callback(Act::Words);
        painter::look(view.number, self.look());
        painter::attach(
            view.number,
            &canvas,
            layout,
            (view.less_motion, view.beats),
            fresh,
            on_words,
        );
    }

    fn destroy(&mut self, _: &Context<Stage>) {
        if let Some((observer, _)) = &self.observer {
            observer.disconnect();
        }
    }
}

impl Stage {
    /// Watches the size of the stage.
    fn observe(&mut self, ctx: &Context<Stage>) {
        let Some(scroller) = self.host.cast::<Element>() else {
            return;
        };
        self.hand =
            Some(Hand::new(&scroller, ctx.link().clone(), ctx.props().view.number == EDITED));
        // Bars for scrolling come and go inside of it.
        let host = scroller.parent_element().unwrap_or(scroller);
        let link = ctx.link().clone();
        let watched = host.clone();
        let tell = Closure::new(move || tell_size(&watched, &link));
        tell_size(&host, ctx.link());
        if let Ok(observer) = ResizeObserver::new(tell.as_ref().unchecked_ref()) {
            observer.observe(&host);
            self.observer = Some((observer, tell));
        }
    }

    /// The layout and the picture of what is to be shown.
    fn compose(&mut self, ctx: &Context<Stage>) {
        if self.size.w < 1.0 {
            return;
        }
        let world = &*ctx.props().view.moment;
        let clients = world.clients.len();
        let same = self
            .layout
            .as_ref()
            .is_some_and(|(topology, count, _)| **topology == *world.topology && *count == clients);
        if !same {
            self.zoom = 1.0;
        }
        let room = if self.zoom > 1.0 && self.crowded { self.zoom } else { 1.0 };
        let larger = ctx.props().view.larger;
        self.scale = self.zoom / room * larger;
        let room_for = |length: f64| length * room / larger;
        let size = Size { w: room_for(self.size.w), h: room_for(self.size.h) };
        let known = self.layout.take().filter(|(_, _, layout)| same && layout.size == size);
        let (topology, _, layout) = self.layout.insert(match known {
            Some(known) => known,
            None => {
                let layout = Layout::new(&world.topology, clients, size);
                (Rc::clone(&world.topology), clients, Rc::new(layout))
            }
        });
        if room == 1.0 {
            self.crowded = layout.detail() < Detail::Compact;
        }
        debug_assert_eq!(usize::from(topology.servers()), world.nodes.len());
        let picture = Picture::on(&mut self.sketch, world, layout, self.words_at);
        let moved = self.picture.as_ref().is_some_and(|before| {
            let places =
                |picture: &Picture| picture.nodes.iter().map(|node| node.at).collect::<Vec<_>>();
            places(before) != places(&picture)
        });
        if moved && !ctx.props().view.less_motion {
            let link = ctx.link().clone();
            self.settling = Some(Timeout::new(SETTLE_MS, move || link.send_message(Act::Settled)));
        }
        let figures = picture.nodes.len() + picture.clients.len();
        self.stop = self.stop.min(figures.saturating_sub(1));
        self.picture = Some(picture);
    }

    /// Servers first, then clients.
    fn figures(&self) -> impl Iterator<Item = &Figure> {
        let figures = self.picture.iter();
        figures.flat_map(|picture| picture.nodes.iter().chain(&picture.clients))
    }

    /// What it means to choose a figure.
    fn selection_of(&self, index: usize) -> Option<Selection> {
        self.figures().nth(index).map(|figure| figure.selects)
    }

    /// The request to follow the packet at a place of the page, if one is there.
    fn followed_at(&self, ctx: &Context<Stage>, x: i32, y: i32) -> Option<Msg> {
        let place = self.place(xy(f64::from(x), f64::from(y)))?;
        painter::packet_at(ctx.props().view.number, place).map(Msg::Follow)
    }

    fn on_gesture(&mut self, ctx: &Context<Stage>, index: usize, gesture: Gesture) -> bool {
        let say = |msg: Msg| ctx.props().on_msg.emit(msg);
        let Some(place) = self.selection_of(index) else {
            return false;
        };
        match gesture {
            Gesture::Choose(x, y) => {
                self.stop = index;
                if !std::mem::take(&mut self.held) {
                    say(self.followed_at(ctx, x, y).unwrap_or(Msg::Select(place)));
                }
            }
            Gesture::Enter => say(Msg::Select(place)),
            Gesture::Ask(x, y) => {
                self.stop = index;
                say(Msg::OpenMenu { place, x, y });
            }
            Gesture::Press(x, y) => {
                self.held = false;
                let link = ctx.link().clone();
                let hold = move || link.send_message(Act::Held(index, x, y));
                self.press = Some(Timeout::new(PRESS_MS, hold));
                return false;
            }
            Gesture::Release => {
                self.press = None;
                return false;
            }
            Gesture::Focus => {
                let moved = self.stop != index;
                self.stop = index;
                return moved;
            }
            Gesture::Go(x, y) => {
                if let Some(next) = self.nearest(index, xy(x, y)) {
                    self.stop = next;
                    self.focus(next);
                }
            }
        }
        true
    }

    /// The nearest figure in a direction; what lies aside counts double.
    fn nearest(&self, index: usize, way: Xy) -> Option<usize> {
        let from = self.figures().nth(index)?.at;
        let cost = |at: Xy| {
            let off = at - from;
            let (along, aside) = (off.x * way.x + off.y * way.y, off.x * way.y - off.y * way.x);
            (along > 1.0 && aside.abs() <= along * 2.0).then(|| along + 2.0 * aside.abs())
        };
        let costs = self.figures().enumerate().filter(|(other, _)| *other != index);
        costs
            .filter_map(|(other, figure)| Some((other, cost(figure.at)?)))
            .min_by(|(_, a), (_, b)| a.total_cmp(b))
            .map(|(other, _)| other)
    }

    fn focus(&self, index: usize) {
        let host = self.host.cast::<Element>();
        let found = host.and_then(|host| {
            let every = host.query_selector_all(".figure").ok()?;
            every.item(index as u32)?.dyn_into::<SvgElement>().ok()
        });
        if let Some(figure) = found {
            // What cannot take the focus leaves it where it is.
            let _ = figure.focus();
        }
    }

    /// Puts the picture into the scene.
    fn draw(&self, ctx: &Context<Stage>, picture: &Picture, scene: El) -> El {
        let selection = ctx.props().view.selection;
        let figures = self.figures().enumerate().map(|(index, figure)| {
            let props = FigureProps {
                figure: figure.clone(),
                stage: ctx.props().view.number,
                index,
                selected: figure.selects == selection,
                tab_stop: index == self.stop,
                on_gesture: self.on_gesture.clone(),
            };
            component::<FigureView>(props, Some(&figure.key))
        });
        let pattern = el("pattern", "")
            .set("id", "hatch")
            .set("width", "8")
            .set("height", "8")
            .set("patternUnits", "userSpaceOnUse")
            .set("patternTransform", "rotate(45)")
            .with(el("rect", "hatch-line").set("width", "2").set("height", "8"));
        let sides = || picture.sides.iter();
        let wires = picture.wires.iter().flat_map(|wire| line(ctx, wire, selection));
        let labels = sides().filter_map(|side| side.label.as_ref()).flat_map(side_label);
        scene
            .with(el("defs", "").with(pattern))
            .with(el("g", "").each(sides().map(|side| path("hatch", &side.hatch))))
            .with(el("g", "").each(wires))
            .with(el("g", "").each(sides().map(|side| path("tear", &side.tear))))
            .with(el("g", "").each(picture.wires.iter().filter_map(Wire::bars).map(bars)))
            .with(el("g", "").each(self.rulers(ctx, picture, selection)))
            .with(el("g", "").each(figures))
            .with(el("g", "").each(labels))
    }
}

/// A path whose data the picture keeps.
fn path(class: impl Into<Words>, d: &Rc<str>) -> El {
    el("path", class).attribute("d", AttrValue::from(Rc::clone(d)))
}

/// What a side of a partition says.
fn side_label((room, text): &(Rect, String)) -> [El; 2] {
    let at = room.centre() + xy(0.0, 4.7);
    let words = words(at, 13.0, "middle", "side-label").text(text.clone());
    [rect(room, 4.0, "side-plate"), words]
}

/// Tells the stage its size.
fn tell_size(host: &Element, link: &Scope<Stage>) {
    let size = Size { w: f64::from(host.client_width()), h: f64::from(host.client_height()) };
    if size.w >= 1.0 && size.h >= 1.0 {
        link.send_message(Act::Size(size));
    }
}

/// One line, and a broader one that reacts to a pointer if it is a stream.
fn line(ctx: &Context<Stage>, wire: &Wire, selection: Selection) -> Vec<El> {
    let (from, to) = (wire.from.node(), wire.to.node());
    let (WireKind::Stream, Some(from), Some(to)) = (wire.kind, from, to) else {
        return vec![path(wire.class(), &wire.path)];
    };
    let link = Selection::Link(from, to);
    let chosen = [link, Selection::Link(to, from)].contains(&selection);
    let hear = |act: fn(Selection, i32, i32) -> Act| -> Ear {
        let stage = ctx.link().clone();
        Box::new(move |event: Event| {
            event.prevent_default();
            event.stop_propagation();
            let (x, y) = place(&event);
            stage.send_message(act(link, x, y));
        })
    };
    let class = classes([Some(wire.class()), chosen.then_some("selected")]);
    vec![
        path("wire-hit", &wire.path)
            .on_click(hear(Act::Line))
            .on("contextmenu", hear(Act::AskLine)),
        path(class, &wire.path).set("data-link", format!("{from}-{to}")),
    ]
}

/// The bars of a cut.
fn bars(at: Xy) -> El {
    let plate = Rect::around(Xy::default(), 28.0, 28.0);
    el("g", "")
        .set("transform", shift(at))
        .with(rect(&plate, 6.0, "bars-plate"))
        .with(el("path", "bars").set("d", "M-5 -9V9M5 -9V9"))
}

/// Draws what moves, on every stage, in every frame.
pub fn paint(player: &mut Player) {
    painter::paint(player);
}

/// Every packet drawn at the playhead, for scripts.
pub fn packets(player: &mut Player) -> Form {
    painter::rows(player)
}
