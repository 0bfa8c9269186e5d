//! The bars: the cluster's settings at the top, the transport and the tape at the bottom.

use replication::player::{Mode, Msg, Speed, us_text};
use replication::policy::Preset;
use replication::topology::Shape;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::{Event, Html, InputEvent, classes, html};

use super::browser::document;
use super::icon::Icon;
use super::panel::Shown;
use super::tape::Tape;
use super::ui::{Act, Drawer, Theme};

const SHAPES: [(Shape, &str, Icon); 4] = [
    (Shape::Star, "Star", Icon::Star),
    (Shape::Chain, "Chain", Icon::Chain),
    (Shape::Ring, "Ring", Icon::Ring),
    (Shape::Tree, "Tree", Icon::Tree),
];

/// A preset as the switch names it.
fn preset_label(preset: Preset) -> &'static str {
    match preset {
        Preset::Async => "Async",
        Preset::SemiSync => "Semi-sync 1",
        Preset::Quorum => "Majority",
        Preset::Sync => "All",
    }
}

/// The cluster's settings, the theme, and help.
pub fn settings(shown: &Shown) -> Html {
    let shape = shown.moment.topology.shape();
    let shapes = SHAPES.iter().enumerate().map(|(at, (one, name, icon))| {
        let (one, on) = (*one, *one == shape);
        html! {
            <button role="radio" aria-checked={on.to_string()} data-testid={one.name()}
                title={format!("{name} ({})", at + 1)}
                onclick={shown.ask(move || Act::Player(Msg::Topology(one)))}>
                { icon.html() }<span class="label">{ *name }</span>
            </button>
        }
    });
    let ack = shown.moment.rules.ack.preset();
    let invited = shown.player.ended() && ack == Some(Preset::Async);
    let presets = Preset::ALL.into_iter().map(|preset| {
        let on = ack == Some(preset);
        let invited = invited && preset == Preset::Quorum;
        html! {
            <button role="radio" aria-checked={on.to_string()} data-testid={preset.name()}
                title={preset.summary()}
                class={classes!(invited.then_some("invited"))}
                onclick={shown.ask(move || Act::Player(Msg::Ack(preset)))}>
                { preset_label(preset) }
            </button>
        }
    });
    let theme = shown.ui.theme;
    let theme_icon = match theme {
        Theme::Auto => Icon::Half,
        Theme::Dark => Icon::Moon,
        Theme::Light => Icon::Sun,
    };
    html! {
        <section class="settings" aria-label="Cluster">
            <h2 class="hidden">{ "Cluster" }</h2>
            { compact(shown) }
            <div class="switch shapes" role="radiogroup" aria-label="Topology">{ for shapes }</div>
            <div class="acks">
                <span class="switch-name" id="ack-name">{ "Ack" }</span>
                <div class="switch" role="radiogroup" aria-labelledby="ack-name">
                    { for presets }
                </div>
                if invited {
                    <span class="hidden">{ "Try Majority" }</span>
                }
            </div>
            <div class="spring" />
            <button class="quiet labelled" data-testid="scenarios" title="Scenarios and files (O)"
                aria-label="Scenarios" onclick={shown.ask(|| Act::Gallery)}>
                { Icon::Folder.html() }<span class="label">{ "Scenarios" }</span>
            </button>
            <button class="quiet labelled share" data-testid="share" aria-label="Share"
                title="Copy a link that leads to this instant" onclick={shown.ask(|| Act::Share)}>
                { Icon::Share.html() }<span class="label">{ "Share" }</span>
            </button>
            if shown.player.mode() == Mode::Sandbox {
                <button class="quiet story" data-testid="story"
                    onclick={shown.ask(|| Act::Player(Msg::Story))}
                    title="The first ten seconds again">
                    { Icon::Replay.html() }<span class="label">{ "Intro" }</span>
                </button>
            }
            <button class="quiet square" data-testid="theme" onclick={shown.ask(|| Act::Theme)}
                aria-label={format!("Theme: {}", theme.name())}
                title={format!("Theme: {}", theme.name())}>
                { theme_icon.html() }
            </button>
            <button class="quiet square" data-testid="help" onclick={shown.ask(|| Act::Help)}
                aria-label="Keys and settings" title="Keys and settings (?)"
                aria-expanded={shown.ui.help.to_string()}>
                { Icon::Help.html() }
            </button>
        </section>
    }
}

