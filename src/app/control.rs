//! The bars: the cluster's settings at the top, the transport and the tape at the bottom.

use replication::player::{Mode, Msg, Speed, hundredths_text, us_text};
use replication::policy::Preset;
use replication::topology::Shape;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlSelectElement};

use super::browser::document;
use super::element::{El, Words, classes, el, value_of};
use super::icon::Icon;
use super::lesson::Ask;
use super::panel::Shown;
use super::tape::Tape;
use super::ui::{Act, Dialog, Drawer, Theme};
use super::venue;

const SHAPES: [(Shape, &str, Icon); 4] = [
    (Shape::Star, "Star", Icon::Star),
    (Shape::Chain, "Chain", Icon::Chain),
    (Shape::Ring, "Ring", Icon::Ring),
    (Shape::Tree, "Tree", Icon::Tree),
];

/// A preset as the switch names it.
pub fn preset_label(preset: Preset) -> &'static str {
    match preset {
        Preset::Async => "Async",
        Preset::SemiSync => "Semi-sync 1",
        Preset::Quorum => "Majority",
        Preset::Sync => "All",
    }
}

/// One choice of several, of which exactly one holds.
fn choice(shown: &Shown, class: &'static str, name: &'static str, on: bool, msg: Msg) -> El {
    let button = el("button", class).set("role", "radio").is("aria-checked", on).testid(name);
    button.on_click(shown.ask(Act::Player(msg)))
}

/// The cluster's settings, the theme, and help.
pub fn settings(shown: &Shown) -> El {
    let shape = shown.moment.topology.shape();
    let shapes = SHAPES.iter().enumerate().map(|(at, (one, name, icon))| {
        choice(shown, "", one.name(), *one == shape, Msg::Topology(*one))
            .set("title", format!("{name} ({})", at + 1))
            .with(icon.html())
            .with(el("span", "label").text(*name))
    });
    let ack = shown.moment.rules.ack.preset();
    let invited = shown.player.ended() && ack == Some(Preset::Async);
    let presets = Preset::ALL.into_iter().map(|preset| {
        let class = if invited && preset == Preset::Quorum { "invited" } else { "" };
        choice(shown, class, preset.name(), ack == Some(preset), Msg::Ack(preset))
            .set("title", preset.summary())
            .text(preset_label(preset))
    });
    let intro = shown.player.mode() == Mode::Sandbox;
    let intro = intro.then(|| {
        el("button", "quiet story")
            .testid("story")
            .set("title", "The first ten seconds again")
            .on_click(shown.ask(Act::Player(Msg::Story)))
            .with(Icon::Replay.html())
            .with(el("span", "label").text("Intro"))
    });
    let lessons = Act::Lesson(Ask::Shelf);
    let theme = shown.ui.theme;
    let theme_icon = match theme {
        Theme::Auto => Icon::Half,
        Theme::Dark => Icon::Moon,
        Theme::Light => Icon::Sun,
    };
    let theme_name = format!("Theme: {}", theme.name());
    let share = Act::Dialog(Dialog::Share);
    el("section", "settings")
        .label("Cluster")
        .with(el("h2", "hidden").text("Cluster"))
        .with(compact(shown))
        .with(radios("switch shapes").label("Topology").each(shapes))
        .with(
            el("div", "acks")
                .with(el("span", "switch-name").set("id", "ack-name").text("Ack"))
                .with(radios("switch").set("aria-labelledby", "ack-name").each(presets))
                .maybe(invited.then(|| el("span", "hidden").text("Try Majority"))),
        )
        .with(el("div", "spring"))
        .with(
            labelled(shown, "quiet labelled", "lessons", "Lessons", Icon::Book, lessons)
                .set("title", "Lessons (N)"),
        )
        .with(
            labelled(shown, "quiet labelled", "scenarios", "Scenarios", Icon::Folder, Act::Gallery)
                .set("title", "Scenarios and files (O)"),
        )
        .with(
            labelled(shown, "quiet labelled", "compare", "Compare", Icon::Compare, Act::Compare)
                .set("title", "Look at another run beside this one (C)")
                .is("aria-pressed", !shown.player.rivals().is_empty()),
        )
        .with(
            labelled(shown, "quiet labelled share", "share", "Share", Icon::Share, share)
                .set("title", "A link that leads to this instant, and files"),
        )
        .maybe(intro)
        .with(square(shown, "theme", theme_name.clone(), theme_icon, Act::Theme).label(theme_name))
        .with(
            square(shown, "help", "Keys and settings (?)", Icon::Help, Act::Help)
                .label("Keys and settings")
                .is("aria-expanded", shown.ui.help),
        )
}

