//! Numbers that theory gives, and the simulation must find: SEMANTICS section C.
//!
//! Every run has a fixed seed, so a bound either always holds or never; it is chosen several
//! standard errors wide and far from what any other formula would give.

#![cfg(not(target_arch = "wasm32"))]

use replication::base::{Delay, NodeId, Place, Span};
use replication::node::{Fact, HEADER_BYTES, Message};
use replication::policy::{Ack, Count};
use replication::recording::{Recording, read_scenario};
use replication::sim::{Event, LinkSpec, Record, Scenario};
use replication::topology::Shape;

fn scenario(text: &str) -> Scenario {
    read_scenario(text).unwrap_or_else(|error| panic!("{error}"))
}

fn run(scenario: Scenario) -> Recording {
    let mut recording = Recording::new(scenario);
    recording.finish();
    recording
}

fn facts(recording: &Recording) -> impl Iterator<Item = Record> {
    recording.trace().since(0).map(|(_, record)| record)
}

/// One write a second: ten times the mean way of 100 ms, so that hardly one meets another.
const ONE_AT_A_TIME: &str = r#"
seed = 1
until = "1200m"
[cluster]
keepalive = "1200m"
apply_delay = "0ms"
[[client]]
id = "app"
latency = "0ms"
[[workload]]
client = "app"
rate = "1/s"
arrivals = "steady"
keys = 1
"#;

/// Writes of which the mean is taken.
const WRITES: u64 = 20_000;

/// Mean time from accept to commit with k of n acks, the way there taking `delay` and the way back
/// nothing, in units of 100 ms.
fn mean_commit(replicas: u16, k: u16, delay: &Delay) -> f64 {
    let mut scenario = scenario(ONE_AT_A_TIME);
    scenario.until = Span::s(WRITES);
    scenario.cluster.nodes = replicas + 1;
    scenario.cluster.ack = Ack { count: Count::Of(k), ..Ack::default() };
    scenario.network.latency = Delay::NONE;
    for to in (1..=replicas).map(NodeId) {
        scenario.network.link.push(LinkSpec {
            from: NodeId(0),
            to,
            both: false,
            latency: Some(delay.clone()),
            loss: None,
            duplicate: None,
            reorder: None,
            bandwidth: None,
        });
    }
    let recording = run(scenario);
    let waits = facts(&recording).filter_map(|record| match record.fact {
        Fact::Committed { accepted_at, degraded: false, .. } => Some(record.at - accepted_at),
        _ => None,
    });
    let waits: Vec<u64> = waits.collect();
    // The last may still be under way when the run ends.
    assert!(waits.len() as u64 >= WRITES - 5, "{} commits", waits.len());
    waits.iter().sum::<u64>() as f64 / waits.len() as f64 / 100_000.0
}

fn harmonic(n: u16) -> f64 {
    (1..=n).map(|i| 1.0 / f64::from(i)).sum()
}

/// C.1. The k-th of n exponentials has a standard deviation of at most its mean, so 20,000 writes
/// know the mean to 0.7 %: 2 % is nearly three standard errors. One ack more or fewer would move it
/// by 40 % or more.
#[test]
fn the_kth_of_n_acks_over_exponential_links_takes_the_harmonic_difference() {
    let delay = Delay::Exponential { mean: Span::ms(100) };
    for (n, k, printed) in
        [(3, 1, 0.3333), (3, 2, 0.8333), (3, 3, 1.8333), (5, 3, 0.7833), (4, 2, 0.5833)]
    {
        let expected = harmonic(n) - harmonic(n - k);
        assert!((expected - printed).abs() < 1e-4);
        let found = mean_commit(n, k, &delay);
        assert!((found / expected - 1.0).abs() < 0.02, "{k} of {n}: {found} for {expected}");
    }
}

/// C.1. a + (b - a) k / (n + 1). The standard deviation is below (b - a) / 4 and the mean at least
/// 0.2 (b - a): 20,000 writes know it to 0.9 %.
#[test]
fn the_kth_of_n_acks_over_uniform_links_divides_the_interval_evenly() {
    let delay = Delay::Uniform { min: Span::ZERO, max: Span::ms(100) };
    for (n, k) in [(4, 1), (4, 3), (2, 2)] {
        let expected = f64::from(k) / f64::from(n + 1);
        let found = mean_commit(n, k, &delay);
        assert!((found / expected - 1.0).abs() < 0.02, "{k} of {n}: {found} for {expected}");
    }
}

/// A run of some writes to one key with nothing but entries between servers.
fn plain(shape: Shape, nodes: u16, fanout: u16) -> (Recording, u64) {
    let mut scenario = scenario(ONE_AT_A_TIME);
    scenario.until = Span::s(60);
    scenario.workload[0].until = Some(Span::s(49));
    scenario.cluster.topology = shape;
    scenario.cluster.nodes = nodes;
    scenario.cluster.fanout = fanout;
    let recording = run(scenario);
    let written = facts(&recording).filter(|record| matches!(record.fact, Fact::Written { .. }));
    let writes = written.count() as u64;
    assert_eq!(writes, 50);
    (recording, writes)
}

