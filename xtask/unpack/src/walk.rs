//! One walk through a function's instructions, for taking apart and for putting together, so that
//! the two cannot disagree; what is read from where is up to the caller. The names are those of the
//! WebAssembly specification, chapter "Binary Format".

use crate::streams::Stream;

/// Where a walk takes its bytes from, and puts them. None when there are no more.
pub trait Side {
    /// Hands over the next byte, which belongs to that stream.
    fn byte(&mut self, stream: Stream) -> Option<u8>;

    /// The instruction behind the number that comes next.
    fn behind_number(&self) -> Option<u8>;

    /// Hands over the number of a local.
    fn local(&mut self, stream: Stream) -> Option<()>;

    /// Hands over the number of a function that is called.
    fn call(&mut self) -> Option<()>;

    /// Hands over the constant of the instruction before, if that is an address.
    fn address(&mut self) -> Option<bool>;

    /// Hands over the alignment of the instruction before, whose natural one this is.
    fn alignment(&mut self, natural: u8) -> Option<()>;
}

/// `i32.const`
pub const CONSTANT: u8 = 0x41;
/// Stands for that among the instructions if its constant is an address: from the first mebibyte,
/// where a stack is, to the second.
pub const ADDRESS: u8 = 0xc5;

/// The natural alignments of loads and stores, from `i32.load` on.
const NATURAL: [u8; 23] = [2, 3, 2, 3, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 2, 3, 2, 3, 0, 1, 0, 1, 2];

/// How many sorts of uses of a constant are told apart.
pub const USES: u8 = 11;

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
        // stores, loads
        0x36..=0x3e => 4,
        0x28..=0x35 => 5,
        // call, local.get, i32.const
        0x10 => 6,
        0x20 => 7,
        CONSTANT | ADDRESS => 8,
        // local.set, local.tee
        0x21 | 0x22 => 9,
        // if, br_if
        0x04 | 0x0d => 10,
        _ => 0,
    }
}

/// Goes through one function. None when it ends too early, or an instruction is not known.
pub fn walk(side: &mut impl Side) -> Option<()> {
    for _ in 0..leb(side, Stream::Locals)? {
        // So many, of this type.
        leb(side, Stream::Locals)?;
        side.byte(Stream::Locals)?;
    }
    let mut open = 1;
    while open > 0 {
        let instruction = side.byte(Stream::Instructions)?;
        match instruction {
            // block, loop, if
            0x02..=0x04 => {
                open += 1;
                leb(side, Stream::BlockTypes)?;
            }
            // end
            0x0b => open -= 1,
            // br, br_if
            0x0c => _ = leb(side, Stream::Labels)?,
            0x0d => _ = leb(side, Stream::ConditionalLabels)?,
            // br_table: its default, behind so many labels as the number says.
            0x0e => {
                for _ in 0..=leb(side, Stream::Labels)? {
                    leb(side, Stream::Labels)?;
                }
            }
            // call
            0x10 => side.call()?,
            // call_indirect
            0x11 => numbers(side, 2)?,
            // local.get
            0x20 => side.local(Stream::Gets)?,
            // local.set, local.tee
            0x21 | 0x22 => side.local(Stream::Sets)?,
            // Globals, tables, memory.size, memory.grow, references.
            0x23..=0x26 | 0x3f | 0x40 | 0xd0 | 0xd2 => numbers(side, 1)?,
            // Loads, then stores.
            0x28..=0x3e => {
                side.alignment(NATURAL[usize::from(instruction - 0x28)])?;
                leb(side, if instruction < 0x36 { Stream::Loads } else { Stream::Stores })?;
            }
            CONSTANT | ADDRESS => {
                if !side.address()? {
                    let stream = Stream::I32(use_of(side.behind_number()?));
                    leb(side, stream)?;
                }
            }
            // i64.const
            0x42 => _ = leb(side, Stream::I64)?,
            // f32.const, f64.const
            0x43 | 0x44 => {
                for _ in 0..4 * (instruction - 0x42) {
                    side.byte(Stream::Floats)?;
                }
            }
            0xfc => match leb(side, Stream::Instructions)? {
                // Conversions that saturate.
                0..=7 => {}
                // data.drop, memory.fill, elem.drop, table.grow, table.size, table.fill
                9 | 11 | 13 | 15..=17 => numbers(side, 1)?,
                // memory.init, memory.copy, table.init, table.copy
                8 | 10 | 12 | 14 => numbers(side, 2)?,
                _ => return None,
            },
            // unreachable, nop, else, return, drop, select, ref.is_null, and all arithmetic.
            0x00 | 0x01 | 0x05 | 0x0f | 0x1a | 0x1b | 0xd1 | 0x45..=0xc4 => {}
            _ => return None,
        }
    }
    Some(())
}

fn numbers(side: &mut impl Side, count: usize) -> Option<()> {
    for _ in 0..count {
        leb(side, Stream::Others)?;
    }
    Some(())
}

/// Hands over a number of variable length.
fn leb(side: &mut impl Side, stream: Stream) -> Option<u64> {
    let mut number = 0;
    for place in 0..10 {
        let part = side.byte(if place == 0 { stream } else { stream.behind_first() })?;
        number |= u64::from(part & 0x7f) << (7 * place);
        if part < 0x80 {
            return Some(number);
        }
    }
    None
}
