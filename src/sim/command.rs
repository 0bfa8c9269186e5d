//! What a person or a script can do to a run: every fault and every dial.

use crate::base::{Delay, NodeId, Probability, SkewSpan, Span};
use crate::data::Value;
use crate::form::{
    Entry, Field, Fields, Form, FromForm, Misfit, ToForm, may, misplaced, must, unsuitable, when,
};
use crate::policy::{Ack, Conflict, LogFormat, LoopFilter, Origins, Preset, RowImage};

use super::asking::{DeleteCommand, ReadCommand};

use super::amend::{IncrementCommand, TextDeleteCommand, TextInsertCommand};
use super::bandwidth::Bandwidth;
use super::operate::{AddCommand, RepointCommand};
use super::sql_command::SqlCommand;

/// One intervention. Names are resolved when it is carried out; what cannot be done is refused
/// with a reason and changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename_all = "kebab-case"))]
pub enum Command {
    /// A client writes.
    Write(WriteCommand),
    /// A client writes a key that must not be there yet.
    Insert(WriteCommand),
    /// A client changes a counter.
    Increment(IncrementCommand),
    /// A client puts a member into a set.
    SetAdd(WriteCommand),
    /// A client takes a member out of a set.
    SetRemove(WriteCommand),
    /// A client types into a text.
    TextInsert(TextInsertCommand),
    /// A client deletes from a text.
    TextDelete(TextDeleteCommand),
    /// A client deletes a key.
    Delete(DeleteCommand),
    /// A client reads.
    Read(ReadCommand),
    /// A client sends a SQL statement.
    Sql(
        #[cfg_attr(
            not(target_arch = "wasm32"),
            schemars(schema_with = "super::sql_command::schema_of_sql")
        )]
        SqlCommand,
    ),
    /// A server loses its memory and stops.
    Crash(NodeId),
    /// A server starts from its disk.
    Restart(NodeId),
    /// A server stands still.
    Pause(NodeId),
    /// A server goes on.
    Resume(NodeId),
    /// The network falls apart into groups; servers not named form one more. Replaces an earlier
    /// partition.
    Partition(PartitionCommand),
    /// Every cut and every partition ends.
    Heal(Yes),
    /// One link stops carrying.
    Cut(CutCommand),
    /// One link carries again.
    Mend(CutCommand),
    /// Dials change.
    Set(Box<DialsCommand>),
    /// A server becomes primary of a new epoch.
    Promote(NodeId),
    /// A primary becomes a replica.
    Demote(NodeId),
    /// A server's clock is set off.
    Clock(ClockCommand),
    /// A new server joins.
    AddNode(AddCommand),
    /// A server leaves for good; who followed it follows its source.
    RemoveNode(NodeId),
    /// A server follows another.
    Repoint(RepointCommand),
    /// The streams are laid out anew over the servers that are up.
    Rebalance(Yes),
    /// A server starts over from a copy of its source.
    Reseed(NodeId),
    /// A server forgets old versions.
    Vacuum(NodeId),
    /// A server that has stopped applying leaves that entry out and goes on.
    Skip(NodeId),
}

/// Every command's name.
const NAMES: [&str; 29] = [
    "write",
    "insert",
    "increment",
    "set-add",
    "set-remove",
    "text-insert",
    "text-delete",
    "delete",
    "read",
    "sql",
    "crash",
    "restart",
    "pause",
    "resume",
    "partition",
    "heal",
    "cut",
    "mend",
    "set",
    "promote",
    "demote",
    "clock",
    "add-node",
    "remove-node",
    "repoint",
    "rebalance",
    "reseed",
    "vacuum",
    "skip",
];

impl ToForm for Command {
    fn to_form(&self) -> Form {
        Form::Table(vec![self.to_entry()])
    }
}

impl FromForm for Command {
    fn from_form(form: &Form) -> Result<Command, Misfit> {
        match form {
            Form::Table(entries) if entries.len() == 1 => Command::from_entry(&entries[0]),
            _ => Err(misplaced(form, "one command, such as { crash = \"n1\" }")),
        }
    }
}