fn radios(class: &'static str) -> El {
    el("div", class).set("role", "radiogroup")
}

/// A button with an icon and, where there is room, its name.
fn labelled(
    shown: &Shown,
    class: &'static str,
    testid: &'static str,
    name: &'static str,
    icon: Icon,
    act: Act,
) -> El {
    el("button", class)
        .testid(testid)
        .label(name)
        .on_click(shown.ask(act))
        .with(icon.html())
        .with(el("span", "label").text(name))
}

/// A button that shows an icon and says what it does when it is pointed at.
pub fn square(
    shown: &Shown,
    testid: &'static str,
    title: impl Into<Words>,
    icon: Icon,
    act: Act,
) -> El {
    el("button", "quiet square")
        .testid(testid)
        .set("title", title)
        .on_click(shown.ask(act))
        .with(icon.html())
}

/// The line above the stage that says what has just happened.
pub fn caption(shown: &Shown, line: String) -> El {
    let player = shown.player;
    let ack = shown.moment.rules.ack.preset();
    let invited = player.ended() && ack == Some(Preset::Async);
    let invitation = invited.then(|| {
        el("button", "invitation")
            .testid("try-majority")
            .on_click(shown.ask(Act::Player(Msg::Ack(Preset::Quorum))))
            .text("Try Majority")
    });
    let skip = (player.mode() == Mode::Story).then(|| {
        el("button", "quiet skip-story")
            .testid("skip")
            .set("title", "Leave the introduction for a sandbox")
            .on_click(shown.ask(Act::Player(Msg::Skip)))
            .text(if player.ended() { "Sandbox" } else { "Skip" })
    });
    let first = (player.mode() == Mode::Story && player.ended()).then(|| {
        el("button", "invitation")
            .testid("first-lesson")
            .on_click(shown.ask(Act::Lesson(Ask::Next)))
            .text("First lesson")
    });
    let waits = (player.playing() && player.rests().held()).then(|| {
        let says = "Time waits while you read. Space goes on.";
        el("small", "faint waits").testid("waits").set("title", says).text("time waits")
    });
    let films = shown.ui.reel.as_ref().is_some_and(|reel| !reel.done);
    let films = (films && shown.ui.dialog.is_none()).then(|| {
        el("button", "invitation")
            .testid("record-stop")
            .on_click(shown.ask(Act::Player(Msg::Pause)))
            .text("Stop recording")
    });
    let full = shown.ui.embed.then(|| {
        el("a", "open-full")
            .set("href", "./")
            .set("target", "_blank")
            .set("rel", "noopener")
            .testid("open-full")
            .on_click(Box::new(|event| venue::open_full(&event)))
            .text("Open full")
    });
    el("div", classes([Some("caption"), player.ended().then_some("ended")]))
        .testid("caption")
        .with(el("p", "").text(line))
        .maybe(films)
        .maybe(waits)
        .maybe(invitation)
        .maybe(first)
        .maybe(skip)
        .maybe(full)
}

