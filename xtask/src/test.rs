//! `cargo xtask test`: every kind of test there is, in one run that does not stop at a failure.
//!
//! The last line is always `N passed, N failed`. A stage that breaks without a failing test (it
//! does not compile, a tool is missing, tests were skipped in silence) counts as one failure.

mod stage;
mod tally;

use crate::run::Outcome;
use stage::Stage;
use tally::{Tally, Verdict};

pub fn test(arguments: &[String]) -> Outcome {
    let (stages, only) = chosen(arguments)?;
    let results: Vec<(Stage, Verdict)> = stages
        .into_iter()
        .map(|stage| {
            println!("\n== {}: {}", stage.name(), stage.summary());
            (stage, stage.run(only.as_deref()))
        })
        .collect();
    report(&results)
}

/// The stages named in the arguments, all when none is, and the word after `--only`.
fn chosen(arguments: &[String]) -> Outcome<(Vec<Stage>, Option<String>)> {
    let (mut stages, mut only) = (Vec::new(), None);
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        if word == "--only" {
            only = Some(words.next().ok_or("--only wants a part of a test's name")?.clone());
        } else if let Some(stage) = Stage::ALL.into_iter().find(|stage| stage.name() == word) {
            stages.push(stage);
        } else {
            let names = Stage::ALL.map(Stage::name).join(", ");
            return Err(format!("there is no test stage `{word}`; there are {names}"));
        }
    }
    if stages.is_empty() {
        stages = Stage::ALL.to_vec();
    }
    Ok((stages, only))
}

fn report(results: &[(Stage, Verdict)]) -> Outcome {
    for (stage, result) in results.iter().filter(|(_, result)| !result.trouble.is_empty()) {
        println!("\n== what failed in {}", stage.name());
        result.trouble.iter().for_each(|line| println!("{line}"));
    }
    println!("\n{:<8} {:>7} {:>7}", "stage", "passed", "failed");
    let mut total = Tally::default();
    for (stage, Verdict { tally, .. }) in results {
        println!(
            "{:<8} {:>7} {:>7}   {}",
            stage.name(),
            tally.passed,
            tally.failed,
            stage.summary()
        );
        total = total + *tally;
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    // The line above is the last word, so there is no message to add to it.
    if total.failed == 0 { Ok(()) } else { Err(String::new()) }
}
