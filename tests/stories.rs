//! What can go wrong does go wrong, and what is promised is kept: one short run a sentence.

#![cfg(not(target_arch = "wasm32"))]

use replication::base::{NodeId, OpId};
use replication::check::Measures;
use replication::data::Gtid;
use replication::node::{Fact, Told};
use replication::recording::{Recording, read_scenario};
use replication::sim::{Op, Outcome};

/// A run of servers with 10 ms between them and a client beside n1, to its end.
fn run(text: &str) -> Recording {
    let scenario =
        format!("{text}\n[[client]]\nid = \"app\"\nlatency = \"0ms\"\ntimeout = \"2s\"\n");
    let scenario = read_scenario(&scenario).unwrap_or_else(|error| panic!("{error}\n{scenario}"));
    let mut recording = Recording::new(scenario);
    recording.finish();
    recording
}

fn at(time: &str, command: &str) -> String {
    format!("\n[[at]]\ntime = \"{time}\"\n{command}\n")
}

fn write(time: &str, value: u32) -> String {
    at(time, &format!("write = {{ client = \"app\", key = \"k\", value = {value} }}"))
}

fn write_to(client: &str, key: &str, value: u32, node: &str) -> String {
    format!(
        "write = {{ client = \"{client}\", key = \"{key}\", value = {value}, to = \"{node}\" }}"
    )
}

fn op(recording: &Recording, number: u32) -> &Op {
    recording.head().ledger.op(OpId(number)).expect("it was issued")
}

fn told(recording: &Recording, number: u32) -> Option<Told> {
    match op(recording, number).outcome {
        Outcome::Told(told, _) => Some(told),
        Outcome::Pending => None,
    }
}

/// What a server shows for the one key.
fn shown(recording: &Recording, node: u16) -> String {
    let world = recording.head();
    let key = world.names.find("k").expect("it was written");
    let row = world.nodes[usize::from(node) - 1].disk.store.row(key);
    let value = row.and_then(|row| row.value());
    value.map_or("nothing".to_string(), |value| value.to_string())
}

fn count(recording: &Recording, is: impl Fn(&Fact) -> bool) -> usize {
    recording.trace().since(0).filter(|(_, record)| is(&record.fact)).count()
}

#[test]
fn async_loses_an_acknowledged_write_when_another_is_promoted() {
    let story = write("1s", 1)
        + &at("1001ms", "cut = { from = \"n1\", to = \"n2\" }")
        + &at("1001ms", "cut = { from = \"n1\", to = \"n3\" }")
        + &at("1100ms", "crash = \"n1\"")
        + &at("1500ms", "promote = \"n2\"");
    let recording = run(&format!("[cluster]\nnodes = 3\nack = \"async\"\n{story}"));
    assert_eq!(told(&recording, 0), Some(Told::Ok));
    assert!(op(&recording, 0).lost);
    assert_eq!(shown(&recording, 2), "nothing");
}

#[test]
fn semi_sync_that_waits_for_ever_answers_nobody_rather_than_lose() {
    let story = write("1s", 1)
        + &at("1001ms", "cut = { from = \"n1\", to = \"n2\" }")
        + &at("1001ms", "cut = { from = \"n1\", to = \"n3\" }")
        + &at("1500ms", "crash = \"n1\"")
        + &at("2s", "promote = \"n2\"");
    let recording =
        run(&format!("[cluster]\nnodes = 3\nack = {{ count = 1, point = \"received\" }}\n{story}"));
    assert_eq!(told(&recording, 0), Some(Told::TimedOut));
    assert!(!op(&recording, 0).lost, "nobody was told that it is there");
}

#[test]
fn semi_sync_with_a_timeout_acknowledges_what_no_replica_has_and_then_loses_it() {
    let story = write("1s", 1)
        + &at("1001ms", "cut = { from = \"n1\", to = \"n2\" }")
        + &at("1001ms", "cut = { from = \"n1\", to = \"n3\" }")
        + &at("1500ms", "crash = \"n1\"")
        + &at("2s", "promote = \"n2\"");
    let ack = "{ count = 1, point = \"received\", timeout = \"300ms\", on_timeout = \"async\" }";
    let recording = run(&format!("[cluster]\nnodes = 3\nack = {ack}\n{story}"));
    assert_eq!(told(&recording, 0), Some(Told::OkDegraded));
    assert!(op(&recording, 0).lost);
}

