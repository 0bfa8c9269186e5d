//! What teachers and hands without a keyboard need: the chapter's tables, the wall, the frame, the
//! tasks by touch, and words that are found.

use crate::open;
use e2e::{App, DESKTOP, PHONE, Viewport};

const WALL: Viewport = Viewport { width: 1920, height: 1080, touch: false };
const WIDE_FRAME: Viewport = Viewport { width: 800, height: 528, touch: false };
const NARROW_FRAME: Viewport = Viewport { width: 360, height: 680, touch: true };

fn beat(page: &App, name: &str) {
    page.wait(&format!("document.querySelector('[data-testid=lesson][data-beat={name}]')"));
}

/// Waits until every cell of the chapter's tables has its number.
fn measured(page: &App) {
    page.wait(
        "document.querySelector('[data-cell]') && !document.querySelector('[data-cell][disabled]')",
    );
}

#[test]
fn the_chapters_tables_are_measured_and_each_number_opens_its_run() {
    let page = open(DESKTOP);
    page.press("v");
    measured(&page);
    let count = "document.querySelectorAll('.sheet table [data-cell]').length";
    let cells: u32 = page.eval(count);
    assert!(cells > 35, "{cells}");
    page.click(".sheet table [data-cell='3-1']");
    page.wait("!document.querySelector('[data-testid=sheet]')");
    let told = page.text("[data-testid=caption]");
    assert!(told.contains("Data loss risk. Async: 3 of 99"), "{told}");
    let lost: u32 = page.eval(
        "replicascope.events().filter((line) =>
            line.event === 'lost-write' && line.at_us <= replicascope.t()).length",
    );
    assert_eq!(lost, 3, "it shows what the cell says");
    page.click("[data-testid=back-to-sheet]");
    // What was measured is still there.
    page.wait("document.querySelector('[data-testid=answer] [data-cell]:not([disabled])')");
    assert_eq!(page.eval::<u32>(count), cells);
    let sentence: String =
        page.eval("document.querySelector('[data-testid=answer] li').textContent");
    assert!(sentence.contains("Sync, Write acknowledgment: 0.160 s"), "{sentence}");
    page.press("Escape");
    page.wait("!document.querySelector('[data-testid=sheet]')");
    page.load("?lesson=sync-or-async");
    measured(&page);
    page.finish();
}

#[test]
fn on_a_phone_the_tables_fit_and_their_cells_are_tapped() {
    let page = App::closed(PHONE);
    page.load("?lesson=sync-or-async");
    measured(&page);
    let wide: bool = page.eval(
        "(() => {
            const sheet = document.querySelector('[data-testid=sheet]');
            return sheet.scrollWidth > sheet.clientWidth + 1
                || document.documentElement.scrollWidth > innerWidth;
        })()",
    );
    assert!(!wide, "nothing sticks out to the side");
    page.run("document.querySelector('.sheet [data-cell=\"1-0\"]').scrollIntoView()");
    page.tap(".sheet table [data-cell='1-0']");
    page.wait("document.querySelector('[data-testid=back-to-sheet]')");
    page.finish();
}

#[test]
fn a_lesson_on_a_wall_is_led_through_by_the_two_keys_of_a_remote() {
    let page = App::closed(WALL);
    page.load("?projector=1&lesson=who-may-write");
    beat(&page, "predict");
    let size: f64 = page
        .eval("parseFloat(getComputedStyle(document.querySelector('.rail .question')).fontSize)");
    assert!(size >= 20.0, "{size}");
    page.press("PageDown");
    beat(&page, "watch");
    // On at every surprise, and at the end to the reasons.
    for _ in 0..60 {
        page.wait("document.querySelector('.rail[data-beat=why]') || !replicascope.playing()");
        if page.eval::<bool>("!!document.querySelector('.rail[data-beat=why]')") {
            break;
        }
        page.press("ArrowRight");
        page.wait("document.querySelector('.rail[data-beat=why]') || replicascope.playing()");
    }
    beat(&page, "why");
    let reasons: usize = page.eval("document.querySelectorAll('.reasons li').length");
    for nth in 1..=reasons {
        page.press("PageDown");
        page.wait(&format!("document.querySelector('.reasons li:nth-child({nth})[aria-current]')"));
    }
    page.press("b");
    page.wait("getComputedStyle(document.querySelector('.app')).visibility === 'hidden'");
    page.press("PageDown");
    page.wait("getComputedStyle(document.querySelector('.app')).visibility === 'visible'");
    beat(&page, "why");
    page.press("PageDown");
    beat(&page, "try");
    page.press("PageUp");
    beat(&page, "why");
    page.press("ArrowLeft");
    beat(&page, "watch");
    page.wait("replicascope.playing()");
    page.press("F5");
    page.wait("!replicascope.playing()");
    beat(&page, "watch");
    page.finish();
}

