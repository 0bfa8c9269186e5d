//! The packed program as a file: how long it is, then each of its streams: what it is packed by,
//! how long it is and how long packed, and what it is packed as. Numbers are of four bytes, the
//! lowest first.

use crate::lzma::unpack;
use crate::streams::{Streams, put_together};
use alloc::vec::Vec;

/// What a stream may have beyond the program it is a part of: three numbers.
const BEYOND: usize = 12;

/// Reads a file. None if it is damaged, whatever it holds.
pub fn open(file: &[u8]) -> Option<Vec<u8>> {
    let mut rest = file;
    let bytes = number(&mut rest)?;
    let mut streams = Streams::default();
    for stream in &mut streams {
        let head = *rest.split_off_first()?;
        let (long, packed) = (number(&mut rest)?, number(&mut rest)?);
        if long > bytes + BEYOND {
            return None;
        }
        *stream = unpack(head, rest.split_off(..packed)?, long)?;
    }
    put_together(&streams).filter(|program| program.len() == bytes)
}

fn number(rest: &mut &[u8]) -> Option<usize> {
    let bytes = rest.split_off(..4)?.try_into().ok()?;
    Some(u32::from_le_bytes(bytes) as usize)
}
