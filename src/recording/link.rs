//! Share links: a whole scenario in the part of an address after `#`, which no server ever sees.
//!
//! `#s=` base64url( version, deflate(JSON of the scenario), checksum ) and, if wanted, `&t=` the
//! instant looked at and `&view=` what is open. Commands travel, states follow from them. The JSON
//! has every default written out, so that a link means the same when a default changes. A damaged
//! link is refused with a reason and can do no harm: sizes are bounded before anything is unpacked.

use std::fmt;

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

use crate::base::{Digest, SimTime, Span};
use crate::form::ToForm;
use crate::sim::Scenario;

use super::base64;
use super::file::{ScenarioError, read_bytes};

/// The version that is written; older ones are read too.
const VERSION: u8 = 1;
/// The longest link, in characters.
pub const LINK_MAX: usize = 2 * 1024 * 1024;
/// The largest scenario in a link, in bytes of JSON.
const UNPACKED_MAX: usize = 8 * 1024 * 1024;
/// The longest name of a view, in bytes.
const VIEW_MAX: usize = 256;
const CHECKSUM_BYTES: usize = 4;
/// Smallest results; a scenario is small, so it costs nothing.
const COMPRESSION: u8 = 10;

/// What a link says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What is run.
    pub scenario: Scenario,
    /// The instant looked at; None leaves it to the page.
    pub t: Option<SimTime>,
    /// What is open; the page's own words.
    pub view: Option<String>,
}

/// Why a link does not open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// There is no `s=` in it.
    NoScenario,
    /// It is longer than `LINK_MAX`, or would unpack to more than a scenario may be.
    TooLong,
    /// It has characters that links do not have, or was cut off.
    NotALink,
    /// A newer program made it.
    Newer(u8),
    /// What arrived is not what was sent.
    Damaged,
    /// `t=` is not a duration.
    NotAnInstant(String),
    /// It holds a scenario that cannot be run.
    Scenario(ScenarioError),
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinkError::NoScenario => f.write_str("the link holds no scenario: `#s=` is missing"),
            LinkError::TooLong => {
                write!(f, "the link is too long: at most {LINK_MAX} characters are read")
            }
            LinkError::NotALink => {
                f.write_str("the link is damaged: a character is wrong or the end is missing")
            }
            LinkError::Newer(version) => write!(
                f,
                "the link was made by a newer version (format {version}; this one reads up to \
                 {VERSION})"
            ),
            LinkError::Damaged => {
                f.write_str("the link is damaged: what arrived is not what was sent")
            }
            LinkError::NotAnInstant(text) => {
                write!(f, "`t={text}` is not an instant: expected a duration such as t=1500ms")
            }
            LinkError::Scenario(error) => write!(f, "the link's scenario cannot be run: {error}"),
        }
    }
}

impl std::error::Error for LinkError {}

impl Link {
    /// The link, from `#` on.
    pub fn encode(&self) -> String {
        let json = self.scenario.to_form().to_string().into_bytes();
        let mut bytes = vec![VERSION];
        bytes.extend(compress_to_vec(&json, COMPRESSION));
        bytes.extend(checksum(&bytes));
        let mut link = format!("#s={}", base64::encode(&bytes));
        if let Some(t) = self.t {
            link.push_str(&format!("&t={}", Span(t)));
        }
        if let Some(view) = &self.view {
            link.push_str("&view=");
            link.push_str(&escaped(view));
        }
        link
    }

    /// Reads a link: a whole address, or its part from `#` on.
    pub fn decode(address: &str) -> Result<Link, LinkError> {
        if address.len() > LINK_MAX {
            return Err(LinkError::TooLong);
        }
        let fragment = address.split_once('#').map_or(address, |(_, fragment)| fragment);
        let field = |name: &str| {
            let mut fields = fragment.split('&').filter_map(|field| field.split_once('='));
            fields.find(|(found, _)| *found == name).map(|(_, value)| value)
        };
        let scenario = unpack(field("s").ok_or(LinkError::NoScenario)?)?;
        let t = field("t").map(|text| {
            let span = text.parse::<Span>();
            span.map(|span| span.0).map_err(|_| LinkError::NotAnInstant(text.to_string()))
        });
        let view = field("view").map(unescaped).filter(|view| view.len() <= VIEW_MAX);
        Ok(Link { scenario, t: t.transpose()?, view })
    }
}

