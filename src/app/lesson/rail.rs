//! The rail beside the stage: a lesson's beats. On phones it is the sheet.

use replication::lesson::{Choice, Lesson, Which};
use replication::player::{Beat, Msg, Tutor, us_text};
use replication::words::lesson as say;

use super::ask::Ask;
use crate::app::control::square;
use crate::app::element::{El, Words, el};
use crate::app::icon::Icon;
use crate::app::panel::Shown;
use crate::app::ui::Act;

/// What stands on either side of a command in a task or a hint.
pub const COMMAND: char = '`';

/// The rail; nothing while no lesson is open.
pub fn rail(shown: &Shown) -> Option<El> {
    let course = &shown.ui.course;
    let Some((name, tutor)) = &course.open else {
        let awaited = course.awaited.as_ref()?;
        let text = say::fetching(&awaited.0);
        return Some(el("aside", "rail").label(say::LESSON).with(el("p", "rail-body").text(text)));
    };
    let lesson = &tutor.lesson;
    let place = course.path.as_ref().and_then(|path| {
        let at = path.lessons.iter().position(|one| one.name == *name)?;
        Some(say::place_of(at + 1, path.lessons.len()))
    });
    let handle = el("button", "handle")
        .label(say::TALLER_OR_LESS_TALL)
        .testid("rail-handle")
        .on_click(shown.ask(Act::Sheet))
        .with(el("i", ""));
    let leave = Act::Lesson(Ask::Leave);
    let bar = el("div", "rail-bar")
        .with(el("span", "faint").text(place.unwrap_or_else(|| say::LESSON.into())))
        .with(el("div", "spring"))
        .with(
            square(shown, "leave-lesson", say::LEAVE_TITLE, Icon::Close, leave).label(say::LEAVE),
        );
    let beats = Beat::ALL.into_iter().filter(|beat| tutor.has(*beat)).map(|beat| {
        let button = ask(shown, format!("beat-{}", beat.name()), beat.title(), Ask::Go(beat));
        let here = beat == tutor.beat;
        if here { button.set("aria-current", "step") } else { button }
    });
    let body = match tutor.beat {
        Beat::Predict => predict(shown, tutor),
        Beat::Watch => watch(shown, tutor),
        Beat::Why => why(shown, tutor),
        Beat::Try => turn(shown, tutor),
    };
    let own = course.own.as_ref();
    let body = body.set("id", "lesson-body").set("tabindex", "-1").label(tutor.beat.title());
    let address = format!("?lesson={name}&beat={}", tutor.beat.name());
    let foot = el("div", "rail-foot buttons")
        .maybe(own.is_none().then(|| {
            ask(shown, "lesson-previous", say::PREVIOUS, Ask::Beside(false))
                .label(say::PREVIOUS_LESSON)
        }))
        .maybe(own.is_none().then(|| {
            ask(shown, "lesson-next", say::NEXT, Ask::Beside(true)).label(say::NEXT_LESSON)
        }))
        .with(ask(shown, "lesson-print", say::PRINT, Ask::Print))
        .with(match own {
            Some(_) => ask(shown, "lesson-check", say::CHECK, Ask::Check),
            None => el("a", "").set("href", address).testid("lesson-link").text(say::LINK),
        });
    let rail = el("aside", "rail")
        .label(say::LESSON)
        .testid("lesson")
        .set("data-beat", tutor.beat.name())
        .with(handle)
        .with(bar)
        .with(el("h2", "").text(lesson.title.clone()))
        .with(el("nav", "beats").label(say::BEATS).each(beats))
        .maybe(own.and_then(|own| own.lies.as_ref()).map(|lies| checked(lies)))
        .with(body)
        .with(foot);
    Some(rail)
}

/// What the check of the person's own lesson has found.
fn checked(lies: &[String]) -> El {
    let sum = match lies.len() {
        0 => say::EVERY_STATEMENT_HOLDS.to_string(),
        found => say::wrong_statements(found),
    };
    let lies = lies.iter().map(|lie| el("li", "").text(lie.clone()));
    el("div", "lies")
        .set("role", "status")
        .testid("checked")
        .with(el("b", "").text(sum))
        .with(el("ol", "").each(lies))
}

