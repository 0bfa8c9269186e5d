//! The pinned command-line tools: which, why, and how to get them from the package registry.
//!
//! A tool of the right version is taken from wherever it is. A missing one goes where cargo puts
//! its programs, so that plain `trunk serve` works as well. When another version is there, ours
//! goes into the target directory, because the other may be wanted for something else.

use crate::run::{Outcome, answer, cargo, must, program};
use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};
use xtask::place;

/// The target that the page and the npm package are compiled for.
pub const WASM: &str = "wasm32-unknown-unknown";

/// A program that we install with cargo.
struct Tool {
    package: &'static str,
    /// The program that is asked for its version.
    program: &'static str,
    version: String,
    purpose: &'static str,
    minutes: &'static str,
    /// Level 0 builds fastest; what runs long at each build gets 1.
    opt_level: &'static str,
    features: &'static [&'static str],
}

fn trunk() -> Tool {
    Tool {
        package: "trunk",
        program: "trunk",
        // 0.22 needs a newer compiler than the pinned one.
        version: "0.21.14".to_string(),
        purpose: "bundles the page",
        minutes: "4 to 8 minutes",
        opt_level: "0",
        // Without its default features it lacks TLS and the check for updates, hence asks no host.
        features: &["--no-default-features"],
    }
}

fn wasm_pack() -> Tool {
    Tool {
        package: "wasm-pack",
        program: "wasm-pack",
        version: "0.15.1".to_string(),
        purpose: "makes the npm package",
        minutes: "1 to 3 minutes",
        opt_level: "0",
        features: &[],
    }
}

/// Its version must equal that of the library, or both trunk and the test runner refuse it: so it
/// is read from Cargo.lock.
fn wasm_bindgen() -> Outcome<Tool> {
    Ok(Tool {
        package: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version: locked_version("wasm-bindgen")?,
        purpose: "writes the JavaScript around the WebAssembly, and runs its tests in a browser",
        minutes: "3 to 6 minutes",
        opt_level: "1",
        features: &[],
    })
}

/// Everything that building the page needs.
pub fn for_the_page() -> Outcome {
    wasm_target()?;
    wasm_bindgen()?.provide()?;
    trunk().provide()
}

/// Everything that running the wasm tests needs, but the browser.
pub fn for_wasm_tests() -> Outcome {
    wasm_target()?;
    wasm_bindgen()?.provide()
}

/// Everything that making the npm package needs.
pub fn for_the_npm_package() -> Outcome {
    wasm_target()?;
    wasm_bindgen()?.provide()?;
    wasm_pack().provide()
}

/// The standard library for wasm. Where rustup is told not to install by itself, the pinned
/// toolchain file alone does not bring it.
pub fn wasm_target() -> Outcome {
    let library = answer(program("rustc").args(["--print", "target-libdir", "--target", WASM]));
    if library.is_some_and(|directory| Path::new(&directory).is_dir()) {
        return Ok(());
    }
    println!("The compiler lacks its {WASM} target, which the page is compiled for: adding it.");
    must(program("rustup").args(["target", "add", WASM])).map_err(|error| {
        format!("{error}\nInstall the {WASM} target of your Rust toolchain, then try again")
    })
}

/// A component of the toolchain, such as clippy, that a minimal installation may lack.
pub fn component(name: &str, subcommand: &str) -> Outcome {
    if answer(cargo([subcommand, "--version"]).env("RUSTUP_AUTO_INSTALL", "0")).is_some() {
        return Ok(());
    }
    println!("The toolchain lacks {name}: adding it.");
    must(program("rustup").args(["component", "add", name]))
}

/// The PATH for programs that we start: our own tools, then the system's, then cargo's.
pub fn search_path() -> OsString {
    let inherited = env::var_os("PATH").unwrap_or_default();
    let mut directories = vec![own_tools().join("bin")];
    directories.extend(env::split_paths(&inherited));
    directories.extend(cargo_home().map(|home| home.join("bin")));
    env::join_paths(directories).unwrap_or(inherited)
}

impl Tool {
    fn provide(&self) -> Outcome {
        let found = self.found_version();
        if found.as_ref() == Some(&self.version) {
            return Ok(());
        }
        let Self { package, version, purpose, minutes, .. } = self;
        let mut install = cargo(["install", "--locked", package, "--version", version]);
        match found {
            None => println!("Installing {package} {version}, which {purpose}."),
            Some(other) => {
                println!(
                    "Installing {package} {version}, which {purpose}, beside the {other} that is \
                     there and stays."
                );
                install.arg("--root").arg(own_tools());
            }
        }
        println!("It is compiled from source, once: {minutes} on two cores.");
        install
            .args(self.features)
            // The defaults of these packages optimise for minutes more than they save.
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", self.opt_level)
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
            // Kept, so that an interrupted installation goes on where it stopped.
            .env("CARGO_TARGET_DIR", place::scratch("install"));
        must(&mut install)?;
        match self.found_version() {
            Some(now) if now == *version => Ok(()),
            now => Err(format!("{package} {version} was installed, but the PATH has {now:?}")),
        }
    }

    /// The version of the program that the PATH finds: the second word of `trunk 0.21.14`.
    fn found_version(&self) -> Option<String> {
        let said = answer(program(self.program).arg("--version"))?;
        said.split_whitespace().nth(1).map(str::to_string)
    }
}

fn own_tools() -> PathBuf {
    place::scratch("tools")
}

fn cargo_home() -> Option<PathBuf> {
    let home = || env::home_dir().map(|home| home.join(".cargo"));
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(home)
}

/// The version of a package in Cargo.lock.
fn locked_version(package: &str) -> Outcome<String> {
    let lock = fs::read_to_string("Cargo.lock").map_err(|error| format!("Cargo.lock: {error}"))?;
    version_in(&lock, package).ok_or_else(|| format!("Cargo.lock does not have {package}"))
}

fn version_in(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let after = lock.lines().skip_while(|line| *line != name).nth(1)?;
    Some(after.strip_prefix("version = \"")?.strip_suffix('"')?.to_string())
}

#[cfg(test)]
mod tests {
    use super::version_in;

    const LOCK: &str = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.79\"\n\n\
                        [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.129\"\n";

    #[test]
    fn a_version_is_that_of_the_package_with_exactly_this_name() {
        assert_eq!(version_in(LOCK, "wasm-bindgen").as_deref(), Some("0.2.129"));
        assert_eq!(version_in(LOCK, "wasm"), None);
    }
}
