//! Tables of knobs, and what they come to.

use super::*;
use crate::form::{FromForm, read_toml};
use crate::policy::{OnTimeout, Point, Preset, Visible, Whose};

const FRAME: Frame = Frame { nodes: 4, topology: "star" };

fn settings(system: System, text: &str) -> Result<Settings, String> {
    let table = read_toml(text).expect("it is TOML");
    let read = system.settings(&table, FRAME).map_err(Misfit::fault);
    read.map_err(|fault| format!("{}: {}", fault.path, fault.message))
}

fn field(system: System, text: &str, name: &str) -> Option<Form> {
    let settings = settings(system, text).unwrap_or_else(|error| panic!("{text}: {error}"));
    settings.cluster.into_iter().find(|(field, _)| *field == name).map(|(_, form)| form)
}

fn ack(system: System, text: &str) -> Ack {
    Ack::from_form(&field(system, text, "ack").expect("there is always a rule")).expect("a rule")
}

#[test]
fn an_empty_table_is_the_system_as_it_comes() {
    assert_eq!(ack(System::Mysql, "").preset(), Some(Preset::Async));
    assert_eq!(ack(System::Postgresql, "").preset(), Some(Preset::Async));
    let local = Ack { visible: Visible::AfterLog, ..Preset::Quorum.ack() };
    assert_eq!(ack(System::Mongodb, ""), local);
    let failover = field(System::Mongodb, "", "failover").expect("members elect");
    assert_eq!(failover.field("timeout"), Some(&Form::from("10s")));
    assert_eq!(failover.field("heartbeat"), Some(&Form::from("2s")));
}

#[test]
fn mysql_s_semi_sync_is_ours() {
    let on = "rpl_semi_sync_source_enabled = \"ON\"\n";
    assert_eq!(ack(System::Mysql, on).preset(), Some(Preset::SemiSync));
    let all = format!(
        "{on}rpl_semi_sync_source_timeout = 500\nrpl_semi_sync_source_wait_for_replica_count = 2\n\
         rpl_semi_sync_source_wait_point = \"AFTER_COMMIT\""
    );
    let ack = ack(System::Mysql, &all);
    assert_eq!((ack.count, ack.timeout), (Count::Of(2), Some(Span::ms(500))));
    assert_eq!((ack.visible, ack.point), (Visible::AfterLog, Point::Received));
    assert_eq!(field(System::Mysql, on, "relay_acks"), Some(Form::Bool(false)));
    let many = "replica_parallel_workers = 4\nreplicate_same_server_id = 1\n\
                source_heartbeat_period = 2.5\nbinlog_format = \"MIXED\"";
    let of = |name| field(System::Mysql, many, name);
    assert_eq!(of("apply_workers"), Some(Form::Whole(4)));
    assert_eq!(of("loop_filter"), Some(Form::from("off")));
    assert_eq!(of("keepalive"), Some(Form::from("2500ms")));
    assert_eq!(of("log_format"), Some(Form::from("mixed")));
}

#[test]
fn postgresql_s_levels_are_points_and_its_names_whose_acks_count() {
    let names = "synchronous_standby_names = \"ANY 2 (n4, n2, n3)\"\n";
    let points = [("remote_write", Point::Received), ("on", Point::Flushed)];
    for (level, point) in points.into_iter().chain([("remote_apply", Point::Applied)]) {
        let rule = ack(System::Postgresql, &format!("{names}synchronous_commit = \"{level}\""));
        assert_eq!((rule.count, rule.point, rule.from), (Count::Of(2), point, Whose::Any));
        assert_eq!((rule.timeout, rule.on_timeout), (None, OnTimeout::Wait));
    }
    let local = format!("{names}synchronous_commit = \"local\"");
    assert_eq!(ack(System::Postgresql, &local).preset(), Some(Preset::Async));
    for (names, count) in
        [("*", 1), ("FIRST 2 (*)", 2), ("2 (n2, n3, n4)", 2), ("n2, n3, n4", 1), ("first 3(*)", 3)]
    {
        let rule = ack(System::Postgresql, &format!("synchronous_standby_names = \"{names}\""));
        assert_eq!((rule.count, rule.from), (Count::Of(count), Whose::First), "{names}");
    }
    let timeout = |text: &str| field(System::Postgresql, text, "keepalive");
    assert_eq!(timeout("wal_sender_timeout = \"1min\""), Some(Form::from("30s")));
    assert_eq!(timeout("wal_sender_timeout = 5000"), Some(Form::from("2500ms")));
}

