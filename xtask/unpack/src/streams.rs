//! A program's code, taken apart by what its bytes mean: instructions here, the locals they name
//! there, constants, calls and so on elsewhere. Like lies beside like then, and packs a twelfth
//! smaller. Nothing is left out but the sizes of functions, which come out by themselves.
//!
//! Taking apart and putting together are one walk through the instructions, so that they cannot
//! disagree; what a byte is read from and written to is up to the caller. The names are those of
//! the WebAssembly specification, chapter "Binary Format".

use alloc::{vec, vec::Vec};

/// What a byte of a function is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// What is not code: the rest of the program, and where its code belongs.
    Rest,
    Locals,
    Instructions,
    BlockTypes,
    Labels,
    Calls,
    Gets,
    Sets,
    Loads,
    Stores,
    I64,
    Floats,
    Others,
    /// Constants, by the sort of instruction that uses them: see [`use_of`].
    I32(u8),
}

impl Stream {
    /// How many there are.
    pub const COUNT: usize = Self::I32(USES).place();

    /// Its place among the streams.
    pub const fn place(self) -> usize {
        match self {
            Self::Rest => 0,
            Self::Locals => 1,
            Self::Instructions => 2,
            Self::BlockTypes => 3,
            Self::Labels => 4,
            Self::Calls => 5,
            Self::Gets => 6,
            Self::Sets => 7,
            Self::Loads => 8,
            Self::Stores => 9,
            Self::I64 => 10,
            Self::Floats => 11,
            Self::Others => 12,
            Self::I32(used) => 13 + used as usize,
        }
    }
}

/// How many sorts of uses of a constant are told apart.
const USES: u8 = 11;

/// What a constant is for, by the instruction that follows it: an address, a mask, a size, an
/// argument ... each has numbers of its own.
fn use_of(next: u8) -> u8 {
    match next {
        // add, sub
        0x6a | 0x6b => 1,
        // comparisons
        0x45..=0x5a => 2,
        // and, or, xor, shifts
        0x71..=0x78 => 3,
        STORE_FIRST..=STORE_LAST => 4,
        LOAD_FIRST..=LOAD_LAST => 5,
        CALL => 6,
        LOCAL_GET => 7,
        I32_CONST => 8,
        LOCAL_SET | LOCAL_TEE => 9,
        IF | BR_IF => 10,
        _ => 0,
    }
}

const IF: u8 = 0x04;
const BR_IF: u8 = 0x0d;
const CALL: u8 = 0x10;
const LOCAL_GET: u8 = 0x20;
const LOCAL_SET: u8 = 0x21;
const LOCAL_TEE: u8 = 0x22;
const LOAD_FIRST: u8 = 0x28;
const LOAD_LAST: u8 = 0x35;
const STORE_FIRST: u8 = 0x36;
const STORE_LAST: u8 = 0x3e;
const I32_CONST: u8 = 0x41;
const F32_CONST: u8 = 0x43;
const F64_CONST: u8 = 0x44;

/// The streams' bytes.
pub type Streams = [Vec<u8>; Stream::COUNT];

/// A program taken apart; `code` is where its code section's content lies, and `bodies` where in
/// the program each function's content does. The error is where an instruction begins that is not
/// known.
pub fn take_apart(
    program: &[u8],
    code: core::ops::Range<usize>,
    bodies: &[core::ops::Range<usize>],
) -> Result<Streams, usize> {
    let mut streams = Streams::default();
    let header = leb_bytes(code.len());
    let head = &program[..code.start - header];
    let rest = &mut streams[Stream::Rest.place()];
    for number in [head.len(), bodies.len()] {
        rest.extend_from_slice(&(number as u32).to_le_bytes());
    }
    rest.extend_from_slice(head);
    rest.extend_from_slice(&program[code.end..]);
    for body in bodies {
        let mut apart = Apart { program: &program[..body.end], at: body.start, streams };
        let whole = walk(&mut apart);
        let at = apart.at;
        streams = apart.streams;
        if whole.is_none() || at != body.end {
            return Err(at.saturating_sub(1));
        }
    }
    Ok(streams)
}

/// The program again; None if the streams are not those of one.
pub fn put_together(streams: &Streams) -> Option<Vec<u8>> {
    let rest = &streams[Stream::Rest.place()];
    let number = |at: usize| Some(u32::from_le_bytes(rest.get(at..at + 4)?.try_into().ok()?));
    let (head, functions) = (number(0)? as usize, number(4)?);
    let mut code = Vec::new();
    push_leb(functions as usize, &mut code);
    let mut together = Together { streams, read: [0; Stream::COUNT], body: vec![] };
    for _ in 0..functions {
        together.body.clear();
        walk(&mut together)?;
        push_leb(together.body.len(), &mut code);
        code.extend_from_slice(&together.body);
    }
    let mut program = rest.get(8..8 + head)?.to_vec();
    push_leb(code.len(), &mut program);
    program.extend_from_slice(&code);
    program.extend_from_slice(&rest[8 + head..]);
    Some(program)
}

