//! A panic names the file, line and column that it stands in, and the page tells nobody: it stops,
//! and says that it has. So these places need not be carried, with the paths of every source that
//! can panic. They are recognised in the program's memory by their form: a text's address and
//! length, where that text ends in `.rs`, then two numbers. All are the same then, and calls name
//! one of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    ops::Range,
};
use wasmparser::{DataKind, Operator, Parser, Payload};

/// A place: where its path lies, how long that is, the line, the column.
const PLACE_BYTES: usize = 16;
/// Longer paths and lines, and larger lines and columns, are something else.
const PATH_MAX: u32 = 300;
const LINE_MAX: u32 = 100_000;
const COLUMN_MAX: u32 = 1_000;

/// What memory holds at first: from which address on, and where in the program that is.
struct Segment {
    address: u32,
    bytes: Range<usize>,
}

/// Blots out places and their paths, and says how many there were. What is left of a place is an
/// empty text and two zeros.
pub fn forget(program: &mut [u8]) -> io::Result<usize> {
    let segments = segments(program)?;
    let (mut paths, mut places) = (Vec::new(), BTreeSet::new());
    for segment in &segments {
        let mut at = segment.bytes.start + segment.address.wrapping_neg() as usize % 4;
        while at + PLACE_BYTES <= segment.bytes.end {
            if let Some(path) = path(program, &segments, at) {
                program[at..at + PLACE_BYTES].fill(0);
                paths.push(path);
                places.insert(segment.address + (at - segment.bytes.start) as u32);
            }
            at += 4;
        }
    }
    for path in paths {
        program[path].fill(0);
    }
    for number in told(program, &places)? {
        // All addresses have as many bytes, or stay as they are.
        if let Some(first) = places.first().map(|first| leb(*first))
            && first.len() == number.len()
        {
            program[number].copy_from_slice(&first);
        }
    }
    Ok(places.len())
}

/// Where in the program's code the address of a place stands that is a call's last argument: only
/// what a function is called with that never returns, or that gets nothing else at any call.
fn told(program: &[u8], places: &BTreeSet<u32>) -> io::Result<Vec<Range<usize>>> {
    let mut calls: BTreeMap<u32, Calls> = BTreeMap::new();
    for payload in Parser::new(0).parse_all(program) {
        let Payload::CodeSectionEntry(body) = payload.map_err(io::Error::other)? else { continue };
        let mut operators = body.get_operators_reader().map_err(io::Error::other)?;
        // The address before, and the function called with it before.
        let (mut address, mut called) = (None, None);
        while !operators.eof() {
            let start = operators.original_position() as usize;
            let operator = operators.read().map_err(io::Error::other)?;
            let end = operators.original_position() as usize;
            if let (Operator::Unreachable, Some(function)) = (&operator, called) {
                calls.entry(function).or_default().never_returns = true;
            }
            called = None;
            if let Operator::Call { function_index } = operator {
                let calls = calls.entry(function_index).or_default();
                match address.take() {
                    Some(number) => calls.with_place.push(number),
                    None => calls.others += 1,
                }
                called = Some(function_index);
            }
            address = match operator {
                Operator::I32Const { value } if places.contains(&(value as u32)) => {
                    Some(start + 1..end)
                }
                _ => None,
            };
        }
    }
    let certain = |calls: &Calls| calls.never_returns || calls.others == 0;
    Ok(calls.into_values().filter(certain).flat_map(|calls| calls.with_place).collect())
}

/// How a function is called.
#[derive(Default)]
struct Calls {
    with_place: Vec<Range<usize>>,
    others: usize,
    /// What follows a call is never reached.
    never_returns: bool,
}

