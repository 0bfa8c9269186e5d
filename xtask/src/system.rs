//! Programs that come from the system's package manager: a browser, its driver, Node.
//!
//! They are installed without asking only where that needs no password; otherwise one line says
//! what to install.

use crate::run::{Outcome, answer, must, program};
use std::{env, process::Command};

/// A program and the packages that bring it.
struct Need {
    /// Names under which it goes; any of them is enough.
    programs: &'static [&'static str],
    purpose: &'static str,
    apt: &'static [&'static str],
    dnf: &'static [&'static str],
    pacman: &'static [&'static str],
    brew: &'static [&'static str],
}

const BROWSER: Need = Need {
    programs: &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"],
    purpose: "runs the browser tests",
    apt: &["chromium"],
    dnf: &["chromium"],
    pacman: &["chromium"],
    brew: &["--cask", "google-chrome"],
};

const DRIVER: Need = Need {
    programs: &["chromedriver"],
    purpose: "lets the tests steer the browser",
    apt: &["chromium-driver"],
    dnf: &["chromedriver"],
    pacman: &["chromium"],
    brew: &["--cask", "chromedriver"],
};

const NODE: Need = Need {
    programs: &["node"],
    purpose: "tries the npm package",
    apt: &["nodejs"],
    dnf: &["nodejs"],
    pacman: &["nodejs"],
    brew: &["node"],
};

const NPM: Need = Need {
    programs: &["npm"],
    purpose: "brings the accessibility rules that the page is held against",
    apt: &["npm"],
    dnf: &["npm"],
    pacman: &["npm"],
    brew: &["node"],
};

/// A browser and its driver; returns their programs.
pub fn browser() -> Outcome<Browser> {
    Ok(Browser { chromium: BROWSER.provide()?, driver: DRIVER.provide()? })
}

/// Where the browser and its driver are.
pub struct Browser {
    /// The browser's program.
    pub chromium: String,
    /// The driver's program.
    pub driver: String,
}

/// Node; returns its program.
pub fn node() -> Outcome<String> {
    NODE.provide()
}

/// npm; returns its program.
pub fn npm() -> Outcome<String> {
    NPM.provide()
}

impl Need {
    fn provide(&self) -> Outcome<String> {
        if let Some(found) = self.find() {
            return Ok(found);
        }
        let wanted = self.programs[0];
        println!("`{wanted}` is missing, which {}.", self.purpose);
        let Some((manager, packages)) = self.manager() else {
            return Err(format!("install {wanted} with your system's packages, then try again"));
        };
        let typed = format!("{} {}", manager.install.join(" "), packages.join(" "));
        let Some(prefix) = without_password(manager) else {
            return Err(format!("install it with `sudo {typed}`, then try again"));
        };
        if let Some(refresh) = manager.refresh {
            // A stale list is no reason to stop: the installation says whether it mattered.
            let _ = must(&mut prefixed(prefix, refresh));
        }
        println!("Installing it with `{typed}`.");
        must(prefixed(prefix, manager.install).args(packages))?;
        self.find()
            .ok_or_else(|| format!("`{typed}` ended well, but `{wanted}` is not on the PATH"))
    }

    fn find(&self) -> Option<String> {
        self.programs.iter().find_map(|name| find_program(name))
    }

    fn manager(&self) -> Option<(&'static Manager, &'static [&'static str])> {
        let known =
            [(&APT, self.apt), (&DNF, self.dnf), (&PACMAN, self.pacman), (&BREW, self.brew)];
        known.into_iter().find(|(manager, _)| find_program(manager.install[0]).is_some())
    }
}

/// A package manager: how it installs, without questions, and whether it wants to be root.
struct Manager {
    install: &'static [&'static str],
    refresh: Option<&'static [&'static str]>,
    as_root: bool,
}

const APT: Manager = Manager {
    install: &["apt-get", "install", "--yes", "--no-install-recommends"],
    refresh: Some(&["apt-get", "update"]),
    as_root: true,
};
const DNF: Manager =
    Manager { install: &["dnf", "install", "--assumeyes"], refresh: None, as_root: true };
const PACMAN: Manager =
    Manager { install: &["pacman", "-S", "--noconfirm", "--needed"], refresh: None, as_root: true };
const BREW: Manager = Manager { install: &["brew", "install"], refresh: None, as_root: false };

/// What to put before the manager's command so that it asks no password; None if nothing does.
fn without_password(manager: &Manager) -> Option<&'static [&'static str]> {
    let is_root = || answer(program("id").arg("-u")).as_deref() == Some("0");
    let sudo = || answer(program("sudo").args(["-n", "true"])).is_some();
    if !manager.as_root || is_root() { Some(&[]) } else { sudo().then_some(&["sudo", "-n"]) }
}

fn prefixed(prefix: &[&str], words: &[&str]) -> Command {
    let mut all = prefix.iter().chain(words);
    let mut command = program(all.next().expect("a command has at least one word"));
    command.args(all).env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// The full path of a program on the PATH, or in the place where macOS keeps applications.
fn find_program(name: &str) -> Option<String> {
    let search = crate::tools::search_path();
    let mut candidates: Vec<_> = env::split_paths(&search).map(|d| d.join(name)).collect();
    if name == "google-chrome" {
        candidates.push("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome".into());
    }
    let found = candidates.into_iter().find(|path| path.is_file())?;
    Some(found.to_string_lossy().into_owned())
}
