//! Checks 13, 15 and 17 over minutes of the page's own time: one voice that does not chatter,
//! nothing that flickers, and nothing that piles up.

use crate::{US_PER_S, busy, machine, open_with_clock};
use e2e::{App, Area, DESKTOP, Picture};
use serde_json::json;

/// Writes down every change of the announcer, with the page's own time.
const LISTEN: &str = "
    window.said = [];
    const voice = document.querySelector('[data-testid=announcer]');
    let last = voice.textContent;
    window.listen = () => {
        if (voice.textContent === last) return;
        last = voice.textContent;
        if (last) window.said.push(last);
    };";

/// Two primaries that write one key at once.
fn quarrel() -> serde_json::Value {
    let write = |client: &str| {
        let what = json!({ "client": client, "key": "age", "value": client });
        json!({ "time": "50ms", "write": what })
    };
    json!({
        "name": "Quarrel", "seed": 7, "until": "60s",
        "cluster": { "topology": "ring", "nodes": 3, "conflict": "lww" },
        "network": { "latency": "40ms" },
        "client": [{ "id": "Ann", "home": "n1" }, { "id": "Bob", "home": "n2" }],
        "at": [write("Ann"), write("Bob")],
        "workload": [{ "client": "Ann", "rate": "20/s", "keys": 3 }],
    })
}

#[test]
fn in_half_a_minute_the_voice_names_every_surprise_in_at_most_fifteen_changes() {
    const HALF_A_MINUTE_MS: f64 = 30_000.0;
    let page = open_with_clock(DESKTOP);
    page.run(LISTEN);
    // The opening with its stale read and its lost write, and a conflict in what is left.
    page.run("await clock.pass(14000, 50, listen)");
    assert!(page.t() > 10.0 * US_PER_S, "the opening has been played: {}", page.t());
    page.run(&format!("replicascope.load({}); replicascope.play()", quarrel()));
    page.run("await clock.pass(16000, 50, listen)");
    let passed: f64 = page.eval("clock.now");
    assert!((passed - HALF_A_MINUTE_MS).abs() < 1.0, "{passed} ms");
    let said: Vec<String> = page.eval("window.said");
    println!("at 1x: {said:#?}");
    assert!(said.len() <= 15, "{} changes: {said:#?}", said.len());
    assert!(said.iter().all(|text| text.chars().count() <= 120), "{said:#?}");
    let all = said.join("\n").to_lowercase();
    for surprise in ["old", "lost", "had not seen"] {
        assert!(all.contains(surprise), "nobody said {surprise}: {all}");
    }
    page.run("window.said.length = 0; replicascope.speed(100)");
    page.run("await clock.pass(30000, 50, listen)");
    assert!(page.eval::<bool>("replicascope.playing()"));
    let said: Vec<String> = page.eval("window.said");
    println!("at 100x: {said:#?}");
    assert!(said.len() <= 6, "{} changes: {said:#?}", said.len());
    let voices: u32 = page.eval("document.querySelectorAll('[aria-live=polite]').length");
    assert_eq!(voices, 1);
    page.finish();
}

/// What stands on the canvas in words: values in chips, and rates of ribbons.
const WORDS: &str =
    "[...replicascope.drawing().matchAll(/>([^<]*)<\\/text>/g)].map((found) => found[1])";

#[test]
fn as_much_is_drawn_as_can_be_seen_at_each_speed() {
    let page = open_with_clock(DESKTOP);
    page.run(&format!("replicascope.load({}); replicascope.seek(3000000)", busy("star", 4, 60)));
    for (asked, chips, values, rates) in [
        (0.1, true, true, Some(false)),
        (1.0, true, true, Some(false)),
        // A client's link is so short that it has become a ribbon here.
        (10.0, true, false, None),
        (100.0, false, false, Some(true)),
    ] {
        page.run(&format!("replicascope.speed({asked}); replicascope.play()"));
        page.run("await clock.pass(1500, 50)");
        let words: Vec<String> = page.eval(WORDS);
        let singles: usize = page.eval("replicascope.packets().length");
        let has = |part: &str| words.iter().any(|word| word.contains(part));
        println!("{asked}x: {singles} packets, {words:?}");
        assert_eq!(singles > 0, chips, "{asked}x: packets by themselves");
        assert_eq!(has("="), values, "{asked}x: values in chips: {words:?}");
        assert!(rates.is_none_or(|due| due == has("/s")), "{asked}x: rates: {words:?}");
    }
    page.finish();
}

/// How often a series goes up by this share of the whole range and down again, or the reverse.
fn reversals(series: &[f64], share: f64) -> usize {
    let (mut turns, mut extreme, mut rising) = (0, series[0], None);
    for value in series {
        match rising {
            None if (value - extreme).abs() >= share => rising = Some(*value > extreme),
            Some(true) if extreme - value >= share => (turns, rising) = (turns + 1, Some(false)),
            Some(false) if value - extreme >= share => (turns, rising) = (turns + 1, Some(true)),
            None => continue,
            Some(up) if (*value > extreme) != up => continue,
            Some(_) => {}
        }
        extreme = *value;
    }
    turns
}