/// Topology and ack rule as two lists, for screens on which the switches find no room.
fn compact(shown: &Shown) -> El {
    let shape = shown.moment.topology.shape();
    let ack = shown.moment.rules.ack.preset();
    let on_shape = |event: &Event| {
        let name = value_of(event);
        let chosen = SHAPES.iter().find(|(shape, ..)| shape.name() == name);
        chosen.map(|(shape, ..)| Act::Player(Msg::Topology(*shape)))
    };
    let on_ack = |event: &Event| {
        let name = value_of(event);
        let chosen = Preset::ALL.into_iter().find(|preset| preset.name() == name);
        chosen.map(|preset| Act::Player(Msg::Ack(preset)))
    };
    let shapes = SHAPES.iter().map(|(one, name, _)| option(one.name(), *name, *one == shape));
    // Chosen by hand, and not from here.
    let own = (shape == Shape::Custom).then(|| option(shape.name(), "Custom", true));
    let presets = Preset::ALL
        .into_iter()
        .map(|preset| option(preset.name(), preset_label(preset), ack == Some(preset)));
    let acks = el("select", "").label("Ack").each(presets);
    let acks = match ack {
        Some(ack) => acks.set("data-value", ack.name()),
        None => acks,
    };
    el("div", "compact")
        .with(
            el("select", "")
                .label("Topology")
                .set("data-value", shape.name())
                .on("change", shown.hear(on_shape))
                .each(shapes)
                .each(own),
        )
        .with(acks.on("change", shown.hear(on_ack)))
}

/// One entry of a list.
pub fn option(value: impl Into<Words>, text: impl Into<Words>, selected: bool) -> El {
    el("option", "").set("value", value).mark("selected", selected).text(text)
}

/// Lets every list show what is the case: once a person has used one, its options' attributes no
/// longer do.
pub fn set_lists() {
    let Ok(lists) = document().query_selector_all("select[data-value]") else {
        return;
    };
    for index in 0..lists.length() {
        let list = lists.item(index).and_then(|list| list.dyn_into::<HtmlSelectElement>().ok());
        if let Some((list, value)) =
            list.and_then(|list| list.get_attribute("data-value").map(|value| (list, value)))
            && list.value() != value
        {
            list.set_value(&value);
        }
    }
}

/// The play button.
pub fn play(shown: &Shown) -> El {
    let player = shown.player;
    let (name, icon) = match (player.playing(), player.ended()) {
        (true, _) => ("Pause", Icon::Pause),
        (false, true) => ("Replay", Icon::Replay),
        (false, false) => ("Play", Icon::Play),
    };
    el("div", "play").with(
        el("button", "primary")
            .set("id", "play")
            .testid("play")
            .set("title", format!("{name} (Space)"))
            .on_click(shown.ask(Act::Player(Msg::TogglePlay)))
            .with(icon.html())
            .with(el("span", "").text(name)),
    )
}

/// Steps, speed, time, tape, drawers.
pub fn transport(shown: &Shown, tape: &Tape) -> El {
    let player = shown.player;
    let button = |testid: &'static str, name: &'static str, icon: Icon, msg: Msg| {
        square(shown, testid, name, icon, Act::Player(msg)).label(name)
    };
    let live = player.mode() == Mode::Sandbox && player.live();
    let undo = player.undoable().map(|name| {
        let title = format!("Take back: {name} (Ctrl+Z)");
        square(shown, "undo", title, Icon::Undo, Act::Player(Msg::Undo))
            .label(format!("Take back: {name}"))
    });
    let redo = player.redoable().map(|name| {
        let title = format!("Do again: {name} (Ctrl+Shift+Z)");
        square(shown, "redo", title, Icon::Redo, Act::Player(Msg::Redo))
            .label(format!("Do again: {name}"))
    });
    let line = Act::Line(String::new());
    let line = square(shown, "command-open", "Type any command (:)", Icon::Prompt, line)
        .label("Command")
        .is("aria-expanded", shown.ui.line.is_some());
    el("nav", "transport")
        .label("Transport")
        .with(el("h2", "hidden").text("Transport"))
        .with(tape.view(shown))
        .with(
            el("button", classes([Some("quiet live"), live.then_some("on")]))
                .testid("live")
                .set("title", "To the newest instant (End)")
                .is("aria-pressed", live)
                .on_click(shown.ask(Act::Player(Msg::Live)))
                .text("LIVE"),
        )
        .with(
            el("div", "steps")
                .with(button("home", "To the start", Icon::Home, Msg::Home))
                .with(button("back", "Previous event", Icon::Back, Msg::StepBack))
                .with(button("forward", "Next event", Icon::Forward, Msg::StepForward))
                .maybe(branches(shown))
                .maybe(undo)
                .maybe(redo),
        )
        .with(
            el("div", "speed")
                .with(button("slower", "Slower", Icon::Minus, Msg::Slower))
                .with(slider(shown))
                .with(button("faster", "Faster", Icon::Plus, Msg::Faster))
                .with(readout(shown)),
        )
        .with(el("output", "time").testid("time").text(us_text_long(player.t())))
        .with(el("div", "drawer-tabs").each(drawer_tabs(shown)).with(line))
}

