//! Where everything stands, given the streams, the clients and the size of the stage. A smaller
//! stage gets another layout, never a smaller copy of the same one.

use crate::base::{ClientId, NodeId};
use crate::topology::{Shape, Topology};

use super::arrange;
use super::detail::{Detail, Side};
use super::geometry::{Rect, Size, Xy};
use super::seat::{ClientPlace, Seats, seat};

/// Room between anything and the edge of the stage.
pub const MARGIN: f64 = 10.0;

/// Which way a write mostly travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Clients on the left, writes go right.
    Right,
    /// Clients at the top, writes go down.
    Down,
}

/// One server's place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Middle of the body.
    pub at: Xy,
    /// How much of it is shown.
    pub detail: Detail,
    /// Where its labels stand.
    pub side: Side,
}

impl Place {
    /// Everything it takes up.
    pub fn block(&self) -> Rect {
        self.detail.block(self.side).moved(self.at)
    }

    /// Its body.
    pub fn body(&self) -> Rect {
        Rect::around(self.at, self.detail.body(), self.detail.body())
    }
}

/// Where everything stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The stage.
    pub size: Size,
    /// Which way writes travel.
    pub flow: Flow,
    /// Every server's place, by number.
    pub nodes: Vec<Place>,
    /// The clients that have a place of their own, and the rest as one.
    pub clients: Vec<ClientPlace>,
}

impl Layout {
    /// Lays out a cluster with this many clients on a stage of this size. Servers that have left it
    /// have a place beyond the stage.
    pub fn new(topology: &Topology, clients: usize, size: Size) -> Layout {
        let mut layout = Layout::of_members(&topology.compact(), clients, size);
        let away = Xy { x: -9_999.0, y: -9_999.0 };
        for node in (0..topology.servers()).map(NodeId) {
            if !topology.order().contains(&node) {
                let detail = layout.detail();
                let gone = Place { at: away, detail, side: Side::Below };
                layout.nodes.insert(node.index(), gone);
            }
        }
        layout
    }

    fn of_members(topology: &Topology, clients: usize, size: Size) -> Layout {
        let landscape = size.w >= 480.0 && size.w >= 1.2 * size.h;
        let flow = if landscape { Flow::Right } else { Flow::Down };
        let air = if size.w >= 860.0 { MARGIN * 2.0 } else { MARGIN };
        let stage = Rect::from_edges(0.0, 0.0, size.w, size.h).grown(-air);
        let Seats { clients, field } = seat(clients, stage, flow);
        let arranged = Detail::ALL
            .into_iter()
            .find_map(|detail| arranged(topology, field, flow, detail, !clients.is_empty()));
        let nodes = arranged.unwrap_or_else(|| arrange::crowd(topology.order(), field));
        Layout { size, flow, nodes, clients }
    }

    /// A server's place.
    pub fn node(&self, node: NodeId) -> &Place {
        &self.nodes[node.index()]
    }

    /// The place at which a client is drawn: its own, or that of the rest.
    pub fn client(&self, client: ClientId) -> Option<&ClientPlace> {
        let own = self.clients.get(client.index());
        own.or(self.clients.last())
    }

    /// The most detailed level in use, for what belongs to no one server.
    pub fn detail(&self) -> Detail {
        let levels = self.nodes.iter().map(|place| place.detail);
        levels.min().unwrap_or(Detail::Full)
    }

    /// Whatever stands somewhere: servers with their labels, clients with their slips.
    pub fn blocks(&self) -> impl Iterator<Item = Rect> + '_ {
        let clients = self.clients.iter().map(ClientPlace::block);
        self.nodes.iter().map(Place::block).chain(clients)
    }
}

/// The servers in their shape at one level of detail; None if they do not fit so.
fn arranged(
    topology: &Topology,
    field: Rect,
    flow: Flow,
    detail: Detail,
    has_clients: bool,
) -> Option<Vec<Place>> {
    let order = topology.order();
    if let [_] = order {
        return arrange::alone(field, detail);
    }
    match topology.shape() {
        Shape::Chain => arrange::serpentine(order, field, flow, detail),
        Shape::Ring => arrange::ring(order, field, flow, detail),
        Shape::Star | Shape::Tree | Shape::Custom => {
            arrange::layers(topology, field, flow, detail, has_clients)
        }
    }
}
