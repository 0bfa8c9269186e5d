//! The command line as a script sees it: what is printed where, and with which exit code.

#![cfg(not(target_arch = "wasm32"))]

use std::io::Write;
use std::process::{Command, Output, Stdio};

use replication::recording::{BUILTINS, Link, read_scenario};
use serde_json::Value;

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_replicascope"));
    command.args(arguments).stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the program starts")
}

/// Runs with a scenario on standard input.
fn run_with(arguments: &[&str], input: &str) -> Output {
    let mut command = command(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    stdin.write_all(input.as_bytes()).expect("the program reads");
    drop(stdin);
    child.wait_with_output().expect("the program ends")
}

fn out(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", err(output));
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&out(output)).expect("JSON")
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("one JSON object a line")).collect()
}

#[test]
fn every_builtin_is_listed_and_shown_and_what_is_shown_runs_the_same() {
    let list = out(&run(&["list"]));
    for builtin in BUILTINS {
        assert!(list.lines().any(|line| line.starts_with(builtin.name)), "{}", builtin.name);
        assert_eq!(out(&run(&["show", builtin.name])), builtin.text);
    }
    let by_name = json(&run(&["run", "lossy-link", "--format", "json"]));
    let by_pipe =
        json(&run_with(&["run", "-", "--format", "json"], &out(&run(&["show", "lossy-link"]))));
    assert_eq!(by_name, by_pipe);
}