fn ask(shown: &Shown, testid: impl Into<Words>, text: impl Into<Words>, ask: Ask) -> El {
    el("button", "").testid(testid).on_click(shown.ask(Act::Lesson(ask))).text(text)
}

fn predict(shown: &Shown, tutor: &Tutor) -> El {
    let lesson = &tutor.lesson;
    let choices = lesson.predict.choice.iter().enumerate().map(|(at, choice)| {
        let button = ask(shown, format!("choice-{at}"), choice.text.clone(), Ask::Choose(at));
        let button = button.set("role", "radio").is("aria-checked", tutor.chosen == Some(at));
        el("li", "").set("role", "none").with(button)
    });
    let go = if tutor.chosen.is_some() { say::WATCH_WHAT_HAPPENS } else { say::JUST_SHOW_ME };
    el("div", "rail-body")
        .maybe((!lesson.about.is_empty()).then(|| el("p", "about").text(lesson.about.clone())))
        .with(el("p", "question").set("id", "question").text(lesson.predict.question.clone()))
        .with(
            el("ol", "choices")
                .set("role", "radiogroup")
                .set("aria-labelledby", "question")
                .each(choices),
        )
        .with(onward(shown, go, Ask::Go(Beat::Watch)))
}

/// The button that leads on.
fn onward(shown: &Shown, text: impl Into<Words>, what: Ask) -> El {
    el("button", "primary onward")
        .testid("onward")
        .on_click(shown.ask(Act::Lesson(what)))
        .text(text)
}

fn watch(shown: &Shown, tutor: &Tutor) -> El {
    let t = shown.player.t();
    let lines = tutor.captions().map(|(caption, at)| {
        let come = at.filter(|at| *at <= t);
        let time = come.map(us_text).unwrap_or_default();
        let line = el("li", if come.is_some() { "" } else { "later" });
        match come {
            Some(at) => line.with(
                el("button", "line")
                    .on_click(shown.ask(Act::Player(Msg::Seek(at))))
                    .with(el("small", "").text(time))
                    .text(caption.text.clone()),
            ),
            None => line.text("\u{2026}"),
        }
    });
    let ended = tutor.seen || t >= tutor.ends();
    let body = el("div", "rail-body");
    let body = match tutor.lesson.watch.is_empty() {
        true => body.with(el("p", "question").text(tutor.lesson.predict.question.clone())),
        false => body.with(el("ol", "lines").testid("lines").each(lines)),
    };
    if !ended {
        let paused = !shown.player.playing();
        let note = say::STOPS_AT_THE_UNEXPECTED;
        return body.maybe(paused.then(|| el("p", "faint").text(note)));
    }
    let body = body.maybe(answer(shown, tutor)).with(runs(shown, tutor));
    match tutor.has(Beat::Why) {
        true => body.with(onward(shown, say::ASK_WHY, Ask::Go(Beat::Why))),
        false => body.with(rule(tutor)).with(onward(shown, say::NEXT_QUESTION, Ask::NextQuestion)),
    }
}

/// Buttons that play the runs.
fn runs(shown: &Shown, tutor: &Tutor) -> El {
    let again = |run: Which, text: String| {
        ask(shown, format!("play-{}", run.name()), text, Ask::Watch(run))
    };
    let mut buttons = Vec::new();
    let other = match tutor.run {
        Which::First => Which::Second,
        Which::Second => Which::First,
    };
    if let Some(title) = title(&tutor.lesson, other) {
        buttons.push(again(other, title));
    }
    buttons.push(again(tutor.run, say::WATCH_AGAIN.to_string()));
    el("div", "buttons").each(buttons)
}

fn title(lesson: &Lesson, run: Which) -> Option<String> {
    lesson.second.as_ref()?;
    Some(match run {
        Which::First => say::WATCH_THE_FIRST_RUN.to_string(),
        Which::Second => lesson.second_title.clone(),
    })
}

