//! `cargo xtask pack`: what Trunk calls when it has built the page (see `Trunk.toml`). It adds the
//! built-in scenarios. In a release the sheets become one, what the script hands to the program is
//! a list, what that does only to stop is left out, its functions are put in order, its code is
//! taken apart into streams of like bytes (see `unpack`), and these are packed with LZMA2. That
//! leaves a quarter less to download than gzip does. The rest of a development build stays as it
//! is.

mod ends;
mod imports;
mod names;
mod order;
mod pairs;
mod panics;
mod paths;
mod places;
mod scenarios;
mod styles;

pub use scenarios::SCENARIOS;

use crate::run::{Outcome, cargo, must};
use lzma_rust2::{Lzma2Options, Lzma2Writer};
use std::{
    env, fs,
    io::{self, Write},
    iter,
    ops::Range,
    path::{Path, PathBuf},
};
use unpack::{
    file::{REACH, open},
    streams::{Stream, Streams, take_apart},
};
use wasm_encoder::SectionId;
use wasmparser::{Parser, Payload};
use xtask::place;

/// What the packed program's name ends in, behind a point.
const PACKED: &str = "packed";

/// The bare module that opens it, in the page's directory.
const OPENER: &str = "unpack.wasm";

/// What LZMA2 ends with.
const END: u8 = 0;

pub fn pack() -> Outcome {
    let staged = |name| env::var(name).map_err(|_| format!("{name} is not set: Trunk calls this"));
    let directory = PathBuf::from(staged("TRUNK_STAGING_DIR")?);
    let unwritten = |error| format!("{}: {error}", directory.display());
    scenarios::hand_out(&directory).map_err(unwritten)?;
    if staged("TRUNK_PROFILE")? != "release" {
        return Ok(());
    }
    pack_in(&directory, &opener()?).map_err(unwritten)
}

/// Builds the opener, alone and not as a library as well, which would keep out whole-program
/// optimisation.
fn opener() -> Outcome<PathBuf> {
    must(cargo(["rustc", "--quiet", "--locked", "--package", "unpack", "--lib"]).args([
        "--crate-type",
        "cdylib",
        "--profile",
        "web",
        "--target",
        crate::tools::WASM,
    ]))?;
    Ok(place::target().join(crate::tools::WASM).join("web").join(OPENER))
}

/// Packs the one program in `directory`, and makes its scripts short.
fn pack_in(directory: &Path, opener: &Path) -> io::Result<()> {
    let files = place::files_below(directory)?;
    let ending =
        |end: &'static str| files.iter().filter(move |file| file.to_string_lossy().ends_with(end));
    let [built] = ending("_bg.wasm").collect::<Vec<_>>()[..] else {
        return Err(io::Error::other("there is not one program to pack"));
    };
    let (program, names) = names::shorten(&fs::read(built)?)?;
    let glue = built.to_string_lossy().replace("_bg.wasm", ".js");
    let (program, list) =
        imports::list(&lean(&program)?, &fs::read_to_string(&glue)?, |function| {
            names::rewrite(function, &names)
        })?;
    let program = lean(&program)?;
    for script in ending(".js") {
        let text = if script.as_path() == Path::new(&glue) {
            let text = names::rewrite(&list, &names);
            let text = names::rewrite(&text, &names::own(&text));
            names::rewrite(&text, &names::common(&text))
        } else {
            names::rewrite(&fs::read_to_string(script)?, &names)
        };
        fs::write(script, names::close(&text))?;
    }
    let file = built.with_extension(PACKED);
    fs::write(&file, packed(&program)?)?;
    let (opener, _) = names::shorten(&fs::read(opener)?)?;
    fs::write(directory.join(OPENER), lean(&opener)?)?;
    let page = directory.join("index.html");
    let name = |file: &Path| file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let html = fs::read_to_string(&page)?.replace(&name(built), &name(&file));
    fs::write(&page, styles::join(directory, &html)?)?;
    fs::remove_file(built)
}

/// The program without what nobody needs, in order.
fn lean(program: &[u8]) -> io::Result<Vec<u8>> {
    let mut program = ends::cut(program)?;
    places::forget(&mut program)?;
    panics::forget(&mut program);
    paths::forget(&mut program, &paths::sources().to_string_lossy());
    order::put(&program)
}

/// The program as `unpack::file` reads it; it must come out of there as it went in.
fn packed(program: &[u8]) -> io::Result<Vec<u8>> {
    let mut streams = apart(program)?;
    let instructions = &mut streams[Stream::Instructions.place()];
    (*instructions, streams[Stream::Pairs.place()]) = pairs::join(instructions);
    let mut file = Vec::new();
    for length in iter::once(program.len()).chain(streams.iter().map(Vec::len)) {
        file.extend_from_slice(&(length as u32).to_le_bytes());
    }
    let (single, alike) = streams.split_at(Stream::ALIKE);
    for stream in single {
        file.extend_from_slice(&lzma(stream)?);
    }
    file.extend_from_slice(&lzma(&alike.concat())?);
    if open(&file).as_deref() == Some(program) {
        return Ok(file);
    }
    Err(io::Error::other("the program does not come out of its streams as it went in"))
}

