//! Deflate (RFC 1951), which packs share links: one block with codes of its own when packing, all
//! three sorts of blocks when unpacking. Small rather than fast; a link is some hundred bytes.

use crate::base::sort;

/// The symbol at which a block ends. Those below are bytes, those above are lengths of copies.
const END: usize = 256;
const LENGTH_MIN: usize = 3;
const LENGTH_MAX: usize = 258;
/// The code of the longest copy, which would otherwise be the last of its group.
const LONGEST: usize = 285;
const DISTANCE_MAX: usize = 32_768;
/// How many codes of distances there are.
const DISTANCES: usize = 30;
/// No symbol has more bits.
const BITS_MAX: usize = 15;
/// The order in which the lengths of the codes of lengths stand.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
/// How many places with the same beginning are compared, at most.
const TRIES_MAX: usize = 100;

/// Every doubling of a length has four codes, and of a distance two: so many bits of the code say
/// where in the doubling it is.
const OF_LENGTH: usize = 2;
const OF_DISTANCE: usize = 1;

/// A symbol of one of the two alphabets, and the bits that follow it.
struct Symbol {
    symbol: usize,
    extra: usize,
    bits: usize,
    is_distance: bool,
}

/// The code of a length or a distance from 0, its extra bits, and how many.
fn coded(value: usize, fine: usize) -> (usize, usize, usize) {
    let bits = (value.max(1).ilog2() as usize).saturating_sub(fine);
    ((bits << fine) + (value >> bits), value & ((1 << bits) - 1), bits)
}

/// The least value of a code, and how many extra bits it has.
fn meant(code: usize, fine: usize) -> (usize, usize) {
    match (code >> fine).checked_sub(1) {
        Some(bits) => (((1 << fine) + (code & ((1 << fine) - 1))) << bits, bits),
        None => (code, 0),
    }
}

/// Packs bytes.
pub fn compress(bytes: &[u8]) -> Vec<u8> {
    let symbols = symbols(bytes);
    let mut counts = [vec![0; LONGEST + 1], vec![0; DISTANCES]];
    for Symbol { symbol, is_distance, .. } in &symbols {
        counts[usize::from(*is_distance)][*symbol] += 1;
    }
    let codes = counts.map(|counts| Code::fitting(&counts, BITS_MAX));
    let mut out = Packing::default();
    // The last block, and codes of its own.
    out.push(0b101, 3);
    out.describe(&codes);
    for Symbol { symbol, extra, bits, is_distance } in symbols {
        codes[usize::from(is_distance)].write(symbol, &mut out);
        out.push(extra, bits);
    }
    out.push(0, 7);
    out.bytes
}

/// Bytes, and copies of what came before in place of them where that is shorter.
fn symbols(bytes: &[u8]) -> Vec<Symbol> {
    let mut seen = Seen { newest: vec![0; 4_096], older: vec![0; bytes.len()] };
    let mut symbols = Vec::new();
    let plain = |symbol| Symbol { symbol, extra: 0, bits: 0, is_distance: false };
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let (length, distance) = seen.longest(bytes, at);
        seen.note(bytes, at);
        // A longer copy may begin at the next byte.
        if length < LENGTH_MIN || seen.longest(bytes, at + 1).0 > length {
            symbols.push(plain(usize::from(*byte)));
            at += 1;
            continue;
        }
        (at + 1..at + length).for_each(|at| seen.note(bytes, at));
        at += length;
        let (code, extra, bits) = coded(length - LENGTH_MIN, OF_LENGTH);
        symbols.push(match length {
            LENGTH_MAX => plain(LONGEST),
            _ => Symbol { extra, bits, ..plain(END + 1 + code) },
        });
        let (symbol, extra, bits) = coded(distance - 1, OF_DISTANCE);
        symbols.push(Symbol { symbol, extra, bits, is_distance: true });
    }
    symbols.push(plain(END));
    symbols
}

/// Where three bytes have been seen: places are counted from 1, and 0 is none.
struct Seen {
    newest: Vec<usize>,
    older: Vec<usize>,
}