#[test]
fn a_system_s_knobs_are_listed_and_a_file_with_them_is_shown_as_it_is_read() {
    let knobs = out(&run(&["knobs", "mysql"]));
    for word in ["rpl_semi_sync_source_timeout", "default 10000", "replication-options-source"] {
        assert!(knobs.contains(word), "{knobs}");
    }
    assert!(!knobs.contains("synchronous_commit"));
    let all = out(&run(&["knobs"]));
    assert!(all.contains(&knobs) && all.contains("electionTimeoutMillis"));
    let none = run(&["knobs", "oracle"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(err(&none).contains("expected mysql, postgresql, mongodb"), "{}", err(&none));
    let file = "[cluster.postgresql]\nsynchronous_standby_names = \"ANY 2 (*)\"\n";
    let shown = out(&run_with(&["show", "-", "--settings"], file));
    assert!(shown.contains("ack = { count = 2, point = \"flushed\""), "{shown}");
    assert!(shown.contains("relay_acks = false") && !shown.contains("postgresql"), "{shown}");
    assert_eq!(read_scenario(&shown), read_scenario(file));
}

#[test]
fn a_run_of_the_chapter_s_code_is_labelled_as_such_and_check_finds_its_fault() {
    let told = out(&run(&["run", "chapter-sync-says-no"]));
    assert!(told.contains("production-sync, as the chapter's code does it"), "{told}");
    assert!(told.contains("get_lag, as the chapter's code does it: n2 "), "{told}");
    let checked = run(&["check", "chapter-sync-says-no", "--guarantees", "none"]);
    assert_eq!(checked.status.code(), Some(1));
    let report = json(&run(&["run", "chapter-sync-says-no", "--format", "json"]));
    assert_eq!(report["writes"]["refused_yet_there"], 1);
}

#[test]
fn the_report_has_the_fields_of_the_contract() {
    let report = json(&run(&["run", "async-loses-a-write", "--format", "json"]));
    assert_eq!(report["writes"]["lost_acknowledged"], 1);
    assert_eq!(report["seed"], 1);
    assert_eq!(report["until_us"], 5_000_000);
    let fields = [
        "scenario",
        "digest",
        "events",
        "messages",
        "bytes",
        "reads",
        "staleness_us",
        "staleness_versions",
        "commit_latency_us",
        "write_latency_us",
        "read_latency_us",
        "lag_us",
        "lag_entries",
        "lag_parts_us",
        "failovers",
        "rpo_writes",
        "rto_us",
        "nodes",
        "converged",
        "divergent_keys",
        "guarantees",
    ];
    for field in fields {
        assert!(!report[field].is_null(), "{field}");
    }
    // Somebody was told ok, and then nobody could read it.
    let linearizable = &report["guarantees"]["linearizable"];
    assert_eq!(linearizable["holds"], false);
    let first = &linearizable["violations"][0];
    for field in ["at_us", "client", "key", "why"] {
        assert!(!first[field].is_null(), "{field}");
    }
    let text = out(&run(&["run", "async-loses-a-write"]));
    assert!(text.contains("1 of them LOST"), "{text}");
    assert!(text.contains(report["digest"].as_str().expect("a text")));
}

#[test]
fn another_seed_and_another_end_are_obeyed() {
    let digest = |arguments: &[&str]| {
        let all = [&["run", "busy-star", "--format", "json", "--until", "1s"], arguments].concat();
        json(&run(&all))["digest"].clone()
    };
    assert_eq!(digest(&[]), digest(&["--seed", "42"]));
    assert_ne!(digest(&[]), digest(&["--seed", "43"]));
    let short = json(&run(&["run", "busy-star", "--until", "1500ms", "--format", "json"]));
    assert_eq!(short["until_us"], 1_500_000);
}

#[test]
fn a_bad_file_is_refused_with_its_place_and_exit_code_2() {
    let refused = run_with(&["run", "-"], "seed = 1\n[cluster]\nfanuot = 3\n");
    assert_eq!(refused.status.code(), Some(2));
    assert!(refused.stdout.is_empty());
    let message = err(&refused);
    let start =
        "error: standard input:3:1: cluster.fanuot: unknown field `fanuot`, expected one of";
    assert!(message.starts_with(start), "{message}");
    for arguments in [
        &["run", "no/such/file.toml"][..],
        &["show", "nothing"],
        &["sweep", "busy-star"],
        &["run"],
        &["run", "busy-star", "--until", "soon"],
        &["run", "busy-star", "--until", "1000m0s"],
    ] {
        let refused = run(arguments);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        assert!(!refused.stderr.is_empty() && refused.stdout.is_empty(), "{arguments:?}");
    }
    let not_text = {
        let mut child = command(&["run", "-"])
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(b"name = \"\xff\"").expect("the program reads");
        drop(stdin);
        child.wait_with_output().expect("the program ends")
    };
    assert_eq!(not_text.status.code(), Some(2));
    assert!(err(&not_text).contains(":1:9: not text: expected UTF-8"), "{}", err(&not_text));
}

#[test]
fn a_reader_that_goes_away_is_no_crash() {
    let mut child = command(&["trace", "large-tree"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let ended = child.wait_with_output().expect("the program ends");
    assert_eq!(ended.status.code(), Some(0));
    assert_eq!(err(&ended), "");
}

#[test]
fn a_trace_has_every_record_in_order_with_its_cause() {
    let trace = lines(&out(&run(&["trace", "async-loses-a-write"])));
    for (number, line) in trace.iter().enumerate() {
        assert_eq!(line["step"], number);
        assert!(line["cause"].as_u64().is_none_or(|cause| (cause as usize) < number));
        assert!(line["place"].is_string() && line["event"].is_string());
    }
    assert!(trace.is_sorted_by_key(|line| line["at_us"].as_u64()));
    let lost = trace.iter().find(|line| line["event"] == "lost-write").expect("a lost write");
    assert_eq!((&lost["place"], &lost["gtid"]), (&"alice".into(), &"n1:2".into()));
    let received = trace.iter().find(|line| line["event"] == "received").expect("an arrival");
    let took = received["at_us"].as_u64().zip(received["sent_us"].as_u64());
    assert_eq!(took.map(|(at, sent)| at - sent), Some(10_000));
    assert_eq!(received["from"], "n1");
}

#[test]
fn a_shiviz_log_has_a_clock_that_only_grows_for_each_host() {
    let log = out(&run(&["trace", "tree-with-a-dead-relay", "--format", "shiviz"]));
    let lines: Vec<&str> = log.lines().collect();
    let mut own: Vec<(String, u64)> = Vec::new();
    for pair in lines.chunks(2) {
        let (host, clock) = pair[0].split_once(' ').expect("host and clock");
        let clock: Value = serde_json::from_str(clock).expect("a JSON clock");
        let count = clock[host].as_u64().expect("its own entry");
        match own.iter_mut().find(|(name, _)| name == host) {
            Some((_, before)) => {
                assert_eq!(count, *before + 1, "{host}");
                *before = count;
            }
            None => {
                assert_eq!(count, 1, "{host}");
                own.push((host.to_string(), 1));
            }
        }
        // Nobody has seen more of another host than has happened there.
        for (other, seen) in clock.as_object().into_iter().flatten() {
            let happened = own.iter().find(|(name, _)| name == other).map(|(_, count)| *count);
            assert!(seen.as_u64() <= happened, "{host} has seen {seen} of {other}");
        }
        assert!(!pair[1].is_empty());
    }
    assert!(own.len() >= 9, "seven servers, a client, the operator: {own:?}");
}

#[test]
fn a_jepsen_history_pairs_every_call_and_retires_who_heard_nothing() {
    let history = out(&run(&["trace", "quorum-rides-out-a-partition", "--format", "jepsen"]));
    let edn = out(&run(&["trace", "quorum-rides-out-a-partition", "--format", "edn"]));
    assert_eq!(history, edn, "two names of one format");
    let field = |line: &str, name: &str| {
        let rest = line.split_once(&format!("{name} ")).expect("the field is there").1;
        rest.split([',', '}']).next().expect("it has a value").to_string()
    };
    let mut open: Vec<String> = Vec::new();
    let mut retired: Vec<String> = Vec::new();
    for (number, line) in history.lines().enumerate() {
        assert!(line.starts_with('{') && line.ends_with('}'), "{line}");
        assert_eq!(field(line, ":index"), number.to_string());
        let process = field(line, ":process");
        assert!(!retired.contains(&process), "{process} speaks after :info");
        match field(line, ":type").as_str() {
            ":invoke" => {
                assert!(!open.contains(&process), "{process} has two operations under way");
                open.push(process);
            }
            end => {
                let at = open.iter().position(|other| *other == process).expect("it was invoked");
                open.remove(at);
                if end == ":info" {
                    assert!(line.contains(":value [\"last\" \"who hears this?\"]"), "{line}");
                    assert!(line.contains(":error :timeout"), "{line}");
                    retired.push(process);
                }
            }
        }
    }
    assert!(open.is_empty(), "everybody was told or gave up: {open:?}");
    assert_eq!(retired.len(), 1);
}

#[test]
fn a_refused_write_certainly_failed_and_a_read_carries_its_value() {
    let scenario = "until = \"2s\"\n[[client]]\nid = \"a\"\n\
        [[at]]\ntime = \"1ms\"\nwrite = { client = \"a\", key = \"k\", value = \"x\\\"y\" }\n\
        [[at]]\ntime = \"100ms\"\nwrite = { client = \"a\", key = \"k\", value = 2, to = \"n2\" }\n\
        [[at]]\ntime = \"300ms\"\nread = { client = \"a\", key = \"k\", to = \"n1\" }\n";
    let history = out(&run_with(&["trace", "-", "--format", "jepsen"], scenario));
    let line = |start: &str| {
        let found = history.lines().find(|line| line.contains(start));
        found.unwrap_or_else(|| panic!("{start} is not in\n{history}"))
    };
    assert!(line(":type :fail").contains(":error \"a replica takes no writes\""));
    assert!(line(":type :ok, :f :read").contains(":value [\"k\" \"x\\\"y\"]"));
    assert!(line(":type :invoke, :f :read").contains(":value [\"k\" nil]"));
}

#[test]
fn a_link_holds_the_scenario() {
    let link = out(&run(&["link", "two-sites"]));
    let opened = Link::decode(link.trim_end()).expect("a good link");
    let shown = read_scenario(&out(&run(&["show", "two-sites"]))).expect("a good file");
    assert_eq!(opened.scenario, shown);
}

#[test]
fn the_schema_is_json_that_names_every_part() {
    let schema = json(&run(&["schema"]));
    for field in ["cluster", "network", "client", "workload", "at", "node"] {
        assert!(schema["properties"][field].is_object(), "{field}");
    }
}

/// A busy star whose reads go anywhere, for half a second.
const BUSY: &str = "until = \"500ms\"\n[cluster]\nnodes = 3\n\
    [network]\nlatency = { mean = \"8ms\" }\n\
    [[client]]\nid = \"a\"\n[[client]]\nid = \"b\"\n\
    [[workload]]\nclient = \"a\"\nrate = \"200/s\"\nreads = 0.5\nkeys = 2\n\
    [[workload]]\nclient = \"b\"\nrate = \"200/s\"\nreads = 0.5\nkeys = 2\n";

#[test]
fn a_check_names_what_broke_when_for_whom_and_why_and_exits_with_1() {
    let found = run_with(&["check", "-", "--seeds", "3..6"], BUSY);
    assert_eq!(found.status.code(), Some(1), "{}", err(&found));
    let text = String::from_utf8(found.stdout).expect("text");
    assert!(text.contains("seed 3: linearizable violated "), "{text}");
    assert!(text.contains("seed 5:   at ") && text.contains(" us, client a, key k"), "{text}");
    assert!(text.contains("did not have the client's own n1:"), "{text}");
    assert!(text.contains("3 runs, "), "{text}");
    // The invariants hold all the same, and so do those guarantees that async does not touch.
    for guarantees in ["none", "monotonic-writes"] {
        let held = run_with(&["check", "-", "--guarantees", guarantees, "--jobs", "1"], BUSY);
        assert!(out(&held).contains("held in 1, something was violated in 0"));
    }
    let unknown = run_with(&["check", "-", "--guarantees", "snapshot"], BUSY);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(err(&unknown).contains("there is no guarantee `snapshot`: expected some of linear"));
}

/// Runs with a scenario on standard input; the output goes to a file of this name.
fn report_file(name: &str, arguments: &[&str]) -> (String, Vec<u8>) {
    let output = run_with(arguments, BUSY);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, &output.stdout).expect("it can be written");
    (path.to_string_lossy().into_owned(), output.stdout)
}

#[test]
fn a_sweep_in_shards_merged_equals_the_whole_sweep_byte_for_byte() {
    let sweep =
        "sweep - --seeds 10..21 --set cluster.ack=async,quorum,network.loss=0,0.1 --format json";
    let sweep: Vec<&str> = sweep.split(' ').collect();
    let with = |more: &[&'static str]| [sweep.as_slice(), more].concat();
    let (_, whole) = report_file("whole.json", &with(&["--jobs", "1"]));
    let shards = ["1/4", "2/4", "3/4", "4/4"]
        .map(|shard| report_file(&format!("{}.json", &shard[..1]), &with(&["--shard", shard])).0);
    let [one, two, three, four] = shards.each_ref().map(String::as_str);
    let merged = run(&["merge", three, one, four, two, "--format", "json"]);
    assert_eq!(out(&merged).as_bytes(), whole, "in any order");
    // Merged twice over, and merged alone, nothing is lost either.
    let half = run(&["merge", two, one, "--format", "json"]);
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("half.json");
    std::fs::write(&path, &half.stdout).expect("it can be written");
    let half = path.to_string_lossy().into_owned();
    assert_eq!(run(&["merge", &half, four, three, "--format", "json"]).stdout, whole);

    let report: Value = serde_json::from_slice(&whole).expect("JSON");
    assert_eq!(report["seeds"], serde_json::json!([[10, 21]]));
    let cells = report["cells"].as_array().expect("a list");
    assert_eq!(cells.len(), 4);
    for cell in cells {
        assert_eq!(cell["tally"]["runs"], 11);
        let latency = &cell["tally"]["distributions"]["write_latency_us"];
        assert_eq!(latency["count"], cell["tally"]["counts"]["writes_acknowledged"], "{latency}");
    }
    let violated = |cell: usize, name: &str| {
        cells[cell]["tally"]["guarantees"][name]["violated"]["count"].as_u64()
    };
    assert_eq!(violated(0, "linearizable"), Some(11), "async, reads anywhere");
    let text = out(&run(&["merge", one, two, three, four]));
    assert!(text.contains("cluster.ack = quorum, network.loss = 0.1\n  11 runs, "), "{text}");

    for (arguments, expected) in [
        (vec!["merge", one, two, one], "seed 10 is in an earlier one too"),
        (vec!["merge", "no/such.json"], "No such file"),
        (vec!["merge", env!("CARGO_MANIFEST_PATH")], "line 1 column"),
    ] {
        let refused = run(&arguments);
        assert_eq!(refused.status.code(), Some(2));
        assert!(err(&refused).contains(expected), "{}", err(&refused));
    }
    let text = String::from_utf8(whole).expect("text");
    let edited = text.replacen("\"p99\": ", "\"p99\": 9", 1);
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("edited.json");
    std::fs::write(&path, edited).expect("it can be written");
    let refused = run(&["merge", &path.to_string_lossy()]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("is not what its buckets come to"), "{}", err(&refused));
    let empty = run(&["merge", "/dev/null"]);
    assert!(err(&empty).contains("expected what `sweep --format json` prints"), "{}", err(&empty));
}

#[test]
fn a_sweep_that_makes_no_sense_is_refused_before_its_first_run() {
    for (arguments, expected) in [
        (vec!["--seeds", "5..5"], "holds no seed"),
        (vec!["--seeds", "0..2", "--shard", "3/2"], "expected a shard such as 1/4"),
        (vec!["--seeds", "0..2", "--set", "cluster.akc=async"], "cluster.akc: unknown field"),
        (
            vec!["--seeds", "0..2", "--set", "cluster.fanout=3,0"],
            "cluster.fanout=0: cluster.fanout: ",
        ),
        (vec!["--seeds", "0..2", "--set", "cluster.ack"], "expected PATH=VALUE,..."),
        (vec!["--seeds", "0..2", "--jobs", "0"], "--jobs"),
    ] {
        let refused = run(&[&["sweep", "busy-star"], arguments.as_slice()].concat());
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        assert!(refused.stdout.is_empty());
        assert!(err(&refused).contains(expected), "{arguments:?}: {}", err(&refused));
    }
}

#[test]
fn a_lesson_that_lies_ends_with_1_and_says_where() {
    let lying = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lying-lesson.toml");
    let output = run(&["lesson", "check", lying]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.contains("lying-lesson.toml:31:10: predict.choice[0].claim[0]"), "{told}");
    assert!(told.contains("1 lesson: 9 statements do not hold"), "{told}");
    let true_one = concat!(env!("CARGO_MANIFEST_DIR"), "/static/lessons/replication-lag.toml");
    assert!(out(&run(&["lesson", "check", true_one])).contains("0 statements do not hold"));
    let scenario = out(&run(&["lesson", "scenario", true_one]));
    assert!(read_scenario(&scenario).is_ok(), "{scenario}");
    let refused = run_with(&["lesson", "check", "-"], "title = 1");
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("-:1:9: title"), "{}", err(&refused));
}
