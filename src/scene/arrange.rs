//! The shapes that servers are put in: layers for star, tree and custom streams, a serpentine for a
//! chain, an ellipse for a ring. Each says None when its servers do not fit at a level of detail.

use crate::base::{NodeId, gathered};
use crate::topology::{Shape, Topology};

use super::detail::{Detail, Side};
use super::geometry::{Rect, Xy, xy};
use super::layout::{Flow, Place};

/// One server, in the middle.
pub fn alone(field: Rect, detail: Detail) -> Option<Vec<Place>> {
    let side = Side::Below;
    let block = detail.block(side);
    let at = field.centre() - xy(0.0, block.centre().y);
    let place = Place { at, detail, side };
    field.covers(&place.block()).then(|| vec![place])
}

/// Turns places along and across the flow into places on the stage.
struct Axes {
    field: Rect,
    flow: Flow,
}

impl Axes {
    fn along(&self) -> f64 {
        match self.flow {
            Flow::Right => self.field.w,
            Flow::Down => self.field.h,
        }
    }

    fn across(&self) -> f64 {
        match self.flow {
            Flow::Right => self.field.h,
            Flow::Down => self.field.w,
        }
    }

    /// The extents of a block before and after its body's middle, along and across.
    fn extents(&self, block: Rect) -> [f64; 4] {
        let (left, right, up, down) = (-block.x, block.right(), -block.y, block.bottom());
        match self.flow {
            Flow::Right => [left, right, up, down],
            Flow::Down => [up, down, left, right],
        }
    }

    fn place(&self, along: f64, across: f64) -> Xy {
        match self.flow {
            Flow::Right => xy(self.field.x + along, self.field.y + across),
            Flow::Down => xy(self.field.x + across, self.field.y + along),
        }
    }
}

/// One layer of a hierarchy.
struct Layer {
    nodes: Vec<NodeId>,
    detail: Detail,
    side: Side,
    /// Extents of a block: before and after along, before and after across.
    extents: [f64; 4],
    /// Lines that the layer is broken into.
    lines: usize,
}

impl Layer {
    fn across(&self) -> f64 {
        self.extents[2] + self.extents[3] + gap(self.detail)
    }

    fn along(&self) -> f64 {
        self.extents[0] + self.extents[1]
    }

    /// Length along the flow, from the first line's front to the last line's back.
    fn depth(&self) -> f64 {
        self.along() * self.lines as f64 + gap(self.detail) * (self.lines - 1) as f64
    }
}

/// Air between two blocks.
fn gap(detail: Detail) -> f64 {
    match detail {
        Detail::Full => 14.0,
        Detail::Compact => 6.0,
        Detail::Small => 4.0,
        Detail::Mini => 4.0,
        Detail::Dot(size) if size > 5 => 3.0,
        Detail::Dot(_) => 1.0,
    }
}

/// The root first, then whoever follows it, and so on; unreachable servers come last.
fn ranks(topology: &Topology) -> Vec<Vec<NodeId>> {
    let depths = topology.depths();
    let deepest = depths.iter().flatten().copied().max().unwrap_or(0);
    let mut ranks = vec![Vec::new(); usize::from(deepest) + 2];
    for node in topology.order() {
        let rank = depths[node.index()].unwrap_or(deepest + 1);
        ranks[usize::from(rank)].push(*node);
    }
    ranks.retain(|rank| !rank.is_empty());
    ranks
}

