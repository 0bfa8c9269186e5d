//! What can be done in the page with what the engine knows: scenarios are opened, kept and shared,
//! commands typed, links cut by a stroke; play stops at surprises, and one can look closer.

use crate::{choose, open, settle};
use e2e::{App, DESKTOP, PHONE, Point};
use serde_json::{Value, json};

/// How often something happened.
fn count(page: &App, event: &str) -> usize {
    page.eval(&format!("replicascope.events().filter(line => line.event === '{event}').length"))
}

fn type_command(page: &App, text: &str) {
    page.press(":");
    page.wait("document.activeElement.id === 'command-line'");
    page.type_text(text);
    page.wait(&format!("document.activeElement.value === {}", json!(text)));
}

#[test]
fn a_built_in_scenario_is_opened_from_the_list_by_keys_alone() {
    let page = open(DESKTOP);
    page.press("1");
    page.press("O");
    page.wait("document.activeElement.closest('[data-testid=gallery]')");
    page.wait("document.querySelector('[data-testid=gallery] li')");
    let names: Vec<String> = page.eval(
        "[...document.querySelectorAll('[data-testid=gallery] li b')].map(name => name.innerText)",
    );
    assert!(names.len() >= 20 && names.iter().all(|name| !name.is_empty()), "{names:?}");
    page.press("Escape");
    page.wait("!document.querySelector('[data-testid=gallery]')");
    page.click("[data-testid=scenarios]");
    // The list begins at its top, where the focus goes.
    page.wait("document.activeElement.closest('[data-testid=gallery]')");
    page.click("[data-testid=open-even-split-stalls]");
    page.wait("!document.querySelector('[data-testid=gallery]')");
    assert_eq!((page.t(), page.eval("replicascope.nodes().length")), (0.0, 4));
    page.click("[data-testid=tape]");
    page.press("O");
    page.wait("document.querySelector('[data-testid=save]')");
    // What is saved is the run that is looked at, as a file.
    let kept: String = page.eval(
        "decodeURIComponent(document.querySelector('[data-testid=save]').href.split(',')[1])",
    );
    assert!(kept.contains("Two against two") && kept.contains("[cluster]"), "{kept}");
    page.finish();
}

#[test]
fn a_file_that_cannot_run_says_where_and_why_and_a_good_one_is_opened() {
    let page = open(DESKTOP);
    page.press("1");
    let drop = |text: &str| {
        page.run(&format!(
            "const dropped = new DataTransfer();
             dropped.items.add(new File([{}], 'mine.toml'));
             document.querySelector('.app').dispatchEvent(
                 new DragEvent('drop', {{ bubbles: true, dataTransfer: dropped }}));",
            json!(text)
        ));
    };
    drop("[cluster]\nnodes = 0");
    page.wait("document.querySelector('[data-testid=not-opened]')");
    let said = page.text("[data-testid=not-opened]");
    for part in ["mine.toml", "line 2, column 9", "cluster.nodes", "expected 1 to 1024"] {
        assert!(said.contains(part), "{said}");
    }
    drop("[cluster]\ntopology = 'chain'\nnodes = 9");
    page.wait("replicascope.nodes().length === 9");
    page.wait("!document.querySelector('[data-testid=gallery]')");
    page.finish();
}

#[test]
fn a_link_leads_a_new_visitor_to_the_same_instant() {
    let page = open(DESKTOP);
    choose(&page, "3", "ring");
    page.seek(700_000.0);
    let (hash, t) = (page.hash(), page.t());
    page.click("[data-testid=share]");
    page.click("[data-testid=copy-link]");
    page.wait("location.hash.length > 10");
    let tail: String = page.eval("location.hash");
    assert_eq!(page.eval::<String>("replicascope.url()"), page.eval::<String>("location.href"));
    page.run("localStorage.clear()");
    page.load(&tail);
    assert_eq!((page.hash(), page.t()), (hash, t));
    page.finish();
}

#[test]
fn a_visitor_finds_the_sandbox_as_it_was_left() {
    let page = open(DESKTOP);
    choose(&page, "3", "ring");
    page.seek(700_000.0);
    let (hash, t) = (page.hash(), page.t());
    page.load("");
    assert_eq!((page.hash(), page.t()), (hash, t));
    page.finish();
}

