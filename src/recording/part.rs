//! A scenario part by part, each with its fields as somebody would type them into a form. Which
//! fields there are and what they can be is what the types themselves say of it.

use crate::base::NodeId;
use crate::form::{Field, Fields, Form, read_toml};
use crate::policy::Preset;
use crate::sim::{ClientSpec, LinkSpec, NodeSpec, Scenario, WorkloadSpec};

/// A part of a scenario that has fields of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// The rules that servers follow.
    #[default]
    Cluster,
    /// What lies between servers.
    Network,
    /// What differs at one server.
    Node(NodeId),
    /// What differs between two, one way or both ways.
    Link(NodeId, NodeId),
    /// The client of this number.
    Client(usize),
    /// The workload of this number.
    Workload(usize),
}

/// One field of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// Its value as somebody would type it; empty where it is the usual one.
    pub value: String,
    /// What it can be, where that is a choice.
    pub choices: Vec<&'static str>,
}

/// The fields of a part.
pub fn settings(scenario: &Scenario, part: Part) -> Vec<Setting> {
    let mut settings = Vec::new();
    // A copy, since a field is asked to be something else.
    for mut field in fields(&mut scenario.clone(), part) {
        let value = match field.shown().unwrap_or_default() {
            Form::Nothing => String::new(),
            Form::Text(text) => text,
            form => form.to_toml(),
        };
        settings.push(Setting { name: field.name, value, choices: choices(&mut field) });
    }
    settings
}

/// What a field can be: it says so itself when it is asked to be what nothing is.
fn choices(field: &mut Field<'_>) -> Vec<&'static str> {
    if field.name == "ack" {
        // It may be a table too.
        return Preset::ALL.map(Preset::name).into();
    }
    let misfit = field.set(&Form::from("?")).err();
    misfit.map(|misfit| misfit.fault().choices).unwrap_or_default()
}

/// Gives a field of a part this value, as TOML or as bare text; an empty one is the usual one.
pub(super) fn set(
    scenario: &mut Scenario,
    part: Part,
    name: &str,
    text: &str,
) -> Result<(), String> {
    let form = if text.trim().is_empty() { usual(part, name) } else { typed(text) };
    let done = match fields(scenario, part).iter_mut().find(|field| field.name == name) {
        Some(field) => field.set(&form),
        None => Ok(()),
    };
    done.map_err(|misfit| misfit.fault().message)
}

/// What a field of a part is where nothing is said of it.
fn usual(part: Part, name: &str) -> Form {
    let (client, workload) = (vec![ClientSpec::blank()], vec![WorkloadSpec::blank()]);
    let mut scenario = Scenario { client, workload, ..Scenario::default() };
    let part = match part {
        Part::Client(_) => Part::Client(0),
        Part::Workload(_) => Part::Workload(0),
        Part::Cluster | Part::Network | Part::Node(_) | Part::Link(..) => part,
    };
    let fields = fields(&mut scenario, part);
    fields.iter().find(|field| field.name == name).map(Field::form).unwrap_or_default()
}

/// What somebody typed: TOML if it is some, else the text itself.
fn typed(text: &str) -> Form {
    let read = read_toml(&format!("v = {text}")).ok();
    let read = read.filter(|form| form.entries().len() == 1);
    read.and_then(|form| form.field("v").cloned()).unwrap_or_else(|| Form::from(text.trim()))
}

/// The fields of a part; none of one that is not there. What differs at a server or a link begins
/// here.
fn fields(scenario: &mut Scenario, part: Part) -> Vec<Field<'_>> {
    let Scenario { cluster, network, node, client, workload, .. } = scenario;
    match part {
        Part::Cluster => cluster.fields(),
        Part::Network => network.fields(),
        Part::Node(id) => {
            let at = node.iter().position(|node| node.id == id).unwrap_or(node.len());
            if at == node.len() {
                node.push(NodeSpec { id, ..NodeSpec::default() });
            }
            node[at].fields()
        }
        Part::Link(from, to) => {
            let links = &mut network.link;
            let is_it = |link: &LinkSpec| {
                let ends = (link.from, link.to);
                ends == (from, to) || link.both && ends == (to, from)
            };
            let at = links.iter().position(is_it).unwrap_or(links.len());
            if at == links.len() {
                links.push(LinkSpec { from, to, both: true, ..LinkSpec::default() });
            }
            links[at].fields()
        }
        Part::Client(number) => client.get_mut(number).map(Fields::fields).unwrap_or_default(),
        Part::Workload(number) => workload.get_mut(number).map(Fields::fields).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::read_scenario;

    #[test]
    fn a_field_with_names_says_which_there_are() {
        let scenario = read_scenario("").expect("it can be run");
        let all = settings(&scenario, Part::Cluster);
        let of = |name: &str| {
            let found = all.iter().find(|setting| setting.name == name).expect("it is a field");
            found.choices.join(" ")
        };
        assert_eq!(of("topology"), "star chain ring tree custom");
        assert_eq!(of("ack"), "async semi-sync quorum sync");
        assert_eq!(of("relay_acks"), "true false");
        // What is no choice names none.
        for name in ["apply_delay", "writers", "failover", "keepalive", "vacuum", "users"] {
            assert_eq!(of(name), "", "{name}");
        }
        assert!(of("conflict").contains("lww"));
    }
}
