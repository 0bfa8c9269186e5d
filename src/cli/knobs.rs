//! Lists the knobs of real systems that a scenario file may speak of.

use std::io::{self, Write};

use replication::policy::preset::{About, System};

use super::failure::Failure;

/// Prints one system's knobs, or every system's.
pub fn print(out: &mut impl Write, system: Option<&str>) -> Result<(), Failure> {
    let Some(name) = system else {
        return Ok(System::ALL.into_iter().try_for_each(|system| table(out, system))?);
    };
    let found = System::ALL.into_iter().find(|system| system.name() == name);
    let system = found.ok_or_else(|| Failure::Argument {
        name: "SYSTEM",
        text: name.to_string(),
        message: format!("expected {}", System::ALL.map(System::name).join(", ")),
    })?;
    Ok(table(out, system)?)
}

fn table(out: &mut impl Write, system: System) -> io::Result<()> {
    writeln!(out, "[cluster.{}]", system.name())?;
    for About { name, default, ours, says, source } in About::all(system) {
        writeln!(out, "\n  {name}   default {default}   ({source})")?;
        writeln!(out, "    here: {ours}")?;
        writeln!(out, "    {says}")?;
    }
    writeln!(out)
}
