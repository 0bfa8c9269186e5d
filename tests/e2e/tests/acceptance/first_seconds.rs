//! Checks 1, 2 and 3: a cluster before the program, a write at once, the twist within ten seconds,
//! and an end that invites.

use crate::{US_PER_S, machine, open, settle};
use e2e::{App, DESKTOP, Fault};
use serde::Deserialize;
use std::time::Duration;

/// Notes when four servers of at least 44 pixels were there to be painted, and whether the program
/// had arrived by then.
const WATCH_FOR_NODES: &str = "
    const look = () => {
        const large = [...document.querySelectorAll('[data-node]')].filter((node) => {
            const box = node.getBoundingClientRect();
            return box.width >= 44 && box.height >= 44;
        });
        const boot = document.documentElement.dataset.boot;
        if (large.length < 4) return requestAnimationFrame(look);
        // The frame after the next shows what this one found.
        requestAnimationFrame(() => requestAnimationFrame((at) => { window.seen = { at, boot }; }));
    };
    requestAnimationFrame(look);";

#[derive(Deserialize)]
struct Seen {
    at: f64,
    boot: Option<String>,
}

#[test]
fn a_cluster_is_painted_long_before_the_program_arrives() {
    const LOADS: usize = 5;
    let mut painted_ms: Vec<f64> = (0..LOADS)
        .map(|_| {
            let page = App::closed(DESKTOP);
            page.site().inject(".wasm", Fault::Delay(Duration::from_secs(3)));
            page.before_load(WATCH_FOR_NODES);
            page.start_loading(&page.site().url());
            page.wait("window.seen");
            let seen: Seen = page.eval("window.seen");
            assert_ne!(seen.boot.as_deref(), Some("running"), "painted only with the program");
            let names: Vec<String> =
                page.eval("[...document.querySelectorAll('[data-node]')].map(n => n.dataset.node)");
            assert!(names.len() >= 4, "{names:?}");
            page.finish();
            seen.at
        })
        .collect();
    painted_ms.sort_by(f64::total_cmp);
    let median = painted_ms[LOADS / 2];
    the_poster_is_painted();
    println!("first cluster after {median:.0} ms (of {painted_ms:.0?}), {}", machine());
    // Promised are 800 ms on a machine of one's own.
    assert!(median <= 2_000.0, "{painted_ms:?} ms");
}

/// What the watcher found is more than empty boxes: as long as the program does not come, four
/// servers can be seen.
fn the_poster_is_painted() {
    let page = App::closed(DESKTOP);
    page.site().inject(".wasm", Fault::Delay(Duration::from_secs(30)));
    page.before_load(WATCH_FOR_NODES);
    page.start_loading(&page.site().url());
    page.wait("window.seen");
    for name in ["n1", "n2", "n3", "n4"] {
        let node = page.screenshot_of(&format!("[data-node={name}]"));
        assert!(node.colours() > 3, "{name} is not painted");
    }
    page.finish();
}

/// Watches every frame from the first on and notes at which playhead each beat was first seen: on
/// the stage, and among the events.
const WATCH_FOR_BEATS: &str = "
    window.beats = {};
    window.captions = new Set();
    const note = (name, seen) => {
        if (!seen || name in beats) return;
        const after_ms = performance.now() - window.readyAt;
        beats[name] = { t: replicascope.t(), after_ms, step: seen.step ?? 0 };
    };
    const stage = (selector) => document.querySelector('[data-testid=\"scene\"] ' + selector);
    const watch = async () => {
        await probe.drawn();
        if (!window.replicascope?.ready) return watch();
        window.readyAt ??= performance.now();
        const events = replicascope.events();
        const event = (name) => events.find((line) => line.event === name);
        const words = stage('')?.textContent ?? '';
        note('event stale-read', events.find((e) => e.event === 'told' && e.stale_versions > 0));
        note('event down', event('crashed'));
        note('event promoted', event('promoted'));
        note('event lost-after-ack', event('lost-write'));
        note('write', replicascope.packets().some((packet) => packet.kind === 'write'));
        note('stale-read', words.includes('stale'));
        note('down', stage('[data-node=n1][data-state=down]'));
        note('promoted', stage('[data-node=n2][data-kind=primary]'));
        note('lost-after-ack', words.includes('LOST'));
        captions.add(document.querySelector('[data-testid=caption] p')?.textContent ?? '');
        return watch();
    };
    watch();";

