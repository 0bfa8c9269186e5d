//! Far instants, long texts and huge files: what takes long is done in slices, so that the page
//! answers meanwhile, says how far it has come, and can be stopped.

use crate::speed::long_tasks_of_a_loop;
use crate::{busy, choose, machine, open, settle};
use e2e::{App, DESKTOP};
use serde::Deserialize;
use serde_json::json;

/// Network time in which a million records come about, in microseconds.
const END_US: f64 = 100e6;

/// Writes down long tasks from the start, and every frame in which one is on the way.
const WATCH: &str = "
    window.seen = { long: [], frames: 0, told: [], early: 0 };
    new PerformanceObserver((list) => {
        for (const task of list.getEntries()) seen.long.push(task.duration);
    }).observe({ type: 'longtask', buffered: true });
    const watch = () => {
        requestAnimationFrame(watch);
        if (!document.querySelector('[data-testid=stop-here]')) return;
        const told = document.querySelector('[data-testid=caption] p').innerText;
        if (seen.told.at(-1) !== told) seen.told.push(told);
        seen.frames += 1;
        seen.early += Number(Boolean(window.replicascope?.ready));
    };
    watch();";

#[derive(Debug, Deserialize)]
struct Seen {
    long: Vec<f64>,
    frames: u32,
    told: Vec<String>,
    early: u32,
}

fn long_run() -> serde_json::Value {
    let client = |name: &str| json!({ "id": name, "home": "n1", "latency": "10ms" });
    let load = |name: &str| json!({ "client": name, "rate": "200/s", "keys": 50 });
    json!({
        "seed": 7, "until": "200s", "cluster": { "topology": "star", "nodes": 8 },
        "network": { "latency": "40ms" }, "client": [client("Ann"), client("Bob")],
        "workload": [load("Ann"), load("Bob")],
    })
}

/// Opens a link to an instant of the run and waits until the page is there.
fn follow(page: &App, link: &str, t: &str) -> Seen {
    page.load(&format!("#{}", link.replace("&t=0ms", &format!("&t={t}&view=n3"))));
    settle(page);
    page.eval("window.seen")
}

#[test]
fn a_link_far_into_a_million_events_is_followed_in_slices_and_leads_to_the_same_state() {
    let page = App::closed(DESKTOP);
    page.before_load(include_str!("probe.js"));
    page.before_load(WATCH);
    page.load("");
    page.run(&format!("replicascope.load({}); replicascope.pause()", long_run()));
    let link: String = page.eval("replicascope.url().then((url) => url.split('#')[1])");
    page.seek(END_US);
    let messages: u32 = page.eval("replicascope.metrics().messages.delivered");
    assert!(messages > 300_000, "{messages} messages come to a million records");
    let hash = page.hash();
    let near = follow(&page, &link, "1ms");
    assert_eq!(near.frames, 0, "what is near is there at once: {near:?}");
    page.time_its_thread();
    let before = page.thread_s();
    let far = follow(&page, &link, "100s");
    assert_eq!((page.t(), page.hash()), (END_US, hash));
    // What the link says (servers count from 0 in it) is looked at once it is there.
    page.wait("probe.text('[data-testid=inspect-node] h3').startsWith('n4')");
    let own_ms = (page.thread_s() - before) * 1_000.0 / f64::from(far.frames.max(1));
    let explained = long_tasks_of_a_loop(&page, own_ms.min(50.0), f64::from(far.frames));
    println!(
        "{} frames on the way, {own_ms:.1} ms of the thread each; {:?} beyond 50 ms, {:?} \
         of a link to the beginning, {explained} of a loop as long, {}",
        far.frames,
        far.long,
        near.long,
        machine()
    );
    assert_eq!(far.early, 0, "it is not ready before it is there");
    assert!(far.frames >= 10 && far.told.len() >= 3, "it is told how far it is: {far:?}");
    assert!(far.told[0].contains("Simulating up to 100"), "{far:?}");
    assert!(far.long.len() <= near.long.len() + 2 * explained + 1, "{far:?}");
    page.finish();
}

#[test]
fn on_the_way_to_a_far_instant_one_can_stop_and_acts_at_what_is_seen() {
    let page = open(DESKTOP);
    page.run(&format!("replicascope.load({}); replicascope.pause()", busy("star", 4, 400)));
    page.run("window.there = false; replicascope.seek(3e9).then((t) => { window.there = t; })");
    page.wait("document.querySelector('[data-testid=stop-here]')");
    assert_eq!(page.t(), 0.0, "the stage stays where it was");
    page.click("[data-testid=stop-here]");
    page.wait("window.there");
    page.wait("!document.querySelector('[data-testid=stop-here]')");
    let t = page.t();
    assert!(t > 0.0 && t < 3e9 && page.eval::<f64>("window.there") == t, "{t}");
    page.run("replicascope.seek(3e9)");
    page.wait("document.querySelector('[data-testid=stop-here]')");
    page.press("Space");
    page.wait("!document.querySelector('[data-testid=stop-here]')");
    assert!(page.t() > t && !page.eval::<bool>("replicascope.playing()"));
    page.finish();
}