/// A hierarchy: each layer stands beyond the one it follows.
pub fn layers(
    topology: &Topology,
    field: Rect,
    flow: Flow,
    detail: Detail,
    has_clients: bool,
) -> Option<Vec<Place>> {
    let axes = Axes { field, flow };
    let ranks = ranks(topology);
    let last = ranks.len() - 1;
    let mut layers = Vec::new();
    for (rank, nodes) in ranks.into_iter().enumerate() {
        let is_root = rank == 0 && nodes.len() == 1;
        let detail = if is_root { detail.max(Detail::Mini) } else { detail };
        let beside = flow == Flow::Down && rank != last && detail >= Detail::Compact;
        let sides: &[Side] = if beside { &[Side::Right, Side::Below] } else { &[Side::Below] };
        let mut candidates = sides.iter().filter_map(|side| {
            let extents = axes.extents(detail.block(*side));
            let mut layer = Layer { nodes: nodes.clone(), detail, side: *side, extents, lines: 1 };
            let room = (axes.across() + gap(detail)) / layer.across();
            layer.lines = layer.nodes.len().div_ceil((room >= 1.0).then_some(room as usize)?);
            (layer.lines == 1 || *side == Side::Below).then_some(layer)
        });
        layers.push(candidates.next()?);
    }
    let depth: f64 = layers.iter().map(Layer::depth).sum();
    let stream = stream_gap(&layers, detail);
    let gaps = (layers.len() - 1) as f64;
    let spare = axes.along() - depth - stream * gaps;
    if spare < 0.0 {
        return None;
    }
    // What is left goes between the layers, before the first (clients' links lie there) and, if
    // there is plenty, after the last.
    let lead = if has_clients { 0.8 } else { 0.35 };
    let share = spare / (gaps + lead + 0.35);
    let share = share.min(match flow {
        Flow::Right => 300.0,
        Flow::Down => 190.0,
    });
    let used = depth + (stream + share) * gaps + share * lead;
    let mut along = share * lead + (axes.along() - used - share * 0.35).max(0.0) * 0.4;
    let slots = tidy(topology, &layers, axes.across());
    let blank = Place { at: Xy::default(), detail, side: Side::Below };
    let mut places = vec![blank; topology.order().len()];
    for layer in &layers {
        let fan = topology.shape() == Shape::Star && layer.lines == 1;
        let bulge = if fan { share * 0.28 } else { 0.0 };
        let per_line = layer.nodes.len().div_ceil(layer.lines);
        for (index, node) in layer.nodes.iter().enumerate() {
            let (line, nth) = (index / per_line, index % per_line);
            let in_line = per_line.min(layer.nodes.len() - line * per_line);
            let across = match &slots {
                Some(slots) => slots[node.index()],
                None => spread(&axes, layer, in_line, nth, line),
            };
            let off = (across / axes.across() - 0.5) * 2.0;
            let along =
                along + layer.extents[0] + (layer.along() + gap(layer.detail)) * line as f64
                    - bulge * off * off;
            places[node.index()] =
                Place { at: axes.place(along, across), detail: layer.detail, side: layer.side };
        }
        along += layer.depth() + stream + share;
    }
    Some(places)
}

/// Shortest way between two layers' blocks, whose labels may stand between the bodies.
fn stream_gap(layers: &[Layer], detail: Detail) -> f64 {
    let half = detail.half();
    let label = layers.first().map_or(0.0, |layer| layer.extents[1] - half);
    (detail.stream_min() - label).max(8.0).min(detail.stream_min())
}

/// Even places in one line of a layer; every second line stands in the gaps of the one before.
fn spread(axes: &Axes, layer: &Layer, count: usize, nth: usize, line: usize) -> f64 {
    let widest = layer.across() * 2.2;
    let pitch = (axes.across() / count as f64).min(widest.max(260.0));
    let free = axes.across() - layer.across() * count as f64;
    let stagger = if layer.lines > 1 && count > 1 {
        let most = (free / 2.0).min(pitch / 4.0).max(0.0);
        if line.is_multiple_of(2) { -most } else { most }
    } else {
        0.0
    };
    let pitch = if layer.lines > 1 && count > 1 {
        ((axes.across() - 2.0 * stagger.abs()) / count as f64).min(pitch)
    } else {
        pitch
    };
    let lean = (layer.extents[2] - layer.extents[3]) / 2.0;
    axes.across() / 2.0 + lean + stagger + pitch * (nth as f64 - (count as f64 - 1.0) / 2.0)
}

/// A tree in which each server stands in the middle of those that follow it; None if the leaves do
/// not fit beside each other.
fn tidy(topology: &Topology, layers: &[Layer], across: f64) -> Option<Vec<f64>> {
    if topology.shape() != Shape::Tree || layers.iter().any(|layer| layer.lines > 1) {
        return None;
    }
    let order = topology.order();
    let widest = layers.iter().map(Layer::across).fold(0.0, f64::max);
    let extents = |side: usize| layers.iter().map(|l| l.extents[side]).fold(0.0, f64::max);
    let lean = (extents(2) - extents(3)) / 2.0;
    let mut slots = vec![0.0; order.len()];
    let mut leaves = 0.0;
    settle(topology, order[0], &mut leaves, &mut slots);
    let pitch = (across / leaves).min(widest * 1.8);
    if pitch < widest {
        return None;
    }
    let start = across / 2.0 - pitch * leaves / 2.0 + lean;
    slots.iter_mut().for_each(|slot| *slot = start + pitch * (*slot + 0.5));
    Some(slots)
}

