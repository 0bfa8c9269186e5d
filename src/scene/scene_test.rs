//! The laws of the picture: it is a function of the world and the instant, motion is linear, and
//! words keep off each other.

use std::rc::Rc;

use crate::base::{ClientId, SimTime};
use crate::node::Status;
use crate::player::Selection;
use crate::recording::{BUILTINS, Recording, read_scenario};
use crate::sim::{Scenario, World};
use crate::topology::Shape;

use super::figure::{Figure, Kind, State, shape};
use super::frame::{PacketRow, frame};
use super::geometry::{Rect, Size};
use super::{Flights, Layout, Look, Mark, Picture, Ribbons, Ways, packets};

const SIZES: [(f64, f64); 5] =
    [(1440.0, 700.0), (1100.0, 720.0), (700.0, 500.0), (390.0, 560.0), (320.0, 300.0)];

fn busy(shape: Shape, nodes: u16, faults: &str) -> Recording {
    let text = format!(
        "until = '4s'\n[cluster]\ntopology = '{}'\nnodes = {nodes}\napply_delay = '30ms'\n\
         [network]\nlatency = {{ min = '40ms', max = '120ms' }}\nloss = 0.1\n\
         [[client]]\nid = 'Client 1'\nlatency = '40ms'\n\
         [[client]]\nid = 'Client 2'\nlatency = '60ms'\n\
         [[workload]]\nclient = 'Client 1'\nrate = '9/s'\nreads = 0.3\nkeys = 2\n\
         [[workload]]\nclient = 'Client 2'\nrate = '9/s'\nreads = 0.6\nkeys = 2\n{faults}",
        shape.name()
    );
    Recording::new(read_scenario(&text).expect("the scenario is valid"))
}

fn size((w, h): (f64, f64)) -> Size {
    Size { w, h }
}

fn picture(world: &World, at: (f64, f64), t: SimTime) -> (Rc<Layout>, Picture) {
    let layout = Rc::new(Layout::new(&world.topology, world.clients.len(), size(at)));
    let picture = Picture::new(world, &layout, t);
    (layout, picture)
}

#[test]
fn the_same_world_and_instant_give_the_same_picture_twice() {
    let scenarios = BUILTINS.iter().map(|builtin| builtin.scenario().expect("it is valid"));
    for scenario in scenarios.filter(|scenario: &Scenario| scenario.cluster.nodes <= 12) {
        let until = scenario.until.0;
        let (mut played, mut sought) = (Recording::new(scenario.clone()), Recording::new(scenario));
        sought.finish();
        sought.at(until);
        for tenth in 1..10 {
            let t = until * tenth / 10;
            let (a, b) = (played.moment(t), sought.moment(t));
            for at in SIZES {
                assert_eq!(picture(&a, at, t), picture(&b, at, t));
                let rows = |recording: &Recording, world: &World, layout: &Rc<Layout>| {
                    packets(world, recording.trace(), t, layout, &Look::default())
                };
                let layout = picture(&a, at, t).0;
                assert_eq!(rows(&played, &a, &layout), rows(&sought, &b, &layout));
            }
        }
    }
}

#[test]
fn a_packet_comes_as_far_as_time_says_and_moves_in_a_straight_line() {
    let mut recording = busy(Shape::Star, 4, "");
    for ms in (500..3_000).step_by(37) {
        let t = ms * 1_000;
        let world = recording.moment(t);
        let layout = picture(&world, (1100.0, 720.0), t).0;
        let rows = |at: SimTime| {
            let row = |row: PacketRow| (row.progress, row);
            let rows = packets(&world, recording.trace(), at, &layout, &Look::default());
            rows.into_iter().map(row).collect::<Vec<_>>()
        };
        let stage = Rect::from_edges(0.0, 0.0, layout.size.w, layout.size.h);
        for (progress, row) in rows(t) {
            let expected = (t - row.sent) as f64 / (row.arrive - row.sent) as f64;
            assert!((progress - expected).abs() < 1e-9, "{row:?} at {t}");
            assert!(stage.contains(super::xy(row.x, row.y)), "{row:?} leaves the stage");
        }
    }
}

