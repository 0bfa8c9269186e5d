//! The files of this package as text, and what a rule says about one of them.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Directories that are made, not written.
const MADE: [&str; 5] = [".git", "target", "dist", "pkg", "node_modules"];
/// The kinds of files that rules look at.
const KINDS: [&str; 11] =
    ["rs", "toml", "md", "html", "css", "js", "mjs", "svg", "json", "yml", "txt"];

/// One file.
pub struct Source {
    /// Relative to the package's root, with forward slashes.
    pub path: String,
    /// All of it.
    pub text: String,
}

/// A broken rule at one line of a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Offence {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong, and what to do about it.
    pub message: String,
}

/// A string literal in code outside tests.
pub struct Literal {
    /// Counted from 1, where it begins.
    pub line: usize,
    /// The code in front of it, without white space at its end.
    pub before: String,
    /// What stands between its quotes; what is escaped is a space, and stays on one line.
    pub text: String,
}

impl Offence {
    pub fn new(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }

    /// `file:line: rule; remedy`, which editors can jump to.
    pub fn at(&self, source: &Source) -> String {
        format!("{}:{}: {}", source.path, self.line, self.message)
    }
}

impl Source {
    /// Whether the file's name ends in `.extension`.
    pub fn is(&self, extension: &str) -> bool {
        self.path.rsplit('.').next() == Some(extension)
    }

    /// Lines with their numbers.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// Lines of Rust with comments and the insides of string literals blanked out, so that a rule
    /// about code does not stumble over prose. Columns stay where they are.
    pub fn code(&self) -> Vec<(usize, String)> {
        let masked = mask(&self.text);
        masked.lines().enumerate().map(|(index, line)| (index + 1, line.to_string())).collect()
    }

    /// The string literals of Rust that is not a test, in order; raw strings are left out.
    pub fn literals(&self) -> Vec<Literal> {
        let text = self.text.split("#[cfg(test)]\nmod").next().unwrap_or_default();
        let characters: Vec<char> = text.chars().collect();
        let mut found = Vec::new();
        let mut at = 0;
        while at < characters.len() {
            let end = match characters[at] {
                '"' => end_of_string(&characters, at),
                _ => end_of_blank(&characters, at),
            };
            if characters[at] == '"' {
                let before: String = characters[..at].iter().collect();
                let end = end.min(characters.len());
                let inside: String = characters[at + 1..end - 1].iter().collect();
                found.push(Literal {
                    line: before.matches('\n').count() + 1,
                    before: before.trim_end().to_string(),
                    text: unescaped(&inside),
                });
            }
            at = end.max(at + 1);
        }
        found
    }
}

/// Every written file of the package, sorted by path.
pub fn sources() -> Vec<Source> {
    let mut paths = Vec::new();
    collect(&root(), &mut paths);
    paths.sort();
    paths
        .into_iter()
        .filter_map(|path| {
            // A file that vanishes while we look, or is not text, is not ours to judge.
            let text = fs::read_to_string(&path).ok()?;
            let path = path.strip_prefix(root()).ok()?.to_string_lossy().replace('\\', "/");
            Some(Source { path, text })
        })
        .collect()
}

/// One file by its path.
pub fn read(path: &str) -> Source {
    let text = fs::read_to_string(root().join(path));
    Source { path: path.to_string(), text: text.unwrap_or_else(|e| panic!("{path}: {e}")) }
}

/// The package's root.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn collect(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !MADE.iter().any(|made| name == *made) {
                collect(&path, found);
            }
        } else if KINDS.contains(&extension.as_str()) || path.ends_with(".ci/run") {
            found.push(path);
        }
    }
}

/// Blanks out comments, and strings between their quotes.
fn mask(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < characters.len() {
        let end = match characters[at] {
            '"' => end_of_string(&characters, at),
            _ => end_of_blank(&characters, at),
        };
        if end == at {
            out.push(characters[at]);
            at += 1;
        } else {
            let end = end.min(characters.len());
            out.extend(characters[at..end].iter().map(|&c| if c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    out
}

/// Where a comment, a raw string or a quoted quote ends that begins here; here if none does.
fn end_of_blank(characters: &[char], at: usize) -> usize {
    match characters[at] {
        '/' if characters.get(at + 1) == Some(&'/') => end_of_line(characters, at),
        'r' if !follows_a_name(characters, at) => end_of_raw_string(characters, at).unwrap_or(at),
        '\'' if characters.get(at + 1) == Some(&'"') => at + 3,
        _ => at,
    }
}

/// A literal's text as far as words go: with a space for line breaks, `*` for signs by number.
fn unescaped(literal: &str) -> String {
    let mut plain = String::new();
    let mut parts = literal.split('\\');
    plain.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let mut after = part.chars();
        match after.next() {
            Some('u') => {
                plain.push_str(&format!("*{}", part.split_once('}').map_or("", |it| it.1)))
            }
            Some('"') => plain.push_str(&format!("\"{}", after.as_str())),
            _ => plain.push_str(&format!(" {}", after.as_str().trim_start())),
        }
    }
    plain
}

fn end_of_line(characters: &[char], start: usize) -> usize {
    (start..characters.len()).find(|&at| characters[at] == '\n').unwrap_or(characters.len())
}

fn end_of_string(characters: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < characters.len() && characters[at] != '"' {
        at += if characters[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// None when this `r` does not begin a raw string.
fn end_of_raw_string(characters: &[char], start: usize) -> Option<usize> {
    let hashes = characters[start + 1..].iter().take_while(|&&c| c == '#').count();
    let open = start + 1 + hashes;
    if characters.get(open) != Some(&'"') {
        return None;
    }
    let closes = |at: &usize| {
        characters[*at] == '"' && characters[at + 1..].iter().take(hashes).all(|&c| c == '#')
    };
    Some((open + 1..characters.len()).find(closes).map_or(characters.len(), |at| at + 1 + hashes))
}

fn follows_a_name(characters: &[char], at: usize) -> bool {
    // `br"..."` is a raw string too, but any other letter before makes it the end of a name.
    at > 0 && characters[at - 1] != 'b' && is_name(characters[at - 1])
}

/// Whether a character can be part of a Rust name.
pub fn is_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}
