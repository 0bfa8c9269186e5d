//! Shorter names between the program and the script that starts it. wasm-bindgen names each import
//! by what it is and by a hash, which nothing compresses; the two files need only agree.

use std::{collections::BTreeMap, io};
use wasm_encoder::{EntityType, ImportSection, Module, RawSection, SectionId};
use wasmparser::{Parser, Payload, TypeRef};

/// The program with its imports called `a0`, `a1` and so on, and the new name of each. Sections for
/// tools, which browsers do not read, are left out.
pub fn shorten(program: &[u8]) -> io::Result<(Vec<u8>, BTreeMap<String, String>)> {
    let (mut module, mut names) = (Module::new(), BTreeMap::new());
    for payload in Parser::new(0).parse_all(program) {
        let payload = payload.map_err(io::Error::other)?;
        if let Payload::ImportSection(imports) = payload {
            let mut section = ImportSection::new();
            for import in imports.into_imports() {
                let import = import.map_err(io::Error::other)?;
                let TypeRef::Func(index) = import.ty else {
                    return Err(io::Error::other(format!("{} is no function", import.name)));
                };
                let count = names.len();
                let short = names.entry(import.name.to_string()).or_insert(format!("a{count}"));
                section.import(import.module, short, EntityType::Function(index));
            }
            module.section(&section);
        } else if let Some((id, range)) = payload.as_section()
            && id != SectionId::Custom as u8
        {
            let data = &program[range.start as usize..range.end as usize];
            module.section(&RawSection { id, data });
        }
    }
    Ok((module.finish(), names))
}

/// The script with the new names, without its comments and indentation.
pub fn rewrite(script: &str, names: &BTreeMap<String, String>) -> String {
    let is_comment = |line: &str| ["//", "/*", "*"].iter().any(|mark| line.starts_with(mark));
    let mut written = String::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty() && !is_comment(line)) {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
        let mut rest = line;
        while let Some(start) = rest.find(is_word) {
            let word = &rest[start..];
            let word = &word[..word.find(|c| !is_word(c)).unwrap_or(word.len())];
            written.push_str(&rest[..start]);
            written.push_str(names.get(word).map_or(word, String::as_str));
            rest = &rest[start + word.len()..];
        }
        written.push_str(rest);
        written.push('\n');
    }
    written
}

#[cfg(test)]
mod tests {
    use super::{rewrite, shorten};
    use wasm_encoder::{EntityType, ImportSection, Module, TypeSection};

    #[test]
    fn both_sides_agree_on_the_new_names_and_nothing_else_changes() {
        let (mut module, mut types, mut imports) =
            (Module::new(), TypeSection::new(), ImportSection::new());
        types.ty().function([], []);
        for name in ["__wbg_log_0123", "__wbg_log_01234"] {
            imports.import("./app.js", name, EntityType::Function(0));
        }
        module.section(&types).section(&imports);
        let (program, names) = shorten(&module.finish()).expect("a module");
        let script = "/** Logs. */\n  __wbg_log_0123: () => __wbg_log_01234(__wbg_log_0);\n";
        assert_eq!(rewrite(script, &names), "a0: () => a1(__wbg_log_0);\n");
        let (again, same) = shorten(&program).expect("a module still");
        assert_eq!((again, same["a1"].as_str()), (program, "a1"));
    }
}
