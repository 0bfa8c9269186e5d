//! The program's functions in an order in which calls are short to tell (see `unpack::streams`):
//! each behind those that it is the first to call. Of functions that are alike, one stays, and of
//! those that nobody can call, none.

use std::{
    collections::{BTreeMap, BTreeSet},
    convert::Infallible,
    io,
};
use wasm_encoder::{
    CodeSection, FunctionSection, Module,
    reencode::{Error, Reencode},
};
use wasmparser::{
    CodeSectionReader, ElementItems, ExternalKind, FunctionBody, FunctionSectionReader, Operator,
    Parser, Payload, TypeRef,
};

/// What a program's order is made from.
#[derive(Default)]
struct Functions<'a> {
    /// How many are imported: the others have the numbers behind theirs.
    imports: usize,
    own: Vec<Function<'a>>,
    /// The numbers of those that are called by their place in a table, in its order.
    table: Vec<usize>,
    /// The numbers of those that are called from outside.
    exported: Vec<usize>,
}

/// A function of the program.
struct Function<'a> {
    of_type: u32,
    body: &'a [u8],
    /// The numbers of those it calls, by when it does first.
    calls: Vec<usize>,
}

/// The program with its functions in order.
pub fn put(program: &[u8]) -> io::Result<Vec<u8>> {
    let mut program = program.to_vec();
    // What differed only in which of two functions that are alike it calls, is alike now.
    while let Some(fewer) = fold(&program)? {
        program = fewer;
    }
    let functions = functions(&program)?;
    let (imports, order) = (functions.imports, callees_first(&functions));
    let mut new: Vec<u32> = (0..(imports + functions.own.len()) as u32).collect();
    for (place, function) in order.iter().enumerate() {
        new[imports + function] = (imports + place) as u32;
    }
    Moved { order, new }.program(&program)
}

/// How many functions a program imports: its own have the numbers behind theirs.
pub fn imports(program: &[u8]) -> io::Result<usize> {
    functions(program).map(|functions| functions.imports)
}

/// The numbers of the functions that are called or could be.
pub fn used(program: &[u8]) -> io::Result<BTreeSet<u32>> {
    let Functions { own, table, exported, .. } = functions(program)?;
    let called = own.iter().flat_map(|function| &function.calls);
    Ok(called.chain(&table).chain(&exported).map(|number| *number as u32).collect())
}

/// The program with one of each; None if all differ.
fn fold(program: &[u8]) -> io::Result<Option<Vec<u8>>> {
    let Functions { imports, own, .. } = functions(program)?;
    let (mut known, mut order) = (BTreeMap::new(), Vec::new());
    let mut new: Vec<u32> = (0..imports as u32).collect();
    for (nth, function) in own.iter().enumerate() {
        let place = *known.entry((function.of_type, function.body)).or_insert_with(|| {
            order.push(nth);
            order.len() - 1
        });
        new.push((imports + place) as u32);
    }
    if order.len() == own.len() {
        return Ok(None);
    }
    Moved { order, new }.program(program).map(Some)
}

/// The functions by place, each behind those that it calls and nobody before has; begun with those
/// in the table, whose numbers rise then. What one calls last comes first, so that of those that
/// nobody has called yet it calls the last one, then again.
fn callees_first(functions: &Functions) -> Vec<usize> {
    let Functions { imports, own: functions, table, exported } = functions;
    let (mut order, mut met) = (Vec::new(), vec![false; functions.len()]);
    for root in table.iter().chain(exported).filter_map(|number| number.checked_sub(*imports)) {
        // Functions whose callees are looked at, and how many of those are still to be.
        let mut open = Vec::new();
        if !met[root] {
            open.push((root, functions[root].calls.len()));
            met[root] = true;
        }
        while let Some((function, left)) = open.last_mut() {
            let Some(before) = left.checked_sub(1) else {
                order.push(*function);
                open.pop();
                continue;
            };
            *left = before;
            let called = functions[*function].calls[before].checked_sub(*imports);
            if let Some(called) = called.filter(|called| !met[*called]) {
                met[called] = true;
                open.push((called, functions[called].calls.len()));
            }
        }
    }
    order
}

/// The functions of a program.
fn functions(program: &[u8]) -> io::Result<Functions<'_>> {
    let (mut types, mut functions) = (Vec::new(), Functions::default());
    for payload in Parser::new(0).parse_all(program) {
        match payload.map_err(io::Error::other)? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import.map_err(io::Error::other)?;
                    functions.imports += usize::from(matches!(import.ty, TypeRef::Func(_)));
                }
            }
            Payload::FunctionSection(section) => {
                types = section.into_iter().collect::<Result<_, _>>().map_err(io::Error::other)?;
            }
            Payload::ElementSection(section) => {
                for element in section {
                    let element = element.map_err(io::Error::other)?;
                    let ElementItems::Functions(numbers) = element.items else { continue };
                    for number in numbers {
                        functions.table.push(number.map_err(io::Error::other)? as usize);
                    }
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export.map_err(io::Error::other)?;
                    if export.kind == ExternalKind::Func {
                        functions.exported.push(export.index as usize);
                    }
                }
            }
            Payload::StartSection { func, .. } => functions.exported.push(func as usize),
            Payload::CodeSectionEntry(body) => {
                let of_type = types[functions.own.len()];
                let calls = calls(&body).map_err(io::Error::other)?;
                functions.own.push(Function { of_type, body: body.as_bytes(), calls });
            }
            _ => {}
        }
    }
    Ok(functions)
}

