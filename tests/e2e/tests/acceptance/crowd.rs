//! Large clusters: two hundred servers under two thousand writes a second leave the main thread
//! time, and a thousand open, move, and can be gone through.

use crate::speed::{at_rest, measure};
use crate::{busy, machine, open, settle};
use e2e::{App, DESKTOP};

fn open_crowd(topology: &str, nodes: u32, writes_per_s: u32) -> App {
    let page = open(DESKTOP);
    page.run(&format!("replicascope.load({})", busy(topology, nodes, writes_per_s)));
    page.wait(&format!(
        "document.querySelectorAll('[data-testid=scene] [data-node]').length
        === {nodes} + 2"
    ));
    page
}

#[test]
fn two_hundred_servers_under_two_thousand_writes_a_second_leave_the_main_thread_time() {
    const BUDGET_MS: f64 = 16.0;
    let page = open_crowd("star", 200, 2_000);
    // Once as much is under way as ever will be.
    page.seek(400_000.0);
    let rest = at_rest(&page);
    page.run("replicascope.play()");
    page.wait("replicascope.t() > 420000");
    let (measured, own_ms) = measure(&page, "a crowd", 6_000);
    // Others on the machine make frames fewer: then more happens in each of them.
    let fewer = (rest.0.frames / 3_000.0) / (measured.frames / 6_000.0);
    assert!(own_ms <= 2.0 * BUDGET_MS * fewer.max(1.0), "{measured:?}, {own_ms} ms");
    assert!(page.eval::<bool>("replicascope.playing()"));
    // What cannot be seen singly is seen as streams.
    let drawn: String = page.eval("replicascope.drawing()");
    assert!(drawn.matches('M').count() > 500, "streams are drawn: {}", drawn.len());
    page.finish();
}

#[test]
fn a_thousand_servers_open_move_and_can_be_gone_through() {
    let page = open_crowd("tree", 1_024, 60);
    page.run("replicascope.pause()");
    page.seek(200_000.0);
    let (t, before) = (page.t(), page.eval::<f64>("probe.moving()"));
    page.run("replicascope.play()");
    page.wait(&format!("replicascope.t() > {t} + 2000 && probe.moving() !== {before}"));
    page.run("replicascope.pause()");
    settle(&page);
    let hash = page.hash();
    let there = page.t();
    // Back along the tape, by the slider as a hand would, and to the same instant again.
    page.run("document.querySelector('[data-testid=tape]').focus()");
    for key in ["PageDown", "PageDown", "ArrowLeft", "ArrowLeft"] {
        let before = page.t();
        page.press(key);
        page.wait(&format!("replicascope.t() < {before}"));
    }
    let took_ms: f64 = page.eval(&format!(
        "(async () => {{
            const begun = performance.now();
            replicascope.seek({there});
            await probe.drawn();
            return performance.now() - begun;
        }})()"
    ));
    println!("a seek among 1,024 servers, drawn, takes {took_ms:.0} ms, {}", machine());
    assert_eq!(page.hash(), hash);
    page.finish();
}
