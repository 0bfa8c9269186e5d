//! Everything that a visitor of the page reads, in one place, so that another language is one more
//! directory. Nothing is looked up while the page runs: a language is chosen when it is compiled.
//!
//! One file for each part of the page, a constant for each fixed text, and a function where values
//! stand in a sentence, so that each language may put them where they belong. A name says what a
//! text is for; where that is what it says, it says what it says.
//!
//! What formats are made of is no prose and stays where it is: the words of the scenario file, of
//! the command line and of the report, and what is wrong with a file, in the terms of that file.

mod en;

pub use en::*;
