//! Counting tests in what test programs print, and finding the lines that say what failed.

use crate::run::Transcript;
use std::ops::Add;

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tests that ran and passed.
    pub passed: usize,
    /// Tests that failed, and stages that broke.
    pub failed: usize,
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

/// What a stage came to.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Its count.
    pub tally: Tally,
    /// The lines to show again at the end; empty when all is well.
    pub trouble: Vec<String>,
}

/// How many of the last lines are shown again when a stage broke without naming a failed test.
const LINES_OF_CONTEXT: usize = 40;

impl Verdict {
    /// A stage that could not even start.
    pub fn broken(why: String) -> Self {
        Self { tally: Tally { passed: 0, failed: 1 }, trouble: vec![why] }
    }

    /// Reads the transcript of a Rust test program, native or wasm.
    pub fn of_rust_tests(transcript: &Transcript) -> Self {
        Self::new(transcript, &transcript.lines, rust_tally, rust_failures)
    }

    /// Reads the transcript of Node's test runner in its TAP form.
    pub fn of_node_tests(transcript: &Transcript) -> Self {
        Self::new(transcript, &transcript.lines, tap_tally, tap_failures)
    }

    /// Demands that at least this many tests ran: some runners skip tests and still succeed.
    pub fn at_least(mut self, expected: usize) -> Self {
        let ran = self.tally.passed + self.tally.failed;
        if ran < expected {
            self.tally.failed += 1;
            self.trouble.push(format!(
                "only {ran} tests ran where {expected} are written: some were skipped in silence"
            ));
        }
        self
    }

    fn new(
        transcript: &Transcript,
        lines: &[String],
        count: fn(&str) -> Option<Tally>,
        failures: fn(&[String]) -> Vec<String>,
    ) -> Self {
        let mut tally =
            lines.iter().filter_map(|line| count(line)).fold(Tally::default(), Add::add);
        if transcript.success && tally.failed == 0 {
            return Self { tally, trouble: Vec::new() };
        }
        let mut trouble = failures(lines);
        if trouble.is_empty() {
            let first = lines.len().saturating_sub(LINES_OF_CONTEXT);
            trouble = lines[first..].to_vec();
        }
        // Also when other tests did fail: a binary that did not compile is one more thing to mend.
        let broke = lines.iter().any(|line| line.starts_with("error: could not compile"));
        if tally.failed == 0 || broke {
            tally.failed += 1;
        }
        Self { tally, trouble }
    }
}

/// `test result: ok. 3 passed; 0 failed; 0 ignored; ...`
fn rust_tally(line: &str) -> Option<Tally> {
    let counts = line.split_once("test result: ")?.1.split_once(". ")?.1;
    let mut numbers = counts.split("; ").map(|part| part.split(' ').next()?.parse().ok());
    Some(Tally { passed: numbers.next()??, failed: numbers.next()?? })
}

/// Compiler errors, and from each test program the part from its failures to its result.
fn rust_failures(lines: &[String]) -> Vec<String> {
    let mut kept = Vec::new();
    let (mut in_failures, mut in_error) = (false, false);
    for line in lines {
        if line.trim() == "failures:" {
            in_failures = true;
        }
        if line.starts_with("error") {
            in_error = true;
        } else if line.is_empty() {
            in_error = false;
        }
        if in_failures || in_error {
            kept.push(line.clone());
        }
        if line.contains("test result: ") {
            in_failures = false;
        }
    }
    kept
}

/// `# pass 3` and `# fail 0`
fn tap_tally(line: &str) -> Option<Tally> {
    let passed = line.strip_prefix("# pass ").and_then(|count| count.trim().parse().ok());
    let failed = line.strip_prefix("# fail ").and_then(|count| count.trim().parse().ok());
    match (passed, failed) {
        (None, None) => None,
        _ => Some(Tally { passed: passed.unwrap_or(0), failed: failed.unwrap_or(0) }),
    }
}

/// Each `not ok` line and the block of explanation below it.
fn tap_failures(lines: &[String]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut inside = false;
    for line in lines {
        let text = line.trim_start();
        if text.starts_with("not ok") {
            inside = true;
        }
        if inside {
            kept.push(line.clone());
        }
        if text == "..." {
            inside = false;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::{Tally, Verdict, rust_tally, tap_tally};
    use crate::run::Transcript;

    fn transcript(text: &str, success: bool) -> Transcript {
        Transcript { lines: text.lines().map(str::to_string).collect(), success }
    }

    #[test]
    fn both_kinds_of_result_lines_are_counted() {
        let line =
            "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(rust_tally(line), Some(Tally { passed: 12, failed: 3 }));
        assert_eq!(rust_tally("test a_test ... ok"), None);
        assert_eq!(tap_tally("# pass 4"), Some(Tally { passed: 4, failed: 0 }));
        assert_eq!(tap_tally("# passing by"), None);
    }

    #[test]
    fn a_stage_that_does_not_compile_is_one_failure_with_its_errors() {
        let result = Verdict::of_rust_tests(&transcript(
            "   Compiling x\nerror[E0425]: no such name\n --> src/lib.rs:1\n\nwarning: other\n",
            false,
        ));
        assert_eq!(result.tally, Tally { passed: 0, failed: 1 });
        assert_eq!(result.trouble, ["error[E0425]: no such name", " --> src/lib.rs:1"]);
    }

    #[test]
    fn a_runner_that_skips_tests_in_silence_fails_the_stage() {
        let text = "test result: ok. 1 passed; 0 failed; 0 ignored";
        let result = Verdict::of_rust_tests(&transcript(text, true)).at_least(2);
        assert_eq!(result.tally, Tally { passed: 1, failed: 1 });
        assert!(result.trouble[0].contains("skipped in silence"));
    }

    #[test]
    fn only_the_failures_of_a_long_run_are_shown_again() {
        let text = "test a ... ok\ntest b ... FAILED\n\nfailures:\n\n---- b stdout ----\nboom\n\n\
                    test result: FAILED. 1 passed; 1 failed; 0 ignored\n\nafter";
        let result = Verdict::of_rust_tests(&transcript(text, false));
        assert_eq!(result.tally, Tally { passed: 1, failed: 1 });
        assert!(result.trouble.contains(&"boom".to_string()));
        assert!(!result.trouble.iter().any(|line| line.contains("test a") || line == "after"));
    }
}