impl Seen {
    fn slot(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let three = bytes.get(at..at + LENGTH_MIN)?;
        let hash = three.iter().fold(0, |hash, byte| hash * 37 + usize::from(*byte));
        Some(hash % self.newest.len())
    }

    fn note(&mut self, bytes: &[u8], at: usize) {
        if let Some(slot) = self.slot(bytes, at) {
            self.older[at] = std::mem::replace(&mut self.newest[slot], at + 1);
        }
    }

    /// Length and distance of the longest copy of what stands here.
    fn longest(&self, bytes: &[u8], at: usize) -> (usize, usize) {
        let mut best = (0, 0);
        let mut place = self.slot(bytes, at).map_or(0, |slot| self.newest[slot]);
        for _ in 0..TRIES_MAX {
            if place == 0 || at + 1 - place > DISTANCE_MAX || best.0 == LENGTH_MAX {
                break;
            }
            let both = bytes[place - 1..].iter().zip(&bytes[at..]).take(LENGTH_MAX);
            let length = both.take_while(|(then, now)| then == now).count();
            if length > best.0 {
                best = (length, at + 1 - place);
            }
            place = self.older[place - 1];
        }
        best
    }
}

/// Bits on their way into bytes, the lowest first.
#[derive(Default)]
struct Packing {
    bytes: Vec<u8>,
    held: usize,
    count: usize,
}

impl Packing {
    fn push(&mut self, value: usize, bits: usize) {
        self.held |= value << self.count;
        self.count += bits;
        while self.count >= 8 {
            self.bytes.push(self.held as u8);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    /// Writes the lengths of both codes, runs of nothing as such.
    fn describe(&mut self, codes: &[Code; 2]) {
        let lengths = [codes[0].described(END + 1), codes[1].described(1)];
        let all = lengths.concat();
        let mut runs: Vec<(usize, usize, usize)> = Vec::new();
        let mut at = 0;
        while let Some(length) = all.get(at) {
            let zeros = all[at..].iter().take(138).take_while(|length| **length == 0).count();
            runs.push(match zeros {
                0..=2 => (*length, 0, 0),
                3..=10 => (17, zeros - 3, 3),
                _ => (18, zeros - 11, 7),
            });
            at += if zeros > 2 { zeros } else { 1 };
        }
        let mut counts = vec![0; ORDER.len()];
        runs.iter().for_each(|(symbol, ..)| counts[*symbol] += 1);
        let code = Code::fitting(&counts, 7);
        let ordered = ORDER.map(|symbol| code.lengths[symbol]);
        let told = ordered.iter().rposition(|length| *length > 0).map_or(4, |at| (at + 1).max(4));
        self.push(lengths[0].len() - END - 1, 5);
        self.push(lengths[1].len() - 1, 5);
        self.push(told - 4, 4);
        ordered[..told].iter().for_each(|length| self.push(*length, 3));
        for (symbol, extra, bits) in runs {
            code.write(symbol, self);
            self.push(extra, bits);
        }
    }
}

/// A code: how many bits each symbol has, and in which order codes are given.
struct Code {
    lengths: Vec<usize>,
    /// The symbols that have codes, shorter codes first.
    symbols: Vec<usize>,
    /// How many codes there are of each length.
    counts: [usize; BITS_MAX + 1],
}

impl Code {
    fn of(lengths: Vec<usize>) -> Code {
        let mut symbols: Vec<usize> = (0..lengths.len()).collect();
        symbols.retain(|symbol| lengths[*symbol] > 0);
        sort(&mut symbols, |a, b| lengths[*a] < lengths[*b]);
        let mut counts = [0; BITS_MAX + 1];
        symbols.iter().for_each(|symbol| counts[lengths[*symbol]] += 1);
        Code { lengths, symbols, counts }
    }

    /// Huffman's code for symbols that occur so often, of at most so many bits.
    fn fitting(counts: &[usize], bits_max: usize) -> Code {
        let mut counts = counts.to_vec();
        loop {
            let mut lengths = vec![0; counts.len()];
            let mut trees: Vec<(usize, Vec<usize>)> = Vec::new();
            for (symbol, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                trees.push((*count, vec![symbol]));
            }
            if let [(_, only)] = &trees[..] {
                lengths[only[0]] = 1;
            }
            sort(&mut trees, |a, b| a.0 > b.0);
            while let (Some((a, mut both)), Some((b, next))) = (trees.pop(), trees.pop()) {
                both.extend(next);
                both.iter().for_each(|symbol| lengths[*symbol] += 1);
                let at = trees.partition_point(|(count, _)| *count > a + b);
                trees.insert(at, (a + b, both));
                if trees.len() == 1 {
                    break;
                }
            }
            if lengths.iter().all(|length| *length <= bits_max) {
                return Code::of(lengths);
            }
            // Counts that differ less make codes that differ less.
            counts.iter_mut().for_each(|count| *count -= *count / 2);
        }
    }

    /// The lengths up to the last that is not 0, at least `least` of them.
    fn described(&self, least: usize) -> &[usize] {
        let last = self.lengths.iter().rposition(|length| *length > 0);
        &self.lengths[..last.map_or(least, |last| least.max(last + 1))]
    }

    /// Writes a symbol, the highest bit of its code first.
    fn write(&self, symbol: usize, out: &mut Packing) {
        let length = self.lengths[symbol];
        let (mut first, mut passed) = (0, 0);
        for count in &self.counts[1..length] {
            (first, passed) = ((first + count) << 1, passed + count);
        }
        let place = self.symbols.iter().position(|other| *other == symbol).unwrap_or(0);
        let code = first + place - passed;
        (0..length).rev().for_each(|bit| out.push(code >> bit & 1, 1));
    }

    /// Reads a symbol; None if no symbol has these bits.
    fn read(&self, bits: &mut Bits) -> Option<usize> {
        let (mut code, mut first, mut passed) = (0, 0, 0);
        for count in &self.counts[1..] {
            code = code << 1 | bits.take(1)?;
            if code < first + count {
                return self.symbols.get(passed + code.checked_sub(first)?).copied();
            }
            (first, passed) = ((first + count) << 1, passed + count);
        }
        None
    }
}

/// Bits to read, the lowest first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> Option<usize> {
        let mut value = 0;
        for nth in 0..count {
            let byte = usize::from(*self.bytes.get(self.at / 8)?);
            value |= (byte >> (self.at % 8) & 1) << nth;
            self.at += 1;
        }
        Some(value)
    }
}

