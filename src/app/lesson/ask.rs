//! What a person can ask of lessons, and where they stand in them.

use std::rc::Rc;

use replication::lesson::{Journal, Part, Progress, Sheet, Which};
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
    /// How far the person came, and which questions come again.
    pub journal: Journal,
    /// The one that was put away, which can be taken back.
    pub before: Option<Journal>,
    /// Whether the open question was answered: only the first answer counts.
    pub answered: bool,
    /// How far the person is in the open lesson, as noted last: what is forgotten stays forgotten.
    pub noted: Option<Progress>,
    /// The file of the open lesson, if it is one of the person's own. Such a one has no name.
    pub own: Option<Own>,
    /// How many reasons were shown: the last of them is the one that is looked at.
    pub reason: usize,
    /// The chapter's tables, once they have been fetched.
    pub sheet: Option<Box<Sheet>>,
    /// Whether they are shown.
    pub reads: bool,
    /// Whether what is looked at is the run of one of their cells.
    pub cited: bool,
}

impl Course {
    /// Whether nothing has been asked for: then the introduction may play.
    pub fn idle(&self) -> bool {
        self.awaited.is_none() && !self.reads
    }
}

/// A lesson from a file of the person's own.
#[derive(Clone, Debug)]
pub struct Own {
    /// The file's text.
    pub text: String,
    /// What in it does not hold, once that was asked.
    pub lies: Option<Vec<String>>,
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
    /// Open the question that comes next: one that was missed, once it is time.
    NextQuestion,
    /// A file of the person's own, by name and text: a lesson, or how far they came.
    File(String, String),
    /// Forget how far the person came, or take that back.
    Reset,
    /// Hold everything that the lesson says against its runs.
    Check,
    /// Print the lesson.
    Print,
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
    /// Show or hide the chapter's tables.
    Sheet,
    /// Open the run behind one of their cells, by row and column.
    Cite(usize, usize),
    /// Go to the event behind a reason, or behind the answer.
    Show(Option<usize>),
    /// Close the lesson and stay where it was.
    Leave,
}