fn slider(shown: &Shown) -> El {
    let speed = shown.player.speed();
    let on_input = |event: &Event| {
        let detent = value_of(event).parse().ok();
        detent.map(|detent| Act::Player(Msg::SetSpeed(Speed::at(detent))))
    };
    el("input", "")
        .set("type", "range")
        .set("min", "0")
        .set("max", (Speed::COUNT - 1).to_string())
        .set("step", "1")
        .value(speed.detent().to_string())
        .label("Speed")
        .testid("speed")
        .set("aria-valuetext", format!("{}, {}", speed.label(), speed.scale()))
        .on("input", shown.hear(on_input))
}

/// The speed in words, and what is reached of it.
fn readout(shown: &Shown) -> El {
    let (player, speed) = (shown.player, shown.player.speed());
    let reached = match player.held() {
        Some(held) => format!("running at {}x of asked", hundredths_text(held)),
        None if player.hasty() => "8x, nothing under way".to_string(),
        None => speed.scale(),
    };
    el("span", classes([Some("readout"), player.held().map(|_| "slow")]))
        .testid("readout")
        .with(el("b", "").text(speed.label()))
        .with(el("span", "scale").text(" \u{b7} ").text(reached))
}

/// The futures to choose from, once there are several.
pub fn branches(shown: &Shown) -> Option<El> {
    let branches = shown.player.branches();
    if branches.all().len() < 2 {
        return None;
    }
    let on_change = |event: &Event| {
        let branch = value_of(event).parse().ok();
        branch.map(|branch| Act::Player(Msg::SwitchBranch(branch)))
    };
    let options = branches.all().iter().enumerate().map(|(number, branch)| {
        option(number.to_string(), branch.name.clone(), number == branches.current())
    });
    let list = el("select", "branches")
        .label("Branch")
        .set("title", "Which future")
        .testid("branch")
        .set("data-value", branches.current().to_string())
        .on("change", shown.hear(on_change))
        .each(options);
    let open = Act::Dialog(Dialog::Branches);
    let more =
        square(shown, "branches-open", "Name, compare or delete branches (B)", Icon::More, open)
            .label("Branches");
    Some(el("div", "branching").with(list).with(more))
}

fn us_text_long(us: u64) -> String {
    format!("{}.{:03} s", us / 1_000_000, us % 1_000_000 / 1_000)
}

/// A button for each drawer.
pub fn drawer_tabs(shown: &Shown) -> [El; Drawer::ALL.len()] {
    Drawer::ALL.map(|drawer| {
        let title = drawer.title();
        el("button", "quiet")
            .is("aria-expanded", shown.ui.drawer == Some(drawer))
            .set("aria-controls", "drawer")
            .testid(format!("drawer-{}", title.to_ascii_lowercase()))
            .on_click(shown.ask(Act::Drawer(drawer)))
            .text(title)
    })
}

/// Where the playhead stands, for the tape's value text.
pub fn position(shown: &Shown) -> String {
    let mut text = us_text(shown.player.t());
    text.push_str(&format!(", epoch {}", shown.moment.epoch));
    for node in &shown.moment.nodes {
        match node.status {
            replication::node::Status::Up => {}
            replication::node::Status::Paused => text.push_str(&format!(", {} paused", node.id)),
            replication::node::Status::Down => text.push_str(&format!(", {} down", node.id)),
            replication::node::Status::Removed => {}
        }
    }
    text
}
