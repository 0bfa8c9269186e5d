//! What a log of statements, of rows and of both does to replicas: the laws, the costs, and what
//! goes wrong.

#![cfg(not(target_arch = "wasm32"))]

use replication::base::{Luck, NodeId, Purpose, scaled};
use replication::check::statements::statement;
use replication::check::{Report, report};
use replication::data::sql::{Column, Context, Logged, Safety, Site, parse};
use replication::data::table::{Table, Unfit};
use replication::data::{Gtid, Value};
use replication::node::{Fact, LoggedAs, Reason, Told};
use replication::policy::LogFormat;
use replication::recording::{Recording, read_scenario};
use replication::sim::{Command, Outcome, Record, Scenario, SqlCommand, Stamped};

fn run(text: &str) -> (Recording, Report) {
    let scenario = read_scenario(text).unwrap_or_else(|error| panic!("{error}"));
    run_scenario(scenario)
}

fn run_scenario(scenario: Scenario) -> (Recording, Report) {
    let mut recording = Recording::new(scenario);
    recording.finish();
    let report = report(&recording);
    (recording, report)
}

fn facts(recording: &Recording) -> impl Iterator<Item = Record> {
    recording.trace().since(0).map(|(_, record)| record)
}

fn table(recording: &Recording, node: usize) -> &Table {
    recording.head().nodes[node - 1].disk.store.users.table()
}

/// A cluster of three with a table of so many rows, and these statements, 100 ms apart.
fn cluster(settings: &str, statements: &[&str]) -> String {
    let mut text = format!(
        "until = \"10s\"\n[cluster]\nnodes = 3\n{settings}\n[network]\nlatency = \"5ms\"\n\
         [[client]]\nid = \"alice\"\n"
    );
    for (nth, statement) in statements.iter().enumerate() {
        text += &format!("[[at]]\ntime = \"{}ms\"\nsql = \"{statement}\"\n", 100 * (nth + 1));
    }
    text
}

/// What each statement took in the log, and how many rows it changed.
fn executed(recording: &Recording) -> Vec<(u32, u32, LoggedAs)> {
    let executed = |record: Record| match record.fact {
        Fact::Executed { rows, bytes, logged, .. } => Some((rows, bytes, logged)),
        _ => None,
    };
    facts(recording).filter_map(executed).collect()
}

/// The figures of MariaDB 10.11 for a table of 50,000 rows (SEMANTICS A3.3), within one byte in
/// 10,000.
#[test]
fn formats_cost_what_mariadb_measured() {
    let all = "UPDATE users SET age=age+1 WHERE age>18";
    let one = "UPDATE users SET age=age+1 WHERE id=1";
    let far = "UPDATE users SET age=age+1 WHERE id=50000";
    let cost = |settings: &str| {
        let (recording, report) =
            run(&cluster(&format!("users = 50000\n{settings}"), &[all, one, far]));
        assert!(report.converged);
        let executed = executed(&recording);
        assert_eq!(executed.iter().map(|(rows, ..)| *rows).collect::<Vec<_>>(), [50_000, 1, 1]);
        executed.iter().map(|(_, bytes, _)| *bytes).collect::<Vec<_>>()
    };
    assert_eq!(cost("log_format = \"statement\"")[..2], [213, 211]);
    let near = |found: u32, measured: u32| found.abs_diff(measured) <= measured / 10_000;
    let full = cost("log_format = \"row\"");
    assert!(near(full[0], 3_090_895), "{}", full[0]);
    // The row measured had an email of 21 characters, as the last rows here have.
    assert_eq!(full[2], 307);
    let minimal = cost("row_image = \"minimal\"");
    assert!(near(minimal[0], 502_292), "{}", minimal[0]);
    assert!(minimal[1] < full[1]);
}

#[test]
fn the_row_format_takes_the_time_that_its_bytes_take_on_the_wire() {
    let lag = |format: &str| {
        let text = cluster(
            &format!("users = 50000\nlog_format = \"{format}\""),
            &["UPDATE users SET age=age+1 WHERE age>18"],
        );
        let text = text.replace("latency = \"5ms\"", "latency = \"5ms\"\nbandwidth = \"10Mbit/s\"");
        run(&text).1.lag_us["n2"].max
    };
    let (statement, row) = (lag("statement"), lag("row"));
    assert!(statement < 10_000, "{statement}");
    // 3.09 MB at 10 Mbit/s are 2.47 s.
    assert!((2_470_000..2_490_000).contains(&row), "{row}");
}