#[test]
fn semi_sync_loses_if_the_wrong_replica_is_promoted_and_keeps_if_the_right_one_is() {
    let story = |promoted: &str| {
        at("500ms", "cut = { from = \"n1\", to = \"n3\" }")
            + &write("1s", 1)
            + &at("1500ms", "crash = \"n1\"")
            + &at("2s", &format!("promote = \"{promoted}\""))
    };
    let cluster = "[cluster]\nnodes = 3\nack = { count = 1, point = \"received\" }\n";
    let wrong = run(&format!("{cluster}{}", story("n3")));
    let right = run(&format!("{cluster}{}", story("n2")));
    for (recording, lost) in [(&wrong, true), (&right, false)] {
        assert_eq!(told(recording, 0), Some(Told::Ok));
        assert_eq!(op(recording, 0).lost, lost);
    }
    assert_eq!((shown(&wrong, 3), shown(&right, 3)), ("nothing".into(), "1".into()));
}

#[test]
fn a_write_nobody_was_told_of_is_there_when_its_primary_returns() {
    // MariaDB and PostgreSQL both commit it in recovery: it was in the log.
    let story = at("500ms", "cut = { from = \"n1\", to = \"n2\", both = true }")
        + &write("1s", 1)
        + &at("1200ms", "crash = \"n1\"")
        + &at("4s", "restart = \"n1\"");
    let recording =
        run(&format!("[cluster]\nnodes = 2\nack = {{ count = 1, point = \"flushed\" }}\n{story}"));
    assert_eq!(told(&recording, 0), Some(Told::TimedOut));
    assert_eq!(shown(&recording, 1), "1");
    assert_eq!(shown(&recording, 2), "nothing");
    assert_eq!(count(&recording, |fact| matches!(fact, Fact::Recovered(_))), 1);
}

#[test]
fn sync_blocks_while_a_member_is_down_and_goes_on_when_it_is_back() {
    let story = at("500ms", "crash = \"n3\"") + &write("1s", 1) + &at("2s", "restart = \"n3\"");
    let recording = run(&format!("[cluster]\nnodes = 3\nack = \"sync\"\n{story}"));
    let Outcome::Told(Told::Ok, at) = op(&recording, 0).outcome else {
        panic!("{:?}", op(&recording, 0));
    };
    assert!(at > 2_000_000, "answered at {at}, while n3 was down");
}

#[test]
fn a_ring_without_the_filter_passes_an_entry_round_for_ever() {
    let ring = |filter| {
        let text = format!(
            "until = \"3s\"\n[cluster]\nnodes = 3\ntopology = \"ring\"\nloop_filter = {filter}\n{}",
            write("1s", 1)
        );
        count(&run(&text), |fact| matches!(fact, Fact::Applied { .. }))
    };
    assert_eq!(ring(true), 2);
    // Two seconds at 10 ms a hop.
    assert_eq!(ring(false), 199);
}

#[test]
fn two_primaries_that_write_one_key_at_once_end_with_each_others_value() {
    let both = |node: &str, value: u32| at("1s", &write_to("app", "k", value, node));
    let story = both("n1", 1) + &both("n2", 2);
    // The client stands beside n1, and its request to n2 takes a moment: the sender waits longer
    // than that, so that both are written before either hears of the other.
    let cluster = "[cluster]\nnodes = 2\ntopology = \"ring\"\nship_delay = \"60ms\"\n";
    let text = format!("{cluster}{story}");
    let recording = run(&text);
    assert_eq!((shown(&recording, 1), shown(&recording, 2)), ("2".into(), "1".into()));
    assert_eq!(told(&recording, 0), Some(Told::Ok));
    assert_eq!(told(&recording, 1), Some(Told::Ok));
}

#[test]
fn a_deposed_primary_throws_away_what_only_it_has_and_follows() {
    let story = at("900ms", "partition = { groups = [[\"n1\"]] }")
        + &write("1s", 1)
        + &at("1500ms", "promote = \"n2\"")
        + &at("3s", "heal = true")
        + &write("4s", 2);
    let recording = run(&format!("[cluster]\nnodes = 3\nack = \"async\"\n{story}"));
    assert!(op(&recording, 0).lost && op(&recording, 0).discarded);
    assert_eq!(told(&recording, 1), Some(Told::Ok));
    let first = Gtid { origin: NodeId(0), seq: 1 };
    for node in &recording.head().nodes {
        assert!(!node.disk.log.gtids().contains(first), "{} still has it", node.id);
        assert_eq!(shown(&recording, node.id.0 + 1), "2");
    }
}

