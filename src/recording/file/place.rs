//! Where a field stands in a file's text: from a path such as `at[3].write.client` to a byte.
//!
//! The walkers go as deep as the text does: a field that a file leaves out is placed at the table
//! that would hold it.

use toml::de::{DeTable, DeValue};

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step<'a> {
    /// Into a table.
    Key(&'a str),
    /// Into a list.
    Index(usize),
}

/// Bytes at which a field stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// Its name, or its value where it has no name.
    pub(super) key: usize,
    /// Its value.
    pub(super) value: usize,
    /// Whether the text has the field; if not, this is the table that would hold it.
    pub(super) whole: bool,
}

fn steps(path: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        let (key, indices) = part.split_once('[').unwrap_or((part, ""));
        if !key.is_empty() {
            steps.push(Step::Key(key));
        }
        let numbers = indices.split('[').map(|index| index.trim_end_matches(']'));
        steps.extend(numbers.filter_map(|index| index.parse().ok().map(Step::Index)));
    }
    steps
}

/// Where a field stands in TOML; the beginning if the text has no form.
pub(super) fn in_toml(text: &str, path: &str) -> Place {
    let Ok(document) = DeTable::parse(text) else {
        return Place::default();
    };
    let mut place = Place::default();
    let mut steps = steps(path).into_iter();
    let Some(Step::Key(first)) = steps.next() else {
        return place;
    };
    let mut table = Some(document.get_ref());
    let mut value: Option<&DeValue<'_>> = None;
    let mut step = Some(Step::Key(first));
    while let Some(now) = step {
        let found = match now {
            Step::Key(name) => {
                let inside = table.take().or_else(|| value.and_then(DeValue::as_table));
                let entry =
                    inside.and_then(|table| table.iter().find(|(key, _)| key.get_ref() == name));
                entry.map(|(key, value)| (key.span().start, value))
            }
            Step::Index(index) => {
                let entry = value.and_then(|value| value.get(index));
                entry.map(|value| (value.span().start, value))
            }
        };
        let Some((key, inner)) = found else {
            return place;
        };
        value = Some(inner.get_ref());
        step = steps.next();
        place = Place { key, value: inner.span().start, whole: step.is_none() };
    }
    place
}

/// Where a field stands in JSON, which need be well-formed only up to there.
pub(super) fn in_json(text: &str, path: &str) -> Place {
    let mut walk = Walk { text: text.as_bytes(), at: 0 };
    walk.skip_space();
    let mut place = Place { key: walk.at, value: walk.at, whole: false };
    let steps = steps(path);
    for (number, step) in steps.iter().enumerate() {
        let found = match step {
            Step::Key(name) => walk.enter_key(text, name),
            Step::Index(index) => walk.enter_index(*index),
        };
        match found {
            Some((key, value)) => {
                let whole = number + 1 == steps.len();
                place = Place { key, value, whole };
            }
            None => return place,
        }
    }
    place
}

/// A position in JSON text.
struct Walk<'a> {
    text: &'a [u8],
    at: usize,
}

impl Walk<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn skip(&mut self, byte: u8) -> Option<()> {
        self.skip_space();
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// Goes to the value of a key of the table here; where the key and the value begin.
    fn enter_key(&mut self, text: &str, name: &str) -> Option<(usize, usize)> {
        self.skip(b'{')?;
        loop {
            self.skip_space();
            let key = self.at;
            self.skip_text()?;
            let written = text.get(key..self.at)?;
            self.skip(b':')?;
            self.skip_space();
            let value = self.at;
            if serde_json::from_str::<String>(written).is_ok_and(|written| written == name) {
                return Some((key, value));
            }
            self.skip_value()?;
            self.skip(b',')?;
        }
    }

    /// Goes to an item of the list here; where it begins, twice.
    fn enter_index(&mut self, index: usize) -> Option<(usize, usize)> {
        self.skip(b'[')?;
        for _ in 0..index {
            self.skip_value()?;
            self.skip(b',')?;
        }
        self.skip_space();
        let value = self.at;
        (self.peek()? != b']').then_some((value, value))
    }

    fn skip_text(&mut self) -> Option<()> {
        self.skip(b'"')?;
        loop {
            let byte = self.peek()?;
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                return Some(());
            }
        }
    }

    fn skip_value(&mut self) -> Option<()> {
        self.skip_space();
        let mut depth = 0u32;
        loop {
            match self.peek()? {
                b'"' => self.skip_text()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' if depth > 0 => {
                    depth -= 1;
                    self.at += 1;
                }
                b'}' | b']' | b',' if depth == 0 => return Some(()),
                _ => self.at += 1,
            }
            if depth == 0 && matches!(self.peek()?, b',' | b'}' | b']') {
                return Some(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_its_value_and_a_missing_field_to_its_table() {
        let toml =
            "seed = 1\n[[at]]\ntime = \"1s\"\nwrite = { client = \"al\" }\n[cluster]\nnodes = 3\n";
        let found = |path: &str| &toml[in_toml(toml, path).value..];
        assert!(found("at[0].write.client").starts_with("\"al\""));
        assert!(found("at[0].write.key").starts_with("{ client"));
        assert!(found("cluster.nodes").starts_with("3"));
        assert!(found("").starts_with("seed"));
        let json = r#"{ "about": "{[", "at":
            [ {"time": "1s"}, {"write": {"x": [1, {}], "client": "al"}} ] }"#;
        let found = |path: &str| &json[in_json(json, path).value..];
        assert!(found("at[1].write.client").starts_with("\"al\""));
        assert!(found("at[1].write.key").starts_with("{\"x\""));
        assert!(found("at[0].time").starts_with("\"1s\""));
        assert!(found("at[9].time").starts_with("[ {"));
    }
}
