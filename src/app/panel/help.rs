//! Keys and settings.

use web_sys::Event;
use yew::Html;

use super::Shown;
use crate::app::control::{branches, drawer_tabs};
use crate::app::element::{El, el, group, is_checked};
use crate::app::root::less_motion;
use crate::app::ui::{Act, Dialog};
use replication::player::Msg;
use replication::words::keys as say;

/// The list of keys, and what can be switched; nothing while it is closed.
pub fn help(shown: &Shown) -> Html {
    if !shown.ui.help {
        return Html::default();
    }
    let keys = say::KEYS.iter().flat_map(|(key, does)| {
        [el("dt", "").with(el("kbd", "").text(*key)), el("dd", "").text(*does)]
    });
    let keys_on = |event: &Event| Some(Act::KeysOn(is_checked(event)));
    let less = |event: &Event| Some(Act::LessMotion(is_checked(event)));
    let skip_idle = |event: &Event| Some(Act::Player(Msg::SkipIdle(is_checked(event))));
    let surprises = |event: &Event| Some(Act::Player(Msg::StopAtSurprises(is_checked(event))));
    let beats = |event: &Event| Some(Act::Beats(is_checked(event)));
    let motion = say::LESS_MOTION;
    let idle = say::PASS_IDLE_TIME;
    let stop = say::STOP_AT_SURPRISES;
    let (ui, skips) = (shown.ui, shown.player.skip_idle());
    let stops = shown.player.stop_at_surprises();
    let line = el("button", "").on_click(shown.ask(Act::Line(String::new())));
    let theme = el("button", "").on_click(shown.ask(Act::Theme));
    let voice = el("button", "").testid("voice").on_click(shown.ask(Act::Voice));
    let wide = |name: &'static str, act| el("button", "").on_click(shown.ask(act)).text(name);
    let panel = el("section", "help")
        .set("role", "dialog")
        .set("aria-modal", "true")
        .label(say::KEYS_AND_SETTINGS)
        .testid("help-panel")
        .set("id", "help")
        .set("tabindex", "-1")
        .with(el("h2", "").text(say::KEYS_AND_SETTINGS))
        .with(el("dl", "keys").each(keys))
        .with(setting(shown, "keys-on", say::SINGLE_KEYS_ACT, ui.keys_on, keys_on))
        .with(setting(shown, "less-motion", motion, less_motion(ui), less))
        .with(setting(shown, "skip-idle", idle, skips, skip_idle))
        .with(setting(shown, "stop-at-surprises", stop, stops, surprises))
        .with(setting(shown, "beats", say::SHOW_HEARTBEATS, ui.beats, beats))
        .with(
            el("div", "buttons drawer-choice")
                .maybe(branches(shown))
                .with(wide(say::COMPARE, Act::Compare))
                .with(wide("Share\u{2026}", Act::Dialog(Dialog::Share)))
                .with(wide(say::TAKE_BACK, Act::Player(Msg::Undo)))
                .with(wide(say::DO_AGAIN, Act::Player(Msg::Redo)))
                .with(line.text("Command\u{2026}"))
                .with(theme.text(say::theme(ui.theme.name())))
                .each(drawer_tabs(shown)),
        )
        .with(
            el("div", "buttons").with(voice.text(say::voice(ui.voice.name()))).with(
                el("button", "primary")
                    .set("id", "close-help")
                    .testid("close-help")
                    .on_click(shown.ask(Act::Help))
                    .text(say::CLOSE),
            ),
        );
    group([el("div", "veil dim").on_click(shown.ask(Act::Help)), panel])
}

/// A box that switches something on or off.
fn setting(
    shown: &Shown,
    testid: &'static str,
    words: &'static str,
    on: bool,
    act: fn(&Event) -> Option<Act>,
) -> El {
    let switch = el("input", "").set("type", "checkbox").checked(on).testid(testid);
    let switch = switch.on("change", shown.hear(act));
    el("label", "check").with(switch).text(words)
}
