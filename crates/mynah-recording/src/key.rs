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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Param;

    #[test]
    fn a_bound_number_has_the_key_of_a_written_one() {
        let key = |stmt: &str, params: Option<Vec<Param>>, types: &[&str]| {
            let entry = Entry {
                stmt: stmt.into(),
                params,
                param_types: types.iter().map(|name| (*name).to_owned()).collect(),
                ..Entry::default()
            };
            Key::of(&PartName::setup(), &entry)
        };
        let bound = |text: &str, name| {
            let params = vec![Param::Text(text.to_owned())];
            key("select ?", Some(params), &[name])
        };
        for (text, name) in [
            ("0.25", "NEWDECIMAL"),
            ("4.50", "NEWDECIMAL"),
            ("123456789012345678901234567890.5", "NEWDECIMAL"),
            ("18446744073709551615", "LONGLONG"),
        ] {
            let written = key(&format!("select {text}"), None, &[]);
            assert_eq!(bound(text, name), written, "{text}");
            let quoted = key(&format!("select '{text}'"), None, &[]);
            assert_eq!(bound(text, "VAR_STRING"), quoted, "{text}");
            assert_ne!(written, quoted, "{text}");
        }
    }
}
