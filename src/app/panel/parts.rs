//! What is edited beside the text: the cluster's picture, on which servers are joined by hand; and
//! the fields of one part at a time, with what else can be done to it.

use replication::base::NodeId;
use replication::recording::{Edit, Part, Setting, settings};
use replication::words::scenario as say;
use web_sys::Event;

use super::Shown;
use super::script::removal;
use crate::app::control::option;
use crate::app::element::{El, Words, component, el, value_of};
use crate::app::root::less_motion;
use crate::app::script::{Asked, PARTS, Script, Sense, Tie};
use crate::app::stage::{EDITED, Stage, StageProps, StageView};
use crate::app::ui::Act;

/// Parts of one sort in the list; the picture has them all.
const PARTS_MAX: usize = 64;
/// The rules that are asked for most.
const FIRST: [&str; 8] = [
    "topology",
    "ack",
    "failover",
    "conflict",
    "log_format",
    "isolation",
    "writers",
    "apply_delay",
];
/// Fields that are changed in another way.
const APART: [&str; 4] = ["id", "nodes", "stream", "link"];
/// The two ways to drag, and what says so to tests.
const TIES: [(Tie, &str, &str); 2] =
    [(Tie::Feed, say::DRAWS_A_STREAM, "drag-feed"), (Tie::Move, say::MOVES_IT_THERE, "drag-move")];

/// The cluster as the text has it, to be changed by hand.
pub fn picture(shown: &Shown, script: &Script) -> El {
    let view = script.sense.as_ref().map(|sense| StageView {
        moment: sense.moment.clone(),
        selection: script.selection(),
        follow: None,
        less_motion: less_motion(shown.ui),
        beats: false,
        slow: false,
        theme: shown.ui.theme.name(),
        number: EDITED,
        larger: 1.0,
    });
    let on_msg = shown.link.callback(|msg| Act::Script(Asked::Hand(msg)));
    let ties = TIES.into_iter().map(|(tie, name, testid)| {
        el("button", "")
            .set("role", "radio")
            .is("aria-checked", script.drag == tie)
            .testid(testid)
            .on_click(shown.ask(Act::Script(Asked::Drag(tie))))
            .text(name)
    });
    let drag = el("div", "script-drag")
        .with(el("span", "faint").set("id", "drag-name").text(say::DRAGGING))
        .with(
            el("div", "switch")
                .set("role", "radiogroup")
                .set("aria-labelledby", "drag-name")
                .each(ties),
        );
    let stage = view.map(|view| component::<Stage>(StageProps { view, on_msg }, Some("edited")));
    let stage = el("div", "pane").testid("script-stage").each(stage);
    el("div", "").with(stage).with(drag)
}

/// The list of parts, the fields of the one chosen, and what can be done to it.
pub fn parts(shown: &Shown, script: &Script) -> El {
    let Some(sense) = &script.sense else { return el("div", "") };
    let named = names(sense, script.part);
    let options = named
        .iter()
        .enumerate()
        .map(|(at, (part, name))| option(at.to_string(), name.clone(), *part == script.part));
    let at = named.iter().position(|(part, _)| *part == script.part).unwrap_or(0);
    let list = el("select", "")
        .set("id", PARTS)
        .testid(PARTS)
        .set("data-value", at.to_string())
        .each(options);
    let (link, all) = (shown.link.clone(), named.iter().map(|(part, _)| *part));
    let all: Vec<Part> = all.collect();
    let on_change = move |event: Event| {
        if let Some(part) = value_of(&event).parse().ok().and_then(|at: usize| all.get(at)) {
            link.send_message(Act::Script(Asked::Look(*part)));
        }
    };
    let list = el("label", "").text(say::CHANGE).with(list.on("change", Box::new(on_change)));
    let (mut first, mut more) = (Vec::new(), Vec::new());
    for setting in settings(&sense.scenario, script.part) {
        let name = setting.name;
        let ends = matches!(script.part, Part::Link(..)) && ["from", "to"].contains(&name);
        if !ends && !APART.contains(&name) {
            let rare = script.part == Part::Cluster && !FIRST.contains(&name);
            let list = if rare { &mut more } else { &mut first };
            list.push(field(shown, script, setting));
        }
    }
    let more = (!more.is_empty()).then(|| {
        el("details", "")
            .with(el("summary", "").text(say::ALL_RULES))
            .with(el("div", "script-fields").each(more))
    });
    el("div", "script-parts")
        .with(el("div", "script-fields").with(list).each(actions(shown, script)))
        .with(el("div", "script-fields").key(at.to_string()).each(first))
        .maybe(more)
}

