//! The JavaScript class inside a browser. What it can do is shown in `tests/node.mjs`; this shows
//! that the page's own build has it and that values cross as plain objects.

use js_sys::{Array, JSON, Object, Reflect};
use replication::api::Simulation;
use wasm_bindgen::prelude::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

fn field(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).expect("an object")
}

fn run(name: &str) -> Simulation {
    let text = Simulation::builtin(name).expect("it exists");
    let mut simulation = Simulation::new(text.into()).expect("a good scenario");
    simulation.run_until(simulation.until()).expect("an instant");
    simulation
}

#[wasm_bindgen_test]
fn a_report_is_a_plain_object_of_numbers_and_texts() {
    let mut simulation = run("async-loses-a-write");
    let report = simulation.report().expect("a report");
    assert_eq!(field(&field(&report, "writes"), "lost_acknowledged"), 1);
    assert_eq!(field(&report, "until_us"), 5_000_000);
    assert_eq!(field(&report, "digest").as_string(), Some(simulation.digest()));
    assert!(report.is_instance_of::<Object>());
    assert!(JSON::stringify(&report).is_ok());
}

#[wasm_bindgen_test]
fn a_live_command_changes_the_run_and_is_printed_with_it() {
    let mut simulation = run("busy-star");
    let before = simulation.digest();
    simulation.run_until(2_000_000.0).expect("an instant");
    let crash = JSON::parse(r#"{"crash": "n4"}"#).expect("JSON");
    simulation.issue(crash).expect("n4 is there");
    simulation.run_until(simulation.until()).expect("an instant");
    assert_ne!(simulation.digest(), before);
    let mut again = Simulation::new(simulation.scenario().into()).expect("what is printed reads");
    again.run_until(again.until()).expect("an instant");
    assert_eq!(again.digest(), simulation.digest());
}

#[wasm_bindgen_test]
fn a_bad_scenario_throws_an_error_with_its_place() {
    let thrown = Simulation::new("[cluster]\nnodes = 0".into()).expect_err("it must be refused");
    assert_eq!(String::from(thrown.name()), "ScenarioError");
    let place = ["line", "column"].map(|name| field(&thrown, name).as_f64());
    assert_eq!(place, [Some(2.0), Some(9.0)]);
    assert_eq!(field(&thrown, "path"), "cluster.nodes");
}

#[wasm_bindgen_test]
fn the_trace_and_the_snapshot_cross_as_lists_and_objects() {
    let mut simulation = run("sync-blocks");
    let trace: Array = simulation.trace(0, None).expect("a trace").unchecked_into();
    assert!(trace.length() > 30);
    assert_eq!(field(&trace.get(0), "event"), "command");
    let snapshot = simulation.snapshot().expect("a snapshot");
    let nodes: Array = field(&snapshot, "nodes").unchecked_into();
    assert_eq!(nodes.length(), 4);
    assert_eq!(field(&field(&nodes.get(2), "rows"), "plan"), "C");
}
