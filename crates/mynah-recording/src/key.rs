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
        let params = entry.params.iter().flatten().map(Param::value);
        let call = Call::execute(entry.stmt.as_str(), params.collect());
        Self {
            part: part.clone(),
            protocol: entry.protocol,
            command: entry.command.clone(),
            shape: Arc::clone(call.statement.shape()),
            values: values(call, entry),
            rows: entry.param_rows.clone(),
        }
    }
}

/// The values of a statement; of a command without places for them, its arguments.
fn values(call: Call, entry: &Entry) -> Vec<Value> {
    match entry.command.as_deref() {
        Some("admin") => call.params,
        _ => call.values(),
    }
}
