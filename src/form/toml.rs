//! TOML, read into a form: all of TOML 1.0 but dates, which no scenario has.

use super::scan::{Scan, number};
use super::{Entry, Form, Misfit, Place};

/// How an entry came about, which decides what may be added to it later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// `name = value`: complete.
    Value,
    /// `name.inner = value` made it.
    Dotted,
    /// `[name.inner]` made it.
    Implied,
    /// `[name]`.
    Header,
    /// `[[name]]`.
    Each,
}

/// Where a table stands: which entry of which entry, from the top.
type Path = Vec<usize>;

/// A name and where it begins.
type Name = (String, usize);

/// Reads a TOML text.
pub fn read_toml(text: &str) -> Result<Form, Misfit> {
    let read = Toml::default().go_on(text, usize::MAX)?;
    Ok(read.unwrap_or_default())
}

/// A TOML text that is being read, some lines at a time.
#[derive(Clone, Debug, Default)]
pub struct Toml {
    top: Vec<Entry>,
    here: Path,
    at: usize,
}

impl Toml {
    /// Reads so many headers and assignments more of a text, which must be the same each time; None
    /// while that is not all.
    pub fn go_on(&mut self, text: &str, lines: usize) -> Result<Option<Form>, Misfit> {
        let mut scan = Scan::new(text.strip_prefix('\u{feff}').unwrap_or(text), false);
        scan.at = self.at;
        for _ in 0..lines {
            blank_lines(&mut scan);
            match scan.peek() {
                None => return Ok(Some(Form::Table(std::mem::take(&mut self.top)))),
                Some(b'[') => self.here = header(&mut scan, &mut self.top)?,
                Some(_) => {
                    let table = inside(&mut self.top, &self.here);
                    assignment(&mut scan, table)?;
                }
            }
            spaces(&mut scan);
            comment(&mut scan);
            if !matches!(scan.peek(), None | Some(b'\n' | b'\r')) {
                return scan.problem("expected the end of the line");
            }
        }
        self.at = scan.at;
        Ok(None)
    }
}

fn spaces(scan: &mut Scan<'_>) {
    scan.run(|byte| matches!(byte, b' ' | b'\t'));
}

fn comment(scan: &mut Scan<'_>) {
    if scan.peek() == Some(b'#') {
        scan.run(|byte| byte != b'\n');
    }
}

/// Spaces, comments and ends of lines.
fn blank_lines(scan: &mut Scan<'_>) {
    loop {
        scan.run(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        if scan.peek() != Some(b'#') {
            return;
        }
        comment(scan);
    }
}

/// The entries of the table at a path.
fn inside<'a>(top: &'a mut Vec<Entry>, path: &[usize]) -> &'a mut Vec<Entry> {
    path.iter().fold(top, |entries, at| match &mut entries[*at].form {
        Form::Table(entries) | Form::List(entries) => entries,
        Form::Nothing
        | Form::Bool(_)
        | Form::Whole(_)
        | Form::Negative(_)
        | Form::Decimal(_)
        | Form::Text(_) => unreachable!("a path leads through tables and lists"),
    })
}

/// `[name]` or `[[name]]`; the path of the table that begins here.
fn header(scan: &mut Scan<'_>, top: &mut Vec<Entry>) -> Result<Path, Misfit> {
    let start = scan.at;
    scan.at += 1;
    let is_each = scan.skip("[");
    let mut names = names(scan)?;
    if !scan.skip(if is_each { "]]" } else { "]" }) {
        return scan.problem("expected `]`");
    }
    let last = names.pop().unwrap_or_default();
    let mut path = Path::new();
    for name in names {
        enter(scan, top, &mut path, name, Origin::Implied)?;
    }
    let origin = if is_each { Origin::Each } else { Origin::Header };
    enter(scan, top, &mut path, (last.0, start), origin)?;
    Ok(path)
}

