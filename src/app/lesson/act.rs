//! Carries out what is asked of lessons, and fetches their files.

use std::rc::Rc;

use replication::form::read_toml;
use replication::lesson::{FIRST, Journal, Lesson, Part, Progress, prove, read_lesson};
use replication::player::{Beat, Msg, Player, Tutor};
use yew::html::Scope;

use super::ask::{Ask, Course, Listed, Own, Path, Word};
use super::handout;
use crate::app::root::Root;
use crate::app::ui::{Act, Sheet, Ui};
use crate::app::{browser, memory};

/// What comes from the index, as `Ask::Came` calls it; everything else is a lesson.
const INDEX: &str = "index";
const LESSON: &str = "lesson";

/// Carries out what is asked.
pub fn carry_out(ask: Ask, ui: &mut Ui, player: &mut Player, link: &Scope<Root>) {
    if !matches!(ask, Ask::Came(..)) {
        ui.course.trouble = None;
    }
    match ask {
        Ask::Shelf => {
            ui.course.shelf = !ui.course.shelf;
            ui.course.search.clear();
            fetch_index(&ui.course, link);
        }
        Ask::Search(text) => ui.course.search = text,
        Ask::Open(name, beat) => open(ui, name, beat, link),
        Ask::Next => {
            let course = &mut ui.course;
            let done = |one: &Listed| course.journal.progress(&one.name) == Some(Progress::Done);
            let next =
                course.path.as_ref().and_then(|path| path.lessons.iter().find(|one| !done(one)));
            match next.map(|one| one.name.clone()) {
                Some(name) => open(ui, name, Beat::Predict, link),
                None if course.path.is_none() => open(ui, FIRST.into(), Beat::Predict, link),
                None => course.shelf = true,
            }
            fetch_index(&ui.course, link);
        }
        Ask::NextQuestion => {
            match next_question(&ui.course) {
                Some(name) => open(ui, name, Beat::Predict, link),
                None => ui.course.shelf = true,
            }
            fetch_index(&ui.course, link);
        }
        Ask::File(name, text) => {
            file(ui, player, &name, text);
            fetch_index(&ui.course, link);
        }
        Ask::Reset => {
            let course = &mut ui.course;
            let back = course.before.take();
            course.before = match back {
                Some(_) => None,
                None => Some(course.journal.clone()),
            };
            course.journal = back.unwrap_or_default();
            memory::keep_journal(&course.journal);
        }
        Ask::Check => {
            if let Some(own) = &mut ui.course.own {
                let lies = prove(&own.text).unwrap_or_else(|error| vec![error]);
                own.lies = Some(lies.iter().map(ToString::to_string).collect());
            }
        }
        Ask::Print => {
            if let Some((_, tutor)) = &ui.course.open {
                handout::print(tutor);
            }
        }
        Ask::Came(INDEX, Ok(text)) => match path(&text) {
            Some(path) => ui.course.path = Some(Rc::new(path)),
            None => ui.course.trouble = Some("The list of lessons cannot be read.".into()),
        },
        Ask::Came(_, Ok(text)) => came(ui, player, &text),
        Ask::Came(what, Err(why)) => {
            ui.course.awaited = None;
            ui.course.shelf = true;
            ui.course.trouble = Some(format!("The {what} could not be fetched: {why}."));
        }
        Ask::Go(beat) => go(&mut ui.course, beat, player),
        Ask::Turn(next) => {
            let Some((_, tutor)) = &ui.course.open else { return };
            match tutor.beat.beside(next).filter(|beat| tutor.has(*beat)) {
                Some(beat) => go(&mut ui.course, beat, player),
                None => beside(ui, next, link),
            }
        }
        Ask::Beside(next) => beside(ui, next, link),
        Ask::Choose(choice) => {
            let course = &mut ui.course;
            if let Some((name, tutor)) = &mut course.open {
                tutor.choose(choice);
                let counts = !course.answered && course.own.is_none() && !tutor.has(Beat::Try);
                if counts {
                    course.journal.answer(name, tutor.met);
                    memory::keep_journal(&course.journal);
                }
                course.answered = true;
            }
        }
        Ask::Watch(run) => {
            if let Some((_, tutor)) = &mut ui.course.open {
                tutor.watch(run, player);
            }
        }
        Ask::Show(reason) => {
            if let Some((_, tutor)) = &mut ui.course.open {
                tutor.show(reason, player);
            }
        }
        Ask::Leave => {
            left(ui);
            player.update(Msg::StopAtSurprises(memory::stops_at_surprises()));
        }
    }
}

/// The lesson is closed; what is looked at stays as it is.
pub fn left(ui: &mut Ui) {
    ui.course.open = None;
    ui.course.shelf = false;
}

/// Whether one is open, as far as can be seen.
pub fn open_now() -> bool {
    browser::document().query_selector(".rail").ok().flatten().is_some()
}

/// What the address asks to be opened when the page begins, unless it leads to an instant.
pub fn opening(course: &mut Course, to_an_instant: bool, link: &Scope<Root>) {
    course.journal = memory::journal();
    if to_an_instant {
        return;
    }
    let asked = memory::asked("lesson");
    if let Some(name) = asked.filter(|name| is_name(name)) {
        let beat = memory::asked("beat").and_then(|beat| Beat::named(&beat));
        course.awaited = Some((name.clone(), beat.unwrap_or(Beat::Predict)));
        fetch(LESSON, &name, link);
        fetch_index(course, link);
    }
}

