//! The time shown: timeline, space-time diagram and charts go closer together, by wheel, hand, keys
//! and buttons, and stay to scale and on one axis.

use crate::{busy, choose, open, settle};
use e2e::{App, DESKTOP, PHONE, Point};
use serde_json::json;

/// What of check 7 does not hold: the diagram is to scale, and its playhead stands where the
/// timeline's is painted, within one pixel.
const FAULTS: &str = "(() => {
    const drawn = replicascope.spaceTime();
    const faults = [];
    for (const it of drawn.messages) {
        const long = (it.at_us - it.sent_us) / 1e6 * drawn.px_per_s;
        if (it.at_us !== null && Math.abs(it.x1 - it.x0 - long) > 1)
            faults.push('not to scale: ' + JSON.stringify(it));
    }
    const canvas = document.querySelector('.tape canvas');
    const edge = canvas.getBoundingClientRect();
    const ratio = canvas.width / edge.width;
    const pixels = canvas.getContext('2d').getImageData(0, 2 * ratio, canvas.width, 1).data;
    const lit = [...Array(canvas.width).keys()].filter((x) => pixels[4 * x + 3] > 128);
    const t = replicascope.t();
    if (lit.length === 0) {
        if (drawn.from_us <= t && t <= drawn.until_us) faults.push('the timeline has no playhead');
        return faults;
    }
    const head = edge.left + ((lit[0] + lit.at(-1)) / 2 + 0.5) / ratio;
    const weave = document.querySelector('.weave canvas').getBoundingClientRect();
    if (Math.abs(weave.left + drawn.playhead_x - head) > 1)
        faults.push('playheads at ' + (weave.left + drawn.playhead_x) + ' and ' + head);
    return faults;
})()";

/// A busy run, looked at in the diagram, at an instant.
fn busy_run(page: &App, t: f64) {
    choose(page, "1", "star");
    page.run(&format!("replicascope.load({})", busy("star", 12, 60)));
    page.run("replicascope.pause()");
    page.seek(t);
    page.press("S");
    page.wait("replicascope.spaceTime()?.messages.length > 20");
    settle(page);
}

fn no_faults(page: &App, when: &str) {
    settle(page);
    assert_eq!(page.eval::<Vec<String>>(FAULTS), Vec::<String>::new(), "{when}");
}

/// From when to when the diagram shows, in microseconds.
fn shown(page: &App) -> (f64, f64) {
    settle(page);
    page.eval("(({ from_us, until_us }) => [from_us, until_us])(replicascope.spaceTime())")
}

fn length(page: &App) -> f64 {
    let (from, until) = shown(page);
    until - from
}

/// Where an instant lies on the timeline, so far above its foot.
fn on_tape(page: &App, t: f64, up: f64) -> Point {
    let (from, until) = shown(page);
    let [left, width, bottom]: [f64; 3] = page.eval(
        "(({ left, width, bottom }) => [left, width, bottom])(
            document.querySelector('.tape canvas').getBoundingClientRect())",
    );
    Point { x: left + 10.0 + (width - 20.0) * (t - from) / (until - from), y: bottom - up }
}

fn wheel(page: &App, at: Point, (dx, dy): (f64, f64), modifiers: u32) {
    page.cdp(
        "Input.dispatchMouseEvent",
        &json!({ "type": "mouseWheel", "x": at.x, "y": at.y, "deltaX": dx, "deltaY": dy,
                 "modifiers": modifiers }),
    );
}

const CTRL: u32 = 2;
const SHIFT: u32 = 8;
const WEAVE: &str = "[data-testid=space-time] canvas";