#[test]
fn each_row_costs_time_on_a_replica_whatever_the_format() {
    let lag = |format: &str| {
        let settings =
            format!("users = 10000\nlog_format = \"{format}\"\napply_row_delay = \"20us\"");
        let statements =
            ["UPDATE users SET age=age+1 WHERE age>60", "UPDATE users SET age=9 WHERE id = 4"];
        run(&cluster(&settings, &statements)).1.lag_us["n2"].clone()
    };
    // A statement looks at all 10,000 rows; 1,800 of them are older than 60.
    assert!((205_000..206_000).contains(&lag("statement").max), "{:?}", lag("statement"));
    assert!((41_000..42_000).contains(&lag("row").max), "{:?}", lag("row"));
}

/// A run of one primary with random statements of one class.
fn random_run(seed: u64, format: LogFormat, safe: bool) -> (Scenario, Report, bool) {
    let mut nth = 0;
    let mut roll = |below: u64| {
        nth += 1;
        scaled(Luck(seed).draw(Purpose::Generator, 77, nth), below)
    };
    let settings = format!("users = {}", [2, 30, 400][roll(3) as usize]);
    let workers = roll(3) + 1;
    let settings =
        format!("{settings}\napply_workers = {workers}\napply_delay = {{ mean = \"9ms\" }}");
    let settings = format!("{settings}\nack = \"{}\"", ["async", "quorum"][roll(2) as usize]);
    let mut scenario = read_scenario(&cluster(&settings, &[])).expect("a good file");
    scenario.seed = seed;
    scenario.cluster.log_format = format;
    for _ in 0..12 {
        let text = statement(&mut roll, safe);
        let time = replication::base::Span::ms(roll(300));
        scenario.at.push(Stamped { time, command: Command::Sql(SqlCommand::new(&text)) });
    }
    scenario.at.sort_by_key(|stamped| stamped.time);
    let (recording, report) = run_scenario(scenario.clone());
    let skipped = facts(&recording).any(|record| matches!(record.fact, Fact::Unfit { .. }));
    (scenario, report, skipped)
}

/// I6: a log of rows converges whatever the statements are. I7: a log of statements converges if
/// each is captured, and a mixed log always does.
#[test]
fn rows_and_mixed_always_converge_and_statements_do_if_all_is_captured() {
    for seed in 0..60 {
        for (format, safe) in [
            (LogFormat::Row, false),
            (LogFormat::Mixed, false),
            (LogFormat::Row, true),
            (LogFormat::Mixed, true),
            (LogFormat::Statement, true),
        ] {
            let (scenario, report, skipped) = random_run(seed, format, safe);
            assert!(report.converged, "{:?} {:?}", report.divergent_keys, scenario);
            assert!(!skipped, "{scenario:?}");
        }
    }
}

/// I7, the other half: statements that are not captured do diverge in a log of statements.
#[test]
fn statements_that_are_not_captured_diverge() {
    let diverged = (0..60).filter(|seed| {
        let (_, report, _) = random_run(*seed, LogFormat::Statement, false);
        assert_eq!(report.converged, report.divergent_keys.is_empty());
        !report.converged
    });
    // A random dozen rarely spares the rows it made differ.
    let diverged = diverged.count();
    assert!(diverged > 52, "{diverged} of 60");
}