#[test]
fn a_link_carries_what_is_selected() {
    let page = open(DESKTOP);
    choose(&page, "1", "star");
    page.seek(700_000.0);
    let open_link = || {
        let address: String = page.eval("replicascope.url()");
        page.run("localStorage.clear()");
        page.load(&address[address.find('#').expect("a link has a fragment")..]);
    };
    page.run("document.getElementById('figure-n3').focus()");
    page.press("Enter");
    page.wait("document.querySelector('[data-node=n3][aria-pressed=true]')");
    open_link();
    page.wait("document.querySelector('[data-node=n3][aria-pressed=true]')");
    page.wait("probe.text('[data-testid=inspect-node] h3').startsWith('n3')");
    page.press("F");
    page.wait("document.querySelector('[data-testid=inspect-write]')");
    let told = page.text("[data-testid=inspect-write] h3");
    open_link();
    page.wait("document.querySelector('[data-testid=inspect-write]')");
    assert_eq!(page.text("[data-testid=inspect-write] h3"), told);
    // A link that names what the run does not have selects nothing.
    let address: String =
        page.eval("replicascope.url().then(url => url.replace(/&view=.*/, '&view=n99'))");
    page.load(&address[address.find('#').expect("a link has a fragment")..]);
    assert_eq!(
        page.eval::<u32>("document.querySelectorAll('[aria-pressed=true].figure').length"),
        0
    );
    page.finish();
}

#[test]
fn a_typed_command_is_done_at_the_playhead_and_one_that_cannot_be_read_says_where() {
    let page = open(DESKTOP);
    choose(&page, "1", "star");
    page.seek(600_000.0);
    let before = count(&page, "command");
    type_command(&page, "crash = \"n9\"");
    page.press("Enter");
    page.wait("probe.text('[data-testid=command-said]').includes('Column 9')");
    let said = page.text("[data-testid=command-said]");
    assert!(said.contains("there is no n9: this cluster has n1 to n4"), "{said}");
    assert_eq!(count(&page, "command"), before, "nothing was done");
    for _ in 0..2 {
        page.press("Backspace");
    }
    page.type_text("3\"");
    page.press("Enter");
    page.wait("document.querySelector('[data-node=n3][data-state=down]')");
    assert_eq!(count(&page, "command"), before + 1);
    // What was run before comes back with an arrow.
    page.press("ArrowUp");
    page.wait("document.activeElement.value === 'crash = \"n3\"'");
    // Names are completed, and a command without particulars stands alone.
    page.run("document.activeElement.select()");
    page.type_text("hea");
    page.wait("document.querySelector('[title=\"heal = true\"]')");
    page.press("Tab");
    page.wait("document.activeElement.value === 'heal = true'");
    page.press("Enter");
    page.wait(&format!(
        "replicascope.events().filter(line => line.event === 'command').length === {}",
        before + 2
    ));
    // Every dial of the cluster leads here.
    page.press("Escape");
    page.wait("!document.getElementById('command-line')");
    page.run("document.getElementById('figure-n1').focus()");
    page.press("Enter");
    page.wait("document.querySelector('[data-testid=tab-cluster]')");
    page.click("[data-testid=tab-cluster]");
    page.click("[aria-label='Change loop filter']");
    page.wait("document.activeElement.value === 'set = { loop_filter = true }'");
    page.finish();
}

/// The middle of a link in the window.
fn middle(page: &App, link: &str) -> Point {
    page.eval(&format!(
        "(() => {{
            const line = document.querySelector('[data-link=\"{link}\"]');
            const at = line.getPointAtLength(line.getTotalLength() / 2);
            const {{ x, y }} = new DOMPoint(at.x, at.y).matrixTransform(line.getScreenCTM());
            return {{ x, y }};
        }})()"
    ))
}