fn settle(topology: &Topology, node: NodeId, leaves: &mut f64, slots: &mut [f64]) {
    let below: Vec<NodeId> = topology.downstream(node).collect();
    let (Some(first), Some(last)) = (below.first(), below.last()) else {
        slots[node.index()] = *leaves;
        *leaves += 1.0;
        return;
    };
    below.iter().for_each(|next| settle(topology, *next, leaves, slots));
    slots[node.index()] = (slots[first.index()] + slots[last.index()]) / 2.0;
}

/// A row that turns at the edge and comes back, as many times as it must.
pub fn serpentine(order: &[NodeId], field: Rect, flow: Flow, detail: Detail) -> Option<Vec<Place>> {
    let side = match flow {
        Flow::Down if detail >= Detail::Compact => Side::Right,
        Flow::Down | Flow::Right => Side::Below,
    };
    let axes = Axes { field, flow };
    let [before, after, up, down] = axes.extents(detail.block(side));
    let air = (detail.stream_min() + detail.body() - before - after).max(gap(detail));
    let (pitch_min, line_min) = (before + after + air, up + down + gap(detail));
    // A turn bends outward, for which there must be room.
    let turn = |lines: usize| {
        if lines > 1 { detail.half().min(24.0) } else { 0.0 }
    };
    let fitting = (1..=order.len()).find(|lines| {
        let per = order.len().div_ceil(*lines) as f64;
        pitch_min * (per - 1.0) + before + after + 2.0 * turn(*lines) <= axes.along()
    })?;
    let per = order.len().div_ceil(fitting);
    let lines = order.len().div_ceil(per);
    let line_used = line_min * lines as f64 - gap(detail);
    if line_used > axes.across() {
        return None;
    }
    let steps = (per - 1).max(1) as f64;
    let free = axes.along() - before - after - 2.0 * turn(lines);
    let pitch = (free / steps).min(pitch_min.max(300.0));
    let start = before + turn(lines) + (free - pitch * (per - 1) as f64) / 2.0;
    let line_pitch = (axes.across() / lines as f64).min(line_min * 1.8);
    let middle = axes.across() / 2.0 + (up - down) / 2.0;
    let mut places = vec![None; order.len()];
    for (index, node) in order.iter().enumerate() {
        let (line, nth) = (index / per, index % per);
        let nth = if line.is_multiple_of(2) { nth } else { per - 1 - nth };
        let across = middle + line_pitch * (line as f64 - (lines as f64 - 1.0) / 2.0);
        let at = axes.place(start + pitch * nth as f64, across);
        places[node.index()] = Some(Place { at, detail, side });
    }
    places.into_iter().collect()
}

/// An ellipse with equal distances along it; with very many servers, a loop that fills the field.
pub fn ring(order: &[NodeId], field: Rect, flow: Flow, detail: Detail) -> Option<Vec<Place>> {
    let count = order.len() as f64;
    let starts = match flow {
        Flow::Right => [0.0, 0.5],
        Flow::Down => [0.5, 0.0],
    };
    // Labels outward, with room for them at the sides or without; else all below.
    let ways = [(true, true), (true, false), (false, false)];
    let placed = ways.into_iter().find_map(|(outward, beside)| {
        let mut turns = starts.into_iter().map(|start| start / count);
        turns.find_map(|start| ellipse(order, field, detail, start, outward, beside))
    });
    placed.or_else(|| if order.len() > 24 { comb(order, field, detail) } else { None })
}

/// Servers on an ellipse, the first at `start` turns from the top, labels outward or all below.
fn ellipse(
    order: &[NodeId],
    field: Rect,
    detail: Detail,
    start: f64,
    outward: bool,
    beside: bool,
) -> Option<Vec<Place>> {
    let around = detail.block(Side::Below);
    let outward = outward && detail >= Detail::Compact;
    let wide = if beside { detail.block(Side::Right) } else { around };
    let tall = if outward { detail.block(Side::Above) } else { around };
    let rx = field.w / 2.0 - wide.right().max(-around.x);
    let up = -tall.y.min(around.y);
    let down = around.bottom();
    let ry = (field.h - up - down) / 2.0;
    let centre = xy(field.centre().x, field.y + up + ry);
    let (rx, ry) = (rx.min(ry * 2.2), ry.min(rx * 2.0));
    if rx < 4.0 || ry < 4.0 {
        return None;
    }
    let count = order.len();
    let perimeter =
        std::f64::consts::PI * (3.0 * (rx + ry) - ((3.0 * rx + ry) * (rx + 3.0 * ry)).sqrt());
    let pitch_min = detail.body() + detail.stream_min() * 0.5;
    if count > 2 && perimeter < pitch_min * count as f64 {
        return None;
    }
    let mut places = vec![None; count];
    for (node, way) in order.iter().zip(even_ways(rx, ry, count, start)) {
        let Xy { x: cos, y: sin } = way;
        let side = match (sin, cos) {
            _ if !outward => Side::Below,
            (sin, _) if sin <= -0.5 => Side::Above,
            (sin, _) if sin >= 0.5 => Side::Below,
            (_, cos) if cos > 0.0 => Side::Right,
            _ => Side::Left,
        };
        let at = centre + xy(cos * rx, sin * ry);
        places[node.index()] = Some(Place { at, detail, side });
    }
    let places: Vec<Place> = places.into_iter().collect::<Option<_>>()?;
    (free_of_overlap(&places) && places.iter().all(|place| field.covers(&place.block())))
        .then_some(places)
}

