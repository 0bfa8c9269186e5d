//! What the newer panels ask for: the command line, the scenarios, links and reports. Each takes
//! the person's side and the player, and answers with what the player is to do, if anything.

use std::rc::Rc;

use replication::api;
use replication::player::{Msg, Player};
use replication::recording::{Reader, read_scenario};
use replication::words::notice as say;
use wasm_bindgen::JsValue;
use yew::html::Scope;

use super::panel::{self, gallery};
use super::root::Root;
use super::ui::{Act, Alarm, Dialog, Line, Ui};
use super::{browser, export, memory, root, script, venue};

/// Commands remembered.
const PAST_MAX: usize = 50;

/// Carries out what is asked; gives what the player is to do for it.
pub fn carry_out(act: Act, ui: &mut Ui, player: &mut Player, link: &Scope<Root>) -> Option<Msg> {
    match act {
        Act::Line(text) => {
            ui.draft = None;
            let line = ui.line.get_or_insert_default();
            line.tried &= !text.is_empty();
            line.text = text;
        }
        Act::Past(before) => {
            let (lines, at) = &mut ui.past;
            let next = if before { at.saturating_sub(1) } else { (*at + 1).min(lines.len()) };
            if let Some(line) = ui.line.as_mut().filter(|_| next != *at) {
                *at = next;
                line.text = lines.get(next).cloned().unwrap_or_default();
                line.tried = false;
            }
        }
        Act::Run => return run(ui, player),
        Act::Gallery => {
            ui.not_opened = None;
            ui.script.open = false;
            ui.gallery = !ui.gallery;
            gallery::fetch(ui, link);
        }
        Act::Scenarios(Ok(text)) => ui.scenarios = Some(Rc::new(gallery::entries(&text))),
        Act::Scenarios(Err(why)) => {
            ui.not_opened.get_or_insert(say::scenarios_not_fetched(why));
        }
        Act::OpenBuiltin(at) => {
            let scenario = read_scenario(&ui.scenarios.as_ref()?.get(at)?.text);
            let scenario = scenario.map_err(|error| error.to_string());
            return carry_out(gallery::opened(scenario), ui, player, link);
        }
        Act::Incoming(name, text) => ui.incoming = Some((name, text, Reader::default())),
        Act::Opened(scenario) => {
            ui.gallery = false;
            ui.line = None;
            return Some(Msg::Load(scenario));
        }
        Act::NotOpened(why) => {
            ui.gallery = true;
            gallery::fetch(ui, link);
            ui.script.open = false;
            ui.not_opened = Some(why);
        }
        Act::Script(asked) => return script::carry_out(asked, ui, player),
        Act::Share => {
            ui.gallery = false;
            ui.dialog = None;
            let link = link.clone();
            let written = api::written(memory::link(player), move |text| {
                // The address leads here too, for browsers that let nobody copy.
                let _ = browser::window().location().set_hash(&text);
                let address = browser::window().location().href().unwrap_or_default();
                let said = move |copied| {
                    link.send_message(Act::Told(if copied {
                        say::LINK_COPIED
                    } else {
                        say::ADDRESS_LEADS_HERE
                    }));
                };
                browser::copy(&address, Box::new(said));
                JsValue::UNDEFINED
            });
            if written.is_err() {
                ui.notice = Some(say::TOO_OLD_FOR_LINKS.to_string());
            }
        }
        Act::Told(words) => ui.notice = Some(words.to_string()),
        Act::Alarm(text) => {
            player.update(Msg::Pause);
            ui.alarm = Some(Alarm { text, at: player.t(), of: player.changes() });
        }
        Act::CopyReport => {
            if let Some(alarm) = &ui.alarm {
                let link = link.clone();
                let said = move |copied: bool| {
                    if !copied {
                        link.send_message(Act::Told(say::NOBODY_COPIES));
                    }
                };
                browser::copy(&panel::report(player, alarm), Box::new(said));
            }
        }
        Act::Calm => ui.alarm = None,
        Act::Beats(on) => {
            ui.beats = on;
            memory::keep(ui);
        }
        Act::Dialog(dialog) => {
            ui.help = false;
            ui.dialog = Some(dialog).filter(|_| ui.dialog != Some(dialog));
            let weighs = ui.dialog == Some(Dialog::Weigh);
            return (weighs != player.weighs()).then_some(Msg::Weigh(weighs));
        }
        Act::Projector => {
            ui.projector = !ui.projector;
            ui.help = false;
            root::show_venue(ui);
        }
        Act::Blank => venue::mark("data-blank", !venue::marked("data-blank")),
        Act::Sift(change, event) => {
            let mut sieve = player.sieve().clone();
            change(&event, &mut sieve);
            return Some(Msg::Sift(sieve));
        }
        Act::Save(export) => ui.notice = Some(export::save(player, export)),
        Act::Compare => {
            ui.help = false;
            let with = match player.rivals() {
                [] => player.first_versus().into_iter().collect(),
                _ => Vec::new(),
            };
            return Some(Msg::Compare(with));
        }
        _ => {}
    }
    None
}

/// What has become ready to be done since the last frame.
pub fn due(ui: &mut Ui) -> Option<Act> {
    if ui.script.due() {
        return Some(Act::Script(script::Asked::Run));
    }
    let (name, text, reader) = ui.incoming.as_mut()?;
    let read = reader.go_on(text, script::LINES).transpose()?;
    let read = read.map_err(|error| format!("{name}, {error}"));
    ui.incoming = None;
    Some(gallery::opened(read))
}

fn run(ui: &mut Ui, player: &Player) -> Option<Msg> {
    let line = ui.line.as_mut()?;
    let Ok(command) = panel::read_command(player, &line.text) else {
        line.tried = true;
        return None;
    };
    let text = std::mem::take(&mut line.text);
    *line = Line { said: say::done(&text), ..Line::default() };
    let (lines, at) = &mut ui.past;
    if lines.last() != Some(&text) {
        lines.push(text);
    }
    if lines.len() > PAST_MAX {
        lines.remove(0);
    }
    *at = lines.len();
    Some(Msg::Issue(command))
}

/// Whether time stands still until somebody has seen what did not hold.
pub fn frozen(ui: &mut Ui, player: &Player) -> bool {
    if ui.alarm.as_ref().is_some_and(|alarm| alarm.of != player.changes()) {
        ui.alarm = None;
    }
    ui.alarm.is_some()
}
