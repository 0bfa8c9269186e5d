/** A duration: "250us", "10ms", "1.5s", "2m". */
export type Duration = string;
/** A server: "n1", "n2", ... */
export type NodeName = string;
/** How long something takes. */
export type Delay =
    | Duration
    | { min: Duration; max: Duration }
    | { mean: Duration }
    | { quantiles: Duration[] };
/** When a write counts as replicated. */
export type Ack =
    | "async"
    | "semi-sync"
    | "quorum"
    | "sync"
    | {
          count: number | "none" | "majority" | "all";
          point?: "received" | "flushed" | "applied";
          timeout?: Duration;
          on_timeout?: "wait" | "async";
          /** From when on others see a write that waits. */
          visible?: "after-ack" | "after-log";
          /** Whoever answers first, or the first connected followers. */
          from?: "any" | "first";
      };
/** Drop what is here already (true), what this server wrote ("origin"), or nothing (false). */
export type LoopFilter = boolean | "origin";
export type Value = string | number;
/** What the log carries of a statement. */
export type LogFormat = "statement" | "row" | "mixed";
/** How much of a row it carries. */
export type RowImage = "full" | "minimal";

/** The table of SQL statements, users, in outline: the first runs of rows that are alike. */
export interface Users {
    rows: number;
    next_id: number;
    /** `id` is such as "1-500"; what is empty is absent; what differs is "first .. last". */
    runs: ({ id: string } & Record<string, Value>)[];
    /** How many runs are not shown. */
    more: number;
}
/** What becomes of concurrent changes of one key. */
export type Conflict =
    | "none"
    | "lww"
    | "version-vector"
    | "ot"
    | "merge-max"
    | "merge-min"
    | "merge-sum"
    | "reject";

export interface LinkDials {
    latency?: Delay;
    loss?: number;
    duplicate?: number;
    reorder?: number;
    /** "unlimited" or such as "10Mbit/s". */
    bandwidth?: string;
}

export interface NodeDials {
    apply_delay?: Delay;
    apply_workers?: number;
    flush_delay?: Delay;
    query_delay?: Delay;
    /** For each row that a statement looks at, or an image changes. */
    apply_row_delay?: Duration;
}

/** How far a server is behind at one instant. */
export interface Lag {
    /** Entries in primaries' logs that are not applied here, and their bytes. */
    entries: number;
    bytes: number;
    /** Where these entries are. */
    parts: { ship: number; queue: number; apply: number };
    /** How long ago the oldest acknowledged write not applied here was acknowledged. */
    staleness_us: number;
    /** What MySQL would report; null where it says NULL. */
    seconds_behind: number | null;
    /** PostgreSQL's now() - pg_last_xact_replay_timestamp(). */
    since_last_replay_us: number | null;
}

/** How many writes stand how; each is one of these. */
export interface Ledger {
    /** Acknowledged, and on the disks of two servers that run. */
    durable: number;
    /** Acknowledged, and one crash can lose it. */
    at_risk: number;
    /** Acknowledged, and absent from the surviving history. */
    lost: number;
    /** Lost once, and back. */
    resurrected: number;
    pending: number;
    /** Nobody was told: it may be there or not. */
    indeterminate: number;
    refused: number;
}

export interface Link {
    from: NodeName;
    to: NodeName;
    both?: boolean;
}

/** Knobs of a real system and their values; docs/presets.md lists them. */
export type Knobs = Record<string, string | number | boolean | Record<string, unknown>>;