/// A number as constants are written: lowest bits first, the highest of all for the sign.
fn leb(mut number: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x40 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// Where the path of the place at `at` lies, if that is one.
fn path(program: &[u8], segments: &[Segment], at: usize) -> Option<Range<usize>> {
    let number = |nth: usize| {
        let bytes = program[at + 4 * nth..][..4].try_into();
        u32::from_le_bytes(bytes.unwrap_or_default())
    };
    let [address, length, line, column] = [0, 1, 2, 3].map(number);
    if length > PATH_MAX || !(1..LINE_MAX).contains(&line) || !(1..COLUMN_MAX).contains(&column) {
        return None;
    }
    let path = segments.iter().find_map(|segment| {
        let start = segment.bytes.start + address.checked_sub(segment.address)? as usize;
        let end = start + length as usize;
        (end <= segment.bytes.end).then_some(start..end)
    })?;
    let text = &program[path.clone()];
    (text.ends_with(b".rs") && text.iter().all(u8::is_ascii_graphic)).then_some(path)
}

fn segments(program: &[u8]) -> io::Result<Vec<Segment>> {
    let mut segments = Vec::new();
    for payload in Parser::new(0).parse_all(program) {
        if let Payload::DataSection(section) = payload.map_err(io::Error::other)? {
            for data in section {
                let data = data.map_err(io::Error::other)?;
                let DataKind::Active { offset_expr, .. } = data.kind else { continue };
                let first = offset_expr.get_operators_reader().read();
                let Operator::I32Const { value } = first.map_err(io::Error::other)? else {
                    continue;
                };
                let end = data.range.end as usize;
                let bytes = end - data.data.len()..end;
                segments.push(Segment { address: value as u32, bytes });
            }
        }
    }
    Ok(segments)
}

#[cfg(test)]
mod tests {
    use super::{forget, leb};
    use wasm_encoder::{
        CodeSection, ConstExpr, DataSection, Function, FunctionSection, MemorySection, MemoryType,
        Module, TypeSection, ValType,
    };

    /// A program with this in its memory, that calls functions with these numbers: the first never
    /// returns, the second gets other numbers too.
    fn program(memory: &[u8], numbers: [i32; 4]) -> Vec<u8> {
        let (mut types, mut functions) = (TypeSection::new(), FunctionSection::new());
        let (mut memories, mut code, mut data) =
            (MemorySection::new(), CodeSection::new(), DataSection::new());
        types.ty().function([ValType::I32], []);
        functions.function(0);
        memories.memory(MemoryType {
            minimum: 1,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut body = Function::new([]);
        let [ended, place, other, counted] = numbers;
        body.instructions().i32_const(ended).call(1).unreachable();
        body.instructions().i32_const(place).call(2).i32_const(other).call(2).i32_const(counted);
        body.instructions().drop().end();
        code.function(&body);
        data.active(0, &ConstExpr::i32_const(1_002), memory.iter().copied());
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&memories).section(&code).section(&data);
        module.finish()
    }

    #[test]
    fn places_in_the_sources_are_gone_and_what_only_looks_like_one_stays() {
        // From 1,002 on: a path, a text, then at 1,020 two places and twice what is none.
        let mut memory = b"src/app.rsnot one!".to_vec();
        let place = [1_002, 10, 7, 9];
        for number in [place, [1_012, 8, 7, 9], [1_002, 10, 0, 9], place].concat() {
            memory.extend_from_slice(&u32::to_le_bytes(number));
        }
        let mut built = program(&memory, [1_068, 1_068, 5_000, 1_068]);
        assert_eq!(forget(&mut built).expect("a module"), 2);
        memory[..10].fill(0);
        memory[18..34].fill(0);
        memory[66..].fill(0);
        assert_eq!(built, program(&memory, [1_020, 1_068, 5_000, 1_068]));
        assert_eq!(forget(&mut built).expect("a module"), 0);
    }

    #[test]
    fn numbers_are_written_as_a_program_writes_them() {
        for number in [0, 1, 63, 64, 8_191, 8_192, 1_048_575, 1_048_576, 1 << 30] {
            let mut written = Vec::new();
            wasm_encoder::Encode::encode(&(number as i32), &mut written);
            assert_eq!(leb(number), written, "{number}");
        }
    }
}
