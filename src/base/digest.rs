//! A hash that is the same on every platform: what "the same run" is measured by.
//!
//! `derive(Hash)` feeds `usize` lengths and discriminants; they are widened to 64 bits here, since
//! native and wasm differ in their width. Not for security.

use std::hash::{Hash, Hasher};

/// A 64-bit digest in the making.
#[derive(Clone, Debug)]
pub struct Digest(u64);

impl Default for Digest {
    fn default() -> Digest {
        Digest(0x5265_706c_6963_6173)
    }
}

impl Digest {
    /// Folds 64 bits in.
    // What is folded in at a thousand places of the page is worked out at one.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub fn fold(&mut self, word: u64) {
        let mixed = (self.0 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 29);
    }
}

impl Hasher for Digest {
    fn finish(&self) -> u64 {
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0u8; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.fold(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, n: u8) {
        self.fold(u64::from(n));
    }
    fn write_u16(&mut self, n: u16) {
        self.fold(u64::from(n));
    }
    fn write_u32(&mut self, n: u32) {
        self.fold(u64::from(n));
    }
    fn write_u64(&mut self, n: u64) {
        self.fold(n);
    }
    fn write_usize(&mut self, n: usize) {
        self.fold(n as u64);
    }
    fn write_i64(&mut self, n: i64) {
        self.fold(n as u64);
    }
    fn write_isize(&mut self, n: isize) {
        self.fold(n as u64);
    }
}

/// The digest of a value.
pub fn digest_of(value: &impl Hash) -> u64 {
    let mut digest = Digest::default();
    value.hash(&mut digest);
    digest.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_a_known_value_never_changes() {
        assert_eq!(digest_of(&(1u16, "email", vec![3u32, 4], Some(5i64))), 0xfd27_d0b8_5d8a_5f70);
    }
}
