//! The cluster's settings as they are at the playhead: what the scenario says, and over it what was
//! set since. A setting that can be changed leads to the command line, with the command in it.

use replication::base::NodeId;
use replication::form::{Fields, Form, ToForm};
use replication::player::Player;
use replication::sim::{Command, DialsCommand};
use replication::words::scenario as say;

use super::Shown;
use super::detail::row;
use crate::app::element::{El, el};
use crate::app::ui::Act;

/// A setting and its value, as a scenario file has them.
type Setting = (String, String);

/// The settings of a table, what is absent included if it can be named.
fn settings(form: &Form) -> Vec<Setting> {
    let entries = form.entries().iter();
    entries.map(|entry| (entry.name.clone(), entry.form.to_toml())).collect()
}

/// Lets what was set later, for this server or for all, stand in place of what was said first.
/// What is not among the settings joins them if it may.
pub fn overlay(player: &Player, node: Option<NodeId>, settings: &mut Vec<Setting>, joins: bool) {
    let commands = player.recording().scenario().at.iter();
    for stamped in commands.take_while(|stamped| stamped.time.0 <= player.t()) {
        let Command::Set(dials) = &stamped.command else {
            continue;
        };
        if dials.node != node || dials.from.is_some() {
            continue;
        }
        for entry in dials.to_form().entries() {
            let value = entry.form.to_toml();
            match settings.iter_mut().find(|(name, _)| *name == entry.name) {
                Some(setting) => setting.1 = value,
                None if joins && entry.name != "node" => settings.push((entry.name.clone(), value)),
                None => {}
            }
        }
    }
}

/// The settings as rows; those that a command can change have buttons that begin one.
pub fn rows(shown: &Shown, settings: Vec<Setting>, node: Option<NodeId>, dials: bool) -> El {
    let mut blank = DialsCommand::blank();
    let fields = if dials { blank.fields() } else { Vec::new() };
    let row = |(name, value): Setting| {
        let of = node.map_or(String::new(), |node| format!("node = \"{node}\", "));
        let line = format!("set = {{ {of}{name} = {value} }}");
        let word = name.replace('_', " ");
        let change = fields.iter().any(|field| field.name == name).then(|| {
            let title = say::change(&word);
            el("button", "quiet set")
                .set("title", title.clone())
                .label(title)
                .on_click(shown.ask(Act::Line(line)))
                .text(say::SET)
        });
        let [word, value] = row(word, value);
        [word, value.maybe(change)]
    };
    el("dl", "settings-list").each(settings.into_iter().flat_map(row))
}

/// Everything that is set, part by part.
pub fn cluster(shown: &Shown) -> El {
    let scenario = shown.player.recording().scenario();
    let dials = |title: &'static str, form: Form| {
        let mut settings = settings(&form);
        settings.retain(|(_, value)| !value.starts_with("[{"));
        overlay(shown.player, None, &mut settings, false);
        [el("h4", "").text(title), rows(shown, settings, None, true)]
    };
    let part = |title: &'static str, form: Form| {
        [el("h4", "").text(title), rows(shown, settings(&form), None, false)]
    };
    let clients =
        scenario.client.iter().take(PARTS_MAX).map(|one| part(say::CLIENT, one.to_form()));
    let workloads = scenario.workload.iter().take(PARTS_MAX);
    let workloads = workloads.map(|one| part(say::WORKLOAD, one.to_form()));
    let about = Some(&scenario.about).filter(|about| !about.is_empty());
    let seed = el("small", "").text(say::seed(scenario.seed));
    let command = el("button", "").on_click(shown.ask(Act::Line(String::new())));
    el("section", "")
        .testid("inspect-cluster")
        .with(el("h3", "").text(scenario.name.clone()).with(seed))
        .maybe(about.map(|about| el("p", "about").text(about.clone())))
        .each(dials(say::SERVERS, scenario.cluster.to_form()))
        .each(dials(say::NETWORK, scenario.network.to_form()))
        .each(clients.flatten())
        .each(workloads.flatten())
        .with(el("div", "buttons").with(command.text("Command\u{2026}")))
}

/// Clients and workloads listed.
const PARTS_MAX: usize = 8;
