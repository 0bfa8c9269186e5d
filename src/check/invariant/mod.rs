//! What must hold at every step of every run: one table, each line a number of SEMANTICS section B,
//! a sentence, and a plain function.
//!
//! A function looks at the world after a step, at the step's records and at what was `Seen` before.
//! It looks only at servers that the step touched, so that a whole run can be checked throughout.
//! What can be said only once a healed cluster has come to rest stands in `quiet`.

mod ack;
mod chain;
mod conflict;
mod election;
mod log;
mod member;
mod network;
mod quiet;
mod reign;
mod seen;
mod setting;
mod snapshot;
mod wait;

use std::fmt;

use crate::base::{NodeId, SimTime};
use crate::node::{Fact, Node};
use crate::sim::{Record, Scenario, World};

use seen::Seen;
use setting::Setting;

/// Whether something holds, and if not, what was found.
type Holds = Result<(), String>;

/// One thing that must hold.
#[derive(Clone, Copy)]
pub struct Invariant {
    /// Its number; several may share one.
    pub number: &'static str,
    /// What must hold, in a sentence.
    pub name: &'static str,
    holds: fn(&Step) -> Holds,
    when: When,
}

/// When an invariant is checked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    /// After every step.
    Always,
    /// Once everything is healed and has come to rest.
    Quiet,
}

const fn always(number: &'static str, name: &'static str, holds: fn(&Step) -> Holds) -> Invariant {
    Invariant { number, name, holds, when: When::Always }
}

const fn quiet(number: &'static str, name: &'static str, holds: fn(&Step) -> Holds) -> Invariant {
    Invariant { number, name, holds, when: When::Quiet }
}

