//! Checks 10, 13, 14, 15 and 20 as far as a machine can: the same list by pointer and by touch
//! alone, one voice that does not chatter, what a screen reader is told, refusals that say why, and
//! how much is drawn at which speed.

use crate::{US_PER_S, busy, choose, issue, open, settle, told_of};
use e2e::{App, DESKTOP, Viewport};
use serde_json::{Value, json};

const TABLET: Viewport = Viewport { width: 1024, height: 768, touch: true };

/// A hand that has no keyboard: it clicks, or it taps.
struct Hand<'a> {
    page: &'a App,
    taps: bool,
}

impl Hand<'_> {
    fn press(&self, selector: &str) {
        self.page.wait(&format!("document.querySelector('{selector}')"));
        settle(self.page);
        if self.taps { self.page.tap(selector) } else { self.page.click(selector) }
    }

    /// Chooses something that can be done to a server, from the menu on it.
    fn does(&self, node: &str, item: &str) {
        self.press(&format!("#figure-{node}"));
        self.press("[data-testid=more]");
        self.press(&format!("[data-testid=menu-{item}]"));
    }
}

fn by_hand(viewport: Viewport) {
    let page = open(viewport);
    choose(&page, "1", "star");
    page.seek(900_000.0);
    let hand = Hand { page: &page, taps: viewport.touch };
    let commands = "replicascope.events().filter((line) => line.event === 'command').length";
    let began: u32 = page.eval(commands);
    let steps = [
        ("n1", "crash", "[data-node=n1][data-state=down]"),
        ("n2", "promote", "[data-node=n2][data-kind=primary]"),
        ("n1", "restart", "[data-node=n1]:not([data-state=down])"),
        ("n3", "isolate", ".side-label, .hatch"),
        ("n3", "isolate", "[data-node=n3]"),
    ];
    for (node, item, seen) in steps {
        hand.does(node, item);
        page.wait(&format!("document.querySelector('{seen}')"));
    }
    for item in ["write", "read"] {
        hand.does("n2", item);
        hand.press("[data-testid=form] button[type=submit]");
        page.wait("!document.querySelector('[data-testid=form]')");
    }
    assert_eq!(page.eval::<u32>(commands), began + 7, "each was done once");
    hand.press("[data-testid=tab-write]");
    hand.press("[data-testid=follow]");
    page.wait("document.querySelector('[data-testid=follow][aria-pressed=true]')");
    hand.press("[data-testid=close-inspector]");
    hand.press("[data-testid=drawer-space-time]");
    page.wait("document.querySelector('[data-testid=space-time]')");
    hand.press("[data-testid=drawer-space-time]");
    page.wait("!document.querySelector('[data-testid=space-time]')");
    page.finish();
}

#[test]
fn clicks_alone_break_mend_write_read_and_follow() {
    by_hand(DESKTOP);
}

#[test]
fn taps_alone_break_mend_write_read_and_follow() {
    by_hand(TABLET);
}

/// Two primaries that write one key at once, again and again.
fn quarrel() -> Value {
    let write = |client: &str, time: &str| {
        let what = json!({ "client": client, "key": "age", "value": time });
        json!({ "time": time, "write": what })
    };
    json!({
        "name": "Quarrel", "seed": 7, "until": "60s",
        "cluster": { "topology": "ring", "nodes": 3, "conflict": "lww" },
        "network": { "latency": "40ms" },
        "client": [{ "id": "Ann", "home": "n1" }, { "id": "Bob", "home": "n2" }],
        "at": [write("Ann", "50ms"), write("Bob", "50ms")],
    })
}

#[test]
fn one_polite_voice_names_every_surprise_and_does_not_chatter() {
    let page = App::closed(DESKTOP);
    page.before_load(include_str!("probe.js"));
    page.before_load(
        "window.said = [];
         addEventListener('DOMContentLoaded', () => {
             let last = '';
             new MutationObserver(() => {
                 const voice = document.querySelector('[data-testid=announcer]')?.textContent;
                 if (voice && voice !== last) window.said.push(last = voice);
             }).observe(document, { childList: true, characterData: true, subtree: true });
         });",
    );
    page.load("");
    assert_eq!(page.eval::<u32>("document.querySelectorAll('[aria-live=polite]').length"), 1);
    page.wait("document.querySelector('.caption.ended')");
    // Whatever was to be said last has been said.
    page.let_pass(2_100);
    page.run(&format!("replicascope.load({}); replicascope.play()", quarrel()));
    page.wait(&format!("replicascope.t() > {}", 3.0 * US_PER_S));
    page.let_pass(2_100);
    let said: Vec<String> = page.eval("window.said");
    let seconds: f64 = page.eval("performance.now() / 1000");
    assert!(said.len() as f64 <= seconds / 2.0 + 1.0, "{} in {seconds} s: {said:?}", said.len());
    assert!(said.iter().all(|text| text.chars().count() <= 120), "{said:?}");
    let all = said.join("\n").to_lowercase();
    for surprise in ["old", "lost", "had not seen"] {
        assert!(all.contains(surprise), "nobody said {surprise}: {all}");
    }
    // At full speed only a word now and then.
    choose(&page, "1", "star");
    page.run("window.said.length = 0; replicascope.speed(100); replicascope.play()");
    page.let_pass(11_000);
    let said: Vec<String> = page.eval("window.said");
    assert!(said.len() <= 3, "{said:?}");
    // Asked to, it says nothing at all.
    page.press("?");
    page.wait("document.querySelector('[data-testid=voice]')");
    page.click("[data-testid=voice]");
    page.click("[data-testid=voice]");
    page.wait("document.querySelector('[data-testid=voice]').textContent.endsWith('nothing')");
    page.click("[data-testid=close-help]");
    page.run(&format!("replicascope.speed(1); replicascope.load({})", quarrel()));
    page.let_pass(2_100);
    page.run("window.said.length = 0; replicascope.play()");
    page.wait(&format!("replicascope.t() > {}", 2.0 * US_PER_S));
    assert_eq!(page.eval::<Vec<String>>("window.said"), [] as [String; 0]);
    page.finish();
}

