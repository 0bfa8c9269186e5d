//! Changes to a scenario's text by hand and by form, made on the scenario and printed again: a
//! picture, a form and the text they stand beside cannot disagree.

use crate::base::NodeId;
use crate::form::{Entry, Fields, Form, FromForm, ToForm};
use crate::sim::{ClientSpec, Cluster, LinkSpec, NodeSpec, Rate, Scenario, WorkloadSpec, validate};
use crate::topology::{Shape, Stream, Topology};

use super::file::{read_scenario, to_toml};
use super::part::{Part, set};

/// Fields that hold texts of people's own, which may look like a server's name.
const FREE: [&str; 7] = ["name", "about", "region", "key", "value", "text", "sql"];

/// A change to a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// One server more: it follows this one, or finds the place that the shape has for it.
    Add(Option<NodeId>),
    /// This server is gone, with what was said of it; those after it move up by one number.
    Remove(NodeId),
    /// The second replicates from the first.
    Connect(NodeId, NodeId),
    /// The second replicates no longer from the first.
    Disconnect(NodeId, NodeId),
    /// The first replicates from the second, and from nobody else.
    Attach(NodeId, NodeId),
    /// A part has this value, as TOML or bare text, in this field; an empty one is the usual one.
    Set(Part, &'static str, String),
    /// One client more, beside this server.
    AddClient(NodeId),
    /// A workload more, of the client of this number.
    AddWorkload(usize),
    /// The workload of this number is gone.
    RemoveWorkload(usize),
}

/// The text with the change made; else why it cannot be. Comments are not kept.
pub fn edited(text: &str, edit: &Edit) -> Result<String, String> {
    let mut scenario = read_scenario(text).map_err(|error| error.to_string())?;
    apply(&mut scenario, edit)?;
    scenario.node.retain(|node| *node != NodeSpec { id: node.id, ..NodeSpec::default() });
    scenario.network.link.retain(|link| {
        let LinkSpec { from, to, both, .. } = *link;
        *link != LinkSpec { from, to, both, ..LinkSpec::default() }
    });
    match validate(&scenario) {
        Ok(()) => Ok(to_toml(&scenario)),
        Err(problem) => Err(format!("{}: {}", problem.path, problem.message)),
    }
}

/// Servers that take no writes and that no write reaches.
pub fn unreached(scenario: &Scenario) -> Vec<NodeId> {
    let cluster = &scenario.cluster;
    let topology = streams(cluster);
    let writers = match &cluster.writers {
        Some(writers) => writers.clone(),
        None if cluster.several_write() => (0..cluster.nodes).map(NodeId).collect(),
        None => vec![NodeId(0)],
    };
    let reached = |id: NodeId| writers.iter().any(|writer| topology.leads(*writer, id));
    (0..cluster.nodes).map(NodeId).filter(|id| !reached(*id)).collect()
}

fn streams(cluster: &Cluster) -> Topology {
    Topology::new(cluster.topology, cluster.nodes, cluster.fanout, &cluster.stream)
}

/// Names the streams that the shape gives, so that single ones can come and go.
fn own_streams(cluster: &mut Cluster) {
    if cluster.topology != Shape::Custom {
        if cluster.writers.is_none() && cluster.several_write() {
            cluster.writers = Some((0..cluster.nodes).map(NodeId).collect());
        }
        cluster.stream = streams(cluster).streams().to_vec();
        cluster.topology = Shape::Custom;
    }
}

/// Lets a server follow this one no longer; None: nobody.
fn drop_streams(cluster: &mut Cluster, of: NodeId, from: Option<NodeId>) {
    let goes = |stream: &Stream| stream.to == of && from.is_none_or(|from| stream.from == from);
    cluster.stream.retain(|stream| !goes(stream));
}