/// A write.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct WriteCommand {
    /// Who.
    pub client: String,
    /// Which key.
    pub key: String,
    /// What it becomes.
    pub value: Value,
    /// Which server is asked; absent: the primary, or the client's home where several take writes.
    pub to: Option<NodeId>,
    /// "async" if it asks for no acks, whatever the cluster's rule; absent: as the rule says.
    pub ack: Option<Preset>,
}

impl Fields for WriteCommand {
    fn blank() -> WriteCommand {
        WriteCommand {
            client: String::new(),
            key: String::new(),
            value: Value::Number(0),
            to: None,
            ack: None,
        }
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![
            must("client", &mut self.client),
            must("key", &mut self.key),
            must("value", &mut self.value),
            may("to", &mut self.to),
            may("ack", &mut self.ack),
        ]
    }
}

/// Groups of servers that cannot reach one another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct PartitionCommand {
    /// The groups.
    pub groups: Vec<Vec<NodeId>>,
}

impl Fields for PartitionCommand {
    fn blank() -> PartitionCommand {
        PartitionCommand::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![must("groups", &mut self.groups)]
    }
}

/// A link, one way or both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct CutCommand {
    /// One end.
    pub from: NodeId,
    /// The other end.
    pub to: NodeId,
    /// Whether both directions are meant.
    pub both: bool,
}

impl Fields for CutCommand {
    fn blank() -> CutCommand {
        CutCommand::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![must("from", &mut self.from), must("to", &mut self.to), when("both", &mut self.both)]
    }
}

/// A clock's error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct ClockCommand {
    /// Whose clock.
    pub node: NodeId,
    /// How far it is ahead.
    pub skew: SkewSpan,
}

impl Fields for ClockCommand {
    fn blank() -> ClockCommand {
        ClockCommand::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![must("node", &mut self.node), must("skew", &mut self.skew)]
    }
}

/// New positions of dials; what is absent stays. With `node`, a server's dials are meant; with
/// `from` and `to`, a link's; with neither, everybody's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct DialsCommand {
    /// Only this server.
    pub node: Option<NodeId>,
    /// Only this link: one end.
    pub from: Option<NodeId>,
    /// Only this link: the other end.
    pub to: Option<NodeId>,
    /// Both directions of the link.
    pub both: bool,
    /// When a write counts as replicated.
    pub ack: Option<Ack>,
    /// Which entries a server drops.
    pub loop_filter: Option<LoopFilter>,
    /// Servers whose entries are dropped wherever they come; these alone.
    pub ignore_origins: Option<Origins>,
    /// What becomes of concurrent changes of one key.
    pub conflict: Option<Conflict>,
    /// Whether relays report the acks of the servers behind them.
    pub relay_acks: Option<bool>,
    /// How long a flushed entry waits at the sender.
    pub ship_delay: Option<Delay>,
    /// After how much silence a source speaks.
    pub keepalive: Option<Span>,
    /// How many entries a log keeps.
    pub retention: Option<u32>,
    /// Whether a follower that lacks what its source has trimmed gets a copy unasked.
    pub auto_seed: Option<bool>,
    /// How far back snapshots can be read.
    pub vacuum: Option<Span>,
    /// Time to apply one entry.
    pub apply_delay: Option<Delay>,
    /// Entries applied at a time.
    pub apply_workers: Option<u16>,
    /// Time for one flush.
    pub flush_delay: Option<Delay>,
    /// What applying takes longer for each row.
    pub apply_row_delay: Option<Span>,
    /// What the log carries of a statement.
    pub log_format: Option<LogFormat>,
    /// How much of a row it carries.
    pub row_image: Option<RowImage>,
    /// How long ago a commit must be before it is applied.
    pub apply_after: Option<Span>,
    /// Time to work on a read.
    pub query_delay: Option<Delay>,
    /// One-way time of a message.
    pub latency: Option<Delay>,
    /// Share of messages that never arrive.
    pub loss: Option<Probability>,
    /// Share of messages that arrive twice.
    pub duplicate: Option<Probability>,
    /// Share of messages that are held back.
    pub reorder: Option<Probability>,
    /// Capacity of a link.
    pub bandwidth: Option<Bandwidth>,
}