#[test]
fn a_primary_that_stood_still_through_a_promotion_gives_way_when_it_goes_on() {
    let story = at("1s", "pause = \"n1\"")
        + &at("2s", "promote = \"n2\"")
        + &at("3s", "resume = \"n1\"")
        + &write("5s", 1);
    let recording = run(&format!("[cluster]\nnodes = 3\nack = \"quorum\"\n{story}"));
    let world = recording.head();
    assert!(!world.nodes[0].is_primary());
    assert_eq!(world.nodes.iter().map(|node| node.disk.epoch).collect::<Vec<_>>(), [2, 2, 2]);
    assert_eq!(count(&recording, |fact| matches!(fact, Fact::SteppedDown(2))), 1);
    assert_eq!(told(&recording, 0), Some(Told::Ok));
}

#[test]
fn a_replica_behind_a_relay_cannot_acknowledge_unless_the_relay_passes_it_on() {
    // PostgreSQL's cascaded standbys: naming one blocks every commit although it has the row.
    let chain = |relays| {
        run(&format!(
            "[cluster]\nnodes = 3\ntopology = \"chain\"\nack = \"sync\"\nrelay_acks = {relays}\n{}",
            write("1s", 1)
        ))
    };
    assert_eq!(told(&chain(true), 0), Some(Told::Ok));
    let blocked = chain(false);
    assert_eq!(told(&blocked, 0), Some(Told::TimedOut));
    assert_eq!(shown(&blocked, 3), "1", "it has the row all the same");
}

#[test]
fn sync_at_apply_still_shows_a_write_at_one_replica_before_it_is_old_at_another() {
    // Durable everywhere is not linearizable: n2 shows it while n3 does not, before the ack.
    let read = |time: &str, node: &str| {
        at(time, &format!("read = {{ client = \"{node}\", key = \"k\", to = \"{node}\" }}"))
    };
    let slow = "[[client]]\nid = \"n2\"\nhome = \"n2\"\n[[client]]\nid = \"n3\"\nhome = \"n3\"\n\
                [network]\n[[network.link]]\nfrom = \"n1\"\nto = \"n3\"\nlatency = \"200ms\"\n";
    let story =
        write("1s", 1) + &read("1050ms", "n2") + &read("1060ms", "n3") + &read("1500ms", "n3");
    let ack = "{ count = \"all\", point = \"applied\" }";
    let recording = run(&format!("[cluster]\nnodes = 3\nack = {ack}\n{slow}{story}"));
    let versions: Vec<bool> = (1..=3).map(|read| op(&recording, read).gtid.is_some()).collect();
    assert_eq!(versions, [true, false, true]);
    let Outcome::Told(Told::Ok, at) = op(&recording, 0).outcome else {
        panic!("{:?}", op(&recording, 0));
    };
    assert!((1_200_000..1_500_000).contains(&at));
}

#[test]
fn a_replica_takes_no_writes_and_nobody_takes_them_once_the_primary_has_stepped_down() {
    let refused = at("1s", "write = { client = \"app\", key = \"k\", value = 1, to = \"n2\" }")
        + &at("2s", "demote = \"n1\"")
        + &write("3s", 2);
    let recording = run(&format!("[cluster]\nnodes = 2\n{refused}"));
    let reasons: Vec<_> = (0..2).map(|number| op(&recording, number).refusal()).collect();
    use replication::node::Reason;
    assert_eq!(reasons, [Some(Reason::ReadOnly), Some(Reason::NoPrimary)]);
}

#[test]
fn a_replica_away_for_longer_than_the_log_is_kept_starts_over_from_a_copy() {
    let writes: String = (0..20).map(|n| write(&format!("{}ms", 1_000 + n * 10), n)).collect();
    let story = at("900ms", "crash = \"n2\"") + &writes + &at("3s", "restart = \"n2\"");
    let recording = run(&format!("[cluster]\nnodes = 2\nretention = 5\n{story}"));
    assert_eq!(count(&recording, |fact| matches!(fact, Fact::Seeded { .. })), 1);
    assert_eq!(shown(&recording, 2), "19");
    let [n1, n2] = [0, 1].map(|node| recording.head().nodes[node].disk.log.gtids().clone());
    assert_eq!(n1, n2);
}

#[test]
fn a_server_that_writes_keeps_what_a_copy_lacks() {
    // In a ring every server writes: a copy from a source that has trimmed its log must not take
    // away what this server alone has.
    let writes: String = (0..10)
        .map(|n| at(&format!("{}ms", 1_000 + n * 20), &write_to("app", "k1", n, "n1")))
        .collect();
    let story = at("500ms", "cut = { from = \"n1\", to = \"n2\", both = true }")
        + &at("500ms", "cut = { from = \"n2\", to = \"n3\", both = true }")
        + &writes
        + &at("1500ms", &write_to("other", "k2", 7, "n2"))
        + &at("3s", "heal = true");
    let cluster = "[cluster]\nnodes = 3\ntopology = \"ring\"\nretention = 3\n";
    let other = "[[client]]\nid = \"other\"\nhome = \"n2\"\n";
    let text = format!("{cluster}{other}{story}");
    let recording = run(&text);
    assert!(count(&recording, |fact| matches!(fact, Fact::Seeded { .. })) > 0);
    let kept = Gtid { origin: NodeId(1), seq: 1 };
    for node in &recording.head().nodes {
        assert!(node.disk.log.gtids().contains(kept), "{} lacks n2's write", node.id);
        assert_eq!(node.disk.log.gtids().len(), 11);
    }
}

