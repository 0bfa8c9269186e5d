//! What the page says stands in `src/words`: a literal of prose elsewhere in it is an offence.
//!
//! Prose is two words with a space between them, or one that begins with a capital letter; and any
//! word at all where the next thing that happens to it is to be shown. A lower-case word alone
//! cannot be told from a name in a format, so those that readers see are up to the author.

use std::collections::BTreeSet;

use crate::source::{Literal, Offence, Source};

/// Where nothing is said in the code's own words.
const SPEECHLESS: [&str; 5] = [
    "src/app/",
    "src/player/",
    "src/scene/",
    "src/recording/story/command",
    "src/recording/story/sentence",
];
/// Files with words that no visitor reads, each with its reason.
const ALLOWED: [(&str, &str); 2] = [
    ("src/app/hooks.rs", "what it says is for programs, and for those who write them"),
    (
        "src/player/story.rs",
        "names in its scenario are a scenario file's, as in src/recording/builtin",
    ),
];
/// What reads a literal as something else than prose: messages for programmers, selectors, ids.
const NOT_SHOWN: [&str; 6] =
    ["expect(", "unreachable!(", "panic!(", "within(", "matches(", "\"aria-describedby\","];
/// What shows a literal as it is.
const SHOWN: [&str; 5] =
    [".text(", ".label(", "\"title\",", "\"placeholder\",", "\"aria-valuetext\","];
/// How a browser calls keys, as far as that looks like prose.
const KEYS: [&str; 8] = ["Arrow", "Delete", "End", "Enter", "Escape", "Home", "Page", "Tab"];
/// Units, which are the same in every language.
const UNITS: [&str; 4] = ["MB", "kB", "ms", "s"];
/// Classes that no style sheet mentions.
const UNSTYLED: [&str; 1] = ["fresh"];

/// The names of classes in style sheets, so that a list of classes is not taken for prose.
pub fn classes<'a>(sheets: impl Iterator<Item = &'a Source>) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = UNSTYLED.map(str::to_string).into();
    for sheet in sheets.filter(|sheet| sheet.is("css")) {
        for after in sheet.text.split('.').skip(1) {
            let of_name = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
            names.insert(after.chars().take_while(of_name).collect());
        }
    }
    names
}

/// Code that shows things takes its words from `src/words`.
pub fn prose_stands_in_words(source: &Source, classes: &BTreeSet<String>) -> Vec<Offence> {
    let bound = SPEECHLESS.iter().any(|place| source.path.starts_with(place));
    let test = source.path.ends_with("_test.rs");
    let allowed = ALLOWED.iter().any(|(path, _)| source.path == *path);
    if !source.is("rs") || !bound || test || allowed {
        return Vec::new();
    }
    let said = source.literals().into_iter().filter(|literal| is_said(literal, classes));
    said.map(|literal| {
        let message =
            format!("`{}` is read by visitors; move it to src/words/en", literal.text.trim());
        Offence::new(literal.line, message)
    })
    .collect()
}

fn is_said(literal: &Literal, classes: &BTreeSet<String>) -> bool {
    let Literal { before, text, .. } = literal;
    let asserts = before.lines().last().is_some_and(|line| line.contains("assert"));
    if asserts || NOT_SHOWN.iter().any(|call| before.ends_with(call)) {
        return false;
    }
    if KEYS.contains(&text.as_str()) || text.contains("monospace") {
        return false;
    }
    let plain = without(&without(text, '<', '>', " "), '{', '}', "{}");
    let tokens: Vec<&str> = plain.split_whitespace().map(bare).collect();
    if tokens.iter().all(|token| token.is_empty() || classes.contains(*token)) && !tokens.is_empty()
    {
        return SHOWN.iter().any(|call| before.ends_with(call))
            && tokens.iter().any(|t| is_word(t));
    }
    let shown = SHOWN.iter().any(|call| before.ends_with(call));
    let pair = |pair: &[&str]| {
        let [a, b] = [pair[0], pair[1]];
        (is_word(a) || is_word(b)) && [a, b].iter().all(|one| is_word(one) || *one == "{}")
    };
    tokens.windows(2).any(pair)
        || tokens.iter().any(|token| is_word(token) && (shown || is_capitalised(token)))
}

/// A token without the punctuation around it.
fn bare(token: &str) -> &str {
    token.trim_matches(|c: char| ".,:;?!()\"".contains(c))
}

fn is_word(token: &str) -> bool {
    let letters = token.chars().filter(|c| c.is_alphabetic()).count();
    let only = token.chars().all(|c| c.is_alphabetic() || c == '-' || c == '\'');
    only && letters >= 2 && !UNITS.contains(&token) && !token.starts_with('-')
}

fn is_capitalised(token: &str) -> bool {
    let mut letters = token.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.all(|c| c.is_lowercase() || c == '-')
}

/// A text with every stretch from `open` to the next `close` replaced.
fn without(text: &str, open: char, close: char, by: &str) -> String {
    let mut left = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(open) {
        let Some(length) = rest[start..].find(close) else { break };
        left.push_str(&rest[..start]);
        left.push_str(by);
        rest = &rest[start + length + close.len_utf8()..];
    }
    left + rest
}