/// Each function by itself, as MariaDB 10.11 replicated it (SEMANTICS A3.2).
#[test]
fn every_function_does_on_replicas_what_mariadb_was_seen_to_do() {
    let cases = [
        ("UPDATE users SET updated_at = NOW()", true, false),
        ("UPDATE users SET updated_at = UNIX_TIMESTAMP()", true, false),
        ("INSERT INTO users (age) VALUES (RAND())", true, false),
        ("INSERT INTO users (age) VALUES (LAST_INSERT_ID())", true, false),
        ("UPDATE users SET age = CONNECTION_ID()", true, false),
        ("UPDATE users SET age = @@server_id", true, true),
        ("UPDATE users SET token = UUID()", false, true),
        ("UPDATE users SET token = UUID() WHERE id = 1", false, true),
        ("UPDATE users SET updated_at = SYSDATE()", false, true),
        ("UPDATE users SET name = USER()", false, true),
        ("UPDATE users SET age = RAND()", false, true),
        ("UPDATE users SET age = 1 LIMIT 7", false, true),
        ("DELETE FROM users LIMIT 7", false, true),
        ("UPDATE users SET age = 1 ORDER BY id LIMIT 7", true, false),
    ];
    for (text, equal, as_rows) in cases {
        let of = |format: &str| {
            let settings = format!("users = 1000\nlog_format = \"{format}\"");
            let (recording, report) = run(&cluster(&settings, &[text]));
            (report.converged, executed(&recording)[0].2)
        };
        let logged = if as_rows { LoggedAs::UnsafeStatement } else { LoggedAs::Statement };
        assert_eq!(of("statement"), (equal, logged), "{text}");
        assert_eq!(of("row"), (true, LoggedAs::Rows), "{text}");
        let logged = if as_rows { LoggedAs::Rows } else { LoggedAs::Statement };
        assert_eq!(of("mixed"), (true, logged), "{text}");
    }
}

#[test]
fn a_divergence_is_shown_by_row_and_column() {
    let statements = [
        "UPDATE users SET token = UUID() WHERE id > 10 AND id <= 20 OR id = 7",
        "UPDATE users SET age = 5",
    ];
    let text = cluster("users = 100\nlog_format = \"statement\"", &statements);
    let (_, report) = run(&text);
    assert_eq!(report.divergent_keys, ["users/7.token", "users/11-20.token"]);
    assert!(!report.converged);
}

fn site(node: u16) -> Site {
    Site { node: NodeId(node), clock: 5, luck: Luck(3) }
}

fn logged(text: &str) -> Logged {
    let statement = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let context = Context { insert_id: 900, step: 1, seed: 4, ..Context::default() };
    Logged { statement, text: text.into(), context }
}

fn carry_out(table: &mut Table, text: &str) -> Result<(), Unfit> {
    let rows = logged(text).carry_out(table, Gtid { origin: NodeId(0), seq: 1 }, &site(0))?;
    table.apply(&rows)
}

/// Stretches are computed at once; a row at a time must come to the same.
#[test]
fn a_statement_on_all_rows_is_the_same_statement_on_each_of_them() {
    let mut changed = 0;
    for seed in 0..120 {
        let mut nth = 0;
        let mut roll = |below: u64| {
            nth += 1;
            scaled(Luck(seed).draw(Purpose::Generator, 78, nth), below)
        };
        let mut whole = Table::seeded(40);
        for _ in 0..6 {
            let text = statement(&mut roll, true);
            let drawn = text.contains("LIMIT") || text.contains("RAND");
            let (head, filter) = match text.split_once(" WHERE ") {
                Some(parts) if !drawn => parts,
                Some(_) | None => {
                    let _ = carry_out(&mut whole, &text);
                    continue;
                }
            };
            let mut rows = whole.clone();
            if carry_out(&mut whole, &text).is_err() {
                continue;
            }
            for id in (1..=120).chain(900..=902) {
                let text = format!("{head} WHERE id = {id} AND ({filter})");
                carry_out(&mut rows, &text).expect("what fits together fits alone");
            }
            assert_eq!(whole.diff(&rows), Vec::<String>::new(), "seed {seed}: {text}");
            changed += 1;
        }
    }
    assert!(changed > 240, "{changed}");
}

#[test]
fn the_difference_of_two_tables_is_what_a_look_at_every_row_finds() {
    let mut differences = 0;
    for seed in 0..100 {
        let mut nth = 0;
        let mut roll = |below: u64| {
            nth += 1;
            scaled(Luck(seed).draw(Purpose::Generator, 79, nth), below)
        };
        let (mut a, mut b) = (Table::seeded(40), Table::seeded(40));
        for _ in 0..8 {
            let text = statement(&mut roll, false);
            let _ = carry_out(&mut a, &text);
            let text = if roll(2) == 0 { text } else { statement(&mut roll, true) };
            let _ = carry_out(&mut b, &text);
        }
        let differs = |id: u32, column| a.value(column, id) != b.value(column, id);
        let any = (1..=2_000).any(|id| Column::ALL.into_iter().any(|column| differs(id, column)));
        assert_eq!(any, !a.same_rows(&b), "seed {seed}: {:?}", a.diff(&b));
        let told: usize = a
            .diff(&b)
            .iter()
            .filter(|text| text.ends_with(".age"))
            .map(|text| {
                let ids = text.trim_start_matches("users/").trim_end_matches(".age");
                let ends: Vec<u32> = ids.split('-').map(|id| id.parse().expect("an id")).collect();
                (ends[ends.len() - 1] - ends[0]) as usize + 1
            })
            .sum();
        let both =
            |id: &u32| a.value(Column::Id, *id).is_some() && b.value(Column::Id, *id).is_some();
        let found = (1..=2_000).filter(both).filter(|id| differs(*id, Column::Age)).count();
        assert_eq!(told, found, "seed {seed}");
        differences += found;
    }
    assert!(differences > 400, "{differences}");
}