/// The line above the stage that says what has just happened.
pub fn caption(shown: &Shown, line: String) -> Html {
    let player = shown.player;
    let ack = shown.moment.rules.ack.preset();
    let invited = player.ended() && ack == Some(Preset::Async);
    html! {
        <div class={classes!("caption", player.ended().then_some("ended"))} data-testid="caption">
            <p>{ line }</p>
            if invited {
                <button class="invitation" data-testid="try-majority"
                    onclick={shown.ask(|| Act::Player(Msg::Ack(Preset::Quorum)))}>
                    { "Try Majority" }
                </button>
            }
            if player.mode() == Mode::Story {
                <button class="quiet skip-story" data-testid="skip"
                    title="Leave the introduction for a sandbox"
                    onclick={shown.ask(|| Act::Player(Msg::Skip))}>
                    { if player.ended() { "Sandbox" } else { "Skip" } }
                </button>
            }
        </div>
    }
}

/// Topology and ack rule as two lists, for screens on which the switches find no room.
fn compact(shown: &Shown) -> Html {
    let shape = shown.moment.topology.shape();
    let ack = shown.moment.rules.ack.preset();
    let ask = shown.callback();
    let on_shape = move |event: Event| {
        let chosen = SHAPES.iter().find(|(shape, ..)| shape.name() == chosen(&event));
        if let Some((shape, ..)) = chosen {
            ask.emit(Act::Player(Msg::Topology(*shape)));
        }
    };
    let ask = shown.callback();
    let on_ack = move |event: Event| {
        let chosen = Preset::ALL.into_iter().find(|preset| preset.name() == chosen(&event));
        if let Some(preset) = chosen {
            ask.emit(Act::Player(Msg::Ack(preset)));
        }
    };
    let shapes = SHAPES.iter().map(|(one, name, _)| {
        html! { <option value={one.name()} selected={*one == shape}>{ *name }</option> }
    });
    let presets = Preset::ALL.into_iter().map(|preset| {
        html! {
            <option value={preset.name()} selected={ack == Some(preset)}>
                { preset_label(preset) }
            </option>
        }
    });
    html! {
        <div class="compact">
            <select aria-label="Topology" data-value={shape.name()} onchange={on_shape}>
                { for shapes }
            </select>
            <select aria-label="Ack" data-value={ack.map(Preset::name)} onchange={on_ack}>
                { for presets }
            </select>
        </div>
    }
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

fn chosen(event: &Event) -> String {
    let select: Option<HtmlSelectElement> =
        event.target().and_then(|target| target.dyn_into().ok());
    select.map(|select| select.value()).unwrap_or_default()
}

/// The play button.
pub fn play(shown: &Shown) -> Html {
    let player = shown.player;
    let (name, icon) = match (player.playing(), player.ended()) {
        (true, _) => ("Pause", Icon::Pause),
        (false, true) => ("Replay", Icon::Replay),
        (false, false) => ("Play", Icon::Play),
    };
    html! {
        <div class="play">
            <button id="play" class="primary" data-testid="play" title={format!("{name} (Space)")}
                onclick={shown.ask(|| Act::Player(Msg::TogglePlay))}>
                { icon.html() }<span>{ name }</span>
            </button>
        </div>
    }
}

/// Steps, speed, time, tape, drawers.
pub fn transport(shown: &Shown, tape: &Tape) -> Html {
    let player = shown.player;
    let speed = player.speed();
    let readout = match player.held() {
        Some(held) => {
            format!("running at {}x of asked", replication::player::hundredths_text(held))
        }
        None if player.hasty() => "8x, nothing under way".to_string(),
        None => speed.scale(),
    };
    let on_speed = {
        let ask = shown.callback();
        move |event: InputEvent| {
            let input: Option<HtmlInputElement> =
                event.target().and_then(|target| target.dyn_into().ok());
            let detent = input.and_then(|input| input.value().parse().ok());
            if let Some(detent) = detent {
                ask.emit(Act::Player(Msg::SetSpeed(Speed::at(detent))));
            }
        }
    };
    let button = |testid: &'static str, name: &'static str, icon: Icon, msg: Msg| {
        html! {
            <button class="quiet square" data-testid={testid} aria-label={name} title={name}
                onclick={shown.ask(move || Act::Player(msg.clone()))}>{ icon.html() }</button>
        }
    };
    let live = player.mode() == Mode::Sandbox && player.live();
    html! {
        <nav class="transport" aria-label="Transport">
            <h2 class="hidden">{ "Transport" }</h2>
            { tape.view(shown) }
            <button class={classes!("quiet", "live", live.then_some("on"))} data-testid="live"
                title="To the newest instant (End)" aria-pressed={live.to_string()}
                onclick={shown.ask(|| Act::Player(Msg::Live))}>{ "LIVE" }</button>
            <div class="steps">
                { button("home", "To the start", Icon::Home, Msg::Home) }
                { button("back", "Previous event", Icon::Back, Msg::StepBack) }
                { button("forward", "Next event", Icon::Forward, Msg::StepForward) }
                { branches(shown) }
                if let Some(name) = player.undoable() {
                    <button class="quiet square" data-testid="undo"
                        aria-label={format!("Take back: {name}")}
                        title={format!("Take back: {name} (Ctrl+Z)")}
                        onclick={shown.ask(|| Act::Player(Msg::Undo))}>
                        { Icon::Undo.html() }
                    </button>
                }
            </div>
            <div class="speed">
                { button("slower", "Slower", Icon::Minus, Msg::Slower) }
                <input type="range" min="0" max={(Speed::COUNT - 1).to_string()} step="1"
                    value={speed.detent().to_string()} aria-label="Speed" data-testid="speed"
                    aria-valuetext={format!("{}, {}", speed.label(), speed.scale())}
                    oninput={on_speed} />
                { button("faster", "Faster", Icon::Plus, Msg::Faster) }
                <span class={classes!("readout", player.held().map(|_| "slow"))}
                    data-testid="readout">
                    <b>{ speed.label() }</b><span class="scale">{ " \u{b7} " }{ readout }</span>
                </span>
            </div>
            <output class="time" data-testid="time">{ us_text_long(player.t()) }</output>
            <div class="drawer-tabs">
                { for Drawer::ALL.into_iter().map(|drawer| drawer_tab(shown, drawer)) }
                <button class="quiet square" data-testid="command-open" aria-label="Command"
                    title="Type any command (:)" aria-expanded={shown.ui.line.is_some().to_string()}
                    onclick={shown.ask(|| Act::Line(String::new()))}>{ Icon::Prompt.html() }
                </button>
            </div>
        </nav>
    }
}

/// The futures to choose from, once there are several.
pub fn branches(shown: &Shown) -> Html {
    let branches = shown.player.branches();
    if branches.all().len() < 2 {
        return Html::default();
    }
    let ask = shown.callback();
    let onchange = move |event: Event| {
        if let Ok(branch) = chosen(&event).parse() {
            ask.emit(Act::Player(Msg::SwitchBranch(branch)));
        }
    };
    let options = branches.all().iter().enumerate().map(|(number, branch)| {
        let selected = number == branches.current();
        html! { <option value={number.to_string()} {selected}>{ branch.name.clone() }</option> }
    });
    html! {
        <select class="branches" aria-label="Branch" title="Which future" data-testid="branch"
            data-value={branches.current().to_string()} {onchange}>{ for options }</select>
    }
}

fn us_text_long(us: u64) -> String {
    format!("{}.{:03} s", us / 1_000_000, us % 1_000_000 / 1_000)
}

/// The button of one drawer.
pub fn drawer_tab(shown: &Shown, drawer: Drawer) -> Html {
    let open = shown.ui.drawer == Some(drawer);
    html! {
        <button class="quiet" aria-expanded={open.to_string()} aria-controls="drawer"
            data-testid={format!("drawer-{}", drawer.title().to_ascii_lowercase())}
            onclick={shown.ask(move || Act::Drawer(drawer))}>
            { drawer.title() }
        </button>
    }
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
