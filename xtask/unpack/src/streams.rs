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
    I32,
    I64,
    Floats,
    Others,
}

impl Stream {
    /// How many there are.
    pub const COUNT: usize = Self::Others as usize + 1;
}

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
    let rest = &mut streams[Stream::Rest as usize];
    for number in [head.len(), bodies.len()] {
        rest.extend_from_slice(&(number as u32).to_le_bytes());
    }
    rest.extend_from_slice(head);
    rest.extend_from_slice(&program[code.end..]);
    for body in bodies {
        let mut at = body.start;
        let whole = walk(|stream| {
            let byte = *program[..body.end].get(at)?;
            streams[stream as usize].push(byte);
            at += 1;
            Some(byte)
        });
        if whole.is_none() || at != body.end {
            return Err(at.saturating_sub(1));
        }
    }
    Ok(streams)
}

/// The program again; None if the streams are not those of one.
pub fn put_together(streams: &Streams) -> Option<Vec<u8>> {
    let rest = &streams[Stream::Rest as usize];
    let number = |at: usize| Some(u32::from_le_bytes(rest.get(at..at + 4)?.try_into().ok()?));
    let (head, functions) = (number(0)? as usize, number(4)?);
    let mut code = Vec::new();
    push_leb(functions as usize, &mut code);
    let mut read = [0_usize; Stream::COUNT];
    let mut body = vec![];
    for _ in 0..functions {
        body.clear();
        walk(|stream| {
            let next = &mut read[stream as usize];
            let byte = *streams[stream as usize].get(*next)?;
            *next += 1;
            body.push(byte);
            Some(byte)
        })?;
        push_leb(body.len(), &mut code);
        code.extend_from_slice(&body);
    }
    let mut program = rest.get(8..8 + head)?.to_vec();
    push_leb(code.len(), &mut program);
    program.extend_from_slice(&code);
    program.extend_from_slice(&rest[8 + head..]);
    Some(program)
}

/// Goes through one function; `byte` hands over its next byte, which belongs to that stream. None
/// when there is none, or an instruction is not known.
fn walk(mut byte: impl FnMut(Stream) -> Option<u8>) -> Option<()> {
    let byte: &mut dyn FnMut(Stream) -> Option<u8> = &mut byte;
    for _ in 0..leb(byte, Stream::Locals)? {
        leb(byte, Stream::Locals)?;
        byte(Stream::Locals)?;
    }
    let mut open = 1;
    while open > 0 {
        match byte(Stream::Instructions)? {
            // block, loop, if
            0x02..=0x04 => {
                leb(byte, Stream::BlockTypes)?;
                open += 1;
            }
            // end
            0x0b => open -= 1,
            // br, br_if
            0x0c | 0x0d => drop(leb(byte, Stream::Labels)?),
            // br_table
            0x0e => {
                for _ in 0..=leb(byte, Stream::Labels)? {
                    leb(byte, Stream::Labels)?;
                }
            }
            0x10 => drop(leb(byte, Stream::Calls)?),
            // call_indirect
            0x11 => drop((leb(byte, Stream::Others)?, leb(byte, Stream::Others)?)),
            0x20 => drop(leb(byte, Stream::Gets)?),
            // local.set, local.tee
            0x21 | 0x22 => drop(leb(byte, Stream::Sets)?),
            // Globals, tables, memory.size, memory.grow, references.
            0x23..=0x26 | 0x3f | 0x40 | 0xd0 | 0xd2 => drop(leb(byte, Stream::Others)?),
            // Loads and stores: the alignment goes with the instruction.
            0x28..=0x35 => drop((leb(byte, Stream::Instructions)?, leb(byte, Stream::Loads)?)),
            0x36..=0x3e => drop((leb(byte, Stream::Instructions)?, leb(byte, Stream::Stores)?)),
            0x41 => drop(leb(byte, Stream::I32)?),
            0x42 => drop(leb(byte, Stream::I64)?),
            width @ (0x43 | 0x44) => {
                for _ in 0..4 * (width - 0x42) {
                    byte(Stream::Floats)?;
                }
            }
            0xfc => {
                let indices = match leb(byte, Stream::Instructions)? {
                    // Conversions that saturate.
                    0..=7 => 0,
                    // data.drop, memory.fill, elem.drop, table.grow, table.size, table.fill
                    9 | 11 | 13 | 15..=17 => 1,
                    // memory.init, memory.copy, table.init, table.copy
                    8 | 10 | 12 | 14 => 2,
                    _ => return None,
                };
                for _ in 0..indices {
                    leb(byte, Stream::Others)?;
                }
            }
            // unreachable, nop, else, return, drop, select, ref.is_null, and all arithmetic.
            0x00 | 0x01 | 0x05 | 0x0f | 0x1a | 0x1b | 0x45..=0xc4 | 0xd1 => {}
            _ => return None,
        }
    }
    Some(())
}

/// Hands over a number of variable length.
fn leb(byte: &mut dyn FnMut(Stream) -> Option<u8>, stream: Stream) -> Option<u64> {
    let mut number = 0;
    for place in 0..10 {
        let part = byte(stream)?;
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
