//! Chances that theory gives, and runs must have: SEMANTICS C.5, C.7 and C.10.
//!
//! Every run has a fixed seed, so a bound either always holds or never; it is four standard errors
//! wide unless it says otherwise.

#![cfg(not(target_arch = "wasm32"))]

use replication::base::{Delay, Luck, NodeId, Purpose, SimTime, Span};
use replication::node::{Fact, Told};
use replication::policy::{Ack, Count};
use replication::recording::{Recording, read_scenario};
use replication::sim::{Command, LinkSpec, Outcome, Scenario, Stamped};

fn scenario(text: &str) -> Scenario {
    read_scenario(text).unwrap_or_else(|error| panic!("{error}"))
}

fn run(scenario: Scenario) -> Recording {
    let mut recording = Recording::new(scenario);
    recording.finish();
    recording
}

fn choose(n: u32, k: u32) -> f64 {
    (0..k).map(|i| f64::from(n - i) / f64::from(i + 1)).product()
}

/// How likely at least q of n are, each with p.
fn at_least(n: u32, q: u32, p: f64) -> f64 {
    let exactly =
        |i: u32| choose(n, i) * libm::pow(p, i.into()) * libm::pow(1.0 - p, (n - i).into());
    (q..=n).map(exactly).sum()
}

/// C.5, to the digits printed there.
#[test]
fn a_quorum_of_independent_servers_is_up_as_often_as_the_binomial_says() {
    for (n, q, p, printed) in [
        (1, 1, 0.99, 0.99),
        (2, 2, 0.99, 0.9801),
        (3, 2, 0.99, 0.999_702),
        (4, 3, 0.99, 0.999_407_97),
        (5, 3, 0.99, 0.999_990_149_4),
        (7, 4, 0.99, 0.999_999_658_33),
        (3, 1, 0.99, 0.999_999),
        (3, 3, 0.99, 0.970_299),
        (3, 2, 0.9, 0.972),
        (5, 3, 0.9, 0.991_44),
        (3, 2, 0.999, 0.999_997_002),
        (5, 3, 0.999, 0.999_999_990_02),
    ] {
        let found = at_least(n, q, p);
        assert!((found - printed).abs() < 1e-10, "{q} of {n} at {p}: {found}");
    }
    assert!(at_least(4, 3, 0.99) < at_least(3, 2, 0.99), "a fourth server makes it worse");
}

/// Replicas that are up for 9 s and down for 1 s on average, each by its own luck, below a primary
/// that never fails; five writes a second, whose client waits for 10 ms.
fn flapping(replicas: u16, count: u16) -> Scenario {
    let mut scenario = scenario(
        r#"
        seed = 2
        until = "24m"
        cluster = { apply_delay = "0ms", keepalive = "1s" }
        network = { latency = "1ms" }
        client = [{ id = "app", latency = "0ms", timeout = "10ms" }]
        workload = [{ client = "app", rate = "5/s", keys = 1 }]
        "#,
    );
    scenario.cluster.nodes = replicas + 1;
    scenario.cluster.ack = Ack { count: Count::Of(count), ..Ack::default() };
    let (up, down) = (Span::s(9), Span::s(1));
    for node in (1..=replicas).map(NodeId) {
        let mut nth = 0;
        let mut lasts = |mean| {
            nth += 1;
            Delay::Exponential { mean }.sample(Luck(7).draw(Purpose::Generator, node.0.into(), nth))
        };
        let mut t: SimTime = 0;
        loop {
            t += lasts(up);
            let down_at = t;
            t += lasts(down).max(1);
            if t > scenario.until.0 {
                break;
            }
            scenario.at.push(Stamped { time: Span(down_at), command: Command::Crash(node) });
            scenario.at.push(Stamped { time: Span(t), command: Command::Restart(node) });
        }
    }
    scenario
}

/// C.5. Poisson arrivals see what the long run has (PASTA): the share of writes that are told ok is
/// the chance that enough replicas are up. An unavailability u is known to about
/// u sqrt(2 / count of its outages): with 2 of 3 these are some 80 outages in 1,440 s (0.028 of the
/// time, half a second each), so 16 %, which is 0.0045.
#[test]
fn a_write_that_needs_k_of_n_replicas_is_acknowledged_as_often_as_k_are_up() {
    for (n, k, bound) in [(3, 1, 0.004), (3, 2, 0.018), (3, 3, 0.05), (5, 3, 0.01)] {
        let recording = run(flapping(n, k));
        let ops = &recording.head().ledger.ops;
        let ok = |outcome: Outcome| matches!(outcome, Outcome::Told(Told::Ok, _));
        let told_ok = ops.iter().filter(|op| ok(op.outcome)).count() as f64;
        let found = told_ok / ops.len() as f64;
        let expected = at_least(n.into(), k.into(), 0.9);
        assert!((found - expected).abs() < bound, "{k} of {n}: {found} for {expected}");
    }
}

