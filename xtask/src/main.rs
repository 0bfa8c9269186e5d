//! The project's own commands, so that a machine with only rustup, a C compiler and the package
//! registries needs to know nothing but `cargo xtask`. `cargo xtask help` lists them.

mod axe;
mod bench;
mod dist;
mod lint;
mod npm;
mod pack;
mod page;
mod run;
mod serve;
mod system;
mod test;
mod tools;

use run::{Outcome, cargo};
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  serve [--port P]              build the app in release, serve it on 127.0.0.1 (default port 8080)
  test [native|wasm|npm|e2e]... run all tests, or only the stages named; `--only WORD` picks tests
                                whose name has WORD
  lint                          formatting, clippy on both targets, house rules
  bench                         benchmarks, as ratios measured in one run
  dist                          static files for any web host into dist/, with their weight
  pack                          what trunk calls to pack the page's program in a release
  vopr [--seeds N] [--start S]  random simulations; prints a minimal scenario for a failure
  help                          this text

serve, test and dist install what they miss: the wasm target, trunk, wasm-bindgen's command line,
and for the tests wasm-pack, Chromium with its driver, Node, and axe-core by npm. Each says so
first.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", &[][..]),
    };
    run::enter_root();
    let outcome = match command {
        "serve" => serve::serve(rest),
        "test" => test::test(rest),
        "lint" => no_arguments(rest).and_then(|()| lint::lint()),
        "bench" => no_arguments(rest).and_then(|()| bench::bench()),
        "dist" => no_arguments(rest).and_then(|()| dist::dist()),
        "pack" => no_arguments(rest).and_then(|()| pack::pack()),
        "vopr" => vopr(rest),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        unknown => Err(format!("there is no command `{unknown}`\n\n{HELP}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // A command that has said everything already leaves an empty message.
            if !message.is_empty() {
                eprintln!("xtask: {message}");
            }
            ExitCode::FAILURE
        }
    }
}

/// Random simulations: the example decides what its options mean.
fn vopr(arguments: &[String]) -> Outcome {
    let mut command = cargo(["run", "--release", "--locked", "--example", "vopr", "--"]);
    run::must(command.args(arguments))
}

fn no_arguments(rest: &[String]) -> Outcome {
    match rest.first() {
        None => Ok(()),
        Some(unknown) => Err(format!("this command takes no argument, but got `{unknown}`")),
    }
}