#[test]
fn a_stroke_across_links_cuts_them_and_only_them() {
    let page = open(DESKTOP);
    choose(&page, "2", "chain");
    page.seek(500_000.0);
    settle(&page);
    let cuts = "replicascope.events().filter(line => line.command?.cut)";
    let at = middle(&page, "n2-n3");
    page.drag(Point { y: at.y - 90.0, ..at }, Point { y: at.y + 90.0, ..at });
    page.wait(&format!("{cuts}.length === 1"));
    assert!(page.eval::<u32>("document.querySelectorAll('.bars').length") > 0, "it shows");
    let cut: Vec<Value> = page.eval(&format!("{cuts}.map(line => line.command.cut)"));
    assert_eq!(cut, [json!({ "from": "n2", "to": "n3", "both": true })]);
    // Neither a short slip nor a stroke across nothing cuts anything.
    let at = middle(&page, "n1-n2");
    page.drag(Point { y: at.y - 2.0, ..at }, Point { y: at.y + 3.0, ..at });
    page.drag(Point { y: at.y + 60.0, ..at }, Point { y: at.y + 160.0, ..at });
    settle(&page);
    assert_eq!(page.eval::<u32>(&format!("{cuts}.length")), 1);
    // The same by the keyboard.
    page.run("document.getElementById('figure-n4').focus()");
    page.press("Enter");
    page.press("I");
    page.wait("replicascope.events().some(line => line.command?.partition)");
    page.finish();
}

#[test]
fn one_can_look_closer_with_buttons_and_the_wheel_and_see_all_again() {
    let page = open(DESKTOP);
    choose(&page, "1", "star");
    page.seek(900_000.0);
    let width = "document.querySelector('#figure-n3').getBoundingClientRect().width";
    let usual: f64 = page.eval(width);
    page.click("[data-testid=zoom-in]");
    page.wait(&format!("{width} > {usual} * 1.4"));
    let place = page.middle_of("#figure-n1");
    page.cdp(
        "Input.dispatchMouseEvent",
        &json!({ "type": "mouseWheel", "x": place.x, "y": place.y, "deltaX": 0, "deltaY": -100,
                 "modifiers": 2 }),
    );
    page.wait(&format!("{width} > {usual} * 1.9"));
    settle(&page);
    // It grows about the place of the pointer.
    let after = page.middle_of("#figure-n1");
    assert!((place.x - after.x).abs() < 12.0 && (place.y - after.y).abs() < 12.0, "{after:?}");
    // What is clicked is what is seen, and packets are drawn where they are.
    page.click("#figure-n1");
    page.wait("document.querySelector('#figure-n1[aria-pressed=true]')");
    page.press("Escape");
    page.click("[data-testid=zoom-fit]");
    page.wait(&format!("Math.abs({width} - {usual}) < 1"));
    // Of a cluster that is drawn small there is more to see from near.
    page.run("replicascope.load({ cluster: { topology: 'tree', nodes: 200 }, until: '1s' })");
    page.wait("document.querySelectorAll('[data-testid=scene] [data-node]').length === 200");
    let words = "document.querySelectorAll('[data-testid=scene] text.name').length";
    let few: u32 = page.eval(words);
    for _ in 0..4 {
        page.click("[data-testid=zoom-in]");
    }
    page.wait(&format!("{words} > {few}"));
    page.finish();
}

#[test]
fn two_fingers_that_spread_look_closer() {
    let page = open(PHONE);
    choose(&page, "1", "star");
    page.seek(900_000.0);
    let width = "document.querySelector('#figure-n3').getBoundingClientRect().width";
    let usual: f64 = page.eval(width);
    let fingers = |kind: &str, apart: f64| {
        let points = [
            json!({ "x": 195.0 - apart, "y": 400.0, "id": 1 }),
            json!({ "x": 195.0 + apart, "y": 400.0, "id": 2 }),
        ];
        let points = if kind == "touchEnd" { Vec::new() } else { points.to_vec() };
        page.cdp("Input.dispatchTouchEvent", &json!({ "type": kind, "touchPoints": points }));
    };
    fingers("touchStart", 40.0);
    (1..=8).for_each(|nth| fingers("touchMove", 40.0 + 8.0 * f64::from(nth)));
    fingers("touchEnd", 0.0);
    page.wait(&format!("{width} > {usual} * 1.3"));
    assert_eq!(page.eval::<f64>("visualViewport.scale"), 1.0, "the page itself did not grow");
    page.tap("[data-testid=zoom-fit]");
    page.wait(&format!("Math.abs({width} - {usual}) < 1"));
    page.finish();
}

