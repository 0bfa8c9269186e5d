//! The order of the library's modules, which lives once: in the docs of `src/lib.rs`.

use crate::source::{Offence, Source, is_name};

/// The first module that may use floating-point numbers.
const SCENE: &str = "scene";

/// Files below the scene that may name a float all the same, each with its reason.
const FLOATS_ALLOWED: [(&str, &str); 4] = [
    ("src/form/decimal.rs", "rounds what a report says to the digits it shows"),
    ("src/base/delay.rs", "samples through libm, the same everywhere, into integers"),
    ("src/check/histogram.rs", "means and quantiles are answers, not state of a run"),
    ("src/check/report.rs", "means and quantiles are answers, not state of a run"),
];

/// The first word of each line of the first ```text block in the docs of lib.rs, in order.
pub fn listed_modules(library: &Source) -> Vec<String> {
    let docs = library.text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
    let block = docs.skip_while(|line| *line != "```text").skip(1);
    let modules: Vec<String> = block
        .take_while(|line| *line != "```")
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_string)
        .collect();
    assert!(!modules.is_empty(), "src/lib.rs must list its modules in a ```text block of its docs");
    modules
}

/// A module of the library names only itself and modules that stand above it in the list.
pub fn imports_point_upward(source: &Source, listed: &[String]) -> Vec<Offence> {
    let Some((module, place)) = library_module(source, listed) else {
        return Vec::new();
    };
    let mut offences = Vec::new();
    for (line, named) in names_of_crate(source) {
        match listed.iter().position(|other| *other == named) {
            Some(other) if other <= place => {}
            Some(_) => offences.push(Offence::new(
                line,
                format!(
                    "`{module}` imports from `{named}`, which stands below it in src/lib.rs; move \
                     the shared part up, or pass it in"
                ),
            )),
            None if named.starts_with(char::is_uppercase) => {}
            None => offences.push(Offence::new(
                line,
                format!("`{named}` is not in the module list of src/lib.rs; add it in its place"),
            )),
        }
    }
    for (line, code) in source.code() {
        if code.contains("super::super::") {
            offences.push(Offence::new(
                line,
                "`super::super::` hides where an import comes from; write `crate::`",
            ));
        }
    }
    offences
}

/// A result is made of integers, so that it is the same on every platform.
pub fn floats_stay_in_the_scene(source: &Source, listed: &[String]) -> Vec<Offence> {
    let scene = listed.iter().position(|module| module == SCENE).unwrap_or(listed.len());
    let below = library_module(source, listed).is_some_and(|(_, place)| place < scene);
    if !below || FLOATS_ALLOWED.iter().any(|(path, _)| *path == source.path) {
        return Vec::new();
    }
    let has_float =
        |code: &str| code.split(|c| !is_name(c)).any(|word| word == "f64" || word == "f32");
    let offences = source.code().into_iter().filter(|(_, code)| has_float(code));
    offences
        .map(|(line, _)| {
            Offence::new(
                line,
                "a float below `scene`; use integers, or add the file with its reason to \
                 FLOATS_ALLOWED in tests/tidy/order.rs",
            )
        })
        .collect()
}

/// The library module that a file belongs to, and its place in the list.
fn library_module<'a>(source: &Source, listed: &'a [String]) -> Option<(&'a str, usize)> {
    let inside = source.path.strip_prefix("src/")?.strip_suffix(".rs")?;
    let module = inside.split('/').next()?;
    let place = listed.iter().position(|other| other == module)?;
    Some((&listed[place], place))
}

/// What follows each `crate::` in the code: one name, or the names at the top of a braced list.
fn names_of_crate(source: &Source) -> Vec<(usize, String)> {
    let lines = source.code();
    let text: String = lines.iter().map(|(_, line)| format!("{line}\n")).collect();
    let mut names = Vec::new();
    for (start, found) in text.match_indices("crate::") {
        if text[..start].ends_with(is_name) {
            continue;
        }
        let after = &text[start + found.len()..];
        let offset = start + found.len();
        for (at, name) in names_at_top(after) {
            let line = text[..offset + at].matches('\n').count() + 1;
            names.push((line, name));
        }
    }
    names
}

/// `a::b` gives a; `{a::b, c::{d, e}}` gives a and c; each with its offset.
fn names_at_top(text: &str) -> Vec<(usize, String)> {
    let name_at =
        |at: usize| -> String { text[at..].chars().take_while(|c| is_name(*c)).collect() };
    if !text.starts_with('{') {
        return vec![(0, name_at(0))];
    }
    let (mut depth, mut expecting, mut names) = (0, false, Vec::new());
    for (at, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && (character == ',' || character == '{') {
            expecting = true;
        } else if depth == 1 && expecting && is_name(character) {
            names.push((at, name_at(at)));
            expecting = false;
        }
    }
    names
}
