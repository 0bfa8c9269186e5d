//! Lessons: the rail beside them, the shelf, the handout.

use std::fmt::Display;

// app/lesson/act.rs

pub const LIST_UNREADABLE: &str = "The list of lessons cannot be read.";
pub fn not_fetched(what: impl Display, why: impl Display) -> String {
    format!("The {what} could not be fetched: {why}.")
}
pub fn done_and(done: impl Display) -> String {
    format!("Done. {done}")
}
pub fn unreadable(error: impl Display) -> String {
    format!("The lesson cannot be read: {error}")
}
pub fn mend_it(name: impl Display, error: impl Display) -> String {
    format!("{name}, {error}. Mend it and open it again.")
}

// app/lesson/handout.rs

pub const WHAT_HAPPENS: &str = "What happens";
pub const WHY: &str = "Why";
pub const TAKE_HOME: &str = "Take home";
pub const YOUR_TURN: &str = "Your turn";

// app/lesson/rail.rs

pub fn fetching(name: impl Display) -> String {
    format!("Fetching {name}\u{2026}")
}
pub const LESSON: &str = "Lesson";
pub fn place_of(place: impl Display, all: impl Display) -> String {
    format!("{place} of {all}")
}
pub const TALLER_OR_LESS_TALL: &str = "Make this panel taller or less tall";
pub const LEAVE_TITLE: &str = "Leave the lesson, stay here";
pub const LEAVE: &str = "Leave the lesson and stay at this very state";
pub const PREVIOUS: &str = "Previous";
pub const PREVIOUS_LESSON: &str = "Previous lesson";
pub const NEXT: &str = "Next";
pub const NEXT_LESSON: &str = "Next lesson";
pub const PRINT: &str = "Print";
pub const CHECK: &str = "Check";
pub const LINK: &str = "Link";
pub const BEATS: &str = "Beats";
pub const EVERY_STATEMENT_HOLDS: &str = "\u{2713} Every statement holds.";
pub fn wrong_statements(found: impl Display) -> String {
    format!("\u{2715} Wrong statements: {found}")
}
pub const WATCH_WHAT_HAPPENS: &str = "Watch what happens";
pub const JUST_SHOW_ME: &str = "Just show me";
pub const STOPS_AT_THE_UNEXPECTED: &str =
    "It stops where something unexpected happens. Play goes on.";
pub const ASK_WHY: &str = "Why?";
pub const NEXT_QUESTION: &str = "Next question";
pub const WATCH_AGAIN: &str = "Watch again";
pub const WATCH_THE_FIRST_RUN: &str = "Watch the first run";
pub const YOU_WERE_RIGHT: &str = "\u{2713} You were right.";
pub const NOT_SO: &str = "\u{2715} Not so.";
pub fn you_said(choice: impl Display) -> String {
    format!("You said: {choice}")
}
pub const SHOW_THE_MOMENT: &str = "Show the moment";
pub const THE_CHAPTER_SAYS: &str = "The chapter says";
pub const DONE: &str = "\u{2713} Done.";
pub const BEGIN_AGAIN: &str = "Begin again";
pub const WITHOUT_KEYS: &str = "Without keys: choose a server or a client, then its three dots. ";
pub const PRESS_A_COMMAND: &str =
    "A command above goes to the command line when you press it; Run does it.";

// app/lesson/shelf.rs

pub const SHEET_TITLE: &str = "The chapter's tables and its 20-second answer, measured (V)";
pub const SYNC_OR_ASYNC: &str = "Sync or async";
pub const FETCHING_THE_LIST: &str = "Fetching the list\u{2026}";
pub fn done_of(done: impl Display, all: impl Display) -> String {
    format!("{done} of {all} done. A lesson takes two to four minutes, a question one.")
}
pub fn also(words: impl Display) -> String {
    format!("also: {words}")
}
pub const SEARCH_FOR: &str = "Search: stale, fencing, master\u{2026}";
pub const SEARCH_LESSONS_AND_WORDS: &str = "Search lessons and words";
pub const CLOSE: &str = "Close";
pub const THE_FIRST_TEN_SECONDS: &str = "The first ten seconds";
pub const LESSONS: &str = "Lessons";
pub const ABOUT_FILES: &str =
    "A lesson of your own is one file. What you have done stays in this browser.";
pub const TAKE_THAT_BACK: &str = "Take that back";
pub const FORGET_MY_PROGRESS: &str = "Forget my progress";
pub const SAVE_MY_PROGRESS: &str = "Save my progress";
pub const FILES: &str = "Files";
pub const COMES_AGAIN: &str = "\u{21bb} comes again";

// player/tutor.rs

pub const PREDICT: &str = "Predict";
pub const WATCH: &str = "Watch";
pub const TRY_: &str = "Try";

// app/lesson/sheet.rs

pub fn table_unread(error: impl Display) -> String {
    format!("The table cannot be read: {error}")
}
pub const FETCHING_IT: &str = "Fetching it\u{2026}";
pub const MEASURING: &str = "measuring\u{2026}";
pub const SHORT_ANSWER: &str = "The 20-second answer";
pub const THE_CHAPTERS: &str = "The chapter's: ";
pub const RUNS_BEAR_OUT: &str = "What the runs bear out:";
pub const BACK_TO_THE_TABLE: &str = "Back to the table";
pub fn opens_the_run(name: &str, what: &str) -> String {
    format!("{name}: {what}. Opens the run.")
}
