//! Lessons: by keyboard alone, on a phone, without a network, and every one of them to its end.

use crate::open;
use e2e::{App, DESKTOP, Fault, PHONE};
use serde_json::json;

/// Goes on with Tab, or back with Shift+Tab, until what a selector finds has the focus.
fn go_to(page: &App, key: &str, selector: &str) {
    for _ in 0..40 {
        if page.eval(&format!("document.activeElement.matches('{selector}')")) {
            return;
        }
        page.press(key);
    }
    let at: String = page.eval("document.activeElement.outerHTML.slice(0, 120)");
    panic!("{key} does not lead to {selector} but to {at}");
}

fn press_on(page: &App, selector: &str) {
    go_to(page, "Tab", selector);
    page.press("Enter");
}

fn beat(page: &App, name: &str) {
    page.wait(&format!("document.querySelector('[data-testid=lesson][data-beat={name}]')"));
}

/// Presses Space at every surprise, until the run has come to its end and leads on.
fn watch_to_the_end(page: &App) {
    let ended = "!!document.querySelector('[data-beat=watch] [data-testid=onward]')";
    for _ in 0..60 {
        page.wait(&format!("{ended} || !replicascope.playing()"));
        if page.eval::<bool>(ended) {
            return;
        }
        page.press("Space");
    }
    panic!("the run does not come to its end");
}

/// Types a command.
fn send(page: &App, command: &str) {
    page.press(":");
    page.wait("document.activeElement.id === 'command-line'");
    page.type_text(command);
    page.press("Enter");
    page.wait("document.activeElement.value === ''");
    page.press("Escape");
    page.wait("!document.getElementById('command-line')");
}

/// Plays by Space until an event has happened, and stops.
fn play_until(page: &App, event: &str) {
    let happened = format!("replicascope.events().some((event) => {event})");
    for _ in 0..20 {
        if page.eval::<bool>(&happened) {
            break;
        }
        if !page.eval::<bool>("replicascope.playing()") {
            page.press("Space");
        }
        page.wait(&format!("{happened} || !replicascope.playing()"));
    }
    if page.eval::<bool>("replicascope.playing()") {
        page.press("Space");
    }
    page.wait("!replicascope.playing()");
}

#[test]
fn a_lesson_is_walked_by_keyboard_alone_and_left_at_that_very_state() {
    let page = open(DESKTOP);
    page.press("n");
    page.wait("document.querySelector('[data-testid=lesson-who-may-write]')");
    press_on(&page, "[data-testid=lesson-who-may-write]");
    beat(&page, "predict");
    assert!(!page.eval::<bool>("replicascope.playing()"), "a question comes before the run");
    press_on(&page, "[data-testid=choice-1]");
    page.wait("document.querySelector('[data-testid=choice-1][aria-checked=true]')");
    press_on(&page, "[data-testid=onward]");
    beat(&page, "watch");
    watch_to_the_end(&page);
    let answer = page.text("[data-testid=answer]");
    assert!(answer.contains("You were right"), "{answer}");
    assert!(page.text("[data-testid=caption]").contains("Then they change places"));
    press_on(&page, "[data-testid=onward]");
    beat(&page, "why");
    press_on(&page, "[data-testid=show-0]");
    page.wait("replicascope.t() > 2500000 && replicascope.t() < 4000000");
    page.press("PageDown");
    beat(&page, "try");
    send(&page, "write = { client = \"bob\", key = \"email\", value = \"mine\", to = \"n3\" }");
    play_until(&page, "event.event === 'refused' && event.place === 'n3'");
    send(&page, "write = { client = \"bob\", key = \"email\", value = \"mine\", to = \"n1\" }");
    play_until(&page, "event.event === 'applied' && event.place === 'n3' && event.at_us > 2e6");
    send(&page, "read = { client = \"bob\", key = \"email\", to = \"n3\" }");
    play_until(&page, "event.event === 'served' && event.place === 'n3'");
    page.wait("document.querySelector('[data-testid=goal][data-met=yes]')");
    let before = page.hash();
    go_to(&page, "Shift+Tab", "[data-testid=leave-lesson]");
    page.press("Enter");
    page.wait("!document.querySelector('[data-testid=lesson]')");
    assert_eq!(page.hash(), before, "whoever leaves stays at that very state");
    page.press("n");
    page.wait("document.querySelector('[data-testid=lessons-panel]')");
    let done = page.text("[data-testid=lesson-who-may-write]");
    assert!(done.contains("done"), "{done}");
    page.press("Escape");
    page.wait("!document.querySelector('[data-testid=lessons-panel]')");
    page.finish();
}

