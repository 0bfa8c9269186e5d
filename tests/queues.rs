//! Lag as queueing theory has it: SEMANTICS C.6.
//!
//! Every run has a fixed seed, so a bound either always holds or never. Times spent in a queue
//! resemble their neighbours for about (1 + rho) / (mu (1 - rho)^2): that, and not their number,
//! says how well a mean is known.

#![cfg(not(target_arch = "wasm32"))]

use replication::base::{Delay, NodeId, SimTime, Span};
use replication::node::{Fact, HEADER_BYTES};
use replication::recording::{Recording, read_scenario};
use replication::sim::{Arrivals, Bandwidth, Scenario};
use replication::topology::Shape;

/// One writer, replicas that need exactly or on average 10 ms an entry, and no other delay.
const APPLIERS: &str = r#"
seed = 5
[cluster]
nodes = 2
keepalive = "60m"
[network]
latency = "0ms"
[[client]]
id = "app"
latency = "0ms"
timeout = "60m"
[[workload]]
client = "app"
rate = "80/s"
keys = 1
"#;

fn appliers(until: Span, apply_delay: Delay) -> Scenario {
    let mut scenario = read_scenario(APPLIERS).unwrap_or_else(|error| panic!("{error}"));
    (scenario.until, scenario.cluster.apply_delay) = (until, apply_delay);
    scenario
}

fn run(scenario: Scenario) -> Recording {
    let mut recording = Recording::new(scenario);
    recording.finish();
    recording
}

/// At one server: when each entry was applied, when it was received there, and when written.
fn applies(recording: &Recording, node: u16) -> Vec<(SimTime, SimTime, SimTime)> {
    let mut written = Vec::new();
    let mut applies = Vec::new();
    for (_, record) in recording.trace().since(0) {
        match record.fact {
            Fact::Written { .. } => written.push(record.at),
            Fact::Applied { gtid, received_at, .. } if record.place == NodeId(node).into() => {
                applies.push((record.at, received_at, written[gtid.seq as usize - 1]));
            }
            _ => {}
        }
    }
    applies
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / count
}

/// Share of the lags above a bound.
fn above(lags: &[f64], bound: f64) -> f64 {
    lags.iter().filter(|lag| **lag > bound).count() as f64 / lags.len() as f64
}

/// M/M/1 at 80 of 100 a second: a lag exceeds t with probability e^(-20 t). Over 1,000 s with a
/// memory of 0.45 s the share above the mean, 0.368, has a standard error of about
/// sqrt(0.368 0.632 2 0.45 / 1000) = 0.014, and the smaller ones below it; the bounds are four.
#[test]
fn lags_of_a_queue_with_one_server_fall_off_exponentially() {
    let exponential = Delay::Exponential { mean: Span::ms(10) };
    let recording = run(appliers(Span::s(1_000), exponential));
    let lags: Vec<f64> =
        applies(&recording, 1).iter().map(|(at, _, written)| (at - written) as f64 / 1e6).collect();
    for (share, bound) in [(0.5, 0.06), (0.368, 0.057), (0.1, 0.036), (0.05, 0.027), (0.01, 0.012)]
    {
        let t = -libm::log(share) / 20.0;
        let found = above(&lags, t);
        assert!((found - share).abs() < bound, "{found} of the lags exceed {t} s, not {share}");
    }
}

/// M/D/1: waiting takes rho / (2 mu (1 - rho)), half of what it takes with exponential applies:
/// 20 ms, and 10 ms for the apply itself. Its variance over the mean is smaller than with M/M/1
/// (standard error 3 % of 50 ms there): 3 ms are more than four standard errors.
#[test]
fn constant_applies_wait_half_as_long() {
    let recording = run(appliers(Span::s(700), Delay::Constant(Span::ms(10))));
    let found = mean(applies(&recording, 1).iter().map(|(at, _, written)| (at - written) as f64));
    assert!((found / 1_000.0 - 30.0).abs() < 3.0, "{found} us");
}