/// Bytes of one entry on the wire in `plain`.
fn entry_bytes(recording: &Recording) -> u64 {
    let log = &recording.head().nodes[0].disk.log;
    let bytes = log.get(0).map(|slot| slot.entry.bytes).unwrap_or_default();
    u64::from(HEADER_BYTES + bytes)
}

/// C.12 and I49: exact, since a write is one message a stream.
#[test]
fn each_server_sends_as_many_bytes_as_its_place_in_the_topology_says() {
    let followers = |shape: Shape, nodes: u64, fanout: u64, place: u64| match shape {
        Shape::Star if place == 0 => nodes - 1,
        Shape::Star => 0,
        Shape::Chain => u64::from(place + 1 < nodes),
        Shape::Ring => 1,
        Shape::Tree => {
            (place * fanout + 1..=place * fanout + fanout).filter(|n| *n < nodes).count() as u64
        }
        Shape::Custom => unreachable!("its streams are its own"),
    };
    for shape in [Shape::Star, Shape::Chain, Shape::Ring, Shape::Tree] {
        for (nodes, fanout) in [(2, 2), (5, 1), (7, 2), (14, 3)] {
            let (recording, writes) = plain(shape, nodes, fanout);
            let network = &recording.head().network;
            let bytes = entry_bytes(&recording) * writes;
            // Values grow from one digit to two, and a number takes eight bytes either way.
            let mut total = 0;
            for place in 0..nodes {
                let egress = network.egress_bytes(NodeId(place));
                let streams = followers(shape, nodes.into(), fanout.into(), place.into());
                assert_eq!(egress, streams * bytes, "{} of {nodes}, n{}", shape.name(), place + 1);
                total += egress;
            }
            // A ring sends one more: the entry returns to where it was born.
            let links = u64::from(nodes) - u64::from(shape != Shape::Ring);
            assert_eq!(total, links * bytes);
        }
    }
}

/// C.12: depth is what each hop adds: with 10 ms a hop and nothing else, the deepest server applies
/// an entry depth times 10 ms after it was written.
#[test]
fn the_worst_lag_is_the_depth_of_the_topology() {
    let depth = |shape: Shape, nodes: u32, fanout: u32| match shape {
        Shape::Star => 1,
        Shape::Chain | Shape::Ring => nodes - 1,
        Shape::Tree => {
            let (mut depth, mut holds, mut level) = (0, 0, 1);
            while holds < nodes - 1 {
                level *= fanout;
                holds += level;
                depth += 1;
            }
            depth
        }
        Shape::Custom => unreachable!("its streams are its own"),
    };
    for shape in [Shape::Star, Shape::Chain, Shape::Ring, Shape::Tree] {
        for (nodes, fanout) in [(2, 2), (5, 1), (7, 2), (14, 3)] {
            let (recording, _) = plain(shape, nodes, fanout);
            let mut written = std::collections::BTreeMap::new();
            let mut worst = 0;
            for record in facts(&recording) {
                match record.fact {
                    Fact::Written { gtid, .. } => {
                        written.insert(gtid, record.at);
                    }
                    Fact::Applied { gtid, .. } => worst = worst.max(record.at - written[&gtid]),
                    _ => {}
                }
            }
            let hops = depth(shape, nodes.into(), fanout.into());
            assert_eq!(worst, u64::from(hops) * 10_000, "{} of {nodes}", shape.name());
        }
    }
}

/// I28.
#[test]
fn in_a_ring_each_write_is_one_message_a_link_an_apply_at_each_other_server_and_one_drop() {
    for nodes in [2u16, 3, 7] {
        let (recording, writes) = plain(Shape::Ring, nodes, 2);
        let appends = recording
            .head()
            .network
            .links()
            .filter(|(from, link)| from.node().is_some() && link.to.node().is_some());
        let sent: Vec<u32> = appends.map(|(_, link)| link.sent).collect();
        assert_eq!(sent, vec![writes as u32; usize::from(nodes)]);
        let count = |is: fn(&Fact) -> bool| {
            facts(&recording).filter(|record| is(&record.fact)).count() as u64
        };
        let applied = count(|fact| matches!(fact, Fact::Applied { .. }));
        assert_eq!(applied, writes * u64::from(nodes - 1));
        let dropped: Vec<Place> = facts(&recording)
            .filter(|record| matches!(record.fact, Fact::Filtered(_)))
            .map(|record| record.place)
            .collect();
        assert_eq!(dropped, vec![Place::from(NodeId(0)); writes as usize]);
    }
}

