//! Lessons: a scenario, what is said while it runs, and the claims that hold every word of it
//! against the run. A lesson is one file, and whoever can write a scenario can write one.
//!
//! Nothing here plays anything: the page does, and the command line proves. No caption is bound to
//! a time; each is bound to an event, so it is true at any speed and in any future.

mod beat;
mod bound;
mod claim;
mod cue;
mod file;
mod journal;
mod judge;
mod prove;
mod sheet;

pub use beat::{Caption, Choice, Hint, Predict, Reason, Turn};
pub use bound::Bound;
pub use claim::{Claim, Compared, Held, Which};
pub use cue::Cue;
pub use file::{FIRST, Lesson, Part, Stage, is_lesson, read_lesson};
pub use journal::{Journal, Progress};
pub use judge::{Judge, Run};
pub use prove::{Lie, prove};
pub use sheet::{Cell, Found, Named, Row, SHEET, Sentence, Sheet, read_sheet};