impl Fields for DialsCommand {
    fn blank() -> DialsCommand {
        DialsCommand::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![
            may("node", &mut self.node),
            may("from", &mut self.from),
            may("to", &mut self.to),
            when("both", &mut self.both),
            may("ack", &mut self.ack),
            may("loop_filter", &mut self.loop_filter),
            may("ignore_origins", &mut self.ignore_origins),
            may("conflict", &mut self.conflict),
            may("relay_acks", &mut self.relay_acks),
            may("ship_delay", &mut self.ship_delay),
            may("keepalive", &mut self.keepalive),
            may("retention", &mut self.retention),
            may("auto_seed", &mut self.auto_seed),
            may("vacuum", &mut self.vacuum),
            may("apply_delay", &mut self.apply_delay),
            may("apply_workers", &mut self.apply_workers),
            may("flush_delay", &mut self.flush_delay),
            may("apply_row_delay", &mut self.apply_row_delay),
            may("log_format", &mut self.log_format),
            may("row_image", &mut self.row_image),
            may("apply_after", &mut self.apply_after),
            may("query_delay", &mut self.query_delay),
            may("latency", &mut self.latency),
            may("loss", &mut self.loss),
            may("duplicate", &mut self.duplicate),
            may("reorder", &mut self.reorder),
            may("bandwidth", &mut self.bandwidth),
        ]
    }
}

/// A command without particulars, written `heal = true` or `heal = {}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Yes;

impl ToForm for Yes {
    fn to_form(&self) -> Form {
        Form::Bool(true)
    }
}

impl FromForm for Yes {
    fn from_form(form: &Form) -> Result<Yes, Misfit> {
        let expected = "true or {}";
        match form {
            Form::Bool(true) | Form::Nothing => Ok(Yes),
            Form::Bool(false) => Err(unsuitable(form, expected)),
            Form::Table(entries) if entries.is_empty() => Ok(Yes),
            Form::Whole(_)
            | Form::Negative(_)
            | Form::Decimal(_)
            | Form::Text(_)
            | Form::List(_)
            | Form::Table(_) => Err(misplaced(form, expected)),
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl schemars::JsonSchema for Yes {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Yes".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "anyOf": [{ "const": true }, { "type": "object", "maxProperties": 0 }],
        })
    }
}

