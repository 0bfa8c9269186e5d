//! JSON, read into a form.

use super::scan::{Scan, number};
use super::{Entry, Form, Misfit, Place, toml};

/// Reads a JSON text.
pub fn read_json(text: &str) -> Result<Form, Misfit> {
    let mut scan = Scan::new(text, true);
    let form = value(&mut scan)?;
    space(&mut scan);
    if scan.peek().is_some() {
        return scan.problem("trailing characters");
    }
    Ok(form)
}

fn space(scan: &mut Scan<'_>) {
    scan.run(|byte| byte.is_ascii_whitespace());
}

fn value(scan: &mut Scan<'_>) -> Result<Form, Misfit> {
    space(scan);
    match scan.peek() {
        Some(b'{') => scan.deeper(table),
        Some(b'[') => scan.deeper(list),
        Some(b'"') => {
            scan.at += 1;
            scan.quoted().map(Form::Text)
        }
        Some(_) => plain(scan),
        None => scan.problem("the end is missing"),
    }
}

/// A value without quotes or brackets.
fn plain(scan: &mut Scan<'_>) -> Result<Form, Misfit> {
    let start = scan.at;
    let word = scan.run(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let form = match word {
        "null" => Some(Form::Nothing),
        "true" => Some(Form::Bool(true)),
        "false" => Some(Form::Bool(false)),
        _ => number(word),
    };
    form.map_or_else(
        || {
            scan.at = start;
            scan.problem("expected a value")
        },
        Ok,
    )
}

fn list(scan: &mut Scan<'_>) -> Result<Form, Misfit> {
    let mut items = Vec::new();
    scan.at += 1;
    space(scan);
    if scan.skip("]") {
        return Ok(Form::List(items));
    }
    loop {
        space(scan);
        let place = Place { name: scan.at as u32, value: scan.at as u32 };
        let form = value(scan)?;
        items.push(Entry::at(String::new(), form, place, toml::Origin::Value));
        space(scan);
        if scan.skip("]") {
            return Ok(Form::List(items));
        }
        if !scan.skip(",") {
            return scan.problem("expected `,` or `]`");
        }
    }
}

fn table(scan: &mut Scan<'_>) -> Result<Form, Misfit> {
    let mut fields = Vec::new();
    scan.at += 1;
    space(scan);
    if scan.skip("}") {
        return Ok(Form::Table(fields));
    }
    loop {
        space(scan);
        let start = scan.at;
        if !scan.skip("\"") {
            return scan.problem("expected a name in quotes");
        }
        let name = scan.quoted()?;
        scan.new_name(&fields, &name, start)?;
        space(scan);
        if !scan.skip(":") {
            return scan.problem("expected `:`");
        }
        space(scan);
        let place = Place { name: start as u32, value: scan.at as u32 };
        let form = value(scan)?;
        fields.push(Entry::at(name, form, place, toml::Origin::Value));
        space(scan);
        if scan.skip("}") {
            return Ok(Form::Table(fields));
        }
        if !scan.skip(",") {
            return scan.problem("expected `,` or `}`");
        }
    }
}
