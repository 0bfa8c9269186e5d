//! What a person can ask of lessons, and where they stand in them.

use std::rc::Rc;

use replication::lesson::{Part, Which};
use replication::player::{Beat, Tutor};

/// One lesson in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The name of its file.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its part of the path.
    pub part: Part,
}

/// One word of the glossary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word.
    pub name: String,
    /// Older and other words for it.
    pub also: String,
    /// What it means.
    pub means: String,
    /// The lesson that runs it.
    pub lesson: String,
}

/// What the index says: the path, and the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The lessons, in order.
    pub lessons: Vec<Listed>,
    /// The glossary.
    pub words: Vec<Word>,
}

/// Where a person stands in lessons.
#[derive(Clone, Debug, Default)]
pub struct Course {
    /// The path, once it has been fetched.
    pub path: Option<Rc<Path>>,
    /// What is searched for in the list.
    pub search: String,
    /// Whether the list is shown.
    pub shelf: bool,
    /// Why something could not be opened.
    pub trouble: Option<String>,
    /// The lesson that is being fetched, and the beat to begin with.
    pub awaited: Option<(String, Beat)>,
    /// The lesson that is open, by the name of its file.
    pub open: Option<(String, Tutor)>,
    /// What was said of the lesson last.
    pub said: String,
    /// How far a person came in each lesson; `Try` with its goal met is done.
    pub progress: Vec<(String, Progress)>,
}

impl Course {
    /// How far the person came in this lesson; None if it was never opened.
    pub fn progress(&self, name: &str) -> Option<Progress> {
        let mut all = self.progress.iter();
        all.find(|(lesson, _)| lesson == name).map(|(_, progress)| *progress)
    }
}

/// How far a person came in a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Progress {
    /// It was opened.
    Begun,
    /// Its run was watched to the end.
    Watched,
    /// Its goal was met.
    Done,
}

impl Progress {
    /// Each.
    pub const ALL: [Progress; 3] = [Progress::Begun, Progress::Watched, Progress::Done];

    /// Its name, for storage and people.
    pub fn name(self) -> &'static str {
        match self {
            Progress::Begun => "begun",
            Progress::Watched => "watched",
            Progress::Done => "done",
        }
    }
}

/// Something asked of lessons.
#[derive(Clone, Debug)]
pub enum Ask {
    /// Show or hide the list.
    Shelf,
    /// Search the list for this.
    Search(String),
    /// Open a lesson at a beat.
    Open(String, Beat),
    /// Open the first lesson that is not done.
    Next,
    /// A file has come, or why it has not.
    Came(&'static str, Result<String, String>),
    /// To a beat.
    Go(Beat),
    /// To the beat after (true) or before; beyond the last, to the next lesson.
    Turn(bool),
    /// To the lesson after (true) or before.
    Beside(bool),
    /// Answer.
    Choose(usize),
    /// Play a run from its beginning.
    Watch(Which),
    /// Go to the event behind a reason, or behind the answer.
    Show(Option<usize>),
    /// Close the lesson and stay where it was.
    Leave,
}