#[test]
fn half_a_million_rows_are_few_stretches_and_a_copy_shares_them() {
    let mut table = Table::seeded(500_000);
    carry_out(&mut table, "UPDATE users SET age = age + 1 WHERE age > 18").expect("it fits");
    carry_out(&mut table, "UPDATE users SET token = UUID() WHERE id > 1000").expect("it fits");
    carry_out(&mut table, "UPDATE users SET name = CONCAT('u', id)").expect("it fits");
    let stretches: usize = Column::ALL.map(|column| table.stretches(column).len()).iter().sum();
    assert!(stretches < 60, "{stretches}");
    assert_eq!(table.len(), 500_000);
    assert_eq!(table.value(Column::Name, 77), Some(Value::from("u77")));
    let copy = table.clone();
    let shared = |column| std::ptr::eq(copy.stretches(column), table.stretches(column));
    assert!(Column::ALL.into_iter().skip(1).all(shared));
    // What has no formula is refused before it fills the memory.
    assert_eq!(carry_out(&mut table, "UPDATE users SET age = id * id"), Err(Unfit::TooMany));
    assert_eq!(
        carry_out(&mut table, "UPDATE users SET age = 9223372036854775807 + id"),
        Err(Unfit::OutOfRange)
    );
}

/// I31: servers with offsets of their own never give the same id; with one offset for all they do.
#[test]
fn ids_of_distinct_offsets_never_collide() {
    let mut collisions = 0;
    for seed in 0..60 {
        let mut nth = 0;
        let mut roll = |below: u64| {
            nth += 1;
            scaled(Luck(seed).draw(Purpose::Generator, 80, nth), below)
        };
        let nodes = roll(4) + 2;
        let step = nodes + roll(3);
        let mut text = format!(
            "seed = {seed}\nuntil = \"6s\"\n[cluster]\ntopology = \"ring\"\nnodes = {nodes}\n\
             log_format = \"{}\"\nauto_increment = {{ step = {step}, offset = \"node\" }}\n\
             [network]\nlatency = {{ mean = \"30ms\" }}\n[[client]]\nid = \"a\"\n",
            LogFormat::ALL[roll(3) as usize].name()
        );
        for _ in 0..20 {
            text += &format!(
                "[[at]]\ntime = \"{}ms\"\nsql = {{ text = \"INSERT INTO users (age) VALUES (1), \
                 (2)\", to = \"n{}\" }}\n",
                roll(400),
                roll(nodes) + 1
            );
        }
        let mut scenario = read_scenario(&text).expect("a good file");
        scenario.at.sort_by_key(|stamped| stamped.time);
        let unfit = |recording: &Recording| {
            facts(recording).filter(|record| matches!(record.fact, Fact::Unfit { .. })).count()
        };
        let (recording, report) = run_scenario(scenario.clone());
        assert_eq!(unfit(&recording), 0, "seed {seed}");
        assert!(report.converged, "{:?}", report.divergent_keys);
        assert_eq!(table(&recording, 1).len(), 40);
        scenario.cluster.auto_increment = Default::default();
        collisions += unfit(&run_scenario(scenario).0);
    }
    assert!(collisions > 100, "{collisions}");
}

