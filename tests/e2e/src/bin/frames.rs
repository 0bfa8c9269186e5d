//! What a frame of the page costs the main thread, against a hand-written loop that draws the same
//! marks on a canvas of the same size in the same page. `cargo xtask bench` runs it.

use e2e::{App, DESKTOP};
use serde_json::{Value, json};

/// Frames that each is measured over.
const FRAMES: u32 = 150;
/// Rounds, of which the best counts: others on the machine only make frames slower.
const ROUNDS: usize = 3;

/// Takes the marks of a frame from their form as SVG, once; the loop draws them in each frame.
const BY_HAND: &str = "(() => {
    const board = document.createElement('div');
    // The page's policy allows no style within a mark.
    board.innerHTML =
        '<svg>' + replicascope.drawing().replaceAll(' style=', ' data-style=') + '</svg>';
    const style = getComputedStyle(document.documentElement);
    const tone = (said) => said && said !== 'none'
        ? style.getPropertyValue(said.slice('var('.length, -1)).trim() : null;
    const number = (mark, name, other) => Number(mark.getAttribute(name) ?? other);
    const marks = [...board.querySelectorAll('path, text')].map((mark) => ({
        turn: (mark.getAttribute('transform') ?? 'matrix(1 0 0 1 0 0)').match(/-?[0-9.]+/g)
            .map(Number),
        opacity: number(mark, 'opacity', 1),
        path: mark.tagName === 'path' ? new Path2D(mark.getAttribute('d')) : null,
        fill: tone(mark.getAttribute('fill')
            ?? mark.dataset.style?.match(/fill:(var[^)]*.)/)?.[1]),
        stroke: tone(mark.getAttribute('stroke')),
        width: number(mark, 'stroke-width', 1),
        dash: (mark.getAttribute('stroke-dasharray') ?? 'none').split(' ').map(Number)
            .filter((length) => length > 0),
        text: mark.textContent, x: number(mark, 'x', 0), y: number(mark, 'y', 0),
        font: mark.dataset.style?.match(/font:([^;]*)/)?.[1],
    }));
    const shown = document.querySelector('.stage-box > canvas');
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [shown.width, shown.height];
    canvas.style.cssText = 'position:fixed;left:0;top:0;z-index:99';
    document.body.append(canvas);
    const pen = canvas.getContext('2d');
    pen.textAlign = 'center';
    window.byHand = () => {
        pen.setTransform(1, 0, 0, 1, 0, 0);
        pen.clearRect(0, 0, canvas.width, canvas.height);
        pen.lineCap = pen.lineJoin = 'round';
        for (const mark of marks) {
            pen.setTransform(...mark.turn);
            pen.globalAlpha = mark.opacity;
            if (mark.fill) {
                pen.fillStyle = mark.fill;
                if (mark.path) pen.fill(mark.path);
                else { pen.font = mark.font; pen.fillText(mark.text, mark.x, mark.y); }
            }
            if (mark.stroke) {
                pen.strokeStyle = mark.stroke;
                pen.lineWidth = mark.width;
                pen.setLineDash(mark.dash);
                pen.stroke(mark.path);
            }
        }
    };
    return marks.length;
})()";

/// Milliseconds of the main thread for a frame in which something is done.
fn frame_ms(page: &App, what: &str) -> f64 {
    let before = page.thread_s();
    page.run(&format!(
        "for (let n = 0; n < {FRAMES}; n += 1) {{
             await new Promise((done) => requestAnimationFrame(done));
             {what}
         }}"
    ));
    (page.thread_s() - before) * 1_000.0 / f64::from(FRAMES)
}

fn best(page: &App, what: &str) -> f64 {
    (0..ROUNDS).map(|_| frame_ms(page, what)).fold(f64::INFINITY, f64::min)
}

fn load(nodes: u32, writes_per_s: u32) -> Value {
    let client = |name: &str| json!({ "id": name, "home": "n1", "latency": "40ms" });
    let rate = format!("{}/s", writes_per_s / 2);
    let work = |name: &str| json!({ "client": name, "rate": rate, "keys": 3 });
    json!({
        "seed": 7, "until": "600s", "network": { "latency": "80ms" },
        "cluster": { "topology": "star", "nodes": nodes },
        "client": [client("Ann"), client("Bob")], "workload": [work("Ann"), work("Bob")],
    })
}

fn main() {
    println!(
        "{:>32} {:>8} {:>8} {:>8} {:>8}",
        "ms of the thread in a frame", "page", "by hand", "ratio", "playing"
    );
    for (nodes, writes_per_s) in [(12, 60), (200, 2_000)] {
        let page = App::open(DESKTOP);
        page.time_its_thread();
        page.run(&format!(
            "replicascope.load({}); replicascope.pause()",
            load(nodes, writes_per_s)
        ));
        page.seek(500_000.0);
        let marks: usize = page.eval(BY_HAND);
        let nothing = best(&page, "");
        let ours = best(&page, "replicascope.draw();") - nothing;
        let hand = best(&page, "byHand();") - nothing;
        page.run("replicascope.play()");
        let playing = best(&page, "");
        println!(
            "{:>32} {ours:>8.2} {hand:>8.2} {:>8.2} {playing:>8.2}",
            format!("{nodes} servers, {marks} marks"),
            ours / hand
        );
        page.finish();
    }
}
