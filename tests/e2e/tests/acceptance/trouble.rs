//! Check 20 and bad days: what is refused says why, what is damaged says what to do, and the stage
//! is never blank.

use crate::{US_PER_S, busy, choose, issue, open, open_with_clock, settle, told_of};
use e2e::{App, DESKTOP};
use serde_json::json;
use std::time::Duration;

/// A reason must be there within a second; on a busy machine that takes longer.
const AT_ONCE: Duration = Duration::from_secs(5);

/// Servers, or the room for them, can be seen.
fn the_stage_shows_something(page: &App) {
    settle(page);
    let stage = page.screenshot_of("main.stage");
    assert!(stage.colours() > 8, "the stage is blank");
}

#[test]
fn a_write_on_a_minority_side_waits_and_is_told_no_with_its_reason() {
    let page = open(DESKTOP);
    let mut scenario = busy("star", 5, 2);
    scenario["cluster"]["ack"] = json!("quorum");
    page.run(&format!("replicascope.load({scenario}); replicascope.pause()"));
    page.seek(300_000.0);
    issue(&page, &json!({ "partition": { "groups": [["n1", "n2"]] } }));
    issue(&page, &json!({ "write": { "client": "Client 1", "key": "z", "value": 1 } }));
    page.seek(10_000_000.0);
    settle(&page);
    let told = told_of(&page, "z");
    assert!(!told.is_empty() && told.iter().all(|told| !told.starts_with("ok")), "{told:?}");
    let side: String = page.eval("probe.text('[data-testid=scene]')");
    assert!(side.contains("no quorum"), "the side says so: {side}");
    let receipts: u32 = page.eval(
        "[...document.querySelectorAll('.receipt.no')]
            .filter((it) => it.textContent.trim()).length",
    );
    assert!(receipts > 0, "the slip says so");
    the_stage_shows_something(&page);
    page.finish();
}

#[test]
fn when_every_server_is_removed_or_down_the_stage_still_says_where_one_is() {
    let page = open(DESKTOP);
    choose(&page, "1", "star");
    page.seek(500_000.0);
    for node in ["n4", "n3", "n2", "n1"] {
        issue(&page, &json!({ "remove-node": node }));
        page.seek(page.t() + 200_000.0);
    }
    settle(&page);
    let left: Vec<String> = page.eval("replicascope.nodes().map((node) => node.state)");
    let refused: u32 =
        page.eval("replicascope.events().filter((it) => it.event === 'command-refused').length");
    // The last one is kept, with a reason, whatever is asked; so it is made to crash instead.
    assert_eq!((left.iter().filter(|state| *state == "up").count(), refused), (1, 1), "{left:?}");
    issue(&page, &json!({ "crash": "n1" }));
    page.seek(page.t() + 1_000_000.0);
    the_stage_shows_something(&page);
    let caption = page.text("[data-testid=caption]");
    assert!(!caption.is_empty(), "a caption says what is the matter");
    // And whoever writes now is told.
    issue(&page, &json!({ "write": { "client": "Client 1", "key": "z", "value": 1 } }));
    page.seek(page.t() + 20_000_000.0);
    settle(&page);
    let receipts: String = page.eval("probe.text('[data-node=\"Client 1\"]')");
    assert!(!receipts.ends_with("ok"), "{receipts}");
    the_stage_shows_something(&page);
    page.finish();
}

#[test]
fn without_storage_everything_works_and_nothing_is_kept() {
    let page = App::closed(DESKTOP);
    page.before_load(include_str!("probe.js"));
    page.before_load(
        "for (const name of ['localStorage', 'sessionStorage', 'caches', 'indexedDB'])
            Object.defineProperty(window, name, {
                get() { throw new DOMException('denied', 'SecurityError'); },
            });",
    );
    page.load("");
    choose(&page, "2", "chain");
    page.press("?");
    page.click("[data-testid=beats]");
    page.press("Escape");
    page.press("n");
    page.wait("document.querySelector('[data-testid=lessons-panel] li')");
    page.press("Escape");
    page.load("");
    the_stage_shows_something(&page);
    page.finish();
}

#[test]
fn a_browser_without_webassembly_is_told_so_beside_the_poster() {
    let page = App::closed(DESKTOP);
    page.before_load("delete window.WebAssembly;");
    page.start_loading(&page.site().url());
    page.wait_at_most(AT_ONCE, "!document.getElementById('boot-alert').hidden");
    let alert = page.text("#boot-alert");
    assert!(alert.contains("could not be loaded") && alert.contains("Retry"), "{alert}");
    let servers: u32 = page.eval("document.querySelectorAll('[data-node]').length");
    assert!(servers >= 4, "the poster stays");
    assert!(page.screenshot_of(".poster-stage").colours() > 8, "the poster is blank");
    page.finish();
}

#[test]
fn hours_in_another_tab_are_not_made_up_for() {
    let page = open_with_clock(DESKTOP);
    page.run(&format!("replicascope.load({}); replicascope.play()", busy("star", 4, 60)));
    page.run("await clock.pass(1000, 50)");
    let before = page.t();
    const HOURS_MS: u32 = 6 * 3_600_000;
    page.run(&format!("await clock.tick({HOURS_MS})"));
    let jumped = page.t() - before;
    assert!(jumped <= 0.1 * US_PER_S, "{jumped} us in the first frame after hours");
    page.run("await clock.pass(1000, 50)");
    let gone = page.t() - before - jumped;
    assert!((gone / US_PER_S - 1.0).abs() < 0.05, "{gone} us in the second after that");
    assert!(page.eval::<bool>("replicascope.playing()"));
    let readout = page.text("[data-testid=readout]");
    assert!(!readout.contains("of asked"), "it is not called slow: {readout}");
    page.finish();
}

#[test]
fn a_huge_file_and_a_damaged_one_are_refused_with_a_reason_and_what_was_there_stays() {
    let page = open(DESKTOP);
    choose(&page, "3", "ring");
    page.seek(400_000.0);
    let before = page.hash();
    for (name, text) in [
        ("huge.toml", "'x'.repeat(9e6)"),
        ("picture.toml", "String.fromCharCode(0x89, 0x50, 0x4e, 0x47, 0, 1, 2).repeat(999)"),
    ] {
        page.run(&format!(
            "const dropped = new DataTransfer();
             dropped.items.add(new File([{text}], '{name}'));
             document.querySelector('.app').dispatchEvent(
                 new DragEvent('drop', {{ bubbles: true, dataTransfer: dropped }}));"
        ));
        page.wait(&format!("probe.text('[data-testid=not-opened]').includes('{name}')"));
        let said = page.text("[data-testid=not-opened]");
        assert!(said.len() > name.len() + 20, "{said}");
        page.press("Escape");
        page.wait("!document.querySelector('[data-testid=gallery]')");
        assert_eq!(page.hash(), before, "the run before is still there");
    }
    page.finish();
}
