//! Nothing of the machine that builds the page is for its visitors. A panic in a dependency names
//! the file it stands in, and cargo compiles those in its home: every such path is in the program.

use std::{env, path::PathBuf};

/// What stands in place of where the sources lay, as often as needed: the length of a text is known
/// to the code that prints it.
const NOWHERE: u8 = b'/';

/// Where cargo keeps the sources of all dependencies.
pub fn sources() -> PathBuf {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo"))).unwrap_or_default();
    home.join("registry").join("src")
}

/// Overwrites `sources` and the name of the registry behind it wherever they stand.
pub fn forget(program: &mut [u8], sources: &str) {
    let mut at = 0;
    while let Some(found) = program[at..].windows(sources.len()).position(is(sources)) {
        let start = at + found;
        let is_separator = |byte: &u8| b"/\\".contains(byte);
        let behind = start + sources.len() + 1;
        at =
            program.iter().skip(behind).position(is_separator).map_or(behind, |name| behind + name);
        program[start..at].fill(NOWHERE);
    }
}

fn is(text: &str) -> impl Fn(&[u8]) -> bool {
    move |window| window == text.as_bytes()
}

#[cfg(test)]
mod tests {
    use super::forget;

    #[test]
    fn a_path_in_the_program_does_not_say_where_it_was_built() {
        let mut program = *b"src/a.rs/me/.cargo/registry/src/host-12/yew/src/b.rs/me/c";
        let length = program.len();
        forget(&mut program, "/me/.cargo/registry/src");
        let told = String::from_utf8_lossy(&program).into_owned();
        assert!(told.starts_with("src/a.rs////") && told.ends_with("///yew/src/b.rs/me/c"));
        assert!(!told.contains("cargo") && !told.contains("host") && told.len() == length);
    }
}
