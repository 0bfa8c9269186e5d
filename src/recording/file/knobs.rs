//! Tables of a real system's knobs in a scenario file, turned into settings of ours before the
//! scenario is read, so that nothing after this knows of them.

use crate::form::{Entry, Form, Misfit};
use crate::policy::preset::{Frame, Settings, System};
use crate::sim::Cluster;

/// Replaces `cluster.mysql`, `cluster.postgresql` and `cluster.mongodb` by what they mean.
pub(super) fn translate(form: &mut Form) -> Result<(), Misfit> {
    let Form::Table(top) = form else { return Ok(()) };
    let Some(cluster) = top.iter_mut().find(|entry| entry.name == "cluster") else {
        return Ok(());
    };
    let mut read = None;
    for system in System::ALL {
        let Form::Table(fields) = &mut cluster.form else { break };
        let Some(at) = fields.iter().position(|entry| entry.name == system.name()) else {
            continue;
        };
        let table = fields.remove(at);
        let settings = translated(system, &table, fields).map_err(|misfit| misfit.within(cluster));
        read = settings?.or(read);
    }
    if let Some(rule) = read {
        for client in top.iter_mut().filter(|entry| entry.name == "client") {
            if let Form::List(clients) = &mut client.form {
                clients.iter_mut().for_each(|client| let_read(client, rule));
            }
        }
    }
    Ok(())
}

/// Puts a system's settings among the fields of the cluster; the read rule they imply.
fn translated(
    system: System,
    table: &Entry,
    fields: &mut Vec<Entry>,
) -> Result<Option<&'static str>, Misfit> {
    let field = |name: &str| fields.iter().find(|entry| entry.name == name).map(|one| &one.form);
    let nodes = match field("nodes") {
        Some(Form::Whole(nodes)) => u16::try_from(*nodes).unwrap_or(u16::MAX),
        Some(_) | None => Cluster::default().nodes,
    };
    let topology = field("topology").and_then(Form::text).unwrap_or("star").to_string();
    let frame = Frame { nodes, topology: &topology };
    let settings = system.settings(&table.form, frame).map_err(|misfit| misfit.within(table))?;
    let Settings { cluster, read } = settings;
    for (name, form) in cluster {
        if let Some(twice) = fields.iter().find(|entry| entry.name == name) {
            let message = format!("[cluster.{}] says `{name}` too: leave one out", system.name());
            return Err(Misfit::at_name(twice, message));
        }
        fields.push(table.instead(name, form));
    }
    Ok(read)
}

/// Gives a client that names no read rule this one.
fn let_read(client: &mut Entry, rule: &str) {
    let entry = client.instead("read", Form::from(rule));
    if let Form::Table(fields) = &mut client.form
        && !fields.iter().any(|field| field.name == "read")
    {
        fields.push(entry);
    }
}

#[cfg(test)]
mod tests {
    use crate::recording::{read_scenario, to_toml};

    #[test]
    fn a_file_with_knobs_is_the_file_with_our_settings() {
        let knobs = "[[client]]\nid = \"a\"\n[cluster.mysql]\nrpl_semi_sync_source_enabled = 1\n\
                     rpl_semi_sync_source_timeout = 10000\n";
        let ours = "[[client]]\nid = \"a\"\n[cluster]\nack = \"semi-sync\"\nrelay_acks = false\n";
        let read = read_scenario(knobs).expect("good knobs");
        assert_eq!(read, read_scenario(ours).expect("good settings"));
        assert!(!to_toml(&read).contains("mysql"), "{}", to_toml(&read));
        let knobs = "[cluster.mongodb]\nwriteConcern = { w = 1 }\n[[client]]\nid = \"a\"\n\
                     [[client]]\nid = \"b\"\nread = \"any\"\n";
        let ours = "[cluster]\nack = \"async\"\n\
                    failover = { heartbeat = \"2s\", timeout = \"10s\" }\n\
                    [[client]]\nid = \"a\"\nread = \"primary\"\n[[client]]\nid = \"b\"\n";
        assert_eq!(read_scenario(knobs), read_scenario(ours));
        let json = "{\"cluster\": {\"postgresql\": {\"synchronous_standby_names\": \"*\"}}}";
        let read = read_scenario(json).expect("good knobs");
        assert!(to_toml(&read).contains("from = \"first\""), "{}", to_toml(&read));
    }

    #[test]
    fn a_refusal_names_the_knob_s_place() {
        let refused = |text: &str| read_scenario(text).expect_err(text).to_string();
        let text = "[cluster.postgresql]\nfsync = false\n";
        let told = refused(text);
        let place = "line 2, column 9: cluster.postgresql.fsync: `fsync` cannot stand so here.";
        assert!(told.starts_with(place), "{told}");
        let text = "[cluster]\nack = \"quorum\"\n[cluster.mysql]\nsync_binlog = 1\n";
        assert_eq!(
            refused(text),
            "line 2, column 1: cluster.ack: [cluster.mysql] says `ack` too: leave one out"
        );
        let text = "[cluster]\nnodes = 2\n[cluster.postgresql]\n\
                    synchronous_standby_names = \"ANY 2 (*)\"\n";
        assert!(refused(text).contains("cluster.ack: 2 acks asked of 1 replicas"), "{text}");
        let told = refused("[cluster.mysql]\nbinlog_fromat = \"ROW\"\n");
        assert!(told.contains("unknown knob `binlog_fromat`, expected one of"), "{told}");
    }
}