/// Every invariant, in the order of SEMANTICS.
pub const INVARIANTS: &[Invariant] = &[
    always("I2", "no message arrives before it was sent", network::sent_before_arrival),
    always("I2", "an ordered link delivers in the order of sending", network::in_order),
    always("I2", "every message sent has arrived, is lost or is under way", network::none_vanishes),
    always("I3", "received holds flushed, flushed holds applied", log::stages_nest),
    always("I3", "positions only grow, but for a fresh copy", log::positions_grow),
    always("I3", "no follower is ahead of its source", log::none_ahead_of_source),
    always("I3", "an entry is shipped from its sender's disk", log::shipped_from_disk),
    always("I4", "a log holds a prefix of each reign's writes", log::prefix_of_reign),
    always("I5", "no entry is applied twice at one server", log::applied_once),
    always("I9", "a promotion loses a suffix of each earlier reign", reign::loses_a_suffix),
    always(
        "I9",
        "lost is what was acknowledged and did not survive",
        reign::lost_is_what_is_missing,
    ),
    always("I11", "an acknowledged write is where the rule asks", ack::where_the_rule_asks),
    always("I11", "an acknowledged write is still on the disks counted", ack::still_on_disk),
    always(
        "I13",
        "a write that waits for acks is visible at its primary only if the rule shows it",
        wait::shown_as_the_rule_says,
    ),
    always("I14", "no write waits longer than the timeout", ack::waits_no_longer_than_timeout),
    always("I14", "a degraded primary waits for nobody", ack::degraded_waits_for_nobody),
    always(
        "I14",
        "acks are asked again once enough replicas have everything",
        ack::rearms_once_caught_up,
    ),
    always("I15", "under sync-all every server has what is acknowledged", ack::sync_all_means_all),
    always("I16", "under sync-all at apply no read is stale", ack::applied_everywhere_reads_fresh),
    always(
        "I18",
        "a write waits while too few replicas have it, each counted once",
        ack::counts_each_replica_once,
    ),
    always(
        "I19",
        "a write whose client was told nothing is never counted lost",
        ack::unknown_is_not_lost,
    ),
    always("I19", "a client told ok was told the truth", ack::told_the_truth),
    always("I19", "a write whose client was told no is in no log", wait::told_no_means_no),
    always("I19", "no operation ends silently", ack::none_ends_silently),
    always(
        "I18",
        "the first connected followers have what is acknowledged",
        wait::first_ones_have_it,
    ),
    always("I20", "a rule that waits for ever never gives up", wait::nobody_gives_up),
    always(
        "I20",
        "a write that asks for no acks waits only for its row",
        wait::local_waits_for_its_row_alone,
    ),
    always("I21", "each epoch has one primary at most", reign::one_primary_an_epoch),
    always("I21", "a server votes once an epoch", election::one_vote_an_epoch),
    always("I24", "a primary is elected by a majority", election::elected_by_a_majority),
    always(
        "I22",
        "every later primary has what a majority acknowledged",
        election::majority_writes_survive,
    ),
    always("I21", "no server's epoch and no promise goes back", reign::epochs_grow),
    always("I21", "only a primary writes", reign::only_primaries_write),
    always(
        "I23",
        "nothing is acknowledged where too few servers can hear of it",
        ack::enough_are_in_touch,
    ),
    always(
        "I25",
        "a server takes nothing of an older epoch than its own",
        reign::takes_nothing_older,
    ),
    always("I26", "what is thrown away is gone", reign::thrown_away_is_gone),
    always(
        "I26",
        "what a majority acknowledged is not thrown away",
        reign::majority_writes_are_kept,
    ),
    always(
        "I26",
        "after a copy nothing is left of an older reign that the source never had",
        reign::a_copy_leaves_nothing_old,
    ),
    always("I27", "no follower skips an entry of its source", log::no_gap_skipped),
    always("I27", "who needs a copy takes nothing else meanwhile", member::needy_skips_nothing),
    always("I27", "who has left the cluster takes no part", member::gone_takes_no_part),
    always("I24", "streams and majorities rest on the same members", member::members_agree),
    always(
        "I30",
        "a conflict is told of changes that had not seen one another",
        conflict::conflicts_are_concurrent,
    ),
    always("I31", "a GTID names one change only", log::gtid_names_one_change),
    always(
        "E1",
        "a snapshot shows of each key what was committed last by then",
        snapshot::shows_what_was_committed,
    ),
    always("E1", "a snapshot offered is applied", snapshot::snapshots_are_applied),
    always("I46", "who lacks no entry is not stale", snapshot::no_lag_no_staleness),
    always("I50", "a delayed server applies nothing early", snapshot::delayed_applies_late),
    always(
        "I44",
        "no server of a proper chain has what one before it lacks",
        chain::histories_nest,
    ),
    always(
        "I44",
        "what a server of a proper chain counts as answered, all behind it have",
        chain::sent_is_the_rest,
    ),
    always(
        "I45",
        "what is answered, every server of a proper chain has",
        chain::answered_is_everywhere,
    ),
    always("I45", "the tail of a proper chain answers no old value", chain::tail_reads_fresh),
    always(
        "I47",
        "who answers a read has what its client knows of",
        ack::answers_have_what_clients_know,
    ),
    quiet("I5", "at rest every entry in a log is applied", quiet::all_applied),
    quiet("I6", "at rest every follower has all its source has", quiet::followers_have_all),
    quiet("I6", "at rest one primary's servers hold the same rows", quiet::same_rows),
    quiet(
        "I7",
        "at rest rows and captured statements have made the same table everywhere",
        quiet::same_tables,
    ),
    quiet("I4", "at rest a follower's log has its source's order", quiet::same_order),
    quiet("I6", "at rest each row shows the log's last change of it", quiet::rows_show_the_log),
    quiet("I32", "at rest the same entries make the same rows", conflict::same_entries_same_rows),
    quiet("I34", "at rest siblings are what nothing had seen", conflict::siblings_are_maximal),
    quiet("I35", "at rest a counter counts each change once", conflict::counters_count_once),
    quiet("I11", "at rest no write waits whose acks can come", quiet::none_waits_in_vain),
    quiet("I14", "at rest a primary that can be answered waits for acks again", quiet::rearmed),
    quiet(
        "I21",
        "at rest every server has heard of the newest epoch",
        quiet::newest_epoch_everywhere,
    ),
    quiet("I24", "at rest one server leads, if servers elect", election::somebody_leads),
    quiet("I2", "a cluster at rest is silent", quiet::silent),
];

