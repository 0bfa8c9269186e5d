//! Keys and settings.

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::{Event, Html, html};

use super::Shown;
use crate::app::control::{branches, drawer_tab};
use crate::app::keys::KEYS;
use crate::app::root::less_motion;
use crate::app::ui::{Act, Drawer};
use replication::player::Msg;

fn checked(event: &Event) -> bool {
    let input: Option<HtmlInputElement> = event.target().and_then(|target| target.dyn_into().ok());
    input.is_some_and(|input| input.checked())
}

/// The list of keys, and what can be switched; nothing while it is closed.
pub fn help(shown: &Shown) -> Html {
    if !shown.ui.help {
        return Html::default();
    }
    let keys = KEYS.iter().map(|(key, does)| {
        html! { <><dt><kbd>{ *key }</kbd></dt><dd>{ *does }</dd></> }
    });
    html! {
        <>
            <div class="veil dim" onclick={shown.ask(|| Act::Help)} />
            <section class="help" role="dialog" aria-modal="true" aria-label="Keys and settings"
                data-testid="help-panel" id="help" tabindex="-1">
                <h2>{ "Keys and settings" }</h2>
                <dl class="keys">{ for keys }</dl>
                <label class="check">
                    <input type="checkbox" checked={shown.ui.keys_on} data-testid="keys-on"
                        onchange={shown.link.callback(|event| Act::KeysOn(checked(&event)))} />
                    { "Single keys act" }
                </label>
                <label class="check">
                    <input type="checkbox" checked={less_motion(shown.ui)} data-testid="less-motion"
                        onchange={shown.link.callback(|event| Act::LessMotion(checked(&event)))} />
                    { "Less motion: play goes from event to event" }
                </label>
                <label class="check">
                    <input type="checkbox" checked={shown.player.skip_idle()}
                        data-testid="skip-idle" onchange={shown.link.callback(|event| {
                            Act::Player(Msg::SkipIdle(checked(&event)))
                        })} />
                    { "Pass idle time 8 times faster" }
                </label>
                <label class="check">
                    <input type="checkbox" checked={shown.player.stop_at_surprises()}
                        data-testid="stop-at-surprises" onchange={shown.link.callback(|event| {
                            Act::Player(Msg::StopAtSurprises(checked(&event)))
                        })} />
                    { "Stop at surprises: an old value, a conflict, a lost write, a new primary" }
                </label>
                <label class="check">
                    <input type="checkbox" checked={shown.ui.beats} data-testid="beats"
                        onchange={shown.link.callback(|event| Act::Beats(checked(&event)))} />
                    { "Show heartbeats" }
                </label>
                <div class="buttons drawer-choice">
                    { branches(shown) }
                    <button onclick={shown.ask(|| Act::Line(String::new()))}>
                        { "Command\u{2026}" }</button>
                    <button onclick={shown.ask(|| Act::Theme)}>
                        { format!("Theme: {}", shown.ui.theme.name()) }</button>
                    { for Drawer::ALL.into_iter().map(|drawer| drawer_tab(shown, drawer)) }
                </div>
                <div class="buttons">
                    <button class="primary" id="close-help" onclick={shown.ask(|| Act::Help)}
                        data-testid="close-help">{ "Close" }</button>
                </div>
            </section>
        </>
    }
}
