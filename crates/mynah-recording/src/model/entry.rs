use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use mynah_expect::{Call, Command, Connection};

use crate::HIDDEN;

use super::{Answer, Column, Outcome, Param, Text};

/// A statement with the server's answers to it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The statement's text, without a comment that names a test; of a command without SQL, the name in it: the schema
    /// of COM_INIT_DB, the table of COM_FIELD_LIST, the command of the X Plugin.
    pub stmt: Text,
    /// The values of the placeholders, in order; of a CRUD message or another command of the X Protocol its arguments,
    /// as one text. `None` for a statement that was sent as text without arguments, for a preparation, and for a bulk
    /// execution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub params: Option<Vec<Param>>,
    /// The names of the placeholders' types, in order, of an execution or a bulk execution by the classic protocol;
    /// otherwise empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub param_types: Vec<String>,
    /// The values of each row of a bulk execution; empty for other statements.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub param_rows: Vec<Vec<Param>>,
    /// The protocol that the statement was sent by.
    #[serde(default, skip_serializing_if = "is_classic")]
    pub protocol: Protocol,
    /// The name of the command, such as `prepare`, `init_db` or `bulk_execute`; `None` for an SQL text that is run,
    /// and for a single execution of a prepared statement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The query attributes, by their names. Entries that differ only in them are the same statement.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Param>,
    /// In entries whose `command` is [`PREPARE`](Self::PREPARE), the server's answer to preparing the statement, if it
    /// was the same each time. If answers differ, or are errors, this is `None`, and `answers` has all of them. Always
    /// `None` in other entries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prepared: Option<Prepared>,
    /// The server's answers, in order. When played, a statement that comes more often than there are answers gets
    /// the last one again (with `--replay strict`, no more often than it was recorded).
    #[serde(default)]
    pub answers: Vec<Answer>,
    /// The positions of the statement in its part, from 1, if it was sent several times. Entries without positions
    /// have the remaining ones, in their order; preparations have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub at: Vec<u64>,
}

impl Entry {
    /// The `command` of entries with the answer to preparing a statement.
    pub const PREPARE: &str = "prepare";
    /// The `command` of entries with a bulk execution.
    pub const BULK_EXECUTE: &str = "bulk_execute";

    /// The statement as a client sends it; of a bulk execution, without values.
    pub(crate) fn call(&self) -> Call {
        self.call_with(self.params.as_deref().unwrap_or_default())
    }

    /// The same with these values of its placeholders.
    pub(crate) fn call_with(&self, params: &[Param]) -> Call {
        let mut types = self.param_types.iter().map(String::as_str);
        let params = params.iter().map(|param| param.value_of_type(types.next()));
        let params = params.collect();
        let call = Call::execute(self.stmt.as_str(), params);
        let command = self.command.as_deref().and_then(Command::by_name);
        let connection = match self.protocol {
            Protocol::Classic => call.connection,
            Protocol::X => Arc::new(Connection {
                protocol: mynah_expect::Protocol::X,
                ..Connection::default()
            }),
        };
        Call {
            command: command.unwrap_or(call.command),
            connection,
            ..call
        }
    }

    /// Whether values of the statement may be hidden.
    pub(crate) fn may_have_hidden(&self) -> bool {
        let params = self.param_rows.iter().chain(&self.params).flatten();
        self.stmt.as_str().contains(HIDDEN) || params.into_iter().any(Param::may_have_hidden)
    }

    /// The statements that it is: one, or one for each row of a bulk execution.
    pub(crate) fn calls(&self) -> Vec<Call> {
        if self.param_rows.is_empty() {
            return vec![self.call()];
        }
        let rows = self.param_rows.iter();
        rows.map(|row| self.call_with(row)).collect()
    }

    /// The server's last answer to preparing the statement that isn't an error; `None` if there is none.
    #[must_use]
    pub fn preparation(&self) -> Option<&Prepared> {
        let of_answers = self.answers.iter().rev().find_map(Answer::preparation);
        self.prepared.as_ref().or(of_answers)
    }

    pub(crate) fn is_preparation(&self) -> bool {
        self.command.as_deref() == Some(Self::PREPARE)
    }

    /// Puts the answer to preparing the statement into `answers`, where errors are, too.
    pub(crate) fn list_preparation(&mut self) {
        if let Some(prepared) = self.prepared.take()
            && self.answers.is_empty()
        {
            self.answers.push(Outcome::Prepared(prepared).into());
        }
    }

    /// The reverse, if all answers are the same.
    pub(crate) fn unlist_preparation(&mut self) {
        if !self.is_preparation() {
            return;
        }
        if self.preparation().is_some() {
            // A preparation that was cut off has nothing to play.
            self.answers.retain(|answer| answer.incomplete.is_none());
        }
        if let [only] = &*self.answers
            && let Some(prepared) = only.preparation()
        {
            self.prepared = Some(prepared.clone());
            self.answers.clear();
        }
    }
}

/// The server's answer to a client that prepared a statement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prepared {
    /// The number of placeholders in the prepared statement.
    pub params: u16,
    /// The columns of the result; empty if it has none, or if the server didn't know them yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Column>,
}

/// The protocol that a statement was sent by, or that a login used.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// The classic protocol, of MySQL and MariaDB.
    #[default]
    Classic,
    /// The X Protocol.
    X,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_classic(protocol: &Protocol) -> bool {
    *protocol == Protocol::Classic
}
