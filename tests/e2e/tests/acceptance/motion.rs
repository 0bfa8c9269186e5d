//! Check 8: where a packet is drawn is when it is. And the clock keeps the speed asked for, or says
//! that it does not.

use crate::{US_PER_S, busy, machine, open};
use e2e::{App, DESKTOP};
use serde::Deserialize;

/// Frames for so long; after each, the playhead and every packet, and whether there is ink where
/// the packet is said to be.
const SAMPLE: &str = "(async (ms) => {
    const samples = [];
    const from = await probe.drawn();
    for (let at = from; at - from < ms; ) {
        const packets = replicascope.packets();
        const t = replicascope.t();
        for (const packet of packets) packet.inked = probe.inked(packet.x, packet.y);
        samples.push({ at, t, packets });
        at = await probe.drawn();
    }
    return samples;
})";

#[derive(Deserialize)]
struct Sample {
    /// The frame's time in milliseconds.
    at: f64,
    t: f64,
    packets: Vec<Packet>,
}

#[derive(Clone, Deserialize)]
struct Packet {
    kind: String,
    from: String,
    to: String,
    sent: f64,
    arrive: f64,
    progress: f64,
    x: f64,
    y: f64,
    inked: bool,
}

impl Packet {
    fn is_same(&self, other: &Packet) -> bool {
        let name = |p: &Packet| (p.kind.clone(), p.from.clone(), p.to.clone());
        name(self) == name(other) && (self.sent, self.arrive) == (other.sent, other.arrive)
    }
}

fn sample(page: &App, ms: u32) -> Vec<Sample> {
    page.eval(&format!("{SAMPLE}({ms})"))
}

#[test]
fn a_packets_place_is_its_time_at_every_speed() {
    let page = open(DESKTOP);
    for asked in [0.1, 1.0, 5.0] {
        page.run(&format!(
            "replicascope.load({}); replicascope.seek(400000);
             replicascope.speed({asked}); replicascope.play(); await probe.settled();",
            busy("star", 4, 40)
        ));
        assert_eq!(page.eval::<f64>("replicascope.speed()"), asked);
        let samples = sample(&page, 2_000);
        let packets: Vec<(&Sample, &Packet)> =
            samples.iter().flat_map(|s| s.packets.iter().map(move |packet| (s, packet))).collect();
        println!("{asked}x: {} frames, {} packets, {}", samples.len(), packets.len(), machine());
        assert!(packets.len() >= 20, "{asked}x: too few packets to judge by: {}", packets.len());
        for (sample, packet) in &packets {
            let due = (sample.t - packet.sent) / (packet.arrive - packet.sent);
            let off = (packet.progress - due).abs();
            assert!(off <= 0.02, "{asked}x: {} is off by {off:.3}", packet.kind);
            assert!(packet.inked, "{asked}x: no ink where a {} is said to be", packet.kind);
        }
        the_way_is_even(asked, &samples);
        the_speed_is_held(asked, &samples);
    }
    page.finish();
}

/// Between two servers a packet goes straight and evenly: its pixels follow its progress.
fn the_way_is_even(asked: f64, samples: &[Sample]) {
    let mut judged = 0;
    for (index, sample) in samples.iter().enumerate() {
        for packet in sample.packets.iter().filter(|packet| packet.kind == "append") {
            let seen: Vec<&Packet> = samples[index..]
                .iter()
                .filter_map(|later| later.packets.iter().find(|other| other.is_same(packet)))
                .collect();
            let Some(last) = seen.last().filter(|last| last.progress - packet.progress > 0.02)
            else {
                continue;
            };
            let way = |p: &Packet| (p.x - packet.x).hypot(p.y - packet.y);
            for midway in &seen {
                let share = (midway.progress - packet.progress) / (last.progress - packet.progress);
                let off = (way(midway) - way(last) * share).abs();
                assert!(off <= 1.0, "{asked}x: {off:.2} pixels beside its time");
                judged += 1;
            }
        }
    }
    assert!(judged > 0, "{asked}x: no packet was seen twice");
}

/// Frames that come at least every 200 ms, in four slices of 50 ms, are made up for in full.
fn the_speed_is_held(asked: f64, samples: &[Sample]) {
    let pairs = samples.windows(2).map(|pair| (pair[1].at - pair[0].at, pair[1].t - pair[0].t));
    let (wall_ms, simulated_us) = pairs
        .fold((0.0, 0.0), |(wall, simulated), (ms, us)| (wall + ms.min(200.0), simulated + us));
    let held = simulated_us / (wall_ms / 1_000.0 * US_PER_S * asked);
    println!("{asked}x: held {held:.4} of it");
    assert!((0.95..=1.05).contains(&held), "{asked}x: held {held:.3} of the speed asked for");
}

#[test]
fn a_clock_that_cannot_keep_up_says_so() {
    let page = open(DESKTOP);
    page.run(&format!("replicascope.load({}); replicascope.play()", busy("star", 4, 40)));
    page.wait("replicascope.packets().length > 0");
    let readout = page.text("[data-testid=readout]");
    assert!(readout.contains("80 ms = 1.0 s"), "{readout}");
    // Every frame is held up for twice as long as the clock makes up for.
    page.run(
        "window.busy = true;
         const hold = () => {
             const until = performance.now() + 400;
             while (performance.now() < until);
             if (window.busy) requestAnimationFrame(hold);
         };
         requestAnimationFrame(hold);",
    );
    page.wait("probe.text('[data-testid=readout]').includes('of asked')");
    let slow = page.text("[data-testid=readout]");
    let told: f64 = page.eval(
        "Number(probe.text('[data-testid=readout]').match(/running at ([0-9.]+)x of asked/)[1])",
    );
    assert!(told < 0.8, "{slow}");
    page.run("window.busy = false");
    page.finish();
}