#[test]
fn a_screen_reader_is_told_what_there_is_and_where_each_step_leads() {
    let page = open(DESKTOP);
    choose(&page, "1", "star");
    page.seek(1_000_000.0);
    issue(&page, &json!({ "crash": "n2" }));
    page.seek(1_600_000.0);
    settle(&page);
    let tree = page.cdp("Accessibility.getFullAXTree", &json!({}));
    let text = |node: &Value, field: &str| node[field]["value"].as_str().unwrap_or("").to_string();
    let all = tree["nodes"].as_array().expect("a tree");
    let all = all.iter().filter(|node| node["ignored"] != json!(true));
    let named: Vec<(String, String)> =
        all.map(|node| (text(node, "role"), text(node, "name"))).collect();
    let nodes: Vec<Value> = page.eval("replicascope.nodes()");
    for node in nodes {
        let (id, state) = (node["id"].as_str().unwrap(), node["state"].as_str().unwrap());
        let role = node["role"].as_str().unwrap();
        let told = named
            .iter()
            .find(|(kind, name)| kind == "button" && name.starts_with(&format!("{id}, ")));
        let (_, name) = told.unwrap_or_else(|| panic!("nobody is told of {id}: {named:?}"));
        assert!(name.contains(role) && name.contains(state), "{name}: {node}");
        let row = named.iter().any(|(kind, name)| kind == "rowheader" && name == id);
        assert!(row, "{id} has a row in the table");
    }
    for landmark in ["banner", "main", "navigation"] {
        assert!(named.iter().any(|(role, _)| role == landmark), "there is no {landmark}");
    }
    page.run("document.getElementById('figure-n3').focus()");
    for _ in 0..5 {
        let before = page.text("[data-testid=announcer]");
        page.press(".");
        page.wait(&format!("probe.text('[data-testid=announcer]') !== {}", json!(before)));
        let said = page.text("[data-testid=announcer]");
        assert!(said.starts_with("Step "), "{said}");
        assert_eq!(page.eval::<String>("document.activeElement.id"), "figure-n3");
    }
    page.finish();
}

/// What assistive technology is told, in order: roles and names.
fn told(page: &App) -> Vec<(String, String)> {
    let tree = page.cdp("Accessibility.getFullAXTree", &json!({}));
    let text = |node: &Value, field: &str| node[field]["value"].as_str().unwrap_or("").to_string();
    let all = tree["nodes"].as_array().expect("a tree").iter();
    let all = all.filter(|node| node["ignored"] != json!(true));
    all.map(|node| (text(node, "role"), text(node, "name"))).collect()
}

