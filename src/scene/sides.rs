//! A partition: the torn line between its sides, the hatched side that has no majority, and the
//! words that say so. Every place of the stage belongs to the side of the nearest thing on it.

use std::rc::Rc;

use crate::base::{Map, NodeId, gathered, sort};
use crate::sim::World;
use crate::words::scene as say;

use super::geometry::{Rect, Xy, within, xy};
use super::layout::{Layout, MARGIN};
use super::mark::text_width;
use super::svg::svg;

/// Distance of the points that are asked for their side.
const GRID: f64 = 26.0;
/// How far the tear strays from the true border.
const TEAR: f64 = 6.0;
/// Servers up to which a partition's sides are drawn as regions.
const REGIONS_MAX: usize = 200;

/// One side of a partition.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// Its region, if it has no majority.
    pub hatch: Rc<str>,
    /// Its border with the others.
    pub tear: Rc<str>,
    /// The words and where they stand.
    pub label: Option<(Rect, String)>,
}

/// The sides of a partition, the majority left out; empty without one.
pub fn sides(world: &World, layout: &Layout) -> Vec<Region> {
    let groups = world.network.breach.groups();
    if groups.is_empty() || layout.nodes.len() > REGIONS_MAX {
        return Vec::new();
    }
    let mut numbers: Vec<u16> = groups.to_vec();
    sort(&mut numbers, |a, b| a < b);
    numbers.dedup();
    let size = |number: u16| groups.iter().filter(|group| **group == number).count();
    let mut taken: Vec<Rect> = layout.blocks().collect();
    let minorities = numbers.iter().enumerate();
    let minorities = minorities.filter(|(_, number)| 2 * size(**number) <= groups.len());
    let mut regions = Vec::new();
    for (index, number) in minorities {
        let inside = |place: Xy| belongs(world, layout, groups, *number, place);
        let field = Field::new(layout, &inside);
        let text = say::minority_side(index + 1, size(*number), groups.len());
        let label = field.label(layout, &text, &taken);
        taken.extend(label.iter());
        regions.push(Region {
            hatch: field.hatch().into(),
            tear: field.tear().into(),
            label: label.map(|room| (room, text)),
        });
    }
    regions
}

/// How much nearer a place is to a group than to any other; positive inside.
fn belongs(world: &World, layout: &Layout, groups: &[u16], number: u16, place: Xy) -> f64 {
    let (mut own, mut other) = (f64::MAX, f64::MAX);
    let mut count = |node: NodeId, rect: Rect| {
        let distance = rect.distance(place);
        let is_own = groups.get(node.index()) == Some(&number);
        let nearest = if is_own { &mut own } else { &mut other };
        *nearest = nearest.min(distance);
    };
    for (node, at) in world.nodes.iter().zip(&layout.nodes) {
        count(node.id, at.block());
    }
    for (client, at) in world.clients.iter().zip(&layout.clients) {
        count(client.home, at.block());
    }
    within(other - own, -400.0, 400.0)
}

/// The sides of a grid of points.
struct Field {
    columns: usize,
    rows: usize,
    step: Xy,
    values: Vec<f64>,
}

/// A corner of a region's outline: a grid point, or a crossing on the edge that begins there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Corner {
    Point(usize, usize),
    Right(usize, usize),
    Down(usize, usize),
}

impl Field {
    fn new(layout: &Layout, inside: &impl Fn(Xy) -> f64) -> Field {
        let columns = (layout.size.w / GRID).ceil().max(1.0) as usize + 1;
        let rows = (layout.size.h / GRID).ceil().max(1.0) as usize + 1;
        let step = xy(layout.size.w / (columns - 1) as f64, layout.size.h / (rows - 1) as f64);
        let places = (0..rows * columns).map(|index| {
            let (column, row) = (index % columns, index / columns);
            xy(column as f64 * step.x, row as f64 * step.y)
        });
        let values = gathered(places.map(inside));
        Field { columns, rows, step, values }
    }

    fn value(&self, column: usize, row: usize) -> f64 {
        self.values[row * self.columns + column]
    }

    /// Where a corner is. Crossings stray a little to either side, always the same way.
    fn place(&self, corner: Corner) -> Xy {
        let point =
            |column: usize, row: usize| xy(column as f64 * self.step.x, row as f64 * self.step.y);
        let crossing = |column: usize, row: usize, to: (usize, usize)| {
            let (a, b) = (self.value(column, row), self.value(to.0, to.1));
            let share = within(a / (a - b), 0.0, 1.0);
            let true_place = point(column, row).toward(point(to.0, to.1), share);
            let at_edge = |coordinate: usize, last: usize| coordinate == 0 || coordinate == last;
            let stray = |salt: usize, edge: bool| {
                let mixed = (column * 7 + row * 13 + salt * 5 + (column ^ row) * 3) % 11;
                if edge { 0.0 } else { (mixed as f64 / 5.0 - 1.0) * TEAR }
            };
            let off = xy(
                stray(1, at_edge(column, self.columns - 1)),
                stray(2, at_edge(row, self.rows - 1)),
            );
            let place = true_place + off;
            let edge = point(self.columns - 1, self.rows - 1);
            xy(within(place.x, 0.0, edge.x), within(place.y, 0.0, edge.y))
        };
        match corner {
            Corner::Point(column, row) => point(column, row),
            Corner::Right(column, row) => crossing(column, row, (column + 1, row)),
            Corner::Down(column, row) => crossing(column, row, (column, row + 1)),
        }
    }