#[test]
fn mongodb_s_concerns_are_a_rule_and_who_sees_what() {
    let rule = ack(System::Mongodb, "writeConcern = { w = 1 }");
    assert_eq!(rule.preset(), Some(Preset::Async));
    let rule = ack(System::Mongodb, "writeConcern = { w = 3 }\nreadConcern = \"majority\"");
    assert_eq!((rule.count, rule.point), (Count::Of(2), Point::Received));
    assert_eq!(rule.visible, Visible::AfterAck);
    let rule = ack(System::Mongodb, "writeConcern = { w = 2, j = true }");
    assert_eq!((rule.count, rule.point), (Count::Of(1), Point::Flushed));
    let rule = ack(System::Mongodb, "writeConcernMajorityJournalDefault = false");
    assert_eq!((rule.count, rule.point), (Count::Majority, Point::Received));
    let read = |text: &str| settings(System::Mongodb, text).map(|settings| settings.read);
    assert_eq!(read(""), Ok(Some("primary")));
    assert_eq!(read("readPreference = \"secondary\""), Ok(Some("replica")));
}

#[test]
fn nobody_says_and_a_majority_acknowledges_unless_arbiters_make_it_too_few() {
    // A6.2: two with data and an arbiter, four and one; and three without any.
    assert_eq!(implicit_write_concern(2, 1), Count::None);
    assert_eq!(implicit_write_concern(4, 1), Count::Majority);
    assert_eq!(implicit_write_concern(3, 0), Count::Majority);
    assert_eq!(implicit_write_concern(1, 0), Count::Majority);
    assert_eq!(implicit_write_concern(3, 2), Count::None);
}

#[test]
fn what_cannot_be_expressed_is_refused_with_what_is_nearest() {
    let refused = |system, text: &str| settings(system, text).expect_err(text);
    assert_eq!(
        refused(System::Mysql, "sync_binlog = 0"),
        "sync_binlog: `sync_binlog` cannot stand so here. After how many commits the log is \
         flushed. Here each is on disk before it is shipped, as with 1; flushes that take long \
         cover many commits. Nearest here: flush_delay."
    );
    let unknown = refused(System::Mysql, "sync_binlgo = 1");
    assert!(unknown.starts_with("sync_binlgo: unknown knob `sync_binlgo`, expected one of"));
    for (system, text, nearest) in [
        (System::Postgresql, "synchronous_commit = \"off\"", "local is async"),
        (System::Postgresql, "hot_standby_feedback = true", "none"),
        (System::Postgresql, "wal_keep_size = \"1GB\"", "retention"),
        (System::Postgresql, "recovery_min_apply_delay = \"5s\"", "apply_after"),
        (System::Mysql, "binlog_expire_logs_seconds = 60", "retention"),
        (System::Mysql, "rpl_semi_sync_source_wait_no_replica = \"OFF\"", "ack.timeout"),
        (System::Mysql, "replica_parallel_workers = 4\nreplica_preserve_commit_order = 1", "= 1"),
        (System::Mongodb, "chainingAllowed = true", "topology"),
        (System::Mongodb, "readConcern = \"linearizable\"", "ack.visible"),
        (System::Mongodb, "readPreference = \"primaryPreferred\"", "nearest"),
        (System::Mongodb, "catchUpTimeoutMillis = 0", "none"),
    ] {
        let why = refused(system, text);
        let (_, told) = why.split_once("Nearest here: ").unwrap_or_else(|| panic!("{why}"));
        assert!(told.contains(nearest), "{why}");
    }
    for (system, text) in [
        (System::Postgresql, "synchronous_standby_names = \"FIRST 1 (n3, n2, n4)\""),
        (System::Postgresql, "synchronous_standby_names = \"ANY 1 (n2)\""),
        (System::Postgresql, "synchronous_standby_names = \"ANY 0 (*)\""),
        (System::Postgresql, "synchronous_commit = \"remote\""),
        (System::Postgresql, "wal_sender_timeout = 0"),
        (System::Mysql, "rpl_semi_sync_source_timeout = \"ten\""),
        (System::Mongodb, "writeConcern = { w = 0 }"),
        (System::Mongodb, "writeConcern = { w = 5 }"),
        (System::Mongodb, "writeConcern = { w = 1, wtimeout = 100 }"),
        (System::Mongodb, "writeConcern = \"majority\""),
        (System::Mongodb, "readConcern = \"quick\""),
    ] {
        refused(system, text);
    }
}

#[test]
fn every_knob_is_told_of_in_the_same_order() {
    for system in System::ALL {
        let told: Vec<&str> = About::all(system).iter().map(|about| about.name).collect();
        assert_eq!(system.names().collect::<Vec<_>>(), told, "{}", system.name());
        assert!(About::all(system).iter().all(|one| !one.default.is_empty()
            && one.says.ends_with('.')
            && !one.source.is_empty()));
    }
}

#[test]
fn a_default_that_the_engine_has_may_be_written() {
    for text in ["sync_binlog = 1", "binlog_format = \"row\"", "log_replica_updates = \"ON\""] {
        assert_eq!(settings(System::Mysql, text), settings(System::Mysql, ""), "{text}");
    }
    let text = "fsync = \"on\"\nmax_slot_wal_keep_size = -1\nrecovery_min_apply_delay = 0";
    assert_eq!(settings(System::Postgresql, text), settings(System::Postgresql, ""));
}
