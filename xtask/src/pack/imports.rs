//! What the script hands to the program, as a list: the program then names each function by its
//! place, and the script names none. Of functions that are alike one stays, of those that nobody
//! calls none, and they stand in the order in which they pack best.

use super::order::used;
use std::{collections::BTreeSet, convert::Infallible, io};
use wasm_encoder::{
    EntityType, ImportSection, Module,
    reencode::{Error, Reencode},
};
use wasmparser::{ImportSectionReader, Parser, Payload, TypeRef};

/// What stands in wasm-bindgen's script before the functions, and behind them.
const BEFORE: &str = "const import0 = {\n        __proto__: null,\n";
const BEHIND: &str = "    };\n    return {\n";
/// How each of their last lines begins.
const END: &str = "        }";

/// What the program imports.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Import {
    /// The function, as the script has it.
    function: String,
    of_type: u32,
    module: String,
}

/// The program, and its script, in which of each such function stands what `short` makes of it.
pub fn list(
    program: &[u8],
    script: &str,
    short: impl Fn(&str) -> String,
) -> io::Result<(Vec<u8>, String)> {
    let odd = || io::Error::other("the script hands in its functions in an unknown way");
    let (before, rest) = script.split_once(BEFORE).ok_or_else(odd)?;
    let (functions, behind) = rest.split_once(BEHIND).ok_or_else(odd)?;
    let (mut lines, mut named) = (String::new(), Vec::new());
    for line in functions.split_inclusive('\n') {
        lines.push_str(line);
        if line.starts_with(END) {
            let (name, function) = lines.trim().split_once(": ").ok_or_else(odd)?;
            named
                .push((name.to_string(), short(function.trim_end_matches(',')).trim().to_string()));
            lines.clear();
        }
    }
    let imports = imports(program, &named)?;

    let used = used(program)?;
    let stays: BTreeSet<&Import> =
        (0..).zip(&imports).filter(|(nth, _)| used.contains(nth)).map(|(_, one)| one).collect();
    let listed: BTreeSet<&str> = stays.iter().map(|import| import.function.as_str()).collect();
    let list = listed.iter().copied().collect::<Vec<_>>().join(",\n");
    let (stays, listed) = (Vec::from_iter(stays), Vec::from_iter(listed));
    let mut listing = Listing { old: &imports, new: &stays, listed: &listed };
    let mut module = Module::new();
    listing.parse_core_module(&mut module, Parser::new(0), program).map_err(io::Error::other)?;
    Ok((module.finish(), format!("{before}const import0 = [\n{list}];\nreturn {{\n{behind}")))
}

/// What a program imports, by number, from a script with these functions.
fn imports(program: &[u8], functions: &[(String, String)]) -> io::Result<Vec<Import>> {
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(program) {
        let Payload::ImportSection(section) = payload.map_err(io::Error::other)? else { continue };
        for import in section.into_imports() {
            let import = import.map_err(io::Error::other)?;
            let known = functions.iter().find(|(name, _)| *name == import.name);
            let (Some((_, function)), TypeRef::Func(of_type)) = (known, import.ty) else {
                let told = format!("the script hands in no function {}", import.name);
                return Err(io::Error::other(told));
            };
            let (function, module) = (function.clone(), import.module.to_string());
            found.push(Import { function, of_type, module });
        }
    }
    Ok(found)
}

/// What becomes of a program's imports, and the functions that they name by their places.
struct Listing<'a> {
    old: &'a [Import],
    new: &'a [&'a Import],
    listed: &'a [&'a str],
}

impl Reencode for Listing<'_> {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Infallible>> {
        Ok(match self.old.get(function as usize) {
            Some(import) => self.new.partition_point(|before| *before < import) as u32,
            None => function - self.old.len() as u32 + self.new.len() as u32,
        })
    }

    fn parse_import_section(
        &mut self,
        section: &mut ImportSection,
        _: ImportSectionReader,
    ) -> Result<(), Error<Infallible>> {
        for Import { function, of_type, module } in self.new {
            let place = self.listed.partition_point(|before| before < &function.as_str());
            section.import(module, &place.to_string(), EntityType::Function(*of_type));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::list;
    use crate::pack::order::used;
    use wasm_encoder::{
        CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection,
        ImportSection, Module, TypeSection, ValType,
    };
    use wasmparser::{Parser, Payload};

    /// A program that imports these, of these types, and calls all but the last one.
    fn program(imported: &[(&str, u32)]) -> Vec<u8> {
        let (mut types, mut imports) = (TypeSection::new(), ImportSection::new());
        types.ty().function([], []);
        types.ty().function([], [ValType::F64]);
        let mut body = Function::new([]);
        for (number, (name, of_type)) in (0..).zip(imported) {
            imports.import("app", name, EntityType::Function(*of_type));
            if number + 1 < imported.len() as u32 {
                body.instructions().call(number);
                if *of_type == 1 {
                    body.instructions().drop();
                }
            }
        }
        body.instructions().end();
        let (mut functions, mut exports) = (FunctionSection::new(), ExportSection::new());
        functions.function(0);
        exports.export("begin", ExportKind::Func, imported.len() as u32);
        let mut code = CodeSection::new();
        code.function(&body);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&exports);
        module.section(&code);
        module.finish()
    }

    fn names(program: &[u8]) -> Vec<String> {
        let sections = Parser::new(0).parse_all(program).map(|payload| payload.expect("a program"));
        let imports = sections.filter_map(|payload| match payload {
            Payload::ImportSection(section) => Some(section.into_imports()),
            _ => None,
        });
        imports.flatten().map(|import| import.expect("an import").name.to_string()).collect()
    }

    const SCRIPT: &str = "function imports() {
    const import0 = {
        __proto__: null,
        low: function(arg0) {
            return arg0;
        },
        again: function(arg0) {
            return arg0;
        },
        high: function() { return caught(function () {
            return {
                a: 1,
            };
        }, arguments); },
        never: function() {
        },
    };
    return {
        \"app\": import0,
    };
}
";

    #[test]
    fn functions_are_named_by_their_places_in_a_list_of_those_that_differ_and_are_called() {
        let program = program(&[("low", 0), ("high", 0), ("again", 0), ("low", 1), ("never", 0)]);
        let (program, script) = list(&program, SCRIPT, str::to_string).expect("all are known");
        assert_eq!(names(&program), ["0", "1", "1"]);
        assert_eq!(Vec::from_iter(used(&program).expect("a program")), [0, 1, 2, 3]);
        let (high, low) = (script.find("a: 1"), script.find("return arg0"));
        assert!(high.is_some() && high < low, "{script}");
        assert_eq!(script.matches("return arg0").count(), 1, "{script}");
        assert!(script.contains("const import0 = [\nfunction() { return caught"), "{script}");
        assert!(script.contains("}];\nreturn {\n        \"app\": import0,"), "{script}");
    }

    #[test]
    fn a_function_that_is_not_handed_in_is_named() {
        let problem = list(&program(&[("unheard", 0)]), SCRIPT, str::to_string).map(drop);
        assert!(problem.expect_err("it is missing").to_string().contains("unheard"));
    }
}