/// What the run has to say to the answer that was given.
fn answer(shown: &Shown, tutor: &Tutor) -> Option<El> {
    let choice: &Choice = tutor.lesson.predict.choice.get(tutor.chosen?)?;
    let verdict = if choice.right { say::YOU_WERE_RIGHT } else { say::NOT_SO };
    let class = if choice.right { "answer right" } else { "answer" };
    let answer = el("div", class)
        .testid("answer")
        .with(el("b", "").text(verdict))
        .with(el("p", "").text(say::you_said(&choice.text)))
        .with(el("p", "").text(choice.why.clone()))
        .maybe(
            choice
                .show
                .as_ref()
                .map(|_| ask(shown, "show-answer", say::SHOW_THE_MOMENT, Ask::Show(None))),
        );
    let right = tutor.lesson.predict.choice.iter().find(|one| one.right && !choice.right);
    Some(answer.maybe(right.map(|right| {
        el("p", "").with(el("b", "").text(format!("{}. ", right.text))).text(right.why.clone())
    })))
}

fn why(shown: &Shown, tutor: &Tutor) -> El {
    let lesson = &tutor.lesson;
    let reasons = lesson.why.iter().enumerate().map(|(at, reason)| {
        let show = ask(shown, format!("show-{at}"), say::SHOW_THE_MOMENT, Ask::Show(Some(at)));
        let line = el("li", "").with(el("p", "").text(reason.text.clone())).with(show);
        if shown.ui.course.reason == at + 1 { line.set("aria-current", "true") } else { line }
    });
    let says = (!lesson.chapter.is_empty()).then(|| {
        el("div", "says")
            .testid("chapter")
            .with(el("b", "").text(say::THE_CHAPTER_SAYS))
            .with(el("p", "").text(lesson.chapter.clone()))
    });
    el("div", "rail-body")
        .maybe(answer(shown, tutor))
        .with(el("ol", "reasons").each(reasons))
        .maybe(says)
        .with(rule(tutor))
        .with(match tutor.has(Beat::Try) {
            true => onward(shown, say::YOUR_TURN, Ask::Go(Beat::Try)),
            false => onward(shown, say::NEXT_QUESTION, Ask::NextQuestion),
        })
}

fn rule(tutor: &Tutor) -> El {
    el("div", "rule")
        .with(el("b", "").text(say::TAKE_HOME))
        .with(el("p", "").text(tutor.lesson.rule.clone()))
}

fn turn(shown: &Shown, tutor: &Tutor) -> El {
    let body = el("div", "rail-body");
    let Some(turn) = &tutor.lesson.turn else { return body };
    let body = body.with(with_commands(shown, "question", &turn.task));
    let said = if tutor.met {
        el("div", "answer right")
            .with(el("b", "").text(say::DONE))
            .with(el("p", "").text(turn.done.clone()))
    } else {
        with_commands(shown, "hint", tutor.hint().unwrap_or_default())
    };
    let goal = el("div", "")
        .testid("goal")
        .set("data-met", if tutor.met { "yes" } else { "no" })
        .with(said);
    let again = ask(shown, "begin-again", say::BEGIN_AGAIN, Ask::Go(Beat::Try));
    let types = turn.task.contains(COMMAND).then(|| el("span", "").text(say::PRESS_A_COMMAND));
    let menus = el("p", "faint").text(say::WITHOUT_KEYS).maybe(types);
    let body = body.with(goal).with(menus).with(el("div", "buttons").with(again));
    match tutor.met {
        true => body.with(onward(shown, say::NEXT_LESSON, Ask::Beside(true))),
        false => body,
    }
}

/// A paragraph in which each command is a button that puts it into the command line: nobody has to
/// type it.
fn with_commands(shown: &Shown, class: &'static str, text: &str) -> El {
    let mut paragraph = el("p", class);
    for (at, part) in text.split(COMMAND).enumerate() {
        // A full stop behind a button would stand by itself.
        let part = if at > 0 { part.trim_start_matches('.') } else { part }.to_string();
        paragraph = match at % 2 {
            0 => paragraph.text(part),
            _ => paragraph.with(
                el("button", "command-text")
                    .on_click(shown.ask(Act::Line(part.clone())))
                    .text(part),
            ),
        };
    }
    paragraph
}
