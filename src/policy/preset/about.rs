//! What each knob does, its default and where that stands, and which setting of ours it becomes:
//! the table behind `docs/presets.md`, `replicascope knobs` and the words of a refusal. The page
//! does not carry it.

use std::fmt::Write;

use super::System;

/// One knob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// Its name.
    pub name: &'static str,
    /// Its default there.
    pub default: &'static str,
    /// What it becomes here, or what is nearest.
    pub ours: &'static str,
    /// What it does, and what of it cannot be had.
    pub says: &'static str,
    /// The manual page that says so.
    pub source: &'static str,
}

const fn about(
    name: &'static str,
    default: &'static str,
    ours: &'static str,
    source: &'static str,
    says: &'static str,
) -> About {
    About { name, default, ours, says, source }
}

const SOURCE: &str = "replication-options-source";
const BINLOG: &str = "replication-options-binary-log";
const REPLICA: &str = "replication-options-replica";
const CHANGE: &str = "change-replication-source-to";
const REPLICATION: &str = "runtime-config-replication";
const WAL: &str = "runtime-config-wal";
const SET: &str = "reference/replica-configuration";

const MYSQL: [About; 20] = [
    about(
        "rpl_semi_sync_source_enabled",
        "OFF",
        "ack: async, or semi-sync",
        SOURCE,
        "Whether a commit waits for replicas to have received it.",
    ),
    about(
        "rpl_semi_sync_source_wait_for_replica_count",
        "1",
        "ack.count",
        SOURCE,
        "For how many replicas a commit waits. MariaDB has no such variable: always one.",
    ),
    about(
        "rpl_semi_sync_source_timeout",
        "10000",
        "ack.timeout, on_timeout = \"async\"",
        SOURCE,
        "After how many milliseconds a commit is acknowledged all the same, and later ones do not \
         wait until a replica has caught up.",
    ),
    about(
        "rpl_semi_sync_source_wait_point",
        "AFTER_SYNC; MariaDB 10.11: AFTER_COMMIT",
        "ack.visible: after-ack, after-log",
        SOURCE,
        "Whether other sessions see a row while its commit waits: not with AFTER_SYNC, at once \
         with AFTER_COMMIT.",
    ),
    about(
        "rpl_semi_sync_source_wait_no_replica",
        "ON",
        "a short ack.timeout",
        SOURCE,
        "OFF stops waiting as soon as fewer replicas are connected than are waited for; here the \
         timeout is waited for, as with ON.",
    ),
    about(
        "sync_binlog",
        "1",
        "flush_delay",
        BINLOG,
        "After how many commits the log is flushed. Here each is on disk before it is shipped, as \
         with 1; flushes that take long cover many commits.",
    ),
    about(
        "innodb_flush_log_at_trx_commit",
        "1",
        "flush_delay",
        "innodb-parameters",
        "Whether each commit is flushed by the storage engine. Here it is, as with 1.",
    ),
    about(
        "binlog_format",
        "ROW",
        "log_format",
        BINLOG,
        "What the log holds: the rows that changed, the statements, or either.",
    ),
    about(
        "binlog_row_image",
        "full",
        "row_image: full, minimal",
        BINLOG,
        "Whether a row's image in the log holds all columns, or the id and what was given.",
    ),
    about(
        "binlog_expire_logs_seconds",
        "2592000",
        "retention, in entries",
        BINLOG,
        "After how long logs are removed. Here they are kept by count, so only a time longer than \
         any run can be expressed.",
    ),
    about(
        "gtid_mode",
        "OFF",
        "none: every entry has a GTID",
        "replication-options-gtids",
        "Whether transactions have identities of their own. Here all have, as with ON.",
    ),
    about(
        "log_replica_updates",
        "ON",
        "topology = \"star\", where nobody passes anything on",
        BINLOG,
        "Whether a replica logs what it applies, so that others can follow it. Here it does.",
    ),
    about(
        "replicate_same_server_id",
        "OFF",
        "loop_filter, which is its opposite",
        REPLICA,
        "Whether a server applies events that are its own when they come round.",
    ),
    about(
        "replica_parallel_workers",
        "4",
        "apply_workers",
        REPLICA,
        "How many entries a replica applies at a time. Written, it is read; absent, one worker.",
    ),
    about(
        "replica_preserve_commit_order",
        "ON",
        "apply_workers = 1",
        REPLICA,
        "Whether parallel workers commit in the source's order. Here several workers finish in any \
         order.",
    ),
    about(
        "read_only",
        "OFF",
        "writers",
        "server-system-variables",
        "OFF lets clients write on a replica, which then differs in silence. Here replicas refuse.",
    ),
    about(
        "source_delay",
        "0",
        "a server's apply_after",
        CHANGE,
        "By how many seconds a replica stays behind on purpose. Here each server may have its own.",
    ),
    about(
        "source_heartbeat_period",
        "half of replica_net_timeout: 30",
        "keepalive",
        CHANGE,
        "After how many seconds of silence a source says where its log ends.",
    ),
    about(
        "auto_increment_increment",
        "1",
        "auto_increment.step",
        SOURCE,
        "The distance of the ids that a server generates.",
    ),
    about(
        "auto_increment_offset",
        "1",
        "auto_increment.offset",
        SOURCE,
        "Where the series of generated ids begins; one for all servers, unless \"node\" is said.",
    ),
];

