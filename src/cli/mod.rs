//! The command line. Reports go to standard output, progress and errors to standard error.
//!
//! Exit codes: 0 done, 1 a violation was found, 2 bad input, 3 a limit was reached.

mod check;
mod failure;
mod input;
mod knobs;
mod layout;
mod lesson;
mod report;
mod sweep;
mod workers;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use replication::base::Span;
use replication::check::Guarantees;
use replication::form::ToForm;
use replication::policy::preset;
use replication::recording::{BUILTINS, Link, Narrator, Recording, schema, to_toml};
use replication::sim::{Scenario, limits};

use failure::Failure;
use sweep::Sweep;
use sweep::seeds::{Seeds, Shard};

/// Steps simulated between two looks at how far the run is.
const STEPS_A_LOOK: u64 = 2_000_000;

/// A replication laboratory: runs scenarios of replicated databases, deterministically.
#[derive(Parser)]
#[command(name = "replicascope", version, about, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Subcommands,
}

#[derive(Subcommand)]
enum Subcommands {
    /// Run a scenario and report on it
    Run {
        #[command(flatten)]
        run: Subject,
        /// For people or for programs
        #[arg(long, value_enum, default_value_t)]
        format: ReportFormat,
    },
    /// Run a scenario and print every record, in order
    Trace {
        #[command(flatten)]
        run: Subject,
        /// JSON lines, a log for ShiViz, or the clients' history for Jepsen's checkers
        #[arg(long, value_enum, default_value_t)]
        format: TraceFormat,
    },
    /// Hold every step of a run against every invariant, and its end against every guarantee
    Check {
        /// A path, `-` for standard input, or a built-in scenario's name
        file: String,
        /// Under these seeds, such as 0..100, instead of the file's own
        #[arg(long)]
        seeds: Option<Seeds>,
        /// Only these guarantees, such as causal,monotonic-reads; `none` for the invariants alone
        #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
        guarantees: Option<Vec<String>>,
        /// Runs at a time
        #[arg(long, default_value_t = workers::cores(), value_parser = jobs())]
        jobs: u16,
    },
    /// Run a scenario under many seeds and settings, and report on all of them
    Sweep {
        /// A path, `-` for standard input, or a built-in scenario's name
        file: String,
        /// The seeds, such as 0..1000, the last one not included
        #[arg(long)]
        seeds: Seeds,
        /// Fields and the values to try, such as cluster.ack=async,quorum; all combinations
        #[arg(long, value_name = "PATH=VALUE,...")]
        set: Vec<String>,
        /// Runs at a time
        #[arg(long, default_value_t = workers::cores(), value_parser = jobs())]
        jobs: u16,
        /// Only one of N equal parts of the seeds, such as 1/4
        #[arg(long, value_name = "I/N")]
        shard: Option<Shard>,
        /// For people or for programs; `merge` reads json
        #[arg(long, value_enum, default_value_t)]
        format: ReportFormat,
    },
    /// Make one report of the parts of a sweep
    Merge {
        /// What `sweep --format json` printed for each part
        #[arg(required = true, value_name = "REPORT")]
        reports: Vec<String>,
        /// For people or for programs
        #[arg(long, value_enum, default_value_t)]
        format: ReportFormat,
    },
    /// List the built-in scenarios
    List,
    /// Print a built-in scenario's file
    Show {
        /// Its name in the list
        name: String,
        /// As it is read, a real system's knobs as settings of ours; then a path will do too
        #[arg(long)]
        settings: bool,
    },
    /// List a real system's knobs: default, setting here, and the manual page that says so
    Knobs {
        /// mysql, postgresql or mongodb; absent: all of them
        system: Option<String>,
        /// As the page docs/presets.md
        #[arg(long)]
        markdown: bool,
    },
    /// Lessons: prove what they say, or print a scenario of theirs
    #[command(subcommand)]
    Lesson(lesson::Lessons),
    /// Print the JSON Schema of scenario files
    Schema,
    /// Print a link's part from # on, which opens the scenario in the page
    Link {
        /// A path, `-` for standard input, or a built-in scenario's name
        file: String,
    },
}