/** What a scenario file says; the JSON Schema that is shipped has every range. */
export interface Scenario {
    name?: string;
    about?: string;
    seed?: number;
    until?: Duration;
    limits?: { in_flight?: number; steps?: number; ops?: number };
    cluster?: NodeDials & {
        /** A cascade of replicas, or chain replication, whose tail answers. */
        chain?: "cascading" | "proper";
        topology?: "star" | "chain" | "ring" | "tree" | "custom";
        nodes?: number;
        fanout?: number;
        writers?: NodeName[];
        ack?: Ack;
        loop_filter?: LoopFilter;
        ignore_origins?: NodeName[];
        conflict?: Conflict;
        relay_acks?: boolean;
        ship_delay?: Delay;
        keepalive?: Duration;
        retention?: number;
        auto_seed?: boolean;
        log_format?: LogFormat;
        row_image?: RowImage;
        auto_increment?: { step?: number; offset?: "node" | number };
        /** Rows of the table of SQL statements at the start. */
        users?: number;
        isolation?: "latest" | "mvcc";
        vacuum?: Duration;
        /** The chapter's own code instead of the engine. */
        code?: "simple-master" | "production-async" | "production-semi-sync" | "production-sync";
        /** Knobs as those systems spell them; they become settings of ours. */
        mysql?: Knobs;
        postgresql?: Knobs;
        mongodb?: Knobs;
        stream?: { from: NodeName; to: NodeName }[];
    };
    network?: LinkDials & { link?: (Link & LinkDials)[] };
    node?: (NodeDials & {
        id: NodeName;
        region?: string;
        clock_skew?: Duration;
        apply_after?: Duration;
    })[];
    client?: {
        id: string;
        home?: NodeName;
        latency?: Delay;
        read?:
            | "primary"
            | "replica"
            | "any"
            | "round-robin"
            | "nearest"
            | "read-your-writes"
            | "monotonic"
            | "causal"
            | "wait-for-replication"
            | "snapshot";
        timeout?: Duration;
        wait?: Duration;
    }[];
    workload?: {
        client: string;
        /** Such as "100/s". */
        rate: string;
        arrivals?: "poisson" | "steady" | "bursts";
        reads?: number;
        keys?: number;
        skew?: "uniform" | "zipf";
        from?: Duration;
        until?: Duration;
    }[];
    at?: ({ time: Duration } & Command)[];
}

/** One intervention. */
export type Command =
    | { write: { client: string; key: string; value: Value; to?: NodeName; ack?: "async" } }
    | { insert: { client: string; key: string; value: Value; to?: NodeName; ack?: "async" } }
    | { increment: { client: string; key: string; by?: number; to?: NodeName } }
    | { "set-add": { client: string; key: string; value: Value; to?: NodeName; ack?: "async" } }
    | { "set-remove": { client: string; key: string; value: Value; to?: NodeName; ack?: "async" } }
    | { "text-insert": { client: string; key: string; at: number; text: string; to?: NodeName } }
    | { "text-delete": { client: string; key: string; at: number; count?: number; to?: NodeName } }
    | { delete: { client: string; key: string; to?: NodeName } }
    /** A statement over the one table, users; by itself, the first client's. */
    | { sql: string | { client?: string; text: string; to?: NodeName } }
    | { read: { client: string; key: string; at?: Duration; to?: NodeName } }
    | { crash: NodeName }
    | { restart: NodeName }
    | { pause: NodeName }
    | { resume: NodeName }
    | { partition: { groups: NodeName[][] } }
    | { heal: true | Record<string, never> }
    | { cut: Link }
    | { mend: Link }
    | {
          set: Partial<Link> &
              LinkDials &
              NodeDials & {
                  node?: NodeName;
                  ack?: Ack;
                  loop_filter?: LoopFilter;
                  ignore_origins?: NodeName[] | "none";
                  conflict?: Conflict;
                  relay_acks?: boolean;
                  ship_delay?: Delay;
                  keepalive?: Duration;
                  retention?: number;
                  auto_seed?: boolean;
                  log_format?: LogFormat;
                  row_image?: RowImage;
                  vacuum?: Duration;
                  apply_after?: Duration;
              };
      }
    | { promote: NodeName }
    | { demote: NodeName }
    | { clock: { node: NodeName; skew: Duration } }
    | { "add-node": true | { source?: NodeName } }
    | { "remove-node": NodeName }
    | { repoint: { node: NodeName; source: NodeName } }
    | { rebalance: true | Record<string, never> }
    | { reseed: NodeName }
    | { vacuum: NodeName }
    | { skip: NodeName };

/** Thrown for a scenario or a command that cannot be run; an Error of this name. */
export interface ScenarioError extends Error {
    name: "ScenarioError";
    /** From 1. */
    line: number;
    /** In characters, from 1. */
    column: number;
    /** Such as "at[3].write.client". */
    path: string;
}

/** One record of the trace; further fields depend on the event. */
export interface TraceLine {
    /** Number of the record. */
    step: number;
    at_us: number;
    /** A server, a client, or "operator". */
    place: string;
    /** If a message's arrival is what happened: who sent it. */
    from?: string;
    sent_us?: number;
    /** Number of the record that brought this one about. */
    cause?: number;
    event: string;
    /** What happened, in one sentence. */
    text: string;
    [field: string]: unknown;
}