const POSTGRESQL: [About; 11] = [
    about(
        "synchronous_commit",
        "on",
        "ack.point: received, flushed and applied for the last three; local is async",
        WAL,
        "How far a commit must have come. off acknowledges before the primary's own flush, so that \
         its crash may lose what was acknowledged; here the primary's disk always comes first, and \
         local is as fast as off wherever flush_delay is 0.",
    ),
    about(
        "synchronous_standby_names",
        "'' (none)",
        "ack.from and ack.count, relay_acks = false, on_timeout = \"wait\"",
        REPLICATION,
        "For which standbys a commit waits, for ever if it must: the first n that are connected, \
         or any n.",
    ),
    about("fsync", "on", "none", WAL, "Whether flushes reach the disk. Here they do."),
    about(
        "commit_delay",
        "0",
        "flush_delay",
        WAL,
        "How many microseconds a flush waits for other commits to join. Here one that takes long \
         covers all that came before it began.",
    ),
    about(
        "wal_keep_size",
        "0",
        "retention, in entries",
        REPLICATION,
        "How many megabytes of old log are kept at least. Here they are kept by count.",
    ),
    about(
        "max_slot_wal_keep_size",
        "-1 (no limit)",
        "retention, in entries",
        REPLICATION,
        "How many megabytes of log a replication slot may hold back. Without a retention all is \
         kept, as with -1.",
    ),
    about(
        "wal_sender_timeout",
        "60s",
        "keepalive, which is one half of it",
        REPLICATION,
        "After how much silence a standby no longer counts as connected.",
    ),
    about(
        "hot_standby",
        "on",
        "a client's read = \"primary\"",
        REPLICATION,
        "Whether a standby answers reads. Here it does.",
    ),
    about(
        "hot_standby_feedback",
        "off",
        "none",
        REPLICATION,
        "Whether a standby's reads keep the primary from removing old row versions.",
    ),
    about(
        "recovery_min_apply_delay",
        "0",
        "a server's apply_after",
        REPLICATION,
        "By how much a standby stays behind on purpose.",
    ),
    about(
        "max_standby_streaming_delay",
        "30s",
        "none: reads and applies never conflict",
        REPLICATION,
        "How long replay waits for a read that is in its way before it cancels it.",
    ),
];

const MONGODB: [About; 9] = [
    about(
        "writeConcern",
        "{ w = \"majority\" }; with arbiters perhaps { w = 1 }",
        "ack.count, ack.point",
        "reference/mongodb-defaults",
        "How many members, the primary among them, must have a write, and whether in their \
         journals. wtimeout only tells the client: the write stays.",
    ),
    about(
        "readConcern",
        "local",
        "ack.visible: local is after-log, majority is after-ack",
        "reference/read-concern",
        "Whether the primary shows what a majority does not have yet. A replica shows what it has \
         applied. linearizable and snapshot need a clock or a round of their own.",
    ),
    about(
        "readPreference",
        "primary",
        "a client's read: primary, replica, nearest",
        "core/read-preference",
        "Which members answer reads. A preference with a second choice cannot be expressed.",
    ),
    about(
        "writeConcernMajorityJournalDefault",
        "true",
        "ack.point: true is flushed, false is received",
        SET,
        "Whether a majority must have a write in its journals if j is not given.",
    ),
    about(
        "electionTimeoutMillis",
        "10000",
        "failover.timeout",
        SET,
        "After how long a silent primary is given up.",
    ),
    about(
        "heartbeatIntervalMillis",
        "2000",
        "failover.heartbeat",
        SET,
        "How often members tell one another that they are there.",
    ),
    about(
        "chainingAllowed",
        "true",
        "topology: star, or chain and tree",
        SET,
        "Whether a secondary may follow another. Here the topology says who follows whom.",
    ),
    about(
        "catchUpTimeoutMillis",
        "-1",
        "none: an elected server first applies all it has received",
        SET,
        "How long a new primary fetches what others have more than it.",
    ),
    about(
        "secondaryDelaySecs",
        "0",
        "a server's apply_after",
        SET,
        "By how much a member stays behind on purpose.",
    ),
];

impl About {
    /// Every knob of a system, in the order of `System::names`.
    pub fn all(system: System) -> &'static [About] {
        match system {
            System::Mysql => &MYSQL,
            System::Postgresql => &POSTGRESQL,
            System::Mongodb => &MONGODB,
        }
    }

    /// One knob; None if there is none of this name.
    pub fn of(system: System, name: &str) -> Option<&'static About> {
        About::all(system).iter().find(|about| about.name == name)
    }
}

/// Where a system's manual pages are.
fn manual(system: System) -> &'static str {
    match system {
        System::Mysql => "the MySQL 8.4 Reference Manual; MariaDB as observed on 10.11",
        System::Postgresql => "the PostgreSQL 16 documentation",
        System::Mongodb => "the MongoDB 8.0 Manual",
    }
}

/// All of it as a page.
pub fn markdown() -> String {
    let mut page = String::from(
        "# Knobs of real systems\n\n\
         Made by `replicascope knobs --markdown`; a test keeps it so.\n\n\
         A scenario's `[cluster.mysql]`, `[cluster.postgresql]` or `[cluster.mongodb]` is read as \
         that system spells it and becomes settings of this engine, which is what is printed and \
         shared. The ack rule, and with MongoDB failover and where reads go, follow the whole \
         table, the system's own defaults included; everything else only what is written. A value \
         that cannot be expressed is refused with these words.\n",
    );
    for system in System::ALL {
        let (name, manual) = (system.name(), manual(system));
        let _ = write!(
            page,
            "\n## {name}\n\nDefaults as in {manual}.\n\n\
             | knob | default | here | what it does | source |\n|---|---|---|---|---|\n"
        );
        for About { name, default, ours, says, source } in About::all(system) {
            let _ = writeln!(page, "| `{name}` | {default} | {ours} | {says} | `{source}` |");
        }
    }
    page
}