fn calls(body: &FunctionBody) -> wasmparser::Result<Vec<usize>> {
    let mut calls = Vec::new();
    for operator in body.get_operators_reader()? {
        if let Operator::Call { function_index } = operator?
            && !calls.contains(&(function_index as usize))
        {
            calls.push(function_index as usize);
        }
    }
    Ok(calls)
}

/// What becomes of a program's functions.
struct Moved {
    /// Those that stay, by their old places among those that are not imported.
    order: Vec<usize>,
    /// The new number by the old one.
    new: Vec<u32>,
}

type Recoded<T = ()> = Result<T, Error<Infallible>>;

impl Moved {
    fn program(mut self, program: &[u8]) -> io::Result<Vec<u8>> {
        let mut module = Module::new();
        self.parse_core_module(&mut module, Parser::new(0), program).map_err(io::Error::other)?;
        Ok(module.finish())
    }
}

impl Reencode for Moved {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Recoded<u32> {
        Ok(self.new[function as usize])
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader,
    ) -> Recoded {
        let types = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for place in &self.order {
            functions.function(types[*place]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader,
    ) -> Recoded {
        let bodies = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for place in self.order.clone() {
            self.parse_function_body(code, bodies[place].clone())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{functions, put};
    use wasm_encoder::{
        CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection,
        Function, FunctionSection, ImportSection, Module, RefType, TableSection, TableType,
        TypeSection,
    };

    /// A program with one import and these functions, each of which calls these numbers; the last
    /// one is exported, and these are in a table.
    fn program(calls: &[&[u32]], table: &[u32]) -> Vec<u8> {
        let (mut types, mut imports) = (TypeSection::new(), ImportSection::new());
        let (mut functions, mut code) = (FunctionSection::new(), CodeSection::new());
        types.ty().function([], []);
        imports.import("a", "b", EntityType::Function(0));
        for calls in calls {
            functions.function(0);
            let mut body = Function::new([]);
            for called in *calls {
                body.instructions().call(*called);
            }
            body.instructions().end();
            code.function(&body);
        }
        let mut exports = ExportSection::new();
        exports.export("c", ExportKind::Func, calls.len() as u32);
        let mut module = Module::new();
        let (mut tables, mut elements) = (TableSection::new(), ElementSection::new());
        let (minimum, element_type) = (table.len() as u64, RefType::FUNCREF);
        let (maximum, table64, shared) = (None, false, false);
        tables.table(TableType { element_type, table64, minimum, maximum, shared });
        elements.active(None, &ConstExpr::i32_const(0), Elements::Functions(table.into()));
        module.section(&types).section(&imports).section(&functions).section(&tables);
        module.section(&exports).section(&elements);
        module.section(&code);
        module.finish()
    }

    fn calls(program: &[u8]) -> Vec<Vec<usize>> {
        let functions = functions(program).expect("a program").own;
        functions.into_iter().map(|function| function.calls).collect()
    }

    #[test]
    fn a_function_stands_behind_those_it_is_the_first_to_call_if_anybody_calls_it() {
        // 1 calls 3 and 2, which calls itself; 4 is called by nobody, 5 from outside.
        let bodies: [&[u32]; 5] = [&[3, 2, 2, 3], &[2, 0], &[0, 0], &[1, 1, 1], &[1]];
        let put = put(&program(&bodies, &[])).expect("a program");
        assert_eq!(calls(&put), [vec![1, 0], vec![0], vec![2, 1], vec![3]]);
    }

    #[test]
    fn of_functions_that_are_alike_in_the_end_one_stays() {
        // 1 and 2 are alike, so 3 and 4 are, and so is what 5 calls.
        let put =
            put(&program(&[&[0], &[0], &[1, 0], &[2, 0], &[3, 4, 1]], &[])).expect("a program");
        assert_eq!(calls(&put), [vec![0], vec![1, 0], vec![2, 1]]);
    }

    #[test]
    fn what_a_table_lists_stands_in_the_order_of_the_table() {
        // Nobody calls 3 and 1, and 3 calls 2.
        let put = put(&program(&[&[0], &[], &[2, 0]], &[3, 0, 1])).expect("a program");
        assert_eq!(calls(&put), [vec![], vec![1, 0], vec![0]]);
        assert_eq!(functions(&put).expect("a program").table, [2, 0, 3]);
    }
}