#[test]
fn the_wheel_leads_from_bundles_to_single_messages_and_back_on_one_axis() {
    let page = open(DESKTOP);
    busy_run(&page, 3_000_000.0);
    no_faults(&page, "all of the run");
    let (_, end) = shown(&page);
    let most = "Math.max(...replicascope.spaceTime().messages.map((it) => it.count))";
    assert!(page.eval::<u32>(most) > 1, "far away, messages lie on one another");
    // About the pointer.
    let at = page.middle_of(WEAVE);
    let under = |page: &App| -> f64 {
        let (from, until) = shown(page);
        let (a, b) = (on_tape(page, from, 0.0).x, on_tape(page, until, 0.0).x);
        from + (until - from) * (at.x.round() - a) / (b - a)
    };
    let held = under(&page);
    while length(&page) > 30_000.0 {
        let before = length(&page);
        wheel(&page, at, (0.0, -100.0), CTRL);
        assert!(length(&page) < before, "it goes closer");
        let px = length(&page) / 1_400.0;
        assert!((under(&page) - held).abs() <= 1.5 * px, "{held} has moved: {}", under(&page));
    }
    no_faults(&page, "close");
    assert_eq!(page.eval::<u32>(most), 1, "close by, each message is drawn for itself");
    let cut = "replicascope.spaceTime().messages.some((it) => it.sent_us !== null
        && it.sent_us < replicascope.spaceTime().from_us)";
    assert!(page.eval::<bool>(cut), "messages come in at the edge");
    // The slider is still the whole run's.
    let max = "+document.querySelector('[data-testid=tape]').ariaValueMax";
    assert_eq!(page.eval::<f64>(max), (end / 1_000.0).floor());
    // Sideways, with Shift and without.
    let (from, _) = shown(&page);
    wheel(&page, at, (0.0, 200.0), SHIFT);
    let (later, _) = shown(&page);
    assert!(later > from, "{from} {later}");
    wheel(&page, at, (-200.0, 0.0), 0);
    assert!((shown(&page).0 - from).abs() <= 2.0, "the same way back");
    no_faults(&page, "moved");
    // Without Ctrl the wheel does nothing here.
    wheel(&page, at, (0.0, -100.0), 0);
    assert!((shown(&page).0 - from).abs() <= 2.0);
    page.click("[data-testid=time-fit]");
    page.wait("document.querySelector('[data-testid=time-range]') === null");
    assert_eq!(shown(&page), (0.0, end));
    no_faults(&page, "all again");
    page.finish();
}

#[test]
fn keys_and_the_mouse_move_the_time_shown_and_it_goes_with_the_playhead() {
    let page = open(DESKTOP);
    busy_run(&page, 3_000_000.0);
    let (_, end) = shown(&page);
    (0..6).for_each(|_| page.press("+"));
    assert!(length(&page) < end / 10.0);
    no_faults(&page, "by keys");
    let (from, until) = shown(&page);
    page.press("(");
    page.press("(");
    assert!(shown(&page).0 < from, "earlier");
    page.press(")");
    page.press("-");
    assert!(length(&page) > until - from, "longer");
    // Taken by its ground it moves, and the playhead stays.
    let (t, before) = (page.t(), shown(&page));
    let at = page.middle_of(WEAVE);
    page.drag(at, Point { x: at.x + 150.0, y: at.y });
    let after = shown(&page);
    assert!(after.0 < before.0 && page.t() == t, "{before:?} {after:?}");
    assert!((after.1 - after.0 - (before.1 - before.0)).abs() <= 2.0);
    no_faults(&page, "dragged");
    // The timeline is pressed where it shows an instant.
    let wanted = (after.0 + after.1) / 2.0;
    page.click_at(on_tape(&page, wanted, 24.0));
    let px = (after.1 - after.0) / 1_300.0;
    assert!((page.t() - wanted).abs() <= 2.0 * px, "{} for {wanted}", page.t());
    assert_eq!(shown(&page), after, "what is in view stays where it is");
    no_faults(&page, "sought");
    // The frame in the overview is dragged to the beginning.
    let [left, width, y]: [f64; 3] = page.eval(
        "(({ left, width, bottom }) => [left + 10, width - 20, bottom - 5])(
            document.querySelector('.tape canvas').getBoundingClientRect())",
    );
    let x = left + width * wanted / end;
    page.drag(Point { x, y }, Point { x: left, y });
    let (from, _) = shown(&page);
    assert_eq!(from, 0.0);
    // An instant that is sought comes into view.
    page.seek(2_000_000.0);
    let (from, until) = shown(&page);
    assert!(from < 2_000_000.0 && 2_000_000.0 < until, "{from} {until}");
    no_faults(&page, "sought from outside");
    // So does the playhead that leaves it while time passes; unless it is not to be followed.
    page.seek(until - 1_000.0);
    page.run("replicascope.speed(1); replicascope.play()");
    page.wait(&format!("replicascope.spaceTime().from_us > {from}"));
    page.wait("document.querySelector('[data-testid=time-follow][aria-pressed=true]')");
    page.click("[data-testid=time-follow]");
    page.wait("document.querySelector('[data-testid=time-follow][aria-pressed=false]')");
    page.wait("replicascope.t() > replicascope.spaceTime().until_us");
    page.click("[data-testid=time-follow]");
    page.wait("replicascope.t() <= replicascope.spaceTime().until_us");
    page.run("replicascope.pause()");
    // The charts share it.
    let before = shown(&page);
    page.press("G");
    page.wait("document.querySelector('[data-testid=charts] [data-testid=time-range]')");
    page.press("+");
    page.press("S");
    page.wait("document.querySelector('[data-testid=space-time]')");
    let after = length(&page);
    assert!((after * 1.5 - (before.1 - before.0)).abs() < 10.0, "{before:?} {after}");
    // Another run is looked at as a whole.
    page.press("2");
    page.wait("document.querySelector('[data-testid=chain][aria-checked=true]')");
    page.wait("document.querySelector('[data-testid=time-range]') === null");
    assert_eq!(shown(&page).0, 0.0);
    page.finish();
}

