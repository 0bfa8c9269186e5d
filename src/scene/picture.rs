//! Everything that stands still between two events, put together.

use std::rc::Rc;

use crate::base::{SimTime, capitalised};
use crate::policy::Preset;
use crate::sim::World;
use crate::words::scene as say;

use super::books::Books;
use super::figure::{Figure, figure};
use super::layout::Layout;
use super::sides::{Region, sides};
use super::slip::slip;
use super::strip::Strips;
use super::wires::{Ways, Wire, wires};

/// The still part of the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Its name: `Star, 4 nodes, async`.
    pub name: String,
    /// The sides of a partition that have no majority.
    pub sides: Rc<Vec<Region>>,
    /// The lines.
    pub wires: Vec<Wire>,
    /// The servers that have not left, n1 first.
    pub nodes: Vec<Figure>,
    /// The clients.
    pub clients: Vec<Figure>,
}

/// What pictures have in common from event to event: the ways between things, and the sides of a
/// partition. It changes no picture; a fresh one gives the same.
#[derive(Clone, Debug, Default)]
pub struct Sketch {
    ways: Option<Ways>,
    sides: Option<(Vec<u16>, Rc<Vec<Region>>)>,
}

impl Sketch {
    /// Forgets what does not hold for this world and layout, and finds what is missing.
    fn renew(&mut self, world: &World, layout: &Rc<Layout>) -> (&Ways, Rc<Vec<Region>>) {
        let known = self.ways.take().filter(|ways| ways.hold(world, layout));
        if known.is_none() {
            self.sides = None;
        }
        let ways = self.ways.insert(known.unwrap_or_else(|| Ways::new(world, layout)));
        let groups = world.network.breach.groups();
        let known = self.sides.take().filter(|(of, _)| of == groups);
        let (_, sides) = self
            .sides
            .insert(known.unwrap_or_else(|| (groups.to_vec(), Rc::new(sides(world, layout)))));
        (ways, Rc::clone(sides))
    }
}

impl Picture {
    /// The picture of a world; its words tell time as of `t`.
    pub fn new(world: &World, layout: &Rc<Layout>, t: SimTime) -> Picture {
        Picture::on(&mut Sketch::default(), world, layout, t)
    }

    /// The same, with what earlier pictures have found.
    pub fn on(sketch: &mut Sketch, world: &World, layout: &Rc<Layout>, t: SimTime) -> Picture {
        let (ways, sides) = sketch.renew(world, layout);
        let lines = layout.clients.iter().map(|place| place.lines).max();
        let books = Books::new(world, lines.unwrap_or(0));
        let shown = layout.nodes.iter().any(|place| place.detail.cell().is_some());
        let strips = Strips::new(world, shown);
        let nodes = world.nodes.iter().zip(&layout.nodes);
        let nodes = nodes.filter(|(node, _)| node.is_member());
        Picture {
            name: name(world),
            sides,
            wires: wires(world, ways),
            nodes: nodes
                .map(|(node, place)| figure(world, node, place, &strips, &books, t))
                .collect(),
            clients: layout.clients.iter().map(|place| slip(world, place, &books)).collect(),
        }
    }
}

/// What the stage is called.
fn name(world: &World) -> String {
    let shape = capitalised(world.topology.shape().name());
    let count = world.member_count();
    let rule = match world.rules.code {
        Some(code) => code.name(),
        None => world.rules.ack.preset().map_or(say::OWN_ACK_RULE, Preset::name),
    };
    say::stage(shape, count.into(), rule)
}