/** Everything there is at one instant. */
export interface Snapshot {
    at_us: number;
    events: number;
    records: number;
    digest: string;
    epoch: number;
    limit: string | null;
    ack: Ack;
    /** The chapter's code that servers run, if any. */
    code: string | null;
    streams: { from: NodeName; to: NodeName }[];
    /** A proper chain, head first; empty in any other topology. */
    chain: NodeName[];
    nodes: {
        id: NodeName;
        status: "up" | "paused" | "down" | "removed";
        role: "primary" | "replica";
        epoch: number;
        log_end: number;
        log_first: number;
        /** GTID sets, such as "n1:1-5:7,n2:1-3". */
        logged: string;
        applied: string;
        /** Entries logged and not yet applied. */
        queue: number;
        /** Its own writes that wait for acks. */
        waiting: number;
        degraded: boolean;
        /** It lacks what its source has trimmed: only a copy can help. */
        needs_seed: boolean;
        lag: Lag;
        /** The newest snapshot it can show; null if it is down or keeps no versions. */
        newest_snapshot_us: number | null;
        /** The entry at which it has stopped applying, as a GTID. */
        stopped: string | null;
        region: string | null;
        /** Concurrent values and sets are lists. */
        rows: Record<string, Value | Value[] | null>;
        users: Users | "dropped" | null;
    }[];
    clients: { id: string; home: NodeName; pending: number }[];
    ledger: Ledger;
    messages: {
        from: string;
        to: string;
        kind: string;
        sent_us: number;
        due_us: number;
        /** When it dies on the way; null if it arrives. */
        lost_us: number | null;
    }[];
    cuts: { from: NodeName; to: NodeName }[];
    groups: number[];
}

/** A distribution. */
export interface Summary {
    count: number;
    mean: number;
    p50: number;
    p90: number;
    p95: number;
    p99: number;
    p999: number;
    max: number;
}

/** Whether something that clients may rely on held; "unknown": it did as far as the run went. */
export interface Guarantee {
    holds: boolean | "unknown";
    count: number;
    /** The first ones, in order of time. */
    violations: { at_us: number; client: string; key: string; why: string }[];
}

/** A write in a list: acknowledged and lost, or thrown away by a server that had it. */
export interface WriteReport {
    op: number;
    client: string;
    key: string;
    value: string | number | null;
    gtid: string | null;
    acknowledged_at_us: number | null;
}

/** The report of a run; times are in microseconds of simulated time. */
export interface Report {
    scenario: string;
    seed: number;
    until_us: number;
    digest: string;
    events: number;
    messages: {
        sent: number;
        delivered: number;
        lost: number;
        duplicated: number;
        in_flight: number;
    };
    bytes: { log: number; ack: number; control: number };
    writes: {
        issued: number;
        acknowledged: number;
        degraded: number;
        refused: number;
        timed_out: number;
        pending: number;
        lost_acknowledged: number;
        resurrected: number;
        discarded: number;
        conflicts: number;
        /** Told no, and there all the same. */
        refused_yet_there: number;
    };
    ledger: Ledger;
    reads: { issued: number; answered: number; stale: number; failed: number };
    staleness_us: Summary;
    staleness_versions: Summary;
    commit_latency_us: Summary;
    write_latency_us: Summary;
    read_latency_us: Summary;
    lag_us: Record<NodeName, { p50: number; p99: number; max: number }>;
    lag_entries: Record<NodeName, { p50: number; p99: number; max: number }>;
    lag_parts_us: Record<NodeName, { ship: number; queue: number; apply: number }>;
    failovers: {
        crashed_at_us: number | null;
        detected_at_us: number | null;
        elected_at_us: number | null;
        promoted_at_us: number;
        repointed_at_us: number;
        from: NodeName;
        to: NodeName;
        epoch: number;
        parts_us: {
            detect: number | null;
            elect: number | null;
            drain: number | null;
            repoint: number | null;
        };
    }[];
    rpo_writes: number;
    lost_writes: WriteReport[];
    discarded_writes: WriteReport[];
    rto_us: number | null;
    nodes: Record<
        NodeName,
        {
            up: boolean;
            role: "primary" | "replica";
            epoch: number;
            applied: string;
            lag: Lag;
            /** What the chapter's get_lag says; null for a primary. */
            chapter_lag_us: number | null;
            newest_snapshot_us: number | null;
            rows: Record<string, Value | Value[]>;
            users: Users | "dropped" | null;
        }
    >;
    converged: boolean;
    divergent_keys: string[];
    guarantees: Record<
        | "linearizable"
        | "read_your_writes"
        | "monotonic_reads"
        | "monotonic_writes"
        | "writes_follow_reads"
        | "causal",
        Guarantee
    >;
    limit: string | null;
}
