//! One walk through a function's instructions, for taking apart and for putting together, so that
//! the two cannot disagree; what is read from where is up to the caller. The names are those of the
//! WebAssembly specification, chapter "Binary Format".

use crate::streams::Stream;

/// Numbers that are guessed by what stands before and behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    Locals,
    Labels,
    Calls,
    Gets,
    Sets,
    Loads,
    Stores,
    I32,
    I64,
}

impl Number {
    /// How many sorts there are.
    pub const COUNT: usize = Self::I64 as usize + 1;
}

/// Where a walk takes its bytes from, and puts them. None when there are no more.
pub trait Side {
    /// Hands over an instruction.
    fn instruction(&mut self) -> Option<u8>;

    /// Hands over the next byte, which belongs to that stream.
    fn byte(&mut self, stream: Stream) -> Option<u8>;

    /// Hands over a number.
    fn number(&mut self, number: Number) -> Option<u64>;

    /// Hands over the alignment of the instruction before, whose natural one this is.
    fn alignment(&mut self, natural: u8) -> Option<()>;
}

/// The natural alignments of loads and stores, from `i32.load` on.
const NATURAL: [u8; 23] = [2, 3, 2, 3, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 2, 3, 2, 3, 0, 1, 0, 1, 2];

/// Goes through one function. None when it ends too early, or an instruction is not known.
pub fn walk(side: &mut impl Side) -> Option<()> {
    for _ in 0..side.number(Number::Locals)? {
        // So many, of this type.
        side.number(Number::Locals)?;
        side.number(Number::Locals)?;
    }
    let mut open = 1;
    while open > 0 {
        let instruction = side.instruction()?;
        match instruction {
            // block, loop, if
            0x02..=0x04 => {
                open += 1;
                leb(side, Stream::Others)?;
            }
            // end
            0x0b => open -= 1,
            // br, br_if
            0x0c | 0x0d => _ = side.number(Number::Labels)?,
            // br_table: its default, behind so many labels as the number says.
            0x0e => {
                for _ in 0..=side.number(Number::Labels)? {
                    side.number(Number::Labels)?;
                }
            }
            // call
            0x10 => _ = side.number(Number::Calls)?,
            // call_indirect
            0x11 => numbers(side, 2)?,
            // local.get
            0x20 => _ = side.number(Number::Gets)?,
            // local.set, local.tee
            0x21 | 0x22 => _ = side.number(Number::Sets)?,
            // Globals, tables, memory.size, memory.grow, references.
            0x23..=0x26 | 0x3f | 0x40 | 0xd0 | 0xd2 => numbers(side, 1)?,
            // Loads, then stores.
            0x28..=0x3e => {
                side.alignment(NATURAL[usize::from(instruction - 0x28)])?;
                side.number(if instruction < 0x36 { Number::Loads } else { Number::Stores })?;
            }
            0x41 => _ = side.number(Number::I32)?,
            0x42 => _ = side.number(Number::I64)?,
            // f32.const, f64.const
            0x43 | 0x44 => {
                for _ in 0..4 * (instruction - 0x42) {
                    side.byte(Stream::Floats)?;
                }
            }
            0xfc => match leb(side, Stream::Others)? {
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
    let mut number = Leb::default();
    while !number.add(side.byte(stream)?)? {}
    Some(number.value)
}

/// A number of variable length, on the way.
#[derive(Debug, Default)]
pub struct Leb {
    /// As far as it is known.
    pub value: u64,
    /// How many bytes it has by now.
    pub bytes: u32,
}

impl Leb {
    /// Adds the next byte, and says whether it was the last; None when there are too many.
    pub fn add(&mut self, byte: u8) -> Option<bool> {
        if self.bytes == 10 {
            return None;
        }
        self.value |= u64::from(byte & 0x7f) << (7 * self.bytes);
        self.bytes += 1;
        Some(byte < 0x80)
    }
}
