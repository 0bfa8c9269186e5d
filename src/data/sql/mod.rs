//! A small SQL over one table: enough statements to show what a log of statements, of rows and of
//! both does to replicas, and not a database language.
//!
//! `lexer` and `parser` read a text and say the column of what does not fit; `statement` says what
//! a statement is and how safe it is to log as text; `run` carries one out on a server.
//!
//! Simplification: numbers are whole, there is no NULL (an empty text or the number 0 stands for
//! it), the table's columns are fixed, and each statement is a transaction of its own.

mod formula;
mod lexer;
mod logged;
mod parser;
mod run;
mod statement;

pub use logged::{Context, Logged};
pub use parser::parse;
pub use run::Site;
pub use statement::{
    Arithmetic, Column, Comparison, Expr, Function, Kind, Safety, Statement, Which,
};