#[test]
fn a_primary_a_lag_and_a_lost_write_are_found_without_seeing_anything() {
    let page = open(DESKTOP);
    page.run("replicascope.pause(); replicascope.seek(0)");
    // Where the opening's replica is behind: its name, and its row in the table, say by how much.
    page.run("replicascope.seek(350000)");
    settle(&page);
    let nodes: Vec<Value> = page.eval("replicascope.nodes()");
    let said = told(&page);
    let button = |id: &str| -> String {
        let start = format!("{id}, ");
        let found = said.iter().find(|(role, name)| role == "button" && name.starts_with(&start));
        found.map(|(_, name)| name.clone()).unwrap_or_else(|| panic!("nobody is told of {id}"))
    };
    assert!(button("n1").contains("primary"), "{}", button("n1"));
    let behind: Vec<&Value> = nodes.iter().filter(|node| node["lag"].as_u64() > Some(0)).collect();
    assert!(!behind.is_empty(), "{nodes:?}");
    for node in &nodes {
        let id = node["id"].as_str().unwrap();
        if let Some(lag @ 1..) = node["lag"].as_u64() {
            assert!(button(id).contains(&format!("{lag} write")), "{}", button(id));
        }
        let at = said
            .iter()
            .position(|(role, name)| role == "rowheader" && name == id)
            .unwrap_or_else(|| panic!("{id} has no row"));
        let row: Vec<&str> = said[at + 1..]
            .iter()
            .filter(|(role, _)| ["cell", "gridcell"].contains(&role.as_str()))
            .map(|(_, name)| name.as_str())
            .take(5)
            .collect();
        assert_eq!(row[0], node["role"].as_str().unwrap(), "{id}: {row:?}");
        assert_eq!(row[1], node["state"].as_str().unwrap(), "{id}: {row:?}");
        assert_eq!(row[2], node["epoch"].to_string(), "{id}: {row:?}");
        let lag = node["lag"].as_u64().map_or("\u{2013}".to_string(), |lag| lag.to_string());
        assert_eq!(row[4].split(',').next(), Some(lag.as_str()), "{id}: {row:?}");
    }
    // Each step changes what is said once.
    page.run(
        "window.changes = 0;
         new MutationObserver(() => { window.changes += 1; }).observe(
             document.querySelector('[data-testid=announcer]'),
             { childList: true, characterData: true, subtree: true });
         document.getElementById('figure-n3').focus();",
    );
    for step in 1..=5 {
        page.press(".");
        settle(&page);
        assert_eq!(page.eval::<u32>("window.changes"), step, "once for each step");
        assert_eq!(page.eval::<String>("document.activeElement.id"), "figure-n3");
    }
    page.run("replicascope.seek(1e9)");
    settle(&page);
    let said = told(&page);
    let lost = |(role, name): &&(String, String)| {
        role == "button" && (name.contains("LOST") || name.contains("lost after ack"))
    };
    assert!(said.iter().any(|one| lost(&one)), "nobody is told of the lost write: {said:?}");
    page.finish();
}

#[test]
fn a_write_that_nobody_can_take_is_refused_with_its_reason_and_never_ok() {
    let page = open(DESKTOP);
    page.run(&format!("replicascope.load({})", busy("star", 3, 2)));
    page.seek(300_000.0);
    issue(&page, &json!({ "crash": "n1" }));
    issue(&page, &json!({ "write": { "client": "Client 1", "key": "z", "value": 1 } }));
    // Until the client has given up.
    page.seek(10_000_000.0);
    settle(&page);
    let told = told_of(&page, "z");
    assert!(!told.is_empty() && told.iter().all(|told| told != "ok"), "{told:?}");
    let receipts: Vec<String> =
        page.eval("[...document.querySelectorAll('.receipt.no')].map((it) => it.textContent)");
    assert!(!receipts.is_empty(), "the slip says so");
    page.finish();
}

#[test]
fn a_damaged_address_opens_what_there_is_and_says_what_was_ignored() {
    let page = App::closed(DESKTOP);
    page.before_load(include_str!("probe.js"));
    page.load("#s=AAAA&t=1s");
    page.wait("probe.text('.caption').includes('Ignored: the link')");
    assert!(page.eval::<u32>("document.querySelectorAll('[data-node]').length") >= 4);
    page.finish();
}

/// Places of single packets, frame by frame.
const PLACES: &str = "(async () => {
    const frames = [];
    for (let n = 0; n < 40; n += 1) {
        await probe.frame();
        const packets = replicascope.packets().filter((it) => it.count === 1);
        frames.push([replicascope.t(), packets]);
    }
    return frames;
})()";

#[test]
fn at_full_speed_nothing_flies_singly_and_at_the_slowest_every_step_is_small() {
    let page = open(DESKTOP);
    page.run(&format!("replicascope.load({})", busy("star", 4, 60)));
    page.run("replicascope.speed(100); replicascope.play()");
    page.wait("replicascope.t() > 3000000");
    let frames: Vec<(f64, Vec<Value>)> = page.eval(PLACES);
    let single = frames.iter().map(|(_, packets)| packets.len()).max();
    assert_eq!(single, Some(0), "single packets at 100x");
    page.run("replicascope.pause(); replicascope.speed(0.1); replicascope.play()");
    let frames: Vec<(f64, Vec<Value>)> = page.eval(PLACES);
    // What passes in a sixtieth of a second; a busy machine draws fewer frames than that.
    let frame_us = 0.1 * US_PER_S / 60.0;
    let mut steps = 0;
    for pair in frames.windows(2) {
        let passed = (pair[1].0 - pair[0].0).max(frame_us);
        for one in &pair[0].1 {
            let same = |other: &&Value| {
                ["kind", "from", "to", "sent", "arrive"].iter().all(|it| one[it] == other[it])
            };
            let alike: Vec<&Value> = pair[1].1.iter().filter(same).collect();
            // Two that left together cannot be told apart here.
            let [other] = alike.as_slice() else { continue };
            let far = |axis: &str| one[axis].as_f64().unwrap() - other[axis].as_f64().unwrap();
            let step = far("x").hypot(far("y")) / passed * frame_us;
            assert!(step <= 2.0, "a step of {step} px: {one} to {other}");
            steps += 1;
        }
    }
    assert!(steps > 100, "{steps} steps");
    page.finish();
}
