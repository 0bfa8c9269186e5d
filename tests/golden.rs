//! Runs every `tests/golden/*.toml` under every invariant and compares what it comes to with the
//! `.expected` file beside it. `BLESS=1 cargo test --test golden` writes those anew: read the diff.

#![cfg(not(target_arch = "wasm32"))]

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use replication::check::{guarantees, vopr};
use replication::form::Form;
use replication::node::{Node, Role, Status, Told};
use replication::recording::{Recording, read_scenario};
use replication::sim::{Behind, Durability, Judge, Op, Outcome, Scenario, World, behind};

fn scenarios() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let entries = fs::read_dir(folder).expect("the folder of scenarios is there");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    paths.sort();
    paths
}

fn node_line(world: &World, node: &Node) -> String {
    let status = match node.status {
        Status::Up => "up",
        Status::Paused => "paused",
        Status::Down => "down",
        Status::Removed => "removed",
    };
    let role = match node.disk.role {
        Role::Primary => "primary",
        Role::Replica => "replica",
    };
    let rows = node.disk.store.iter().map(|(key, row)| {
        let value = row.cell().map_or("deleted".to_string(), |cell| cell.to_string());
        format!("{}={value}", world.names.text(key))
    });
    let table = node.disk.store.users.table().outline();
    let table = if table == Form::Nothing { String::new() } else { format!(" | users {table}") };
    format!(
        "{} {status} {role} of epoch {}, has {} | {}{table}",
        node.id,
        node.disk.epoch,
        node.disk.log.gtids(),
        rows.collect::<Vec<_>>().join(" ")
    )
    .trim_end()
    .to_string()
}

fn receipt(world: &World, number: usize, op: &Op) -> String {
    let what = if op.is_write() { "write" } else { "read" };
    let told = match op.outcome {
        Outcome::Pending => "waits".to_string(),
        Outcome::Told(told, at) => {
            let told = match told {
                Told::Ok => "ok",
                Told::OkDegraded => "ok, degraded",
                Told::Value => "value",
                Told::Refused(reason) => reason.text(),
                Told::TimedOut => "timed out",
            };
            format!("{told} at {at}")
        }
    };
    let gtid = op.gtid.map_or("-".to_string(), |gtid| gtid.to_string());
    let lost = if op.lost { ", lost" } else { "" };
    let stale = match op.staleness.versions {
        0 => String::new(),
        versions => format!(", {versions} behind"),
    };
    let key = world.names.text(op.key());
    let stamp = op.stamp.filter(|_| !op.is_write());
    let of = stamp.map_or(String::new(), |stamp| format!(" as of {stamp}"));
    format!("{number} {what} {key}{of} at {}: {gtid}, {told}{lost}{stale}", op.sent_at)
}

/// How far a server is behind at the end, and what it says of that.
fn lag_line(world: &World, node: &Node) -> String {
    let Behind { entries, bytes, staleness_us, seconds_behind, .. } =
        behind(world, node, world.now);
    let says = seconds_behind.map_or("NULL".to_string(), |seconds| seconds.to_string());
    let snapshot = world.newest_snapshot(node.id, world.now);
    let snapshot = snapshot.map_or(String::new(), |newest| format!(", snapshot of {newest}"));
    format!(
        "{} lacks {entries} entries of {bytes} bytes, {staleness_us} stale, says {says}{snapshot}",
        node.id
    )
}

fn ledger_line(world: &World) -> String {
    let counts = Judge::new(world).count();
    let counts = Durability::ALL.iter().zip(counts).filter(|(_, count)| *count > 0);
    let counts: Vec<_> = counts.map(|(kind, count)| format!("{count} {}", kind.name())).collect();
    format!("writes: {}", counts.join(", "))
}

/// What a run comes to, in lines that a person can compare.
fn account(scenario: &Scenario) -> String {
    let mut recording = Recording::new(scenario.clone());
    recording.finish();
    let world = recording.head();
    let traffic = world.network.traffic;
    let mut text = String::new();
    let mut line = |line: String| writeln!(text, "{line}").expect("a string takes all");
    line(format!("digest {:016x}", world.digest()));
    line(format!("{} steps, {} records", world.steps, recording.trace().len()));
    line(format!(
        "{} sent, {} delivered, {} lost, {} doubled, bytes {} log {} ack {} control",
        traffic.sent,
        traffic.delivered,
        traffic.lost,
        traffic.duplicated,
        traffic.log_bytes,
        traffic.ack_bytes,
        traffic.control_bytes
    ));
    let guarantees = guarantees(&recording);
    let broken = guarantees.all().map(|(name, guarantee)| format!("{name} {}", guarantee.count));
    line(format!("violated: {}", broken.join(", ")));
    world.nodes.iter().for_each(|node| line(node_line(world, node)));
    world.nodes.iter().for_each(|node| line(lag_line(world, node)));
    line(ledger_line(world));
    let ops = world.ledger.ops.iter().enumerate();
    ops.for_each(|(number, op)| line(receipt(world, number, op)));
    text
}

#[test]
fn every_golden_scenario_ends_as_it_always_has() {
    let bless = env::var_os("BLESS").is_some();
    let paths = scenarios();
    assert!(paths.len() >= 10, "there are only {} scenarios", paths.len());
    for path in paths {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("it can be read");
        let scenario = read_scenario(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        vopr::prove(&scenario).unwrap_or_else(|failure| panic!("{name}: {failure}"));
        let found = account(&scenario);
        let beside = path.with_extension("expected");
        if bless {
            fs::write(&beside, &found).expect("it can be written");
        }
        let expected = fs::read_to_string(&beside).unwrap_or_default();
        let differs = expected.lines().zip(found.lines()).position(|(old, new)| old != new);
        assert!(
            expected == found,
            "{name} ends otherwise, from line {:?}; if it is meant to: BLESS=1 cargo test --test \
             golden\n{found}",
            differs.map(|line| line + 1)
        );
    }
}
