use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::model::{Command, Protocol};
use crate::text::{Slot, Statement};
use crate::value::Value;

/// A statement that a client sent, with all that expectations compare: text, command, values, schema, query attributes
/// and connection.
#[derive(Clone, Debug)]
pub struct Call {
    /// The statement's text, without the comment that names a test. For an execution it is the text that was
    /// prepared.
    pub statement: Statement,
    /// The command by which the client sent the statement.
    pub command: Command,
    /// The values of the placeholders, in order; empty unless a prepared statement is executed, or a message of the
    /// X Protocol has arguments. Those of a bulk execution as a whole are the values of all rows, and behind them a text
    /// with the number of rows and the places of the keywords DEFAULT and IGNORE.
    pub params: Vec<Value>,
    /// The schema in use, without the id of a test (`shop` for `shop+t7`); `None` if there is none.
    pub schema: Option<Arc<str>>,
    /// The query attributes, by their names.
    pub query_attributes: BTreeMap<String, Value>,
    /// The connection that the statement came on.
    pub connection: Arc<Connection>,
}

impl Call {
    /// A COM_QUERY with this text, on a connection without user, schema and attributes.
    #[must_use]
    pub fn query(text: &str) -> Self {
        Self {
            statement: Statement::new(text),
            command: Command::Query,
            params: Vec::new(),
            schema: None,
            query_attributes: BTreeMap::new(),
            connection: Arc::new(Connection::default()),
        }
    }

    /// An execution of a prepared statement: the text that was prepared, and the values of its placeholders.
    #[must_use]
    pub fn execute(text: &str, params: Vec<Value>) -> Self {
        Self {
            command: Command::Execute,
            params,
            ..Self::query(text)
        }
    }

    /// All values of the statement in the order of the text: literals, and the values bound to placeholders. A command
    /// of the X Plugin has no places for its arguments; its values are the arguments.
    #[must_use]
    pub fn values(&self) -> Vec<Value> {
        if self.command == Command::Admin {
            return self.params.clone();
        }
        let mut bound = self.params.iter();
        let slots = self.statement.slots().iter();
        let values = slots.filter_map(|slot| match slot {
            Slot::Literal(value) => Some(value),
            Slot::Placeholder => bound.next(),
        });
        values.cloned().collect()
    }

    /// The same statement with other values, in the order of [`values`](Self::values); `None` keeps a value.
    #[must_use]
    pub fn with_values(&self, values: &[Option<Value>]) -> Self {
        let value = |place: usize| values.get(place).cloned().flatten();
        let is_admin = self.command == Command::Admin;
        let slots = self.statement.slots().iter().enumerate();
        let placeholders = slots.filter(|(_, slot)| **slot == Slot::Placeholder);
        let places: Vec<_> = match is_admin {
            true => (0..self.params.len()).collect(),
            false => placeholders.map(|(place, _)| place).collect(),
        };
        let mut params = self.params.clone();
        for (param, place) in params.iter_mut().zip(places) {
            if let Some(value) = value(place) {
                *param = value;
            }
        }
        let has_literal = |(place, slot): (usize, &Slot)| {
            *slot != Slot::Placeholder && values.get(place).is_some_and(Option::is_some)
        };
        let literals = self.statement.slots().iter().enumerate();
        let statement = match !is_admin && literals.into_iter().any(has_literal) {
            true => self.statement.with_literals(value),
            false => self.statement.clone(),
        };
        Self {
            statement,
            params,
            ..self.clone()
        }
    }

    /// About how many bytes it takes: its texts and values, and its digest, which may be made of it.
    pub(crate) fn size(&self) -> usize {
        let attributes = self.query_attributes.iter();
        let attributes = attributes.map(|(name, value)| name.len() + value.size());
        let connection = self.connection.attributes.iter();
        let connection = connection.map(|(name, value)| name.len() + value.len());
        2 * self.statement.text().len()
            + self.params.iter().map(Value::size).sum::<usize>()
            + attributes.sum::<usize>()
            + connection.sum::<usize>()
    }
}

/// The connection that a statement came on.
#[derive(Clone, Debug, Serialize)]
pub struct Connection {
    /// The id of the connection.
    pub id: u32,
    /// The name of the user that is logged in, without the id of a test: `app` for `app+t7`.
    pub user: String,
    /// The protocol of the connection.
    pub protocol: Protocol,
    /// The connection attributes that the client sent, by their names.
    pub attributes: BTreeMap<String, String>,
}

impl Default for Connection {
    fn default() -> Self {
        Self {
            id: 0,
            user: String::new(),
            protocol: Protocol::Classic,
            attributes: BTreeMap::new(),
        }
    }
}
