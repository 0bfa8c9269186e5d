//! A limit that is reached is a state one can see and leave: in the report, the exit code, the
//! recording and the player. Files set low limits here, so that no run needs to be long.

#![cfg(not(target_arch = "wasm32"))]

use std::io::Write;
use std::process::{Command as Program, Output, Stdio};

use replication::check::{Verdict, report};
use replication::form::{Form, ToForm};
use replication::node::{Fact, Limit};
use replication::player::{Mode, Msg, Player, caption};
use replication::policy::LoopFilter;
use replication::recording::{Recording, Snapshot, read_scenario, to_toml};
use replication::sim::{Command, DialsCommand, Scenario, Yes};

/// Every server ships to every other and drops nothing: each entry is shipped on and on, to three
/// times as many servers each time. Half a second passes before it begins.
const AVALANCHE: &str = r#"
name = "An avalanche"
until = "20s"
[limits]
in_flight = 5000
[cluster]
topology = "custom"
nodes = 4
writers = ["n1"]
loop_filter = false
STREAMS
[network]
duplicate = 0.2
[[client]]
id = "app"
[[at]]
time = "500ms"
write = { client = "app", key = "k", value = 1 }
[[at]]
time = "501ms"
write = { client = "app", key = "k", value = 2 }
"#;

fn avalanche() -> Scenario {
    let pairs = (1..=4).flat_map(|from| (1..=4).map(move |to| (from, to)));
    let streams: String = pairs
        .filter(|(from, to)| from != to)
        .map(|(from, to)| format!("[[cluster.stream]]\nfrom = \"n{from}\"\nto = \"n{to}\"\n"))
        .collect();
    let text = AVALANCHE.replace("STREAMS\n", &streams);
    read_scenario(&text).unwrap_or_else(|error| panic!("{error}"))
}

fn filter() -> Command {
    Command::Set(Box::new(DialsCommand {
        loop_filter: Some(LoopFilter::Gtid),
        ..DialsCommand::default()
    }))
}

fn run(scenario: Scenario) -> Recording {
    let mut recording = Recording::new(scenario);
    recording.finish();
    recording
}

#[test]
fn a_run_stops_where_its_limit_is_reached_and_says_so() {
    let recording = run(avalanche());
    let world = recording.head();
    assert_eq!(world.limit, Some(Limit::InFlight));
    assert!(world.queue.len() > 5_000 && world.queue.len() < 5_100, "{}", world.queue.len());
    let (_, last) =
        recording.trace().since(recording.trace().len() as u32 - 1).next().expect("one");
    assert_eq!((last.fact, last.at), (Fact::LimitReached(Limit::InFlight), world.now));
    assert!(world.now < 2_000_000, "long before its end: {}", world.now);
    let snapshot = Snapshot::of(world, recording.scenario(), 20_000_000).to_form();
    assert_eq!(snapshot.field("limit"), Some(&Form::from("in-flight")));
}

#[test]
fn each_limit_stops_a_run_by_its_name() {
    let mut steps = avalanche();
    steps.limits.steps = 100;
    let recording = run(steps);
    assert_eq!((recording.head().limit, recording.head().steps), (Some(Limit::Steps), 100));
    // Commands count too, though no event follows.
    let mut ops = avalanche();
    ops.limits.ops = 2;
    let recording = run(ops);
    assert_eq!(recording.head().limit, Some(Limit::Ops));
    assert_eq!((recording.head().ledger.ops.len(), recording.head().now), (2, 501_000));
}

#[test]
fn limits_beyond_the_simulators_own_are_refused_and_low_ones_are_printed() {
    for (line, what) in [("ops = 0", "ops"), ("steps = 200000001", "steps")] {
        let error = read_scenario(&format!("[limits]\n{line}\n")).expect_err("out of range");
        assert!(error.to_string().contains(&format!("limits.{what}")), "{error}");
    }
    let printed = to_toml(&avalanche());
    assert!(printed.contains("[limits]\nin_flight = 5000\n"), "{printed}");
    assert_eq!(read_scenario(&printed).expect("it reads back"), avalanche());
    assert!(!to_toml(&Scenario::default()).contains("limits"));
}

