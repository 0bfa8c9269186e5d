//! A statement's text as tokens, each with the column where it begins.

use std::fmt;

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A keyword, a name or `@@server_id`.
    Word(&'a str),
    /// A whole number.
    Number(i64),
    /// A text, without its quotes.
    Text(String),
    /// A sign such as `<=`, or a character that means nothing.
    Sign(&'a str),
    /// Nothing more.
    End,
}

impl fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Token::Word(text) | Token::Sign(text) => f.write_str(text),
            Token::Number(number) => number.fmt(f),
            Token::Text(text) => write!(f, "'{text}'"),
            Token::End => f.write_str("the end"),
        }
    }
}

/// Where a byte of a text stands, in characters from 1.
pub(super) fn column_of(text: &str, at: usize) -> usize {
    text[..at].chars().count() + 1
}

/// The next token from a byte on: where it begins and ends, and what it is.
pub(super) fn next(text: &str, from: usize) -> Result<(usize, usize, Token<'_>), String> {
    let rest = &text[from..];
    let start = from + rest.len() - rest.trim_start().len();
    let rest = &text[start..];
    let Some(first) = rest.chars().next() else {
        return Ok((start, start, Token::End));
    };
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '@';
    let len_of = |is: &dyn Fn(char) -> bool| rest.find(|c| !is(c)).unwrap_or(rest.len());
    if first.is_ascii_digit() {
        let end = start + len_of(&word);
        let number = text[start..end].parse().map_err(|_| {
            let column = column_of(text, start);
            format!("column {column}: {} is not a whole number of 64 bits", &text[start..end])
        })?;
        return Ok((start, end, Token::Number(number)));
    }
    if word(first) {
        let end = start + len_of(&word);
        return Ok((start, end, Token::Word(&text[start..end])));
    }
    if first == '\'' {
        return quoted(text, start);
    }
    let sign = ["<=", ">=", "<>", "!="].into_iter().find(|sign| rest.starts_with(sign));
    let end = start + sign.map_or(first.len_utf8(), str::len);
    Ok((start, end, Token::Sign(&text[start..end])))
}

/// A text in quotes; a quote inside it is written twice.
fn quoted(text: &str, start: usize) -> Result<(usize, usize, Token<'_>), String> {
    let (mut value, mut at) = (String::new(), start + 1);
    while let Some(len) = text[at..].find('\'') {
        value.push_str(&text[at..at + len]);
        at += len + 1;
        if !text[at..].starts_with('\'') {
            return Ok((start, at, Token::Text(value)));
        }
        value.push('\'');
        at += 1;
    }
    Err(format!("column {}: the text that begins here has no end: expected '", {
        column_of(text, start)
    }))
}