/// Burke: what leaves an M/M/1 queue is Poisson again, so queues in a row add up. That is a chain
/// whose relays ship what they have applied. Here, as in PostgreSQL, they ship what is on disk:
/// each applier delays its own server alone, and the last of a chain lags no more than the first.
#[test]
fn a_slow_applier_delays_its_own_server_and_none_behind_it() {
    let mut scenario = appliers(Span::s(500), Delay::Exponential { mean: Span::ms(10) });
    (scenario.cluster.topology, scenario.cluster.nodes) = (Shape::Chain, 4);
    let recording = run(scenario);
    for node in 1..4 {
        let applies = applies(&recording, node);
        assert!(applies.iter().all(|(_, received, written)| received == written));
        let lag = mean(applies.iter().map(|(at, _, written)| (at - written) as f64));
        // 4.2 % a standard error over 500 s: four of them. Three queues in a row would take 150 ms.
        assert!((lag / 1_000.0 - 50.0).abs() < 8.5, "n{}: {lag} us", node + 1);
    }
}

/// A link that carries one entry in 10 ms is an M/D/1 queue: 30 ms at 80 a second. The next link of
/// a chain, which is as fast, never makes one wait: entries leave the first at least 10 ms apart
/// (Friedman 1965), so it adds 10 ms to each, exactly.
#[test]
fn a_narrow_link_is_a_queue_and_a_second_one_like_it_is_none() {
    let mut scenario = appliers(Span::s(700), Delay::NONE);
    (scenario.cluster.topology, scenario.cluster.nodes) = (Shape::Chain, 3);
    let probe = run(Scenario { until: Span::s(1), ..scenario.clone() });
    let entry = probe.head().nodes[0].disk.log.get(0).expect("something was written").entry.bytes;
    let bits = u64::from(HEADER_BYTES + entry) * 8;
    scenario.network.bandwidth = Bandwidth(Some(bits * 100));
    let recording = run(scenario);
    let (first, second) = (applies(&recording, 1), applies(&recording, 2));
    let lag = mean(first.iter().map(|(at, _, written)| (at - written) as f64));
    assert!((lag / 1_000.0 - 30.0).abs() < 3.0, "{lag} us");
    for ((at, ..), (then, ..)) in first.iter().zip(&second) {
        assert_eq!(then - at, 10_000);
    }
}

/// Writes at twice the rate that a replica applies at: each second half a second of lag more.
#[test]
fn lag_grows_without_end_where_writes_come_faster_than_they_are_applied() {
    let mut scenario = appliers(Span::s(60), Delay::Constant(Span::ms(10)));
    scenario.workload[0].rate.0 = 200;
    scenario.workload[0].arrivals = Arrivals::Steady;
    let recording = run(scenario);
    for (at, _, written) in applies(&recording, 1) {
        // (1 - mu / lambda) seconds of lag a second, and one apply at the start.
        let expected = at as f64 * (1.0 - 100.0 / 200.0) + 5_000.0;
        assert!(((at - written) as f64 - expected).abs() <= 5_000.0, "{at} - {written}");
    }
}

/// After an outage of D a replica has D lambda entries to apply and gains mu - lambda a second on
/// new ones: it has caught up after D rho / (1 - rho), to within a few entries.
#[test]
fn catching_up_takes_the_outage_times_rho_over_one_less_rho() {
    for (rate, outage_s) in [(50, 10), (80, 5), (20, 20)] {
        let mut scenario = appliers(Span::s(80), Delay::Constant(Span::ms(10)));
        scenario.workload[0].rate.0 = rate;
        scenario.workload[0].arrivals = Arrivals::Steady;
        let (down, up) = (5_000_000, 5_000_000 + outage_s * 1_000_000);
        for (time, command) in [
            (down, replication::sim::Command::Pause(NodeId(1))),
            (up, replication::sim::Command::Resume(NodeId(1))),
        ] {
            scenario.at.push(replication::sim::Stamped { time: Span(time), command });
        }
        let recording = run(scenario);
        let after = applies(&recording, 1).into_iter().filter(|(at, ..)| *at > up);
        // Caught up: applied as soon as it can be after it was written.
        let caught_up =
            after.map(|(at, _, written)| (at, at - written)).find(|(_, lag)| *lag <= 20_000);
        let (at, _) = caught_up.expect("it catches up");
        let rho = rate as f64 / 100.0;
        let expected = outage_s as f64 * rho / (1.0 - rho);
        let found = (at - up) as f64 / 1e6;
        // The backlog falls by 1 - rho applies with each apply: its last 20 ms take some more.
        let slack = 0.03 / (1.0 - rho) + 0.02;
        assert!(
            (found - expected).abs() < slack,
            "{rate}/s, {outage_s} s: {found}, not {expected}"
        );
    }
}