/// Every part, and what it is called; the one looked at among them.
fn names(sense: &Sense, chosen: Part) -> Vec<(Part, Words)> {
    let scenario = &sense.scenario;
    let mut names: Vec<(Part, Words)> = Vec::new();
    names.push((Part::Cluster, say::THE_CLUSTERS_RULES.into()));
    names.push((Part::Network, say::EVERY_LINK.into()));
    for id in (0..scenario.cluster.nodes).map(NodeId) {
        if names.len() < PARTS_MAX || chosen == Part::Node(id) {
            names.push((Part::Node(id), say::server(id).into()));
        }
    }
    for (number, client) in scenario.client.iter().enumerate() {
        names.push((Part::Client(number), client.id.clone().into()));
    }
    for (number, workload) in scenario.workload.iter().enumerate() {
        let name = say::workload_of(number + 1, &workload.client);
        names.push((Part::Workload(number), name.into()));
    }
    let mut links = Vec::new();
    for stream in sense.moment.topology.streams().iter().take(PARTS_MAX) {
        links.push((stream.from, stream.to));
    }
    if let Part::Link(from, to) = chosen
        && !links.contains(&(from, to))
    {
        links.push((from, to));
    }
    for (from, to) in links {
        names.push((Part::Link(from, to), say::link(from, to).into()));
    }
    names
}

/// What can be done to the part besides setting its fields.
fn actions(shown: &Shown, script: &Script) -> Vec<El> {
    let button = |testid: &'static str, name: Words, asked: Asked| {
        el("button", "").testid(testid).on_click(shown.ask(Act::Script(asked))).text(name)
    };
    let change = |testid, name: Words, edit| button(testid, name, Asked::Change(edit));
    let part = script.part;
    let mut actions = match part {
        Part::Node(id) => vec![
            button("script-connect", say::CONNECT_TO.into(), Asked::Arm(Some((Tie::Feed, id)))),
            button("script-attach", say::MOVE_BELOW.into(), Asked::Arm(Some((Tie::Move, id)))),
            change("script-add", say::ADD_A_FOLLOWER.into(), Edit::Add(Some(id))),
            change("script-client", say::ADD_A_CLIENT.into(), Edit::AddClient(id)),
        ],
        Part::Client(number) => {
            vec![change("script-workload", say::ADD_A_WORKLOAD.into(), Edit::AddWorkload(number))]
        }
        Part::Cluster => vec![change("script-add", say::ADD_A_SERVER.into(), Edit::Add(None))],
        Part::Network | Part::Link(..) | Part::Workload(_) => Vec::new(),
    };
    let name: Option<Words> = match part {
        Part::Node(id) => Some(say::remove(id).into()),
        Part::Link(from, to) => script.streams(from, to).then(|| say::DISCONNECT.into()),
        Part::Workload(_) => Some(say::REMOVE.into()),
        Part::Cluster | Part::Network | Part::Client(_) => None,
    };
    if let (Some(name), Some(edit)) = (name, removal(part)) {
        actions.push(change("script-remove", name, edit));
    }
    actions
}

/// One field; it is marked if it could not be what was asked last.
fn field(shown: &Shown, script: &Script, setting: Setting) -> El {
    let Setting { name, mut value, choices } = setting;
    let (link, part) = (shown.link.clone(), script.part);
    let on_change = move |event: Event| {
        let edit = Edit::Set(part, name, value_of(&event));
        link.send_message(Act::Script(Asked::Change(edit)));
    };
    let wrong = script.refused.as_ref().is_some_and(|(field, _)| *field == name);
    let control = if choices.is_empty() {
        el("input", "")
            .set("autocomplete", "off")
            .set("autocapitalize", "off")
            .set("spellcheck", "false")
            .set("placeholder", "\u{2013}")
            .value(value)
    } else {
        // A mark that is not there is none.
        if value.is_empty() && choices[0] == "true" {
            value = "false".to_string();
        }
        // What is not said, or a table of one's own, is no choice, and stays what it is.
        let other = !choices.contains(&value.as_str());
        let other = other.then(|| option(value.clone(), value.clone(), true));
        let mut list = el("select", "");
        for one in choices {
            list = list.with(option(one, one, one == value));
        }
        let list = list.maybe(other);
        list.set("data-value", value)
    };
    let control = control
        .testid(format!("field-{name}"))
        .is("aria-invalid", wrong)
        .on("change", Box::new(on_change));
    el("label", "").key(name).text(name.replace('_', " ")).with(control)
}
