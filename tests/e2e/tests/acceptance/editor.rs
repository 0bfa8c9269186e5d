//! A cluster is edited by hand on its picture, with a pointer, a finger or keys, and the text
//! beside it says the same. The list of scenarios has a picture for each, and the stage can be
//! recorded.

use crate::{choose, open, settle};
use e2e::{App, DESKTOP, PHONE, Point};
use serde_json::json;

const TEXT: &str = "document.getElementById('script').value";

fn edit(page: &App) {
    page.press("O");
    page.wait("document.querySelector('[data-testid=edit]')");
    page.run("document.querySelector('[data-testid=edit]').click()");
    page.wait("document.querySelector('[data-testid=script-stage] [data-node=n4]')");
    settle(page);
}

/// The middle of a server on the picture, which is scrolled into view.
fn server(page: &App, name: &str) -> Point {
    page.middle_of(&format!("[data-testid=script-stage] [data-node={name}]"))
}

fn waits_for(page: &App, part: &str) {
    page.wait(&format!("{TEXT}.includes({})", json!(part)));
    // Servers glide to their new places, and are not where they will be.
    page.wait("!document.querySelector('[data-testid=script-stage] .settling')");
    settle(page);
}

fn says(page: &App, part: &str) {
    let inside = "document.querySelector('[data-testid=script-says]').innerText";
    page.wait(&format!("{inside}.includes({})", json!(part)));
}

/// Presses Tab until this has the focus.
fn tab_to(page: &App, selector: &str) {
    let there = format!("document.activeElement.matches({})", json!(selector));
    for _ in 0..60 {
        if page.eval(&there) {
            return;
        }
        page.press("Tab");
    }
    panic!("Tab does not lead to {selector}");
}

/// Streams, a server less, a slow link and a slow server: the same by any means.
fn result(page: &App) -> String {
    let text: String = page.eval(TEXT);
    let from = text.find("[cluster]").expect("a text has a cluster");
    let to = text.find("[[client]]").expect("a text has clients");
    text[from..to].to_string()
}

/// Connects n1 to n3, moves n4 below n1, removes n2, and looks at what is then n3.
fn by_hand(
    page: &App,
    drag: impl Fn(Point, Point),
    press: impl Fn(&str),
    press_at: impl Fn(Point),
) {
    drag(server(page, "n1"), server(page, "n3"));
    waits_for(page, "custom");
    press("[data-testid=drag-move]");
    drag(server(page, "n4"), server(page, "n1"));
    waits_for(page, "from = \"n1\"\nto = \"n4\"\n");
    press_at(server(page, "n2"));
    page.wait("document.querySelector('[data-testid=script-remove]')?.innerText === 'Remove n2'");
    press("[data-testid=script-remove]");
    waits_for(page, "nodes = 3");
    press_at(server(page, "n3"));
    page.wait("document.querySelector('[data-testid=field-apply_delay]')");
}

/// What everybody has in the end who connects n1 to n3, moves n3 below n1 and slows n3 down.
fn by_pointer() -> String {
    let page = open(DESKTOP);
    choose(&page, "2", "chain");
    edit(&page);
    by_hand(
        &page,
        |from, to| page.drag(from, to),
        |button| page.click(button),
        |at| page.click_at(at),
    );
    page.run(
        "const field = document.querySelector('[data-testid=field-apply_delay]');
         field.value = '40ms';
         field.dispatchEvent(new Event('change', { bubbles: true }));",
    );
    waits_for(&page, "apply_delay = \"40ms\"");
    let text = result(&page);
    page.click("[data-testid=script-run]");
    page.wait("replicascope.nodes().length === 3");
    page.run("replicascope.undo()");
    page.wait("replicascope.nodes().length === 4");
    page.finish();
    text
}

