//! What a log carries of a statement: the statement, the rows it changed, or one or the other by
//! how safe the statement is, as with MySQL's binlog_format.

use crate::data::sql::{Safety, Statement};
use crate::form::{Form, FromForm, Misfit, ToForm, named};

/// The format of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename_all = "kebab-case"))]
pub enum LogFormat {
    /// The statement, whatever it is: a few bytes, and each server carries it out.
    Statement,
    /// The rows it changed.
    #[default]
    Row,
    /// The statement where that is safe, and else the rows.
    Mixed,
}

impl LogFormat {
    /// Every format.
    pub const ALL: [LogFormat; 3] = [LogFormat::Statement, LogFormat::Row, LogFormat::Mixed];

    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            LogFormat::Statement => "statement",
            LogFormat::Row => "row",
            LogFormat::Mixed => "mixed",
        }
    }

    /// What it means, in one sentence.
    pub fn summary(self) -> &'static str {
        match self {
            LogFormat::Statement => "The log carries statements; each server carries them out.",
            LogFormat::Row => "The log carries the rows that a statement changed.",
            LogFormat::Mixed => "The log carries statements, and rows where those are unsafe.",
        }
    }

    /// Whether it carries a statement as rows. What changes the table as such is always carried as
    /// a statement.
    pub fn as_rows(self, statement: &Statement) -> bool {
        !statement.defines()
            && match self {
                LogFormat::Statement => false,
                LogFormat::Row => true,
                LogFormat::Mixed => statement.safety() > Safety::Captured,
            }
    }
}

impl ToForm for LogFormat {
    fn to_form(&self) -> Form {
        Form::from(self.name())
    }
}

impl FromForm for LogFormat {
    fn from_form(form: &Form) -> Result<LogFormat, Misfit> {
        named(form, &LogFormat::ALL, LogFormat::name)
    }
}

/// How much of a row a log of rows carries, as MySQL's binlog_row_image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename_all = "kebab-case"))]
pub enum RowImage {
    /// The whole row before and after.
    #[default]
    Full,
    /// The id before, and after it what was given.
    Minimal,
}

impl RowImage {
    /// Both.
    pub const ALL: [RowImage; 2] = [RowImage::Full, RowImage::Minimal];

    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            RowImage::Full => "full",
            RowImage::Minimal => "minimal",
        }
    }
}

impl ToForm for RowImage {
    fn to_form(&self) -> Form {
        Form::from(self.name())
    }
}

impl FromForm for RowImage {
    fn from_form(form: &Form) -> Result<RowImage, Misfit> {
        named(form, &RowImage::ALL, RowImage::name)
    }
}