#[test]
fn play_stops_at_a_surprise_when_asked_to_and_only_then() {
    let page = open(DESKTOP);
    page.press("1");
    page.wait("document.querySelector('.app:not(.in-story)')");
    page.run("replicascope.pause(); replicascope.seek(0)");
    page.press(">");
    page.wait("replicascope.t() > 0");
    let first = page.t();
    page.press("<");
    assert_eq!(page.t(), first, "there is none before the first");
    page.run("replicascope.seek(0); replicascope.speed(30)");
    page.press("?");
    page.click("[data-testid=stop-at-surprises]");
    page.press("Escape");
    page.press("Space");
    page.wait("replicascope.t() > 0 && !replicascope.playing()");
    assert_eq!(page.t(), first, "it stands at the first surprise");
    let mark: Value = page.eval("replicascope.marks().at(-1)");
    assert_eq!(mark["kind"], "stale-read");
    // From there it goes on, to the next one.
    page.press("Space");
    page.wait(&format!("replicascope.t() > {first} && !replicascope.playing()"));
    // Not asked to, it does not stop.
    page.press("?");
    page.click("[data-testid=stop-at-surprises]");
    page.press("Escape");
    page.seek(0.0);
    page.press("Space");
    page.wait(&format!("replicascope.t() > {}", first * 2.0));
    assert!(page.eval::<bool>("replicascope.playing()"));
    page.finish();
}

#[test]
fn the_future_that_was_left_stays_in_grey_and_can_be_gone_back_to() {
    let page = open(DESKTOP);
    choose(&page, "1", "star");
    page.seek(2_000_000.0);
    let (hash, end) = (page.hash(), page.t());
    page.seek(800_000.0);
    page.run("replicascope.issue({ crash: 'n1' })");
    page.wait("document.querySelector('.tape.two')");
    let max = "document.querySelector('[data-testid=tape]').getAttribute('aria-valuemax')";
    assert_eq!(page.eval::<String>(max), format!("{}", end / 1_000.0), "the tape keeps its length");
    // A click on the grey tape goes back.
    let at: Point = page.eval(
        "(() => {
            const box = document.querySelector('.tape canvas').getBoundingClientRect();
            return { x: box.left + box.width / 2, y: box.bottom - 6 };
        })()",
    );
    page.click_at(at);
    page.wait("document.querySelector('[data-testid=branch]').value === '0'");
    page.seek(end);
    assert_eq!(page.hash(), hash);
    assert_eq!(count(&page, "crashed"), 0);
    page.finish();
}

#[test]
fn a_broken_rule_stops_the_run_and_says_what_to_do() {
    let page = open(DESKTOP);
    choose(&page, "1", "star");
    page.seek(900_000.0);
    page.run("replicascope.alarm('I12: found out of place')");
    page.wait("document.querySelector('[data-testid=alarm][role=alert]')");
    let t = page.t();
    page.press("Space");
    page.press(".");
    settle(&page);
    assert_eq!((page.t(), page.eval::<bool>("replicascope.playing()")), (t, false));
    let report: String = page.eval(
        "decodeURIComponent(
            document.querySelector('[data-testid=alarm] a').href.slice('data:'.length)
                .split(',').slice(1).join(','))",
    );
    for part in ["I12: found out of place", "seed = 7", "[cluster]"] {
        assert!(report.contains(part), "{report}");
    }
    page.click("[data-testid=copy-report]");
    page.click("[data-testid=go-on]");
    page.wait("!document.querySelector('[data-testid=alarm]')");
    page.press(".");
    page.wait(&format!("replicascope.t() > {t}"));
    page.finish();
}

#[test]
fn a_program_that_cannot_go_on_says_so_and_offers_to_begin_again() {
    let page = open(DESKTOP);
    page.run(
        "dispatchEvent(new ErrorEvent('error', {
            error: new WebAssembly.RuntimeError('unreachable') }))",
    );
    page.wait("!document.getElementById('boot-alert').hidden");
    let said = page.text("#boot-alert");
    for part in ["has stopped", "unreachable", "Reload"] {
        assert!(said.contains(part), "{said}");
    }
    page.click("#boot-alert button");
    page.wait_until_ready();
    page.finish_despite(&["unreachable"]);
}
