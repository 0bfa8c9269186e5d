//! Many runs on several threads, with a progress bar on standard error where that is a terminal.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use indicatif::{ProgressBar, ProgressStyle};

/// As many threads as there are cores.
pub fn cores() -> u16 {
    thread::available_parallelism().map_or(1, |cores| cores.get().min(1_024) as u16)
}

/// Does `work` for each number below `count`, on `jobs` threads; each thread gathers what it finds
/// in a value of its own. Which thread does which number is up to luck.
pub fn gather<A: Send>(
    jobs: u16,
    count: u64,
    start: impl Fn() -> A + Sync,
    work: impl Fn(&mut A, u64) + Sync,
) -> Vec<A> {
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} runs, {eta} to go");
    let bar = ProgressBar::new(count);
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let next = AtomicU64::new(0);
    let each = || {
        let mut gathered = start();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return gathered;
            }
            work(&mut gathered, number);
            bar.inc(1);
        }
    };
    let gathered = thread::scope(|scope| {
        let threads: Vec<_> = (0..jobs.max(1)).map(|_| scope.spawn(each)).collect();
        // A failed assertion of the engine has printed itself; the whole program fails with it.
        threads.into_iter().map(|thread| thread.join().expect("every run ends")).collect()
    });
    bar.finish_and_clear();
    gathered
}