/// Why bytes do not unpack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// They are no deflate, or not all of it.
    Damaged,
    /// They would be more than was allowed.
    TooLong,
}

/// Unpacks to at most `max` bytes.
pub fn decompress(packed: &[u8], max: usize) -> Result<Vec<u8>, Fault> {
    let mut bits = Bits { bytes: packed, at: 0 };
    let mut out = Vec::new();
    loop {
        let is_last = bits.take(1).ok_or(Fault::Damaged)? == 1;
        let whole = unpack_block(&mut bits, &mut out, max);
        if out.len() > max {
            return Err(Fault::TooLong);
        }
        whole.ok_or(Fault::Damaged)?;
        if is_last {
            return Ok(out);
        }
    }
}

/// Unpacks a block; None if it is damaged or leads beyond `max`.
fn unpack_block(bits: &mut Bits, out: &mut Vec<u8>, max: usize) -> Option<()> {
    let codes = match bits.take(2)? {
        0 => {
            bits.at = bits.at.next_multiple_of(8);
            let (length, check) = (bits.take(16)?, bits.take(16)?);
            (length ^ check == 0xffff).then_some(())?;
            let start = bits.at / 8;
            out.extend_from_slice(bits.bytes.get(start..start + length)?);
            bits.at += 8 * length;
            return Some(());
        }
        1 => {
            let length = |symbol| match symbol {
                0..=143 => 8,
                144..=255 => 9,
                256..=279 => 7,
                _ => 8,
            };
            [Code::of((0..288).map(length).collect()), Code::of(vec![5; DISTANCES])]
        }
        2 => read_codes(bits)?,
        _ => return None,
    };
    loop {
        let symbol = codes[0].read(bits)?;
        match symbol.checked_sub(END) {
            None => out.push(symbol as u8),
            Some(0) => return Some(()),
            Some(code) => {
                let (least, more) = meant(code - 1, OF_LENGTH);
                let least = if symbol == LONGEST { LENGTH_MAX - LENGTH_MIN } else { least };
                let more = if symbol == LONGEST { 0 } else { more };
                let length = LENGTH_MIN + least + bits.take(more)?;
                let (least, more) = meant(codes[1].read(bits)?, OF_DISTANCE);
                let start = out.len().checked_sub(1 + least + bits.take(more)?)?;
                // The copy may run into what it writes.
                (start..start + length).for_each(|at| out.push(out[at]));
            }
        }
        (out.len() <= max).then_some(())?;
    }
}