/// Where to look from the middle of an ellipse for places at equal distances along it, from the top
/// and to the right: ways of length one, as if the ellipse were a circle.
fn even_ways(rx: f64, ry: f64, count: usize, start: f64) -> Vec<Xy> {
    const PIECES: usize = 1_440;
    // A turn by one piece: the cosine and the sine of a quarter of a degree.
    let turn = xy(0.999_990_480_720_734_5, 0.004_363_309_284_746_571);
    let mut way = xy(0.0, -1.0);
    let mut ways = vec![way];
    let mut lengths = vec![0.0];
    for piece in 0..PIECES {
        let next = way * turn.x + way.right() * turn.y;
        let step = next - way;
        lengths.push(lengths[piece] + xy(step.x * rx, step.y * ry).length());
        ways.push(next);
        way = next;
    }
    let whole = lengths[PIECES];
    (0..count)
        .map(|index| {
            let share = index as f64 / count as f64 + start;
            let target = whole * (share - share.floor());
            ways[lengths.partition_point(|length| *length < target)]
        })
        .collect()
}

/// Whether no two blocks overlap; neighbours in any order are compared once.
fn free_of_overlap(places: &[Place]) -> bool {
    let blocks: Vec<Rect> = gathered(places.iter().map(Place::block));
    (0..blocks.len())
        .all(|index| blocks[index + 1..].iter().all(|other| !blocks[index].overlaps(other)))
}

/// A closed way through a grid: out in a serpentine over all columns but the first, which is the
/// way back.
fn comb(order: &[NodeId], field: Rect, detail: Detail) -> Option<Vec<Place>> {
    let block = detail.block(Side::Below);
    let cell = xy(block.w + gap(detail), block.h + gap(detail));
    let columns = (field.w / cell.x) as usize;
    let rows = (field.h / cell.y) as usize / 2 * 2;
    if columns < 2 || rows < 2 || columns * rows < order.len() {
        return None;
    }
    let rows = (order.len().div_ceil(columns).div_ceil(2) * 2).clamp(2, rows);
    let pitch = xy(field.w / columns as f64, (field.h / rows as f64).min(cell.y * 2.0));
    let top = field.centre().y - pitch.y * rows as f64 / 2.0;
    let mut way = Vec::with_capacity(rows * columns);
    for row in 0..rows {
        let there = 1..columns;
        if row.is_multiple_of(2) {
            way.extend(there.map(|column| (column, row)));
        } else {
            way.extend(there.rev().map(|column| (column, row)));
        }
    }
    way.extend((0..rows).rev().map(|row| (0, row)));
    let mut places = vec![None; order.len()];
    for (index, node) in order.iter().enumerate() {
        // Free places are spread over the way, so that its ends meet.
        let (column, row) = way[index * way.len() / order.len()];
        let middle = xy(column as f64 + 0.5, row as f64 + 0.5);
        let at = xy(field.x + middle.x * pitch.x, top + middle.y * pitch.y) - block.centre();
        let side = Side::Below;
        places[node.index()] = Some(Place { at, detail, side });
    }
    places.into_iter().collect()
}

/// The last resort: a grid of the smallest dots.
pub fn crowd(order: &[NodeId], field: Rect) -> Vec<Place> {
    let columns = ((order.len() as f64 * field.w / field.h.max(1.0)).sqrt().ceil() as usize).max(1);
    let rows = order.len().div_ceil(columns);
    let mut places = vec![None; order.len()];
    for (index, node) in order.iter().enumerate() {
        let at = xy(
            field.x + field.w * ((index % columns) as f64 + 0.5) / columns as f64,
            field.y + field.h * ((index / columns) as f64 + 0.5) / rows as f64,
        );
        places[node.index()] = Some(Place { at, detail: Detail::Dot(2), side: Side::Below });
    }
    gathered(places.into_iter().flatten())
}
