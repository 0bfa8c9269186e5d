//! What the reader of files says about good files and bad ones.

use super::*;
use crate::base::{Luck, Purpose};
use crate::recording::BUILTINS;

fn refusal(text: &str) -> String {
    let error = read_scenario(text).expect_err(text);
    error.to_string()
}

#[test]
fn a_refusal_names_the_place_what_was_found_and_what_was_expected() {
    let cases = [
        (
            "[cluster]\nnodes = 70000",
            "line 2, column 9: cluster.nodes: invalid value: integer `70000`, expected a whole \
             number from 0 to 65535",
        ),
        ("[cluster]\nnodes = 0", "line 2, column 9: cluster.nodes: 0 nodes: expected 1 to 1024"),
        (
            "until = 10",
            "line 1, column 9: until: invalid type: integer `10`, expected a duration such as \
             \"10ms\" or \"1.5s\"",
        ),
        (
            "[network]\nloss = 1.5",
            "line 2, column 8: network.loss: 1.5 is not a probability: expected 0.0 to 1.0",
        ),
        (
            "[cluster]\ntopology = \"stra\"",
            "line 2, column 12: cluster.topology: unknown name `stra`, expected one of `star`, \
             `chain`, `ring`, `tree`, `custom`",
        ),
        (
            "[cluster]\nack = { cuont = 9 }",
            "line 2, column 9: cluster.ack.cuont: unknown field `cuont`, expected one of \
             `count`, `point`, `timeout`, `on_timeout`, `visible`, `from`",
        ),
        (
            "[[client]]\nid = \"a\"\n[[client]]\nid = \"a\"",
            "line 4, column 6: client[1].id: \"a\" is described twice",
        ),
        (
            "[[at]]\ntime = \"1s\"\nwrite = { client = \"x\", key = \"k\", value = 1 }",
            "line 3, column 20: at[0].write.client: there is no client \"x\": the scenario has \
             none",
        ),
        (
            "[[client]]\nid = \"x\"\n[[at]]\ntime = \"1s\"\n\
             write = { client = \"x\", key = \"k\", value = 1.5 }",
            "line 5, column 44: at[0].write.value: invalid type: floating point `1.5`, expected a \
             text or a whole number",
        ),
        (
            "[[at]]\ntime = \"1s\"\ncrash = \"n1\"\nheal = true",
            "line 4, column 1: at[0].heal: one command each: `heal` is a second one",
        ),
        ("[[at]]\ncrash = \"n1\"", "line 1, column 1: at[0]: missing field `time`"),
        (
            "[[at]]\ntime = \"11s\"\nheal = true",
            "line 2, column 8: at[0].time: 11s is after the end of the run, 10s",
        ),
        ("a = 1\na = 2", "line 2, column 1: duplicate key"),
        (
            "{\n \"at\": [\n {\"time\": \"1s\", \"crash\": \"n9\"}]}",
            "line 3, column 26: at[0].crash: there is no n9: this cluster has n1 to n4",
        ),
        (
            "{\"at\": [{\"time\": \"1s\", \"write\": {\"client\": 3}}]}",
            "line 1, column 44: at[0].write.client: invalid type: integer `3`, expected a text in \
             quotes",
        ),
        ("{\"seed\": 1} x", "line 1, column 13: trailing characters"),
    ];
    for (text, expected) in cases {
        assert_eq!(refusal(text), expected, "{text}");
    }
    let unknown = refusal("[cluster]\nfanuot = 1");
    assert!(
        unknown.starts_with(
            "line 2, column 1: cluster.fanuot: unknown field `fanuot`, expected one of `topology`"
        ),
        "{unknown}"
    );
}

#[test]
fn a_file_over_the_limit_or_not_in_utf8_is_refused() {
    let long = " ".repeat(limits::FILE_MAX + 1);
    assert!(refusal(&long).contains("expected at most 16777216"));
    let error = read_bytes(b"name = \"a\"\n# \xff").expect_err("not UTF-8");
    assert_eq!((error.line, error.column), (2, 3));
}

/// What comes of a text that is read so many lines at a time.
fn read_by(text: &str, lines: usize) -> Result<Scenario, ScenarioError> {
    let mut reader = Reader::default();
    loop {
        if let Some(scenario) = reader.go_on(text, lines)? {
            return Ok(scenario);
        }
    }
}

#[test]
fn a_text_read_in_pieces_says_the_same_as_one_read_at_once() {
    let wrong = ["[[at]]\ntime = 1\n", "= 1", "[cluster]\nnodes = 0\n", "[cluster]\n"];
    for builtin in BUILTINS {
        for tail in wrong.into_iter().chain([""]) {
            let text = format!("{}\n{tail}", builtin.text);
            for lines in [1, 7] {
                assert_eq!(read_by(&text, lines), read_scenario(&text), "{}", builtin.name);
            }
        }
    }
}

#[test]
fn every_builtin_reads_back_equal_from_what_is_printed() {
    for builtin in BUILTINS {
        let scenario =
            builtin.scenario().unwrap_or_else(|error| panic!("{}: {error}", builtin.name));
        for text in [to_toml(&scenario), to_json(&scenario)] {
            assert_eq!(read_scenario(&text).as_ref(), Ok(&scenario), "{}\n{text}", builtin.name);
        }
    }
}