impl Command {
    /// Every command's name.
    pub fn names() -> &'static [&'static str] {
        &NAMES
    }

    /// Its name in scenario files.
    pub fn name(&self) -> &'static str {
        match self {
            Command::Write(_) => "write",
            Command::Insert(_) => "insert",
            Command::Increment(_) => "increment",
            Command::SetAdd(_) => "set-add",
            Command::SetRemove(_) => "set-remove",
            Command::TextInsert(_) => "text-insert",
            Command::TextDelete(_) => "text-delete",
            Command::Delete(_) => "delete",
            Command::Read(_) => "read",
            Command::Sql(_) => "sql",
            Command::Crash(_) => "crash",
            Command::Restart(_) => "restart",
            Command::Pause(_) => "pause",
            Command::Resume(_) => "resume",
            Command::Partition(_) => "partition",
            Command::Heal(_) => "heal",
            Command::Cut(_) => "cut",
            Command::Mend(_) => "mend",
            Command::Set(_) => "set",
            Command::Promote(_) => "promote",
            Command::Demote(_) => "demote",
            Command::Clock(_) => "clock",
            Command::AddNode(_) => "add-node",
            Command::RemoveNode(_) => "remove-node",
            Command::Repoint(_) => "repoint",
            Command::Rebalance(_) => "rebalance",
            Command::Reseed(_) => "reseed",
            Command::Vacuum(_) => "vacuum",
            Command::Skip(_) => "skip",
        }
    }

    /// What goes with the name.
    fn particulars(&self) -> Form {
        match self {
            Command::Sql(sql) => sql.particulars(),
            Command::Delete(delete) => delete.to_form(),
            Command::Read(read) => read.to_form(),
            Command::Write(write)
            | Command::Insert(write)
            | Command::SetAdd(write)
            | Command::SetRemove(write) => write.to_form(),
            Command::Increment(increment) => increment.to_form(),
            Command::TextInsert(insert) => insert.to_form(),
            Command::TextDelete(delete) => delete.to_form(),
            Command::Crash(node)
            | Command::Restart(node)
            | Command::Pause(node)
            | Command::Resume(node)
            | Command::Promote(node)
            | Command::Demote(node)
            | Command::RemoveNode(node)
            | Command::Reseed(node)
            | Command::Vacuum(node)
            | Command::Skip(node) => node.to_form(),
            Command::Partition(partition) => partition.to_form(),
            Command::Heal(yes) | Command::Rebalance(yes) => yes.to_form(),
            Command::AddNode(add) => add.to_form(),
            Command::Repoint(repoint) => repoint.to_form(),
            Command::Cut(cut) | Command::Mend(cut) => cut.to_form(),
            Command::Set(dials) => dials.to_form(),
            Command::Clock(clock) => clock.to_form(),
        }
    }

    /// The command as one entry of a table.
    pub(super) fn to_entry(&self) -> Entry {
        Entry::new(self.name(), self.particulars())
    }

    /// Reads a command from one entry of a table.
    pub(super) fn from_entry(entry: &Entry) -> Result<Command, Misfit> {
        let form = &entry.form;
        let command = match entry.name.as_str() {
            "write" => FromForm::from_form(form).map(Command::Write),
            "insert" => FromForm::from_form(form).map(Command::Insert),
            "increment" => FromForm::from_form(form).map(Command::Increment),
            "set-add" => FromForm::from_form(form).map(Command::SetAdd),
            "set-remove" => FromForm::from_form(form).map(Command::SetRemove),
            "text-insert" => FromForm::from_form(form).map(Command::TextInsert),
            "text-delete" => FromForm::from_form(form).map(Command::TextDelete),
            "delete" => FromForm::from_form(form).map(Command::Delete),
            "read" => FromForm::from_form(form).map(Command::Read),
            "sql" => SqlCommand::read(form).map(Command::Sql),
            "crash" => FromForm::from_form(form).map(Command::Crash),
            "restart" => FromForm::from_form(form).map(Command::Restart),
            "pause" => FromForm::from_form(form).map(Command::Pause),
            "resume" => FromForm::from_form(form).map(Command::Resume),
            "partition" => FromForm::from_form(form).map(Command::Partition),
            "heal" => FromForm::from_form(form).map(Command::Heal),
            "cut" => FromForm::from_form(form).map(Command::Cut),
            "mend" => FromForm::from_form(form).map(Command::Mend),
            "set" => FromForm::from_form(form).map(|dials| Command::Set(Box::new(dials))),
            "promote" => FromForm::from_form(form).map(Command::Promote),
            "demote" => FromForm::from_form(form).map(Command::Demote),
            "clock" => FromForm::from_form(form).map(Command::Clock),
            "add-node" => FromForm::from_form(form).map(Command::AddNode),
            "remove-node" => FromForm::from_form(form).map(Command::RemoveNode),
            "repoint" => FromForm::from_form(form).map(Command::Repoint),
            "rebalance" => FromForm::from_form(form).map(Command::Rebalance),
            "reseed" => FromForm::from_form(form).map(Command::Reseed),
            "vacuum" => FromForm::from_form(form).map(Command::Vacuum),
            "skip" => FromForm::from_form(form).map(Command::Skip),
            _ => return Err(Misfit::unknown(entry, "command", &NAMES)),
        };
        command.map_err(|misfit| misfit.within(entry))
    }

    /// Whether it breaks or repairs something, as against using or tuning it.
    pub fn is_fault(&self) -> bool {
        match self {
            Command::Write(_)
            | Command::Delete(_)
            | Command::Read(_)
            | Command::Sql(_)
            | Command::Set(_)
            | Command::Vacuum(_)
            | Command::Insert(_)
            | Command::Increment(_)
            | Command::SetAdd(_)
            | Command::SetRemove(_)
            | Command::TextInsert(_)
            | Command::TextDelete(_) => false,
            Command::Crash(_)
            | Command::Restart(_)
            | Command::Pause(_)
            | Command::Resume(_)
            | Command::Partition(_)
            | Command::Heal(_)
            | Command::Cut(_)
            | Command::Mend(_)
            | Command::Promote(_)
            | Command::Demote(_)
            | Command::Clock(_)
            | Command::AddNode(_)
            | Command::RemoveNode(_)
            | Command::Repoint(_)
            | Command::Rebalance(_)
            | Command::Reseed(_) => true,
            Command::Skip(_) => true,
        }
    }
}