#[test]
fn a_second_row_of_the_same_id_is_refused_at_its_server_and_skipped_elsewhere() {
    let insert = "INSERT INTO users (id, name) VALUES (5, 'x')";
    let (recording, _) = run(&cluster("users = 4", &[insert, insert]));
    let outcomes: Vec<Outcome> = recording.head().ledger.ops.iter().map(|op| op.outcome).collect();
    assert!(matches!(outcomes[0], Outcome::Told(Told::Ok, _)));
    assert!(matches!(outcomes[1], Outcome::Told(Told::Refused(Reason::DuplicateKey), _)));
    assert_eq!(recording.head().nodes[0].disk.last_seq, 1, "no name is given to what failed");
    let two = |node: &str| {
        format!(
            "[[at]]\ntime = \"1s\"\nsql = {{ text = \"INSERT INTO users (id, name) VALUES (5, \
             '{node}')\", to = \"{node}\" }}\n"
        )
    };
    let text = cluster("topology = \"ring\"", &[]) + &two("n1") + &two("n2");
    let (recording, report) = run(&text);
    let skipped: Vec<Record> = facts(&recording)
        .filter(|record| matches!(record.fact, Fact::Unfit { unfit: Unfit::Duplicate(5), .. }))
        .collect();
    assert_eq!(skipped.len(), 3, "n1 and n2 skip the other's, n3 the later");
    assert_eq!(report.divergent_keys, ["users/5.name"]);
}

#[test]
fn a_client_reads_the_table_and_its_last_insert_id_is_its_own() {
    let statements = [
        "INSERT INTO users (name) VALUES ('a'), ('b')",
        "INSERT INTO users (name, age) VALUES ('c', LAST_INSERT_ID())",
        "SELECT age FROM users WHERE name = 'c'",
        "SELECT COUNT(*) FROM users WHERE age = 0",
        "SELECT name FROM users ORDER BY id DESC LIMIT 1",
        "SELECT name FROM users WHERE id = 99",
    ];
    let (recording, _) = run(&cluster("", &statements));
    let found: Vec<Option<Value>> =
        recording.head().ledger.ops.iter().map(|op| op.found.clone()).collect();
    let expected = [None, None, Some(1.into()), Some(2.into()), Some("c".into()), None];
    assert_eq!(found, expected.map(|value: Option<Found>| value.map(|found| found.0)));
}

struct Found(Value);

impl From<i64> for Found {
    fn from(number: i64) -> Found {
        Found(Value::Number(number))
    }
}

impl From<&str> for Found {
    fn from(text: &str) -> Found {
        Found(Value::Text(text.into()))
    }
}

/// While writes wait for acks they are not visible, and still each sees what came before it.
#[test]
fn a_statement_builds_on_the_writes_that_still_wait() {
    for format in LogFormat::ALL {
        let raise = "UPDATE users SET age = age + 1 WHERE id = 1";
        let settings = format!(
            "users = 1\nack = {{ count = 2, point = \"applied\" }}\nlog_format = \"{}\"",
            format.name()
        );
        let mut text = cluster(&settings, &[]);
        (0..20).for_each(|nth| {
            text += &format!("[[at]]\ntime = \"{}ms\"\nsql = \"{raise}\"\n", 10 + nth);
        });
        let (recording, report) = run(&text);
        assert!(report.converged);
        assert_eq!(table(&recording, 2).value(Column::Age, 1), Some(Value::Number(89)));
    }
}

#[test]
fn every_random_statement_can_be_read_and_is_as_safe_as_it_was_asked_to_be() {
    let mut nth = 0;
    let mut roll = |below: u64| {
        nth += 1;
        scaled(Luck(9).draw(Purpose::Generator, 81, nth), below)
    };
    for safe in [true, false] {
        for _ in 0..500 {
            let text = statement(&mut roll, safe);
            let safety = parse(&text).unwrap_or_else(|error| panic!("{text}: {error}")).safety();
            assert_eq!(safety <= Safety::Flagged, safe, "{text}");
        }
    }
}

#[test]
fn a_bad_statement_is_refused_with_its_line_and_both_columns() {
    let text = "[[client]]\nid = \"a\"\n[[at]]\ntime = \"1s\"\nsql = \"UPDATE users WHERE id = 1\"";
    let refused = read_scenario(text).expect_err("it is bad").to_string();
    assert_eq!(refused, "line 5, column 7: at[0].sql: column 14: expected SET, found WHERE");
    let text = "[[client]]\nid = \"a\"\n[[at]]\ntime = \"1s\"\n\
                sql = { client = \"a\", text = \"DROP users\" }";
    let refused = read_scenario(text).expect_err("it is bad").to_string();
    assert_eq!(refused, "line 5, column 30: at[0].sql.text: column 6: expected TABLE, found users");
}