#[derive(Deserialize)]
struct Beat {
    t: f64,
    after_ms: f64,
    step: u32,
}

#[test]
fn without_any_input_a_write_is_read_too_early_and_another_is_lost_after_ok() {
    const BEATS: [&str; 4] = ["stale-read", "down", "promoted", "lost-after-ack"];
    let page = App::closed(DESKTOP);
    page.before_load(include_str!("probe.js"));
    page.before_load(WATCH_FOR_BEATS);
    page.load("");
    page.wait("beats['lost-after-ack'] && beats['event lost-after-ack']");
    let beat = |name: &str| page.eval::<Beat>(&format!("beats['{name}']"));
    let write = beat("write");
    println!("first write {:.0} ms after ready, {}", write.after_ms, machine());
    // At 1x; the wall clock itself may be held up by what else the machine does.
    assert!(write.t <= 1.5 * US_PER_S, "the first write at {} us", write.t);
    assert!(write.after_ms <= 3_000.0, "the first write after {} ms", write.after_ms);
    let mut step = 0;
    for name in BEATS {
        let (event, seen) = (beat(&format!("event {name}")), beat(name));
        println!("{name}: {:.2} s, seen after {:.0} ms", seen.t / US_PER_S, seen.after_ms);
        assert!(event.step > step, "{name} comes too early, at {} us", event.t);
        assert!(seen.t <= 12.0 * US_PER_S, "{name} is seen only at {} us", seen.t);
        step = event.step;
    }
    let drawn: Vec<f64> = BEATS.iter().map(|name| beat(name).t).collect();
    assert!(drawn.is_sorted(), "drawn in another order: {drawn:?}");
    page.finish();
}

#[test]
fn the_story_ends_by_itself_in_few_words_and_offers_what_would_have_helped() {
    let page = App::closed(DESKTOP);
    page.before_load(include_str!("probe.js"));
    page.before_load(WATCH_FOR_BEATS);
    page.load("");
    page.wait("!replicascope.playing()");
    settle(&page);
    let end = page.t();
    assert!(end <= 13.0 * US_PER_S, "it ends at {end} us");
    page.let_pass(1_000);
    assert_eq!(page.t(), end, "it goes on after its end");
    let receipts: String = page.eval("probe.text('[data-node=\"Client 1\"]')");
    assert!(receipts.contains("LOST"), "{receipts}");
    let captions: Vec<String> = page.eval("[...captions]");
    let words = captions.iter().flat_map(|caption| caption.split_whitespace()).count();
    assert!((1..=25).contains(&words), "{words} words in {captions:?}");
    assert_eq!(page.text("#play").trim(), "Replay");
    let lost: u32 = page.eval("replicascope.metrics().lost_after_ack");
    assert_eq!(lost, 1);
    assert!(page.text(".settings").contains("Try Majority"), "{}", page.text(".settings"));
    page.finish();
}

#[test]
fn one_press_on_majority_replays_the_same_seconds_and_nothing_is_lost() {
    let page = open(DESKTOP);
    page.run("replicascope.seek(1e9)");
    page.wait("document.querySelector('.invited')");
    page.click("[data-testid=quorum]");
    page.wait("replicascope.playing() && replicascope.t() > 0 && replicascope.t() < 400000");
    page.run("replicascope.seek(1e9)");
    settle(&page);
    let (lost, told): (u32, u32) = page.eval(
        "[replicascope.metrics().lost_after_ack,
          replicascope.events().filter(e => e.event === 'told' && e.told === 'ok').length]",
    );
    assert_eq!((lost, told), (0, 1), "x=1 is told ok, x=2 is not, and nothing is lost");
    let words: String = page.eval("probe.text('[data-testid=scene]')");
    assert!(!words.contains("LOST"), "{words}");
    page.finish();
}
