//! Share links: a whole scenario in the part of an address after `#`, which no server ever sees.
//!
//! `#s=` base64url( version, deflate(JSON of the scenario), checksum ) and, if wanted, `&t=` the
//! instant looked at and `&view=` what is open. Commands travel, states follow from them. The JSON
//! has every default written out, so that a link means the same when a default changes. A damaged
//! link is refused with a reason and can do no harm: sizes are bounded before anything is unpacked.
//!
//! This is the form alone. Who deflates differs: a browser does it itself, and takes its time
//! (`api::link`); natively a library does (`deflate`).

#[cfg(not(target_arch = "wasm32"))]
mod deflate;

use std::fmt;

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
pub const UNPACKED_MAX: usize = 8 * 1024 * 1024;
/// The longest name of a view, in bytes.
const VIEW_MAX: usize = 256;
const CHECKSUM_BYTES: usize = 4;

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
    /// What is to be deflated.
    pub fn content(&self) -> Vec<u8> {
        self.scenario.to_form().to_string().into_bytes()
    }

    /// The link, from `#` on, at once, where nobody can wait until it is deflated: several times as
    /// long, since its content stands there as it is (RFC 1951, section 3.2.4).
    pub fn long(&self) -> String {
        let content = self.content();
        let (mut packed, mut rest) = (Vec::new(), content.as_slice());
        while !rest.is_empty() {
            let (block, others) = rest.split_at(rest.len().min(usize::from(u16::MAX)));
            let length = block.len() as u16;
            packed.push(u8::from(others.is_empty()));
            packed.extend_from_slice(&length.to_le_bytes());
            packed.extend_from_slice(&(!length).to_le_bytes());
            packed.extend_from_slice(block);
            rest = others;
        }
        self.around(&packed)
    }

    /// The link, from `#` on, around its deflated content.
    pub fn around(&self, packed: &[u8]) -> String {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(packed);
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
}

/// A link that arrived as it was sent, and is to be inflated yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The deflated content. What comes out of it must not be longer than `UNPACKED_MAX`.
    pub packed: Vec<u8>,
    t: Option<String>,
    view: Option<String>,
}

impl Sealed {
    /// Reads a link: a whole address, or its part from `#` on.
    pub fn read(address: &str) -> Result<Sealed, LinkError> {
        if address.len() > LINK_MAX {
            return Err(LinkError::TooLong);
        }
        let fragment = address.split_once('#').map_or(address, |(_, fragment)| fragment);
        let field = |name: &str| {
            let mut fields = fragment.split('&').filter_map(|field| field.split_once('='));
            fields.find(|(found, _)| *found == name).map(|(_, value)| value)
        };
        let packed = packed(field("s").ok_or(LinkError::NoScenario)?)?;
        let view = field("view").map(unescaped).filter(|view| view.len() <= VIEW_MAX);
        Ok(Sealed { packed, t: field("t").map(str::to_string), view })
    }

    /// What it says, given its content inflated.
    pub fn open(self, content: &[u8]) -> Result<Link, LinkError> {
        let scenario = read_bytes(content).map_err(LinkError::Scenario)?;
        let t = self.t.map(|text| {
            let span = text.parse::<Span>();
            span.map(|span| span.0).map_err(|_| LinkError::NotAnInstant(text))
        });
        Ok(Link { scenario, t: t.transpose()?, view: self.view })
    }
}

/// The deflated content in a link's field.
fn packed(text: &str) -> Result<Vec<u8>, LinkError> {
    // Some programs add the padding back, or break long lines.
    let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '=').collect();
    let mut bytes = base64::decode(&text).ok_or(LinkError::NotALink)?;
    let end = bytes.len().checked_sub(CHECKSUM_BYTES).ok_or(LinkError::NotALink)?;
    if checksum(&bytes[..end]) != bytes[end..] {
        return Err(LinkError::Damaged);
    }
    bytes.truncate(end);
    if bytes.is_empty() {
        return Err(LinkError::NotALink);
    }
    match bytes.remove(0) {
        VERSION => Ok(bytes),
        newer => Err(LinkError::Newer(newer)),
    }
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