/// Goes on along a path to the table of this name, which is made if it is not there yet.
fn enter(
    scan: &Scan<'_>,
    top: &mut Vec<Entry>,
    path: &mut Path,
    (name, at): Name,
    origin: Origin,
) -> Result<(), Misfit> {
    let entries = inside(top, path);
    let table = || Form::Table(Vec::new());
    let place = Place { name: at as u32, value: at as u32 };
    let found = entries.iter().position(|entry| entry.name == name);
    let position = found.unwrap_or(entries.len());
    match entries.get_mut(position) {
        None => {
            scan.new_name(entries, &name, at)?;
            let form = if origin == Origin::Each { Form::List(Vec::new()) } else { table() };
            entries.push(Entry::at(name, form, place, origin));
        }
        Some(entry) => {
            let fits = match origin {
                Origin::Header => entry.origin == Origin::Implied,
                Origin::Implied => entry.origin != Origin::Value,
                Origin::Each | Origin::Dotted => entry.origin == origin,
                Origin::Value => false,
            };
            if !fits {
                return Err(Misfit::at(at as u32, "duplicate key".to_string()));
            }
            if origin == Origin::Header {
                (entry.origin, entry.place) = (origin, place);
            }
        }
    }
    path.push(position);
    // Of a list, the newest table is meant.
    if let Form::List(items) = &mut entries[position].form {
        if origin == Origin::Each {
            items.push(Entry::at(String::new(), table(), place, origin));
        }
        path.push(items.len() - 1);
    }
    Ok(())
}

/// `name = value` or `name.inner = value`.
fn assignment(scan: &mut Scan<'_>, table: &mut Vec<Entry>) -> Result<(), Misfit> {
    let mut names = names(scan)?;
    if !scan.skip("=") {
        return scan.problem("expected `=`");
    }
    let (name, start) = names.pop().unwrap_or_default();
    let mut path = Path::new();
    for name in names {
        enter(scan, table, &mut path, name, Origin::Dotted)?;
    }
    let table = inside(table, &path);
    scan.new_name(table, &name, start)?;
    spaces(scan);
    let place = Place { name: start as u32, value: scan.at as u32 };
    let form = value(scan)?;
    table.push(Entry::at(name, form, place, Origin::Value));
    Ok(())
}

/// Names with dots between them.
fn names(scan: &mut Scan<'_>) -> Result<Vec<Name>, Misfit> {
    let mut names = Vec::new();
    loop {
        spaces(scan);
        let start = scan.at;
        let name = if scan.skip("\"") {
            scan.quoted()?
        } else if scan.skip("'") {
            literal(scan, "'")?
        } else {
            scan.run(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)).to_string()
        };
        if scan.at == start {
            return scan.problem("expected a name");
        }
        names.push((name, start));
        spaces(scan);
        if !scan.skip(".") {
            return Ok(names);
        }
    }
}

fn value(scan: &mut Scan<'_>) -> Result<Form, Misfit> {
    if scan.skip("\"\"\"") {
        return lines(scan).map(Form::Text);
    }
    if scan.skip("'''") {
        first_line_break(scan);
        return literal(scan, "'''").map(Form::Text);
    }
    match scan.peek() {
        Some(b'"') => {
            scan.at += 1;
            scan.quoted().map(Form::Text)
        }
        Some(b'\'') => {
            scan.at += 1;
            literal(scan, "'").map(Form::Text)
        }
        Some(b'[') => scan.deeper(list),
        Some(b'{') => scan.deeper(table),
        Some(_) | None => plain(scan),
    }
}

/// A value without quotes or brackets.
fn plain(scan: &mut Scan<'_>) -> Result<Form, Misfit> {
    let start = scan.at;
    let word = scan.run(|byte| byte.is_ascii_alphanumeric() || b"+-._".contains(&byte));
    let form = match word {
        "true" => Some(Form::Bool(true)),
        "false" => Some(Form::Bool(false)),
        _ => toml_number(word),
    };
    form.map_or_else(
        || {
            scan.at = start;
            scan.problem("expected a text in quotes, a number, true, false, a list or a table")
        },
        Ok,
    )
}

