//! Checks 4 and 5: time stands still when asked to, and goes back as it came.

use crate::{TOPOLOGIES, choose, issue, open, settle};
use e2e::{App, DESKTOP};
use serde_json::json;

const STAGE: &str = "main.stage";

/// For a second nothing moves, on the stage or in time.
fn nothing_moves(page: &App, why: &str) {
    page.wait("!replicascope.playing()");
    settle(page);
    let (t, before) = (page.t(), page.screenshot_of(STAGE));
    page.let_pass(1_000);
    let difference = before.difference(&page.screenshot_of(STAGE), 0);
    assert_eq!((page.t(), difference.changed), (t, 0), "{why}: time, and changed pixels");
}

#[test]
fn a_pause_stops_everything_and_selecting_starts_nothing() {
    let page = open(DESKTOP);
    page.wait("replicascope.t() > 90000");
    page.press("Space");
    nothing_moves(&page, "Space in the story");
    // From here on in a run without an end, so that a slow machine changes nothing.
    page.press("1");
    page.wait("replicascope.playing() && replicascope.packets().length > 0");
    page.click("#play");
    nothing_moves(&page, "the button");
    page.click("#play");
    page.wait("replicascope.playing()");
    page.run("document.getElementById('figure-n2').focus()");
    page.press("Enter");
    page.wait("document.querySelector('[data-node=n2][aria-pressed=true]')");
    assert!(page.eval::<bool>("replicascope.playing()"), "selecting a node has stopped the run");
    page.press("Space");
    nothing_moves(&page, "Space after a node was selected");
    page.run("document.getElementById('figure-n3').focus()");
    page.press("Enter");
    page.wait("document.querySelector('[data-node=n3][aria-pressed=true]')");
    nothing_moves(&page, "selecting another");
    page.finish();
}

#[test]
fn play_is_within_the_first_three_tab_stops() {
    let page = open(DESKTOP);
    let stops: Vec<String> = (0..3)
        .map(|_| {
            page.press("Tab");
            page.eval("document.activeElement.id")
        })
        .collect();
    assert!(stops.contains(&"play".to_string()), "{stops:?}");
    page.finish();
}

#[test]
fn thirty_steps_lead_back_to_where_they_began_in_every_topology() {
    const STEPS: usize = 30;
    let page = open(DESKTOP);
    for (key, name) in TOPOLOGIES {
        choose(&page, key, name);
        page.seek(700_000.0);
        issue(&page, &json!({ "crash": "n3" }));
        page.step(5);
        issue(&page, &json!({ "partition": { "groups": [["n2"]] } }));
        page.step(-15);
        let walk = |key: &str| -> Vec<String> {
            let step = |_| {
                let before = page.t();
                page.press(key);
                page.wait(&format!("replicascope.t() !== {before}"));
                page.hash()
            };
            (0..STEPS).map(step).collect()
        };
        let start = page.hash();
        let out = walk(".");
        let commands: u32 =
            page.eval("replicascope.events().filter(line => line.event === 'command').length");
        assert_eq!(commands, 2, "{name}: the steps lead over the crash and the partition");
        let mut back = walk(",");
        back.reverse();
        assert_eq!(back[0], start, "{name}: back at the beginning");
        assert_eq!(back[1..], out[..STEPS - 1], "{name}: the way back is another");
        assert_eq!(walk("."), out, "{name}: the same way again is another");
        let mut distinct = out.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), STEPS, "{name}: some step changes nothing");
    }
    page.finish();
}
