//! A program's code, taken apart by what its bytes mean: instructions here, numbers there. Like lies
//! beside like then, and packs smaller. Numbers, which no dictionary packs well, are guessed bit by
//! bit from the instructions around them and the numbers before (`model`). Nothing is left out but
//! what comes out by itself: the sizes of functions, and natural alignments.

use crate::coder::{Reader, Writer};
use crate::model::{Bits, CONTEXTS, Model};
use crate::walk::{Leb, Number, Side, walk};
use alloc::vec::Vec;
use core::ops::Range;

/// What a byte is about that is not part of a guessed number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// What is not code: the rest of the program, and where its code belongs.
    Rest,
    Instructions,
    Floats,
    Others,
}

impl Stream {
    /// How many there are.
    pub const COUNT: usize = Self::Others as usize + 1;
}

/// Stands behind a load or a store whose alignment is not the natural one, with that added.
const UNNATURAL: u8 = 0xe0;

/// The streams' bytes.
pub type Streams = [Vec<u8>; Stream::COUNT];

/// A program taken apart: its streams, and its numbers, which are packed already. `code` is where
/// its code section's content lies, and `bodies` where in the program each function's content does.
/// The error is where an instruction begins that is not known.
pub fn take_apart(
    program: &[u8],
    code: Range<usize>,
    bodies: &[Range<usize>],
) -> Result<(Streams, Vec<u8>), usize> {
    let mut apart = Apart { program, at: 0, streams: Streams::default(), numbers: Vec::new() };
    let header = leb_bytes(code.len());
    let head = &program[..code.start - header];
    let rest = &mut apart.streams[Stream::Rest as usize];
    for number in [head.len(), bodies.len()] {
        rest.extend_from_slice(&(number as u32).to_le_bytes());
    }
    rest.extend_from_slice(head);
    rest.extend_from_slice(&program[code.end..]);
    for body in bodies {
        apart.program = &program[..body.end];
        apart.at = body.start;
        if walk(&mut apart).is_none() || apart.at != body.end {
            return Err(apart.at.saturating_sub(1));
        }
    }
    let Apart { streams, numbers, .. } = apart;
    let mut together = Together::new(&streams, Writer::new(&numbers), program.len());
    // What was taken apart just now goes together.
    let _ = together.program();
    let packed = together.bits.finish();
    Ok((streams, packed))
}

/// The program again, from its streams and its packed numbers; None if they are not those of one of
/// so many bytes.
pub fn put_together(streams: &Streams, numbers: &[u8], bytes: usize) -> Option<Vec<u8>> {
    Together::new(streams, Reader::new(numbers), bytes).program()
}

/// From a program into its streams.
struct Apart<'a> {
    program: &'a [u8],
    at: usize,
    streams: Streams,
    numbers: Vec<u8>,
}

impl Apart<'_> {
    fn next(&mut self) -> Option<u8> {
        let byte = *self.program.get(self.at)?;
        self.at += 1;
        Some(byte)
    }
}

impl Side for Apart<'_> {
    fn instruction(&mut self) -> Option<u8> {
        self.byte(Stream::Instructions)
    }

    fn byte(&mut self, stream: Stream) -> Option<u8> {
        let byte = self.next()?;
        self.streams[stream as usize].push(byte);
        Some(byte)
    }

    fn number(&mut self, _: Number) -> Option<u64> {
        let mut leb = Leb::default();
        loop {
            let byte = self.next()?;
            self.numbers.push(byte);
            if leb.add(byte)? {
                return Some(leb.value);
            }
        }
    }

    fn alignment(&mut self, natural: u8) -> Option<()> {
        let alignment = self.next()?;
        if alignment != natural {
            self.streams[Stream::Instructions as usize].push(UNNATURAL | alignment);
        }
        (alignment < 0x10).then_some(())
    }
}

/// From the streams into a program.
struct Together<'a, B> {
    streams: &'a Streams,
    read: [usize; Stream::COUNT],
    /// The numbers, packed or on their way to be.
    bits: B,
    model: Model,
    before: Before,
    /// The function, so far.
    body: Vec<u8>,
    /// How many bytes there can be at most. Numbers never run out, so something must.
    bytes: usize,
}

impl<'a, B: Bits> Together<'a, B> {
    fn new(streams: &'a Streams, bits: B, bytes: usize) -> Self {
        let model = Model::new(Number::COUNT * SORTS);
        let (read, before) = ([0; Stream::COUNT], Before::default());
        Together { streams, read, bits, model, before, body: Vec::new(), bytes }
    }

    fn program(&mut self) -> Option<Vec<u8>> {
        let rest = &self.streams[Stream::Rest as usize];
        let number = |at: usize| Some(u32::from_le_bytes(rest.get(at..at + 4)?.try_into().ok()?));
        let (head, functions) = (number(0)? as usize, number(4)?);
        let (head, tail) = rest.get(8..)?.split_at_checked(head)?;
        let mut code = Vec::with_capacity(self.bytes);
        push_leb(functions as usize, &mut code);
        for function in 0..functions {
            self.body.clear();
            self.before.function = function;
            walk(self)?;
            push_leb(self.body.len(), &mut code);
            code.extend_from_slice(&self.body);
        }
        let mut program = head.to_vec();
        push_leb(code.len(), &mut program);
        program.extend_from_slice(&code);
        program.extend_from_slice(tail);
        Some(program)
    }

