//! The packed program as a file: how long it is, how long each of its streams is, then all of
//! these, one behind the other, as LZMA2 without its end: that takes less code to open than LZMA.
//! Numbers are of four bytes, the lowest first.

use crate::{
    pairs::spread,
    streams::{Stream, Streams, put_together},
};
use alloc::{vec, vec::Vec};
use lzma_rust2::Lzma2Reader;
#[cfg(target_arch = "wasm32")]
use lzma_rust2::Read;
#[cfg(not(target_arch = "wasm32"))]
use std::io::Read;

/// What a stream may have beyond the program it is a part of: three numbers.
const BEYOND: usize = 12;
/// How far back a repetition may reach: no stream is longer.
pub const REACH: u32 = 1 << 20;

/// Reads a file. None if it is damaged, whatever it holds.
pub fn open(file: &[u8]) -> Option<Vec<u8>> {
    let mut rest = file;
    let bytes = number(&mut rest)?;
    let mut streams = Streams::default();
    for stream in &mut streams {
        let long = number(&mut rest)?;
        if long > bytes + BEYOND {
            return None;
        }
        *stream = vec![0; long];
    }
    let mut reader = Lzma2Reader::new(rest, REACH, None);
    for stream in &mut streams {
        reader.read_exact(stream).ok()?;
    }
    let pairs = &streams[Stream::Pairs.place()];
    let instructions = Stream::Instructions.place();
    streams[instructions] = spread(&streams[instructions], pairs, bytes)?;
    put_together(&streams).filter(|program| program.len() == bytes)
}

fn number(rest: &mut &[u8]) -> Option<usize> {
    let bytes = rest.split_off(..4)?.try_into().ok()?;
    Some(u32::from_le_bytes(bytes) as usize)
}
