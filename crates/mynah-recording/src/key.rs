//! What makes two entries the same statement.

use mynah_expect::{Call, Value};

use crate::{Entry, Param, PartName, Protocol};

/// A part, and a statement in it: by its digest and its values, whether those are bound or written.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    part: PartName,
    protocol: Protocol,
    command: Option<String>,
    digest: String,
    values: Vec<Value>,
    /// The rows of a bulk execution.
    rows: Vec<Vec<Param>>,
}

impl Key {
    pub(crate) fn of(part: &PartName, entry: &Entry) -> Self {
        let params = entry.params.iter().flatten().map(Param::value);
        let call = Call::execute(entry.stmt.as_str(), params.collect());
        Self {
            part: part.clone(),
            protocol: entry.protocol,
            command: entry.command.clone(),
            digest: call.statement.digest().to_string(),
            values: call.values(),
            rows: entry.param_rows.clone(),
        }
    }
}
