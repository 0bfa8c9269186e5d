//! `cargo xtask dist`: the files to put on a web host, and what they weigh.

use crate::{pack::SCENARIOS, page, run::Outcome};
use std::fs;
use xtask::{
    place,
    weight::{PAGE_GZIP_BYTES_MAX, gzip_bytes},
};

/// What records the stage.
const RECORDER: &str = "record.js";

pub fn dist() -> Outcome {
    let directory = place::root().join("dist");
    page::build_into(&directory)?;
    let unreadable = |error| format!("{}: {error}", directory.display());
    let files = place::files_below(&directory).map_err(unreadable)?;
    let (mut bytes_total, mut gzip_total) = (0, 0);
    println!("\n{:>11} {:>11}  in dist/", "bytes", "gzipped");
    for file in files {
        let content = fs::read(&file).map_err(unreadable)?;
        let (bytes, gzip) = (content.len() as u64, gzip_bytes(&content));
        let name = file.strip_prefix(&directory).unwrap_or(&file);
        println!("{bytes:>11} {gzip:>11}  {}", name.display());
        // These are fetched by those who open them.
        if name.starts_with("lessons") || name.ends_with(SCENARIOS) || name.ends_with(RECORDER) {
            continue;
        }
        bytes_total += bytes;
        gzip_total += gzip;
    }
    println!(
        "{bytes_total:>11} {gzip_total:>11}  in all but what is fetched later, of at most \
         {PAGE_GZIP_BYTES_MAX} gzipped"
    );
    if gzip_total > PAGE_GZIP_BYTES_MAX {
        return Err(format!(
            "the page weighs {gzip_total} bytes gzipped, over the {PAGE_GZIP_BYTES_MAX} allowed"
        ));
    }
    println!("\nCopy dist/ to any web host, under any path. No address is built in.");
    Ok(())
}
