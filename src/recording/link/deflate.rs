//! Links natively, at once: a library deflates and inflates.

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

use super::{Link, LinkError, Sealed, UNPACKED_MAX};

/// Smallest results; a scenario is small, so it costs nothing.
const COMPRESSION: u8 = 10;

impl Link {
    /// The link, from `#` on.
    pub fn encode(&self) -> String {
        self.around(&compress_to_vec(&self.content(), COMPRESSION))
    }

    /// Reads a link: a whole address, or its part from `#` on.
    pub fn decode(address: &str) -> Result<Link, LinkError> {
        let sealed = Sealed::read(address)?;
        let inflated = decompress_to_vec_with_limit(&sealed.packed, UNPACKED_MAX);
        let content = inflated.map_err(|error| {
            if error.output.len() >= UNPACKED_MAX { LinkError::TooLong } else { LinkError::Damaged }
        })?;
        sealed.open(&content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Luck, Purpose};
    use crate::recording::base64;
    use crate::recording::link::{LINK_MAX, VERSION, checksum};
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
            assert_eq!(Link::decode(&address), Ok(link.clone()));
            assert_eq!(Link::decode(&link.long()), Ok(link));
            assert!(address.len() < 1_500, "{}: {} characters", builtin.name, address.len());
        }
    }

    #[test]
    fn a_long_link_takes_a_scenario_of_any_size_there_is_room_for() {
        let command = "[[at]]\ntime = \"1s\"\ncrash = \"n2\"\n";
        let link = link(&command.repeat(8_000));
        assert!(link.content().len() > 2 * usize::from(u16::MAX), "more than two blocks");
        assert_eq!(Link::decode(&link.long()), Ok(link));
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
