//! Running other programs: said before, checked after, and with their output kept when a summary
//! needs it.

use std::{
    env,
    ffi::OsStr,
    fmt::Write as _,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Command, Stdio},
    sync::{Arc, Mutex},
    thread,
};
use xtask::place;

/// What a command of ours comes to: nothing to say, or one message for the person.
pub type Outcome<T = ()> = Result<T, String>;

/// Makes the package's root the working directory, and puts the tools that we install on the PATH
/// of every program that we start.
pub fn enter_root() {
    env::set_current_dir(place::root()).expect("the package's root is where xtask was built");
}

/// `cargo`, the one that runs us, with these arguments.
pub fn cargo<const N: usize>(arguments: [&str; N]) -> Command {
    let mut command = program(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    command
}

/// A program by name, found in our own tool directories before the PATH.
pub fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    // `cargo xtask` hands its own build's variables down. They would make the tools we call believe
    // that they were called by a build script of this very package.
    for (key, _) in env::vars_os() {
        let key = key.to_string_lossy();
        if key.starts_with("CARGO_PKG_") || key.starts_with("CARGO_MANIFEST_") {
            command.env_remove(key.as_ref());
        }
    }
    command.env("PATH", crate::tools::search_path());
    command
}

/// Says what is about to run, as one would type it.
pub fn announce(command: &Command) {
    let mut line = format!("$ {}", name_of(command));
    for word in command.get_args() {
        let _ = write!(line, " {}", word.to_string_lossy());
    }
    println!("{line}");
}

/// The program's name without its directory.
fn name_of(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    name.to_string_lossy().into_owned()
}

/// Runs a program with its output straight on the terminal; anything but success is an error.
pub fn must(command: &mut Command) -> Outcome {
    announce(command);
    let name = name_of(command);
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{name}` failed ({status})")),
        Err(error) => Err(format!("`{name}` could not be started: {error}")),
    }
}

/// Standard output of a program that answers a question, or None when it is missing or fails.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_string())
}

/// What a program printed, on both its outputs in the order it came, and whether it succeeded.
pub struct Transcript {
    /// Lines without their ends.
    pub lines: Vec<String>,
    /// Whether the exit code was 0.
    pub success: bool,
}

/// Runs a program, showing its output and keeping it.
pub fn record(command: &mut Command) -> Transcript {
    announce(command);
    let lines = Arc::new(Mutex::new(Vec::new()));
    let started =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let success = match started {
        Ok(mut child) => {
            let readers = [
                child.stdout.take().map(|stream| keep_lines(stream, &lines)),
                child.stderr.take().map(|stream| keep_lines(stream, &lines)),
            ];
            let success = child.wait().is_ok_and(|status| status.success());
            for reader in readers.into_iter().flatten() {
                reader.join().expect("the reader only copies lines");
            }
            success
        }
        Err(error) => {
            let name = name_of(command);
            lines
                .lock()
                .expect("no reader yet")
                .push(format!("error: cannot start {name}: {error}"));
            false
        }
    };
    let lines = std::mem::take(&mut *lines.lock().expect("the readers have ended"));
    Transcript { lines, success }
}

fn keep_lines(
    stream: impl Read + Send + 'static,
    lines: &Arc<Mutex<Vec<String>>>,
) -> thread::JoinHandle<()> {
    let lines = Arc::clone(lines);
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).trim_end().to_string();
            println!("{line}");
            lines.lock().expect("the other reader only copies lines").push(line);
        }
    })
}