/// After time has passed or something was done; gives what there is to say that was not said yet.
pub fn turned(ui: &mut Ui, player: &mut Player) -> Option<String> {
    let (name, tutor) = ui.course.open.as_mut()?;
    let name = name.clone();
    tutor.follow(player);
    let news = match tutor.beat {
        Beat::Try if tutor.met => {
            let done = tutor.lesson.turn.as_ref().map_or("", |turn| &turn.done);
            format!("Done. {done}")
        }
        Beat::Try => tutor.hint().unwrap_or_default().to_string(),
        Beat::Predict | Beat::Watch | Beat::Why => tutor.caption().unwrap_or_default().to_string(),
    };
    let is_news = news != ui.course.said;
    let reached = match (tutor.met, tutor.seen) {
        (true, _) => Progress::Done,
        (false, true) => Progress::Watched,
        (false, false) => Progress::Begun,
    };
    let news_of_it = ui.course.noted.replace(reached) != Some(reached);
    if news_of_it && ui.course.own.is_none() && ui.course.journal.reach(&name, reached) {
        memory::keep_journal(&ui.course.journal);
    }
    ui.course.said.clone_from(&news);
    Some(news).filter(|news| is_news && !news.is_empty())
}

fn open(ui: &mut Ui, name: String, beat: Beat, link: &Scope<Root>) {
    ui.course.shelf = false;
    fetch(LESSON, &name, link);
    ui.course.awaited = Some((name, beat));
}

fn came(ui: &mut Ui, player: &mut Player, text: &str) {
    let Some((name, beat)) = ui.course.awaited.take() else { return };
    match read_lesson(text) {
        Ok(lesson) => {
            begin(ui, player, name.clone(), lesson, beat);
            if let Some(t) = memory::asked("t").and_then(|t| t.parse().ok())
                && memory::asked("lesson").as_ref() == Some(&name)
            {
                player.update(Msg::Seek(t));
            }
        }
        Err(error) => {
            ui.course.shelf = true;
            ui.course.trouble = Some(format!("The lesson cannot be read: {error}"));
        }
    }
}

/// Begins a lesson at a beat.
fn begin(ui: &mut Ui, player: &mut Player, name: String, lesson: Lesson, beat: Beat) {
    ui.inspector = false;
    ui.sheet = Sheet::Half;
    ui.node = None;
    ui.op = None;
    ui.link = None;
    ui.course.own = None;
    ui.course.answered = false;
    ui.course.noted = None;
    let mut tutor = Tutor::new(lesson, player);
    if beat != Beat::Predict {
        tutor.go(beat, player);
    }
    ui.course.open = Some((name, tutor));
}

/// A file of the person's own: a lesson, or how far they came.
fn file(ui: &mut Ui, player: &mut Player, name: &str, text: String) {
    ui.gallery = false;
    if let Some(journal) = Journal::read(&text) {
        ui.course.before = Some(std::mem::replace(&mut ui.course.journal, journal));
        memory::keep_journal(&ui.course.journal);
        return;
    }
    match read_lesson(&text) {
        Ok(lesson) => {
            ui.course.shelf = false;
            begin(ui, player, String::new(), lesson, Beat::Predict);
            ui.course.own = Some(Own { text, lies: None });
        }
        Err(error) => {
            ui.course.shelf = true;
            ui.course.trouble = Some(format!("{name}, {error}. Mend it and open it again."));
        }
    }
}

/// The question that comes next, if the path is known and one is left.
fn next_question(course: &Course) -> Option<String> {
    let lessons = course.path.as_ref()?.lessons.iter();
    let questions = lessons.filter(|one| one.part == Part::Questions);
    let questions: Vec<&str> = questions.map(|one| one.name.as_str()).collect();
    let after = course.open.as_ref().map_or("", |(name, _)| name);
    let next = course.journal.next_question(&questions, after)?;
    Some(questions[next].to_string())
}

fn go(course: &mut Course, beat: Beat, player: &mut Player) {
    if let Some((_, tutor)) = &mut course.open {
        tutor.go(beat, player);
    }
}

fn beside(ui: &mut Ui, next: bool, link: &Scope<Root>) {
    let (Some(path), Some((name, _))) = (&ui.course.path, &ui.course.open) else { return };
    let at = path.lessons.iter().position(|one| one.name == *name);
    let at = at.and_then(|at| if next { Some(at + 1) } else { at.checked_sub(1) });
    match at.and_then(|at| path.lessons.get(at)).map(|one| one.name.clone()) {
        Some(name) => open(ui, name, Beat::Predict, link),
        None => ui.course.shelf = true,
    }
}

fn fetch_index(course: &Course, link: &Scope<Root>) {
    if course.path.is_none() {
        fetch(INDEX, INDEX, link);
    }
}

fn fetch(what: &'static str, name: &str, link: &Scope<Root>) {
    let link = link.clone();
    let done = move |text| link.send_message(Act::Lesson(Ask::Came(what, text)));
    browser::fetch(&format!("lessons/{name}.toml"), Box::new(done));
}

/// Whether this can be the name of a lesson's file, and nothing else.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

fn path(text: &str) -> Option<Path> {
    let form = read_toml(text).ok()?;
    let mut path = Path { lessons: Vec::new(), words: Vec::new() };
    for entry in form.field("lesson")?.entries() {
        let said = |name: &str| Some(entry.form.field(name)?.text()?.to_string());
        let part = said("part")?;
        let part = Part::ALL.into_iter().find(|one| one.name() == part)?;
        path.lessons.push(Listed { name: said("name")?, title: said("title")?, part });
    }
    for entry in form.field("word")?.entries() {
        let said = |name: &str| Some(entry.form.field(name)?.text()?.to_string());
        path.words.push(Word {
            name: said("name")?,
            also: said("also")?,
            means: said("means")?,
            lesson: said("lesson")?,
        });
    }
    Some(path)
}
