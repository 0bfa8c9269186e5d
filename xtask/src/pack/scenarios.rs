//! The built-in scenarios, which the page does not carry: as one file, fetched when someone asks
//! for the list, and in the lessons that name them.

use std::{fs, io, path::Path};
use xtask::place;

/// Its name in the page's directory: TOML, each scenario's text under its name.
pub const SCENARIOS: &str = "scenarios.toml";

/// Writes the file into the page's directory, and texts in place of names into the lessons there.
pub fn hand_out(page: &Path) -> io::Result<()> {
    let scenarios = scenarios()?;
    let mut list = String::new();
    for (name, text) in &scenarios {
        list.push_str(&field(name, text));
    }
    fs::write(page.join(SCENARIOS), list)?;
    for lesson in place::files_below(&page.join("lessons"))? {
        fs::write(&lesson, told_whole(&fs::read_to_string(&lesson)?, &scenarios))?;
    }
    Ok(())
}

/// Names and texts, in the order of the list in `src/recording/builtin.rs`.
fn scenarios() -> io::Result<Vec<(String, String)>> {
    let list = place::root().join("src/recording/builtin.rs");
    let (list, directory) = (fs::read_to_string(&list)?, list.with_extension(""));
    let mut scenarios = Vec::new();
    for name in list.lines().filter_map(quoted) {
        let text = fs::read_to_string(directory.join(name).with_extension("toml"))?;
        if text.contains("'''") {
            return Err(io::Error::other(format!("{name} holds three quotation marks")));
        }
        scenarios.push((name.to_string(), text));
    }
    Ok(scenarios)
}

/// What a line says that is nothing but a word in quotation marks.
fn quoted(line: &str) -> Option<&str> {
    line.trim().strip_prefix('"')?.strip_suffix('"')
}

/// The lesson with the texts of the scenarios it names.
fn told_whole(lesson: &str, scenarios: &[(String, String)]) -> String {
    let mut whole = String::new();
    for line in lesson.lines() {
        let named = line.split_once(" = ").and_then(|(at, named)| Some((at, quoted(named)?)));
        let named = named.filter(|(at, _)| ["scenario", "second"].contains(at));
        let found = named.and_then(|(at, named)| {
            scenarios.iter().find(|(name, _)| name == named).map(|(_, text)| field(at, text))
        });
        whole.push_str(&found.unwrap_or_else(|| format!("{line}\n")));
    }
    whole
}

/// A text as it stands, on lines of its own.
fn field(name: &str, text: &str) -> String {
    format!("{name} = '''\n{text}'''\n")
}

#[cfg(test)]
mod tests {
    use super::{scenarios, told_whole};
    use std::fs;
    use xtask::place;

    #[test]
    fn every_built_in_scenario_is_among_those_that_the_page_fetches() {
        let scenarios = scenarios().expect("they are there");
        let directory = place::root().join("src/recording/builtin");
        let files = place::files_below(&directory).expect("it is there");
        assert_eq!(scenarios.len(), files.len());
        for file in files {
            let name = file.file_stem().expect("a file").to_string_lossy();
            let text = fs::read_to_string(&file).expect("it is there");
            assert!(scenarios.contains(&(name.to_string(), text)), "{name}");
        }
    }

    #[test]
    fn a_lesson_brings_the_scenario_along_that_it_names_and_stays_as_it_is_otherwise() {
        let scenarios = [("a-b".to_string(), "seed = 1\n".to_string())];
        let whole = |lesson| told_whole(lesson, &scenarios);
        assert_eq!(whole("scenario = \"a-b\"\n"), "scenario = '''\nseed = 1\n'''\n");
        for same in ["scenario = \"c\"\n", "title = \"a-b\"\n", "[scenario]\nseed = 2\n"] {
            assert_eq!(whole(same), same);
        }
    }
}
