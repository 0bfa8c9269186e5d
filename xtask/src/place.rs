//! Where things lie in this checkout. The one file that knows.

use std::{
    env,
    path::{Path, PathBuf},
};

/// The package's root: the directory above `xtask/`.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("xtask lies inside the package").to_path_buf()
}

/// Where this checkout builds: `CARGO_TARGET_DIR` when set, else `target/`.
pub fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(directory) => root().join(directory),
        None => root().join("target"),
    }
}

/// A directory of our own inside the target directory, for what the commands produce on the way.
pub fn scratch(name: &str) -> PathBuf {
    target().join("xtask").join(name)
}

/// Every file below `directory`, sorted by path, so that two listings of the same tree are equal.
pub fn files_below(directory: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut pending = vec![directory.to_path_buf()];
    while let Some(directory) = pending.pop() {
        for entry in std::fs::read_dir(directory)? {
            let path = entry?.path();
            if path.is_dir() {
                pending.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
