//! The harness itself, on a page of its own: a test that cannot fail shows nothing about the app.

use e2e::{App, DESKTOP, Fault, PHONE, Point, Site, Viewport};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    time::Duration,
};

fn fixture(viewport: Viewport) -> App {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixture");
    let page = App::on(Site::start(&directory, 0).expect("a free port"), viewport);
    page.goto(&page.site().url());
    page.wait("window.ready");
    page
}

fn events(page: &App) -> Vec<String> {
    page.eval("window.events.splice(0)")
}

#[test]
fn keys_and_clicks_arrive_as_a_person_would_make_them() {
    let page = fixture(DESKTOP);
    page.press("Space");
    page.press("Shift+ArrowLeft");
    page.press(".");
    let keys = events(&page);
    assert_eq!(keys, ["   true", "Shift  true", "ArrowLeft  true", ".  true"].map(keydown));
    page.click("#field");
    page.type_text("x+y = 2");
    assert_eq!(page.eval::<String>("document.getElementById('field').value"), "x+y = 2");
    page.press("Tab");
    assert_eq!(page.eval::<String>("document.activeElement.id"), "button");
    events(&page);
    page.click("#button");
    let clicked = ["pointerdown mouse", "pointerup mouse", "click mouse"];
    assert_eq!(events(&page), clicked.map(|event| format!("{event} button true")));
    page.right_click("#button");
    assert!(events(&page).contains(&"contextmenu mouse button true".to_string()));
    page.finish();
}

fn keydown(rest: &str) -> String {
    format!("keydown {rest}")
}

#[test]
fn a_drag_moves_and_a_finger_taps() {
    let page = fixture(DESKTOP);
    let pad = page.middle_of("#pad");
    page.drag(pad, Point { x: pad.x + 100.0, ..pad });
    assert!(page.eval::<u32>("window.moves") >= 5, "a drag is made of several moves");
    page.finish();
    let phone = fixture(PHONE);
    assert!(phone.eval::<bool>("matchMedia('(pointer: coarse)').matches"));
    phone.tap("#button");
    phone.wait("window.events.some(event => event.startsWith('click'))");
    assert!(events(&phone).contains(&"pointerdown touch button true".to_string()));
    phone.finish();
}

#[test]
fn an_element_is_scrolled_to_and_a_covered_or_absent_one_is_refused() {
    let page = fixture(DESKTOP);
    page.click("#far");
    assert!(events(&page).iter().any(|event| event.contains("far")));
    page.run("document.getElementById('cover').style.cssText = 'width: 100%; height: 100%'");
    assert!(panics(|| page.click("#button")), "something covers the button");
    assert!(panics(|| page.click("#absent")), "no such element");
    page.finish();
}

#[test]
fn two_pictures_differ_exactly_where_something_changed() {
    let page = fixture(Viewport { width: 400, height: 300, touch: false });
    let before = page.screenshot();
    assert_eq!((before.width, before.height), (400, 300));
    assert_eq!(before.difference(&page.screenshot(), 0).changed, 0, "nothing moves by itself");
    page.run("document.getElementById('pad').classList.add('hot')");
    page.wait_for_drawing();
    assert_eq!(before.difference(&page.screenshot(), 0).changed, 300 * 200, "the pad's area");
    assert_eq!(page.screenshot_of("#pad").colours(), 1);
    page.media(&[("prefers-color-scheme", "light")]);
    page.wait_for_drawing();
    assert_eq!(page.screenshot().pixel(350, 200), [250; 3]);
    page.finish();
}

#[test]
fn what_goes_wrong_in_the_page_fails_the_test() {
    let page = fixture(DESKTOP);
    page.run("setTimeout(() => { throw new Error('boom') })");
    page.let_pass(50);
    assert!(panics(|| page.finish()), "an uncaught error");
    let page = fixture(DESKTOP);
    page.addresses();
    page.run("await fetch('http://example.invalid/x').catch(() => {})");
    assert_eq!(page.addresses(), ["http://example.invalid/x"], "another host was asked");
    assert!(panics(|| page.eval::<u32>("'text'")), "a value of another type");
    assert!(panics(|| page.eval::<u32>("absent()")), "a script that throws");
    assert!(panics(|| page.wait_at_most(Duration::from_millis(50), "false")), "time is up");
}

#[test]
fn a_slow_file_is_slow_and_a_script_can_watch_from_the_start() {
    let page = fixture(DESKTOP);
    page.site().inject(".js", Fault::Delay(Duration::from_millis(800)));
    page.before_load("window.watchedFrom = document.readyState");
    page.start_loading(&page.site().url());
    assert!(page.eval::<bool>("window.ready === undefined"), "the script has not arrived");
    page.wait("window.ready");
    assert!(page.eval::<f64>("window.startedAt") >= 800.0);
    assert_eq!(page.eval::<String>("window.watchedFrom"), "loading");
    page.finish();
}

/// Whether it panics; the message of an expected panic is noise, but harmless.
fn panics<T>(act: impl FnOnce() -> T) -> bool {
    catch_unwind(AssertUnwindSafe(act)).is_err()
}
