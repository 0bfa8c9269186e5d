//! Checks 4, 5 and 6: time stands still when asked to, goes back as it came, and an instant looks
//! the same however it was reached.

use crate::speed::long_tasks_of_a_loop;
use crate::{Dice, TOPOLOGIES, choose, issue, machine, open, settle};
use e2e::{App, DESKTOP, Difference, Picture, Viewport};
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

/// The stage at an instant, in every way in which it can be compared.
struct View {
    t: f64,
    hash: String,
    /// Servers and events, in words that tell what a difference of the state is about.
    nodes: String,
    events: String,
    /// Everything that stands still, as the document has it, and what the canvas shows.
    still: String,
    moving: f64,
    picture: Picture,
}

fn view(page: &App) -> View {
    settle(page);
    View {
        t: page.t(),
        hash: page.hash(),
        nodes: page.eval("JSON.stringify(replicascope.nodes())"),
        events: page.eval("JSON.stringify(replicascope.events())"),
        still: page.eval("probe.still()"),
        moving: page.eval("probe.moving()"),
        picture: page.screenshot_of(STAGE),
    }
}

/// Document and canvas are equal to the last character and pixel. On the screen the browser rounds
/// the edges of letters anew wherever it repaints, by up to this much of 255.
const ROUNDING: u8 = 8;

fn assert_same(one: &View, other: &View, what: &str) {
    assert_eq!(one.t, other.t, "{what}: the instant");
    assert_eq!(one.events, other.events, "{what} at {}: what has happened", one.t);
    assert_eq!(one.nodes, other.nodes, "{what} at {}: the servers", one.t);
    assert_eq!(one.hash, other.hash, "{what} at {}: the state", one.t);
    assert_eq!(one.still, other.still, "{what} at {}: what stands still", one.t);
    assert_eq!(one.moving, other.moving, "{what} at {}: what moves", one.t);
    let difference: Difference = one.picture.difference(&other.picture, ROUNDING);
    let percent = difference.percent();
    assert!(percent <= 0.1, "{what} at {}: {percent:.3} % of the stage's pixels", one.t);
}

#[test]
fn an_instant_is_one_picture_whether_played_stepped_or_scrubbed_to() {
    const INSTANTS: u64 = 20;
    const SMALL: Viewport = Viewport { width: 1000, height: 640, touch: false };
    let page = open(SMALL);
    let mut dice = Dice(6);
    for (key, name) in TOPOLOGIES {
        choose(&page, key, name);
        page.seek(900_000.0);
        issue(&page, &json!({ "crash": "n3" }));
        page.seek(1_400_000.0);
        issue(&page, &json!({ "partition": { "groups": [["n2"]] } }));
        page.seek(2_400_000.0);
        for nth in 0..INSTANTS {
            let from = dice.between(100_000, 2_300_000);
            let frames = dice.between(2, 8);
            // Played from somewhere before, for a few frames.
            page.run(&format!(
                "replicascope.seek({from}); replicascope.play();
                 for (let n = 0; n < {frames}; n += 1) await probe.frame();
                 replicascope.pause();"
            ));
            let played = view(&page);
            assert!(played.t > from as f64, "{name}: it does not play");
            page.run(&format!("replicascope.seek({})", dice.between(0, 2_400_000)));
            page.run(&format!("replicascope.seek({})", played.t));
            let scrubbed = view(&page);
            assert_same(&played, &scrubbed, &format!("{name}, {nth}: played and scrubbed"));
            // Stepped to an event near it, back and forth.
            let steps = dice.between(2, 9);
            page.run(&format!("replicascope.step(-{steps}); replicascope.step({})", steps - 1));
            let stepped = view(&page);
            page.run(&format!("replicascope.seek({})", dice.between(0, 2_400_000)));
            page.run(&format!("replicascope.seek({})", stepped.t));
            assert_same(&stepped, &view(&page), &format!("{name}, {nth}: stepped and scrubbed"));
        }
    }
    page.finish();
}

#[test]
fn a_run_of_a_million_events_is_gone_through_without_a_long_task() {
    /// Network time in which a million records come about.
    const END_US: u64 = 100_000_000;
    const SEEKS: u32 = 30;
    let page = open(DESKTOP);
    let client = |name: &str| json!({ "id": name, "home": "n1", "latency": "10ms" });
    let load = |name: &str| json!({ "client": name, "rate": "200/s", "keys": 50 });
    let scenario = json!({
        "seed": 7, "until": "200s", "cluster": { "topology": "star", "nodes": 8 },
        "network": { "latency": "40ms" }, "client": [client("Ann"), client("Bob")],
        "workload": [load("Ann"), load("Bob")],
    });
    page.run(&format!("replicascope.load({scenario}); replicascope.pause()"));
    // The run is simulated a piece at a time, as if it had been watched.
    for piece in 1..=20 {
        page.seek((END_US / 20 * piece) as f64);
    }
    let messages: u32 = page.eval("replicascope.metrics().messages.delivered");
    assert!(messages > 300_000, "{messages} messages come to a million records");
    page.press("S");
    page.wait("document.querySelector('[data-testid=space-time]')");
    settle(&page);
    page.time_its_thread();
    let before = page.thread_s();
    let long: Vec<f64> = page.eval(&format!(
        "(async () => {{
            const long = [];
            const observer = new PerformanceObserver((list) => {{
                for (const task of list.getEntries()) long.push(task.duration);
            }});
            observer.observe({{ type: 'longtask' }});
            for (let nth = 1; nth <= {SEEKS}; nth += 1) {{
                replicascope.seek(nth * 7919 % {SEEKS} / {SEEKS} * {END_US});
                await probe.drawn();
            }}
            observer.disconnect();
            return long;
        }})()"
    ));
    let own_ms = (page.thread_s() - before) * 1_000.0 / f64::from(SEEKS);
    let explained = long_tasks_of_a_loop(&page, own_ms, f64::from(SEEKS));
    println!(
        "a seek takes {own_ms:.1} ms of the thread; {} tasks beyond 50 ms, {explained} of a loop \
         as long, {}",
        long.len(),
        machine()
    );
    assert!(long.len() <= 2 * explained + 1, "{long:?}, and {explained}");
    // A run beside it is caught up with from frame to frame.
    page.press("S");
    page.seek(END_US as f64);
    page.press("c");
    page.wait("probe.text('[data-pane=\"1\"]').includes('catching up')");
    page.wait("!probe.text('[data-pane=\"1\"]').includes('catching up')");
    page.finish();
}
