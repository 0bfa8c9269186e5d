//! Looking closer, and acting on lines: the part of the picture that shows, where on it a place of
//! the page is, the line that cuts, the ruler of a link.

use replication::base::NodeId;
use replication::player::{Msg, Selection};
use replication::scene::{Figure, Picture, Wire, WireKind, Xy, px, ruler, within, xy};
use replication::sim::{Command, CutCommand, RepointCommand};
use web_sys::Element;
use yew::Context;

use super::surface::View;
use super::{Stage, marks};
use crate::app::element::El;

/// The closest that one can look, in times of the whole.
const ZOOM_MAX: f64 = 5.0;

impl Stage {
    /// What part of the picture shows.
    pub(super) fn look(&self) -> View {
        let host = self.host.cast::<Element>();
        let part = |of: fn(&Element) -> i32| host.as_ref().map_or(0, of).into();
        let off = xy(part(Element::scroll_left), part(Element::scroll_top));
        View { size: self.size, scale: self.scale, off }
    }

    /// A place of the page as one of the picture.
    pub(super) fn place(&self, at: Xy) -> Option<Xy> {
        let edge = self.host.cast::<Element>()?.get_bounding_client_rect();
        let View { scale, off, .. } = self.look();
        Some((at - xy(edge.left(), edge.top()) + off) * (1.0 / scale))
    }

    pub(super) fn zoom_by(&mut self, ctx: &Context<Stage>, times: f64, at: Option<Xy>) -> bool {
        let before = self.zoom;
        self.zoom = within(before * times, 1.0, ZOOM_MAX);
        let Some(host) = self.host.cast::<Element>().filter(|_| self.zoom != before) else {
            return false;
        };
        let edge = host.get_bounding_client_rect();
        let middle = xy(self.size.w / 2.0, self.size.h / 2.0);
        let at = at.map_or(middle, |at| at - xy(edge.left(), edge.top()));
        let View { off, .. } = self.look();
        let whole = xy(self.size.w * before, self.size.h * before);
        let share = xy((at.x + off.x) / whole.x, (at.y + off.y) / whole.y);
        self.keep = Some((share, at));
        self.compose(ctx);
        true
    }

    /// Draws the line across links; once it is done, cuts those that it crosses.
    pub(super) fn draw_knife(&mut self, ctx: &Context<Stage>, from: Xy, to: Xy, done: bool) {
        let (Some(a), Some(b)) = (self.place(from), self.place(to)) else {
            return;
        };
        let d = if done || a == b { String::new() } else { stroke(a, b) };
        self.show_knife("knife", &d);
        let wires = self.picture.iter().flat_map(|picture| &picture.wires).filter(|wire| {
            done && wire.kind == WireKind::Stream
                && wire.cut != (true, true)
                && wire.route.is_crossed_by(a, b)
        });
        let ends = |wire: &Wire| Some((wire.from.node()?, wire.to.node()?));
        let mut cut: Vec<(NodeId, NodeId)> = wires.filter_map(ends).collect();
        cut.dedup_by(|a, b| (a.0, a.1) == (b.1, b.0));
        for (from, to) in cut {
            ctx.props().on_msg.emit(Msg::Issue(Command::Cut(CutCommand { from, to, both: true })));
        }
    }

    /// Draws a line from a server to the hand; asks, once it is done over another server, that
    /// this one follow the first.
    pub(super) fn haul(&self, ctx: &Context<Stage>, from: Xy, to: Xy, done: bool) {
        let (Some(a), Some(b)) = (self.place(from), self.place(to)) else {
            return;
        };
        let Some((source, start)) = self.server_at(a) else { return };
        let ring = "m-14 0a14 14 0 1 0 28 0a14 14 0 1 0 -28 0";
        let d = if done { String::new() } else { format!("{}{ring}", stroke(start, b)) };
        self.show_knife("knife haul", &d);
        if let Some((node, _)) = self.server_at(b).filter(|(node, _)| done && *node != source) {
            ctx.props().on_msg.emit(Msg::Issue(Command::Repoint(RepointCommand { node, source })));
        }
    }

    /// The server at a place of the picture, and where its middle is.
    fn server_at(&self, at: Xy) -> Option<(NodeId, Xy)> {
        let picture = self.picture.as_ref()?;
        let near = |figure: &&Figure| figure.hit.moved(figure.at).contains(at);
        let figure = picture.nodes.iter().find(near)?;
        Some((figure.selects.node()?, figure.at))
    }

    fn show_knife(&self, class: &str, d: &str) {
        if let Some(knife) = self.knife.cast::<Element>() {
            // Setting an attribute cannot fail.
            let _ = knife.set_attribute("class", class);
            let _ = knife.set_attribute("d", d);
        }
    }

    /// The ruler of the selected link, while time passes slowly.
    pub(super) fn rulers(
        &self,
        ctx: &Context<Stage>,
        picture: &Picture,
        selection: Selection,
    ) -> Vec<El> {
        let view = &ctx.props().view;
        let Selection::Link(a, b) = selection else {
            return Vec::new();
        };
        let shown = |wire: &&Wire| {
            let ends = (wire.from.node(), wire.to.node());
            view.slow && (ends == (Some(a), Some(b)) || ends == (Some(b), Some(a)))
        };
        picture.wires.iter().find(shown).map_or_else(Vec::new, |wire| {
            let (from, to) = if wire.from.node() == Some(a) { (a, b) } else { (b, a) };
            let latency = &view.moment.network.dials(from, to).latency;
            marks::marks(&ruler(&wire.route, latency.typical()))
        })
    }
}

fn stroke(a: Xy, b: Xy) -> String {
    format!("M{} {}L{} {}", px(a.x), px(a.y), px(b.x), px(b.y))
}
