//! Shorter names for what the program hands to the script that starts it, and within that script:
//! the two files need only agree.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};
use wasm_encoder::{ExportKind, ExportSection, Module, RawSection, SectionId};
use wasmparser::{ExternalKind, Parser, Payload};

/// Names of so many letters are short enough.
const SHORT: usize = 5;

/// The program with the functions it exports called `b0`, `b1` and so on, and the new name of each.
/// Sections for tools, which browsers do not read, are left out.
pub fn shorten(program: &[u8]) -> io::Result<(Vec<u8>, BTreeMap<String, String>)> {
    let (mut module, mut names) = (Module::new(), BTreeMap::new());
    for payload in Parser::new(0).parse_all(program) {
        let payload = payload.map_err(io::Error::other)?;
        if let Payload::ExportSection(exports) = payload {
            let mut section = ExportSection::new();
            for (nth, export) in exports.into_iter().enumerate() {
                let export = export.map_err(io::Error::other)?;
                let kind = match export.kind {
                    ExternalKind::Func => ExportKind::Func,
                    ExternalKind::Memory => ExportKind::Memory,
                    ExternalKind::Table => ExportKind::Table,
                    // Where the heap begins: the script does not ask.
                    ExternalKind::Global => continue,
                    other => return Err(io::Error::other(format!("{other:?} is exported"))),
                };
                let mut name = export.name.to_string();
                // A plain word may stand for something else in the script.
                if kind == ExportKind::Func && name.contains('_') {
                    name = names.entry(name).or_insert(format!("b{nth}")).clone();
                }
                section.export(&name, kind, export.index);
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

/// Short names for the functions and variables that the script itself declares, and nothing else is
/// called by: no field, no method, and nothing that it exports.
pub fn own(script: &str) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for line in script.lines() {
        let declared = ["function ", "async function ", "let ", "const "];
        let Some(rest) = declared.iter().find_map(|before| line.strip_prefix(before)) else {
            continue;
        };
        let name = &rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len())];
        let elsewhere = [
            format!(".{name}"),
            format!("{{{name}"),
            format!("{{ {name}"),
            format!("{name}}}"),
            format!("{name} }}"),
        ];
        let exported = script.lines().any(|line| line.starts_with("export") && line.contains(name));
        let shared = |part: &String| script.contains(part.as_str());
        // Plain words are fields as well: `{ module }` is both.
        let made_up = name.contains(|c: char| !c.is_ascii_lowercase());
        if made_up && name.len() > SHORT && !exported && !elsewhere.iter().any(shared) {
            let count = names.len();
            names.entry(name.to_string()).or_insert(format!("${count}"));
        }
    }
    names
}

/// A letter that the script does not use for each word that wasm-bindgen calls arguments and
/// variables by in every function, if nothing else is called so.
pub fn common(script: &str) -> BTreeMap<String, String> {
    const COMMON: &str = "arg0 arg1 arg2 arg3 arg4 arg5 arg6 ret retptr ptr0 ptr1 len0 len1 r0 r1";
    let words: BTreeSet<&str> = script.split(|c| !is_word(c)).collect();
    let letters = ('a'..='z').map(String::from).filter(|letter| !words.contains(letter.as_str()));
    let own = |word: &&str| !script.contains(&format!(".{word}")) && words.contains(word);
    COMMON.split(' ').filter(own).map(str::to_string).zip(letters).collect()
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

/// The script with the new names, without its comments and indentation.
pub fn rewrite(script: &str, names: &BTreeMap<String, String>) -> String {
    let is_comment = |line: &str| ["//", "/*", "*"].iter().any(|mark| line.starts_with(mark));
    let mut written = String::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty() && !is_comment(line)) {
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

/// The script with fewer lines: what ends as a statement, a list's part or the head of a block does
/// goes on in the same one. Lines that may hold a remark stay. And with fewer spaces: beside these
/// signs none means anything, but in a text or a pattern.
pub fn close(script: &str) -> String {
    const SIGNS: &str = "=,(){};:?&|<>";
    let mut written = String::new();
    for line in script.lines() {
        if line.contains(['"', '\'', '`', '/']) {
            written.push_str(line);
        } else {
            let words: Vec<&str> = line.split(' ').collect();
            written.push_str(words[0]);
            for pair in words.windows(2) {
                if !pair[0].ends_with(|c| SIGNS.contains(c))
                    && !pair[1].starts_with(|c| SIGNS.contains(c))
                {
                    written.push(' ');
                }
                written.push_str(pair[1]);
            }
        }
        if !line.ends_with([';', ',', '{']) || line.contains("//") {
            written.push('\n');
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::{close, common, own, rewrite, shorten};
    use wasm_encoder::{EntityType, ExportKind, ExportSection, ImportSection, Module, TypeSection};

    #[test]
    fn what_a_script_declares_for_itself_is_called_shortly_and_what_others_know_is_not() {
        let script = "let wordsKept = 0;\nconst partsKept = {};\nfunction askedFor(it) {\n\
                      const module = it.partsKept;\nreturn { module, wordsKept };\n}\n\
                      async function beginAll() {\naskedFor(wordsKept);\n}\nexport { beginAll };\n";
        let short = rewrite(script, &own(script));
        assert!(short.contains("function $0(it)") && short.contains("$0(wordsKept)"), "{short}");
        for kept in
            ["partsKept = {}", "it.partsKept", "{ module, wordsKept }", "export { beginAll }"]
        {
            assert!(short.contains(kept), "{kept}: {short}");
        }
    }

    #[test]
    fn common_words_become_letters_that_mean_nothing_else() {
        let script =
            "function f(arg0, arg1) {\nconst ret = b(arg1);\nreturn arg0.ret(a, ret);\n}\n";
        let short = "function f(c, d) {\nconst ret = b(d);\nreturn c.ret(a, ret);\n}\n";
        assert_eq!(rewrite(script, &common(script)), short);
    }

    #[test]
    fn a_line_goes_on_where_the_next_cannot_mean_anything_else() {
        let script = "a = {\nb: 1,\n}\nc();\nd(); // ,\ne();\n";
        assert_eq!(close(script), "a={b:1,}\nc();d(); // ,\ne();");
        let script = "const a = (b, c) => b - -c;\nreturn \", a = \";\n";
        assert_eq!(close(script), "const a=(b,c)=>b - -c;return \", a = \";");
    }

    #[test]
    fn both_sides_agree_on_the_new_names_and_nothing_else_changes() {
        let (mut module, mut types, mut imports) =
            (Module::new(), TypeSection::new(), ImportSection::new());
        types.ty().function([], []);
        imports.import("./app.js", "log_0123", EntityType::Function(0));
        let mut exports = ExportSection::new();
        for name in ["call_0123", "call_01234", "start"] {
            exports.export(name, ExportKind::Func, 0);
        }
        module.section(&types).section(&imports).section(&exports);
        let (program, names) = shorten(&module.finish()).expect("a module");
        let script = "/** Calls. */\n  wasm.call_01234(call_0123, call_0, log_0123, start);\n";
        assert_eq!(rewrite(script, &names), "wasm.b1(b0, call_0, log_0123, start);\n");
        let (again, none) = shorten(&program).expect("a module still");
        assert_eq!((again, none.len()), (program, 0));
    }
}
