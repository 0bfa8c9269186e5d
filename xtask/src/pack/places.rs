//! A panic names the file, line and column that it stands in, and the page tells nobody: it stops, and
//! says that it has. So these places need not be carried, with the paths of every source that can
//! panic. They are recognised in the program's memory by their form: a text's address and length,
//! where that text ends in `.rs`, then two numbers.

use std::{io, ops::Range};
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
    let (mut paths, mut count) = (Vec::new(), 0);
    for segment in &segments {
        let mut at = segment.bytes.start + segment.address.wrapping_neg() as usize % 4;
        while at + PLACE_BYTES <= segment.bytes.end {
            if let Some(path) = path(program, &segments, at) {
                program[at..at + PLACE_BYTES].fill(0);
                paths.push(path);
                count += 1;
            }
            at += 4;
        }
    }
    for path in paths {
        program[path].fill(0);
    }
    Ok(count)
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
    use super::forget;
    use wasm_encoder::{ConstExpr, DataSection, MemorySection, MemoryType, Module};

    fn program(memory: &[u8]) -> Vec<u8> {
        let (mut memories, mut data) = (MemorySection::new(), DataSection::new());
        memories.memory(MemoryType {
            minimum: 1,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        data.active(0, &ConstExpr::i32_const(1_002), memory.iter().copied());
        let mut module = Module::new();
        module.section(&memories).section(&data);
        module.finish()
    }

    #[test]
    fn places_in_the_sources_are_gone_and_what_only_looks_like_one_stays() {
        // Addresses from 1,002 on: a path at 1,002, a text at 1,012, two fillers; numbers at 1,020.
        let mut memory = b"src/app.rsnot one!".to_vec();
        for number in [1_002, 10, 7, 9, 1_012, 8, 7, 9, 1_002, 10, 0, 9] {
            memory.extend_from_slice(&u32::to_le_bytes(number));
        }
        let mut built = program(&memory);
        assert_eq!(forget(&mut built).expect("a module"), 1);
        memory[..10].fill(0);
        memory[18..34].fill(0);
        assert_eq!(built, program(&memory));
        assert_eq!(forget(&mut built).expect("a module"), 0);
    }
}
