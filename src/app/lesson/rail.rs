//! The rail beside the stage: a lesson's beats. On phones it is the sheet.

use replication::lesson::{Choice, Lesson, Which};
use replication::player::{Beat, Msg, Tutor, us_text};

use super::ask::Ask;
use crate::app::control::square;
use crate::app::element::{El, Words, el};
use crate::app::icon::Icon;
use crate::app::panel::Shown;
use crate::app::ui::Act;

/// The rail; nothing while no lesson is open.
pub fn rail(shown: &Shown) -> Option<El> {
    let course = &shown.ui.course;
    let Some((name, tutor)) = &course.open else {
        let awaited = course.awaited.as_ref()?;
        let text = format!("Fetching {}\u{2026}", awaited.0);
        return Some(el("aside", "rail").label("Lesson").with(el("p", "rail-body").text(text)));
    };
    let lesson = &tutor.lesson;
    let place = course.path.as_ref().and_then(|path| {
        let at = path.lessons.iter().position(|one| one.name == *name)?;
        Some(format!("{} of {}", at + 1, path.lessons.len()))
    });
    let handle = el("button", "handle")
        .label("Make this panel taller or less tall")
        .testid("rail-handle")
        .on_click(shown.ask(Act::Sheet))
        .with(el("i", ""));
    let leave = Act::Lesson(Ask::Leave);
    let bar = el("div", "rail-bar")
        .with(el("span", "faint").text(place.unwrap_or_else(|| "Lesson".into())))
        .with(el("div", "spring"))
        .with(
            square(shown, "leave-lesson", "Leave the lesson, stay here", Icon::Close, leave)
                .label("Leave the lesson and stay at this very state"),
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
            ask(shown, "lesson-previous", "Previous", Ask::Beside(false)).label("Previous lesson")
        }))
        .maybe(
            own.is_none()
                .then(|| ask(shown, "lesson-next", "Next", Ask::Beside(true)).label("Next lesson")),
        )
        .with(ask(shown, "lesson-print", "Print", Ask::Print))
        .with(match own {
            Some(_) => ask(shown, "lesson-check", "Check", Ask::Check),
            None => el("a", "").set("href", address).testid("lesson-link").text("Link"),
        });
    let rail = el("aside", "rail")
        .label("Lesson")
        .testid("lesson")
        .set("data-beat", tutor.beat.name())
        .with(handle)
        .with(bar)
        .with(el("h2", "").text(lesson.title.clone()))
        .with(el("nav", "beats").label("Beats").each(beats))
        .maybe(own.and_then(|own| own.lies.as_ref()).map(|lies| checked(lies)))
        .with(body)
        .with(foot);
    Some(rail)
}

/// What the check of the person's own lesson has found.
fn checked(lies: &[String]) -> El {
    let sum = match lies.len() {
        0 => "\u{2713} Every statement holds.".to_string(),
        found => format!("\u{2715} Wrong statements: {found}"),
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
    let go = if tutor.chosen.is_some() { "Watch what happens" } else { "Just show me" };
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
        let note = "It stops where something unexpected happens. Play goes on.";
        return body.maybe(paused.then(|| el("p", "faint").text(note)));
    }
    let body = body.maybe(answer(shown, tutor)).with(runs(shown, tutor));
    match tutor.has(Beat::Why) {
        true => body.with(onward(shown, "Why?", Ask::Go(Beat::Why))),
        false => body.with(rule(tutor)).with(onward(shown, "Next question", Ask::NextQuestion)),
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
    buttons.push(again(tutor.run, "Watch again".to_string()));
    el("div", "buttons").each(buttons)
}

fn title(lesson: &Lesson, run: Which) -> Option<String> {
    lesson.second.as_ref()?;
    Some(match run {
        Which::First => "Watch the first run".to_string(),
        Which::Second => lesson.second_title.clone(),
    })
}

/// What the run has to say to the answer that was given.
fn answer(shown: &Shown, tutor: &Tutor) -> Option<El> {
    let choice: &Choice = tutor.lesson.predict.choice.get(tutor.chosen?)?;
    let verdict = if choice.right { "\u{2713} You were right." } else { "\u{2715} Not so." };
    let class = if choice.right { "answer right" } else { "answer" };
    let answer = el("div", class)
        .testid("answer")
        .with(el("b", "").text(verdict))
        .with(el("p", "").text(format!("You said: {}", choice.text)))
        .with(el("p", "").text(choice.why.clone()))
        .maybe(
            choice
                .show
                .as_ref()
                .map(|_| ask(shown, "show-answer", "Show the moment", Ask::Show(None))),
        );
    let right = tutor.lesson.predict.choice.iter().find(|one| one.right && !choice.right);
    Some(answer.maybe(right.map(|right| {
        el("p", "").with(el("b", "").text(format!("{}. ", right.text))).text(right.why.clone())
    })))
}

fn why(shown: &Shown, tutor: &Tutor) -> El {
    let lesson = &tutor.lesson;
    let reasons = lesson.why.iter().enumerate().map(|(at, reason)| {
        el("li", "").with(el("p", "").text(reason.text.clone())).with(ask(
            shown,
            format!("show-{at}"),
            "Show the moment",
            Ask::Show(Some(at)),
        ))
    });
    let says = (!lesson.chapter.is_empty()).then(|| {
        el("div", "says")
            .testid("chapter")
            .with(el("b", "").text("The chapter says"))
            .with(el("p", "").text(lesson.chapter.clone()))
    });
    el("div", "rail-body")
        .maybe(answer(shown, tutor))
        .with(el("ol", "reasons").each(reasons))
        .maybe(says)
        .with(rule(tutor))
        .with(match tutor.has(Beat::Try) {
            true => onward(shown, "Your turn", Ask::Go(Beat::Try)),
            false => onward(shown, "Next question", Ask::NextQuestion),
        })
}

fn rule(tutor: &Tutor) -> El {
    el("div", "rule")
        .with(el("b", "").text("Take home"))
        .with(el("p", "").text(tutor.lesson.rule.clone()))
}

fn turn(shown: &Shown, tutor: &Tutor) -> El {
    let body = el("div", "rail-body");
    let Some(turn) = &tutor.lesson.turn else { return body };
    let body = body.with(el("p", "question").text(turn.task.clone()));
    let said = if tutor.met {
        el("div", "answer right")
            .with(el("b", "").text("\u{2713} Done."))
            .with(el("p", "").text(turn.done.clone()))
    } else {
        let hint = tutor.hint().unwrap_or_default().to_string();
        el("p", "hint").text(hint)
    };
    let goal = el("div", "")
        .testid("goal")
        .set("data-met", if tutor.met { "yes" } else { "no" })
        .with(said);
    let again = ask(shown, "begin-again", "Begin again", Ask::Go(Beat::Try));
    let menus = "Without keys: choose a server or a client, then its three dots.";
    let body =
        body.with(goal).with(el("p", "faint").text(menus)).with(el("div", "buttons").with(again));
    match tutor.met {
        true => body.with(onward(shown, "Next lesson", Ask::Beside(true))),
        false => body,
    }
}