#[test]
fn a_question_of_an_earlier_life_that_comes_late_is_not_answered() {
    let slow = "set = { from = \"n2\", to = \"n1\", latency = \"200ms\", reorder = 1.0 }";
    let fast = "set = { from = \"n2\", to = \"n1\", latency = \"1ms\", reorder = 0.0 }";
    let again = |time: [&str; 2]| at(time[0], "crash = \"n2\"") + &at(time[1], "restart = \"n2\"");
    let story = at("100ms", slow)
        + &again(["110ms", "120ms"])
        + &at("130ms", fast)
        + &again(["140ms", "150ms"]);
    let cluster = "until = \"2s\"\n[cluster]\nnodes = 2\nkeepalive = \"10s\"\n";
    let recording = run(&format!("{cluster}{story}"));
    // n2 asks twice; the first question arrives last and would send n1 back to what n2 was.
    assert_eq!(count(&recording, |fact| matches!(fact, Fact::Connect)), 1);
    assert_eq!(count(&recording, |fact| matches!(fact, Fact::Ignored)), 1);
}

#[test]
fn what_a_deposed_primary_still_commits_makes_no_read_at_the_new_one_stale() {
    // Its answer never arrives, so nobody counts the write as lost either.
    let story = at("500ms", "cut = { from = \"n1\", to = \"n2\", both = true }")
        + &at("500ms", "cut = { from = \"n1\", to = \"n3\" }")
        + &at("1s", "promote = \"n2\"")
        + &at("2s", &write_to("far", "k", 1, "n1"))
        + &at("3s", "read = { client = \"far\", key = \"k\", to = \"n2\" }");
    let far = "[[client]]\nid = \"far\"\nhome = \"n3\"\ntimeout = \"500ms\"\n";
    let recording = run(&format!("[cluster]\nnodes = 3\n{far}{story}"));
    assert_eq!(told(&recording, 0), Some(Told::TimedOut));
    assert!(op(&recording, 0).committed_at.is_some());
    assert_eq!(told(&recording, 1), Some(Told::Value));
    assert_eq!(op(&recording, 1).staleness.versions, 0);
}

#[test]
fn a_primary_promoted_anew_waits_for_acks_anew() {
    // n1 has stopped waiting, is deposed without hearing of it, and is made primary again.
    let ack = "{ count = 1, point = \"received\", timeout = \"100ms\", on_timeout = \"async\" }";
    let story = at("500ms", "partition = { groups = [[\"n1\"]] }")
        + &write("1s", 1)
        + &at("2s", "promote = \"n2\"")
        + &at("3s", "promote = \"n1\"")
        + &write("4s", 2);
    let recording = run(&format!("[cluster]\nnodes = 3\nack = {ack}\n{story}"));
    assert_eq!(op(&recording, 0).outcome, Outcome::Told(Told::OkDegraded, 1_100_000));
    assert_eq!(op(&recording, 1).outcome, Outcome::Told(Told::OkDegraded, 4_100_000));
}

#[test]
fn a_stale_read_is_counted_when_it_is_served_and_once_more_when_its_client_has_it() {
    let read = |time: &str| at(time, "read = { client = \"near\", key = \"k\", to = \"n2\" }");
    // One write behind; fresh; and one whose answer is under way when the run ends.
    let story = at("500ms", "cut = { from = \"n1\", to = \"n2\" }")
        + &write("1s", 1)
        + &read("2s")
        + &at("3s", "heal = true")
        + &write("3s", 2)
        + &read("3900ms")
        + &at("3950ms", "cut = { from = \"n1\", to = \"n2\" }")
        + &write("3960ms", 3)
        + &read("3985ms");
    let near = "[[client]]\nid = \"near\"\nhome = \"n2\"\nlatency = \"10ms\"\n";
    let recording = run(&format!("until = \"4s\"\n[cluster]\nnodes = 2\n{near}{story}"));
    let mut measures = Measures::new(2);
    measures.follow(recording.trace(), &recording.head().ledger, recording.known_until());
    assert_eq!((measures.served, measures.stale, measures.told_stale), (3, 2, 1));
}