    fn push(&mut self, byte: u8) -> Option<()> {
        self.bytes = self.bytes.checked_sub(1)?;
        self.body.push(byte);
        Some(())
    }

    /// What the stream of instructions has after so many others.
    fn beyond(&self, others: usize) -> u8 {
        let instructions = &self.streams[Stream::Instructions as usize];
        let at = self.read[Stream::Instructions as usize] + others;
        instructions.get(at).copied().unwrap_or_default()
    }
}

impl<B: Bits> Side for Together<'_, B> {
    fn instruction(&mut self) -> Option<u8> {
        let instruction = self.byte(Stream::Instructions)?;
        self.before.instruction(instruction);
        Some(instruction)
    }

    fn byte(&mut self, stream: Stream) -> Option<u8> {
        let next = &mut self.read[stream as usize];
        let byte = *self.streams[stream as usize].get(*next)?;
        *next += 1;
        self.push(byte)?;
        Some(byte)
    }

    fn number(&mut self, number: Number) -> Option<u64> {
        let places = self.before.places(number, self.beyond(0), self.beyond(1));
        let (mut leb, mut bytes) = (Leb::default(), 1);
        loop {
            let sort = number as usize * SORTS + (leb.bytes as usize).min(SORTS - 1);
            let contexts = places.map(|place| mixed(place, bytes));
            let byte = self.model.byte(sort, &contexts, &mut self.bits);
            bytes = bytes << 8 | u32::from(byte);
            self.push(byte)?;
            if leb.add(byte)? {
                self.before.number(number, leb.value as u32);
                return Some(leb.value);
            }
        }
    }

    fn alignment(&mut self, natural: u8) -> Option<()> {
        let next = self.beyond(0);
        if next & 0xf0 != UNNATURAL {
            return self.push(natural);
        }
        self.read[Stream::Instructions as usize] += 1;
        self.push(next & 0x0f)
    }
}

/// How many bytes of a number are told apart by their place in it.
const SORTS: usize = 3;

/// What stood before.
struct Before {
    /// Which function this is.
    function: u32,
    /// The last eight instructions, the last of them lowest.
    instructions: u64,
    /// How many numbers the last one has had.
    operands: u32,
    /// The last number of each sort.
    last: [u32; Number::COUNT],
    /// The last three numbers of any sort.
    any: [u32; 3],
    /// The last number of each sort behind each instruction.
    behind: [[u32; 256]; Number::COUNT],
}

impl Default for Before {
    fn default() -> Before {
        Before {
            function: 0,
            instructions: 0,
            operands: 0,
            last: [0; Number::COUNT],
            any: [0; 3],
            behind: [[0; 256]; Number::COUNT],
        }
    }
}

impl Before {
    fn instruction(&mut self, instruction: u8) {
        self.instructions = self.instructions << 8 | u64::from(instruction);
        self.operands = 0;
    }

    fn number(&mut self, number: Number, value: u32) {
        let sort = number as usize;
        self.last[sort] = value;
        self.behind[sort][self.instructions as usize >> 8 & 0xff] = value;
        self.any = [value << 4 | sort as u32, self.any[0], self.any[1]];
        self.operands = (self.operands + 1).min(3);
    }

    /// The contexts that a number of this sort stands in, before these two instructions.
    fn places(&self, number: Number, next: u8, second: u8) -> [u32; CONTEXTS] {
        let sort = number as usize;
        let all = self.instructions;
        let (here, beyond) = (all as u32 & 0xffff | self.operands << 16, u32::from(next));
        let eight = mixed(all as u32, (all >> 32) as u32);
        let places = [
            mixed(here, beyond << 8 | u32::from(second)),
            mixed(here, self.function),
            mixed(mixed(here, beyond), self.last[Number::Gets as usize]),
            mixed(eight, beyond),
            mixed(mixed(here, all as u32 >> 16 & 0xff), self.last[sort]),
            mixed(mixed(self.any[0], self.any[1]), self.any[2]),
            mixed(here, self.behind[sort][all as usize >> 8 & 0xff]),
        ];
        let mut nth = 0;
        places.map(|place| {
            nth += 1;
            mixed(place, nth << 8 | sort as u32)
        })
    }
}

/// Two numbers as one, well stirred.
fn mixed(one: u32, other: u32) -> u32 {
    let stirred = one.wrapping_mul(0x85eb_ca6b) ^ other.wrapping_add(0x1656_67b1).rotate_left(13);
    stirred.wrapping_mul(0xc2b2_ae35).rotate_left(15).wrapping_add(one)
}

fn push_leb(mut number: usize, to: &mut Vec<u8>) {
    while number >= 0x80 {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

fn leb_bytes(number: usize) -> usize {
    let mut bytes = Vec::new();
    push_leb(number, &mut bytes);
    bytes.len()
}
