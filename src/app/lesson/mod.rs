//! Lessons in the page: the list, the rail beside the stage, and what becomes of what is asked.
//!
//! Lessons are files beside the page, fetched one at a time when somebody opens them, so that those
//! who never do pay nothing. All that a lesson does to the run is done by the player's `Tutor`.

mod act;
mod ask;
mod handout;
mod rail;
mod sheet;
mod shelf;

pub use act::{carry_out, left, measures, open_now, opening, turned};
pub use ask::{Ask, Course};
pub use rail::rail;
pub use sheet::{back, sheet};
pub use shelf::shelf;
