//! The bars: the cluster's settings at the top, the transport and the tape at the bottom.

use replication::player::{Mode, Msg, Speed, hundredths_text, us_text};
use replication::policy::Preset;
use replication::topology::Shape;
use replication::words::bar as say;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlSelectElement};

use super::browser::document;
use super::element::{El, Words, classes, el, value_of};
use super::icon::Icon;
use super::lesson::{Ask, back};
use super::panel::Shown;
use super::tape::Tape;
use super::ui::{Act, Dialog, Drawer, Theme};
use super::venue;

const SHAPES: [(Shape, &str, Icon); 4] = [
    (Shape::Star, say::STAR, Icon::Star),
    (Shape::Chain, say::CHAIN, Icon::Chain),
    (Shape::Ring, say::RING, Icon::Ring),
    (Shape::Tree, say::TREE, Icon::Tree),
];

/// A preset as the switch names it.
pub fn preset_label(preset: Preset) -> &'static str {
    match preset {
        Preset::Async => say::ASYNC,
        Preset::SemiSync => say::SEMI_SYNC_1,
        Preset::Quorum => say::MAJORITY,
        Preset::Sync => say::ALL,
    }
}

/// One choice of several, of which exactly one holds.
fn choice(shown: &Shown, class: &'static str, name: &'static str, on: bool, msg: Msg) -> El {
    let button = el("button", class).set("role", "radio").is("aria-checked", on).testid(name);
    button.on_click(shown.ask(Act::Player(msg)))
}

/// The preset that decides when a write is acknowledged, or what does in its place.
fn ack_rule(shown: &Shown) -> Result<Preset, &'static str> {
    let rules = &shown.moment.rules;
    match rules.code {
        Some(_) => Err(say::CHAPTERS_CODE),
        None => rules.ack.preset().ok_or(say::OWN_RULE),
    }
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
    let rule = ack_rule(shown);
    let ack = rule.ok();
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
            .set("title", say::THE_FIRST_TEN_SECONDS_AGAIN)
            .on_click(shown.ask(Act::Player(Msg::Story)))
            .with(Icon::Replay.html())
            .with(el("span", "label").text(say::INTRO))
    });
    let lessons = Act::Lesson(Ask::Shelf);
    let theme = shown.ui.theme;
    let theme_icon = match theme {
        Theme::Auto => Icon::Half,
        Theme::Dark => Icon::Moon,
        Theme::Light => Icon::Sun,
    };
    let theme_name = say::theme(theme.name());
    let share = Act::Dialog(Dialog::Share);
    el("section", "settings")
        .label(say::CLUSTER)
        .with(el("h2", "hidden").text(say::CLUSTER))
        .with(compact(shown))
        .with(radios("switch shapes").label(say::TOPOLOGY).each(shapes))
        .with(
            el("div", "acks")
                .with(el("span", "switch-name").set("id", "ack-name").text(say::ACK))
                .with(radios("switch").set("aria-labelledby", "ack-name").each(presets))
                .maybe(rule.err().map(|own| el("span", "own-rule").text(own)))
                .maybe(invited.then(|| el("span", "hidden").text(say::TRY_MAJORITY))),
        )
        .with(el("div", "spring"))
        .with(
            labelled(shown, "quiet labelled", "lessons", say::LESSONS, Icon::Book, lessons)
                .set("title", say::LESSONS_KEY),
        )
        .with(
            labelled(
                shown,
                "quiet labelled",
                "scenarios",
                say::SCENARIOS,
                Icon::Folder,
                Act::Gallery,
            )
            .set("title", say::SCENARIOS_KEY),
        )
        .with(
            labelled(shown, "quiet labelled", "compare", say::COMPARE, Icon::Compare, Act::Compare)
                .set("title", say::COMPARE_KEY)
                .is("aria-pressed", !shown.player.rivals().is_empty()),
        )
        .with(
            labelled(shown, "quiet labelled share", "share", say::SHARE, Icon::Share, share)
                .set("title", say::SHARE_TITLE),
        )
        .maybe(intro)
        .with(square(shown, "theme", theme_name.clone(), theme_icon, Act::Theme).label(theme_name))
        .with(
            square(shown, "help", say::KEYS_AND_SETTINGS_KEY, Icon::Help, Act::Help)
                .label(say::KEYS_AND_SETTINGS)
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
            .text(say::TRY_MAJORITY)
    });
    let skip = (player.mode() == Mode::Story).then(|| {
        el("button", "quiet skip-story")
            .testid("skip")
            .set("title", say::LEAVE_THE_INTRODUCTION)
            .on_click(shown.ask(Act::Player(Msg::Skip)))
            .text(if player.ended() { say::SANDBOX } else { say::SKIP })
    });
    let first = (player.mode() == Mode::Story && player.ended()).then(|| {
        el("button", "invitation")
            .testid("first-lesson")
            .on_click(shown.ask(Act::Lesson(Ask::Next)))
            .text(say::FIRST_LESSON)
    });
    let waits = (player.playing() && player.rests().held()).then(|| {
        let says = say::TIME_WAITS_TITLE;
        el("small", "faint waits").testid("waits").set("title", says).text(say::TIME_WAITS)
    });
    let films = shown.ui.reel.as_ref().is_some_and(|reel| !reel.done);
    let films = (films && shown.ui.dialog.is_none()).then(|| {
        el("button", "invitation")
            .testid("record-stop")
            .on_click(shown.ask(Act::Player(Msg::Pause)))
            .text(say::STOP_RECORDING)
    });
    let on_its_way = player.heading().is_some().then(|| {
        el("button", "invitation")
            .testid("stop-here")
            .on_click(shown.ask(Act::Player(Msg::TogglePlay)))
            .text(say::STOP_HERE)
    });
    let full = shown.ui.embed.then(|| {
        el("a", "open-full")
            .set("href", "./")
            .set("target", "_blank")
            .set("rel", "noopener")
            .testid("open-full")
            .on_click(Box::new(|event| venue::open_full(&event)))
            .text(say::OPEN_FULL)
    });
    el("div", classes([Some("caption"), player.ended().then_some("ended")]))
        .testid("caption")
        .with(el("p", "").text(line))
        .maybe(on_its_way)
        .maybe(films)
        .maybe(waits)
        .maybe(back(shown))
        .maybe(invitation)
        .maybe(first)
        .maybe(skip)
        .maybe(full)
}

