//! The engine against a bare binary heap that does the same pushes and pops, in one run.
//!
//! `cargo xtask bench` prints ratios: machines are shared and noisy, so no time stands alone.

#![allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "it measures time")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use replication::base::{Delay, Luck, NodeId, Probability, Purpose, Span};
use replication::check::Measures;
use replication::policy::Preset;
use replication::recording::Recording;
use replication::sim::{
    Arrivals, ClientSpec, Cluster, NetworkSpec, Rate, Scenario, Skew, WorkloadSpec, World,
};

const ROUNDS: usize = 5;

fn star(replicas: u16, writes: u64) -> Scenario {
    Scenario {
        name: format!("star of {replicas} replicas"),
        seed: 7,
        until: Span::ms(writes + 1_000),
        cluster: Cluster {
            nodes: replicas + 1,
            ack: Preset::Quorum.ack(),
            apply_delay: Delay::NONE,
            ..Cluster::default()
        },
        network: NetworkSpec {
            latency: Delay::Uniform { min: Span::ms(1), max: Span::ms(10) },
            ..NetworkSpec::default()
        },
        client: vec![ClientSpec {
            id: "client".into(),
            home: NodeId(0),
            latency: Delay::Constant(Span::ms(1)),
            read: Default::default(),
            timeout: Span::s(5),
            wait: Span::s(1),
        }],
        workload: vec![WorkloadSpec {
            client: "client".into(),
            rate: Rate(1_000),
            arrivals: Arrivals::Steady,
            reads: Probability::ZERO,
            keys: 100,
            skew: Skew::Uniform,
            from: Span::ZERO,
            until: Some(Span::ms(writes - 1)),
        }],
        ..Scenario::default()
    }
}

/// A bare heap of the same shape of work: each write pushes one arrival per replica, each arrival
/// one ack. Latencies are drawn beforehand. Returns events and time.
fn heap(replicas: u64, writes: u64) -> (u64, Duration) {
    let latency = Delay::Uniform { min: Span::ms(1), max: Span::ms(10) };
    let draw = |nth| latency.sample(Luck(7).draw(Purpose::Latency, 1, nth));
    let latencies: Vec<u64> = (0..1 << 20).map(draw).collect();
    let mut heap: BinaryHeap<Reverse<(u64, u64)>> = BinaryHeap::new();
    let (mut nth, mut events) = (0usize, 0u64);
    let start = Instant::now();
    heap.push(Reverse((0, u64::MAX)));
    let mut written = 0;
    while let Some(Reverse((at, what))) = heap.pop() {
        events += 1;
        if what == u64::MAX {
            for replica in 0..replicas {
                nth += 1;
                heap.push(Reverse((at + latencies[nth & 0xfffff], replica)));
            }
            written += 1;
            if written < writes {
                heap.push(Reverse((at + 1_000, u64::MAX)));
            }
        } else if what < replicas {
            nth += 1;
            heap.push(Reverse((at + latencies[nth & 0xfffff], what + replicas)));
        } else {
            black_box(what);
        }
    }
    (events, start.elapsed())
}

/// The engine with logs, acks, recording and measures on.
fn engine(replicas: u16, writes: u64) -> (Recording, Measures, Duration) {
    let start = Instant::now();
    let mut recording = Recording::new(star(replicas, writes));
    recording.finish();
    let mut measures = Measures::new(usize::from(replicas) + 1);
    measures.follow(recording.trace(), &recording.head().ledger, recording.known_until());
    let took = start.elapsed();
    (recording, measures, took)
}

/// The engine alone: no trace, no checkpoints, no measures.
fn bare_engine(replicas: u16, writes: u64) -> (u64, Duration) {
    let start = Instant::now();
    let mut world = World::new(&star(replicas, writes));
    while world.step(&mut |record| {
        black_box(record);
    }) {}
    (world.steps, start.elapsed())
}

fn per_second(events: u64, took: Duration) -> f64 {
    events as f64 / took.as_secs_f64()
}

/// Bytes now allocated, counted so that a recording can be weighed.
static ALLOCATED: AtomicUsize = AtomicUsize::new(0);

struct Counting;

#[allow(unsafe_code, reason = "an allocator that counts can only be written so")]
// SAFETY: every call is passed on unchanged to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATED.fetch_add(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        ALLOCATED.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What recording a run of about a million events costs, and how fast any instant comes back.
fn seeks() {
    let before = ALLOCATED.load(Ordering::Relaxed);
    let mut world = World::new(&star(100, 5_000));
    while world.step(&mut |_| ()) {}
    let bare = ALLOCATED.load(Ordering::Relaxed) - before;
    drop(world);
    let before = ALLOCATED.load(Ordering::Relaxed);
    let mut recording = Recording::new(star(100, 5_000));
    recording.finish();
    let recorded = ALLOCATED.load(Ordering::Relaxed) - before;
    let events = recording.head().steps;
    let per_event = recorded.saturating_sub(bare) as f64 / events as f64;
    println!("recording of {events} events: {per_event:.0} bytes an event (want at most 100)");
    let until = recording.known_until();
    let mut took: Vec<f64> = (0..200)
        .map(|nth| {
            let t = Luck(3).draw(Purpose::Generator, 1, nth) % until;
            let start = Instant::now();
            black_box(recording.at(t).steps);
            start.elapsed().as_secs_f64() * 1_000.0
        })
        .collect();
    took.sort_by(f64::total_cmp);
    println!(
        "seek to 200 random instants: median {:.1} ms, 99th percentile {:.1} ms (want at most 16)",
        took[100], took[197]
    );
}

fn main() {
    println!("engine / heap: events per second, with logs, acks, recording, measures (want 0.40)");
    for (replicas, writes) in [(10u16, 20_000u64), (100, 20_000), (1_000, 2_000)] {
        let mut ratios = Vec::new();
        let mut bare = Vec::new();
        for _ in 0..ROUNDS {
            let (heap_events, heap_took) = heap(replicas.into(), writes);
            let (recording, measures, took) = engine(replicas, writes);
            let (steps, bare_took) = bare_engine(replicas, writes);
            assert_eq!(measures.commit_latency_us.count(), writes, "every write is committed");
            let heap_rate = per_second(heap_events, heap_took);
            ratios.push(per_second(recording.head().steps, took) / heap_rate);
            bare.push(per_second(steps, bare_took) / heap_rate);
        }
        let (ratio, bare) = (median(ratios), median(bare));
        println!("  {replicas:>5} replicas: {ratio:.2} (without recording and measures {bare:.2})");
    }
    seeks();
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
