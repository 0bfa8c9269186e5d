//! Instructions that often follow each other are told as one byte: it stands for two, each of which
//! may stand for two in turn. So what packs the bytes sees more of them at a glance. A pair is how
//! much lower that byte is than the last pair's, and its two parts.

use alloc::vec::Vec;

/// What no pair consists of.
pub const NO_PAIR: [u8; 2] = [0, 0];

/// What the bytes stand for, given all pairs, one behind the other. None if that is longer than
/// `most`.
pub fn spread(bytes: &[u8], pairs: &[u8], most: usize) -> Option<Vec<u8>> {
    let (mut parts, mut byte) = ([NO_PAIR; 256], 0_u8);
    for [lower, first, second] in pairs.as_chunks().0 {
        byte = byte.wrapping_sub(*lower);
        parts[usize::from(byte)] = [*first, *second];
    }
    let (mut spread, mut waiting) = (Vec::new(), Vec::new());
    for byte in bytes {
        waiting.push(*byte);
        while let Some(byte) = waiting.pop() {
            if spread.len() + waiting.len() >= most {
                return None;
            }
            match parts[usize::from(byte)] {
                NO_PAIR => spread.push(byte),
                [first, second] => {
                    waiting.push(second);
                    waiting.push(first);
                }
            }
        }
    }
    Some(spread)
}
