//! A command with its time, as `{ time = "1s", crash = "n1" }`.

use crate::base::Span;
use crate::form::{Entry, Form, FromForm, Misfit, ToForm, misplaced};

use super::command::Command;

/// A command and when it is carried out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Stamped {
    /// When.
    pub time: Span,
    /// What.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(flatten))]
    pub command: Command,
}

impl Stamped {
    /// Whether it has a server join.
    pub fn joins(&self) -> bool {
        matches!(self.command, Command::AddNode(_))
    }
}

impl ToForm for Stamped {
    fn to_form(&self) -> Form {
        let time = Entry::new("time", self.time.to_form());
        Form::Table(vec![time, self.command.to_entry()])
    }
}

impl FromForm for Stamped {
    fn from_form(form: &Form) -> Result<Stamped, Misfit> {
        let Form::Table(entries) = form else {
            let expected = "a time and one command, such as { time = \"1s\", crash = \"n1\" }";
            return Err(misplaced(form, expected));
        };
        let (mut time, mut command) = (None, None);
        for entry in entries {
            if entry.name == "time" {
                let span = Span::from_form(&entry.form).map_err(|misfit| misfit.within(entry))?;
                time = Some(span);
            } else if command.is_some() {
                let message = format!("one command each: `{}` is a second one", entry.name);
                return Err(Misfit::at_name(entry, message));
            } else {
                command = Some(Command::from_entry(entry)?);
            }
        }
        let missing = |what: &str| Misfit::new(what.to_string());
        let time = time.ok_or_else(|| missing("missing field `time`"))?;
        let command = command.ok_or_else(|| missing("a command is missing beside the time"))?;
        Ok(Stamped { time, command })
    }
}
