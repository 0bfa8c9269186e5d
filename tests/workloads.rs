//! Workloads ask for what they say: how many at a time, and for which keys.

#![cfg(not(target_arch = "wasm32"))]

use replication::recording::{Recording, read_scenario};

const ALONE: &str = r#"
seed = 3
until = "400s"
[cluster]
nodes = 1
keepalive = "60m"
[[client]]
id = "app"
[[workload]]
client = "app"
rate = "100/s"
keys = 10
"#;

fn run(more: &str) -> Recording {
    let text = format!("{ALONE}{more}");
    let scenario = read_scenario(&text).unwrap_or_else(|error| panic!("{error}"));
    let mut recording = Recording::new(scenario);
    recording.finish();
    recording
}

/// Variance over mean of how many operations each second has.
fn dispersion(recording: &Recording) -> f64 {
    let mut counts = [0.0; 400];
    for op in recording.head().ledger.ops.iter() {
        if let Some(count) = counts.get_mut((op.sent_at / 1_000_000) as usize) {
            *count += 1.0;
        }
    }
    let mean = counts.iter().sum::<f64>() / 400.0;
    assert!((mean - 100.0).abs() < 9.0, "{mean} a second, whatever the arrivals");
    counts.iter().map(|count| (count - mean) * (count - mean)).sum::<f64>() / 400.0 / mean
}

/// Of a Poisson process it is 1, of one that comes in twenties 20 (a compound Poisson process with
/// jumps b has mean lb and variance lbb), of equal distances 0. A variance of 400 seconds has a
/// relative standard error of sqrt(2 / 400) = 7 %: the bounds are four of them.
#[test]
fn arrivals_are_as_bunched_as_they_say() {
    let poisson = dispersion(&run(""));
    assert!((poisson - 1.0).abs() < 0.3, "{poisson}");
    let bursts = run("arrivals = \"bursts\"\n");
    let bunched = dispersion(&bursts);
    assert!((bunched - 20.0).abs() < 5.7, "{bunched}");
    let moments: Vec<u64> = bursts.head().ledger.ops.iter().map(|op| op.sent_at).collect();
    assert!(moments.chunks_exact(20).all(|burst| burst.iter().all(|at| *at == burst[0])));
    assert!(dispersion(&run("arrivals = \"steady\"\n")) < 0.01);
}

/// The k-th of ten keys has a share of 1 / (k H10), H10 = 2.928968. Of 40,000 operations a share p
/// has a standard error of sqrt(p (1 - p) / 40,000), at most 0.0024: the bound is four of them.
#[test]
fn zipf_keys_fall_off_as_one_over_their_rank() {
    let recording = run("skew = \"zipf\"\n");
    let world = recording.head();
    let all = world.ledger.ops.len() as f64;
    for rank in 1..=10 {
        let name = format!("k{rank}");
        let ops = world.ledger.ops.iter();
        let count = ops.filter(|op| world.names.text(op.key()) == name).count() as f64;
        let expected = 1.0 / (f64::from(rank) * 2.928_968);
        let share = count / all;
        assert!((share - expected).abs() < 0.01, "{name}: {share}, expected {expected}");
    }
}
