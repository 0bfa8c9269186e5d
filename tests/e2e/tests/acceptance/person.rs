//! Checks 10 and 12: the keyboard is enough, and who wants less motion gets less.

use crate::{machine, open, settle};
use e2e::{App, DESKTOP};
use serde_json::json;

/// Presses keys, and counts them.
struct Hands<'a> {
    page: &'a App,
    pressed: usize,
}

impl Hands<'_> {
    fn press(&mut self, keys: &str) {
        for key in keys.split_whitespace() {
            self.page.press(key);
            self.pressed += 1;
            // Wherever a key leads, the focus can be seen.
            let ring: bool = self.page.eval(
                "(() => {
                    const at = document.activeElement;
                    if (!at || at === document.body || !at.matches(':focus-visible')) return true;
                    const outline = getComputedStyle(at);
                    const drawn = at.querySelector(':scope > .ring');
                    const width =
                        drawn ? getComputedStyle(drawn).strokeWidth : outline.outlineWidth;
                    return parseFloat(width) >= 2
                        || at.id === 'stage' || at.matches('.inspector, .help, .menu');
                })()",
            );
            let at: String = self.page.eval("document.activeElement.outerHTML.slice(0, 200)");
            assert!(ring, "no ring around what has the focus after {key}: {at}");
        }
    }

    /// Presses the key that opens the menu of what has the focus.
    fn ask_for_menu(&mut self) {
        for kind in ["rawKeyDown", "keyUp"] {
            let key = json!({
                "type": kind, "key": "ContextMenu", "code": "ContextMenu",
                "windowsVirtualKeyCode": 93,
            });
            self.page.cdp("Input.dispatchKeyEvent", &key);
        }
        self.pressed += 1;
        self.sees("document.activeElement.closest('[role=menu]')");
    }

    /// Goes on with Tab until the element that a selector finds has the focus.
    fn tab_to(&mut self, selector: &str) {
        for _ in 0..12 {
            if self.page.eval(&format!("document.activeElement.matches('{selector}')")) {
                return;
            }
            self.press("Tab");
        }
        let at: String = self.page.eval("document.activeElement.outerHTML.slice(0, 120)");
        panic!("Tab does not lead to {selector} but to {at}");
    }

    fn sees(&self, condition: &str) {
        self.page.wait(condition);
    }
}

#[test]
fn the_keyboard_alone_breaks_mends_writes_reads_and_follows() {
    let page = open(DESKTOP);
    let mut hands = Hands { page: &page, pressed: 0 };
    hands.press("1");
    hands.sees("document.querySelector('.app:not(.in-story)')");
    hands.sees("replicascope.packets().length > 0");
    hands.press("Space");
    hands.sees("!replicascope.playing()");
    // The stage is one tab stop; its first figure is n1, the primary.
    hands.tab_to("[data-node=n1]");
    hands.press("Enter K");
    hands.sees("document.querySelector('[data-node=n1][data-state=down]')");
    hands.press("ArrowRight Enter");
    let node: String = page.eval("document.activeElement.dataset.node");
    assert_ne!(node, "n1", "an arrow leads to another node");
    page.wait(&format!("document.querySelector('[data-node={node}][aria-pressed=true]')"));
    // Promote is in the menu of the node.
    hands.ask_for_menu();
    for _ in 0..6 {
        if page.eval("document.activeElement.matches('[data-testid=menu-promote]')") {
            break;
        }
        hands.press("ArrowDown");
    }
    hands.press("Enter");
    page.wait(&format!("document.querySelector('[data-node={node}][data-kind=primary]')"));
    // The focus is back where it was; from there the arrows lead to the one that is down.
    assert_eq!(page.eval::<String>("document.activeElement.dataset.node"), node);
    settle(&page);
    for arrow in ["ArrowRight", "ArrowUp", "ArrowDown", "ArrowDown", "ArrowDown"] {
        if page.eval("document.activeElement.dataset.node === 'n1'") {
            break;
        }
        hands.press(arrow);
    }
    assert_eq!(page.eval::<String>("document.activeElement.dataset.node"), "n1");
    hands.press("Enter K");
    // It comes back as the primary of an epoch that is over.
    hands.sees("document.querySelector('[data-node=n1]:not([data-state=down])')");
    // A write by the form, which comes with everything filled in; and a read of a replica.
    let issued = "replicascope.events().filter(line => line.event === 'command').length";
    let before: u32 = page.eval(issued);
    hands.press("W");
    hands.sees("document.activeElement.closest('[data-testid=form]')");
    hands.press("Enter");
    page.wait(&format!("{issued} === {}", before + 1));
    hands.press("R");
    hands.sees("document.activeElement.closest('[data-testid=form]')");
    hands.press("Enter");
    page.wait(&format!("{issued} === {}", before + 2));
    hands.press("I");
    page.wait(&format!("{issued} === {}", before + 3));
    hands.press("H");
    page.wait(&format!("{issued} === {}", before + 4));
    hands.press("F");
    hands.sees("document.querySelector('[data-testid=follow][aria-pressed=true]')");
    hands.press("L");
    hands.sees("document.querySelector('[data-testid=log]')");
    hands.press("Escape Escape");
    hands.sees("!document.querySelector('[data-testid=log]')");
    hands.sees("!document.querySelector('[data-testid=inspector]')");
    println!("{} key presses", hands.pressed);
    assert!(hands.pressed <= 45, "{} key presses", hands.pressed);
    page.finish();
}

#[test]
fn tab_goes_round_without_a_trap() {
    let page = open(DESKTOP);
    page.press("1");
    page.run("replicascope.pause()");
    settle(&page);
    let stops: Vec<String> = (0..60)
        .map(|_| {
            page.press("Tab");
            page.eval(
                "[document.activeElement.tagName, document.activeElement.id,
                  document.activeElement.dataset.testid, document.activeElement.dataset.node]
                 .join(' ')",
            )
        })
        .collect();
    let again = stops[1..].iter().position(|stop| *stop == stops[0]).map(|at| at + 1);
    let round = again.unwrap_or_else(|| panic!("the first stop does not come again: {stops:?}"));
    println!("{round} tab stops: {:?}", &stops[..round]);
    assert!(round >= 10, "few things can be reached: {stops:?}");
    page.finish();
}

#[test]
fn who_wants_less_motion_gets_a_still_page_that_goes_from_event_to_event() {
    let page = App::closed(DESKTOP);
    page.media(&[("prefers-reduced-motion", "reduce")]);
    page.before_load(include_str!("probe.js"));
    page.load("");
    settle(&page);
    let t = page.t();
    page.let_pass(3_000);
    assert_eq!(page.t(), t, "it plays by itself");
    let running: u32 = page.eval("document.getAnimations().length");
    assert_eq!(running, 0, "animations");
    // While it plays, the packets' canvas changes only when the playhead does.
    page.press("Space");
    let (frames, instants, moved): (u32, u32, u32) = page.eval(
        "(async () => {
            let frames = 0, instants = 0, moved = 0, last;
            while (instants < 6 && frames < 2000) {
                await probe.drawn();
                const now = { t: replicascope.t(), ink: probe.moving() };
                if (last && now.t !== last.t) instants += 1;
                else if (last && now.ink !== last.ink) moved += 1;
                last = now;
                frames += 1;
            }
            return [frames, instants, moved];
        })()",
    );
    println!("{frames} frames, {instants} events, {}", machine());
    assert_eq!(instants, 6, "play goes on from event to event");
    assert_eq!(moved, 0, "frames in which something moved between two events");
    page.finish();
}