#[test]
fn every_lesson_and_question_can_be_walked_with_a_few_keys() {
    let page = open(DESKTOP);
    page.press("n");
    page.wait("document.querySelectorAll('[data-testid=lessons-panel] li').length > 0");
    let names: Vec<String> = page.eval(
        "[...document.querySelectorAll('[data-testid=lessons-panel] li button')]
            .map((button) => button.dataset.testid.slice('lesson-'.length))",
    );
    for name in names {
        page.load(&format!("?lesson={name}"));
        beat(&page, "predict");
        page.press("PageDown");
        beat(&page, "watch");
        for _ in 0..6 {
            page.press("]");
        }
        watch_to_the_end(&page);
        let later: u32 = page.eval("document.querySelectorAll('.lines .later').length");
        assert_eq!(later, 0, "{name}: every caption has come");
        if !page.eval::<bool>("!!document.querySelector('[data-testid=beat-try]')") {
            // A question: its run, and a reason at most, are all there is.
            continue;
        }
        page.press("PageDown");
        beat(&page, "why");
        press_on(&page, "[data-testid=show-0]");
        page.press("PageDown");
        beat(&page, "try");
        let question = page.text("[data-testid=lesson] .question");
        assert!(!question.is_empty(), "{name}");
    }
    page.finish();
}

#[test]
fn a_link_opens_a_lesson_at_its_beat_and_a_wrong_one_says_so() {
    let page = App::closed(DESKTOP);
    page.load("?lesson=split-brain&beat=why");
    beat(&page, "why");
    assert!(page.text("[data-testid=chapter]").contains("N/2"));
    page.load("?lesson=split-brain&beat=watch&t=1500ms");
    beat(&page, "watch");
    page.wait("replicascope.t() >= 1.5e6");
    page.load("?lesson=there-is-no-such");
    page.wait("document.querySelector('[data-testid=lessons-trouble]')");
    assert!(page.text("[data-testid=lessons-trouble]").contains("404"));
    page.finish_despite(&["404"]);
}

#[test]
fn a_lesson_that_was_opened_once_opens_without_a_network() {
    let page = App::open(DESKTOP);
    page.wait("navigator.serviceWorker.controller");
    page.run(
        "const kept = async () => {
             const files = await (await caches.open('replicascope')).keys();
             return files.some((file) => file.url.endsWith('.wasm'));
         };
         while (!(await kept())) await new Promise(requestAnimationFrame);",
    );
    page.load("?lesson=ring-and-loops");
    beat(&page, "predict");
    page.site().inject("", Fault::Silent);
    page.load("?lesson=ring-and-loops&beat=why");
    beat(&page, "why");
    page.finish();
}

#[test]
fn on_a_phone_the_lesson_is_the_sheet_and_the_stage_stays() {
    let page = App::closed(PHONE);
    page.load("?lesson=replication-lag");
    beat(&page, "predict");
    let fits: bool = page.eval(
        "(() => {
            const box = (selector) => document.querySelector(selector).getBoundingClientRect();
            const [rail, stage] = [box('[data-testid=lesson]'), box('#stage')];
            return rail.top >= stage.bottom - 1 && stage.height > 200 && rail.height > 200
                && document.documentElement.scrollWidth <= innerWidth;
        })()",
    );
    assert!(fits, "the sheet lies below the stage and both are there");
    page.tap("[data-testid=choice-1]");
    page.wait("document.querySelector('[data-testid=choice-1][aria-checked=true]')");
    page.tap("[data-testid=leave-lesson]");
    page.wait("!document.querySelector('[data-testid=lesson]')");
    page.finish();
}

