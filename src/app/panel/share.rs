//! What can be handed to somebody else: a link to this very instant, and files of the run.

use replication::player::Msg;
use replication::words::scenario as say;

use super::Shown;
use crate::app::element::{El, Words, el};
use crate::app::ui::{Act, Export};

/// Links and files, and what each is.
pub fn list(shown: &Shown) -> El {
    let link = button(shown, "copy-link", say::COPY_LINK, "", Act::Share);
    let files = [
        row(say::LINK, say::ABOUT_LINK, vec![link]),
        row(say::SCENARIO, say::ABOUT_SCENARIO, vec![file(shown, "TOML", Export::Scenario)]),
        row(say::REPORT, say::ABOUT_REPORT, vec![file(shown, "JSON", Export::Report)]),
        row(say::HISTORY, say::ABOUT_HISTORY, vec![file(shown, "EDN", Export::History)]),
        row(
            say::STAGE,
            say::ABOUT_STAGE,
            vec![
                file(shown, "SVG", Export::Stage { pixels: false }),
                file(shown, "PNG", Export::Stage { pixels: true }),
            ],
        ),
        film(shown),
        row(
            say::SPACE_TIME,
            say::ABOUT_SPACE_TIME,
            vec![
                file(shown, "SVG", Export::SpaceTime { pixels: false }),
                file(shown, "PNG", Export::SpaceTime { pixels: true }),
            ],
        ),
    ];
    el("ul", "share-list").testid("share-list").each(files)
}

/// The stage as a video: how far it is, and a way to stop.
fn film(shown: &Shown) -> El {
    let reel = shown.ui.reel.as_ref();
    let running = reel.is_some_and(|reel| !reel.done);
    let words = reel.map_or(say::ABOUT_VIDEO, |reel| reel.words.as_str()).to_string();
    let words = el("p", "")
        .with(el("b", "").text(say::VIDEO))
        .with(el("span", "faint").set("role", "status").testid("reel").text(words));
    let (name, act) = match running {
        true => (say::STOP, Act::Player(Msg::Pause)),
        false => ("WebM", Act::Record),
    };
    let button = button(shown, "record", name, "", act).label(match running {
        true => say::STOP_THE_RECORDING,
        false => say::RECORD_THE_STAGE,
    });
    el("li", "").with(words).with(el("div", "buttons").with(button))
}

fn row(name: &'static str, about: &'static str, buttons: Vec<El>) -> El {
    let words = el("p", "").with(el("b", "").text(name)).with(el("span", "faint").text(about));
    el("li", "").with(words).with(el("div", "buttons").each(buttons))
}

fn file(shown: &Shown, kind: &'static str, export: Export) -> El {
    let what = match export {
        Export::Scenario => "scenario",
        Export::Report => "report",
        Export::History => "history",
        Export::Stage { .. } => "stage",
        Export::SpaceTime { .. } => "space-time",
    };
    let testid = format!("save-{what}-{}", kind.to_ascii_lowercase());
    button(shown, testid, kind, what, Act::Save(export))
}

fn button(
    shown: &Shown,
    testid: impl Into<Words>,
    name: &'static str,
    of: &'static str,
    act: Act,
) -> El {
    let button = el("button", "").testid(testid).on_click(shown.ask(act)).text(name);
    if of.is_empty() { button } else { button.label(say::save_as(of, name)) }
}
