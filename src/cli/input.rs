//! Where scenarios come from: a path, standard input, or the program itself.

use std::fs::File;
use std::io::{self, Read};

use replication::recording::{Builtin, read_bytes};
use replication::sim::{Scenario, limits};

use super::failure::Failure;

/// The scenario that `file` names: `-`, a path, or, if no such file exists, a built-in's name.
pub fn scenario(file: &str) -> Result<Scenario, Failure> {
    let unreadable = |error| Failure::Unreadable { file: file.to_string(), error };
    let bytes = if file == "-" {
        bounded(io::stdin().lock()).map_err(unreadable)?
    } else {
        match (File::open(file), Builtin::find(file)) {
            (Ok(open), _) => bounded(open).map_err(unreadable)?,
            (Err(error), Some(builtin)) if error.kind() == io::ErrorKind::NotFound => {
                builtin.text.as_bytes().to_vec()
            }
            (Err(error), _) => return Err(unreadable(error)),
        }
    };
    let shown = if file == "-" { "standard input" } else { file };
    read_bytes(&bytes).map_err(|error| Failure::Refused { file: shown.to_string(), error })
}

/// The text of a file, or of standard input.
pub fn text(file: &str) -> Result<String, Failure> {
    let unreadable = |error| Failure::Unreadable { file: file.to_string(), error };
    let bytes =
        if file == "-" { bounded(io::stdin().lock()) } else { File::open(file).and_then(bounded) };
    String::from_utf8(bytes.map_err(unreadable)?)
        .map_err(|error| unreadable(io::Error::new(io::ErrorKind::InvalidData, error)))
}

/// The built-in scenario of this name.
pub fn builtin(name: &str) -> Result<Builtin, Failure> {
    Builtin::find(name).ok_or_else(|| Failure::NoSuchBuiltin(name.to_string()))
}

/// Everything, but at most one byte more than a scenario may have, which its reader then refuses.
fn bounded(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(limits::FILE_MAX as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
