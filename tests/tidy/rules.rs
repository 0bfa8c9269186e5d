//! Rules about one file at a time.

use crate::source::{Offence, Source, is_name};

/// Columns of a line, in characters.
const WIDTH_MAX: usize = 100;
/// Lines of a Rust file. About 400 is the advice; this is the wall.
const LINES_MAX: usize = 600;

pub fn opens_with_its_doc(source: &Source) -> Vec<Offence> {
    if !source.is("rs") || source.text.starts_with("//! ") {
        return Vec::new();
    }
    vec![Offence::new(1, "no `//!` at the top; say what the file is, and what it is not")]
}

pub fn fits_the_page(source: &Source) -> Vec<Offence> {
    if !["rs", "js", "mjs", "css"].iter().any(|kind| source.is(kind)) {
        return Vec::new();
    }
    // An address cannot be broken.
    let too_wide = |line: &str| line.chars().count() > WIDTH_MAX && !line.contains("://");
    let offences = source.lines().filter(|(_, line)| too_wide(line));
    offences
        .map(|(number, line)| {
            let width = line.chars().count();
            Offence::new(number, format!("{width} columns of at most {WIDTH_MAX}; break the line"))
        })
        .collect()
}

pub fn is_one_concept(source: &Source) -> Vec<Offence> {
    let lines = source.text.lines().count();
    if !source.is("rs") || lines <= LINES_MAX {
        return Vec::new();
    }
    vec![Offence::new(lines, format!("{lines} lines of at most {LINES_MAX}; split it by concept"))]
}

pub fn is_finished(source: &Source) -> Vec<Offence> {
    if !source.is("rs") {
        return Vec::new();
    }
    let unfinished = [
        ("todo!", "write it, or leave the feature out"),
        ("unimplemented!", "write it, or leave the feature out"),
        ("dbg!", "remove it"),
        ("#[ignore", "an ignored test shows nothing; mend it or remove it"),
    ];
    in_code(source, &unfinished)
}

pub fn tests_do_not_sleep(source: &Source) -> Vec<Offence> {
    let is_test = source.path.starts_with("tests/") && !source.path.starts_with("tests/e2e/src/");
    if !source.is("rs") || !is_test {
        return Vec::new();
    }
    in_code(source, &[("sleep(", "wait for the condition itself, as `wait` in tests/e2e does")])
}

/// Paths and hosts that mean something only here and now. They are put together from parts, so that
/// this file does not offend against its own rule.
pub fn knows_no_machine(source: &Source) -> Vec<Offence> {
    let paths = ["work", "root", "tmp", "home", "Users"].map(|name| format!("/{name}"));
    let hosts = ["crates!io", "npmjs!", "pypi!org", "deb!debian!org", "static!rust-lang!org"]
        .map(|host| host.replace('!', "."));
    let mut offences = Vec::new();
    for (number, line) in source.lines() {
        for path in paths.iter().filter(|path| names_path(line, path)) {
            offences.push(Offence::new(
                number,
                format!("`{path}` is a path of one machine; use a relative path or ask the system"),
            ));
        }
        for host in hosts.iter().filter(|host| line.contains(host.as_str())) {
            offences.push(Offence::new(
                number,
                format!("`{host}` is a registry's host; cargo and npm know their own"),
            ));
        }
    }
    offences
}

pub fn is_plain_text(source: &Source) -> Vec<Offence> {
    let mut offences = Vec::new();
    for (index, line) in source.text.split('\n').enumerate() {
        let number = index + 1;
        if line.contains('\t') {
            offences.push(Offence::new(number, "a tab; indent with spaces"));
        }
        if line.contains('\r') {
            offences.push(Offence::new(number, "a carriage return; end lines with LF alone"));
        } else if line.ends_with(' ') && !source.is("md") {
            offences.push(Offence::new(number, "a space at the end of the line; remove it"));
        }
    }
    if !source.text.is_empty() && !source.text.ends_with('\n') {
        let last = source.text.lines().count();
        offences.push(Offence::new(last, "no newline at the end of the file; add one"));
    }
    offences
}

pub fn has_no_emoji(source: &Source) -> Vec<Offence> {
    let seen = source.path.starts_with("src/") || source.path.starts_with("static/");
    if !seen && source.path != "index.html" {
        return Vec::new();
    }
    let offences = source.lines().filter(|(_, line)| line.chars().any(is_emoji));
    let remedy = "an emoji, which each system draws differently; draw a shape or write a word";
    offences.map(|(number, _)| Offence::new(number, remedy)).collect()
}

/// Pictographs, the selector that turns a sign into one, and the older signs that are drawn in
/// colour unless told otherwise. Plain typographic signs (arrows, crosses, bullets) are welcome.
fn is_emoji(character: char) -> bool {
    let coloured = ['\u{FE0F}', '\u{2705}', '\u{274C}', '\u{2728}', '\u{26A1}', '\u{2B50}'];
    ('\u{1F000}'..='\u{1FAFF}').contains(&character) || coloured.contains(&character)
}

fn in_code(source: &Source, banned: &[(&str, &str)]) -> Vec<Offence> {
    let mut offences = Vec::new();
    for (number, code) in source.code() {
        for (word, remedy) in banned.iter().filter(|(word, _)| has_word(&code, word)) {
            offences.push(Offence::new(number, format!("`{word}`; {remedy}")));
        }
    }
    offences
}

/// Whether the word is there and is not only the end of a longer name.
fn has_word(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(start, _)| !code[..start].ends_with(is_name))
}

/// Whether the line names this absolute path, not a directory of that name inside another path.
fn names_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + path.len()..].chars().next();
        let inside = |c: char| is_name(c) || "./-~)}*>".contains(c);
        !before.is_some_and(inside) && !after.is_some_and(|c| is_name(c) || c == '-')
    })
}