/// What is run.
#[derive(clap::Args)]
struct Subject {
    /// A path, `-` for standard input, or a built-in scenario's name
    file: String,
    /// Another luck than the file's
    #[arg(long)]
    seed: Option<u64>,
    /// Another end than the file's, such as 1500ms
    #[arg(long, value_parser = until)]
    until: Option<Span>,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum ReportFormat {
    #[default]
    Text,
    Json,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum TraceFormat {
    #[default]
    Jsonl,
    Shiviz,
    /// The same history, by the name of its notation
    #[value(alias = "edn")]
    Jepsen,
}

fn until(text: &str) -> Result<Span, String> {
    let span: Span = text.parse()?;
    if span > limits::UNTIL_MAX {
        return Err(format!("{span} is longer than the longest run, {}", limits::UNTIL_MAX));
    }
    Ok(span)
}

/// Does what the arguments say.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut out = BufWriter::new(io::stdout().lock());
    let done = arguments.command.carry_out(&mut out);
    // What was printed before a failure still counts, and a reader may have gone away since.
    let done = done.and_then(|code| out.flush().map_err(Failure::from).map(|()| code));
    match done {
        Ok(code) => code,
        Err(Failure::ReaderGone) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = out.flush();
            let _ = writeln!(io::stderr(), "{failure}");
            ExitCode::from(2)
        }
    }
}