/// TOML's numbers may have a plus sign, underscores between digits, and other bases.
fn toml_number(word: &str) -> Option<Form> {
    let bytes = word.as_bytes();
    let is_between = |at: usize| {
        let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at));
        let [before, after] = [digit(at.checked_sub(1)), digit(Some(at + 1))];
        before.is_some_and(u8::is_ascii_hexdigit) && after.is_some_and(u8::is_ascii_hexdigit)
    };
    if (0..bytes.len()).any(|at| bytes[at] == b'_' && !is_between(at)) {
        return None;
    }
    let digits = word.replace('_', "");
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = digits.strip_prefix(prefix) {
            let number = u64::from_str_radix(digits, radix).ok();
            return number.filter(|_| !digits.starts_with('+')).map(Form::Whole);
        }
    }
    number(digits.strip_prefix('+').filter(|rest| !rest.starts_with('-')).unwrap_or(&digits))
}

/// The rest of a text that means what it shows.
fn literal(scan: &mut Scan<'_>, end: &str) -> Result<String, Misfit> {
    let rest = &scan.text[scan.at..];
    // All that can be the end is in ASCII, so what is before it is a whole text.
    let ends = |at: &usize| rest.as_bytes()[*at..].starts_with(end.as_bytes());
    let found = (0..rest.len()).find(ends);
    let found = found.filter(|at| end.len() > 1 || !rest[..*at].contains('\n'));
    let Some(mut length) = found else {
        return scan.problem("a text has no closing quote");
    };
    // Up to two quotes may stand before the closing three.
    for _ in 1..end.len() {
        length += usize::from(ends(&(length + 1)));
    }
    scan.at += length + end.len();
    Ok(rest[..length].to_string())
}

/// A line break right after the opening quotes does not count.
fn first_line_break(scan: &mut Scan<'_>) {
    let _ = scan.skip("\r\n") || scan.skip("\n");
}

/// The rest of a text over several lines, after the opening quotes.
fn lines(scan: &mut Scan<'_>) -> Result<String, Misfit> {
    first_line_break(scan);
    let mut text = String::new();
    loop {
        let plain = scan.at;
        let is_plain = |byte| {
            !matches!(byte, b'"' | b'\\') && (byte >= b' ' || matches!(byte, b'\t' | b'\n' | b'\r'))
        };
        scan.run(is_plain);
        text.push_str(&scan.text[plain..scan.at]);
        match scan.peek() {
            Some(b'"') => {
                let quotes = scan.run(|byte| byte == b'"').len();
                let inner = if quotes < 3 { quotes } else { (quotes - 3).min(2) };
                text.extend(std::iter::repeat_n('"', inner));
                if quotes >= 3 {
                    // More quotes than may stand here are the next thing's problem.
                    scan.at -= quotes - 3 - inner;
                    return Ok(text);
                }
            }
            Some(b'\\') if is_line_end(&scan.text[scan.at + 1..]) => {
                scan.at += 1;
                scan.run(|byte| byte.is_ascii_whitespace());
            }
            Some(b'\\') => text.push(scan.escaped()?),
            Some(_) => return scan.problem("a control character stands in a text"),
            None => return scan.problem("a text has no closing quotes"),
        }
    }
}

fn is_line_end(text: &str) -> bool {
    let rest = text.trim_start_matches([' ', '\t']);
    rest.starts_with('\n') || rest.starts_with("\r\n")
}

fn list(scan: &mut Scan<'_>) -> Result<Form, Misfit> {
    let mut items = Vec::new();
    scan.at += 1;
    loop {
        blank_lines(scan);
        if scan.skip("]") {
            return Ok(Form::List(items));
        }
        let place = Place { name: scan.at as u32, value: scan.at as u32 };
        let form = value(scan)?;
        items.push(Entry::at(String::new(), form, place, Origin::Value));
        blank_lines(scan);
        if !scan.skip(",") && scan.peek() != Some(b']') {
            return scan.problem("expected `,` or `]`");
        }
    }
}

fn table(scan: &mut Scan<'_>) -> Result<Form, Misfit> {
    let mut fields = Vec::new();
    scan.at += 1;
    loop {
        blank_lines(scan);
        if scan.skip("}") {
            return Ok(Form::Table(fields));
        }
        assignment(scan, &mut fields)?;
        blank_lines(scan);
        if !scan.skip(",") && scan.peek() != Some(b'}') {
            return scan.problem("expected `,` or `}`");
        }
    }
}
