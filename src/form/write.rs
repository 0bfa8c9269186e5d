//! Forms as text: JSON on one line (`{}`), JSON to be read (`{:#}`), and TOML on one line.

use std::fmt::{self, Write};

use super::{Entry, Form};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Json,
    JsonLines,
    Toml,
}

struct Writer<'a> {
    out: &'a mut dyn Write,
    style: Style,
    depth: usize,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let style = if f.alternate() { Style::JsonLines } else { Style::Json };
        Writer { out: f, style, depth: 0 }.form(self)
    }
}

impl Form {
    /// As TOML on one line. Names of fields are the format's own, and need no quotes.
    pub fn to_toml(&self) -> String {
        let mut text = String::new();
        // Writing to a text does not fail.
        let _ = Writer { out: &mut text, style: Style::Toml, depth: 0 }.form(self);
        text
    }
}

impl Writer<'_> {
    fn form(&mut self, form: &Form) -> fmt::Result {
        match form {
            // A scenario leaves out what it does not have.
            Form::Nothing if self.style == Style::Toml => self.out.write_str("\"\""),
            Form::Nothing => self.out.write_str("null"),
            Form::Bool(yes) => write!(self.out, "{yes}"),
            Form::Whole(number) => write!(self.out, "{number}"),
            Form::Negative(number) => write!(self.out, "{number}"),
            Form::Decimal(number) => write!(self.out, "{number}"),
            Form::Text(text) => self.text(text),
            Form::List(items) => self.entries(items, ["[", "]"]),
            Form::Table(fields) => self.entries(fields, ["{", "}"]),
        }
    }

    fn entries(&mut self, entries: &[Entry], [open, close]: [&str; 2]) -> fmt::Result {
        let is_table = open == "{";
        self.out.write_str(open)?;
        self.depth += 1;
        for (nth, entry) in entries.iter().enumerate() {
            if nth > 0 {
                self.out.write_str(",")?;
            }
            self.gap(is_table || nth > 0)?;
            if is_table {
                self.name(&entry.name)?;
            }
            self.form(&entry.form)?;
        }
        self.depth -= 1;
        if !entries.is_empty() {
            self.gap(is_table)?;
        }
        self.out.write_str(close)
    }

    /// What stands before an entry, and after the last.
    fn gap(&mut self, spaced: bool) -> fmt::Result {
        match self.style {
            Style::Json => Ok(()),
            Style::JsonLines => {
                self.out.write_str("\n")?;
                (0..self.depth).try_for_each(|_| self.out.write_str("  "))
            }
            Style::Toml => self.out.write_str(if spaced { " " } else { "" }),
        }
    }

    fn name(&mut self, name: &str) -> fmt::Result {
        let equals = match self.style {
            Style::Json => ":",
            Style::JsonLines => ": ",
            Style::Toml => {
                self.out.write_str(name)?;
                return self.out.write_str(" = ");
            }
        };
        self.text(name)?;
        self.out.write_str(equals)
    }

    /// A text in quotes, as JSON and TOML both read it.
    fn text(&mut self, text: &str) -> fmt::Result {
        self.out.write_char('"')?;
        for letter in text.chars() {
            match letter {
                '"' | '\\' => write!(self.out, "\\{letter}")?,
                '\n' => self.out.write_str("\\n")?,
                '\r' => self.out.write_str("\\r")?,
                '\t' => self.out.write_str("\\t")?,
                '\0'..='\x1f' | '\x7f' => {
                    write!(self.out, "\\u{:04x}", u32::from(letter))?;
                }
                _ => self.out.write_char(letter)?,
            }
        }
        self.out.write_char('"')
    }
}
