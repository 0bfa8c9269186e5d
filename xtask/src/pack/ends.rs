//! What a program does only to stop is left out. A panic gathers what it would say and calls a
//! function that never returns; the page has words of its own for that, so the program may as well
//! stop at once. What throws is no such end, since the page may catch it.

use super::order::imports;
use std::{collections::BTreeSet, io, ops::Range};
use wasm_encoder::{CodeSection, Module, RawSection};
use wasmparser::{FunctionBody, Operator, Parser, Payload};

/// The instruction that stops.
const UNREACHABLE: u8 = 0;

/// The program, which stops where it would have called what never returns.
pub fn cut(program: &[u8]) -> io::Result<Vec<u8>> {
    let (mut program, imports) = (program.to_vec(), imports(program)? as u32);
    loop {
        let shorter = without(&program, &ends(&program, imports)?)?;
        if shorter.len() >= program.len() {
            return Ok(program);
        }
        program = shorter;
    }
}

/// The functions that never return, without those that throw.
fn ends(program: &[u8], imports: u32) -> io::Result<BTreeSet<u32>> {
    let (mut bodies, mut calls) = (Vec::new(), Vec::new());
    // What has something behind each of its calls that is never reached, and what has not.
    let (mut stopping, mut returning) = (BTreeSet::new(), BTreeSet::new());
    for payload in Parser::new(0).parse_all(program) {
        let Payload::CodeSectionEntry(body) = payload.map_err(io::Error::other)? else { continue };
        let (function, mut called) = (imports + bodies.len() as u32, None);
        for operator in body.get_operators_reader().map_err(io::Error::other)? {
            let operator = operator.map_err(io::Error::other)?;
            if let Some(called) = called.take() {
                let stops = matches!(operator, Operator::Unreachable);
                if stops { &mut stopping } else { &mut returning }.insert(called);
            }
            if let Operator::Call { function_index } = operator {
                called = Some(function_index);
                calls.push((function, function_index));
            }
        }
        bodies.push(body);
    }
    let mut ends = BTreeSet::new();
    spread(&mut ends, |ends| {
        let mut more = Vec::new();
        for (function, body) in (imports..).zip(&bodies) {
            if !ends.contains(&function) && !returns(body, ends).map_err(io::Error::other)? {
                more.push(function);
            }
        }
        Ok(more)
    })?;
    // What never returns, though nothing in it shows that, throws; so does what calls it.
    let mut throwing: BTreeSet<u32> = stopping
        .into_iter()
        .filter(|one| !returning.contains(one) && !ends.contains(one))
        .collect();
    spread(&mut throwing, |throwing| {
        let throws = |(_, called): &&(u32, u32)| throwing.contains(called);
        Ok(calls.iter().filter(throws).map(|(caller, _)| *caller).collect())
    })?;
    Ok(ends.difference(&throwing).copied().collect())
}

/// Adds what follows from a set, until nothing does.
fn spread(
    set: &mut BTreeSet<u32>,
    more: impl Fn(&BTreeSet<u32>) -> io::Result<Vec<u32>>,
) -> io::Result<()> {
    loop {
        let known = set.len();
        set.extend(more(set)?);
        if set.len() == known {
            return Ok(());
        }
    }
}

/// A block of a function that is open.
#[derive(Default)]
struct Open {
    /// Whether its beginning is reached.
    entered: bool,
    /// Whether what follows it is, from within.
    left: bool,
    /// A branch to it goes back to its beginning.
    is_loop: bool,
    /// What follows it is reached from its beginning too.
    skipped: bool,
}

/// Whether a function can come to its end, given these that never do.
fn returns(body: &FunctionBody, ends: &BTreeSet<u32>) -> wasmparser::Result<bool> {
    let (mut open, mut live) = (vec![Open { entered: true, ..Open::default() }], true);
    let leave = |open: &mut Vec<Open>, live: bool, depth: u32| {
        let block = open.iter_mut().nth_back(depth as usize);
        if let Some(block) = block.filter(|block| live && !block.is_loop) {
            block.left = true;
        }
    };
    for operator in body.get_operators_reader()? {
        match operator? {
            Operator::Block { .. } => open.push(Open { entered: live, ..Open::default() }),
            Operator::Loop { .. } => {
                open.push(Open { entered: live, is_loop: true, ..Open::default() });
            }
            Operator::If { .. } => {
                open.push(Open { entered: live, skipped: live, ..Open::default() });
            }
            Operator::Else => {
                if let Some(block) = open.last_mut() {
                    block.left |= live;
                    (live, block.skipped) = (block.entered, false);
                }
            }
            Operator::End => {
                live |= open.pop().is_some_and(|block| block.left || block.skipped);
            }
            Operator::Br { relative_depth } => {
                leave(&mut open, live, relative_depth);
                live = false;
            }
            Operator::BrIf { relative_depth } => leave(&mut open, live, relative_depth),
            Operator::BrTable { targets } => {
                leave(&mut open, live, targets.default());
                for target in targets.targets() {
                    leave(&mut open, live, target?);
                }
                live = false;
            }
            Operator::Return => {
                let outermost = open.len() as u32 - 1;
                leave(&mut open, live, outermost);
                live = false;
            }
            Operator::Unreachable => live = false,
            Operator::Call { function_index } if ends.contains(&function_index) => live = false,
            _ => {}
        }
    }
    Ok(live)
}

