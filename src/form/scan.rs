//! What the readers of JSON and TOML have in common: a position in a text, quoted texts, numbers.

use super::{Decimal, Form, Misfit};

/// How deep lists and tables may stand in one another.
const DEPTH_MAX: u32 = 64;
/// The most names in one table. Names are looked for one after the other.
const NAMES_MAX: usize = 1_000;

/// A position in a text.
pub(super) struct Scan<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    /// Whether `\/` is a slash, as in JSON; TOML knows no such escape.
    slash: bool,
    depth: u32,
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str, slash: bool) -> Scan<'a> {
        Scan { text, at: 0, slash, depth: 0 }
    }

    /// A problem here.
    pub(super) fn problem<T>(&self, message: &str) -> Result<T, Misfit> {
        Err(Misfit::at(self.at as u32, message.to_string()))
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes on if this stands here.
    pub(super) fn skip(&mut self, expected: &str) -> bool {
        let here = self.text.as_bytes()[self.at..].starts_with(expected.as_bytes());
        self.at += if here { expected.len() } else { 0 };
        here
    }

    /// Goes past these bytes, all of them in ASCII, and returns them.
    pub(super) fn run(&mut self, wanted: impl Fn(u8) -> bool) -> &'a str {
        let start = self.at;
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
        &self.text[start..self.at]
    }

    /// Reads something that stands inside of something else.
    pub(super) fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Misfit>,
    ) -> Result<T, Misfit> {
        if self.depth == DEPTH_MAX {
            return self.problem("lists and tables stand in one another too deeply");
        }
        self.depth += 1;
        let inner = read(self)?;
        self.depth -= 1;
        Ok(inner)
    }

    /// Refuses a name that is there already, at the place where it is given again.
    pub(super) fn new_name(
        &self,
        entries: &[super::Entry],
        name: &str,
        at: usize,
    ) -> Result<(), Misfit> {
        let taken = entries.iter().any(|entry| entry.name == name);
        let message = if taken { "duplicate key" } else { "too many names in one table" };
        if taken || entries.len() >= NAMES_MAX {
            return Err(Misfit::at(at as u32, message.to_string()));
        }
        Ok(())
    }

    /// The rest of a text in quotes on one line, after the opening quote.
    pub(super) fn quoted(&mut self) -> Result<String, Misfit> {
        let mut text = String::new();
        loop {
            let plain = self.at;
            self.run(|byte| byte >= b' ' && byte != b'"' && byte != b'\\');
            text.push_str(&self.text[plain..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escaped()?),
                Some(b'\t') => {
                    text.push('\t');
                    self.at += 1;
                }
                Some(_) => {
                    return self.problem("a line ends, or a control character stands, in a text");
                }
                None => return self.problem("a text has no closing quote"),
            }
        }
    }

    /// A backslash and what it stands for.
    pub(super) fn escaped(&mut self) -> Result<char, Misfit> {
        let start = self.at;
        self.at += 1;
        let letter = self.peek();
        self.at += 1;
        let found = match letter {
            Some(b'b') => Some('\x08'),
            Some(b't') => Some('\t'),
            Some(b'n') => Some('\n'),
            Some(b'f') => Some('\x0c'),
            Some(b'r') => Some('\r'),
            Some(plain @ (b'"' | b'\\')) => Some(plain.into()),
            Some(b'/') if self.slash => Some('/'),
            Some(b'u') => self.utf16(),
            Some(b'U') => self.hex(8).and_then(char::from_u32),
            Some(_) | None => None,
        };
        if found.is_none() {
            self.at = start;
        }
        found.map_or_else(|| self.problem("a backslash that means nothing"), Ok)
    }

    /// Four hexadecimal digits, or twice four for what JSON writes as two halves.
    fn utf16(&mut self) -> Option<char> {
        let first = self.hex(4)?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first);
        }
        let second = if self.skip("\\u") { self.hex(4)? } else { 0 };
        let second = second.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
        char::from_u32(0x10000 + ((first - 0xd800) << 10) + second)
    }

    fn hex(&mut self, digits: usize) -> Option<u32> {
        let text = self.text.get(self.at..self.at + digits)?;
        self.at += digits;
        text.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(())?;
        u32::from_str_radix(text, 16).ok()
    }
}

/// A number as JSON and TOML both write it; None if it is none or out of range.
pub(super) fn number(text: &str) -> Option<Form> {
    let (size, is_negative) = text.strip_prefix('-').map_or((text, false), |size| (size, true));
    let (mantissa, exponent) = size.split_once(['e', 'E']).unwrap_or((size, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_size = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    if leading_zero || ![whole, fraction, exponent_size].into_iter().all(digits) {
        return None;
    }
    if mantissa.len() == size.len() && mantissa.len() == whole.len() {
        return if is_negative {
            text.parse().ok().map(i64::into)
        } else {
            text.parse().ok().map(Form::Whole)
        };
    }
    let decimal = Decimal::read(whole, fraction, exponent.parse().ok()?)?;
    Some(Form::Decimal(if is_negative { decimal.negated() } else { decimal }))
}
