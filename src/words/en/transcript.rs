//! The transcript: a sentence for everything that happens, and what the operator does.

use std::fmt::Display;

use super::counted;
use crate::base::capitalised;

// recording/story/command.rs

pub fn write(client: impl Display, key: impl Display, value: impl Display) -> String {
    format!("{client} is to write {key} = {value}")
}
pub fn insert(client: impl Display, key: impl Display, value: impl Display) -> String {
    format!("{client} is to insert {key} = {value}")
}
pub fn set_add(client: impl Display, value: impl Display, key: impl Display) -> String {
    format!("{client} is to add {value} to {key}")
}
pub fn set_remove(client: impl Display, value: impl Display, key: impl Display) -> String {
    format!("{client} is to take {value} out of {key}")
}
pub fn increment(client: impl Display, key: impl Display, by: impl Display) -> String {
    format!("{client} is to change {key} by {by}")
}
pub fn text_insert(
    client: impl Display,
    text: &str,
    at: impl Display,
    key: impl Display,
) -> String {
    format!("{client} is to type {text:?} at {at} of {key}")
}
pub fn text_delete(
    client: impl Display,
    count: impl Display,
    at: impl Display,
    key: impl Display,
) -> String {
    format!("{client} is to delete {count} at {at} of {key}")
}
pub fn delete(client: impl Display, key: impl Display) -> String {
    format!("{client} is to delete {key}")
}
pub fn as_of(at: impl Display) -> String {
    format!(" as of {at}")
}
pub fn read(client: impl Display, key: impl Display, moment: impl Display) -> String {
    format!("{client} is to read {key}{moment}")
}
pub const FIRST_CLIENT: &str = "the first client";
pub fn sql(who: impl Display, sql: impl Display) -> String {
    format!("{who} is to send `{sql}`")
}
pub fn crash(node: impl Display) -> String {
    format!("{node} is made to crash")
}
pub fn restart(node: impl Display) -> String {
    format!("{node} is started")
}
pub fn pause(node: impl Display) -> String {
    format!("{node} is paused")
}
pub fn resume(node: impl Display) -> String {
    format!("{node} may go on")
}
pub fn partition(groups: impl Display) -> String {
    format!("the network splits: {groups} | the rest")
}
pub const HEAL: &str = "the network is whole again";
pub fn cut(link: impl Display) -> String {
    format!("the link {link} is cut")
}
pub fn mend(link: impl Display) -> String {
    format!("the link {link} is mended")
}
pub fn promote(node: impl Display) -> String {
    format!("{node} is made primary")
}
pub fn demote(node: impl Display) -> String {
    format!("{node} is made a replica")
}
pub fn add_node(source: impl Display) -> String {
    format!("a new node is to follow {source}")
}
pub const NEW_NODE: &str = "a new node is to join";
pub fn remove_node(node: impl Display) -> String {
    format!("{node} is taken out of the cluster")
}
pub fn repoint(node: impl Display, source: impl Display) -> String {
    format!("{node} is pointed to {source}")
}
pub const REBALANCE: &str = "the streams are laid out anew";
pub fn reseed(node: impl Display) -> String {
    format!("{node} is to start over from a copy")
}
pub fn skip(node: impl Display) -> String {
    format!("{node} is to leave out what it stopped at")
}
pub fn clock(node: impl Display, skew: impl Display) -> String {
    format!("the clock of {node} is off by {skew}")
}
pub fn vacuum(node: impl Display) -> String {
    format!("{node} is vacuumed")
}
pub fn at_node(node: impl Display) -> String {
    format!(" at {node}")
}

// recording/story/sentence.rs