/// Reads the codes of a block that has its own.
fn read_codes(bits: &mut Bits) -> Option<[Code; 2]> {
    let literals = END + 1 + bits.take(5)?;
    let distances = 1 + bits.take(5)?;
    let mut lengths = vec![0; ORDER.len()];
    for symbol in &ORDER[..4 + bits.take(4)?] {
        lengths[*symbol] = bits.take(3)?;
    }
    let code = Code::of(lengths);
    let mut all = Vec::new();
    while all.len() < literals + distances {
        let (length, times) = match code.read(bits)? {
            16 => (*all.last()?, 3 + bits.take(2)?),
            17 => (0, 3 + bits.take(3)?),
            18 => (0, 11 + bits.take(7)?),
            length => (length, 1),
        };
        all.extend((0..times).map(|_| length));
    }
    let rest = all.split_off(literals);
    (rest.len() == distances).then(|| [Code::of(all), Code::of(rest)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Luck, Purpose};
    use crate::recording::BUILTINS;
    use miniz_oxide::deflate::compress_to_vec;
    use miniz_oxide::inflate::decompress_to_vec;

    /// Texts with much, little and nothing to be packed.
    fn samples() -> Vec<Vec<u8>> {
        let random = |kinds: u64, len: u64| {
            (0..len).map(|nth| (Luck(len).draw(Purpose::Generator, 1, nth) % kinds) as u8).collect()
        };
        let mut samples: Vec<Vec<u8>> =
            BUILTINS.iter().map(|builtin| builtin.text.into()).collect();
        samples.extend([vec![], vec![7], vec![b'a'; 70_000], random(256, 1_000), random(3, 5_000)]);
        let builtins = &samples[..BUILTINS.len()];
        samples.push(builtins.concat());
        samples
    }

    #[test]
    fn what_it_packs_others_unpack_and_what_others_pack_it_unpacks() {
        for sample in samples() {
            let packed = compress(&sample);
            assert_eq!(decompress_to_vec(&packed).ok().as_ref(), Some(&sample));
            assert_eq!(decompress(&packed, sample.len()).as_ref(), Ok(&sample));
            for level in [0, 1, 6, 10] {
                let theirs = compress_to_vec(&sample, level);
                assert_eq!(decompress(&theirs, sample.len()).as_ref(), Ok(&sample), "{level}");
            }
            let best = compress_to_vec(&sample, 10).len();
            assert!(packed.len() <= best + best / 20 + 16, "{} where {best} do", packed.len());
        }
    }

    #[test]
    fn no_bytes_make_it_panic_or_write_more_than_it_may() {
        let packed = compress(BUILTINS[0].text.as_bytes());
        assert_eq!(decompress(&packed, 100), Err(Fault::TooLong));
        for nth in 0..3_000 {
            let mut damaged = packed.clone();
            let draw = Luck(5).draw(Purpose::Generator, 2, nth) as usize;
            let place = (draw >> 16) % damaged.len();
            if draw & 1 == 0 {
                damaged.truncate(place);
            } else {
                damaged[place] ^= 1 << (draw >> 8 & 7);
            }
            if let Ok(read) = decompress(&damaged, 5_000) {
                assert!(read.len() <= 5_000);
            }
        }
    }
}
