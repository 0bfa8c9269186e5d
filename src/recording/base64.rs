//! Bytes as letters, digits, `-` and `_`: base64url without padding (RFC 4648, section 5).

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Bytes as text: four digits for three bytes.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0, |bits, byte| (bits << 8) | u32::from(*byte));
        let bits = bits << (8 * (3 - three.len()));
        for nth in 0..=three.len() {
            text.push(char::from(DIGITS[(bits >> (18 - 6 * nth)) as usize % 64]));
        }
    }
    text
}

/// The bytes of a text; None if no bytes are written like this.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for four in text.as_bytes().chunks(4) {
        let mut bits = 0u32;
        for digit in four {
            let value = DIGITS.iter().position(|known| known == digit)?;
            bits = (bits << 6) | value as u32;
        }
        let [_, three @ ..] = (bits << (6 * (4 - four.len()))).to_be_bytes();
        let (said, left) = three.split_at(four.len() - 1);
        // One digit alone is not a byte, and nothing may be left over.
        if said.is_empty() || left.iter().any(|byte| *byte != 0) {
            return None;
        }
        bytes.extend_from_slice(said);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_those_of_the_standard() {
        let known = ["", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy"];
        for (length, text) in known.into_iter().enumerate() {
            assert_eq!(encode(&b"foobar"[..length]), text);
        }
        assert_eq!(encode(&[0xfb, 0xff, 0xfe]), "-__-");
    }

    #[test]
    fn what_is_written_reads_back_and_nothing_else_reads() {
        let bytes: Vec<u8> = (0..=255).chain((0..=255).rev()).collect();
        for length in 0..bytes.len() {
            assert_eq!(decode(&encode(&bytes[..length])).as_deref(), Some(&bytes[..length]));
        }
        // A digit too few, a digit of another alphabet, padding, and a bit too many.
        for text in ["Z", "Zm9vY", "Zm+v", "Zm/v", "Zg==", "Zm 8", "Zh", "Zm9"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
