//! Charts draw what the report counts, and nothing that was not known at the playhead.

#![cfg(not(target_arch = "wasm32"))]

use replication::base::{NodeId, SimTime};
use replication::check::{Course, Measures, Step, report};
use replication::recording::{Recording, read_scenario};
use replication::scene::{Charts, Lagging, Sheet, Window, behind, rate};

const SCENARIO: &str = "
until = '4s'
[cluster]
nodes = 4
apply_delay = '30ms'
ack = 'semi-sync'
[network]
latency = { min = '20ms', max = '90ms' }
[[client]]
id = 'a'
[[workload]]
client = 'a'
rate = '25/s'
[[at]]
time = '1s'
crash = 'n3'
[[at]]
time = '2s'
restart = 'n3'
";

const WINDOW: Window = Window { from: 0, until: 4_000_000, width: 1_000.0, height: 280.0 };

fn run() -> Recording {
    let mut recording = Recording::new(read_scenario(SCENARIO).expect("it is valid"));
    recording.finish();
    recording
}

fn course(recording: &Recording, t: SimTime) -> Course {
    let (mut course, head) = (Course::new(), recording.head());
    course.follow(recording.trace(), &head.ledger, head.nodes.len(), t);
    course
}

fn measures(recording: &Recording, t: SimTime) -> Measures {
    let head = recording.head();
    let mut measures = Measures::new(head.nodes.len());
    measures.follow(recording.trace(), &head.ledger, t);
    measures
}

fn drawn(recording: &mut Recording, course: &Course, t: SimTime) -> String {
    let measures = measures(recording, t);
    let world = recording.moment(t);
    let (window, mut sheet) = (WINDOW, Sheet::default());
    let (measures, behind) = (&measures, &behind(course, &world, t)[..]);
    Charts { course, measures, behind, window, t, looked_at: None, left: 0.0 }.draw(&mut sheet);
    sheet.finish()
}

#[test]
fn every_number_drawn_is_one_that_the_report_counts() {
    let recording = run();
    let (course, report) = (course(&recording, SimTime::MAX), report(&recording));
    assert_eq!(course.acks.len() as u64, report.write_latency_us.count);
    let longest = course.acks.iter().map(|(_, us)| *us).max();
    assert_eq!(longest, Some(report.write_latency_us.max));
    let measures = measures(&recording, SimTime::MAX);
    for (applied, lag) in course.applied.iter().zip(&measures.lag) {
        assert_eq!(applied.len() as u64, lag.us.count());
        let longest = applied.iter().map(|step| step.at - step.written_at).max();
        assert_eq!(longest.unwrap_or(0), lag.us.quantile(1.0));
        assert_eq!(longest, applied.last().map(|last| last.most_us));
    }
    assert!(course.applied[1].len() > 50, "there is something to draw");
}

#[test]
fn a_replica_s_lag_grows_with_time_until_it_applies_and_has_a_gap_while_it_is_down() {
    let mut recording = run();
    let course = course(&recording, SimTime::MAX);
    let world = recording.moment(4_000_000);
    let all = behind(&course, &world, 4_000_000);
    let nodes: Vec<NodeId> = all.iter().map(|one| one.node).collect();
    assert_eq!(nodes, [NodeId(1), NodeId(2), NodeId(3)], "the primary lags behind nobody");
    for step in &course.applied[1] {
        assert_eq!(all[0].at(step.at), Lagging::By(step.at - step.written_at));
    }
    let Step { at, written_at, .. } = course.applied[1][0];
    let half = at.midpoint(written_at);
    assert_eq!(all[0].at(half), Lagging::By(half - written_at));
    assert_eq!(all[0].at(written_at / 2), Lagging::By(0));
    assert_eq!(all[1].at(1_500_000), Lagging::Down);
    assert!(matches!(all[1].at(2_000_000), Lagging::By(_)));
    // A moment of being down breaks the line in two.
    let lines = |t: SimTime, recording: &mut Recording| {
        drawn(recording, &course, t).matches("var(--stale)").count()
    };
    let (before, after) = (lines(900_000, &mut recording), lines(3_000_000, &mut recording));
    assert_eq!(after, before + 1);
}

#[test]
fn the_picture_of_an_instant_does_not_know_what_comes_after() {
    let mut recording = run();
    let whole = course(&recording, SimTime::MAX);
    for t in [0, 40_000, 777_777, 1_000_000, 1_700_000, 2_050_000, 4_000_000] {
        let then = course(&recording, t);
        assert_eq!(drawn(&mut recording, &then, t), drawn(&mut recording, &whole, t), "{t}");
        let world = recording.moment(t);
        assert_eq!(behind(&then, &world, t), behind(&whole, &world, t), "{t}");
        assert_eq!(rate(&then, &WINDOW, t, t), rate(&whole, &WINDOW, t, t), "{t}");
    }
}

#[test]
fn throughput_is_counted_over_steps_that_people_count_in() {
    let recording = run();
    let course = course(&recording, SimTime::MAX);
    let (_, step) = rate(&course, &WINDOW, 0, 4_000_000);
    assert_eq!(step, 50_000);
    let counted = |at: u64| rate(&course, &WINDOW, at, 4_000_000).0 * step / 1_000_000;
    let steps = (0..80).map(|number| counted(number * step));
    assert_eq!(steps.sum::<u64>(), course.acked(0, 3_999_999).len() as u64);
}
