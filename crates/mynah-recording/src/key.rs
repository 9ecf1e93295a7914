//! What makes two entries the same statement.

use std::sync::Arc;

use mynah_expect::{Call, Value};

use crate::{Entry, Param, PartName, Protocol};

/// A part, and a statement in it: as expectations compare it, by its shape and its values, whether those are bound or
/// written.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    part: PartName,
    protocol: Protocol,
    command: Option<String>,
    shape: Arc<str>,
    values: Vec<Value>,
    /// The rows of a bulk execution.
    rows: Vec<Vec<Param>>,
}

impl Key {
    /// What two statements have in common that differ only in their values.
    pub(crate) fn into_shape(self) -> (Protocol, Option<String>, Arc<str>) {
        (self.protocol, self.command, self.shape)
    }

    pub(crate) fn of(part: &PartName, entry: &Entry) -> Self {
        Self::with(part, &entry.call(), entry)
    }

    /// That of an entry whose statement and values are those of `call`.
    pub(crate) fn with(part: &PartName, call: &Call, entry: &Entry) -> Self {
        Self {
            part: part.clone(),
            protocol: entry.protocol,
            command: entry.command.clone(),
            shape: Arc::clone(call.statement.shape()),
            values: call.values(),
            rows: entry.param_rows.clone(),
        }
    }
}
