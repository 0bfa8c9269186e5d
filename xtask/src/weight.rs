//! What a file weighs when a web host compresses it, which is what a visitor downloads.

use flate2::{Compression, write::GzEncoder};
use std::io::Write;

/// The most that the whole page may weigh, gzipped, in bytes.
pub const PAGE_GZIP_BYTES_MAX: u64 = 350_000;

/// Size in bytes after gzip at its strongest level.
pub fn gzip_bytes(content: &[u8]) -> u64 {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).expect("writing to memory does not fail");
    encoder.finish().expect("writing to memory does not fail").len() as u64
}

#[cfg(test)]
mod tests {
    use super::gzip_bytes;

    #[test]
    fn repetition_costs_almost_nothing_on_the_wire() {
        assert!(gzip_bytes(&[b'a'; 100_000]) < 200);
    }
}
