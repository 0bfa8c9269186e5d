//! The cluster's settings as they are at the playhead: what the scenario says, and over it what was
//! set since. A setting that can be changed leads to the command line, with the command in it.

use replication::base::NodeId;
use replication::form::{Fields, Form, ToForm};
use replication::player::Player;
use replication::sim::{Command, DialsCommand};
use yew::{Html, html};

use super::Shown;
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

/// The settings as rows; those that a command can change are buttons that begin one.
pub fn rows(shown: &Shown, settings: Vec<Setting>, node: Option<NodeId>, dials: bool) -> Html {
    let mut blank = DialsCommand::blank();
    let fields = if dials { blank.fields() } else { Vec::new() };
    let row = |(name, value): Setting| {
        let of = node.map_or(String::new(), |node| format!("node = \"{node}\", "));
        let line = format!("set = {{ {of}{name} = {value} }}");
        let change = fields
            .iter()
            .any(|field| field.name == name)
            .then(|| shown.ask(move || Act::Line(line.clone())));
        let word = name.replace('_', " ");
        html! {
            <>
                <dt>{ word.clone() }</dt>
                <dd>{ value }
                    if let Some(onclick) = change {
                        <button class="quiet set" title={format!("Change {word}")}
                            aria-label={format!("Change {word}")} {onclick}>{ "set" }</button>
                    }
                </dd>
            </>
        }
    };
    html! { <dl class="settings-list">{ for settings.into_iter().map(row) }</dl> }
}

/// Everything that is set, part by part.
pub fn cluster(shown: &Shown) -> Html {
    let scenario = shown.player.recording().scenario();
    let dials = |form: Form, of_all: bool| {
        let mut settings = settings(&form);
        settings.retain(|(_, value)| !value.starts_with("[{"));
        if of_all {
            overlay(shown.player, None, &mut settings, false);
        }
        rows(shown, settings, None, true)
    };
    let parts = |title: &str, forms: Vec<Form>| {
        let part = |form: Form| {
            let rows = rows(shown, settings(&form), None, false);
            html! { <><h4>{ title.to_string() }</h4>{ rows }</> }
        };
        forms.into_iter().take(PARTS_MAX).map(part).collect::<Html>()
    };
    let clients = scenario.client.iter().map(ToForm::to_form).collect();
    let workloads = scenario.workload.iter().map(ToForm::to_form).collect();
    html! {
        <section data-testid="inspect-cluster">
            <h3>{ scenario.name.clone() }<small>{ format!("seed {}", scenario.seed) }</small></h3>
            if !scenario.about.is_empty() { <p class="about">{ scenario.about.clone() }</p> }
            <h4>{ "Servers" }</h4>
            { dials(scenario.cluster.to_form(), true) }
            <h4>{ "Network" }</h4>
            { dials(scenario.network.to_form(), true) }
            { parts("Client", clients) }
            { parts("Workload", workloads) }
            <div class="buttons">
                <button onclick={shown.ask(|| Act::Line(String::new()))}>
                    { "Command\u{2026}" }</button>
            </div>
        </section>
    }
}

/// Clients and workloads listed.
const PARTS_MAX: usize = 8;