#[test]
fn a_scenario_with_every_field_reads_back_equal() {
    let text = include_str!("every-field.toml");
    let scenario = read_scenario(text).expect("every field is known");
    assert_eq!(read_scenario(&to_toml(&scenario)), Ok(scenario.clone()));
    assert_eq!(read_scenario(&to_json(&scenario)), Ok(scenario.clone()));
    // The file is written as it is printed, so that a new field must be added here too.
    assert_eq!(to_toml(&scenario), text);
}

#[test]
fn a_damaged_file_is_refused_or_read_and_never_breaks_the_reader() {
    for builtin in BUILTINS {
        let json = to_json(&builtin.scenario().expect("a good file"));
        for text in [builtin.text, &json] {
            for nth in 0..400 {
                let draw = Luck(11).draw(Purpose::Generator, text.len() as u64, nth);
                let mut bytes = text.as_bytes().to_vec();
                let place = (draw >> 16) as usize % bytes.len();
                match draw % 4 {
                    0 => bytes.truncate(place),
                    1 => bytes[place] ^= 1 << (draw >> 8 & 7),
                    2 => drop(bytes.remove(place)),
                    _ => bytes.insert(place, b"\"[]{}=,.\n\\"[(draw >> 8) as usize % 10]),
                }
                if let Ok(scenario) = read_bytes(&bytes) {
                    assert_eq!(read_scenario(&to_toml(&scenario)).as_ref(), Ok(&scenario));
                }
            }
        }
    }
}

#[test]
fn every_command_has_an_example_that_reads_as_one() {
    let scenario = read_scenario(include_str!("every-field.toml")).expect("every field is known");
    for name in Command::names() {
        let line = example(name).unwrap_or_else(|| panic!("{name} has no example"));
        let command = read_live_command(line, &scenario).map_err(|error| error.to_string());
        assert_eq!(command.map(|command| command.name()), Ok(*name), "{line}");
    }
    assert_eq!(example("cra"), None);
}

#[test]
fn a_live_command_reads_the_same_from_a_line_of_a_file_and_from_json() {
    let scenario = Scenario::default();
    let read = |text: &str| read_live_command(text, &scenario).map_err(|error| error.to_string());
    assert_eq!(read("crash = \"n2\""), read(r#"{"crash": "n2"}"#));
    assert_eq!(read(" heal "), read(r#"{"heal": true}"#));
    for (text, place) in [
        ("crash = \"n5\"", "line 1, column 9: crash: there is no n5"),
        ("crahs = \"n1\"", "line 1, column 1: crahs: unknown command `crahs`, expected one of"),
        ("crash = n1", "line 1, column 9"),
        ("crash", "line 1, column 6: crash: invalid type"),
        ("crash = \"n1\"\nheal = true", "line 1, column 1: invalid"),
        ("", "line 1, column 1: "),
    ] {
        let error = read(text).expect_err(text);
        assert!(error.starts_with(place), "{text}: {error}");
    }
}

#[test]
fn a_live_command_is_checked_against_the_scenario_it_is_for() {
    let scenario = Scenario::default();
    let read = |text: &str| read_live_command(text, &scenario).map_err(|error| error.to_string());
    assert!(read(r#"{"crash": "n4"}"#).is_ok());
    let refused = [
        (
            r#"{"crash": "n5"}"#,
            "line 1, column 11: crash: there is no n5: this cluster has n1 to n4",
        ),
        (
            r#"{"write": {"client": "x", "key": "k", "value": 1}}"#,
            "line 1, column 22: write.client: there is no client \"x\": the scenario has none",
        ),
        (r#"{"repoint": {}}"#, "line 1, column 13: repoint: missing field `node`"),
    ];
    let sql = r#"{"sql": "SELECT age FROM users"}"#;
    assert!(read(sql).is_err_and(|error| error.ends_with("the scenario has none")));
    for (text, expected) in refused {
        assert_eq!(read(text), Err(expected.to_string()));
    }
}

#[test]
fn operations_name_servers_that_are_there_or_join() {
    let at = |command: &str| format!("[cluster]\nnodes = 2\n[[at]]\ntime = \"1s\"\n{command}");
    assert_eq!(
        refusal(&at("remove-node = \"n3\"")),
        "line 5, column 15: at[0].remove-node: there is no n3: this cluster has n1 to n2"
    );
    assert_eq!(
        refusal(&at("repoint = { node = \"n1\", source = \"n1\" }")),
        "line 5, column 35: at[0].repoint.source: n1 cannot follow itself"
    );
    assert_eq!(
        refusal(&at("add-node = { source = \"n4\" }")),
        "line 5, column 23: at[0].add-node.source: there is no n4: this cluster has n1 to n3, \
         with 1 that join"
    );
    assert_eq!(
        refusal(&at("add-node = { form = \"n1\" }")),
        "line 5, column 14: at[0].add-node.form: unknown field `form`, expected `source`"
    );
    assert_eq!(
        refusal("[cluster]\nnodes = 1024\n[[at]]\ntime = \"1s\"\nadd-node = true"),
        "line 5, column 12: at[0].add-node: more nodes than 1024: numbers are not given twice"
    );
    assert_eq!(
        refusal("[cluster]\nloop_filter = \"gtid\""),
        "line 2, column 15: cluster.loop_filter: invalid value: string \"gtid\", expected true, \
         false or \"origin\""
    );
    let joins = at("add-node = true\n[[at]]\ntime = \"2s\"\nremove-node = \"n3\"");
    assert!(read_scenario(&joins).is_ok());
}