/// How many acknowledged writes no replica has at one second, in each of many runs.
fn missing_at_crash(scenario: &Scenario, runs: u64) -> Vec<f64> {
    let missing = |seed| {
        let mut recording = Recording::new(Scenario { seed, ..scenario.clone() });
        let world = recording.at(1_000_000);
        let has = world.nodes[1].disk.log.gtids();
        world.ledger.acknowledged.count_missing_from(has) as f64
    };
    (0..runs).map(missing).collect()
}

fn mean_and_variance(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (mean, squares / (count - 1.0))
}

const TWO_SERVERS: &str = r#"
until = "1100ms"
[cluster]
nodes = 2
apply_delay = "0ms"
[network]
latency = "50ms"
[[client]]
id = "app"
latency = "0ms"
[[workload]]
client = "app"
rate = "200/s"
keys = 1
"#;

/// C.7: what is acknowledged and not yet received is Poisson with mean rate times delay, 200/s
/// times 50 ms: 10. Over 600 runs the mean has a standard error of sqrt(10 / 600) = 0.13 and the
/// variance one of sqrt((10 + 2 * 100) / 600) = 0.59; the bounds are four of them. A delay of half
/// or twice as much would be off by 5 or more.
#[test]
fn a_crash_of_an_async_primary_finds_a_poisson_number_of_writes_under_way() {
    let missing = missing_at_crash(&scenario(TWO_SERVERS), 600);
    let (mean, variance) = mean_and_variance(&missing);
    assert!((mean - 10.0).abs() < 0.52, "mean {mean}");
    assert!((variance - 10.0).abs() < 2.4, "variance {variance}");
}

/// C.7 for a delay that is not constant: where messages may overtake one another, those under way
/// are again Poisson with the mean delay alone. Held back always, each takes two draws of 25 ms.
#[test]
fn messages_under_way_are_poisson_for_any_delay() {
    let text = TWO_SERVERS.replace("\"50ms\"", "{ mean = \"25ms\" }\nreorder = 1.0");
    let scenario = scenario(&text);
    let under_way = |seed| {
        let mut recording = Recording::new(Scenario { seed, ..scenario.clone() });
        let world = recording.at(1_000_000);
        let appends = world.queue.iter().filter(|(_, event)| match event {
            // Copies sent again after a gap have more than one entry or an older one.
            Event::Deliver(envelope) => matches!(
                &envelope.message,
                Message::Append { first, entries, .. }
                    if entries.as_slice().len() == 1
                    && world.nodes[0].disk.log.get(*first).is_some_and(|slot| {
                        slot.received_at == envelope.sent_at
                    })
            ),
            Event::Lose(..) | Event::Timer { .. } | Event::Arrival(_) | Event::Patience(_) => false,
        });
        appends.count() as f64
    };
    let counts: Vec<f64> = (0..600).map(under_way).collect();
    let (mean, variance) = mean_and_variance(&counts);
    assert!((mean - 10.0).abs() < 0.52, "mean {mean}");
    assert!((variance - 10.0).abs() < 2.4, "variance {variance}");
}

/// C.6: Poisson arrivals at 80/s, exponential applies at 100/s: an M/M/1 queue, mean time in it
/// 1 / (100 - 80) s = 50 ms, 95th percentile ln 20 times that. Times in a queue resemble their
/// neighbours for about (1 + rho) / (mu (1 - rho)^2) = 0.45 s, so 1,000 s know the mean to
/// sqrt(2 * 0.45 / 1000) = 3 %: 12 % is four standard errors. Constant applies would give 30 ms, no
/// queue 10 ms.
#[test]
fn an_applier_at_four_fifths_of_its_capacity_lags_as_the_queue_with_one_server_says() {
    let mut scenario = scenario(TWO_SERVERS);
    scenario.until = Span::s(1_000);
    scenario.network.latency = Delay::NONE;
    scenario.cluster.apply_delay = Delay::Exponential { mean: Span::ms(10) };
    scenario.workload[0].rate.0 = 80;
    let recording = run(scenario);
    let lags = facts(&recording).filter_map(|record| match record.fact {
        Fact::Applied { received_at, .. } => Some((record.at - received_at) as f64 / 1e6),
        _ => None,
    });
    let mut lags: Vec<f64> = lags.collect();
    assert!(lags.len() > 79_000, "{} applies", lags.len());
    let (mean, _) = mean_and_variance(&lags);
    assert!((mean - 0.05).abs() < 0.006, "mean {mean}");
    lags.sort_by(f64::total_cmp);
    let p95 = lags[lags.len() * 95 / 100];
    // The 95th percentile is known less well than the mean: half as well again.
    assert!((p95 - 0.1498).abs() < 0.027, "p95 {p95}");
}
