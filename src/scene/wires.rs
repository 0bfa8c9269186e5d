//! The lines between things: streams, clients' links, and where they are cut.

use std::cell::RefCell;
use std::rc::Rc;

use crate::base::{Map, NodeId, Place as Spot, PlaceKind, sort};
use crate::sim::{Event, World};
use crate::topology::Shape;
use crate::words::scene as say;

use super::detail::Detail;
use super::figure::Kind;
use super::geometry::{Rect, Xy, xy};
use super::layout::Layout;
use super::route::Route;

/// Servers up to which lines bend around what stands in between.
const BENDS_MAX: usize = 24;
/// How many operations back a client's link stays drawn.
const RECENT: usize = 2;

/// What a line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireKind {
    /// A replication stream.
    Stream,
    /// A client's link.
    Client,
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Wire {
    /// Which.
    pub kind: WireKind,
    /// From where.
    pub from: Spot,
    /// To where.
    pub to: Spot,
    /// Its way, from border to border.
    pub route: Rc<Route>,
    /// The same as SVG path data.
    pub path: Rc<str>,
    /// Which directions nothing passes: from start to end, and back.
    pub cut: (bool, bool),
    /// Whether it is one of very many.
    pub fine: bool,
}

/// Something to go around.
#[derive(Clone, Copy, Debug)]
struct Obstacle {
    of: Spot,
    room: Rect,
    is_body: bool,
}

/// A way found: itself, None where there is none; and as SVG path data, once somebody asked.
type Known = (Option<Rc<Route>>, Option<Rc<str>>);

/// Finds the ways between things on a layout.
#[derive(Clone, Debug)]
pub struct Ways {
    layout: Rc<Layout>,
    primaries: Vec<bool>,
    obstacles: Vec<Obstacle>,
    /// How much it weighs to cross one's own words: a chain's turns go around them.
    own_labels: f64,
    /// Ways found so far, by their ends.
    known: RefCell<Map<(Spot, Spot), Known>>,
}

impl Ways {
    /// The ways on a layout, with the roles of the present.
    pub fn new(world: &World, layout: &Rc<Layout>) -> Ways {
        let kinds = world.nodes.iter().map(|node| Kind::of(world, node));
        let mut obstacles = Vec::new();
        if layout.nodes.len() <= BENDS_MAX {
            for (node, place) in world.nodes.iter().zip(&layout.nodes) {
                let body = place.body().grown(5.0);
                let of = Spot::from(node.id);
                obstacles.push(Obstacle { of, room: body, is_body: true });
                let labels = place.detail.labels(place.side);
                if let Some(labels) = labels.filter(|_| place.detail >= Detail::Compact) {
                    let words = labels.role.joined(&labels.strip);
                    // Shorter than the room for it: words rarely fill it.
                    let words = Rect { x: words.x + words.w * 0.1, w: words.w * 0.8, ..words };
                    let room = words.moved(place.at);
                    obstacles.push(Obstacle { of, room, is_body: false });
                }
            }
            for (client, place) in world.clients.iter().zip(&layout.clients) {
                let (of, room) = (Spot::from(client.id), place.block());
                obstacles.push(Obstacle { of, room, is_body: true });
            }
        }
        let is_chain = world.topology.shape() == Shape::Chain;
        let own_labels = if is_chain { 1.0 } else { 0.0 };
        Ways {
            layout: Rc::clone(layout),
            known: RefCell::default(),
            primaries: kinds.map(|kind| kind == Kind::Primary).collect(),
            obstacles,
            own_labels,
        }
    }

    /// Whether these are the ways on a layout with the roles of the present.
    pub fn hold(&self, world: &World, layout: &Rc<Layout>) -> bool {
        let leads = |node| Kind::of(world, node) == Kind::Primary;
        Rc::ptr_eq(&self.layout, layout)
            && world.nodes.iter().map(leads).eq(self.primaries.iter().copied())
    }

    /// The layout they are on.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The middle of something; None for what has no place on the stage.
    pub fn middle(&self, spot: Spot) -> Option<Xy> {
        match spot.kind() {
            PlaceKind::Node(node) => Some(self.layout.node(node).at),
            PlaceKind::Client(client) => {
                self.layout.client(client).map(|place| place.pill.centre())
            }
            PlaceKind::Operator => None,
        }
    }

