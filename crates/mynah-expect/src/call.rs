use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::model::{Command, Protocol};
use crate::text::{Slot, Statement};
use crate::value::Value;

/// A statement that a client wants to be run, as expectations see it.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its text, without the comment that names a test. Of an execution, it is the text that was prepared.
    pub statement: Statement,
    /// The command that carries it.
    pub command: Command,
    /// The values of its placeholders, in order.
    pub params: Vec<Value>,
    /// The schema in use, if there is one.
    pub schema: Option<Arc<str>>,
    /// Query attributes.
    pub query_attributes: BTreeMap<String, Value>,
    /// The connection that it came on.
    pub connection: Arc<Connection>,
}

impl Call {
    /// A text, on a connection of which nothing is known.
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

    /// A text that was prepared, with the values of its placeholders.
    #[must_use]
    pub fn execute(text: &str, params: Vec<Value>) -> Self {
        Self {
            command: Command::Execute,
            params,
            ..Self::query(text)
        }
    }

    /// All values that it has, in order, whether they are bound to placeholders or written.
    #[must_use]
    pub fn values(&self) -> Vec<Value> {
        let mut bound = self.params.iter();
        let slots = self.statement.slots().iter();
        let values = slots.filter_map(|slot| match slot {
            Slot::Literal(value) => Some(value),
            Slot::Placeholder => bound.next(),
        });
        values.cloned().collect()
    }

    /// About how many bytes it takes: its texts and values.
    pub(crate) fn size(&self) -> usize {
        let attributes = self.query_attributes.iter();
        let attributes = attributes.map(|(name, value)| name.len() + value.size());
        self.statement.text().len()
            + self.params.iter().map(Value::size).sum::<usize>()
            + attributes.sum::<usize>()
    }
}

/// A client's connection.
#[derive(Clone, Debug, Serialize)]
pub struct Connection {
    /// Its number.
    pub id: u32,
    /// The user that is logged in.
    pub user: String,
    /// The protocol it speaks.
    pub protocol: Protocol,
    /// What the client says of itself.
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