/// Topology and ack rule as two lists, for screens on which the switches find no room.
fn compact(shown: &Shown) -> El {
    let shape = shown.moment.topology.shape();
    let rule = ack_rule(shown);
    let ack = rule.ok();
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
    let presets = Preset::ALL
        .into_iter()
        .map(|preset| option(preset.name(), preset_label(preset), ack == Some(preset)));
    let known = SHAPES.iter().any(|(one, ..)| *one == shape);
    let other = (!known).then(|| option(shape.name(), say::CUSTOM, true));
    let own = rule.err().map(|own| option("", own, true));
    let acks = el("select", "").label(say::ACK).each(presets).maybe(own);
    let acks = acks.set("data-value", ack.map_or("", Preset::name));
    el("div", "compact")
        .with(
            el("select", "")
                .label(say::TOPOLOGY)
                .set("data-value", shape.name())
                .on("change", shown.hear(on_shape))
                .each(shapes)
                .maybe(other),
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
    let moves = player.playing() || player.heading().is_some();
    let (name, icon) = match (moves, player.ended()) {
        (true, _) => (say::PAUSE, Icon::Pause),
        (false, true) => (say::REPLAY, Icon::Replay),
        (false, false) => (say::PLAY, Icon::Play),
    };
    el("div", "play").with(
        el("button", "primary")
            .set("id", "play")
            .testid("play")
            .set("title", say::play_key(name))
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
        let title = say::take_back_key(name);
        square(shown, "undo", title, Icon::Undo, Act::Player(Msg::Undo)).label(say::take_back(name))
    });
    let redo = player.redoable().map(|name| {
        let title = say::do_again_key(name);
        square(shown, "redo", title, Icon::Redo, Act::Player(Msg::Redo)).label(say::do_again(name))
    });
    let line = Act::Line(String::new());
    let line = square(shown, "command-open", say::COMMAND_KEY, Icon::Prompt, line)
        .label(say::COMMAND)
        .is("aria-expanded", shown.ui.line.is_some());
    el("nav", "transport")
        .label(say::TRANSPORT)
        .with(el("h2", "hidden").text(say::TRANSPORT))
        .with(tape.view(shown))
        .with(
            el("button", classes([Some("quiet live"), live.then_some("on")]))
                .testid("live")
                .set("title", say::LIVE_KEY)
                .is("aria-pressed", live)
                .on_click(shown.ask(Act::Player(Msg::Live)))
                .text(say::LIVE),
        )
        .with(
            el("div", "steps")
                .with(button("home", say::TO_THE_START, Icon::Home, Msg::Home))
                .with(button("back", say::PREVIOUS_EVENT, Icon::Back, Msg::StepBack))
                .with(button("forward", say::NEXT_EVENT, Icon::Forward, Msg::StepForward))
                .maybe(branches(shown))
                .maybe(undo)
                .maybe(redo),
        )
        .with(
            el("div", "speed")
                .with(button("slower", say::SLOWER, Icon::Minus, Msg::Slower))
                .with(slider(shown))
                .with(button("faster", say::FASTER, Icon::Plus, Msg::Faster))
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
        .label(say::SPEED)
        .testid("speed")
        .set("aria-valuetext", format!("{}, {}", speed.label(), speed.scale()))
        .on("input", shown.hear(on_input))
}

/// The speed in words, and what is reached of it.
fn readout(shown: &Shown) -> El {
    let (player, speed) = (shown.player, shown.player.speed());
    let reached = match player.held() {
        Some(held) => say::held_back(hundredths_text(held)),
        None if player.hasty() => say::PASSING_IDLE_TIME.to_string(),
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
        .label(say::BRANCH)
        .set("title", say::WHICH_FUTURE)
        .testid("branch")
        .set("data-value", branches.current().to_string())
        .on("change", shown.hear(on_change))
        .each(options);
    let open = Act::Dialog(Dialog::Branches);
    let more =
        square(shown, "branches-open", say::BRANCHES_KEY, Icon::More, open).label(say::BRANCHES);
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
    text.push_str(&say::and_epoch(shown.moment.epoch));
    for node in &shown.moment.nodes {
        match node.status {
            replication::node::Status::Up => {}
            replication::node::Status::Paused => text.push_str(&say::and_paused(node.id)),
            replication::node::Status::Down => text.push_str(&say::and_down(node.id)),
            replication::node::Status::Removed => {}
        }
    }
    text
}