/// C.7. The most advanced of several replicas lacks what is under way to the nearest: with constant
/// delays of 20, 50 and 90 ms and 200 writes a second Poisson with mean 4. Over 600 runs the
/// standard error is sqrt(4 / 600) = 0.082; the second best would lack 10.
#[test]
fn promoting_the_most_advanced_loses_what_was_under_way_to_the_nearest() {
    let mut scenario = scenario(
        r#"
        until = "400ms"
        cluster = { nodes = 4, apply_delay = "0ms" }
        client = [{ id = "app", latency = "0ms" }]
        workload = [{ client = "app", rate = "200/s", keys = 1 }]
        at = [{ time = "300ms", crash = "n1" }]
        "#,
    );
    for (to, ms) in [(1, 50), (2, 20), (3, 90)] {
        scenario.network.link.push(LinkSpec {
            from: NodeId(0),
            to: NodeId(to),
            both: true,
            latency: Some(Delay::Constant(Span::ms(ms))),
            loss: None,
            duplicate: None,
            reorder: None,
            bandwidth: None,
        });
    }
    let runs = 600;
    let lost = |seed| {
        let mut recording = Recording::new(Scenario { seed, ..scenario.clone() });
        let world = recording.at(300_000);
        let best = world.nodes[1..].iter().max_by_key(|node| node.disk.log.gtids().len());
        let best = best.expect("there are replicas").id;
        recording.issue(300_000, Command::Promote(best));
        recording.at(300_000).ledger.lost.len() as f64
    };
    let mean = (0..runs).map(lost).sum::<f64>() / runs as f64;
    assert!((mean - 4.0).abs() < 0.33, "{mean}");
}

/// Five servers whose primary dies while all others suspect it at once; each then waits a while of
/// its own before it asks for votes. When each asked first, after the suspicion, in heartbeats.
fn campaigns(seed: u64) -> Vec<f64> {
    let mut recording = Recording::new(Scenario {
        seed,
        ..scenario(
            r#"
            until = "900ms"
            cluster.nodes = 5
            cluster.failover = { heartbeat = "100ms", timeout = "300ms" }
            network = { latency = "60ms" }
            at = [{ time = "310ms", crash = "n1" }]
            "#,
        )
    });
    recording.finish();
    let mut suspected: Option<SimTime> = None;
    let mut asked = Vec::new();
    for (_, record) in recording.trace().since(0) {
        match record.fact {
            Fact::Suspected => {
                assert_eq!(*suspected.get_or_insert(record.at), record.at, "all at once");
            }
            Fact::Canvassed(_) if asked.len() < 4 => {
                let since = suspected.expect("somebody suspected first");
                asked.push((record.at - since) as f64 / 100_000.0);
            }
            _ => {}
        }
    }
    assert_eq!(asked.len(), 4, "seed {seed}: the first would win before the last has asked");
    asked
}

/// C.10. The vote can split when so many servers ask within one way of the first that the others
/// make no majority: c = s - floor(n/2) + 1 of s live servers, with the chance
/// sum of C(s,k) l^k (1-l)^(s-k) for k >= c - 1, l being a way in units of the pause. Of 2,000
/// elections a share p has a standard error of sqrt(p (1 - p) / 2000), 0.011 at most.
///
/// The mean pause of the first is 1 / (s + 1) = 0.2, with a standard deviation of 0.163.
#[test]
fn pauses_before_an_election_split_the_vote_as_often_as_the_formula_says() {
    let (live, others) = (4, 2);
    let runs = 2_000;
    let all: Vec<Vec<f64>> = (0..runs).map(campaigns).collect();
    let first = all.iter().map(|asked| asked[0]).sum::<f64>() / runs as f64;
    assert!((first - 0.2).abs() < 4.0 * 0.163 / f64::from(runs as u32).sqrt(), "{first}");
    let formula = |way: f64| at_least(live, others, way);
    assert!((formula(0.1) - 0.0523).abs() < 5e-5, "as SEMANTICS prints it");
    for way in [0.1, 0.2, 0.3, 0.5] {
        let splits = all.iter().filter(|asked| asked[others as usize] - asked[0] <= way).count();
        let (found, expected) = (splits as f64 / runs as f64, formula(way));
        let error = (expected * (1.0 - expected) / runs as f64).sqrt();
        assert!((found - expected).abs() < 4.0 * error, "{way}: {found} for {expected}");
    }
}
