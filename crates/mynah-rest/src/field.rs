use mynah_expect::{AnsweredBy, JournalEntry, Outcome};
use mynah_filter::{Kind, Record, Value};

/// What a filter may ask of a statement in the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Number,
    Command,
    Sql,
    Digest,
    User,
    Schema,
    Connection,
    Protocol,
    AnsweredBy,
    Progress,
    State,
    Error,
    Rows,
    Affected,
    Latency,
}

impl mynah_filter::Field for Field {
    const ALL: &'static [Self] = &[
        Self::Number,
        Self::Command,
        Self::Sql,
        Self::Digest,
        Self::User,
        Self::Schema,
        Self::Connection,
        Self::Protocol,
        Self::AnsweredBy,
        Self::Progress,
        Self::State,
        Self::Error,
        Self::Rows,
        Self::Affected,
        Self::Latency,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Command => "command",
            Self::Sql => "sql",
            Self::Digest => "digest",
            Self::User => "user",
            Self::Schema => "schema",
            Self::Connection => "connection",
            Self::Protocol => "protocol",
            Self::AnsweredBy => "answered_by",
            Self::Progress => "progress",
            Self::State => "state",
            Self::Error => "error",
            Self::Rows => "rows",
            Self::Affected => "affected",
            Self::Latency => "latency",
        }
    }

    fn kind(self) -> Kind {
        let one_of = |what, names| Kind::OneOf { what, names };
        match self {
            Self::Command => one_of("a command", COMMANDS),
            Self::Protocol => one_of("a protocol", &["classic", "x"]),
            Self::AnsweredBy => one_of("what answers", ANSWERED_BY),
            Self::Progress => one_of("how far it has come", &[PENDING, DONE]),
            Self::Sql | Self::Digest | Self::User | Self::Schema => Kind::Text,
            Self::State => Kind::SqlState,
            Self::Connection => Kind::Number {
                most: u32::MAX.into(),
            },
            Self::Error => Kind::Number {
                most: u16::MAX.into(),
            },
            Self::Number | Self::Rows | Self::Affected => Kind::Number { most: u64::MAX },
            Self::Latency => Kind::Time,
        }
    }
}

/// A statement of the journal, as filters see it.
pub(crate) struct Seen<'a>(pub(crate) &'a JournalEntry);

impl Record<Field> for Seen<'_> {
    fn value(&self, field: Field) -> Value<'_> {
        let entry = self.0;
        let (call, connection) = (&entry.call, &entry.call.connection);
        let text = |text: &'static str| Value::Text(text.as_bytes());
        match field {
            Field::Number => Value::Number(entry.number.0),
            Field::Command => text(call.command.name()),
            Field::Sql => Value::Text(call.statement.text().as_bytes()),
            Field::Digest => Value::Text(call.statement.digest().as_bytes()),
            Field::User => Value::Text(connection.user.as_bytes()),
            Field::Schema => Value::Text(call.schema.as_deref().unwrap_or_default().as_bytes()),
            Field::Connection => Value::Number(connection.id.into()),
            Field::Protocol => text(connection.protocol.name()),
            Field::AnsweredBy => text(answered_by(&entry.answered_by)),
            Field::Progress => text(if entry.outcome.is_some() {
                DONE
            } else {
                PENDING
            }),
            Field::State => match &entry.outcome {
                Some(Outcome::Error { sql_state, .. }) => Value::Text(sql_state.as_bytes()),
                _ => text(""),
            },
            Field::Error => match &entry.outcome {
                Some(Outcome::Error { code, .. }) => Value::Number((*code).into()),
                _ => Value::Number(0),
            },
            Field::Rows => match &entry.outcome {
                Some(Outcome::Rows { rows }) => Value::Number(*rows),
                _ => Value::Number(0),
            },
            Field::Affected => match &entry.outcome {
                Some(Outcome::Ok { affected_rows }) => Value::Number(*affected_rows),
                _ => Value::Number(0),
            },
            Field::Latency => entry.latency.map_or(Value::Absent, |latency| {
                Value::Number(u64::try_from(latency.as_micros()).unwrap_or(u64::MAX))
            }),
        }
    }
}

fn answered_by(by: &AnsweredBy) -> &'static str {
    match by {
        AnsweredBy::Expectation { .. } => "expectation",
        AnsweredBy::Forbidden { .. } => "forbidden",
        AnsweredBy::Script(_) => "script",
        AnsweredBy::Prelude => "prelude",
        AnsweredBy::Session => "session",
        AnsweredBy::Nothing => "nothing",
        _ => PENDING,
    }
}

const PENDING: &str = "pending";
const DONE: &str = "done";

const ANSWERED_BY: &[&str] = &[
    "expectation",
    "forbidden",
    "script",
    "prelude",
    "session",
    "nothing",
    PENDING,
];

const COMMANDS: &[&str] = &[
    "query",
    "execute",
    "bulk_execute",
    "field_list",
    "prepare",
    "init_db",
    "admin",
    "find",
    "insert",
    "update",
    "delete",
    "create_view",
    "modify_view",
    "drop_view",
];

#[cfg(test)]
mod tests {
    use mynah_expect::Command;

    use super::*;

    #[test]
    fn each_command_can_be_asked_for() {
        let names: Vec<_> = Command::ALL.iter().map(|command| command.name()).collect();
        assert_eq!(names, COMMANDS);
    }
}