#[test]
fn two_fingers_spread_and_move_time_and_buttons_do_the_same() {
    let page = open(PHONE);
    choose(&page, "1", "star");
    page.seek(2_000_000.0);
    page.press("S");
    page.wait("replicascope.spaceTime()?.messages.length > 5");
    settle(&page);
    let (whole, at) = (length(&page), page.middle_of(WEAVE));
    let fingers = |kind: &str, x: f64, apart: f64| {
        let points = [
            json!({ "x": x - apart, "y": at.y, "id": 1 }),
            json!({ "x": x + apart, "y": at.y, "id": 2 }),
        ];
        let points = if kind == "touchEnd" { Vec::new() } else { points.to_vec() };
        page.cdp("Input.dispatchTouchEvent", &json!({ "type": kind, "touchPoints": points }));
    };
    fingers("touchStart", at.x, 40.0);
    (1..=8).for_each(|nth| fingers("touchMove", at.x, 40.0 + 8.0 * f64::from(nth)));
    let near = length(&page);
    assert!(near < whole / 2.0, "{near} of {whole}");
    let (from, _) = shown(&page);
    (1..=8).for_each(|nth| fingers("touchMove", at.x - 6.0 * f64::from(nth), 104.0));
    fingers("touchEnd", 0.0, 0.0);
    assert!(shown(&page).0 > from, "what fingers draw to the left is later");
    assert!((length(&page) - near).abs() < near / 50.0);
    assert_eq!(page.eval::<f64>("visualViewport.scale"), 1.0, "the page itself did not grow");
    no_faults(&page, "by two fingers");
    // One finger moves it too.
    let (from, _) = shown(&page);
    page.swipe(at, Point { x: at.x + 100.0, y: at.y });
    assert!(shown(&page).0 < from, "earlier");
    let near = length(&page);
    page.tap("[data-testid=time-in]");
    let length_now = "replicascope.spaceTime().until_us - replicascope.spaceTime().from_us";
    page.wait(&format!("{length_now} < {near}"));
    page.tap("[data-testid=time-out]");
    page.wait(&format!("Math.abs({length_now} - {near}) <= 2"));
    no_faults(&page, "by buttons");
    page.tap("[data-testid=time-fit]");
    page.wait("document.querySelector('[data-testid=time-range]') === null");
    assert!((length(&page) - whole).abs() < 1.0);
    page.finish();
}