    /// How far its border is from its middle, in a direction.
    fn border(&self, spot: Spot, way: Xy) -> f64 {
        let boxed = |w: f64, h: f64| {
            let (across, down) = (way.x.abs().max(1e-6), way.y.abs().max(1e-6));
            (w / 2.0 / across).min(h / 2.0 / down)
        };
        match spot.kind() {
            PlaceKind::Node(node) => {
                let detail = self.layout.node(node).detail;
                let air = if detail >= Detail::Small { 3.0 } else { 0.0 };
                match self.primaries[node.index()] {
                    true => boxed(detail.body(), detail.body()).min(detail.half() * 1.25) + air,
                    false => detail.half() * 0.95 + air,
                }
            }
            PlaceKind::Client(client) => self.layout.client(client).map_or(0.0, |place| {
                // Down to below the slip; the other sides are the pill's.
                let below = place.block().bottom() - place.pill.centre().y;
                let h = if way.y > 0.0 { below * 2.0 } else { place.pill.h };
                boxed(place.pill.w, h) + 3.0
            }),
            PlaceKind::Operator => 0.0,
        }
    }

    /// The way from border to border; None if either end is not on the stage.
    ///
    /// Both directions of a pair have the same way.
    pub fn route(&self, from: Spot, to: Spot) -> Option<Rc<Route>> {
        if let Some((route, _)) = self.known.borrow().get(&(from, to)) {
            return route.clone();
        }
        let found = if from > to {
            self.route(to, from).map(|route| Rc::new(route.reversed()))
        } else {
            self.find(from, to).map(Rc::new)
        };
        self.known.borrow_mut().or_insert((from, to), (found.clone(), None));
        found
    }

    /// A way as SVG path data; empty if there is none.
    fn path(&self, from: Spot, to: Spot) -> Rc<str> {
        let route = self.route(from, to);
        let mut known = self.known.borrow_mut();
        let (_, path) = known.or_insert((from, to), (None, None));
        let written = || route.map_or_else(String::new, |route| route.path()).into();
        Rc::clone(path.get_or_insert_with(written))
    }

    fn find(&self, from: Spot, to: Spot) -> Option<Route> {
        let (a, b) = (self.middle(from)?, self.middle(to)?);
        let whole = self.bend(from, to, a, b);
        let (_, leaves) = whole.at(0.0);
        let (_, arrives) = whole.at(1.0);
        Some(whole.shortened(self.border(from, leaves), self.border(to, arrives * -1.0)))
    }

    fn bend(&self, from: Spot, to: Spot, a: Xy, b: Xy) -> Route {
        let straight = Route::straight(a, b);
        let least = self.hindrance(&straight, from, to);
        if least == 0.0 {
            return straight;
        }
        let stage = Rect::from_edges(0.0, 0.0, self.layout.size.w, self.layout.size.h).grown(-14.0);
        let (middle, side) = (a.toward(b, 0.5), (b - a).unit().right());
        let leans = [70.0, -70.0, 130.0, -130.0, 200.0, -200.0, 300.0, -300.0];
        let bends = leans.into_iter().map(|lean| Route::bent(a, middle + side * lean, b));
        let inside =
            bends.filter(|route| route.corners().iter().all(|corner| stage.contains(*corner)));
        let (_, best) = inside.fold((least, straight), |(least, best), route| {
            let hindrance = self.hindrance(&route, from, to);
            if hindrance < least { (hindrance, route) } else { (least, best) }
        });
        best
    }

    /// How much stands in the way: bodies of others weigh most, labels less.
    fn hindrance(&self, route: &Route, from: Spot, to: Spot) -> f64 {
        let pieces = || route.corners().windows(2);
        let crossed = |rect: &Rect| pieces().any(|pair| rect.is_crossed_by(pair[0], pair[1]));
        let weigh = |Obstacle { of, room, is_body }: &Obstacle| {
            let own = *of == from || *of == to;
            match (is_body, own) {
                (true, true) => 0.0,
                _ if !crossed(room) => 0.0,
                (true, false) => 10.0,
                (false, true) => self.own_labels,
                (false, false) => 3.0,
            }
        };
        self.obstacles.iter().map(weigh).sum()
    }
}

