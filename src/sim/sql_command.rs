//! A client's SQL statement, as `sql = "UPDATE users SET age = 7"` or as a table that says whose it
//! is and where it goes.

use std::rc::Rc;

use crate::base::NodeId;
use crate::data::Change;
use crate::data::sql::{Context, Logged, parse};
use crate::form::{Field, Fields, Form, FromForm, Misfit, ToForm, may, must};
use crate::node::{Reason, Request};

use super::client::Client;
use super::world::{Telling, World};

/// The name under which the table stands among keys.
const TABLE: &str = "users";

/// A statement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct SqlCommand {
    /// Who; absent: the first client.
    pub client: String,
    /// The statement: INSERT, UPDATE, DELETE, TRUNCATE, DROP or SELECT, over the one table, users.
    pub text: String,
    /// Which server is asked; absent: as for writes and reads.
    pub to: Option<NodeId>,
}

impl Fields for SqlCommand {
    fn blank() -> SqlCommand {
        SqlCommand::default()
    }

    fn fields(&mut self) -> Vec<Field<'_>> {
        vec![may("client", &mut self.client), must("text", &mut self.text), may("to", &mut self.to)]
    }
}

impl SqlCommand {
    /// A statement of the first client.
    pub fn new(text: &str) -> SqlCommand {
        SqlCommand { text: text.to_string(), ..SqlCommand::default() }
    }

    pub(super) fn particulars(&self) -> Form {
        if *self == SqlCommand::new(&self.text) {
            Form::from(self.text.as_str())
        } else {
            self.to_form()
        }
    }

    pub(super) fn read(form: &Form) -> Result<SqlCommand, Misfit> {
        form.text().map_or_else(|| FromForm::from_form(form), |text| Ok(SqlCommand::new(text)))
    }
}

/// In a file it is a text or a table.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn schema_of_sql(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let table = generator.subschema_for::<SqlCommand>();
    schemars::json_schema!({ "anyOf": [{ "type": "string" }, table] })
}

impl World {
    /// A client sends a statement.
    pub(super) fn submit_sql(
        &mut self,
        telling: &mut Telling,
        command: &SqlCommand,
    ) -> Result<(), Reason> {
        let statement = parse(&command.text).map_err(|_| Reason::BadStatement)?;
        let named = |client: &&Client| command.client.is_empty() || *client.name == *command.client;
        let client = self.clients.iter().find(named).ok_or(Reason::NoSuchClient)?;
        let (id, user) = (client.id, Rc::clone(&client.name));
        command.to.map_or(Ok(()), |node| self.known(node))?;
        let key = self.names.intern(TABLE).ok_or(Reason::LimitReached)?;
        let reads = statement.reads();
        let context = Context { connection: id.0, user, ..Context::default() };
        let logged = Rc::new(Logged { statement, text: command.text.as_str().into(), context });
        let request = if reads {
            Request::Read { key, after: None, select: Some(logged) }
        } else {
            // What it takes in the log is known when it has been carried out.
            let change = Change::Statement(logged);
            Request::Write { key, change, bytes: 0, seen: None, local: false }
        };
        self.submit(telling, id, request, command.to);
        Ok(())
    }
}