/// The streams of a program.
fn apart(program: &[u8]) -> io::Result<Streams> {
    let (mut code, mut bodies) = (0..0, Vec::new());
    let range = |range: Range<u64>| range.start as usize..range.end as usize;
    for payload in Parser::new(0).parse_all(program) {
        let payload = payload.map_err(io::Error::other)?;
        if let Payload::CodeSectionEntry(body) = payload {
            bodies.push(range(body.range()));
        } else if let Some((id, whole)) = payload.as_section()
            && id == SectionId::Code as u8
        {
            code = range(whole);
        }
    }
    take_apart(program, order::imports(program)?, code, &bodies).map_err(|at| {
        let told = format!("{:#04x} at {at:#x}: add it to `unpack::walk`", program[at]);
        io::Error::other(format!("an instruction that packing does not know, {told}"))
    })
}

/// The bytes as LZMA2 without its end. What is like lies side by side, so that the byte before says
/// little, and the position next to nothing; how much, and how long a repetition is long enough, is
/// tried.
fn lzma(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut shortest: Option<Vec<u8>> = None;
    for (before, place) in [(0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (2, 1), (3, 1), (1, 2)] {
        for enough in [48, 273] {
            let mut options = Lzma2Options::with_preset(9);
            let lzma = &mut options.lzma_options;
            (lzma.lc, lzma.lp, lzma.pb, lzma.nice_len) = (before, 0, place, enough);
            lzma.dict_size = REACH;
            let mut writer = Lzma2Writer::new(Vec::new(), options);
            writer.write_all(bytes)?;
            let mut packed = writer.finish()?;
            if packed.pop() != Some(END) {
                return Err(io::Error::other("LZMA2 does not end as it should"));
            }
            if shortest.as_ref().is_none_or(|known| packed.len() < known.len()) {
                shortest = Some(packed);
            }
        }
    }
    shortest.ok_or_else(|| io::Error::other("nothing was tried"))
}

#[cfg(test)]
mod tests {
    use super::{apart, open, packed};
    use unpack::streams::Stream;
    use wasm_encoder::{
        BlockType, CodeSection, Function, FunctionSection, MemArg, MemorySection, MemoryType,
        Module, TypeSection, ValType,
    };

    /// A program with many functions, in which instructions of all kinds stand.
    fn program() -> Vec<u8> {
        let (mut types, mut functions) = (TypeSection::new(), FunctionSection::new());
        let (mut memories, mut code) = (MemorySection::new(), CodeSection::new());
        types.ty().function([], []);
        let minimum = MemoryType {
            minimum: 1,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        };
        memories.memory(minimum);
        for n in 0..200 {
            functions.function(0);
            let mut body = Function::new([(2, ValType::I32), (1, ValType::F64)]);
            let place =
                |offset| MemArg { offset, align: 2, target: Default::default(), ordering: None };
            body.instructions()
                .block(BlockType::Empty)
                .i32_const(n * 1_000 - 7)
                .local_set(0)
                .local_get(0)
                .local_get(0)
                .i32_load(place(n as u64 * 9))
                .i32_store(place(300))
                .f64_const(0.5.into())
                .i32_trunc_sat_f64_s()
                .br_table([0, 1], 1)
                .end()
                .i32_const(0x1f_ffff - n % 50 * 1_000)
                .i32_const(0x10_0000 + n)
                .i32_add()
                .drop()
                .i64_const(-1)
                .drop()
                .i32_const(0)
                .i32_const(0)
                .i32_const(9)
                .memory_copy(0, 0)
                .call(n as u32)
                .end();
            code.function(&body);
        }
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&memories).section(&code);
        module.finish()
    }

    #[test]
    fn a_program_comes_out_of_its_streams_as_it_went_in() {
        let program = program();
        let streams = apart(&program).expect("all its instructions are known");
        assert_eq!(streams[Stream::Calls.place()].len(), 127 + 2 * 73);
        let file = packed(&program).expect("it comes out again");
        assert!(file.len() < program.len() / 4);
    }

    #[test]
    fn a_damaged_file_is_refused_and_never_breaks_anything() {
        let program = program();
        let file = packed(&program).expect("it comes out again");
        for length in 0..file.len() {
            assert_eq!(open(&file[..length]), None, "cut to {length} bytes");
        }
        for place in 0..file.len() {
            for damage in [1, 0x10, 0x80, 0xff] {
                let mut damaged = file.clone();
                damaged[place] ^= damage;
                if let Some(opened) = open(&damaged) {
                    assert_eq!(opened.len(), program.len(), "byte {place} by {damage}");
                }
            }
        }
    }

    #[test]
    fn an_instruction_that_is_not_known_is_named() {
        let mut program = program();
        // In place of the last call, which has a number of two bytes and stands before the end.
        let call = program.len() - 4;
        program[call] = 0xfd;
        let problem = apart(&program).map(drop).expect_err("there are no vectors here");
        let told = problem.to_string();
        assert!(told.contains("0xfd") && told.contains("unpack::walk"), "{told}");
    }
}
