//! The list of lessons, in the chapter's three parts, with what has been done of them; and the
//! words, found by older ones too, each of which leads to the lesson that runs it.

use replication::lesson::{Part, Progress};
use replication::player::{Beat, Msg};
use replication::words::lesson as say;
use yew::Html;

use super::ask::{Ask, Listed, Word};
use crate::app::element::{El, el, group, value_of};
use crate::app::panel::{Shown, gallery};
use crate::app::ui::Act;

/// Words shown at a time.
const WORDS_MAX: usize = 6;

/// The list; nothing while it is closed.
pub fn shelf(shown: &Shown) -> Html {
    let course = &shown.ui.course;
    if !course.shelf {
        return Html::default();
    }
    let search = course.search.to_ascii_lowercase();
    let fits = |text: &str| text.to_ascii_lowercase().contains(&search);
    let (mut lessons, mut words): (&[Listed], &[Word]) = (&[], &[]);
    if let Some(path) = &course.path {
        (lessons, words) = (&path.lessons, &path.words);
    }
    let words = words.iter().filter(|word| fits(&word.name) || fits(&word.also));
    let words: Vec<&Word> = words.take(if search.is_empty() { 0 } else { WORDS_MAX }).collect();
    let done =
        lessons.iter().filter(|one| course.journal.progress(&one.name) == Some(Progress::Done));
    let sum = match lessons.len() {
        0 if course.trouble.is_none() => say::FETCHING_THE_LIST.to_string(),
        0 => String::new(),
        all => {
            let done = done.count();
            say::done_of(done, all)
        }
    };
    let parts = Part::ALL.into_iter().map(|part| {
        let of_part = lessons.iter().enumerate().filter(|(_, one)| {
            let meant = || words.iter().any(|word| word.lesson == one.name);
            one.part == part && (fits(&one.title) || meant())
        });
        let items: Vec<El> = of_part.map(|(at, one)| item(shown, at, one)).collect();
        let none = items.is_empty();
        let section = el("section", "").with(el("h3", "").text(part.title()));
        section.with(el("ol", "").each(items)).mark("hidden", none)
    });
    let glossary = words.iter().map(|word| {
        let open = Act::Lesson(Ask::Open(word.lesson.clone(), Beat::Watch));
        el("li", "").with(
            el("button", "")
                .on_click(shown.ask(open))
                .with(el("b", "").text(word.name.clone()))
                .with(el("span", "").text(word.means.clone()))
                .with(el("small", "").text(say::also(&word.also))),
        )
    });
    let glossary = el("ol", "words").testid("words").each(glossary);
    let searching = el("input", "")
        .set("type", "search")
        .set("placeholder", say::SEARCH_FOR)
        .label(say::SEARCH_LESSONS_AND_WORDS)
        .testid("search-lessons")
        .value(course.search.clone())
        .on("input", shown.hear(|event| Some(Act::Lesson(Ask::Search(value_of(event))))));
    let trouble = course.trouble.as_ref().map(|why| {
        el("p", "wrong").set("role", "alert").testid("lessons-trouble").text(why.clone())
    });
    let close = el("button", "")
        .set("id", "lessons")
        .testid("close-lessons")
        .on_click(shown.ask(Act::Lesson(Ask::Shelf)))
        .text(say::CLOSE);
    let intro = el("button", "")
        .testid("intro")
        .on_click(shown.ask(Act::Player(Msg::Story)))
        .text(say::THE_FIRST_TEN_SECONDS);
    let question = el("button", "")
        .testid("next-question")
        .on_click(shown.ask(Act::Lesson(Ask::NextQuestion)))
        .text(say::NEXT_QUESTION);
    let sheet = el("button", "")
        .testid("open-sheet")
        .set("title", say::SHEET_TITLE)
        .on_click(shown.ask(Act::Lesson(Ask::Sheet)))
        .text(say::SYNC_OR_ASYNC);
    let panel = el("section", "help gallery lessons")
        .set("role", "dialog")
        .set("aria-modal", "true")
        .label(say::LESSONS)
        .testid("lessons-panel")
        .with(el("h2", "").text(say::LESSONS))
        .with(
            el("div", "buttons").with(close).with(intro).with(question).with(sheet).with(searching),
        )
        .maybe(trouble)
        .with(el("p", "faint").text(sum))
        .with(glossary)
        .each(parts)
        .with(keeping(shown));
    group([el("div", "veil dim").on_click(shown.ask(Act::Lesson(Ask::Shelf))), panel])
}

/// What can be done with files, and with how far the person came.
fn keeping(shown: &Shown) -> El {
    let course = &shown.ui.course;
    let says = say::ABOUT_FILES;
    let reset = match course.before {
        Some(_) => say::TAKE_THAT_BACK,
        None => say::FORGET_MY_PROGRESS,
    };
    let empty = course.before.is_none() && course.journal.is_empty();
    let reset = el("button", "")
        .testid("reset-progress")
        .mark("disabled", empty)
        .on_click(shown.ask(Act::Lesson(Ask::Reset)))
        .text(reset);
    let save = el("a", "button")
        .set("download", "progress.txt")
        .set("href", gallery::address(&course.journal.text()))
        .testid("save-progress")
        .text(say::SAVE_MY_PROGRESS);
    el("section", "")
        .with(el("h3", "").text(say::FILES))
        .with(el("p", "faint").text(says))
        .with(el("div", "buttons").with(gallery::picker(shown)).with(save).with(reset))
}

fn item(shown: &Shown, at: usize, one: &Listed) -> El {
    let journal = &shown.ui.course.journal;
    let progress = journal.progress(&one.name);
    let open = Act::Lesson(Ask::Open(one.name.clone(), Beat::Predict));
    let state = progress.map(|progress| {
        let mark = match progress {
            _ if journal.comes_again(&one.name) => say::COMES_AGAIN,
            Progress::Done => "\u{2713} done",
            Progress::Begun | Progress::Watched => progress.name(),
        };
        el("span", "").text(mark)
    });
    let button = el("button", "")
        .testid(format!("lesson-{}", one.name))
        .on_click(shown.ask(open))
        .with(el("b", "").text(format!("{}. {}", at + 1, one.title)))
        .maybe(state);
    el("li", "").with(button)
}