fn by_touch() -> String {
    let page = open(PHONE);
    page.run("document.querySelector('[data-testid=chain]').click()");
    page.wait(
        "document.querySelector('.app:not(.in-story) [data-testid=chain][aria-checked=true]')",
    );
    page.run("replicascope.pause()");
    settle(&page);
    edit(&page);
    let low: Vec<String> = page.eval(
        "[...document.querySelectorAll(
            '.script button, .script select, .script-picture input, .script summary')]
            .filter(it => it.offsetParent && it.getBoundingClientRect().height < 44)
            .map(it => it.outerHTML)",
    );
    assert!(low.is_empty(), "too low for a finger: {low:?}");
    by_hand(
        &page,
        |from, to| page.swipe(from, to),
        |button| page.tap(button),
        |at| page.tap_at(at),
    );
    page.tap("[data-testid=field-apply_delay]");
    page.type_text("40ms");
    page.press("Enter");
    waits_for(&page, "apply_delay = \"40ms\"");
    let text = result(&page);
    page.finish();
    text
}

fn by_keyboard() -> String {
    let page = open(DESKTOP);
    choose(&page, "2", "chain");
    edit(&page);
    let select = |name: &str| {
        let own = format!("[data-testid=script-stage] [data-node={name}]");
        tab_to(&page, "[data-testid=script-stage] [data-node]");
        for _ in 0..12 {
            // Towards where it is seen to be.
            let key: String = page.eval(&format!(
                "(() => {{ const middle = it => {{ const box = it.getBoundingClientRect();
                              return [box.x + box.width / 2, box.y + box.height / 2]; }};
                          const to = document.querySelector({});
                          if (to === document.activeElement) return 'Enter';
                          const [x, y] = middle(document.activeElement), [tx, ty] = middle(to);
                          const aside = Math.abs(tx - x) > Math.abs(ty - y);
                          return 'Arrow' + (aside ? (tx > x ? 'Right' : 'Left')
                                                  : (ty > y ? 'Down' : 'Up')); }})()",
                json!(own)
            ));
            page.press(&key);
            if key == "Enter" {
                return;
            }
        }
        panic!("arrows do not lead to {name}");
    };
    let look = |name: &str| {
        select(name);
        let remove = format!("Remove {name}");
        page.wait(&format!(
            "document.querySelector('[data-testid=script-remove]')?.innerText === '{remove}'"
        ));
    };
    look("n1");
    tab_to(&page, "[data-testid=script-connect]");
    page.press("Enter");
    says(&page, "follow n1");
    select("n3");
    waits_for(&page, "custom");
    look("n4");
    tab_to(&page, "[data-testid=script-attach]");
    page.press("Enter");
    says(&page, "n4 is to follow");
    select("n1");
    waits_for(&page, "from = \"n1\"\nto = \"n4\"\n");
    look("n2");
    page.press("Delete");
    waits_for(&page, "nodes = 3");
    look("n3");
    tab_to(&page, "[data-testid=field-apply_delay]");
    page.type_text("40ms");
    page.press("Enter");
    waits_for(&page, "apply_delay = \"40ms\"");
    let text = result(&page);
    page.finish();
    text
}

