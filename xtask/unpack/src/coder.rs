//! Bits as a part of a number between zero and one: each narrows it down by how likely it was
//! (arithmetic coding without carries, after Mahoney's lpaq). Likely bits hardly weigh anything.

use crate::model::Bits;
use alloc::vec::Vec;

/// What is left: numbers that begin with `low` up to those that begin with `high`.
#[derive(Debug)]
struct Span {
    low: u32,
    high: u32,
}

impl Span {
    const WHOLE: Span = Span { low: 0, high: u32::MAX };

    /// Where the numbers end that say one.
    fn middle(&self, one: u32) -> u32 {
        let wide = u64::from(self.high - self.low) * u64::from(one);
        self.low + (wide >> 16) as u32
    }

    fn narrow(&mut self, middle: u32, bit: u32) {
        if bit == 1 {
            self.high = middle;
        } else {
            self.low = middle + 1;
        }
    }

    /// The first byte, if it is certain by now; what is left behind it then.
    fn certain(&mut self) -> Option<u8> {
        if (self.low ^ self.high) >> 24 != 0 {
            return None;
        }
        let byte = (self.high >> 24) as u8;
        self.low <<= 8;
        self.high = self.high << 8 | 0xff;
        Some(byte)
    }
}

/// Reads bits.
#[derive(Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    span: Span,
    number: u32,
}

impl<'a> Reader<'a> {
    /// Of what [`Writer`] wrote. Behind its end there are zeros.
    pub fn new(rest: &'a [u8]) -> Reader<'a> {
        let mut reader = Reader { rest, span: Span::WHOLE, number: 0 };
        for _ in 0..4 {
            reader.next();
        }
        reader
    }

    fn next(&mut self) {
        let byte = self.rest.split_off_first().copied().unwrap_or_default();
        self.number = self.number << 8 | u32::from(byte);
    }
}

impl Bits for Reader<'_> {
    fn bit(&mut self, one: u32) -> u32 {
        let middle = self.span.middle(one);
        let bit = u32::from(self.number <= middle);
        self.span.narrow(middle, bit);
        while self.span.certain().is_some() {
            self.next();
        }
        bit
    }
}

/// Writes the bits of bytes.
#[derive(Debug)]
pub struct Writer<'a> {
    known: &'a [u8],
    /// How many bits of the first byte are written.
    bits: u32,
    span: Span,
    out: Vec<u8>,
}

impl<'a> Writer<'a> {
    /// Of these bytes.
    pub fn new(known: &'a [u8]) -> Writer<'a> {
        Writer { known, bits: 0, span: Span::WHOLE, out: Vec::new() }
    }

    /// What was written; any number will do that is left.
    pub fn finish(mut self) -> Vec<u8> {
        self.out.extend_from_slice(&self.span.high.to_be_bytes());
        self.out
    }
}

impl Bits for Writer<'_> {
    fn bit(&mut self, one: u32) -> u32 {
        let bit = u32::from(self.known.first().copied().unwrap_or_default() >> (7 - self.bits)) & 1;
        self.bits += 1;
        if self.bits == 8 {
            self.known.split_off_first();
            self.bits = 0;
        }
        let middle = self.span.middle(one);
        self.span.narrow(middle, bit);
        while let Some(byte) = self.span.certain() {
            self.out.push(byte);
        }
        bit
    }
}