impl Subcommands {
    fn carry_out(self, out: &mut impl Write) -> Result<ExitCode, Failure> {
        match self {
            Subcommands::Run { run, format } => {
                let recording = run.recording()?;
                let report = replication::check::report(&recording);
                match format {
                    ReportFormat::Text => report::print(out, &recording, &report)?,
                    ReportFormat::Json => writeln!(out, "{:#}", report.to_form())?,
                }
                Ok(exit_code(&recording))
            }
            Subcommands::Trace { run, format } => {
                let recording = run.recording()?;
                let narrator = Narrator::of(&recording);
                match format {
                    TraceFormat::Jsonl => {
                        for (step, record) in recording.trace().since(0) {
                            writeln!(out, "{}", narrator.line(step, &record).to_form())?;
                        }
                    }
                    TraceFormat::Shiviz => narrator.shiviz(&recording, out)?,
                    TraceFormat::Jepsen => {
                        let mut written = Ok(());
                        narrator.jepsen(&mut |line| {
                            if written.is_ok() {
                                written = writeln!(out, "{line}");
                            }
                        });
                        written?;
                    }
                }
                Ok(exit_code(&recording))
            }
            Subcommands::Check { file, seeds, guarantees, jobs } => {
                let scenario = input::scenario(&file)?;
                let seeds = seeds.map_or((scenario.seed, 1), |range| (range.first, range.count()));
                let asked = asked(guarantees.as_deref())?;
                let ending = check::check(out, &scenario, seeds, &asked, jobs)?;
                Ok(match ending {
                    check::Ending::Held => ExitCode::SUCCESS,
                    check::Ending::Violated => ExitCode::from(1),
                    check::Ending::Limited => ExitCode::from(3),
                })
            }
            Subcommands::Sweep { file, seeds, set, jobs, shard, format } => {
                let scenario = input::scenario(&file)?;
                tell(out, &sweep::sweep(&scenario, seeds, &set, shard, jobs)?, format)
            }
            Subcommands::Merge { reports, format } => tell(out, &sweep::merge(&reports)?, format),
            Subcommands::List => {
                list(out)?;
                Ok(ExitCode::SUCCESS)
            }
            Subcommands::Show { name, settings: true } => {
                write!(out, "{}", to_toml(&input::scenario(&name)?))?;
                Ok(ExitCode::SUCCESS)
            }
            Subcommands::Show { name, settings: false } => {
                let builtin = input::builtin(&name)?;
                out.write_all(builtin.text.as_bytes())?;
                Ok(ExitCode::SUCCESS)
            }
            Subcommands::Knobs { markdown: true, .. } => {
                write!(out, "{}", preset::markdown())?;
                Ok(ExitCode::SUCCESS)
            }
            Subcommands::Knobs { system, markdown: false } => {
                knobs::print(out, system.as_deref())?;
                Ok(ExitCode::SUCCESS)
            }
            Subcommands::Lesson(asked) => asked.carry_out(out),
            Subcommands::Schema => {
                writeln!(out, "{}", schema())?;
                Ok(ExitCode::SUCCESS)
            }
            Subcommands::Link { file } => {
                let scenario = input::scenario(&file)?;
                writeln!(out, "{}", Link { scenario, t: None, view: None }.encode())?;
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

impl Subject {
    /// The whole run; says on the way how far it is if that takes long.
    fn recording(&self) -> Result<Recording, Failure> {
        let mut scenario: Scenario = input::scenario(&self.file)?;
        scenario.seed = self.seed.unwrap_or(scenario.seed);
        scenario.until = self.until.unwrap_or(scenario.until);
        let until = scenario.until;
        let mut recording = Recording::new(scenario);
        while !recording.extend(until.0, STEPS_A_LOOK) {
            let (now, steps) = (Span(recording.head().now), recording.head().steps);
            eprintln!("{now} of {until} simulated, {steps} events");
        }
        Ok(recording)
    }
}

fn jobs() -> impl clap::builder::TypedValueParser<Value = u16> {
    clap::value_parser!(u16).range(1..=1_024)
}

/// The guarantees a check is asked for: all of them unless some are named.
fn asked(names: Option<&[String]>) -> Result<Vec<&'static str>, Failure> {
    let Some(names) = names else {
        return Ok(Guarantees::NAMES.to_vec());
    };
    let named = names.iter().filter(|name| *name != "none");
    named
        .map(|name| {
            check::guarantee(name).map_err(|message| Failure::Argument {
                name: "--guarantees",
                text: names.join(","),
                message,
            })
        })
        .collect()
}

fn tell(out: &mut impl Write, sweep: &Sweep, format: ReportFormat) -> Result<ExitCode, Failure> {
    match format {
        ReportFormat::Text => sweep::print(out, sweep)?,
        ReportFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, sweep).map_err(io::Error::from)?;
            writeln!(out)?;
        }
    }
    Ok(if sweep.limited() { ExitCode::from(3) } else { ExitCode::SUCCESS })
}

fn exit_code(recording: &Recording) -> ExitCode {
    match recording.head().limit {
        None => ExitCode::SUCCESS,
        Some(limit) => {
            eprintln!("stopped at a limit: {}", limit.text());
            ExitCode::from(3)
        }
    }
}

fn list(out: &mut impl Write) -> Result<(), Failure> {
    let widest = BUILTINS.iter().map(|builtin| builtin.name.len()).max().unwrap_or(0);
    for builtin in BUILTINS {
        let scenario = builtin
            .scenario()
            .map_err(|error| Failure::Refused { file: builtin.name.to_string(), error })?;
        writeln!(out, "{:<widest$}  {}", builtin.name, scenario.name)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_schema_is_that_of_the_types() {
        let shipped = include_str!("../../static/scenario.schema.json");
        let remedy = "cargo run -- schema > static/scenario.schema.json";
        assert!(shipped.trim_end() == schema(), "out of date; {remedy}");
    }

    #[test]
    fn the_page_of_knobs_is_that_of_the_table() {
        let page = include_str!("../../docs/presets.md");
        let remedy = "cargo run -- knobs --markdown > docs/presets.md";
        assert!(page == preset::markdown(), "out of date; {remedy}");
    }

    #[test]
    fn the_arguments_are_consistent() {
        <Arguments as clap::CommandFactory>::command().debug_assert();
    }
}
