//! `docs/invariants.md` says what is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use replication::check::INVARIANTS;

/// What `check/invariant` in a row stands for.
const EVERY_STEP: &str = "check/invariant";

struct Row {
    number: String,
    claim: String,
    status: String,
    place: String,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn rows() -> Vec<Row> {
    let text = read(&root().join("docs/invariants.md"));
    let cells = |line: &str| -> Vec<String> {
        line.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_string()).collect()
    };
    let table = text.lines().filter(|line| {
        let number = line.strip_prefix("| I").or_else(|| line.strip_prefix("| E"));
        number.is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
    });
    let row = |line: &str| match cells(line).as_slice() {
        [number, claim, status, place] => Row {
            number: number.clone(),
            claim: claim.clone(),
            status: status.clone(),
            place: place.clone(),
        },
        other => panic!("four cells expected, not {}: {line}", other.len()),
    };
    table.map(row).collect()
}

/// What stands in backticks.
fn named(row: &Row) -> impl Iterator<Item = &str> {
    row.place.split('`').skip(1).step_by(2)
}

/// The sources of a test file, which may be a folder; with a folder before it, of `src`.
fn sources(file: &str) -> String {
    if file.contains('/') {
        return read(&root().join("src").join(file).with_extension("rs"));
    }
    let folder = root().join("tests").join(file);
    let single = folder.with_extension("rs");
    if single.exists() {
        return read(&single);
    }
    let parts = fs::read_dir(&folder).unwrap_or_else(|_| panic!("there is no tests/{file}"));
    parts.map(|part| read(&part.expect("it can be listed").path())).collect()
}

#[test]
fn numbers_1_to_50_are_there_once_and_in_order() {
    let numbers = rows().into_iter().map(|row| row.number);
    let numbers: Vec<String> = numbers.filter(|number| number.starts_with('I')).collect();
    let expected: Vec<String> = (1..=50).map(|number| format!("I{number}")).collect();
    assert_eq!(numbers, expected);
}

#[test]
fn every_test_it_names_exists() {
    for row in rows() {
        for name in named(&row).filter(|name| *name != EVERY_STEP) {
            let (file, test) = name.split_once("::").unwrap_or_else(|| {
                panic!("{}: `{name}` is no file::name and not `{EVERY_STEP}`", row.number)
            });
            let is_test = sources(file).contains(&format!("#[test]\nfn {test}()"));
            assert!(is_test, "{}: {file} has no test `{test}`", row.number);
        }
    }
}

#[test]
fn what_is_held_at_every_step_is_what_the_table_says_is() {
    let checked: BTreeSet<&str> = INVARIANTS.iter().map(|one| one.number).collect();
    let rows = rows();
    let told = rows.iter().filter(|row| named(row).any(|name| name == EVERY_STEP));
    let told: BTreeSet<&str> = told.map(|row| row.number.as_str()).collect();
    assert_eq!(told, checked, "left the table, right src/check/invariant");
}

#[test]
fn each_status_is_backed_by_what_it_needs() {
    for Row { number, claim, status, place } in rows() {
        let row = format!("{number}: {status}");
        let parts: Vec<&str> = status.split(", ").collect();
        assert!(claim.contains("P ") || claim.contains("N ") || claim.contains("(P)"), "{row}");
        for part in &parts {
            let seeds = part.strip_prefix("found (").and_then(|rest| rest.strip_suffix(')'));
            match (*part, seeds) {
                (_, Some(seeds)) => {
                    let within: u64 = seeds.parse().unwrap_or_else(|_| panic!("{row}: how many?"));
                    assert!(place.contains("`found::"), "{row}: which search of tests/found.rs?");
                    let searched = sources("found").contains(&format!("found({within}, "));
                    assert!(searched, "{row}: no search of tests/found.rs tries {within} seeds");
                    assert!(claim.contains('N'), "{row}: the claim names nothing that must fail");
                }
                ("held", _) => assert!(place.contains('`'), "{row}: where?"),
                ("n/a", _) => assert!(!place.is_empty() && parts.len() == 1, "{row}: why?"),
                (other, _) => panic!("{row}: `{other}` is no status"),
            }
        }
    }
}
