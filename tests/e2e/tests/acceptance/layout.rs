//! Check 18: nothing is cut off, nothing lies over anything else, and everything can be read and
//! hit, in every view, from a laptop to a small telephone and a page that is four times as large.

use crate::views::{busy_moment, each_view};
use crate::{TOPOLOGIES, choose, open, settle};
use e2e::{App, DESKTOP, PHONE, Viewport};

/// What is wrong with the page as it stands.
const FAULTS: &str = "(() => {
    const faults = [];
    const all = (selector) => [...document.querySelectorAll(selector)];
    const box = (element) => element.getBoundingClientRect();
    const name = (element) => element.dataset.node ?? element.dataset.testid
        ?? element.getAttribute('aria-label') ?? element.className.baseVal ?? element.className;
    const seen = (element) => {
        const { width, height } = box(element);
        return width > 1 && height > 1 && getComputedStyle(element).visibility !== 'hidden'
            && !element.closest('.hidden');
    };
    const overlap = (a, b) => {
        const [one, two] = [box(a), box(b)];
        const across = Math.min(one.right, two.right) - Math.max(one.left, two.left);
        const down = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
        return across > 1 && down > 1 ? Math.round(across) + 'x' + Math.round(down) : '';
    };
    const apart = (ones, others) => {
        for (const a of ones) for (const b of others) {
            const by = a !== b && !a.contains(b) && !b.contains(a) && overlap(a, b);
            if (by) faults.push(name(a) + ' and ' + name(b) + ' overlap by ' + by);
        }
    };
    const root = document.documentElement;
    // A page at 400 % is read by scrolling down; every other one is as high as the window.
    const long = matchMedia('(max-width: 480px) and (max-height: 420px)').matches;
    const bottom = long ? document.body.scrollHeight : innerHeight;
    if (!long && document.body.scrollHeight > innerHeight) faults.push('scrolls down');
    document.body.scrollTop = root.scrollTop = 0;
    if (root.scrollWidth > innerWidth) faults.push('scrolls sideways: ' + root.scrollWidth);
    // The editor has a stage of its own, which lies over the other and its bars.
    const own = document.querySelector('[data-testid=script-stage]');
    const here = (element) => !own || own.contains(element);
    const bodies = all('[data-testid=scene] [data-node] .hit').filter(here).filter(seen);
    for (const body of bodies) body.dataset.node = body.parentNode.dataset.node;
    const bars = all('header.brand, .settings, .play, .transport').filter(seen);
    const panels = all('.inspector, .drawer').filter(seen);
    if (!own) apart(bodies, [...bars, ...panels]);
    apart(panels, bars);
    bodies.forEach((body, at) => apart([body], bodies.slice(at + 1)));
    panels.forEach((panel, at) => apart([panel], panels.slice(at + 1)));
    const figures = all('[data-testid=scene] [data-node]').filter(here);
    const texts = figures.flatMap((figure) => [...figure.querySelectorAll('text')]).filter(seen);
    for (const text of texts) text.dataset.testid = 'the text ' + text.textContent;
    texts.forEach((text, at) => apart([text], texts.slice(at + 1)));
    const stage = box(own ?? document.querySelector('.stage'));
    for (const body of bodies) {
        const at = box(body);
        if (at.left < stage.left - 1 || at.right > stage.right + 1
            || at.top < stage.top - 1 || at.bottom > stage.bottom + 1)
            faults.push(name(body) + ' leaves the stage');
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
        const parent = text.parentElement;
        if (!text.data.trim() || !seen(parent)) continue;
        const size = parseFloat(getComputedStyle(parent).fontSize);
        if (size < 12) faults.push('text of ' + size + ' px: ' + text.data.trim().slice(0, 20));
    }
    const least = matchMedia('(pointer: coarse)').matches ? 44 : 24;
    for (const target of all('button, select, input:not([type=checkbox]), [role=slider]')) {
        if (!seen(target)) continue;
        const { width, height } = box(target);
        if (Math.min(width, height) < least - 0.5)
            faults.push(name(target) + ' is a target of ' + Math.round(width) + 'x'
                + Math.round(height));
    }
    for (const panel of all('.help, .inspector, .drawer, .lesson, [role=dialog], dialog[open]')) {
        if (!seen(panel)) continue;
        const at = box(panel);
        if (at.left < -1 || at.right > innerWidth + 1 || at.top < -1 || at.bottom > bottom + 1)
            faults.push(name(panel) + ' is beyond the edge of the page');
        for (const inner of [panel, ...panel.querySelectorAll('*')]) {
            const sideways = inner.scrollWidth - inner.clientWidth;
            const rolls = inner.tabIndex === 0 || inner.matches('textarea, input, select');
            const cuts = getComputedStyle(inner).overflowX !== 'visible' && inner.clientWidth > 0;
            if (cuts && sideways > 1 && !rolls && seen(inner)
                && getComputedStyle(inner).textOverflow !== 'ellipsis')
                faults.push(name(inner) + ' is cut off sideways by ' + sideways);
        }
    }
    for (const control of all('.settings button, .transport button, .play button').filter(seen)) {
        const at = box(control);
        if (at.right > innerWidth + 1 || at.bottom > bottom + 1 || at.left < -1 || at.top < -1)
            faults.push(name(control) + ' is beyond the edge of the page');
    }
    return [...new Set(faults)];
})()";