/// Every line of the picture.
pub fn wires(world: &World, ways: &Ways) -> Vec<Wire> {
    let mut wires = Vec::new();
    let fine = ways.layout.detail() < Detail::Small;
    for stream in world.topology.streams() {
        let (from, to) = (Spot::from(stream.from), Spot::from(stream.to));
        let cut = |from: NodeId, to: NodeId| !world.network.breach.reaches(from, to);
        if let Some(route) = ways.route(from, to) {
            let cut = (cut(stream.from, stream.to), cut(stream.to, stream.from));
            let kind = WireKind::Stream;
            let path = ways.path(from, to);
            wires.push(Wire { kind, from, to, route, path, cut, fine });
        }
    }
    for (client, node) in client_links(world) {
        let home = world.clients[client.client().map_or(0, |client| client.index())].home;
        let cut =
            (!world.network.breach.reaches(home, node), !world.network.breach.reaches(node, home));
        if let Some(route) = ways.route(client, node.into()) {
            let kind = WireKind::Client;
            let path = ways.path(client, node.into());
            wires.push(Wire { kind, from: client, to: node.into(), route, path, cut, fine });
        }
    }
    wires
}

/// Each client with its home, with whom it asked of late, and with whom a message is under way.
fn client_links(world: &World) -> Vec<(Spot, NodeId)> {
    let mut links: Vec<(Spot, NodeId)> = Vec::new();
    for client in &world.clients {
        links.push((client.id.into(), client.home));
    }
    let ops = &world.ledger.ops;
    let look = ops.len().saturating_sub(RECENT * world.clients.len().max(1));
    for op in ops.iter().skip(look) {
        links.extend(op.target.map(|target| (op.client.into(), target)));
    }
    for (_, event) in world.queue.iter() {
        if let Event::Deliver(envelope) | Event::Lose(envelope, _) = event {
            match (envelope.from.client(), envelope.to.client()) {
                (Some(client), _) => {
                    links.extend(envelope.to.node().map(|node| (client.into(), node)));
                }
                (_, Some(client)) => {
                    links.extend(envelope.from.node().map(|node| (client.into(), node)));
                }
                (None, None) => {}
            }
        }
    }
    sort(&mut links, |a, b| a < b);
    links.dedup();
    links
}

impl Wire {
    /// Where the bars of a cut stand; in the middle if nothing passes either way, on its side of
    /// the line if one direction is cut. None if the line is whole.
    pub fn bars(&self) -> Option<Xy> {
        let (middle, along) = self.route.at(0.5);
        match self.cut {
            (false, false) => None,
            (true, true) => Some(middle),
            (true, false) => Some(middle + along.right() * 13.0),
            (false, true) => Some(middle - along.right() * 13.0),
        }
    }

    /// What it means, for the style sheet. In a crowd lines are finer.
    pub fn class(&self) -> &'static str {
        let fine = self.fine;
        match self.kind {
            WireKind::Stream if fine => "wire fine",
            WireKind::Stream => "wire",
            WireKind::Client => "wire client",
        }
    }

    /// The line's name, for those who do not see it.
    pub fn name(&self, world: &World) -> String {
        let word = |spot: Spot| match spot.kind() {
            PlaceKind::Node(node) => node.to_string(),
            PlaceKind::Client(client) => world.clients[client.index()].name.to_string(),
            PlaceKind::Operator => String::new(),
        };
        let cut = match self.cut {
            (false, false) => "",
            (true, true) => say::BOTH_WAYS_CUT,
            (true, false) | (false, true) => say::ONE_WAY_CUT,
        };
        say::wire(word(self.from), word(self.to), cut)
    }
}

/// Room that a cut's bars take up around their middle.
pub fn bars_room(at: Xy) -> Rect {
    Rect::around(at + xy(0.0, 0.0), 28.0, 28.0)
}
