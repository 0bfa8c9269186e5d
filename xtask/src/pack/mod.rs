//! `cargo xtask pack`: what Trunk calls when it has built the page (see `Trunk.toml`). In a release
//! the names of its imports are cut short and the program is packed with LZMA, which leaves a fifth
//! less to download than gzip does, and the page is told how to open it. A development build stays
//! as it is.

mod names;

use crate::run::{Outcome, cargo, must};
use lzma_rust2::{LzmaOptions, LzmaWriter};
use std::{
    env, fs,
    io::{self, Write},
    path::{Path, PathBuf},
};
use xtask::place;

/// What the packed program's name ends in, behind a point.
const PACKED: &str = "lzma";

/// The bare module that opens it, in the page's directory.
const OPENER: &str = "unpack.wasm";

pub fn pack() -> Outcome {
    let staged = |name| env::var(name).map_err(|_| format!("{name} is not set: Trunk calls this"));
    if staged("TRUNK_PROFILE")? != "release" {
        return Ok(());
    }
    let directory = PathBuf::from(staged("TRUNK_STAGING_DIR")?);
    pack_in(&directory, &opener()?).map_err(|error| format!("{}: {error}", directory.display()))
}

/// Builds the opener.
fn opener() -> Outcome<PathBuf> {
    must(cargo(["build", "--quiet", "--locked", "--package", "unpack"]).args([
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
    for script in ending(".js") {
        fs::write(script, names::rewrite(&fs::read_to_string(script)?, &names))?;
    }
    let packed = built.with_extension(PACKED);
    fs::write(&packed, packed_bytes(&program)?)?;
    fs::copy(opener, directory.join(OPENER))?;
    let page = directory.join("index.html");
    let name = |file: &Path| file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    fs::write(&page, fs::read_to_string(&page)?.replace(&name(built), &name(&packed)))?;
    fs::remove_file(built)
}

/// The content as an LZMA file with its length in the header. Code is bytes and not words: no bits
/// of the position in the context, and one bit more of the byte before.
fn packed_bytes(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut options = LzmaOptions::with_preset(9);
    (options.lc, options.pb, options.nice_len) = (4, 0, 273);
    options.dict_size = content.len().next_power_of_two() as u32;
    let mut writer = LzmaWriter::new_use_header(Vec::new(), &options, Some(content.len() as u64))?;
    writer.write_all(content)?;
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::packed_bytes;
    use lzma_rust2::LzmaReader;
    use std::io::Read;

    #[test]
    fn what_is_packed_comes_out_as_it_was() {
        let content: Vec<u8> = (0..50_000_u32).map(|n| ((n * n) >> 7) as u8).collect();
        let packed = packed_bytes(&content).expect("memory is large enough");
        let mut opened = Vec::new();
        let mut reader = LzmaReader::new_mem_limit(&packed[..], u32::MAX, None).expect("a header");
        reader.read_to_end(&mut opened).expect("a whole file");
        assert!(packed.len() < content.len() && opened == content);
    }
}