fn faults(page: &App, what: &str, found: &mut Vec<String>) {
    settle(page);
    let here: Vec<String> = page.eval(FAULTS);
    found.extend(here.iter().map(|fault| format!("{what}: {fault}")));
}

fn every_view_of(viewport: Viewport) {
    let page = open(viewport);
    let size = format!("{}x{}", viewport.width, viewport.height);
    let mut found = Vec::new();
    faults(&page, &format!("{size}, story"), &mut found);
    for (key, name) in TOPOLOGIES {
        choose(&page, key, name);
        // A busy moment with labels of every sort: a node down, one cut off and behind.
        page.seek(900_000.0);
        page.run(
            "replicascope.issue({ crash: 'n3' });
             replicascope.issue({ partition: { groups: [['n2']] } })",
        );
        page.seek(1_700_000.0);
        faults(&page, &format!("{size}, {name}"), &mut found);
        page.press("T");
        faults(&page, &format!("{size}, {name}, table"), &mut found);
        page.press("T");
        page.run("document.getElementById('figure-n2').focus()");
        page.press("Enter");
        page.wait("document.querySelector('[data-testid=inspector]')");
        faults(&page, &format!("{size}, {name}, inspector"), &mut found);
        page.press("Escape");
        page.press("L");
        faults(&page, &format!("{size}, {name}, log"), &mut found);
        page.press("L");
        page.press("c");
        page.wait("document.querySelectorAll('.pane').length === 2");
        faults(&page, &format!("{size}, {name}, compared"), &mut found);
        page.press("c");
        page.press("b");
        page.wait("document.querySelector('[data-testid=branches]')");
        faults(&page, &format!("{size}, {name}, branches"), &mut found);
        page.press("Escape");
    }
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
    page.finish();
}

#[test]
fn nothing_overlaps_or_is_cut_off_on_a_laptop() {
    every_view_of(DESKTOP);
}

#[test]
fn nothing_overlaps_or_is_cut_off_on_a_telephone() {
    every_view_of(PHONE);
}

#[test]
fn nothing_overlaps_or_is_cut_off_in_between() {
    every_view_of(Viewport { width: 1000, height: 640, touch: false });
    every_view_of(Viewport { width: 768, height: 1024, touch: true });
}

/// The sizes that must do, the last of which is a small laptop's page at 400 %.
const SIZES: [Viewport; 7] = [
    DESKTOP,
    Viewport { width: 1000, height: 640, touch: false },
    Viewport { width: 768, height: 1024, touch: true },
    PHONE,
    Viewport { width: 844, height: 390, touch: true },
    Viewport { width: 320, height: 568, touch: true },
    Viewport { width: 320, height: 256, touch: false },
];

#[test]
fn no_view_is_cut_off_or_covered_at_any_size() {
    let mut found = Vec::new();
    for viewport in SIZES {
        let page = open(viewport);
        let size = format!("{}x{}", viewport.width, viewport.height);
        busy_moment(&page);
        each_view(&page, |page, name| faults(page, &format!("{size}, {name}"), &mut found));
        page.finish();
    }
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
}

#[test]
fn every_topology_fits_on_the_smallest_screens() {
    let mut found = Vec::new();
    for viewport in &SIZES[4..] {
        let page = open(*viewport);
        for (key, name) in TOPOLOGIES {
            choose(&page, key, name);
            page.seek(900_000.0);
            page.run("replicascope.issue({ crash: 'n3' })");
            let what = format!("{}x{}, {name}", viewport.width, viewport.height);
            faults(&page, &what, &mut found);
        }
        page.finish();
    }
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
}

#[test]
fn packets_are_drawn_over_all_of_the_stage_on_screens_with_finer_pixels() {
    let page = open(PHONE);
    page.run("Object.defineProperty(window, 'devicePixelRatio', { value: 2 });");
    // Another size, so that the canvas is fitted anew.
    page.press("S");
    let canvas = "document.querySelector('.stage-box > canvas')";
    page.wait(&format!("{canvas}.width === 2 * {canvas}.parentElement.clientWidth"));
    let size = |element: &str| -> (f64, f64) {
        page.eval(&format!(
            "(({{ width, height }}) => [width, height])({element}.getBoundingClientRect())"
        ))
    };
    assert_eq!(size(canvas), size(&format!("{canvas}.parentElement")));
    page.finish();
}