/// An invariant that did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Its number.
    pub number: &'static str,
    /// What should have held.
    pub name: &'static str,
    /// What was found instead.
    pub found: String,
    /// After which step.
    pub step: u64,
    /// When.
    pub at: SimTime,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Violation { number, name, found, step, at } = self;
        write!(f, "{number} broken at {at} us, step {step}: {name}; {found}")
    }
}

/// One step of a run, as the invariants see it.
struct Step<'a> {
    world: &'a World,
    records: &'a [Record],
    touched: &'a [NodeId],
    seen: &'a Seen,
    setting: &'a Setting,
}

impl Step<'_> {
    /// The servers that something happened at.
    fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.touched.iter().map(|node| &self.world.nodes[node.index()])
    }

    /// The server whose message arrived in this step. What is told of a message first names it.
    fn sender(&self) -> Option<NodeId> {
        let arrival = self.records.first().filter(|record| record.is_arrival());
        arrival.and_then(|record| record.from.node())
    }

    /// What happened at servers, with the server.
    fn facts(&self) -> impl Iterator<Item = (&Node, &Fact)> {
        let at_node = |record: &Record| record.place.node();
        self.records.iter().filter_map(move |record| {
            Some((&self.world.nodes[at_node(record)?.index()], &record.fact))
        })
    }
}

/// Holds a run against every invariant, step by step.
pub struct Checker {
    setting: Setting,
    seen: Seen,
    touched: Vec<NodeId>,
}

impl Checker {
    /// For a run of this scenario that has not begun.
    pub fn new(scenario: &Scenario, world: &World) -> Checker {
        Checker { setting: Setting::of(scenario), seen: Seen::new(world), touched: Vec::new() }
    }

    /// Checks one step: the world after it and the records it told.
    pub fn observe(&mut self, world: &World, records: &[Record]) -> Result<(), Violation> {
        self.seen.reach(world);
        self.touch(world, records, false);
        self.check(world, records, When::Always)?;
        self.seen.learn(world, records, &self.touched);
        Ok(())
    }

    /// Checks a world in which everything is healed and nothing is asked any more.
    pub fn rest(&mut self, world: &World) -> Result<(), Violation> {
        self.seen.reach(world);
        self.touch(world, &[], true);
        self.check(world, &[], When::Quiet)
    }

    /// Everything that does not hold of a step, or of a world at rest; learns nothing from it.
    pub fn broken(&mut self, world: &World, records: &[Record], at_rest: bool) -> Vec<Violation> {
        let known = self.seen.nodes.len();
        self.seen.reach(world);
        self.touch(world, records, at_rest);
        let when = if at_rest { When::Quiet } else { When::Always };
        let violations = self.violations(world, records, when).collect();
        self.seen.nodes.truncate(known);
        violations
    }

    fn touch(&mut self, world: &World, records: &[Record], all: bool) {
        self.touched.clear();
        let everywhere = records.iter().any(|record| matches!(record.fact, Fact::Command(_)));
        if all || everywhere {
            self.touched.extend(world.nodes.iter().map(|node| node.id));
        } else {
            self.touched.extend(records.iter().filter_map(|record| record.place.node()));
            self.touched.sort_unstable();
            self.touched.dedup();
        }
    }

    fn check(&self, world: &World, records: &[Record], when: When) -> Result<(), Violation> {
        self.violations(world, records, when).next().map_or(Ok(()), Err)
    }

    fn violations<'a>(
        &'a self,
        world: &'a World,
        records: &'a [Record],
        when: When,
    ) -> impl Iterator<Item = Violation> + 'a {
        let Checker { setting, seen, touched } = self;
        let step = Step { world, records, touched, seen, setting };
        INVARIANTS.iter().filter(move |invariant| invariant.when == when).filter_map(
            move |invariant| {
                let found = (invariant.holds)(&step).err()?;
                Some(Violation {
                    number: invariant.number,
                    name: invariant.name,
                    found,
                    step: world.steps,
                    at: world.now,
                })
            },
        )
    }
}