#[test]
fn a_cluster_edited_by_pointer_by_touch_and_by_keys_is_the_same_text() {
    let text = by_pointer();
    for part in ["topology = \"custom\"", "nodes = 3", "from = \"n1\"\nto = \"n2\"", "[[node]]"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(by_touch(), text);
    assert_eq!(by_keyboard(), text);
}

#[test]
fn what_cannot_be_done_to_a_cluster_is_said_in_words_and_every_change_can_be_taken_back() {
    let page = open(DESKTOP);
    choose(&page, "2", "chain");
    edit(&page);
    let before: String = page.eval(TEXT);
    page.click("[data-testid=drag-move]");
    page.drag(server(&page, "n2"), server(&page, "n4"));
    says(&page, "n4 gets its entries through n2");
    assert_eq!(page.eval::<String>(TEXT), before);
    // A stroke across a stream ends it.
    let (a, b) = (server(&page, "n3"), server(&page, "n4"));
    let (x, y) = ((a.x + b.x) / 2.0, (a.y + b.y) / 2.0);
    let aside = Point { x: (a.y - b.y).signum() * 30.0, y: (b.x - a.x).signum() * 30.0 };
    page.drag(Point { x: x - aside.x, y: y - aside.y }, Point { x: x + aside.x, y: y + aside.y });
    says(&page, "No write reaches n4");
    // Keys pressed on the picture are not for the run behind it.
    page.click_at(server(&page, "n1"));
    page.press("1");
    page.press("Control+z");
    page.wait(&format!("{TEXT} === {}", json!(before)));
    for left in ["3", "2", "1"] {
        page.click_at(server(&page, "n1"));
        page.wait(
            "document.querySelector('[data-testid=script-remove]')?.innerText === 'Remove n1'",
        );
        page.click("[data-testid=script-remove]");
        waits_for(&page, &format!("nodes = {left}\n"));
    }
    page.click_at(server(&page, "n1"));
    page.click("[data-testid=script-remove]");
    says(&page, "at least one server");
    page.finish();
}

#[test]
fn rules_and_workloads_are_edited_in_fields_and_what_they_cannot_be_is_said() {
    let page = open(DESKTOP);
    choose(&page, "1", "star");
    edit(&page);
    let set = |field: &str, value: &str| {
        page.run(&format!(
            "const field = document.querySelector('[data-testid=field-{field}]');
             field.value = {};
             field.dispatchEvent(new Event('change', {{ bubbles: true }}));",
            json!(value)
        ));
    };
    set("ack", "quorum");
    waits_for(&page, "ack = \"quorum\"");
    set("apply_delay", "soon");
    says(&page, "soon");
    page.wait("document.querySelector('[data-testid=field-apply_delay][aria-invalid=true]')");
    page.run(
        "const list = document.getElementById('script-part');
         list.value = [...list.options].findIndex(one => one.text === 'Client 1');
         list.dispatchEvent(new Event('change', { bubbles: true }));",
    );
    page.wait("document.querySelector('[data-testid=script-workload]')");
    page.click("[data-testid=script-workload]");
    waits_for(&page, "rate = \"10/s\"");
    set("rate", "50/s");
    waits_for(&page, "rate = \"50/s\"");
    page.finish();
}

#[test]
fn every_scenario_of_the_list_has_a_picture_of_its_cluster() {
    for viewport in [DESKTOP, PHONE] {
        let page = open(viewport);
        page.press("O");
        page.wait("document.querySelectorAll('[data-testid=gallery] li').length > 20");
        page.wait(
            "[...document.querySelectorAll('[data-testid=gallery] li')].every(card =>
                 card.querySelector('svg .figure') && card.querySelector('small').innerText)",
        );
        let first: (usize, usize, String) = page.eval(
            "(() => { const card = document.querySelector('[data-testid=gallery] li');
                      return [card.querySelectorAll('.figure').length,
                              card.querySelectorAll('.badge.down').length,
                              card.querySelector('small').innerText]; })()",
        );
        assert_eq!(first, (4, 1, "star · async · crash · promote".to_string()));
        let wide: bool = page.eval(
            "[...document.querySelectorAll('[data-testid=gallery] svg')].every(svg => {
                 const box = svg.getBoundingClientRect();
                 return box.left >= 0 && box.right <= innerWidth && box.height >= 90; })",
        );
        assert!(wide, "a picture does not fit");
        page.finish();
    }
}

/// Keeps what is saved, instead of saving it.
const KEEP: &str = "window.kept = [];
    HTMLAnchorElement.prototype.click = function () {
        if (this.download) window.kept.push([this.download, this.href]); };
    const blobs = new Map(), make = URL.createObjectURL;
    URL.createObjectURL = (blob) => { const url = make.call(URL, blob);
                                      blobs.set(url, blob); return url; };
    window.blobOf = (url) => blobs.get(url);";

