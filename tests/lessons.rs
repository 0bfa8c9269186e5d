//! Every lesson that comes with the page is true, and one that is not is refused.

use std::fs;
use std::path::{Path, PathBuf};

use replication::form::{Entry, Form, ToForm, read_toml};
use replication::lesson::{
    FIRST, Lesson, Part, SHEET, Sheet, Which, prove, read_lesson, read_sheet,
};
use replication::player::{Beat, Msg, Player, Speed, Tutor};
use replication::recording::{Builtin, EVENT_NAMES, read_live_command};

fn shelf() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("static/lessons")
}

fn text(name: &str) -> String {
    let path = shelf().join(format!("{name}.toml"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names in the index, in the order of the path.
fn listed() -> Vec<(String, Form)> {
    let index = read_toml(&text("index")).expect("the index is TOML");
    let lessons = index.field("lesson").expect("the index lists lessons").entries();
    let name = |entry: &Form| entry.field("name").and_then(Form::text).expect("a name").to_string();
    lessons.iter().map(|entry| (name(&entry.form), entry.form.clone())).collect()
}

#[test]
fn every_claim_of_every_lesson_holds() {
    let mut lies = Vec::new();
    for (name, _) in listed() {
        let found = prove(&text(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        lies.extend(found.iter().map(|lie| format!("{name}.toml, {lie}")));
    }
    assert!(lies.is_empty(), "what lessons say and runs do not:\n{}", lies.join("\n"));
}

#[test]
fn the_index_says_what_the_lessons_say_and_leaves_none_out() {
    let listed = listed();
    for (name, entry) in &listed {
        let lesson = read_lesson(&text(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let says = |field: &str| entry.field(field).and_then(Form::text).unwrap_or_default();
        assert_eq!(says("title"), lesson.title, "{name}");
        assert_eq!(says("part"), lesson.part.name(), "{name}");
    }
    assert_eq!(listed[0].0, FIRST);
    let parts: Vec<&str> =
        listed.iter().filter_map(|(_, entry)| entry.field("part")?.text()).collect();
    let place = |part: &&str| Part::ALL.iter().position(|one| one.name() == *part);
    assert!(parts.is_sorted_by_key(place), "the parts follow one another: {parts:?}");
    let mut files: Vec<String> = fs::read_dir(shelf())
        .expect("the lessons' directory")
        .map(|file| file.expect("an entry").path())
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_string()))
        .filter(|name| !["index", SHEET].contains(&name.as_str()))
        .collect();
    let mut names: Vec<String> = listed.into_iter().map(|(name, _)| name).collect();
    files.sort();
    names.sort();
    assert_eq!(files, names, "each file has its line in the index");
}

#[test]
fn every_word_leads_to_a_lesson_and_older_words_are_found() {
    let index = read_toml(&text("index")).expect("the index is TOML");
    let words = index.field("word").expect("the index lists words").entries();
    let names: Vec<String> = listed().into_iter().map(|(name, _)| name).collect();
    let said = |form: &Form, field: &str| {
        form.field(field).and_then(Form::text).expect("a word says it").to_string()
    };
    for word in words {
        let lesson = said(&word.form, "lesson");
        assert!(names.contains(&lesson) || lesson == SHEET, "{lesson}");
        assert!(!said(&word.form, "means").is_empty());
    }
    let called = |name: &str| {
        let has = |word: &Entry, field| said(&word.form, field).to_lowercase().contains(name);
        let fits = |word: &&Entry| has(word, "name") || has(word, "also");
        words.iter().filter(fits).map(|word| said(&word.form, "name")).collect::<Vec<String>>()
    };
    let older = [
        ("master", "primary"),
        ("slave", "replica"),
        ("master/slave", "primary"),
        ("master/slave", "replica"),
        ("quorum", "majority"),
        ("stale", "stale read"),
        ("fencing", "fencing"),
    ];
    for (older, newer) in older {
        assert!(called(older).contains(&newer.to_string()), "{older}: {:?}", called(older));
    }
    // Nothing runs into a limit in a lesson.
    for event in EVENT_NAMES.iter().filter(|event| **event != "limit-reached") {
        assert!(!called(event).is_empty(), "{event}");
    }
}

/// What the page's menus, switches and forms can do without a key.
fn has_a_button(command: &Form) -> bool {
    const BUTTONS: [&str; 11] = [
        "write",
        "read",
        "crash",
        "restart",
        "pause",
        "resume",
        "promote",
        "partition",
        "cut",
        "mend",
        "heal",
    ];
    let name = command.entries()[0].name.as_str();
    let ack = command.field("set").is_some_and(|dials| {
        let names: Vec<&str> = dials.entries().iter().map(|entry| entry.name.as_str()).collect();
        names == ["ack"]
    });
    BUTTONS.contains(&name) || ack
}

#[test]
fn every_task_is_done_without_a_keyboard() {
    for (name, _) in listed() {
        let Some(turn) = lesson(&name).turn else { continue };
        let scenario = lesson(&name).scenario.0;
        let mut offered = Vec::new();
        for text in turn.hint.iter().map(|hint| &hint.text).chain([&turn.task]) {
            // What stands between two strokes is a button for the command line.
            for command in text.split('`').skip(1).step_by(2) {
                let read = read_live_command(command, &scenario);
                offered.push(read.unwrap_or_else(|error| panic!("{name}, {command}: {error}")));
            }
            assert!(text.matches('`').count().is_multiple_of(2), "{name}: {text}");
        }
        for stamped in turn.solution {
            let there = has_a_button(&stamped.command.to_form());
            assert!(there || offered.contains(&stamped.command), "{name}: {:?}", stamped.command);
        }
    }
}

/// The sheet, measured in slices of so many steps.
fn sheet(steps: u64) -> Sheet {
    let mut sheet = read_sheet(&text(SHEET)).unwrap_or_else(|error| panic!("{SHEET}: {error}"));
    while sheet.measure(steps).expect("its scenarios run") {}
    sheet
}

#[test]
fn every_cell_of_the_sheet_has_its_number_and_its_moment_and_the_run_says_so() {
    let sheet = sheet(40);
    assert_eq!(sheet.lies(), []);
    let at_once = self::sheet(u64::MAX);
    for (row, same) in sheet.row.iter().zip(&at_once.row) {
        assert!((2..=sheet.column.len()).contains(&row.cell.len()), "{}", row.name);
        assert!(!row.note.is_empty(), "{}: whether the chapter is right", row.name);
        for (cell, other) in row.cell.iter().zip(&same.cell) {
            let found = cell.found.unwrap_or_else(|| panic!("{}: nothing is found", row.name));
            assert_eq!(Some(found), other.found, "{}: slices change nothing", row.name);
            let run = sheet.run(cell).expect("it has been measured");
            assert!(found.at <= run.scenario().until.0, "{}", row.name);
            assert!(found.of.is_none_or(|of| found.is <= of && of > 0), "{}", row.name);
        }
    }
    for sentence in &sheet.say {
        assert!(!sentence.cite.is_empty(), "{} rests on nothing", sentence.text);
        for cite in &sentence.cite {
            let cell = sheet.row.get(usize::from(cite[0])).map(|row| &row.cell);
            assert!(cell.is_some_and(|cell| cell.get(usize::from(cite[1])).is_some()), "{cite:?}");
        }
    }
}

#[test]
fn a_sheet_that_is_none_is_refused_and_a_false_number_is_found() {
    let whole = text(SHEET);
    let told = |from: &str, to: &str| {
        assert!(whole.contains(from), "{from}");
        read_sheet(&whole.replacen(from, to, 1)).map_err(|error| error.to_string())
    };
    let refused = told("stage = \"steady\"", "stage = \"stedy\"").expect_err("no such stage");
    assert!(refused.contains("there is no stage `stedy`"), "{refused}");
    let refused = told("says = \"Slow\"", "sais = \"Slow\"").expect_err("no such field");
    assert!(refused.contains("`sais`") && refused.starts_with("line "), "{refused}");
    let mut lying = told("is = 97 }", "is = 98 }").expect("it can be read");
    while lying.measure(u64::MAX).expect("its scenarios run") {}
    assert_eq!(lying.lies(), [(0, 0)]);
}

/// A lesson whose every sentence is wrong in another way.
const LYING: &str = include_str!("lying-lesson.toml");

#[test]
fn a_lesson_that_lies_is_told_where_and_what_the_run_says() {
    let lies = prove(LYING).expect("it can be read");
    let told: Vec<String> = lies.iter().map(ToString::to_string).collect();
    let expected = [
        ("line 31,", "bob` does not happen", "\"told\":\"timed-out\""),
        ("line 32,", "it does happen", "\"told\":\"ok\""),
        ("line 37,", "it takes, in microseconds, 3900200", ""),
        ("line 38,", "primaries are [\"n1\"]", ""),
        ("line 43,", "`promoted` does not happen, and no `promoted` does", ""),
        ("line 44,", "the report's writes.lost_acknowledged is 0", ""),
        ("line 44,", "it shows old", ""),
        ("line 49,", "no such event says `lost`", ""),
        ("line 54,", "the solution does not meet it", "`lost-write` does not happen"),
    ];
    for (line, what, instead) in expected {
        let found = told.iter().find(|lie| lie.starts_with(line) && lie.contains(what));
        let lie = found.unwrap_or_else(|| panic!("{line} {what}: {}", told.join("\n")));
        assert!(lie.contains(instead), "{lie}");
    }
    assert_eq!(told.len(), expected.len(), "{}", told.join("\n"));
}

#[test]
fn a_lesson_that_cannot_be_one_is_refused_at_its_place() {
    let refused = |from: &str, to: &str| {
        assert!(LYING.contains(from), "{from}");
        prove(&LYING.replacen(from, to, 1)).expect_err(to).to_string()
    };
    let told = refused("event = \"promoted\"", "event = \"promotd\"");
    assert!(told.starts_with("line 43, column"), "{told}");
    assert!(told.contains("there is no event `promotd`"), "{told}");
    let told = refused("part = \"simple\"", "part = \"hard\"");
    assert!(told.contains("line 3, column 8: part: unknown name `hard`"), "{told}");
    let told = refused("right = true", "right = false");
    assert!(told.contains("predict.choice: 0 choices are right"), "{told}");
    let told = refused("nodes = 2", "nodes = 0");
    assert!(told.starts_with("line 11, column"), "{told}");
    assert!(told.contains("scenario.cluster.nodes"), "{told}");
    let told = refused("write = { client = \"alice\"", "wrte = { client = \"alice\"");
    assert!(told.contains("scenario.at[0]") && told.contains("`wrte`"), "{told}");
    let told = refused("is = \"80ms\"", "times = 1");
    assert!(told.contains("`times` has nothing to say of `takes`"), "{told}");
}

#[test]
fn what_comes_then_may_have_come_before_as_well() {
    let stated = "{ takes = { from = { event = \"committed\" }, to = { event = \"applied\" } }, \
        is = \"80ms\" }";
    let told = |claim: &str| {
        let lies = prove(&LYING.replacen(stated, claim, 1)).expect(claim);
        let here = lies.iter().map(ToString::to_string).find(|lie| lie.starts_with("line 37,"));
        here.unwrap_or_default()
    };
    assert!(LYING.contains(stated));
    // Alice sends twice: before the copy is there, and after.
    let late = "{ event = \"applied\" }, { event = \"sent\", client = \"alice\" }";
    assert!(told(&format!("{{ order = [{late}] }}")).contains("comes before the one named"));
    assert_eq!(told(&format!("{{ then = [{late}] }}")), "");
    let never = "{ event = \"served\" }, { event = \"written\" }";
    let lie = told(&format!("{{ then = [{never}] }}"));
    assert!(lie.contains("`written` does not happen after the one named before it"), "{lie}");
}

fn lesson(name: &str) -> Lesson {
    read_lesson(&text(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Lets time pass, a twentieth of a second at a time, until it stops by itself.
fn play_on(tutor: &mut Tutor, player: &mut Player) {
    for _ in 0..4_000 {
        player.update(Msg::Frame { elapsed_us: 50_000 });
        tutor.follow(player);
        if !player.playing() {
            return;
        }
    }
    panic!("it plays for more than three minutes");
}

#[test]
fn watching_shows_every_caption_and_ends_by_itself() {
    for (name, _) in listed() {
        let mut player = Player::new();
        let mut tutor = Tutor::new(lesson(&name), &mut player);
        assert_eq!((player.t(), player.playing(), tutor.caption()), (0, false, Some("")), "{name}");
        let runs = [Some(Which::First), tutor.lesson.second.as_ref().map(|_| Which::Second)];
        for run in runs.into_iter().flatten() {
            tutor.watch(run, &mut player);
            while player.t() < tutor.ends() {
                assert!(player.t() == 0 || !player.playing(), "{name}");
                player.update(Msg::Play);
                play_on(&mut tutor, &mut player);
            }
            assert_eq!(player.t(), tutor.ends(), "{name}");
            assert!(tutor.captions().all(|(_, at)| at.is_some()), "{name}");
            let said = tutor.captions().next().is_some() && tutor.caption() != Some("");
            assert!(said || tutor.lesson.watch.is_empty(), "{name}");
        }
        assert!(tutor.seen, "{name}");
    }
}

/// The wall time that each caption of a run stood, at a speed or at the lesson's own; the last one
/// is left out.
fn stood(
    tutor: &mut Tutor,
    player: &mut Player,
    run: Which,
    speed: Option<Speed>,
) -> Vec<(String, u64)> {
    const FRAME_US: u64 = 20_000;
    tutor.watch(run, player);
    player.update(Msg::StopAtSurprises(false));
    if let Some(speed) = speed {
        player.update(Msg::SetSpeed(speed));
    }
    let mut stood: Vec<(String, u64)> = Vec::new();
    while player.playing() {
        player.update(Msg::Frame { elapsed_us: FRAME_US });
        tutor.follow(player);
        let said = tutor.caption().unwrap_or_default();
        match stood.last_mut() {
            Some((text, stood)) if text == said => *stood += FRAME_US,
            _ if said.is_empty() => {}
            _ => stood.push((said.to_string(), FRAME_US)),
        }
    }
    stood.pop();
    stood
}

/// What it takes to read a caption, in wall time.
fn reading_us(text: &str) -> u64 {
    (text.chars().count() as u64 * 60_000).max(1_200_000)
}

#[test]
fn every_caption_stands_until_it_can_have_been_read() {
    for (name, _) in listed() {
        let mut player = Player::new();
        let mut tutor = Tutor::new(lesson(&name), &mut player);
        for run in [Which::First, Which::Second] {
            if run == Which::Second && tutor.lesson.second.is_none() {
                continue;
            }
            let stood = stood(&mut tutor, &mut player, run, None);
            let of_run = tutor.captions().count();
            assert_eq!(stood.len(), of_run.saturating_sub(1), "{name}: {stood:?}");
            for (text, us) in stood {
                assert!(us >= reading_us(&text), "{name}, {us}: {text}");
            }
        }
    }
}

#[test]
fn slower_is_no_hurry_and_faster_is_less_rest_in_proportion() {
    let mut player = Player::new();
    let mut tutor = Tutor::new(lesson(FIRST), &mut player);
    let own = player.speed();
    for speed in [own.slower(), own.faster()] {
        let stood = stood(&mut tutor, &mut player, Which::First, Some(speed));
        let faster = u64::from(speed.max(own).hundredths());
        assert!(!stood.is_empty());
        for (text, us) in stood {
            let reading = reading_us(&text) * u64::from(own.hundredths()) / faster;
            assert!(us >= reading, "{}, {us}: {text}", speed.label());
        }
    }
}

#[test]
fn whoever_has_read_a_caption_goes_on_at_once() {
    let mut player = Player::new();
    let mut tutor = Tutor::new(lesson(FIRST), &mut player);
    tutor.go(Beat::Watch, &mut player);
    let held = |player: &mut Player, tutor: &mut Tutor| {
        for _ in 0..2_000 {
            player.update(Msg::Frame { elapsed_us: 20_000 });
            tutor.follow(player);
            if player.rests().held() {
                return;
            }
            player.update(Msg::Play);
        }
        panic!("time never waits");
    };
    held(&mut player, &mut tutor);
    let (t, said) = (player.t(), tutor.caption().map(str::to_string));
    player.update(Msg::Frame { elapsed_us: 20_000 });
    tutor.follow(&mut player);
    assert_eq!((player.t(), tutor.caption()), (t, said.as_deref()), "it waits");
    player.update(Msg::TogglePlay);
    player.update(Msg::Frame { elapsed_us: 20_000 });
    tutor.follow(&mut player);
    assert!(player.playing() && player.t() > t && tutor.caption() != said.as_deref());
    held(&mut player, &mut tutor);
    let said = tutor.caption().map(str::to_string);
    player.update(Msg::Pause);
    player.update(Msg::StepForward);
    tutor.follow(&mut player);
    assert_ne!(tutor.caption(), said.as_deref(), "a step leads to the next");
}

#[test]
fn the_goal_is_met_by_doing_and_not_by_watching() {
    for (name, _) in listed() {
        let mut player = Player::new();
        let mut tutor = Tutor::new(lesson(&name), &mut player);
        if !tutor.has(Beat::Try) {
            let right = tutor.lesson.predict.choice.iter().position(|choice| choice.right);
            tutor.choose(right.expect("one is right"));
            assert!(tutor.met, "{name}");
            continue;
        }
        tutor.go(Beat::Try, &mut player);
        let begins = player.t();
        player.update(Msg::Seek(tutor.ends()));
        tutor.follow(&mut player);
        assert!(!tutor.met, "{name}: met by watching");
        player.update(Msg::Seek(begins));
        let solution = tutor.lesson.turn.as_ref().map(|turn| turn.solution.clone());
        for stamped in solution.unwrap_or_default() {
            player.update(Msg::Seek(stamped.time.0));
            player.update(Msg::Issue(stamped.command));
            tutor.follow(&mut player);
        }
        let last = player.t();
        for second in 1..=10 {
            player.update(Msg::Seek(last + second * 1_000_000));
            tutor.follow(&mut player);
        }
        assert!(tutor.met, "{name}: {:?}", tutor.hint());
        // Whoever leaves stands in the sandbox at that very state.
        assert!(player.undoable().is_some() && player.t() == last + 10_000_000, "{name}");
    }
}

#[test]
fn a_caption_is_not_shown_in_a_future_in_which_it_is_false() {
    let mut player = Player::new();
    let mut tutor = Tutor::new(lesson("replication-lag"), &mut player);
    tutor.go(Beat::Watch, &mut player);
    player.update(Msg::Seek(5_000_000));
    let scenario = player.recording().scenario().clone();
    let cut = read_live_command("crash = \"n2\"", &scenario);
    player.update(Msg::Issue(cut.expect("a command")));
    player.update(Msg::Seek(12_000_000));
    tutor.follow(&mut player);
    let caption = tutor.caption().unwrap_or_default();
    assert!(!caption.contains("arrived") && !caption.contains("agree"), "{caption}");
}

#[test]
fn a_scenario_may_stand_in_a_lesson_as_the_text_of_its_file_in_place_of_its_name() {
    let named = text("half-is-not-more");
    let name = "even-split-stalls";
    let scenario = Builtin::find(name).expect("it exists").text;
    let whole = named.replace(&format!("\"{name}\""), &format!("'''\n{scenario}'''"));
    assert_ne!(whole, named);
    assert_eq!(read_lesson(&whole).expect("a lesson"), read_lesson(&named).expect("a lesson"));
    let wrong = whole.replace("nodes = ", "nodes = -");
    assert!(read_lesson(&wrong).is_err(), "a scenario that cannot run");
}