fn unpack(text: &str) -> Result<Scenario, LinkError> {
    // Some programs add the padding back, or break long lines.
    let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '=').collect();
    let bytes = base64::decode(&text).ok_or(LinkError::NotALink)?;
    let (Some(version), Some(end)) = (bytes.first(), bytes.len().checked_sub(CHECKSUM_BYTES))
    else {
        return Err(LinkError::NotALink);
    };
    let (content, sum) = bytes.split_at(end);
    if checksum(content) != sum {
        return Err(LinkError::Damaged);
    }
    if *version != VERSION {
        return Err(LinkError::Newer(*version));
    }
    let packed = content.get(1..).ok_or(LinkError::NotALink)?;
    let json = decompress_to_vec_with_limit(packed, UNPACKED_MAX).map_err(|error| {
        if error.output.len() >= UNPACKED_MAX { LinkError::TooLong } else { LinkError::Damaged }
    })?;
    read_bytes(&json).map_err(LinkError::Scenario)
}

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let mut digest = Digest::default();
    digest.fold(bytes.len() as u64);
    std::hash::Hasher::write(&mut digest, bytes);
    (std::hash::Hasher::finish(&digest) as u32).to_le_bytes()
}

/// Characters that mean something in an address are written as `%` and their number.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~,:".contains(&byte);
    let escape =
        |byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(escape).collect()
}

fn unescaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(byte) = bytes.get(at) {
        let number = bytes.get(at + 1..at + 3).filter(|_| *byte == b'%');
        let number = number.and_then(|digits| std::str::from_utf8(digits).ok());
        match number.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(number) => {
                out.push(number);
                at += 3;
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Luck, Purpose};
    use crate::recording::{BUILTINS, read_scenario};

    fn link(text: &str) -> Link {
        let scenario = read_scenario(text).expect("a good scenario");
        Link { scenario, t: None, view: None }
    }

    #[test]
    fn a_link_opens_as_what_was_shared() {
        for builtin in BUILTINS {
            let mut link = link(builtin.text);
            assert_eq!(Link::decode(&link.encode()), Ok(link.clone()));
            link.t = Some(1_234_567);
            link.view = Some("node:n2, \"50 %\" & more".to_string());
            let address = format!("http://127.0.0.1:8080/some/path/{}", link.encode());
            assert_eq!(Link::decode(&address), Ok(link));
            assert!(address.len() < 1_500, "{}: {} characters", builtin.name, address.len());
        }
    }

    #[test]
    fn a_damaged_link_is_refused_and_never_breaks_anything() {
        let good = link(BUILTINS[0].text).encode();
        for nth in 0..5_000 {
            let draw = Luck(5).draw(Purpose::Generator, 1, nth);
            let mut bytes = good.clone().into_bytes();
            let place = (draw >> 16) as usize % bytes.len();
            match draw % 3 {
                0 => bytes.truncate(place),
                1 => bytes[place] = b' ' + (draw >> 8) as u8 % 95,
                _ => bytes.swap(place, (draw >> 40) as usize % good.len()),
            }
            let damaged = String::from_utf8(bytes).expect("printable characters");
            if let Ok(opened) = Link::decode(&damaged) {
                assert_eq!(opened, link(BUILTINS[0].text), "{damaged}");
            }
        }
    }

    #[test]
    fn each_refusal_says_why() {
        let packed = |version: u8, content: &[u8]| {
            let mut bytes = vec![version];
            bytes.extend(compress_to_vec(content, 10));
            bytes.extend(checksum(&bytes));
            Link::decode(&format!("#s={}", base64::encode(&bytes)))
        };
        assert_eq!(Link::decode("#view=x"), Err(LinkError::NoScenario));
        assert_eq!(Link::decode(&"x".repeat(LINK_MAX + 1)), Err(LinkError::TooLong));
        assert_eq!(Link::decode("#s=!!"), Err(LinkError::NotALink));
        assert_eq!(Link::decode("#s="), Err(LinkError::NotALink));
        assert_eq!(packed(9, b"{}"), Err(LinkError::Newer(9)));
        assert!(packed(VERSION, b"{}").is_ok(), "the empty scenario is all defaults");
        assert!(matches!(packed(VERSION, b"{\"sed\": 1}"), Err(LinkError::Scenario(_))));
        let bomb = vec![b' '; UNPACKED_MAX + 1];
        assert_eq!(packed(VERSION, &bomb), Err(LinkError::TooLong));
        let with_t = format!("{}&t=soon", link(BUILTINS[0].text).encode());
        assert_eq!(Link::decode(&with_t), Err(LinkError::NotAnInstant("soon".to_string())));
    }
}