pub const ITS_SOURCE: &str = "its source";
pub const A_FOLLOWER: &str = "a follower";
pub fn command(number: impl Display) -> String {
    format!("Command {number}.")
}
pub fn command_refused(reason: impl Display) -> String {
    format!("That cannot be done: {reason}.")
}
pub fn refused(here: impl Display, write: impl Display, reason: impl Display) -> String {
    format!("{here} refuses {write}: {reason}.")
}
pub const AS_STATEMENT: &str = "as a statement";
pub const AS_UNSAFE_STATEMENT: &str = "as a statement, with a warning: it is unsafe";
pub const AS_ROWS: &str = "as rows";
pub fn executed(
    here: impl Display,
    client: impl Display,
    sql: impl Display,
    rows: u64,
    bytes: impl Display,
    how: impl Display,
) -> String {
    let rows = counted(rows, "row");
    format!("{here} carries out {client}'s {sql}: {rows}, {bytes} bytes in the log {how}.")
}
pub fn row_there(id: impl Display) -> String {
    format!("users/{id} is there already")
}
pub fn row_missing(id: impl Display) -> String {
    format!("users/{id} is not there")
}
pub const TABLE_GONE: &str = "the table is gone";
pub const NUMBER_DOES_NOT_FIT: &str = "a number does not fit";
pub const ROWS_DIFFER: &str = "the rows differ too much from one another";
pub fn unfit(here: impl Display, gtid: impl Display, why: impl Display) -> String {
    format!("{here} skips {gtid}, which does not fit its rows: {why}.")
}
pub fn passed(here: impl Display, write: impl Display, to: impl Display) -> String {
    format!("{here} passes {write} on to {to}, which judges it.")
}
pub fn written(
    here: impl Display,
    write: impl Display,
    gtid: impl Display,
    lsn: impl Display,
) -> String {
    format!("{here} has {write} on disk as {gtid}, at position {lsn} of its log.")
}
pub const AT_ONCE: &str = "at once";
pub fn after(time: impl Display) -> String {
    format!("after {time}")
}
pub fn tail_answers(here: impl Display, gtid: impl Display) -> String {
    format!("{here}, the tail, answers {gtid}: every server of the chain has it.")
}
pub fn committed_without_acks(
    here: impl Display,
    gtid: impl Display,
    took: impl Display,
) -> String {
    format!("{here} commits {gtid} {took}, without the acks its rule asks for.")
}
pub fn committed(here: impl Display, gtid: impl Display, took: impl Display) -> String {
    format!("{here} commits {gtid} {took}: its ack rule is met.")
}
pub fn shown(here: impl Display, gtid: impl Display) -> String {
    format!("{here} lets reads see {gtid}, which still waits for acks.")
}
pub fn recovered(here: impl Display, gtid: impl Display) -> String {
    format!("{here} finds its own write {gtid} in its log and makes it visible.")
}
pub const AND_ON_DISK: &str = " and has it on disk";
pub fn received(here: impl Display, gtid: impl Display, and: impl Display) -> String {
    format!("{here} receives {gtid}{and}.")
}
pub fn flushed(here: impl Display, gtid: impl Display) -> String {
    format!("{here} has {gtid} on disk.")
}
pub fn applied(here: impl Display, gtid: impl Display) -> String {
    format!("{here} applies {gtid}: reads see it here now.")
}
pub fn conflict(here: impl Display, gtid: impl Display, with: impl Display) -> String {
    format!("{here} has {gtid} and {with}, which had not seen one another.")
}
pub fn overruled(
    here: impl Display,
    write: impl Display,
    gtid: impl Display,
    by: impl Display,
) -> String {
    format!("{here} drops {write} ({gtid}): {by} stays.")
}
pub fn applier_stopped(here: impl Display, gtid: impl Display, with: impl Display) -> String {
    format!("{here} stops applying at {gtid}: {with} has given it that key already.")
}
pub fn skipped(here: impl Display, gtid: impl Display) -> String {
    format!("{here} leaves {gtid} out and applies what follows.")
}
pub fn duplicate(here: impl Display, gtid: impl Display) -> String {
    format!("{here} ignores {gtid}, which came again.")
}
pub fn ignored_origin(here: impl Display, gtid: impl Display, origin: impl Display) -> String {
    format!("{here} drops {gtid}: what {origin} wrote is ignored.")
}
pub fn filtered(here: impl Display, gtid: impl Display) -> String {
    format!("{here} drops {gtid}: it has it already.")
}
pub fn gap(here: impl Display, expected: impl Display, found: impl Display) -> String {
    format!("{here} waits for position {expected} and gets {found}: something is missing.")
}
pub fn confirmed(
    here: impl Display,
    of: impl Display,
    has: impl Display,
    gtid: impl Display,
) -> String {
    format!("{here} learns that {of} {has} {gtid}.")
}
pub fn relayed(
    here: impl Display,
    of: impl Display,
    has: impl Display,
    gtid: impl Display,
) -> String {
    format!("{here} hears, on behalf of its source, that {of} {has} {gtid}.")
}
pub fn degraded(here: impl Display) -> String {
    format!("{here} stops waiting for acks: they did not come in time.")
}
pub fn rearmed(here: impl Display) -> String {
    format!("{here} waits for acks again: replicas have caught up.")
}
pub fn heartbeat(here: impl Display, source: impl Display, end: impl Display) -> String {
    format!("{here} hears that the log of {source} ends at {end}.")
}
pub fn status(here: impl Display, follower: impl Display, at: impl Display) -> String {
    format!("{here} hears that {follower} waits for position {at}.")
}
pub fn fetch(here: impl Display, follower: impl Display, lsn: impl Display) -> String {
    format!("{here} is asked by {follower} for everything from position {lsn}.")
}
pub fn connect(here: impl Display, follower: impl Display) -> String {
    format!("{here} is asked by {follower} for what it lacks.")
}
pub fn resumed(here: impl Display, source: impl Display, lsn: impl Display) -> String {
    format!("{here} learns that {source} continues at position {lsn}.")
}
pub fn rewound(here: impl Display, source: impl Display, lsn: impl Display) -> String {
    format!("{here} rewinds to where {source} is, at position {lsn}.")
}
pub fn seeded(here: impl Display, source: impl Display, lsn: impl Display) -> String {
    format!("{here} replaces all it had with a copy of {source} at position {lsn}.")
}
pub fn discarded(here: impl Display, write: impl Display, gtid: impl Display) -> String {
    format!("{here} throws away {write} ({gtid}), which the primary never had.")
}
pub fn beat(here: impl Display, source: impl Display, epoch: impl Display) -> String {
    format!("{here} hears {source}, the primary of epoch {epoch}.")
}
pub fn beat_answered(here: impl Display, follower: impl Display) -> String {
    format!("{here} hears that {follower} hears it.")
}
pub fn suspected(here: impl Display) -> String {
    format!("{here} has not heard its primary for too long.")
}
pub fn found_healthy(here: impl Display) -> String {
    format!("The monitor beside {here} finds the primary healthy: it cannot fail to.")
}
pub fn canvassed(here: impl Display, epoch: impl Display) -> String {
    format!("{here} asks who would vote for it in epoch {epoch}.")
}
pub fn supported(here: impl Display, candidate: impl Display, epoch: impl Display) -> String {
    format!("{here} would vote for {candidate} in epoch {epoch}.")
}
pub fn campaigned(here: impl Display, epoch: impl Display) -> String {
    format!("{here} asks for votes in epoch {epoch}.")
}
pub fn voted(here: impl Display, candidate: impl Display, epoch: impl Display) -> String {
    format!("{here} votes for {candidate} in epoch {epoch}.")
}
pub fn declined(here: impl Display, candidate: impl Display, epoch: impl Display) -> String {
    format!("{here} does not vote for {candidate} in epoch {epoch}.")
}
pub fn vote_granted(here: impl Display, follower: impl Display) -> String {
    format!("{here} gets the vote of {follower}.")
}
pub fn vote_denied(here: impl Display, follower: impl Display) -> String {
    format!("{here} does not get the vote of {follower}.")
}
pub fn elected(here: impl Display, epoch: impl Display) -> String {
    format!("{here} is elected in epoch {epoch} and applies what it has received.")
}
pub fn fenced(here: impl Display, epoch: impl Display) -> String {
    format!("{here} turns away a message of epoch {epoch}.")
}
pub fn ignored(here: impl Display, sender: impl Display) -> String {
    format!("{here} ignores a message from {sender}.")
}
pub const ANOTHER_SERVER: &str = "another server";
pub fn unfollowed(here: impl Display, by: impl Display) -> String {
    format!("{here} stops shipping to {by}, which follows another.")
}
pub fn informed(here: impl Display, epoch: impl Display) -> String {
    format!("{here} learns of epoch {epoch}.")
}
pub fn stepped_down(here: impl Display, epoch: impl Display) -> String {
    format!("{here} learns of epoch {epoch} and becomes a replica.")
}
pub fn promoted(here: impl Display, epoch: impl Display) -> String {
    format!("{here} becomes primary of epoch {epoch}.")
}
pub fn demoted(here: impl Display) -> String {
    format!("{here} becomes a replica.")
}
pub fn repointed(here: impl Display, source: impl Display) -> String {
    format!("{here} follows {source} from now on.")
}
pub fn needs_seed(here: impl Display, source: impl Display) -> String {
    format!("{here} cannot go on: {source} no longer has what it lacks. It needs a fresh copy.")
}
pub fn took_over(here: impl Display) -> String {
    format!("{here} is the tail of the chain from now on.")
}
pub fn excluded(here: impl Display, node: impl Display) -> String {
    format!("{here} no longer hears {node}: the chain closes over it.")
}
pub fn joined(here: impl Display) -> String {
    format!("{here} joins the cluster, with an empty disk.")
}
pub fn left(here: impl Display) -> String {
    format!("{here} leaves the cluster for good.")
}
pub fn crashed(here: impl Display) -> String {
    format!("{here} crashes: its memory is gone, its disk stays.")
}
pub fn restarted(here: impl Display) -> String {
    format!("{here} runs again, from its disk.")
}
pub fn paused(here: impl Display) -> String {
    format!("{here} stands still.")
}
pub fn unpaused(here: impl Display) -> String {
    format!("{here} goes on.")
}
pub fn read_waits(client: impl Display, here: impl Display, lacks: impl Display) -> String {
    format!("{client}'s read waits at {here} for {lacks}.")
}
pub fn answered_select(here: impl Display, client: impl Display) -> String {
    format!("{here} answers {client}'s SELECT.")
}
pub fn served(
    here: impl Display,
    client: impl Display,
    key: impl Display,
    of: impl Display,
    gtid: impl Display,
) -> String {
    format!("{here} answers {client}'s read of {key}{of} from {gtid}.")
}
pub fn served_never_written(
    here: impl Display,
    client: impl Display,
    of: impl Display,
    key: impl Display,
) -> String {
    format!("{here} answers {client}'s read{of}: {key} was never written here.")
}
pub fn snapshot_waits(client: impl Display, here: impl Display, newest: impl Display) -> String {
    format!("{client}'s read waits at {here}, whose newest snapshot is of {newest}.")
}
pub fn vacuumed(here: impl Display, versions: impl Display, horizon: impl Display) -> String {
    format!("{here} forgets {versions}: snapshots from {horizon} on can be read.")
}
pub fn lost_write(write: impl Display, gtid: impl Display) -> String {
    format!("{write} ({gtid}) was acknowledged, and is lost.")
}
pub fn named(client: impl Display, what: impl Display) -> String {
    format!("{client}'s {what}")
}
pub const WITH: &str = "with";
pub const WITHOUT: &str = "without";
pub fn named_delete(client: impl Display, key: impl Display) -> String {
    format!("{client}'s delete of {key}")
}
pub fn named_edit(client: impl Display, key: impl Display) -> String {
    format!("{client}'s edit of {key}")
}
pub fn sent_sql(client: impl Display, sql: impl Display, to: impl Display) -> String {
    format!("{client} sends {sql} to {to}.")
}
pub fn sent_put(
    client: impl Display,
    key: impl Display,
    value: impl Display,
    to: impl Display,
) -> String {
    format!("{client} writes {key} = {value} at {to}.")
}
pub fn sent_insert(
    client: impl Display,
    key: impl Display,
    value: impl Display,
    to: impl Display,
) -> String {
    format!("{client} inserts {key} = {value} at {to}.")
}
pub fn sent_delete(client: impl Display, key: impl Display, to: impl Display) -> String {
    format!("{client} deletes {key} at {to}.")
}
pub fn sent_add(
    client: impl Display,
    key: impl Display,
    by: impl Display,
    to: impl Display,
) -> String {
    format!("{client} changes {key} by {by} at {to}.")
}
pub fn sent_set_add(
    client: impl Display,
    value: impl Display,
    key: impl Display,
    to: impl Display,
) -> String {
    format!("{client} adds {value} to {key} at {to}.")
}
pub fn sent_set_remove(
    client: impl Display,
    value: impl Display,
    key: impl Display,
    to: impl Display,
) -> String {
    format!("{client} takes {value} out of {key} at {to}.")
}
pub fn sent_edit(
    client: impl Display,
    key: impl Display,
    to: impl Display,
    edit: impl Display,
) -> String {
    format!("{client} edits {key} at {to}: {edit}.")
}
pub fn sent_change(client: impl Display, key: impl Display, to: impl Display) -> String {
    format!("{client} changes {key} at {to}.")
}
pub fn sent_read(client: impl Display, key: impl Display, to: impl Display) -> String {
    format!("{client} reads {key} at {to}.")
}
pub const AT_LAST: &str = "at last, but had given up waiting";
pub const ONCE_MORE: &str = "once more";
pub fn told_again(client: impl Display, key: impl Display, how: impl Display) -> String {
    format!("{client} hears about {key} {how}.")
}
pub fn told_ok(client: impl Display, key: impl Display) -> String {
    format!("{client} is told ok: {key} is acknowledged.")
}
pub fn the_delete(key: impl Display) -> String {
    format!("the delete of {key}")
}
pub fn the_change(key: impl Display) -> String {
    format!("the change of {key}")
}
pub fn told_ok_degraded(client: impl Display, key: impl Display) -> String {
    format!("{client} is told ok for {key}, without the acks the rule asks for.")
}
pub fn told_refused(client: impl Display, key: impl Display, reason: impl Display) -> String {
    format!("{client} is told no for {key}: {reason}.")
}
pub fn gave_up_on_write(client: impl Display, key: impl Display) -> String {
    format!("{client} gives up on {key}: the write may or may not have happened.")
}
pub fn gave_up_on_read(client: impl Display, key: impl Display) -> String {
    format!("{client} gives up on reading {key}.")
}
pub fn has_key(client: impl Display, key: impl Display) -> String {
    format!("{client} has {key}.")
}
pub const DELETED_VALUE: &str = "nothing: it was deleted";
pub const NOTHING: &str = "nothing";
pub const FRESH: &str = "fresh";
pub fn one_version_old(age: impl Display) -> String {
    format!("1 version and {age} old")
}
pub fn versions_old(versions: impl Display, age: impl Display) -> String {
    format!("{versions} versions and {age} old")
}
pub fn read_value(
    client: impl Display,
    key: impl Display,
    value: impl Display,
    age: impl Display,
) -> String {
    format!("{client} reads {key}: {value}, {age}.")
}
pub fn lost_luck(what: impl Display, from: impl Display, to: impl Display) -> String {
    format!("{what} from {from} to {to} is lost on the way.")
}
pub fn lost_cut(what: impl Display, from: impl Display, to: impl Display) -> String {
    format!("{what} from {from} to {to} dies on the cut link.")
}
pub fn lost_down(what: impl Display, from: impl Display, to: impl Display) -> String {
    format!("{what} from {from} is lost: {to} is down.")
}
pub fn lost_left(what: impl Display, from: impl Display, to: impl Display) -> String {
    format!("{what} from {from} is lost: {to} has left the cluster.")
}
pub fn old_versions(count: u64) -> String {
    counted(count, "old version")
}
pub fn characters_go(count: impl Display, at: impl Display) -> String {
    format!("{count} characters at {at} go")
}
pub fn typed_at(typed: &str, at: impl Display) -> String {
    format!("{typed:?} at {at}")
}
pub const HAS_RECEIVED: &str = "has received everything up to";
pub const HAS_FLUSHED: &str = "has on disk everything up to";
pub const HAS_APPLIED: &str = "has applied everything up to";
pub const KIND_WRITE: &str = "A write";
pub const KIND_READ: &str = "A read";
pub const KIND_ACK: &str = "The ok to a write";
pub const KIND_REFUSAL: &str = "A refusal";
pub const KIND_VALUE: &str = "The answer to a read";
pub const KIND_APPEND: &str = "A shipment of log entries";
pub const KIND_REPLICA_ACK: &str = "An ack";
pub const KIND_HEARTBEAT: &str = "A heartbeat";
pub const KIND_FETCH: &str = "A request for entries";
pub const KIND_SNAPSHOT: &str = "A full copy";
pub const KIND_FENCE: &str = "Word of a newer epoch";
pub const KIND_VOTE: &str = "A message about votes";
/// A sentence of words that begin with a small letter; names of servers and clients keep theirs.
pub fn sentence(words: impl Display) -> String {
    let text = format!("{words}.");
    if text.starts_with("the ") || text.starts_with("too ") { capitalised(&text) } else { text }
}
