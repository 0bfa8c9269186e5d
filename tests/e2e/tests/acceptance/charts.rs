//! The charts of the metrics: on the timeline's axis, with values under the pointer and by keys, a
//! sentence, and a table of the same.

use crate::{choose, open};
use e2e::{App, DESKTOP, Point};

fn hint(page: &App) -> String {
    page.text("[data-testid=charts-hint]")
}

#[test]
fn charts_tell_the_value_at_the_instant_looked_at() {
    let page = open(DESKTOP);
    choose(&page, "1", "star");
    page.run("replicascope.issue('{\"crash\": \"n3\"}')");
    page.seek(2_000_000.0);
    page.press("G");
    page.wait("document.querySelector('[data-testid=charts] canvas')");
    page.wait("document.querySelector('[data-testid=charts-hint]').innerText.includes('2.000 s')");
    let told = hint(&page);
    for part in ["n2 lag", "n3 lag down", "newest ack after", "writes/s"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    // The axis is the tape's: half of its way is half of the time.
    let place = |selector: &str, share: f64| -> Point {
        let edge = |name: &str| -> f64 {
            page.eval(&format!(
                "document.querySelector('{selector}').getBoundingClientRect().{name}"
            ))
        };
        let tape = |name: &str| -> f64 {
            page.eval(&format!(
                "document.querySelector('[data-testid=tape] canvas').getBoundingClientRect().{name}"
            ))
        };
        let (left, width) = (tape("left") + 10.0, tape("width") - 20.0);
        Point { x: left + width * share, y: edge("top") + 40.0 }
    };
    let span: f64 = page.eval("+document.querySelector('[data-testid=tape]').ariaValueMax");
    let at = place("[data-testid=charts] canvas", 1_000.0 / span);
    page.click_at(at);
    let t = page.t();
    // To the pixel, of which the axis has some hundreds.
    assert!((t - 1_000_000.0).abs() < 1_000.0 * span / 200.0, "{t}");
    page.run("document.querySelector('[data-testid=charts] .graph').focus()");
    let before = hint(&page);
    page.press("ArrowLeft");
    page.wait(&format!(
        "document.querySelector('[data-testid=charts-hint]').innerText !== {}",
        serde_json::json!(before)
    ));
    let label: String = page.eval("document.activeElement.ariaLabel");
    assert!(label.contains("furthest behind"), "{label}");
    page.click("[data-testid=charts] summary");
    let table = page.text("[data-testid=charts-table]");
    assert!(table.contains("n2 lag") && table.contains("p99"), "{table}");
    page.finish();
}

#[test]
fn the_board_and_the_links_lead_to_what_they_tell_of() {
    let page = open(DESKTOP);
    choose(&page, "1", "star");
    page.seek(2_000_000.0);
    page.click("[data-testid=drawer-metrics]");
    page.run("document.querySelector('[data-row=n3] button').focus()");
    page.press("Enter");
    page.wait("probe.text('[data-testid=inspect-node] h3').startsWith('n3')");
    // Any cell will do, and nothing of it is a stop for the keyboard where it is not seen.
    page.click("[data-row=n2] td");
    page.wait("probe.text('[data-testid=inspect-node] h3').startsWith('n2')");
    page.click("[data-testid=links-table] tbody td");
    page.wait("probe.text('[data-testid=inspect-link] h3').startsWith('n1')");
    page.click("[data-testid=drawer-metrics]");
    page.wait("document.querySelector('[data-row=n2]:not(:has(button))')");
    page.finish();
}