/// Drops a file on the page.
fn drop(page: &App, name: &str, text: &str) {
    page.run(&format!(
        "const dropped = new DataTransfer();
         dropped.items.add(new File([{}], '{name}'));
         document.querySelector('.app').dispatchEvent(
             new DragEvent('drop', {{ bubbles: true, dataTransfer: dropped }}));",
        json!(text)
    ));
}

/// A lesson whose every sentence is wrong in another way.
const LYING: &str = include_str!("../../../lying-lesson.toml");

#[test]
fn an_own_lesson_is_dropped_on_the_page_and_checked_there() {
    let page = open(DESKTOP);
    drop(&page, "mine.toml", &LYING.replacen("event = \"promoted\"", "event = \"promotd\"", 1));
    page.wait("document.querySelector('[data-testid=lessons-trouble]')");
    let trouble = page.text("[data-testid=lessons-trouble]");
    for part in ["mine.toml", "line 43, column", "there is no event `promotd`"] {
        assert!(trouble.contains(part), "{trouble}");
    }
    drop(&page, "mine.toml", LYING);
    beat(&page, "predict");
    page.click("[data-testid=lesson-check]");
    page.wait("document.querySelector('[data-testid=checked] li')");
    let lies = page.text("[data-testid=checked]");
    for part in ["Wrong statements: 9", "line 37,", "it takes, in microseconds, 3900200"] {
        assert!(lies.contains(part), "{lies}");
    }
    page.finish();
}

/// Opens the next question and answers it, rightly or wrongly; gives its name.
fn answer_the_next(page: &App, right: bool) -> String {
    page.press("n");
    page.wait("document.querySelectorAll('[data-testid=lessons-panel] li').length > 0");
    page.click("[data-testid=next-question]");
    page.wait("!document.querySelector('[data-testid=lessons-panel]')");
    beat(page, "predict");
    let name: String = page.eval(
        "new URL(document.querySelector('[data-testid=lesson-link]').href)
            .searchParams.get('lesson')",
    );
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../static/lessons/");
    let file = std::fs::read_to_string(format!("{path}{name}.toml")).expect("the question's file");
    let choices = file.split("[[predict.choice]]").skip(1);
    let fits = choices.map(|choice| choice.contains("right = true") == right);
    let at = fits.into_iter().position(|fits| fits).expect("there is such a choice");
    page.click(&format!("[data-testid=choice-{at}]"));
    page.wait(&format!("document.querySelector('[data-testid=choice-{at}][aria-checked=true]')"));
    name
}

#[test]
fn a_missed_question_comes_again_and_progress_is_saved_and_forgotten() {
    let page = open(DESKTOP);
    let missed = answer_the_next(&page, false);
    let others = [answer_the_next(&page, true), answer_the_next(&page, true)];
    assert!(!others.contains(&missed), "{missed}, {others:?}");
    page.load("");
    assert_eq!(answer_the_next(&page, true), missed, "after two answers it comes again");
    page.press("n");
    page.wait("document.querySelector('[data-testid=save-progress]')");
    let kept: String = page.eval(
        "decodeURIComponent(document.querySelector('[data-testid=save-progress]').href
            .split(/,(.*)/s)[1])",
    );
    assert!(kept.contains(&format!("{missed}:done:1:9")), "{kept}");
    page.click("[data-testid=reset-progress]");
    page.wait("probe.text('[data-testid=lessons-panel]').includes('0 of ')");
    drop(&page, "progress.txt", &kept);
    page.wait("probe.text('[data-testid=lessons-panel]').includes('comes again')");
    page.finish();
}

#[test]
fn a_lesson_prints_as_a_handout_with_the_stage_as_a_figure() {
    let page = App::closed(DESKTOP);
    page.load("?lesson=who-may-write&beat=why");
    beat(&page, "why");
    page.run("window.print = () => { window.printed = true; };");
    page.click("[data-testid=lesson-print]");
    page.wait("window.printed");
    let text: String = page.eval("document.querySelector('body > .handout').textContent");
    for part in ["Who may write", "What is he told?", "It says no", "Take home", "Make two servers"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(page.eval::<u32>("document.querySelector('.handout img').naturalWidth") > 300);
    page.run("window.dispatchEvent(new Event('afterprint'))");
    page.wait("!document.querySelector('.handout')");
    page.finish();
}
