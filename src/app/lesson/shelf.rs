//! The list of lessons, in the chapter's three parts, with what has been done of them.

use replication::lesson::Part;
use replication::player::{Beat, Msg};
use yew::Html;

use super::ask::{Ask, Listed, Progress};
use crate::app::element::{El, el, group};
use crate::app::panel::Shown;
use crate::app::ui::Act;

/// The list; nothing while it is closed.
pub fn shelf(shown: &Shown) -> Html {
    let course = &shown.ui.course;
    if !course.shelf {
        return Html::default();
    }
    let empty = Vec::new();
    let path = course.path.as_ref().map_or(&empty, |path| path);
    let done = path.iter().filter(|one| course.progress(&one.name) == Some(Progress::Done));
    let sum = match path.len() {
        0 if course.trouble.is_none() => "Fetching the list\u{2026}".to_string(),
        0 => String::new(),
        all => format!("{} of {all} done. A lesson takes two to four minutes, a question one.", done.count()),
    };
    let parts = Part::ALL.into_iter().map(|part| {
        let of_part = path.iter().enumerate().filter(|(_, one)| one.part == part);
        let items = of_part.map(|(at, one)| item(shown, at, one));
        el("section", "").with(el("h3", "").text(part.title())).with(el("ol", "").each(items))
    });
    let trouble = course.trouble.as_ref().map(|why| {
        el("p", "wrong").set("role", "alert").testid("lessons-trouble").text(why.clone())
    });
    let close = el("button", "")
        .set("id", "lessons")
        .testid("close-lessons")
        .on_click(shown.ask(Act::Lesson(Ask::Shelf)))
        .text("Close");
    let intro = el("button", "")
        .testid("intro")
        .on_click(shown.ask(Act::Player(Msg::Story)))
        .text("The first ten seconds");
    let panel = el("section", "help gallery lessons")
        .set("role", "dialog")
        .set("aria-modal", "true")
        .label("Lessons")
        .testid("lessons-panel")
        .with(el("h2", "").text("Lessons"))
        .with(el("div", "buttons").with(close).with(intro))
        .maybe(trouble)
        .with(el("p", "faint").text(sum))
        .each(parts);
    group([el("div", "veil dim").on_click(shown.ask(Act::Lesson(Ask::Shelf))), panel])
}

fn item(shown: &Shown, at: usize, one: &Listed) -> El {
    let progress = shown.ui.course.progress(&one.name);
    let open = Act::Lesson(Ask::Open(one.name.clone(), Beat::Predict));
    let state = progress.map(|progress| {
        let mark = if progress == Progress::Done { "\u{2713} done" } else { progress.name() };
        el("span", "").text(mark)
    });
    let button = el("button", "")
        .testid(format!("lesson-{}", one.name))
        .on_click(shown.ask(open))
        .with(el("b", "").text(format!("{}. {}", at + 1, one.title)))
        .maybe(state);
    el("li", "").with(button)
}
