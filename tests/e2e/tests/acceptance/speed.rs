//! Check 16: how much of the main thread a frame takes. What is promised is promised for a machine
//! of one's own; here the thread's own time counts, which others on the machine do not add to, and
//! the page at rest is measured in the same run.

use crate::{busy, machine, open};
use e2e::{App, DESKTOP};
use serde::Deserialize;

/// Frames for so long: their distances, and what each took on the main thread from its first
/// callback until it was painted.
const MEASURE: &str = "(async (ms) => {
    const gaps = [], work = [], long = [];
    const observer = new PerformanceObserver((list) => {
        for (const task of list.getEntries()) long.push(task.duration);
    });
    observer.observe({ type: 'longtask' });
    let before = await probe.drawn();
    for (const from = before; before - from < ms; ) {
        const at = await probe.frame();
        const begun = performance.now();
        await new Promise((done) => {
            const channel = new MessageChannel();
            channel.port1.onmessage = done;
            channel.port2.postMessage(0);
        });
        work.push(performance.now() - begun);
        gaps.push(at - before);
        before = at;
    }
    observer.disconnect();
    const share = (list, part) => list.sort((a, b) => a - b)[Math.floor(list.length * part)];
    return { frames: gaps.length, gap_p95: share(gaps, 0.95), long: long.length,
             work_p50: share(work, 0.5) };
})";

#[derive(Debug, Deserialize)]
pub struct Measured {
    pub frames: f64,
    gap_p95: f64,
    long: u32,
    work_p50: f64,
}

/// How many tasks are long of a plain loop that takes the thread so many milliseconds in each of so
/// many frames: as many are explained by others on the machine.
pub fn long_tasks_of_a_loop(page: &App, own_ms: f64, frames: f64) -> usize {
    page.eval(&format!(
        "(async () => {{
            const spin = (turns) => {{
                let sum = 0;
                for (let turn = 0; turn < turns; turn += 1) sum += Math.sqrt(turn);
                return sum;
            }};
            const timed = (turns) => {{
                const begun = performance.now();
                spin(turns);
                return performance.now() - begun;
            }};
            const turns = 1e6;
            const least = Math.min(...Array.from({{ length: 12 }}, () => timed(turns)));
            const long = [];
            const observer = new PerformanceObserver((list) => long.push(...list.getEntries()));
            observer.observe({{ type: 'longtask' }});
            for (let frame = 0; frame < {frames}; frame += 1) {{
                await probe.frame();
                spin(turns * {own_ms} / least);
            }}
            await probe.drawn();
            observer.disconnect();
            return long.length;
        }})()"
    ))
}

/// Measures for so long, tells it, and gives it with the thread's own milliseconds per frame.
pub fn measure(page: &App, what: &str, ms: u32) -> (Measured, f64) {
    let before = page.thread_s();
    let measured: Measured = page.eval(&format!("{MEASURE}({ms})"));
    let own_ms = (page.thread_s() - before) * 1_000.0 / measured.frames;
    let Measured { frames, gap_p95, long, work_p50 } = &measured;
    println!(
        "{what}: {own_ms:.2} ms of the thread per frame; {frames} frames, 95 % of them at most \
         {gap_p95:.1} ms apart, half within {work_p50:.1} ms; {long} long tasks, {}",
        machine()
    );
    (measured, own_ms)
}

fn judge(page: &App, what: &str, budget_ms: f64) {
    let (_, own_ms) = measure(page, what, 10_000);
    assert!(page.eval::<bool>("replicascope.playing()"), "{what}: it plays throughout");
    assert!(own_ms <= 2.0 * budget_ms, "{what}: {own_ms:.2} ms of the thread per frame");
}

/// A started measurement of the thread's own time, and what the page takes at rest.
pub fn at_rest(page: &App) -> (Measured, f64) {
    page.time_its_thread();
    page.run("replicascope.pause(); await probe.settled()");
    measure(page, "at rest", 3_000)
}

#[test]
fn a_frame_of_the_sandbox_takes_little_of_the_main_thread() {
    let page = open(DESKTOP);
    page.press("1");
    page.wait("replicascope.playing()");
    at_rest(&page);
    page.run("replicascope.play()");
    judge(&page, "by default", 8.0);
    page.finish();
}

#[test]
fn a_frame_of_the_largest_load_takes_little_of_the_main_thread() {
    const BUDGET_MS: f64 = 14.0;
    let page = open(DESKTOP);
    page.run(&format!("replicascope.load({}); replicascope.seek(500000)", busy("star", 12, 60)));
    page.run(
        "replicascope.issue({ partition: { groups: [['n2', 'n3'], ['n4', 'n5', 'n6']] } });
         replicascope.seek(2000000);",
    );
    page.press("S");
    page.wait("document.querySelector('[data-testid=space-time]')");
    at_rest(&page);
    page.run("replicascope.play()");
    judge(&page, "at the largest load", BUDGET_MS);
    let (measured, own_ms) = measure(&page, "at the largest load, again", 10_000);
    page.run("replicascope.pause()");
    let explained = long_tasks_of_a_loop(&page, own_ms, measured.frames);
    println!("{} long tasks, and {explained} of a loop as long", measured.long);
    let most = measured.frames as usize / 5 + 2 * explained;
    assert!(measured.long as usize <= most, "{measured:?}, and {explained}");
    page.finish();
}