#[test]
fn words_do_not_cross_words() {
    for shape in [Shape::Star, Shape::Chain, Shape::Ring, Shape::Tree] {
        for nodes in [1, 2, 4, 7, 12] {
            let faults = if nodes > 3 {
                "[[at]]\ntime = '1s'\npartition = { groups = [['n1', 'n2']] }\n\
                 [[at]]\ntime = '2s'\ncrash = 'n2'\n[[at]]\ntime = '2s'\npause = 'n3'"
            } else {
                ""
            };
            let mut recording = busy(shape, nodes, faults);
            for ms in [900, 1_500, 2_500, 3_500] {
                let world = recording.moment(ms * 1_000);
                for at in SIZES {
                    let (_, picture) = picture(&world, at, ms * 1_000);
                    check_words(&picture, &format!("{} of {nodes} at {at:?}", shape.name()));
                }
            }
        }
    }
}

fn check_words(picture: &Picture, name: &str) {
    let figures = || picture.nodes.iter().chain(&picture.clients);
    let mut words: Vec<(Rect, String)> = Vec::new();
    for figure in figures() {
        for mark in &figure.marks {
            if let (Some(room), Mark::Text { px, text, .. }) = (mark.text_box(), mark) {
                assert!(*px >= 12.0, "{name}: {text} is too small");
                words.push((room.moved(figure.at), text.clone()));
            }
        }
    }
    words.extend(picture.sides.iter().filter_map(|side| side.label.clone()));
    for (index, (room, text)) in words.iter().enumerate() {
        for (other, other_text) in &words[index + 1..] {
            assert!(!room.overlaps(other), "{name}: {text} and {other_text} overlap");
        }
    }
}

#[test]
fn dropped_packets_show_a_cross_where_they_died_for_as_long_as_said() {
    let mut recording = busy(Shape::Star, 4, "[[at]]\ntime = '1s'\ncrash = 'n2'");
    recording.finish();
    let (mut seen, look) = (0, Look::default());
    for ms in (1_000..3_000).step_by(50) {
        let t = ms * 1_000;
        let world = recording.moment(t);
        let layout = picture(&world, (1100.0, 720.0), t).0;
        let ways = Ways::new(&world, &layout);
        let flights = Flights::new(&world, &ways, None, false);
        let mut ribbons = Ribbons::default();
        let frame = frame(&world, recording.trace(), &ways, &flights, &mut ribbons, t, &look);
        for cross in &frame.crosses {
            assert!(cross.died_at <= t && t - cross.died_at <= 64_000);
        }
        seen += frame.crosses.len();
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn every_kind_in_every_state_has_a_shape_of_its_own() {
    let kinds = [Kind::Primary, Kind::Replica, Kind::Relay, Kind::Candidate, Kind::Client];
    let states = [State::Up, State::Down, State::Paused, State::StalePrimary];
    let mut shapes: Vec<String> =
        kinds.into_iter().flat_map(|kind| states.map(|state| shape(kind, state))).collect();
    shapes.sort();
    shapes.dedup();
    assert_eq!(shapes.len(), 20);
}

#[test]
fn a_server_that_is_down_shows_no_lag() {
    let mut recording = busy(Shape::Chain, 4, "[[at]]\ntime = '1s'\ncrash = 'n3'");
    let world = recording.moment(2_000_000);
    let (_, picture) = picture(&world, (1100.0, 720.0), 2_000_000);
    for (node, figure) in world.nodes.iter().zip(&picture.nodes) {
        let is_lag = |mark: &Mark| matches!(mark, Mark::Text { class: "lag", .. });
        let shows = figure.marks.iter().any(is_lag);
        assert!(!shows || node.status == Status::Up);
        assert_eq!(shows, figure.name.contains("behind"), "{}", figure.name);
    }
    assert!(picture.nodes[2].name.starts_with("n3, relay, down"));
}

#[test]
fn a_figure_selects_its_own_server_when_one_before_it_has_left() {
    let mut recording = busy(Shape::Star, 4, "[[at]]\ntime = '1s'\nremove-node = 'n2'");
    let world = recording.moment(2_000_000);
    let (_, picture) = picture(&world, (1100.0, 720.0), 2_000_000);
    let named = |figure: &Figure| figure.selects.node().map(|node| node.to_string());
    let names: Vec<_> = picture.nodes.iter().filter_map(named).collect();
    assert_eq!(names, ["n1", "n3", "n4"]);
    assert!(picture.nodes.iter().all(|figure| named(figure).as_ref() == Some(&figure.key)));
    let clients: Vec<_> = picture.clients.iter().map(|figure| figure.selects).collect();
    assert_eq!(clients, [0, 1].map(|number| Selection::Client(ClientId(number))));
}
