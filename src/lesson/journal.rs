//! How far a person came, and which questions come again: a question answered wrongly comes again
//! after two other answers, then after five, then after twelve, and is then known. Answers are
//! counted and not days, so nothing here needs a clock.

/// What a file of it begins with.
const HEAD: &str = "replicascope-progress";
/// The word under which answers are counted; no lesson is called so.
const ANSWERED: &str = "answered";
/// Answers in between, by how often a question was answered rightly since it was missed.
const BOXES: [u32; 3] = [2, 5, 12];

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

/// What is remembered of one lesson or question.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    lesson: String,
    reached: Progress,
    /// Of a question that was missed: its box, and the count of answers at which it comes again.
    again: Option<(u32, u32)>,
}

/// What is remembered of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    answered: u32,
    lines: Vec<Line>,
}

impl Journal {
    /// Reads what `text` wrote. What it does not know it leaves out; None if it knows nothing.
    pub fn read(text: &str) -> Option<Journal> {
        let mut journal = Journal::default();
        let mut words = text.split_ascii_whitespace();
        words.next().filter(|head| *head == HEAD)?;
        for word in words {
            let mut parts = word.split(':');
            let (Some(name), Some(says)) = (parts.next(), parts.next()) else { continue };
            if name == ANSWERED {
                journal.answered = says.parse().unwrap_or(0);
            }
            let reached = Progress::ALL.into_iter().find(|one| one.name() == says);
            let Some(reached) = reached else { continue };
            let mut number = || parts.next()?.parse().ok();
            let again = number().filter(|box_| *box_ < BOXES.len() as u32).zip(number());
            journal.lines.push(Line { lesson: name.to_string(), reached, again });
        }
        Some(journal)
    }

    /// The same as a small text, a line for each lesson.
    pub fn text(&self) -> String {
        let mut text = format!("{HEAD}\n{ANSWERED}:{}\n", self.answered);
        for Line { lesson, reached, again } in &self.lines {
            text.push_str(&format!("{lesson}:{}", reached.name()));
            if let Some((box_, due)) = again {
                text.push_str(&format!(":{box_}:{due}"));
            }
            text.push('\n');
        }
        text
    }

    /// Whether a file is one of these.
    pub fn is_one(text: &str) -> bool {
        text.starts_with(HEAD)
    }

    /// Whether there is anything to remember.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// How far the person came in this lesson; None if it was never opened.
    pub fn progress(&self, lesson: &str) -> Option<Progress> {
        self.line(lesson).map(|line| line.reached)
    }

    /// Whether this question was missed and has not been answered rightly often enough since.
    pub fn comes_again(&self, lesson: &str) -> bool {
        self.line(lesson).is_some_and(|line| line.again.is_some())
    }

    fn line(&self, lesson: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.lesson == lesson)
    }

    /// Notes how far the person came; gives whether that was news.
    pub fn reach(&mut self, lesson: &str, reached: Progress) -> bool {
        if self.progress(lesson).is_some_and(|before| before >= reached) {
            return false;
        }
        self.line_mut(lesson).reached = reached;
        true
    }

    fn line_mut(&mut self, lesson: &str) -> &mut Line {
        let at = self.lines.iter().position(|line| line.lesson == lesson);
        let at = at.unwrap_or_else(|| {
            let lesson = lesson.to_string();
            self.lines.push(Line { lesson, reached: Progress::Begun, again: None });
            self.lines.len() - 1
        });
        &mut self.lines[at]
    }

    /// Notes an answer to a question.
    pub fn answer(&mut self, lesson: &str, right: bool) {
        self.answered += 1;
        let answered = self.answered;
        let line = self.line_mut(lesson);
        let next = match (line.again, right) {
            (_, false) => Some(0),
            (None, true) => None,
            (Some((box_, _)), true) => Some(box_ + 1),
        };
        let after = next.and_then(|next| BOXES.get(next as usize));
        line.again = next.zip(after).map(|(next, after)| (next, answered + after));
    }

    /// Which of these questions comes next after one of them: the one that has been due for the
    /// longest, else the first that was never answered rightly, else the one that is due first.
    pub fn next_question(&self, questions: &[&str], after: &str) -> Option<usize> {
        let again = |at: usize| self.line(questions[at]).and_then(|line| line.again);
        let due = (0..questions.len()).filter_map(|at| Some((again(at)?.1, at)));
        let due = due.filter(|(_, at)| questions[*at] != after).min();
        let fresh = |at: &usize| {
            let one = questions[*at];
            one != after && again(*at).is_none() && self.progress(one) != Some(Progress::Done)
        };
        let from = questions.iter().position(|one| *one == after).map_or(0, |at| at + 1);
        match due {
            Some((due, at)) if due <= self.answered => Some(at),
            _ => (from..questions.len()).chain(0..from).find(fresh).or(due.map(|(_, at)| at)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUESTIONS: [&str; 30] = [
        "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r",
        "s", "t", "u", "v", "w", "x", "y", "z", "aa", "bb", "cc", "dd",
    ];

    #[test]
    fn a_missed_question_comes_again_after_two_five_and_twelve_answers() {
        let mut journal = Journal::default();
        let mut asked: Vec<&str> = Vec::new();
        let mut last = "";
        while let Some(at) = journal.next_question(&QUESTIONS, last) {
            last = QUESTIONS[at];
            journal.answer(last, !asked.is_empty());
            if !journal.comes_again(last) {
                journal.reach(last, Progress::Done);
            }
            asked.push(last);
        }
        let of_a: Vec<usize> = (0..asked.len()).filter(|at| asked[*at] == "a").collect();
        // Two, five and twelve others lie between.
        assert_eq!(of_a, [0, 3, 9, 22]);
        assert_eq!(asked.len(), 33, "every other one is asked once: {asked:?}");
    }

    #[test]
    fn whoever_misses_it_again_begins_again() {
        let mut journal = Journal::default();
        for right in [false, true, false] {
            journal.answer("a", right);
        }
        assert_eq!(journal.line("a").and_then(|line| line.again), Some((0, 5)));
        assert_eq!(journal.next_question(&["a"], ""), Some(0), "rather early than never");
        assert_eq!(journal.next_question(&["a"], "a"), None, "but not at once");
    }

    #[test]
    fn a_journal_comes_back_from_its_file_and_another_file_is_none() {
        let mut journal = Journal::default();
        journal.answer("q-durable", false);
        assert!(journal.reach("star", Progress::Done));
        assert!(!journal.reach("star", Progress::Begun));
        assert_eq!(Journal::read(&journal.text()), Some(journal.clone()));
        let mended = journal.text().replace("star:done", "star:flown");
        assert_eq!(Journal::read(&mended).and_then(|one| one.progress("star")), None);
        assert_eq!(Journal::read("title = \"a lesson\""), None);
        assert!(Journal::is_one(&journal.text()));
    }
}