/// The program without what leads straight to one of these ends.
fn without(program: &[u8], ends: &BTreeSet<u32>) -> io::Result<Vec<u8>> {
    let (mut module, mut code, mut functions) = (Module::new(), CodeSection::new(), 0);
    for payload in Parser::new(0).parse_all(program) {
        let payload = payload.map_err(io::Error::other)?;
        if let Payload::CodeSectionStart { count, .. } = payload {
            functions = count;
            continue;
        }
        if let Payload::CodeSectionEntry(body) = &payload {
            let (mut kept, start) = (body.as_bytes().to_vec(), body.range().start as usize);
            for straight in straight(body, ends).map_err(io::Error::other)?.into_iter().rev() {
                kept.splice(straight.start - start..straight.end - start, [UNREACHABLE]);
            }
            code.raw(&kept);
            if code.len() == functions {
                module.section(&code);
            }
        }
        if let Some((id, range)) = payload.as_section() {
            let data = &program[range.start as usize..range.end as usize];
            module.section(&RawSection { id, data });
        }
    }
    Ok(module.finish())
}

/// Where in the program instructions stand, one behind the other, that lead to one of these ends or
/// to `unreachable`, with that.
fn straight(body: &FunctionBody, ends: &BTreeSet<u32>) -> wasmparser::Result<Vec<Range<usize>>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut operators = body.get_operators_reader()?;
    let mut start = operators.original_position() as usize;
    while !operators.eof() {
        let operator = operators.read()?;
        let end = operators.original_position() as usize;
        match operator {
            Operator::Unreachable => {
                // What stands between two ends is never reached.
                let before = found.pop_if(|before| before.end == start);
                found.push(before.map_or(start, |before| before.start)..end);
            }
            Operator::Call { function_index } if ends.contains(&function_index) => {
                found.push(start..end);
            }
            Operator::Call { .. }
            | Operator::CallIndirect { .. }
            | Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::Else
            | Operator::End
            | Operator::Br { .. }
            | Operator::BrIf { .. }
            | Operator::BrTable { .. }
            | Operator::Return => {}
            _ => continue,
        }
        start = end;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::cut;
    use wasm_encoder::{
        BlockType, CodeSection, EntityType, Function, FunctionSection, ImportSection,
        InstructionSink, Module, TypeSection,
    };

    /// A program with one import and functions with these instructions.
    fn program(bodies: &[&dyn Fn(&mut InstructionSink)]) -> Vec<u8> {
        let (mut types, mut imports) = (TypeSection::new(), ImportSection::new());
        let (mut functions, mut code) = (FunctionSection::new(), CodeSection::new());
        types.ty().function([], []);
        imports.import("a", "b", EntityType::Function(0));
        for body in bodies {
            functions.function(0);
            let mut function = Function::new([]);
            body(&mut function.instructions());
            function.instructions().end();
            code.function(&function);
        }
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&code);
        module.finish()
    }

    #[test]
    fn what_leads_only_to_the_end_is_left_out() {
        let stops = |to: &mut InstructionSink| _ = to.call(0).unreachable();
        let leads = |to: &mut InstructionSink| {
            to.call(0).i32_const(7).drop().i32_const(9).call(1).unreachable();
        };
        let may = |to: &mut InstructionSink| {
            to.i32_const(1).if_(BlockType::Empty).i32_const(2).call(2).end().call(0);
        };
        let led = |to: &mut InstructionSink| _ = to.call(0).unreachable();
        let might = |to: &mut InstructionSink| {
            to.i32_const(1).if_(BlockType::Empty).unreachable().end().call(0);
        };
        let cut = cut(&program(&[&stops, &leads, &may])).expect("a program");
        assert_eq!(cut, program(&[&stops, &led, &might]));
    }

    #[test]
    fn what_throws_or_may_return_stays() {
        // 1 throws: nothing in it shows that it never returns, but its call does.
        let throws = |to: &mut InstructionSink| _ = to.call(0);
        let stops = |to: &mut InstructionSink| _ = to.call(1).unreachable();
        let skips = |to: &mut InstructionSink| {
            to.block(BlockType::Empty).i32_const(1).br_if(0).unreachable().end();
        };
        let calls = |to: &mut InstructionSink| _ = to.i32_const(1).call(2).call(3).call(0);
        let program = program(&[&throws, &stops, &skips, &calls]);
        assert_eq!(cut(&program).expect("a program"), program);
    }
}
