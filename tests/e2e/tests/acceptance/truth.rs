//! Check 9: after whatever was done, stage, inspector, table, metrics and timeline say the same.

use crate::{Dice, TOPOLOGIES, choose, open, settle};
use e2e::{App, DESKTOP};
use serde_json::{Value, json};

/// What in the page disagrees with the events.
fn disagreements(page: &App) -> Vec<String> {
    page.eval("truth()")
}

/// Something to do to a cluster: mostly possible, sometimes not, as people are.
fn intervention(dice: &mut Dice, nodes: &[String], nth: u64) -> Value {
    let node = dice.one_of(nodes).clone();
    let other = dice.one_of(nodes).clone();
    let client = format!("Client {}", dice.between(1, 3));
    match dice.between(0, 14) {
        0..=2 => json!({ "crash": node }),
        3 => json!({ "restart": node }),
        4 => json!({ "pause": node }),
        5 => json!({ "resume": node }),
        6 => json!({ "partition": { "groups": [[node]] } }),
        7 => json!({ "partition": { "groups": [[nodes[0]], [nodes[1]]] } }),
        8 if node != other => json!({ "cut": { "from": node, "to": other, "both": true } }),
        8 | 9 => json!({ "heal": true }),
        10 => json!({ "promote": node }),
        11 => json!({ "read": { "client": client, "key": "k1", "to": node } }),
        12 => json!({ "set": { "node": node, "apply_delay": "300ms" } }),
        _ => json!({ "write": { "client": client, "key": "x", "value": nth } }),
    }
}

#[test]
fn every_view_tells_the_same_truth_after_forty_interventions() {
    const EACH: u64 = 10;
    let page = open(DESKTOP);
    page.run(include_str!("truth.js"));
    page.click("[data-testid=drawer-metrics]");
    let mut dice = Dice(9);
    let mut wrong: Vec<String> = Vec::new();
    for (key, name) in TOPOLOGIES {
        choose(&page, key, name);
        let nodes: Vec<String> = page.eval("replicascope.nodes().map(node => node.id)");
        page.seek(500_000.0);
        for nth in 0..EACH {
            let command = intervention(&mut dice, &nodes, nth);
            let later = dice.between(1_000, 160_000);
            page.run(&format!(
                "replicascope.issue({command}); replicascope.seek(replicascope.t() + {later})"
            ));
            let inspected = dice.one_of(&nodes);
            page.run(&format!("document.getElementById('figure-{inspected}').focus()"));
            page.press("Enter");
            page.wait(&format!(
                "probe.text('[data-testid=inspect-node] h3').startsWith('{inspected}')"
            ));
            settle(&page);
            let found = disagreements(&page);
            wrong.extend(found.iter().map(|it| format!("{name} {nth}, after {command}: {it}")));
        }
        // And at instants in between, which nobody did anything at.
        for _ in 0..EACH {
            page.seek(dice.between(0, 1_500_000) as f64);
            settle(&page);
            let t = page.t();
            wrong.extend(disagreements(&page).iter().map(|it| format!("{name} at {t}: {it}")));
        }
    }
    assert!(wrong.is_empty(), "{} disagreements:\n{}", wrong.len(), wrong.join("\n"));
    page.finish();
}

#[test]
fn a_link_to_an_instant_opens_on_the_same_truth() {
    let page = open(DESKTOP);
    choose(&page, "1", "star");
    page.run("replicascope.issue({ set: { node: 'n2', apply_delay: '3s' } })");
    page.run("replicascope.issue({ write: { client: 'Client 1', key: 'x', value: 1 } })");
    page.seek(1_500_000.0);
    page.run("window.link = (await replicascope.url()).split('#')[1]");
    let link: String = page.eval("link");
    let again = App::closed(DESKTOP);
    again.before_load(include_str!("probe.js"));
    again.load(&format!("#{link}"));
    again.run(include_str!("truth.js"));
    settle(&again);
    let behind: u64 = again.eval("replicascope.nodes()[1].lag_us");
    assert!(behind > 1_000_000, "n2 is {behind} us behind");
    assert_eq!(disagreements(&again), [""; 0]);
    page.finish();
    again.finish();
}

#[test]
fn a_node_that_is_down_tells_no_rate_and_no_latency() {
    let page = open(DESKTOP);
    page.run(include_str!("truth.js"));
    choose(&page, "1", "star");
    page.seek(1_000_000.0);
    page.run("replicascope.issue({ crash: 'n1' }); replicascope.issue({ crash: 'n3' })");
    page.seek(1_500_000.0);
    for node in ["n1", "n3"] {
        page.run(&format!("document.getElementById('figure-{node}').focus()"));
        page.press("Enter");
        settle(&page);
        let told: String = page.eval(
            "[...document.querySelectorAll('[data-testid=inspect-node] dt')]
                .filter(word => ['Lag', 'To apply', 'Wait for acks'].includes(word.textContent))
                .map(word => word.nextElementSibling.textContent).join('')",
        );
        assert!(!told.is_empty() && told.chars().all(|c| c == '\u{2013}'), "{node}: {told}");
        assert_eq!(disagreements(&page), [""; 0], "{node}");
    }
    page.finish();
}
