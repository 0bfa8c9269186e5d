//! The built-in scenarios as one file, which the page fetches when someone asks for the list.

use std::{fs, io, path::Path};
use xtask::place;

/// Its name in the page's directory: TOML, each scenario's text under its name.
pub const SCENARIOS: &str = "scenarios.toml";

/// Writes it into `directory`.
pub fn gather_into(directory: &Path) -> io::Result<()> {
    fs::write(directory.join(SCENARIOS), gathered()?)
}

/// Every scenario, in the order of the list in `src/recording/builtin.rs`.
fn gathered() -> io::Result<String> {
    let list = place::root().join("src/recording/builtin.rs");
    let (list, directory) = (fs::read_to_string(&list)?, list.with_extension(""));
    let mut gathered = String::new();
    for name in list.lines().filter_map(quoted) {
        let text = fs::read_to_string(directory.join(name).with_extension("toml"))?;
        if text.contains("'''") {
            return Err(io::Error::other(format!("{name} holds three quotation marks")));
        }
        gathered.push_str(&format!("{name} = '''\n{text}'''\n"));
    }
    Ok(gathered)
}

/// What a line says that is nothing but a word in quotation marks.
fn quoted(line: &str) -> Option<&str> {
    line.trim().strip_prefix('"')?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::gathered;
    use std::fs;
    use xtask::place;

    #[test]
    fn every_built_in_scenario_is_in_the_file_that_the_page_fetches() {
        let gathered = gathered().expect("they are there");
        let directory = place::root().join("src/recording/builtin");
        let files = place::files_below(&directory).expect("it is there");
        assert!(files.len() >= 50, "{}", files.len());
        for file in files {
            let name = file.file_stem().expect("a file").to_string_lossy();
            let text = fs::read_to_string(&file).expect("it is there");
            assert!(gathered.contains(&format!("{name} = '''\n{text}'''\n")), "{name}");
        }
    }
}