/// Types on in the text area, a key in each frame, and gives how many tasks were long.
const TYPE: &str = "
    async (area) => {
        const long = [];
        const observer = new PerformanceObserver((list) => long.push(...list.getEntries()));
        area.focus();
        area.setSelectionRange(0, 0);
        await probe.settled();
        observer.observe({ type: 'longtask' });
        for (const key of '# ab\\n# cd\\n# ef\\n') {
            document.execCommand(key === '\\n' ? 'insertLineBreak' : 'insertText', false, key);
            await probe.drawn();
        }
        for (let frame = 0; frame < 60; frame += 1) await probe.drawn();
        observer.disconnect();
        return long.map((task) => task.duration);
    }";

#[test]
fn typing_into_a_long_text_is_no_slower_than_into_a_bare_one_and_it_is_checked_meanwhile() {
    let page = open(DESKTOP);
    choose(&page, "1", "star");
    page.press("O");
    page.wait("document.querySelector('[data-testid=edit]')");
    page.click("[data-testid=edit]");
    page.wait("document.getElementById('script')");
    let says = "probe.text('[data-testid=script-says]')";
    let commands = "[[at]]\ntime = \"1s\"\nread = { client = \"Client 1\", key = \"k1\" }\n";
    page.run(&format!(
        "window.put = (tail) => {{
             const area = document.getElementById('script');
             area.value += tail;
             area.dispatchEvent(new InputEvent('input', {{ bubbles: true }}));
         }};
         put('\\n' + {}.repeat(3000));
         await probe.drawn();",
        json!(commands)
    ));
    let checking: String = page.eval(says);
    assert!(checking.contains("Checking"), "{checking}");
    // Longer than what used to be checked only when it was run.
    page.wait(&format!("{says}.includes('commands: 3000')"));
    let ours: Vec<f64> = page.eval(&format!("({TYPE})(document.getElementById('script'))"));
    page.wait(&format!("{says}.includes('commands: 3000')"));
    page.run("put('[[at]]\\ntime = 1\\n')");
    page.wait(&format!("{says}.includes('line')"));
    let marked: String = page.eval("document.querySelector('.script-text mark').innerText");
    let wrong: String = page.eval(says);
    assert!(wrong.contains(&format!("line {}", &marked[3..])), "{marked}: {wrong}");
    // The same keys in an area without any of ours around it.
    let bare: Vec<f64> = page.eval(&format!(
        "(() => {{
            const ours = document.getElementById('script');
            const bare = document.createElement('textarea');
            bare.wrap = 'off';
            bare.spellcheck = false;
            bare.rows = ours.rows;
            bare.style.cssText = 'font: 14px/20px monospace; width: 600px';
            bare.value = ours.value;
            document.body.replaceChildren(bare);
            return ({TYPE})(bare);
        }})()"
    ));
    println!("{ours:?} beyond 50 ms, {bare:?} of a bare area, {}", machine());
    assert!(ours.len() <= 2 * bare.len() + 1, "{ours:?}, and {bare:?}");
    page.finish();
}

#[test]
fn a_file_beyond_the_limit_is_refused_with_that_limit_and_a_long_one_opens() {
    let page = open(DESKTOP);
    let before = page.hash();
    let drop = |name: &str, text: &str| {
        page.run(&format!(
            "const dropped = new DataTransfer();
             dropped.items.add(new File([{text}], '{name}'));
             document.querySelector('.app').dispatchEvent(
                 new DragEvent('drop', {{ bubbles: true, dataTransfer: dropped }}));"
        ));
    };
    drop("huge.toml", "'x'.repeat(17e6)");
    page.wait("probe.text('[data-testid=not-opened]').includes('huge.toml')");
    let said = page.text("[data-testid=not-opened]");
    assert!(said.contains("17000000") && said.contains("at most 16777216"), "{said}");
    assert_eq!(page.hash(), before, "the run before is still there");
    page.press("Escape");
    let head = "name = \"Long\"\nuntil = \"10s\"\n[[client]]\nid = \"Ann\"\n";
    let command = "[[at]]\ntime = \"1s\"\nread = { client = \"Ann\", key = \"k1\" }\n";
    drop("long.toml", &format!("{} + {}.repeat(20000)", json!(head), json!(command)));
    page.wait("replicascope.longUrl().length > 1e5");
    assert_ne!(page.hash(), before);
    page.finish();
}