#[test]
fn a_lesson_in_a_frame_has_its_words_and_its_stage() {
    for viewport in [WIDE_FRAME, NARROW_FRAME] {
        let page = App::closed(viewport);
        page.load("?embed=1&lesson=replication-lag");
        beat(&page, "predict");
        let fits: bool = page.eval(
            "(() => {
                const box = (selector) => document.querySelector(selector).getBoundingClientRect();
                const [rail, stage, bar] = [box('.rail'), box('#stage'), box('.transport')];
                const apart = (a, b) => a.right <= b.left + 1 || b.right <= a.left + 1
                    || a.bottom <= b.top + 1 || b.bottom <= a.top + 1;
                return apart(rail, stage) && apart(rail, bar) && apart(stage, bar)
                    && rail.width >= 240 && stage.width >= 240 && stage.height >= 200
                    && document.documentElement.scrollWidth <= innerWidth;
            })()",
        );
        assert!(
            fits,
            "{}",
            page.eval::<String>(
                "['.rail', '#stage', '.transport'].map((at) =>
                at + JSON.stringify(document.querySelector(at).getBoundingClientRect())).join()",
            )
        );
        page.click("[data-testid=choice-1]");
        page.wait("document.querySelector('[data-testid=choice-1][aria-checked=true]')");
        page.press("PageDown");
        beat(&page, "watch");
        assert_eq!(page.eval::<u32>("localStorage.length"), 0, "a frame keeps nothing");
        page.finish();
    }
}

#[test]
fn a_task_with_a_command_is_done_by_touch_alone() {
    let page = App::closed(PHONE);
    page.load("?lesson=returning-primary&beat=try");
    beat(&page, "try");
    page.tap("[data-testid=lesson] .command-text");
    page.wait("document.getElementById('command-line')?.value === 'reseed = \"n1\"'");
    page.tap("[data-testid=run]");
    page.wait("document.getElementById('command-line')?.value === ''");
    page.tap("[data-testid=play]");
    page.wait("document.querySelector('[data-testid=goal][data-met=yes]')");
    page.finish();
}

#[test]
fn words_older_words_and_events_are_found_and_run() {
    let page = open(DESKTOP);
    page.press("n");
    page.wait("document.querySelectorAll('[data-testid=lessons-panel] li').length > 0");
    for (typed, found) in [
        ("stale", "stale read"),
        ("fencing", "fencing"),
        ("master/slave", "replica"),
        ("stepped-down", "fencing"),
        ("split", "split brain"),
    ] {
        page.run("document.querySelector('[data-testid=search-lessons]').select()");
        page.click("[data-testid=search-lessons]");
        page.press("Control+a");
        page.type_text(typed);
        page.wait(&format!(
            "[...document.querySelectorAll('[data-testid=words] b')]
                .some((word) => word.textContent === '{found}')"
        ));
    }
    page.click("[data-testid=words] button");
    beat(&page, "watch");
    page.wait("replicascope.t() > 0");
    page.finish();
}

#[test]
fn the_first_visit_leads_into_the_first_lesson_and_out_of_it() {
    let page = open(DESKTOP);
    page.wait("document.querySelector('.caption.ended [data-testid=first-lesson]')");
    page.click("[data-testid=first-lesson]");
    beat(&page, "predict");
    assert_eq!(page.text("[data-testid=lesson] h2"), "One copy against three");
    page.click("[data-testid=leave-lesson]");
    page.wait("!document.querySelector('[data-testid=lesson]')");
    page.click("[data-testid=play]");
    page.wait("replicascope.t() > 0");
    page.finish();
}