    /// The corners of the part of one cell that is inside, clockwise, and its inner borders.
    fn cell(&self, column: usize, row: usize) -> Vec<Corner> {
        let ring = [
            (column, row, Corner::Right(column, row)),
            (column + 1, row, Corner::Down(column + 1, row)),
            (column + 1, row + 1, Corner::Right(column, row + 1)),
            (column, row + 1, Corner::Down(column, row)),
        ];
        let mut corners = Vec::new();
        for (index, (c, r, edge)) in ring.iter().enumerate() {
            let (next_c, next_r, _) = ring[(index + 1) % 4];
            let (here, next) = (self.value(*c, *r) > 0.0, self.value(next_c, next_r) > 0.0);
            if here {
                corners.push(Corner::Point(*c, *r));
            }
            if here != next {
                corners.push(*edge);
            }
        }
        corners
    }

    fn cells(&self) -> impl Iterator<Item = Vec<Corner>> + '_ {
        let places =
            (0..self.rows - 1).flat_map(|row| (0..self.columns - 1).map(move |c| (c, row)));
        places.map(|(column, row)| self.cell(column, row))
    }

    /// The part inside. Whole cells of a row are one piece, so that it is quickly drawn.
    fn hatch(&self) -> String {
        let mut path = String::new();
        let mut add = |corners: &[Xy]| {
            for (index, Xy { x, y }) in corners.iter().enumerate() {
                path.push_str(&svg(if index == 0 { "M# #" } else { "L# #" }, &[*x, *y]));
            }
            path.push('Z');
        };
        let point = |column: usize, row: usize| self.place(Corner::Point(column, row));
        for row in 0..self.rows - 1 {
            let mut whole_from = None;
            for column in 0..self.columns {
                let corners = match column + 1 < self.columns {
                    true => self.cell(column, row),
                    false => Vec::new(),
                };
                let is_whole = corners.len() == 4
                    && corners.iter().all(|corner| matches!(corner, Corner::Point(..)));
                match (is_whole, whole_from) {
                    (true, None) => whole_from = Some(column),
                    (false, Some(from)) => {
                        let (top, bottom) = (row, row + 1);
                        add(&[
                            point(from, top),
                            point(column, top),
                            point(column, bottom),
                            point(from, bottom),
                        ]);
                        whole_from = None;
                    }
                    (true, Some(_)) | (false, None) => {}
                }
                if !is_whole && corners.len() > 2 {
                    let places: Vec<Xy> =
                        corners.iter().map(|corner| self.place(*corner)).collect();
                    add(&places);
                }
            }
        }
        path
    }

    /// The pieces of the border, put together into lines as long as possible.
    fn tear(&self) -> String {
        let is_crossing = |corner: &Corner| !matches!(corner, Corner::Point(..));
        let mut next: Map<Corner, Vec<Corner>> = Map::default();
        for corners in self.cells() {
            for index in 0..corners.len() {
                let (a, b) = (corners[index], corners[(index + 1) % corners.len()]);
                if corners.len() > 2 && is_crossing(&a) && is_crossing(&b) {
                    next.or_insert(a, Vec::new()).push(b);
                    next.or_insert(b, Vec::new()).push(a);
                }
            }
        }
        let mut path = String::new();
        while let Some(start) = start(&next) {
            let mut at = start;
            let Xy { x, y } = self.place(at);
            path.push_str(&svg("M# #", &[x, y]));
            while let Some(to) = next.get_mut(&at).and_then(Vec::pop) {
                if let Some(back) = next.get_mut(&to) {
                    back.retain(|corner| *corner != at);
                }
                let Xy { x, y } = self.place(to);
                path.push_str(&svg("L# #", &[x, y]));
                at = to;
            }
        }
        path
    }

    /// Room for the words inside the region: in a corner of the stage or along an edge, off
    /// everything that stands somewhere.
    fn label(&self, layout: &Layout, text: &str, taken: &[Rect]) -> Option<Rect> {
        let (w, h) = (text_width(text, 13.0, "side-label") + 16.0, 24.0);
        let (right, bottom) = (layout.size.w - MARGIN - w, layout.size.h - MARGIN - h);
        let rows = (0..=40).map(|nth| bottom - (bottom - MARGIN) * f64::from(nth) / 40.0);
        let columns = |y: f64| {
            (0..=60).map(move |nth| Rect {
                x: right - (right - MARGIN) * f64::from(nth) / 60.0,
                y,
                w,
                h,
            })
        };
        let free = |room: &Rect| taken.iter().all(|block| !block.overlaps(&room.grown(3.0)));
        let within = |room: &Rect| {
            let corners = [
                xy(room.x, room.y),
                xy(room.right(), room.y),
                xy(room.x, room.bottom()),
                xy(room.right(), room.bottom()),
            ];
            corners.iter().filter(|corner| self.nearest(**corner) > 0.0).count()
        };
        let candidates: Vec<Rect> = gathered(rows.flat_map(columns).filter(free));
        let best = |wanted: usize| candidates.iter().find(|room| within(room) >= wanted);
        best(4).or_else(|| best(2)).or_else(|| best(1)).copied()
    }

    fn nearest(&self, place: Xy) -> f64 {
        let column = ((place.x / self.step.x).round() as usize).min(self.columns - 1);
        let row = ((place.y / self.step.y).round() as usize).min(self.rows - 1);
        self.value(column, row)
    }
}

/// An end of a line that is left, or any corner of a closed one.
fn start(next: &Map<Corner, Vec<Corner>>) -> Option<Corner> {
    let end = next.iter().find(|(_, ends)| ends.len() == 1);
    end.or_else(|| next.iter().find(|(_, ends)| !ends.is_empty())).map(|(corner, _)| *corner)
}