/// Where a walk takes its bytes from, and puts them.
trait Side {
    /// Hands over the next byte, which belongs to that stream; None when there is none.
    fn byte(&mut self, stream: Stream) -> Option<u8>;

    /// The instruction behind the number that comes next.
    fn behind_number(&self) -> Option<u8>;
}

/// From a program into its streams.
struct Apart<'a> {
    program: &'a [u8],
    at: usize,
    streams: Streams,
}

impl Side for Apart<'_> {
    fn byte(&mut self, stream: Stream) -> Option<u8> {
        let byte = *self.program.get(self.at)?;
        self.streams[stream.place()].push(byte);
        self.at += 1;
        Some(byte)
    }

    fn behind_number(&self) -> Option<u8> {
        let rest = self.program.get(self.at..)?;
        rest.get(rest.iter().position(|byte| *byte < 0x80)? + 1).copied()
    }
}

/// From the streams into a function.
struct Together<'a> {
    streams: &'a Streams,
    read: [usize; Stream::COUNT],
    body: Vec<u8>,
}

impl Side for Together<'_> {
    fn byte(&mut self, stream: Stream) -> Option<u8> {
        let next = &mut self.read[stream.place()];
        let byte = *self.streams[stream.place()].get(*next)?;
        *next += 1;
        self.body.push(byte);
        Some(byte)
    }

    fn behind_number(&self) -> Option<u8> {
        let stream = Stream::Instructions.place();
        self.streams[stream].get(self.read[stream]).copied()
    }
}

/// Goes through one function. None when it ends too early, or an instruction is not known.
fn walk(side: &mut impl Side) -> Option<()> {
    for _ in 0..leb(side, Stream::Locals)? {
        leb(side, Stream::Locals)?;
        side.byte(Stream::Locals)?;
    }
    let mut open = 1;
    while open > 0 {
        let instruction = side.byte(Stream::Instructions)?;
        match instruction {
            // block, loop, if
            0x02..=IF => open += 1,
            // end
            0x0b => open -= 1,
            _ => {}
        }
        for stream in numbers(side, instruction)? {
            leb(side, *stream)?;
        }
        match instruction {
            // br_table: its default, behind so many labels as the number says.
            0x0e => {
                for _ in 0..=leb(side, Stream::Labels)? {
                    leb(side, Stream::Labels)?;
                }
            }
            I32_CONST => {
                let stream = Stream::I32(use_of(side.behind_number()?));
                leb(side, stream)?;
            }
            F32_CONST | F64_CONST => {
                for _ in 0..4 * (1 + instruction - F32_CONST) {
                    side.byte(Stream::Floats)?;
                }
            }
            _ => {}
        }
    }
    Some(())
}

/// The streams of the numbers that always follow an instruction; None for one that is not known.
fn numbers(side: &mut impl Side, instruction: u8) -> Option<&'static [Stream]> {
    Some(match instruction {
        0x02..=IF => &[Stream::BlockTypes],
        // br, br_if
        0x0c | BR_IF => &[Stream::Labels],
        CALL => &[Stream::Calls],
        LOCAL_GET => &[Stream::Gets],
        LOCAL_SET | LOCAL_TEE => &[Stream::Sets],
        // The alignment goes with the instruction, which nearly always has the same.
        LOAD_FIRST..=LOAD_LAST => &[Stream::Instructions, Stream::Loads],
        STORE_FIRST..=STORE_LAST => &[Stream::Instructions, Stream::Stores],
        // i64.const
        0x42 => &[Stream::I64],
        // call_indirect
        0x11 => &[Stream::Others, Stream::Others],
        // Globals, tables, memory.size, memory.grow, references.
        0x23..=0x26 | 0x3f | 0x40 | 0xd0 | 0xd2 => &[Stream::Others],
        0xfc => match leb(side, Stream::Instructions)? {
            // Conversions that saturate.
            0..=7 => &[],
            // data.drop, memory.fill, elem.drop, table.grow, table.size, table.fill
            9 | 11 | 13 | 15..=17 => &[Stream::Others],
            // memory.init, memory.copy, table.init, table.copy
            8 | 10 | 12 | 14 => &[Stream::Others, Stream::Others],
            _ => return None,
        },
        // unreachable, nop, else, end, br_table, return, drop, select, constants with a stream of
        // their own, ref.is_null, and all arithmetic.
        0x00 | 0x01 | 0x05 | 0x0b | 0x0e | 0x0f | 0x1a | 0x1b | 0xd1 => &[],
        I32_CONST | F32_CONST..=0xc4 => &[],
        _ => return None,
    })
}

/// Hands over a number of variable length.
fn leb(side: &mut impl Side, stream: Stream) -> Option<u64> {
    let mut number = 0;
    for place in 0..10 {
        let part = side.byte(stream)?;
        number |= u64::from(part & 0x7f) << (7 * place);
        if part < 0x80 {
            return Some(number);
        }
    }
    None
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
