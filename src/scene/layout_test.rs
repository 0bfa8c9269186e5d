//! The laws of every layout: nothing overlaps, nothing leaves the stage, nothing is left out.

use crate::base::NodeId;
use crate::topology::{Shape, Stream, Topology};

use super::detail::Detail;
use super::geometry::{Rect, Size};
use super::layout::Layout;

const SIZES: [(f64, f64); 8] = [
    (1440.0, 700.0),
    (1120.0, 640.0),
    (1100.0, 780.0),
    (700.0, 500.0),
    (768.0, 800.0),
    (390.0, 560.0),
    (390.0, 420.0),
    (320.0, 300.0),
];
const COUNTS: [u16; 9] = [1, 2, 3, 4, 7, 12, 50, 200, 1_024];

fn custom(count: u16) -> Vec<Stream> {
    let stream = |to: u16| Stream { from: NodeId(to / 3), to: NodeId(to) };
    (1..count).map(stream).collect()
}

fn every(mut check: impl FnMut(&str, &Layout)) {
    for shape in Shape::ALL {
        for (w, h) in SIZES {
            for count in COUNTS {
                for clients in [0, 2, 5] {
                    let topology = Topology::new(shape, count, 2, &custom(count));
                    let layout = Layout::new(&topology, clients, Size { w, h });
                    let name = format!("{} of {count}, {clients} clients, {w}x{h}", shape.name());
                    check(&name, &layout);
                }
            }
        }
    }
}

#[test]
fn no_two_blocks_overlap_and_all_stay_on_the_stage() {
    every(|name, layout| {
        let stage = Rect::from_edges(0.0, 0.0, layout.size.w, layout.size.h);
        let mut blocks: Vec<Rect> = layout.blocks().collect();
        for block in &blocks {
            assert!(stage.covers(block), "{name}: {block:?} leaves the stage");
        }
        blocks.sort_by(|a, b| a.x.total_cmp(&b.x));
        for (index, block) in blocks.iter().enumerate() {
            let near = blocks[index + 1..].iter().take_while(|other| other.x < block.right());
            for other in near {
                assert!(!block.overlaps(other), "{name}: {block:?} and {other:?} overlap");
            }
        }
    });
}

#[test]
fn small_clusters_are_drawn_in_full_where_there_is_room() {
    for shape in Shape::ALL {
        let topology = Topology::new(shape, 4, 2, &custom(4));
        let layout = |w, h| Layout::new(&topology, 2, Size { w, h });
        assert_eq!(layout(1440.0, 700.0).detail(), Detail::Full, "{}", shape.name());
        assert!(layout(390.0, 560.0).detail() >= Detail::Compact, "{} 560", shape.name());
        assert!(layout(320.0, 300.0).detail() >= Detail::Small, "{} 300", shape.name());
    }
}

#[test]
fn the_same_cluster_is_laid_out_the_same_way_twice() {
    let topology = Topology::new(Shape::Tree, 12, 3, &[]);
    let size = Size { w: 900.0, h: 500.0 };
    assert_eq!(Layout::new(&topology, 3, size), Layout::new(&topology, 3, size));
}