#[test]
fn what_a_stopped_run_shows_is_unknown_unless_it_is_broken_already() {
    let stopped = report(&run(avalanche()));
    assert_eq!(stopped.limit, Some(Limit::InFlight));
    for (name, guarantee) in stopped.guarantees.all() {
        assert_eq!(guarantee.holds, Verdict::Unknown, "{name}");
        assert_eq!(guarantee.to_form().field("holds"), Some(&Form::from("unknown")));
    }
    let mut filtered = avalanche();
    filtered.cluster.loop_filter = LoopFilter::Gtid;
    let whole = report(&run(filtered));
    assert_eq!(whole.limit, None);
    assert!(whole.guarantees.all().iter().all(|(_, guarantee)| guarantee.holds == Verdict::Holds));
    // A violation found before the limit stays one.
    let text = r#"
        until = "2s"
        limits = { ops = 3 }
        cluster = { nodes = 2, apply_delay = "1s" }
        client = [{ id = "app" }]
        at = [
            { time = "1ms", write = { client = "app", key = "k", value = 1 } },
            { time = "100ms", read = { client = "app", key = "k", to = "n2" } },
            { time = "300ms", read = { client = "app", key = "k", to = "n2" } },
        ]
        "#;
    let stopped = report(&run(read_scenario(text).expect("it is a good file")));
    assert_eq!(stopped.limit, Some(Limit::Ops));
    assert_eq!(stopped.guarantees.read_your_writes.holds, Verdict::Broken);
    assert_eq!(stopped.guarantees.linearizable.holds, Verdict::Broken);
    assert_eq!(stopped.guarantees.monotonic_reads.holds, Verdict::Unknown);
}

#[test]
fn a_recording_leaves_the_limit_when_something_earlier_is_changed_and_comes_back_to_it() {
    let mut recording = run(avalanche());
    let stopped = recording.head().digest();
    let at = recording.head().now;
    recording.issue(at + 1_000_000, Command::Heal(Yes));
    recording.finish();
    assert_eq!(recording.head().digest(), stopped, "too late: nothing goes on any more");
    recording.issue(520_000, filter());
    recording.finish();
    assert_eq!(recording.head().limit, None);
    assert!(recording.head().now > at);
    let place = recording.scenario().at.iter().position(|stamped| stamped.command == filter());
    recording.withdraw(place.expect("it was issued"));
    recording.finish();
    assert_eq!(recording.head().digest(), stopped);
}

#[test]
fn the_player_stands_still_at_a_limit_says_why_and_goes_on_once_a_setting_is_changed() {
    let mut player = Player::on(avalanche(), Mode::Sandbox);
    player.update(Msg::Play);
    let frames = |player: &mut Player| {
        for _ in 0..4_000 {
            player.update(Msg::Frame { elapsed_us: 16_667 });
        }
    };
    frames(&mut player);
    let stopped_at = player.moment().now;
    assert!(!player.playing() && player.moment().limit == Some(Limit::InFlight));
    let said = caption(&player);
    assert_eq!(said, format!("Stopped: {}.", Limit::InFlight.text()));
    player.update(Msg::Seek(stopped_at + 30_000_000));
    assert_eq!(caption(&player), said, "and still says so, however long one looks");

    player.update(Msg::Seek(510_000));
    assert_ne!(caption(&player), said, "before it, nothing has stopped");
    assert_eq!(player.moment().limit, None);
    player.update(Msg::Issue(filter()));
    player.update(Msg::Play);
    frames(&mut player);
    assert!(player.playing() && player.t() > stopped_at);
    assert_eq!(player.moment().limit, None);

    player.update(Msg::Undo);
    player.update(Msg::Seek(stopped_at + 1));
    assert_eq!(player.moment().limit, Some(Limit::InFlight));
}

fn replicascope(arguments: &[&str], input: &str) -> Output {
    let mut program = Program::new(env!("CARGO_BIN_EXE_replicascope"));
    program.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = program.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(input.as_bytes()).expect("the program reads");
    drop(stdin);
    child.wait_with_output().expect("the program ends")
}

#[test]
fn every_command_that_runs_ends_with_exit_code_3_and_names_the_limit() {
    let file = to_toml(&avalanche());
    for arguments in [
        &["run", "-"][..],
        &["run", "-", "--format", "json"],
        &["trace", "-"],
        &["check", "-", "--guarantees", "none"],
        &["sweep", "-", "--seeds", "0..2"],
    ] {
        let output = replicascope(arguments, &file);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}");
        let told = [output.stdout, output.stderr].concat();
        let told = String::from_utf8_lossy(&told).to_lowercase();
        assert!(told.contains("limit"), "{arguments:?}: {told}");
    }
    let json = replicascope(&["run", "-", "--format", "json"], &file).stdout;
    let report: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    assert_eq!(report["limit"], "in-flight");
    assert_eq!(report["guarantees"]["linearizable"]["holds"], "unknown");
    let filtered = file.replace("loop_filter = false\n", "");
    assert_eq!(replicascope(&["run", "-"], &filtered).status.code(), Some(0));
}