/// Mean brightness of each of so many fields across and down, from 0 to 1.
fn brightness(picture: &Picture, fields: usize) -> Vec<f64> {
    let mut sums = vec![(0.0, 0.0); fields * fields];
    for y in (0..picture.height).step_by(2) {
        for x in (0..picture.width).step_by(2) {
            let [r, g, b] = picture.pixel(x, y).map(f64::from);
            let at = y * fields / picture.height * fields + x * fields / picture.width;
            sums[at].0 += (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255.0;
            sums[at].1 += 1.0;
        }
    }
    sums.into_iter().map(|(sum, count)| sum / count).collect()
}

#[test]
fn at_full_speed_nothing_large_flickers_and_numbers_can_be_read() {
    const FIELDS: usize = 16;
    /// Frames in a second: as fine as a screenshot can follow.
    const FRAMES: usize = 20;
    let page = open_with_clock(DESKTOP);
    page.run(&format!("replicascope.load({})", busy("star", 4, 60)));
    page.run("replicascope.speed(100); replicascope.play(); await clock.pass(1500, 50)");
    let stage: Area = page.area_of("main.stage");
    let mut frames: Vec<Vec<f64>> = Vec::new();
    let mut words: Vec<Vec<String>> = Vec::new();
    for _ in 0..2 * FRAMES {
        page.run("await clock.tick(50); await probe.drawn()");
        frames.push(brightness(&page.screenshot().crop(stage), FIELDS));
        words.push(page.eval(WORDS));
    }
    for second in frames.windows(FRAMES) {
        let flickers = |field: &usize| {
            let series: Vec<f64> = second.iter().map(|frame| frame[*field]).collect();
            reversals(&series, 0.1) > 3
        };
        let flickering = (0..FIELDS * FIELDS).filter(flickers).count();
        let share = flickering as f64 / (FIELDS * FIELDS) as f64;
        assert!(share <= 0.25, "{share:.2} of the stage flickers");
    }
    for second in words.windows(FRAMES) {
        let changes = second.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert!(changes <= 4, "the numbers of ribbons change {changes} times in a second");
    }
    assert!(!words[0].is_empty(), "there are no numbers");
    page.finish();
}

/// Keeps the program's memory, to see how large it is.
const KEEP_MEMORY: &str = "
    for (const name of ['instantiate', 'instantiateStreaming']) {
        const make = WebAssembly[name];
        WebAssembly[name] = async (...all) => {
            const made = await make.apply(WebAssembly, all);
            const memory = (made.instance ?? made).exports.memory;
            if (memory && (window.programs ??= [])) window.programs.push(memory);
            return made;
        };
    }";

struct Held {
    heap_mb: f64,
    nodes: f64,
    program_mb: f64,
    events: f64,
}

/// What the page holds once nothing is left to be collected.
fn held(page: &App) -> Held {
    page.cdp("HeapProfiler.collectGarbage", &json!({}));
    let answer = page.cdp("Performance.getMetrics", &json!({}));
    let metric = |name: &str| {
        let all = answer["metrics"].as_array().expect("a list of metrics");
        let found = all.iter().find(|metric| metric["name"] == name);
        found.and_then(|metric| metric["value"].as_f64()).expect("the metric")
    };
    let program: f64 =
        page.eval("Math.max(...window.programs.map((memory) => memory.buffer.byteLength))");
    Held {
        heap_mb: metric("JSHeapUsedSize") / 1e6,
        nodes: page.eval("document.querySelectorAll('*').length"),
        program_mb: program / 1e6,
        events: page.eval("replicascope.metrics().messages.delivered"),
    }
}

#[test]
fn a_minute_at_ten_times_the_speed_piles_nothing_up_and_asks_nobody_for_anything() {
    let page = App::closed(DESKTOP);
    page.before_load(include_str!("clock.js"));
    page.before_load(include_str!("probe.js"));
    page.before_load(KEEP_MEMORY);
    page.load("");
    page.cdp("HeapProfiler.enable", &json!({}));
    page.cdp("Performance.enable", &json!({}));
    page.run(&format!("replicascope.load({})", busy("star", 12, 60)));
    page.run(
        "replicascope.seek(500000);
         replicascope.issue({ partition: { groups: [['n2', 'n3'], ['n4', 'n5', 'n6']] } });
         replicascope.speed(10); replicascope.play();",
    );
    page.press("S");
    // Until what is shown is as full as it gets.
    page.run("await clock.pass(10000, 50)");
    let before = held(&page);
    page.run("await clock.pass(30000, 50)");
    page.run("await clock.pass(30000, 50)");
    let after = held(&page);
    let (grown, program) = (after.heap_mb - before.heap_mb, after.program_mb - before.program_mb);
    let events = after.events - before.events;
    println!(
        "{grown:.2} MB more on the heap, {} of {} elements, {program:.1} MB more in the program \
         for {events} deliveries up to {:.0} s, {}",
        after.nodes,
        before.nodes,
        page.t() / 1e6,
        machine()
    );
    assert!(page.eval::<bool>("replicascope.playing()"));
    assert!(events > 10_000.0, "{events} deliveries");
    assert!(grown <= 6.0, "{grown:.2} MB");
    assert!((after.nodes / before.nodes - 1.0).abs() <= 0.05, "{} elements", after.nodes);
    // A recording keeps everything: a hundred bytes for each of the records that a delivery comes
    // to, which are four at most, and what an allocator sets aside before it is used.
    assert!(program * 1e6 <= 2.0 * 400.0 * events, "{program:.1} MB for {events} deliveries");
    let own = page.site().url();
    let foreign: Vec<String> =
        page.addresses().into_iter().filter(|address| !address.starts_with(&own)).collect();
    assert!(foreign.is_empty(), "asked of other hosts: {foreign:?}");
    page.finish();
}