#[test]
fn the_stage_is_recorded_as_webm_until_the_run_is_stopped() {
    let page = App::closed(DESKTOP);
    page.before_load(include_str!("probe.js"));
    page.before_load(KEEP);
    page.load("");
    choose(&page, "1", "star");
    page.click("[data-testid=share]");
    page.click("[data-testid=record]");
    let reel = "document.querySelector('[data-testid=reel]').innerText";
    page.wait(&format!("/Recording: .* kB/.test({reel})"));
    assert!(page.eval::<bool>("replicascope.playing()"), "the run plays while it is recorded");
    page.click("[data-testid=record]");
    page.wait(&format!("{reel}.startsWith('Saved as stage.webm')"));
    assert!(!page.eval::<bool>("replicascope.playing()"), "stopping it stops the run");
    let head: Vec<u8> = page.eval(
        "(async () => { const [name, url] = kept.at(-1);
                        if (name !== 'stage.webm') throw new Error(name);
                        const bytes = new Uint8Array(await blobOf(url).arrayBuffer());
                        return [...bytes.slice(0, 4), ...(bytes.length > 2000 ? [1] : [])]; })()",
    );
    // The mark of Matroska, and thus of WebM.
    assert_eq!(head, [0x1a, 0x45, 0xdf, 0xa3, 1]);
    page.finish();
}

#[test]
fn a_browser_that_cannot_record_says_so() {
    let page = App::closed(DESKTOP);
    page.before_load(include_str!("probe.js"));
    page.before_load("delete window.MediaRecorder;");
    page.load("");
    choose(&page, "1", "star");
    page.click("[data-testid=share]");
    page.click("[data-testid=record]");
    page.wait(
        "document.querySelector('[data-testid=reel]').innerText.includes('cannot record WebM')",
    );
    page.wait("document.querySelector('[data-testid=record]').innerText === 'WebM'");
    page.finish();
}

#[test]
fn a_phone_names_a_topology_of_ones_own_in_the_list() {
    let page = open(PHONE);
    page.run(
        "replicascope.load({ cluster: { topology: 'custom', nodes: 3,
             stream: [{ from: 'n1', to: 'n2' }, { from: 'n2', to: 'n3' }] } })",
    );
    page.wait("replicascope.nodes().length === 3");
    settle(&page);
    let list = "document.querySelector('.compact select[aria-label=Topology]')";
    let shown: String = page.eval(&format!("{list}.selectedOptions[0].text"));
    assert_eq!(shown, "Custom");
    page.run("document.querySelector('[data-testid=star]').click()");
    page.wait(&format!("{list}.selectedOptions[0].text === 'Star' && {list}.length === 4"));
    page.finish();
}

#[test]
fn looking_along_the_charts_changes_nothing_but_them() {
    let page = open(DESKTOP);
    choose(&page, "2", "chain");
    page.seek(900_000.0);
    page.press("g");
    page.wait("document.querySelector('[data-testid=charts] canvas')?.clientWidth > 0");
    // The stage makes room for them, and its servers glide to their new places.
    page.wait("!document.querySelector('.settling')");
    settle(&page);
    page.run(
        "window.changed = [];
         new MutationObserver(list => changed.push(...list.map(one => one.target)))
             .observe(document.body, { subtree: true, childList: true, attributes: true });",
    );
    let hint = "document.querySelector('[data-testid=charts-hint]').textContent";
    let before: String = page.eval(hint);
    page.hover("[data-testid=charts] canvas");
    page.wait(&format!("{hint} !== {}", json!(before)));
    let others: Vec<String> = page.eval(
        "changed.map(one => one.nodeType === 1 ? one : one.parentElement)
            .filter(one => !one.closest('[data-testid=charts]')).map(one => one.outerHTML)",
    );
    assert!(others.is_empty(), "{others:?}");
    // They are as wide as the page, and so is the tape, whose axis is theirs.
    let (charts, tape): (f64, f64) = page.eval(
        "[...['[data-testid=charts] canvas', '[data-testid=tape]']].map(
             one => document.querySelector(one).getBoundingClientRect().width)",
    );
    assert!(charts > 1_400.0 && tape > 1_200.0, "{charts} and {tape}");
    page.finish();
}
