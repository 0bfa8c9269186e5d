//! What the page promises, checked as a person would notice it: in a real browser, on the built
//! page. What is awaited is a condition or a drawn frame, never an amount of time; time is only let
//! pass where the subject is that something does or does not happen by itself.
//!
//! Truth is compared in the page by `truth.js`, which counts from the events alone what every view
//! must say. `probe.js` tells when a picture is on the screen, and measures frames. Where minutes
//! must pass, `clock.js` gives the page its time.

mod access;
mod charts;
mod colour;
mod crowd;
mod editor;
mod evidence;
mod far;
mod first_seconds;
mod hands;
mod layout;
mod lesson;
mod motion;
mod people;
mod person;
mod script;
mod sight;
mod speed;
mod stamina;
mod teach;
mod time;
mod trouble;
mod truth;
mod views;

use e2e::{App, Viewport};
use serde_json::json;

/// Network time that passes in a second at 1x, in microseconds.
const US_PER_S: f64 = 80_000.0;
/// The keys that choose a topology, and their names.
const TOPOLOGIES: [(&str, &str); 4] = [("1", "star"), ("2", "chain"), ("3", "ring"), ("4", "tree")];

/// Randomness that is the same in every run, by Steele, Lea and Flood's SplitMix64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One of `from`, `from` + 1, ... `to` - 1.
    fn between(&mut self, from: u64, to: u64) -> u64 {
        from + self.roll() % (to - from)
    }

    fn one_of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.between(0, list.len() as u64) as usize]
    }
}

/// The page, ready, with the probe in place.
fn open(viewport: Viewport) -> App {
    let page = App::closed(viewport);
    page.before_load(include_str!("probe.js"));
    page.load("");
    page
}

/// The page, ready, with its clock in the test's hand: time passes when `clock.pass` says so.
fn open_with_clock(viewport: Viewport) -> App {
    let page = App::closed(viewport);
    page.before_load(include_str!("clock.js"));
    page.before_load(include_str!("probe.js"));
    page.load("");
    page
}

/// Chooses a topology by its key, and stops the fresh sandbox.
fn choose(page: &App, key: &str, name: &str) {
    page.press(key);
    // The story is a star too: only in the sandbox is what the key asked for done.
    page.wait(&format!(
        "document.querySelector('.app:not(.in-story) [data-testid=\"{name}\"][aria-checked=true]')"
    ));
    page.run("replicascope.pause()");
    settle(page);
}

/// Waits until what the page knows is drawn and every transition has ended.
fn settle(page: &App) {
    page.run("await probe.settled()");
}

/// Does something at the playhead.
fn issue(page: &App, command: &serde_json::Value) {
    page.run(&format!("replicascope.issue({command})"));
}

/// What the client was told, one after the other, of the newest operation on a key.
fn told_of(page: &App, key: &str) -> Vec<String> {
    page.eval(&format!(
        "(() => {{
            const events = replicascope.events();
            const sent = events.filter((it) => it.event === 'sent' && it.key === {});
            const op = sent.at(-1)?.op;
            return events.filter((it) => it.event === 'told' && it.op === op).map((it) => it.told);
        }})()",
        json!(key)
    ))
}

/// A cluster that never rests, so that no stretch of it is passed over: so many servers, and writes
/// at this rate from two clients.
fn busy(topology: &str, nodes: u32, writes_per_s: u32) -> serde_json::Value {
    let rate = format!("{}/s", writes_per_s / 2);
    let client = |name: &str, home: &str| json!({ "id": name, "home": home, "latency": "40ms" });
    let load = |name: &str| json!({ "client": name, "rate": rate, "keys": 3 });
    json!({
        "name": "Busy", "seed": 7, "until": "600s",
        "cluster": { "topology": topology, "nodes": nodes, "ack": "async" },
        "network": { "latency": "80ms" },
        "client": [client("Client 1", "n1"), client("Client 2", "n2")],
        "workload": [load("Client 1"), load("Client 2")],
    })
}

/// What else the machine is doing, beside every figure that depends on it.
fn machine() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_else(|_| "unknown".into());
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("load {} on {cores} cores", load.split(' ').next().unwrap_or_default())
}