fn apply(scenario: &mut Scenario, edit: &Edit) -> Result<(), String> {
    let Scenario { cluster, client, workload, .. } = scenario;
    match edit {
        Edit::Add(source) => {
            let id = NodeId(cluster.nodes);
            let grown = Cluster { nodes: id.0.saturating_add(1), ..cluster.clone() };
            let has_place = || streams(&grown).upstream(id).eq(*source);
            if source.is_some() && !has_place() {
                own_streams(cluster);
            }
            if cluster.topology == Shape::Custom {
                cluster.stream.push(Stream { from: source.unwrap_or_default(), to: id });
            }
            cluster.nodes = grown.nodes;
        }
        Edit::Remove(gone) => remove(scenario, *gone)?,
        Edit::Connect(from, to) => {
            own_streams(cluster);
            cluster.stream.push(Stream { from: *from, to: *to });
        }
        Edit::Disconnect(from, to) => {
            own_streams(cluster);
            drop_streams(cluster, *to, Some(*from));
        }
        Edit::Attach(node, source) => {
            own_streams(cluster);
            drop_streams(cluster, *node, None);
            cluster.stream.push(Stream { from: *source, to: *node });
            if unreached(scenario).contains(node) {
                return Err(format!(
                    "{source} gets its entries through {node}: the two would only go round"
                ));
            }
        }
        Edit::Set(part, name, text) => {
            if let (Part::Cluster, "topology") = (part, *name) {
                own_streams(cluster);
            }
            set(scenario, *part, name, text)?;
            let cluster = &mut scenario.cluster;
            if cluster.topology != Shape::Custom {
                cluster.stream.clear();
            }
        }
        Edit::AddClient(home) => {
            let named = |nth: usize| format!("Client {nth}");
            let taken = |name: &String| client.iter().any(|one| one.id == *name);
            let id = (1..).map(named).find(|name| !taken(name)).unwrap_or_default();
            client.push(ClientSpec { id, home: *home, ..ClientSpec::blank() });
        }
        Edit::AddWorkload(whose) => {
            let client = client.get(*whose).ok_or("a workload needs a client: add one first")?;
            let client = client.id.clone();
            workload.push(WorkloadSpec { client, rate: Rate(10), ..WorkloadSpec::blank() });
        }
        Edit::RemoveWorkload(number) => {
            if *number < workload.len() {
                workload.remove(*number);
            }
        }
    }
    Ok(())
}

/// Takes a server out. Of custom streams, who followed it follows its sources.
fn remove(scenario: &mut Scenario, gone: NodeId) -> Result<(), String> {
    let Scenario { cluster, client, .. } = scenario;
    if cluster.nodes <= 1 {
        return Err("a cluster has at least one server: the last one stays".to_string());
    }
    if cluster.topology == Shape::Custom {
        let topology = streams(cluster);
        for from in topology.upstream(gone) {
            for to in topology.downstream(gone).filter(|to| *to != from) {
                let stream = Stream { from, to };
                if !cluster.stream.contains(&stream) {
                    cluster.stream.push(stream);
                }
            }
        }
    }
    cluster.nodes -= 1;
    for home in client.iter_mut().map(|client| &mut client.home).filter(|home| **home == gone) {
        // Moves up below: the first of those who stay.
        *home = NodeId(u16::from(gone.0 == 0));
    }
    let mut form = scenario.to_form();
    move_up(&mut form, "", gone)?;
    *scenario = Scenario::from_form(&form).map_err(|misfit| misfit.fault().message)?;
    Ok(())
}

/// Lists of which an item that speaks of a server goes with it.
const OF_SERVERS: [&str; 5] = ["stream", "link", "node", "writers", "ignore_origins"];

/// Whether an item of a list speaks of a server.
fn speaks_of(item: &Entry, id: &str) -> bool {
    let own =
        std::iter::once(&item.form).chain(item.form.entries().iter().map(|entry| &entry.form));
    own.into_iter().any(|form| form.text() == Some(id))
}

/// Lets every server after this one have the number before its own, wherever it is named.
fn move_up(form: &mut Form, name: &str, gone: NodeId) -> Result<(), String> {
    match form {
        Form::Text(text) => {
            let named: Option<NodeId> = text.parse().ok();
            match named.filter(|_| !FREE.contains(&name)) {
                Some(id) if id == gone => {
                    Err(format!("`{name}` speaks of {gone}: take that out first"))
                }
                Some(id) if id > gone => {
                    *text = NodeId(id.0 - 1).to_string();
                    Ok(())
                }
                Some(_) | None => Ok(()),
            }
        }
        Form::Table(entries) | Form::List(entries) => {
            if OF_SERVERS.contains(&name) {
                let id = gone.to_string();
                entries.retain(|entry| !entry.name.is_empty() || !speaks_of(entry, &id));
            }
            for entry in entries {
                // Clients may be called as they like.
                let free = matches!(entry.form, Form::Text(_)) && entry.name == "client";
                let of_client = name == "client" && entry.name == "id";
                if free || of_client {
                    continue;
                }
                let own = if entry.name.is_empty() { name } else { entry.name.as_str() };
                move_up(&mut entry.form, own, gone)?;
            }
            Ok(())
        }
        Form::Nothing | Form::Bool(_) | Form::Whole(_) | Form::Negative(_) | Form::Decimal(_) => {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::{BUILTINS, settings};

    const N1: NodeId = NodeId(0);
    const N2: NodeId = NodeId(1);
    const N3: NodeId = NodeId(2);
    const N4: NodeId = NodeId(3);
    const CHAIN: &str = "[cluster]\ntopology = \"chain\"\nnodes = 4\n";

    fn streams_of(text: &str) -> Vec<(u16, u16)> {
        let scenario = read_scenario(text).expect("it can be run");
        let topology = streams(&scenario.cluster);
        topology.streams().iter().map(|stream| (stream.from.0 + 1, stream.to.0 + 1)).collect()
    }

    #[test]
    fn a_server_that_comes_and_goes_leaves_every_built_in_scenario_as_it_was() {
        for builtin in BUILTINS.iter() {
            let scenario = builtin.scenario().expect("it is valid");
            let text = to_toml(&scenario);
            let Ok(more) = edited(&text, &Edit::Add(None)) else { continue };
            assert_ne!(more, text);
            // Commands may have spoken of it before it was there: they add servers of their own.
            let last = NodeId(scenario.cluster.nodes);
            let Ok(back) = edited(&more, &Edit::Remove(last)) else { continue };
            assert_eq!(back, text, "{}", builtin.name);
        }
    }

    #[test]
    fn a_shape_becomes_streams_of_its_own_once_one_comes_or_goes() {
        let text = edited(CHAIN, &Edit::Connect(N1, N3)).expect("it can be");
        assert!(text.contains("topology = \"custom\""), "{text}");
        assert_eq!(streams_of(&text), [(1, 2), (1, 3), (2, 3), (3, 4)]);
        let text = edited(&text, &Edit::Disconnect(N2, N3)).expect("it can be");
        assert_eq!(streams_of(&text), [(1, 2), (1, 3), (3, 4)]);
        let text = edited(&text, &Edit::Attach(N4, N2)).expect("it can be");
        assert_eq!(streams_of(&text), [(1, 2), (1, 3), (2, 4)]);
        let text = edited(&text, &Edit::Set(Part::Cluster, "topology", "star".into()));
        let text = text.expect("it can be");
        assert!(!text.contains("stream"), "{text}");
        // Where the shape has the same place for it, it stays the shape.
        let text = edited(&text, &Edit::Add(Some(N1))).expect("it can be");
        assert!(text.contains("\"star\"") && text.contains("nodes = 5"), "{text}");
        let text = edited(&text, &Edit::Add(Some(N2))).expect("it can be");
        assert_eq!(streams_of(&text), [(1, 2), (1, 3), (1, 4), (1, 5), (2, 6)]);
    }

    #[test]
    fn whoever_leaves_those_after_it_move_up_and_are_still_spoken_of() {
        let text = "[cluster]\nnodes = 4\nwriters = [\"n1\"]\n\
                    [[node]]\nid = \"n4\"\nregion = \"n4\"\n\
                    [[client]]\nid = \"n4\"\nhome = \"n3\"\n\
                    [[at]]\ntime = \"1s\"\ncrash = \"n4\"\n\
                    [[at]]\ntime = \"2s\"\nwrite = { client = \"n4\", key = \"n3\", \
                    value = \"n3\" }\n\
                    [[at]]\ntime = \"3s\"\npartition = { groups = [[\"n1\"], [\"n3\", \"n4\"]] }\n";
        let text = edited(text, &Edit::Remove(N2)).expect("it can be");
        for part in [
            "nodes = 3",
            "id = \"n3\"\nregion = \"n4\"",
            "id = \"n4\"\nhome = \"n2\"",
            "crash = \"n3\"",
            "client = \"n4\", key = \"n3\", value = \"n3\"",
            "[[\"n1\"], [\"n2\", \"n3\"]]",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        // In the middle of custom streams the gap is closed.
        let text = edited(CHAIN, &Edit::Connect(N1, N4)).expect("it can be");
        let text = edited(&text, &Edit::Remove(N3)).expect("it can be");
        assert_eq!(streams_of(&text), [(1, 2), (1, 3), (2, 3)]);
    }

    #[test]
    fn fields_are_set_as_typed_and_said_once_in_the_text() {
        let set = |text: &str, part, name, value: &str| {
            edited(text, &Edit::Set(part, name, value.to_string())).expect("it can be")
        };
        let (there, back) = (Part::Link(N1, N3), Part::Link(N3, N1));
        let text = set(CHAIN, there, "latency", "70ms");
        let text = set(&text, back, "latency", "90ms");
        let text = set(&text, there, "loss", "0.1");
        assert_eq!(text.matches("[[network.link]]").count(), 1, "{text}");
        assert!(text.contains("latency = \"90ms\"\nloss = 0.1"), "{text}");
        let text = set(&text, Part::Node(N2), "clock_skew", "-40ms");
        let text = set(&text, Part::Cluster, "ack", "{ count = 2, point = \"flushed\" }");
        let scenario = read_scenario(&text).expect("it can be run");
        let values = settings(&scenario, Part::Node(N2));
        let skew = values.iter().find(|setting| setting.name == "clock_skew");
        assert_eq!(skew.map(|setting| setting.value.as_str()), Some("-40ms"));
        // What is emptied is as elsewhere, and no longer said.
        let text = set(&text, Part::Node(N2), "clock_skew", "");
        let text = set(&text, there, "loss", " ");
        let text = set(&text, back, "latency", "");
        let text = set(&text, Part::Cluster, "ack", "async");
        assert_eq!(text, to_toml(&read_scenario(CHAIN).expect("it can be run")));
        let text = edited(&text, &Edit::AddClient(N2)).expect("it can be");
        let text = edited(&text, &Edit::AddWorkload(0)).expect("it can be");
        let text = set(&text, Part::Workload(0), "rate", "200/s");
        assert!(text.contains("rate = \"200/s\"") && text.contains("home = \"n2\""), "{text}");
        let text = edited(&text, &Edit::RemoveWorkload(0)).expect("it can be");
        assert!(!text.contains("workload"), "{text}");
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_reason() {
        let refused = |text: &str, edit: Edit| edited(text, &edit).expect_err("it cannot be");
        let text = "[cluster]\nnodes = 2\n[[at]]\ntime = \"1s\"\ncrash = \"n2\"\n";
        let told = refused(text, Edit::Remove(N2));
        assert!(told.starts_with("`crash` speaks of n2"), "{told}");
        let told = refused("nodes", Edit::Add(None));
        assert!(told.starts_with("line 1"), "{told}");
        let told = refused("[cluster]\nnodes = 1", Edit::Remove(N1));
        assert!(told.contains("at least one server"), "{told}");
        let told = refused(CHAIN, Edit::Attach(N2, N3));
        assert!(told.contains("n3 gets its entries through n2"), "{told}");
        let told = refused(CHAIN, Edit::Connect(N1, N2));
        assert!(told.contains("n2 follows n1 already"), "{told}");
        let told = refused(CHAIN, Edit::Set(Part::Node(N2), "apply_delay", "soon".into()));
        assert!(told.contains("soon"), "{told}");
        assert!(refused(CHAIN, Edit::AddWorkload(0)).contains("client"));
        let alone = edited(CHAIN, &Edit::Disconnect(N2, N3)).expect("it can be");
        let alone = read_scenario(&alone).expect("it can be run");
        assert_eq!(unreached(&alone), [N3, N4]);
    }
}
